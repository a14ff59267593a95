"""Drawing each kind of plot with matplotlib: no frame, horizontal hairlines, direct labels, zero baseline.

Matplotlib is imported when the first picture is drawn (it is the largest import), always through
``matplotlib.figure.Figure``, never pyplot. Same plot, same bytes.
"""

import io
from collections.abc import Callable
from functools import lru_cache
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from mopsaudit.figures import lying, naming
from mopsaudit.figures.canvas import WIDTHS, canvas, compact, legend, legend_height
from mopsaudit.figures.series import floats, texture, token
from mopsaudit.figures.svg import themed
from mopsaudit.figures.tokens import colour
from mopsaudit.reporting import Plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARKERS: Final = ("o", "D", "s", "^", "v")
_DASHES: Final[tuple[Any, ...]] = (
    "-",
    (0, (5, 2)),
    (0, (1.5, 1.5)),
    (0, (7, 2, 1.5, 2)),
    (0, (3, 1, 1, 1, 1, 1)),
)
#: So many columns have room for their sums above them.
_SUMS_UP_TO: Final = {"wide": 14, "phone": 6}
_RC: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "mopsaudit",
    "font.size": 10.5,
    "font.family": "DejaVu Sans",
    "hatch.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
}


def _columns(plot: Plot, width: str) -> "Figure":
    """Columns over an ordered axis; ``bar`` and ``hatched`` series stack, ``line`` series are drawn as stairs.

    What is below zero stacks downwards. Columns of several parts say their sum above them where there is room.
    """
    tall = 3.4 + legend_height(len(plot.series), width)
    figure, axes = canvas(width, tall)
    places = range(len(plot.labels))
    bars: list[tuple[str, list[float], bool]] = []
    stairs: list[tuple[str, list[float | None]]] = []
    up, down = [0.0] * len(plot.labels), [0.0] * len(plot.labels)
    stacked = [series for series in plot.series if series.style not in ("line", "dot")]
    for index, series in enumerate(plot.series):
        values = floats(plot, series)
        tint = colour(token(series, index))
        if series.style in ("line", "dot"):
            shown = [float("nan") if value is None else value for value in values]
            # A stair, level over each column: a slope between two months would say something of neither.
            edges = [place - 0.5 for place in range(len(shown) + 1)]
            axes.stairs(shown, edges, baseline=None, color=tint, linewidth=1.8, label=series.label, zorder=3)
            stairs.append((series.label, values))
            continue
        heights = [value or 0.0 for value in values]
        plain = series.style != "hatched" and texture(index, len(stacked)) is None
        bars.append((series.label, heights, plain))
        axes.bar(
            places, heights, width=0.68, label=series.label, linewidth=0.8,
            bottom=[high if value >= 0 else low for value, high, low in zip(heights, up, down, strict=True)],
            facecolor="none" if series.style == "hatched" else tint,
            hatch="////" if series.style == "hatched" else texture(index, len(stacked)),
            edgecolor=tint if series.style == "hatched" else colour("panel"),
        )  # fmt: skip
        up = [high + max(value, 0.0) for high, value in zip(up, heights, strict=True)]
        down = [low + min(value, 0.0) for low, value in zip(down, heights, strict=True)]
    if len(stacked) > 1 and len(plot.labels) <= _SUMS_UP_TO[width]:
        # Above the lines too: a sum that stands on a line reads as neither.
        for place, (high, low) in enumerate(zip(up, down, strict=True)):
            drawn = [floats(plot, each)[place] or 0.0 for each in plot.series if each not in stacked]
            axes.annotate(
                compact(high + low), (place, max([high, *drawn])), xytext=(0, 5), textcoords="offset points",
                ha="center", color=colour("ink"), fontsize=9,
            )  # fmt: skip
        axes.margins(y=0.12)
    named = len(plot.series) > 1 and naming.name_columns(axes, bars, stairs, width, tall)
    _ordered_axis(plot, axes, width, named=named)
    return figure


def _lines(plot: Plot, width: str) -> "Figure":
    """Lines over an ordered axis, each named where it ends."""
    figure, axes = canvas(width, 3.2)
    every = [floats(plot, series) for series in plot.series]
    ends = _ends(every)
    known_values = [0.0, *(value for values in every for value in values if value is not None)]
    heights = naming.ends_apart(ends, len(plot.labels) - 1, min(known_values), max(known_values), 3.2)
    for index, (series, known) in enumerate(zip(plot.series, every, strict=True)):
        values = [float("nan") if value is None else value for value in known]
        axes.plot(
            range(len(values)), values, color=colour(token(series, index)), linewidth=2, label=series.label,
            linestyle=_DASHES[index % len(_DASHES)],
        )  # fmt: skip
        if ends and heights is not None:
            place, end = ends[index]
            last = place == len(known) - 1
            # A line that ends before the others is named away from those that pass it.
            others = [other for each in every if each is not known and (other := each[place]) is not None]
            below = not last and any(other >= end for other in others)
            axes.annotate(
                naming.valued(series.label, end), (place, heights[index]), textcoords="offset points",
                xytext=(6, 0) if last else (8, -14 if below else 12), ha="left",
                va="center", color=colour("ink"), fontsize=9.5, annotation_clip=False,
            )  # fmt: skip
            if not last:
                axes.plot([place], [end], marker="o", markersize=5, color=colour(token(series, index)))
    named = bool(ends) and heights is not None
    words = [naming.valued(series.label, end) for series, (_, end) in zip(plot.series, ends, strict=False)]
    beside = max((naming.inches(each) for each in words), default=0.0) if named else 0.0
    _ordered_axis(plot, axes, width, named=named, beside=beside)
    return figure


def _ends(every: list[list[float | None]]) -> list[tuple[int, float]]:
    """Where each of several lines ends, place and height; empty where there is one alone, or one without a value."""
    found = []
    for values in every:
        known = [(place, value) for place, value in enumerate(values) if value is not None]
        if not known:
            return []
        found.append(known[-1])
    return found if len(found) > 1 else []


def _ordered_axis(plot: Plot, axes: "Axes", width: str, *, named: bool = False, beside: float = 0.0) -> None:
    """The scale, the labels and the present day of an ordered axis; a legend unless the series are ``named``.

    ``beside`` is how many inches names take at the right of the axes.
    """
    axes.axhline(0, color=colour("muted"), linewidth=0.8)
    axes.yaxis.grid(visible=True, color=colour("line"), linewidth=0.7)
    axes.set_axisbelow(True)
    axes.yaxis.set_major_formatter(lambda value, _position: compact(value))
    left, right = axes.get_xlim()
    # Names at the end of columns or lines leave the labels below less room.
    share = min(1.0, (len(plot.labels) or 1) / (right - left)) * (1 - beside / WIDTHS[width])
    letters = (44 if width == "phone" else 112) * share
    longest = max((len(label) for label in plot.labels), default=1)
    step = max(1, ceil(len(plot.labels) * (longest + 2) / letters))
    axes.set_xticks(range(0, len(plot.labels), step), plot.labels[::step])
    axes.spines["bottom"].set_visible(False)
    if plot.mark is not None:
        axes.axvline(plot.mark, color=colour("muted"), linewidth=1, linestyle=(0, (3, 3)))
    if plot.axis:
        axes.set_ylabel(plot.axis, color=colour("muted"))
    legend(axes, 0 if named else len(plot.series), width)


def _timeline(plot: Plot, width: str) -> "Figure":
    """Spans and dates per label on a scale of days from the as-of date: series ``span`` in pairs, ``dot`` singly."""
    rows = len(plot.labels)
    figure, axes = canvas(width, 0.9 + 0.34 * max(rows, 1))
    spans = [series for series in plot.series if series.style == "span"]
    for start, end in zip(spans[::2], spans[1::2], strict=True):
        for row, (low, high) in enumerate(zip(floats(plot, start), floats(plot, end), strict=True)):
            if low is not None and high is not None:
                axes.plot(
                    [low, high],
                    [row, row],
                    color=colour(token(start, 0)),
                    linewidth=5,
                    solid_capstyle="butt",
                    alpha=0.35,
                )
    for index, series in enumerate(s for s in plot.series if s.style != "span"):
        values = floats(plot, series)
        points = [(value, row) for row, value in enumerate(values) if value is not None]
        axes.scatter(
            [x for x, _ in points], [y for _, y in points], s=42, color=colour(token(series, index)),
            marker=_MARKERS[index % len(_MARKERS)], label=series.label, zorder=3,
        )  # fmt: skip
    axes.axvline(0, color=colour("ink"), linewidth=1)
    short = 26 if width == "phone" else 48
    axes.set_yticks(range(rows), [_middle_cut(name, short) for name in plot.labels], color=colour("ink"))
    axes.set_ylim(rows - 0.4, -0.6)
    axes.xaxis.grid(visible=True, color=colour("line"), linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines["bottom"].set_visible(False)
    axes.set_xlabel(plot.axis or "days from today", color=colour("muted"), loc="left")
    legend(axes, max(2, sum(1 for s in plot.series if s.style != "span")), width)
    return figure


def _middle_cut(name: str, letters: int) -> str:
    """A label of at most so many letters; a date after its last dot stays."""
    if len(name) <= letters:
        return name
    what, dot, when = name.rpartition(" · ")
    return f"{what[: max(4, letters - len(when) - 4)]}…{dot}{when}" if dot else f"{name[: letters - 1]}…"


def _matrix(plot: Plot, width: str) -> "Figure":
    """A square of shares: row label × column label, darker for more, the number in the cell."""
    size = len(plot.labels)
    side = min(WIDTHS[width], 1.6 + 0.5 * size)
    figure, axes = canvas(width, side * 0.8)
    grid = [floats(plot, series) for series in plot.series]
    for row, values in enumerate(grid):
        for column, value in enumerate(values):
            if value is None:
                continue
            axes.add_patch(_square(column, row, value))
            axes.text(
                column, row, f"{value:.0f}", ha="center", va="center", fontsize=9,
                color=colour("ink"),
            )  # fmt: skip
    short = 16 if width == "phone" else 26
    names = [n if len(n) <= short else n[: short - 1] + "…" for n in plot.labels]
    axes.set_xlim(-0.5, size - 0.5)
    axes.set_ylim(size - 0.5, -0.5)
    axes.set_xticks(range(size), names, rotation=35, ha="left", color=colour("ink"))
    axes.xaxis.tick_top()
    axes.set_yticks(range(size), names, color=colour("ink"))
    for spine in axes.spines.values():
        spine.set_visible(False)
    if plot.axis:
        axes.set_xlabel(plot.axis, color=colour("muted"), loc="left")
    return figure


def _square(column: int, row: int, value: float) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(
        (column - 0.48, row - 0.48),
        0.96,
        0.96,
        facecolor=colour("accent"),
        alpha=0.05 + 0.4 * min(value, 100) / 100,
        linewidth=0,
    )


_KINDS: Final[dict[str, Callable[[Plot, str], Any]]] = {
    "bars": lying.bars,
    "columns": _columns,
    "stacked": lying.bars,
    "grouped": lying.grouped,
    "waterfall": lying.waterfall,
    "lines": _lines,
    "timeline": _timeline,
    "matrix": _matrix,
}


def drawn_here(plot: Plot) -> bool:
    """Whether there is something to draw, and it is no template's."""
    return plot.kind in _KINDS and bool(plot.labels)


def prepare() -> None:
    """Load the library now rather than with the first picture."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    FigureCanvasSVG(Figure())


def describe(plot: Plot) -> str:
    """The picture in words: what it shows, the series and how many points. The table beside it holds the figures."""
    names = ", ".join(series.label for series in plot.series)
    unit = f" in {plot.currency}" if plot.currency else ""
    return f"{plot.title}{unit}. Series: {names}. {len(plot.labels)} entries; the table holds every figure."


#: The library's settings are the process's: one picture is drawn at a time.
_drawing: Final = Lock()


@lru_cache(maxsize=256)
def draw(plot: Plot, *, width: str = "wide", key: str = "figure") -> str:
    """The plot as one themed SVG. ``width`` is ``wide`` or ``phone``; ``key`` makes its ids unique on a page.

    Raises:
        KeyError: for a kind that is not drawn here (the treemap is a template of its own).
    """
    import matplotlib as mpl

    with _drawing, mpl.rc_context(_RC):
        figure = _KINDS[plot.kind](plot, width)
        target = io.StringIO()
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return themed(target.getvalue(), key=key, title=plot.title, description=describe(plot))


@lru_cache(maxsize=64)
def draw_png(plot: Plot, *, width: str = "wide", dpi: int = 160) -> bytes:
    """The plot as a PNG on white, for a document or a workbook that cannot hold a native chart."""
    import matplotlib as mpl

    with _drawing, mpl.rc_context(_RC):
        figure = _KINDS[plot.kind](plot, width)
        target = io.BytesIO()
        figure.savefig(target, format="png", dpi=dpi, facecolor="white", metadata={"Software": None})
    return target.getvalue()
