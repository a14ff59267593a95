"""Lists as people keep them, of every kind but spend: written before the reader was tried on any of them.

Each is rows as they stand in a workbook (or sheets of them) and what it says, told by a few fields.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from mopsaudit.intake.contract import Kind

D = datetime
Rows = list[list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A list, the fields looked at, and what each row says in them; a missing field is None.

    ``refused``: its headings say nothing of the kind, so it is refused with a sentence; ``options`` tell it then.
    """

    name: str
    kind: Kind
    sheets: Rows | dict[str, Rows]
    fields: tuple[str, ...]
    says: list[tuple[Any, ...]]
    refused: bool = False
    options: dict[str, Any] = field(default_factory=dict)


def m(year: int, number: int) -> date:
    """The first of a month."""
    return date(year, number, 1)
