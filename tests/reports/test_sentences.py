# ruff: noqa: E501 -- a sentence and its tests stand on one line
"""Which test shows which sentence of the product book's imports (§3) and judgement (§4).

A sentence whose test is renamed or dropped fails here, so that what is promised stays shown by name. Of §4.8 three are
not built and therefore not here: requests for a tool, approval by amount, and reports on a rhythm.
"""

import ast
from functools import cache
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[1]

SHOWN: Final[dict[str, dict[str, str]]] = {
    "3": {
        "nine kinds of file": "importers/test_records.py every_kind_has_fields contracts_with_terms_in_columns_and_in_words orders people benefits_and_rates",
        "xls, xlsb, ods, csv and tsv": "importers/test_wrappings.py any_wrapping_reads_back_to_the_same_lines"
            " | importers/test_spend_layouts.py text_files",
    },
    "3.1": {
        "title rows, header on row 7, two lines, blank rows": "importers/test_spend_layouts.py title_rows_and_a_decoy_above_the_header"
            " two_line_merged_headers a_table_at_c7_with_notes_beside_it",
        "sheets that are notes or pivots": "importers/test_spend_layouts.py which_sheets_are_used one_sheet_per_month_and_their_sum",
        "hidden rows, columns and sheets": "importers/test_spend_layouts.py hidden_sheets_rows_and_columns"
            " | importers/test_problem_codes.py sheet_hidden_rows_columns_and_sheet",
        "amounts and dates as text": "importers/test_values.py an_amount_that_reads_one_way_is_read dates months",
        "debit and credit, net, tax and gross, original and booked":
            "importers/test_spend_layouts.py debit_credit_and_balance net_tax_and_gross original_and_booked_amounts_with_the_same_heading"
            " credits_by_an_indicator_column",
        "1900 and 1904": "importers/test_values.py both_date_systems | importers/test_spend_layouts.py the_1904_date_system",
        "a correction is a profile used next time": "importers/test_spend_layouts.py a_corrected_layout_is_known_next_time"
            " | intake/test_walk.py an_edit_is_read_anew_and_remembered_for_the_next_file",
        "an open decimal mark or day order is asked": "importers/test_values.py an_amount_that_reads_two_ways_is_never_guessed"
            " | importers/test_spend_layouts.py a_decimal_mark_nobody_can_tell_is_asked_about a_date_order_nobody_can_tell_is_asked_about",
        "negative charges are asked about once": "importers/test_spend_layouts.py charges_listed_as_negative_are_asked_about_once",
        "at most fifteen digits; a residue is reported": "importers/test_spend_layouts.py a_fifteen_digit_number_and_one_longer_as_text"
            " float_noise_is_what_the_sheet_shows | importers/test_problem_codes.py spend_amount_finer_than_minor",
        "recoverable tax is taken off": "intake/test_spend_ledger.py recoverable_tax_is_taken_off_and_the_certificate_keeps_the_booked_amount",
        "a formula without a value is a problem of its own": "importers/test_problem_codes.py cell_formula_without_value",
        "stable codes with what to do; a bad row stops no good one":
            "importers/test_problem_codes.py every_code_has_a_title_and_says_what_to_do spend_amount_unreadable",
        "a bad file is refused whole with a sentence": "intake/test_walk.py a_refused_file_says_why_and_blocks_nothing",
        "their own workbook comes back marked": "workbook/test_annotate.py cells_are_coloured_and_commented_and_values_are_theirs",
    },
    "3.2": {
        "balances to the exact residue": "intake/test_spend_ledger.py the_certificate_balances_to_the_exact_residue",
        "foots with a total row, or the difference is shown": "importers/test_spend_layouts.py a_total_that_does_not_foot_is_said_and_never_added"
            " an_unlabelled_grand_total",
        "unreadable amounts wait for a signature by name": "intake/test_spend_ledger.py unreadable_amounts_wait_for_a_signature_by_name",
        "subtotals are control totals": "importers/test_spend_layouts.py subtotals_by_word_and_by_group_name a_subtotal_that_differs_is_named",
        "a missing date or supplier enters as unknown": "importers/test_problem_codes.py spend_date_missing spend_supplier_missing spend_date_unreadable",
        "a typed balance; the difference signed off by name": "intake/test_balances.py"
            " a_balance_ties_with_every_line_of_the_ledger_also_those_out_of_scope"
            " a_difference_is_signed_off_by_name_and_the_signature_lapses_with_it",
    },
    "3.3": {
        "certain pairs count once": "intake/test_pairs.py one_invoice_in_two_ledgers_counts_once_whatever_the_order"
            " undoing_the_counting_half_lets_the_other_count",
        "and lend each other detail": "intake/test_loans.py the_invoice_takes_service_dates_and_tool_of_its_booking"
            " what_is_lent_names_its_ledger_and_cell any_order_with_undos_between_ends_in_the_same_ledger",
        "probable pairs stay counted until one decision": "intake/test_pairs.py likely_pairs_stay_counted_until_one_decision_settles_the_file"
            " lines_too_far_apart_are_no_pair",
        "a card payment and the statement": "intake/test_card_bills.py a_card_bill_of_the_statements_sum_does_not_count_whatever_the_order",
    },
    "3.4": {
        "the same bytes are refused with a link": "intake/test_commands.py the_same_bytes_again_point_to_the_first_import",
        "only new lines enter; two honest equals stay two": "intake/test_spend_ledger.py an_overlapping_file_adds_only_what_is_new two_honest_equals_stay_two",
        "a line's identity": "intake/test_identity.py white_space_is_folded every_part_tells_lines_apart equals_are_numbered_in_order",
        "replace by key": "intake/test_restated.py a_restated_file_wins_by_its_key_and_the_certificate_balances undo_brings_the_old_lines_back_exactly",
        "credit notes are tied": "intake/test_credits.py a_credit_finds_its_invoice_whichever_came_first",
        "undo: reversed, kept, could not": "intake/test_records.py undo_leaves_the_tables_as_they_were undo_keeps_what_a_person_changed_since_and_says_so"
            " undo_could_not_remove_what_something_else_leans_on",
        "slices in any order, with undo between": "intake/test_spend_ledger.py overlapping_slices_in_any_order_with_undos_end_in_the_same_ledger",
        "workbook diff": "intake/test_differences.py new_gone_renamed_and_restated_in_one_pass the_price_per_seat_drifts_from_one_per_cent_on",
        "duplicate payment": "intake/test_pairs.py an_invoice_paid_on_two_days_is_a_duplicate_payment",
    },
    "3.5": {
        "decision, alias, rule, strong likeness, candidates, none": "intake_match/test_match.py a_past_decision_wins_over_everything"
            " an_exact_alias_wins_over_a_rule_and_ours_over_the_catalogues a_rule_wins_over_a_slip_of_the_pen nothing_known_is_none_with_a_reason",
        "precision first": "intake_match/test_match.py look_alikes_resellers_and_events_are_never_matched"
            " | intake_match/test_labels.py the_published_labels_reach_the_bars",
        "one decision settles past and future": "intake/test_suppliers.py one_decision_settles_past_and_future_and_every_spelling"
            " a_decision_survives_rename_undo_and_import_again",
        "biggest money first": "intake/test_suppliers.py the_queue_puts_likely_marketing_first_then_money",
        "three answers": "intake_match/test_match.py decisions_without_a_tool_settle_a_supplier_too",
        "never decided, with their share": "intake/test_suppliers.py progress_counts_every_kind_of_money_once",
        "a split's parts sum": "intake/test_splits.py the_parts_of_any_line_sum_to_it contract_lines_and_seats_weigh_a_split_as_of_its_day"
            " words_of_the_description_divide_by_line",
        "the catalogue proposes": "intake/test_suppliers.py adding_the_proposed_tool_places_its_suppliers",
    },
    "3.6": {
        "one tool per file or many": "importers/test_usage.py many_tools_in_one_sign_on_file counts_by_month_and_features",
        "known vendors' exports by their headings": "importers/test_usage_layouts.py a_layout_is_recognised_as_itself"
            " | importers/test_usage.py the_published_headings_are_recognised",
        "case and plus-tags make no second person; leavers": "intake/test_records.py usage_tells_never_from_unknown_and_joins_spellings_of_a_person"
            " people_are_found_by_address_and_leavers_are_marked",
        "an assignment list gives allocation only": "importers/test_usage.py an_assignment_list_gives_allocation_only"
            " | intake/test_records.py an_assignment_list_says_nothing_of_activity",
        "grade limits what is proposed": "reports/underuse/test_underuse.py grade_and_event_limit_what_is_proposed",
        "names for those who act on them": "web/test_scenario_pages.py who_does_not_act_on_people_sees_no_names_and_other_units_nothing",
    },
    "4": {
        "run rate: contract, then spend, then budget, else unknown; its basis shown":
            "facts/test_cost.py contract_before_spend_before_budget | facts/test_company.py figures_equal_a_naive_reading",
        "roll-ups are sums over sums": "reports/test_invariants.py totals_are_the_sums_of_their_rows_and_agree_between_pages",
        "the same findings feed page, sheet and chart":
            "web/test_report_json.py every_number_of_the_page_stands_in_the_object"
            " | workbook/test_audit.py money_on_the_sheets_equals_the_pages",
        "one euro once: the largest single finding, at most the run rate":
            "reports/test_findings.py the_largest_single_finding_never_the_sum at_most_the_run_rate"
            " equal_to_a_naive_join_and_never_above_the_run_rates",
        "recoverable this year, annualised, earliest date":
            "reports/test_findings.py what_can_be_taken_out_this_year_is_the_most_a_single_finding_says"
            " | reports/underuse/test_arithmetic.py this_year_counts_days_from_the_renewal",
        "bands by days to send-by, then money × confidence":
            "reports/test_findings.py the_last_day_of_a_band_belongs_to_it findings_stand_in_bands_then_by_money_and_confidence",
    },
    "4.1": {
        "four categories sized by yearly cost": "reports/stack/test_stack.py every_cut_of_the_money_sums_to_the_whole"
            " | figures/test_stack_map.py areas_are_in_proportion_to_money_and_lose_nothing",
        "coloured by finding": "reports/stack/test_stack.py marks_come_from_dates_capabilities_and_findings",
        "by business unit": "reports/stack/test_stack.py a_unit_sees_the_tools_it_pays_for_and_units_sum_to_the_whole",
        "at any date past or planned": "reports/stack/test_stack.py any_date_past_or_planned",
        "capabilities served 0, 1, 2+ times": "reports/coverage/test_coverage.py served_never_once_and_several_times",
        "types and the ten value roles, resting on one tool":
            "reports/coverage/test_coverage.py ten_roles_and_all_types_are_shown",
        "completeness, worst first": "reports/quality/test_quality.py worst_first_and_complete_last",
        "shared by a dated key, else shared": "facts/test_cost.py a_shared_tool_is_allocated_by_its_key_or_stays_shared"
            " | facts/test_validity.py a_units_tool_is_its_own_from_the_first_day_until_before_the_last",
    },
    "4.2": {
        "directional cover by weights": "reports/overlap/test_arithmetic.py cover_is_directional_and_weighted"
            " | reports/overlap/test_overlap.py weights_are_shown",
        "proven and possible; only proven carries money":
            "reports/overlap/test_overlap.py proven_overlap_carries_money unknown_use_is_possible_and_carries_no_money",
        "people in both, at least five, grade A or B": "reports/overlap/test_overlap.py proven_overlap_carries_money",
        "0.5 in either direction and two capabilities": "reports/overlap/test_arithmetic.py thresholds",
        "clusters inside or across units": "reports/overlap/test_overlap.py inside_each_unit_or_across"
            " | facts/test_overlapped.py inside_each_unit",
        "settled until a tool in it changes":
            "reports/overlap/test_overlap.py a_settled_group_stays_settled_until_a_tool_in_it_changes"
            " | governance/test_settling.py deliberate_wants_reason_and_review_and_dismiss_a_reason",
        "cost at stake: all less the cheapest cover, added seats included":
            "facts/test_overlapped.py groups_and_money_by_trying_every_subset"
            " | reports/overlap/test_cover.py the_hand_worked_cluster_of_the_manual seats_are_bought_in_packs",
        "owned twice, used once": "reports/overlap/test_overlap.py owned_twice_used_once_needs_no_migration",
        "lowest-cost stack, exact, with its proof":
            "scenarios/test_solver.py the_optimum_is_that_of_trying_everything the_bound_is_the_value_and_the_value_is_that_of_the_set",
        "locks, contract ends, moving, displaced users, single supplier":
            "scenarios/test_solver.py a_locked_tool_stays_and_the_displaced_get_seats_beyond_free_ones"
            " two_suppliers_are_kept_where_two_are_wanted a_contract_that_owes_its_whole_price_is_not_switched_off"
            " | scenarios/test_question.py moving_costs_keep_a_tool_and_are_paid_back_month_by_month",
        "infeasible: by capability and unit": "scenarios/test_solver.py what_cannot_be_met_is_named_by_capability_and_unit",
        "alternatives": "scenarios/test_solver.py an_alternative_is_the_cheapest_set_without_one_of_the_best",
    },
    "4.3": {
        "allocation, activity, utilisation; D − window < last ≤ D":
            "reports/underuse/test_underuse.py each_user_is_in_exactly_one_bucket"
            " the_trend_counts_the_window_before_each_files_own_day",
        "unknown and over-use shown": "reports/underuse/test_underuse.py over_use_is_shown_not_hidden unknown_is_unknown_and_counted",
        "purchased is its sum": "reports/underuse/test_arithmetic.py purchased_is_always_its_sum",
        "protected through the review day": "reports/underuse/test_underuse.py seats_kept_free_are_protected_through_their_review_day",
        "only persons and leavers": "governance/test_reclaims.py only_people_and_leavers_are_listed",
        "seat-days; mid-term additions are their own lines":
            "reports/underuse/test_arithmetic.py seats_added_in_mid_term_bring_their_own_days",
        "idle seats: 900 of 1000 → 0, 600 of 1000 → 333": "reports/underuse/test_arithmetic.py idle_seats_are_exact_integers"
            " idle_seats_agree_with_fractions",
        "idle to date": "reports/underuse/test_arithmetic.py idle_cost_to_date_is_the_share_of_the_term_that_is_gone",
        "recoverable: packs, minimum, reducible, next term":
            "reports/underuse/test_arithmetic.py packs_minimums_and_fixed_lines money_comes_from_the_line_total_and_the_next_term"
            " | facts/test_judged.py seats_that_can_go_seat_by_seat",
        "feature utilisation by weights": "reports/underuse/test_underuse.py feature_use_weighs_capabilities",
        "grade and event limit what is proposed": "reports/underuse/test_underuse.py grade_and_event_limit_what_is_proposed"
            " usage_of_ninety_days_is_no_longer_fresh",
        "trend by month": "reports/underuse/test_underuse.py the_best_file_counts_and_the_trend_shows_months",
        "reclaim states": "governance/test_reclaims.py the_steps_in_order a_state_outlives_the_next_file_and_its_undo",
        "consumption: burn-down and overage": "reports/underuse/test_arithmetic.py credits_burn_down_and_overage"
            " | reports/underuse/test_underuse.py consumption_tools_burn_down missing_credits_cost_what_the_contract_asks",
    },
    "4.4": {
        "locked, revised, transfers net to zero": "governance/test_budgets.py nobody_locks_their_own_and_a_locked_budget_is_read_only"
            " a_transfer_nets_to_zero_and_a_revision_starts_from_it",
        "a line's key; unbudgeted": "reports/budget/test_budget.py a_spend_line_joins_the_most_specific_line",
        "closed through by entity": "reports/budget/test_bridge.py the_last_month_all_books_have_closed",
        "allocation of invoices": "facts/test_allocation.py an_order_number_wins_over_amount_and_date"
            " within_five_per_cent_and_forty_five_days_and_no_further",
        "expected until the notice date, committed after": "facts/test_allocation.py a_renewal_is_expected_until_its_notice_day_and_committed_after",
        "every obligation in exactly one of three": "reports/budget/test_owed.py a_company_that_owes_to_the_cent"
            " | reports/budget/test_budget_naive.py a_random_company_to_the_cent",
        "vector: plan and contract 12 × 1,000": "reports/budget/test_budget.py plan_contract_and_a_missing_april",
        "vector: EUR 10,000 at 1.10 and 1.16": "reports/budget/test_budget.py currency_effect_stands_apart",
        "vector: budget load 7000": "reports/budget/test_budget.py invoiced_and_open_orders"
            " | facts/test_allocation.py invoiced_and_open_orders_of_the_book",
        "vector: 12,000 at 30 June, 5,950.68 or 6,000.00": "facts/test_accrual.py twelve_thousand_for_a_year_at_the_end_of_june"
            " | reports/budget/test_budget.py accrual_of_a_year_at_the_end_of_june a_ledger_export_is_accrued_already",
        "accrued or prepaid": "facts/test_accrual.py accrued_and_prepaid_are_never_both",
        "compared on the plan's own basis": "reports/budget/test_budget.py plan_and_actual_are_compared_on_the_plans_own_basis",
        "no rate: unconverted, never 1:1": "reports/budget/test_budget.py undated_unconverted_and_nameless_lines_stand_beside_the_totals",
        "a zero plan has no percentage; a year is its own":
            "reports/budget/test_budget.py variance_of_a_zero_plan_is_not_applicable_and_a_year_is_its_own",
        "late-year spend without instalments": "reports/budget/test_budget.py late_year_spend_is_flagged_without_contracts",
        "a deviation wants a reason": "reports/budget/test_budget.py a_deviation_wants_a_reason",
        "bridge: price, volume, currency, timing, new": "reports/budget/test_bridge.py price_volume_and_currency_of_one_line"
            " parts_sum_to_the_minor_unit_on_any_two_forecasts",
        "forecast back-tested": "reports/budget/test_backtest.py a_run_rate_misses_a_dear_last_quarter",
        "the five questions; frozen when approved; scope anew": "governance/test_cases.py the_five_questions_and_the_owner_are_asked_for"
            " approved_by_somebody_else_and_frozen_word_for_word a_change_of_scope_is_approved_anew_and_the_old_promise_holds_meanwhile",
        "early signals apart from results": "reports/cases/test_cases.py early_signals_stand_apart_from_results",
        "cash and non-cash apart; revenue × margin": "reports/cases/test_cases.py cash_and_non_cash_are_never_in_one_figure"
            " revenue_counts_at_its_contribution_margin_or_is_unknown",
        "ROI and ROMI": "facts/test_returns.py roi_and_romi | reports/cases/test_promised.py cases_by_hand",
        "vector: NPV 4.13, IRR 13.07 %, payback 1.67": "facts/test_returns.py npv_irr_and_payback_of_the_book",
        "several sign changes; never": "facts/test_returns.py irr_without_a_single_answer payback_takes_the_last_crossing_and_knows_never",
        "vector: TCO 5.7507 p, +15.0 %, +31.1 %": "facts/test_returns.py cost_of_ownership"
            " | reports/cases/test_cases.py peoples_time_is_counted_where_it_is_typed",
        "approved against delivered; uncovered; hit rate": "reports/cases/test_cases.py approved_against_delivered spend_no_case_covers"
            " the_hit_rate_shows_from_five_closed_cases_on",
    },
    "4.5": {
        "terms from the anchor, no drift": "facts/test_terms.py month_ends_do_not_drift terms_equal_a_walk_from_the_anchor",
        "last day, renewal date, unknown": "facts/test_terms.py a_last_day_is_in_force_and_an_unknown_kind_is_the_earlier_reading",
        "the notice day is still open; send by": "facts/test_terms.py the_notice_day_itself_is_still_open send_by_and_gates",
        "express does not roll; silent is unknown": "facts/test_terms.py express_renewals_do_not_roll"
            " a_contract_silent_on_renewal_is_no_express_one",
        "vector: end 2025-08-28, notice 2 m": "facts/test_terms.py a_stated_end_rolls_on_by_its_renewal_term",
        "vector: 36 m then 12 m, notice 3 m": "facts/test_terms.py an_initial_term_then_renewals",
        "vector: lead 21 d": "facts/test_terms.py the_alert_comes_the_lead_time_before_the_notice_day",
        "vector: 72 months, not 120": "facts/test_terms.py sixty_months_and_a_renewal_of_twelve_are_seventy_two",
        "vectors: 2 Oct, 1 Mar": "facts/test_terms.py notice_in_days_and_in_months",
        "states": "facts/test_terms.py a_served_notice_stops_the_rolling month_to_month_and_not_started"
            " | reports/renewals/test_renewals.py a_window_that_is_open_and_one_that_is_missed out_of_contract_but_still_paying",
        "history with first quotes": "reports/renewals/test_renewals.py history_keeps_price_seats_and_the_first_quote",
        "iCalendar": "reports/renewals/test_renewals.py the_calendar_holds_each_send_by_date_once",
        "already committed next year and its curve": "reports/renewals/test_renewals.py next_year_is_locked_decidable_or_free"
            " | facts/test_judged.py terms_and_next_year_day_by_day what_becomes_un_cuttable_week_by_week",
        "cost of inaction": "reports/test_findings.py doing_nothing_costs_what_is_recoverable_over_the_renewal_term",
    },
    "4.6": {
        "decisions and their actions": "governance/test_decisions.py open_decisions_come_first_with_their_late_steps",
        "scores, unscored tray, mismatch": "governance/test_settling.py quadrants_and_mismatch an_unscored_tool_sits_in_the_tray",
        "four stages, signed": "governance/test_savings.py the_four_stages_in_order_and_signed"
            " a_saving_signed_later_is_not_realised_on_the_days_before",
        "avoidance by the written quote": "governance/test_savings.py avoidance_needs_the_written_quote_and_stands_apart",
        "never twice, never above the run rate": "governance/test_savings.py never_above_the_run_rate_and_never_twice"
            " | reports/test_invariants.py savings_by_adding_up",
        "one-off or recurring, in-year and annualised": "governance/test_savings.py stages_and_years_as_they_were",
    },
    "4.7": {
        "off, seats, dates after notice": "scenarios/test_scenarios.py a_tool_costs_until_its_term_ends_when_notice_can_be_given"
            " a_missed_notice_day_owes_the_next_term fewer_seats_count_from_the_next_term_and_more_at_once",
        "capabilities to zero or one": "scenarios/test_scenarios.py capabilities_fall_to_none_or_one",
        "people, seats, moving, break-even": "scenarios/test_scenarios.py people_move_with_free_seats_first_and_moving_costs_are_paid_back"
            " seats_of_those_who_move_are_bought_in_packs break_even_is_the_month_from_which_money_stays_back",
        "saved and compared": "web/test_scenario_pages.py a_scenario_is_built_shown_and_compared",
        "joining two units": "scenarios/test_scenarios.py joined_units_show_what_both_do_in_several_tools",
        "becomes decisions": "web/test_scenario_pages.py the_lowest_cost_stack_becomes_a_scenario_and_that_decisions",
        "nothing changed equals today": "scenarios/test_scenarios.py random_companies_start_from_their_forecast",
        "every figure opens to its parts and lines": "scenarios/test_origins.py random_companies_part_by_part_and_down_to_their_lines"
            " | web/test_scenario_pages.py every_figure_opens_to_what_it_is_made_of",
    },
    "4.8": {
        "nobody approves their own; an approval breaks with its facts": "governance/test_cases.py nobody_approves_their_own"
            " an_approval_of_facts_that_changed_is_refused",
        "every change: who, when, before, after": "store/test_trail.py a_life_of_a_record a_value_set_without_loading_the_old_one_still_shows_it",
        "append-only": "store/test_trail.py the_database_refuses_to_change_an_entry the_database_refuses_to_empty_the_trail"
            " replace_does_not_pass_the_triggers_by",
        "altered, removed, reordered and cut entries are found": "store/test_trail.py tampering_is_found an_end_cut_off_and_written_anew_is_found"
            " a_head_that_lags_over_a_forged_end_does_not_catch_up",
        "personal values are references": "store/test_trail.py personal_values_stand_as_references",
        "an import is one entry with its digest": "intake/test_spend_ledger.py an_import_is_one_entry_of_the_trail_with_its_digest",
        "what changed since the last look": "web/test_visits.py a_look_is_noted_and_the_next_sign_in_compares",
        "overlap inside units or across": "reports/overlap/test_overlap.py inside_each_unit_or_across",
    },
    "4.9": {
        "year, sample, window and definition stand with each": "facts/test_published.py conflicting_values_stand_side_by_side",
        "only beside the same definition and window": "facts/test_published.py nothing_stands_beside_nothing"
            " a_ninety_day_figure_is_not_their_thirty_day_one",
        "conflicting values side by side": "facts/test_published.py conflicting_values_stand_side_by_side",
        "one-year contracts": "facts/test_published.py the_share_of_one_year_contracts",
    },
    "4.10": {
        "every figure says how much of it is known": "facts/test_ledger_coverage.py each_part_opens_to_its_lines"
            " | reports/test_bad_input.py a_currency_without_a_rate a_year_without_a_budget",
        "matched, converted, tied out, fresh and graded": "facts/test_ledger_coverage.py a_vendor_nobody_settled_waits_and_a_settled_one_does_not"
            " | intake/test_balances.py the_dashboard_says_how_the_balances_stand"
            " | reports/underuse/test_underuse.py usage_of_ninety_days_is_no_longer_fresh",
        "and opens to its lines": "reports/budget/test_budget.py a_figure_opens_to_exactly_its_lines"
            " | web/test_reports.py a_figure_leads_down_to_the_lines_and_their_cells",
        "each bad input on its page and in its object": "web/test_bad_input_pages.py it_shows_on_its_page_and_in_the_object",
    },
}  # fmt: skip


@cache
def held_by(path: str) -> frozenset[str]:
    """The tests a file holds, without their prefix."""
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(
        each.name.removeprefix("test_")
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")
    )


@pytest.mark.parametrize("number", SHOWN)
def test_each_sentence_is_shown_by_a_test_that_is_there(number: str) -> None:
    gone = []
    for sentence, said in SHOWN[number].items():
        for part in said.split(" | "):
            path, *names = part.split()
            assert names, (number, sentence)
            gone += [f"{sentence}: {path} {name}" for name in names if name not in held_by(path)]
    assert not gone, gone
