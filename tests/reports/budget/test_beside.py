"""What stands beside the totals opens exactly the lines it sums, and a plan without a rate is named."""

from datetime import date

from sqlalchemy.orm import Session

from mopsaudit.facts.lines import lines_of
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount
from mopsaudit.reports.budget import build
from mopsaudit.words import SpendType
from tests import builders


def _buckets(session: Session) -> dict[str, tuple[Amount, int]]:
    scope = scope_for(session, as_of=date(2026, 6, 15), environ={})
    (section,) = [each for each in build(session, scope).sections if each.key == "buckets"]
    found = {}
    for row in section.rows:
        amount = row.values["amount"]
        assert isinstance(amount, Amount)
        lines = amount.trace.lines if amount.trace else None
        found[row.id] = (amount, lines_of(session, scope, lines).count if lines else 0)
    return found


def test_a_bucket_opens_the_lines_it_sums(session: Session) -> None:
    for day in (date(2025, 5, 5), date(2026, 5, 5), date(2026, 6, 20), None):
        builders.spend_line(session, 10_00, on=day, currency="GBP", converted=False)
    builders.spend_line(session, 7_00, on=None)
    builders.spend_line(session, 9_00, on=None, spend_type=SpendType.NOT_SPEND)
    found = _buckets(session)
    pounds, opened = found["unconverted:GBP"]
    assert (pounds.minor, opened) == (20_00, 2)
    undated, opened = found["undated"]
    assert (undated.minor, undated.origins, opened) == (7_00, 2, 2)


def test_a_plan_without_a_rate_is_named_with_the_currencies_left_out(session: Session) -> None:
    builders.budget(session, lines=[{"cost_centre": "MK1", "currency": "GBP", "monthly": 100_00}])
    scope = scope_for(session, as_of=date(2026, 6, 15), environ={})
    coverage = build(session, scope).coverage
    assert "no rate for GBP" in coverage.sentence
    assert coverage.parts["unconverted_currencies"] == "GBP"
