"""Applications a usage file names that nobody knows: kept as counts by unit, never as people, gone with the import."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.unknown_apps import KEY
from mopsaudit.intake.view import import_json
from mopsaudit.store.ledger import Import, ImportSheet, UsageRecord
from tests import builders
from tests.intake.files import enter, record_read


def _row(app: str, email: str, **values: Any) -> dict[str, Any]:
    return {"tool": app, "user_email": email, "grade": "B", "event": "sign-in", **values}


def _kept(session: Session, record: Import) -> list[dict[str, Any]]:
    session.expire_all()
    details = session.scalars(select(ImportSheet.detail).where(ImportSheet.import_id == record.id))
    return [entry for detail in details for entry in detail.get(KEY, ())]


def test_people_are_counted_once_by_unit_with_the_last_day(session: Session, data: Path) -> None:
    sales = builders.unit(session, "SAL", name="Sales")
    builders.tool(session, "Pulse")
    rows = [
        _row("Pulse", "ann@example.org", last_activity=date(2026, 9, 1)),
        _row("Fooblex", "ann@example.org", last_activity=date(2026, 8, 1), department="Sales"),
        _row("Fooblex", "ANN@example.org", last_activity=date(2026, 9, 2)),
        _row("Fooblex", "bob@example.org"),
        _row("Quuxly", "bob@example.org", last_activity=date(2026, 7, 3)),
    ]
    record = enter(session, record_read(Kind.USAGE, rows), data)
    fooblex, quuxly = _kept(session, record)
    assert (fooblex["name"], fooblex["rows"], fooblex["grade"], fooblex["event"]) == (
        "Fooblex",
        3,
        "B",
        "sign-in",
    )
    assert fooblex["units"] == [
        {"unit_id": None, "people": 1, "last": None},
        {"unit_id": sales.id, "people": 1, "last": "2026-09-02"},
    ]
    assert [each["people"] for each in quuxly["units"]] == [1]
    assert "example.org" not in str([fooblex, quuxly]).casefold()
    assert import_json(session, record.id)["sheets"][0]["lines"]["rejected"] == 4
    assert session.scalar(select(func.count()).select_from(UsageRecord)) == 1


def test_counts_of_several_months_are_not_added_up(session: Session, data: Path) -> None:
    builders.tool(session, "Pulse")
    rows: list[dict[str, Any]] = [
        {"tool": "Pulse", "active_count": 5},
        {"tool": "Fooblex", "active_count": 40, "month": date(2026, 7, 1)},
        {"tool": "Fooblex", "active_count": 30, "month": date(2026, 8, 1)},
        {"tool": "Fooblex", "active_count": 12, "month": date(2026, 8, 1)},
    ]
    (kept,) = _kept(session, enter(session, record_read(Kind.USAGE, rows), data))
    assert (kept["count"], kept["as_of"], kept["units"]) == (42, "2026-08-31", [])


def test_what_the_file_itself_names_waits_and_what_was_typed_wrong_is_refused(
    session: Session, data: Path
) -> None:
    both = [_row("Fooblex", "ann@example.org"), _row("Quuxly", "ann@example.org")]
    record = enter(session, record_read(Kind.USAGE, both), data)
    assert [each["name"] for each in _kept(session, record)] == ["Fooblex", "Quuxly"]
    one = enter(session, record_read(Kind.USAGE, both[:1]), data, name="one.csv")
    assert [each["name"] for each in _kept(session, one)] == ["Fooblex"]
    nameless = [{name: value for name, value in both[0].items() if name != "tool"}]
    with pytest.raises(InvalidError, match="No tool of this file is known"):
        enter(session, record_read(Kind.USAGE, nameless), data, name="a.csv")
    with pytest.raises(InvalidError, match="No tool of this file is known \\(“Hubspott”\\)"):
        enter(
            session,
            record_read(Kind.USAGE, nameless),
            data,
            options=ImportOptions(tool="Hubspott"),
            name="b.csv",
        )
