"""The main flows once more on PostgreSQL: the same tests, collected here under its marker."""

import pytest

from tests.intake.test_pairs import (
    test_likely_pairs_stay_counted_until_one_decision_settles_the_file,
    test_one_invoice_in_two_ledgers_counts_once_whatever_the_order,
)
from tests.intake.test_records import (
    test_rates_restate_lines_and_summaries_and_undo_takes_that_back,
    test_spend_that_came_before_its_tool_finds_it_and_undo_lets_go_again,
    test_undo_leaves_the_tables_as_they_were,
    test_usage_tells_never_from_unknown_and_joins_spellings_of_a_person,
)
from tests.intake.test_spend_ledger import (
    test_a_line_a_person_edited_stays,
    test_an_import_is_one_entry_of_the_trail_with_its_digest,
    test_an_overlapping_file_adds_only_what_is_new,
    test_lines_enter_with_origin_supplier_and_summaries,
    test_text_no_database_holds_enters_all_the_same,
    test_undo_returns_to_the_state_before_and_the_file_may_come_again,
)
from tests.intake.test_suppliers import (
    test_a_rule_places_lines_by_their_description,
    test_a_split_sums_to_the_line_to_the_minor_unit,
    test_one_decision_settles_past_and_future_and_every_spelling,
    test_taking_a_settlement_back_restores_lines_and_sums,
)

__all__ = [
    "test_a_line_a_person_edited_stays",
    "test_a_rule_places_lines_by_their_description",
    "test_a_split_sums_to_the_line_to_the_minor_unit",
    "test_an_import_is_one_entry_of_the_trail_with_its_digest",
    "test_an_overlapping_file_adds_only_what_is_new",
    "test_likely_pairs_stay_counted_until_one_decision_settles_the_file",
    "test_lines_enter_with_origin_supplier_and_summaries",
    "test_one_decision_settles_past_and_future_and_every_spelling",
    "test_one_invoice_in_two_ledgers_counts_once_whatever_the_order",
    "test_rates_restate_lines_and_summaries_and_undo_takes_that_back",
    "test_spend_that_came_before_its_tool_finds_it_and_undo_lets_go_again",
    "test_taking_a_settlement_back_restores_lines_and_sums",
    "test_text_no_database_holds_enters_all_the_same",
    "test_undo_leaves_the_tables_as_they_were",
    "test_undo_returns_to_the_state_before_and_the_file_may_come_again",
    "test_usage_tells_never_from_unknown_and_joins_spellings_of_a_person",
]

pytestmark = pytest.mark.postgres
