"""Credit notes stand with what they credit, where their reference says so."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.credits import CreditLine, ties
from mopsaudit.intake.summaries import difference
from mopsaudit.intake.view import import_json
from mopsaudit.store.ledger import LedgerSummary, SpendLine
from tests.intake.files import Line, enter, spend_read, take_back

PAID = Line(amount="300", reference="INV-1042", day=date(2026, 1, 5))
BACK = Line(amount="-120", reference="CN-77", description="Credit of INV 1042", day=date(2026, 3, 2))


def tied(session: Session) -> list[tuple[int, int | None]]:
    charge = {line.id: line.amount_minor for line in session.scalars(select(SpendLine))}
    rows = session.execute(
        select(SpendLine.amount_minor, SpendLine.credit_of_id)
        .where(SpendLine.amount_minor < 0, SpendLine.living)
        .order_by(SpendLine.id)
    )
    return [(minor, charge[of] if of else None) for minor, of in rows]


def test_a_credit_finds_its_invoice_whichever_came_first(session: Session, data: Path) -> None:
    for first, second in ((PAID, BACK), (BACK, PAID)):
        one = enter(session, spend_read([first]), data, name="one.xlsx")
        two = enter(session, spend_read([second]), data, name="two.xlsx")
        assert tied(session) == [(-12_000, 30_000)]
        months = session.execute(
            select(LedgerSummary.month, LedgerSummary.amount_minor).order_by(LedgerSummary.month)
        ).all()
        assert [minor for _, minor in months] == [30_000, -12_000]  # each in its own month
        take_back(session, one.id)
        assert [of for _, of in tied(session)] == ([None] if first is PAID else [])
        take_back(session, two.id)
        assert not difference(session)


def test_undoing_the_invoice_unties_and_its_return_ties_again(session: Session, data: Path) -> None:
    paid = enter(session, spend_read([PAID]), data, name="a.xlsx")
    enter(session, spend_read([BACK]), data, name="b.xlsx")
    take_back(session, paid.id)
    assert tied(session) == [(-12_000, None)]
    enter(session, spend_read([PAID]), data, name="a.xlsx")
    assert tied(session) == [(-12_000, 30_000)]


def test_a_refund_larger_than_the_spend_is_a_note_with_its_cell(session: Session, data: Path) -> None:
    enter(session, spend_read([PAID]), data, name="a.xlsx")
    over = [BACK, replace(BACK, amount="-200", reference="CN-78")]
    record = enter(session, spend_read(over), data, name="b.xlsx")
    (problem,) = import_json(session, record.id)["problems"]
    assert (problem["code"], problem["cell"], problem["sheet"]) == ("spend.credit.exceeds", "D3", "AP Ledger")
    assert problem["message"].startswith("320.00 USD are credited to “INV-1042”, which was 300.00 USD")


def test_a_credit_takes_over_the_service_dates_of_what_it_credits(session: Session, data: Path) -> None:
    enter(session, spend_read([PAID]), data, name="a.xlsx")
    line = session.scalars(select(SpendLine)).one()
    line.service_from, line.service_until = date(2026, 1, 1), date(2027, 1, 1)
    session.flush()
    back = enter(session, spend_read([BACK]), data, name="b.xlsx")
    credit = select(SpendLine.service_from, SpendLine.service_until).where(SpendLine.amount_minor < 0)
    assert tuple(session.execute(credit).one()) == (date(2026, 1, 1), date(2027, 1, 1))
    take_back(session, back.id)
    assert session.scalars(select(SpendLine.credit_of_id).where(SpendLine.amount_minor < 0)).all() == [None]


def line(
    number: int, minor: int, text: str | None, description: str | None = None, **values: Any
) -> CreditLine:
    base = CreditLine(
        id=number,
        source_id=1,
        supplier=1,
        day=date(2026, 1, number),
        minor=minor,
        currency="GBP",
        number=text,
        texts=(description, text),
    )
    return replace(base, **values)


@pytest.mark.parametrize(
    "number, description",
    [
        ("INV-1042", None),
        ("CN 9", "credit note for invoice INV-1042"),
        ("CN 9", "Gutschrift zu INV1042"),
        ("CN/INV-1042", None),
        ("INV-1042-CR", None),
        (None, "refund inv 1042"),
    ],
)
def test_ways_a_reference_names_the_invoice(number: str | None, description: str | None) -> None:
    assert ties([line(1, 500, "INV-1042"), line(2, -500, number, description)]) == {2: 1}


@pytest.mark.parametrize(
    "credit",
    [
        line(2, -500, "CN-9", "volume rebate"),
        line(2, -500, "INV-1042", supplier=2),
        line(2, -500, "INV-1042", source_id=2),
        line(2, -400, "CN-1042"),
        line(2, 500, "INV-1042"),
    ],
)
def test_what_names_no_invoice_of_its_supplier_is_tied_to_nothing(credit: CreditLine) -> None:
    assert ties([line(1, 500, "INV-1042"), credit]) == {}


def test_of_two_lines_of_an_invoice_the_one_of_the_same_amount_is_credited() -> None:
    lines = [line(1, 500, "INV-1042"), line(3, 70, "INV-1042"), line(4, -70, "INV-1042")]
    assert ties(lines) == {4: 3}


def test_credits_without_texts_and_undated_lines_tie_all_the_same() -> None:
    undated = replace(line(1, 500, "A-100"), day=None)
    assert ties([undated, line(2, 500, "A-100"), line(3, -100, "A-100")]) == {3: 2}
