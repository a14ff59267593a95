"""The stack map on its page and as a picture to share; the geometry is :mod:`mopsaudit.figures.stack_map`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from blueprints import exports, filters, kept_reports, links, shell
from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.figures.stack_map import PHONE, WEIGHT, WIDE, Box, Head, MapTool, StackMap, lay_out
from mopsaudit.figures.stack_picture import SLIDE, Words, draw_map
from mopsaudit.inventory.lifecycle import StatusChange, status_changes
from mopsaudit.reporting import Amount, Ref, Report
from mopsaudit.store.session import reading

blueprint = Blueprint("stack_map", __name__)

#: How far ahead changes are shown.
_AHEAD: Final = timedelta(days=730)
#: Days with planned changes that the page offers.
_DAYS: Final = 6
#: Tools of unknown cost that are named; the table has all.
_TRAY: Final = 40
_KINDS: Final = {"png": "image/png", "pdf": "application/pdf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A box with where it leads and its whole name, for those who hear it."""

    box: Box
    href: str
    full: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The map in one width, ready for the template."""

    width: int
    height: int
    heads: tuple[Head, ...]
    boxes: tuple[Drawn, ...]


def tools_of(report: Report) -> tuple[MapTool, ...]:
    """The tools of a stack report, as the map places them."""
    return tuple(
        MapTool(
            key=row.id,
            name=filters.plain(row.values.get("tool")),
            category=row.category or "",
            kind=filters.plain(row.values.get("type")) or "no type",
            minor=max(0, cost.minor)
            if isinstance(cost := row.values.get("yearly_cost"), Amount) and cost.minor is not None
            else None,
            marks=tuple(sorted(row.detail.get("marks", ()), key=_weight)),
        )
        for row in report.rows
    )


def _weight(mark: str) -> tuple[int, str]:
    return (WEIGHT.index(mark) if mark in WEIGHT else len(WEIGHT), mark)


def categories() -> tuple[tuple[str, str], ...]:
    """The four categories, in their order."""
    return tuple((each.id.value, each.name) for each in taxonomy().categories)


def page_values(report: Report) -> Mapping[str, Any]:
    """What the report's page shows of the map: both widths, the tray, what is empty, and what comes and goes."""
    tools = tools_of(report)
    scope = shell.scope()
    today = shell.today()
    with reading() as session:
        ahead = status_changes(session, scope, scope.as_of, scope.as_of + _AHEAD)
        between = status_changes(session, scope, min(scope.as_of, today), max(scope.as_of, today))
    opens = {row.id: row.opens for row in report.rows}
    unsized = [each for each in tools if not each.minor]
    days = tuple(dict.fromkeys(each.day for each in ahead))
    return {
        "maps": tuple(
            (name, _picture(found, report, opens) if found is not None else None)
            for name, size in (("wide", WIDE), ("phone", PHONE))
            for found in (_laid(tools, report.currency, size),)
        ),
        "tray": tuple((each, _page_of(opens.get(each.key))) for each in unsized[:_TRAY]),
        "unsized": len(unsized),
        "bare": _bare(tools),
        "ahead": ahead,
        "days": days[:_DAYS],
        "more_days": max(0, len(days) - _DAYS),
        "between": between,
        "since_sentence": between_sentence(between, forward=scope.as_of > today),
        "map_today": today,
    }


def _laid(tools: tuple[MapTool, ...], currency: str, size: Any) -> StackMap | None:
    return lay_out(tools, categories(), size=size, short=lambda minor: filters.shortened(minor, currency))


def _picture(found: StackMap, report: Report, opens: Mapping[str, Ref | None]) -> Picture:
    names = dict(categories())
    return Picture(
        width=found.width,
        height=found.height,
        heads=found.heads,
        boxes=tuple(
            Drawn(box=box, href=_href(box, opens, names), full=_full(box, report.currency))
            for box in found.boxes
        ),
    )


def _page_of(opens: Ref | None) -> str | None:
    return links.ref_url(opens) if opens is not None else None


def _href(box: Box, opens: Mapping[str, Ref | None], names: Mapping[str, str]) -> str:
    """The tool's page; for several small ones the table cut to their type or category."""
    if len(box.keys) == 1 and (found := _page_of(opens.get(box.keys[0]))):
        return found
    wanted = {"f.type": f"={box.kind}"} if box.kind else {"f.category": f"={names.get(box.category, '')}"}
    return url_for("reports.show", slug="stack", _anchor="table", **wanted)  # type: ignore[arg-type]


def _full(box: Box, currency: str) -> str:
    marks = f", {', '.join(box.marks)}" if box.marks else ""
    name = box.name if len(box.keys) == 1 else f"{len(box.keys)} more tools of {box.kind or 'small types'}"
    return f"{name}, {filters.whole(box.minor, currency)} {currency} a year{marks}"


def _bare(tools: tuple[MapTool, ...]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """The technology types no tool serves first, by category: where nothing is."""
    taken = {each.kind for each in tools}
    return tuple(
        (category.id.value, category.name, tuple(each.name for each in missing))
        for category in taxonomy().categories
        if (missing := [t for t in taxonomy().types if t.category == category.id and t.name not in taken])
    )


def between_sentence(changes: tuple[StatusChange, ...], *, forward: bool) -> str:
    """What is different from today, in a sentence; empty where nothing is."""
    comes = [each.name for each in changes if each.comes]
    goes = [each.name for each in changes if each.goes]
    parts = []
    if comes:
        parts.append(f"{filters.sentence_list(comes)} {'will have come' if forward else 'came'}")
    if goes:
        parts.append(f"{filters.sentence_list(goes)} {'will have gone' if forward else 'went'}")
    if not parts:
        return ""
    return f"{'By then' if forward else 'Since then'} {' and '.join(parts)}."


@blueprint.get("/reports/stack/map.<kind>")
def picture(kind: str) -> ResponseReturnValue:
    """The map as a slide: ``png`` or ``pdf``; ``theme=dark`` on a dark ground."""
    if kind not in _KINDS:
        abort(404)
    with reading() as session:
        report = kept_reports.stack_with_marks(session, shell.scope())
    tools = tools_of(report)
    found = _laid(tools, report.currency, SLIDE)
    unknown = [each.name for each in tools if not each.minor]
    legend = (
        "Equal areas are equal money a year. A filled corner marks what is to be decided (overlap, idle seats, "
        "a notice due), an outlined one a single supplier."
    )
    beside = [legend]
    if unknown:
        beside.append(f"Not sized, cost unknown ({len(unknown)}): {', '.join(unknown)}")
    company = shell.settings().company_name
    words = Words(
        title=f"Marketing technology of {company}" if company else "Marketing technology",
        answer=report.answer,
        scope=f"As of {filters.day_text(report.as_of)} · {report.unit or 'whole company'} · {report.currency} a year"
        f" · {filters.count(len(tools))} tools",
        beside=tuple(beside),
    )
    body = draw_map(found, words, kind=kind, dark=request.args.get("theme") == "dark")
    return exports.file(body, _KINDS[kind], f"stack-map-{report.as_of.isoformat()}.{kind}")
