"""Lending between ledgers, tools asked by name and undo once more on PostgreSQL: the same tests, under its marker."""

import pytest

from tests.intake.test_loans import (
    test_a_credit_follows_the_lent_dates_of_what_it_credits,
    test_a_line_without_a_supplier_is_likely_the_one_with_its_number,
    test_any_order_with_undos_between_ends_in_the_same_ledger,
    test_loans_follow_a_later_decision_and_a_later_rule,
    test_the_invoice_takes_service_dates_and_tool_of_its_booking,
    test_what_is_lent_names_its_ledger_and_cell,
)
from tests.intake.test_tool_categories import (
    test_a_slip_in_an_answer_is_named_and_nothing_is_kept_of_it,
    test_a_tool_without_a_category_that_nothing_places_is_asked_by_name,
    test_many_tools_without_a_category_are_asked_about_at_once,
    test_the_next_list_of_the_layout_is_not_asked_again,
)

__all__ = [
    "test_a_credit_follows_the_lent_dates_of_what_it_credits",
    "test_a_line_without_a_supplier_is_likely_the_one_with_its_number",
    "test_a_slip_in_an_answer_is_named_and_nothing_is_kept_of_it",
    "test_a_tool_without_a_category_that_nothing_places_is_asked_by_name",
    "test_any_order_with_undos_between_ends_in_the_same_ledger",
    "test_loans_follow_a_later_decision_and_a_later_rule",
    "test_many_tools_without_a_category_are_asked_about_at_once",
    "test_the_invoice_takes_service_dates_and_tool_of_its_booking",
    "test_the_next_list_of_the_layout_is_not_asked_again",
    "test_what_is_lent_names_its_ledger_and_cell",
]

pytestmark = pytest.mark.postgres
