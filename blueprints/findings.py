"""The findings of all reports in one ranked list, each euro once: where the dashboard's sums open to."""

from collections.abc import Iterable
from typing import Any, Final

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from blueprints import filters, shell, tables
from blueprints.help import find_page
from blueprints.navigation import Entry, Group
from blueprints.reports import Figure, trust_line
from mopsaudit.reporting import Amount, Band, Report
from mopsaudit.reports import registry
from mopsaudit.reports.finding_list import BAND_WORDS, finding_list
from mopsaudit.reports.findings import Joined
from mopsaudit.store.session import reading

blueprint = Blueprint("findings", __name__)
navigation = (Entry("findings.index", "Findings", Group.TODAY, 10),)

#: Bands in which something is to be decided this month.
SOON: Final = (Band.OVERDUE, Band.DAYS_14, Band.DAYS_30)


def bands_url(bands: Iterable[Band] = ()) -> str:
    """The list, cut to some bands."""
    wanted: dict[str, Any] = {"f.band": [f"={BAND_WORDS[band]}" for band in bands]}
    return url_for("findings.index", **wanted)


def answer(joined: Joined) -> str:
    """What waits and what it is worth, in a sentence."""
    waiting = sum(1 for each in joined.findings if each.state == "open")
    if not waiting:
        return "Nothing waits for a decision on what is known so far."
    currency = joined.currency
    text = "1 finding waits" if waiting == 1 else f"{filters.count(waiting)} findings wait"
    text += (
        f" for a decision; {filters.whole(joined.annual.minor or 0, currency)} {currency} a year is at stake"
    )
    if soon := joined.within(SOON):
        text += f", {filters.whole(soon, currency)} {currency} of it overdue or to be decided within 30 days"
    return text + "."


def stake_figures(joined: Joined) -> tuple[Figure, ...]:
    """At stake a year, left this year, and soon: each opens to the rows it is the sum of."""
    waiting = [each for each in joined.findings if each.state == "open"]
    soon = [each for each in waiting if each.band in SOON]
    late = any(each.band is Band.OVERDUE for each in soon)

    def money(minor: int) -> str:
        return filters.short(Amount(currency=joined.currency, minor=minor))

    return (
        Figure(
            label="At stake a year",
            text=money(joined.annual.minor or 0),
            what=f"{filters.count(len(waiting))} finding{'' if len(waiting) == 1 else 's'}, no money counted twice",
            tone="plain",
            href=bands_url(),
        ),
        Figure(
            label="Left this fiscal year",
            text=money(joined.recoverable.minor or 0),
            what="can still be taken out, net of what is locked",
            tone="plain",
            href=bands_url(),
        ),
        Figure(
            label="Overdue or within 30 days",
            text=money(joined.within(SOON)),
            what=f"{filters.count(len(soon))} to decide",
            tone="bad" if late else "warn" if soon else "plain",
            href=bands_url(SOON),
        ),
    )


@blueprint.get("/findings")
def index() -> ResponseReturnValue:
    """The ranked list; ``csv`` and ``xlsx`` hold what is shown."""
    scope = shell.scope()
    built: dict[str, Report] = {}
    with reading() as session:
        for slug, room in registry.REPORTS.items():
            built[slug] = room.build(session, scope)
        joined = registry.all_findings(session, scope)
    listed = finding_list(joined, built)
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
        answer=answer(joined),
        trust=trust_line(next(iter(built.values()))),
        figures=stake_figures(joined),
        method=find_page("findings"),
    )
