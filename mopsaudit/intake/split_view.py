"""Looking at splits: what followed what, and what a new one would move, by tool."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mopsaudit.intake.booking import Rates
from mopsaudit.intake.line_facts import FACTS
from mopsaudit.intake.placement import movable
from mopsaudit.intake.settling import Answer
from mopsaudit.intake.split_plans import check_split, draft_split, timeline
from mopsaudit.intake.splits import MATCHED, WHOLE, Split, holding, pieces_of
from mopsaudit.intake.summaries import summed
from mopsaudit.inventory.edits import fetch
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import LinePart, SpendLine, Supplier

BASIS_WORDS = {
    "percent": "by percent",
    "contract": "by yearly contract price",
    "seats": "by seats bought",
    "description": "by words of the description",
    WHOLE: "not split: as it was decided before",
    MATCHED: "not split: by names and rules",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRow:
    """A split of the timeline in words: basis, half-open days, and its parts (tool, share in words)."""

    basis: str
    valid_from: date | None
    valid_until: date | None
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitEffect:
    """What a split changes in the scope: lines of its days, lines before it that stay, and money by tool.

    ``by_tool`` holds (name, before, after) in base currency minor units over all lines of the supplier.
    """

    lines: int
    staying: int
    by_tool: tuple[tuple[str, int, int], ...]
    unconverted: int


def history_of(session: Session, supplier_id: int) -> tuple[SplitRow, ...]:
    """The splits of a supplier, the newest first; empty while it is not split."""
    supplier = fetch(session, Supplier, supplier_id, "supplier")
    if supplier.settled != "split":
        return ()
    splits = timeline(session, supplier_id)
    names = _names(session)
    return tuple(
        SplitRow(
            basis=BASIS_WORDS.get(rule.basis, rule.basis),
            valid_from=rule.valid_from,
            valid_until=rule.valid_until,
            parts=tuple(
                (_name(names, part.tool_id, part.spend_type), share)
                for part, share in zip(parts, _shares((rule, parts)), strict=True)
            ),
        )
        for rule, parts in splits
    )


def _names(session: Session) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(Tool.id, Tool.name).order_by(Tool.id))}


def _name(names: dict[int, str], tool_id: int | None, spend_type: str | None) -> str:
    words = (spend_type or "").replace("_", " ")
    if tool_id is None:
        return words or "not placed"
    name = names.get(tool_id, "a tool")
    return name if spend_type in (None, "software") else f"{name} ({words})"


def _shares(split: Split) -> list[str]:
    rule, parts = split
    if rule.basis == "description":
        return [f"“{part.description_pattern}”" for part in parts]
    weights = [part.share_ppm or 0 if part.weight is None else part.weight for part in parts]
    total = sum(weights) or 1
    return [f"{weight * 100 / total:.2f} %" for weight in weights]


def preview_split(session: Session, scope: Scope, supplier_id: int, answer: Answer) -> SplitEffect:
    """What keeping this split would change; nothing is written.

    Raises:
        InvalidError: see :func:`split_plans.keep_split`.
    """
    supplier = fetch(session, Supplier, supplier_id, "supplier")
    basis = check_split(session, supplier, answer.parts, answer.basis, answer.from_day)
    draft = draft_split(answer.parts, basis, answer.from_day)
    rates = Rates(session, scope.currency)
    names = _names(session)
    within = SpendLine.unit_id.in_(scope.unit_ids)
    seen = summed(or_(within, SpendLine.unit_id.is_(None)) if scope.whole else within)
    before: dict[str, int] = defaultdict(int)
    after: dict[str, int] = defaultdict(int)
    lines = staying = unconverted = 0
    parts = _parts_now(session, supplier_id)
    for line in session.execute(
        select(
            *FACTS,
            SpendLine.amount_minor,
            SpendLine.base_minor,
            SpendLine.tool_id,
            SpendLine.spend_type,
            SpendLine.split,
        ).where(movable(supplier_id), seen)
    ):
        now = parts.get(line.id, []) if line.split else [(line.tool_id, line.spend_type, line.base_minor)]
        for tool_id, spend_type, base in now:
            before[_name(names, tool_id, spend_type)] += base or 0
        unconverted += line.base_minor is None
        if holding([draft], line.booked_on, line.month) is None:
            staying += 1
            then = now
        else:
            lines += 1
            then = [
                (
                    tool_id,
                    spend_type,
                    rates.base_of(minor, line.currency, line.booked_on, line.month),
                )
                for tool_id, spend_type, minor in pieces_of(draft, line.amount_minor, line.description)
            ]
        for tool_id, spend_type, base in then:
            after[_name(names, tool_id, spend_type)] += base or 0
    every = sorted({*before, *after}, key=lambda name: (-abs(after[name]), -abs(before[name]), name))
    return SplitEffect(
        lines=lines,
        staying=staying,
        by_tool=tuple((name, before[name], after[name]) for name in every),
        unconverted=unconverted,
    )


def _parts_now(
    session: Session, supplier_id: int
) -> dict[int, list[tuple[int | None, str | None, int | None]]]:
    found: dict[int, list[tuple[int | None, str | None, int | None]]] = defaultdict(list)
    for line_id, tool_id, spend_type, base in session.execute(
        select(LinePart.line_id, LinePart.tool_id, LinePart.spend_type, LinePart.base_minor)
        .join(SpendLine, SpendLine.id == LinePart.line_id)
        .where(SpendLine.supplier_id == supplier_id)
        .order_by(LinePart.id)
    ):
        found[line_id].append((tool_id, spend_type, base))
    return found
