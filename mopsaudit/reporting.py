"""What a report is: figures with their origins, rows, findings. One value feeds page, sheet, chart, JSON, CSV and text.

A room's ``analysis`` returns a :class:`Report`; nothing downstream computes. Unknown is an :class:`Amount` without
``minor`` and with a ``why``: shown as ``–``, counted, never zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mopsaudit.later import Later
from mopsaudit.money import amount_text


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFilter:
    """Which spend lines a figure sums: the query of the lines page. Months are month indices, ``until`` exclusive.

    Empty tuples do not restrict. ``tool_ids`` holding 0 means *no tool*, holding -1 *any tool*; ``spend_types`` holding
    an empty text means *no type yet*; ``undated`` adds lines without a month (alone: only those). ``waiting``: those
    whose supplier waits for an answer about the tool, or (False) all others.
    """

    tool_ids: tuple[int, ...] = ()
    vendor_ids: tuple[int, ...] = ()
    supplier_ids: tuple[int, ...] = ()
    spend_types: tuple[str, ...] = ()
    month_from: int | None = None
    month_until: int | None = None
    undated: bool = False
    cost_centres: tuple[str, ...] = ()
    gl_accounts: tuple[str, ...] = ()
    line_ids: tuple[int, ...] = ()
    import_ids: tuple[int, ...] = ()
    currencies: tuple[str, ...] = ()
    rule_ids: tuple[int, ...] = ()
    unconverted: bool = False
    waiting: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The way down from a figure: the records whose cells it comes from. ``lines`` opens the ledger."""

    lines: LineFilter | None = None
    contract_lines: tuple[int, ...] = ()
    instalments: tuple[int, ...] = ()
    order_lines: tuple[int, ...] = ()
    snapshots: tuple[int, ...] = ()
    budget_lines: tuple[int, ...] = ()
    cases: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Money in minor units of ``currency``, or unknown (``minor`` None) with a reason.

    ``origins`` counts the lines (cells) behind it; ``basis`` says in words what it rests on (contract, last twelve
    months, budget).
    """

    currency: str
    minor: int | None
    origins: int = 0
    why: str | None = None
    basis: str | None = None
    trace: Trace | None = None

    def to_json(self) -> dict[str, Any]:
        """Money as INTERFACES.md has it."""
        if self.minor is None:
            return {
                "amount": None,
                "currency": self.currency,
                "origins": self.origins,
                "why": self.why or "unknown",
            }
        body: dict[str, Any] = {
            "amount": amount_text(self.minor, self.currency),
            "currency": self.currency,
            "origins": self.origins,
        }
        if self.basis:
            body["basis"] = self.basis
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A share kept exact as numerator and denominator; None in either, or a zero denominator, is not applicable."""

    numerator: int | None
    denominator: int | None
    why: str | None = None

    @property
    def percent(self) -> Decimal | None:
        """In percent with full precision, or None."""
        if self.numerator is None or not self.denominator:
            return None
        return Decimal(100) * self.numerator / self.denominator

    @property
    def unknown(self) -> bool:
        """Whether a part is not known; *not applicable* is what says so in its ``why``, or divides by zero."""
        return None in (self.numerator, self.denominator) and not (self.why or "n/a").startswith("n/a")

    def to_json(self) -> dict[str, Any] | None:
        """Numerator, denominator and percent rounded to two digits."""
        percent = self.percent
        if percent is None:
            return None
        return {"numerator": self.numerator, "denominator": self.denominator, "percent": f"{percent:.2f}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A record named on a page: links to it. ``kind``: tool, vendor, contract, unit, person, supplier, import, case,
    decision, budget_line, finding, capability.
    """

    kind: str
    id: int | str
    label: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A day, number or word that exists but is not known, and why: shown as ``–``. None stands for not applicable."""

    why: str


Value = Amount | Ratio | Ref | Missing | tuple[Ref, ...] | date | int | Decimal | str | bool | None


def stated(value: date | int | Decimal | None, why: str) -> Value:
    """A day or number, or that it is not known, and why: for what each row of its kind has."""
    return Missing(why) if value is None else value


class ValueKind(StrEnum):
    """How a column's values are written, sorted and filtered."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    RATIO = "ratio"
    DATE = "date"
    REF = "ref"
    REFS = "refs"
    FLAG = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a report's table. ``summed``: its footer shows the sum.

    ``wide``: left out on a phone, and on a page with many columns until somebody chooses it. ``unbroken``: its few
    fixed words stay on one line beside other columns. ``exact``: its amounts are told to the minor unit in a list
    too, for they are compared with a paper.
    """

    key: str
    label: str
    kind: ValueKind = ValueKind.TEXT
    what: str = ""
    summed: bool = False
    primary: bool = False
    wide: bool = False
    unbroken: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a report's table: values by column key, and the record it opens. ``id`` is stable for the same facts.

    ``leads`` are what single figures of it open, by column key, where the row is not one thing.
    """

    id: str
    values: Mapping[str, Value]
    opens: Ref | None = None
    leads: Mapping[str, Ref] = field(default_factory=dict)
    #: Category for its colour, and a word for its state (always with a sign or word, never colour alone).
    category: str | None = None
    state: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One of at most four figures at the top of a page; links to what it is made of.
    ``opens`` is the anchor on the page that shows it, or ``lines`` where the figure is exactly the sum of the spend
    lines of its trace: only then does it lead to them.
    of its trace: only then does it lead to them.
    """

    key: str
    label: str
    value: Value
    what: str = ""
    tone: str = "plain"
    opens: str = "table"


class Confidence(StrEnum):
    """How far a finding may be relied on, from its evidence."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def weight(self) -> int:
        """For ranking: parts per hundred."""
        return {"high": 100, "medium": 60, "low": 30}[self.value]


class Band(StrEnum):
    """Days to the send-by date, in the order findings are ranked."""

    OVERDUE = "overdue"
    DAYS_14 = "14"
    DAYS_30 = "30"
    DAYS_60 = "60"
    DAYS_120 = "120"
    LATER = "later"


def band_of(due: date | None, as_of: date) -> Band:
    """The band of a deadline (None = later). The due day itself is still open."""
    if due is None:
        return Band.LATER
    days = (due - as_of).days
    if days < 0:
        return Band.OVERDUE
    for limit, band in ((14, Band.DAYS_14), (30, Band.DAYS_30), (60, Band.DAYS_60), (120, Band.DAYS_120)):
        if days <= limit:
            return band
    return Band.LATER


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to decide. ``amount`` is annualised money at stake; ``recoverable`` what is left of this fiscal year.

    ``bearers`` (``line:7`` for a contract line, else ``tool:3``) are what one euro counts once on. ``id`` is stable for
    the same facts: it stands in the page's URL and settlements survive by it. ``facts`` is what its digest is made of.
    """

    id: str
    kind: str
    sentence: str
    tools: tuple[Ref, ...] = ()
    vendor: Ref | None = None
    unit: str | None = None
    amount: Amount
    recoverable: Amount
    earliest: date | None = None
    due: date | None = None
    band: Band = Band.LATER
    confidence: Confidence = Confidence.MEDIUM
    next_step: str = ""
    bearers: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    state: str = "open"

    def to_json(self) -> dict[str, Any]:
        """A finding as INTERFACES.md has it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "tools": [tool.label for tool in self.tools],
            "vendor": self.vendor.label if self.vendor else None,
            "unit": self.unit,
            "sentence": self.sentence,
            "amount": self.amount.to_json(),
            "recoverable": self.recoverable.to_json(),
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "due": self.due.isoformat() if self.due else None,
            "band": self.band.value,
            "confidence": self.confidence.value,
            "next_step": self.next_step,
            "state": self.state,
            "evidence": dict(self.evidence),
        }


def ranked(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """By band, then recoverable money × confidence, then deadline: the one order findings stand in everywhere."""
    order = list(Band)
    return tuple(
        sorted(
            findings,
            key=lambda f: (
                order.index(f.band),
                -(f.recoverable.minor or 0) * f.confidence.weight,
                -(f.amount.minor or 0) * f.confidence.weight,
                f.due or date.max,
                f.id,
            ),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The trust line: how much of what is shown is known (PRODUCT.md §4.10). Sentences say it; ``parts`` hold it."""

    sentence: str
    parts: Mapping[str, Ratio | Amount | int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A setting a report used: its key, label and value as printed."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series(Later):
    """One series of a chart: values by category of the axis; ``style`` bar, line, hatched, dot, span."""

    key: str
    label: str
    values: tuple[int | Decimal | None, ...]
    style: str = "bar"
    colour: str = "accent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot(Later):
    """What a chart shows, drawn by the room's ``chart``; the same numbers stand in ``table`` for those who read.

    ``kind``: bars (lying, stacked by series), grouped (lying, side by side),
    columns, lines, timeline, matrix, stacked, treemap, waterfall (lying; each value goes on where the one before ended,
    the last is their sum). ``currency`` is set when the values
    are minor units of it.
    """

    kind: str
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    axis: str = ""
    currency: str | None = None
    mark: int | None = None
    categories: tuple[str | None, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Title, labels and series; money as decimal text in ``currency``, other numbers as they are."""

        def said(number: int | Decimal | None) -> Any:
            if number is None or self.currency is None:
                return f"{number:f}" if isinstance(number, Decimal) else number
            return amount_text(int(number), self.currency)

        return {
            "title": self.title,
            "kind": self.kind,
            "axis": self.axis,
            "currency": self.currency,
            "labels": list(self.labels),
            "series": [
                {"label": each.label, "values": [said(number) for number in each.values]}
                for each in self.series
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An option of the report a section can be asked for otherwise: ``values`` are (value, label).

    ``name`` is the option's, in the address as in the call; ``chosen`` is a value, an empty one leaves the option out.
    """

    name: str
    label: str
    values: tuple[tuple[str, str], ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Later):
    """A further table of a report (clusters, unbudgeted lines, a bridge …) under its own heading and sentence.

    ``choices`` can be asked for otherwise; ``note`` says why there are none where one would look for them.
    """

    key: str
    title: str
    sentence: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    choices: tuple[Choice, ...] = ()
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Title, sentence and rows; what can be chosen, and the note, where there is any."""
        rows = [_row_json(row) for row in self.rows]
        body: dict[str, Any] = {"title": self.title, "sentence": self.sentence, "rows": rows}
        if self.choices:
            body["choices"] = [
                {"name": each.name, "chosen": each.chosen, "values": [value for value, _ in each.values]}
                for each in self.choices
            ]
        if self.note:
            body["note"] = self.note
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Later):
    """A whole report at an as-of date for a unit in a currency."""

    name: str
    title: str
    as_of: date
    unit: str | None
    currency: str
    answer: str
    headlines: tuple[Headline, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()
    sections: tuple[Section, ...] = ()
    coverage: Coverage
    thresholds: tuple[Threshold, ...] = ()
    plots: tuple[Plot, ...] = ()
    #: What to do when there is nothing to show yet: the empty state's sentence.
    empty: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The object of INTERFACES.md for ``report --format json``: all that the page shows.

        The further tables stand under ``sections``, what the charts draw under ``plots``.
        """
        return {
            "report": self.name,
            "title": self.title,
            "as_of": self.as_of.isoformat(),
            "unit": self.unit,
            "currency": self.currency,
            "answer": self.answer,
            "thresholds": {t.key: t.value for t in self.thresholds},
            "coverage": {"sentence": self.coverage.sentence}
            | {key: value_json(value) for key, value in self.coverage.parts.items()},
            "figures": {headline.key: value_json(headline.value) for headline in self.headlines},
            "rows": [_row_json(row) for row in self.rows],
            "findings": [finding.to_json() for finding in self.findings],
            "sections": {section.key: section.to_json() for section in self.sections},
            "plots": [plot.to_json() for plot in self.plots],
        }


def _row_json(row: Row) -> dict[str, Any]:
    """A row as JSON; ``why_unknown`` says why a day, number, word or share of it is null (money says so itself)."""
    told = {
        key: value.why
        for key, value in row.values.items()
        if isinstance(value, Missing) or (isinstance(value, Ratio) and value.percent is None and value.why)
    }
    body = {"id": row.id} | {key: value_json(value) for key, value in row.values.items()} | dict(row.detail)
    return body | {"why_unknown": told} if told else body


def value_json(value: Value | Mapping[str, Any]) -> Any:
    """A value as JSON: money and ratios as objects, dates ISO, Decimal as text, references by their label."""
    match value:
        case Amount() | Ratio():
            return value.to_json()
        case Ref():
            return value.label
        case Missing():
            return None
        case tuple():
            return [ref.label for ref in value]
        case bool() | int() | str() | None:
            return value
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case _:
            return dict(value)
