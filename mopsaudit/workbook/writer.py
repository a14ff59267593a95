"""The only module that writes cells of a new workbook.

XlsxWriter is used because it can save a formula together with its value (previews and other programs show the value,
LibreOffice recalculates to the same). Text is always written as text, so nothing a person typed becomes a formula.
Money is a number with its currency's digits while a spreadsheet can hold it exactly (15 significant digits), else text
with a note. The same calls give the same bytes: ``created`` is the only clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Self

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from mopsaudit.money import from_minor
from mopsaudit.workbook.cells import (
    BAND,
    CATEGORY,
    FIRST_COLUMN,
    HAIR,
    INK,
    MAX_EXACT,
    MAX_LINKS,
    MUTED,
    WRAP_FROM,
    Formula,
    Head,
    Link,
    Money,
    Share,
    Unknown,
    as_number,
    clean_text,
    column_format,
    column_sum,
    money_format,
    number_format,
    sheet_name,
    shown_text,
    text_width,
    unique_labels,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Where a table's data stands (0-based rows, inclusive)."""

    sheet: str
    first: int
    last: int
    width: int

    def column(self, column: int) -> list[Any]:
        """A column as XlsxWriter's charts take it."""
        return [self.sheet, self.first, column, self.last, column]


class Book:
    """A workbook being written. Use as a context manager; nothing is readable before it is closed."""

    def __init__(
        self, target: Path | BinaryIO, *, created: datetime, title: str, subject: str = "", footer: str = ""
    ) -> None:
        self._book = xlsxwriter.Workbook(
            str(target) if isinstance(target, Path) else target,
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "remove_timezone": True,
                "default_date_format": "d mmm yyyy",
            },
        )
        self._book.set_properties(
            {
                "title": title,
                "subject": subject,
                "author": "mopsaudit",
                "created": created.replace(tzinfo=None, microsecond=0),
            }
        )
        self._book.set_calc_mode("auto")
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._names: list[str] = []
        self._tables = 0
        self.footer = footer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self._book.close()

    def format(self, **properties: Any) -> Format:
        """A cell format, made once per set of properties, in the book's one font."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(
                {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "top"} | properties
            )
        return self._formats[key]

    def sheet(self, name: str, *, tab: str | None = None, landscape: bool = True) -> "Sheet":
        """A new sheet with the house's page set-up: landscape A4, one page wide, page x of y, scope in the footer."""
        legal = sheet_name(name, self._names)
        self._names.append(legal)
        sheet = self._book.add_worksheet(legal)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        safe = clean_text(self.footer).replace("&", "&&")[:160]
        sheet.set_footer(f"&L&8{safe}&C&8&A&R&8Page &P of &N")
        if tab:
            sheet.set_tab_color(tab)
        return Sheet(self, sheet, legal)

    def native_chart(self, kind: str, subtype: str | None = None) -> Any:
        """A native chart to be filled and placed by :meth:`Sheet.place_chart`."""
        options = {"type": kind} | ({"subtype": subtype} if subtype else {})
        return self._book.add_chart(options)

    @property
    def sheet_names(self) -> list[str]:
        """The names of the sheets so far, in order."""
        return list(self._names)

    def next_table(self) -> str:
        """A table name unique in the book."""
        self._tables += 1
        return f"Table{self._tables}"


class Sheet:
    """A sheet being written from the top; ``row`` is the next free row (0-based)."""

    def __init__(self, book: Book, sheet: Worksheet, name: str) -> None:
        self._book = book
        self._sheet = sheet
        self.name = name
        self.row = 0
        self._links = 0
        self._frozen = False
        self._widths: dict[int, float] = {}

    def address(self, row: int, column: int) -> str:
        """The link target of a cell of this sheet."""
        return f"internal:'{self.name}'!{xl_rowcol_to_cell(row, column)}"

    def title(self, text: str, answer: str) -> None:
        """The sheet's title and the one sentence that is its answer."""
        self._sheet.write_string(self.row, 0, clean_text(text), self._book.format(bold=True, font_size=16))
        self._sheet.set_row(self.row, 24)
        self._sheet.write_string(
            self.row + 1, 0, clean_text(answer), self._book.format(font_size=11, text_wrap=False)
        )
        self.row += 3

    def heading(self, text: str) -> None:
        """A heading between two tables."""
        self._sheet.write_string(self.row, 0, clean_text(text), self._book.format(bold=True, font_size=12))
        self.row += 1

    def note(self, text: str, *, muted: bool = True, span: int = 1) -> None:
        """A line of plain text; with ``span`` it wraps over that many columns, whose widths must be set before."""
        properties = {"font_color": MUTED} if muted else {}
        shown = clean_text(text)
        if span > 1:
            room = sum(self._widths.get(column, 9.0) for column in range(span)) * 1.05
            style = self._book.format(text_wrap=True, **properties)
            self._sheet.merge_range(self.row, 0, self.row, span - 1, "", style)
            self._sheet.write_string(self.row, 0, shown, style)
            self._sheet.set_row(self.row, 13.5 * max(1, -(-len(shown) // int(room))))
        else:
            self._sheet.write_string(self.row, 0, shown, self._book.format(**properties))
        self.row += 1

    def gap(self, rows: int = 1) -> None:
        """Empty rows."""
        self.row += rows

    def pair(self, label: str, value: Any) -> None:
        """A label and its value side by side (cover, figures)."""
        self._sheet.write_string(self.row, 0, clean_text(label), self._book.format(font_color=MUTED))
        self.cell(self.row, 1, value, bold=True, align="left")
        self.row += 1

    def cell(self, row: int, column: int, value: Any, **properties: Any) -> None:
        """Write one value with the format its kind asks for.

        Raises:
            TypeError: for a kind no cell is written for, floats among them: figures are exact.
        """
        book, sheet = self._book, self._sheet
        match value:
            case None:
                sheet.write_blank(row, column, None, book.format(**properties))
            case Link():
                self._link(row, column, value, properties)
            case Unknown():
                sheet.write_string(
                    row, column, "–", book.format(**{"align": "right", "font_color": MUTED} | properties)
                )
                sheet.write_comment(row, column, clean_text(value.why)[:900], {"x_scale": 1.6})
            case Money():
                self._money(row, column, value, properties)
            case Share():
                number = Decimal(value.numerator) / Decimal(value.denominator)
                places = "0.0%" if abs(number) < Decimal("0.1") and number else "0%"
                sheet.write_number(
                    row, column, float(number), book.format(**{"num_format": places} | properties)
                )
            case Formula():
                self._formula(row, column, value, properties)
            case bool():
                sheet.write_string(row, column, "yes" if value else "no", book.format(**properties))
            case int():
                style = book.format(**{"num_format": "#,##0"} | properties)
                if abs(value) > MAX_EXACT:
                    sheet.write_string(row, column, str(value), style)
                else:
                    sheet.write_number(row, column, value, style)
            case Decimal():
                digits = len(f"{value:f}".partition(".")[2])
                pattern = "#,##0" + ("." + "0" * digits if digits else "")
                sheet.write_number(
                    row, column, float(value), book.format(**{"num_format": pattern} | properties)
                )
            case datetime():
                moment = value.replace(tzinfo=None)
                sheet.write_datetime(
                    row,
                    column,
                    moment,
                    book.format(**{"num_format": "d mmm yyyy hh:mm", "align": "left"} | properties),
                )
            case date():
                sheet.write_datetime(
                    row,
                    column,
                    datetime(value.year, value.month, value.day),  # noqa: DTZ001  # a calendar day, no clock
                    book.format(**{"num_format": "d mmm yyyy", "align": "left"} | properties),
                )
            case str():
                sheet.write_string(row, column, clean_text(value), book.format(**properties))
            case _:
                raise TypeError(f"no cell is written for a {type(value).__name__}")

    def _money(self, row: int, column: int, value: Money, properties: dict[str, Any]) -> None:
        style = self._book.format(**{"num_format": money_format(value.currency)} | properties)
        amount = from_minor(value.minor, value.currency)
        if abs(value.minor) > MAX_EXACT:
            self._sheet.write_string(
                row, column, f"{amount:f}", self._book.format(**{"align": "right"} | properties)
            )
            self._sheet.write_comment(
                row, column, "Too many digits for a spreadsheet number: written as text."
            )
        else:
            # A float of at most 15 significant digits prints back as the same decimal: nothing is lost in the file.
            self._sheet.write_number(row, column, float(amount), style)

    def _formula(self, row: int, column: int, value: Formula, properties: dict[str, Any]) -> None:
        if value.currency is not None:
            pattern, number = money_format(value.currency), from_minor(int(value.value), value.currency)
        else:
            pattern, number = "#,##0.00", Decimal(value.value)
        style = self._book.format(**{"num_format": pattern} | properties)
        self._sheet.write_formula(row, column, value.text, style, float(number))

    def _link(self, row: int, column: int, link: Link, properties: dict[str, Any]) -> None:
        self.cell(row, column, link.value, **properties)
        allowed = link.target.startswith(("internal:", "http://", "https://"))
        if not allowed or self._links >= MAX_LINKS or isinstance(link.value, (Unknown, type(None))):
            return
        self._links += 1
        shown = shown_text(link.value)
        options = self._book.format(
            **{"font_color": "#0b5c6b", "underline": 1} | number_format(link.value) | properties
        )
        if shown is None:
            # The value is a number: the link is laid over it, the number stays a number.
            self._sheet.write_url(row, column, link.target, options, "", clean_text(link.tip)[:255] or None)
            self.cell(row, column, link.value, font_color="#0b5c6b", **properties)
        else:
            self._sheet.write_url(
                row, column, link.target, options, clean_text(shown), clean_text(link.tip)[:255] or None
            )

    def table(
        self,
        heads: Sequence[Head],
        rows: Sequence[Sequence[Any]],
        *,
        native: bool = True,
        freeze: bool = True,
        filters: bool = True,
        categories: Sequence[str | None] = (),
    ) -> "Range":
        """Write a table with filters at the next row: native (structured) unless it is very long.

        Totals of summed columns are live formulas with their saved values. ``categories`` tints the first cell of each
        row. The first table of a sheet freezes its header and repeats it in print.
        """
        first, width = self.row, len(heads)
        labels = unique_labels([head.label for head in heads])
        for index, row in enumerate(rows):
            category = categories[index] if index < len(categories) else None
            for column, value in enumerate(row):
                properties: dict[str, Any] = {"bottom": 1, "bottom_color": HAIR}
                if heads[column].wrap or (isinstance(value, str) and len(value) > WRAP_FROM):
                    properties["text_wrap"] = True
                if column == 0 and category in CATEGORY:
                    properties |= {"left": 5, "left_color": CATEGORY[category]}
                self.cell(first + 1 + index, column, value, **properties)
        last = first + max(len(rows), 1)
        totals = any(head.summed for head in heads) and bool(rows)
        header = self._book.format(bold=True, bg_color=BAND, bottom=1, bottom_color=MUTED, text_wrap=True)
        if native and rows:
            self._native(first, last, labels, header)
        else:
            for column, label in enumerate(labels):
                self._sheet.write_string(first, column, clean_text(label), header)
            if rows and filters:
                self._sheet.autofilter(first, 0, last, width - 1)
        if totals:
            self._totals(first, last, heads, rows)
        self._fit(heads, labels, rows)
        lines = max(
            -(-len(label) * 11 // int(self._widths[column] * 10)) for column, label in enumerate(labels)
        )
        self._sheet.set_row(first, 14.0 * max(1, lines))
        for index, row in enumerate(rows):
            self._heighten(first + 1 + index, row)
        if freeze and not self._frozen and first < 16:
            self._frozen = True
            self._sheet.freeze_panes(first + 1, 1)
            self._sheet.repeat_rows(first)
        for column, head in enumerate(heads):
            if head.bar and len(rows) > 1:
                self._sheet.conditional_format(
                    first + 1, column, last, column,
                    {"type": "data_bar", "bar_color": "#9cc5cd", "bar_solid": True, "data_bar_2010": True},
                )  # fmt: skip
        self.row = last + (2 if totals else 1) + 1
        return Range(sheet=self.name, first=first + 1, last=last, width=width)

    def _native(self, first: int, last: int, labels: Sequence[str], header: Format) -> None:
        columns = [{"header": clean_text(label), "header_format": header} for label in labels]
        self._sheet.add_table(
            first,
            0,
            last,
            len(labels) - 1,
            {"name": self._book.next_table(), "columns": columns, "style": None, "autofilter": True},
        )

    def _totals(self, first: int, last: int, heads: Sequence[Head], rows: Sequence[Sequence[Any]]) -> None:
        self._sheet.write_string(last + 1, 0, "Total", self._book.format(bold=True, top=1))
        for column, head in enumerate(heads):
            if head.summed:
                total = as_number(column_sum(rows, column), head.currency)
                letters = xl_col_to_name(column)
                text = f"=SUBTOTAL(109,{letters}{first + 2}:{letters}{last + 1})"
                style = self._book.format(bold=True, top=1, **column_format(head))
                self._sheet.write_formula(last + 1, column, text, style, float(total))

    def _fit(self, heads: Sequence[Head], labels: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        for column, (head, label) in enumerate(zip(heads, labels, strict=True)):
            widest = head.width
            if widest is None:
                samples = [text_width(row[column]) for row in rows[:400]]
                longest_word = max((len(word) for word in label.split()), default=0)
                widest = min(float(WRAP_FROM), max([longest_word + 4.0, 8.0, *samples]))
            if column == 0 and head.width is None:
                widest = max(widest, FIRST_COLUMN)  # labels of figures and thresholds stand here too
            self._widths[column] = max(self._widths.get(column, 0.0), float(widest))
            self._sheet.set_column(column, column, self._widths[column])

    def _heighten(self, at: int, row: Sequence[Any]) -> None:
        """Give a row the height its wrapped text needs: not every program works it out on opening."""
        lines = 1
        for column, value in enumerate(row):
            text = value.value if isinstance(value, Link) else value
            if isinstance(text, str) and (len(text) > WRAP_FROM or "\n" in text):
                room = max(8, int(self._widths[column] * 1.05))
                lines = max(lines, sum(max(1, -(-len(part) // room)) for part in text.split("\n")))
        if lines > 1:
            self._sheet.set_row(at, 13.5 * min(lines, 30))

    def widths(self, *widths: float) -> None:
        """Set the first columns' widths in characters."""
        for column, width in enumerate(widths):
            self._widths[column] = width
            self._sheet.set_column(column, column, width)

    def place_chart(self, chart: Any, *, width: int = 920, height: int = 300) -> None:
        """Place a native chart at the next row and move on below it."""
        chart.set_size({"width": width, "height": height})
        self._sheet.insert_chart(self.row, 0, chart, {"object_position": 2})
        self.row += -(-height // 20) + 1
