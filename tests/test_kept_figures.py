"""`db check` of signed savings: what was signed is recomputed from the months and the lines."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from mopsaudit.kept_figures import check_savings
from mopsaudit.periods import month_of
from mopsaudit.store.models import Saving, SavingLine
from tests import builders

JULY = month_of(date(2026, 7, 1))


def signed(session: Session, realised: int, **values: object) -> Saving:
    """The manual's example: baseline 12,000 a year, July and August, 500 invoiced each month."""
    tool = builders.tool(session)
    finance = builders.person(session)
    saving = Saving(
        **{
            "title": "Fewer seats",
            "tool_id": tool.id,
            "stage": "realised",
            "currency": "USD",
            "baseline_minor": 12_000_00,
            "annual_minor": 6_000_00,
            "realised_minor": realised,
            "proof_from": JULY,
            "proof_until": JULY + 2,
            "signed_by_id": finance.id,
            "signed_at": datetime(2026, 9, 3, tzinfo=UTC),
        }
        | values
    )
    session.add(saving)
    session.flush()
    for month in (7, 8):
        line = builders.spend_line(session, 500_00, on=date(2026, month, 5), tool=tool)
        session.add(SavingLine(saving_id=saving.id, line_id=line.id, amount_minor=500_00, currency="USD"))
    session.flush()
    return saving


def test_what_the_lines_show_holds(session: Session) -> None:
    signed(session, 1_000_00)
    check = check_savings(session)
    assert (check.checked, check.wrong, check.warnings) == (1, 0, [])


def test_a_signature_above_what_the_lines_show_is_told(session: Session) -> None:
    saving = signed(session, 1_000_01)
    (said,) = check_savings(session).differences
    assert f"saving {saving.id} (Fewer seats) was signed for 100001 minor units of USD" in said
    assert said.endswith("its months leave 100000: baseline 200000, paid 100000.")


@pytest.mark.parametrize("values", [{"signed_by_id": None}, {"proof_from": None}, {"proof_until": JULY + 13}])
def test_a_realised_saving_without_signature_or_months_is_told(
    session: Session, values: dict[str, object]
) -> None:
    signed(session, 1_000_00, **values)
    assert check_savings(session).wrong >= 1


def test_a_line_that_counts_more_than_it_holds_is_told(session: Session) -> None:
    saving = signed(session, 400_00)
    held = session.query(SavingLine).filter_by(saving_id=saving.id).first()
    assert held is not None
    held.amount_minor = 600_00
    session.flush()
    assert "counts 60000 of line" in check_savings(session).differences[0]


def test_a_line_that_left_the_ledger_is_a_warning(session: Session) -> None:
    saving = signed(session, 1_000_00)
    line_id = session.query(SavingLine.line_id).filter_by(saving_id=saving.id).first()
    assert line_id is not None
    from mopsaudit.store.models import SpendLine

    session.get_one(SpendLine, line_id[0]).living = False
    session.flush()
    check = check_savings(session)
    assert check.wrong == 0
    assert "left the ledger" in check.warnings[0]
