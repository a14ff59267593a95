"""Columns of money and days that nobody reads are told, and only those."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.contract import Kind
from tests.importers.builders import read, workbook

DAYS = [dt.date(2026, 3, 2), dt.date(2026, 3, 9), dt.date(2026, 3, 20)]


def told(path: Path, kind: Kind = Kind.SPEND, **options: Any) -> list[str]:
    """The sentences on what is not read."""
    reading, _ = read(path, kind, **options)
    return [problem.message for problem in reading.problems if problem.code == "columns.unread"]


def spend(path: Path, **columns: list[Any]) -> Path:
    """Three lines with further columns."""
    rows: list[list[Any]] = [["Date", "Supplier", "Amount", *columns]]
    for place, day in enumerate(DAYS):
        rows.append(
            [day, f"Shop {place} Ltd", 100.25 * (place + 1), *(each[place] for each in columns.values())]
        )
    return workbook(path, {"AP": rows})


def test_a_column_of_money_that_is_not_read_is_told_once_a_sheet(tmp_path: Path) -> None:
    path = spend(tmp_path / "a.xlsx", Bonus=[1.5, 2.25, 3.0], Kickback=["1.234,50", "2,00", "3,10"])
    reading, lines = read(path)
    (note,) = (problem for problem in reading.problems if problem.code == "columns.unread")
    assert note.message == (
        "Not read: D “Bonus” and E “Kickback” hold amounts. If one of them belongs in, choose it for what it is."
    )
    assert (note.sheet, note.cell, note.severity.value) == ("AP", "D1", "note")
    assert len(lines) == 3


def test_whole_amounts_are_told_by_their_heading_and_size(tmp_path: Path) -> None:
    path = spend(tmp_path / "a.xlsx", **{"Amount applied for": [4000, 5000, 60000]})
    assert told(path) == [
        "Not read: D “Amount applied for” holds amounts. If one of them belongs in, choose it for what it is."
    ]


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"Amount of cases": [4, 5, 6]}, id="a count under a word of amounts"),
        pytest.param({"Balance": [900.5, 800.25, 700.75]}, id="a running balance"),
        pytest.param({"Quantity": [1.5, 2.5, 3.5]}, id="a quantity"),
        pytest.param({"Batch": [4711, 4712, 4713]}, id="whole numbers without a format"),
        pytest.param({"Batch": ["00471100012", "00471100013", "00471100014"]}, id="numbers as texts"),
        pytest.param({"Booked": [100.25, 200.5, 300.75]}, id="the amounts again"),
        pytest.param({"Payable on": DAYS}, id="days of spend"),
        pytest.param({"Remark": ["a", "b", "c"]}, id="texts"),
        pytest.param({"Cost per result": [1.5, 2.25, 3.0]}, id="what one came to"),
        pytest.param({"Bonus": [1.5, None, None]}, id="one cell"),
        pytest.param(
            {"VAT": [20.05, 40.1, 60.15], "Total": [120.3, 240.6, 360.9]}, id="the amounts with their tax"
        ),
        pytest.param({"Your ref": ["4711.00", "4712.00", "4713.00"]}, id="references that look like amounts"),
    ],
)
def test_what_is_left_for_a_reason_is_not_told(tmp_path: Path, columns: dict[str, list[Any]]) -> None:
    assert told(spend(tmp_path / "a.xlsx", **columns)) == []


def test_a_total_that_is_not_the_amounts_with_their_tax_is_told(tmp_path: Path) -> None:
    path = spend(tmp_path / "a.xlsx", VAT=[20.05, 40.1, 60.15], Total=[120.3, 240.6, 380.9])
    assert told(path)


def test_who_chose_the_columns_is_not_told_what_they_left(tmp_path: Path) -> None:
    path = spend(tmp_path / "a.xlsx", Bonus=[1.5, 2.25, 3.0])
    first, _ = read(path)
    assert told(path)
    assert told(path, decision=first.decision) == []


def test_days_of_contracts_are_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Vendor", "Tool", "Start", "End", "Amount", "Handed over", "Ceiling"]]
    rows += [
        [f"Vendor {day.day}", f"Tool {day.day}", day, day.replace(year=2027), 1000.5, day, 1500.5]
        for day in DAYS
    ]
    (sentence,) = told(workbook(tmp_path / "c.xlsx", {"Contracts": rows}), Kind.CONTRACTS)
    assert sentence.startswith("Not read: G “Ceiling” holds amounts; F “Handed over” holds days.")


def test_lists_of_people_say_nothing_of_other_columns(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Tool", "Email", "Last activity", "Bill"]]
    rows += [["HubSpot", f"p{day.day}@example.com", day, 10.5] for day in DAYS]
    assert told(workbook(tmp_path / "u.xlsx", {"Users": rows}), Kind.USAGE) == []


def test_a_list_in_which_nobody_is_named_says_so_once(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Date", "Reference", "Amount"]]
    rows += [[day, f"84{day.day}-{day.day}77", 10.25 * day.day] for day in DAYS]
    reading, lines = read(workbook(tmp_path / "a.xlsx", {"AP": rows}))
    assert not reading.questions
    assert [(problem.code, problem.sheet, problem.cell) for problem in reading.problems].count(
        ("spend.no_supplier", "AP", None)
    ) == 1
    assert {line.supplier for line in lines} == {None}
    named, _ = read(spend(tmp_path / "b.xlsx"))
    assert "spend.no_supplier" not in [problem.code for problem in named.problems]


def test_amounts_with_words_about_them_are_told_where_the_heading_is_of_money(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Vendor", "Value", "Renewal", "Section"]]
    rows += [[f"Vendor {day.day}", f"from ${day.day},000/yr", day, f"{day.day}.10/b"] for day in DAYS]
    (sentence,) = told(workbook(tmp_path / "c.xlsx", {"Contracts": rows}), Kind.CONTRACTS)
    assert sentence.startswith("Not read: B “Value” holds amounts.")


def test_many_columns_are_told_by_six_and_a_number(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {f"Bonus {place}": [place + 0.5, 2.25, 3.75] for place in range(8)}
    (sentence,) = told(spend(tmp_path / "a.xlsx", **columns))
    assert "D “Bonus 0”" in sentence
    assert "I “Bonus 5” and 2 more hold amounts" in sentence


USERS = [["ann@acme.example", "Active"], ["bo@acme.example", "Active"], ["cy@acme.example", "Inactive"]]


def users(path: Path, **columns: list[Any]) -> Path:
    """Three users of a tool with further columns."""
    rows: list[list[Any]] = [["Email", "Status", *(name.replace("_", " ") for name in columns)]]
    for place, user in enumerate(USERS):
        rows.append([*user, *(each[place] for each in columns.values())])
    return workbook(path, {"Users": rows})


def test_licences_told_product_by_product_are_not_left_out_unsaid(tmp_path: Path) -> None:
    path = users(
        tmp_path / "a.xlsx",
        Acme_Docs=["TRUE", "FALSE", "TRUE"],
        Acme_Calls=[True, True, False],
        Acme_Boards=["yes", "no", "no"],
        MFA_enrolled=["TRUE", "TRUE", "TRUE"],
    )
    reading, _ = read(path, Kind.USAGE, tool="Acme")
    (question,) = reading.questions
    assert question.asks.startswith("Columns C “Acme Docs”, D “Acme Calls” and E “Acme Boards” say yes or no")
    assert told(path, Kind.USAGE, tool="Acme") == []
    (note,) = told(users(tmp_path / "b.xlsx", Insights=["TRUE", "FALSE", "TRUE"]), Kind.USAGE, tool="Acme")
    assert note.startswith("Not read: C “Insights” holds a yes or no for each person.")


def test_two_columns_that_share_two_words_are_products(tmp_path: Path) -> None:
    path = users(
        tmp_path / "a.xlsx", ACME_BI_PRO=["True", "True", "False"], ACME_BI_PREMIUM=["False", "False", "True"]
    )
    (note,) = told(path, Kind.USAGE, tool="Acme BI")
    assert note.startswith("Not read: C “ACME BI PRO” and D “ACME BI PREMIUM” hold a yes or no")


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param(
            {"MFA_on": ["yes", "no", "yes"], "MFA_forced": ["yes", "no", "no"]}, id="flags of one word"
        ),
        pytest.param({"MFA_enrolled": ["TRUE", "FALSE", "TRUE"]}, id="a flag of the account"),
        pytest.param({"Chat_licence": ["FALSE", "FALSE", "FALSE"]}, id="nobody holds one"),
    ],
)
def test_other_flags_of_users_are_not_told(tmp_path: Path, columns: dict[str, list[Any]]) -> None:
    assert told(users(tmp_path / "a.xlsx", **columns), Kind.USAGE, tool="Acme Suite") == []


def test_money_under_a_heading_that_could_be_a_number_is_told(tmp_path: Path) -> None:
    head = ["Supplier", "Contract reference", "Start", "End", "Annual cost", "Reference of contract"]
    rows = [[f"Shop {place} Ltd", f"C{place}", DAYS[0], DAYS[2], 100.25 + place] for place in range(3)]
    priced = [[*row, f"£{place + 7},000.50"] for place, row in enumerate(rows)]
    assert any(
        "F “Reference of contract”" in text for text in told(list_of(tmp_path, head, priced), Kind.CONTRACTS)
    )
    numbered = [[*row, f"47{place}1.00"] for place, row in enumerate(rows)]
    assert told(list_of(tmp_path, head, numbered), Kind.CONTRACTS) == []


def list_of(path: Path, head: list[str], rows: list[list[Any]]) -> Path:
    """A list of contracts."""
    return workbook(path / "list.xlsx", {"List": [head, *rows]})
