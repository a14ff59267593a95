"""Spend lines end to end (read, find, parse, match, store, reconcile) by `mopsaudit import`.

Against a bare openpyxl pass over the same file, pandas.read_excel + to_sql and django-import-export. The peers
are told where the header stands; they validate, match and keep the origin of nothing. Large sheets are read by the
shapes of their rows; the second figure is with openpyxl's parser alone. At the largest size the bare pass and the
imports take turns, and the best of each counts, so that another program on the machine disturbs them alike. The
memory of an import's processes together is that of a further run: to ask the kernel for it ten times a second slows
whoever is asked (18 ms each time at 250 MiB), and the bare pass is not asked.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from tests.bench.ledgers import HEADER_ROW, write_ledger
from tests.bench.measure import Bench, BenchFailedError, Row

SIZES: Final = (1_000, 10_000, 100_000)
#: How often bare pass and imports take turns at the largest size.
ROUNDS: Final = 3
#: The bars stand for the largest size: wall by shapes, wall and CPU through openpyxl, MiB of all processes.
BAR, OPENPYXL_BAR, OPENPYXL_CPU_BAR, MEMORY_BAR = 0.4, 1.2, 1.5, 300.0
_SHAPES, _OPENPYXL = "mopsaudit import", "mopsaudit import through openpyxl"
_LEFT_OUT: Final = "told where the header is; no total proved, nothing matched, no origin kept, no undo"
_PEERS: Final = (
    ("pandas.read_excel + to_sql (openpyxl)", "pandas_to_sql.py", "openpyxl"),
    ("pandas.read_excel + to_sql (calamine)", "pandas_to_sql.py", "calamine"),
    ("django-import-export", "django_import.py", "openpyxl"),
)


def measure(bench: Bench) -> Iterator[Row]:
    """Each import as a fresh process on an empty database; what it says it imported is checked at every run."""
    empty = _empty(bench)
    smaller: dict[str, list[Row]] = {_SHAPES: [], _OPENPYXL: []}
    for lines in SIZES:
        path = bench.scratch / f"ledger-{lines}.xlsx"
        cents = write_ledger(path, lines)
        bare = f"bare openpyxl pass, {lines:,} lines"
        against = (bare, *(f"{name}, {lines:,} lines" for name, _, _ in _PEERS))
        yield from _peers(bench, path, lines)
        taken: dict[str, list[Row]] = {bare: [], _SHAPES: [], _OPENPYXL: []}
        for _ in range(ROUNDS if lines == SIZES[-1] else 1):
            command = [bench.python, Path(__file__).with_name("peers") / "openpyxl_pass.py", path]
            taken[bare].append(bench.process(bare, command))
            for name in (_SHAPES, _OPENPYXL):
                taken[name].append(_ours(bench, name, path, empty, lines, cents))
        yield _best(taken[bare])
        for name in (_SHAPES, _OPENPYXL):
            peak = _ours(bench, name, path, empty, lines, cents, family=True).peak_mib
            note = _growth(smaller[name], taken[name])
            row = replace(_best(taken[name]), peak_mib=peak, against=against, note=note)
            smaller[name].append(row)
            if lines == SIZES[-1]:
                row = replace(row, bar=BAR, memory_bar=MEMORY_BAR)
                if name == _OPENPYXL:
                    row = replace(row, bar=OPENPYXL_BAR, cpu_bar=OPENPYXL_CPU_BAR)
            yield row


def _best(rows: list[Row]) -> Row:
    return replace(min(rows, key=lambda row: row.seconds), runs=len(rows))


def _growth(smaller: list[Row], rows: list[Row]) -> str | None:
    """What a further line costs between the last two sizes, beside the two before: the same where growth is linear."""
    if not smaller:
        return None
    told = []
    ladder = [*smaller, _best(rows)]
    for place in range(1, len(ladder)):
        more = SIZES[place] - SIZES[place - 1]
        wall = (ladder[place].seconds - ladder[place - 1].seconds) / more * 1e6
        cpu = (ladder[place].cpu_seconds - ladder[place - 1].cpu_seconds) / more * 1e6
        told.append(f"{wall:.0f} µs wall, {cpu:.0f} µs CPU from {SIZES[place - 1]:,} to {SIZES[place]:,}")
    return f"each further line: {'; '.join(told)}"


def _peers(bench: Bench, path: Path, lines: int) -> Iterator[Row]:
    database = bench.scratch / "peer.sqlite"
    for name, script, engine in _PEERS:
        command = bench.peer(script)
        if command is not None:
            row = bench.process(
                f"{name}, {lines:,} lines", [*command, path, database, engine, str(HEADER_ROW)]
            )
            yield replace(row, note=_LEFT_OUT if lines == SIZES[-1] else None)


def _empty(bench: Bench) -> Path:
    """A data folder with an empty database of the present schema, to be copied for every import. The matcher was asked
    in it before, as in any that is in use: what it knows of the catalogue is kept there.
    """
    folder = bench.scratch / "empty"
    folder.mkdir()
    for command in (["db", "upgrade"], ["match"]):
        bench.process(
            "an empty database",
            [bench.python.with_name("mopsaudit"), *command],
            environment=_environment(folder),
        )
    return folder


def _environment(data: Path) -> dict[str, str]:
    return {"MOPSAUDIT_DATA": str(data), "MOPSAUDIT_DATABASE_URL": f"sqlite:///{data / 'bench.sqlite'}"}


def _ours(
    bench: Bench, name: str, path: Path, empty: Path, lines: int, cents: int, *, family: bool = False
) -> Row:
    """One import; with `family` its memory is that of all its processes, and its time is not to be used."""
    data = bench.scratch / "data"

    def renew() -> None:
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(empty, data)

    program: list[str | Path] = [bench.python.with_name("mopsaudit")]
    if name == _OPENPYXL:
        program = [bench.python, "-m", "tests.bench.openpyxl_reader"]
    return bench.process(
        f"{name}, {lines:,} lines",
        [*program, "import", "spend", path, "--json", "--source", "AP UK", "--tax", "net"],
        environment=_environment(data),
        before=renew,
        check=partial(_check, lines, cents),
        family=family,
    )


def _check(lines: int, cents: int, said: str) -> None:
    """Raises BenchFailedError unless the import took every line and its total: speed of wrong work is nothing."""
    told = json.loads(said)
    imported = Decimal(told["totals"][0]["imported"]) if told["totals"] else None
    taken = sum(sheet["lines"]["imported"] for sheet in told["sheets"] if sheet["used"])
    if imported != Decimal(cents) / 100 or taken != lines:
        raise BenchFailedError(
            f"import of {lines} lines took {taken} lines and {imported}, not {Decimal(cents) / 100}"
        )
