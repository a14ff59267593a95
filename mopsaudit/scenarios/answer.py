"""What the lowest-cost stack says: the one object that page and command line show (PRODUCT.md §4.2). Pure.

Money is integer minor units of ``currency``; people are numbers, and :func:`without_small_groups` hides small ones.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from mopsaudit.facts.wording import count, day, listed, money, month
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import Period, month_of, month_start
from mopsaudit.scenarios.question import StackQuestion
from mopsaudit.scenarios.stack_parts import kept_parts, kept_seats
from mopsaudit.scenarios.values import EVERYWHERE, Must, StackAnswer, StackSet, StackTool

#: The share of the best value within which another set is told.
MARGIN_PERCENT: Final = 5
_DAY: Final = timedelta(days=1)
Data = dict[str, Any]


def stack_data(question: StackQuestion, answer: StackAnswer) -> Data:
    """The answer as JSON: sentence, proof, the set, what changes and why, what is lost, who moves, when it pays."""
    problem, best = question.problem, answer.best
    data: Data = {
        "as_of": question.as_of.isoformat(),
        "unit": question.unit,
        "currency": question.currency,
        "months": question.options.months,
        "until": question.horizon.end.isoformat(),
        "ready_on": question.ready_on.isoformat(),
        "answer": "",
        "status": answer.status.value,
        "tools": len(problem.tools),
        "requirements": len(problem.requirements),
        "today_minor": problem.today_minor,
        "proof": {
            "solver": answer.solver,
            "status": answer.status.value,
            "value_minor": best.value_minor if best else None,
            "bound_minor": answer.bound_minor,
            "gap_minor": best.value_minor - answer.bound_minor
            if best is not None and answer.bound_minor is not None
            else None,
            "proven": answer.proven,
            "variables": answer.variables,
            "rows": answer.rows,
            "nodes": answer.nodes,
        },
        "missing": [
            {
                "capability": question.capabilities.get(each.capability, each.capability),
                "capability_id": each.capability,
                "unit": _unit(question, each.unit_id),
                "wanted": each.wanted,
                "there": each.there,
            }
            for each in answer.missing
        ],
        "vendors_cannot": answer.vendors_cannot,
        "assumptions": list(assumptions(question)),
        "needs": [
            {
                "capability": question.capabilities.get(each.capability, each.capability),
                "unit": _unit(question, each.unit_id),
                "required": each.required,
                "suppliers": each.suppliers,
                "reason": each.reason,
            }
            for each in question.needs
        ],
        "group_minimum": question.group_minimum,
    }
    if best is not None:
        data |= _set_data(question, best)
        data["parts"] = kept_parts(question)
        data["alternatives"] = [_alternative(question, best, each) for each in answer.alternatives]
        data["more_alternatives"] = answer.more_alternatives
    data["answer"] = sentence(data)
    return data


def sentence(data: Mapping[str, Any]) -> str:
    """The answer in one sentence."""
    currency, months = str(data["currency"]), data["months"]
    if not data["tools"]:
        return "No running tool has capabilities yet, so no set of tools can be worked out."
    if data["missing"]:
        first = data["missing"][0]
        more = f" and {count(len(data['missing']) - 1, 'more')}" if len(data["missing"]) > 1 else ""
        there = "no tool that may stay" if not first["there"] else f"only {first['there']}"
        return f"No stack meets what is required: {first['capability']} in {first['unit']} has {there}{more}."
    if data["vendors_cannot"]:
        return "No stack meets what is required while every vendor stays under its share; raise the cap."
    if "value_minor" not in data:
        return "The search was stopped before any set was found; give it more time."
    if not data["off"]:
        return (
            f"Today's {count(data['tools'], 'tool')} cost least: no set that keeps what is required is cheaper over "
            f"{months} months."
        )
    text = (
        f"{count(len(data['keep']), 'tool')} of {data['tools']} would do: {money(data['value_minor'], currency)} over "
        f"{months} months instead of {money(data['today_minor'], currency)}, "
        f"{money(data['saving_minor'], currency)} less; {money(data['annual_minor'], currency)} a year once every "
        "contract has ended"
    )
    if not data["proof"]["proven"]:
        text += ". The search was stopped: a cheaper set may exist"
    return text + "."


def _unit(question: StackQuestion, unit_id: int) -> str:
    return question.units.get(unit_id, "the whole company" if unit_id == EVERYWHERE else f"unit {unit_id}")


def _set_data(question: StackQuestion, best: StackSet) -> Data:
    tools = {tool.id: tool for tool in question.problem.tools}
    seats: dict[int, int] = defaultdict(int)
    to: dict[int, list[Data]] = defaultdict(list)
    for move in best.moves:
        seats[move.to_id] += move.seats
        to[move.from_id].append(
            {
                "id": move.to_id,
                "name": tools[move.to_id].name,
                "unit": _unit(question, move.unit_id) if move.unit_id != EVERYWHERE else None,
                "people": move.people,
                "seats": move.seats,
            }
        )
    packs = {each: tools[each].pack_minor * bought for each, bought in best.packs.items()}
    off = [_off(question, tools[each], to[each]) for each in best.off]
    seats_minor = sum(packs.values())
    saving = question.problem.today_minor - best.value_minor
    once = sum(tools[each].moving_minor for each in best.off)
    added = kept_seats(question, best)
    months = _months(question, best, seats_minor)
    return {
        "value_minor": best.value_minor,
        "saving_minor": saving,
        "annual_minor": sum(tools[each].annual_minor for each in best.off)
        - sum(each["annual_minor"] for each in added),
        "kept_minor": sum(tools[each].keep_minor for each in best.keep),
        "locked_minor": sum(tools[each].locked_minor for each in best.off),
        "moving_minor": once,
        "seats_minor": seats_minor,
        "seats": added,
        "keep": [_keep(question, tools[each], seats[each], best, packs) for each in best.keep],
        "off": sorted(off, key=lambda each: (-each["saves_minor"], each["id"])),
        "lost": lost(question, best),
        "displaced": sum(each["people"] or 0 for each in off),
        "months_curve": months,
        "break_even": break_even(months),
    }


def _off(question: StackQuestion, tool: StackTool, to: Sequence[Data]) -> Data:
    detail = question.details[tool.id]
    ends = [each.free_from for each in detail.bills]
    free = None if any(each is None for each in ends) else max(each for each in ends if each)
    takers = listed(sorted({each["name"] for each in to}))
    needed = sorted(detail.used | detail.unknown)
    required = {each.capability for each in question.problem.requirements}
    kept = [question.capabilities[name] for name in needed if name in required]
    if tool.must is Must.GO:
        why = "It must go, by choice."
    elif not kept:
        why = "Nothing of it is required."
    elif takers:
        why = f"Its people go to {takers}."
    else:
        why = "All it is used for stays covered."
    return {
        "id": tool.id,
        "name": tool.name,
        "category": detail.category,
        "annual_minor": tool.annual_minor if detail.cost_minor is not None else None,
        "saves_minor": tool.keep_minor - tool.off_minor,
        "locked_minor": tool.locked_minor,
        "moving_minor": tool.moving_minor,
        "free_from": free.isoformat() if free else None,
        "send_by": detail.send_by.isoformat() if detail.send_by else None,
        "people": detail.people,
        "to": list(to),
        "why": why,
    }


def _keep(
    question: StackQuestion, tool: StackTool, seats: int, best: StackSet, packs: Mapping[int, int]
) -> Data:
    problem = question.problem
    off = set(best.off)
    alone = sorted(
        {
            each.capability
            for each in problem.requirements
            if each.capability in tool.owned
            and each.unit_id in tool.serves
            and not any(
                other.id != tool.id
                and other.id not in off
                and each.capability in other.owned
                and each.unit_id in other.serves
                for other in problem.tools
            )
        }
    )
    detail = question.details[tool.id]
    if tool.must is Must.KEEP:
        why = "It must stay, by choice."
    elif alone:
        why = (
            f"Nothing else that stays supplies {listed([question.capabilities[each] for each in alone], 2)}."
        )
    elif detail.cost_minor is None:
        why = "What it costs is not known, so nothing speaks for switching it off."
    elif tool.keep_minor <= tool.off_minor:
        why = "Leaving it costs as much as keeping it."
    else:
        why = "Keeping it costs less than moving its people."
    return {
        "id": tool.id,
        "name": tool.name,
        "category": detail.category,
        "annual_minor": tool.annual_minor if detail.cost_minor is not None else None,
        "seats": seats,
        "bought": best.packs.get(tool.id, 0) * tool.pack,
        "seats_minor": packs.get(tool.id, 0),
        "seat_known": detail.seat_minor is not None,
        "why": why,
    }


def lost(question: StackQuestion, best: StackSet) -> list[Data]:
    """Capabilities some tool owns today and none that stays: not required anywhere, or they could not fall away."""
    tools = {tool.id: tool for tool in question.problem.tools}
    stays = {name for each in best.keep for name in tools[each].owned}
    gone: dict[str, list[str]] = defaultdict(list)
    for each in best.off:
        for name in tools[each].owned - stays:
            gone[name].append(tools[each].name)
    used = {name for each in question.details.values() for name in each.used}
    return [
        {"capability": question.capabilities[name], "in": sorted(found), "used": name in used}
        for name, found in sorted(gone.items(), key=lambda each: question.capabilities[each[0]].casefold())
    ]


def _alternative(question: StackQuestion, best: StackSet, other: StackSet) -> Data:
    names = {tool.id: tool.name for tool in question.problem.tools}
    without, instead = set(best.keep) - set(other.keep), set(other.keep) - set(best.keep)
    return {
        "value_minor": other.value_minor,
        "dearer_minor": other.value_minor - best.value_minor,
        "without": sorted(names[each] for each in without),
        "instead": sorted(names[each] for each in instead),
        "off": list(other.off),
        "seats": kept_seats(question, other),
    }


def _months(question: StackQuestion, best: StackSet, seats_minor: int) -> list[Data]:
    """Month by month: what today's stack and this one cost, and what was saved by then; the last sums to the whole."""
    horizon = question.horizon
    first = month_of(horizon.start)
    last = month_of(horizon.end - _DAY)
    seats_from = Period(start=question.ready_on, end=horizon.end)
    off = set(best.off)
    today_by: list[int] = []
    stack_by: list[int] = []
    for index in range(first, last + 1):
        until = min(horizon.end, month_start(index + 1))
        today = spent = 0
        for tool in question.problem.tools:
            for bill in question.details[tool.id].bills:
                free = bill.free_from
                end = horizon.end if free is None else min(horizon.end, max(horizon.start, free))
                today += _share(bill.keep_minor, horizon, until)
                spent += _share(bill.keep_minor, horizon, min(until, end) if tool.id in off else until)
            if tool.id in off and until > question.ready_on:
                spent += tool.moving_minor
        today_by.append(today)
        stack_by.append(spent + _share(seats_minor, seats_from, until))
    return [
        {
            "month": index,
            "label": month(index),
            "whole": month_start(index) >= horizon.start and month_start(index + 1) <= horizon.end,
            "today_minor": today_by[place] - (today_by[place - 1] if place else 0),
            "stack_minor": stack_by[place] - (stack_by[place - 1] if place else 0),
            "saved_minor": today_by[place] - stack_by[place],
        }
        for place, index in enumerate(range(first, last + 1))
    ]


def _share(minor: int, span: Period, until: date) -> int:
    """What of a sum spread evenly over a span lies before a day."""
    if until >= span.end or not span.days:
        return minor if until >= span.end else 0
    return ratio_half_even(minor, max(0, (until - span.start).days), span.days)


def break_even(months: Sequence[Mapping[str, Any]]) -> str | None:
    """The first month by whose end what was spent on the change has come back, and stays so; None: not within these."""
    found: str | None = None
    for each in reversed(months):
        if each["saved_minor"] < 0:
            break
        found = each["label"]
    if not any(each["saved_minor"] > 0 for each in months):
        return None
    first = next((each for each in months if each["stack_minor"] != each["today_minor"]), None)
    if first is not None and found == months[0]["label"]:
        return str(first["label"])  # never in the red: from the first month it differs
    return found


def assumptions(question: StackQuestion) -> tuple[str, ...]:
    """What the answer takes for given, in words, with how many tools each touches."""
    options, currency = question.options, question.currency
    details = list(question.details.values())
    running = Period(start=question.horizon.start, end=question.horizon.end)
    found = [
        (
            f"It looks at {options.months} months, from {day(running.start)} to {day(running.end - _DAY)}; every tool "
            "costs what it costs now, prices do not rise."
        ),
        (
            f"Nothing is switched off before {day(question.ready_on)}, and no contract costs less before the first end "
            "that notice can still be given for."
        ),
        "A tool is kept or switched off as a whole; it supplies what it owns, used or not.",
        "Any tool may serve any unit." if question.across else "A tool serves the units it is used in.",
        (
            "People of a switched-off tool get a seat on a tool that covers what they used it for; who is on it "
            f"already needs none. Seats are paid from {day(question.ready_on)} at the price of the contract line; "
            "somebody who comes from two tools is counted for each."
        ),
    ]
    if options.moving_minor or options.person_minor or options.moving:
        own = f", {count(len(options.moving), 'tool')} with a cost of its own" if options.moving else ""
        found.append(
            f"Moving off a tool costs {money(options.moving_minor, currency)} and "
            f"{money(options.person_minor, currency)} for each of its people{own}."
        )
    else:
        found.append("Moving off a tool costs nothing, as nobody said what it costs.")
    if options.vendor_percent is not None:
        found.append(f"No vendor has more than {options.vendor_percent} % of the yearly cost of what stays.")
    if question.without_capabilities:
        found.append(
            f"{count(len(question.without_capabilities), 'tool')} without capabilities "
            f"({listed(question.without_capabilities)}) cannot be judged and stand outside."
        )
    unpriced = [each.name for each in details if each.cost_minor is None]
    if unpriced:
        found.append(f"Cost not known, counted as nothing: {listed(unpriced)}.")
    endless = [each.name for each in details if any(bill.free_from is None for bill in each.bills)]
    if endless:
        found.append(f"Contract end not known, so nothing is saved on them here: {listed(endless)}.")
    silent = [each.name for each in details if each.people is None]
    if silent:
        found.append(f"Users not known, no seats added for them: {listed(silent)}.")
    seatless = [each.name for each in details if each.seat_minor is None and each.people]
    if seatless:
        found.append(f"Price of a seat not known or not counted, one more costs nothing: {listed(seatless)}.")
    return tuple(found)


def without_small_groups(data: Mapping[str, Any], minimum: int | None = None) -> Data:
    """The same with groups of people under the minimum hidden (None): for everybody who does not act on them."""
    least = minimum or int(data.get("group_minimum", 5))

    def hide(number: int | None) -> int | None:
        return None if number is not None and 0 < number < least else number

    def why(number: int | None) -> Data:
        return {"why_people": "a small group, hidden"} if hide(number) != number else {}

    shown = dict(data)
    if "off" in data:
        shown["off"] = [
            each
            | why(each["people"])
            | {
                "people": hide(each["people"]),
                "to": [to | {"people": hide(to["people"]), "seats": hide(to["seats"])} for to in each["to"]],
            }
            for each in data["off"]
        ]
    return shown
