"""Tables of consumption tools: bought, used, expired, when credits run out, what is missing, use by period. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from mopsaudit.facts.wording import count
from mopsaudit.reporting import Amount, Column, Missing, Row, Section, Value, ValueKind, stated
from mopsaudit.reports.underuse.arithmetic import BurnDown, Judged, uses_by_period

_NUMBER = ValueKind.NUMBER


def micro(value: int | None) -> Decimal | None:
    """Millionths as an exact number of units; None stays unknown."""
    return None if value is None else Decimal(value) / 1_000_000


def _a_day(value: Fraction | None) -> Decimal | None:
    return None if value is None else round(Decimal(value.numerator) / value.denominator / 1_000_000, 2)


_FIGURES = ("as_of", "bought", "used", "expired", "left", "per_day", "runs_out_on", "overage")


def _readings(burn: BurnDown) -> dict[str, Value]:
    """What the readings say; credits that do not run out at their pace have no day for it."""
    ends: Value = burn.runs_out_on
    if burn.runs_out_on is None and (burn.left is None or burn.per_day is None):
        ends = Missing("what is left or its pace is not known")
    return {
        "as_of": burn.as_of,
        "bought": stated(micro(burn.bought), "neither a reading nor the contract says"),
        "used": stated(micro(burn.used), "the last reading does not say"),
        "expired": micro(burn.expired),
        "left": stated(micro(burn.left), "what was bought or used is not known"),
        "per_day": stated(_a_day(burn.per_day), "two readings of a term tell a pace, or one and its start"),
        "runs_out_on": ends,
        "overage": stated(micro(burn.overage), "what is left, its pace or the term's end is not known"),
    }


def credit_sections(judged: Sequence[Judged], currency: str) -> tuple[Section, ...]:
    """Every tool bought by consumption, also those nobody has read yet, and what was used between readings."""
    tools = [each for each in judged if each.by_credits or each.burn is not None]
    if not tools:
        return ()
    return (_tools(tools, currency), *_periods(tools))


def _state(each: Judged) -> str:
    burn = each.burn
    if burn is None:
        return "no reading yet"
    if burn.overage is None:
        return "not known"
    return "runs short" if burn.overage else "within what was bought"


def _tools(tools: Sequence[Judged], currency: str) -> Section:
    unread = sum(each.burn is None for each in tools)
    short = sum(bool(each.burn and each.burn.overage) for each in tools)
    rows = []
    for each in tools:
        burn = each.burn
        rows.append(
            Row(
                id=f"c{each.use.tool.id}",
                opens=each.use.tool.ref,
                category=each.use.tool.category,
                state=_state(each),
                values={
                    "tool": each.use.tool.ref,
                    **(
                        _readings(burn)
                        if burn
                        else dict.fromkeys(_FIGURES, Missing("nobody has read it yet"))
                    ),
                    "overage_cost": Amount(
                        currency=currency,
                        minor=each.overage,
                        why="no reading, price or quantity is known",
                        basis="yearly price ÷ credits bought",
                    ),
                    "state": _state(each),
                },
            )
        )
    said = f"{count(len(tools), 'tool')} by consumption; {short} will run short before the term ends"
    return Section(
        key="consumption",
        title="Credits",
        sentence=f"{said}; nobody has read {unread} of them." if unread else f"{said}.",
        columns=(
            Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
            Column(key="state", label="State"),
            Column(key="as_of", label="Read on", kind=ValueKind.DATE, wide=True),
            Column(key="bought", label="Bought", kind=_NUMBER),
            Column(key="used", label="Used", kind=_NUMBER),
            Column(key="expired", label="Expired", kind=_NUMBER, wide=True),
            Column(key="left", label="Left", kind=_NUMBER),
            Column(key="per_day", label="Use a day", kind=_NUMBER),
            Column(key="runs_out_on", label="Runs out on", kind=ValueKind.DATE),
            Column(key="overage", label="Missing at term end", kind=_NUMBER),
            Column(
                key="overage_cost",
                label="At the contract's price",
                kind=ValueKind.MONEY,
                what="Missing credits × yearly price ÷ credits bought; a vendor may ask more beyond the contract.",
            ),
        ),
        rows=tuple(rows),
    )


def _periods(tools: Sequence[Judged]) -> tuple[Section, ...]:
    rows = []
    unknown = 0
    for each in tools:
        for period in uses_by_period(each.use.readings):
            unknown += period.used is None
            rows.append(
                Row(
                    id=f"p{each.use.tool.id}:{period.until.isoformat()}",
                    opens=each.use.tool.ref,
                    category=each.use.tool.category,
                    values={
                        "tool": each.use.tool.ref,
                        "since": period.since,
                        "until": period.until,
                        "used": stated(micro(period.used), period.why or "not known"),
                        "per_day": stated(_a_day(period.per_day), period.why or "not known"),
                        "why": period.why or "",
                    },
                )
            )
    if not rows:
        return ()
    said = f"{count(len(rows), 'period')} between readings"
    tells = "does" if unknown == 1 else "do"
    return (
        Section(
            key="credit_periods",
            title="Credits by period",
            sentence=f"{said}; {unknown} of them {tells} not tell what was used." if unknown else f"{said}.",
            columns=(
                Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
                Column(key="since", label="From", kind=ValueKind.DATE),
                Column(key="until", label="To", kind=ValueKind.DATE),
                Column(key="used", label="Used", kind=_NUMBER),
                Column(key="per_day", label="Use a day", kind=_NUMBER),
                Column(key="why", label="Why unknown"),
            ),
            rows=tuple(rows),
        ),
    )
