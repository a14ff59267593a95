"""Applications of a usage file that neither the inventory nor the catalogue knows: told, left out, and kept as counts.

Their rows enter nothing yet: the users wait (``waiting_users``). What stays with the sheet (``detail["unknown_apps"]``)
is how many people each application has, by unit, and when somebody was last seen: counts and days, never an address or
a name, so that the page of what is paid, used and listed can show them until somebody settles them. Undoing the import
takes them away with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from mopsaudit.errors import InvalidError
from mopsaudit.intake.placing import storable
from mopsaudit.intake.record_codes import NAME_UNKNOWN
from mopsaudit.intake.records import Desk
from mopsaudit.intake.waiting_users import app_key
from mopsaudit.store.ledger import ImportSheet

#: The key of a sheet's details under which its unknown applications stand.
KEY: Final = "unknown_apps"


@dataclass(slots=True)
class _Seen:
    """One application on one sheet: its rows, its people with unit and last activity, its stated count."""

    rows: int = 0
    cell: str | None = None
    grade: str = "A"
    event: str = "activity"
    as_of: date = date.min
    count: int | None = None
    counted_on: date = date.min
    people: dict[str, tuple[int | None, date | None]] = field(default_factory=dict)


@dataclass(slots=True)
class UnknownApps:
    """The unknown applications of a file, collected row by row."""

    found: dict[tuple[int, str], _Seen] = field(default_factory=dict)

    def see(self, position: int, name: str, cell: str | None, *, grade: str, event: str, as_of: date) -> None:
        """One row of an application nobody knows (an empty name: the row names none)."""
        seen = self.found.setdefault((position, name), _Seen(cell=cell, grade=grade, event=event))
        seen.rows += 1
        seen.as_of = max(seen.as_of, as_of)

    def add_person(
        self, position: int, name: str, key: str, *, unit_id: int | None, last: date | None
    ) -> None:
        """The person of the row just seen, by the key two rows of one person share; the latest activity counts."""
        people = self.found[position, name].people
        unit, before = people.get(key, (None, None))
        people[key] = (unit or unit_id, max(filter(None, (before, last)), default=None))

    def add_count(self, position: int, name: str, count: int, day: date) -> None:
        """The number of active users the row just seen states for a day; rows of the latest day add up."""
        seen = self.found[position, name]
        if day > seen.counted_on:
            seen.count, seen.counted_on = 0, day
        if day == seen.counted_on:
            seen.count = (seen.count or 0) + count

    def printed(self, position: int, key: str) -> str:
        """The first spelling of an application on a sheet, by its folded name."""
        return next(name for at, name in sorted(self.found) if at == position and app_key(name) == key)

    def tell(self, at: Desk, *, alone: bool, typed: str | None) -> None:
        """One problem per application. ``alone``: no row of the file is of a known tool; ``typed`` is the tool option.

        Raises:
            InvalidError: when nothing is known and the name is not the file's own: most likely the tool was not named,
                or misnamed.
        """
        for (position, name), seen in sorted(self.found.items(), key=lambda item: item[0]):
            rows = f"{seen.rows} row{'s' if seen.rows > 1 else ''}"
            sentence = (
                f"{rows} of “{name}”: neither the inventory nor the catalogue knows it. "
                "Its users wait: add the tool, or say which one it is, and they come in."
                if name
                else f"{rows} name no tool; name it with the tool option."
            )
            at.problem(NAME_UNKNOWN, sentence, position, seen.cell, rejected=True)
        names = {name for _, name in self.found}
        if alone and (names == {""} or names - {""} == {typed}):
            name = min(self.found)[1] or "the file's tool"
            raise InvalidError(
                f"No tool of this file is known (“{name}”). Add it to the inventory, or name the tool it is with "
                "the tool option."
            )

    def keep(self, sheets: Sequence[ImportSheet]) -> None:
        """Store the counts with the sheets."""
        by_position: dict[int, list[dict[str, Any]]] = {}
        for (position, name), seen in sorted(self.found.items(), key=lambda item: item[0]):
            if name:
                by_position.setdefault(position, []).append(_stored(name, seen))
        for position, entries in by_position.items():
            sheet = sheets[position]
            sheet.detail = {**sheet.detail, KEY: entries}


def _stored(name: str, seen: _Seen) -> dict[str, Any]:
    units: dict[int | None, list[date | None]] = {}
    for unit_id, last in seen.people.values():
        units.setdefault(unit_id, []).append(last)
    return {
        "name": storable(name, 200),
        "rows": seen.rows,
        "cell": seen.cell,
        "grade": seen.grade,
        "event": seen.event,
        "as_of": seen.as_of.isoformat(),
        "count": seen.count,
        "units": [
            {
                "unit_id": unit_id,
                "people": len(days),
                "last": None if (last := max(filter(None, days), default=None)) is None else last.isoformat(),
            }
            for unit_id, days in sorted(units.items(), key=lambda item: item[0] or 0)
        ],
    }
