"""Narrowing a ledger and reading what the spend says once more on PostgreSQL: the same tests, under its marker."""

import pytest

from tests.facts.test_supplier_spend import (
    test_against_a_naive_reading,
    test_descriptions_that_speak_of_a_year,
    test_what_stands_beside_is_counted,
)
from tests.intake.test_narrowing import (
    test_a_pair_lets_go_of_what_is_out_of_scope,
    test_narrowing_and_widening_bring_back_the_same_ledger,
    test_undo_and_narrowing_in_any_order,
)

__all__ = [
    "test_a_pair_lets_go_of_what_is_out_of_scope",
    "test_against_a_naive_reading",
    "test_descriptions_that_speak_of_a_year",
    "test_narrowing_and_widening_bring_back_the_same_ledger",
    "test_undo_and_narrowing_in_any_order",
    "test_what_stands_beside_is_counted",
]

pytestmark = pytest.mark.postgres
