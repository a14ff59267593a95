"""Whatever happens around it, a decision on a supplier holds; a split sums, and restates nothing before its day.

A machine draws decisions, dated splits, their undo, renames, merges and their undo, imports and their undo in any
order, and compares every living line of the real database with a model of twenty lines. Every step is committed, as the
trail that taking a decision back reads is written then; each run has a supplier and tools of its own.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import heads
from mopsaudit.intake.last_decision import last_decision, undo_last_decision
from mopsaudit.intake.settling import Answer, rematch_open, settle
from mopsaudit.intake.split_plans import Part
from mopsaudit.intake.summaries import difference
from mopsaudit.inventory.merges import merge_tools, unmerge_tools
from mopsaudit.inventory.tools import edit_tool
from mopsaudit.money import split_exact
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import LinePart, SpendLine
from tests import builders
from tests.intake.files import NOW, TODAY, Line, enter, spend_read, take_back
from tests.intake.test_suppliers import named

DAYS: Final = tuple(date(2026, month, 5) for month in (1, 4, 7, 10))
AMOUNTS: Final = ("100", "10.01", "-3.33", "0.05")
_runs = count()
#: From a day (None: all days) on: the tools with their shares of a hundred, or a word for no tool.
Held = tuple[date | None, tuple[tuple[int, int], ...] | str]


class Decisions(RuleBasedStateMachine):
    """The model: what holds from which day, newest last, and what stood before each decision."""

    def __init__(self, session: Session, data: Path) -> None:
        super().__init__()
        self.session, self.data = session, data
        run = next(_runs)
        self.name = f"Qwub{chr(97 + run // 26 % 26)}{chr(97 + run % 26)}xol Ltd"
        self.file = tuple(
            Line(amount=amount, supplier=self.name, day=day, reference=f"first {day}")
            for day, amount in zip(DAYS, AMOUNTS, strict=True)
        )
        self.person = builders.person(session, "Ann").id
        self.tools = [builders.tool(session, f"{name} {run}").id for name in ("One", "Two", "Three")]
        session.commit()
        self.merges: list[int] = []
        self.imports: dict[str, tuple[int, tuple[Line, ...]]] = {}
        self.number = 0
        self.import_first()
        self.supplier_id = named(session, self.name).id
        self.held: list[Held] = []
        self.before: list[list[Held]] = []
        self.decide(self.tools[0])

    # --- what people do

    def _settle(self, answer: Answer, held: list[Held]) -> None:
        self.number += 1
        supplier = named(self.session, self.name)
        settle(
            self.session, supplier.id, supplier.version, answer,
            person_id=self.person, now=NOW + timedelta(minutes=self.number), today=TODAY, settings=Settings(),
        )  # fmt: skip
        self.session.commit()
        self.before.append(self.held)
        self.held = held

    def _living(self) -> list[int]:
        gone = heads(self.session).of
        return [tool for tool in self.tools if tool not in gone]

    def decide(self, tool_id: int) -> None:
        self._settle(Answer(kind="tool", tool_id=tool_id), [(None, ((tool_id, 100),))])

    @rule(which=st.integers(0, 2))
    def tool(self, which: int) -> None:
        living = self._living()
        self.decide(living[which % len(living)])

    @rule()
    def not_marketing(self) -> None:
        self._settle(Answer(kind="not_marketing"), [(None, "not_marketing")])

    @rule(share=st.integers(1, 99), day=st.sampled_from((None, *DAYS)))
    def split(self, share: int, day: date | None) -> None:
        living = self._living()
        if len(living) < 2:
            return
        shares = ((living[0], share), (living[1], 100 - share))
        parts = tuple(Part(tool_id=tool, share_ppm=each * 10_000) for tool, each in shares)
        kept = [] if day is None else self.held
        self._settle(Answer(kind="split", parts=parts, from_day=day), [*kept, (day, shares)])

    @precondition(lambda self: len(self.before) > 1)
    @rule()
    def take_back_decision(self) -> None:
        last = last_decision(self.session, self.person)
        assert last is not None
        undo_last_decision(self.session, self.person, last.at, Settings())
        self.session.commit()
        self.held = self.before.pop()

    # --- what must make nothing forget

    @rule(which=st.integers(0, 2))
    def rename(self, which: int) -> None:
        self.number += 1
        tool = self.session.get_one(Tool, self.tools[which])
        edit_tool(self.session, tool.id, tool.version, {"name": f"Tool {tool.id} {self.number}"})
        rematch_open(self.session, Settings())
        self.session.commit()

    @rule(which=st.integers(0, 2), into=st.integers(0, 2))
    def merge(self, which: int, into: int) -> None:
        living = self._living()
        one, other = self.tools[which], self.tools[into]
        if one != other and one in living and other in living:
            tool = self.session.get_one(Tool, one)
            self.merges.append(merge_tools(self.session, one, other, version=tool.version, now=NOW).id)
            self.session.commit()

    @precondition(lambda self: self.merges)
    @rule()
    def unmerge(self) -> None:
        unmerge_tools(self.session, self.merges.pop(), now=NOW)
        rematch_open(self.session, Settings())
        self.session.commit()

    @rule()
    def import_first(self) -> None:
        if "first" not in self.imports:
            self._enter("first", self.file)

    @rule(day=st.sampled_from(DAYS), cents=st.integers(-999, 999))
    def import_more(self, day: date, cents: int) -> None:
        self.number += 1
        line = replace(self.file[0], day=day, amount=f"{cents / 100:.2f}", reference=f"more {self.number}")
        self._enter(f"more {self.number}", (line, self.file[0]))

    def _enter(self, name: str, lines: tuple[Line, ...]) -> None:
        record = enter(self.session, spend_read(list(lines)), self.data, name=f"{self.name} {name}.xlsx")
        self.session.commit()
        self.imports[name] = (record.id, lines)

    @precondition(lambda self: self.imports)
    @rule(which=st.integers(0, 9))
    def undo_import(self, which: int) -> None:
        name = sorted(self.imports)[which % len(self.imports)]
        take_back(self.session, self.imports.pop(name)[0])
        self.session.commit()

    # --- what must hold

    @invariant()
    def every_line_stands_where_it_was_decided(self) -> None:
        self.session.expire_all()
        lines = self.session.scalars(
            select(SpendLine).where(SpendLine.supplier_id == self.supplier_id, SpendLine.living)
        ).all()
        wanted = {line.reference for _, held in self.imports.values() for line in held}
        assert {line.reference for line in lines} == wanted
        merged = heads(self.session)
        for line in lines:
            assert self._stands(line, merged.tool) == self._expected(line, merged.tool), line.reference

    def _stands(self, line: SpendLine, head: Callable[[int], int]) -> dict[Any, int]:
        pieces: list[tuple[int | None, str | None, int]] = [
            (line.tool_id, line.spend_type, line.amount_minor)
        ]
        if line.split:
            query = select(LinePart.tool_id, LinePart.spend_type, LinePart.amount_minor)
            rows = self.session.execute(query.where(LinePart.line_id == line.id).order_by(LinePart.id))
            pieces = [(tool, kind, minor) for tool, kind, minor in rows]
            assert sum(minor for _, _, minor in pieces) == line.amount_minor, "parts sum to the line"
        found: dict[Any, int] = {}
        for tool, kind, minor in pieces:
            key = kind if tool is None else head(tool)
            found[key] = found.get(key, 0) + minor
        return {key: minor for key, minor in found.items() if minor}

    def _expected(self, line: SpendLine, head: Callable[[int], int]) -> dict[Any, int]:
        assert line.booked_on is not None
        held = next(held for day, held in reversed(self.held) if day is None or day <= line.booked_on)
        if isinstance(held, str):
            return {held: line.amount_minor} if line.amount_minor else {}
        found: dict[Any, int] = {}
        minors = split_exact(line.amount_minor, [share for _, share in held])
        for (tool, _), minor in zip(held, minors, strict=True):
            found[head(tool)] = found.get(head(tool), 0) + minor
        return {key: minor for key, minor in found.items() if minor}

    @invariant()
    def the_summaries_agree(self) -> None:
        assert not difference(self.session)


def machine(session: Session, data: Path) -> type[Decisions]:
    """The machine over one database, as the runner makes it."""

    class Bound(Decisions):
        def __init__(self) -> None:
            super().__init__(session, data)

    return Bound


def test_a_decision_holds_through_everything(session: Session, data: Path) -> None:
    run_state_machine_as_test(
        machine(session, data),
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_split_taken_over_by_a_tool_and_split_anew_comes_back_with_two_steps_back(
    session: Session, data: Path
) -> None:
    steps = Decisions(session, data)
    steps.split(30, None)
    steps.decide(steps.tools[1])
    steps.split(60, DAYS[1])
    for _ in range(3):
        steps.every_line_stands_where_it_was_decided()
        steps.take_back_decision()
    steps.every_line_stands_where_it_was_decided()
    steps.the_summaries_agree()
