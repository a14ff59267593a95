"""The stack map as a picture to share: one page of a slide's shape, as PNG or PDF, from the boxes the page draws.

Title, the answer in a sentence, scope and date, the map, what the corner means, and what the map does not size. Same
values, same bytes.
"""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mopsaudit.figures.stack_map import Box, Size, StackMap, cut, wrapped
from mopsaudit.figures.tokens import DARK, TOKENS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: The picture's measures in its own units, 96 to the inch: a 16:9 slide.
WIDTH: Final = 1280
HEIGHT: Final = 720
_MARGIN: Final = 40
#: The size the map is laid out in for the picture.
SLIDE: Final = Size(width=WIDTH - 2 * _MARGIN, height=470, head=62, gap=14, stacked=False)
_TOP: Final = 128
_RC: Final[Any] = {"font.family": "DejaVu Sans", "pdf.fonttype": 42, "svg.fonttype": "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands around the map."""

    title: str
    answer: str
    scope: str
    beside: tuple[str, ...]


def draw_map(found: StackMap | None, words: Words, *, kind: str, dark: bool = False, dpi: int = 150) -> bytes:
    """The picture as bytes; ``kind`` is ``png`` or ``pdf``. ``found`` None: the words alone say that nothing is sized.

    Raises:
        ValueError: for another kind.
    """
    if kind not in ("png", "pdf"):
        raise ValueError(kind)
    import matplotlib as mpl
    from matplotlib.figure import Figure

    colours = DARK if dark else TOKENS
    paper = "#14181d" if dark else "#ffffff"
    with mpl.rc_context(_RC):
        figure = Figure(figsize=(WIDTH / 96, HEIGHT / 96), facecolor=paper)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(HEIGHT, 0)
        axes.set_axis_off()
        _write(axes, _MARGIN, 52, words.title, 22, colours["ink"], bold=True)
        for number, line in enumerate(wrapped(words.answer, 142, 2)):
            _write(axes, _MARGIN, 80 + 20 * number, line, 14, colours["ink"])
        said = len(wrapped(words.answer, 142, 2))
        _write(axes, _MARGIN, 84 + 20 * said, words.scope, 11, colours["muted"])
        if found is not None:
            _map(axes, found, colours, paper)
        foot = HEIGHT - 20 - 17 * (len(words.beside) - 1)
        for number, line in enumerate(words.beside):
            _write(axes, _MARGIN, foot + 17 * number, cut(line, 172), 11, colours["muted"])
        target = io.BytesIO()
        quiet: dict[str, Any] = (
            {"Software": None} if kind == "png" else {"CreationDate": None, "Producer": None}
        )
        figure.savefig(target, format=kind, dpi=dpi, facecolor=paper, metadata=quiet)
    return target.getvalue()


def _write(
    axes: "Axes", x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False
) -> None:
    """Text with its baseline at ``y``; ``size`` in units of the picture."""
    axes.text(
        x, y, text.replace("$", r"\$"), fontsize=size * 0.75, color=colour,
        fontweight="bold" if bold else "normal", va="baseline", ha="left",
    )  # fmt: skip


def _map(axes: "Axes", found: StackMap, colours: dict[str, str], paper: str) -> None:
    from matplotlib.patches import Rectangle

    for head in found.heads:
        x, y = head.x + _MARGIN, head.y + _TOP
        axes.add_patch(Rectangle((x, y + 4), 28, 4, facecolor=colours[head.category], linewidth=0))
        _write(axes, x + 36, y + 10, head.cost, 10.5, colours["muted"])
        for number, line in enumerate(head.lines):
            _write(axes, x, y + 27 + 14 * number, line, 11.5, colours["ink"], bold=True)
    for box in found.boxes:
        _draw_box(axes, box, colours, paper)


def _draw_box(axes: "Axes", box: Box, colours: dict[str, str], paper: str) -> None:
    from matplotlib.patches import Polygon, Rectangle

    x, y = box.x + _MARGIN, box.y + _TOP
    axes.add_patch(
        Rectangle(
            (x, y), box.width, box.height, facecolor=mixed(colours[box.category], paper, 0.22), linewidth=0
        )
    )
    if box.marked:
        right, ink = x + box.width, colours["warn"]
        axes.add_patch(
            Polygon(
                [(right - 12, y), (right, y), (right, y + 12)],
                facecolor="none" if box.light else ink,
                edgecolor=ink,
                linewidth=0.8 if box.light else 0,
            )
        )
    at = y + 16
    if box.heading:
        _write(axes, x + 6, at, box.heading, 9.5, colours["muted"])
        at += 15
    for line in box.lines:
        _write(axes, x + 6, at, line, 10.5, colours["ink"], bold=True)
        at += 15
    for text in (box.cost, box.mark):
        if text:
            _write(axes, x + 6, at, text, 9.5, colours["ink"])
            at += 15


def mixed(colour: str, paper: str, share: float) -> str:
    """``share`` of a colour on paper, as ``#rrggbb``."""
    pairs = zip(_channels(colour), _channels(paper), strict=True)
    return "#" + "".join(f"{round(share * top + (1 - share) * below):02x}" for top, below in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
