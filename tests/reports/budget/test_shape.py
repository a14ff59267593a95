"""From how many months of last year its shape is followed (the manual: at least six with spend)."""

import pytest

from mopsaudit.reports.budget.arithmetic import expected_spend


@pytest.mark.parametrize(
    "months, known, expected",
    [
        (6, True, (200, "last year's shape")),
        (5, True, (100, "run rate of 6 closed months")),
        (6, False, (100, "run rate of 6 closed months")),
    ],
)
def test_six_months_of_a_year_the_ledger_holds_are_its_shape(
    months: int, known: bool, expected: tuple[int, str]
) -> None:
    """100 came in six closed months; last year brought 10 in its first month and twice its rest after the sixth."""
    last_year = {0: 10, **dict.fromkeys(range(7, 6 + months), 20 // (months - 1))}
    assert expected_spend({0: 100}, last_year, months=range(12), closed=5, last_year_known=known) == expected
