"""Server-side tables: search, typed filters, ``(empty)``, sort, pages, sums of what is shown, export; all in the URL.

Parameters of an address (with the table's prefix where a page holds several): ``q`` searches, ``f.KEY`` filters
(repeatable: any of them), ``sort=KEY`` or ``sort=-KEY``, ``page``, ``format=csv|xlsx``. Filters are written as people
say them: text ``contains``; numbers, money, shares and dates ``> 1000``, ``100..500``, ``<= 2026-06-30``, ``2026-06``;
``(empty)`` finds what is missing anywhere.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints import exports, links
from blueprints.filters import count, plain, whole
from mopsaudit.money import from_minor
from mopsaudit.reporting import Amount, Column, Ratio, Ref, Row, Value, ValueKind

EMPTY: Final = "(empty)"
PAGE_SIZE: Final = 50
FACET_LIMIT: Final = 16
"""A column with at most this many different values is filtered by choosing one."""
_NUMERIC: Final = frozenset({ValueKind.NUMBER, ValueKind.MONEY, ValueKind.RATIO, ValueKind.DATE})
_BETWEEN: Final = re.compile(r"^(?P<low>.*?)\s*\.\.\s*(?P<high>.*)$")
_COMPARE: Final = re.compile(r"^(?P<sign>>=|<=|≥|≤|>|<|=)\s*(?P<value>.+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value a column may be filtered by, with how many rows have it (None: not counted)."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A numeric or date filter: from ``low`` to ``high``, each None for open and ``*_open`` for excluded."""

    low: Decimal | date | None = None
    high: Decimal | date | None = None
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: Decimal | date) -> bool:
        """Whether a value lies within."""
        if self.low is not None and (value < self.low or (self.low_open and value == self.low)):  # type: ignore[operator]
            return False
        return not (
            self.high is not None and (value > self.high or (self.high_open and value == self.high))  # type: ignore[operator]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter as asked. ``bounds`` is set for numbers and dates; ``problem`` says what is wrong with the text."""

    key: str
    text: str
    bounds: Bounds | None = None
    problem: str | None = None

    @property
    def empty(self) -> bool:
        """Whether it asks for what is missing."""
        return self.text == EMPTY


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks of a table. Unknown columns in it are ignored."""

    search: str = ""
    filters: tuple[Filter, ...] = ()
    sort: str | None = None
    descending: bool = False
    page: int = 1
    export: str | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A footer sum: minor units per currency or a plain number; ``unknown`` rows are counted beside it."""

    money: tuple[tuple[str, int], ...] = ()
    number: Decimal | int | None = None
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table ready to show: ``rows`` of this page (all of them for an export), ``found`` of ``total`` rows."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    asked: Asked
    found: int
    total: int
    sums: Mapping[str, Sum] = field(default_factory=dict)
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    size: int = PAGE_SIZE
    noun: str = "row"
    caption: str = ""
    empty: str = ""
    exportable: bool = True
    sortable: bool = True
    row_actions: Callable[[Row], str] | None = None

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.found // self.size))

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return (self.asked.page - 1) * self.size + 1 if self.found else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.found, self.asked.page * self.size)

    @property
    def title_key(self) -> str:
        """The column that names the row: the first primary one, else the first."""
        return next((column.key for column in self.columns if column.primary), self.columns[0].key)

    @property
    def summed(self) -> bool:
        """Whether the footer shows sums."""
        return any(column.summed for column in self.columns)

    def href(self, row: Row) -> str | None:
        """Where the row opens."""
        return links.ref_url(row.opens) if row.opens else None

    def text_of(self, key: str) -> str:
        """What was typed into a column's filter."""
        return next((each.text for each in self.asked.filters if each.key == key), "")

    def heading(self, column: Column) -> str:
        """A column's heading with its one currency."""
        currencies = self.currencies(column)
        return f"{column.label} ({currencies[0]})" if len(currencies) == 1 else column.label

    def label_of(self, key: str) -> str:
        """A column's heading."""
        return next((column.label for column in self.columns if column.key == key), key)

    def address(self, **changes: Any) -> str:
        """This page with some of the table's parameters changed; None takes one out. The page number starts anew."""
        prefix = self.asked.prefix
        args: dict[str, list[str]] = {key: list(values) for key, values in request.args.lists()}
        args.pop(prefix + "page", None)
        args.pop(prefix + "format", None)
        for name, value in changes.items():
            key = prefix + name.replace("__", ".")
            if value is None:
                args.pop(key, None)
            else:
                args[key] = [str(value)]
        return links.here(args)

    def without(self, each: Filter) -> str:
        """This page without one filter."""
        key = f"{self.asked.prefix}f.{each.key}"
        args = {name: list(values) for name, values in request.args.lists()}
        args[key] = [text for text in args.get(key, []) if text.strip() != each.text]
        args.pop(self.asked.prefix + "page", None)
        return links.here(args)

    def cleared(self) -> str:
        """This page without search and filters."""
        prefix = self.asked.prefix
        args = {
            name: list(values)
            for name, values in request.args.lists()
            if not (name in (prefix + "q", prefix + "page") or name.startswith(prefix + "f."))
        }
        return links.here(args)

    def sort_address(self, column: Column) -> str:
        """This page sorted by a column; a second click turns it round. Numbers start with the largest."""
        if self.asked.sort == column.key:
            down = not self.asked.descending
        else:
            down = column.kind in (ValueKind.MONEY, ValueKind.NUMBER, ValueKind.RATIO)
        return self.address(sort=f"-{column.key}" if down else column.key)

    def sorted_by(self, column: Column) -> str | None:
        """``ascending``, ``descending`` or None, for ``aria-sort``."""
        if self.asked.sort != column.key:
            return None
        return "descending" if self.asked.descending else "ascending"

    def kept(self) -> list[tuple[str, str]]:
        """Parameters of the address that are not this table's search and filters: hidden fields of its form."""
        prefix = self.asked.prefix
        return [
            (name, value)
            for name, values in request.args.lists()
            for value in values
            if name not in (prefix + "q", prefix + "page", prefix + "format")
            and not name.startswith(prefix + "f.")
        ]

    def currencies(self, column: Column) -> tuple[str, ...]:
        """The currencies a column holds: one stands in its heading, several in the cells."""
        if column.kind is not ValueKind.MONEY:
            return ()
        return tuple(
            sorted(
                {
                    value.currency
                    for row in self.rows
                    if isinstance(value := row.values.get(column.key), Amount)
                }
            )
        )

    def sum_text(self, column: Column) -> str:
        """A footer cell: the sum in whole units (per currency where there are several), unknown rows counted."""
        found = self.sums.get(column.key)
        if found is None:
            return ""
        if found.money:
            several = len(found.money) > 1
            text = ", ".join(
                whole(minor, currency) + (f" {currency}" if several else "")
                for currency, minor in found.money
            )
        else:
            text = "0" if found.number is None else count(int(found.number))
        return f"{text} ({found.unknown} unknown)" if found.unknown else text


def asked(columns: Sequence[Column], *, prefix: str = "", sort: str | None = None) -> Asked:
    """What the address asks; ``sort`` (``KEY`` or ``-KEY``) is the order where it asks for none."""
    kinds = {column.key: column.kind for column in columns}
    filters = tuple(
        _filter(key, kinds[key], text.strip())
        for name, values in request.args.lists()
        if name.startswith(prefix + "f.") and (key := name[len(prefix) + 2 :]) in kinds
        for text in values
        if text.strip()
    )
    order = request.args.get(prefix + "sort") or sort or ""
    key = order.lstrip("-")
    return Asked(
        search=request.args.get(prefix + "q", "").strip()[:200],
        filters=filters,
        sort=key if key in kinds else None,
        descending=order.startswith("-"),
        page=max(1, min(request.args.get(prefix + "page", 1, type=int), 1_000_000)),
        export=request.args.get(prefix + "format") or None,
        prefix=prefix,
    )


def _filter(key: str, kind: ValueKind, text: str) -> Filter:
    text = text[:200]
    if text == EMPTY or kind not in _NUMERIC:
        return Filter(key=key, text=text)
    try:
        return Filter(key=key, text=text, bounds=_bounds(text, kind))
    except ValueError:
        example = "2026-06, > 2026-06-30" if kind is ValueKind.DATE else "> 1000, 100..500"
        return Filter(key=key, text=text, problem=f"“{text}” is not understood; write {example} or {EMPTY}.")


def _bounds(text: str, kind: ValueKind) -> Bounds:
    if found := _BETWEEN.match(text):
        low = _edge(found["low"], kind)[0] if found["low"] else None
        high = _edge(found["high"], kind)[1] if found["high"] else None
        return Bounds(low=low, high=high)
    if found := _COMPARE.match(text):
        first, last = _edge(found["value"], kind)
        match found["sign"]:
            case ">":
                return Bounds(low=last, low_open=True)
            case ">=" | "≥":
                return Bounds(low=first)
            case "<":
                return Bounds(high=first, high_open=True)
            case "<=" | "≤":
                return Bounds(high=last)
        return Bounds(low=first, high=last)
    first, last = _edge(text, kind)
    return Bounds(low=first, high=last)


def _edge(text: str, kind: ValueKind) -> tuple[Decimal | date, Decimal | date]:
    """First and last value a text stands for: a number is one, ``2026-06`` is a month."""
    text = text.strip()
    if kind is not ValueKind.DATE:
        cleaned = text.replace(",", "").replace("\u2212", "-").replace("%", "").replace(" ", "")
        try:
            number = Decimal(cleaned)
        except InvalidOperation as error:
            raise ValueError(text) from error
        if not number.is_finite():
            raise ValueError(text)
        return number, number
    parts = [int(part) for part in text.split("-")] if re.fullmatch(r"\d{4}(-\d{1,2}){0,2}", text) else []
    if len(parts) == 3:
        day = date(*parts)
        return day, day
    if len(parts) == 2:
        after = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
        return date(parts[0], parts[1], 1), date.fromordinal(after.toordinal() - 1)
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    raise ValueError(text)


def sort_value(value: Value) -> Any:
    """What a value is ordered by; None for unknown."""
    match value:
        case Amount():
            return None if value.minor is None else from_minor(value.minor, value.currency)
        case Ratio():
            return value.percent
        case Ref():
            return value.label.casefold()
        case tuple():
            return ", ".join(ref.label for ref in value).casefold() or None
        case bool():
            return int(value)
        case str():
            return value.casefold() or None
        case _:
            return value


def _matches(row: Row, columns: Mapping[str, Column], each: Filter) -> bool:
    value = row.values.get(each.key)
    known = sort_value(value)
    if each.empty:
        return known is None
    if each.problem:
        return True
    if each.bounds is not None:
        return known is not None and each.bounds.holds(Decimal(known) if isinstance(known, int) else known)
    text = plain(value).casefold()
    wanted = each.text.casefold()
    if wanted.startswith("="):
        return text == wanted[1:].strip()
    return wanted in text


def of_rows(
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    name: str,
    prefix: str = "",
    sort: str | None = None,
    size: int = PAGE_SIZE,
    noun: str = "row",
    caption: str = "",
    empty: str = "",
    row_actions: Callable[[Row], str] | None = None,
) -> Table:
    """A table over rows that are all at hand: filtered, sorted and paged here. Unknown values come last in any order."""
    wanted = asked(columns, prefix=prefix, sort=sort)
    by_key = {column.key: column for column in columns}
    found = [row for row in rows if _searched(row, columns, wanted.search)]
    groups: dict[str, list[Filter]] = {}
    for each in wanted.filters:
        groups.setdefault(each.key, []).append(each)
    choices = {
        column.key: facets
        for column in columns
        if (facets := _facets(column, found, groups, by_key)) is not None
    }
    for each_group in groups.values():
        found = [row for row in found if any(_matches(row, by_key, each) for each in each_group)]
    if wanted.sort is not None:
        key = wanted.sort
        known = [row for row in found if sort_value(row.values.get(key)) is not None]
        missing = [row for row in found if sort_value(row.values.get(key)) is None]
        known.sort(key=lambda row: sort_value(row.values.get(key)), reverse=wanted.descending)
        found = known + missing
    last_page = max(1, -(-len(found) // size))
    wanted = _on_page(wanted, min(wanted.page, last_page))
    start = (wanted.page - 1) * size
    return Table(
        name=name,
        columns=tuple(columns),
        rows=tuple(found if wanted.export else found[start : start + size]),
        asked=wanted,
        found=len(found),
        total=len(rows),
        sums={column.key: sum_of(column, found) for column in columns if column.summed},
        choices=choices,
        size=size,
        noun=noun,
        caption=caption,
        empty=empty,
        row_actions=row_actions,
    )


def of_page(
    columns: Sequence[Column],
    rows: Sequence[Row],
    wanted: Asked,
    *,
    name: str,
    found: int,
    total: int,
    sums: Mapping[str, Sum] | None = None,
    choices: Mapping[str, tuple[Choice, ...]] | None = None,
    size: int = PAGE_SIZE,
    noun: str = "row",
    caption: str = "",
    empty: str = "",
    exportable: bool = True,
    sortable: bool = True,
    row_actions: Callable[[Row], str] | None = None,
) -> Table:
    """A table whose rows SQL has searched, filtered, sorted and paged as :func:`asked` says.

    ``found`` counts what the filters leave, ``total`` everything; ``sums`` are over all that is found. For an export
    (``wanted.export``) the caller passes all rows found.
    """
    return Table(
        name=name,
        columns=tuple(columns),
        rows=tuple(rows),
        asked=wanted,
        found=found,
        total=total,
        sums=sums or {},
        choices=choices or {},
        size=size,
        noun=noun,
        caption=caption,
        empty=empty,
        exportable=exportable,
        sortable=sortable,
        row_actions=row_actions,
    )


def _on_page(wanted: Asked, page: int) -> Asked:
    return Asked(
        search=wanted.search,
        filters=wanted.filters,
        sort=wanted.sort,
        descending=wanted.descending,
        page=page,
        export=wanted.export,
        prefix=wanted.prefix,
    )


def _searched(row: Row, columns: Sequence[Column], text: str) -> bool:
    if not text:
        return True
    words = text.casefold().split()
    hay = " ".join(
        plain(row.values.get(column.key))
        for column in columns
        if column.kind in (ValueKind.TEXT, ValueKind.REF, ValueKind.REFS)
    ).casefold()
    return all(word in hay for word in words)


def _facets(
    column: Column, rows: Sequence[Row], groups: Mapping[str, list[Filter]], by_key: Mapping[str, Column]
) -> tuple[Choice, ...] | None:
    """The values of a column with how often each occurs, in the rows the other columns' filters leave."""
    if column.kind not in (ValueKind.TEXT, ValueKind.REF, ValueKind.FLAG) or column.primary:
        return None
    others = [group for key, group in groups.items() if key != column.key]
    left = [
        row for row in rows if all(any(_matches(row, by_key, each) for each in group) for group in others)
    ]
    counted: Counter[str] = Counter()
    for row in left:
        counted[plain(row.values.get(column.key))] += 1
        if len(counted) > FACET_LIMIT:
            return None
    named = sorted((text for text in counted if text), key=str.casefold)
    choices = [Choice(value=f"={text}", label=text, count=counted[text]) for text in named]
    if counted[""]:
        choices.append(Choice(value=EMPTY, label=EMPTY, count=counted[""]))
    return tuple(choices)


def sum_of(column: Column, rows: Sequence[Row]) -> Sum:
    """The sum of a column over rows: exact minor units per currency, or a number."""
    per_currency: dict[str, int] = {}
    number: Decimal | int | None = None
    unknown = 0
    for row in rows:
        value = row.values.get(column.key)
        match value:
            case Amount(minor=None):
                unknown += 1
            case Amount(minor=int() as minor, currency=currency):
                per_currency[currency] = per_currency.get(currency, 0) + minor
            case bool():
                number = (number or 0) + int(value)
            case int() | Decimal():
                number = (number or 0) + value
    return Sum(money=tuple(sorted(per_currency.items())), number=number, unknown=unknown)


def page(found: Table, template: str | list[str], /, **values: Any) -> ResponseReturnValue:
    """The page with the table, or the file of exactly what is shown when the address asks for one."""
    return exports.export(found) if found.asked.export else render_template(template, table=found, **values)
