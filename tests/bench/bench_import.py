"""Spend lines end to end (read, find, parse, match, store, reconcile) by `mopsaudit import`.

Against a bare openpyxl pass over the same file, pandas.read_excel + to_sql and django-import-export. The peers
are told where the header stands; they validate, match and keep the origin of nothing. Large sheets are read by the
shapes of their rows; the second figure is with openpyxl's parser alone.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from tests.bench.ledgers import HEADER_ROW, write_ledger
from tests.bench.measure import Bench, BenchFailedError, Row

SIZES: Final = (1_000, 10_000, 100_000)
RUNS: Final = 3
#: The bars stand for the largest size: wall by shapes, wall and CPU through openpyxl, MiB of all processes.
BAR, OPENPYXL_BAR, OPENPYXL_CPU_BAR, MEMORY_BAR = 0.4, 1.2, 1.5, 300.0


def measure(bench: Bench) -> Iterator[Row]:
    """Each size as a fresh process on an empty database; the import's own figures are checked before timing."""
    for lines in SIZES:
        path = bench.scratch / f"ledger-{lines}.xlsx"
        cents = write_ledger(path, lines)
        bare, pandas, django = (
            f"{name}, {lines:,} lines"
            for name in ("bare openpyxl pass", "pandas.read_excel + to_sql", "django-import-export")
        )
        peers = Path(__file__).with_name("peers")
        runs = RUNS if lines < SIZES[-1] else 1
        yield bench.process(bare, [bench.python, peers / "openpyxl_pass.py", path], runs=runs)
        database = bench.scratch / "peer.sqlite"
        for name, script, engines in (
            (pandas, "pandas_to_sql.py", ("openpyxl", "calamine")),
            (django, "django_import.py", ("openpyxl",)),
        ):
            command = bench.peer(script)
            if command is None:
                continue
            for engine in engines:
                label = name if len(engines) == 1 else f"{name} ({engine})"
                yield bench.process(label, [*command, path, database, engine, str(HEADER_ROW)], runs=runs)
        against = (bare, f"{pandas} (openpyxl)", f"{pandas} (calamine)", django)
        yield _ours(bench, path, lines, cents, against)
        yield _ours(bench, path, lines, cents, against, openpyxl=True)


def _ours(
    bench: Bench, path: Path, lines: int, cents: int, against: tuple[str, ...], *, openpyxl: bool = False
) -> Row:
    data = bench.scratch / "data"
    program = bench.python.with_name("mopsaudit")
    start: list[str | Path] = [program]
    if openpyxl:
        start = [bench.python, "-m", "tests.bench.openpyxl_reader"]
    environment = {
        "MOPSAUDIT_DATA": str(data),
        "MOPSAUDIT_DATABASE_URL": f"sqlite:///{data / 'bench.sqlite'}",
    }

    def empty() -> None:
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir()
        bench.process("an empty database", [program, "db", "upgrade"], environment=environment)

    empty()
    command: list[str | Path] = [
        *start,
        "import",
        "spend",
        path,
        "--json",
        "--source",
        "AP UK",
        "--tax",
        "net",
    ]
    _check(command, environment, lines, cents)
    name = f"mopsaudit import{' through openpyxl' if openpyxl else ''}, {lines:,} lines"
    row = bench.process(
        name,
        command,
        against=against,
        environment=environment,
        runs=RUNS,
        before=empty,
        family=True,
    )
    if lines < SIZES[-1]:
        return row
    if openpyxl:
        return replace(row, bar=OPENPYXL_BAR, cpu_bar=OPENPYXL_CPU_BAR, memory_bar=MEMORY_BAR)
    return replace(row, bar=BAR, memory_bar=MEMORY_BAR)


def _check(command: list[str | Path], environment: dict[str, str], lines: int, cents: int) -> None:
    """Raises BenchFailedError unless the import took every line and its total: speed of wrong work is nothing."""
    done = subprocess.run(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchFailedError(
            f"import of {lines} lines ended with {done.returncode}: {done.stderr or done.stdout}"
        )
    told = json.loads(done.stdout)
    imported = Decimal(told["totals"][0]["imported"]) if told["totals"] else None
    if imported != Decimal(cents) / 100:
        raise BenchFailedError(f"import of {lines} lines took {imported}, not {Decimal(cents) / 100}")
