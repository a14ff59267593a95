"""Columns and rows of the lowest-cost stack as its pages show them, from the kept answer. Pure.

Rows are told the number of the kept search whose figures they are, so that each leads to its parts; an answer kept
without parts leads nowhere.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mopsaudit.reporting import Amount, Column, Missing, Plot, Ref, Row, Series, Value, ValueKind
from mopsaudit.scenarios.stack_parts import PartKind, has_parts, lead

Data = Mapping[str, Any]
_COST_UNKNOWN = "What it costs is not known."
_SEAT_UNKNOWN = "It has no price of a seat: seats for those who move count as nothing."


def _money(data: Data, minor: int | None, why: str = "not known") -> Amount:
    return Amount(currency=str(data["currency"]), minor=minor, why=None if minor is not None else why)


def _day(text: str | None, why: str) -> Value:
    return date.fromisoformat(text) if text else Missing(why)


def _people(data: Data, each: Data) -> Value:
    """How many are active in a tool; a small group is hidden, which the answer for its readers leaves empty."""
    if each["people"] is not None:
        return int(each["people"])
    return Missing(each.get("why_people") or "No usage file says who is active in it.")


OFF = (
    Column(key="tool", label="Switched off", kind=ValueKind.REF, primary=True),
    Column(key="why", label="Why it can go"),
    Column(
        key="saves", label="Saves in all", kind=ValueKind.MONEY, what="Less what is owed and moving off it."
    ),
    Column(key="annual", label="Costs a year", kind=ValueKind.MONEY),
    Column(key="owed", label="Owed all the same", kind=ValueKind.MONEY, what="Until its contracts can end."),
    Column(key="moving", label="Moving off it", kind=ValueKind.MONEY, wide=True),
    Column(key="people", label="People", kind=ValueKind.NUMBER),
    Column(key="to", label="They go to", kind=ValueKind.REFS),
    Column(key="free", label="Ends", kind=ValueKind.DATE),
    Column(key="send_by", label="Send by", kind=ValueKind.DATE, what="The day a notice must leave."),
)


def _leads(data: Data, search: int, found: Mapping[str, Ref | None]) -> Mapping[str, Ref]:
    return {key: ref for key, ref in found.items() if ref} if search and has_parts(data) else {}


def off_rows(data: Data, search: int = 0) -> tuple[Row, ...]:
    """What would be switched off, dearest first."""
    return tuple(
        Row(
            id=f"off-{each['id']}",
            category=each["category"],
            leads=_leads(
                data,
                search,
                {
                    "saves": lead(search, tool=each["id"]),
                    "annual": lead(search, yearly=True, tool=each["id"]),
                    "owed": lead(search, tool=each["id"], kind=PartKind.OWED),
                    "moving": lead(search, tool=each["id"], kind=PartKind.MOVING)
                    if each["moving_minor"]
                    else None,
                },
            ),
            values={
                "tool": Ref(kind="tool", id=each["id"], label=each["name"]),
                "why": each["why"],
                "saves": _money(data, each["saves_minor"]),
                "annual": _money(data, each["annual_minor"], _COST_UNKNOWN),
                "owed": _money(
                    data, each["locked_minor"] if each["annual_minor"] is not None else None, _COST_UNKNOWN
                ),
                "moving": _money(data, each["moving_minor"]),
                "people": _people(data, each),
                "to": tuple(Ref(kind="tool", id=to["id"], label=to["name"]) for to in _once(each["to"])),
                "free": _day(each["free_from"], "The contract's end is not known."),
                "send_by": _day(each["send_by"], "No contract of it says by when notice must be given."),
            },
        )
        for each in data.get("off", ())
    )


def _once(found: Sequence[Data]) -> list[Data]:
    return list({each["id"]: each for each in found}.values())


KEEP = (
    Column(key="tool", label="Stays", kind=ValueKind.REF, primary=True),
    Column(key="why", label="Why it stays"),
    Column(key="annual", label="Costs a year", kind=ValueKind.MONEY),
    Column(
        key="bought", label="Seats added", kind=ValueKind.NUMBER, what="Beyond free ones, in whole packs."
    ),
    Column(key="seats_cost", label="What they cost in all", kind=ValueKind.MONEY),
)


def keep_rows(data: Data, search: int = 0) -> tuple[Row, ...]:
    """What would stay."""
    return tuple(
        Row(
            id=f"keep-{each['id']}",
            category=each["category"],
            leads=_leads(
                data,
                search,
                {
                    "annual": lead(search, yearly=True, tool=each["id"]),
                    "seats_cost": lead(search, tool=each["id"], kind=PartKind.SEATS)
                    if each["seats_minor"]
                    else None,
                },
            ),
            values={
                "tool": Ref(kind="tool", id=each["id"], label=each["name"]),
                "why": each["why"],
                "annual": _money(data, each["annual_minor"], _COST_UNKNOWN),
                "bought": each["bought"] if _priced(each) else Missing(_SEAT_UNKNOWN),
                "seats_cost": _money(data, each["seats_minor"] if _priced(each) else None, _SEAT_UNKNOWN),
            },
        )
        for each in data.get("keep", ())
    )


def _priced(each: Data) -> bool:
    """Whether the seats movers need in a tool have a price; where nobody needs one there is nothing to know."""
    return bool(each.get("seat_known", True) or not each["seats"])


LOST = (
    Column(key="capability", label="Falls away", primary=True),
    Column(key="tools", label="With"),
    Column(key="used", label="Used today"),
)


def lost_rows(data: Data, search: int = 0) -> tuple[Row, ...]:
    """Capabilities nobody would supply any more; none of them is required."""
    return tuple(
        Row(
            id=f"lost-{number}",
            values={
                "capability": each["capability"],
                "tools": ", ".join(each["in"]),
                "used": "yes, but not required" if each["used"] else "no",
            },
        )
        for number, each in enumerate(data.get("lost", ()))
    )


OTHERS = (
    Column(key="set", label="Next best", primary=True),
    Column(key="cost", label="Costs in all", kind=ValueKind.MONEY),
    Column(key="dearer", label="Dearer by", kind=ValueKind.MONEY),
    Column(key="without", label="Switches off instead"),
    Column(key="instead", label="Keeps instead"),
)


def other_rows(data: Data, search: int = 0) -> tuple[Row, ...]:
    """The next best sets."""
    return tuple(
        Row(
            id=f"other-{number}",
            opens=lead(search, number + 1) if search and has_parts(data) else None,
            values={
                "set": f"Set {number + 2}",
                "cost": _money(data, each["value_minor"]),
                "dearer": _money(data, each["dearer_minor"]),
                "without": ", ".join(each["without"]) or None,
                "instead": ", ".join(each["instead"]) or None,
            },
        )
        for number, each in enumerate(data.get("alternatives", ()))
    )


MISSING = (
    Column(key="capability", label="Capability", primary=True),
    Column(key="unit", label="Unit"),
    Column(key="wanted", label="Suppliers wanted", kind=ValueKind.NUMBER),
    Column(key="there", label="There are", kind=ValueKind.NUMBER),
)


def missing_rows(data: Data, search: int = 0) -> tuple[Row, ...]:
    """Requirements no stack can meet."""
    return tuple(
        Row(
            id=f"missing-{number}",
            values={
                "capability": each["capability"],
                "unit": each["unit"],
                "wanted": each["wanted"],
                "there": each["there"],
            },
        )
        for number, each in enumerate(data.get("missing", ()))
    )


def stack_plots(data: Data) -> tuple[Plot, ...]:
    """Spend by month: today's stack and this one."""
    months = [each for each in data.get("months_curve") or () if each["whole"]]
    if not months or not data.get("off"):
        return ()
    return (
        Plot(
            kind="lines",
            title="Spend by month: today's stack and the lowest-cost one",
            labels=tuple(each["label"] for each in months),
            series=(
                Series(
                    key="today",
                    label="Today",
                    values=tuple(each["today_minor"] for each in months),
                    style="line",
                    colour="muted",
                ),
                Series(
                    key="stack",
                    label="Lowest cost",
                    values=tuple(each["stack_minor"] for each in months),
                    style="line",
                ),
            ),
            axis=str(data["currency"]),
            currency=str(data["currency"]),
        ),
    )
