"""Server-side tables: search, typed filters, ``(empty)``, sort, pages, sums of what is shown, export; all in the URL.

Parameters of an address (with the table's prefix where a page holds several): ``q`` searches, ``f.KEY`` filters
(repeatable: any of them; see :mod:`blueprints.filtering`), ``sort=KEY`` or ``sort=-KEY``, ``page``, ``cols=KEY``
(repeatable: the columns to show), ``format=csv|xlsx``.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import Template

from blueprints import exports, links, list_addresses
from blueprints.cells import Cell, How, cell, css_of, on_card, one_currency
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
from blueprints.filters import count, exact_text, whole
from blueprints.sums import Sum, sum_of
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
MANY_MONEY: Final = 5
"""From so many columns of several currencies on, a row of one currency names it once."""

#: Words with a plural of their own.
_NOUNS: Final[Mapping[str, str]] = {"person": "people"}


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
    filterable: Collection[str] | None = None
    """The columns that can be filtered; None: all."""
    row_actions: Callable[[Row], str] | None = None
    picks: str | None = None
    """The address rows can be ticked for, to be changed together; None: they cannot."""
    every: tuple[Column, ...] = ()
    """All columns there are to choose from; ``columns`` are those shown."""
    beside: Collection[str] = ()
    """Columns of one kind that stand side by side on a phone's card, all of them: the months of a year."""

    @property
    def nouns(self) -> str:
        """What several rows are called."""
        if self.noun in _NOUNS:
            return _NOUNS[self.noun]
        if self.noun.endswith("y") and self.noun[-2] not in "aeiou":
            return f"{self.noun[:-1]}ies"
        return f"{self.noun}es" if self.noun.endswith(("s", "x", "ch", "sh")) else f"{self.noun}s"

    def counted(self, number: int) -> str:
        """``1 entity``, ``2 entities``."""
        return f"{count(number)} {self.noun if number == 1 else self.nouns}"

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
    def gone(self) -> tuple[str, ...]:
        """Columns the address names that this table does not have: of an old link or view."""
        return list_addresses.gone(self.asked.prefix, {each.key for each in self.every or self.columns})

    def everything(self) -> str:
        """This page bare, also where it opens with a view."""
        return list_addresses.everything()

    def pick_all(self) -> str:
        """Where all rows found are changed together: :attr:`picks` with this page's search and filters."""
        return list_addresses.with_filters(self.picks or "", self.asked.prefix)

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
        columns: list[tuple[Column, How]] = [
            (
                column,
                {
                    "names": column.key == title,
                    "heading": self.heading(column),
                    "mixed": len(self.currencies(column)) > 1,
                    "css": css_of(column, narrow=column.key in shown, beside=column.key in self.beside),
                },
            )
            for column in self.columns
        ]
        several = [column.key for column, how in columns if how["mixed"]]
        # Twelve months with their currency in each cell do not fit: the first of them names it for the row.
        named_once = several if len(several) >= MANY_MONEY else []
        later = frozenset(named_once[1:])
        for row in self.rows:
            href = self.href(row)
            once = bool(named_once) and one_currency(row, named_once)
            cells = [
                cell(row, href, column, **({**how, "mixed": False} if once and column.key in later else how))
                for column, how in columns
            ]
            yield row, href, cells

    def filters_of(self, key: str) -> tuple[Filter, ...]:
        """The filters of a column."""
        return tuple(each for each in self.asked.filters if each.key == key)

    def picked(self, key: str) -> frozenset[str]:
        """The values chosen of a column, to be compared without regard to case."""
        return frozenset(each.text.casefold() for each in self.filters_of(key))

    def ends_of(self, key: str) -> tuple[str, str]:
        """What was typed as the two ends of a column's range."""
        return next((each.ends for each in self.filters_of(key) if each.ends), ("", ""))

    def filter_words(self, key: str) -> str:
        """What a column is filtered by, in a few letters."""
        found = self.filters_of(key)
        return "all" if not found else found[0].said if len(found) == 1 else f"{len(found)} chosen"

    @property
    def narrow(self) -> frozenset[str]:
        """The columns a phone's card shows."""
        return on_card(self.columns, self.title_key, self.beside)

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
        if each.ends is not None:
            args.pop(f"{key}.from", None)
            args.pop(f"{key}.to", None)
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

    def sum_parts(self, column: Column) -> tuple[str, ...]:
        """A footer cell: the sum in whole units, one part per currency where there are several, unknown rows counted.

        Where the amounts of a column are told to the minor unit, so is their sum.
        Where many columns hold several currencies the first of them names these for all, as the rows do.
        """
        found = self.sums.get(column.key)
        if found is None:
            return ()
        text = exact_text if column.exact else whole
        if not found.money:
            parts = ["0" if found.number is None else count(int(found.number))]
        elif len(found.money) == 1:
            parts = [text(minor, currency) for currency, minor in found.money]
        else:
            several = [each.key for each in self.columns if len(self._summed_currencies(each)) > 1]
            alike = len({self._summed_currencies(each) for each in self.columns if each.key in several}) == 1
            named = len(several) < MANY_MONEY or not alike or column.key == several[0]
            parts = [
                text(minor, currency) + (f" {currency}" if named else "") for currency, minor in found.money
            ]
        return (*parts, f"({count(found.unknown)} unknown)") if found.unknown else tuple(parts)

    def sum_text(self, column: Column) -> str:
        """The parts of a footer cell in one line."""
        money, rest = list(self.sum_parts(column)), ""
        if money and money[-1].endswith("unknown)"):
            rest = money.pop()
        return f"{', '.join(money)} {rest}".strip()

    def _summed_currencies(self, column: Column) -> tuple[str, ...]:
        found = self.sums.get(column.key)
        return tuple(currency for currency, _ in found.money) if found else ()


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
    picks: str | None = None,
    beside: Collection[str] = (),
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
        picks=picks,
        beside=beside,
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
    filterable: Collection[str] | None = None,
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
        filterable=filterable,
        row_actions=row_actions,
    )


def page(found: Table, template: str | list[str | Template], /, **values: Any) -> ResponseReturnValue:
    """The page with the table, or the file of exactly what is shown when the address asks for one."""
    if found.asked.export:
        return exports.export(found)
    if (first := list_addresses.first_view()) is not None:
        return first
    list_addresses.remember()
    return render_template(template, table=found, **values)
