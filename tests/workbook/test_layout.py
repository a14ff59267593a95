"""How sheets and pages are laid out: heights of rows, scales of charts, words instead of keys."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from mopsaudit.reporting import Missing, Plot, Ratio, Series
from mopsaudit.settings import SPECS, Settings, setting_words
from mopsaudit.workbook.booklet import text_of
from mopsaudit.workbook.cells import Head, Unknown, lines_of
from mopsaudit.workbook.charts import place_plot
from mopsaudit.workbook.paper_charts import nice_ticks
from mopsaudit.workbook.tables import cell_of
from mopsaudit.workbook.writer import PAGE_HEIGHT, ROW_HEIGHT, Book

WHEN = datetime(2026, 9, 30, 12, tzinfo=UTC)


def timeline() -> Plot:
    """Two contracts: one whose day to send has passed, one whose notice day is not known."""
    spans = (
        Series(key="from", label="Sent until", values=(-7, 10), style="span"),
        Series(key="until", label="End", values=(30, 70), style="span"),
    )
    dots = (
        Series(key="send_by", label="Send by", values=(-7, 10), style="dot", colour="bad"),
        Series(key="notice_by", label="Notice by", values=(0, None), style="dot", colour="warn"),
        Series(key="end", label="Term ends", values=(30, 70), style="dot"),
    )
    return Plot(kind="timeline", title="What comes next", labels=("Gong", "Drift"), series=(*spans, *dots))


@pytest.mark.parametrize(
    "text, width, lines",
    [
        ("Project / Workflow / Operations Management", 34.0, 1),
        ("Market & Customer Intelligence and Insights", 34.0, 1),
        ("ADOBE SYSTEMS SOFTWARE IRELAND LIMITED", 26.0, 2),
        ("one\ntwo", 40.0, 2),
        ("東京広告代理店株式会社", 12.0, 2),
        ("", 10.0, 1),
    ],
)
def test_a_row_is_as_high_as_its_text(text: str, width: float, lines: int) -> None:
    assert lines_of(text, width) == lines


def test_words_stand_apart_from_the_number_before_them() -> None:
    target = BytesIO()
    with Book(target, created=WHEN, title="Any") as book:
        sheet = book.sheet("Any")
        sheet.table([Head(label="Sum", right=True), Head(label="Reason")], [[12, "unexplained"]])
    found = load_workbook(target)["Any"]
    assert (found["B2"].alignment.horizontal, found["B2"].alignment.indent) == ("left", 1)
    assert found.row_dimensions[2].height == ROW_HEIGHT


def _pages(sheet: Any, last: int, height: float) -> dict[int, int]:
    """Row → its printed page: pages end where the file says, and before where no more rows fit on ``height`` points."""
    said = {each.id + 1 for each in sheet.row_breaks.brk}
    page, used, found = 1, 0.0, {}
    for row in range(1, last + 1):
        tall = sheet.row_dimensions[row].height or ROW_HEIGHT
        if row in said or used + tall > height:
            page, used = page + 1, 0.0
        used += tall
        found[row] = page
    return found


@pytest.mark.parametrize("rows", range(24, 78, 3))
def test_no_heading_stands_alone_at_the_end_of_a_page(rows: int) -> None:
    target = BytesIO()
    line = Plot(
        kind="lines",
        title="Less than today",
        labels=tuple(f"M{number}" for number in range(rows)),
        series=(Series(key="less", label="Less", values=tuple(range(rows))),),
    )
    with Book(target, created=WHEN, title="Any") as book:
        sheet = book.sheet("Any")
        sheet.widths(38, 20, 20)
        sheet.paged(6)
        sheet.table([Head(label="Month"), Head(label="Sum", right=True)], [["Jan", 1]] * rows)
        place_plot(book, sheet, line, as_of=date(2026, 9, 30))
    found: Any = load_workbook(target)["Any"]
    heading = next(row[0].row for row in found.iter_rows(max_col=1) if row[0].value == "Less than today")
    for more in (0.97, 0.985, 1.0, 1.015, 1.03):  # a program's page against the one that was counted on
        pages = _pages(found, found.max_row, PAGE_HEIGHT * more)
        assert pages[heading] == pages[heading + 5], f"the heading is apart from its chart at {more}"
        told = [list(pages.values()).count(page) for page in range(1, pages[heading])]
        assert all(number > 5 for number in told), f"a page of a few rows at {more}"


@pytest.mark.parametrize(
    "least, most, ticks",
    [
        (0, 880_539, [0, 200_000, 400_000, 600_000, 800_000, 1_000_000]),
        (0, 1_046, [0, 250, 500, 750, 1_000, 1_250]),
        (-7, 125, [-50, 0, 50, 100, 150]),
        (0, 0, [0, 1]),
    ],
)
def test_scales_have_round_figures(least: int, most: int, ticks: list[int]) -> None:
    found = nice_ticks(Decimal(least), Decimal(most))
    assert found[0] <= least
    assert found[-1] >= most
    if (least, most) != (0, 0):
        assert [int(each) for each in found] == ticks


def test_a_timeline_is_drawn_from_dates() -> None:
    target = BytesIO()
    with Book(target, created=WHEN, title="Any") as book:
        place_plot(book, book.sheet("Any"), timeline(), as_of=date(2026, 9, 30))
    sheet: Any = load_workbook(target)["Any"]
    rows = {row[0].value: [cell.value for cell in row[1:4]] for row in sheet.iter_rows() if row[0].value}
    assert [rows["Gong"][0].date(), *rows["Gong"][1:]] == [date(2026, 9, 23), 7, 30]
    # Nobody knows the notice day of the second: its bar runs to the end.
    assert [rows["Drift"][0].date(), *rows["Drift"][1:]] == [date(2026, 10, 10), 0, 60]
    assert len(sheet._charts) == 1


def test_what_is_not_known_is_no_not_applicable() -> None:
    assert cell_of(Missing("no quantity")) == Unknown(why="no quantity")
    assert text_of(Missing("no quantity")) == "–"
    assert text_of(Ratio(numerator=3, denominator=None, why="no quantity")) == "–"
    assert text_of(Ratio(numerator=3, denominator=None, why="n/a: licensed by flat")) == "n/a"
    assert text_of(Ratio(numerator=0, denominator=0)) == "n/a"


def test_settings_are_told_in_words() -> None:
    settings = Settings()
    told = {each.key: setting_words(each.key, getattr(settings, each.key), "USD") for each in SPECS}
    assert told["deviation_amount_minor"] == "5,000.00 USD"
    assert told["match_sure_mille"] == "90 %"
    assert told["upload_bytes"] == "20 MiB"
    assert told["gates_days"] == "120, 90, 60, 30 days"
    assert told["fiscal_start"] == "January"
    assert told["accrual_by_days"] == "yes"
    assert not [each for each in told.values() if "_" in each]


@pytest.mark.parametrize(
    "text, width, lines",
    [
        ("short", 20.0, 1),
        ("one\ntwo", 20.0, 2),
        # Words do not share what a line leaves: seven of them take four lines of two, not three and a half.
        (" ".join(["elephants"] * 7), 20.0, 4),
        ("Move to Smartsheet and Wrike: send notice at once, it should have left by 18 Nov 2026.", 30.0, 3),
        ("x" * 100, 20.0, 5),
    ],
)
def test_lines_break_between_words(text: str, width: float, lines: int) -> None:
    assert lines_of(text, width) == lines
