"""Tables: search, typed filters, (empty), order with unknown last, pages, sums and export of what is shown."""

import csv
import io
import re
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.typing import ResponseReturnValue

from blueprints import permissions, tables
from blueprints.exports import csv_bytes, xlsx_bytes
from blueprints.tables import Table, of_rows
from mopsaudit.reporting import Amount, Column, Missing, Ratio, Ref, Row, ValueKind
from tests.web.browser import Clock, sign_in

COLUMNS = (
    Column(key="name", label="Tool", primary=True),
    Column(key="vendor", label="Vendor", kind=ValueKind.REF),
    Column(key="cost", label="Yearly cost", kind=ValueKind.MONEY, summed=True),
    Column(key="use", label="In use", kind=ValueKind.RATIO),
    Column(key="due", label="Send by", kind=ValueKind.DATE),
    Column(key="seats", label="Seats", kind=ValueKind.NUMBER, summed=True),
)


def _row(
    name: str, vendor: str | None, minor: int | None, due: date | None, seats: int | None, **more: Any
) -> Row:
    return Row(
        id=name,
        values={
            "name": name,
            "vendor": Ref(kind="vendor", id=1, label=vendor) if vendor else None,
            "cost": Amount(
                currency=more.get("currency", "USD"), minor=minor, why="no contract and no invoice"
            ),
            "use": Ratio(numerator=seats, denominator=10),
            "due": due,
            "seats": seats,
        },
    )


ROWS = (
    _row("Asana", "Asana Inc", 100_00, date(2026, 6, 30), 5),
    _row("=Bynder", "Bynder", -250_50, date(2026, 7, 1), 9),
    _row("Canva", None, None, None, None),
    _row("Ärger", "Asana Inc", 1_234_567_89, date(2027, 1, 15), 7),
)


def _shown(app: Flask, query: str, rows: tuple[Row, ...] = ROWS, **kwargs: Any) -> tuple[list[str], Table]:
    with app.test_request_context(f"/tools?{query}"):
        found = of_rows(COLUMNS, rows, name="tools", noun="tool", **kwargs)
        return [row.id for row in found.rows], found


@pytest.mark.parametrize(
    "query, names",
    [
        ("", ["Asana", "=Bynder", "Canva", "Ärger"]),
        ("q=ASANA", ["Asana", "Ärger"]),
        ("q=asana+ärger", ["Ärger"]),
        ("f.vendor=(empty)", ["Canva"]),
        ("f.vendor==Bynder", ["=Bynder"]),
        ("f.vendor==Bynder&f.vendor=(empty)", ["=Bynder", "Canva"]),
        ("f.cost=>99.99", ["Asana", "Ärger"]),
        ("f.cost=>100", ["Ärger"]),
        ("f.cost=>=100", ["Asana", "Ärger"]),
        ("f.cost=<0", ["=Bynder"]),
        ("f.cost.from=100", ["Asana", "Ärger"]),
        ("f.cost.to=100", ["Asana", "=Bynder"]),
        ("f.due.from=2026-06&f.due.to=2026-07-01", ["Asana", "=Bynder"]),
        ("f.due.from=2027&f.due=(empty)", ["Canva", "Ärger"]),
        ("f.cost=-300..100", ["Asana", "=Bynder"]),
        ("f.cost=\u2212250.50", ["=Bynder"]),
        ("f.cost=1,234,567.89", ["Ärger"]),
        ("f.cost=(empty)", ["Canva"]),
        ("f.due=2026", ["Asana", "=Bynder"]),
        ("f.due=2026-06", ["Asana"]),
        ("f.due=>2026-06", ["=Bynder", "Ärger"]),
        ("f.due=<=2026-07-01", ["Asana", "=Bynder"]),
        ("f.due=2026-07-01..", ["=Bynder", "Ärger"]),
        ("f.due=(empty)", ["Canva"]),
        ("f.use=50..70", ["Asana", "Ärger"]),
        ("f.seats=5..9&f.name=a", ["Asana"]),
        ("f.no_such_column=1", ["Asana", "=Bynder", "Canva", "Ärger"]),
        ("sort=cost", ["=Bynder", "Asana", "Ärger", "Canva"]),
        ("sort=-cost", ["Ärger", "Asana", "=Bynder", "Canva"]),
        ("sort=-due", ["Ärger", "=Bynder", "Asana", "Canva"]),
        ("sort=nothing", ["Asana", "=Bynder", "Canva", "Ärger"]),
    ],
)
def test_search_filters_and_order(app: Flask, query: str, names: list[str]) -> None:
    assert _shown(app, query.replace("+", "%2B") if "q=" not in query else query)[0] == names


@pytest.mark.parametrize(
    "query", ["f.cost=many", "f.due=soon", "f.due=2026-13", "f.cost=1..2..3", "f.cost=NaN"]
)
def test_a_filter_that_is_not_understood_is_said_so_and_hides_nothing(app: Flask, query: str) -> None:
    names, found = _shown(app, query)
    assert len(names) == 4
    assert found.asked.filters[0].problem is not None


def test_the_footer_sums_what_is_shown_on_all_pages_and_counts_the_unknown(app: Flask) -> None:
    _, found = _shown(app, "", size=1)
    assert found.pages == 4
    assert found.sum_text(COLUMNS[2]) == "1,234,417 (1 unknown)"
    assert found.sum_text(COLUMNS[5]) == "21"
    _, found = _shown(app, "f.cost=<0")
    assert found.sum_text(COLUMNS[2]) == "\u2212250"
    assert (found.found, found.total) == (1, 4)


def test_currencies_are_never_added_together(app: Flask) -> None:
    rows = (*ROWS, _row("Xing", "Xing", 500_00, None, 1, currency="EUR"))
    _, found = _shown(app, "", rows)
    assert found.sum_text(COLUMNS[2]) == "500 EUR, 1,234,417 USD (1 unknown)"
    assert found.heading(COLUMNS[2]) == "Yearly cost"
    assert _shown(app, "")[1].heading(COLUMNS[2]) == "Yearly cost (USD)"


def test_pages_beyond_the_last_show_the_last(app: Flask) -> None:
    names, found = _shown(app, "page=99", size=3)
    assert names == ["Ärger"]
    assert (found.first, found.last, found.asked.page) == (4, 4, 2)


def test_few_values_become_choices_with_their_counts(app: Flask) -> None:
    _, found = _shown(app, "")
    choices = {choice.label: choice.count for choice in found.choices["vendor"]}
    assert choices == {"Asana Inc": 2, "Bynder": 1, "(empty)": 1}


def test_addresses_keep_everything_else_and_never_leave_this_host(app: Flask) -> None:
    query = "as_of=2026-06-30&q=a&page=2&_scheme=javascript&_external=1&endpoint=x"
    with app.test_request_context(f"/tools?{query}"):
        found = of_rows(COLUMNS, ROWS, name="tools")
        for address in (found.address(sort="cost"), found.cleared(), found.sort_address(COLUMNS[0])):
            assert address.startswith("/tools?")
            assert "as_of=2026-06-30" in address
            assert "page=2" not in address


def test_csv_holds_exactly_what_is_shown(app: Flask) -> None:
    _, found = _shown(app, "f.cost=<1000&format=csv&sort=cost", size=1)
    body = csv_bytes(found)
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert rows[0] == ["Tool", "Vendor", "Yearly cost (USD)", "In use (%)", "Send by", "Seats"]
    assert rows[1] == ["'=Bynder", "Bynder", "-250.50", "90.00", "2026-07-01", "9"]
    assert rows[2][0] == "Asana"
    assert len(rows) == 3


def test_the_workbook_holds_the_same_as_numbers_and_dates(app: Flask, clock: Clock) -> None:
    with app.test_request_context("/tools?format=xlsx"):
        found = of_rows(COLUMNS, ROWS, name="tools", caption="Tools")
        sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(found))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(index for index, row in enumerate(rows) if row[0] == "Tool")
    by_name = {row[0]: row for row in rows[head + 1 : head + 5]}
    assert by_name["=Bynder"][2] == -250.5
    assert by_name["Ärger"][2] == 1234567.89
    assert str(by_name["Asana"][4]).startswith("2026-06-30")
    assert by_name["Canva"][2] == "–"
    assert sheet.cell(head + 2, 1).data_type == "s"


def test_exporting_is_not_for_viewers(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def view() -> ResponseReturnValue:
        return tables.page(of_rows(COLUMNS, ROWS, name="tools"), "search.html", text="", found=())

    app.add_url_rule("/some-table", "some_table", view)
    monkeypatch.setattr(
        permissions, "ROUTES", {**permissions.ROUTES, "some_table": {"GET": permissions.Action.SEE}}
    )
    assert sign_in(app, clock, "viewer").get("/some-table?format=csv").status_code == 403
    finance = sign_in(app, clock, "finance")
    answer = finance.get("/some-table?format=csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tools.csv"'
    assert finance.get("/some-table?format=exe").status_code == 404


def test_the_page_of_a_table_shows_markup_as_text(app: Flask, clock: Clock) -> None:
    from blueprints.filters import money, value

    with app.test_request_context("/"):
        assert "&lt;b&gt;" in str(value(Ref(kind="unknown", id=1, label="<b>bold</b>")))
        assert str(money(Amount(currency="USD", minor=-1_234_56))).count("\u22121,235") == 1
        assert re.search(r"no price", str(money(Amount(currency="USD", minor=None, why="no price"))))
        assert ">n/a<" in str(value(None))
        assert value(0) == "0"


def test_several_values_of_a_column_are_chosen_and_stay_visible(app: Flask) -> None:
    names, found = _shown(app, "f.vendor=%3Dbynder&f.vendor=%3DGone&f.vendor=(empty)")
    assert names == ["=Bynder", "Canva"]
    assert found.picked("vendor") == {"=bynder", "=gone", "(empty)"}
    counted = {each.value: each.count for each in found.choices["vendor"]}
    assert counted == {"=Asana Inc": 2, "=Bynder": 1, "=Gone": 0, "(empty)": 1}
    assert found.filter_words("vendor") == "3 chosen"
    assert [each.said for each in found.asked.filters] == ["bynder", "Gone", "(empty)"]


def test_a_range_of_two_fields_is_one_chip_and_goes_whole(app: Flask) -> None:
    with app.test_request_context("/tools?f.due.from=2026-06&f.due.to=2026-07&q=a"):
        found = of_rows(COLUMNS, ROWS, name="tools")
        only = found.asked.filters[0]
        assert only.said == "2026-06 to 2026-07"
        assert found.ends_of("due") == ("2026-06", "2026-07")
        assert found.without(only) == "/tools?q=a"
    with app.test_request_context("/tools?f.due.from=soon"):
        wrong = of_rows(COLUMNS, ROWS, name="tools")
        assert wrong.found == len(ROWS)
        assert wrong.asked.filters[0].problem is not None


def test_a_row_of_many_amounts_names_its_currency_once(app: Flask) -> None:
    months = tuple(Column(key=f"m{number}", label=f"M{number}", kind=ValueKind.MONEY) for number in range(6))
    columns = (Column(key="line", label="Line", primary=True), *months)
    rows = [
        Row(id=code, values={"line": code, **{m.key: Amount(currency=code, minor=1_234_00) for m in months}})
        for code in ("EUR", "USD")
    ]
    with app.test_request_context("/plan?cols=" + "&cols=".join(m.key for m in months)):
        cells = [cells for _, _, cells in of_rows(columns, rows, name="plan").body()]
    assert ["EUR" in re.sub('title="[^"]*"', "", str(each.body)) for each in cells[0][1:]] == [True] + [
        False
    ] * 5


def test_a_card_shows_all_of_what_stands_side_by_side(app: Flask) -> None:
    months = tuple(Column(key=f"m{number}", label=f"M{number}", kind=ValueKind.MONEY) for number in range(12))
    columns = (
        Column(key="line", label="Line", primary=True),
        Column(key="year", label="Year", kind=ValueKind.MONEY),
        *months,
        Column(key="holder", label="Holder", wide=True),
    )
    amount = Amount(currency="EUR", minor=1_234_00)
    rows = [Row(id="a", values={"line": "Licences", **{column.key: amount for column in columns[1:-1]}})]
    keys = [column.key for column in months]
    with app.test_request_context("/plan?cols=" + "&cols=".join(column.key for column in columns[1:])):
        ((_, _, cells),) = of_rows(columns, rows, name="plan", beside=keys).body()
        apart = of_rows(columns, rows, name="plan").narrow
    assert apart == {"line", "year", "m0", "m1"}
    assert [each.css for each in cells[1:14]] == ["number"] + ["number beside"] * 12
    assert "wide-only" in cells[14].css


@pytest.mark.parametrize("unbroken, css", [(False, ""), (True, "brief")])
def test_a_column_of_fixed_words_keeps_each_on_one_line(app: Flask, *, unbroken: bool, css: str) -> None:
    columns = (
        Column(key="name", label="Name", primary=True),
        Column(key="gap", label="Gap", unbroken=unbroken),
    )
    rows = [Row(id="1", values={"name": "Miro", "gap": "paid, used by nobody"})]
    with app.test_request_context("/gaps"):
        ((_, _, cells),) = of_rows(columns, rows, name="gaps").body()
    assert [each.css for each in cells] == ["", css]


MANY = (
    Column(key="name", label="Tool", primary=True),
    *(Column(key=f"n{number}", label=f"N{number}", wide=number > 4) for number in range(12)),
)


def _columns(app: Flask, query: str, columns: tuple[Column, ...] = MANY) -> tuple[list[str], Table]:
    rows = [Row(id="a", values={column.key: "x" for column in columns})]
    with app.test_request_context(f"/tools?{query}"):
        found = of_rows(columns, rows, name="many")
        return [column.key for column in found.columns], found


def test_a_table_of_many_columns_shows_the_usual_ones_until_others_are_chosen(app: Flask) -> None:
    usual, found = _columns(app, "")
    assert usual == ["name", *(f"n{number}" for number in range(6))]
    assert len(found.every) == 13
    assert _columns(app, "f.n11=x")[0] == [*usual, "n11"]
    assert _columns(app, "cols=n9&cols=n1&cols=nothing")[0] == ["name", "n1", "n9"]
    assert _columns(app, "", MANY[:7])[0] == [column.key for column in MANY[:7]]


def test_files_hold_the_columns_that_are_shown(app: Flask) -> None:
    with app.test_request_context("/tools?cols=n9"):
        found = of_rows(MANY, [Row(id="a", values={"name": "Asana", "n9": "nine", "n1": "one"})], name="many")
        assert csv_bytes(found).decode("utf-8-sig").splitlines() == ["Tool,N9", "Asana,nine"]


def test_a_phones_card_shows_the_name_and_three_facts_money_and_dates_first(app: Flask) -> None:
    with app.test_request_context("/tools"):
        found = of_rows(COLUMNS, ROWS, name="tools")
        assert found.narrow == {"name", "cost", "use", "due"}


@pytest.mark.parametrize(
    "noun, nouns",
    [
        ("entity", "entities"),
        ("person", "people"),
        ("search", "searches"),
        ("year", "years"),
        ("key", "keys"),
    ],
)
def test_several_are_called_what_people_call_them(app: Flask, noun: str, nouns: str) -> None:
    with app.test_request_context("/"):
        found = of_rows(COLUMNS, [], name="any", noun=noun)
        assert (found.counted(1), found.counted(2)) == (f"1 {noun}", f"2 {nouns}")


def test_a_list_tells_whole_units_and_the_exact_figure_on_focus(app: Flask) -> None:
    mixed = [
        Row(id="1", values={"cost": Amount(currency="USD", minor=2_400_050)}),
        Row(id="2", values={"cost": Amount(currency="EUR", minor=100)}),
    ]
    column = Column(key="cost", label="Cost", kind=ValueKind.MONEY)
    with app.test_request_context("/"):
        rough = next(of_rows((column,), mixed, name="any").body())[2][0].body
        exact = next(of_rows((replace(column, exact=True),), mixed, name="any").body())[2][0].body
    assert 'title="24,000.50 USD"' in rough
    assert ">24,000</span>" in rough
    assert str(exact).startswith("24,000.50 ")


def test_exact_amounts_of_one_currency_leave_its_name_to_the_heading(app: Flask) -> None:
    column = Column(key="cost", label="Cost", kind=ValueKind.MONEY, exact=True)
    columns = (Column(key="name", label="Tool", primary=True), column)
    rows = [
        Row(id="1", values={"name": "Miro", "cost": Amount(currency="EUR", minor=24_000_50)}),
        Row(
            id="2",
            values={"name": "Figma", "cost": Amount(currency="EUR", minor=None, why="no price is known")},
        ),
    ]
    with app.test_request_context("/"):
        found = of_rows(columns, rows, name="any")
        shown = [str(cells[1].body) for _, _, cells in found.body()]
    assert found.heading(column) == "Cost (EUR)"
    assert shown[0] == "24,000.50"
    assert "no price is known" in shown[1]


def test_a_rank_before_the_name_is_no_fact_of_a_card(app: Flask) -> None:
    columns = (
        Column(key="rank", label="Rank", kind=ValueKind.NUMBER),
        Column(key="when", label="Date", kind=ValueKind.DATE),
        Column(key="name", label="Finding", primary=True),
        Column(key="days", label="Days", kind=ValueKind.NUMBER),
        Column(key="cost", label="Cost", kind=ValueKind.MONEY),
        Column(key="owner", label="Owner"),
    )
    with app.test_request_context("/"):
        assert of_rows(columns, [], name="any").narrow == {"when", "name", "days", "cost"}


def test_unknown_has_its_reason_and_does_not_apply_has_none(app: Flask) -> None:
    column = Column(key="end", label="Ends", kind=ValueKind.DATE)
    rows = [Row(id="1", values={"end": Missing("no start is known")}), Row(id="2", values={"end": None})]
    with app.test_request_context("/?f.end=(empty)"):
        found = of_rows((column,), rows, name="any")
        shown = [str(cells[0].body) for _, _, cells in found.body()]
    assert "no start is known" in shown[0]
    assert "–" in shown[0]
    assert "n/a" in shown[1]
