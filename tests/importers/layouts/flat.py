"""Flat tables of ``flat.toml`` and ``lists.toml`` as files with their truth."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.importers.layouts.lines import Case, Line, Rows, book, lines, table, text


def _case(name: str, entry: dict[str, Any]) -> Case:
    of: list[Line] = lines(
        sum(map(ord, name)),
        entry.get("count", 24),
        credits=entry.get("credits", 2),
        whole=entry.get("whole", False),
    )
    rows: Rows = [*entry.get("above", ()), *table(" | ".join(entry["columns"]), of), *entry.get("below", ())]
    write: Callable[[Path], Path]
    ending = entry.get("as", "xlsx")
    if ending == "xlsx":

        def write(folder: Path) -> Path:
            return book(folder / f"{name}.xlsx", {entry.get("sheet", "Sheet1"): rows})

    else:
        mark = {"csv": ",", "semi": ";", "tab": "\t", "pipe": "|"}[ending]

        def write(folder: Path) -> Path:
            return text(
                folder / f"{name}.csv", rows, delimiter=mark, encoding=entry.get("encoding", "utf-8-sig")
            )

    return Case(
        name=name,
        write=write,
        truth=of,
        currency=entry.get("currency", "GBP"),
        dated=entry.get("dated", "day"),
        base=entry.get("base", "GBP"),
        answers=tuple((key, value) for key, value in entry.get("answers", ())),
    )


def _of(name: str) -> list[Case]:
    entries = tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))
    return [_case(name, entry) for name, entry in entries.items()]


def cases() -> list[Case]:
    """Every flat file of ``flat.toml``."""
    return _of("flat.toml")


def later() -> list[Case]:
    """Every flat file of ``lists.toml``."""
    return _of("lists.toml")
