"""Rows of a plan that are revenue: told by a column of sides, by the heading of their section, or by their own name.

A budget is a plan of costs. A city's or a company's whole plan holds what comes in as well, in the same column of
amounts; their sum would be no plan of anything.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, NamedTuple

from importers.amounts import Shape, amount_text, printed_number
from importers.grid import Cell, Grid, key
from importers.result_rows import RESULT
from importers.spend_plan import Proposal
from importers.table import headings_of, same_texts, span
from importers.texts import fold
from importers.total_words import Says, says_total
from mopsaudit.intake.contract import Choice, Question, SheetDecision

_IN: Final = (
    r"revenues?|income|receipts?|turnover|einnahmen?|erträge?|ertrag|erlöse?|umsatz(?:erlöse)?|recettes?|produits|"
    r"chiffre d.affaires|ingresos?|entrat[ae]|ricavi|inkomsten|opbrengst(?:en)?|baten|receitas?|intäkt(?:er)?|"
    r"inntekt(?:er)?|indtægt(?:er)?|przychody|dochody|výnosy|příjmy|tulot"
)
_OUT: Final = (
    r"expenses?|expenditures?|exp|costs?|spend(?:ing)?|outgoings?|opex|capex|aufwand|aufwendungen|ausgaben?|kosten|"
    r"dépenses?|charges|gastos?|cost[io]|spes[ae]|uitgaven|lasten|despesas?|kostnad(?:er)?|utgift(?:er)?|udgift(?:er)?|"
    r"wydatki|koszty|náklady|výdaje|menot"
)
_FLOW_IN: Final = re.compile(
    r"in|(?:in|cash in)flows?|incoming|(?:cash|money) in|einzahlung(?:en)?|encaissements?|entrées?|entradas?|ingaand",
    re.IGNORECASE,
)
_FLOW_OUT: Final = re.compile(
    r"out|(?:out|cash out)flows?|outgoing|(?:cash|money) out|auszahlung(?:en)?|décaissements?|sorties?|salidas?|"
    r"uscit[ae]|uitgaand",
    re.IGNORECASE,
)
_SIDE_IN: Final = re.compile(rf"(?:total |other |operating )?(?:{_IN}|rev)|[ri]", re.IGNORECASE)
_SIDE_OUT: Final = re.compile(rf"(?:total |other |operating )?(?:{_OUT})|[ex]", re.IGNORECASE)
_SECTION: Final = re.compile(
    rf"(?:total |operating |other |departmental |department |gross |estimated |all )*(?:{_IN})|"
    r"sources? of (?:finance|financing|funds|funding|revenue|income)|(?:financed|funded) (?:by|from)|financing|funding|"
    r"where the money comes from|finanziert durch|financé par",
    re.IGNORECASE,
)
_NAME: Final = re.compile(
    rf"(?:(?:other|total|net|gross|sales|operating|rental|interest|investment|grants?|fees?|miscellaneous|subscription|"
    rf"services?|advertising|sponsorship|sonstige) )*(?:{_IN})(?: (?:received|from .+))?|grants? received|"
    rf"less:? .*\b(?:grants?|rates|{_IN})\b.*|"
    r"\w*(?:收入|收益|売上高?|収入|収益|매출액?|수입|수익)",
    re.IGNORECASE,
)
#: A total of what comes in, whose lines are revenue whatever they are called.
_TOTAL_OF: Final = re.compile(
    rf"(?:total|sum|summe|gesamt|somme|suma|totale|totaal|subtotal)(?: (?:of|der|des|de|dei|van))? (?:\w+ )?(?:{_IN})",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"^[0-9][0-9.-]{1,11}\s*[-–·:]*\s+|\s*\([0-9.-]{2,12}\)$")
_SALES: Final = re.compile(r"(?:net |gross |product |total )*sales", re.IGNORECASE)


class Revenue(NamedTuple):
    """The rows (indexes) of a plan that read as revenue, and what says so in the first of them."""

    rows: frozenset[int]
    says: str


def _label(row: Sequence[Cell], amounts: set[int]) -> str:
    return (
        next(
            (
                text
                for column, value in enumerate(row)
                if column not in amounts
                and isinstance(value, str)
                and (text := fold(value))
                and amount_text(text) is None
            ),
            "",
        )
        .rstrip(":")
        .strip()
    )


def _named(label: str) -> str:
    """A label without the number of its account (``Sales (200)``, ``4000 · Sales``)."""
    return _NUMBERED.sub("", label).strip() or label


def revenue_of(proposal: Proposal, decision: SheetDecision) -> Revenue | None:
    """The rows that read as revenue in a sheet of a plan, or None."""
    choice = decision.column("amount")
    if choice is None:
        return None
    grid = proposal.grid
    first, last = span(choice)
    amounts = set(range(first, last + 1))
    start = grid.position(decision.first_row)
    stop = grid.position(decision.last_row + 1) if decision.last_row is not None else len(grid.rows)
    headings = headings_of(grid, decision)
    filled = [
        index
        for index in range(start, stop)
        if any(column < len(grid.rows[index]) and grid.rows[index][column] is not None for column in amounts)
        and not same_texts(grid.rows[index], headings)
    ]
    for column, heading in enumerate(headings):
        if column in amounts or not heading:
            continue
        found = _by_side(
            {
                index: fold(value).strip()
                for index in filled
                if column < len(grid.rows[index]) and isinstance(value := grid.rows[index][column], str)
            }
        )
        if found:
            return Revenue(frozenset(found), f"“{heading}”")
        if found := _below_nought(grid, filled, column, first, last):
            return Revenue(frozenset(found), f"“{heading}”")
    rows: set[int] = set()
    says, within, sales = "", "", set()
    lines = set(filled)
    for index in range(start, stop):
        label = _named(_label(grid.rows[index], amounts))
        if index not in lines:
            if label and sum(value is not None for value in grid.rows[index]) == 1:
                within = label if _SECTION.fullmatch(label) else ""
            continue
        named = (
            bool(_NAME.fullmatch(label)) and says_total(label) < Says.OUTRIGHT and not RESULT.search(label)
        )
        if (total := _TOTAL_OF.fullmatch(label)) and (parts := _parts_of(grid, filled, index, first, last)):
            rows.update(parts)
            says = says or f"“{total.group()}”"
        if within or named:
            rows.add(index)
            says = says or f"“{within or label}”"
        elif _SALES.fullmatch(label):
            sales.add(index)
    return Revenue(frozenset(rows | sales), says) if rows else None


def _parts_of(grid: Grid, filled: Sequence[int], total: int, first: int, last: int) -> list[int]:
    """The rows (indexes) right above a total that come to it in every column of amounts; empty where none do."""
    whole = _amounts(grid.rows[total], first, last)
    rest = list(whole)
    parts: list[int] = []
    for index in reversed([each for each in filled if each < total]):
        parts.append(index)
        rest = [one - two for one, two in zip(rest, _amounts(grid.rows[index], first, last), strict=True)]
        if not any(rest):
            return parts if any(whole) else []
    return []


def _amounts(row: Sequence[Cell], first: int, last: int) -> list[Decimal]:
    cells = [row[column] if column < len(row) else None for column in range(first, last + 1)]
    marks = [
        parts.shape for cell in cells if isinstance(cell, str) and (parts := amount_text(cell)) is not None
    ]
    mark = "," if Shape.COMMA in marks or (Shape.MAYBE_POINT in marks and Shape.POINT not in marks) else "."
    return [printed_number(cell, mark) or Decimal(0) for cell in cells]


def _below_nought(grid: Grid, filled: Sequence[int], column: int, first: int, last: int) -> set[int]:
    """The rows a column calls income whose amounts are all below nought, where no other row's amounts are."""
    texts = {
        index: fold(value).strip()
        for index in filled
        if column < len(grid.rows[index]) and isinstance(value := grid.rows[index][column], str)
    }
    coming = {index for index, text in texts.items() if len(text) > 1 and _SIDE_IN.fullmatch(text)}
    if not coming or len(coming) == len(filled):
        return set()

    def signs(index: int) -> set[bool]:
        return {amount > 0 for amount in _amounts(grid.rows[index], first, last) if amount}

    below = all(signs(index) == {False} for index in coming)
    return (
        coming if below and all(signs(index) <= {True} for index in filled if index not in coming) else set()
    )


def _by_side(texts: dict[int, str]) -> set[int]:
    """The rows of revenue by a column that says whether each comes in or goes out; empty where it is no such one."""
    kinds = set(texts.values())
    if not 1 <= len(kinds) <= 8:
        return set()
    coming = {text for text in kinds if _SIDE_IN.fullmatch(text)}
    going = {text for text in kinds if _SIDE_OUT.fullmatch(text)}
    if {bool(_FLOW_IN.fullmatch(text)) for text in kinds} == {True, False}:
        outgoing = {text for text in kinds if _FLOW_OUT.fullmatch(text)}
        coming |= {text for text in kinds if outgoing and _FLOW_IN.fullmatch(text)}
        going |= outgoing
    if (
        not coming
        or not (going or coming == kinds)
        or (any(len(text) == 1 for text in coming ^ going) and len(kinds) > 2)
    ):
        return set()
    return {index for index, text in texts.items() if text in coming}


def decide_revenue(proposal: Proposal, decision: SheetDecision, answers: dict[str, str]) -> SheetDecision:
    """What becomes of rows of revenue (``revenue``: *leave* or *keep*), by an answer; asked where there are any."""
    if "revenue" in dict(decision.extra):
        return decision
    found = revenue_of(proposal, decision)
    if found is None:
        return decision
    question = key(proposal.grid.name, None, "revenue")
    answer = answers.get(question)
    if answer in ("leave", "keep"):
        return replace(decision, extra=tuple(sorted({**dict(decision.extra), "revenue": answer}.items())))
    count = len(found.rows)
    first = proposal.grid.numbers[min(found.rows)]
    proposal.questions.append(
        Question(
            key=question,
            sheet=proposal.grid.name,
            asks=f"By {found.says} {count} {'row reads' if count == 1 else 'rows read'} as revenue, the first in row "
            f"{first}. A budget here is a plan of costs. What becomes of "
            f"{'it' if count == 1 else 'them'}?",
            choices=(
                Choice(value="leave", reads="left out: the plan is what will be spent"),
                Choice(value="keep", reads="kept with its amounts as they stand, among the costs"),
            ),
        )
    )
    return decision


def left_out(proposal: Proposal, decision: SheetDecision) -> frozenset[int]:
    """The rows (indexes) a decision leaves out of the plan as revenue."""
    if dict(decision.extra).get("revenue") != "leave":
        return frozenset()
    found = revenue_of(proposal, decision)
    return found.rows if found is not None else frozenset()
