"""A whole spend file: which sheets hold the lines, what is remembered or said of them, then their lines."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from importers import codes
from importers.grid import Grid, letters
from importers.package import refuse
from importers.spend import Extract, extract, preview
from importers.spend_columns import map_target
from importers.spend_locale import decide_values
from importers.spend_plan import Proposal, propose
from importers.table import heading_of
from mopsaudit.intake.contract import (
    Choice,
    ColumnChoice,
    Question,
    Reading,
    ReadingDecision,
    ReadOptions,
    SheetDecision,
    SheetReading,
    Sink,
    SpendRow,
)
from mopsaudit.problems import Problem


def read_spend(grids: Sequence[Grid], options: ReadOptions, sink: Sink) -> Reading:
    """Propose (or obey) a decision for every sheet, then read the lines of the used ones.

    Raises:
        RefusedError: when a sheet or column asked for is not there, or no sheet holds spend.
    """
    problems: list[Problem] = []
    questions: list[Question] = []
    proposals = _proposals(grids, options, questions)
    for proposal in proposals:
        if proposal.decision.used:
            decide_values(proposal, options)
            questions.extend(proposal.questions)
            problems.extend(proposal.problems)
    if not any(proposal.decision.used for proposal in proposals):
        reasons = "; ".join(
            sorted({proposal.decision.why for proposal in proposals if proposal.decision.why})
        )
        raise refuse(
            codes.NO_DATA,
            f"No sheet of this file holds spend lines ({reasons or 'no table found'}). "
            "Check that it is a spend file, or map the amount column by hand.",
        )
    asked = bool(questions)
    readings: list[SheetReading] = []
    total = sum(len(proposal.grid.rows) for proposal in proposals if proposal.decision.used)
    done = 0
    for proposal in proposals:
        if not proposal.decision.used:
            readings.append(SheetReading(decision=proposal.decision, preview=preview(proposal.grid)))
            continue
        name = proposal.grid.name

        def emit(batch: list[SpendRow], name: str | None = name) -> None:
            nonlocal done
            if not asked:
                sink.rows(name, batch)
            done += len(batch)
            sink.progress(min(done, total), total)

        result = extract(
            proposal.grid,
            proposal.decision,
            headings_of(proposal.grid, proposal.decision),
            emit,
            options.base_currency,
            order_open=any(question.key.endswith(".date_order") for question in proposal.questions),
        )
        readings.append(result.reading)
        problems.extend(result.problems)
        if proposal.grid.hidden:
            problems.append(
                codes.problem(
                    codes.HIDDEN_SHEET,
                    f"The sheet “{name}” is hidden; it was read because it was asked for or alone holds the lines.",
                    sheet=name,
                )
            )
    decision = ReadingDecision(
        kind=options.kind,
        sheets=tuple(proposal.decision for proposal in proposals),
        answers=tuple(sorted(options.answers)),
    )
    return Reading(
        decision=decision, sheets=tuple(readings), questions=tuple(questions), problems=tuple(problems)
    )


def headings_of(grid: Grid, decision: SheetDecision) -> list[str]:
    """The heading of every column by the decision's header rows (``""`` for none)."""
    width = grid.width
    headings = [""] * width
    for number in decision.header_rows:
        for column, value in enumerate(grid.row(number)[:width]):
            text = heading_of(value)
            if text:
                headings[column] = f"{headings[column]} {text}".strip()
    return headings


def _proposals(grids: Sequence[Grid], options: ReadOptions, questions: list[Question]) -> list[Proposal]:
    if options.decision is not None:
        proposals = []
        for grid in grids:
            decision = options.decision.sheet(grid.name)
            if decision is None:
                decision = SheetDecision(name=grid.name, used=False, why="not in the decision")
            elif decision.used and not {"amount", "debit", "credit"} & {
                choice.field for choice in decision.columns
            }:
                decision = replace(decision, used=False, why="no amount column")
            proposals.append(Proposal(grid, decision))
        return proposals
    wanted = _wanted(grids, options)
    proposals = [_remembered(grid, propose(grid, options), options) for grid in grids]
    _check_maps(proposals, options)
    for proposal in proposals:
        grid = proposal.grid
        if wanted is not None and grid.name not in wanted:
            _leave(proposal, "not among the sheets asked for")
        elif not grid.rows:
            _leave(proposal, "the sheet is empty")
    if wanted is None:
        _choose_sheets(proposals, options, questions)
    return proposals


def _wanted(grids: Sequence[Grid], options: ReadOptions) -> set[str | None] | None:
    if not options.sheets or grids[0].text_file:
        return None
    by_name = {(grid.name or "").strip().casefold(): grid.name for grid in grids}
    wanted: set[str | None] = set()
    for name in options.sheets:
        found = next((grid.name for grid in grids if grid.name == name), by_name.get(name.strip().casefold()))
        if found is None:
            names = ", ".join(f"“{grid.name}”" for grid in grids[:12])
            raise refuse(codes.SHEET_MISSING, f"There is no sheet “{name}” in this file; it has {names}.")
        wanted.add(found)
    return wanted


def _check_maps(proposals: Sequence[Proposal], options: ReadOptions) -> None:
    """Every map must name a column of at least one used sheet."""
    used = [proposal for proposal in proposals if proposal.header is not None]
    for name, target in options.maps:
        for proposal in used:
            headings = proposal.header.headings if proposal.header else []
            column = map_target(target, headings)
            if column is not None and column < max(proposal.grid.width, 1):
                break
        else:
            raise refuse(codes.MAP_UNKNOWN, f"The mapping {name}={target} names no column of this file.")


def _leave(proposal: Proposal, why: str) -> None:
    proposal.decision = replace(proposal.decision, used=False, why=why)
    proposal.questions.clear()


def _remembered(grid: Grid, proposal: Proposal, options: ReadOptions) -> Proposal:
    """The proposal corrected by the profile of its layout, when a person once corrected such a sheet."""
    profile = (
        dict(options.profiles).get(proposal.decision.fingerprint) if proposal.decision.fingerprint else None
    )
    if profile is None:
        return proposal
    stored = ReadingDecision.from_json(
        {"kind": options.kind.value, "answers": {}, "sheets": [dict(profile)]}
    ).sheets[0]
    proposed = proposal.decision
    offset = _offset(grid, stored, proposed)
    shifted = tuple(row + offset for row in stored.header_rows)
    columns: list[ColumnChoice] = []
    headings = headings_of(grid, replace(stored, header_rows=shifted))
    for choice in stored.columns:
        now = proposed.column(choice.field)
        if ":" in choice.letters and now is not None:
            columns.append(now)  # another number of months stands across this file
        else:
            columns.append(choice if choice.by_person or not choice.header else _by_heading(choice, headings))
    proposal.decision = replace(
        stored,
        name=grid.name,
        header_rows=shifted,
        first_row=max(1, stored.first_row + offset),
        last_row=None,
        columns=tuple(columns),
        row_marks=(),
        currency=stored.currency if stored.currency_how in ("option", "profile") else None,
        currency_how="profile",
        fingerprint=proposed.fingerprint,
        extra=_extra(stored, proposed),
        confidence=0.99,
        reasons=(*stored.reasons, "read as a person corrected this layout before"),
    )
    proposal.questions = [question for question in proposal.questions if question.key.endswith(".currency")]
    proposal.quality = max(proposal.quality, 0.9) if stored.used else 0.0
    return proposal


def _extra(stored: SheetDecision, proposed: SheetDecision) -> tuple[tuple[str, object], ...]:
    """What was remembered beside the columns, with the months of this file, not of the one it was learnt from."""
    found = {name: value for name, value in stored.extra if name != "months"}
    found |= {name: value for name, value in proposed.extra if name == "months"}
    return tuple(sorted(found.items()))


def _offset(grid: Grid, stored: SheetDecision, proposed: SheetDecision) -> int:
    """How many rows lower than when it was corrected the header stands now."""
    if not stored.header_rows:
        return 0
    expected = {
        choice.header.casefold() for choice in stored.columns if choice.header and ":" not in choice.letters
    }
    width = stored.header_rows[-1] - stored.header_rows[0]
    for number in grid.numbers[:80]:
        moved = tuple(number + row - stored.header_rows[0] for row in stored.header_rows)
        texts = {text.casefold() for text in headings_of(grid, replace(stored, header_rows=moved)) if text}
        if expected and expected <= texts:
            return number - stored.header_rows[0]
    if proposed.header_rows and width == proposed.header_rows[-1] - proposed.header_rows[0]:
        return proposed.header_rows[0] - stored.header_rows[0]
    return 0


def _by_heading(choice: ColumnChoice, headings: Sequence[str]) -> ColumnChoice:
    """The choice at the column its heading stands over now (the same column when the heading is gone)."""
    if ":" in choice.letters:
        return choice
    column = map_target(choice.header, headings)
    if column is None:
        return choice
    return replace(choice, letters=letters(column))


# --- which sheets -----------------------------------------------------------------------------------------------------


def _choose_sheets(proposals: list[Proposal], options: ReadOptions, questions: list[Question]) -> None:
    """Use the sheets that hold lines; leave out hidden ones, summaries of the others, notes and look-ups."""
    able = [proposal for proposal in proposals if proposal.decision.used and proposal.quality >= 0.25]
    for proposal in proposals:
        if proposal.decision.used and proposal not in able:
            _leave(proposal, "no amount column")
    seen = [proposal for proposal in able if not proposal.grid.hidden]
    if seen:
        for proposal in able:
            if proposal.grid.hidden:
                _leave(proposal, "the sheet is hidden")
    else:
        seen = able
    if len(seen) < 2:
        return
    sums = {id(proposal): _sum(proposal, options) for proposal in seen}
    remaining = list(seen)
    # A sheet whose sum is that of another, with fewer lines, is a summary of it; so is one that sums all the others.
    for proposal in sorted(seen, key=lambda item: item.lines):
        others = [other for other in remaining if other is not proposal]
        if not others:
            break
        value, lines = sums[id(proposal)]
        for other in others:
            other_value, other_lines = sums[id(other)]
            if value is not None and value == other_value and value and lines <= other_lines:
                if lines == other_lines and proposal.quality > other.quality:
                    continue
                _leave(
                    proposal,
                    f"a summary of “{other.grid.name}”: the same sum in {lines:,} against {other_lines:,} lines",
                )
                remaining.remove(proposal)
                break
    if len(remaining) > 2:
        for proposal in list(remaining):
            value, lines = sums[id(proposal)]
            rest = [sums[id(other)] for other in remaining if other is not proposal]
            known = [entry[0] for entry in rest if entry[0] is not None]
            if value and len(known) == len(rest) and sum(known, Decimal(0)) == value:
                if lines < sum(entry[1] for entry in rest):
                    _leave(proposal, "a summary of the other sheets: the same sum in fewer lines")
                    remaining.remove(proposal)
                else:
                    for other in list(remaining):
                        if other is not proposal:
                            _leave(other, f"its lines stand in “{proposal.grid.name}” too")
                            remaining.remove(other)
                break
    if len(remaining) < 2:
        return
    best = max(remaining, key=lambda item: (item.quality, item.lines))
    alike = [proposal for proposal in remaining if _alike(proposal, best)]
    odd = [proposal for proposal in remaining if proposal not in alike]
    for proposal in list(odd):
        if proposal.quality < 0.6 or proposal.quality < best.quality - 0.25 or _is_summary(proposal, best):
            _leave(proposal, f"it does not look like spend lines as “{best.grid.name}” does")
            odd.remove(proposal)
    if odd:
        _ask_sheets(alike, odd, options, questions)


def _alike(one: Proposal, two: Proposal) -> bool:
    fields_one = {choice.field for choice in one.decision.columns}
    fields_two = {choice.field for choice in two.decision.columns}
    if one.decision.fingerprint == two.decision.fingerprint:
        return True
    shared = len(fields_one & fields_two) / max(len(fields_one | fields_two), 1)
    return one.decision.layout is two.decision.layout and shared >= 0.75


def _is_summary(proposal: Proposal, best: Proposal) -> bool:
    """Fewer lines without a date beside a sheet of dated lines."""
    return (
        proposal.decision.column("date") is None
        and best.decision.column("date") is not None
        and proposal.lines < best.lines
    )


def _ask_sheets(
    alike: list[Proposal], odd: list[Proposal], options: ReadOptions, questions: list[Question]
) -> None:
    answer = dict(options.answers).get("sheets")
    everything = [*alike, *odd]
    if answer == "all":
        return
    names = {proposal.grid.name: proposal for proposal in everything}
    groups = {"main": alike} if len(alike) > 1 else {}
    chosen = groups.get(answer or "") or ([names[answer]] if answer in names else None)
    if chosen is not None:
        for proposal in everything:
            if proposal not in chosen:
                _leave(proposal, "another sheet was chosen")
        return
    choices = [
        Choice(
            value="all",
            reads="all of them: " + ", ".join(f"“{proposal.grid.name}”" for proposal in everything),
        )
    ]
    if len(alike) > 1:
        choices.append(
            Choice(value="main", reads="only " + ", ".join(f"“{proposal.grid.name}”" for proposal in alike))
        )
    choices.extend(
        Choice(value=str(proposal.grid.name), reads=f"only “{proposal.grid.name}” ({proposal.lines:,} lines)")
        for proposal in everything
    )
    questions.append(
        Question(
            key="sheets",
            asks="Several sheets hold amounts in different layouts. Which hold the lines?",
            choices=tuple(choices),
        )
    )


def _sum(proposal: Proposal, options: ReadOptions) -> tuple[Decimal | None, int]:
    """The sum of a proposal's lines to the cent and their number; None when it cannot be told yet."""
    trial = Proposal(proposal.grid, proposal.decision)
    decide_values(trial, options)
    if trial.questions and any(not question.key.endswith("date_order") for question in trial.questions):
        return None, proposal.lines
    result: Extract = extract(
        proposal.grid,
        trial.decision,
        headings_of(proposal.grid, trial.decision),
        lambda _batch: None,
        options.base_currency,
    )
    value = sum(result.net_sum.values(), Decimal(0))
    return value.quantize(Decimal("0.01")), result.reading.lines_read
