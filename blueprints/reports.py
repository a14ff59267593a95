"""One page for every report of the registry: answer, figures, charts, table, findings, method; the same as a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import Template
from markupsafe import Markup
from sqlalchemy.orm import Session

from blueprints import exports, filters, kept_reports, links, permissions, shell, tables
from blueprints.help import find_page
from blueprints.navigation import Entry, Group
from blueprints.stack_map import page_values
from mopsaudit.figures import draw as drawing
from mopsaudit.governance.decisions import DecisionRow, list_decisions
from mopsaudit.governance.settling import settlement_of
from mopsaudit.inventory.tools import in_scope
from mopsaudit.reporting import Amount, Finding, Headline, Plot, Ref, Report, Trace, ranked
from mopsaudit.reports import registry
from mopsaudit.store.session import reading

blueprint = Blueprint("reports", __name__)
navigation = tuple(
    Entry("reports.show", room.title, Group.REPORTS, number, (("slug", slug),))
    for number, (slug, room) in enumerate(registry.REPORTS.items())
)

#: Plots drawn by a template of the room instead of by matplotlib.
#: The text of a drawing.
_TEXT: Final = re.compile(r">([^<>]+)<")
#: Findings a report's page lists; of more the list of findings holds each.
FINDINGS_SHOWN: Final = 40
#: Rows of a further table on its page: a report has up to eight of them.
SECTION_ROWS: Final = 20
DRAWN_BY_TEMPLATE: Final = frozenset({"treemap"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One of the figures at the top of a page, ready to show."""

    label: str
    text: str | Markup
    what: str
    tone: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A chart in both widths and the table of the same numbers."""

    key: str
    title: str
    wide: Markup
    phone: Markup
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def build(slug: str) -> Report:
    """The report of a room in the request's scope; options of the address that the room knows are handed on."""
    room = registry.REPORTS.get(slug)
    if room is None:
        abort(404)
    options = {name: request.args.get(name) or None for name in room.options}
    with reading() as session:
        if slug == "stack":
            return kept_reports.stack_with_marks(session, shell.scope())
        return room.build(session, shell.scope(), **options)


def figures_of(headlines: Sequence[Headline]) -> tuple[Figure, ...]:
    """At most four headlines, each a link to what it is made of where that has a page."""
    return tuple(
        Figure(
            label=each.label,
            text=filters.short(each.value) if isinstance(each.value, Amount) else filters.value(each.value),
            what=each.what,
            tone=each.tone,
            href=_down(each),
        )
        for each in headlines[:4]
    )


def _down(headline: Headline) -> str:
    """The way down from a figure: to the spend lines it is the sum of, else to its part of the page."""
    match headline.value:
        case Amount(trace=Trace(lines=lines)) if headline.opens == "lines" and (
            address := links.lines_url(lines)
        ):
            return address
        case Ref() as ref if address := links.ref_url(ref):
            return address
        case _:
            return "#table" if headline.opens == "lines" else f"#{headline.opens}"


def drawings_of(plots: Sequence[Plot], *, narrow: bool = False) -> tuple[Drawing, ...]:
    """The charts of a report, drawn once per data and kept by the drawing room; ``narrow`` ones for a column only."""
    return tuple(
        Drawing(
            key=f"chart-{number}",
            title=plot.title,
            wide=Markup() if narrow else _markup(plot, "wide", number),
            phone=_markup(plot, "phone", number),
            heads=("", *(series.label for series in plot.series if series.style != "span")),
            rows=tuple(
                (
                    label,
                    *(_number(series.values[row], plot) for series in plot.series if series.style != "span"),
                )
                for row, label in enumerate(plot.labels)
            ),
        )
        for number, plot in enumerate(plots)
        if plot.kind not in DRAWN_BY_TEMPLATE and plot.labels
    )


def _markup(plot: Plot, width: str, number: int) -> Markup:
    # Our own drawing: its XML writer has escaped every label.
    drawn = drawing.draw(plot, width=width, key=f"chart-{number}-{width}")
    if filters.marks() != filters.DEFAULT_MARKS:
        drawn = _TEXT.sub(lambda found: f">{filters.said(found[1])}<", drawn)
    return Markup(drawn)  # noqa: S704


def _number(value: object, plot: Plot) -> str:
    if value is None:
        return filters.UNKNOWN
    if plot.currency and isinstance(value, int):
        return filters.whole(value, plot.currency)
    return filters.plain(value)  # type: ignore[arg-type]  # a Decimal or an int


def trust_line(report: Report) -> str:
    """As of when, for whom, in which currency, and how much of it is known."""
    unit = report.unit or "whole company"
    said = report.coverage.sentence
    if said.casefold().startswith("as of"):
        return f"{said} · {unit} · {report.currency}"
    return f"As of {filters.day_text(report.as_of)} · {unit} · {report.currency} · {said}"


def finding_url(slug: str, finding: Finding) -> str:
    """The page of one finding."""
    return url_for("reports.finding", slug=slug, finding_id=finding.id)


@blueprint.get("/reports/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """A report as a page; ``format=json`` is the object of the manual, ``csv`` and ``xlsx`` the table as shown."""
    report = build(slug)
    if request.args.get("format") == "json":
        permissions.require(permissions.Action.EXPORT)
        return jsonify(report.to_json())
    table = tables.of_rows(
        report.columns,
        report.rows,
        name=report.name,
        noun="row",
        caption=report.title,
        empty=report.empty or "There is nothing to show yet.",
    )
    sections = tuple(
        (
            section,
            tables.of_rows(
                section.columns,
                section.rows,
                name=f"{report.name}-{section.key}",
                prefix=f"{section.key}.",
                size=SECTION_ROWS,
                caption=section.title,
                noun="row",
            ),
        )
        for section in report.sections
    )
    for _, section_table in sections:
        if section_table.asked.export:
            return exports.export(section_table)
    return tables.page(
        table,
        _template(slug),
        report=report,
        slug=slug,
        trust=trust_line(report),
        figures=figures_of(report.headlines),
        drawings=drawings_of(report.plots),
        sections=sections,
        findings=ranked(report.findings),
        findings_shown=FINDINGS_SHOWN,
        method=find_page(slug),
        **(page_values(report) if slug == "stack" else {}),
        finding_url=finding_url,
    )


def _template(slug: str) -> list[str | Template]:
    """The room's own template where it has one, else the generic page."""
    return [f"reports/{slug}.html", "reports/report.html"]


def _decide(slug: str, found: Finding) -> str | None:
    """Where a decision on the finding is recorded, filled in from it, for those who may decide."""
    if not any(tool.kind == "tool" for tool in found.tools) or not permissions.may(permissions.Action.DECIDE):
        return None
    return url_for("decisions.new", report=slug, finding=found.id)


def _decided(session: Session, found: Finding) -> tuple[DecisionRow, ...]:
    """Decisions on the finding's tools that are open: it may be decided already."""
    ids = {tool.id for tool in found.tools if tool.kind == "tool"}
    rows = list_decisions(session, shell.scope(), in_scope(shell.scope()))
    return tuple(row for row in rows if row.tool_id in ids and row.status == "open")


@blueprint.get("/reports/<slug>/findings/<path:finding_id>")
def finding(slug: str, finding_id: str) -> ResponseReturnValue:
    """One finding with what it rests on, and the way to decide on it."""
    report = build(slug)
    found = next((each for each in report.findings if each.id == finding_id), None)
    if found is None:
        abort(404)
    with reading() as session:
        decided = _decided(session, found)
        settled = settlement_of(session, found.id)
    return render_template(
        "reports/finding.html",
        report=report,
        slug=slug,
        finding=found,
        trust=trust_line(report),
        lines=links.lines_url(found.amount.trace.lines) if found.amount.trace else None,
        decide_url=_decide(slug, found),
        decided=decided,
        settled=settled,
        saving_url=url_for(
            "savings.new", tool_id=next(each.id for each in found.tools if each.kind == "tool")
        )
        if any(each.kind == "tool" for each in found.tools)
        and permissions.may(permissions.Action.EDIT_SAVINGS)
        else None,
    )
