"""The benchmark runner: ratios are of the same run, bars are judged, failures are told."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.bench.bench_import import SIZES, _growth
from tests.bench.measure import Bench, BenchFailedError, Row
from tests.bench.run import find_modules, run, table


def test_a_ratio_names_its_baseline_and_its_bar() -> None:
    rows = [
        Row(name="bare pass", seconds=2.0, cpu_seconds=2.0, peak_mib=40.0),
        Row(name="import", seconds=3.0, cpu_seconds=5.0, against=("bare pass", "pandas"), bar=1.2),
    ]
    text = table("Spend import", rows)
    assert "against bare pass: 1.50 × wall, 2.50 × CPU  (bar 1.2: over the bar)" in text
    assert "against pandas: not measured in this run" in text


def test_a_met_bar_is_said_too() -> None:
    rows = [
        Row(name="a", seconds=1.0, cpu_seconds=1.0),
        Row(name="b", seconds=1.1, cpu_seconds=1.0, against=("a",), bar=1.2),
    ]
    assert "(bar 1.2: met)" in table("x", rows)


def test_bars_of_cpu_and_memory_are_judged_by_themselves() -> None:
    rows = [
        Row(name="a", seconds=1.0, cpu_seconds=1.0),
        Row(
            name="b",
            seconds=1.1,
            cpu_seconds=1.6,
            peak_mib=200,
            against=("a",),
            bar=1.2,
            cpu_bar=1.5,
            memory_bar=300,
        ),
    ]
    text = table("x", rows)
    assert "(bar 1.2: met)  (CPU bar 1.5: over the bar)" in text
    assert "200  (memory bar 300: met)" in text


def test_memory_of_a_family_is_that_of_all_at_once(tmp_path: Path) -> None:
    bench = Bench(scratch=tmp_path)
    hold = "import subprocess, sys, time; kept = b'x' * (40 << 20); time.sleep(0.6)"
    below = f"{hold}; subprocess.run([sys.executable, '-c', {hold!r}])"
    alone = bench.process("alone", [bench.python, "-c", hold], family=True)
    both = bench.process("both", [bench.python, "-c", below], family=True)
    assert alone.peak_mib is not None
    assert both.peak_mib is not None
    assert alone.peak_mib > 40
    assert both.peak_mib > alone.peak_mib + 30


def test_a_process_is_measured_with_its_children(tmp_path: Path) -> None:
    bench = Bench(scratch=tmp_path)
    work = (
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(3_000_000))'], check=True)"
    )
    busy = bench.process("busy child", [bench.python, "-c", work])
    idle = bench.process("idle", [bench.python, "-c", "pass"])
    assert busy.cpu_seconds > idle.cpu_seconds
    assert busy.peak_mib is not None


def test_the_memory_of_a_small_program_is_its_own(tmp_path: Path) -> None:
    held = b"x" * (120 << 20)  # Linux counts for a child what this process held when it forked
    bench = Bench(scratch=tmp_path)
    small = bench.process("small", [bench.python, "-c", "import time; time.sleep(0.5)"])
    large = bench.process(
        "large", [bench.python, "-c", "kept = b'x' * (60 << 20); import time; time.sleep(0.5)"]
    )
    assert small.peak_mib is not None
    assert large.peak_mib is not None
    assert 1 < small.peak_mib < len(held) / 2**20
    assert large.peak_mib > small.peak_mib + 50


def test_a_program_that_fails_is_told_in_its_own_words(tmp_path: Path) -> None:
    bench = Bench(scratch=tmp_path)
    with pytest.raises(BenchFailedError, match="ended with 3: no such sheet"):
        bench.process("x", [bench.python, "-c", "import sys; print('no such sheet'); sys.exit(3)"])


def test_what_a_program_printed_is_looked_at(tmp_path: Path) -> None:
    told: list[str] = []
    Bench(scratch=tmp_path).process(
        "x", [sys.executable, "-c", "print('3 lines')"], runs=2, check=told.append
    )
    assert told == ["3 lines\n"] * 2


def test_a_note_stands_below_its_row() -> None:
    text = table("x", [Row(name="a", seconds=1.0, cpu_seconds=1.0, note="keeps nothing")])
    assert text.splitlines()[-1].strip() == "keeps nothing"


def test_growth_is_told_by_what_a_further_line_costs() -> None:
    rows = [Row(name=str(size), seconds=1 + size / 10_000, cpu_seconds=1 + size / 5_000) for size in SIZES]
    assert _growth([], rows[:1]) is None
    assert _growth(rows[:2], rows[2:]) == (
        "each further line: 100 µs wall, 200 µs CPU from 1,000 to 10,000; "
        "100 µs wall, 200 µs CPU from 10,000 to 100,000"
    )


def test_one_failing_module_does_not_stop_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(bench: Bench) -> Iterator[Row]:
        yield bench.function("first half", lambda: None)
        raise BenchFailedError("second half: ended with 1")

    def wrong(bench: Bench) -> list[Row]:
        raise KeyError("no such figure")

    def sound(bench: Bench) -> list[Row]:
        return [bench.function("all of it", lambda: None)]

    made_up = {"made_up_broken": broken, "made_up_wrong": wrong, "made_up_sound": sound}
    for name, measure in made_up.items():
        module = ModuleType(name, f"About {name}.")
        module.measure = measure  # type: ignore[attr-defined] # a module made for the test
        monkeypatch.setitem(sys.modules, name, module)
    failed = run([*made_up, "tests.bench.not_there"], Bench(scratch=tmp_path))
    printed = capsys.readouterr()
    assert failed == 3
    assert "first half" in printed.out
    assert "About made_up_sound." in printed.out
    assert "  first half: " in printed.err  # said as it was measured
    for words in ("second half", "no such figure", "not_there"):
        assert words in printed.err


def test_peers_are_absent_where_their_environment_is(tmp_path: Path) -> None:
    assert Bench(scratch=tmp_path).peer("pandas_to_sql.py") is None
    started = Bench(scratch=tmp_path, peers=Path(sys.executable)).peer("pandas_to_sql.py")
    assert started is not None
    assert Path(started[1]).is_file()


def test_every_benchmark_module_can_be_found_and_measures() -> None:
    for name in find_modules():
        module = __import__(name, fromlist=["measure"])
        assert callable(module.measure), name
        assert module.__doc__, name
