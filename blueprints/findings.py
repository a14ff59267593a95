"""The findings of all reports in one ranked list, each euro once: where the dashboard's sums open to."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from blueprints import filters, kept_reports, shell, tables
from blueprints.help import find_page
from blueprints.navigation import Entry, Group
from blueprints.reports import Figure, trust_line
from mopsaudit.reporting import Amount, Band
from mopsaudit.reports import registry
from mopsaudit.reports.finding_list import BAND_WORDS
from mopsaudit.reports.findings import SOON, Brief
from mopsaudit.store.session import reading

blueprint = Blueprint("findings", __name__)
navigation = (Entry("findings.index", "Findings", Group.TODAY, 10),)


def bands_url(bands: Iterable[Band] = ()) -> str:
    """The list, cut to some bands."""
    wanted: dict[str, Any] = {"f.band": [f"={BAND_WORDS[band]}" for band in bands]}
    return url_for("findings.index", **wanted)


def answer(brief: Brief) -> str:
    """What waits and what it is worth, in a sentence."""
    if not brief.waiting:
        return "Nothing waits for a decision on what is known so far."
    currency = brief.currency
    text = "1 finding waits" if brief.waiting == 1 else f"{filters.count(brief.waiting)} findings wait"
    text += f" for a decision; {filters.whole(brief.annual, currency)} {currency} a year is at stake"
    if brief.soon:
        text += f", {filters.whole(brief.soon, currency)} {currency} of it overdue or to be decided within 30 days"
    return text + "."


def stake_figures(brief: Brief) -> tuple[Figure, ...]:
    """At stake a year, left this year, and soon: each opens to the rows it is the sum of."""

    def money(minor: int) -> str:
        return filters.short(Amount(currency=brief.currency, minor=minor))

    return (
        Figure(
            label="At stake a year",
            text=money(brief.annual),
            what=f"{filters.count(brief.waiting)} finding{'' if brief.waiting == 1 else 's'}, no money counted twice",
            tone="plain",
            href=bands_url(),
        ),
        Figure(
            label="Left this fiscal year",
            text=money(brief.recoverable),
            what="can still be taken out, net of what is locked",
            tone="plain",
            href=bands_url(),
        ),
        Figure(
            label="Overdue or within 30 days",
            text=money(brief.soon),
            what=f"{filters.count(brief.waiting_soon)} to decide",
            tone="bad" if brief.late else "warn" if brief.waiting_soon else "plain",
            href=bands_url(SOON),
        ),
    )


@blueprint.get("/findings")
def index() -> ResponseReturnValue:
    """The ranked list; ``csv`` and ``xlsx`` hold what is shown."""
    scope = shell.scope()
    with reading() as session:
        stack = registry.REPORTS["stack"].build(session, scope)
        brief = registry.brief_findings(session, scope)
        listed = kept_reports.finding_rows(session, scope)
    table = tables.of_rows(
        listed.columns,
        listed.rows,
        name="findings",
        noun="finding",
        caption="Findings in their rank",
        empty="Nothing to decide is known yet. Spend, contracts and user lists are what findings come from.",
    )
    return tables.page(
        table,
        "reports/findings.html",
        answer=answer(brief),
        trust=trust_line(stack),
        figures=stake_figures(brief),
        method=find_page("findings"),
    )
