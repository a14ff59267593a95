"""Spend lines as columns, for questions about every line of a ledger of millions. Pure.

Which of them may settle what is owed is decided on whole columns; :func:`mopsaudit.facts.allocation.allocate` then
works on those few, and comes to what it would come to with all of them (a test holds it to that).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from mopsaudit.facts.allocation import Allocation, Commitment, Invoice
from mopsaudit.periods import Period

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

#: Stands for *no tool* and *no spend type*.
NONE: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LineColumns:
    """Lines (and parts of split lines, by the negated id) that count on a tool, in order of tool, day and id.

    ``days`` are ordinals. ``minors`` are in the currency ``currencies`` names, ``bases`` in the base currency where
    ``known``. ``types`` are places in ``type_names``, :data:`NONE` for a line without a type.
    """

    since: date
    until: date
    ids: "Whole"
    tools: "Whole"
    days: "Whole"
    minors: "Whole"
    bases: "Whole"
    known: "NDArray[np.bool_]"
    codes: "Whole"
    types: "Whole"
    currencies: tuple[str, ...]
    type_names: tuple[str, ...]

    def at(self, places: "NDArray[Any]") -> "LineColumns":
        """Some of the lines, in the order of ``places``."""
        names = ("ids", "tools", "days", "minors", "bases", "known", "codes", "types")
        return replace(self, **{name: getattr(self, name)[places] for name in names})

    def between(self, since: date, until: date) -> "LineColumns":
        """The lines of the days from ``since`` to ``until``, both included, which lie within those asked for."""
        import numpy as np

        if since <= self.since and self.until <= until:
            return self
        inside = (self.days >= since.toordinal()) & (self.days <= until.toordinal())
        return replace(self.at(np.flatnonzero(inside)), since=since, until=until)

    def of_tools(self, tools: Collection[int], ids: Collection[int]) -> frozenset[int]:
        """Which of some ids are lines of these tools."""
        import numpy as np

        if not ids:
            return frozenset()
        found = np.isin(self.ids, np.array(sorted(ids), dtype=np.int64))
        found &= np.isin(self.tools, np.array(sorted(tools), dtype=np.int64))
        return frozenset(self.ids[found].tolist())

    def placed(self, heads: Mapping[int, int]) -> "LineColumns":
        """Lines of merged tools on the tools they count on."""
        import numpy as np

        if not heads:
            return self
        most = max(int(self.tools.max(initial=0)), *heads)
        to = np.arange(most + 1)
        to[list(heads)] = list(heads.values())
        moved = replace(self, tools=to[self.tools])
        return moved.at(np.lexsort((moved.ids, moved.days, moved.tools)))


def columns_of(rows: Sequence[Any], *, since: date, until: date) -> LineColumns:
    """Columns of rows (id, tool, day or its ISO text, minor, currency, base minor or None, type or None), any order."""
    import numpy as np

    whole: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) if rows else [()] * 7
    ids, tools, days, minors, currencies, bases, types = whole
    ordinals = {
        each: (date.fromisoformat(each) if isinstance(each, str) else each).toordinal() for each in set(days)
    }
    codes = {each: place for place, each in enumerate(sorted(set(currencies)))}
    kinds = {each: place for place, each in enumerate(sorted(set(types) - {None}))}
    found = LineColumns(
        since=since,
        until=until,
        ids=np.array(ids, dtype=np.int64),
        tools=np.array(tools, dtype=np.int64),
        days=np.array([ordinals[each] for each in days], dtype=np.int64),
        minors=np.array(minors, dtype=np.int64),
        bases=np.array([each or 0 for each in bases], dtype=np.int64),
        known=np.array([each is not None for each in bases], dtype=np.bool_),
        codes=np.array([codes[each] for each in currencies], dtype=np.int64),
        types=np.array([kinds.get(each, NONE) for each in types], dtype=np.int64),
        currencies=tuple(codes),
        type_names=tuple(kinds),
    )
    return found.at(np.lexsort((found.ids, found.days, found.tools)))


def may_settle(
    columns: LineColumns,
    commitments: Iterable[Commitment],
    *,
    spoken: Sequence[Invoice],
    by_person: Sequence[Allocation],
    amount_percent: int,
    window_days: int,
) -> tuple[int, ...]:
    """The ids of lines of committed tools that could be put on a commitment; more than are is no fault, fewer are.

    ``spoken`` are the lines that name an order or contract or that a person allocated, whatever their tool. Of a term's
    price without instalments only the oldest lines can be meant, until they certainly fill it.
    """
    import numpy as np

    by_tool: dict[int, list[Commitment]] = defaultdict(list)
    for each in commitments:
        if each.tool_id is not None:
            by_tool[each.tool_id].append(each)
    taken = np.isin(columns.ids, np.array(sorted(each.id for each in spoken), dtype=np.int64))
    # What is taken back on a commitment leaves more of it open than its amount.
    taken_back = [each for each in spoken if each.minor < 0]
    more = -sum(each.minor for each in taken_back) + sum(max(0, -each.minor) for each in by_person)
    currencies = frozenset(each.currency for each in taken_back)
    order = sorted(by_tool)
    firsts = np.searchsorted(columns.tools, order, side="left")
    lasts = np.searchsorted(columns.tools, order, side="right")
    for tool_id, first, last in zip(order, firsts.tolist(), lasts.tolist(), strict=True):
        if first == last:
            continue
        days = columns.days[first:last]
        mine = taken[first:last]
        for each in by_tool[tool_id]:
            if each.due_on is None:
                continue
            due = each.due_on.toordinal()
            low, high = np.searchsorted(days, (due - window_days, due + window_days + 1)).tolist()
            if low < high:
                mine[low:high] |= _alike(columns, first + low, first + high, each, amount_percent)
        if terms := [each for each in by_tool[tool_id] if not each.rhythm_known and each.service is not None]:
            sure = {each.currency for each in terms} | currencies
            owed = sum(max(0, each.minor) for each in terms) + more if len(sure) == 1 else None
            _fill_terms(columns, first, days, mine, terms, window_days=window_days, owed=owed)
    wanted = np.isin(columns.tools, np.array(order, dtype=np.int64)) & taken
    return tuple(columns.ids[wanted].tolist())


def _alike(
    columns: LineColumns, low: int, high: int, commitment: Commitment, percent: int
) -> "NDArray[np.bool_]":
    """Which lines are worth about a commitment; through the base currency with room for what rounding does."""
    import numpy as np

    minors, minor = columns.minors[low:high], commitment.minor
    code = (
        columns.currencies.index(commitment.currency) if commitment.currency in columns.currencies else NONE
    )
    same = columns.codes[low:high] == code
    alike: NDArray[np.bool_] = same & (minors > 0) & (np.abs(minors - minor) * 100 <= abs(minor) * percent)
    if commitment.base_minor and not same.all():
        worth = columns.bases[low:high] * (minor / commitment.base_minor)
        near = np.abs(worth - minor) <= abs(minor) * (percent / 100 + 1e-9) + 2
        alike |= ~same & columns.known[low:high] & near
    return alike


def _fill_terms(
    columns: LineColumns,
    first: int,
    days: "Whole",
    mine: "NDArray[np.bool_]",
    terms: Sequence[Commitment],
    *,
    window_days: int,
    owed: int | None,
) -> None:
    """Take a tool's oldest lines of each term until they fill it for certain: ``owed`` is the most that all its terms
    can take, None where it cannot be told in one currency; then all lines are taken.
    """
    import numpy as np

    for term in terms:
        service: Period | None = term.service
        if service is None:
            continue
        since = (service.start - timedelta(days=window_days)).toordinal()
        low, high = np.searchsorted(days, (since, service.end.toordinal())).tolist()
        if low >= high:
            continue
        part = slice(first + low, first + high)
        minors, types = columns.minors[part], columns.types[part]
        code = columns.currencies.index(term.currency) if term.currency in columns.currencies else NONE
        kind = columns.type_names.index(term.spend_type) if term.spend_type in columns.type_names else NONE
        same = columns.codes[part] == code
        fits = (types == NONE) | (types == kind)
        certain = same & fits & (minors > 0) & ~mine[low:high]
        end = high - low
        if owed is not None:
            running = np.cumsum(np.where(certain, minors, 0))
            # Another term may take a line for less than the line is worth, its last one.
            needed = owed + (len(terms) - 1) * int(minors[certain].max(initial=0))
            end = min(end, int(np.searchsorted(running, needed)) + 1)
        taken = (fits & ((minors > 0) & same | ~same & columns.known[part]))[:end]
        mine[low : low + end] |= taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Lines of committed tools that settle nothing: how many, those of the year, their tools, the largest of them.

    ``largest`` are ids in the order of day and id.
    """

    count: int
    in_year: int
    tools: tuple[int, ...]
    largest: tuple[int, ...]


def waiting_among(
    columns: LineColumns, tools: Collection[int], used: Collection[int], year: Period, *, most: int
) -> Waiting:
    """What waits among lines of ``tools``: all but the ``used`` ids. ``most`` of the year are named, the largest."""
    import numpy as np

    left = np.isin(columns.tools, np.array(sorted(tools), dtype=np.int64))
    if used:
        left &= ~np.isin(columns.ids, np.array(sorted(used), dtype=np.int64))
    inside = left & (columns.days >= year.start.toordinal()) & (columns.days < year.end.toordinal())
    places = np.flatnonzero(inside)
    shown = places
    if len(places) > most:
        sizes = np.abs(np.where(columns.known[places], columns.bases[places], 0))
        shown = places[np.lexsort((columns.ids[places], -sizes))[:most]]
    shown = shown[np.lexsort((columns.ids[shown], columns.days[shown]))]
    return Waiting(
        count=int(left.sum()),
        in_year=len(places),
        tools=tuple(np.unique(columns.tools[places]).tolist()),
        largest=tuple(columns.ids[shown].tolist()),
    )
