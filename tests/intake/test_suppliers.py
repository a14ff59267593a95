"""The review queue, and settling a supplier once for all its lines."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError
from mopsaudit.intake.acceptance import accept_sure, acceptable
from mopsaudit.intake.matching import suggestions
from mopsaudit.intake.progress import progress
from mopsaudit.intake.settling import (
    Answer,
    create_tool_from_catalogue,
    preview_settle,
    rematch_open,
    settle,
    unsettle,
)
from mopsaudit.intake.split_plans import Part
from mopsaudit.intake.summaries import difference
from mopsaudit.intake.suppliers import example_lines, queue
from mopsaudit.inventory.tools import edit_tool
from mopsaudit.scope import Scope
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import LedgerSummary, LinePart, MatchRule, SpendLine, Supplier
from mopsaudit.store.people import Person
from tests import builders
from tests.intake.files import NOW, TODAY, Line, enter, spend_read, take_back

SETTINGS = Settings()
LINES = [
    Line(amount="900", supplier="HUBSPOT INC.", reference="1"),
    Line(amount="100", supplier="HubSpot Ireland Limited", reference="2"),
    Line(amount="50", supplier="Bright Ideas Creative Agency", reference="3"),
    Line(amount="7000", supplier="COUNTY CATERING LTD", reference="4"),
    Line(amount="5", supplier=None, reference="5"),
]


def decide(session: Session, supplier: Supplier, answer: Answer, person: Person | None = None) -> Supplier:
    return settle(
        session,
        supplier.id,
        supplier.version,
        answer,
        person_id=person.id if person else None,
        now=NOW,
        today=TODAY,
        settings=SETTINGS,
    )


def named(session: Session, name: str) -> Supplier:
    return session.scalars(select(Supplier).where(Supplier.name == name)).one()


def test_the_only_tool_of_a_sure_vendor_is_meant_before_a_second_one_is_entered(
    session: Session, data: Path, scope: Scope
) -> None:
    """An inventory with one tool of HubSpot, then an invoice of HubSpot which names no product."""
    sales = create_tool_from_catalogue(session, "hubspot-sales-hub", today=TODAY, settings=SETTINGS)
    enter(session, spend_read(LINES), data)
    (row,) = [row for row in queue(session, scope) if row.proposal_vendor == "HubSpot"]
    assert row.proposal_tool_id is None, "no product is told apart"
    assert row.our_tools == ((sales.id, "HubSpot Sales Hub"),)
    assert row.answer_tool_id == sales.id
    assert row.why.endswith("HubSpot Sales Hub is the only tool of HubSpot in the inventory.")
    assert [each.supplier_id for each in acceptable(session, scope, 950)] == [row.supplier_id]
    assert not acceptable(session, scope, 1000), "below the chosen score it stays a question"
    person = builders.person(session, "Ann")
    assert accept_sure(session, scope, from_mille=950, person_id=person.id, now=NOW, today=TODAY) == 1
    assert named(session, "HUBSPOT INC.").tool_id == sales.id
    assert session.scalar(select(func.count()).select_from(Tool)) == 1, "no second tool beside the one owned"


def test_of_several_tools_of_a_vendor_a_person_says_which(session: Session, data: Path, scope: Scope) -> None:
    for product in ("hubspot-sales-hub", "hubspot-content-hub"):
        create_tool_from_catalogue(session, product, today=TODAY, settings=SETTINGS)
    enter(session, spend_read(LINES), data)
    (row,) = [row for row in queue(session, scope) if row.proposal_vendor == "HubSpot"]
    assert [name for _, name in row.our_tools] == ["HubSpot Content Hub", "HubSpot Sales Hub"]
    assert row.answer_tool_id is None
    assert "only tool" not in row.why
    assert not acceptable(session, scope, 0)


def test_the_queue_puts_likely_marketing_first_then_money(session: Session, data: Path, scope: Scope) -> None:
    enter(session, spend_read(LINES), data)
    rows = queue(session, scope)
    assert rows[0].proposal_vendor == "HubSpot"
    assert rows[0].amounts.base_minor == 100_000
    assert set(rows[0].spellings) == {"HUBSPOT INC.", "HubSpot Ireland Limited"}
    assert rows[-1].name == "COUNTY CATERING LTD"
    assert [line.minor for line in example_lines(session, rows[0].supplier_id)] == [90_000, 10_000]
    assert suggestions(session, rows[0].supplier_id)


def test_one_decision_settles_past_and_future_and_every_spelling(
    session: Session, data: Path, scope: Scope
) -> None:
    enter(session, spend_read(LINES), data, name="a.xlsx")
    tool = builders.tool(session, "Growth Suite")
    person = builders.person(session)
    row = queue(session, scope)[0]
    supplier = session.get_one(Supplier, row.supplier_id)
    answer = Answer(kind="tool", tool_id=tool.id)
    change = preview_settle(session, supplier.id, answer)
    assert (change.lines, change.base_minor, change.after) == (2, 100_000, "Growth Suite")
    decide(session, supplier, answer, person)
    enter(
        session, spend_read([Line(amount="33", supplier="HubSpot, Inc", reference="9")]), data, name="b.xlsx"
    )
    lines = session.scalars(select(SpendLine).where(SpendLine.supplier_id == supplier.id)).all()
    assert {(line.tool_id, line.method, line.spend_type) for line in lines} == {
        (tool.id, "decision", "software")
    }
    assert len(lines) == 3
    assert not difference(session)
    assert supplier.id not in {each.supplier_id for each in queue(session, scope)}


def test_a_decision_survives_rename_undo_and_import_again(session: Session, data: Path) -> None:
    tool = builders.tool(session, "Growth Suite")
    first = enter(session, spend_read(LINES), data, name="a.xlsx")
    decide(session, named(session, "HUBSPOT INC."), Answer(kind="tool", tool_id=tool.id))
    edit_tool(session, tool.id, tool.version, {"name": "Another Name"})
    take_back(session, first.id)
    enter(session, spend_read(LINES), data, name="a.xlsx")
    placed = session.scalar(select(func.count()).select_from(SpendLine).where(SpendLine.tool_id == tool.id))
    assert placed == 2
    assert not difference(session)


def test_a_stale_answer_is_refused_with_what_is_stored(session: Session, data: Path) -> None:
    enter(session, spend_read(LINES), data)
    supplier = named(session, "COUNTY CATERING LTD")
    seen = supplier.version
    decide(session, supplier, Answer(kind="not_marketing"))
    with pytest.raises(ConflictError) as caught:
        settle(
            session,
            supplier.id,
            seen,
            Answer(kind="marketing", spend_type="agency"),
            person_id=None,
            now=NOW,
            today=TODAY,
            settings=SETTINGS,
        )
    assert caught.value.theirs["settled"] == "not_marketing"
    assert "it is not marketing now, and you chose agency" in str(caught.value)


def test_taking_a_settlement_back_restores_lines_and_sums(session: Session, data: Path) -> None:
    enter(session, spend_read(LINES), data)
    supplier = named(session, "HUBSPOT INC.")
    columns = (LedgerSummary.tool_id, LedgerSummary.spend_type, LedgerSummary.base_minor, LedgerSummary.lines)
    before = sorted(map(tuple, session.execute(select(*columns))), key=repr)
    decide(session, supplier, Answer(kind="marketing", spend_type="agency"))
    assert sorted(map(tuple, session.execute(select(*columns))), key=repr) != before
    unsettle(session, supplier.id, supplier.version, now=NOW, today=TODAY, settings=SETTINGS)
    assert sorted(map(tuple, session.execute(select(*columns))), key=repr) == before
    assert not difference(session)


def test_a_split_sums_to_the_line_to_the_minor_unit(session: Session, data: Path) -> None:
    one, two = builders.tool(session, "One"), builders.tool(session, "Two")
    enter(session, spend_read([Line(amount="0.05", supplier="SPLIT ME LTD")]), data, name="a.xlsx")
    supplier = named(session, "SPLIT ME LTD")
    parts = (Part(tool_id=one.id, share_ppm=333_333), Part(tool_id=two.id, share_ppm=666_667))
    decide(session, supplier, Answer(kind="split", parts=parts))
    enter(
        session,
        spend_read([Line(amount="-0.01", supplier="SPLIT ME LTD", reference="c")]),
        data,
        name="b.xlsx",
    )
    sums = dict(
        session.execute(
            select(LinePart.line_id, func.sum(LinePart.amount_minor)).group_by(LinePart.line_id)
        ).all()
    )
    amounts = dict(session.execute(select(SpendLine.id, SpendLine.amount_minor)).all())
    assert sums == amounts
    of_five = select(LinePart.tool_id, LinePart.amount_minor).where(LinePart.amount_minor > 0)
    assert dict(session.execute(of_five).all()) == {one.id: 2, two.id: 3}
    assert not difference(session)
    with pytest.raises(InvalidError):
        decide(session, supplier, Answer(kind="split", parts=(parts[0], Part(tool_id=two.id, share_ppm=1))))


def test_a_supplier_put_off_comes_back_on_its_day(session: Session, data: Path, scope: Scope) -> None:
    enter(session, spend_read(LINES), data)
    supplier = named(session, "COUNTY CATERING LTD")
    decide(session, supplier, Answer(kind="later", until=date(2026, 10, 1)))
    assert "COUNTY CATERING LTD" not in {row.name for row in queue(session, scope)}
    assert "COUNTY CATERING LTD" in {row.name for row in queue(session, scope, include_later=True)}
    assert [row.name for row in queue(session, scope, later=True)] == ["COUNTY CATERING LTD"]


def test_adding_the_proposed_tool_places_its_suppliers(session: Session, data: Path, scope: Scope) -> None:
    enter(session, spend_read([Line(amount="10", supplier="CANVA PTY LTD")]), data)
    row = queue(session, scope)[0]
    assert row.sure
    assert row.proposal_product_id is not None
    tool = create_tool_from_catalogue(session, row.proposal_product_id, today=TODAY, settings=SETTINGS)
    assert session.scalars(select(SpendLine.tool_id)).all() == [tool.id]
    assert queue(session, scope) == ()
    assert progress(session, scope).settled_percent == 100
    assert not difference(session)


def test_accepting_all_sure_products_at_once(session: Session, data: Path, scope: Scope) -> None:
    enter(session, spend_read([Line(amount="10", supplier="CANVA PTY LTD"), *LINES]), data)
    assert accept_sure(session, scope, from_mille=900, person_id=None, now=NOW, today=TODAY) >= 1
    assert named(session, "CANVA PTY LTD").settled == "tool"
    assert named(session, "COUNTY CATERING LTD").settled == "open"


def test_accepting_another_number_than_was_seen_is_refused(
    session: Session, data: Path, scope: Scope
) -> None:
    enter(session, spend_read([Line(amount="10", supplier="CANVA PTY LTD")]), data)
    assert [row.name for row in acceptable(session, scope, 900)] == ["CANVA PTY LTD"]
    assert acceptable(session, scope, 1001) == ()
    with pytest.raises(ConflictError, match="You saw 2 suppliers and there are 1"):
        accept_sure(session, scope, from_mille=900, person_id=None, now=NOW, today=TODAY, expected=2)
    assert named(session, "CANVA PTY LTD").settled == "open"


def test_a_rule_places_lines_by_their_description(session: Session, data: Path) -> None:
    tool = builders.tool(session, "Ads")
    session.add(
        MatchRule(
            position=1, pattern="google*", description_pattern="*ads*", tool_id=tool.id, spend_type="media"
        )
    )
    session.flush()
    lines = [
        Line(amount="10", supplier="GOOGLE XYZ UNKNOWN", description="search ads march"),
        Line(amount="20", supplier="GOOGLE XYZ UNKNOWN", description="something else", reference="2"),
    ]
    enter(session, spend_read(lines), data)
    placed = session.execute(select(SpendLine.tool_id, SpendLine.method).order_by(SpendLine.id)).all()
    assert tuple(placed[0]) == (tool.id, "rule")
    assert placed[1].tool_id is None


def test_progress_counts_every_kind_of_money_once(session: Session, data: Path, scope: Scope) -> None:
    enter(session, spend_read(LINES), data)
    decide(session, named(session, "COUNTY CATERING LTD"), Answer(kind="not_marketing"))
    done = progress(session, scope)
    assert done.total_minor == 805_500
    assert (done.settled_minor, done.no_supplier_minor) == (700_000, 500)
    assert done.suppliers_open == 2


def test_progress_of_marketing_and_of_all_money(session: Session, data: Path, scope: Scope) -> None:
    """The manual's example: 1,000 of 1,055, 94 %; of all money 8,000 of 8,060."""
    builders.tool(session, "HubSpot")
    lines = [replace(each, amount="55") if each.amount == "50" else each for each in LINES]
    enter(session, spend_read(lines), data)
    decide(session, named(session, "COUNTY CATERING LTD"), Answer(kind="not_marketing"))
    done = progress(session, scope)
    assert (done.marketing_settled_minor, done.marketing_minor, done.marketing_percent) == (
        1_000_00,
        1_055_00,
        94,
    )
    assert (done.settled_minor + done.placed_minor, done.total_minor) == (8_000_00, 8_060_00)


def test_lines_a_person_placed_by_hand_stay(session: Session, data: Path) -> None:
    tool, person = builders.tool(session, "Elsewhere"), builders.person(session)
    enter(session, spend_read(LINES), data)
    line = session.scalars(select(SpendLine).where(SpendLine.supplier_text == "HUBSPOT INC.")).one()
    line.edited_by_id = person.id
    session.flush()
    decide(session, named(session, "HUBSPOT INC."), Answer(kind="tool", tool_id=tool.id))
    session.refresh(line)
    assert line.tool_id is None
    assert not difference(session)


def test_asking_again_after_the_inventory_grew_places_open_suppliers(session: Session, data: Path) -> None:
    enter(session, spend_read([Line(amount="10", supplier="ZORBLAX SYSTEMS LTD")]), data)
    tool = builders.tool(session, "Zorblax")
    assert rematch_open(session, SETTINGS) == 1
    assert session.scalars(select(SpendLine.tool_id)).all() == [tool.id]
    assert not difference(session)
