"""The registry lists every room, and every room is complete."""

import inspect
from datetime import date, datetime
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.governance.settling import settle_finding
from mopsaudit.reporting import Report
from mopsaudit.reports.registry import NAMES, REPORTS, Room, find_room
from mopsaudit.scope import Scope
from tests import builders

ROOT = Path(__file__).resolve().parents[2]


def test_every_folder_of_the_reports_is_a_known_name() -> None:
    folders = {path.parent.name for path in (ROOT / "mopsaudit" / "reports").glob("*/__init__.py")}
    assert folders == set(REPORTS)
    assert folders <= set(NAMES)


@pytest.mark.parametrize("slug", REPORTS)
def test_a_room_is_complete(slug: str) -> None:
    room = REPORTS[slug]
    assert room.title
    folder = ROOT / "mopsaudit" / "reports" / slug
    missing = [
        str(path.relative_to(ROOT))
        for path in (
            folder / "query.py",
            folder / "analysis.py",
            ROOT / "tests" / "reports" / slug / "__init__.py",
            ROOT / "mopsaudit" / "docs" / "manual" / f"{slug}.md",
        )
        if not path.exists()
    ]
    assert not missing
    assert list((ROOT / "tests" / "reports" / slug).glob("test_*.py"))
    assert callable(import_module(f"mopsaudit.reports.{slug}.analysis").analyse)


@pytest.mark.parametrize("slug", REPORTS)
def test_options_are_arguments_of_build_with_a_default(slug: str) -> None:
    parameters = inspect.signature(REPORTS[slug].make).parameters
    for option in REPORTS[slug].options:
        assert parameters[option].default is not inspect.Parameter.empty


@pytest.mark.parametrize("slug", REPORTS)
def test_an_empty_database_gives_empty_lists_and_says_what_to_do(
    slug: str, session: Session, scope: Scope
) -> None:
    report = REPORTS[slug].build(session, scope)
    assert isinstance(report, Report)
    assert (report.name, report.rows, report.findings) == (slug, (), ())
    assert report.answer
    assert report.empty
    assert len(report.headlines) <= 4
    body = report.to_json()
    assert body["rows"] == []
    assert body["findings"] == []


def test_a_name_nobody_knows_is_told_with_the_names_there_are() -> None:
    with pytest.raises(NotFoundError, match="There is no report “weather”"):
        find_room("weather")


def test_an_option_nobody_knows_is_refused(session: Session, scope: Scope) -> None:
    def make(session: Session, scope: Scope, *, basis: str = "invoiced") -> Report:
        raise AssertionError(basis)

    room = Room(slug="made-up", title="Made up", make=make, options=("basis",))
    with pytest.raises(InvalidError, match="no option depth"):
        room.build(session, scope, depth="3")
    with pytest.raises(AssertionError, match="invoiced"):
        room.build(session, scope, basis=None)


def test_a_settled_finding_says_so_until_its_facts_change(
    session: Session, scope: Scope, now: datetime
) -> None:
    vendor, ada = builders.vendor(session), builders.person(session)
    contract = builders.contract(
        session, vendor, start_on=date(2026, 1, 20), initial_months=12, renewal_months=12,
        renewal_kind="automatic", notice_count=90, owner_id=ada.id, lines=[{"tool": builders.tool(session, of=vendor)}],
    )  # fmt: skip
    room = find_room("renewals")
    (finding,) = room.build(session, scope).findings
    settle_finding(session, finding, state="dismiss", reason="We keep it.", by_id=ada.id, now=now)
    assert [each.state for each in room.build(session, scope).findings] == ["dismiss"]
    contract.notice_count = 60
    session.flush()
    assert {each.state for each in room.build(session, scope).findings} == {"open"}
