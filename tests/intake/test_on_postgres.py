"""The main flows once more on PostgreSQL: the same tests, collected here under its marker."""

import pytest

from tests.intake.test_balances import (
    test_a_difference_is_signed_off_by_name_and_the_signature_lapses_with_it,
)
from tests.intake.test_card_bills import (
    test_a_bill_of_another_amount_is_counted_and_said_until_one_decision,
    test_a_card_bill_of_the_statements_sum_does_not_count_whatever_the_order,
)
from tests.intake.test_credits import test_a_refund_larger_than_the_spend_is_a_note_with_its_cell
from tests.intake.test_differences import (
    test_two_imports_are_compared_from_the_ledger_with_their_seats,
)
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
from tests.intake.test_restated import (
    test_another_ledger_is_never_restated_and_pairs_follow_the_restated_invoice,
    test_the_later_of_two_restatements_wins_and_its_undo_lets_the_earlier_stand,
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
    "test_a_bill_of_another_amount_is_counted_and_said_until_one_decision",
    "test_a_card_bill_of_the_statements_sum_does_not_count_whatever_the_order",
    "test_a_difference_is_signed_off_by_name_and_the_signature_lapses_with_it",
    "test_a_line_a_person_edited_stays",
    "test_a_refund_larger_than_the_spend_is_a_note_with_its_cell",
    "test_a_rule_places_lines_by_their_description",
    "test_a_split_sums_to_the_line_to_the_minor_unit",
    "test_an_import_is_one_entry_of_the_trail_with_its_digest",
    "test_an_overlapping_file_adds_only_what_is_new",
    "test_another_ledger_is_never_restated_and_pairs_follow_the_restated_invoice",
    "test_likely_pairs_stay_counted_until_one_decision_settles_the_file",
    "test_lines_enter_with_origin_supplier_and_summaries",
    "test_one_decision_settles_past_and_future_and_every_spelling",
    "test_one_invoice_in_two_ledgers_counts_once_whatever_the_order",
    "test_rates_restate_lines_and_summaries_and_undo_takes_that_back",
    "test_spend_that_came_before_its_tool_finds_it_and_undo_lets_go_again",
    "test_taking_a_settlement_back_restores_lines_and_sums",
    "test_text_no_database_holds_enters_all_the_same",
    "test_the_later_of_two_restatements_wins_and_its_undo_lets_the_earlier_stand",
    "test_two_imports_are_compared_from_the_ledger_with_their_seats",
    "test_undo_leaves_the_tables_as_they_were",
    "test_undo_returns_to_the_state_before_and_the_file_may_come_again",
    "test_usage_tells_never_from_unknown_and_joins_spellings_of_a_person",
]

pytestmark = pytest.mark.postgres
