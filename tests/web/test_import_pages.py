"""Files in the browser: drop, read in the background, review, answer, import, undo, sign off."""

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from tests.web.browser import Tab
from tests.web.uploads import upload, workbook

Sign = Callable[..., Tab]


ROWS: list[list[Any]] = [
    ["Accounts payable, March 2026"],
    [],
    ["Invoice date", "Supplier", "Description", "Invoice no", "Amount"],
    ["2026-03-02", "HUBSPOT IRELAND LTD", "Marketing Hub", "H-1", 1200.5],
    ["2026-03-09", "Mailchimp", "Monthly plan", "M-7", 99.99],
    ["2026-03-15", "Corner Bakery", "Lunch", "B-3", 45.01],
    ["", "Total", "", "", 1345.5],
]


def _text(tab: Tab, path: str) -> str:
    return tab.get(path).get_data(as_text=True)


def test_a_workbook_is_dropped_reviewed_imported_and_undone(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    page = upload(tab, workbook(ROWS))
    assert "Waiting" in _text(tab, page)
    work()
    review = _text(tab, page)
    assert "Import 3 lines, 1,345.50 USD" in review
    # What counts stands above the sheet, whose amounts may be out of sight.
    assert '<a href="#column-A">Date from A</a> “Invoice date”' in review
    assert '<a href="#column-E">Amount from E</a></span>' in review
    assert 'id="column-E"' in review
    assert "Foots" in review
    tab.get(page)
    assert tab.post(f"{page}/apply").status_code == 303
    work()
    done = _text(tab, page)
    assert "3 lines of AP.xlsx count" in done
    assert "1,345.50" in done
    assert tab.send(f"{page}/undo", {"reason": "Wrong file"}).status_code == 303
    assert "taken back" in _text(tab, page)


def test_the_same_bytes_again_lead_to_the_first_import(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    data = workbook(ROWS)
    page = upload(tab, data)
    work()
    tab.get(page)
    tab.post(f"{page}/apply")
    work()
    assert upload(tab, data) == page


def test_a_second_click_imports_once(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    page = upload(tab, workbook(ROWS))
    work()
    tab.get(page)
    assert tab.post(f"{page}/apply").status_code == 303
    assert tab.post(f"{page}/apply").status_code == 303
    work()
    assert "3 lines of AP.xlsx count" in _text(tab, page)
    assert "3 spend lines" in _text(tab, "/lines")


def test_what_is_no_workbook_is_refused_with_one_sentence(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    page = upload(tab, b"%PDF-1.4 nothing of ours", "invoice.xlsx")
    work()
    text = _text(tab, page)
    assert "workbook" in text
    assert "Traceback" not in text


def test_a_column_is_corrected_and_the_file_read_again(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    page = upload(tab, workbook(ROWS))
    work()
    text = _text(tab, page)
    version = re.findall(r'name="version" value="(\d+)"', text)[0]
    done = tab.post(
        f"{page}/read",
        {
            "version": version,
            "sheet": "0",
            "sheet_name": "AP",
            "has_name": "1",
            "was.column.C": "description",
            "edit.column.C": "",
        },
    )
    assert done.status_code == 303
    work()
    assert re.search(r'name="was\.column\.C" value=""', _text(tab, page))


def test_ops_upload_but_do_not_apply(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("ops")
    page = upload(tab, workbook(ROWS))
    work()
    assert "Finance or an administrator imports it" in _text(tab, page)
    assert tab.post(f"{page}/apply").status_code == 403


def test_a_supplier_is_settled_for_all_its_lines(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    page = upload(tab, workbook(ROWS))
    work()
    tab.get(page)
    tab.post(f"{page}/apply")
    work()
    queue = _text(tab, "/suppliers?band=all")
    assert "Mailchimp" in queue
    number = re.findall(r'/suppliers/(\d+)" data-key="c">Corner Bakery', queue)[0]
    version = re.findall(rf'suppliers/{number}/settle".*?name="version" value="(\d+)"', queue, re.DOTALL)[0]
    done = tab.post(
        f"/suppliers/{number}/settle", {"kind": "not_marketing", "version": version, "back": "queue"}
    )
    assert done.status_code == 303
    assert "Corner Bakery" not in _text(tab, "/suppliers?band=all").partition('class="queue"')[2]
    assert "Corner Bakery" in _text(tab, "/suppliers?band=settled")
    stale = tab.post(
        f"/suppliers/{number}/settle", {"kind": "marketing", "spend_type": "media", "version": version}
    )
    assert stale.status_code == 422


def test_the_original_comes_back_byte_for_byte(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    data = workbook(ROWS)
    page = upload(tab, data, "Übersicht März.xlsx")
    work()
    with tab.client.get(f"{page}/original") as back:
        assert back.data == data
        assert "filename*=UTF-8''" in back.headers["Content-Disposition"]


def test_every_kind_has_an_empty_template(sign_in: Sign) -> None:
    tab = sign_in("finance")
    for kind in re.findall(r"/imports/templates/(\w+)\.xlsx", _text(tab, "/imports")):
        answer = tab.client.get(f"/imports/templates/{kind}.xlsx")
        assert answer.status_code == 200
        assert openpyxl.load_workbook(io.BytesIO(answer.data)).active is not None


def test_a_question_is_answered_on_the_page_and_the_file_read_again(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    rows: list[list[Any]] = [["Date", "Supplier", "Amount"]]
    rows += [[f"0{day}/0{month}/2026", "HubSpot", "10.00"] for day, month in ((3, 4), (5, 6), (7, 8))]
    page = upload(tab, workbook(rows))
    work()
    text = _text(tab, page)
    assert "that only you can answer" in text
    name = re.findall(r'type="radio" name="(edit\.answer\.[^"]+)"[^>]*value="dmy"', text)[0]
    version = re.findall(r'name="version" value="(\d+)"', text)[0]
    assert "Import 3 lines" not in text
    assert tab.post(f"{page}/read", {"version": version, name: "dmy"}).status_code == 303
    work()
    assert "Import 3 lines, 30.00 USD" in _text(tab, page)


def test_a_usage_file_that_names_no_tool_asks_for_it_in_words(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    tab.send("/tools/new", {"name": "Mailer", "category": "engagement"})
    rows: list[list[Any]] = [
        ["Email", "Last activity", "Status"],
        *[[f"user{n}@example.com", "2026-09-01", "Active"] for n in range(6)],
    ]
    page = upload(tab, workbook(rows, "Users"), "users.xlsx", "usage")
    work()
    text = _text(tab, page)
    version = re.findall(r'name="version" value="(\d+)"', text)[0]
    name = re.findall(r'name="(edit\.answer\.[^"]*tool[^"]*)"', text)[0]
    assert tab.post(f"{page}/read", {"version": version, name: "Mailer"}).status_code == 303
    work()
    assert "Import 6 rows" in _text(tab, page)


def test_sheets_of_a_budget_are_versions_and_are_not_added_up(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, amount in (("Plan v1", 1000), ("Plan v2", 1100)):
        sheet = book.create_sheet(name)
        sheet.append(["Line", "Jan 2026", "Feb 2026"])
        sheet.append(["Analytics", amount, amount])
    held = io.BytesIO()
    book.save(held)
    tab = sign_in("finance")
    page = upload(tab, held.getvalue(), "budget.xlsx", "budget")
    work()
    text = _text(tab, page)
    assert "Import 4 rows of 2 sheets" in text
    assert "4,200" not in text


def test_a_tool_added_later_takes_the_spend_that_waited_for_it(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    page = upload(tab, workbook(ROWS))
    work()
    tab.get(page)
    tab.post(f"{page}/apply")
    work()
    found = tab.client.get("/tools/suggest?q=mailchimp").get_json()
    product = next(each["id"] for each in found if each["name"] == "Mailchimp")
    tool = tab.send("/tools/add?q=mailchimp", {"product_id": product}).location
    lines = _text(tab, "/lines?tool_ids=" + tool.rpartition("/")[2])
    assert "99.99" in lines


def test_the_workbook_comes_back_with_its_doubtful_cells_marked(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    rows = [*ROWS[:4], ["2026-03-16", "ACME", "=SUM(1)", "A-1", "twelve"]]
    page = upload(tab, workbook(rows))
    work()
    text = _text(tab, f"{page}/problems")
    assert "held a line back because its amount cannot be read" in text
    assert tab.client.get(f"{page}/problems/workbook.xlsx").status_code == 303  # not made yet
    tab.get(f"{page}/problems")
    assert tab.post(f"{page}/problems/workbook").status_code == 303
    assert "Your workbook is ready: 1 cell coloured" in _text(tab, f"{page}/problems")
    with tab.client.get(f"{page}/problems/workbook.xlsx") as back:
        assert "AP - marked.xlsx" in back.headers["Content-Disposition"]
        made = openpyxl.load_workbook(io.BytesIO(back.data))
    assert made["AP"]["E5"].comment.text.endswith("This line was held back.")
    assert made["Problems"]["A5"].hyperlink.location == "'AP'!E5"


def test_a_row_of_a_roster_is_held_back_for_no_amount(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("ops")
    rows = [
        ["Name", "E-mail", "Title", "Cost centre"],
        ["Ada", "ada@example.com", "CFO", "4100"],
        ["Ben", "ben@example.com", "CMO", "4200"],
        ["", "", "CTO", "4300"],
    ]
    page = upload(tab, workbook(rows), "P.xlsx", "people")
    work()
    text = _text(tab, f"{page}/problems")
    assert "held a row back" in text
    assert "without what names it" in text
    assert "amount" not in text.partition("<main")[2].partition("</main>")[0]


def test_a_large_workbook_is_marked_by_the_worker(
    sign_in: Sign, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mopsaudit.intake.marking.AT_ONCE", 10)
    tab = sign_in("finance")
    page = upload(tab, workbook([*ROWS[:4], ["2026-03-16", "ACME", "x", "A-1", "twelve"]]))
    work()
    tab.get(f"{page}/problems")
    assert tab.post(f"{page}/problems/workbook").status_code == 303
    assert "Marking the cells" in _text(tab, f"{page}/problems")
    assert tab.client.get(f"{page}/problems/state").get_json()["finished"] is False
    work()
    assert tab.client.get(f"{page}/problems/state").get_json()["finished"] is True
    with tab.client.get(f"{page}/problems/workbook.xlsx") as back:
        assert back.status_code == 200


def test_a_viewer_gets_no_marked_copy_and_a_file_of_people_only_who_sees_names(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("ops")
    rows: list[list[Any]] = [["Email", "Last sign-in", "Licence"], ["a@example.com", "nonsense", "Pro"]]
    page = upload(tab, workbook(rows, "Users"), "slack.xlsx", "usage")
    work()
    viewer, finance = sign_in("viewer"), sign_in("finance")
    for each in (viewer, finance):
        each.get("/imports")
        assert each.post(f"{page}/problems/workbook").status_code == 403
        assert each.client.get(f"{page}/problems/workbook.xlsx").status_code == 403


def _apply(tab: Tab, page: str, work: Callable[[], None]) -> None:
    work()
    tab.get(page)
    assert tab.post(f"{page}/apply").status_code == 303
    work()


def test_a_restated_file_wins_by_its_key_and_lists_what_no_longer_counts(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    first = ["2026-03-02", "HUBSPOT IRELAND LTD", "Marketing Hub", "HS-101", 1200.5]
    _apply(tab, upload(tab, workbook([*ROWS[:3], first, ROWS[4]])), work)
    restated = [*ROWS[:3], [*first[:2], "Marketing Hub, corrected", "HS-101", 1300]]
    page = upload(tab, workbook(restated), "restated.xlsx")
    work()
    text = _text(tab, page)
    version = re.findall(r'name="version" value="(\d+)"', text)[0]
    assert 'value="invoice,supplier">are replaced where invoice number and supplier agree' in text
    data = {"version": version, "sheet": "0", "sheet_name": "AP", "has_name": "1", "was.replace_by.": ""}
    refused = tab.post(f"{page}/read", {**data, "edit.replace_by.": "supplier"}, follow_redirects=True)
    assert "would replace every line it names" in refused.get_data(as_text=True)
    tab.get(page)
    assert tab.post(f"{page}/read", {**data, "edit.replace_by.": "invoice,supplier"}).status_code == 303
    work()
    assert "1 line with 1,200.50 USD of earlier files will no longer count: this file restates it" in _text(
        tab, page
    )
    _apply(tab, page, work)
    assert "1 line of earlier files with 1,200.50 USD no longer counts" in _text(tab, page)
    listed = _text(tab, f"{page}/restated")
    assert "Marketing Hub" in listed
    assert "AP.xlsx › AP › E4" in listed
    assert "1,200.50" not in _text(tab, "/lines")
    assert tab.send(f"{page}/undo", {"reason": ""}).status_code == 303
    assert "1,200.50" in _text(tab, "/lines")


def test_credit_and_invoice_name_each_other_on_the_lines_page(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    first = ["2026-03-02", "HUBSPOT IRELAND LTD", "Marketing Hub", "HS-101", 1200.5]
    rows = [*ROWS[:3], first, ["2026-04-02", "HUBSPOT IRELAND LTD", "Credit of HS-101", "CN-9", -200]]
    _apply(tab, upload(tab, workbook(rows)), work)
    text = _text(tab, "/lines?cols=amount&cols=credit")
    assert "credits HS-101 of 1,200.50 USD" in text
    link = re.findall(r'href="([^"]+)"[^>]*>200.00 USD credited by CN-9', text)[0].replace("&amp;", "&")
    assert "2 spend lines, 1,000.50 USD" in _text(tab, link)


def test_an_undo_lists_what_it_kept_and_why(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    first = upload(tab, workbook(ROWS))
    _apply(tab, first, work)
    second = upload(tab, workbook([*ROWS[:6], ["2026-03-20", "Zoom", "Seats", "Z-100", 20]]), "more.xlsx")
    _apply(tab, second, work)
    assert tab.send(f"{first}/undo", {"reason": "Superseded"}).status_code == 303
    text = _text(tab, first)
    assert "0 rows reversed, 3 kept." in text
    assert text.count("also in import 2") >= 3
    listed = tab.client.get(f"{first}?format=csv").get_data(as_text=True)
    assert "E4" in listed


def test_two_files_are_compared_on_screen_and_as_a_sheet(sign_in: Sign, work: Callable[[], None]) -> None:
    tab = sign_in("finance")
    assert "Two files of one kind must have been imported" in _text(tab, "/imports/compare")
    _apply(tab, upload(tab, workbook(ROWS)), work)
    later = [
        *ROWS[:3],
        ["2026-04-02", "Mailchimp", "Monthly plan", "M-8", 99.99],
        ["2026-04-05", "Zoom", "", "Z1", 5],
    ]
    _apply(tab, upload(tab, workbook(later), "AP April.xlsx"), work)
    assert "Choose two files of one kind" in _text(tab, "/imports/compare")
    text = _text(tab, "/imports/compare?before=1&after=2")
    assert "From AP.xlsx to AP April.xlsx: 1 supplier new, 2 suppliers gone." in text
    assert "Corner Bakery" in text
    book = openpyxl.load_workbook(
        io.BytesIO(tab.client.get("/imports/compare?before=1&after=2&format=xlsx").data)
    )
    assert book.worksheets[0].max_row >= 4
    contracts: list[list[Any]] = [
        ["Vendor", "Contract no", "Quantity", "Amount", "Currency", "Start date", "End date"],
        ["Canva", "C-100", 10, 1000, "USD", "2026-01-01", "2026-12-31"],
        ["Figma", "C-200", 5, 700, "USD", "2026-01-01", "2026-12-31"],
    ]
    for number, amount in ((3, 1000), (4, 1200)):
        contracts[1][3] = amount
        _apply(tab, upload(tab, workbook(contracts, "Contracts"), f"c{number}.xlsx", "contracts"), work)
    text = _text(tab, "/imports/compare?before=3&after=4")
    assert "1 row changed, the price per seat of 1 changed" in text
    assert tab.get("/imports/compare?before=1&after=3").status_code == 422
    assert tab.get("/imports/compare?before=1&after=99").status_code == 404
    assert tab.get("/imports/compare?before=x&after=1").status_code == 404


def test_rows_above_the_table_are_no_lines_and_empty_columns_are_left_out(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    """What a person sees first on the review must not call the sheet's title a line."""
    tab = sign_in("finance")
    rows: list[list[Any]] = [
        [None, None, "Marketing spend 2026"],
        [],
        [None, None, "Invoice date", "Supplier", "Amount"],
        [None, None, "2026-03-02", "HubSpot", 1200.1],
        [None, None, "2026-03-09", "Mailchimp", 8317.400000000001],
    ]
    page = upload(tab, workbook(rows))
    work()
    text = tab.get(page).get_data(as_text=True)
    marks = dict(re.findall(r'name="was\.row\.(\d+)" value="(\w+)"', text))
    assert marks == {"1": "note", "3": "header", "4": "data", "5": "data"}
    assert 'id="column-A"' not in text
    assert 'id="column-C"' in text
    assert '<td class="taken">8317.4</td>' in text


def test_a_column_read_with_others_is_as_it_was_until_somebody_changes_it(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    """Each choice shows what the column is taken for: one that showed another would change it with the next reading."""
    rows = [["First name", "Last name", "Email", "Role", "Status", "Last login"]]
    rows += [
        [name, "Lee", f"{name}@example.org", "Viewer", "Active", "2026-03-02"] for name in ("Ann", "Bo", "Cy")
    ]
    tab = sign_in("finance")
    page = upload(tab, workbook(rows), "users.xlsx", kind="usage")
    work()
    text = _text(tab, page)
    columns = re.findall(
        r'name="was.column.([A-Z])" value="(\w*)">\s*<select[^>]*>(.*?)</select>', text, re.DOTALL
    )
    assert len(columns) == 6
    for letter, field, options in columns:
        assert re.findall(r'<option value="(\w+)" selected>', options) == [field], letter
    assert any(field.startswith("_") for _, field, _ in columns)
