"""Statements of account as one supplier sends them: bills, credit notes and payments, and nobody named on any line."""

import re
from collections.abc import Sequence
from typing import Final

from importers.ad_reports import PAYEE, SENT_BY, payee_said, without_supplier
from importers.grid import Grid, key
from importers.not_spend import credit_kind, invoice_kind, payment_kind
from importers.spend_columns import Pick
from importers.spend_evidence import company_share
from importers.table import ColumnFacts, Header, best_field
from importers.texts import fold
from importers.vendor_bills import bills_of_one
from mopsaudit.intake.contract import Question, ReadOptions

#: Of the texts of a column, from how many on that are companies the column may name who was paid.
_COMPANIES: Final = 0.25
#: What the reader says of a column it took for the suppliers' for want of a better one.
_FOR_WANT: Final = ("is taken for it", "its texts do")
#: The same, where texts looked like companies: products are called after theirs.
_BY_CELLS: Final = (*_FOR_WANT, "its names do")
#: Kinds of lines that only a vendor's own list of what it billed names beside payments.
_BILLED_KIND: Final = re.compile(
    r"(?:ads?|advertising|media|campaign)[ -]?(?:spend|charges?|costs?)|usage(?: charges?)?|"
    r"subscription(?: (?:fees?|charges?))?|promotional credits?|vat|gst|hst|sales tax|mwst\.?|ust\.?|tva|iva|btw|moms",
    re.IGNORECASE,
)


def nobody_named(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, Pick],
    options: ReadOptions,
    reasons: list[str],
    questions: list[Question],
) -> list[Question]:
    """The questions on a sheet, with one on who was paid where it is an advertising platform's list or one supplier's
    statement; what was taken for the supplier describes the line then.
    """
    asked = without_supplier(grid, header, picks, options, reasons)
    taken = picks.get("supplier")
    if not asked and taken is not None and bills_of_one(grid, header, taken, reasons, _BY_CELLS):
        return _billed(grid, picks, options, reasons, questions)
    if asked or not _sent_by_one(header, facts, picks, reasons):
        return [*questions, *asked]
    taken = picks.pop("supplier", None)
    if taken is not None:
        picks.setdefault("description", taken)
        reasons[:] = [reason for reason in reasons if not reason.endswith(_FOR_WANT)]
    kept = [question for question in questions if not question.key.endswith("supplier_column")]
    if sent_by(grid, picks, options):
        return kept
    return [
        *kept,
        Question(
            key=key(grid.name, None, SENT_BY),
            sheet=grid.name,
            asks="This is a statement of account: bills and what was paid of them, and no column names whose. "
            "Which supplier sent it?",
            choices=(),
        ),
    ]


def _billed(
    grid: Grid,
    picks: dict[str, Pick],
    options: ReadOptions,
    reasons: list[str],
    questions: list[Question],
) -> list[Question]:
    """The questions on one vendor's bill: who that is, and nothing of a column of suppliers."""
    described = picks.pop("supplier")
    picks.setdefault("description", described)
    reasons[:] = [reason for reason in reasons if not reason.endswith(_BY_CELLS)]
    kept = [question for question in questions if not question.key.endswith("supplier_column")]
    if payee_said(grid, picks, options):
        return kept
    return [
        *kept,
        Question(
            key=key(grid.name, None, PAYEE),
            sheet=grid.name,
            asks=f"The lines name what was bought (“{described.heading}”), and no column says who billed it. "
            "Whose bill is it?",
            choices=(),
        ),
    ]


def sent_by(grid: Grid, picks: dict[str, Pick], options: ReadOptions) -> dict[str, str]:
    """The answer on whose statement this is, as a decision's extra keeps it; empty where none is."""
    told = dict(options.answers).get(key(grid.name, None, SENT_BY), "").strip()
    return {SENT_BY: told} if told and "supplier" not in picks else {}


def _sent_by_one(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], reasons: Sequence[str]
) -> bool:
    """Whether a column tells bills from payments or credit notes, a balance is carried on, and no column is headed by
    suppliers or holds companies.
    """
    taken = picks.get("supplier")
    if taken is not None and not any(reason.endswith(_FOR_WANT) for reason in reasons):
        return False
    if taken is not None and company_share(facts[taken.column]) >= _COMPANIES:
        return False
    kinds = [facts[column] for column, match in enumerate(header.matches) if match.get("_type")]
    if any(_bills_itself(fact) for fact in kinds):
        return True
    if not any(best_field(match)[0] == "_balance" for match in header.matches):
        return False
    return any(_tells_bills(fact) for fact in kinds)


def _bills_itself(facts: ColumnFacts) -> bool:
    """Whether kinds of lines are payments beside what only the vendor itself would list: its charges and their tax."""
    texts = [fold(text) for text in facts.texts]
    return any(map(payment_kind, texts)) and any(map(_BILLED_KIND.fullmatch, texts))


def _tells_bills(facts: ColumnFacts) -> bool:
    texts = list(facts.texts)
    bills = [text for text in texts if invoice_kind(text)]
    return bool(bills) and any(payment_kind(text) or credit_kind(text) for text in texts)
