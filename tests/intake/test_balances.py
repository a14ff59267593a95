"""Balances a person types beside the lines that entered: ties, differs, signed off, and when a signature lapses."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from mopsaudit.facts.tie_out import Balance, tie_out, tie_sentence
from mopsaudit.intake.balances import find_balance, remove_balance, sign_off_balance, type_balance
from mopsaudit.intake.options import ImportOptions
from mopsaudit.periods import month_of
from mopsaudit.scope import Scope
from mopsaudit.store.ledger import LedgerBalance, SourceLedger
from tests import builders
from tests.intake.files import NOW, Line, enter, spend_read, take_back

MARCH = month_of(date(2026, 3, 1))
LINES = [
    Line(amount="100.00", reference="INV-1", cost_centre="MKT"),
    Line(amount="20.50", reference="INV-2", cost_centre="OPS"),
]


def ledger(session: Session, data: Path) -> int:
    enter(session, spend_read(LINES), data, options=ImportOptions(source="AP", cost_centres=("MKT",)))
    return session.scalars(select(SourceLedger.id)).one()


def typed(
    session: Session, source_id: int, minor: int, seen: int | None = None, **more: str
) -> LedgerBalance:
    return type_balance(
        session,
        source_id=source_id,
        gl_account=more.get("account"),
        month=MARCH,
        currency=more.get("currency", "usd"),
        amount_minor=minor,
        seen_minor=seen,
    )


def only(session: Session, scope: Scope) -> Balance:
    (found,) = tie_out(session, scope)
    return found


def test_a_balance_ties_with_every_line_of_the_ledger_also_those_out_of_scope(
    session: Session, data: Path, scope: Scope
) -> None:
    source_id = ledger(session, data)
    untyped = only(session, scope)
    assert (untyped.state, untyped.ours, untyped.lines, untyped.difference) == ("not typed", 12_050, 2, None)
    assert tie_sentence([untyped]) is None
    typed(session, source_id, 12_050)
    assert (only(session, scope).state, only(session, scope).currency) == ("ties", "USD")
    assert tie_sentence([only(session, scope)]) == "1 of 1 typed ledger balance ties to our lines."


def test_a_difference_is_signed_off_by_name_and_the_signature_lapses_with_it(
    session: Session, data: Path, scope: Scope
) -> None:
    source_id, ann = ledger(session, data), builders.person(session, "Ann Finance")
    balance = typed(session, source_id, 12_550)
    assert tie_sentence([only(session, scope)]) == (
        "0 of 1 typed ledger balance ties to our lines; 5.00 USD of difference waits for an explanation."
    )

    def sign(person_id: int | None, reason: str, seen: int = 500) -> None:
        sign_off_balance(
            session,
            scope,
            balance.id,
            person_id=person_id,
            reason=reason,
            seen_difference=seen,
            now=NOW,
        )

    with pytest.raises(NotAllowedError):
        sign(None, "accrual")
    with pytest.raises(InvalidError):
        sign(ann.id, " ")
    with pytest.raises(ConflictError):
        sign(ann.id, "accrual", seen=400)
    sign(ann.id, "accrual of an agency")
    found = only(session, scope)
    assert (found.state, found.signed_by, found.reason) == (
        "signed off",
        "Ann Finance",
        "accrual of an agency",
    )
    assert not found.open
    late = enter(
        session, spend_read([Line(amount="1", reference="INV-9")]), data, options=ImportOptions(source="AP")
    )
    assert (only(session, scope).state, only(session, scope).difference) == ("differs again", 4_00)
    take_back(session, late.id)
    assert only(session, scope).state == "signed off"
    typed(session, source_id, 12_600, seen=12_550)
    assert (only(session, scope).state, only(session, scope).signed_by) == ("differs", None)
    typed(session, source_id, 12_050, seen=12_600)
    with pytest.raises(InvalidError):
        sign(ann.id, "nothing", seen=0)


def test_two_people_who_type_at_once_see_each_others_balance(session: Session, data: Path) -> None:
    source_id = ledger(session, data)
    typed(session, source_id, 100)
    typed(session, source_id, 100)  # the same again is no conflict
    with pytest.raises(ConflictError) as error:
        typed(session, source_id, 200)
    assert error.value.theirs["amount"] == "1.00 USD"
    with pytest.raises(ConflictError):
        typed(session, source_id, 200, seen=50)
    assert len(session.scalars(select(LedgerBalance)).all()) == 1


def test_an_account_ties_by_itself(session: Session, data: Path, scope: Scope) -> None:
    source_id = ledger(session, data)
    typed(session, source_id, 12_050)
    typed(session, source_id, 0, account=" 6400 ")
    by_account = {each.gl_account: each for each in tie_out(session, scope)}
    assert (by_account["6400"].ours, by_account["6400"].state) == (0, "ties")
    assert by_account[None].state == "ties"


def test_what_cannot_be_is_refused_and_a_part_of_the_company_sees_no_ledger(
    session: Session, data: Path, scope: Scope
) -> None:
    source_id = ledger(session, data)
    with pytest.raises(NotFoundError):
        typed(session, 999, 1)
    with pytest.raises(InvalidError):
        typed(session, source_id, 1, currency="ZZZ")
    with pytest.raises(InvalidError):
        typed(session, source_id, 1, account="9" * 41)
    with pytest.raises(InvalidError):
        type_balance(
            session,
            source_id=source_id,
            gl_account=None,
            month=5,
            currency="USD",
            amount_minor=1,
            seen_minor=None,
        )
    balance = typed(session, source_id, 1)
    part = replace(scope, whole=False)
    assert tie_out(session, part) == ()
    with pytest.raises(NotFoundError):
        find_balance(session, part, balance.id)
    remove_balance(session, scope, balance.id)
    assert only(session, scope).state == "not typed"


def test_restated_lines_are_no_part_of_ours(session: Session, data: Path, scope: Scope) -> None:
    ledger(session, data)
    restated = [Line(amount="110", reference="INV-1", description="restated")]
    enter(
        session,
        spend_read(restated),
        data,
        options=ImportOptions(source="AP", replace_by=("invoice", "supplier")),
        name="b.xlsx",
    )
    assert only(session, scope).ours == 11_000 + 2_050


def test_the_dashboard_says_how_the_balances_stand(session: Session, data: Path, scope: Scope) -> None:
    from mopsaudit.reports.dashboard import build

    typed(session, ledger(session, data), 12_550)
    question = next(each for each in build(session, scope).questions if each.key == "tie")
    assert "0 of 1 typed ledger balance ties to our lines; 5.00 USD" in question.answer
    assert any("Mar 2026: the ledger says" in each for each in question.details)
