"""Series named beside what they draw, so that nobody walks between a legend and the picture.

Each function says whether it could name every series without one name on another; where it could not, a legend does.
Widths are those of the font pictures are laid out with, which is wider than the fonts pages show them in.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mopsaudit.figures.canvas import WIDTHS, compact
from mopsaudit.figures.tokens import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Points of a name, and inches between two names on one line.
POINTS: Final = 9.5
_GAP: Final = 0.18
#: Inches of a line of names, and of the frame a drawing keeps free around its axes.
_LINE: Final = 0.17
_MARGIN: Final = 0.25
#: Rows a stacked chart grows by to hold the names above its first bar.
ABOVE: Final = 0.85


@lru_cache(maxsize=1_000)
def inches(text: str, points: float = POINTS) -> float:
    """How wide a text is drawn."""
    from matplotlib.textpath import TextPath

    return float(TextPath((0, 0), text, size=points).get_extents().width) / 72 if text.strip() else 0.0


def spread(centres: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float] | None:
    """Centres moved as little as it takes to stand apart between ``low`` and ``high``, in their order.

    None where they do not fit. Centres must rise.

    >>> spread((1.0, 1.0), (2.0, 2.0), 0.0, 9.0)
    [1.0, 3.0]
    >>> spread((8.5, 9.0), (2.0, 2.0), 0.0, 9.0)
    [6.0, 8.0]
    """
    if sum(sizes) > high - low:
        return None
    placed: list[float] = []
    edge = low
    for centre, size in zip(centres, sizes, strict=True):
        placed.append(max(centre, edge + size / 2))
        edge = placed[-1] + size / 2
    edge = high
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(placed[number], edge - sizes[number] / 2)
        edge = placed[number] - sizes[number] / 2
    return placed


def name_stack(
    axes: "Axes",
    labels: Sequence[str],
    parts: Sequence[float],
    names: Sequence[str],
    biggest: float,
    width: str,
) -> bool:
    """Names of stacked series above the first bar, each over its part; ``labels`` are those at the bars' left.

    Call it before the limits are set to ``biggest`` × 1.14. False: the first bar lacks a part, or there is no room.
    """
    if min(parts) <= 0:
        return False
    room = WIDTHS[width] - max(inches(label, 10.5) for label in labels) - _MARGIN
    scale = biggest * 1.14 / max(room, 0.1)
    middles = [sum(parts[:number]) + part / 2 for number, part in enumerate(parts)]
    placed = spread(middles, [(inches(name) + _GAP) * scale for name in names], 0.0, biggest * 1.14)
    if placed is None:
        return False
    for middle, place, name in zip(middles, placed, names, strict=True):
        axes.plot([middle, place], [-0.31, -0.6], color=colour("muted"), linewidth=0.8)
        axes.text(place, -0.66, name, ha="center", va="bottom", color=colour("ink"), fontsize=POINTS)
    return True


def naming_row(every: Sequence[Sequence[float]]) -> int | None:
    """The first row of bars side by side that leaves room for names beside its bars; None where none has all bars."""
    rows = list(zip(*every, strict=True))
    half = max((max(row) for row in rows), default=0.0) * 0.45
    whole = [number for number, row in enumerate(rows) if min(row) > 0]
    return min(whole, key=lambda number: (max(*rows[number], half), number), default=None)


def name_columns(
    axes: "Axes",
    bars: Sequence[tuple[str, Sequence[float], bool]],
    lines: Sequence[tuple[str, Sequence[float | None]]],
    width: str,
    height: float,
) -> bool:
    """Names of stacked columns and the stairs over them: at the right end, or upright in the tallest plain column.

    ``bars`` are names, heights from zero up and whether the fill is plain, in the order they stand on one another;
    ``height`` is the drawing's in inches. False: a name found no place, and nothing was drawn.
    """
    count = len(bars[0][1]) if bars else 0
    if count < 2 or any(value < 0 for _, values, _ in bars for value in values):
        return False
    top = max([sum(column) for column in zip(*(values for _, values, _ in bars), strict=True)], default=0.0)
    top = max([top, *(value for _, values in lines for value in values if value is not None)]) * 1.12
    if top <= 0:
        return False
    room, tall = WIDTHS[width] - 0.9, height - 0.6
    standing = [name for name, values, _ in bars if values[-1] > 0] + [name for name, _ in lines]
    widest = max((inches(name) for name in standing), default=0.0) + 0.2
    thick = 0.68 * (room - widest) / count
    ends: list[tuple[float, float, str]] = []
    upright: list[tuple[int, float, str]] = []
    base = 0.0
    for name, values, plain in bars:
        place = max(range(count), key=lambda number: values[number])
        if values[-1] > 0:
            ends.append((base + values[-1] / 2, count - 0.66, name))
            base += values[-1]
        elif plain and values[place] > 0:
            if values[place] / top * tall < inches(name) + 0.1 or thick < POINTS * 1.4 / 72:
                return False
            upright.append((place, values[place] / 2, name))
        elif any(values):
            return False
    for name, stair in lines:
        if not stair or (end := stair[-1]) is None:
            return False
        ends.append((end, count - 0.5, name))
    ends.sort()
    heights = spread([end[0] for end in ends], [_LINE * top / tall for _ in ends], 0.0, top)
    if heights is None:
        return False
    for (value, edge, name), placed in zip(ends, heights, strict=True):
        axes.plot([edge, count - 0.3], [value, placed], color=colour("muted"), linewidth=0.8)
        axes.text(count - 0.2, placed, name, va="center", color=colour("ink"), fontsize=POINTS)
    for place, middle, name in upright:
        axes.text(
            place, middle, name, rotation=90, ha="center", va="center", color=colour("panel"), fontsize=POINTS
        )
    axes.set_xlim(-0.6, count - 0.3 + widest * count / max(room - widest, 0.1))
    axes.set_ylim(0, top)
    return True


def ends_apart(
    ends: Sequence[tuple[int, float]], last: int, low: float, high: float, height: float
) -> list[float] | None:
    """Heights at which the names of lines stand that end at ``last``, in the order given; None where they do not fit.

    ``low`` and ``high`` are the lines' own, zero included; ``height`` is the drawing's in inches. A line that ends
    earlier keeps its own height.
    """
    tall = height - 0.6
    line = _LINE * (high - low) / tall
    order = sorted(
        (number for number, end in enumerate(ends) if end[0] == last), key=lambda number: ends[number][1]
    )
    placed = spread([ends[number][1] for number in order], [line for _ in order], low - line, high + line)
    if placed is None:
        return None
    found = [value for _, value in ends]
    for number, value in zip(order, placed, strict=True):
        found[number] = value
    return found


def valued(name: str, value: float) -> str:
    """``Promised 77.3 k``."""
    return f"{name} {compact(value)}"
