# ruff: noqa: E501 -- an example and its tests stand on one line
"""Which test shows which worked example of the manual, by the figures the example gives.

An example whose words change fails here until its test is looked at; so does one that is new and
not listed, and a test that is renamed or dropped.
"""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.reports.test_sentences import held_by

MANUAL: Final = Path(__file__).parents[1] / "mopsaudit" / "docs" / "manual"
#: How an example begins, once stars are off and blanks are single.
BEGINS: Final = re.compile(r"Worked example|Worked by hand|Example\b|(?:In|With) the example")

SHOWN: Final[dict[str, dict[str, str]]] = {
    "audit-workbook": {
        "Example: 10,000 in 2024, 12,000 in 2025 is +20 % against the term before; closed at 10,000 after a first quote of 12,500 is 20 % below it.":
            "workbook/test_negotiation.py names_prices_and_first_quotes_are_told",
    },
    "budget": {
        "Worked example: Hub · M1 · 600 is planned; an invoice of the Hub from a card statement (no cost centre) joins it, one booked to M2 does not; were Hub · M2 · 600 planned too, the card's line would be unbudgeted.":
            "reports/budget/test_joining.py an_invoice_without_a_cost_centre_joins_the_line_of_its_tool_and_is_told of_two_lines_for_one_tool_neither_is_guessed",
        "Worked example: last year 100 a month through September, then 200; after nine closed months the run rate foresees 900 + 3 × 100 = 1,200, and 1,500 came: 300, 20 % too low. With a year before of the same shape: 900 + 900 × 600 ÷ 900 = 1,500, exact.":
            "reports/budget/test_backtest.py a_run_rate_misses_a_dear_last_quarter the_shape_is_tried_with_the_year_before_last",
        "Worked example: closed through April with 90.00 a month, May holds 30.00: expected is 8 × 90.00 − 30.00 = 690.00, of it 60.00 in May and 90.00 in each month after.":
            "reports/budget/test_by_month.py a_run_rate_fills_the_open_months_less_what_they_hold",
        "Worked example: 400.00 credited in February for the service of last year: invoiced −400.00, accrual 0.00.":
            "reports/test_bad_input.py a_credit_for_last_year_stays_in_the_year_it_is_booked",
        "Worked example. Plan and contract 12 × 1,000; closed through May; invoices for January, February, March and May. Invoiced 4,000; open commitments 8,000, of which April's 1,000 is late; forecast 12,000; uncommitted 0; variance to date +1,000 (timing), full year 0. And: EUR 10,000 planned at 1.10, booked at 1.16: plan 11,000, invoiced 11,600, variance −600 = volume 0 + currency −600. And: 12,000 for 2026, at 30 June: 5,950.68 by days, 6,000.00 in months.":
            "reports/budget/test_budget.py plan_contract_and_a_missing_april currency_effect_stands_apart accrual_of_a_year_at_the_end_of_june",
        "Worked example. Then: 100 seats at EUR 120, 1 EUR = 1.10 USD, forecast 13,200 USD. Now: 110 seats at EUR 126 and 1.15, forecast 13,860 EUR = 15,939 USD. At the former rate today's contract is 15,246. Volume: 13,200 × 110 ÷ 100 − 13,200 = +1,320. Price: 15,246 − 14,520 = +726. Currency: 15,939 − 15,246 = +693. Together +2,739 = 15,939 − 13,200.":
            "reports/budget/test_bridge.py price_volume_and_currency_of_one_line",
    },
    "cases": {
        "Worked example: −100, 60, 60 at 10 %: NPV 4.13, IRR 13.07 %, payback 1.67 years. A price that rises 7 % a year costs 5.7507 times its first year over five years, 15.0 % more than flat; the fifth year costs 31.1 % more.":
            "facts/test_returns.py npv_irr_and_payback_of_the_book cost_of_ownership",
    },
    "coverage": {
        "Example: Sentiment analysis is used in A and of unknown use in B: several tools. Crisis alerts is owned by A and known to be unused: not served. Mention tracking is half used in A only: one tool; when A is retired, it falls to zero.":
            "reports/coverage/test_coverage.py served_never_once_and_several_times",
    },
    "dashboard": {
        "Worked example. On Monday the dashboard showed you 12 findings and a forecast of 3,535,085 USD. On Thursday you sign in: 2 findings are new, 1 was settled, and the forecast is 3,585,807 USD. It says: 2 new findings, 1 settled, the forecast moved by +50,722 USD.":
            "reports/test_dashboard.py what_changed_since_the_last_visit",
    },
    "duplicates-and-undo": {
        "Worked example. January's file holds lines A, B, B. February's holds B, B, B, C. The first import enters three lines; the second enters the third B and C, and shows two duplicates. Undo the first: A goes, both B stay, because the second file holds them too.":
            "intake/test_spend_ledger.py equals_of_two_files_and_the_undo_of_the_first",
        "Worked example. Accounts payable holds INV-77 of PULSEWERK GMBH, 1,200.00, invoice. The general ledger holds INV-77, 1,200.00, Analytics suite, service 1 Jan to 31 Dec 2026, and your rule puts analytics on the tool Pulse. The invoice counts, on Pulse, spread over 2026 in the accrual view. Undo the general ledger's file: the invoice counts still, on no tool and in its own month.":
            "intake/test_loans.py the_invoice_takes_service_dates_and_tool_of_its_booking",
    },
    "findings": {
        "Worked example. A contract of 12,000 a year for 100 seats: idle seats make 7,920 a year, and the tool overlaps another, which makes 12,000. At stake on that line is 12,000, not 19,920. If the overlap is dismissed, 7,920 remain.":
            "reports/test_findings.py the_manuals_idle_seats_and_overlap_on_one_line",
        "With the example above and a renewal for 24 months: 7,920 × 24 ÷ 12 = 15,840.":
            "reports/test_findings.py the_manuals_idle_seats_and_overlap_on_one_line",
    },
    "imports": {
        "Example: `Clay`, 30 Jun 2026, bought 1,000, used 400, and 30 Sep 2026, used 860, in a term that ends on 31 December: 5 a day, 140 left, out on 28 October, 320 missing;":
            "intake/test_credit_readings.py readings_reach_the_report_with_what_runs_short",
        "Example: 1,194 lines, 83,120.00. Only cost centre 4100: 310 lines, 41,000.00 imported, 884 lines, 42,120.00 out of scope; 41,000.00 + 42,120.00 = 83,120.00. Widened again: 83,120.00 imported, nothing out of scope.":
            "intake/test_narrowing.py a_large_file_narrowed_to_one_cost_centre",
    },
    "overlap": {
        "Example: A costs 50,000 and has 60 active users; B costs 30,000, does all A does, has 20 free seats at 100 a year. B alone would do: 60 − 20 = 40 seats are added for 4,000, so 80,000 − 30,000 − 4,000 = 46,000 is at stake.":
            "reports/overlap/test_cover.py the_hand_worked_cluster_of_the_manual",
    },
    "quality": {
        "Example: two tools, one with all six and one with a business owner only: 7 of 12, 58 %. Usage of 89 days is fresh, of 90 days stale.":
            "reports/quality/test_quality.py two_tools_of_which_one_has_all_six_facts worst_first_and_complete_last",
    },
    "rates": {
        "Example: 1,000.00 EUR booked on 14 March, with a rate of 1.0842 from 1 March, is 1,084.20 USD.":
            "intake/test_rate_table.py a_line_takes_the_rate_that_holds_on_its_day",
    },
    "reconciliation": {
        "Worked example. Two cells hold 0.335 and 1.115 USD. Data is 1.450; the ledger takes 0.34 and 1.12, so imported is 1.46 and rounding −0.010: 1.450 = 1.46 − 0.010. Balanced.":
            "intake/test_spend_ledger.py the_certificate_balances_to_the_exact_residue",
        "Worked example. The ledger says 125.50 for March, our lines come to 120.50. The difference of 5.00 is an accrual without an invoice; finance signs it off. A late file brings a line of 1.00: the difference is 4.00 now, and the signature no longer covers it.":
            "intake/test_balances.py a_difference_is_signed_off_by_name_and_the_signature_lapses_with_it",
    },
    "renewals": {
        "Worked example: end 28 August 2025, renews for 12 months, notice 2 months, asked on 11 February 2026. The first end after that day is 28 August 2026; notice by 28 June 2026, a Sunday; Friday 26 June less 5 business days: send by 19 June 2026.":
            "facts/test_terms.py a_stated_end_rolls_on_by_its_renewal_term",
        "Worked example: terms of 12, 12, 36 and an unknown number of months: 2 of 3, 67 %.":
            "facts/test_published.py the_share_of_one_year_contracts",
    },
    "savings": {
        "Worked example. A line costs 12,000 a year. A saving of 8,000 is entered; a second of 5,000 is refused (4,000 is left); 4,000 is accepted; a further saving on the tool itself is refused. A renewal brings the price down to 8,000 through a saving of 4,000: 8,000 are left to save, and no more.":
            "governance/test_savings.py never_above_the_run_rate_and_never_twice a_price_that_fell_leaves_room_for_what_is_left_and_no_more",
        "Worked example. Baseline 12,000 a year, July and August: 2,000. Invoiced: 500 each month. At most 1,000 is signed.":
            "test_kept_figures.py what_the_lines_show_holds a_signature_above_what_the_lines_show_is_told",
    },
    "scenarios": {
        "Worked by hand One unit, on 30 September 2026, 36 months (1,096 days) from 1 October; nothing can be switched off before 1 January 2027.":
            "scenarios/test_question.py the_example_of_the_manual | web/test_scenario_pages.py a_small_question_is_answered_at_once",
        "- Keep all: 36,000 + 18,000 + 9,000 = 63,000. - Without Beta: 36,000 + 9,000, Beta's first 92 days 18,000 × 92 ÷ 1,096 = 1,510.95, and 20 people without a seat on Alpha: 10 free, 10 bought × 300 × 33 ÷ 12 = 8,250. Together 54,760.95. - Without Alpha: 18,000 + 9,000, Alpha's first 92 days 36,000 × 92 ÷ 1,096 = 3,021.90, and 20 people without a seat on Beta, none free: 20 × 200 × 33 ÷ 12 = 11,000. Together 41,021.90. The cheapest is to switch Alpha off: 21,978.10 less in 36 months, 12,000 − 4,000 = 8,000 a year once it has ended.":
            "scenarios/test_question.py the_example_of_the_manual",
        "Worked by hand: Alpha is billed 12,000 each 1 January, renews for 12 months, 60 days' notice. On 30 September 2026 it is to be gone by 1 May 2027. The term that ends on 1 January 2027 is too early, so it renews and is billed once more; it ends on 1 January 2028. 2027 saves nothing, 2028 saves 12,000.":
            "scenarios/test_scenarios.py a_tool_costs_until_its_term_ends_when_notice_can_be_given a_missed_notice_day_owes_the_next_term",
        "In the example: | part | today | with these tools | less | |---|---|---|---| | Alpha's line, owed until it ends | 36,000 | 3,021.90 | 32,978.10 | | Beta: 20 seats for movers | 0 | 11,000 | −11,000 | | Beta's line | 18,000 | 18,000 | 0 | | Gamma's line | 9,000 | 9,000 | 0 | | together | 63,000 | 41,021.90 | 21,978.10 |":
            "scenarios/test_stack_parts.py the_manuals_table_of_parts",
        "In the example below the last fiscal year is made of Alpha 12,000 and then 0, Beta's seats 0 and then 20 × 200 = 4,000, Beta 6,000 and Gamma 3,000 as today.":
            "scenarios/test_origins.py the_manuals_example_part_by_part",
        "In the example of the lowest-cost stack above, switching Alpha off on 1 January 2027 with its people going to Beta: 12,000 + 6,000 + 3,000 = 21,000 a year today, and 6,000 + 20 × 200 + 3,000 = 13,000 then; it saves 8,000 a year, and sentiment and mentions are left with one supplier each.":
            "workbook/test_scenario_chapter.py the_manuals_example_by_hand",
    },
    "spend": {
        "Worked example As of 30 Sep 2026 the ledger holds Oct 2024 to Aug 2026. `HUBSPOT INC.`: 10,000.00 on 12 Nov 2024, 10,700.00 on 10 Nov 2025. - Twelve months, Sep 2025 to Aug 2026: 10,700.00. - Rhythm: two invoices, 12 months apart: yearly, likely. - Likely renewal: Nov 2025 + 12 months = Nov 2026 (D). - Price change: 700 ÷ 10,000 = +7 % in Nov 2025.":
            "spending/test_spend.py one_file_answers",
    },
    "stack": {
        "Example. 900,000 in one category and 100,000 in another cover nine parts and one part of the map.":
            "figures/test_stack_map.py nine_parts_and_one_part_of_the_map",
        "Example: a key of 33.3333 %, 33.3333 % and 33.3334 % divides 1.00 into 0.33, 0.33 and 0.34.":
            "facts/test_cost.py a_shared_tool_is_allocated_by_its_key_or_stays_shared",
    },
    "suppliers": {
        "Example: `ZORBLAX SP. Z O.O.` was settled as one tool and `Zorblax` as another; the queue says so, and `ZORBLAX GmbH` waits until you choose.":
            "intake/test_supplier_keys.py contradicting_decisions_stay_apart_until_a_person_settles_them",
        "Example: 7,000 settled as not marketing, 1,000 on tools we own, 55 open and likely marketing, 5 without a supplier: 1,000 of 1,055, 94 %; of all money 8,000 of 8,060.":
            "intake/test_suppliers.py progress_of_marketing_and_of_all_money",
        "Example: `zorb` with description `ads` fits the lines of 10.00 and −5.00 and not the one for mugs: 2 lines would move, 5.00.":
            "intake/test_rules.py a_rule_is_tried_then_places_past_and_future_and_is_taken_back",
        "Example: 0.05 by 33.3333 and 66.6667 percent is 0.02 and 0.03.":
            "intake/test_suppliers.py a_split_sums_to_the_line_to_the_minor_unit",
    },
    "tables": {
        "Example. `f.credit=(empty)&f.amount=<0` shows the credit notes that name no invoice on record.":
            "web/test_line_filters.py credit_notes_are_asked_for_by_either_half",
        "Example. `f.status==active&f.status==trial&f.cost.from=10000` shows tools that are active or on trial and cost 10,000 or more a year; with `f.owner=(empty)` besides, those of them that nobody owns.":
            "web/test_table_examples.py active_or_on_trial_and_dear",
        "Example. Twelve tools are ticked and get Bob as owner from 1 October. Three are his already, so nine change and the History of each of the nine says why. A week later one of them is given to Eve, from 1 October too; taking the change back then sets eight back.":
            "web/test_table_examples.py twelve_tools_of_which_three_are_his_already",
        "Example. The list of contracts filtered by Notice period `(empty)` shows five of one vendor; Change all 5 found gives them 90 days, and the list of renewals has a send-by date for each.":
            "web/test_table_examples.py five_contracts_of_unknown_notice",
    },
    "underuse": {
        "Worked example. 40 seats bought, 30 active, target 90 %: ceil(30 ÷ 0.9) = 34 are needed, 6 are idle. Ten people hold a seat they do not use; eight are asked, two answer that they need it (kept), six seats are taken back. Right size 34, if notice is sent before the send-by date.":
            "reports/underuse/test_arithmetic.py idle_seats_are_exact_integers | governance/test_reclaims.py ten_on_idle_seats_of_whom_two_keep_theirs",
        "Worked example: two daily tools, 100 and 50 seats, 60 and 45 active: 45 unused of 150, 30 %.":
            "facts/test_published.py a_ninety_day_figure_is_not_their_thirty_day_one",
    },
}  # fmt: skip


def plain(page: Path) -> str:
    """A page's words in one line, without the stars that set them."""
    return " ".join(page.read_text(encoding="utf-8").replace("*", "").split())


@pytest.mark.parametrize("page", sorted(MANUAL.glob("*.md")), ids=lambda page: page.stem)
def test_each_example_stands_as_its_test_shows_it(page: Path) -> None:
    text = plain(page)
    examples = SHOWN.get(page.stem, {})
    for words in examples:
        assert text.count(words) == 1, f"{page.name} no longer says: {words}"
    for found in BEGINS.finditer(text):
        here = text[found.start() :]
        assert any(here.startswith(words) for words in examples), f"{page.name}: no test of: {here[:90]}"


@pytest.mark.parametrize("slug", SHOWN)
def test_the_tests_of_the_examples_are_there(slug: str) -> None:
    assert (MANUAL / f"{slug}.md").exists()
    gone = []
    for words, said in SHOWN[slug].items():
        for part in said.split(" | "):
            path, *names = part.split()
            assert names, (slug, words)
            gone += [f"{words[:60]}: {path} {name}" for name in names if name not in held_by(path)]
    assert not gone, gone
