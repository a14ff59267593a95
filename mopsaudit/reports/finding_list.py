"""The ranked list of the findings of all reports as a table: each euro stands in the row of one finding (§4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mopsaudit.later import Later
from mopsaudit.reporting import Amount, Band, Column, Ref, Row, ValueKind
from mopsaudit.reports.findings import Joined

#: A band in words, in the order of :class:`reporting.Band`.
BAND_WORDS: Final[Mapping[Band, str]] = {
    Band.OVERDUE: "overdue",
    Band.DAYS_14: "within 14 days",
    Band.DAYS_30: "within 30 days",
    Band.DAYS_60: "within 60 days",
    Band.DAYS_120: "within 120 days",
    Band.LATER: "later or no date",
}

COLUMNS: Final = (
    Column(
        key="rank", label="Rank", kind=ValueKind.NUMBER, what="By band, then recoverable money × confidence"
    ),
    Column(key="finding", label="Finding", primary=True),
    Column(
        key="counted",
        label="Counted a year",
        kind=ValueKind.MONEY,
        summed=True,
        what="What the finding adds to the total: a contract line or tool counts in its largest finding only",
    ),
    Column(
        key="left",
        label="Left this fiscal year",
        kind=ValueKind.MONEY,
        summed=True,
        what="What of it can still be taken out of this fiscal year",
    ),
    Column(key="due", label="Send by", kind=ValueKind.DATE),
    Column(key="band", label="Decide", what="By days to the send-by date", wide=True),
    Column(key="report", label="Report", kind=ValueKind.REF),
    Column(key="tools", label="Tools", kind=ValueKind.REFS, wide=True),
    Column(key="vendor", label="Vendor", kind=ValueKind.REF, wide=True),
    Column(
        key="alone",
        label="Worth by itself",
        kind=ValueKind.MONEY,
        wide=True,
        what="The finding's own amount a year; findings on the same line are never added up",
    ),
    Column(key="confidence", label="Confidence"),
    Column(key="state", label="State"),
    Column(key="next", label="Next step", wide=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Later):
    """The list: a row for every finding in its rank. The sums of *counted* and *left* are the joined totals."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def finding_list(joined: Joined, titles: Mapping[str, str]) -> Listed:
    """Rows of all findings of ``joined`` in their one order; settled ones stay, counting nothing.

    ``titles`` are those of the reports by slug.

    A row's ``counted`` is the sum of the stakes in which its finding is the largest, in minor units a year of the base
    currency, and ``left`` what of those stakes is recoverable this fiscal year: summed over all rows they are
    ``joined.annual`` and ``joined.recoverable``.
    """
    counted: dict[str, int] = {}
    left: dict[str, int] = {}
    origins: dict[str, int] = {}
    for stake in joined.stakes:
        counted[stake.finding_id] = counted.get(stake.finding_id, 0) + stake.minor
        left[stake.finding_id] = left.get(stake.finding_id, 0) + stake.recoverable
        origins[stake.finding_id] = origins.get(stake.finding_id, 0) + 1
    rows = []
    for rank, finding in enumerate(joined.findings, start=1):
        slug = joined.rooms[finding.id]
        rows.append(
            Row(
                id=finding.id,
                values={
                    "rank": rank,
                    "finding": finding.sentence,
                    "report": Ref(kind="report", id=slug, label=titles[slug]),
                    "tools": finding.tools,
                    "vendor": finding.vendor,
                    "band": BAND_WORDS[finding.band],
                    "due": finding.due,
                    "counted": _money(joined, counted, origins, finding.id),
                    "left": _money(joined, left, origins, finding.id),
                    "alone": None if finding.amount.minor == 0 else finding.amount,
                    "confidence": finding.confidence.value,
                    "state": finding.state,
                    "next": finding.next_step,
                },
                opens=Ref(kind="finding", id=f"{slug}/{finding.id}", label=finding.sentence),
                state=finding.state,
            )
        )
    return Listed(columns=COLUMNS, rows=tuple(rows))


def _money(
    joined: Joined, by_finding: Mapping[str, int], origins: Mapping[str, int], finding_id: str
) -> Amount:
    return Amount(
        currency=joined.currency, minor=by_finding.get(finding_id, 0), origins=origins.get(finding_id, 0)
    )
