"""Server-side tables: search, typed filters, ``(empty)``, sort, pages, sums of what is shown, export; all in the URL.

Parameters of an address (with the table's prefix where a page holds several): ``q`` searches, ``f.KEY`` filters
(repeatable: any of them; see :mod:`blueprints.filtering`), ``sort=KEY`` or ``sort=-KEY``, ``page``, ``cols=KEY``
(repeatable: the columns to show), ``format=csv|xlsx``.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final, TypedDict

from flask import render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import Template
from markupsafe import Markup

from blueprints import exports, links
from blueprints import filters as write
from blueprints.filtering import (
    EMPTY,
    Asked,
    Choice,
    Filter,
    asked,
    chosen,
    facets,
    matches,
    searched,
    sort_value,
)
from blueprints.filters import count, plain, whole
from mopsaudit.reporting import Amount, Column, Row, ValueKind

__all__ = [
    "EMPTY",
    "Asked",
    "Cell",
    "Choice",
    "Filter",
    "Sum",
    "Table",
    "asked",
    "of_page",
    "of_rows",
    "page",
    "sort_value",
    "sum_of",
]

PAGE_SIZE: Final = 50
CARD_FACTS: Final = 3
"""Facts of a row beside its name on a phone."""
_RIGHT: Final = frozenset({ValueKind.NUMBER, ValueKind.MONEY, ValueKind.RATIO})
_WORDS: Final = frozenset({ValueKind.TEXT, ValueKind.REF, ValueKind.REFS})
#: Texts longer than this may break into two lines; shorter ones never do.
_LONG: Final = 24
_SENTENCE: Final = 48
_NOTHING: Final = Markup('<span class="muted">–</span>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A footer sum: minor units per currency or a plain number; ``unknown`` rows are counted beside it."""

    money: tuple[tuple[str, int], ...] = ()
    number: Decimal | int | None = None
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell ready to show: its classes, its column's heading (for a phone's card), markup, and the full long text."""

    css: str
    heading: str
    body: str | Markup
    names_row: bool
    full: str


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
    sortable: Collection[str] | None = None
    """The columns that can be sorted by; None: all."""
    row_actions: Callable[[Row], str] | None = None
    every: tuple[Column, ...] = ()
    """All columns there are to choose from; ``columns`` are those shown."""

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
    def touched(self) -> bool:
        """Whether the address searches, filters, sorts or turns the pages of this table."""
        prefix = self.asked.prefix
        names = (prefix + "q", prefix + "sort", prefix + "page")
        return any(name in names or name.startswith(prefix + "f.") for name in request.args)

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

    def body(self) -> Iterator[tuple[Row, str | None, list[Cell]]]:
        """The rows with where they open and their cells; written here because a template is slow at thousands."""
        title, shown = self.title_key, self.narrow
        columns: list[tuple[Column, _How]] = [
            (
                column,
                {
                    "names": column.key == title,
                    "heading": self.heading(column),
                    "mixed": len(self.currencies(column)) > 1,
                    "css": _css(column, narrow=column.key in shown),
                },
            )
            for column in self.columns
        ]
        for row in self.rows:
            href = self.href(row)
            yield row, href, [_cell(row, href, column, **how) for column, how in columns]

    def text_of(self, key: str) -> str:
        """What was typed into a column's filter."""
        return next((each.text for each in self.asked.filters if each.key == key), "")

    @property
    def narrow(self) -> frozenset[str]:
        """The columns a phone's card shows: the row's name and three facts, money and dates before words."""
        rest = [column for column in self.columns if column.key != self.title_key and not column.wide]
        first = sorted(range(len(rest)), key=lambda place: (rest[place].kind in _WORDS, place))[:CARD_FACTS]
        return frozenset({self.title_key, *(rest[place].key for place in first)})

    def heading(self, column: Column) -> str:
        """A column's heading with its one currency."""
        currencies = self.currencies(column)
        named = len(currencies) != 1 or currencies[0] in column.label
        return column.label if named else f"{column.label} ({currencies[0]})"

    def label_of(self, key: str) -> str:
        """A column's heading."""
        return next((column.label for column in self.every or self.columns if column.key == key), key)

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

    def kept_for_columns(self) -> list[tuple[str, str]]:
        """Parameters of the address that are not the choice of columns: hidden fields of that form."""
        own = tuple(self.asked.prefix + name for name in ("cols", "page", "format"))
        return [(name, value) for name, values in request.args.lists() for value in values if name not in own]

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


class _How(TypedDict):
    """What all cells of a column share."""

    names: bool
    heading: str
    mixed: bool
    css: str


def _css(column: Column, *, narrow: bool) -> str:
    parts = {
        "number": column.kind in _RIGHT,
        "nowrap": column.kind is ValueKind.DATE,
        "wide-only": not narrow,
    }
    return " ".join(name for name, holds in parts.items() if holds)


def _cell(
    row: Row, href: str | None, column: Column, *, names: bool, heading: str, mixed: bool, css: str
) -> Cell:
    found = row.values.get(column.key)
    words = plain(found) if column.kind in _WORDS else ""
    full = words if len(words) > _LONG else ""
    if names and href is not None:
        body: str | Markup = Markup('<a class="opens primary" href="{}">{}</a>').format(
            href, plain(found) or "–"
        )
    elif found is None and column.kind in _WORDS:
        body = _NOTHING
    elif mixed and isinstance(found, Amount):
        body = write.exact(found)
    else:
        body = write.value(found)
    if names:
        length = len(plain(found))
        css = f"{css} {'sentence' if length > _SENTENCE else 'long' if length > _LONG else ''}".strip()
        if row.category:
            body = Markup('<span class="category {}"><span>{}</span></span>').format(row.category, body)
        return Cell(css=css, heading=heading, body=body, names_row=True, full="")
    if words:
        css = f"{css} {'long' if full else 'brief'}".strip()
    return Cell(css=css, heading=heading, body=body, names_row=False, full=full)


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
    """A table over rows that are all at hand: filtered, sorted and paged here; unknown values last in any order."""
    wanted = asked(columns, prefix=prefix, sort=sort)
    by_key = {column.key: column for column in columns}
    found = [row for row in rows if searched(row, columns, wanted.search)]
    groups: dict[str, list[Filter]] = {}
    for each in wanted.filters:
        groups.setdefault(each.key, []).append(each)
    choices = {
        column.key: few for column in columns if (few := facets(column, found, groups, by_key)) is not None
    }
    for each_group in groups.values():
        found = [row for row in found if any(matches(row, by_key, each) for each in each_group)]
    if wanted.sort is not None:
        key = wanted.sort
        known = [row for row in found if sort_value(row.values.get(key)) is not None]
        missing = [row for row in found if sort_value(row.values.get(key)) is None]
        known.sort(key=lambda row: sort_value(row.values.get(key)), reverse=wanted.descending)
        found = known + missing
    last_page = max(1, -(-len(found) // size))
    wanted = replace(wanted, page=min(wanted.page, last_page))
    start = (wanted.page - 1) * size
    return Table(
        name=name,
        columns=chosen(columns, wanted),
        every=tuple(columns),
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
    sortable: Collection[str] | None = None,
    row_actions: Callable[[Row], str] | None = None,
) -> Table:
    """A table whose rows SQL has searched, filtered, sorted and paged as :func:`asked` says.

    ``found`` counts what the filters leave, ``total`` everything; ``sums`` are over all that is found. For an export
    (``wanted.export``) the caller passes all rows found.
    """
    return Table(
        name=name,
        columns=chosen(columns, wanted),
        every=tuple(columns),
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


def page(found: Table, template: str | list[str | Template], /, **values: Any) -> ResponseReturnValue:
    """The page with the table, or the file of exactly what is shown when the address asks for one."""
    return exports.export(found) if found.asked.export else render_template(template, table=found, **values)
