"""What the address asks of a table: search, typed filters, order and page; and which rows they leave.

Filters are written as people say them: text ``contains`` (``=`` before it: exactly that); numbers, money, shares and
dates ``> 1000``, ``100..500``, ``<= 2026-06-30``, ``2026-06``; ``(empty)`` finds what is missing anywhere. Several
filters of one column leave what any of them leaves. ``f.KEY.from`` and ``f.KEY.to``, which a form without scripts
sends, are one range.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from flask import request

from blueprints.filters import plain
from mopsaudit.money import from_minor
from mopsaudit.reporting import Amount, Column, Missing, Ratio, Ref, Row, Value, ValueKind

EMPTY: Final = "(empty)"
FACET_LIMIT: Final = 30
"""A column with at most this many different values is filtered by choosing some of them."""
MANY: Final = 7
SHOWN: Final = 7
#: What the two ends of a range are called in an address.
_ENDS: Final = (".from", ".to")
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
    """One filter as asked. ``bounds`` is set for numbers and dates; ``problem`` says what is wrong with the text.

    ``ends`` are the two ends as typed where they came apart (one of them may be empty).
    """

    key: str
    text: str
    bounds: Bounds | None = None
    problem: str | None = None
    ends: tuple[str, str] | None = None

    @property
    def said(self) -> str:
        """The filter as a chip says it."""
        if self.ends is not None:
            low, high = self.ends
            return f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}"
        return self.text[1:].strip() if self.text.startswith("=") and self.bounds is None else self.text

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
    columns: tuple[str, ...] = ()


def asked(columns: Sequence[Column], *, prefix: str = "", sort: str | None = None) -> Asked:
    """What the address asks; ``sort`` (``KEY`` or ``-KEY``) is the order where it asks for none."""
    kinds = {column.key: column.kind for column in columns}
    filters = tuple(
        _filter(key, kinds[key], text.strip())
        for name, values in request.args.lists()
        if name.startswith(prefix + "f.") and (key := name[len(prefix) + 2 :]) in kinds
        for text in values
        if text.strip()
    ) + _ranges(kinds, prefix)
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
        columns=tuple(key for key in kinds if key in request.args.getlist(prefix + "cols")),
    )


def _ranges(kinds: Mapping[str, ValueKind], prefix: str) -> tuple[Filter, ...]:
    """The ranges typed as two fields."""
    found = []
    for key, kind in kinds.items():
        if kind not in _NUMERIC:
            continue
        low, high = (request.args.get(f"{prefix}f.{key}{end}", "").strip()[:40] for end in _ENDS)
        if low or high:
            each = _filter(key, kind, f"{low}..{high}")
            found.append(replace(each, ends=(low, high)))
    return tuple(found)


def chosen(columns: Sequence[Column], wanted: Asked) -> tuple[Column, ...]:
    """The columns to show: those the address names, and always the one that names the row.

    Where it names none, all of a narrow table; of one with more than :data:`MANY` columns those that are not ``wide``,
    filled up with the first others to :data:`SHOWN`, and whatever is filtered.
    """
    named = next((column.key for column in columns if column.primary), columns[0].key)
    if wanted.columns:
        keys = {named, *wanted.columns}
    elif len(columns) <= MANY:
        return tuple(columns)
    else:
        keys = {column.key for column in columns if column.key == named or not column.wide}
        keys |= {
            column.key for column in [each for each in columns if each.wide][: max(0, SHOWN - len(keys))]
        }
        keys |= {each.key for each in wanted.filters}
    return tuple(column for column in columns if column.key in keys)


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
        case Missing():
            return None
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


def matches(row: Row, columns: Mapping[str, Column], each: Filter) -> bool:
    """Whether a filter leaves the row; one that is not understood leaves every row."""
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


def searched(row: Row, columns: Sequence[Column], text: str) -> bool:
    """Whether every word of the search occurs in the row's text."""
    if not text:
        return True
    words = text.casefold().split()
    hay = " ".join(
        plain(row.values.get(column.key))
        for column in columns
        if column.kind in (ValueKind.TEXT, ValueKind.REF, ValueKind.REFS)
    ).casefold()
    return all(word in hay for word in words)


def facets(
    column: Column, rows: Sequence[Row], groups: Mapping[str, list[Filter]], by_key: Mapping[str, Column]
) -> tuple[Choice, ...] | None:
    """The values of a column with how often each occurs, in the rows the other columns' filters leave."""
    if column.kind not in (ValueKind.TEXT, ValueKind.REF, ValueKind.FLAG) or column.primary:
        return None
    others = [group for key, group in groups.items() if key != column.key]
    left = [row for row in rows if all(any(matches(row, by_key, each) for each in group) for group in others)]
    counted: Counter[str] = Counter()
    for row in left:
        counted[plain(row.values.get(column.key))] += 1
        if len(counted) > FACET_LIMIT:
            return None
    for each in groups.get(column.key, ()):  # what is chosen can be taken back though no row has it
        if each.text.startswith("="):
            counted.setdefault(_named(each.text, counted), 0)
    named = sorted((text for text in counted if text), key=str.casefold)
    choices = [Choice(value=f"={text}", label=text, count=counted[text]) for text in named]
    if counted[""] or any(each.empty for each in groups.get(column.key, ())):
        choices.append(Choice(value=EMPTY, label=EMPTY, count=counted[""]))
    return tuple(choices)


def _named(text: str, known: Collection[str]) -> str:
    """The value an exact filter asks for, spelled as the rows spell it."""
    wanted = text[1:].strip()
    return next((each for each in known if each.casefold() == wanted.casefold()), wanted)
