"""What an audit or a negotiation pack says, before it is a workbook or a PDF: both are written from one value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mopsaudit.facts.wording import day, money
from mopsaudit.reporting import Column, Finding, Headline, Plot, Ref, Report, Row, Section, ValueKind
from mopsaudit.reports.findings import Joined

#: So many findings stand on the summary.
TOP = 10

FINDING_COLUMNS = (
    Column(key="sentence", label="Finding", primary=True),
    Column(key="tools", label="Tools"),
    Column(key="amount", label="At stake a year", kind=ValueKind.MONEY),
    Column(key="recoverable", label="Recoverable this year", kind=ValueKind.MONEY),
    Column(key="earliest", label="Earliest", kind=ValueKind.DATE),
    Column(key="due", label="Decide by", kind=ValueKind.DATE),
    Column(key="confidence", label="Confidence"),
    Column(key="next_step", label="Next step"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A document about a scope as of a day: cover facts, summary, and chapters in the order of the pages.

    ``about`` is the scope in words, ``figures`` are at most four, ``notes`` say what was left out. ``created`` is the
    only moment it states. ``name`` is the kind of document: audit or negotiation.
    """

    name: str
    title: str
    company: str
    about: str
    as_of: date
    currency: str
    prepared_by: str
    created: datetime
    answer: str
    figures: tuple[Headline, ...]
    plot: Plot | None
    findings: tuple[Finding, ...]
    chapters: tuple[Report, ...]
    notes: tuple[str, ...] = ()

    @property
    def footer(self) -> str:
        """Company, scope, day and currency: what stands at the foot of every page."""
        return f"{self.company} · {self.about} · as of {day(self.as_of)} · {self.currency}"


def finding_row(finding: Finding) -> Row:
    """A finding as a table row."""
    return Row(
        id=finding.id,
        values={
            "sentence": finding.sentence,
            "tools": finding.tools,
            "amount": finding.amount,
            "recoverable": finding.recoverable,
            "earliest": finding.earliest,
            "due": finding.due,
            "confidence": finding.confidence.value,
            "next_step": finding.next_step,
        },
    )


def in_print_order(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns a page shows first come first; the wide ones follow, so that print can stop before them."""
    return (*(each for each in columns if not each.wide), *(each for each in columns if each.wide))


def called(row: Row, columns: Sequence[Column]) -> str:
    """How a person calls a row: its primary value, else its first one, else what it opens."""
    first = next((column for column in columns if column.primary), columns[0] if columns else None)
    value = row.values.get(first.key) if first is not None else None
    match value:
        case Ref():
            return value.label
        case tuple() if value:
            return " and ".join(ref.label for ref in value[:2])
        case str() if value:
            return value
        case date():
            return day(value)
    return row.opens.label if row.opens is not None else row.id


def answer_of(joined: Joined, reports: Mapping[str, Report]) -> str:
    """The audit in a sentence: how many findings, what is at stake, by when the first must be decided."""
    if not joined.findings:
        return next(iter(reports.values())).answer if reports else "There is nothing to report yet."
    count = len(joined.findings)
    dated = [finding.due for finding in joined.findings if finding.due is not None]
    text = f"{count} finding{'s' if count != 1 else ''}"
    if joined.annual.minor:
        text += f"; {money(joined.annual.minor, joined.currency)} a year is at stake, no money counted twice"
    as_of = next(iter(reports.values())).as_of if reports else None
    ahead = [due for due in dated if as_of is None or due >= as_of]
    if len(ahead) < len(dated):
        text += f"; the day of {len(dated) - len(ahead)} has passed"
    if ahead:
        text += (
            f"; the {'first' if len(ahead) == len(dated) else 'next'} must be decided by {day(min(ahead))}"
        )
    return text + "."


def figures_of(joined: Joined, stack: Report) -> tuple[Headline, ...]:
    """The four figures of the summary: yearly cost, what is at stake, what of it this year, the next date."""
    dated = [finding.due for finding in joined.findings if finding.due is not None]
    return (
        stack.headlines[0],
        Headline(
            key="stake", label="At stake a year", value=joined.annual, what="each contract line or tool once"
        ),
        Headline(
            key="recoverable",
            label="Recoverable this fiscal year",
            value=joined.recoverable,
            what="of what is at stake",
        ),
        Headline(
            key="due",
            label="First decision due",
            value=min(dated) if dated else None,
            what="no finding has a date"
            if not dated
            else "it has passed"
            if min(dated) < stack.as_of
            else "the first send-by date",
        ),
    )


def tables_of(report: Report) -> tuple[tuple[str, tuple[Column, ...], tuple[Row, ...]], ...]:
    """The report's own table (without a title) and its further ones, as they are written."""
    sections: tuple[Section, ...] = report.sections
    return (
        ("", in_print_order(report.columns), report.rows),
        *((section.title, section.columns, section.rows) for section in sections),
    )
