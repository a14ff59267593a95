"""`python -m tests.bench.run [--peers PYTHON] [--only WORD]`: runs the benchmark modules and prints their tables.

A benchmark is a module `tests/bench/bench_*.py` with a docstring (its first line is the heading) and a function
`measure(bench: Bench) -> Iterable[Row]`. Baselines are rows like any other, measured in the same run.
"""

import argparse
import compileall
import importlib
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

from tests.bench.measure import Bench, BenchFailedError, Row

ROOT: Final = Path(__file__).resolve().parents[2]


def find_modules(only: str | None = None) -> list[str]:
    """The benchmark modules by name; with `only`, those whose name contains it."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    return [f"tests.bench.{name}" for name in names if only is None or only in name]


def table(heading: str, rows: Sequence[Row]) -> str:
    """The rows as text: figures, then each ratio with its baseline's name, `over the bar` where one is missed."""
    measured = {row.name: row for row in rows}
    width = max((len(row.name) for row in rows), default=0)
    lines = [heading, f"  {'':{width}}   wall s    CPU s   MiB"]
    for row in rows:
        memory = f"{row.peak_mib:5.0f}" if row.peak_mib is not None else "    –"
        if row.memory_bar is not None and row.peak_mib is not None:
            memory += f"  {_verdict('memory bar', row.peak_mib, row.memory_bar)}"
        if row.seconds_bar is not None:
            memory += f"  {_verdict('seconds bar', row.seconds, row.seconds_bar)}"
        lines.append(f"  {row.name:{width}} {row.seconds:8.3f} {row.cpu_seconds:8.3f} {memory}")
        for position, baseline in enumerate(row.against):
            other = measured.get(baseline)
            if other is None:
                lines.append(f"  {'':{width}}   against {baseline}: not measured in this run")
                continue
            wall, cpu = row.seconds / other.seconds, row.cpu_seconds / max(other.cpu_seconds, 1e-9)
            verdict = ""
            if position == 0 and row.bar is not None:
                verdict += f"  {_verdict('bar', wall, row.bar)}"
            if position == 0 and row.cpu_bar is not None:
                verdict += f"  {_verdict('CPU bar', cpu, row.cpu_bar)}"
            lines.append(f"  {'':{width}}   against {baseline}: {wall:.2f} × wall, {cpu:.2f} × CPU{verdict}")
        if row.note is not None:
            lines.append(f"  {'':{width}}   {row.note}")
    return "\n".join(lines)


def _verdict(name: str, value: float, most: float) -> str:
    return f"({name} {most:g}: {'met' if value <= most else 'over the bar'})"


def _heading(module: ModuleType) -> str:
    return (module.__doc__ or module.__name__).strip().partition("\n")[0]


def run(names: Iterable[str], bench: Bench) -> int:
    """Runs the modules in order: each row as it is measured, each table when it is done; how many modules failed."""
    failed = 0
    for name in names:
        heading, rows = name, list[Row]()
        try:
            module = importlib.import_module(name)
            heading = _heading(module)
            for row in module.measure(bench):
                rows.append(row)
                print(
                    f"  {row.name}: {row.seconds:.3f} s, {row.cpu_seconds:.3f} s of CPU",
                    file=sys.stderr,
                    flush=True,
                )
        except BenchFailedError as error:
            failed += 1
            print(f"FAILED {error}", file=sys.stderr)
        except Exception:  # noqa: BLE001 - told in full and counted; what was measured and the other modules stay
            failed += 1
            print(f"FAILED {name}", file=sys.stderr)
            traceback.print_exc()
        if rows:
            print(table(heading, rows), end="\n\n", flush=True)
    return failed


def compile_bytecode() -> None:
    """What `make setup` does: a checkout whose sources changed since would be compiled anew by every measured process,
    for three seconds of its time.
    """
    for name in ("mopsaudit", "blueprints", "importers"):
        compileall.compile_dir(ROOT / name, quiet=1)
    compileall.compile_file(ROOT / "wsgi.py", quiet=1)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 when every benchmark did its work (a missed bar is printed, not an error)."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description=__doc__)
    parser.add_argument("--peers", type=Path, help="the interpreter of the peers' virtual environment")
    parser.add_argument("--only", help="run the modules whose name contains this")
    chosen = parser.parse_args(arguments)
    # Not resolved: a virtual environment's interpreter is a link, and following it would leave the environment.
    peers = chosen.peers.absolute() if chosen.peers is not None and chosen.peers.exists() else None
    names = find_modules(chosen.only)
    if not names:
        print("No benchmark of that name.", file=sys.stderr)
        return 1
    compile_bytecode()
    print(
        f"Python {platform.python_version()}, {platform.machine()}; best of each run, ratios within this run\n"
    )
    with tempfile.TemporaryDirectory(prefix="mopsaudit-bench-") as scratch:
        return 1 if run(names, Bench(scratch=Path(scratch), peers=peers)) else 0


if __name__ == "__main__":
    sys.exit(main())
