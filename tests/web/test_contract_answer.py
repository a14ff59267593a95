"""The sentence above the list of contracts: what is late stands before what is next."""

from datetime import date

from blueprints.contracts import answer_of
from mopsaudit.facts.terms import TermState
from mopsaudit.inventory.contract_view import ContractRow

TODAY = date(2026, 9, 30)


def _contract(number: int, send_by: date | None, state: TermState = TermState.WINDOW_OPEN) -> ContractRow:
    return ContractRow(
        id=number,
        title=f"C{number}",
        reference=None,
        vendor_id=1,
        vendor="Acme",
        state=state.value,
        end=None,
        send_by=send_by,
        undated=None,
        currency="USD",
        annual_minor=None,
        why=None,
        owner=None,
        unit=None,
        notice=None,
        renewal="automatic",
    )


def test_what_is_past_its_send_by_date_is_told_first() -> None:
    rows = [_contract(1, date(2026, 10, 5)), _contract(2, date(2026, 9, 29)), _contract(3, None)]
    assert answer_of(rows, TODAY) == (
        "3 contracts; 1 is past the day to send notice, which may still arrive in time, C2 first; "
        "1 more can only be ended if notice is sent within 120 days, C1 next."
    )


def test_served_and_missed_notices_are_not_late() -> None:
    rows = [
        _contract(1, date(2026, 9, 1), TermState.NOTICE_SERVED),
        _contract(2, date(2026, 9, 1), TermState.WINDOW_MISSED),
        _contract(3, TODAY),
    ]
    assert answer_of(rows, TODAY) == (
        "3 contracts; 1 can only be ended if notice is sent within 120 days, C3 first."
    )


def test_without_dates_the_number_is_all_there_is_to_say() -> None:
    assert answer_of([_contract(1, None)], TODAY) == "1 contract."
