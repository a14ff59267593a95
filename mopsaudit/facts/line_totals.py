"""What lines add up to without reading each: from the kept summaries wherever they know all that is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, Date, Select, cast, func, null, select
from sqlalchemy.orm import Session

from mopsaudit.facts.line_conditions import Condition, keeping
from mopsaudit.facts.merges import Heads, heads
from mopsaudit.facts.pieces import arms, holding, ledger_pieces, selected_pieces
from mopsaudit.periods import month_end, month_of
from mopsaudit.reporting import LineFilter
from mopsaudit.scope import Scope
from mopsaudit.store.models import LedgerSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTotals:
    """What lines add up to: how many, in the base currency, and by currency what has no rate."""

    count: int
    base_minor: int
    unconverted: tuple[tuple[str, int], ...]


def line_totals(
    session: Session,
    scope: Scope,
    wanted: LineFilter,
    *,
    text: str = "",
    asked: Sequence[Sequence[Condition]] = (),
) -> LineTotals:
    """The totals of :func:`mopsaudit.facts.lines.lines_of`: from the kept summaries where they know all that is asked.

    They do not know single days: of the month the scope's day cuts, lines themselves are summed.
    """
    merged = heads(session)
    if text or asked or wanted.line_ids or wanted.import_ids or wanted.rule_ids or wanted.unconverted:
        pieces = ledger_pieces()
        found = keeping(selected_pieces(pieces, scope, wanted, merged), pieces, asked, scope)
        found = holding(found, pieces, text)
        return _totals(session, (_of_lines(found),))
    month = month_of(scope.as_of)
    if scope.as_of == month_end(month):
        return _totals(session, (_of_summaries(scope, wanted, merged),))
    bounded = wanted.month_from is not None or wanted.month_until is not None
    until = month if wanted.month_until is None else min(month, wanted.month_until)
    only_undated = wanted.undated and not bounded
    before = (
        wanted if only_undated else replace(wanted, month_until=until, undated=wanted.undated or not bounded)
    )
    parts = [_of_summaries(scope, before, merged)]
    first = month if wanted.month_from is None else max(month, wanted.month_from)
    last = month + 1 if wanted.month_until is None else min(month + 1, wanted.month_until)
    if first < last and not only_undated:
        within = replace(wanted, month_from=first, month_until=last, undated=False)
        parts += [_of_lines(selected_pieces(arm.subquery("piece"), scope, within, merged)) for arm in arms()]
    return _totals(session, parts)


def _of_lines(found: Select[Any]) -> Select[Any]:
    column = found.subquery("selected").c
    return (
        select(
            column.currency,
            func.count(),
            func.coalesce(func.sum(column.base_minor), 0),
            func.coalesce(func.sum(column.amount_minor).filter(column.base_minor.is_(None)), 0),
        )
        .group_by(column.currency)
        .order_by(column.currency)
    )


def _of_summaries(scope: Scope, wanted: LineFilter, merged: Heads) -> Select[Any]:
    names = (
        "tool_id",
        "unit_id",
        "spend_type",
        "supplier_id",
        "month",
        "currency",
        "cost_centre",
        "gl_account",
    )
    sums = ("lines", "base_minor", "unconverted_minor")
    # Typed, since PostgreSQL takes an untyped nothing for text and will not compare it with a day.
    unasked = (
        cast(null(), kind).label(name)
        for name, kind in (("booked_on", Date), ("line_id", BigInteger), ("rule_id", BigInteger))
    )
    kept = select(*(getattr(LedgerSummary, name) for name in (*names, *sums)), *unasked).subquery("piece")
    column = selected_pieces(kept, scope, wanted, merged).subquery("selected").c
    return (
        select(column.currency, *(func.coalesce(func.sum(column[name]), 0) for name in sums))
        .group_by(column.currency)
        .order_by(column.currency)
    )


def _totals(session: Session, parts: Sequence[Select[Any]]) -> LineTotals:
    count = base = 0
    missing: dict[str, int] = {}
    for part in parts:
        for currency, lines, minor, without in session.connection().execute(part):
            count += int(lines)
            base += int(minor)
            missing[currency] = missing.get(currency, 0) + int(without)
    return LineTotals(
        count=count,
        base_minor=base,
        unconverted=tuple((currency, minor) for currency, minor in sorted(missing.items()) if minor),
    )
