"""The only module that writes cells of a new workbook.

XlsxWriter is used because it can save a formula together with its value (previews and other programs show the value,
LibreOffice recalculates to the same). Text is always written as text, so nothing a person typed becomes a formula.
Money is a number with its currency's digits while a spreadsheet can hold it exactly (15 significant digits), else text
with a note. The same calls give the same bytes: ``created`` is the only clock.
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import NoneType
from typing import Any, BinaryIO, Final, Self

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mopsaudit.workbook.cells import (
    ACCENT,
    BAND,
    CATEGORY,
    FIRST_COLUMN,
    HAIR,
    INK,
    MAX_EXACT,
    MAX_LINKS,
    MUTED,
    WRAP_FROM,
    Head,
    Link,
    Money,
    Unknown,
    as_number,
    clean_text,
    lines_of,
    money_format,
    sheet_name,
    summand,
    text_width,
    unique_labels,
)
from mopsaudit.workbook.rows import NOTED, WRITERS, StreamedSheet, note_of, number_of, text_markup, writer_of

#: Points: what a page of the house's set-up holds at full size, and a row of one line.
PAGE_WIDTH: Final = 842.0 - 72
PAGE_HEIGHT: Final = 595.0 - 94
ROW_HEIGHT: Final = 13.5
#: Of a page's height what every program fills: they round scales and rows, and a page that ends early is told to.
_SAFE: Final = 0.97
#: Page breaks a sheet of a file may name.
_MOST_BREAKS: Final = 1_000
#: The widest table that still prints in a readable size on a landscape page, in characters.
PRINT_ROOM: Final = 185.0
#: Lines a heading takes at most.
_HEADING_LINES: Final = 3
#: Properties of a cell's format, in the order they were named.
Properties = tuple[tuple[str, Any], ...]
#: Text stands a little in: what ends in the column before it is not read as one with it.
_PLAIN: Final[Properties] = (("bottom", 1), ("bottom_color", HAIR), ("indent", 1))
#: The names of columns; a report has a few dozen at most.
_LETTERS: Final = tuple(xl_col_to_name(column) for column in range(512))
_WRAPPED: Final[Properties] = (*_PLAIN, ("text_wrap", True))
_KINDS: Final[dict[str, dict[str, Any]]] = {
    "text": {"align": "left"},
    "unknown": {"align": "right", "font_color": MUTED, "indent": 1},
    "digits": {"align": "right", "indent": 1},
    "moment": {"num_format": "d mmm yyyy hh:mm", "align": "left"},
    "day": {"num_format": "d mmm yyyy", "align": "left"},
    "link": {"font_color": ACCENT, "underline": 1, "align": "left"},
}


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


class Look(dict[str, int]):
    """The numbers of a book's formats by kind of cell, each with properties of its own; made when first asked for."""

    def __init__(self, book: "Book", own: Properties) -> None:
        super().__init__()
        self._book = book
        self.own = own

    def __missing__(self, kind: str) -> int:
        """The number the file knows a format by."""
        self[kind] = number = number_of(self._book.style(kind, self.own))
        return number

    @property
    def linked(self) -> "Look":
        """The same for figures that lead elsewhere."""
        return self._book.look((("font_color", ACCENT), *self.own))


class Book:
    """A workbook being written. Use as a context manager; nothing is readable before it is closed."""

    def __init__(
        self,
        target: Path | BinaryIO,
        *,
        created: datetime,
        title: str,
        subject: str = "",
        footer: str = "",
    ) -> None:
        """Rows leave memory as soon as the next one begins, so sheets are written from the top down."""
        self._folder = TemporaryDirectory(prefix="mopsaudit-book-")
        self._book = xlsxwriter.Workbook(
            str(target) if isinstance(target, Path) else target,
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "remove_timezone": True,
                "default_date_format": "d mmm yyyy",
                "constant_memory": True,
                "tmpdir": self._folder.name,
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
        self._looks: dict[Properties, Look] = {}
        self._names: list[str] = []
        self._tables = 0
        self.footer = footer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._book.close()
        finally:
            for sheet in self._book.worksheets():
                sheet.close_files()
            self._folder.cleanup()

    def format(self, **properties: Any) -> Format:
        """A cell format, made once per set of properties, in the book's one font."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(
                {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "top"} | properties
            )
        return self._formats[key]

    def style(self, kind: str, own: Properties) -> Format:
        """The format of a kind of cell (a name of ours or a number format) with its own properties."""
        number = {"num_format": kind, "align": "right", "indent": 1}
        return self.format(**(_KINDS.get(kind, number) | dict(own)))

    def look(self, own: Properties) -> "Look":
        """The formats of every kind of cell with properties of its own."""
        found = self._looks.get(own)
        if found is None:
            found = self._looks[own] = Look(self, own)
        return found

    def sheet(self, name: str, *, tab: str | None = None, landscape: bool = True) -> "Sheet":
        """A new sheet with the house's page set-up: landscape A4, one page wide, page x of y, scope in the footer."""
        legal = sheet_name(name, self._names)
        self._names.append(legal)
        sheet = self._book.add_worksheet(legal, worksheet_class=StreamedSheet)
        sheet.hide_gridlines(2)
        # Said for every row: programs differ in what a row has when nothing is said, and pages would end elsewhere.
        sheet.set_default_row(ROW_HEIGHT)
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

    def __init__(self, book: Book, sheet: StreamedSheet, name: str) -> None:
        self._book = book
        self._sheet = sheet
        self.name = name
        self.row = 0
        self._links = 0
        self._frozen = False
        self._breaks: list[int] = []
        self._widths: dict[int, float] = {}
        self._letters = _LETTERS
        self._heights: dict[int, float] = {}
        self._page = 0.0
        self._reached = (0, 0.0)

    def _tall(self, row: int, points: float) -> None:
        self._sheet.set_row(row, points)
        self._heights[row] = points

    def paged(self, columns: int) -> None:
        """From here on :meth:`keep` knows where pages end: so many columns are printed, their widths set before."""
        wide = sum(self._widths.get(column, 9.0) * 5.25 + 3.75 for column in range(columns))
        self._page = PAGE_HEIGHT * max(1.0, wide / PAGE_WIDTH) * _SAFE

    def keep(self, points: float) -> None:
        """Begin a new page when so much would not fit on what is left of this one, but would on the next.

        Pages that ended since the last call end where they were counted to end, which is said in the file: programs
        count a row more or less, those without the type draw wider columns and so smaller rows, and a heading after a
        long table would stand alone at the end of one of their pages.
        """
        if not self._page:
            return
        start, used = self._reached
        for row in range(start, self.row):
            height = self._heights.get(row, ROW_HEIGHT)
            if used + height > self._page:
                used = 0.0
                self._end_page(row)
            used += height
        self._reached = (self.row, used)
        if used and used + points > self._page and points < self._page:
            self.new_page()

    def address(self, row: int, column: int) -> str:
        """The link target of a cell of this sheet."""
        return f"internal:'{self.name}'!{xl_rowcol_to_cell(row, column)}"

    def title(self, text: str, answer: str) -> None:
        """The sheet's title and the one sentence that is its answer."""
        self._sheet.write_string(self.row, 0, clean_text(text), self._book.format(bold=True, font_size=16))
        self._tall(self.row, 24)
        self._sheet.write_string(
            self.row + 1, 0, clean_text(answer), self._book.format(font_size=11, text_wrap=False)
        )
        self.row += 3

    def heading(self, text: str) -> None:
        """A heading between two tables."""
        self._sheet.write_string(self.row, 0, clean_text(text), self._book.format(bold=True, font_size=12))
        self.row += 1

    def lead(self, text: str, answer: str, across: int) -> None:
        """The sheet's title and its answer, laid over the first columns, whose widths must be set before."""
        self._sheet.write_string(self.row, 0, clean_text(text), self._book.format(bold=True, font_size=16))
        self._tall(self.row, 24)
        self.row += 1
        self.note(answer, muted=False, span=across, size=11)
        self.row += 1

    def big(self, text: str, *, size: int, muted: bool = False) -> None:
        """A line of large text."""
        colour = MUTED if muted else INK
        style = self._book.format(bold=not muted, font_size=size, font_color=colour)
        self._tall(self.row, size * 1.5)
        self._sheet.write_string(self.row, 0, clean_text(text), style)
        self.row += 1

    def note(self, text: str, *, muted: bool = True, span: int = 1, column: int = 0, size: int = 10) -> None:
        """A line of plain text; with ``span`` it wraps over that many columns, whose widths must be set before."""
        properties: dict[str, Any] = {"font_color": MUTED} if muted else {}
        if size != 10:
            properties["font_size"] = size
        shown = clean_text(text)
        if span > 1:
            room = sum(self._widths.get(each, 9.0) for each in range(column, column + span)) * 10.3 / size
            style = self._book.format(text_wrap=True, **properties)
            self._tall(self.row, (size * 1.35) * max(1, -(-len(shown) // max(1, int(room)))))
            self._sheet.merge_range(self.row, column, self.row, column + span - 1, "", style)
            self._sheet.write_string(self.row, column, shown, style)
        else:
            self._sheet.write_string(self.row, column, shown, self._book.format(**properties))
        self.row += 1

    def gap(self, rows: int = 1) -> None:
        """Empty rows."""
        self.row += rows

    def pair(self, label: str, value: Any, *, beside: str = "", across: int = 3) -> None:
        """A label and its value side by side (cover, figures); ``beside`` says more of it in muted text.

        What stands beside is laid over the columns up to ``across``, whose widths must be set before.
        """
        self._sheet.write_string(self.row, 0, clean_text(label), self._book.format(font_color=MUTED))
        self.cell(self.row, 1, value, bold=True, align="left", indent=0)
        if beside and across > 3:
            self.note(beside, column=2, span=across - 2)
            return
        if beside:
            self._sheet.write_string(self.row, 2, clean_text(beside), self._book.format(font_color=MUTED))
        self.row += 1

    def cards(self, cards: Sequence[tuple[str, Any, str]], over: Sequence[tuple[int, int]]) -> None:
        """Figures side by side: label, value, what it is; each over its first and last column."""
        muted = self._book.format(font_color=MUTED, bg_color=BAND, indent=1)
        small = self._book.format(font_color=MUTED, bg_color=BAND, indent=1, font_size=9, text_wrap=True)
        self._tall(self.row, 16)
        self._tall(self.row + 1, 26)
        self._tall(self.row + 2, 26)
        for line in range(3):
            for (label, value, what), (first, last) in zip(cards, over, strict=False):
                style = (muted, self._book.format(bg_color=BAND), small)[line]
                at = self.row + line
                if last > first:
                    self._sheet.merge_range(at, first, at, last, "", style)
                if line == 1:
                    self.cell(
                        at,
                        first,
                        value,
                        bold=True,
                        font_size=16,
                        align="left",
                        bg_color=BAND,
                        indent=1,
                        underline=0,
                    )
                else:
                    self._sheet.write_string(at, first, clean_text(label if line == 0 else what), style)
        self.row += 3

    def form(self, heads: Sequence[str], lines: Sequence[str]) -> None:
        """Lines to fill in by hand: headings, then a row per name with room to write on."""
        for column, head in enumerate(heads):
            self._sheet.write_string(self.row, column, clean_text(head), self._book.format(font_color=MUTED))
        for name in lines:
            self.row += 1
            self._tall(self.row, 30)
            style = self._book.format(valign="bottom", bottom=1, bottom_color=MUTED)
            self._sheet.write_string(self.row, 0, clean_text(name), style)
            for column in range(1, len(heads)):
                self._sheet.write_blank(self.row, column, None, style)
        self.row += 1

    def fitting(self, columns: int, room: float) -> int:
        """How many of the first ``columns`` fit in ``room`` characters; at least two."""
        used = 0.0
        for column in range(columns):
            used += self._widths.get(column, 9.0)
            if used > room and column >= 2:
                return column
        return columns

    def new_page(self) -> None:
        """What follows is printed on a new page."""
        self._end_page(self.row)
        self._reached = (self.row, 0.0)

    def _end_page(self, row: int) -> None:
        """Before a row a new page begins; after so many as a file may name, pages end where a program ends them."""
        if len(self._breaks) < _MOST_BREAKS:
            self._breaks.append(row)
            self._sheet.set_h_pagebreaks(self._breaks)

    def printed(self, columns: int | None) -> None:
        """Print so many of the first columns of every row, None: all of them. Call it when the sheet is written."""
        if columns is not None:
            self._sheet.print_area(0, 0, max(self.row, 1), columns - 1)

    def cell(self, row: int, column: int, value: Any, **properties: Any) -> None:
        """Write one value with the format its kind asks for.

        Raises:
            TypeError: for a kind no cell is written for, floats among them: figures are exact.
        """
        self._put(row, column, value, tuple(properties.items()))

    def _put(self, row: int, column: int, value: Any, own: Properties) -> None:
        reference = f"{self._letters[column]}{row + 1}"
        self._sheet.put_cell(row, column, self._cell(row, column, reference, value, self._book.look(own)))

    def _cell(self, row: int, column: int, reference: str, value: Any, look: "Look") -> str:
        """A value as the text of its cell, its note taken; a link leads there while the sheet has room for links."""
        kind = type(value)
        if kind is Link:
            shown = value.value
            allowed = value.target.startswith("internal:") and not isinstance(shown, (Unknown, NoneType))
            if not allowed or self._links >= MAX_LINKS:
                return self._cell(row, column, reference, shown, look)
            self._links += 1
            self._sheet.link(reference, value.target[9:], value.tip[:255])
            if isinstance(shown, str):
                return text_markup(reference, look["link"], shown)
            return self._cell(row, column, reference, shown, look.linked)
        if kind in NOTED and (note := note_of(value)):
            options = {"x_scale": 1.6} if kind is Unknown else None
            self._sheet.write_comment(row, column, note, options)
        return (WRITERS.get(kind) or writer_of(kind))(reference, look, value)

    def table(
        self,
        heads: Sequence[Head],
        rows: Iterable[Sequence[Any]],
        *,
        native: bool = True,
        freeze: bool = True,
        filters: bool = True,
        categories: Sequence[str | None] = (),
        wrapped: int = 1_000,
        sample: Sequence[Sequence[Any]] | None = None,
    ) -> "Range":
        """Write a table with filters at the next row: native (structured) unless it is very long.

        Totals of summed columns are live formulas with their saved values. ``categories`` tints the first cell of each
        row; long text wraps in the first ``wrapped`` columns alone. ``sample`` are rows to fit
        widths to where ``rows`` can be walked only once. The first table of a sheet freezes its header
        and repeats it in print. Rows are written from the top down,
        each once, so that a book written row by row holds one of them.
        """
        first, width = self.row, len(heads)
        labels = unique_labels([head.label for head in heads])
        if sample is None:
            rows = sample = rows if isinstance(rows, Sequence) else list(rows)
        self.fit(heads, sample)
        lines = max(
            len(textwrap.wrap(label, max(6, int(self._widths[column] / 1.12)))) or 1
            for column, label in enumerate(labels)
        )
        header = self._book.format(
            bold=True, bg_color=BAND, bottom=1, bottom_color=MUTED, text_wrap=True, align="left", indent=1
        )
        right = self._book.format(
            bold=True, bg_color=BAND, bottom=1, bottom_color=MUTED, text_wrap=True, align="right", indent=1
        )
        styles = [right if head.right else header for head in heads]
        self._tall(first, 14.0 * max(1, lines))
        for column, label in enumerate(labels):
            self._sheet.write_string(first, column, clean_text(label), styles[column])
        last = first
        sums = {column: 0 for column, head in enumerate(heads) if head.summed}
        for index, row in enumerate(rows):
            last = first + 1 + index
            self._row(last, row, heads, categories[index] if index < len(categories) else None, wrapped)
            for column in sums:
                sums[column] += summand(row[column])
        empty = last == first
        last = max(last, first + 1)
        totals = bool(sums) and not empty
        if totals:
            self._totals(first, last, heads, sums)
        if native and not empty:
            self._native(first, last, labels, styles)
        elif filters and not empty:
            self._sheet.autofilter(first, 0, last, width - 1)
        if freeze and not self._frozen and first < 16:
            self._frozen = True
            self._sheet.freeze_panes(first + 1, 1)
            self._sheet.repeat_rows(first)
        for column, head in enumerate(heads):
            if head.bar and last > first + 1:
                self._sheet.conditional_format(
                    first + 1, column, last, column,
                    {"type": "data_bar", "bar_color": "#9cc5cd"},
                )  # fmt: skip
        self.row = last + (2 if totals else 1) + 1
        return Range(sheet=self.name, first=first + 1, last=last, width=width)

    def _row(
        self, at: int, row: Sequence[Any], heads: Sequence[Head], category: str | None, wrapped: int
    ) -> None:
        """One row, as high as its wrapped text needs: not every program works that out on opening."""
        lines = 1
        number = str(at + 1)
        plain, folded = self._book.look(_PLAIN), self._book.look(_WRAPPED)
        letters, widths = self._letters, self._widths
        text_style = plain["text"]
        cells: list[str] = []
        add = cells.append
        for column, value in enumerate(row):
            if value is None and column:
                add(f'<c r="{letters[column]}{number}" s="{text_style}"/>')
                continue
            look, style = plain, text_style
            text = value.value if type(value) is Link else value
            if isinstance(text, str):
                if column < wrapped and (len(text) > widths[column] or "\n" in text):
                    look, style = folded, folded["text"]
                    lines = max(lines, lines_of(text, widths[column]))
                elif heads[column].wrap:
                    look, style = folded, folded["text"]
                if column and text is value:
                    add(text_markup(f"{letters[column]}{number}", style, text))
                    continue
            if column == 0 and category in CATEGORY:
                tint: Properties = (("left", 5), ("left_color", CATEGORY[category]))
                look = self._book.look((*look.own, *tint))
            add(self._cell(at, column, letters[column] + number, value, look))
        height = ROW_HEIGHT * min(lines, 30)
        if lines > 1:
            self._heights[at] = height
        self._sheet.put_row(at, "".join(cells), width=len(row), height=height)

    def _native(self, first: int, last: int, labels: Sequence[str], styles: Sequence[Format]) -> None:
        columns = [
            {"header": clean_text(label), "header_format": style}
            for label, style in zip(labels, styles, strict=True)
        ]
        options = {"name": self._book.next_table(), "columns": columns, "style": None, "autofilter": True}
        self._sheet.describe_table(first, last, len(labels), options)

    def _totals(self, first: int, last: int, heads: Sequence[Head], sums: Mapping[int, int]) -> None:
        for column, head in enumerate(heads):
            own: Properties = (("bold", True), ("top", 1), ("indent", 1))
            if column in sums:
                letters = xl_col_to_name(column)
                text = f"=SUBTOTAL(109,{letters}{first + 2}:{letters}{last + 1})"
                style = self._book.style(money_format(head.currency) if head.currency else "#,##0", own)
                number = as_number(sums[column], head.currency)
                self._sheet.write_formula(last + 1, column, text, style, float(number))
            else:
                self._sheet.write_string(
                    last + 1, column, "" if column else "Total", self._book.style("text", own)
                )

    def fit(self, heads: Sequence[Head], rows: Sequence[Sequence[Any]]) -> None:
        """Set the columns' widths for a table to come, so that text above it can be laid over them."""
        labels = unique_labels([head.label for head in heads])
        for column, (head, label) in enumerate(zip(heads, labels, strict=True)):
            widest = head.width
            if widest is None:
                samples = [text_width(row[column]) for row in rows[:400]]
                longest_word = max((len(word) for word in label.split()), default=0)
                # A heading of many short words takes three lines at most: the others of its row stand above nothing.
                narrowest = max(longest_word + 4.0, 8.0, len(label) * 1.3 / _HEADING_LINES)
                if head.summed:
                    samples.append(_total_width(head, [row[column] for row in rows[:400]]))
                widest = min(float(WRAP_FROM), max([narrowest, *samples]))
            if column == 0 and head.width is None:
                widest = max(widest, FIRST_COLUMN)  # labels of figures and thresholds stand here too
            self._widths[column] = max(self._widths.get(column, 0.0), float(widest))
            self._sheet.set_column(column, column, self._widths[column])

    def widths(self, *widths: float) -> None:
        """Set the first columns' widths in characters."""
        for column, width in enumerate(widths):
            self._widths[column] = width
            self._sheet.set_column(column, column, width)

    def place_chart(self, chart: Any, *, width: int = 920, height: int = 300) -> None:
        """Place a native chart at the next row and move on below it."""
        self.lay_chart(self.row, chart, width=width, height=height)
        self.row += chart_rows(height)

    def lay_chart(self, row: int, chart: Any, *, width: int = 920, height: int = 300) -> None:
        """Place a native chart at a row left free for it: :func:`chart_rows` of them."""
        chart.set_size({"width": width, "height": height})
        self._sheet.insert_chart(row, 0, chart, {"object_position": 2})


def chart_rows(height: int) -> int:
    """The rows a chart of so many pixels covers, and an empty one."""
    return -(-height // 18) + 1


def _total_width(head: Head, sample: Sequence[Any]) -> float:
    """Room for the total of a column, whose rows may be a hundred times as many as the sample's."""
    most = sum(abs(summand(cell)) for cell in sample) * (100 if len(sample) >= 400 else 1)
    shown = Money(minor=min(most, MAX_EXACT), currency=head.currency) if head.currency else most
    return text_width(shown) * 1.08 + 1
