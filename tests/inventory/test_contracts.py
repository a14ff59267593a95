"""Contracts: refused terms, edit conflicts, notice with proof, instalments that sum."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.inventory import contracts
from mopsaudit.organisation import scope_for
from mopsaudit.store.inventory import Contract
from tests import builders


def _contract(session: Session, **values: object) -> Contract:
    vendor = builders.vendor(session)
    return contracts.create_contract(
        session, vendor_id=vendor.id, title="Adobe ETLA", currency="USD", **values
    )


@pytest.mark.parametrize(
    "values, field",
    [
        ({"start_on": date(2026, 1, 1), "end_on": date(2025, 12, 31)}, "end_on"),
        ({"initial_months": 0}, "initial_months"),
        ({"renewal_months": -12}, "renewal_months"),
        ({"notice_count": -1}, "notice_count"),
        ({"notice_unit": "moons"}, "notice_unit"),
        ({"renewal_kind": "perhaps"}, "renewal_kind"),
    ],
)
def test_terms_that_cannot_be_are_refused_at_their_field(
    session: Session, values: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        _contract(session, **values)
    assert caught.value.field == field


def test_an_unknown_currency_is_refused(session: Session) -> None:
    vendor = builders.vendor(session)
    with pytest.raises(InvalidError, match="XYZ"):
        contracts.create_contract(session, vendor_id=vendor.id, title="A", currency="XYZ")


def test_an_edit_checks_the_dates_against_what_is_stored(session: Session) -> None:
    contract = _contract(session, start_on=date(2026, 1, 1))
    with pytest.raises(InvalidError):
        contracts.edit_contract(session, contract.id, contract.version, {"end_on": date(2025, 1, 1)})


def test_a_line_edited_by_two_people_is_a_conflict(session: Session) -> None:
    contract = _contract(session)
    line = contracts.add_line(session, contract.id, amount_minor=100_000, quantity_micro=10_000_000)
    seen = line.version
    contracts.edit_line(session, line.id, seen, {"amount_minor": 90_000})
    with pytest.raises(ConflictError) as caught:
        contracts.edit_line(session, line.id, seen, {"amount_minor": 80_000})
    assert caught.value.theirs["amount_minor"] == 90_000


def test_a_notice_needs_its_proof(session: Session) -> None:
    contract = _contract(session)
    with pytest.raises(InvalidError):
        contracts.serve_notice(
            session, contract.id, contract.version, served_on=date(2026, 5, 1), by_person_id=None, how=" "
        )
    served = contracts.serve_notice(
        session,
        contract.id,
        contract.version,
        served_on=date(2026, 5, 1),
        by_person_id=None,
        how="registered letter",
    )
    assert served.notice_served_on == date(2026, 5, 1)
    contracts.withdraw_notice(session, contract.id, served.version)
    assert served.notice_served_on is None


def test_quarterly_instalments_sum_to_the_years_total_and_are_written_once(session: Session) -> None:
    contract = _contract(session, start_on=date(2026, 1, 31), billing_months=3)
    contracts.add_line(session, contract.id, amount_minor=100_001)
    made = contracts.plan_instalments(session, contract.id, until=date(2027, 1, 31))
    assert [i.due_on for i in made] == [
        date(2026, 1, 31),
        date(2026, 4, 30),
        date(2026, 7, 31),
        date(2026, 10, 31),
    ]
    assert sum(i.amount_minor for i in made) == 100_001
    assert contracts.plan_instalments(session, contract.id, until=date(2027, 1, 31)) == ()


def test_a_one_off_line_has_one_instalment(session: Session) -> None:
    contract = _contract(session, start_on=date(2026, 1, 1), billing_months=12)
    contracts.add_line(session, contract.id, amount_minor=5_000, one_off=True)
    assert len(contracts.plan_instalments(session, contract.id, until=date(2030, 1, 1))) == 1


def test_a_contract_of_another_unit_is_not_found(session: Session) -> None:
    emea, apac = builders.unit(session, "EMEA"), builders.unit(session, "APAC")
    contract = _contract(session, unit_id=emea.id)
    scope = scope_for(session, as_of=date(2026, 9, 30), unit=apac.code, environ={})
    with pytest.raises(NotFoundError):
        contracts.get_contract(session, scope, contract.id)
