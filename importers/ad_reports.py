"""Exports of advertising platforms: what each campaign cost, and nobody who was paid, for the list is the platform's.

The name of a campaign or of one's own account is no supplier. Who was paid is asked, and remembered for the layout.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from importers.grid import Grid, key
from importers.spend_columns import Pick
from importers.table import Header
from importers.words import heading_words
from mopsaudit.intake.contract import Question, ReadOptions, SheetDecision, SpendRow
from mopsaudit.intake.spend_lines import SpendLines

#: In a decision's extra: who was paid for every line that names nobody.
PAYEE: Final = "payee"
#: The same of one statement of account. Of the next file of these headings it is asked again: two suppliers with the
#: same program send statements that look alike.
SENT_BY: Final = "sent_by"
#: Words of what is counted beside a cost, by what they count; two kinds of them make a list of advertising.
_COUNTED: Final = (
    frozenset(
        ("impressions", "impr", "impressionen", "impresiones", "impressies", "impressioni", "visningar")
    ),
    frozenset(("clicks", "klicks", "clics", "clic", "klikken", "cliques", "cpc", "ctr")),
    frozenset(
        (
            "cpm",
            "reach",
            "frequency",
            "reichweite",
            "conversions",
            "results",
            "ergebnisse",
            "views",
            "thruplays",
        )
    ),
)
#: Headings of the platform's own ordering, or of one's own account with it.
_OWN: Final = re.compile(
    r"campaigns?\b|kampagne|campagne|campaña|campagna|campanha|kampanj|\bad ?(?:set|group)s?\b|anzeigengruppe|"
    r"\baccount\b|\bkonto|\bcompte\b|\bcuenta\b|^ctr\b",  # a rate of clicks, no cost centre
    re.IGNORECASE,
)


def lists_advertising(headings: Sequence[str]) -> bool:
    """Whether headings are those of what advertising came to: impressions and clicks, reach and results."""
    words = {word for heading in headings if heading for word in heading_words(heading)}
    return sum(not counted.isdisjoint(words) for counted in _COUNTED) >= 2


def _own(heading: str) -> bool:
    return _OWN.search(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)) is not None


def without_supplier(
    grid: Grid, header: Header, picks: dict[str, Pick], options: ReadOptions, reasons: list[str]
) -> list[Question]:
    """Take campaigns and one's own account for no supplier, and ask who was paid; nothing on any other list.

    What was taken for the supplier describes the line.
    """
    if not lists_advertising(header.headings):
        return []
    taken = picks.get("supplier")
    if taken is not None and not _own(taken.heading):
        return []
    if taken is not None:
        del picks["supplier"]
        picks.setdefault("description", taken)
        reasons[:] = [reason for reason in reasons if "is taken for it" not in reason]
    for name in ("gl_account", "cost_centre", "unit"):
        if name in picks and _own(picks[name].heading):
            del picks[name]
    used = {pick.column for pick in picks.values()}
    named = (column for column, heading in enumerate(header.headings) if _own(heading) and column not in used)
    first = next(named, None)
    if first is not None:
        picks.setdefault("description", Pick(first, 0.6, header.headings[first]))
    if payee_said(grid, picks, options):
        return []
    return [
        Question(
            key=key(grid.name, None, PAYEE),
            sheet=grid.name,
            asks="These are costs of campaigns, and no column says who was paid. Which platform or agency was it?",
            choices=(),
        )
    ]


def payee_said(grid: Grid, picks: Mapping[str, Pick], options: ReadOptions) -> dict[str, str]:
    """The answer on who was paid for the lines of a sheet, as a decision's extra keeps it; empty where none is."""
    told = dict(options.answers).get(key(grid.name, None, PAYEE), "").strip()
    return {PAYEE: told} if told and "supplier" not in picks else {}


def with_payee(batch: Sequence[SpendRow], decision: SheetDecision) -> Sequence[SpendRow]:
    """The lines, with who was paid where they name nobody: as said for the layout, or for this statement alone."""
    extra = dict(decision.extra)
    payee = extra.get(PAYEE) or extra.get(SENT_BY)
    if not isinstance(payee, str):
        return batch
    lines = SpendLines.of(batch)
    return lines.with_column("supplier", [name or payee for name in lines.column("supplier")])
