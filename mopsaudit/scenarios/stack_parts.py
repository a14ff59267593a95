"""What a lowest-cost stack is made of, part by part: kept with its answer, so that it opens to what held then. Pure.

A part is what a contract line costs (a tool's whole cost where no line runs), what moving off a tool costs, or the
seats a survivor needs: today, in a set, and over the horizon or in a year once every contract has ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from mopsaudit.facts.wording import money
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import month_of, trailing_months
from mopsaudit.reporting import Amount, Column, LineFilter, Missing, Ref, Row, Value, ValueKind
from mopsaudit.scenarios.question import StackQuestion
from mopsaudit.scenarios.values import StackSet
from mopsaudit.words import TOOL_COST

Data = Mapping[str, Any]


class PartKind(StrEnum):
    """What becomes of a part in a set."""

    STAYS = "stays"
    OWED = "owed"
    MOVING = "moving"
    SEATS = "seats"


WORDS: Final = {
    PartKind.STAYS: "stays",
    PartKind.OWED: "goes",
    PartKind.MOVING: "moving off it",
    PartKind.SEATS: "seats for movers",
}
_ORDER: Final = {kind: place for place, kind in enumerate(WORDS)}


def kept_parts(question: StackQuestion) -> dict[str, Any]:
    """What each tool costs by contract line, by the tool's id as text: what :func:`parts_of` reads again.

    Over the lines of a tool ``today_minor`` sums to what keeping it costs over the horizon, ``owed_minor`` to what is
    owed when it is switched off, ``annual_minor`` to its yearly cost. ``basis`` is null where its cost is not known.
    """
    details = question.details
    return {
        str(tool.id): {
            "name": tool.name,
            "basis": details[tool.id].basis,
            "budget_lines": list(details[tool.id].budget_lines),
            "moving_minor": tool.moving_minor,
            "lines": [
                {
                    "line": bill.line_id,
                    "free_from": bill.free_from.isoformat() if bill.free_from else None,
                    "today_minor": bill.keep_minor,
                    "owed_minor": bill.owed_minor,
                    "annual_minor": bill.annual_minor,
                }
                for bill in details[tool.id].bills
            ],
        }
        for tool in question.problem.tools
    }


def kept_seats(question: StackQuestion, found: StackSet) -> list[dict[str, Any]]:
    """The seats a set pays for as people move, by tool: over the horizon, and in a year."""
    months = question.options.months - question.options.lead_months
    tools = {tool.id: tool for tool in question.problem.tools}
    return [
        {
            "id": tool_id,
            "bought": packs * tools[tool_id].pack,
            "seats_minor": packs * tools[tool_id].pack_minor,
            "annual_minor": ratio_half_even(packs * tools[tool_id].pack_minor, 12, months),
        }
        for tool_id, packs in found.packs.items()
        if packs and tools[tool_id].pack_minor
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class StackPart:
    """One part: ``today_minor`` as things stand, ``best_minor`` in the cheapest set, ``then_minor`` in the set shown.

    Minor units of the answer's currency, over the horizon or a year. ``kind`` says what becomes of it in the set shown.
    ``known`` is False where what the tool costs is not known: it counts as nothing. ``free_from`` is the first day it
    is not owed, None where that is not known or nothing ends.
    """

    kind: PartKind
    tool_id: int
    name: str
    basis: str | None
    line_id: int | None = None
    budget_line_id: int | None = None
    seats: int = 0
    free_from: date | None = None
    today_minor: int = 0
    best_minor: int = 0
    then_minor: int = 0
    known: bool = True

    @property
    def less_minor(self) -> int:
        """What the set shown does away with; below zero: what it adds."""
        return self.today_minor - self.then_minor


def has_parts(data: Data) -> bool:
    """Whether an answer was kept with what it is made of."""
    return bool(data.get("parts"))


def set_count(data: Data) -> int:
    """How many sets an answer holds: the cheapest and the next best."""
    return 1 + len(data.get("alternatives", ())) if "value_minor" in data else 0


def parts_of(data: Data, place: int = 0, *, yearly: bool = False) -> tuple[StackPart, ...]:
    """The parts of a set (0: the cheapest, then the next best), what differs most first.

    Over the horizon they sum to what today's stack and the set cost; ``yearly``, to the yearly cost of both once every
    contract has ended (moving is paid once, so it is no part of a year).

    Raises:
        IndexError: the answer holds no such set.
    """
    if not 0 <= place < set_count(data):
        raise IndexError(place)
    off = {int(each["id"]) for each in data["off"]}
    there = off if not place else {int(each) for each in data["alternatives"][place - 1]["off"]}
    seats = {int(each["id"]): each for each in data["seats"]}
    bought = (
        seats if not place else {int(each["id"]): each for each in data["alternatives"][place - 1]["seats"]}
    )
    found: list[StackPart] = []
    for key, tool in data["parts"].items():
        tool_id = int(key)
        found += _bills(tool_id, tool, best_off=tool_id in off, off=tool_id in there, yearly=yearly)
        if not yearly and tool["moving_minor"] and (tool_id in off or tool_id in there):
            found.append(
                StackPart(
                    kind=PartKind.MOVING,
                    tool_id=tool_id,
                    name=tool["name"],
                    basis=None,
                    best_minor=tool["moving_minor"] if tool_id in off else 0,
                    then_minor=tool["moving_minor"] if tool_id in there else 0,
                )
            )
    what = "annual_minor" if yearly else "seats_minor"
    for tool_id in sorted({*seats, *bought}):
        found.append(
            StackPart(
                kind=PartKind.SEATS,
                tool_id=tool_id,
                name=data["parts"][str(tool_id)]["name"],
                basis=None,
                seats=bought[tool_id]["bought"] if tool_id in bought else 0,
                best_minor=seats[tool_id][what] if tool_id in seats else 0,
                then_minor=bought[tool_id][what] if tool_id in bought else 0,
            )
        )
    found.sort(key=lambda each: _rank(each, beside_best=bool(place)))
    return tuple(found)


def _bills(tool_id: int, tool: Data, *, best_off: bool, off: bool, yearly: bool) -> list[StackPart]:
    """The contract lines of a tool, or its whole cost."""
    kept, gone = ("annual_minor", None) if yearly else ("today_minor", "owed_minor")
    ids = tool["budget_lines"]
    return [
        StackPart(
            kind=PartKind.OWED if off else PartKind.STAYS,
            tool_id=tool_id,
            name=tool["name"],
            basis=tool["basis"],
            line_id=line["line"],
            budget_line_id=ids[0] if len(ids) == 1 and line["line"] is None else None,
            free_from=date.fromisoformat(line["free_from"]) if line["free_from"] else None,
            today_minor=line[kept],
            best_minor=(line[gone] if gone else 0) if best_off else line[kept],
            then_minor=(line[gone] if gone else 0) if off else line[kept],
            known=tool["basis"] is not None,
        )
        for line in tool["lines"]
    ]


def _rank(each: StackPart, *, beside_best: bool) -> tuple[Any, ...]:
    moved = each.then_minor - each.best_minor if beside_best else each.less_minor
    return (
        -abs(moved),
        -abs(each.today_minor),
        _ORDER[each.kind],
        each.name.casefold(),
        each.tool_id,
        each.line_id or 0,
    )


def part_columns(place: int) -> tuple[Column, ...]:
    """The columns of the parts of a set; those of a next best one stand beside the cheapest."""

    def amounts(key: str, label: str) -> Column:
        return Column(key=key, label=label, kind=ValueKind.MONEY, exact=True, summed=True)

    beside = (
        (amounts("then", "With these tools"), amounts("less", "Less"))
        if not place
        else (
            amounts("best", "Lowest cost"),
            amounts("then", f"Set {place + 1}"),
            amounts("dearer", "Dearer by"),
        )
    )
    return (
        Column(key="what", label="What", primary=True),
        Column(
            key="becomes",
            label="In this set",
            what="What goes is owed until its contract can end; seats are bought for those who move.",
            unbroken=True,
        ),
        Column(key="free", label="Can end", kind=ValueKind.DATE, wide=True),
        amounts("today", "Today"),
        *beside,
    )


def part_row(data: Data, number: int, part: StackPart, labels: Mapping[int, tuple[int, str]]) -> Row:
    """A part as a row that opens to its contract or budget line; its spend lines are in ``detail``.

    ``labels`` are (contract, what it is called) by contract line, of those the reader may see.
    """
    contract = labels.get(part.line_id or 0)
    what = part.name if contract is None else f"{part.name}: {contract[1].removesuffix(f', {part.name}')}"
    if part.kind is PartKind.SEATS and part.seats:
        what = f"{part.name}: {part.seats} seat{'' if part.seats == 1 else 's'}"
    opens = None
    if contract is not None:
        opens = Ref(kind="contract", id=contract[0], label=what)
    elif part.budget_line_id is not None:
        opens = Ref(kind="budget_line", id=part.budget_line_id, label=what)
    currency = str(data["currency"])

    def amount(minor: int) -> Amount:
        if not part.known:
            return Amount(
                currency=currency, minor=None, why="What it costs is not known; it counts as nothing."
            )
        return Amount(currency=currency, minor=minor)

    free: Value = None
    if part.kind in (PartKind.STAYS, PartKind.OWED) and part.line_id is not None:
        free = part.free_from or Missing("The contract's end is not known.")
    return Row(
        id=str(number),
        opens=opens,
        values={
            "what": what,
            "becomes": WORDS[part.kind],
            "free": free,
            "today": amount(part.today_minor),
            "best": amount(part.best_minor),
            "then": amount(part.then_minor),
            "less": amount(part.less_minor),
            "dearer": amount(part.then_minor - part.best_minor),
        },
        detail={"lines": spend_behind(data, part)},
    )


def spend_behind(data: Data, part: StackPart) -> LineFilter | None:
    """The spend lines whose sum is the yearly cost of a part's tool; None where it is not known from spend."""
    if part.kind not in (PartKind.STAYS, PartKind.OWED) or part.basis != "last 12 months":
        return None
    window = trailing_months(date.fromisoformat(str(data["as_of"])), 12)
    return LineFilter(
        tool_ids=(part.tool_id,),
        spend_types=tuple(TOOL_COST),
        month_from=month_of(window.start),
        month_until=month_of(window.end),
    )


def parts_sentence(
    data: Data, place: int, found: Sequence[StackPart], *, yearly: bool, tool: str | None = None
) -> str:
    """What the parts come to; of one ``tool`` alone where it is named."""
    currency = str(data["currency"])
    today, then = sum(each.today_minor for each in found), sum(each.then_minor for each in found)
    told = f"{tool} alone: " if tool else ""
    told += (
        f"a year costs {money(today, currency)}"
        if yearly
        else f"{data['months']} months cost {money(today, currency)}"
    )
    told = f"{told[0].upper()}{told[1:]} today"
    if place:
        best = sum(each.best_minor for each in found)
        moved = sum(each.then_minor != each.best_minor for each in found)
        told += (
            f", {money(best, currency)} at the lowest cost and {money(then, currency)} with set {place + 1}"
        )
        return f"{told}: {_apart(then - best, currency, 'more')}, {_from(moved, len(found))}."
    moved = sum(bool(each.less_minor) for each in found)
    told += (
        f" and {money(then, currency)} {'once every contract has ended' if yearly else 'with these tools'}"
    )
    return f"{told}: {_apart(today - then, currency, 'less')}, {_from(moved, len(found))}."


def _apart(minor: int, currency: str, above: str) -> str:
    if not minor:
        return "the same"
    below = {"less": "more", "more": "less"}[above]
    return f"{money(abs(minor), currency)} {above if minor > 0 else below}"


def _from(moved: int, number: int) -> str:
    return f"from {moved} of {number} part{'' if number == 1 else 's'}"


def lead(
    search: int, place: int = 0, *, yearly: bool = False, tool: int = 0, kind: PartKind | None = None
) -> Ref:
    """Where a figure of a search opens to its parts: of a set, of a year, of one tool, of one kind."""
    return Ref(
        kind="stack_part",
        id=f"{search}:{place or ''}:{'year' if yearly else ''}:{tool or ''}:{'=' + WORDS[kind] if kind else ''}",
        label="its parts",
    )
