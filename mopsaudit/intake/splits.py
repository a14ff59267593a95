"""Dividing a supplier's lines over several tools; the parts of a line sum to it to the minor unit.

The splits of a supplier follow each other in time. What held before the first of them is kept as one too: ``whole`` for
what a person had decided, ``matched`` for what matcher and rules had said, so that a split from a day on leaves earlier
lines, also those imported later, where they were.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mopsaudit.intake.booking import Rates
from mopsaudit.intake.bulk import insert_rows, select_in
from mopsaudit.intake.line_facts import FACTS, facts_of
from mopsaudit.intake.patterns import PatternError, compiled
from mopsaudit.intake.placing import Rules
from mopsaudit.intake.summaries import Deltas
from mopsaudit.money import split_exact
from mopsaudit.periods import month_start
from mopsaudit.store.ledger import LinePart, SpendLine, SplitPart, SplitRule
from mopsaudit.words import SpendType

#: How a split divides: what a person chooses, and the two that keep what held before the first one.
BASES: Final = ("percent", "contract", "seats", "description")
WHOLE: Final = "whole"
MATCHED: Final = "matched"

#: A split with its parts, as dividing needs them.
Split = tuple[SplitRule, list[SplitPart]]


def divide_lines(session: Session, line_ids: Sequence[int], rates: Rates) -> None:
    """Write the parts of lines whose supplier is split, and add them to the summaries.

    A line of a day no rule holds for, or whose description fits none of the rule's patterns, is one part with no tool.
    """
    if not line_ids:
        return
    divide(session, line_ids, rates)
    deltas = Deltas()
    deltas.put(session, line_ids)
    deltas.write(session)


def divide(session: Session, line_ids: Sequence[int], rates: Rates) -> None:
    """Write the parts anew, without touching the summaries: the caller gathers them before and after."""
    table: Any = LinePart.__table__
    for start in range(0, len(line_ids), 5_000):
        session.execute(delete(LinePart).where(LinePart.line_id.in_(line_ids[start : start + 5_000])))
    query = select(*FACTS, SpendLine.amount_minor, SpendLine.unit_id).order_by(SpendLine.id)
    lines = list(select_in(session, query, SpendLine.id, line_ids))
    splits = splits_of(session, {line.supplier_id for line in lines})
    rules = Rules.stored(session)
    rows = []
    for line in lines:
        split = holding(splits.get(line.supplier_id, ()), line.booked_on, line.month)
        for tool_id, spend_type, minor in _pieces(split, line, rules):
            base = rates.base_of(minor, line.currency, line.booked_on, line.month)
            rows.append((line.id, tool_id, line.unit_id, spend_type, minor, base))
    columns = ("line_id", "tool_id", "unit_id", "spend_type", "amount_minor", "base_minor")
    insert_rows(session, table, columns, rows)


def holding(splits: Sequence[Split], day: date | None, month: int | None) -> Split | None:
    """The split that holds on a day, or on the first of a stated month; of several the newest, listed first.

    A line without either is of no day: only what holds without bounds, else what held before the first split, takes it.
    """
    when = day or (None if month is None else month_start(month))
    for split in splits:
        rule = split[0]
        if when is None:
            if rule.valid_from is None:
                return split
            continue
        begun = rule.valid_from is None or rule.valid_from <= when
        if begun and (rule.valid_until is None or rule.valid_until > when):
            return split
    return None


def _pieces(split: Split | None, line: Any, rules: Rules) -> list[tuple[int | None, str | None, int]]:
    if (split is None or split[0].basis == MATCHED) and rules:
        rule = rules.first(facts_of(line))
        if rule is not None:
            return [(rule.tool_id, rule.spend_type or SpendType.SOFTWARE.value, line.amount_minor)]
    return pieces_of(split, line.amount_minor, line.description)


def splits_of(session: Session, suppliers: set[int | None]) -> dict[int | None, list[Split]]:
    """The splits of suppliers, the newest first."""
    parts: dict[int, list[SplitPart]] = defaultdict(list)
    wanted = sorted(supplier for supplier in suppliers if supplier is not None)
    for (part,) in select_in(
        session,
        select(SplitPart)
        .join(SplitRule, SplitRule.id == SplitPart.rule_id)
        .order_by(SplitPart.rule_id, SplitPart.id),
        SplitRule.supplier_id,
        wanted,
    ):
        parts[part.rule_id].append(part)
    rules: dict[int | None, list[Split]] = defaultdict(list)
    # The newest rule that holds wins.
    newest = select(SplitRule).order_by(SplitRule.supplier_id, SplitRule.id.desc())
    for (rule,) in select_in(session, newest, SplitRule.supplier_id, wanted):
        rules[rule.supplier_id].append((rule, parts[rule.id]))
    return rules


def says(pattern: str, description: str) -> bool:
    """Whether a description fits: a pattern with ``*``, ``?`` or ``[`` as a whole, plain words anywhere in it."""
    text = " ".join(pattern.split())
    if not any(sign in text for sign in "*?["):
        return text.casefold() in " ".join(description.split()).casefold()
    try:
        return compiled(text, glob=True).holds(" ".join(description.split()))
    except PatternError:
        return False


def pieces_of(
    split: Split | None, minor: int, description: str | None
) -> list[tuple[int | None, str | None, int]]:
    """Tool, spend type and amount of each part of a line; they sum to ``minor`` whatever its sign and currency.

    By shares or weights with the largest remainder; by description all of it to the first part it fits, and to no tool
    where it fits none.
    """
    if split is None or not split[1]:
        return [(None, None, minor)]
    rule, parts = split
    if rule.basis == "description":
        for part in parts:
            if part.description_pattern and says(part.description_pattern, description or ""):
                return [(part.tool_id, part.spend_type, minor)]
        return [(None, None, minor)]
    weights = [part.share_ppm or 0 if part.weight is None else part.weight for part in parts]
    amounts = split_exact(minor, weights)
    return [(part.tool_id, part.spend_type, amount) for part, amount in zip(parts, amounts, strict=True)]
