"""What may be asked of the columns of spend lines beside a :class:`LineFilter`: words, a value, a range, nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, false, func, or_, select

from mopsaudit.facts.credits import CREDITED, CREDITS, tied_lines
from mopsaudit.money import CURRENCIES, exponent
from mopsaudit.scope import Scope
from mopsaudit.store.models import Import, ImportSheet, Sighting, Supplier, Tool

#: No sum of money is beyond it; a column of the database holds no more.
_MOST: Final = Decimal(9_000_000_000_000_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing asked of a column of :data:`ASKED`: ``empty``, else a range, else ``text`` (``exact``: just that).

    ``low`` and ``high`` are included unless ``*_open``: days of ``booked``, whole units of money of ``amount`` (in each
    line's own currency) and ``base`` (in the currency of the scope).
    """

    column: str
    empty: bool = False
    text: str = ""
    exact: bool = False
    low: Decimal | date | None = None
    high: Decimal | date | None = None
    low_open: bool = False
    high_open: bool = False


def keeping(
    statement: Select[Any], piece: Subquery, groups: Sequence[Sequence[Condition]], scope: Scope
) -> Select[Any]:
    """Of the pieces those for which any condition of each group holds. The scope's currency is the one of ``base``."""
    for group in groups:
        statement = statement.where(or_(*(ASKED[each.column](piece.c, each, scope) for each in group)))
    return statement


def _words(columns: Sequence[Any], asked: Condition) -> ColumnElement[bool]:
    """Text in one of several columns; empty where all of them are."""
    if asked.empty:
        return and_(*(or_(each.is_(None), each == "") for each in columns))
    text = asked.text.casefold()
    if asked.exact:
        return or_(*(func.lower(each) == text for each in columns))
    return or_(*(func.lower(each).contains(text, autoescape=True) for each in columns))


def _range(column: Any, asked: Condition, of: Callable[[Any, str], Any]) -> ColumnElement[bool]:
    if asked.empty:
        found: ColumnElement[bool] = column.is_(None)
        return found
    parts: list[ColumnElement[bool]] = [column.is_not(None)]
    if asked.low is not None:
        parts.append(
            column > of(asked.low, ROUND_FLOOR) if asked.low_open else column >= of(asked.low, ROUND_CEILING)
        )
    if asked.high is not None:
        parts.append(
            column < of(asked.high, ROUND_CEILING)
            if asked.high_open
            else column <= of(asked.high, ROUND_FLOOR)
        )
    return and_(*parts)


def _supplier(column: Any, asked: Condition, _: Scope) -> ColumnElement[bool]:
    """The settled name or the one printed; empty where there is neither."""
    if asked.empty:
        return and_(column.supplier_id.is_(None), _words((column.supplier_text,), asked))
    named = select(Supplier.id).where(_words((Supplier.name,), asked))
    return or_(column.supplier_id.in_(named), _words((column.supplier_text,), asked))


def _tool(column: Any, asked: Condition, _: Scope) -> ColumnElement[bool]:
    """The name of the tool a line counts on: of a merged one the head's."""
    if asked.empty:
        found: ColumnElement[bool] = column.tool_id.is_(None)
        return found
    heads = (
        select(Tool.id).where(_words((Tool.name,), asked), Tool.merged_into_id.is_(None)).cte("named_heads")
    )
    below = heads.union(select(Tool.id).join(heads, Tool.merged_into_id == heads.c.id))
    return column.tool_id.in_(select(below.c.id))  # type: ignore[no-any-return]


def _amount(column: Any, asked: Condition, _: Scope) -> ColumnElement[bool]:
    """Money in the line's own currency, whose minor unit says how many there are to one."""
    by_digits: dict[int, list[str]] = {}
    for code in sorted(CURRENCIES):
        by_digits.setdefault(exponent(code), []).append(code)
    return or_(
        *(
            and_(column.currency.in_(codes), _range(column.amount_minor, asked, _units(digits)))
            for digits, codes in sorted(by_digits.items())
        )
    )


def _base(column: Any, asked: Condition, scope: Scope) -> ColumnElement[bool]:
    return _range(column.base_minor, asked, _units(exponent(scope.currency)))


def _units(digits: int) -> Callable[[Any, str], int]:
    """Whole minor units on the side of the bound that keeps its meaning."""

    def of(value: Any, rounding: str) -> int:
        clamped = max(-_MOST, min(Decimal(value).scaleb(digits), _MOST))
        return int(clamped.to_integral_value(rounding=rounding))

    return of


def _text_of(name: str) -> Callable[[Any, Condition, Scope], ColumnElement[bool]]:
    return lambda column, asked, _: _words((column[name],), asked)


def _placed(column: Any, asked: Condition, _: Scope) -> ColumnElement[bool]:
    """How a line was placed: the words are its methods', a person's hand and a rule before what the matcher did."""
    by_hand, by_rule = column.edited_by_id.is_not(None), column.rule_id.is_not(None)
    method = case((by_hand, "person"), (by_rule, "rule"), else_=func.coalesce(column.method, "none"))
    if asked.empty:
        return method == "none"
    text = asked.text.casefold()
    return method == text if asked.exact else method.contains(text, autoescape=True)


def _origin(column: Any, asked: Condition, _: Scope) -> ColumnElement[bool]:
    """The file or sheet of any living sighting; empty where a line has none."""
    seen = select(Sighting.line_id).where(Sighting.living)
    if asked.empty:
        return column.line_id.not_in(seen)  # type: ignore[no-any-return]
    named = (
        seen.join(Import, Import.id == Sighting.import_id)
        .join(ImportSheet, ImportSheet.id == Sighting.sheet_id)
        .where(_words((Import.file_name, ImportSheet.name), asked))
    )
    return column.line_id.in_(named)  # type: ignore[no-any-return]


def _credit(column: Any, asked: Condition, scope: Scope) -> ColumnElement[bool]:
    """Which half of a tie the line is, or a part of the other half's number; empty where it is neither."""
    if asked.empty:
        return and_(*(column.line_id.not_in(tied_lines(scope, half)) for half in (CREDITS, CREDITED)))
    text = asked.text.casefold()
    halves = [half for half in (CREDITS, CREDITED) if (text == half if asked.exact else text in half)]
    found = [tied_lines(scope, half) for half in halves]
    if not asked.exact:
        found += [tied_lines(scope, half, other=text) for half in (CREDITS, CREDITED) if half not in halves]
    return or_(false(), *(column.line_id.in_(each) for each in found))


#: What can be asked → the condition on the pieces.
ASKED: Final[Mapping[str, Callable[[Any, Condition, Scope], ColumnElement[bool]]]] = {
    "booked": lambda column, asked, _: _range(column.booked_on, asked, lambda day, _rounding: day),
    "supplier": _supplier,
    "tool": _tool,
    "amount": _amount,
    "base": _base,
    "type": _text_of("spend_type"),
    "description": _text_of("description"),
    "reference": _text_of("reference"),
    "credit": _credit,
    "cost_centre": _text_of("cost_centre"),
    "placed": _placed,
    "origin": _origin,
}
