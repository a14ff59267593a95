"""What an importer promises: the one reading decision, the typed rows, and the result of reading a file.

Sheet, header rows, layout, columns, sign, tax, locale, reasons, confidence and the answers given are **one frozen
value**, :class:`ReadingDecision`: the importer proposes it, the review page edits it, ``--map`` and ``--answer`` edit
it, the profile stores it, the reader obeys it. There is no second way to say how a sheet is read.

The importer runs in a limited child process and knows neither database nor web; ``wsgi`` hands it over by dotted name.
Everything here is plain data with a JSON form, so it crosses the process border and stands in the database.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, Self

from mopsaudit.problems import Problem, RefusedError


class Kind(StrEnum):
    """What a file is imported as (INTERFACES.md)."""

    INVENTORY = "inventory"
    CONTRACTS = "contracts"
    ORDERS = "orders"
    SPEND = "spend"
    USAGE = "usage"
    PEOPLE = "people"
    BUDGET = "budget"
    BENEFITS = "benefits"
    RATES = "rates"
    CREDITS = "credits"


class Layout(StrEnum):
    """How a sheet lays out its lines."""

    FLAT = "flat"
    GROUPED = "grouped"
    CROSSTAB = "crosstab"


class RowMark(StrEnum):
    """What a person (or the reader) says a row is, against the default of its place."""

    HEADER = "header"
    DATA = "data"
    TOTAL = "total"
    NOTE = "note"
    IGNORE = "ignore"


class Tax(StrEnum):
    """What the booked amount of a sheet is (PRODUCT.md §3.1)."""

    NET = "net"
    GROSS_WITH_TAX = "gross_with_tax"
    GROSS = "gross"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field of a kind: its key, what it is, and whether a line can do without.

    ``money`` and ``dated`` say which cast its column takes; ``names`` are header words it goes by, best first
    (the importer knows more spellings than these; the template and the manual print these).
    """

    key: str
    label: str
    what: str
    required: bool = False
    money: bool = False
    dated: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoice:
    """One field read from one column (``F``) or, in a crosstab, from a span of columns (``B:M``).

    ``decimal_mark`` (``.`` or ``,``) and ``date_order`` (``dmy``, ``mdy``, ``ymd``) are None where the cells are real
    numbers or dates, or need no decision. ``confidence`` is 0–1; ``why`` is a reason a person can read.
    """

    field: str
    letters: str
    header: str = ""
    confidence: float = 1.0
    why: str = ""
    decimal_mark: str | None = None
    date_order: str | None = None
    by_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDecision:
    """How one sheet is read. Rows are the sheet's own 1-based numbers; the name of a text file's sheet is None.

    ``header_rows`` may be empty; ``first_row``..``last_row`` (inclusive) is the data region, ``last_row`` None = to the
    end. ``row_marks`` holds only deviations. ``currency`` is what rows without a currency of their own are in;
    ``currency_how`` one of column, format, heading, conversion, option, profile, assumed. ``extra`` carries what one
    layout or kind alone needs (a grouped sheet's supplier heading column, a usage file's tool): JSON values.
    """

    name: str | None
    used: bool
    why: str = ""
    layout: Layout = Layout.FLAT
    header_rows: tuple[int, ...] = ()
    first_row: int = 1
    last_row: int | None = None
    columns: tuple[ColumnChoice, ...] = ()
    sign: int = 1
    tax: Tax = Tax.NET
    currency: str | None = None
    currency_how: str = "assumed"
    row_marks: tuple[tuple[int, RowMark], ...] = ()
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    fingerprint: str = ""
    extra: tuple[tuple[str, Any], ...] = ()

    def column(self, key: str) -> ColumnChoice | None:
        """The choice for a field, or None."""
        return next((choice for choice in self.columns if choice.field == key), None)

    def with_column(self, choice: ColumnChoice) -> Self:
        """A copy in which ``choice`` replaces whatever its field or its column was before."""
        rest = tuple(c for c in self.columns if c.field != choice.field and c.letters != choice.letters)
        return replace(self, columns=(*rest, choice))

    def without_column(self, letters: str) -> Self:
        """A copy in which nothing is read from that column."""
        return replace(self, columns=tuple(c for c in self.columns if c.letters != letters))

    def with_mark(self, row: int, mark: RowMark) -> Self:
        """A copy in which a person has said what a row is."""
        rest = tuple((r, m) for r, m in self.row_marks if r != row)
        return replace(self, row_marks=tuple(sorted((*rest, (row, mark)))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingDecision:
    """How a whole file is read: its sheets and the answers given so far (key → value)."""

    kind: Kind
    sheets: tuple[SheetDecision, ...]
    answers: tuple[tuple[str, str], ...] = ()

    def sheet(self, name: str | None) -> SheetDecision | None:
        """The decision on a sheet by its exact name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    def with_sheet(self, decision: SheetDecision) -> Self:
        """A copy with one sheet's decision replaced."""
        return replace(self, sheets=tuple(decision if s.name == decision.name else s for s in self.sheets))

    def with_answer(self, key: str, value: str) -> Self:
        """A copy with one more answer."""
        rest = tuple((k, v) for k, v in self.answers if k != key)
        return replace(self, answers=tuple(sorted((*rest, (key, value)))))

    def to_json(self) -> dict[str, Any]:
        """The JSON form kept with the import and the profile."""
        return {
            "kind": self.kind.value,
            "answers": dict(self.answers),
            "sheets": [_sheet_to_json(sheet) for sheet in self.sheets],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ReadingDecision":
        """The inverse of :meth:`to_json`."""
        return cls(
            kind=Kind(data["kind"]),
            answers=tuple(sorted(data["answers"].items())),
            sheets=tuple(_sheet_from_json(sheet) for sheet in data["sheets"]),
        )


def _sheet_to_json(sheet: SheetDecision) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "used": sheet.used,
        "why": sheet.why,
        "layout": sheet.layout.value,
        "header_rows": list(sheet.header_rows),
        "first_row": sheet.first_row,
        "last_row": sheet.last_row,
        "columns": [
            {
                "field": c.field,
                "letters": c.letters,
                "header": c.header,
                "confidence": c.confidence,
                "why": c.why,
                "decimal_mark": c.decimal_mark,
                "date_order": c.date_order,
                "by_person": c.by_person,
            }
            for c in sheet.columns
        ],
        "sign": sheet.sign,
        "tax": sheet.tax.value,
        "currency": sheet.currency,
        "currency_how": sheet.currency_how,
        "row_marks": [[row, mark.value] for row, mark in sheet.row_marks],
        "confidence": sheet.confidence,
        "reasons": list(sheet.reasons),
        "fingerprint": sheet.fingerprint,
        "extra": dict(sheet.extra),
    }


def _sheet_from_json(data: Mapping[str, Any]) -> SheetDecision:
    return SheetDecision(
        name=data["name"],
        used=data["used"],
        why=data["why"],
        layout=Layout(data["layout"]),
        header_rows=tuple(data["header_rows"]),
        first_row=data["first_row"],
        last_row=data["last_row"],
        columns=tuple(ColumnChoice(**column) for column in data["columns"]),
        sign=data["sign"],
        tax=Tax(data["tax"]),
        currency=data["currency"],
        currency_how=data["currency_how"],
        row_marks=tuple((row, RowMark(mark)) for row, mark in data["row_marks"]),
        confidence=data["confidence"],
        reasons=tuple(data["reasons"]),
        fingerprint=data["fingerprint"],
        extra=tuple(sorted(data["extra"].items())),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to a question: the value to give and how the file then reads."""

    value: str
    reads: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something the file itself cannot decide. ``key`` is stable for the same bytes (``AP Ledger!A.date_order``)."""

    key: str
    asks: str
    choices: tuple[Choice, ...]
    sheet: str | None = None
    column: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The object of INTERFACES.md under ``questions``."""
        return {
            "key": self.key,
            "sheet": self.sheet,
            "column": self.column,
            "asks": self.asks,
            "choices": [{"value": choice.value, "reads": choice.reads} for choice in self.choices],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Question":
        """The inverse of :meth:`to_json`."""
        choices = tuple(Choice(value=choice["value"], reads=choice["reads"]) for choice in data["choices"])
        return cls(
            key=data["key"], asks=data["asks"], choices=choices, sheet=data["sheet"], column=data["column"]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an uploaded file may cost, in one place; shown on the upload page (SAFETY.md, "Uploads").

    Bytes are inflated bytes, counted while reading. ``memory`` is the child's address space in bytes; ``cpu_seconds``
    and ``wall_seconds`` hold for files up to ``scale_from`` bytes on disk and grow in proportion beyond. A sheet part
    of ``shapes_from`` inflated bytes or more is read by the shapes of its rows, a smaller one by openpyxl alone.
    """

    body: int = 20 * 1024 * 1024
    members: int = 2_000
    member_bytes: int = 100 * 1024 * 1024
    total_bytes: int = 200 * 1024 * 1024
    rows: int = 200_000
    columns: int = 256
    sheets: int = 100
    cell_text: int = 32_767
    cell_styles: int = 65_490
    shared_strings: int = 500_000
    nesting: int = 64
    attributes: int = 64
    sheet_rows: int = 1_048_576
    sheet_columns: int = 16_384
    memory: int = 1024 * 1024 * 1024
    cpu_seconds: int = 60
    wall_seconds: int = 90
    scale_from: int = 4 * 1024 * 1024
    shapes_from: int = 2 * 1024 * 1024

    def taking(self, upload_bytes: int) -> Self:
        """These limits for files of up to so many bytes, where that is more: what came in under a higher setting than
        today's is still read.
        """
        return replace(self, body=max(self.body, upload_bytes))

    def alike(self, other: Self) -> bool:
        """Whether both are the same but for the size of a file, which is looked at before anything else."""
        return replace(self, body=other.body) == other


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the person or the command line said beforehand, and what the product remembers.

    ``maps`` are ``--map`` pairs (field, header text or ``F:``); ``answers`` question key → value; ``profiles``
    layout fingerprint → the JSON of the :class:`SheetDecision` a person once corrected. ``decision`` is a whole edited
    decision (from the review page) that must be obeyed as it stands; with it nothing is guessed again.
    ``known_tools`` are tool names of the inventory, so that a usage file's tool can be recognised by name.
    """

    kind: Kind
    sheets: tuple[str, ...] = ()
    maps: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    currency: str | None = None
    base_currency: str = "USD"
    tool: str | None = None
    tax: str | None = None
    as_of: dt.date | None = None
    fiscal_start: int = 1
    profiles: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    #: Sheets on which a person pointed at a table that nobody had found.
    pointed: "tuple[SheetDecision, ...]" = ()
    decision: ReadingDecision | None = None
    known_tools: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


class SpendRow(NamedTuple):
    """One spend line as read; a tuple, for a file may hold 100,000 of them.

    Money is in units of ``currency``, ledger sign (cost positive), unrounded.

    ``amount`` is the booked amount of the amount cell(s). ``tax`` is the tax amount when the sheet has a tax column.
    ``cell`` is the address of the amount (``F42``; of the debit or credit cell that carried it).
    ``supplier`` is as printed, white space folded. ``period`` is the first day of a month column's or period's month,
    when there is no date. Text fields are None where the file has no such column, ``""`` where the cell is empty:
    the two differ in a line's identity. ``invoice`` is the supplier's invoice number where a sheet has a column for
    it beside its own reference (else ``reference`` holds it). ``not_spend`` names why the line is no spend (a card
    payment, a transfer). ``service_from`` to ``service_until`` (half-open) is what the line pays for, where the sheet
    says both; no part of the identity.
    """

    row: int
    cell: str
    amount: Decimal
    currency: str
    date: dt.date | None
    period: dt.date | None
    supplier: str | None
    description: str | None = None
    reference: str | None = None
    cost_centre: str | None = None
    unit: str | None = None
    gl_account: str | None = None
    purchase_order: str | None = None
    entity: str | None = None
    tax: Decimal | None = None
    original_amount: Decimal | None = None
    original_currency: str | None = None
    not_spend: str | None = None
    invoice: str | None = None
    service_from: dt.date | None = None
    service_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One row of any other kind: its field values already cast (str, int, Decimal, date, bool or None).

    ``cells`` holds the address of each value. Usage, inventory, contracts, orders, people, budget, benefits, rates.
    """

    row: int
    values: Mapping[str, Any]
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTotal:
    """A total row found on a sheet: what it says, over which rows, and whether the lines above agree."""

    row: int
    cell: str
    label: str
    amount: Decimal
    first_row: int
    last_row: int
    agrees: bool
    grand: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTotals:
    """Exact sums of one sheet in one currency, ledger sign, unrounded, before anything is matched against the ledger.

    ``data`` sums every readable amount cell of the data region; ``rejected`` the part of it on rejected rows;
    ``unreadable`` counts lines whose amount could not be read. ``sheet_total`` is the sheet's own grand total or None.
    """

    currency: str
    data: Decimal
    rejected: Decimal
    unreadable: int
    sheet_total: Decimal | None
    foots: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReading:
    """What reading one sheet came to. Counts are of rows; ``lines_read`` counts lines (a crosstab row has many)."""

    decision: SheetDecision
    first_data_row: int | None = None
    last_data_row: int | None = None
    lines_read: int = 0
    lines_rejected: int = 0
    total_rows: int = 0
    blank_rows: int = 0
    note_rows: int = 0
    repeated_headers: int = 0
    totals: tuple[SheetTotals, ...] = ()
    controls: tuple[ControlTotal, ...] = ()
    #: For the review page: the first rows as text (row number, cells), and where each greyed row comes from.
    preview: tuple[tuple[int, tuple[str, ...]], ...] = ()
    row_kinds: tuple[tuple[int, RowMark], ...] = ()
    hidden_rows: int = 0
    hidden_columns: tuple[str, ...] = ()


#: In a reading's ``meta``: the keys of the answers that fit no question it came to, asked or answered.
UNASKED: Final = "unasked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The whole result of reading a file, less its rows (which come in batches): decision, sheets, questions, problems.

    When ``questions`` is not empty nothing may enter the ledger yet.
    """

    decision: ReadingDecision
    sheets: tuple[SheetReading, ...]
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()
    reader: str = "openpyxl"
    meta: Mapping[str, Any] = field(default_factory=dict)


class NothingFoundError(RefusedError):
    """No table of the kind was found in a file that can be read: ``reading`` shows its sheets, none of them used, so
    that a person can say where the table is and what its columns are.
    """

    def __init__(self, sentence: str, code: str, reading: Reading) -> None:
        super().__init__(sentence, code)
        self.reading = reading


Row = SpendRow | RecordRow


class Sink(Protocol):
    """Where a reader puts what it reads, in sheet order. Runs in the child process."""

    def rows(self, sheet: str | None, batch: Sequence[SpendRow] | Sequence[RecordRow]) -> None:
        """A batch of typed rows of one sheet."""

    def progress(self, done: int, total: int | None) -> None:
        """Rows (or bytes) done of how many; honest, never beyond ``total``."""


class Importer(Protocol):
    """Turns one file into a reading and rows. Pure but for the file it opens.

    Raises:
        RefusedError: when the file as a whole cannot be read; its text is one clear sentence.
        NothingFoundError: when it can be read, but no table of the kind was found in it.
    """

    def __call__(self, path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
        """Read ``path`` (named ``file_name`` by the person) as ``options`` say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkOrder:
    """What a copy of a person's file is to show: its problems, marked into a new file at ``target``.

    ``advice`` is what to do by problem code. ``apart`` says why the list must stand alone, where that is known before.
    """

    problems: tuple[Problem, ...]
    target: Path
    advice: Mapping[str, str] = field(default_factory=dict)
    apart: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What became of it. ``why_apart`` says in words why the list stands in a workbook of its own, else None."""

    cells: int
    why_apart: str | None = None
