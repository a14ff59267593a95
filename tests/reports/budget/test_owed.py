"""What is owed, late, expected and where the year lands, against a naive reading of random companies: to the cent."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount
from mopsaudit.reports.budget import build
from tests.reports.budget.owed import owing_company, read_naively

KEYS = ("plan", "actual", "committed", "late", "expected")
SEEDS = range(12)  # the others: tests/reports/test_random_companies.py


def agree(session: Session, as_of: date, seed: int) -> None:
    """Totals and each budget line of the report equal the naive reading."""
    report = build(session, scope_for(session, as_of=as_of, environ={}))
    reading = read_naively(session, as_of)

    def minor(value: object) -> int:
        assert isinstance(value, Amount)
        return value.minor or 0

    rows = {row.id: row.values for row in report.rows}
    for key, found in reading.by_line.items():
        values = rows.get("unbudgeted" if key is None else f"budget_line:{key}")
        if values is None:
            assert key is None
            assert not any(found.values())
            continue
        ours = {name: minor(values[name]) for name in KEYS}
        assert ours == {name: found[name] for name in KEYS}, (seed, as_of, key)
        assert minor(values["forecast"]) == ours["actual"] + ours["committed"] + ours["expected"]
    totals = next(each for each in report.sections if each.key == "totals")
    figures = {row.id: minor(row.values["amount"]) for row in totals.rows}
    assert {name: figures[name] for name in KEYS} == {name: getattr(reading, name) for name in KEYS}, seed
    assert figures["available"] == reading.plan - reading.actual - reading.committed
    assert figures["headroom"] == reading.plan - reading.actual - reading.committed - reading.expected


@pytest.mark.parametrize("seed", SEEDS)
def test_a_company_that_owes_to_the_cent(session: Session, seed: int) -> None:
    agree(session, owing_company(session, seed), seed)


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [2, 9])
def test_the_same_on_postgresql(session: Session, seed: int) -> None:
    agree(session, owing_company(session, seed), seed)
