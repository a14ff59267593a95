"""A case's promised figures as people type them: what, from which month, for how many months, how much a month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from blueprints.amounts import typed_decimal
from mopsaudit.errors import InvalidError
from mopsaudit.governance.cases import Flow
from mopsaudit.money import from_minor, to_minor
from mopsaudit.periods import month_text

#: What a row of figures can be: key → label. Costs and benefits are both typed as positive amounts.
KINDS: Final = (
    ("cost", "cost"),
    ("revenue", "revenue"),
    ("cash", "cash saved (a budget line falls)"),
    ("avoidance", "cost avoided"),
    ("time", "time (hours at a rate)"),
)
ROWS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of months with the same figure, as typed; all text so that what was typed can be shown again."""

    kind: str = "cost"
    method: str = ""
    start: str = ""
    months: str = "12"
    amount: str = ""


def spans_of(flows: Sequence[Flow], currency: str) -> list[Span]:
    """The figures as runs of equal consecutive months: costs before benefits, each kind in order of its start."""
    ordered = sorted(
        flows, key=lambda f: (f.side, f.benefit_type or "", f.method or "", f.amount_minor, f.month)
    )
    found: list[tuple[Flow, int]] = []
    for flow in ordered:
        if found:
            first, count = found[-1]
            same = (first.side, first.benefit_type, first.method, first.amount_minor) == (
                flow.side,
                flow.benefit_type,
                flow.method,
                flow.amount_minor,
            )
            if same and flow.month == first.month + count:
                found[-1] = (first, count + 1)
                continue
        found.append((flow, 1))
    found.sort(
        key=lambda run: (run[0].side != "cost", run[0].benefit_type or "", run[0].method or "", run[0].month)
    )
    return [
        Span(
            kind="cost" if first.side == "cost" else first.benefit_type or "cash",
            method=first.method or "",
            start=month_text(first.month),
            months=str(count),
            amount=f"{from_minor(first.amount_minor, currency):f}",
        )
        for first, count in found
    ]


def typed_spans(form: Mapping[str, str]) -> list[Span]:
    """The rows of a posted form: fields ``kind.N``, ``method.N``, ``start.N``, ``months.N``, ``amount.N``."""
    rows = []
    for number in range(60):
        if f"amount.{number}" not in form:
            break
        rows.append(
            Span(
                kind=form.get(f"kind.{number}", "cost"),
                method=form.get(f"method.{number}", ""),
                start=form.get(f"start.{number}", "").strip(),
                months=form.get(f"months.{number}", "").strip(),
                amount=form.get(f"amount.{number}", "").strip(),
            )
        )
    return rows


def flows_of(spans: Sequence[Span], currency: str) -> list[Flow]:
    """The figures by month; rows without an amount are left out.

    Raises:
        InvalidError: naming the row and what to write.
    """
    flows: list[Flow] = []
    for number, span in enumerate(spans, start=1):
        if not span.amount:
            continue
        start = _month(span.start, number)
        if not span.months.isdigit() or not 1 <= int(span.months) <= 120:
            raise InvalidError(f"Row {number}: say for how many months, 1 to 120.")
        try:
            minor, residue = to_minor(typed_decimal(span.amount), currency)
        except ValueError as error:
            raise InvalidError(f"Row {number}: {error}") from None
        if residue:
            raise InvalidError(f"Row {number}: {currency} has fewer digits after the point.")
        cost = span.kind == "cost"
        flows += [
            Flow(
                side="cost" if cost else "benefit",
                month=start + offset,
                amount_minor=minor,
                benefit_type=None if cost else span.kind,
                method=(span.method or None) if span.kind == "revenue" else None,
            )
            for offset in range(int(span.months))
        ]
    return flows


def _month(text: str, number: int) -> int:
    year, _, month = text.partition("-")
    if not (year.isdigit() and month.isdigit() and len(year) == 4 and 1 <= int(month) <= 12):
        raise InvalidError(f"Row {number}: write the first month like 2026-04.")
    return int(year) * 12 + int(month) - 1
