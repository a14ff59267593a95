"""Lines of two ledgers that carry one cost lend each other what one of them lacks, and take it back with the pair."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.lent import lent_to
from mopsaudit.intake.loans import Detail, OwnDetails, loans
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.pairs import settle_pairs
from mopsaudit.intake.placement import place_by_rules
from mopsaudit.intake.placing import stored_rules
from mopsaudit.intake.settling import Answer, settle
from mopsaudit.intake.stage import settings_of
from mopsaudit.intake.summaries import difference
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import LedgerSummary, LineLoan, MatchRule, SourceLedger, SpendLine, Supplier
from tests import builders
from tests.intake.files import NOW, TODAY, Line, enter, spend_read, take_back

AP, GL, CARD = (ImportOptions(kind_of_source=kind) for kind in ("ap", "gl", "card"))
YEAR = (date(2026, 1, 1), date(2027, 1, 1))


def details(session: Session, kind: str) -> Any:
    """Supplier's name, service dates and tool's name of the only living line of a kind of ledger."""
    session.expire_all()
    (row,) = session.execute(
        select(Supplier.name, SpendLine.service_from, SpendLine.service_until, Tool.name)
        .select_from(SpendLine)
        .join(SourceLedger, SourceLedger.id == SpendLine.source_id)
        .outerjoin(Supplier, Supplier.id == SpendLine.supplier_id)
        .outerjoin(Tool, Tool.id == SpendLine.tool_id)
        .where(SourceLedger.kind_of_source == kind, SpendLine.living)
    ).all()
    return tuple(row)


def rule(session: Session, tool: Tool, description: str) -> MatchRule:
    found = MatchRule(
        position=1,
        pattern="*",
        pattern_kind="glob",
        description_pattern=description,
        tool_id=tool.id,
        active=True,
        version=1,
    )
    session.add(found)
    session.flush()
    return found


INVOICE = Line(amount="1200", supplier="PULSEWERK GMBH", reference="INV-77", description="invoice")
BOOKED = replace(INVOICE, description="Analytics suite", service=YEAR)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_invoice_takes_service_dates_and_tool_of_its_booking(
    session: Session, data: Path, order: tuple[int, int]
) -> None:
    rule(session, builders.tool(session, "Pulse"), "*analytics*")
    files = ((INVOICE, AP, "ap.xlsx"), (BOOKED, GL, "gl.xlsx"))
    entered = {}
    for index in order:
        line, options, name = files[index]
        entered[index] = enter(session, spend_read([line]), data, options=options, name=name)
    assert details(session, "ap") == ("PULSEWERK GMBH", *YEAR, "Pulse")
    assert details(session, "gl") == ("PULSEWERK GMBH", *YEAR, "Pulse")
    assert not difference(session)
    summary = session.execute(select(LedgerSummary.tool_id, LedgerSummary.amount_minor)).all()
    assert [(tool_id is not None, minor) for tool_id, minor in summary] == [(True, 120_000)]
    # The certificates say what the files said, whatever is lent.
    for record in entered.values():
        assert record.result is not None
        assert record.result["totals"] == [{"currency": "USD", "imported": "1200.00"}]
    take_back(session, entered[1].id)
    assert details(session, "ap") == ("PULSEWERK GMBH", None, None, None)
    assert session.scalars(select(LineLoan.id)).all() == []
    assert not difference(session)


def test_what_is_lent_names_its_ledger_and_cell(session: Session, data: Path, scope: Scope) -> None:
    rule(session, builders.tool(session, "Pulse"), "*analytics*")
    enter(session, spend_read([INVOICE]), data, options=AP, name="ap.xlsx")
    enter(session, spend_read([BOOKED]), data, options=GL, name="gl.xlsx")
    (invoice,) = session.scalars(select(SpendLine).where(SpendLine.counts))
    ((lent,),) = lent_to(session, scope, [invoice.id]).values()
    assert lent.details == ("service", "tool")
    assert lent.ledger == "General ledger"
    assert lent.origin is not None
    assert (lent.origin.file_name, lent.origin.cell) == ("gl.xlsx", "D2")
    assert lent_to(session, scope, [lent.from_line_id]) == {}
    unit = builders.unit(session, "Elsewhere")
    session.get_one(SpendLine, lent.from_line_id).unit_id = unit.id
    session.flush()
    hidden = replace(scope, unit_ids=tuple(set(scope.unit_ids) - {unit.id}), whole=False)
    ((lent,),) = lent_to(session, hidden, [invoice.id]).values()
    assert (lent.ledger, lent.origin) == (None, None)


def test_an_own_value_is_never_overwritten(session: Session, data: Path) -> None:
    half = (date(2026, 1, 1), date(2026, 7, 1))
    enter(session, spend_read([replace(INVOICE, service=half)]), data, options=AP, name="ap.xlsx")
    enter(session, spend_read([BOOKED]), data, options=GL, name="gl.xlsx")
    assert details(session, "ap")[1:3] == half
    assert details(session, "gl")[1:3] == YEAR


def test_a_line_without_a_supplier_is_likely_the_one_with_its_number(session: Session, data: Path) -> None:
    """AP lost the name; the card has it. A person says that they are one cost; then the name is lent."""
    nameless = replace(INVOICE, supplier=None)
    ap = enter(session, spend_read([nameless]), data, options=AP, name="ap.xlsx")
    card = enter(
        session, spend_read([replace(INVOICE, description="card")]), data, options=CARD, name="card.xlsx"
    )
    assert details(session, "ap") == (None, None, None, None)
    assert settle_pairs(session, card.id, "same", None) == 1
    assert details(session, "ap")[0] == "PULSEWERK GMBH"
    assert not difference(session)
    settle_pairs(session, card.id, "different", None)
    assert details(session, "ap") == (None, None, None, None)
    settle_pairs(session, card.id, "same", None)
    take_back(session, ap.id)
    enter(session, spend_read([nameless]), data, options=AP, name="ap again.xlsx")
    assert details(session, "ap")[0] == "PULSEWERK GMBH"
    take_back(session, card.id)
    assert details(session, "ap") == (None, None, None, None)
    assert not difference(session)


def test_other_numbers_or_amounts_are_no_pair_without_a_supplier(session: Session, data: Path) -> None:
    enter(session, spend_read([replace(INVOICE, supplier=None)]), data, options=AP, name="ap.xlsx")
    others = [replace(INVOICE, reference="INV-78"), replace(INVOICE, amount="1200.01")]
    card = enter(session, spend_read(others), data, options=CARD, name="card.xlsx")
    assert settle_pairs(session, card.id, "same", None) == 0


def test_loans_follow_a_later_decision_and_a_later_rule(session: Session, data: Path) -> None:
    """The supplier is settled on a tool: both lines have it of their own. Opened again: the rule's is lent again."""
    pulse, other = builders.tool(session, "Pulse"), builders.tool(session, "Other")
    enter(session, spend_read([INVOICE]), data, options=AP, name="ap.xlsx")
    enter(session, spend_read([BOOKED]), data, options=GL, name="gl.xlsx")
    assert details(session, "ap")[3] is None
    made = rule(session, pulse, "*analytics*")
    place_by_rules(session, stored_rules(session), [made])
    assert details(session, "ap")[3] == "Pulse"
    (party,) = session.scalars(select(Supplier))
    answers = {"tool": Answer(kind="tool", tool_id=other.id), "open": Answer(kind="open")}
    for kind, name, lent in (("tool", "Other", 0), ("open", "Pulse", 1)):
        settle(
            session,
            party.id,
            party.version,
            answers[kind],
            person_id=None,
            now=NOW,
            today=TODAY,
            settings=settings_of(session, {}),
        )
        assert details(session, "ap")[3] == name
        assert len(session.scalars(select(LineLoan).where(LineLoan.detail == "tool")).all()) == lent
        assert not difference(session)
    # A later rule that holds for the invoice itself wins over what is lent.
    own = rule(session, other, "invoice")
    place_by_rules(session, stored_rules(session), [own])
    assert details(session, "ap")[3] == "Other"
    own.active = False
    session.flush()
    place_by_rules(session, stored_rules(session), [own])
    assert details(session, "ap")[3] == "Pulse"
    assert not difference(session)


def test_a_credit_follows_the_lent_dates_of_what_it_credits(session: Session, data: Path) -> None:
    credit = Line(amount="-100", supplier="PULSEWERK GMBH", reference="CN-1", description="credit of INV-77")
    enter(session, spend_read([INVOICE, credit]), data, options=AP, name="ap.xlsx")
    booked = enter(session, spend_read([BOOKED]), data, options=GL, name="gl.xlsx")
    query = select(SpendLine.service_from, SpendLine.service_until).where(SpendLine.amount_minor < 0)
    assert [tuple(row) for row in session.execute(query)] == [YEAR]
    take_back(session, booked.id)
    assert [tuple(row) for row in session.execute(query)] == [(None, None)]


def test_partners_that_disagree_lend_nothing() -> None:
    lines = {
        1: OwnDetails(id=1, alike=("a",)),
        2: OwnDetails(id=2, alike=("b",), service=YEAR, place=(5, None)),
        3: OwnDetails(id=3, alike=("c",), service=(YEAR[0], date(2026, 2, 1)), place=(5, None)),
    }
    (loan,) = loans(lines, [(1, 2), (1, 3)])
    assert (loan.to, loan.of, loan.detail, loan.value) == (1, 2, Detail.TOOL, (5, None))


def test_alike_lines_take_only_what_all_their_partners_say() -> None:
    """Twelve equal positions on both sides: which is whose twin nobody knows."""
    months = [(date(2026, month, 1), date(2026, month + 1, 1)) for month in (1, 2)]
    lines = {
        1: OwnDetails(id=1, alike=("ap",)),
        2: OwnDetails(id=2, alike=("ap",)),
        3: OwnDetails(id=3, alike=("gl",), supplier=9, service=months[0]),
        4: OwnDetails(id=4, alike=("gl",), supplier=9, service=months[1]),
    }
    found = loans(lines, [(1, 3), (2, 4)])
    assert [(loan.to, loan.detail, loan.value) for loan in found] == [
        (1, Detail.SUPPLIER, 9),
        (2, Detail.SUPPLIER, 9),
    ]


SERVICES = (None, YEAR, (date(2026, 3, 1), date(2026, 4, 1)))


def drawn(seed: int) -> list[tuple[list[Line], ImportOptions, str]]:
    """Files of three ledgers that share invoices: whole or in parts, with and without service dates."""
    chance = random.Random(seed)
    files: list[tuple[list[Line], ImportOptions, str]] = []
    for options in (AP, GL, CARD):
        for part in range(2):
            lines = []
            for invoice in range(4):
                if chance.random() < 0.35:
                    continue
                whole = Line(
                    amount=str(100 * (invoice + 1)),
                    supplier=chance.choice(("ACME LTD", "ACME LTD", "PULSEWERK GMBH", None)),
                    reference=f"INV-{invoice}",
                    day=date(2026, 3, chance.choice((5, 6))),
                    # A line of two files has the service dates of the file it was first seen in.
                    description=f"{chance.choice(('Analytics suite', 'thing'))} {part}",
                    service=chance.choice(SERVICES),
                )
                shares = chance.choice(((1,), (1,), (0.5, 0.5), (0.75, 0.25)))
                lines += [
                    replace(
                        whole, amount=str(int(100 * (invoice + 1) * share)), service=chance.choice(SERVICES)
                    )
                    for share in shares
                ]
            files.append((lines, options, f"{options.kind_of_source}{part}.xlsx"))
    return files


def ledger(session: Session) -> list[Any]:
    """All that stands of every living line, and what is lent to it; ids left out, for they tell the order."""
    session.expire_all()
    rows = session.execute(
        select(SpendLine, SourceLedger.name, Supplier.key, Tool.name)
        .join(SourceLedger, SourceLedger.id == SpendLine.source_id)
        .outerjoin(Supplier, Supplier.id == SpendLine.supplier_id)
        .outerjoin(Tool, Tool.id == SpendLine.tool_id)
        .where(SpendLine.living)
    ).all()
    lent: dict[int, list[str]] = {}
    for line_id, detail in session.execute(select(LineLoan.line_id, LineLoan.detail)):
        lent.setdefault(line_id, []).append(detail)
    return sorted(
        repr(
            (
                *(source, line.supplier_text, line.amount_minor, line.booked_on, line.reference),
                *(line.description, line.ordinal, party, tool, line.spend_type, line.method),
                *(line.service_from, line.service_until, line.counts, sorted(lent.get(line.id, ()))),
            )
        )
        for line, source, party, tool in rows
    )


def played(
    session: Session,
    data: Path,
    files: Sequence[tuple[list[Line], ImportOptions, str]],
    chance: random.Random,
) -> None:
    """Import the files in any order, with imports undone and entered again in between."""
    standing: list[tuple[int, int]] = []
    waiting = list(range(len(files)))
    chance.shuffle(waiting)
    rounds = 0
    while waiting:
        index = waiting.pop()
        lines, options, name = files[index]
        rounds += 1
        if lines:
            read = spend_read(lines)
            standing.append((index, enter(session, read, data, options=options, name=f"{rounds} {name}").id))
        if standing and rounds < 10 and chance.random() < 0.35:
            again, import_id = standing.pop(chance.randrange(len(standing)))
            take_back(session, import_id)
            waiting.insert(0, again)


@pytest.mark.parametrize(
    "seed",
    [*range(6), 72, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(6, 80) if seed != 72)],
)
def test_any_order_with_undos_between_ends_in_the_same_ledger(
    session: Session, data: Path, seed: int
) -> None:
    tool = builders.tool(session, "Pulse")
    files = drawn(seed)
    ends = []
    for play in (0, 1):
        with session.begin_nested() as savepoint:
            rule(session, tool, "*analytics*")
            played(session, data, files, random.Random(seed * 10 + play))
            ends.append(ledger(session))
            assert not difference(session)
            savepoint.rollback()
        session.expire_all()
    assert ends[0] == ends[1]
