"""Lying bars: stacked, side by side, and from where the one before ended."""

from typing import TYPE_CHECKING

from mopsaudit.figures import naming
from mopsaudit.figures.canvas import canvas, compact, legend, legend_height
from mopsaudit.figures.series import floats, texture, token
from mopsaudit.figures.tokens import TOKENS, colour
from mopsaudit.reporting import Plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def bars(plot: Plot, width: str) -> "Figure":
    """Horizontal bars, one per label, stacked by series, labelled at the end; series are named above the first."""
    rows = len(plot.labels)
    figure, axes = canvas(width, 0.7 + 0.36 * max(rows, 1) + legend_height(len(plot.series), width))
    parts = []
    left = [0.0] * rows
    for index, series in enumerate(plot.series):
        values = [value or 0.0 for value in floats(plot, series)]
        colours = [
            colour(category) if category in TOKENS and len(plot.series) == 1 else colour(token(series, index))
            for category in (plot.categories or (None,) * rows)
        ]
        hatched = series.style == "hatched"
        axes.barh(
            range(rows), values, left=left, height=0.62, label=series.label, linewidth=0.8,
            facecolor=["none"] * rows if hatched else colours,
            hatch="////" if hatched else texture(index, len(plot.series)),
            edgecolor=colour(token(series, index)) if hatched else colour("panel"),
        )  # fmt: skip
        left = [a + b for a, b in zip(left, values, strict=True)]
        parts.append(values[0] if values else 0.0)
    biggest = max((*left, 0.0)) or 1.0
    for row, total in enumerate(left):
        axes.text(total + biggest * 0.012, row, compact(total), va="center", color=colour("ink"), fontsize=10)
    lowest, names = min((*left, 0.0)), [series.label for series in plot.series]
    named = len(parts) > 1 and lowest >= 0
    named = named and naming.name_stack(axes, _short(plot, width), parts, names, biggest, width)
    _lying(plot, axes, width, lowest, biggest, named=named)
    if named:
        axes.set_ylim(rows - 0.4, -0.6 - naming.ABOVE)
    return figure


def _short(plot: Plot, width: str) -> list[str]:
    """The labels of lying bars, cut to what the width holds."""
    short = 22 if width == "phone" else 44
    return [label if len(label) <= short else label[: short - 1] + "…" for label in plot.labels]


def _lying(
    plot: Plot, axes: "Axes", width: str, lowest: float, biggest: float, *, named: bool = False
) -> None:
    """What lying bars share: names at the left, no scale, room for the labels at the end."""
    names = _short(plot, width)
    axes.set_yticks(range(len(names)), names, color=colour("ink"))
    axes.invert_yaxis()
    axes.set_xlim(lowest, biggest * 1.14)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    if plot.axis:
        axes.set_xlabel(plot.axis, color=colour("muted"), loc="left")
    legend(axes, 0 if named else len(plot.series), width)


def grouped(plot: Plot, width: str) -> "Figure":
    """Horizontal bars side by side within each label: what was promised beside what came."""
    rows, count = len(plot.labels), max(1, len(plot.series))
    figure, axes = canvas(width, 0.7 + 0.26 * max(rows, 1) * count + legend_height(count, width))
    thick = 0.78 / count
    every = [[value or 0.0 for value in floats(plot, series)] for series in plot.series]
    biggest = max((value for values in every for value in values), default=0.0) or 1.0
    naming_row = naming.naming_row(every) if count > 1 else None
    for index, (series, values) in enumerate(zip(plot.series, every, strict=True)):
        places = [row - 0.39 + thick * (index + 0.5) for row in range(rows)]
        axes.barh(
            places, values, height=thick * 0.92, label=series.label, linewidth=0,
            facecolor=colour(token(series, index)), edgecolor=colour("panel"), hatch=texture(index, count),
        )  # fmt: skip
        for row, (place, value) in enumerate(zip(places, values, strict=True)):
            words = naming.valued(series.label, value) if row == naming_row else compact(value)
            axes.text(value + biggest * 0.012, place, words, va="center", color=colour("ink"), fontsize=9)
    lowest = min((value for values in every for value in values), default=0.0)
    _lying(plot, axes, width, min(lowest, 0.0), biggest, named=naming_row is not None)
    return figure


def waterfall(plot: Plot, width: str) -> "Figure":
    """Lying bars from where the one before ended, each with its sign; the last is their sum, from zero."""
    rows = len(plot.labels)
    figure, axes = canvas(width, 0.7 + 0.36 * max(rows, 1))
    values = [value or 0.0 for value in floats(plot, plot.series[0])]
    starts = [0.0]
    for value in values[:-1]:
        starts.append(starts[-1] + value)
    starts[-1] = 0.0
    low = min(0.0, *starts, *(a + b for a, b in zip(starts, values, strict=True)))
    high = max(0.0, *starts, *(a + b for a, b in zip(starts, values, strict=True)))
    room = (high - low or 1.0) * (0.2 if width == "phone" else 0.12)
    for row, (start, value) in enumerate(zip(starts, values, strict=True)):
        token = "accent" if row == rows - 1 else "bad" if value > 0 else "good"
        axes.barh(row, value, left=start, height=0.62, color=colour(token), linewidth=0)
        if row < rows - 2:
            axes.plot([start + value] * 2, [row + 0.31, row + 0.69], color=colour("muted"), linewidth=0.8)
        end = max(start, start + value)
        axes.text(
            end + room * 0.12, row, f"{'+' if value > 0 else ''}{compact(value)}", va="center",
            color=colour("ink"), fontsize=10,
        )  # fmt: skip
    axes.axvline(0, color=colour("muted"), linewidth=0.8)
    _lying(plot, axes, width, 0.0, 1.0)
    axes.set_xlim(low - room * 0.1, high + room)
    return figure
