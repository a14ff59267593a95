"""What is kept out of reclaiming, with reason and review date (PRODUCT.md §4.3). Pure."""

from typing import Final

from mopsaudit.facts.wording import count
from mopsaudit.reporting import Column, Row, Section, ValueKind
from mopsaudit.reports.underuse.facts import ExemptionFact, Facts

#: Groups of people smaller than this are not counted out.
_SMALLEST: Final = 5


def people(number: int) -> str:
    """A count of people as a report shows it: groups of 1 to 4 are ``under 5``."""
    return f"under {_SMALLEST}" if 0 < number < _SMALLEST else f"{number:,}"


def exemption_sections(facts: Facts) -> tuple[Section, ...]:
    """One table, or none where nothing is exempt. Accounts are counted by tool, never named."""
    if not facts.exemptions:
        return ()
    over = sum(_over(each, facts) for each in facts.exemptions)
    none = sum(each.review_on is None for each in facts.exemptions)
    sentence = f"{count(len(facts.exemptions), 'exemption')} from reclaiming"
    if over:
        protects = "it protects" if over == 1 else "they protect"
        sentence += f"; the review date of {over} has passed, so {protects} nothing"
    if none:
        sentence += f"; {none} without a review date"
    return (
        Section(
            key="exemptions",
            title="Kept out of reclaiming",
            sentence=sentence + ".",
            columns=(
                Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
                Column(key="what", label="What is exempt"),
                Column(key="reason", label="Reason"),
                Column(key="review_on", label="Review", kind=ValueKind.DATE),
                Column(key="state", label="State"),
            ),
            rows=tuple(_row(number, each, facts) for number, each in enumerate(facts.exemptions)),
        ),
    )


def _over(each: ExemptionFact, facts: Facts) -> bool:
    return each.review_on is not None and each.review_on < facts.scope.as_of


def _row(number: int, each: ExemptionFact, facts: Facts) -> Row:
    if each.accounts:
        what = f"{people(each.accounts)} accounts"
    else:
        what = "the whole tool" if each.seats is None else count(each.seats, "seat")
    return Row(
        id=f"exempt-{each.tool.id}-{number}",
        values={
            "tool": each.tool.ref,
            "what": what,
            "reason": "account by account, on the page of seats to take back"
            if each.accounts
            else each.reason,
            "review_on": each.review_on,
            "state": "review date has passed" if _over(each, facts) else "in force",
        },
        category=each.tool.category,
    )
