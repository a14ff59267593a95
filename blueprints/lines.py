"""The way down: the spend lines a figure sums, each with the file, sheet and cell it was read from."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, TypeVar

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from blueprints import filters, links, shell, tables
from blueprints.limits import record_number
from blueprints.navigation import Entry, Group
from mopsaudit.facts.credits import CREDITED, CREDITS, Tie, ties_of
from mopsaudit.facts.lent import Lent, lent_to
from mopsaudit.facts.line_conditions import ASKED, Condition
from mopsaudit.facts.lines import ORDERS, Origin, Piece, Placed, lines_of
from mopsaudit.facts.supplier_spend import out_of_scope
from mopsaudit.facts.values import Bucket
from mopsaudit.facts.wording import listed
from mopsaudit.reporting import Amount, Column, LineFilter, Ref, Row, ValueKind, stated
from mopsaudit.scope import Scope
from mopsaudit.store.session import reading
from mopsaudit.words import SpendType

blueprint = Blueprint("lines", __name__)
navigation = (Entry("lines.index", "Spend lines", Group.MONEY, 60),)

PAGE: Final = 100
EXPORT_LIMIT: Final = 200_000
T = TypeVar("T", int, str)

COLUMNS: Final = (
    Column(key="booked", label="Date", kind=ValueKind.DATE),
    Column(key="supplier", label="Supplier", kind=ValueKind.REF, primary=True),
    Column(key="tool", label="Tool", kind=ValueKind.REF),
    Column(key="amount", label="Amount", kind=ValueKind.MONEY, exact=True),
    Column(key="base", label="In base currency", kind=ValueKind.MONEY, summed=True),
    Column(key="type", label="Spend type", wide=True),
    Column(key="description", label="Description", wide=True),
    Column(key="reference", label="Reference", wide=True),
    Column(key="credit", label="Credit note", kind=ValueKind.REF, wide=True),
    Column(key="cost_centre", label="Cost centre", wide=True),
    Column(key="placed", label="Placed by", kind=ValueKind.REF, wide=True),
    Column(key="service", label="Service", wide=True),
    Column(key="lent", label="Lent by another ledger", kind=ValueKind.REF, wide=True),
    Column(key="origin", label="Origin", kind=ValueKind.REF),
)


#: Columns that stand in sight where a line of the page has a loan.
_LENT: Final = ("service", "lent")
#: What lines are: the choices of their filter.
TYPES: Final = (
    *(
        tables.Choice(value=f"={word}", label=word)
        for word in sorted(each.value.replace("_", " ") for each in SpendType)
    ),
    tables.Choice(value=tables.EMPTY, label=tables.EMPTY),
)
#: How a line was placed, in words.
METHODS: Final = {
    "decision": "a decision",
    "alias": "exact name",
    "fuzzy": "strong likeness",
    "rule": "a rule",
    "split": "a split",
    "person": "by hand",
    "pair": "another ledger",
    "none": "not placed",
}


PLACED: Final = tuple(tables.Choice(value=f"={word}", label=word) for word in METHODS.values())
#: Which half of a tie a line is; an own number of the other half may be asked for in an address.
CREDIT: Final = (
    *(tables.Choice(value=f"={word}", label=word) for word in (CREDITS, CREDITED)),
    tables.Choice(value=tables.EMPTY, label=tables.EMPTY),
)
_METHOD_OF: Final = {word: method for method, word in METHODS.items()}


def _asked_text(key: str, text: str) -> str:
    """A filter's text as the ledger keeps it: spend types and methods by their keys."""
    if key == "type":
        return text.replace(" ", "_")
    return _METHOD_OF.get(text.casefold(), text) if key == "placed" else text


@blueprint.get("/lines")
def index() -> ResponseReturnValue:
    """Spend lines by the line filter of the address, searched and sorted, with the sum of all of them."""
    wanted = filter_of_address()
    asked = tables.asked(COLUMNS, sort="-booked")
    order = f"{'-' if asked.descending else ''}{asked.sort}"
    # What the ledger cannot be asked is no filter: it would leave everything and say that it did not.
    asked = replace(asked, filters=tuple(each for each in asked.filters if each.key in ASKED))
    conditions = _conditions(asked)
    scope = shell.scope()
    limit, offset = (EXPORT_LIMIT, 0) if asked.export else (PAGE, (asked.page - 1) * PAGE)
    with reading() as session:
        found = lines_of(
            session,
            scope,
            wanted,
            limit=limit,
            offset=offset,
            text=asked.search,
            order=order,
            asked=conditions,
        )
        ties = ties_of(session, scope, (piece.line_id for piece in found.pieces))
        lent = lent_to(session, scope, (piece.line_id for piece in found.pieces))
        outside = None if links.line_query(wanted) else out_of_scope(session, scope)
    # Where something is lent the reader is shown whence, without choosing the column.
    columns = tuple(replace(each, wide=False) if lent and each.key in _LENT else each for each in COLUMNS)
    table = tables.of_page(
        columns,
        tuple(
            _row(
                piece,
                scope.currency,
                ties.get(piece.line_id, ()),
                lent.get(piece.line_id, ()),
                linked=scope.whole,
            )
            for piece in found.pieces
        ),
        asked,
        name="lines",
        found=found.count,
        total=found.count,
        sums={"base": tables.Sum(money=((scope.currency, found.base_minor),))},
        size=PAGE,
        noun="line",
        caption="Spend lines",
        empty="No spend line is selected.",
        sortable=ORDERS.keys(),
        filterable=ASKED.keys(),
        choices={"type": TYPES, "placed": PLACED, "credit": CREDIT},
    )
    total = filters.exact_text(found.base_minor, scope.currency)
    answer = (
        f"{filters.count(found.count)} spend line{'' if found.count == 1 else 's'}, {total} {scope.currency}"
    )
    left = ", ".join(f"{filters.exact_text(minor, code)} {code}" for code, minor in found.unconverted)
    return tables.page(
        table,
        "lines.html",
        answer=answer
        + (f"; {left} have no rate and stand beside it" if left else "")
        + _beside(outside, scope),
        trust=f"As of {filters.day_text(scope.as_of)} · {scope.unit_name}",
        narrowed=bool(links.line_query(wanted)),
    )


def _conditions(asked: tables.Asked) -> tuple[tuple[Condition, ...], ...]:
    """What the columns are asked, any of each column's; one that is not understood says so and leaves all."""
    groups: dict[str, list[Condition]] = {}
    for each in asked.filters:
        if each.problem:
            continue
        exact = each.bounds is None and each.text.startswith("=")
        text = each.text[1:].strip() if exact else each.text
        groups.setdefault(each.key, []).append(
            Condition(
                column=each.key,
                empty=each.empty,
                text=_asked_text(each.key, text),
                exact=exact,
                low=each.bounds.low if each.bounds else None,
                high=each.bounds.high if each.bounds else None,
                low_open=bool(each.bounds and each.bounds.low_open),
                high_open=bool(each.bounds and each.bounds.high_open),
            )
        )
    return tuple(tuple(group) for group in groups.values())


def _beside(outside: Bucket | None, scope: Scope) -> str:
    """The end of the answer: lines a narrowed ledger leaves out, where all lines are shown."""
    if outside is None or not outside.lines:
        return "."
    sums = [(outside.minor, scope.currency)] if outside.minor else []
    sums += [(minor, code) for code, minor in outside.unconverted]
    text = ", ".join(f"{filters.exact_text(minor, code)} {code}" for minor, code in sums)
    one = outside.lines == 1
    return (
        f"; {filters.count(outside.lines)} line{'' if one else 's'} out of scope ({text}) "
        f"stand{'s' if one else ''} beside it."
    )


def filter_of_address() -> LineFilter:
    """The line filter the address carries (:func:`links.line_query` writes it); 400 for numbers that are none."""
    return LineFilter(
        tool_ids=_many("tool_ids", record_number),
        vendor_ids=_many("vendor_ids", record_number),
        supplier_ids=_many("supplier_ids", record_number),
        spend_types=_many("spend_types", str),
        month_from=_one("month_from"),
        month_until=_one("month_until"),
        undated=bool(_one("undated")),
        cost_centres=_many("cost_centres", str),
        gl_accounts=_many("gl_accounts", str),
        line_ids=_many("line_ids", record_number),
        import_ids=_many("import_ids", record_number),
        currencies=_many("currencies", str),
        rule_ids=_many("rule_ids", record_number),
        unconverted=bool(_one("unconverted")),
        waiting=None if (waiting := _one("waiting")) is None else bool(waiting),
    )


def _many(name: str, cast: Callable[[str], T]) -> tuple[T, ...]:
    try:
        return tuple(cast(text) for text in request.args.getlist(name)[:1000])
    except ValueError:
        abort(400, f"“{name}” in this address is not a number.")


def _one(name: str) -> int | None:
    return next(iter(_many(name, record_number)), None) if request.args.get(name) else None


def _credit(line_id: int, ties: Sequence[Tie]) -> Ref | None:
    """What a credit credits, or what was credited to a charge; opens both halves."""
    if not ties:
        return None
    first = ties[0]
    ids = sorted({line_id, *(tie.credit_id for tie in ties), *(tie.charge_id for tie in ties)})
    if line_id == first.credit_id:
        label = f"credits {first.charge_number or 'an earlier line'} of {_exact(first.charge_minor, first)}"
    else:
        back = _exact(-sum(tie.credit_minor for tie in ties), first)
        numbers = ", ".join(tie.credit_number for tie in ties if tie.credit_number) or "a credit note"
        label = f"{back} credited by {numbers}"
    return Ref(kind="lines", id=",".join(map(str, ids)), label=label)


def _placed(found: Placed, *, linked: bool) -> Ref | str:
    """How a line found its tool or spend type, with the reason in words; a rule opens its page where it is theirs."""
    if found.rule is not None:
        return found.rule if linked else found.rule.label
    words = METHODS.get(found.method, found.method)
    if found.score_mille is not None:
        words += f", {found.score_mille / 10:.0f} %"
    return f"{words}: {found.reason}" if found.reason else words


def _exact(minor: int, tie: Tie) -> str:
    return f"{filters.exact_text(minor, tie.currency)} {tie.currency}"


def _cell(origin: Origin) -> str:
    return f"{origin.file_name} › {origin.sheet + ' › ' if origin.sheet else ''}{origin.cell}"


def _days(service: tuple[date, date] | None) -> str | None:
    """What a line pays for, with its last day."""
    if service is None:
        return None
    first, after = service
    return f"{filters.day_text(first)} to {filters.day_text(after - timedelta(days=1))}"


#: What is lent, in words.
_DETAILS: Final = {"supplier": "supplier", "service": "service dates", "tool": "tool"}


def _lent(lent: Sequence[Lent]) -> Ref | str | None:
    """What a line has from the line of another ledger that carries the same cost, and from which cell."""
    if not lent:
        return None
    told = [
        f"{listed([_DETAILS[detail] for detail in each.details])} from "
        + (f"{each.ledger} › {_cell(each.origin)}" if each.origin else "a line of another unit")
        for each in lent
    ]
    first = next((each.origin for each in lent if each.origin), None)
    return Ref(kind="import", id=first.import_id, label="; ".join(told)) if first else "; ".join(told)


def _row(piece: Piece, currency: str, ties: Sequence[Tie], lent: Sequence[Lent], *, linked: bool) -> Row:
    first = piece.origins[0] if piece.origins else None
    cell = _cell(first) if first else None
    return Row(
        id=f"{piece.line_id}.{piece.part_id or 0}",
        values={
            "booked": stated(piece.booked_on, "The file gives no date."),
            "supplier": piece.supplier
            if piece.supplier and piece.supplier.label
            else (piece.supplier_text or "no supplier"),
            "tool": piece.tool,
            "type": piece.spend_type.replace("_", " ") if piece.spend_type else None,
            "description": piece.description,
            "reference": piece.reference,
            "credit": _credit(piece.line_id, ties),
            "service": _days(piece.service),
            "lent": _lent(lent),
            "placed": _placed(piece.placed, linked=linked),
            "cost_centre": piece.cost_centre,
            "amount": Amount(currency=piece.currency, minor=piece.amount_minor),
            "base": Amount(
                currency=currency, minor=piece.base_minor, why="no rate for this currency and day"
            ),
            "origin": Ref(kind="import", id=first.import_id, label=cell) if first and cell else None,
        },
    )
