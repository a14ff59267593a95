"""The sentences of the page on gaps: the answer, what it rests on, and what could not be compared. Pure."""

from collections.abc import Mapping

from mopsaudit.facts.wording import count, day, listed, money, month
from mopsaudit.gaps.values import GapFacts, GapKind
from mopsaudit.reporting import Amount


def answer(
    facts: GapFacts, numbers: Mapping[GapKind, int], sums: Mapping[GapKind, Amount], *, settled: int
) -> str:
    """The open gaps in one sentence."""
    if not (facts.spend.held or facts.has_usage or facts.tools):
        return "There is nothing to compare yet: no spend, no usage and no tool."
    if not any(numbers.values()):
        rest = f"; {count(settled, 'gap')} {'is' if settled == 1 else 'are'} settled" if settled else ""
        return f"What is paid, used and listed agrees as far as it is known{rest}."
    outside = []
    if paid := numbers[GapKind.PAID]:
        amount = sums[GapKind.PAID].minor
        worth = f" ({money(amount, facts.currency)} in twelve months)" if amount else ""
        outside.append(f"{count(paid, 'tool')} {'is' if paid == 1 else 'are'} paid for{worth}")
    if used := numbers[GapKind.USED]:
        which = f"{used:,} more" if paid else count(used, "application")
        outside.append(f"{which} {'is' if used == 1 else 'are'} signed in to")
    inside = []
    if silent := numbers[GapKind.SILENT]:
        inside.append(f"{silent:,} {'is' if silent == 1 else 'are'} paid for and used by nobody")
    if unpaid := numbers[GapKind.UNPAID]:
        inside.append(f"{unpaid:,} {'has' if unpaid == 1 else 'have'} neither spend nor contract")
    if unmeasured := numbers[GapKind.UNMEASURED]:
        inside.append(f"{unmeasured:,} {'has' if unmeasured == 1 else 'have'} no usage file")
    said = []
    if outside:
        said.append(f"{listed(outside)} without being confirmed in the inventory")
    if inside:
        said.append(f"of {count(_running(facts), 'listed tool')} {listed(inside)}")
    text = "; ".join(said)
    return text[0].upper() + text[1:] + "."


def _running(facts: GapFacts) -> int:
    return sum(1 for tool in facts.tools if tool.running)


def trust(facts: GapFacts) -> str:
    """As of when, and how much of each list there is."""
    parts = [f"As of {day(facts.as_of)}"]
    if facts.spend.held:
        parts.append(f"spend of twelve months to {month(facts.spend.window[1] - 1)}")
    running = [tool for tool in facts.tools if tool.running]
    if facts.has_usage:
        known = sum(1 for tool in running if tool.id in facts.best)
        parts.append(f"usage of {known:,} of {count(len(running), 'tool')}")
    return " · ".join([*parts, facts.currency])


def beside(facts: GapFacts) -> tuple[str, ...]:
    """What could not be compared and why."""
    said = []
    if not facts.spend.held:
        said.append("No spend is imported yet, so no tool is called unpaid.")
    elif facts.spend.shifted:
        said.append("The ledger ends before the day asked about; its own last twelve months are compared.")
    if not facts.has_usage:
        said.append("No usage file is imported yet, so no tool is called unused.")
    if facts.unit_id is not None:
        said.append(
            "Of this unit's own money and people only; what names no unit is compared for the whole company."
        )
    return tuple(said)
