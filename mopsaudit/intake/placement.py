"""Placing stored lines anew after a decision or a rule changed, with their parts and the kept summaries.

A person's placing of a single line stays, and payments and transfers are nobody's spend; everything else stands where
decision, alias, rule and matcher put it, as if it were imported now.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Label, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from mopsaudit.intake.booking import Rates
from mopsaudit.intake.bulk import select_in, update_rows
from mopsaudit.intake.identity import folded
from mopsaudit.intake.line_facts import FACTS, asked_facts, facts_of
from mopsaudit.intake.loans import LENT, lacks_own_supplier, lend_details, lent_suppliers
from mopsaudit.intake.match import PatternKind
from mopsaudit.intake.patterns import PatternError, compiled
from mopsaudit.intake.placing import NOWHERE, Facts, KnownSupplier, Place, Rules, known, place
from mopsaudit.intake.splits import divide
from mopsaudit.intake.summaries import Deltas
from mopsaudit.settings import Settings
from mopsaudit.store.ledger import LinePart, MatchRule, SpendLine, Supplier, SupplierSpelling
from mopsaudit.words import SpendType


def any_movable() -> ColumnElement[bool]:
    """Lines decisions and rules place: not those a person placed by hand, nor payments and transfers."""
    return and_(
        SpendLine.edited_by_id.is_(None),
        or_(SpendLine.spend_type.is_(None), SpendLine.spend_type != SpendType.NOT_SPEND.value),
    )


def movable(supplier_id: int) -> ColumnElement[bool]:
    """Those of one supplier; not lines it is lent to by their pair."""
    return and_(SpendLine.supplier_id == supplier_id, ~lacks_own_supplier(SpendLine.id), any_movable())


def place_again(session: Session, supplier_ids: Iterable[int], settings: Settings) -> int:
    """Place all lines of these suppliers anew, with the summaries; how many lines they have."""
    rules = Rules.stored(session)
    rates = Rates(session, settings.base_currency)
    deltas = Deltas()
    count = 0
    placed = list(supplier_ids)
    for supplier_id in placed:
        supplier = session.get_one(Supplier, supplier_id)
        condition = movable(supplier_id)
        deltas.take_where(session, condition)
        count += _place_lines(session, supplier, rules, rates, condition)
        session.flush()
        deltas.put_where(session, condition)
    deltas.write(session)
    session.expire_all()
    lend_details(session, suppliers=placed)
    return count


def _place_lines(
    session: Session, supplier: Supplier, rules: Rules, rates: Rates, condition: ColumnElement[bool]
) -> int:
    facts = known(supplier)
    quiet = {"synchronize_session": False}
    parted = select(SpendLine.id).where(condition, SpendLine.split.is_(True))
    session.execute(delete(LinePart).where(LinePart.line_id.in_(parted)).execution_options(**quiet))
    if facts.settled != "open" or not rules:
        where = place(facts, rules, _no_facts)
        done = session.execute(
            update(SpendLine).where(condition).values(**_columns(where)).execution_options(**quiet)
        )
        if where.split:
            ids = list(session.scalars(select(SpendLine.id).where(condition).order_by(SpendLine.id)))
            divide(session, ids, rates)
        return int(done.rowcount)  # type: ignore[attr-defined]
    rows = [
        (*_columns(place(facts, rules, lambda line=line: facts_of(line))).values(), line.id)  # type: ignore[misc]
        for line in session.execute(select(*FACTS).where(condition).order_by(SpendLine.id))
    ]
    _write(session, rows)
    return len(rows)


def _write(session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
    table: Any = SpendLine.__table__
    update_rows(session, table, tuple(_columns(Place(None, None, "none"))), rows)


def _no_facts() -> Facts:
    raise AssertionError("a settled supplier needs no facts")


def _columns(where: Place) -> dict[str, Any]:
    return {
        "tool_id": where.tool_id,
        "spend_type": where.spend_type,
        "method": where.method,
        "rule_id": where.rule_id,
        "split": where.split,
    }


@dataclass(frozen=True, slots=True)
class Move:
    """A line that a change of the rules places elsewhere."""

    line_id: int
    before: Place
    after: Place


_STANDING = (
    SpendLine.tool_id,
    SpendLine.spend_type,
    SpendLine.method,
    SpendLine.rule_id,
    SpendLine.split,
)


def touched_lines(
    session: Session,
    rules: Sequence[MatchRule],
    *,
    settled: bool = False,
    within: ColumnElement[bool] | None = None,
) -> Iterator[Any]:
    """Rows (:data:`FACTS` and where each line stands) of lines that any of these rules may hold for, or placed.

    Only lines no decision holds, unless ``settled``; ``within`` is a further condition on lines. A rule that asks for a
    supplier is not asked about the others' lines, so this reads far less than the ledger.
    """
    query = select(*FACTS, *_STANDING).where(any_movable()).order_by(SpendLine.id)
    if within is not None:
        query = query.where(within)
    named = query.where(~lacks_own_supplier(SpendLine.id))
    yield from select_in(session, named, SpendLine.supplier_id, _suppliers(session, rules, settled=settled))
    nameless = query.where(or_(SpendLine.supplier_id.is_(None), lacks_own_supplier(SpendLine.id)))
    if any(_may_hold(rule, "") for rule in rules):
        yield from session.execute(nameless)
    else:
        yield from session.execute(
            nameless.where(SpendLine.rule_id.in_([rule.id for rule in rules if rule.id]))
        )


def touched_groups(
    session: Session, rules: Sequence[MatchRule], within: ColumnElement[bool]
) -> Iterator[Any]:
    """The lines any of these rules may hold for, counted: one row (``asked_facts``, ``method``, ``placed`` where it is
    on a tool, ``lines``) for all lines that fare equally by these rules. Lines of settled suppliers too.
    """
    columns = asked_facts(rules)
    placed = SpendLine.tool_id.is_not(None)
    grouping = [column for column in columns if not isinstance(column, Label)]
    query = (
        select(*columns, SpendLine.method, placed.label("placed"), func.count().label("lines"))
        .where(any_movable(), within)
        .group_by(*grouping, SpendLine.method, placed)
        .order_by(SpendLine.supplier_id, SpendLine.supplier_text, SpendLine.method)
    )
    yield from select_in(session, query, SpendLine.supplier_id, _suppliers(session, rules, settled=True))
    if any(_may_hold(rule, "") for rule in rules):
        yield from session.execute(query.where(SpendLine.supplier_id.is_(None)))


def _suppliers(session: Session, rules: Sequence[MatchRule], *, settled: bool) -> list[int]:
    query = (
        select(SupplierSpelling.supplier_id, SupplierSpelling.raw)
        .join(Supplier, Supplier.id == SupplierSpelling.supplier_id)
        .order_by(SupplierSpelling.supplier_id)
    )
    if not settled:
        query = query.where(Supplier.settled == "open")
    found: set[int] = set()
    for supplier_id, raw in session.execute(query):
        text = folded(raw) or ""
        if supplier_id not in found and any(_may_hold(rule, text) for rule in rules):
            found.add(supplier_id)
    return sorted(found)


def _may_hold(rule: MatchRule, text: str) -> bool:
    try:
        return compiled(rule.pattern, glob=rule.pattern_kind == PatternKind.GLOB).holds(text)
    except PatternError:
        return False


def suppliers_by_id(session: Session, ids: Iterable[int | None]) -> dict[int | None, KnownSupplier]:
    """What placing knows of suppliers."""
    wanted = sorted({each for each in ids if each is not None})
    return {
        supplier.id: known(supplier)
        for (supplier,) in select_in(session, select(Supplier), Supplier.id, wanted)
    }


def moves(
    session: Session, rules: Sequence[MatchRule], touched: Sequence[MatchRule]
) -> Iterator[tuple[Any, Move]]:
    """Lines that stand elsewhere once ``rules`` hold instead of those they were placed by; nothing is written.

    ``touched`` are the rules that differ, in their old and their new wording.
    """
    lines = list(touched_lines(session, touched))
    known_suppliers = suppliers_by_id(session, (line.supplier_id for line in lines))
    lent = lent_suppliers(session)
    asked = Rules(rules)
    for line in lines:
        # What is lent to a line is not where it was placed.
        before = (
            NOWHERE
            if line.method == LENT
            else Place(line.tool_id, line.spend_type, line.method, line.rule_id, line.split)
        )
        supplier = None if line.id in lent else known_suppliers.get(line.supplier_id)
        after = place(supplier, asked, lambda line=line: facts_of(line))  # type: ignore[misc]
        if after != before:
            yield line, Move(line.id, before, after)


def place_by_rules(session: Session, rules: Sequence[MatchRule], touched: Sequence[MatchRule]) -> int:
    """Place every line that a change of the rules concerns, with the summaries; how many moved."""
    found = [move for _, move in moves(session, rules, touched)]
    ids = [move.line_id for move in found]
    deltas = Deltas()
    deltas.take(session, ids)
    _write(session, [(*_columns(move.after).values(), move.line_id) for move in found])
    deltas.put(session, ids)
    deltas.write(session)
    session.expire_all()
    lend_details(session, lines=ids)
    return len(ids)
