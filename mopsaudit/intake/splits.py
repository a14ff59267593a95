"""Dividing a supplier's lines over several tools; the parts of a line sum to it to the minor unit."""

import fnmatch
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mopsaudit.intake.booking import Rates
from mopsaudit.intake.bulk import insert_rows, select_in
from mopsaudit.intake.summaries import Deltas
from mopsaudit.money import split_exact
from mopsaudit.store.ledger import LinePart, SpendLine, SplitPart, SplitRule


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
    query = select(
        SpendLine.id,
        SpendLine.supplier_id,
        SpendLine.amount_minor,
        SpendLine.currency,
        SpendLine.booked_on,
        SpendLine.month,
        SpendLine.description,
        SpendLine.unit_id,
    ).order_by(SpendLine.id)
    lines = list(select_in(session, query, SpendLine.id, line_ids))
    rules = _rules(session, {line.supplier_id for line in lines})
    rows = []
    for line in lines:
        rule = next(
            (entry for entry in rules.get(line.supplier_id, ()) if _holds(entry[0], line.booked_on)), None
        )
        for tool_id, spend_type, minor in _parts(rule, line.amount_minor, line.description):
            base = rates.base_of(minor, line.currency, line.booked_on, line.month)
            rows.append((line.id, tool_id, line.unit_id, spend_type, minor, base))
    columns = ("line_id", "tool_id", "unit_id", "spend_type", "amount_minor", "base_minor")
    insert_rows(session, table, columns, rows)


def _rules(
    session: Session, suppliers: set[int | None]
) -> dict[int | None, list[tuple[SplitRule, list[SplitPart]]]]:
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
    rules: dict[int | None, list[tuple[SplitRule, list[SplitPart]]]] = defaultdict(list)
    # The newest rule that holds wins.
    newest = select(SplitRule).order_by(SplitRule.supplier_id, SplitRule.id.desc())
    for (rule,) in select_in(session, newest, SplitRule.supplier_id, wanted):
        rules[rule.supplier_id].append((rule, parts[rule.id]))
    return rules


def _holds(rule: SplitRule, day: date | None) -> bool:
    if day is None:
        return rule.valid_from is None and rule.valid_until is None
    begun = rule.valid_from is None or rule.valid_from <= day
    return begun and (rule.valid_until is None or rule.valid_until > day)


def _says(pattern: str, description: str) -> bool:
    """Whether a description fits: a pattern with ``*``, ``?`` or ``[`` as a whole, plain words anywhere in it."""
    if not any(sign in pattern for sign in "*?["):
        return " ".join(pattern.split()).casefold() in " ".join(description.split()).casefold()
    return re.match(fnmatch.translate(pattern), description, re.IGNORECASE) is not None


def _parts(
    rule: tuple[SplitRule, list[SplitPart]] | None, minor: int, description: str | None
) -> list[tuple[int | None, str | None, int]]:
    """Tool, spend type and amount of each part; they sum to ``minor``."""
    if rule is None or not rule[1]:
        return [(None, None, minor)]
    head, parts = rule
    if head.basis == "description":
        for part in parts:
            if part.description_pattern and _says(part.description_pattern, description or ""):
                return [(part.tool_id, part.spend_type, minor)]
        return [(None, None, minor)]
    amounts = split_exact(minor, [part.share_ppm or 0 for part in parts])
    return [(part.tool_id, part.spend_type, amount) for part, amount in zip(parts, amounts, strict=True)]
