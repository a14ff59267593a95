"""``db check``: recomputes what the database keeps from the lines themselves, by queries no report uses."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from mopsaudit.money import from_minor
from mopsaudit.store.chain import verify
from mopsaudit.store.guards import missing_guards
from mopsaudit.store.keys import Keyring

#: How many differences of one check are told.
MOST: Final = 10


@dataclass(slots=True, kw_only=True)
class Check:
    """One check: how many things were looked at, how many are wrong, the first differences, and warnings."""

    name: str
    checked: int = 0
    wrong: int = 0
    differences: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def differ(self, sentence: str) -> None:
        """Note a difference."""
        self.wrong += 1
        if len(self.differences) < MOST:
            self.differences.append(f"{self.name}: {sentence}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """All checks of one run."""

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong; warnings do not count."""
        return not any(check.wrong for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """The document ``db check --json`` prints."""
        return {
            "holds": self.holds,
            "checks": [
                {
                    "name": check.name,
                    "checked": check.checked,
                    "wrong": check.wrong,
                    "differences": check.differences,
                    "warnings": check.warnings,
                }
                for check in self.checks
            ],
        }


#: Checks of other rooms (report totals against the lines); the composer adds them.
more_checks: list[Callable[[Session], Check]] = []


def check_all(session: Session, *, folder: Path, keyring: Keyring) -> CheckReport:
    """Run every check on one snapshot. ``folder`` is the data folder with the originals."""
    checks = [
        _certificates(session),
        _splits(session),
        _origins(session),
        _originals(session, folder),
        _summaries(session),
        *(each(session) for each in more_checks),
        _trail(session, keyring),
    ]
    return CheckReport(checks=tuple(checks))


def _rows(session: Session, statement: str) -> Iterable[Any]:
    return session.execute(text(statement).execution_options(yield_per=5000))


def _certificates(session: Session) -> Check:
    """``data = imported + duplicate + out of scope + rejected + rounding``; the lines seen sum to what entered."""
    check = Check(name="reconciliations")
    sighted = {
        (row.sheet_id, row.currency): int(row.minor)
        for row in _rows(
            session,
            "SELECT s.sheet_id, l.currency, SUM(l.booked_minor) AS minor FROM sighting s "
            "JOIN spend_line l ON l.id = s.line_id GROUP BY s.sheet_id, l.currency "
            "ORDER BY s.sheet_id, l.currency",
        )
    }
    statement = (
        "SELECT t.*, f.file_name, f.kind, f.status, h.name AS sheet FROM import_total t "
        "JOIN import_file f ON f.id = t.import_id JOIN import_sheet h ON h.id = t.sheet_id ORDER BY t.id"
    )
    for row in _rows(session, statement):
        check.checked += 1
        where = f"import {row.import_id} ({row.file_name}, {row.sheet or 'its only sheet'}, {row.currency})"
        entered = row.imported_minor + row.duplicate_minor + row.out_of_scope_minor
        with localcontext() as context:
            context.prec = 60
            data, rejected, rounding = Decimal(row.data), Decimal(row.rejected), Decimal(row.rounding)
            apart = data - from_minor(entered, row.currency) - rejected - rounding
        if apart:
            check.differ(f"{where} does not balance: {apart:f} apart.")
        if row.kind == "spend" and row.status in ("imported", "undone"):
            found = sighted.pop((row.sheet_id, row.currency), 0)
            if found != entered:
                lines = from_minor(found, row.currency)
                told = from_minor(entered, row.currency)
                check.differ(f"{where}: its lines sum to {lines}, its reconciliation says {told}.")
        signed = row.signed_off_by_id is not None
        if row.unreadable and not signed:
            check.warnings.append(f"{where}: {row.unreadable} amounts could not be read, nobody signed off.")
        if row.sheet_total is not None and Decimal(row.sheet_total) != data and not signed:
            check.warnings.append(
                f"{where} does not foot: the sheet says {row.sheet_total}, its lines {data:f}."
            )
    for (sheet_id, currency), minor in sorted(sighted.items()):
        check.differ(f"sheet {sheet_id} has {minor} minor units of {currency} and no reconciliation.")
    return check


def _splits(session: Session) -> Check:
    """The parts of a split line sum to it, in its currency and in the base currency; no other line has parts."""
    check = Check(name="splits")
    statement = (
        "SELECT l.id, l.split, l.amount_minor, l.base_minor, COUNT(p.id) AS parts, "
        "COALESCE(SUM(p.amount_minor), 0) AS amount, SUM(p.base_minor) AS base, COUNT(p.base_minor) AS converted "
        "FROM spend_line l LEFT JOIN line_part p ON p.line_id = l.id "
        "WHERE l.split OR p.id IS NOT NULL GROUP BY l.id, l.split, l.amount_minor, l.base_minor ORDER BY l.id"
    )
    for row in _rows(session, statement):
        check.checked += 1
        if not row.split:
            check.differ(f"line {row.id} is not split but has {row.parts} parts.")
        elif row.amount != row.amount_minor:
            check.differ(f"the parts of line {row.id} sum to {row.amount}, the line to {row.amount_minor}.")
        elif row.base_minor is None:
            if row.converted:
                check.differ(f"line {row.id} has no rate but {row.converted} of its parts are converted.")
        elif row.converted != row.parts or row.base != row.base_minor:
            check.differ(
                f"the converted parts of line {row.id} sum to {row.base}, the line to {row.base_minor}."
            )
    return check


def _origins(session: Session) -> Check:
    """A line lives exactly while a sighting of an import that is not undone holds it."""
    check = Check(name="origins")
    for row in _rows(
        session,
        "SELECT s.id, s.line_id, s.living, f.id AS import_id, f.status FROM sighting s "
        "JOIN import_file f ON f.id = s.import_id ORDER BY s.id",
    ):
        if bool(row.living) != (row.status == "imported"):
            state = "lives" if row.living else "does not live"
            check.differ(
                f"sighting {row.id} of line {row.line_id} {state}, import {row.import_id} is {row.status}."
            )
    for row in _rows(
        session,
        "SELECT l.id, l.living, COUNT(s.id) AS sightings FROM spend_line l "
        "LEFT JOIN sighting s ON s.line_id = l.id AND s.living GROUP BY l.id, l.living ORDER BY l.id",
    ):
        check.checked += 1
        if bool(row.living) != (row.sightings > 0):
            state = "lives without an origin" if row.living else "has an origin but does not live"
            check.differ(f"line {row.id} {state}.")
    return check


def _originals(session: Session, folder: Path) -> Check:
    """The file of every import in the ledger, and of every document, exists with its SHA-256."""
    check = Check(name="originals")
    statement = (
        "SELECT f.id, f.sha256, f.size, f.stored_name FROM stored_file f WHERE f.id IN "
        "(SELECT file_id FROM import_file WHERE status = 'imported' UNION SELECT file_id FROM document) ORDER BY f.id"
    )
    for row in _rows(session, statement):
        check.checked += 1
        path = folder / "uploads" / row.stored_name
        if not path.is_file():
            check.differ(f"file {row.id} ({row.stored_name}) is missing.")
            continue
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != row.sha256:
            check.differ(f"file {row.id} ({row.stored_name}) is not what was uploaded: its SHA-256 differs.")
    for row in _rows(
        session,
        "SELECT i.id FROM import_file i JOIN stored_file f ON f.id = i.file_id "
        "WHERE i.sha256 <> f.sha256 ORDER BY i.id",
    ):
        check.differ(f"import {row.id} names another SHA-256 than its file.")
    return check


_KEY: Final = (
    *("tool_id", "supplier_id", "unit_id", "entity_id", "source_id", "month", "currency"),
    *("spend_type", "cost_centre", "gl_account"),
)
_OF_PART: Final = frozenset({"tool_id", "unit_id", "spend_type"})


def _summaries(session: Session) -> Check:
    """The kept sums equal those of the living, counting, in-scope lines, split ones by their parts; line by line."""
    check = Check(name="summaries")
    sums: dict[tuple[Any, ...], list[int]] = {}
    columns = ", ".join(
        f"CASE WHEN l.split THEN p.{name} ELSE l.{name} END AS {name}" if name in _OF_PART else f"l.{name}"
        for name in _KEY
    )
    statement = (
        f"SELECT {columns}, CASE WHEN l.split THEN p.amount_minor ELSE l.amount_minor END AS amount, "  # noqa: S608  # our own columns
        "CASE WHEN l.split THEN p.base_minor ELSE l.base_minor END AS base "
        "FROM spend_line l LEFT JOIN line_part p ON l.split AND p.line_id = l.id "
        "WHERE l.living AND l.counts AND NOT l.out_of_scope AND (NOT l.split OR p.id IS NOT NULL)"
    )
    for row in _rows(session, statement):
        check.checked += 1
        values = sums.setdefault(tuple(row[: len(_KEY)]), [0, 0, 0, 0])
        values[0] += row.amount
        values[1] += row.base or 0
        values[2] += row.amount if row.base is None else 0
        values[3] += 1
    kept_columns = f"{', '.join(_KEY)}, amount_minor, base_minor, unconverted_minor, lines"
    for row in _rows(session, f"SELECT {kept_columns} FROM ledger_summary ORDER BY id"):  # noqa: S608  # our own columns
        key, kept = tuple(row[: len(_KEY)]), list(row[len(_KEY) :])
        found = sums.pop(key, None)
        if found != kept:
            check.differ(f"{_told(key)}: kept {kept}, the lines say {found or 'nothing'}.")
    for key, found in sorted(sums.items(), key=repr):
        check.differ(f"{_told(key)}: nothing kept, the lines say {found}.")
    return check


def _told(key: tuple[Any, ...]) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(_KEY, key, strict=True) if value is not None)


def _trail(session: Session, keyring: Keyring) -> Check:
    found = verify(session, keyring)
    check = Check(name="trail", checked=found.entries)
    for fault in found.faults:
        check.differ(fault)
    for name in missing_guards(session.connection()):
        check.differ(f"the trigger {name} is missing.")
    return check
