"""The table of gaps: one row each, with its evidence. Pure."""

from typing import Final

from mopsaudit.facts.wording import day
from mopsaudit.gaps.values import ANSWERS, Gap, GapKind, Gaps
from mopsaudit.reporting import Column, Missing, Ref, Row, ValueKind

KIND_WORDS: Final = {
    GapKind.PAID: "paid, not listed",
    GapKind.USED: "used, not listed",
    GapKind.UNPAID: "listed, not paid",
    GapKind.UNMEASURED: "listed, use unknown",
    GapKind.SILENT: "paid, used by nobody",
}
COLUMNS: Final = (
    Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
    Column(key="gap", label="Gap", unbroken=True),
    Column(
        key="cost",
        label="Twelve months",
        kind=ValueKind.MONEY,
        summed=True,
        what="Net of twelve full months, credit notes taken off.",
    ),
    Column(
        key="last",
        label="Last seen",
        kind=ValueKind.DATE,
        what="The last invoice of what is paid, else the last sign-in.",
    ),
    Column(
        key="people",
        label="People",
        kind=ValueKind.NUMBER,
        what="Empty where it is not known, or where the group is too small to show.",
        wide=True,
    ),
    Column(
        key="grade",
        label="Grade",
        what="A a vendor's own file, B sign-on, C survey, D invoices alone.",
        wide=True,
    ),
    Column(key="evidence", label="Evidence", wide=True),
    Column(key="state", label="State", wide=True),
    Column(key="units", label="Units", wide=True),
    Column(key="reason", label="Reason", wide=True),
)


def gap_rows(gaps: Gaps, *, settled: bool) -> tuple[Row, ...]:
    """The open gaps as rows, with ``settled`` those that are settled too."""
    return tuple(_row(each) for each in gaps.found if settled or each.state == "open")


def state_words(gap: Gap) -> str:
    """``to settle``, or what it was settled as; with the day it is looked at again."""
    if gap.state == "open":
        return "to settle again" if gap.settled else "to settle"
    words = ANSWERS[gap.state][0].partition(":")[0]
    review = gap.settled.review_on if gap.settled else None
    return f"{words}, until {day(review)}" if review else words


def _row(gap: Gap) -> Row:
    ref = Ref(kind="gap", id=gap.id, label=gap.subject)
    # Where no file speaks of use, somebody may use it all the same.
    silent = Missing("no usage or sign-on file names it") if gap.kind is GapKind.UNMEASURED else None
    return Row(
        id=gap.id,
        values={
            "tool": ref,
            "gap": KIND_WORDS[gap.kind],
            "cost": gap.cost,
            "last": gap.last or silent,
            "people": silent if gap.people is None else gap.people,
            "grade": gap.grade,
            "units": ", ".join(gap.units) or None,
            "state": state_words(gap),
            "evidence": gap.evidence,
            "reason": gap.settled.reason if gap.settled else None,
        },
        opens=ref,
        category=gap.category,
        state=gap.state,
    )
