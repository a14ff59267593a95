"""Every kind but spend: rows of named values, each with the cell it came from."""

from collections.abc import Sequence
from typing import Final

from importers import codes
from importers.alike_sheets import answers_for, decide_alike, propose_alike
from importers.grid import Grid
from importers.plan_sheets import parts_of_one, tell_versions
from importers.pointed import with_pointed
from importers.previews import nothing_found, preview
from importers.record_kinds import NEEDS, label
from importers.record_plan import RecordPlan, decide, leave, propose, restored, tool_of
from importers.record_rows import RecordWalk
from importers.refusals import refuse
from importers.seat_rows import names_products
from importers.spend_columns import map_target
from mopsaudit.intake.contract import (
    Choice,
    Kind,
    Question,
    Reading,
    ReadingDecision,
    ReadOptions,
    SheetDecision,
    SheetReading,
    Sink,
)
from mopsaudit.problems import Problem

_BATCH = 1000
#: Kinds of one tool a file, with what their rows are.
_THESE: Final = {Kind.USAGE: "is this usage", Kind.CREDITS: "are these credits"}


def read_records(grids: Sequence[Grid], options: ReadOptions, sink: Sink, file_name: str) -> Reading:
    """Read a file of any kind but spend.

    Raises:
        RefusedError: when a sheet or column asked for is missing, or no sheet is of the kind.
    """
    options = with_pointed(options)
    plans = _plans(grids, options)
    questions: list[Question] = []
    problems: list[Problem] = []
    used = [plan for plan in plans if plan.proposal.decision.used]
    if not used:
        wanted = " and ".join(label(options.kind, name) for name in NEEDS[options.kind][0])
        raise nothing_found(
            f"No sheet of this file reads as {options.kind.value}: no table with {wanted} was found. "
            "Check the kind, or start from the empty template.",
            [(plan.proposal.grid, plan.proposal.decision) for plan in plans],
            options,
        )
    by_proposal = {id(plan.proposal): plan for plan in used}
    decide_alike(
        [plan.proposal for plan in used],
        options,
        lambda proposal, told: decide(by_proposal[id(proposal)], told),
    )
    parts = parts_of_one(used, options)
    used = [plan for plan in used if plan.proposal.decision.used]
    problems.extend(tell_versions(used, parts, options))
    for plan in used:
        questions.extend(plan.proposal.questions)
        problems.extend(plan.proposal.problems)
    tools: dict[int, str | None] = {}
    if options.kind in _THESE:
        for plan in used:
            tool = tool_of(plan, options, file_name)
            tools[id(plan)] = tool
            if (
                tool is None
                and plan.proposal.decision.column("tool") is None
                and not (plan.layout and plan.layout.per_product)
                and not names_products(plan.proposal)
            ):
                answer = dict(options.answers).get("tool")
                if answer:
                    tools[id(plan)] = answer
                elif not any(question.key == "tool" for question in questions):
                    questions.append(
                        Question(
                            key="tool",
                            asks=f"Which tool {_THESE[options.kind]} of? "
                            "Name it with the tool option or as the answer.",
                            choices=tuple(
                                Choice(value=name, reads=f"{options.kind.value} of {name}")
                                for name in sorted(options.known_tools)[:100]
                            ),
                        )
                    )
    readings: list[SheetReading] = []
    total = sum(len(plan.proposal.grid.rows) for plan in used)
    done = 0
    for plan in plans:
        if not plan.proposal.decision.used:
            readings.append(
                SheetReading(decision=plan.proposal.decision, preview=preview(plan.proposal.grid))
            )
            continue
        walk = RecordWalk(plan, options, tools.get(id(plan)), several=len(used) > 1 and id(plan) not in parts)
        reading, rows = walk.run()
        readings.append(reading)
        problems.extend(walk.problems)
        if not questions:
            for start in range(0, len(rows), _BATCH):
                sink.rows(plan.proposal.grid.name, rows[start : start + _BATCH])
        done += len(plan.proposal.grid.rows)
        sink.progress(done, total)
    if not questions and not any(reading.lines_read or reading.lines_rejected for reading in readings):
        raise refuse(
            codes.NO_DATA,
            f"This file has the headings of {options.kind.value} but no rows below them. Fill it in first.",
        )
    decision = ReadingDecision(
        kind=options.kind,
        sheets=tuple(plan.proposal.decision for plan in plans),
        answers=tuple(sorted(options.answers)),
    )
    return Reading(
        decision=decision, sheets=tuple(readings), questions=tuple(questions), problems=tuple(problems)
    )


def _plans(grids: Sequence[Grid], options: ReadOptions) -> list[RecordPlan]:
    if options.decision is not None:
        plans = []
        for grid in grids:
            decision = options.decision.sheet(grid.name) or SheetDecision(
                name=grid.name, used=False, why="not in the decision"
            )
            answers = answers_for(grid.name, options.decision, options)
            plans.append(restored(grid, decision, options, answers))
        return plans
    wanted: set[str | None] | None = None
    if options.sheets and not grids[0].text_file:
        names = {(grid.name or "").strip().casefold(): grid.name for grid in grids}
        wanted = set()
        for name in options.sheets:
            if name.strip().casefold() not in names:
                listed = ", ".join(f"“{grid.name}”" for grid in grids[:12])
                raise refuse(
                    codes.SHEET_MISSING, f"There is no sheet “{name}” in this file; it has {listed}."
                )
            wanted.add(names[name.strip().casefold()])
    plans = propose_alike(grids, options, propose, lambda plan: plan.proposal)
    for name, target in options.maps:
        tables = [plan.proposal for plan in plans if plan.proposal.header is not None]
        columns = (
            (map_target(target, each.header.headings if each.header else []), each.grid.width)
            for each in tables
        )
        if not any(column is not None and column < max(width, 1) for column, width in columns):
            raise refuse(codes.MAP_UNKNOWN, f"The mapping {name}={target} names no column of this file.")
    able = [plan for plan in plans if plan.proposal.decision.used]
    visible = [plan for plan in able if not plan.proposal.grid.hidden]
    best = max((plan.proposal.quality for plan in visible or able), default=0.0)
    for plan in able:
        if wanted is not None:
            if plan.proposal.grid.name not in wanted:
                leave(plan, "not among the sheets asked for")
        elif visible and plan.proposal.grid.hidden:
            leave(plan, "the sheet is hidden")
        elif plan.proposal.quality < best * 0.6:
            leave(plan, "it does not look like the sheet with the records")
    return plans
