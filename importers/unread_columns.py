"""Which columns of a sheet a decision reads, and what the headings and cells of the others say."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from importers.ad_reports import PAYEE, SENT_BY
from importers.amounts import amount_text
from importers.grid import Grid, column_index, letters
from importers.spend_columns import WORDS, plain_number
from importers.table import ColumnFacts, best_field, sample_rows, span
from importers.words import Words
from mopsaudit.intake.contract import SheetDecision

#: Fields whose numbers count nothing: a reference of figures alone is no amount.
NUMBERS: Final = frozenset(("reference", "invoice", "purchase_order", "gl_account", "cost_centre"))
#: A heading that is one of these by so much is left unread knowingly (a balance, a quantity, a number of something).
KNOWN: Final = 0.75
#: From what a heading speaks of an amount (*Amount applied for*), and from what size whole numbers are money.
_SPOKEN: Final = 0.65
_LARGE: Final = 1000
_LETTERS: Final = re.compile(r"[A-Z]{1,3}(:[A-Z]{1,3})?")
#: Formats that show money: grouped or with two decimals.
_MONEY_FORMAT: Final = re.compile(r"#,##0|0\.00|[€£$¥₹]")
#: A text that is written as money: with hundredths, groups of thousands or a currency.
WRITTEN: Final = re.compile(
    r"[.,٫][0-9٠-٩۰-۹]{1,3}(?![0-9])|[€£$¥₹₪]|[0-9]{1,3}([.,' \u00a0\u202f][0-9]{3})+(?![0-9])"
)


def listed(headings: Sequence[str], columns: Sequence[int]) -> str:
    """``C “Actual” and D “Variance” hold``, the first six."""
    named = [f"{letters(column)} “{headings[column][:60]}”" for column in columns[:6]]
    if len(columns) > len(named):
        named.append(f"{len(columns) - len(named)} more")
    *first, last = named
    text = f"{', '.join(first)} and {last}" if first else last
    return f"{text} {'holds' if len(columns) == 1 else 'hold'}"


def read_columns(decision: SheetDecision) -> set[int]:
    """The columns a decision reads, those its extra names among them."""
    found = {column for choice in decision.columns for column in range(span(choice)[0], span(choice)[1] + 1)}
    # A platform may be called X: who was paid names no column.
    return found | set(
        _named({name: value for name, value in decision.extra if name not in (PAYEE, SENT_BY)})
    )


def _named(value: Any) -> Iterable[int]:
    if isinstance(value, str) and _LETTERS.fullmatch(value):
        first, _, last = value.partition(":")
        yield from range(column_index(first), column_index(last or first) + 1)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _named(name)
            yield from _named(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _named(each)


def known(heading: str, words: Words) -> bool:
    """Whether the heading says what is not read on purpose."""
    for vocabulary in (words, WORDS):
        found = vocabulary.fields(heading)
        name = max(found, key=lambda each: found[each], default="")
        if (name.startswith("_") or name in NUMBERS) and found[name] >= KNOWN:
            return True
    return False


def holds_money(grid: Grid, column: int, start: int) -> bool:
    """Whether the numbers of a column are money: some have cents, a currency, or a format that shows money."""
    for _, code in grid.formats.get(column, ()):
        if code and _MONEY_FORMAT.search(code):
            return True
    for index in sample_rows(start, len(grid.rows)):
        row = grid.rows[index]
        value = row[column] if column < len(row) else None
        if isinstance(value, float) and value != int(value) and round(value, 2) == value:
            return True
        if isinstance(value, str) and amount_text(value) is not None and WRITTEN.search(value.strip()):
            return True
    return False


def whole_money(heading: str, fact: ColumnFacts) -> bool:
    """Whether a heading speaks of an amount, and whole numbers stand below it that are large enough for money."""
    name, score = best_field(WORDS.fields(heading))
    return (
        name in ("amount", "net", "gross")
        and score >= _SPOKEN
        and any(
            abs(plain_number(value) or 0) >= _LARGE for value in fact.values if isinstance(value, int | str)
        )
    )
