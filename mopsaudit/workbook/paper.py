"""The only module that lays out pages of a PDF: type, colours, figures, charts and tables on A4 lying.

Text is text (DejaVu Sans, embedded), charts are drawn as lines and areas. The document has a title, a language, an
outline and links; the same calls give the same bytes, ``created`` is the only clock.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Final, Self

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TableCellFillMode, TextEmphasis
from fpdf.fonts import FontFace, TTFFont
from fpdf.prefs import ViewerPreferences

from mopsaudit.money import exponent
from mopsaudit.reporting import Plot, Series
from mopsaudit.workbook.cells import ACCENT, BAND, CATEGORY, HAIR, INK, MUTED, TONE

#: Millimetres: the page's margins, and the width between them.
MARGIN: Final = 16.0
WIDTH: Final = 297.0 - 2 * MARGIN
_FONT: Final = "DejaVu"
_COLOURS: Final = {"accent": ACCENT, "ink": INK, "muted": "#8a93a1", **TONE, **CATEGORY}
#: Kinds of plot that are drawn; the others leave what the tables say.
DRAWN: Final = ("bars", "grouped", "columns", "stacked", "lines", "timeline")
#: So many labels a drawn plot has room for.
_BARS: Final = 12


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _fonts() -> Path:
    """Where the embedded type lies: it comes with the library that draws the pages' charts."""
    spec = find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The type for PDF files is missing; it comes with matplotlib.")
    return Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"


class Paper(FPDF):
    """A document being written from the top of its first page."""

    def __init__(self, *, title: str, subject: str, author: str, created: datetime, foot: str) -> None:
        super().__init__(orientation="landscape", unit="mm", format="A4")
        self.foot = foot
        self.contents: int | None = None
        self.unshown: set[str] = set()
        self.set_margins(MARGIN, 14, MARGIN)
        self.set_auto_page_break(True, margin=18)
        self.add_font(_FONT, "", _fonts() / "DejaVuSans.ttf")
        self.add_font(_FONT, "B", _fonts() / "DejaVuSans-Bold.ttf")
        self.set_title(title)
        self.set_subject(subject)
        self.set_author(author)
        self.set_creator("mopsaudit")
        self.set_lang("en")
        self.set_creation_date(created)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def __enter__(self) -> Self:
        """A document that lets go of its type's files whether it is finished or not."""
        return self

    def __exit__(self, *_: object) -> None:
        """The library closes them in a finished document alone."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def footer(self) -> None:
        """The scope on the left, the way back to the contents in the middle, page x of y on the right."""
        self.set_y(-12)
        self.type(7.5, colour=MUTED)
        self.cell(WIDTH / 2, 5, self.foot)
        if self.contents is not None:
            self.cell(WIDTH / 4, 5, "Contents", link=self.contents)
        else:
            self.cell(WIDTH / 4, 5, "")
        self.cell(WIDTH / 4, 5, f"Page {self.page_no()} of {{nb}}", align="R")

    def type(self, size: float, *, bold: bool = False, colour: str = INK) -> None:
        """The type that follows."""
        self.set_font(_FONT, "B" if bold else "", size)
        self.set_text_color(*_rgb(colour))

    def normalize_text(self, text: str) -> str:
        """Text the type can show. What it lacks stands as � and is kept in ``unshown``, never a silent box."""
        known = getattr(self.current_font, "cmap", None)
        if not known or all(ord(letter) in known or letter in "\r\n\t" for letter in text):
            return super().normalize_text(text)
        shown = []
        for letter in text:
            if ord(letter) in known or letter in "\r\n\t":
                shown.append(letter)
            elif letter.isprintable():
                self.unshown.add(letter)
                shown.append("\ufffd")
        return super().normalize_text("".join(shown))

    def text_block(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        width: float = WIDTH,
        link: int | None = None,
    ) -> None:
        """A paragraph over ``width``, and on below it."""
        self.type(size, bold=bold, colour=colour)
        self.multi_cell(width, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def chapter(self, title: str, *, link: int | None = None, flow: bool = False) -> None:
        """A new page with its title, in the outline; ``link`` leads here from now on.

        With ``flow`` it begins below what stands, where half a page is left.
        """
        if not flow or self.get_y() > 115:
            self.add_page()
        else:
            self.ln(9)
        self.start_section(title)
        if link is not None:
            self.set_link(link, page=self.page, y=self.get_y())
        self.text_block(title, 18, bold=True)
        self.ln(1.5)

    def room(self, height: float) -> None:
        """Begin a new page where less is left."""
        if self.will_page_break(height):
            self.add_page()

    def heading(self, text: str, *, room: float = 42) -> None:
        """A heading within a page; a new page begins where less than ``room`` is left."""
        if self.will_page_break(room):
            self.add_page()
        self.ln(3)
        self.text_block(text, 11, bold=True)
        self.ln(1)

    def figures(self, cards: Sequence[tuple[str, str, str]]) -> None:
        """Up to four figures side by side: label, value, what it is."""
        if not cards:
            return
        gap, top, height = 4.0, self.get_y() + 1, 23.0
        width = (WIDTH - gap * 3) / 4
        for number, (label, value, what) in enumerate(cards[:4]):
            left = MARGIN + number * (width + gap)
            self.set_fill_color(*_rgb(BAND))
            self.rect(left, top, width, height, style="F")
            for text, size, bold, colour, at in (
                (label, 8.0, False, MUTED, 2.0),
                (value, 14.0 if len(value) < 19 else 9.0, True, INK, 6.5),
                (what, 7.0, False, MUTED, 13.5),
            ):
                self.type(size, bold=bold, colour=colour)
                self.set_xy(left + 2, top + at)
                # One line, or two of what does not fit on it.
                shown = self.cut(text, (width - 6) * (1.9 if size in (9.0, 7.0) else 1.0))
                self.multi_cell(width - 4, size * 0.42, shown, align="L", padding=0)
        self.set_xy(MARGIN, top + height + 3)

    def cut(self, text: str, width: float) -> str:
        """The text in the type set, cut with ``…`` to a width."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(f"{text}…") > width:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def rows(
        self,
        heads: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[float],
        right: Sequence[bool],
    ) -> None:
        """A table with hairlines; its headings stand again on each page. Widths are shares."""
        self.type(7.5)
        self.set_draw_color(*_rgb(HAIR))
        self.set_fill_color(255, 255, 255)
        self.set_line_width(0.15)
        style = FontFace(emphasis=TextEmphasis.B, color=_rgb(INK), fill_color=_rgb(BAND), size_pt=7.5)
        with self.table(
            width=WIDTH,
            col_widths=tuple(widths),
            text_align=tuple("RIGHT" if each else "LEFT" for each in right),
            headings_style=style,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            cell_fill_mode=TableCellFillMode.NONE,
            line_height=4.0,
            padding=(0.9, 1.5),
        ) as table:
            for cells in (heads, *rows):
                row = table.row()
                for cell in cells:
                    row.cell(cell)
        self.ln(1)

    def plot(self, plot: Plot, *, height: float = 62.0) -> None:
        """A chart with its labels; nothing for kinds that are not drawn or hold no figures."""
        if plot.kind not in DRAWN or not plot.labels or not plot.series:
            return
        lying = plot.kind in ("bars", "grouped", "timeline")
        rows = min(len(plot.labels), _BARS if plot.kind != "timeline" else len(plot.labels))
        step = 9.0 if plot.kind == "grouped" else 6.4
        if lying:
            # Bars a little closer rather than half a page left empty.
            room = self.h - self.b_margin - self.get_y() - 24
            step = max(step * 0.72, min(step, room / max(1, rows)))
            height = 8 + rows * step
        if self.will_page_break(height + 14):
            self.add_page()
        self.ln(2)
        self.text_block(plot.title, 9, bold=True)
        self._legend(plot)
        if plot.kind == "timeline":
            self._timeline(plot, step)
        elif lying:
            self._lying(plot, step)
        else:
            self._standing(plot, height)
        self.ln(2)

    def _legend(self, plot: Plot) -> None:
        if len(plot.series) < 2:
            return
        self.type(7.5, colour=MUTED)
        for series in plot.series:
            if series.style == "span":
                continue
            self._patch(series, (self.get_x(), self.get_y() + 1, 3, 2.4))
            self.set_x(self.get_x() + 4)
            self.cell(self.get_string_width(series.label) + 6, 4.4, series.label)
        self.ln(5.5)

    def _patch(self, series: Series, box: tuple[float, float, float, float]) -> None:
        """The area of a series at x, y, width and height: what is foreseen is pale with an outline, a line is thin."""
        colour = _rgb(_COLOURS.get(series.colour, ACCENT))
        foreseen = series.style == "hatched"
        red, green, blue = (255 - (255 - part) // 4 if foreseen else part for part in colour)
        self.set_fill_color(red, green, blue)
        self.set_draw_color(*colour)
        self.set_line_width(0.25)
        left, top, width, height = box
        if series.style == "line":
            top, height = top + height / 2 - 0.25, 0.5
        self.rect(left, top, width, height, style="DF" if foreseen else "F")

    def _timeline(self, plot: Plot, step: float) -> None:
        """Dates of each label on a scale of days from the as-of date, joined by a band; what passed is left of 0."""
        dots = [series for series in plot.series if series.style == "dot"]
        known = [int(value) for series in dots for value in series.values if value is not None]
        ticks = nice_ticks(Decimal(min([0, *known])), Decimal(max([1, *known])))
        least, span = ticks[0], ticks[-1] - ticks[0]
        first, room, top = MARGIN + 82, WIDTH - 90, self.get_y()

        def x(days: int | Decimal) -> float:
            return first + float((days - least) / span) * room

        bottom = top + step * len(plot.labels)
        for tick in ticks:
            self.set_draw_color(*_rgb(INK if tick == 0 else HAIR))
            self.set_line_width(0.3 if tick == 0 else 0.15)
            self.line(x(tick), top, x(tick), bottom)
            self.type(6.5, colour=MUTED)
            self.set_xy(x(tick) - 10, bottom + 0.5)
            self.cell(20, 4, _short(tick, None), align="C")
        for number, label in enumerate(plot.labels):
            middle = top + step * (number + 0.5)
            self.type(7.5)
            self.set_xy(MARGIN, middle - 2)
            self.cell(80, 4, self.cut(label, 78), align="R")
            days = [series.values[number] for series in dots]
            stated = [int(each) for each in days if each is not None]
            if stated:
                self.set_fill_color(*_rgb(HAIR))
                self.rect(x(min(stated)), middle - 0.8, x(max(stated)) - x(min(stated)), 1.6, style="F")
            for place, (series, each) in enumerate(zip(dots, days, strict=True)):
                if each is None:
                    continue
                self.set_fill_color(*_rgb(_COLOURS.get(series.colour, ACCENT)))
                # Told apart by shape too: a circle, a diamond's square, a bar.
                at = x(int(each))
                if place == 0:
                    self.ellipse(at - 1.2, middle - 1.2, 2.4, 2.4, style="F")
                elif place == 1:
                    self.rect(at - 1.1, middle - 1.1, 2.2, 2.2, style="F")
                else:
                    self.rect(at - 0.6, middle - 1.7, 1.2, 3.4, style="F")
        self.set_xy(MARGIN, bottom + 4.5)
        self.type(7, colour=MUTED)
        self.cell(WIDTH, 4, plot.axis, new_x="LMARGIN", new_y="NEXT")

    def _lying(self, plot: Plot, step: float) -> None:
        grouped = plot.kind == "grouped"
        labels = plot.labels[:_BARS]
        sums = [
            [max(Decimal(0), Decimal(series.values[i] or 0)) for series in plot.series]
            for i in range(len(labels))
        ]
        most = max((max(parts) if grouped else sum(parts)) for parts in sums) or Decimal(1)
        first, room = MARGIN + 72, WIDTH - 72 - 26
        for number, label in enumerate(labels):
            top = self.get_y()
            self.type(7.5)
            self.set_xy(MARGIN, top)
            self.cell(70, step, self.cut(label, 68), align="R")
            left, each = first, (step - 1.6) / (len(plot.series) if grouped else 1)
            for place, series in enumerate(plot.series):
                width = float(sums[number][place] / most) * room
                category = plot.categories[number] if number < len(plot.categories) else None
                own = CATEGORY.get(category or "") if len(plot.series) == 1 else None
                self.set_fill_color(*_rgb(own or _COLOURS.get(series.colour, ACCENT)))
                if width > 0:
                    at = top + 0.8 + (place * each if grouped else 0)
                    self.rect(first if grouped else left, at, width, each, style="F")
                left += 0 if grouped else width
            end = first + float(max(sums[number]) / most) * room if grouped else left
            self.set_xy(end + 1.5, top)
            self.type(7, colour=MUTED)
            told = max(sums[number]) if grouped else sum(sums[number], Decimal(0))
            self.cell(24, step, _short(told, plot.currency))
            self.set_xy(MARGIN, top + step)
        rest = len(plot.labels) - len(labels)
        self.type(7, colour=MUTED)
        unit = plot.axis or plot.currency or ""
        note = f"{rest} more in the workbook" if rest > 0 else ""
        self.cell(WIDTH, 4, " · ".join(part for part in (unit, note) if part), new_x="LMARGIN", new_y="NEXT")

    def _standing(self, plot: Plot, height: float) -> None:
        top, left, room = self.get_y() + 3, MARGIN + 22, WIDTH - 30
        bottom = top + height - 10
        values = [Decimal(v) for series in plot.series for v in series.values if v is not None]
        if plot.kind in ("columns", "stacked"):
            for i in range(len(plot.labels)):
                parts = [Decimal(s.values[i] or 0) for s in plot.series if s.style != "line"]
                values += [sum(parts, Decimal(0)), sum((p for p in parts if p > 0), Decimal(0))]
        # A scale has round figures of what it is told in, not of minor units.
        scale = Decimal(10 ** exponent(plot.currency)) if plot.currency else Decimal(1)
        ticks = nice_ticks(min([*values, Decimal(0)]) / scale, max([*values, Decimal(0)]) / scale)
        least, span = ticks[0] * scale, (ticks[-1] - ticks[0]) * scale

        def y(value: Decimal) -> float:
            return bottom - float((value - least) / span) * (bottom - top)

        self.set_draw_color(*_rgb(HAIR))
        self.set_line_width(0.15)
        for tick in ticks:
            value = tick * scale
            self.line(left, y(value), left + room, y(value))
            self.type(6.5, colour=MUTED)
            self.set_xy(MARGIN, y(value) - 2)
            self.cell(20, 4, _short(tick, None), align="R")
        count = len(plot.labels)
        slot = room / max(1, count)
        bars = [s for s in plot.series if plot.kind != "lines" and s.style != "line"]
        for i in range(count):
            up, down = Decimal(0), Decimal(0)
            for series in bars:
                value = Decimal(series.values[i] or 0)
                base = up if value >= 0 else down
                low, high = y(base), y(base + value)
                if value:
                    self._patch(
                        series, (left + slot * (i + 0.15), min(low, high), slot * 0.7, abs(high - low))
                    )
                up, down = up + max(value, Decimal(0)), down + min(value, Decimal(0))
        for series in plot.series:  # over the columns, not behind them
            if series not in bars:
                self.set_draw_color(*_rgb(_COLOURS.get(series.colour, ACCENT)))
                self.set_line_width(0.5)
                reach = slot / 2 if bars else 0.0  # over columns a line is a stair
                points = [
                    (left + slot * (i + 0.5) + side, y(Decimal(v)))
                    for i, v in enumerate(series.values)
                    if v is not None
                    for side in ((-reach, reach) if bars else (0.0,))
                ]
                for (x1, y1), (x2, y2) in pairwise(points):
                    self.line(x1, y1, x2, y2)
        every = max(1, -(-count // 14))
        self.type(6.5, colour=MUTED)
        for i in range(0, count, every):
            self.set_xy(left + slot * i, bottom + 1)
            self.cell(
                slot * every, 4, self.cut(plot.labels[i], slot * every), align="C" if every == 1 else "L"
            )
        self.set_xy(MARGIN, bottom + 7)

    def pair(self, label: str, value: str) -> None:
        """A label and its value on a line."""
        self.type(9, colour=MUTED)
        self.cell(40, 6, label)
        self.type(9, bold=True)
        self.cell(WIDTH - 40, 6, value, new_x="LMARGIN", new_y="NEXT")

    def signatures(self, names: Sequence[str]) -> None:
        """Lines to sign on."""
        self.set_draw_color(*_rgb(MUTED))
        self.set_line_width(0.2)
        for name in names:
            self.ln(7)
            self.type(9, colour=MUTED)
            self.cell(40, 5, f"{name} by")
            top = self.get_y() + 5
            for at, width, word in ((40, 90, "name"), (135, 40, "date"), (180, 85, "signature")):
                self.line(MARGIN + at, top, MARGIN + at + width, top)
                self.set_xy(MARGIN + at, top)
                self.type(6.5, colour=MUTED)
                self.cell(width, 4, word)
            self.set_xy(MARGIN, top)

    def bytes(self) -> bytes:
        """The finished document."""
        return bytes(self.output())


def nice_ticks(least: Decimal, most: Decimal) -> list[Decimal]:
    """Round numbers, four to seven of them, from at or below ``least`` to at or above ``most``, zero among them.

    >>> [str(each) for each in nice_ticks(Decimal(0), Decimal(880_539))]
    ['0', '200000', '400000', '600000', '800000', '1000000']
    """
    span = (most - least) or Decimal(1)
    power = Decimal(10) ** (span.adjusted())
    step = next(
        power * each
        for each in (Decimal("0.2"), Decimal("0.25"), Decimal("0.5"), Decimal(1), Decimal(2))
        if span / (power * each) <= 5
    )
    first, last = (
        (least / step).to_integral_value(ROUND_FLOOR),
        (most / step).to_integral_value(ROUND_CEILING),
    )
    return [Decimal(f"{step * each:f}") for each in range(int(first), max(int(last), int(first) + 1) + 1)]


def scripts_of(letters: Iterable[str]) -> tuple[str, ...]:
    """The scripts letters belong to, by the first word of their names: Hangul, Thai, CJK."""
    words = {unicodedata.name(letter, "other").split()[0] for letter in letters}
    return tuple(sorted(word if word == "CJK" else word.capitalize() for word in words))


def _short(value: Decimal, currency: str | None) -> str:
    """A number as a chart's label: whole units of money (from minor ones), thousands apart, a true minus."""
    number = value / 10 ** exponent(currency) if currency else value
    whole = (
        number.to_integral_value()
        if abs(number) >= 10 or number == number.to_integral_value()
        else round(number, 1)
    )
    return f"{'−' if whole < 0 else ''}{abs(whole):,}"
