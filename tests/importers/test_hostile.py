"""Hostile files through the limited child: an import, a question or a sentence; never a fault, never a lost line."""

import random
import resource
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from mopsaudit.intake.child import run_importer
from mopsaudit.intake.contract import Kind, Reading, ReadOptions, SpendRow
from mopsaudit.problems import RefusedError
from tests.importers.hostile import binaries, packages, texts, wearing

Writer = Callable[[Path], Path]

REFUSED: dict[str, Writer] = {**packages.REFUSED, **texts.REFUSED, **binaries.REFUSED}
READ: dict[str, Writer] = {**packages.READ, **texts.READ, **binaries.READ, **wearing.READ}
EITHER: dict[str, Writer] = {
    **packages.EITHER,
    **texts.EITHER,
    **texts.mutated(60),
    **binaries.EITHER,
    **wearing.EITHER,
}
#: What every file of READ holds at least: the two good lines, and the one after the odd one where there is one.
GOOD = (Decimal("300.5"), Decimal("307.5"), Decimal("312.5"), Decimal("307.833333333333333"))


def sampled(group: dict[str, Writer], count: int) -> list[object]:
    """Every case; those beyond a seeded sample only under ``make soak``."""
    chosen = set(random.Random(len(group)).sample(sorted(group), min(count, len(group))))
    return [
        pytest.param(write, id=name, marks=() if name in chosen else (pytest.mark.soak,))
        for name, write in group.items()
    ]


def read_apart(path: Path) -> tuple[Reading, list[SpendRow]]:
    """Read in the child, as an upload is."""
    reading, batches = run_importer(
        "importers.reader:read_file", path, path.name, ReadOptions(kind=Kind.SPEND, base_currency="GBP")
    )
    return reading, [row for _, batch in batches for row in batch if isinstance(row, SpendRow)]


def refusal(path: Path) -> str:
    """The sentence a file is refused with."""
    with pytest.raises(RefusedError) as caught:
        read_apart(path)
    sentence = caught.value.sentence
    assert 20 < len(sentence) < 400
    assert sentence.endswith((".", ")"))
    assert "Traceback" not in sentence
    assert str(path.parent) not in sentence
    return sentence


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("write", sampled(REFUSED, 14))
def test_it_is_refused_soon_with_a_sentence(tmp_path: Path, write: Writer) -> None:
    path = write(tmp_path)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, time.monotonic()
    refusal(path)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 3
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("write", sampled(READ, 14))
def test_it_is_read_and_no_line_is_lost(tmp_path: Path, write: Writer) -> None:
    reading, lines = read_apart(write(tmp_path))
    assert not reading.questions
    total = sum((line.amount for line in lines), Decimal(0))
    assert total in GOOD
    totals = [entry for sheet in reading.sheets for entry in sheet.totals]
    assert sum((entry.data for entry in totals), Decimal(0)) == total
    if total == Decimal("307.5"):  # the odd line was held back, and says so in its cell
        held = [problem for problem in reading.problems if problem.rejected]
        assert held or len(lines) == 3
        assert all(problem.cell for problem in held)


@pytest.mark.parametrize("name", sorted(binaries.REFUSED))
def test_binary_parts_damaged_are_refused_as_such(tmp_path: Path, name: str) -> None:
    """The native reader panics on some of them; that is the file's fault, said in words, and no fault of ours."""
    assert refusal(binaries.REFUSED[name](tmp_path)).startswith("This workbook is damaged")


@pytest.mark.parametrize("write", sampled(EITHER, 12))
def test_it_ends_in_an_import_a_question_or_a_sentence(tmp_path: Path, write: Writer) -> None:
    path = write(tmp_path)
    told, asked_and_read = "", False
    try:
        reading, lines = read_apart(path)
        asked_and_read = bool(reading.questions and lines)
    except RefusedError as refused:
        told = refused.sentence
    assert not asked_and_read
    assert not told or told.endswith((".", ")"))
