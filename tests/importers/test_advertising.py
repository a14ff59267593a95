"""Exports of advertising platforms and lists of media: totals on top, parts and their whole, nobody named as paid."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.importers.builders import codes, read, text_file, total

Rows = list[list[Any]]

SEARCH: Rows = [
    ["Campaign performance"],
    ["Day", "Campaign", "Currency code", "Cost", "Clicks", "Impr.", "CTR", "Avg. CPC"],
    ["2026-01-01", "Brand", "GBP", "125.50", "50", "1200", "4.17%", "2.51"],
    ["2026-01-02", "Generic", "GBP", "118.25", "47", "1100", "4.27%", "2.52"],
    ["Total: Account", "--", "GBP", "243.75", "97", "2300", "4.22%", "2.51"],
]
SOCIAL: Rows = [
    ["Campaign name", "Ad set name", "Starts", "Results", "Reach", "Impressions", "Amount spent (EUR)"],
    ["", "", "2026-02-01", "", "58211", "120394", "3512.37"],
    ["Prospecting", "Alike", "2026-02-01", "104", "30211", "70394", "2231.84"],
    ["Again", "Visitors", "2026-02-01", "88", "28000", "50000", "1280.53"],
]
MEDIA: Rows = [
    ["Vendor", "Month", "Net media", "Commission", "Data", "Total billable"],
    ["Meta", "Jan-26", "10,000.00", "1,000.00", "150.00", "11,150.00"],
    ["TikTok", "Jan-26", "4,000.00", "400.00", "60.00", "4,460.00"],
    ["The Trade Desk", "Feb-26", "8,000.00", "800.00", "320.00", "9,120.00"],
]


@pytest.mark.parametrize(
    "rows, sums, described",
    [(SEARCH, "243.75", ["Brand", "Generic"]), (SOCIAL, "3512.37", ["Prospecting", "Again"])],
)
def test_nobody_is_paid_in_a_platforms_list_until_a_person_says_who(
    tmp_path: Path, rows: Rows, sums: str, described: list[str]
) -> None:
    path = text_file(tmp_path / "ads.csv", rows)
    asked, none = read(path)
    assert [question.key for question in asked.questions] == ["payee"]
    assert asked.questions[0].choices == ()
    assert none == []
    assert not any("is taken for it" in reason for reason in asked.decision.sheets[0].reasons)
    answered, lines = read(path, answers=(("payee", "Example Ads"),))
    assert not answered.questions
    assert total(lines) == Decimal(sums)
    assert {line.supplier for line in lines} == {"Example Ads"}
    assert [line.description for line in lines] == described
    assert not {line.cost_centre for line in lines} - {None}
    profile = answered.decision.to_json()["sheets"][0]
    again, later = read(path, profiles=((profile["fingerprint"], profile),))
    assert not again.questions
    assert {line.supplier for line in later} == {"Example Ads"}


def test_a_list_that_names_who_was_paid_is_asked_nothing(tmp_path: Path) -> None:
    head, *rest = SOCIAL
    rows = [[*head, "Supplier"], *([*row, "Meta Platforms"] for row in rest[1:])]
    reading, lines = read(text_file(tmp_path / "ads.csv", rows))
    assert not reading.questions
    assert {line.supplier for line in lines} == {"Meta Platforms"}


def test_the_total_of_all_may_stand_first(tmp_path: Path) -> None:
    rows: Rows = [["Date", "Supplier", "Description", "Amount"]]
    rows += [["2026-03-01", "", "", "60.00"]]
    rows += [[f"2026-03-0{day}", f"Shop {day} Ltd", f"Order {day}", f"{day * 10}.00"] for day in (1, 2, 3)]
    reading, lines = read(text_file(tmp_path / "top.csv", rows))
    assert [line.amount for line in lines] == [Decimal("10.00"), Decimal("20.00"), Decimal("30.00")]
    (sheet,) = reading.sheets
    assert [(control.row, control.grand, control.agrees) for control in sheet.controls] == [(2, True, True)]
    assert sheet.totals[0].foots is True


@pytest.mark.parametrize(
    "supplier, description, amount",
    [
        pytest.param("", "", "60.01", id="not the sum"),
        pytest.param("Shop 9 Ltd", "", "60.00", id="a name of its own"),
        pytest.param("", "Order 9", "60.00", id="one cell alone is blank"),
    ],
)
def test_a_first_line_that_only_costs_as_much_is_a_line(
    tmp_path: Path, supplier: str, description: str, amount: str
) -> None:
    rows: Rows = [
        ["Date", "Supplier", "Description", "Amount"],
        ["2026-03-01", supplier, description, amount],
    ]
    rows += [[f"2026-03-0{day}", f"Shop {day} Ltd", f"Order {day}", f"{day * 10}.00"] for day in (1, 2, 3)]
    _, lines = read(text_file(tmp_path / "top.csv", rows))
    assert len(lines) == 4


def test_parts_and_their_whole_are_asked_about(tmp_path: Path) -> None:
    path = text_file(tmp_path / "media.csv", MEDIA)
    asked, _ = read(path)
    (question,) = asked.questions
    assert question.key == "amount_column"
    assert [choice.value for choice in question.choices] == ["C", "F"]
    for column, sums in (("C", "22000.00"), ("F", "24730.00")):
        answered, lines = read(path, answers=(("amount_column", column),))
        assert not answered.questions
        assert total(lines) == Decimal(sums)
        assert "columns.unread" in codes(answered)


def test_amounts_that_do_not_add_up_on_every_line_are_no_parts(tmp_path: Path) -> None:
    rows = [*MEDIA[:3], [*MEDIA[3][:5], "9,120.50"]]
    reading, _ = read(text_file(tmp_path / "media.csv", rows))
    assert [question.key for question in reading.questions] == [
        "D.fee"
    ]  # one headed as fees is asked about alone
