"""The queue's groups: one vendor's many names are one answer, marketing tools come first, and all goes back as one."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError
from mopsaudit.intake.queue_groups import GENERAL, NO_TOOL, PERHAPS_TOOL, SURE_TOOL, UNKNOWN, grouped, rank_of
from mopsaudit.intake.settling import Answer, reach_of, settle_together
from mopsaudit.intake.suppliers import open_queue
from mopsaudit.scope import Scope
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import SpendLine, Supplier
from tests import builders
from tests.intake.files import NOW, TODAY, Line, enter, spend_read

SETTINGS = Settings()
LINES = [
    Line(amount="300", supplier="TEXTHELP LTD", reference="1"),
    Line(amount="900", supplier="BROWSEALOUD TEXTHELP", reference="2"),
    Line(amount="500", supplier="Texthelp Systems Ltd", reference="3"),
    Line(amount="90000", supplier="Microsoft Ltd", reference="4"),
    Line(amount="50000", supplier="CLEAR CHANNEL (UK) LTD", reference="5"),
    Line(amount="40", supplier="MAILCHIMP", reference="6"),
    Line(amount="70000", supplier="Sundry Digital Media Ltd", reference="7"),
]


def answer(session: Session, members: list[tuple[int, int]], given: Answer, person_id: int | None) -> None:
    settle_together(session, members, given, person_id=person_id, now=NOW, today=TODAY, settings=SETTINGS)


def members(session: Session, *names: str) -> list[tuple[int, int]]:
    rows = session.execute(select(Supplier.id, Supplier.version).where(Supplier.name.in_(names)))
    return [(row.id, row.version) for row in rows]


def test_marketing_tools_stand_before_larger_money_of_other_kinds(
    session: Session, data: Path, scope: Scope
) -> None:
    enter(session, spend_read(LINES), data)
    groups = grouped(open_queue(session, scope)[0])
    names = [group.lead.name for group in groups]
    assert names.index("MAILCHIMP") < names.index("CLEAR CHANNEL (UK) LTD") < names.index("Microsoft Ltd")
    assert [group.lead.rank for group in groups] == sorted(group.lead.rank for group in groups)


def test_one_vendors_names_are_one_group_with_their_money(session: Session, data: Path, scope: Scope) -> None:
    enter(session, spend_read(LINES), data)
    groups = grouped(open_queue(session, scope)[0])
    (group,) = [each for each in groups if each.lead.name == "Texthelp Systems Ltd"]
    assert {row.name for row in group.rows} == {"Texthelp Systems Ltd", "TEXTHELP LTD"}
    assert (group.base_minor, group.lines) == (80_000, 2)
    assert all(len(each.rows) == 1 for each in groups if each.lead.name == "BROWSEALOUD TEXTHELP")
    assert sum(len(each.rows) for each in groups) == len(open_queue(session, scope)[0])


def test_a_group_is_settled_at_once(session: Session, data: Path) -> None:
    enter(session, spend_read(LINES), data)
    person = builders.person(session)
    both = members(session, "TEXTHELP LTD", "Texthelp Systems Ltd")
    reach = reach_of(session, [member for member, _ in both])
    assert [each.moved for each in reach.values()] == [1, 1]
    answer(session, both, Answer(kind="tool", product_id="vendor:texthelp"), person.id)
    tool = session.scalars(select(Tool).where(Tool.name == "Texthelp")).one()
    placed = session.scalars(select(SpendLine.supplier_text).where(SpendLine.tool_id == tool.id)).all()
    assert sorted(map(str, placed)) == ["TEXTHELP LTD", "Texthelp Systems Ltd"]


def test_one_stale_version_refuses_all_of_the_group(session: Session, data: Path) -> None:
    enter(session, spend_read(LINES), data)
    both = members(session, "TEXTHELP LTD", "Texthelp Systems Ltd")
    stale = [both[0], (both[1][0], both[1][1] + 1)]
    with pytest.raises(ConflictError), session.begin_nested():
        answer(session, stale, Answer(kind="not_marketing"), None)
    assert set(session.scalars(select(Supplier.settled))) == {"open"}
    with pytest.raises(InvalidError, match="one supplier at a time"):
        answer(session, both, Answer(kind="split"), None)


def test_a_tools_money_is_of_its_products_kind(session: Session, data: Path) -> None:
    """An advertising account's money is media, which stands beside a tool's cost, never in it."""
    lines = [
        Line(amount="40", supplier="MAILCHIMP", reference="1"),
        Line(amount="9", supplier="ACME", reference="2"),
    ]
    enter(session, spend_read(lines), data)
    answer(session, members(session, "ACME"), Answer(kind="tool", product_id="google-ads"), None)
    answer(session, members(session, "MAILCHIMP"), Answer(kind="tool", product_id="mailchimp"), None)
    kinds = dict(session.execute(select(SpendLine.supplier_text, SpendLine.spend_type)).all())
    assert kinds == {"ACME": "media", "MAILCHIMP": "software"}


@pytest.mark.parametrize(
    "vendor, tool, sure, expected",
    [
        ("mailchimp", "mailchimp", True, SURE_TOOL),
        ("mailchimp", "mailchimp", False, PERHAPS_TOOL),
        ("microsoft", None, True, GENERAL),
        ("google", "google-ads", True, NO_TOOL),
        ("vendor:7", "tool:9", True, SURE_TOOL),
        (None, None, False, UNKNOWN),
    ],
)
def test_the_rank_says_what_a_proposal_is(
    vendor: str | None, tool: str | None, sure: bool, expected: int
) -> None:
    assert rank_of({"vendor": vendor, "tool": tool}, sure=sure) == expected


def test_no_proposal_is_unknown() -> None:
    assert rank_of(None, sure=False) == UNKNOWN
