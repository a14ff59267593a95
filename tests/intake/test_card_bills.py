"""A card paid in one ledger and the card's own lines in another: the lines count, the payment does not."""

import random
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.card_bills import CardLine, Payment, bill_pairs, names_a_card
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.pairs import possibly_twice, settle_pairs
from mopsaudit.intake.summaries import difference
from mopsaudit.store.ledger import LinePair
from tests.intake.files import Line, enter, spend_read, take_back
from tests.intake.test_pairs import AP, CARD, total

STATEMENT = [
    Line(amount="60", supplier="CANVA PTY", reference=None, day=date(2026, 3, 3)),
    Line(amount="30", supplier="HUBSPOT INC.", reference=None, day=date(2026, 3, 9)),
    Line(amount="10", supplier="LINKEDIN ADS", reference=None, day=date(2026, 3, 28)),
]
ECHO = Line(
    amount="-100", supplier="PAYMENT RECEIVED", reference=None, day=date(2026, 4, 12), not_spend="a payment"
)
PAID = [Line(amount="100", supplier="AMERICAN EXPRESS", reference="DD 4411", day=date(2026, 4, 10))]


def test_a_card_bill_of_the_statements_sum_does_not_count_whatever_the_order(
    session: Session, data: Path
) -> None:
    for files in (((PAID, AP), (STATEMENT, CARD)), ((STATEMENT, CARD), (PAID, AP))):
        ids = [
            enter(session, spend_read(lines), data, options=options, name=f"{number}.xlsx").id
            for number, (lines, options) in enumerate(files)
        ]
        assert total(session) == 10_000
        (pair,) = session.scalars(select(LinePair)).all()
        assert (pair.certainty, possibly_twice(session)) == ("bill", ())
        assert pair.reason.startswith("Payment of a card bill: the 3 lines of ")
        assert not difference(session)
        for import_id in ids:
            take_back(session, import_id)
        assert total(session) == 0
        assert not difference(session)


def test_undoing_the_statement_lets_the_payment_count_again(session: Session, data: Path) -> None:
    enter(session, spend_read(PAID), data, options=AP, name="a.xlsx")
    card = enter(session, spend_read(STATEMENT), data, options=CARD, name="b.xlsx")
    take_back(session, card.id)
    assert total(session) == 10_000
    assert session.scalars(select(LinePair.id)).all() == []
    assert not difference(session)


def test_a_bill_of_another_amount_is_counted_and_said_until_one_decision(
    session: Session, data: Path
) -> None:
    enter(session, spend_read(STATEMENT), data, options=CARD, name="b.xlsx")
    paid = [replace(PAID[0], amount="95")]
    ap = enter(session, spend_read(paid), data, options=AP, name="a.xlsx")
    assert total(session) == 19_500
    (doubt,) = possibly_twice(session)
    assert (doubt.import_id, doubt.minor) == (ap.id, 9_500)
    assert settle_pairs(session, ap.id, "same", None) == 1
    assert total(session) == 10_000
    # A decision stays, whatever enters afterwards.
    more = [Line(amount="5", supplier="ZOOM", reference=None, day=date(2026, 3, 30))]
    enter(session, spend_read([*STATEMENT, *more]), data, options=CARD, name="c.xlsx")
    assert total(session) == 10_500
    assert settle_pairs(session, ap.id, "different", None) == 1
    assert total(session) == 20_000
    assert not difference(session)


def test_a_nameless_payment_the_card_shows_too_is_only_probable(session: Session, data: Path) -> None:
    enter(session, spend_read([*STATEMENT, ECHO]), data, options=CARD, name="b.xlsx")
    other = [replace(PAID[0], supplier="BANK TRANSFER 77")]
    enter(session, spend_read(other), data, options=AP, name="a.xlsx")
    assert [doubt.minor for doubt in possibly_twice(session)] == [10_000]
    assert total(session) == 20_000 - 10_000  # with the payment the card shows, which is no spend


def test_the_lines_of_other_cost_centres_belong_to_the_bill(session: Session, data: Path) -> None:
    lines = [replace(line, cost_centre="MKT" if number else "OPS") for number, line in enumerate(STATEMENT)]
    enter(
        session,
        spend_read(lines),
        data,
        options=ImportOptions(kind_of_source="card", cost_centres=("MKT",)),
        name="b.xlsx",
    )
    enter(session, spend_read(PAID), data, options=AP, name="a.xlsx")
    assert total(session) == 4_000


def test_without_a_card_ledger_a_payment_counts(session: Session, data: Path) -> None:
    enter(session, spend_read(PAID), data, options=AP, name="a.xlsx")
    assert total(session) == 10_000


def card(number: int, day: date, minor: int, *, payment: bool = False) -> CardLine:
    return CardLine(id=number, source_id=2, day=day, minor=minor, currency="GBP", payment=payment, files=(1,))


def test_each_bill_is_paid_once_by_the_nearest_payment() -> None:
    lines = [card(1, date(2026, 3, 1), 70), card(2, date(2026, 3, 20), 30)]
    payments = [
        Payment(id=id_, day=day, minor=100, currency="GBP", names_card=True)
        for id_, day in ((8, date(2026, 4, 20)), (9, date(2026, 4, 2)))
    ]
    assert [(pair.other, pair.certain) for pair in bill_pairs(payments, lines, 45)] == [(9, True)]


def test_a_payment_long_before_or_after_the_statement_pays_something_else() -> None:
    lines = [card(1, date(2026, 3, 1), 70), card(2, date(2026, 3, 20), 30)]
    for day in (date(2026, 2, 20), date(2026, 6, 20)):
        paid = Payment(id=9, day=day, minor=100, currency="GBP", names_card=True)
        assert bill_pairs([paid], lines, 45) == []


@pytest.mark.parametrize(
    "text",
    ["AMERICAN EXPRESS", "Barclaycard Commercial", "HSBC corporate card", "Kreditkartenabrechnung März"],
)
def test_card_issuers_are_known(text: str) -> None:
    assert names_a_card(text)


@pytest.mark.parametrize(
    "text",
    ["American Express Global Business Travel", "Cardiff Print Ltd", "Business cards Ltd", "VISA FEES UK"],
)
def test_what_only_sounds_like_a_card_is_none(text: str) -> None:
    assert not names_a_card(text)


def test_a_card_of_200_000_lines_is_compared_in_seconds() -> None:
    """Each payment asks the lines of its amount and the last one before it, not all of them."""
    chance = random.Random(7)
    lines = [
        CardLine(
            id=number,
            source_id=2,
            day=date(2025, 1, 1) + timedelta(days=chance.randrange(365)),
            minor=chance.randrange(1, 90_000),
            currency="GBP",
            payment=False,
            files=(1,),
        )
        for number in range(200_000)
    ]
    payments = [
        Payment(
            id=1_000_000 + number,
            day=date(2025, 1, 1) + timedelta(days=chance.randrange(365)),
            minor=chance.randrange(1, 90_000),
            currency="GBP",
            names_card=True,
        )
        for number in range(1_000)
    ]
    begun = time.process_time()
    found = bill_pairs(payments, lines, 45)
    assert time.process_time() - begun < 8
    assert len(found) == 1_000
    of_line = {line.id: line for line in lines}
    for pair, payment in zip(sorted(found, key=lambda each: each.other), payments, strict=True):
        assert of_line[pair.kept].day == payment.day  # the last charge before the payment
