"""What the columns that were said to tell it say of a row: who holds a seat of what, who has left."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from importers.account_proof import granted
from importers.grid import Cell, column_index
from importers.spend_plan import Proposal
from importers.texts import fold
from importers.words import heading_words
from mopsaudit.intake.contract import SheetDecision


def seat_said(row: Sequence[Cell], decision: SheetDecision) -> bool | None:
    """Whether the column that was said to tell it says of a row that a seat is held; None where no column does."""
    told = dict(decision.extra).get("seat")
    if not isinstance(told, Mapping) or "column" not in told:
        return None
    column = column_index(str(told["column"]))
    value = row[column] if column < len(row) else None
    said = value > 0 if told.get("counts") and isinstance(value, int | float) else granted(value) is True
    if told.get("counts") and isinstance(value, str):
        said = value.strip().isdecimal() and int(value) > 0
    return said == bool(told["yes"])


def products_held(
    row: Sequence[Cell], headings: Sequence[str], decision: SheetDecision
) -> tuple[str, list[int]] | None:
    """How several columns of a yes or no are read and which of them say yes of a row; None where they are not."""
    told = dict(decision.extra).get("products")
    if not isinstance(told, Mapping) or told.get("reads") not in ("tools", "licences"):
        return None
    columns = [column_index(str(place)) for place in told["columns"]]
    return str(told["reads"]), [
        column
        for column in columns
        if column < len(row) and granted(row[column]) is True and headings[column]
    ]


def names_products(proposal: Proposal) -> bool:
    """Whether the columns of a sheet name its tools, or may, which is asked first."""
    told = dict(proposal.decision.extra).get("products")
    if isinstance(told, Mapping):
        return told.get("reads") == "tools"
    return any(question.key.endswith("products") for question in proposal.questions)


def product_name(heading: str) -> str:
    """What a heading names without the words that it is a licence: *Boards licence* is Boards."""
    words = [
        word
        for word in fold(heading).replace("_", " ").split()
        if not _LICENCE_WORD.intersection(heading_words(word))
    ]
    return " ".join(words) or fold(heading)


_LICENCE_WORD: Final = frozenset("licence licences licensed seat seats user users has access".split())


def with_leaver(row: Sequence[Cell], values: dict[str, Any], decision: SheetDecision) -> dict[str, Any]:
    """A record of a roster, of somebody who has left where the column that was said to tell it says so."""
    if decision.column("status") is None and seat_said(row, decision) is False:
        values["status"] = "left"
    return values
