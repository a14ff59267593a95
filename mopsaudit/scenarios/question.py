"""The question for the lowest-cost stack with all that is told beside its answer. Pure values."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mopsaudit.periods import Period
from mopsaudit.scenarios.options import StackOptions
from mopsaudit.scenarios.values import StackProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolDetail:
    """What is told of a tool beside its figures; None is unknown.

    ``cost_minor`` a year; ``ends`` maps each contract line to the first day it is not owed when one leaves as soon as
    may be (None: its end is not known) and to its part of what keeping the tool costs; ``send_by`` the first notice.
    ``people`` are active; ``used`` and ``unknown`` are capabilities in use and of unknown use.
    """

    id: int
    name: str
    category: str
    vendor: str | None
    cost_minor: int | None
    ends: tuple[tuple[int, date | None, int], ...]
    send_by: date | None
    people: int | None
    seat_minor: int | None
    used: frozenset[str]
    unknown: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A person's word on a capability in a unit and below."""

    capability: str
    unit_id: int
    required: bool
    suppliers: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StackQuestion:
    """All that is asked and told, in the base currency ``currency``.

    ``horizon`` starts the day after the as-of date; ``ready_on`` is the first day a tool can be switched off. ``units``
    and ``capabilities`` are names by id; ``across`` says whether any tool may serve any unit.
    """

    as_of: date
    unit: str | None
    currency: str
    options: StackOptions
    horizon: Period
    ready_on: date
    across: bool
    problem: StackProblem
    details: Mapping[int, ToolDetail]
    units: Mapping[int, str]
    capabilities: Mapping[str, str]
    needs: tuple[Need, ...]
    without_capabilities: tuple[str, ...]
    group_minimum: int

    @property
    def digest(self) -> str:
        """SHA-256 of everything the answer rests on: another one means that the data changed."""
        tools = [
            [
                each.id,
                sorted(each.units),
                sorted(each.owned),
                each.annual_minor,
                each.keep_minor,
                each.locked_minor,
                each.moving_minor,
                [each.pack_minor, each.pack, each.free],
                [
                    [block.unit_id, block.people, sorted(block.needs), sorted(block.seats.items())]
                    for block in each.blocks
                ],
                each.must,
            ]
            for each in self.problem.tools
        ]
        asked = [
            [each.unit_id, each.capability, each.suppliers]
            for each in sorted(self.problem.requirements, key=lambda each: (each.unit_id, each.capability))
        ]
        text = json.dumps([self.as_of.isoformat(), self.options.to_data(), tools, asked], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()
