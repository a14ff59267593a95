"""The stack map's geometry: a column per category, each a treemap by technology type, tools sized by yearly cost.

Pure: the page draws it as SVG by a template, so that every tool is a link and a focus stop, and the pictures to share
are drawn from the same boxes. Areas are in proportion to money over the whole map: a column is as wide as its share,
and one too narrow to be read keeps a width and loses height instead. Tools too small to be seen stand together as
"n more", never lost; tools whose cost is unknown stand in a tray. Only positions are rounded, never a figure.
"""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, TypeVar

T = TypeVar("T")

#: Width of a letter of 12 units and of the padding, for choosing what text fits.
LETTER: Final = 6.8
_HEAD_LETTER: Final = 7.6
_SMALL_LETTER: Final = 6.0
_PAD: Final = 6
#: What the reports find of a tool, the weightiest first; the last alone is worth knowing and nothing to decide.
WEIGHT: Final = ("overlap", "idle seats", "unused line", "over-use", "notice due", "single supplier")
#: Height of a line of text.
LINE: Final = 15
#: A tool smaller than this (units of the picture squared) joins "n more" of its type; a smaller type joins the others.
SMALLEST: Final = 260
SMALLEST_TYPE: Final = 700
_NARROWEST: Final = 104


@dataclass(frozen=True, slots=True, kw_only=True)
class MapTool:
    """A tool to place: ``minor`` is its yearly cost in minor units, None for unknown; ``kind`` its first type."""

    key: str
    name: str
    category: str
    kind: str
    minor: int | None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A tool (or several small ones) as a rectangle, and what there is room to say in it.

    ``keys`` are the tools it stands for; ``heading`` names the type in the first box of a large one; ``marked`` says
    that there is a finding, ``mark`` names it where there is room; ``light``: nothing of it is to be decided.
    """

    x: int
    y: int
    width: int
    height: int
    category: str
    kind: str
    keys: tuple[str, ...]
    heading: str
    lines: tuple[str, ...]
    cost: str
    mark: str
    marked: bool
    light: bool
    marks: tuple[str, ...]
    minor: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A category's heading: its name (in lines), its cost with how many tools where there is room, and its place."""

    x: int
    y: int
    width: int
    category: str
    lines: tuple[str, ...]
    cost: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StackMap:
    """The whole picture in its own units; ``tray`` are the tools without a known cost."""

    width: int
    height: int
    heads: tuple[Head, ...]
    boxes: tuple[Box, ...]
    tray: tuple[MapTool, ...]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, not rounded yet."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Size:
    """The picture's measures: columns side by side or (``stacked``) one below the other.

    ``alone``: how many tools stand by themselves at most, the costliest; the others join "n more" of their type.
    """

    width: int
    height: int
    head: int
    gap: int
    stacked: bool
    alone: int = 400


WIDE: Final = Size(width=1000, height=600, head=70, gap=14, stacked=False, alone=250)
PHONE: Final = Size(width=360, height=900, head=44, gap=18, stacked=True, alone=120)


def lay_out(
    tools: Iterable[MapTool],
    categories: Sequence[tuple[str, str]],
    *,
    size: Size,
    short: Callable[[int], str],
) -> StackMap | None:
    """Place the tools; None when no tool has a known cost above zero. ``short`` writes an amount in few letters."""
    everything = sorted(tools, key=lambda each: (-(each.minor or 0), each.name.casefold(), each.key))
    sized = {
        code: [each for each in everything if each.category == code and (each.minor or 0) > 0]
        for code, _ in categories
    }
    total = sum(each.minor or 0 for found in sized.values() for each in found)
    if total <= 0:
        return None
    alone = frozenset(each.key for each in everything[: size.alone])
    rects = _stacked(sized, size) if size.stacked else _columns(sized, size)
    boxes: list[Box] = []
    heads: list[Head] = []
    for code, name in categories:
        rect, found = rects[code], sized[code]
        money = sum(each.minor or 0 for each in found)
        heads.append(
            Head(
                x=round(rect.x),
                y=round(rect.y) - size.head,
                width=round(rect.width),
                category=code,
                lines=wrapped(name, int(rect.width / _HEAD_LETTER), 3 if not size.stacked else 1),
                cost=_headed(
                    short(money) if money else "nothing here",
                    sum(each.category == code for each in everything),
                    round(rect.width),
                ),
            )
        )
        boxes += _treemap(found, rect, short, alone)
    bottom = max(round(each.y + each.height) for each in rects.values())
    return StackMap(
        width=size.width,
        height=bottom,
        heads=tuple(heads),
        boxes=tuple(boxes),
        tray=tuple(each for each in everything if (each.minor or 0) <= 0),
    )


def _columns(sized: dict[str, list[MapTool]], size: Size) -> dict[str, Rect]:
    """Columns side by side: as wide as their share, or narrow and lower where that would be too narrow."""
    money = {code: sum(each.minor or 0 for each in found) for code, found in sized.items()}
    room = size.width - size.gap * (len(sized) - 1)
    narrow: set[str] = {code for code, minor in money.items() if minor == 0}
    while True:
        wide = [code for code in sized if code not in narrow]
        left = room - _NARROWEST * len(narrow)
        per_unit = left / sum(money[code] for code in wide)  # width per minor unit at full height
        more = {code for code in wide if money[code] * per_unit < _NARROWEST and len(wide) > 1}
        if not more:
            break
        narrow |= {min(more, key=lambda code: (money[code], code))}
    rects: dict[str, Rect] = {}
    x = 0.0
    for code in sized:
        width = float(_NARROWEST) if code in narrow else money[code] * per_unit
        height = size.height if code not in narrow else size.height * money[code] * per_unit / _NARROWEST
        rects[code] = Rect(x, size.head, width, min(height, size.height))
        x += width + size.gap
    return rects


def _stacked(sized: dict[str, list[MapTool]], size: Size) -> dict[str, Rect]:
    """Categories below each other, as high as their share."""
    money = {code: sum(each.minor or 0 for each in found) for code, found in sized.items()}
    total = sum(money.values())
    rects: dict[str, Rect] = {}
    y = 0.0
    for code in sized:
        height = size.height * money[code] / total
        rects[code] = Rect(0, y + size.head, size.width, height)
        y += size.head + height + size.gap
    return rects


def _treemap(
    tools: Sequence[MapTool], rect: Rect, short: Callable[[int], str], alone: AbstractSet[str]
) -> list[Box]:
    """Technology types squarified in the column, tools squarified in each type, ``alone`` those with these keys."""
    total = sum(each.minor or 0 for each in tools)
    if total <= 0:
        return []
    scale = rect.width * rect.height / total
    groups: dict[str, list[MapTool]] = {}
    for each in tools:
        groups.setdefault(each.kind, []).append(each)
    small = [kind for kind, found in groups.items() if _minor(found) * scale < SMALLEST_TYPE]
    if len(small) > 1:
        joined = [each for kind in small for each in groups.pop(kind)]
        groups[""] = sorted(joined, key=lambda each: (-(each.minor or 0), each.key))
    ordered = sorted(groups.items(), key=lambda each: (-_minor(each[1]), each[0]))
    boxes: list[Box] = []
    for (kind, found), area in squarified([(each, _minor(each[1])) for each in ordered], rect):
        parts = _with_rest(found, scale, alone)
        largest = max(parts, key=_minor)  # there is room for the type's name, also where that is the rest
        for part, place in squarified([(each, _minor(each)) for each in parts], area):
            heading = kind if part is largest and len(ordered) > 1 else ""
            boxes.append(_box(part, kind, place, heading, short))
    return boxes


def _headed(cost: str, tools: int, width: int) -> str:
    said = f"{cost}, {tools} tool{'' if tools == 1 else 's'}" if tools else cost
    return said if 36 + len(said) * _SMALL_LETTER <= width else cost


def _minor(tools: Sequence[MapTool]) -> int:
    return sum(each.minor or 0 for each in tools)


def _with_rest(tools: Sequence[MapTool], scale: float, alone: AbstractSet[str]) -> list[list[MapTool]]:
    """Each tool alone, and those too small to be seen, or too many, together at the end."""
    seen, rest = list[list[MapTool]](), list[MapTool]()
    for each in tools:
        if (each.minor or 0) * scale >= SMALLEST and each.key in alone:
            seen.append([each])
        else:
            rest.append(each)
    return [*seen, rest] if rest else seen


def squarified(items: Sequence[tuple[T, int]], rect: Rect) -> list[tuple[T, Rect]]:
    """Rectangles with areas in proportion to the amounts, as square as strips allow, in the order of the items.

    The algorithm of Bruls, Huizing and van Wijk, Squarified Treemaps (2000); it is best with the largest first.
    """
    total = sum(minor for _, minor in items)
    if not items or total <= 0 or rect.width <= 0 or rect.height <= 0:
        return []
    scale = rect.width * rect.height / total
    left = list(items)
    x, y, width, height = rect.x, rect.y, rect.width, rect.height
    placed: list[tuple[T, Rect]] = []
    while left:
        side = min(width, height)
        taken = 1
        while taken < len(left) and _worst(left[: taken + 1], side, scale) <= _worst(
            left[:taken], side, scale
        ):
            taken += 1
        strip, left = left[:taken], left[taken:]
        thick = sum(minor for _, minor in strip) * scale / side
        at = 0.0
        for item, minor in strip:
            long = minor * scale / thick
            placed.append(
                (item, Rect(x, y + at, thick, long) if width >= height else Rect(x + at, y, long, thick))
            )
            at += long
        if width >= height:
            x, width = x + thick, max(width - thick, 0.001)
        else:
            y, height = y + thick, max(height - thick, 0.001)
    return placed


def _worst(strip: Sequence[tuple[T, int]], side: float, scale: float) -> float:
    """The worst ratio of sides in a strip."""
    areas = [minor * scale for _, minor in strip]
    whole = sum(areas)
    return max(
        max(side * side * area / (whole * whole), whole * whole / (side * side * area)) for area in areas
    )


def _box(tools: Sequence[MapTool], kind: str, rect: Rect, heading: str, short: Callable[[int], str]) -> Box:
    x, y = round(rect.x), round(rect.y)
    width = max(round(rect.x + rect.width) - x - 2, 1)
    height = max(round(rect.y + rect.height) - y - 2, 1)
    alone = len(tools) == 1
    marks = tools[0].marks if alone else tuple(dict.fromkeys(m for each in tools for m in each.marks))
    name = tools[0].name if alone else f"{len(tools)} more"
    room = int((width - 2 * _PAD) / LETTER)
    small_room = int((width - 2 * _PAD) / _SMALL_LETTER)
    lines_left = int((height - 8) / LINE)
    corner = 2 if marks else 0  # the first line leaves the corner to the mark
    said = cut(heading, small_room - corner) if heading and lines_left >= 3 and small_room >= 9 else ""
    lines_left -= bool(said)
    lines: tuple[str, ...] = ()
    if lines_left >= 1 and room >= 4:
        lines = wrapped(name, max(room - (0 if said else corner), 4), 2 if lines_left >= 3 else 1)
    lines_left -= len(lines)
    cost = short(_minor(tools))
    shown = bool(lines) and lines_left >= 1 and len(cost) <= small_room
    words = _words(marks, small_room) if marks and shown and lines_left >= 2 else ""
    return Box(
        x=x,
        y=y,
        width=width,
        height=height,
        category=tools[0].category,
        kind=kind,
        keys=tuple(each.key for each in tools),
        heading=said,
        lines=lines,
        cost=cost if shown else "",
        mark=words,
        marked=bool(marks) and alone and width >= 14 and height >= 14,
        light=set(marks) <= {WEIGHT[-1]},
        marks=marks,
        minor=_minor(tools),
        name=name,
    )


def _words(marks: Sequence[str], room: int) -> str:
    """All words where they fit, else the first and how many more there are."""
    if len(said := ", ".join(marks)) <= room:
        return said
    rest = f" +{len(marks) - 1}" if len(marks) > 1 else ""
    if rest and len(marks[0]) + len(rest) <= room:
        return marks[0] + rest
    return cut(marks[0], room) if room >= 8 else ""


def cut(text: str, room: int) -> str:
    """The text in at most ``room`` letters, with … where something is left out; nothing where that says nothing."""
    if len(text) <= room:
        return text
    return f"{text[: room - 1].rstrip(' ,/&')}…" if room >= 4 else ""


def wrapped(text: str, room: int, most: int) -> tuple[str, ...]:
    """The text in at most ``most`` lines of at most ``room`` letters; the last is cut."""
    words = text.split()
    lines: list[str] = []
    while words and len(lines) < most:
        line = words.pop(0)
        while words and len(line) + 1 + len(words[0]) <= room:
            line = f"{line} {words.pop(0)}"
        lines.append(line)
    if words and lines:
        lines[-1] = f"{lines[-1]} {' '.join(words)}"
    return tuple(found for line in lines if (found := cut(line, room)))
