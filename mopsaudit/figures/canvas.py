"""The empty drawing every plot starts from, its legend, and how numbers are written on it."""

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from mopsaudit.figures.tokens import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Width in inches at 72 points of the wide and the phone drawing.
WIDTHS: Final = {"wide": 9.6, "phone": 4.6}


def compact(value: float | Decimal) -> str:
    """An axis number: ``1.2 m``, ``184 k``, ``950``, with a true minus sign."""
    sign, size = ("−", -value) if value < 0 else ("", value)
    for limit, unit in ((1_000_000_000, "bn"), (1_000_000, "m"), (1_000, "k")):
        if size >= limit:
            scaled = float(size) / limit
            text = f"{scaled:.1f}".rstrip("0").rstrip(".") if scaled < 100 else f"{scaled:.0f}"
            return f"{sign}{text} {unit}"
    return f"{sign}{float(size):.1f}".rstrip("0").rstrip(".") if size % 1 else f"{sign}{int(size)}"


def canvas(width: str, height: float) -> "tuple[Figure, Axes]":
    """An empty drawing without a frame, ``height`` inches high."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTHS[width], height), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    axes.tick_params(length=0, colors=colour("muted"), labelcolor=colour("muted"))
    for side in ("bottom", "top", "left", "right"):
        axes.spines[side].set_color(colour("line"))
    return figure, axes


def _legend_columns(count: int, width: str) -> int:
    return min(count, 2 if width == "phone" else 5)


def legend_height(count: int, width: str) -> float:
    """Inches the legend takes above the axes."""
    return 0.0 if count < 2 else 0.28 * -(-count // _legend_columns(count, width))


def legend(axes: "Axes", count: int, width: str) -> None:
    """Above the axes, in as many columns as the width holds: a legend wider than the figure leaves no room to draw."""
    if count > 1:
        drawn = axes.figure.legend(
            loc="outside upper left", ncols=_legend_columns(count, width), frameon=False, borderaxespad=0,
            handlelength=1.4, columnspacing=1.4,
        )  # fmt: skip
        for text in drawn.get_texts():
            text.set_color(colour("ink"))
