"""Splits a person makes: how a supplier's lines divide over tools, from which day, and what came before.

Weights by contract or seats are taken when the split is made and kept with it, so that a contract that changes later
restates nothing; a person makes a new split from the day the change holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.facts.contracts import running_lines
from mopsaudit.intake.match import PatternKind, pattern_problem
from mopsaudit.intake.placing import known
from mopsaudit.intake.splits import BASES, MATCHED, WHOLE, Split, splits_of
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import SplitPart, SplitRule, Supplier
from mopsaudit.words import SpendType

#: Spend types a part may have: a part is never a payment.
PART_TYPES = tuple(each for each in SpendType if each is not SpendType.NOT_SPEND)
MOST_PARTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a split: a tool (or none) with its spend type, and a share in parts per million, a weight (minor
    units of a yearly price, or seats) or words of the description.
    """

    tool_id: int | None
    spend_type: str = SpendType.SOFTWARE.value
    share_ppm: int | None = None
    weight: int | None = None
    description_pattern: str | None = None


def spend_type_of(value: str | None, allowed: Iterable[SpendType]) -> str:
    """The spend type, when it is one of those allowed.

    Raises:
        InvalidError: when it is not.
    """
    for spend_type in allowed:
        if value == spend_type.value:
            return spend_type.value
    raise InvalidError("Choose a spend type from the list.", "spend_type")


def weighed(session: Session, scope: Scope, parts: Sequence[Part], basis: str, day: date) -> tuple[Part, ...]:
    """The parts with what each tool's contract lines in force on ``day`` cost a year, or how many seats they buy.

    One-off lines are left out. Prices stand in their own currency where all share it, else in the base currency.

    Raises:
        InvalidError: naming the tool without a contract, price, rate or number of seats on that day.
    """
    lines = [each for each in running_lines(session, replace(scope, as_of=day)) if not each.one_off]
    chosen = {part.tool_id for part in parts}
    one_currency = len({each.currency for each in lines if each.tool_id in chosen}) == 1
    found = []
    values: list[int | None]
    for part in parts:
        mine = [each for each in lines if each.tool_id == part.tool_id and part.tool_id is not None]
        if basis == "seats":
            values = [each.seats for each in mine if each.seats is not None]
            what = "number of seats"
        else:
            values = [each.annual_minor if one_currency else each.base_minor for each in mine]
            what = "price" if one_currency else "price in the base currency"
        weight = sum(each or 0 for each in values)
        if weight <= 0 or None in values:
            tool = session.get(Tool, part.tool_id) if part.tool_id else None
            name = tool.name if tool else "A part without a tool"
            raise InvalidError(f"{name} has no contract line with a {what} on {day.isoformat()}.", "parts")
        found.append(replace(part, weight=weight, share_ppm=None))
    return tuple(found)


def keep_split(
    session: Session, supplier: Supplier, parts: Sequence[Part], basis: str | None, from_day: date | None
) -> SplitRule:
    """A new split of a supplier. From its day on it replaces the earlier one; days before stay as they were.

    One part alone ends a split: from that day all of it is one tool.

    Raises:
        InvalidError: too few or many parts, shares that are not above zero or do not sum to 100 %, a part without
            its words or weight, an unknown tool.
    """
    basis = check_split(session, supplier, parts, basis, from_day)
    if supplier.settled != "split":
        _forget(session, supplier.id)
        if from_day is not None:
            _keep_before(session, supplier, from_day)
    for rule in session.scalars(
        select(SplitRule)
        .where(SplitRule.supplier_id == supplier.id, SplitRule.valid_until.is_(None))
        .order_by(SplitRule.id)
    ):
        rule.valid_until = from_day or rule.valid_from or date.min
    rule, kept = draft_split(parts, basis, from_day)
    rule.supplier_id = supplier.id
    session.add(rule)
    session.flush()
    for part in kept:
        part.rule_id = rule.id
    session.add_all(kept)
    session.flush()
    return rule


def draft_split(parts: Sequence[Part], basis: str, from_day: date | None) -> Split:
    """A checked split as it would be stored, belonging to nobody yet."""
    return SplitRule(basis=basis, valid_from=from_day), [
        SplitPart(
            tool_id=part.tool_id,
            spend_type=part.spend_type,
            share_ppm=part.share_ppm if basis == "percent" else None,
            weight=part.weight if basis in ("contract", "seats") else None,
            description_pattern=part.description_pattern if basis == "description" else None,
        )
        for part in parts
    ]


def check_split(
    session: Session, supplier: Supplier, parts: Sequence[Part], basis: str | None, from_day: date | None
) -> str:
    """The basis of a split that may be kept.

    Raises:
        InvalidError: see :func:`keep_split`.
    """
    by_pattern = any(part.description_pattern for part in parts)
    basis = basis or ("description" if by_pattern else "percent")
    if basis not in BASES:
        raise InvalidError("Choose how to split.", "basis")
    for part in parts:
        spend_type_of(part.spend_type, PART_TYPES)
    follows = supplier.settled == "split" and from_day is not None
    if len(parts) < (1 if follows and basis == "percent" else 2):
        raise InvalidError("A split needs at least two parts.", "parts")
    if len(parts) > MOST_PARTS:
        raise InvalidError(f"A split has at most {MOST_PARTS} parts.", "parts")
    for part in parts:
        if part.tool_id is not None:
            tool = session.get(Tool, part.tool_id)
            if tool is None or tool.merged_into_id is not None:
                raise InvalidError("Choose tools from the list.", "parts")
    if basis == "description":
        for part in parts:
            if not (part.description_pattern or "").strip():
                raise InvalidError(
                    "Give every part its words of the description, or every part a share.", "parts"
                )
            problem = pattern_problem(part.description_pattern or "", PatternKind.GLOB)
            if problem is not None:
                raise InvalidError(problem, "parts")
    elif basis == "percent":
        shares = [part.share_ppm or 0 for part in parts]
        if sum(shares) != 1_000_000 or min(shares) <= 0:
            raise InvalidError("The shares of a split are above zero and sum to 100 %.", "parts")
    elif any((part.weight or 0) <= 0 for part in parts):
        raise InvalidError("Every part needs a price or seats above zero.", "parts")
    return basis


def _forget(session: Session, supplier_id: int) -> None:
    """Splits of a time before the supplier was settled otherwise do not come back with a new one."""
    for rule in session.scalars(
        select(SplitRule).where(SplitRule.supplier_id == supplier_id).order_by(SplitRule.id)
    ):
        session.delete(rule)
    session.flush()


def _keep_before(session: Session, supplier: Supplier, from_day: date) -> None:
    """What held until ``from_day``, as a split of one part, so that those days stay as they were."""
    facts = known(supplier)
    decided = facts.settled != "open" or (
        facts.sure and facts.method == "alias" and facts.tool_id is not None
    )
    tool_id, spend_type = facts.tool_id, facts.spend_type
    if facts.settled == "not_marketing":
        spend_type = SpendType.NOT_MARKETING.value
    elif facts.settled == "marketing":
        spend_type = spend_type or SpendType.OTHER_MARKETING.value
    elif facts.settled == "open" and not facts.sure:
        tool_id = spend_type = None
    rule = SplitRule(supplier_id=supplier.id, basis=WHOLE if decided else MATCHED, valid_until=from_day)
    session.add(rule)
    session.flush()
    if tool_id is not None or spend_type is not None:
        session.add(
            SplitPart(
                rule_id=rule.id,
                tool_id=tool_id,
                spend_type=spend_type or SpendType.SOFTWARE.value,
                share_ppm=1_000_000,
            )
        )
    session.flush()


def take_split_back(session: Session, supplier: Supplier, *, was_split: bool) -> None:
    """Undo the newest split: the one before it holds again, or with ``was_split`` false none."""
    rules = [rule for rule, _ in splits_of(session, {supplier.id}).get(supplier.id, [])]
    if not was_split:
        _forget(session, supplier.id)
        return
    newest, earlier = rules[0], rules[1] if len(rules) > 1 else None
    session.delete(newest)
    if earlier is not None:
        earlier.valid_until = None
    session.flush()


def timeline(session: Session, supplier_id: int) -> list[Split]:
    """The splits of a supplier that hold on some day, the newest first, each with its parts."""
    return [
        (rule, parts)
        for rule, parts in splits_of(session, {supplier_id}).get(supplier_id, [])
        if rule.valid_until is None or rule.valid_until > (rule.valid_from or date.min)
    ]
