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
class Bill:
    """What a contract line is of its tool's cost; ``line_id`` None: all of it, where no line runs.

    ``free_from`` is the first day it is not owed when one leaves as soon as may be (None: its end is not known).
    ``keep_minor`` is its part of what keeping the tool costs over the horizon, ``owed_minor`` that of what is owed when
    the tool is switched off, ``annual_minor`` that of its yearly cost: each sums to the tool's own over its bills.
    """

    line_id: int | None
    free_from: date | None
    keep_minor: int
    owed_minor: int
    annual_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolDetail:
    """What is told of a tool beside its figures; None is unknown.

    ``cost_minor`` a year and what it rests on (``basis``, with the budget lines where it is a budget); ``bills`` are
    its parts by contract line; ``send_by`` the first notice. ``people`` are active; ``used`` and ``unknown`` are
    capabilities in use and of unknown use.
    """

    id: int
    name: str
    category: str
    vendor: str | None
    cost_minor: int | None
    basis: str | None
    budget_lines: tuple[int, ...]
    bills: tuple[Bill, ...]
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
