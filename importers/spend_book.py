"""A whole spend file: which sheets hold the lines, what is remembered or said of them, then their lines."""

from collections.abc import Sequence
from dataclasses import replace

from importers import codes
from importers.ad_reports import SENT_BY, with_payee
from importers.alike_sheets import answers_for, decide_alike, propose_alike
from importers.grid import Grid, letters
from importers.months import years_again
from importers.pointed import with_pointed
from importers.previews import nothing_found, preview
from importers.refusals import refuse
from importers.side_tables import BESIDE, decide_tables, extract_tables, propose_tables, tables_of
from importers.sold_sections import without_sales
from importers.spend_amounts import AmountCells
from importers.spend_beside import left_beside
from importers.spend_columns import WORDS, by_currency, map_target, tables_beside
from importers.spend_months import months_not_read
from importers.spend_plan import Proposal
from importers.spend_sheets import choose_sheets, leave
from importers.table import Header, column_facts, headings_of, span
from mopsaudit.intake.contract import (
    ColumnChoice,
    Layout,
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
    options = with_pointed(options)
    problems: list[Problem] = []
    questions: list[Question] = []
    bare = [without_sales(grid) for grid in grids]
    grids = [grid for grid, _ in bare]
    proposals = _proposals(grids, options, questions)
    used = [proposal for proposal in proposals if proposal.decision.used]
    decide_alike(used, options, decide_tables)
    for proposal in used:
        questions.extend(proposal.questions)
        problems.extend(proposal.problems)
    if not any(proposal.decision.used for proposal in proposals):
        reasons = "; ".join(
            sorted({proposal.decision.why for proposal in proposals if proposal.decision.why})
        )
        raise nothing_found(
            f"No sheet of this file holds spend lines ({reasons or 'no table found'}). "
            "Check that it is a spend file, or map the amount column by hand.",
            [(proposal.grid, proposal.decision) for proposal in proposals],
            options,
        )
    used_names = {proposal.grid.name for proposal in proposals if proposal.decision.used}
    problems.extend(told for grid, told in bare if told is not None and grid.name in used_names)
    asked = bool(questions)
    readings: list[SheetReading] = []
    total = sum(len(proposal.grid.rows) for proposal in proposals if proposal.decision.used)
    done = 0
    for proposal in proposals:
        if not proposal.decision.used:
            readings.append(SheetReading(decision=proposal.decision, preview=preview(proposal.grid)))
            continue
        name = proposal.grid.name

        def emit(
            batch: Sequence[SpendRow], name: str | None = name, decision: SheetDecision = proposal.decision
        ) -> None:
            nonlocal done
            if not asked:
                sink.rows(name, with_payee(batch, decision))
            done += len(batch)
            sink.progress(min(done, total), total)

        result = extract_tables(
            proposal.grid,
            proposal.decision,
            emit,
            options.base_currency,
            order_open=any(question.key.endswith(".date_order") for question in questions),
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
            answers = answers_for(grid.name, options.decision, options)
            decision, open_years = years_again(grid, decision, options, answers)
            proposals.append(Proposal(grid, decision, open_years, left_out(grid, decision)))
        return proposals
    wanted = _wanted(grids, options)
    proposed = propose_alike(grids, options, propose_tables, lambda proposal: proposal)
    proposals = [_remembered(grid, proposal, options) for grid, proposal in zip(grids, proposed, strict=True)]
    _check_maps(proposals, options)
    for proposal in proposals:
        grid = proposal.grid
        if wanted is not None and grid.name not in wanted:
            leave(proposal, "not among the sheets asked for")
        elif not grid.rows:
            leave(proposal, "the sheet is empty")
    if wanted is None:
        choose_sheets(proposals, options, questions)
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
    across = stored.layout is proposed.layout is Layout.CROSSTAB
    kept = (".currency", SENT_BY, "fiscal_year", ".year_named") if across else (".currency", SENT_BY)
    proposal.questions = [question for question in proposal.questions if question.key.endswith(kept)]
    proposal.problems = left_out(grid, proposal.decision)
    proposal.quality = max(proposal.quality, 0.9) if stored.used else 0.0
    return proposal


def left_out(grid: Grid, decision: SheetDecision) -> list[Problem]:
    """What a decided sheet holds like what is read and leaves out: other tables beside it, columns between months.

    Told however the decision came about: proposed, edited by a person, or remembered for the layout.
    """
    amount = decision.column("amount") or decision.column("debit")
    if not decision.used or not decision.header_rows or amount is None or tables_of(decision):
        return []
    headings = headings_of(grid, decision)
    header = Header(
        rows=decision.header_rows,
        headings=headings,
        matches=[by_currency(text, WORDS.fields(text)) if text else {} for text in headings],
        first_index=grid.position(decision.first_row),
        score=0.0,
    )
    facts = column_facts(grid, header.first_index, headings)
    if decision.layout is Layout.CROSSTAB:
        months = AmountCells(grid, decision).months
        return list(months_not_read(grid, header, facts, months)) if months else []
    runs = tables_beside(header, facts)
    read = next((run for run in runs if span(amount)[0] in run), None)
    return list(left_beside(grid, header, facts, runs, read)) if read is not None and len(runs) > 1 else []


#: What belongs to one file alone, whatever its layout is remembered for.
_OF_THIS_FILE = frozenset(
    ("months", "turned", "year_open", "period", "suppliers", "currencies", BESIDE, SENT_BY)
)


def _extra(stored: SheetDecision, proposed: SheetDecision) -> tuple[tuple[str, object], ...]:
    """What was remembered beside the columns, with the months of this file, not of the one it was learnt from."""
    found = {name: value for name, value in stored.extra if name not in _OF_THIS_FILE}
    found |= {name: value for name, value in proposed.extra if name in _OF_THIS_FILE}
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
    place = span(choice)[0]
    if place < len(headings) and headings[place].casefold() == choice.header.casefold():
        return choice  # of headings that stand twice, the one that was chosen
    column = map_target(choice.header, headings)
    if column is None:
        return choice
    return replace(choice, letters=letters(column))
