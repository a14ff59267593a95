"""Native charts of a report sheet, drawn from a small table of the plot's own figures that stands beside them."""

from datetime import date, timedelta
from typing import Any, Final

from mopsaudit.money import from_minor
from mopsaudit.reporting import Plot
from mopsaudit.workbook.cells import CATEGORY, Head, Money
from mopsaudit.workbook.writer import ROW_HEIGHT, Book, Sheet, chart_rows

_COLOURS: Final = {
    "ink": "#1d2430",
    "muted": "#8a93a1",
    "accent": "#0b5c6b",
    "good": "#1d6b3c",
    "warn": "#8a5300",
    "bad": "#a32a1f",
    "intelligence": "#2f6fb0",
    "engagement": "#b8521b",
    "operations": "#1b7f65",
    "performance": "#84508f",
}
_LABELS: Final = {
    "value": True,
    "position": "outside_end",
    "num_format": "#,##0",
    "font": {"size": 9, "color": "#1d2430"},
}
#: The day before a spreadsheet's first, as it counts dates.
_DAY_ZERO: Final = date(1899, 12, 30).toordinal()
#: Rows of figures that stay together on a page.
_TOGETHER: Final = 16
_KINDS: Final = {
    "bars": ("bar", "stacked"),
    "grouped": ("bar", None),
    "waterfall": ("bar", None),
    "columns": ("column", "stacked"),
    "stacked": ("column", "stacked"),
    "lines": ("line", None),
}


def drawable(plot: Plot) -> bool:
    """Whether a spreadsheet draws a plot: its kind is known and it has figures."""
    return (plot.kind in _KINDS or plot.kind == "timeline") and bool(plot.labels) and bool(plot.series)


def _round_up(value: float) -> float:
    """The next number of one or two digits that is not below ``value``: where a scale may end."""
    step = 10.0 ** (len(str(int(value))) - 1) / 2
    return -(-value // step) * step


def _place_timeline(book: Book, sheet: Sheet, plot: Plot, as_of: date) -> None:
    """A timeline as bars on a scale of dates: from the first date of each label, through the next, to the last.

    The days are the plot's, counted from ``as_of``; a date that is not known ends the bar before it.
    """
    dots = [series for series in plot.series if series.style == "dot"]
    rows: list[list[Any]] = []
    for index, label in enumerate(plot.labels):
        days = [None if series.values[index] is None else int(series.values[index] or 0) for series in dots]
        reached, row = days[0] or 0, [label, as_of + timedelta(days=days[0] or 0)]
        for day in days[1:]:
            row.append(max(0, (reached if day is None else day) - reached))
            reached = max(reached, reached if day is None else day)
        rows.append(row)
    tall = min(80 + 24 * len(rows), 700)
    sheet.keep((chart_rows(tall) + 4) * ROW_HEIGHT)
    sheet.heading(plot.title)
    steps = ", then ".join(f"to {each.label.lower()}" for each in dots[1:])
    sheet.note(f"A bar begins on the day to {dots[0].label.lower()} and runs {steps}.")
    place = sheet.row
    sheet.gap(chart_rows(tall))
    sheet.keep(min(len(rows) + 2, _TOGETHER) * ROW_HEIGHT)
    heads = [Head(label=""), Head(label=dots[0].label)]
    heads += [Head(label=f"Days to {each.label.lower()}", right=True) for each in dots[1:]]
    figures = sheet.table(heads, rows, native=False, freeze=False, filters=False)
    chart = book.native_chart("bar", "stacked")
    starts = [row[1].toordinal() - _DAY_ZERO for row in rows]
    for number, series in enumerate(dots, start=1):
        colour = _COLOURS.get(dots[number - 2].colour, "#0b5c6b")
        chart.add_series(
            {
                "name": series.label
                if number == 1
                else f"{dots[number - 2].label} until {series.label.lower()}",
                "categories": figures.column(0),
                "values": figures.column(number),
                "gap": 60,
                "fill": {"none": True} if number == 1 else {"color": colour},
                "categories_data": list(plot.labels),
                "values_data": starts if number == 1 else [float(row[number]) for row in rows],
            }
        )
    last = max(start + sum(row[2:]) for start, row in zip(starts, rows, strict=True))
    chart.set_title({"name": plot.title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_y_axis(
        {"reverse": True, "interval_unit": 1, "num_font": {"size": 9}, "line": {"color": "#d9d6cf"}}
    )
    chart.set_x_axis(
        {
            "num_format": "d mmm yy",
            "num_font": {"size": 9},
            "min": min(starts) - 7,
            "max": last + 7,
            "major_unit": max(7, (last - min(starts)) // 6),
            "major_gridlines": {"visible": True, "line": {"color": "#d9d6cf"}},
            "line": {"none": True},
        }
    )
    sheet.lay_chart(place, chart, height=tall)


def _drawn(value: Any) -> float | str:
    """A figure as a chart keeps it."""
    if value is None:
        return ""
    return float(from_minor(value.minor, value.currency)) if isinstance(value, Money) else float(value)


def _length(value: Any) -> float:
    drawn = _drawn(value)
    return drawn if isinstance(drawn, float) else 0.0


def place_plot(
    book: Book,
    sheet: Sheet,
    plot: Plot,
    *,
    as_of: date,
    height: int | None = None,
    break_before: bool = False,
) -> None:
    """Place a plot as a native chart with its figures; a kind no spreadsheet draws leaves only what the tables say.

    A single series of categories wears their colours. ``break_before`` starts a new printed page; ``as_of`` is the
    day a timeline counts from.
    """
    if not drawable(plot):
        return
    if plot.kind == "timeline":
        _place_timeline(book, sheet, plot, as_of)
        return
    heads = [Head(label="")]
    heads += [Head(label=series.label, currency=plot.currency) for series in plot.series]
    rows: list[list[Any]] = []
    for index, label in enumerate(plot.labels):
        row: list[Any] = [label]
        for series in plot.series:
            value = series.values[index]
            if value is None:
                row.append(None)
            elif plot.currency is not None:
                row.append(Money(minor=int(value), currency=plot.currency))
            else:
                row.append(value)
        rows.append(row)
    kind, subtype = _KINDS[plot.kind]
    # Programs leave out every other label of a lower chart.
    fitted = max(220, 90 + 30 * len(plot.labels)) if kind == "bar" else 300
    tall = height or min(fitted, 700)
    if break_before:
        sheet.new_page()
    sheet.keep((chart_rows(tall) + 4) * ROW_HEIGHT)
    sheet.heading(plot.title)
    named = plot.currency if plot.currency and plot.currency not in plot.axis else ""
    unit = " · ".join(each for each in (named, plot.axis) if each and each != plot.title)
    if unit:
        sheet.note(unit)
    # The chart comes first: what it shows is read there, its figures stand below it.
    place = sheet.row
    sheet.gap(chart_rows(tall))
    sheet.keep(min(len(rows) + 2, _TOGETHER) * ROW_HEIGHT)
    figures = sheet.table(heads, rows, native=False, freeze=False, filters=False)
    if len(plot.series) == 1:
        subtype = None  # labels stand outside the bars of one series, which stacked bars do not allow
    chart = book.native_chart(kind, subtype)
    lines = (
        book.native_chart("line")
        if kind == "column" and any(s.style == "line" for s in plot.series)
        else None
    )
    for number, series in enumerate(plot.series, start=1):
        colour = _COLOURS.get(series.colour, "#0b5c6b")
        options: dict[str, Any] = {
            "name": series.label,
            "categories": figures.column(0),
            "values": figures.column(number),
            "gap": 45,
            # A preview that reads no sheets draws from these.
            "categories_data": list(plot.labels),
            "values_data": [_drawn(row[number]) for row in rows],
        }
        if lines is not None and series.style == "line":
            lines.add_series(options | {"line": {"color": colour, "width": 2}})
        elif kind == "line":
            chart.add_series(options | {"line": {"color": colour, "width": 2}})
        elif series.style == "hatched":
            pattern = {"pattern": "wide_upward_diagonal", "fg_color": colour, "bg_color": "#ffffff"}
            chart.add_series(options | {"pattern": pattern, "border": {"color": colour}})
        elif len(plot.series) == 1 and plot.categories and all(each in CATEGORY for each in plot.categories):
            points = [{"fill": {"color": CATEGORY[each]}} for each in plot.categories if each]
            chart.add_series(options | {"points": points, "data_labels": _LABELS})
        else:
            short = kind in ("bar", "column") and len(plot.series) == 1 and len(plot.labels) <= 15
            labels = {"data_labels": _LABELS} if short else {}
            chart.add_series(options | {"fill": {"color": colour}} | labels)
    if lines is not None:
        chart.combine(lines)
    chart.set_title({"name": plot.title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"none": True} if len(plot.series) == 1 else {"position": "bottom"})
    axis: dict[str, Any] = {
        "num_format": "#,##0",
        "major_gridlines": {"visible": True, "line": {"color": "#d9d6cf"}},
        "line": {"none": True},
    }
    if kind == "bar":
        ends = [sum(_length(each) for each in row[1:]) for row in rows]
        if plot.kind == "grouped":
            ends = [max(_length(each) for each in row[1:]) for row in rows]
        if plot.kind in ("bars", "grouped") and max(ends) > 0:
            axis["min"] = 0
            axis["max"] = _round_up(max(ends) * 1.1)  # room for the longest bar and the label at its end
        chart.set_y_axis(
            {"reverse": True, "interval_unit": 1, "num_font": {"size": 9}, "line": {"color": "#d9d6cf"}}
        )
        chart.set_x_axis(axis)
    else:
        chart.set_y_axis(axis)
        every = max(1, len(plot.labels) // 13)
        # Names stand below the picture, also where a line falls below zero.
        chart.set_x_axis(
            {
                "line": {"color": "#566072"},
                "num_font": {"size": 9},
                "interval_unit": every,
                "label_position": "low",
            }
        )
    sheet.lay_chart(place, chart, height=tall)
