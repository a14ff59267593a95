"""The stored values of a file's lines, worked out column by column: what lines share is found once.

A line by itself costs thirty small calls; 100,000 of them cost more than writing them. So thousands of lines are taken
together, and a value that depends on a few cells (a supplier, a month, a unit) is worked out once for each of their
different values. What comes out is the same as for a line alone.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from mopsaudit.intake.booking import Entities, Rates, Units
from mopsaudit.intake.bulk import Same
from mopsaudit.intake.contract import SpendRow, Tax
from mopsaudit.intake.identity import folded
from mopsaudit.intake.outcome import Matched
from mopsaudit.intake.placing import NOT_SPEND, Facts, KnownSupplier, Place, Rules, place, storable
from mopsaudit.intake.spend_lines import SpendLines
from mopsaudit.intake.summaries import KEY, Deltas
from mopsaudit.money import ratio_half_even, to_minor, to_minors
from mopsaudit.periods import month_of

K = TypeVar("K")
V = TypeVar("V")
Column = Sequence[Any] | Same

#: Texts of a line kept as they are, and the most characters each may have.
_TEXTS: Final = {
    "description": 10_000,
    "reference": 200,
    "invoice": 200,
    "cost_centre": 80,
    "gl_account": 80,
    "purchase_order": 80,
}


#: Columns that are mostly alike in every line.
_SELDOM: Final = (
    *("tax_minor", "original_minor", "original_currency", "split", "base_minor"),
    *("service_from", "service_until"),
)


class Known(dict[K, V]):
    """A function's values, each worked out when it is first asked for."""

    def __init__(self, make: Callable[[K], V]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: K) -> V:
        value = self[key] = self.make(key)
        return value


def _alike(values: Sequence[Any]) -> bool:
    """Whether all of a column are one value."""
    return values.count(values[0]) == len(values)


def texts_of(values: Sequence[str | None], length: int) -> Column:
    """:func:`~mopsaudit.intake.placing.storable` of each of a column."""
    if _alike(values):
        return Same(storable(values[0], length))
    given = [value for value in values if value]
    joined = "".join(given)
    if joined.isascii() and "\0" not in joined and max(map(len, given), default=0) <= length:
        return values  # nothing to mend, as nearly always
    return [storable(value, length) for value in values]


class Places:
    """Where lines go, and how many of them have a place: the same for lines with the same supplier while no rule looks
    at more.
    """

    def __init__(
        self,
        suppliers: Mapping[str, KnownSupplier],
        rules: Rules,
        entities: Entities,
        source_id: int | None,
    ) -> None:
        self.suppliers, self.rules, self.entities, self.source_id = suppliers, rules, entities, source_id
        self._settled: Known[str | None, bool] = Known(self._is_settled)
        self._known: Known[tuple[str | None, bool], Place] = Known(self._by_supplier)

    def supplier(self, raw: str | None) -> KnownSupplier | None:
        """The supplier printed so; None where a line names none."""
        return self.suppliers.get(raw or "")

    def of(self, rows: SpendLines, minors: Sequence[int]) -> list[Place]:
        """The place of each line, its booked amount in ``minors``."""
        if not self.rules:
            told = zip(rows.column("supplier"), map(bool, rows.column("not_spend")), strict=True)
            return list(map(self._known.__getitem__, told))
        return [self._by_line(row, minor) for row, minor in zip(rows, minors, strict=True)]

    def count(
        self, matched: Matched, rows: SpendLines, minors: Sequence[int], places: Sequence[Place]
    ) -> None:
        """Add the lines that are matched: their supplier is settled or sure, or a rule placed them."""
        sums: dict[str, int] = matched.minor
        suppliers: set[str | None] = set()
        settled = self._settled
        told = map(rows.column, ("supplier", "currency", "not_spend"))
        for name, currency, not_spend, minor, where in zip(*told, minors, places, strict=True):
            if not not_spend and (where.method == "rule" or settled[name]):
                matched.lines += 1
                sums[currency] += minor
                suppliers.add(name)
        matched.suppliers.update(found.name for raw in suppliers if (found := self.supplier(raw)) is not None)

    def _is_settled(self, raw: str | None) -> bool:
        supplier = self.supplier(raw)
        return supplier is not None and supplier.matched

    def _by_supplier(self, key: tuple[str | None, bool]) -> Place:
        raw, not_spend = key
        if not_spend:
            return NOT_SPEND
        return place(self.supplier(raw), self.rules, _no_facts)

    def _by_line(self, row: SpendRow, minor: int) -> Place:
        if row.not_spend:
            return NOT_SPEND
        return place(
            self.supplier(row.supplier),
            self.rules,
            lambda: Facts(
                supplier=storable(folded(row.supplier), 400) or "",
                description=row.description,
                cost_centre=row.cost_centre,
                gl_account=row.gl_account,
                minor=minor,
                currency=row.currency,
                day=row.date or row.period,
                entity_id=self.entities.of_line(row.entity),
                source_id=self.source_id,
            ),
        )


def _no_facts() -> Facts:
    raise AssertionError("without rules nobody asks for the facts of a line")


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Lines to be stored: their values by column, the number of lines, and where each goes."""

    columns: dict[str, Column]
    size: int
    places: list[Place]

    def of(self, name: str) -> Sequence[Any]:
        """The values of one column, line by line."""
        column = self.columns[name]
        return [column.value] * self.size if isinstance(column, Same) else column

    def tuples(self, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """The values of some columns, line by line."""
        return list(zip(*map(self.of, names), strict=True))


class LineColumns:
    """The values every line of an import is stored with, but for those of its identity."""

    def __init__(self, source_id: int, places: Places, units: Units, rates: Rates) -> None:
        self.source_id, self.places, self.units, self.rates = source_id, places, units, rates
        self.entities = places.entities
        self._months: Known[tuple[date | None, date | None], int | None] = Known(_month)
        self._supplier_ids: Known[str | None, int | None] = Known(self._supplier_id)
        self._supplier_texts: Known[str | None, str | None] = Known(lambda raw: storable(folded(raw), 400))
        self._entity_ids: Known[str | None, int | None] = Known(self.entities.of_line)
        self._units: Known[tuple[Any, ...], tuple[int | None, str]] = Known(lambda key: units.of_line(*key))

    def of(self, rows: SpendLines, minors: Sequence[int], left_out: Sequence[bool], tax: Tax) -> LineBlock:
        """The lines of one sheet, whose amounts are net or gross as ``tax`` says.

        ``minors`` are the booked amounts; ``left_out`` tells which are out of scope.
        """
        read = {name: rows.column(name) for name in SpendRow._fields}
        size = len(rows)
        places = self.places.of(rows, minors)
        currencies = read["currency"]
        entity = self._shared(read["entity"], self._entity_ids)
        taxes = _beside(read["tax"], currencies)
        basis: Column = Same(tax.value)
        amounts = minors
        if tax is Tax.GROSS_WITH_TAX:
            amounts, basis = self._net(minors, taxes, entity)
        months = [self._months[when] for when in zip(read["date"], read["period"], strict=True)]
        columns: dict[str, Column] = {
            "living": Same(True),
            "counts": Same(True),
            "source_id": Same(self.source_id),
            "entity_id": entity,
            "booked_on": read["date"],
            "month": months,
            "supplier_id": self._shared(read["supplier"], self._supplier_ids),
            "supplier_text": self._shared(read["supplier"], self._supplier_texts),
            "amount_minor": amounts,
            "currency": currencies,
            "tax_minor": taxes,
            "booked_minor": minors,
            "tax_basis": basis,
            "original_minor": _originals(read["original_amount"], read["original_currency"]),
            "original_currency": [code or None for code in read["original_currency"]],
            "base_minor": self._base(amounts, currencies, read["date"], months),
            **{name: texts_of(read[name], most) for name, most in _TEXTS.items()},
            "service_from": read["service_from"],
            "service_until": read["service_until"],
            **self._unit_columns(read, entity, size),
            "tool_id": [where.tool_id for where in places],
            "spend_type": [where.spend_type for where in places],
            "method": [where.method for where in places],
            "rule_id": [where.rule_id for where in places] if self.places.rules else Same(None),
            "split": [where.split for where in places],
            "out_of_scope": left_out if any(left_out) else Same(False),
        }
        for name in _SELDOM:
            column = columns[name]
            if not isinstance(column, Same) and _alike(column):
                columns[name] = Same(column[0])
        return LineBlock(columns, size, places)

    @staticmethod
    def _shared(values: Sequence[Any], known: Known[Any, Any]) -> Column:
        return Same(known[values[0]]) if _alike(values) else [known[value] for value in values]

    def _supplier_id(self, raw: str | None) -> int | None:
        supplier = self.places.supplier(raw)
        return supplier.id if supplier else None

    def _net(
        self, minors: Sequence[int], taxes: Sequence[int | None], entity: Column
    ) -> tuple[list[int], list[str]]:
        """What of gross amounts is a cost once the tax beside them is recovered, and what each amount then is."""
        ids = [entity.value] * len(minors) if isinstance(entity, Same) else entity
        amounts, basis = [], []
        for minor, tax, entity_id in zip(minors, taxes, ids, strict=True):
            if tax is None:
                amounts.append(minor)
                basis.append(Tax.GROSS.value)
            else:
                share = self.entities.recoverable_ppm(entity_id)
                amounts.append(minor - ratio_half_even(tax, share, 1_000_000))
                basis.append(Tax.GROSS_WITH_TAX.value)
        return amounts, basis

    def _base(
        self,
        amounts: Sequence[int],
        currencies: Sequence[str],
        days: Sequence[date | None],
        months: Sequence[int | None],
    ) -> Sequence[int | None]:
        if _alike(currencies) and currencies[0] == self.rates.base:
            return amounts
        return [self.rates.base_of(*line) for line in zip(amounts, currencies, days, months, strict=True)]

    def _unit_columns(
        self, read: Mapping[str, Sequence[Any]], entity: Column, size: int
    ) -> dict[str, Column]:
        known = self._units
        found: list[tuple[int | None, str]]
        if self.units.mapped:
            ids = [entity.value] * size if isinstance(entity, Same) else entity
            whens = [day or period for day, period in zip(read["date"], read["period"], strict=True)]
            found = [known[key] for key in zip(read["unit"], read["cost_centre"], ids, whens, strict=True)]
        elif _alike(read["unit"]):
            unit_id, how = known[read["unit"][0], None, None, None]
            return {"unit_id": Same(unit_id), "unit_how": Same(how)}
        else:
            found = [known[text, None, None, None] for text in read["unit"]]
        return {"unit_id": [each[0] for each in found], "unit_how": [each[1] for each in found]}


def add_up(block: LineBlock, deltas: Deltas) -> Counter[str]:
    """Add to the summaries what the lines come to: those in scope that are not split. How many have no rate, by
    currency, of all.
    """
    unconverted: Counter[str] = Counter()
    lines = zip(
        block.tuples(KEY),
        block.of("amount_minor"),
        block.of("base_minor"),
        block.of("split"),
        block.of("out_of_scope"),
        block.of("currency"),
        strict=True,
    )
    add = deltas.add
    for key, amount, base, split, left_out, currency in lines:
        if base is None:
            unconverted[currency] += 1
        if not split and not left_out:
            add(key, amount, base)
    return unconverted


def _month(when: tuple[date | None, date | None]) -> int | None:
    day = when[0] or when[1]
    return None if day is None else month_of(day)


def _beside(values: Sequence[Decimal | None], currencies: Sequence[str]) -> list[int | None]:
    """Amounts beside the booked ones in minor units of the same currencies."""
    if None not in values and _alike(currencies):
        return list(to_minors(values, currencies[0])[0])  # type: ignore[arg-type]
    return [
        None if value is None else to_minor(value, code)[0]
        for value, code in zip(values, currencies, strict=True)
    ]


def _originals(values: Sequence[Decimal | None], currencies: Sequence[str | None]) -> Column:
    """Amounts in the currency they were agreed in; None where either is not said."""
    if _alike(values) and values[0] is None:
        return Same(None)
    return [
        None if value is None or not code else to_minor(value, code)[0]
        for value, code in zip(values, currencies, strict=True)
    ]
