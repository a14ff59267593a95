"""The stack map: four columns, one per category, each a treemap by technology type with tools sized by yearly cost.

Laid out here, drawn as SVG by ``templates/reports/stack.html``, so that every tool is a link and a focus stop. One
scale holds for all columns: equal areas are equal money. Tools whose cost is unknown stand in a tray below, never lost.
Positions are whole units of the picture; only they are rounded, never a figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from blueprints import filters, links
from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.reporting import Amount, Report, Row

#: Width of a letter and of the padding, in units of the picture, for choosing what text fits.
_LETTER: Final = 7
_PAD: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A tool as a rectangle: what it says inside, and in full for those who hear it. ``marked``: there is a finding."""

    x: int
    y: int
    width: int
    height: int
    category: str
    href: str | None
    name: str
    cost: str
    mark: str
    marked: bool
    full: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A category's heading: its name (in lines), its cost and place."""

    x: int
    y: int
    category: str
    lines: tuple[str, ...]
    cost: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StackMap:
    """The whole picture; ``tray`` are tools without a known cost."""

    width: int
    height: int
    heads: tuple[Head, ...]
    boxes: tuple[Box, ...]
    tray: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class _Rect:
    x: float
    y: float
    width: float
    height: float


def stack_map(report: Report, *, phone: bool = False) -> StackMap | None:
    """The map of a stack report; None when no tool has a known cost."""
    sized = {
        category.id.value: sorted(
            (
                (row, minor)
                for row in report.rows
                if row.category == category.id.value and (minor := _minor(row))
            ),
            key=lambda each: (-each[1], each[0].id),
        )
        for category in taxonomy().categories
    }
    largest = max((sum(minor for _, minor in rows) for rows in sized.values()), default=0)
    if largest <= 0:
        return None
    column, gap, head, tallest = (344, 16, 54, 300) if phone else (236, 16, 66, 420)
    boxes: list[Box] = []
    heads: list[Head] = []
    top = 0
    for number, category in enumerate(taxonomy().categories):
        rows = sized[category.id.value]
        total = sum(minor for _, minor in rows)
        x = 0 if phone else number * (column + gap)
        y = top if phone else 0
        height = tallest * total / largest
        heads.append(
            Head(
                x=x,
                y=y,
                category=category.id.value,
                lines=_wrapped(category.name, column // _LETTER),
                cost=_short(total, report.currency) if total else "nothing here",
            )
        )
        for row, rect in _columned(rows, _Rect(x, y + head, column, max(height, 4.0) if rows else 0)):
            boxes.append(_box(row, rect, report.currency))
        top += head + round(height) + gap
    return StackMap(
        width=column if phone else 4 * column + 3 * gap,
        height=top if phone else head + tallest,
        heads=tuple(heads),
        boxes=tuple(boxes),
        tray=tuple(
            (filters.plain(row.values.get("tool")), links.ref_url(row.opens) if row.opens else None)
            for row in report.rows
            if not _minor(row)
        ),
    )


def _minor(row: Row) -> int:
    cost = row.values.get("yearly_cost")
    return max(0, cost.minor or 0) if isinstance(cost, Amount) else 0


def _columned(rows: Sequence[tuple[Row, int]], rect: _Rect) -> list[tuple[Row, _Rect]]:
    """Technology types as bands of the column, the costliest on top; tools squarified within each band."""
    groups: dict[str, list[tuple[Row, int]]] = {}
    for row, minor in rows:
        groups.setdefault(filters.plain(row.values.get("type")) or "no type", []).append((row, minor))
    bands = sorted(groups.items(), key=lambda each: (-sum(minor for _, minor in each[1]), each[0]))
    total = sum(minor for _, minor in rows)
    placed: list[tuple[Row, _Rect]] = []
    y = rect.y
    for _, band in bands:
        height = rect.height * sum(minor for _, minor in band) / total
        placed += squarified(band, _Rect(rect.x, y, rect.width, height))
        y += height
    return placed


def squarified(rows: Sequence[tuple[Row, int]], rect: _Rect) -> list[tuple[Row, _Rect]]:
    """Rectangles with areas in proportion to the amounts (largest first), as square as strips allow.

    The algorithm of Bruls, Huizing and van Wijk, Squarified Treemaps (2000).
    """
    total = sum(minor for _, minor in rows)
    if not rows or total <= 0 or rect.width <= 0 or rect.height <= 0:
        return []
    scale = rect.width * rect.height / total
    left = list(rows)
    x, y, width, height = rect.x, rect.y, rect.width, rect.height
    placed: list[tuple[Row, _Rect]] = []
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
        for row, minor in strip:
            long = minor * scale / thick
            placed.append(
                (row, _Rect(x, y + at, thick, long) if width >= height else _Rect(x + at, y, long, thick))
            )
            at += long
        if width >= height:
            x, width = x + thick, max(width - thick, 0.001)
        else:
            y, height = y + thick, max(height - thick, 0.001)
    return placed


def _worst(strip: Sequence[tuple[Row, int]], side: float, scale: float) -> float:
    """The worst ratio of sides in a strip."""
    areas = [minor * scale for _, minor in strip]
    whole = sum(areas)
    return max(
        max(side * side * area / (whole * whole), whole * whole / (side * side * area)) for area in areas
    )


def _box(row: Row, rect: _Rect, currency: str) -> Box:
    x, y = round(rect.x), round(rect.y)
    width, height = round(rect.x + rect.width) - x, round(rect.y + rect.height) - y
    name, minor = filters.plain(row.values.get("tool")), _minor(row)
    marks = filters.plain(row.values.get("marks"))
    room = (width - 2 * _PAD) // _LETTER
    cost = _short(minor, currency)
    full = f"{name}, {filters.whole(minor, currency)} {currency} a year" + (f", {marks}" if marks else "")
    return Box(
        x=x,
        y=y,
        width=max(width - 2, 1),
        height=max(height - 2, 1),
        category=row.category or "",
        href=links.ref_url(row.opens) if row.opens else None,
        name=_cut(name, room) if height >= 22 else "",
        cost=cost if height >= 40 and len(cost) <= room else "",
        mark=_cut(marks, room) if marks and height >= 58 else "",
        marked=bool(marks) and width >= 16 and height >= 16,
        full=full,
    )


def _cut(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    return f"{text[: room - 1].rstrip()}…" if room >= 5 else ""


def _short(minor: int, currency: str) -> str:
    """An amount shortened, as text: the exact figure stands in the table and in the box's full name."""
    return filters.shortened(minor, currency)


def _wrapped(text: str, room: int) -> tuple[str, ...]:
    """The text in lines of at most ``room`` letters."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > room and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return tuple(lines)
