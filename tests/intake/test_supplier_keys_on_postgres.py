"""New keys of suppliers on PostgreSQL: the same tests, collected here under its marker."""

import pytest

from tests.intake.test_supplier_keys import (
    test_a_decided_supplier_is_found_under_its_new_key,
    test_an_open_supplier_follows_the_decision_and_may_be_opened_again,
    test_contradicting_decisions_stay_apart_until_a_person_settles_them,
    test_suppliers_that_exchange_their_keys_do,
    test_two_open_suppliers_join_with_spellings_lines_and_sums,
)

__all__ = [
    "test_a_decided_supplier_is_found_under_its_new_key",
    "test_an_open_supplier_follows_the_decision_and_may_be_opened_again",
    "test_contradicting_decisions_stay_apart_until_a_person_settles_them",
    "test_suppliers_that_exchange_their_keys_do",
    "test_two_open_suppliers_join_with_spellings_lines_and_sums",
]
pytestmark = pytest.mark.postgres
