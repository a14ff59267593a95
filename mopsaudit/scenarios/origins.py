"""What a scenario's figures are made of: each sum today and with the changes, down to what bills it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mopsaudit.facts.wording import money
from mopsaudit.reporting import Amount, Column, LineFilter, Ref, Row, ValueKind
from mopsaudit.scenarios.changes import Change
from mopsaudit.scenarios.facts import Flow, ScenarioFacts, Source
from mopsaudit.scenarios.projection import flows_under

WORDS: Final = {
    Source.BOOKED: "booked",
    Source.OWED: "by order",
    Source.PACE: "this year's pace",
    Source.SEATS: "seats for movers",
    Source.NEW: "added, as typed",
    Source.MOVING: "moving, as typed",
}
_ORDER: Final = {source: place for place, source in enumerate(WORDS)}

COLUMNS: Final = (
    Column(key="what", label="What", primary=True),
    Column(key="how", label="How it is known"),
    Column(key="tool", label="Tool", kind=ValueKind.REF),
    Column(key="today", label="Today", kind=ValueKind.MONEY, exact=True, summed=True),
    Column(key="then", label="Scenario", kind=ValueKind.MONEY, exact=True, summed=True),
    Column(key="less", label="Less", kind=ValueKind.MONEY, exact=True, summed=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One thing that costs: what it comes to today and with the changes, in minor units of the base currency.

    ``contract_id`` and ``line_id`` say what bills it, ``what`` names that. ``lines`` selects the ledger lines that a
    booked sum is the sum of, and those a pace is drawn from; None where no filter selects exactly them.
    """

    source: Source
    tool_id: int | None
    contract_id: int | None
    line_id: int | None
    what: str
    today_minor: int = 0
    then_minor: int = 0
    lines: LineFilter | None = None

    @property
    def less_minor(self) -> int:
        """What the scenario does away with; below zero: what it adds."""
        return self.today_minor - self.then_minor


_Key = tuple[Source, int | None, int | None, int | None, str]


def _key(flow: Flow) -> _Key:
    return flow.source, flow.tool_id, flow.contract_id, flow.line_id, flow.what


def _sums(flows: Iterable[Flow], months: range) -> dict[_Key, int]:
    found: dict[_Key, int] = {}
    for flow in flows:
        if flow.month in months:
            found[_key(flow)] = found.get(_key(flow), 0) + flow.minor
    return found


def origins_of(facts: ScenarioFacts, changes: Sequence[Change], months: range) -> tuple[Origin, ...]:
    """What the months shown are made of, what differs most first.

    The parts of today sum to what the months cost today, those of the scenario to what they cost then, to the unit.
    """
    within = range(max(months.start, facts.months.start), min(months.stop, facts.months.stop))
    today, then = _sums(facts.flows, within), _sums(flows_under(facts, changes), within)
    found = [
        Origin(
            source=key[0],
            tool_id=key[1],
            contract_id=key[2],
            line_id=key[3],
            what=key[4],
            today_minor=today.get(key, 0),
            then_minor=then.get(key, 0),
            lines=_lines(facts, key[0], key[1]),
        )
        for key in {**today, **then}
        if today.get(key, 0) or then.get(key, 0)
    ]
    found.sort(
        key=lambda each: (
            -abs(each.less_minor),
            -abs(each.today_minor),
            _ORDER[each.source],
            each.what,
            each.tool_id or 0,
            each.line_id or 0,
        )
    )
    return tuple(found)


def _lines(facts: ScenarioFacts, source: Source, tool_id: int | None) -> LineFilter | None:
    if facts.booked is None or source not in (Source.BOOKED, Source.PACE):
        return None
    return replace(facts.booked, tool_ids=(tool_id or 0,))


def origin_row(facts: ScenarioFacts, place: int, origin: Origin) -> Row:
    """A part as a row that opens to its contract; its lines of the ledger are in ``detail``."""
    name = None if origin.tool_id is None else facts.names.get(origin.tool_id, f"tool {origin.tool_id}")
    line = facts.lines.get(origin.line_id or 0)
    what = line.label if line is not None else origin.what
    contract = origin.contract_id

    def amount(minor: int) -> Amount:
        return Amount(currency=facts.currency, minor=minor)

    return Row(
        id=str(place),
        opens=None if contract is None else Ref(kind="contract", id=contract, label=what),
        values={
            "what": what or name or "Without a tool",
            "how": "by contract" if contract is not None else WORDS[origin.source],
            "tool": None if name is None else Ref(kind="tool", id=origin.tool_id or 0, label=name),
            "today": amount(origin.today_minor),
            "then": amount(origin.then_minor),
            "less": amount(origin.less_minor),
        },
        detail={"lines": origin.lines},
    )


def origins_sentence(facts: ScenarioFacts, span: str, found: Sequence[Origin]) -> str:
    """What the parts come to."""
    today, then = sum(each.today_minor for each in found), sum(each.then_minor for each in found)
    less = today - then
    told = f"{span} costs {money(today, facts.currency)} as things stand and {money(then, facts.currency)} with this"
    if not less:
        return f"{told}: the same."
    moved = sum(bool(each.less_minor) for each in found)
    return (
        f"{told}: {money(abs(less), facts.currency)} {'less' if less > 0 else 'more'}, "
        f"from {moved} of {len(found)} part{'' if len(found) == 1 else 's'}."
    )
