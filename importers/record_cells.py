"""Columns of records that their cells tell where no heading did: the last use, units, what was bought."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from importers.account_proof import SWITCH, numbered_state, prove_accounts
from importers.account_state_words import PRESENT
from importers.amounts import printed_number
from importers.cast_words import yes_no
from importers.grid import Cell, Grid
from importers.own_addresses import own_address
from importers.price_texts import price_by_span
from importers.rates import counts_units
from importers.record_fit import rhythm_of
from importers.relative_days import days_since, says_ago
from importers.table import ColumnFacts, Header, sample_rows
from importers.texts import fold
from importers.usage import never, says_closed
from importers.words import heading_words
from mopsaudit.intake.contract import Kind

Picks = dict[str, tuple[int, float]]

#: How a heading of the last time begins, and of what it is when nobody used anything then.
_LAST: Final = frozenset("last latest recent most".split())
_NO_USE: Final = frozenset(
    (
        "password change changed changes modified modification updated update rotated sync synced synchronised "
        "invited invite deactivated suspended disabled deleted reset reviewed review certified payment paid billed "
        "invoice invoiced renewed renewal refresh refreshed reported report export exported assigned name email "
        "contacted scan scanned backup promoted upgraded day"
    ).split()
)
#: What a log calls that which was done.
_EVENT: Final = frozenset("operation operations event events action actions activity activities".split())
#: How words of a last time, and of a use, begin in other languages.
_LAST_ABROAD: Final = re.compile(
    r"ostatni|letzt|zuletzt|dern|ultim|laatst|senast|sidst|sist|viimei|viimek|posledn|utols"
)
_USE_ABROAD: Final = re.compile(
    r"log|conne|anmeld|zugriff|nutz|acces|activ|aktiv|inlog|aanmeld|bruk|gebruik|kirjaut|prihlas|bejelent|utiliz|utilis|"
    r"anvand|pristup|zalog"
)
_USE: Final = frozenset(
    "activity active login logon sign signin use used usage seen access accessed visit session".split()
)
#: What is left of what was bought, or what of it is in use: beside these a column is what there is in all.
_PARTS: Final = {
    Kind.CREDITS: re.compile(
        r"\b(?:avail(?:able)?|free|unused|remaining|left|in use|used|consumed)\b", re.IGNORECASE
    ),
    # What is left of money is no seat.
    Kind.INVENTORY: re.compile(
        r"\b(?:avail(?:able)?|free|unassigned|in use|assigned|checked out)\b", re.IGNORECASE
    ),
}
_WHOLE: Final = frozenset(
    "total totals owned all allocated allocation granted included purchased bought quota".split()
)
_SIZE: Final = re.compile(r"\b(?:[kmgt]i?b|bytes?|storage|disk|mailbox size)\b", re.IGNORECASE)
_STATE: Final = frozenset(
    "status state statut estado stato tila stav zustand account user utilisateur".split()
)
#: A heading that is a field's own name, a vendor's layout and a person's word count this much or more.
_TOLD: Final = 0.99
_NOUGHTS: Final = frozenset((1, 10, 100, 1000, 10_000))
#: So few rows prove nothing.
_PROOF: Final = 2


def told_by_cells(
    kind: Kind, grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: Picks, used: set[int]
) -> Picks:
    """Fields of columns that nobody named, by what stands in them.

    Changes ``picks`` and ``used`` where the cells of a pick say that it is none.
    """
    found = rhythm_of(kind, header.headings, facts, picks, used)
    found.update(price_by_span(kind, header.headings, facts, picks, used))
    match kind:
        case Kind.USAGE | Kind.PEOPLE:
            own_address(kind, header.headings, facts, picks, used)
            prove_accounts(kind, header.headings, facts, picks, used)
            numbered_state(header.headings, facts, picks, used)
            if kind is Kind.PEOPLE:
                return found
            _named_seat(facts, picks)
            _measured(header.headings, facts, picks)
            _state_of(header.headings, facts, picks, used)
            _logged(grid, header, picks)
            found.update(_last_use(header.headings, facts, picks, used))
        case Kind.RATES:
            found.update(_units(header.headings, facts, picks, used))
        case Kind.CREDITS | Kind.INVENTORY:
            found.update(_whole(kind, grid, header, facts, picks, used))
        case _:
            pass
    return found


def _named_seat(facts: Sequence[ColumnFacts], picks: Picks) -> None:
    """A column of names under *Assigned* says which licence somebody has."""
    held = picks.get("assigned")
    if held is not None and "licence" not in picks and _named(facts[held[0]]):
        picks["licence"] = picks.pop("assigned")


def _measured(headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks) -> None:
    """A size of what is kept (*File usage (MB)*) says nothing of how much a tool is used."""
    pick = picks.get("used")
    if pick is not None and _SIZE.search(headings[pick[0]]) and facts[pick[0]].numeric:
        picks.pop("used")


def _state_of(headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]) -> None:
    """The one column that says of each account whether it is there is the status, whatever heading it has."""
    if "status" in picks:
        return
    name = picks.get("user_name", (-1, 1.0))
    columns = [
        column
        for column, heading in enumerate(headings)
        if heading
        and (column not in used or (column == name[0] and name[1] < _TOLD))
        and _says_states(heading, facts[column])
    ]
    if len(columns) == 1:
        if columns[0] == name[0]:
            del picks["user_name"]  # *Statut de l'utilisateur* names nobody
        used.add(columns[0])
        picks["status"] = (columns[0], 0.7)


def _says_states(heading: str, facts: ColumnFacts) -> bool:
    """Whether a column holds nothing but states of accounts, one of them closed; a switch of something is none."""
    texts = {fold(text).casefold() for text in facts.texts}
    return (
        facts.filled > 1
        and sum(facts.texts.values()) == facts.filled
        and any(map(says_closed, texts))
        and all(says_closed(text) or PRESENT.fullmatch(text) for text in texts)
        and (not texts <= SWITCH or bool(_STATE.intersection(heading_words(heading))))
    )


def _named(facts: ColumnFacts) -> bool:
    """Whether a column holds names: neither yes and no, nor days, nor numbers, nor a mark."""
    return (
        facts.filled > 0
        and all(
            len(text) > 2 and yes_no(text) is None and never(text) is False and not says_ago(text)
            for text in facts.texts
        )
        and sum(facts.texts.values()) == facts.filled
    )


def _logged(grid: Grid, header: Header, picks: Picks) -> None:
    """In a log of what users did a user stands on several days: the day is that of an activity, not of the account."""
    who = next((picks[name][0] for name in ("user_email", "user_id", "user_name") if name in picks), None)
    if who is None or "created" not in picks or {"last_activity", "tool", "licence"} & picks.keys():
        return
    if not any(_EVENT.intersection(heading_words(heading)) for heading in header.headings if heading):
        return
    day = picks["created"][0]
    days: dict[Cell, set[Cell]] = {}
    for index in sample_rows(header.first_index, len(grid.rows)):
        row = grid.rows[index]
        if max(who, day) < len(row) and row[who] is not None and row[day] is not None:
            days.setdefault(row[who], set()).add(row[day])
    if any(len(each) > 1 for each in days.values()):
        picks["last_activity"] = picks.pop("created")


def _last_use(headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]) -> Picks:
    """The one column of days whose heading speaks of a last time that is a use (*Last pairing session date*)."""
    if "_month" in picks and "active_count" not in picks:
        used.discard(picks.pop("_month")[0])  # a month without a count is a month of nothing
    if "last_activity" in picks:
        return {}
    columns = [
        column
        for column, heading in enumerate(headings)
        if column not in used and heading and last_of_use(heading) and _days(facts[column])
    ] or [
        column
        for column, heading in enumerate(headings)
        if column not in used and heading and _counts_back(heading, facts[column])
    ]
    if len(columns) != 1:
        return {}
    used.add(columns[0])
    return {"last_activity": (columns[0], 0.7)}


def last_of_use(heading: str) -> bool:
    """Whether a heading speaks of a last time that is a use: *Last pairing session date*, no *Last password change*."""
    words = heading_words(heading)
    other = _NO_USE.intersection(words) | {word for word in words if "sync" in word}
    if other == {"report"} and _USE.intersection(words):
        other = frozenset()  # the last access to a report
    if len(words) > 1 and words[0] in _LAST and not other:
        return True
    spoken = [word for word in words if len(word) > 3]
    return not other and any(map(_LAST_ABROAD.match, spoken)) and any(map(_USE_ABROAD.match, spoken))


def _counts_back(heading: str, facts: ColumnFacts) -> bool:
    """Whether a column counts the days since a use (*Days since last login*), or says that there was none."""
    words = heading_words(heading)
    no = sum(count for text, count in facts.texts.items() if never(text) is not False)
    return (
        days_since(heading)
        and (words[1] == "inactive" or bool(_USE.intersection(words)))
        and not _NO_USE.intersection(words[1:])
        and 0 < facts.numeric == facts.filled - no
    )


def _days(facts: ColumnFacts) -> bool:
    """Whether a column holds days, how long ago something was, or that it never was; some of them days."""
    told = facts.dates + facts.date_texts
    ago = sum(count for text, count in facts.texts.items() if says_ago(text))
    no = sum(count for text, count in facts.texts.items() if never(text) is not False)
    return told + ago > 0 and told + ago + no == facts.filled


def _units(headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]) -> Picks:
    """The one column of 1, 10, 100 … beside the rates, not all of them 1: of so many units is each the rate."""
    if "_units" in picks or not {"from", "rate"} <= picks.keys():
        return {}
    columns = [
        column
        for column, heading in enumerate(headings)
        if column not in used
        and heading
        and facts[column].filled > 1
        and all(counts_units(value) for value in facts[column].values)
        and (counted := {int(str(value).removesuffix(".0")) for value in facts[column].values}) <= _NOUGHTS
        and len(counted) > 1
    ]
    if len(columns) != 1:
        return {}
    used.add(columns[0])
    return {"_units": (columns[0], 0.7)}


def _whole(
    kind: Kind, grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: Picks, used: set[int]
) -> Picks:
    """What there is in all, by its parts: their sum in every row (*allocated* = *used* + *remaining*), or, headed as a
    whole (*Total*), never less than a part that is headed as one.
    """
    name = "bought" if kind is Kind.CREDITS else "seats"
    if name in picks:
        return {}
    counted = [
        column
        for column, heading in enumerate(header.headings)
        if heading and facts[column].numeric_share() >= 0.8 and facts[column].filled > 1
    ]
    free = [column for column in counted if column not in used]
    parts = [column for column in counted if _PARTS[kind].search(header.headings[column].replace("_", " "))]
    sums = [
        column
        for column in free
        for at, one in enumerate(parts)
        for other in parts[at + 1 :]
        if column not in (one, other) and _always(grid, header, (column, one, other), _adds_up)
    ]
    wholes = [
        column
        for column in free
        if _WHOLE.intersection(heading_words(header.headings[column]))
        and facts[column].numbers + facts[column].amount_texts == facts[column].whole
        and any(column != one and _always(grid, header, (column, one), _holds) for one in parts)
    ]
    for columns in (sums, wholes):
        if len(set(columns)) == 1:
            used.add(columns[0])
            return {name: (columns[0], 0.75)}
    return {}


def _always(
    grid: Grid, header: Header, columns: tuple[int, ...], holds: Callable[[Sequence[Decimal]], bool]
) -> bool:
    """Whether every sampled row that has all of these numbers keeps a rule, and at least two rows have them."""
    proven = 0
    for index in sample_rows(header.first_index, len(grid.rows)):
        row = grid.rows[index]
        told = [_number(row[column]) if column < len(row) else None for column in columns]
        numbers = [each for each in told if each is not None]
        if len(numbers) < len(columns):
            continue
        if not holds(numbers):
            return False
        proven += any(numbers)
    return proven >= _PROOF


def _adds_up(numbers: Sequence[Decimal]) -> bool:
    return numbers[0] == sum(numbers[1:])


def _holds(numbers: Sequence[Decimal]) -> bool:
    return 0 <= numbers[1] <= numbers[0]


def _number(value: Cell) -> Decimal | None:
    """A count in a cell; groups of three digits are thousands, whichever sign sets them apart."""
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,3}(?:[.,'\u2019\u00a0\u202f ]\d{3})+\s*", value):
        return Decimal(re.sub(r"\D", "", value))
    return printed_number(value, ".")
