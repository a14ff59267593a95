"""Charts of a PDF: lying and standing bars, lines and timelines, drawn as lines and areas with their labels as text."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Final

from mopsaudit.money import exponent
from mopsaudit.reporting import Plot, Series
from mopsaudit.workbook.cells import ACCENT, CATEGORY, HAIR, INK, MUTED, TONE
from mopsaudit.workbook.paper import MARGIN, WIDTH, Paper, rgb

_COLOURS: Final = {"accent": ACCENT, "ink": INK, "muted": "#8a93a1", **TONE, **CATEGORY}
#: Kinds of plot that are drawn; the others leave what the tables say.
DRAWN: Final = ("bars", "grouped", "columns", "stacked", "lines", "timeline")
#: So many labels a drawn plot has room for.
_BARS: Final = 12


def draw_plot(paper: Paper, plot: Plot, *, height: float = 62.0) -> None:
    """A chart with its labels; nothing for kinds that are not drawn or hold no figures."""
    if plot.kind not in DRAWN or not plot.labels or not plot.series:
        return
    lying = plot.kind in ("bars", "grouped", "timeline")
    rows = min(len(plot.labels), _BARS if plot.kind != "timeline" else len(plot.labels))
    step = 9.0 if plot.kind == "grouped" else 6.4
    if lying:
        # Bars a little closer rather than half a page left empty.
        room = paper.h - paper.b_margin - paper.get_y() - 24
        step = max(step * 0.72, min(step, room / max(1, rows)))
        height = 8 + rows * step
    if paper.will_page_break(height + 14):
        paper.add_page()
    paper.ln(2)
    paper.text_block(plot.title, 9, bold=True)
    _legend(paper, plot)
    if plot.kind == "timeline":
        _timeline(paper, plot, step)
    elif lying:
        _lying(paper, plot, step)
    else:
        _standing(paper, plot, height)
    paper.ln(2)


def _legend(paper: Paper, plot: Plot) -> None:
    if len(plot.series) < 2:
        return
    paper.type(7.5, colour=MUTED)
    for series in plot.series:
        if series.style == "span":
            continue
        _patch(paper, series, (paper.get_x(), paper.get_y() + 1, 3, 2.4))
        paper.set_x(paper.get_x() + 4)
        paper.cell(paper.get_string_width(series.label) + 6, 4.4, series.label)
    paper.ln(5.5)


def _patch(paper: Paper, series: Series, box: tuple[float, float, float, float]) -> None:
    """The area of a series at x, y, width and height: what is foreseen is pale with an outline, a line is thin."""
    colour = rgb(_COLOURS.get(series.colour, ACCENT))
    foreseen = series.style == "hatched"
    red, green, blue = (255 - (255 - part) // 4 if foreseen else part for part in colour)
    paper.set_fill_color(red, green, blue)
    paper.set_draw_color(*colour)
    paper.set_line_width(0.25)
    left, top, width, height = box
    if series.style == "line":
        top, height = top + height / 2 - 0.25, 0.5
    paper.rect(left, top, width, height, style="DF" if foreseen else "F")


def _timeline(paper: Paper, plot: Plot, step: float) -> None:
    """Dates of each label on a scale of days from the as-of date, joined by a band; what passed is left of 0."""
    dots = [series for series in plot.series if series.style == "dot"]
    known = [int(value) for series in dots for value in series.values if value is not None]
    ticks = nice_ticks(Decimal(min([0, *known])), Decimal(max([1, *known])))
    least, span = ticks[0], ticks[-1] - ticks[0]
    first, room, top = MARGIN + 82, WIDTH - 90, paper.get_y()

    def x(days: int | Decimal) -> float:
        return first + float((days - least) / span) * room

    bottom = top + step * len(plot.labels)
    for tick in ticks:
        paper.set_draw_color(*rgb(INK if tick == 0 else HAIR))
        paper.set_line_width(0.3 if tick == 0 else 0.15)
        paper.line(x(tick), top, x(tick), bottom)
        paper.type(6.5, colour=MUTED)
        paper.set_xy(x(tick) - 10, bottom + 0.5)
        paper.cell(20, 4, _short(tick, None), align="C")
    for number, label in enumerate(plot.labels):
        middle = top + step * (number + 0.5)
        paper.type(7.5)
        paper.set_xy(MARGIN, middle - 2)
        paper.cell(80, 4, paper.cut(label, 78), align="R")
        days = [series.values[number] for series in dots]
        stated = [int(each) for each in days if each is not None]
        if stated:
            paper.set_fill_color(*rgb(HAIR))
            paper.rect(x(min(stated)), middle - 0.8, x(max(stated)) - x(min(stated)), 1.6, style="F")
        for place, (series, each) in enumerate(zip(dots, days, strict=True)):
            if each is None:
                continue
            paper.set_fill_color(*rgb(_COLOURS.get(series.colour, ACCENT)))
            # Told apart by shape too: a circle, a diamond's square, a bar.
            at = x(int(each))
            if place == 0:
                paper.ellipse(at - 1.2, middle - 1.2, 2.4, 2.4, style="F")
            elif place == 1:
                paper.rect(at - 1.1, middle - 1.1, 2.2, 2.2, style="F")
            else:
                paper.rect(at - 0.6, middle - 1.7, 1.2, 3.4, style="F")
    paper.set_xy(MARGIN, bottom + 4.5)
    paper.type(7, colour=MUTED)
    paper.cell(WIDTH, 4, plot.axis, new_x="LMARGIN", new_y="NEXT")


def _lying(paper: Paper, plot: Plot, step: float) -> None:
    grouped = plot.kind == "grouped"
    labels = plot.labels[:_BARS]
    sums = [
        [max(Decimal(0), Decimal(series.values[i] or 0)) for series in plot.series]
        for i in range(len(labels))
    ]
    most = max((max(parts) if grouped else sum(parts)) for parts in sums) or Decimal(1)
    first, room = MARGIN + 72, WIDTH - 72 - 26
    for number, label in enumerate(labels):
        top = paper.get_y()
        paper.type(7.5)
        paper.set_xy(MARGIN, top)
        paper.cell(70, step, paper.cut(label, 68), align="R")
        left, each = first, (step - 1.6) / (len(plot.series) if grouped else 1)
        for place, series in enumerate(plot.series):
            width = float(sums[number][place] / most) * room
            category = plot.categories[number] if number < len(plot.categories) else None
            own = CATEGORY.get(category or "") if len(plot.series) == 1 else None
            paper.set_fill_color(*rgb(own or _COLOURS.get(series.colour, ACCENT)))
            if width > 0:
                at = top + 0.8 + (place * each if grouped else 0)
                paper.rect(first if grouped else left, at, width, each, style="F")
            left += 0 if grouped else width
        end = first + float(max(sums[number]) / most) * room if grouped else left
        paper.set_xy(end + 1.5, top)
        paper.type(7, colour=MUTED)
        told = max(sums[number]) if grouped else sum(sums[number], Decimal(0))
        paper.cell(24, step, _short(told, plot.currency))
        paper.set_xy(MARGIN, top + step)
    rest = len(plot.labels) - len(labels)
    paper.type(7, colour=MUTED)
    unit = plot.axis or plot.currency or ""
    note = f"{rest} more in the workbook" if rest > 0 else ""
    paper.cell(WIDTH, 4, " · ".join(part for part in (unit, note) if part), new_x="LMARGIN", new_y="NEXT")


def _standing(paper: Paper, plot: Plot, height: float) -> None:
    top, left, room = paper.get_y() + 3, MARGIN + 22, WIDTH - 30
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

    paper.set_draw_color(*rgb(HAIR))
    paper.set_line_width(0.15)
    for tick in ticks:
        value = tick * scale
        paper.line(left, y(value), left + room, y(value))
        paper.type(6.5, colour=MUTED)
        paper.set_xy(MARGIN, y(value) - 2)
        paper.cell(20, 4, _short(tick, None), align="R")
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
                _patch(paper, series, (left + slot * (i + 0.15), min(low, high), slot * 0.7, abs(high - low)))
            up, down = up + max(value, Decimal(0)), down + min(value, Decimal(0))
    for series in plot.series:  # over the columns, not behind them
        if series not in bars:
            paper.set_draw_color(*rgb(_COLOURS.get(series.colour, ACCENT)))
            paper.set_line_width(0.5)
            reach = slot / 2 if bars else 0.0  # over columns a line is a stair
            points = [
                (left + slot * (i + 0.5) + side, y(Decimal(v)))
                for i, v in enumerate(series.values)
                if v is not None
                for side in ((-reach, reach) if bars else (0.0,))
            ]
            for (x1, y1), (x2, y2) in pairwise(points):
                paper.line(x1, y1, x2, y2)
    every = max(1, -(-count // 14))
    paper.type(6.5, colour=MUTED)
    for i in range(0, count, every):
        paper.set_xy(left + slot * i, bottom + 1)
        paper.cell(slot * every, 4, paper.cut(plot.labels[i], slot * every), align="C" if every == 1 else "L")
    paper.set_xy(MARGIN, bottom + 7)


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


def _short(value: Decimal, currency: str | None) -> str:
    """A number as a chart's label: whole units of money (from minor ones), thousands apart, a true minus."""
    number = value / 10 ** exponent(currency) if currency else value
    whole = (
        number.to_integral_value()
        if abs(number) >= 10 or number == number.to_integral_value()
        else round(number, 1)
    )
    return f"{'−' if whole < 0 else ''}{abs(whole):,}"
