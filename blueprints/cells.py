"""A table's cells as markup: how each kind of value stands in a row, and what a long text shows of itself."""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

from markupsafe import Markup

from blueprints import filters as write
from blueprints import links
from blueprints.filters import plain
from mopsaudit.reporting import Amount, Column, Row, ValueKind

_RIGHT: Final = frozenset({ValueKind.NUMBER, ValueKind.MONEY, ValueKind.RATIO})
WORDS: Final = frozenset({ValueKind.TEXT, ValueKind.REF, ValueKind.REFS})
#: Texts longer than this are cut after two lines, and whole on focus.
_LONG: Final = 20
#: Up to this many letters a text stays on one line.
_BRIEF: Final = 14
_SENTENCE: Final = 60
#: Texts longer than this are sentences with figures in them; names are shorter and stay as they were typed.
_SAID: Final = 30
#: Records a cell names with a link; of more it says how many, and its full text names all.
_FEW: Final = 8
#: Facts of a row beside its name on a phone.
CARD_FACTS: Final = 3
#: Steps by which a row of a tree stands further in, at most.
DEEPEST: Final = 5
_NOTHING: Final = Markup('<span class="muted">–</span>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell ready to show: its classes, its column's heading (for a phone's card), markup, and the full long text."""

    css: str
    heading: str
    body: str | Markup
    names_row: bool
    full: str


class How(TypedDict):
    """What all cells of a column share."""

    names: bool
    heading: str
    mixed: bool
    css: str


def one_currency(row: Row, keys: Sequence[str]) -> bool:
    """Whether all amounts of a row are in one currency."""
    return len({value.currency for key in keys if isinstance(value := row.values.get(key), Amount)}) == 1


def css_of(column: Column, *, narrow: bool, beside: bool = False) -> str:
    """The classes of a column's cells; ``narrow``: it stands on a phone's card, and ``beside`` others of its kind."""
    parts = {
        "number": column.kind in _RIGHT,
        "nowrap": column.kind is ValueKind.DATE,
        "brief": column.unbroken,
        "wide-only": not narrow,
        "beside": beside,
    }
    return " ".join(name for name, holds in parts.items() if holds)


def on_card(columns: Sequence[Column], title: str, beside: Collection[str] = ()) -> frozenset[str]:
    """The columns a phone's card shows: the row's name (``title``) and three facts, money and dates before words.

    What stands side by side (``beside``) is shown besides, whole: two months of twelve would say nothing of the year.
    A number before the name is the row's place in the list, which its card has anyway.
    """
    together = [column.key for column in columns if column.key in beside]
    places = itertools.takewhile(lambda column: column.key != title, columns)
    apart = {title, *together, *(column.key for column in places if column.kind is ValueKind.NUMBER)}
    rest = [column for column in columns if column.key not in apart and not column.wide]
    first = sorted(range(len(rest)), key=lambda place: (rest[place].kind in WORDS, place))[:CARD_FACTS]
    return frozenset({title, *(rest[place].key for place in first), *together})


def _in_style(text: str) -> str | Markup:
    """A sentence with its numbers in the person's style; a name or a few words as they are."""
    return write.said(text) if len(text) > _SAID else text


def cell(
    row: Row, href: str | None, column: Column, *, names: bool, heading: str, mixed: bool, css: str
) -> Cell:
    """One cell of a row. ``mixed``: the column holds several currencies, so each amount names its own."""
    found = row.values.get(column.key)
    words = plain(found) if column.kind in WORDS else ""
    full = words if len(words) > _LONG else ""
    if names and href is not None:
        body: str | Markup = Markup('<a class="opens primary" href="{}">{}</a>').format(
            href, _in_style(plain(found)) or "–"
        )
    elif found is None and column.kind in WORDS:
        body = _NOTHING
    elif isinstance(found, Amount) and mixed:
        body = (write.exact if column.exact else write.units)(found)
    elif isinstance(found, Amount) and column.exact and found.minor is not None:
        body = write.exact_text(found.minor, found.currency)  # its heading names the currency
    elif isinstance(found, str):
        body = _in_style(found)
    elif isinstance(found, tuple) and len(found) > _FEW:
        body = Markup("{} and {} more").format(write.value(found[:_FEW]), write.count(len(found) - _FEW))
    else:
        body = write.value(found)
    lead = row.leads.get(column.key)
    if lead is not None and not names and not (isinstance(found, Amount) and found.minor is None):
        body = Markup('<a class="opens made-of" href="{}">{}</a>').format(links.ref_url(lead), body)
    if names:
        length = len(plain(found))
        css = f"{css} {'sentence' if length > _SENTENCE else 'long' if length > _LONG else ''}".strip()
        if depth := row.detail.get("depth"):
            css = f"{css} deep-{min(int(depth), DEEPEST)}".strip()
        if row.category:
            body = Markup('<span class="category {}"><span>{}</span></span>').format(row.category, body)
        return Cell(css=css, heading=heading, body=body, names_row=True, full="")
    if words and not column.unbroken:
        css = f"{css} {'long' if full else 'brief' if len(words) <= _BRIEF else ''}".strip()
    return Cell(css=css, heading=heading, body=body, names_row=False, full=full)
