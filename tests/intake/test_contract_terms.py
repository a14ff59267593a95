"""A contract list without a renewal term: twelve months are assumed once, and told; what is on record stays."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.contract import Kind
from mopsaudit.intake.view import import_json
from mopsaudit.store.inventory import Contract
from tests.intake.files import enter, record_read

ROW = {
    "vendor": "Canva",
    "tool": "Canva",
    "reference": "C-1",
    "amount": Decimal("18000.00"),
    "currency": "EUR",
    "start": date(2025, 2, 1),
    "auto_renew": True,
    "initial_months": 24,
}


def told(session: Session, import_id: int) -> list[tuple[str, str | None]]:
    return [
        (each["message"], each["cell"])
        for each in import_json(session, import_id)["problems"]
        if each["code"] == "contract.term_assumed"
    ]


def test_a_term_no_column_states_is_assumed_and_told_at_its_cell(session: Session, data: Path) -> None:
    record = enter(session, record_read(Kind.CONTRACTS, [ROW]), data)
    assert session.scalars(select(Contract.renewal_months)).one() == 12
    assert told(session, record.id) == [
        ("Row 2 renews by itself and no renewal term is stated: 12 months are assumed.", "G2")
    ]


def test_a_later_list_without_the_column_leaves_a_known_term(session: Session, data: Path) -> None:
    enter(session, record_read(Kind.CONTRACTS, [{**ROW, "renewal_months": 24}]), data, name="first.xlsx")
    later = enter(
        session, record_read(Kind.CONTRACTS, [{**ROW, "amount": Decimal(19000)}]), data, name="later.xlsx"
    )
    contract = session.scalars(select(Contract)).one()
    assert (contract.renewal_kind, contract.renewal_months) == ("automatic", 24)
    assert told(session, later.id) == []


def test_an_empty_cell_of_the_column_and_what_does_not_renew_assume_nothing(
    session: Session, data: Path
) -> None:
    rows = [
        {**ROW, "renewal_months": None},
        {**ROW, "reference": "C-2", "auto_renew": False, "renewal_months": None},
        {**ROW, "reference": "C-3", "auto_renew": None, "renewal_months": None},
    ]
    record = enter(session, record_read(Kind.CONTRACTS, rows), data)
    found = session.execute(
        select(Contract.renewal_kind, Contract.renewal_months).order_by(Contract.reference)
    ).all()
    assert [tuple(each) for each in found] == [("automatic", None), ("express", None), ("unknown", None)]
    assert told(session, record.id) == []
