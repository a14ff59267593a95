"""How a spend sheet is read: the proposal (sheet, header, layout, columns, sign, tax) with reasons in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from importers.ad_reports import payee_said
from importers.fingerprints import fingerprint
from importers.grid import Grid, key, letters
from importers.header_lines import counts_columns
from importers.not_spend import telling_columns
from importers.pointed import as_told, asked_with, header_at, pointed_at
from importers.spend_beside import asked_for, left_beside, reason_beside
from importers.spend_booked import (
    amount_ties,
    currency_of_heading,
    currency_of_other,
    flat_columns,
    original_by_name,
    pair_sides,
    settle_tie,
)
from importers.spend_columns import (
    WORDS,
    Pick,
    assign,
    by_currency,
    choice_of,
    mapped,
    stand_in,
    tables_beside,
)
from importers.spend_converted import by_conversion
from importers.spend_currency_columns import (
    currency_by_cells,
    currency_of_purchase,
    share_headings,
)
from importers.spend_evidence import (
    ask_amount,
    date_of_lines,
    guess_amount,
    guess_date,
    other_side,
    sides_by_cells,
)
from importers.spend_groups import grouping
from importers.spend_headers import header_candidates, lines_above
from importers.spend_months import (
    actual_columns,
    confirmed,
    crosstab_columns,
    currencies_across,
    currency_columns,
    dated_columns,
    is_crosstab,
    kept_months,
    month_of_sheet,
    months_not_read,
    named_months,
    quarters,
    quarters_read,
    suppliers_across,
    year_and_day,
    year_of_dates,
)
from importers.spend_parts import lines_of_total, minor_column, set_aside_ordered, whole_or_parts
from importers.spend_priced import price_alone
from importers.spend_quality import quality_of
from importers.spend_running import sides_by_balance
from importers.spend_suppliers import name_suppliers
from importers.spend_tax import net_by_arithmetic
from importers.supplier_statements import nobody_named, sent_by
from importers.table import Header, column_facts, with_value
from mopsaudit.intake.contract import (
    Choice,
    ColumnChoice,
    Layout,
    Question,
    ReadOptions,
    SheetDecision,
    Tax,
)
from mopsaudit.problems import Problem

#: Of a header whose words score so much, and are read so well, no reading without a header is better.
_NAMED, _HEADED = 6.0, 0.4


@dataclass(slots=True)
class Proposal:
    """A sheet's proposed decision with what is still to ask, and how much it looks like spend (0–1)."""

    grid: Grid
    decision: SheetDecision
    questions: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    quality: float = 0.0
    header: Header | None = None
    lines: int = 0


def propose(grid: Grid, options: ReadOptions) -> Proposal:
    """The best reading of one sheet as spend; ``quality`` 0 when it holds none."""
    nothing = Proposal(grid, SheetDecision(name=grid.name, used=False, why="the sheet is empty"))
    if not grid.rows:
        return nothing
    told = pointed_at(grid, options)
    if told is not None:
        found = _propose_with(grid, header_at(grid, told, WORDS), asked_with(options, told))
        found.decision = as_told(found.decision, told)
        return found
    best: Proposal | None = None
    for header in header_candidates(grid):
        if not header.rows and best is not None and best.quality >= _HEADED and _named(best):
            continue  # its header would be a line that cannot be read
        proposal = _propose_with(grid, header, options)
        if best is None or proposal.quality > best.quality + 1e-9:
            best = proposal
    assert best is not None
    return best


def _named(proposal: Proposal) -> bool:
    """Whether a header's words name most of what a line has, the amount among it."""
    return (
        proposal.decision.used
        and proposal.header is not None
        and proposal.header.score >= _NAMED
        and any(
            column.field in ("amount", "debit") and column.why.startswith("the heading")
            for column in proposal.decision.columns
        )
    )


def _propose_with(grid: Grid, header: Header, options: ReadOptions) -> Proposal:
    width = len(header.headings)
    if header.rows and header.first_index < len(grid.rows) and counts_columns(grid.rows[header.first_index]):
        header.first_index += 1
    start = header.first_index
    facts = column_facts(grid, start, header.headings)
    header.matches = [
        by_currency(heading, match) for heading, match in zip(header.headings, header.matches, strict=True)
    ]
    share_headings(header, facts)
    set_aside_ordered(header)
    reasons: list[str] = []
    questions: list[Question] = []
    left_out: list[Problem] = []
    maps = mapped(header, options, grid)
    beside = [] if maps else tables_beside(header, facts)
    picks = assign(header, facts, grid, beside[0] if len(beside) > 1 else None)
    if len(beside) > 1:
        reasons.append(reason_beside(grid, header, beside, options, questions))
        wanted = next((run for run in beside if asked_for(run, grid, options)), None)
        if wanted is not None:
            picks = assign(header, facts, grid, wanted)
            left_out.extend(left_beside(grid, header, facts, beside, wanted))
    for name, column in maps.items():
        picks = {other: pick for other, pick in picks.items() if pick.column != column}
        picks[name] = Pick(column, 1.0, header.headings[column] if column < width else "")
    months = dated_columns(header, facts)
    named = (
        []
        if months or maps.get("amount") is not None
        else named_months(grid, header, facts, picks, options, questions)
    )
    actual = {}
    if not named and maps.get("amount") is None:
        actual = actual_columns(grid, header, facts, options, questions)
    if actual:
        named, months = list(actual.items()), actual
        picks = {name: pick for name, pick in picks.items() if pick.column not in actual and name != "date"}
        reasons.append("only the columns of actuals are read, not those of plan or forecast beside them")
    elif named:
        months = dict(named)
    elif not months and maps.get("amount") is None:
        named = quarters(grid, header, facts, picks, options, questions)
        if named:
            months = dict(named)
            left_out.append(quarters_read(grid, header, months))
    crosstab = is_crosstab(header, facts, picks, months, maps)
    proven = not crosstab and not maps and sides_by_balance(grid, header, facts, picks, reasons)
    other = None if crosstab or maps or proven else other_side(header, facts, picks, grid)
    if other is not None and other[0] == "either":
        # Neither heading tells the sides: kept without them, so that a person is asked.
        for name, column in zip(
            ("debit", "credit"), sorted((picks.pop("amount").column, other[1])), strict=True
        ):
            picks[name] = Pick(column, 0.6, "")
        reasons.append(f"each line fills one of two columns of amounts; {letters(other[1])} is one of them")
    elif other is not None:
        picks[other[0]] = Pick(other[1], 0.6, header.headings[other[1]])
        reasons.append(f"column {letters(other[1])} fills the lines the other side leaves empty")
    if (
        not crosstab
        and "original_amount" in picks
        and not {"amount", "net", "gross", "debit", "credit"} & set(picks)
        and not guess_amount(header, facts, picks, grid)
    ):
        # Entered, original, document: of amounts that stand alone there is no other to tell them from.
        picks["amount"] = picks.pop("original_amount")
    if not crosstab and not any(name in picks for name in ("amount", "net", "gross", "debit", "credit")):
        guessed = guess_amount(header, facts, picks, grid) or price_alone(facts, picks)
        sides = sides_by_cells(header, facts, picks, grid)
        if sides is not None:
            guessed = []
            for name, column in zip(("debit", "credit"), sides, strict=True):
                picks[name] = Pick(column, 0.6, "")
        if len(guessed) == 1 or (guessed and not header.rows):
            picks["amount"] = Pick(guessed[0], 0.45, header.headings[guessed[0]])
            reasons.append(
                f"column {letters(guessed[0])} holds the amounts: no heading says so, its numbers do"
            )
        elif len(guessed) > 1:
            answer = dict(options.answers).get(key(grid.name, None, "amount_column"))
            chosen = next(
                (column for column in guessed if letters(column) == (answer or "").rstrip(":").upper()), None
            )
            if chosen is None and "supplier" in picks:
                questions.append(ask_amount(grid, header, guessed))
            picks["amount"] = Pick(
                chosen if chosen is not None else guessed[-1], 0.4, header.headings[guessed[-1]]
            )
    described = picks.get("description")
    clear = header.rows == () and bool({"amount", "debit"} & set(picks)) and not questions
    clear &= name_suppliers(
        grid, header, facts, picks, options, crosstab=crosstab, reasons=reasons, questions=questions
    )
    if "date" not in picks:
        guess = guess_date(header, facts, picks)
        if guess is not None:
            picks["date"] = Pick(guess, 0.5, header.headings[guess])
            reasons.append(f"column {letters(guess)} holds dates, though no heading says so")
    stand_in(picks, facts)
    if not crosstab:
        pair_sides(header, facts, picks, maps, grid)
        original_by_name(header, facts, picks, maps, grid)
        codes_in = currency_by_cells(header, facts, picks)
        if codes_in is not None:
            reasons.append(f"column {letters(codes_in)} holds currencies: no heading says so, its codes do")
        currency_of_other(facts, picks, options.base_currency)
        currency_of_heading(header, facts, picks, options.base_currency)
        currency_of_purchase(facts, picks)
        if "amount" not in maps:
            net_by_arithmetic(grid, header, facts, picks)
    answered = key(grid.name, None, "amount_column") in dict(options.answers)
    booked_in = None
    if not crosstab and not answered and not {"amount", "currency", "original_amount"} & set(maps):
        booked_in = by_conversion(grid, header, facts, picks, options.base_currency, reasons)
    whole = None
    if not crosstab and "amount" not in maps and not answered:
        whole = lines_of_total(grid, header, facts, picks)
    if whole:
        reasons.append(whole)
    ties = [] if crosstab or whole else amount_ties(header, facts, picks, grid)
    if ties and "amount" not in maps and not any(each.key.endswith("amount_column") for each in questions):
        questions.extend(settle_tie(grid, header, facts, picks, ties, options, reasons))
    if not (
        crosstab or maps or whole or ties or any(each.key.endswith("amount_column") for each in questions)
    ):
        questions.extend(whole_or_parts(grid, header, facts, picks, options))
    extra: dict[str, object] = {}
    if not crosstab and "supplier" not in maps:
        questions = nobody_named(grid, header, facts, picks, options, reasons, questions)
    minor = None if crosstab or "amount" in maps else minor_column(grid, header, picks)
    tax_questions: list[Question] = []
    own = (
        {}
        if crosstab or maps or answered
        else currencies_across(grid, header, facts, picks, options.base_currency)
    )
    across = {} if own or crosstab or maps else suppliers_across(header, facts, picks, WORDS)
    if across and confirmed(grid, across, options, questions):
        months = dict.fromkeys(across, date.min)
        columns = [
            replace(choice, why="the headings are suppliers: one line per cell")
            for choice in crosstab_columns(header, {}, months)
        ]
        columns += [choice_of(name, picks[name]) for name in ("date", "period") if name in picks]
        layout, tax, crosstab = Layout.CROSSTAB, Tax.NET, True
        extra["suppliers"] = {letters(column): name for column, name in across.items()}
        money_columns = sorted(across)
        questions = [question for question in questions if question.key.endswith("suppliers_across")]
    elif own:
        columns = currency_columns(header, picks, own)
        layout, tax, crosstab = Layout.CROSSTAB, Tax.NET, True
        extra["currencies"] = {letters(column): code for column, code in own.items()}
        money_columns = sorted(own)
        questions = [question for question in questions if not question.key.endswith("amount_column")]
        reasons.append("each line has its amount under the heading of its currency")
    elif crosstab:
        columns, layout, tax = crosstab_columns(header, picks, months), Layout.CROSSTAB, Tax.NET
        if named or len(header.rows) > 1:
            extra |= kept_months(grid, header, months, options, questions)
        money_columns = sorted(months)
        left_out.extend(months_not_read(grid, header, facts, months))
    else:
        columns, layout, extra, tax, tax_questions = flat_columns(
            grid, header, facts, picks, maps, options, reasons
        )
        money_columns = [
            pick.column
            for name, pick in picks.items()
            if name in ("amount", "debit", "credit") and _chosen(columns, name)
        ]
        if minor is not None and money_columns == [minor - 1]:
            extra["minor_column"] = letters(minor)
            reasons.append(f"column {letters(minor)} holds the hundredths of the amounts beside it")
    if booked_in is not None:
        extra["booked_currency"] = booked_in
    if _chosen(columns, "debit") and not _chosen(columns, "amount"):
        # Two sides are read: which of several other amounts is booked is no question any more.
        questions = [question for question in questions if not question.key.endswith("amount_column")]
    questions.extend(tax_questions)
    extra |= payee_said(grid, picks, options) | sent_by(grid, picks, options)
    minus_out = bool(extra.pop("minus_out", False))
    for told, column in ({} if crosstab else telling_columns(header, facts)).items():
        extra.setdefault(told, letters(column))
        if told != "credit_kind":
            reasons.append(f"column {letters(column)} tells lines that are no spend from those that are")
    extra |= year_and_day(header, picks)
    if "date" in picks and not crosstab:
        year = year_of_dates(grid, header, picks["date"].column, options, questions)
        if year is not None:
            extra["date_year"] = year
    if not crosstab and not {"date", "period"} & set(picks):
        month = month_of_sheet(grid, header)
        if month is not None:
            extra["period"] = month.isoformat()
            reasons.append(
                f"no column dates the lines; they are of {month:%B %Y}, which the sheet is headed by"
            )
    quality = quality_of(grid, header, picks, crosstab=crosstab)
    above = lines_above(grid, header)
    if above >= 3 and above * 4 >= len(grid.rows) - start:
        quality *= 0.6  # lines stand above this header: it is one of a later block
    if clear and "date" in picks and "supplier" in picks:
        quality = max(quality, 0.6)  # no heading, but one column of amounts, one of dates and one of names
    if not money_columns or quality <= 0:
        why = "no amount column" if header.rows else "no table with amounts"
        return Proposal(grid, SheetDecision(name=grid.name, used=False, why=why), quality=0.0, header=header)
    if layout is Layout.FLAT:
        grouped = grouping(grid, header, picks, money_columns)
        if grouped is not None:
            layout, column, how = Layout.GROUPED, grouped[0], grouped[1]
            extra["supplier_heading"] = letters(column)
            extra["grouping"] = how
            heading = header.headings[column] if column < len(header.headings) else ""
            if how == "rows" and heading and WORDS.fields(heading).get("supplier", 0.0) < 0.5:
                extra["heads_only"] = True  # the lines' own cells there are another column's
            if how == "rows" and described is not None and "description" not in picks:
                taken = picks["supplier"].column
                if taken == described.column != column:  # it was taken for the supplier only for want of one
                    picks["description"] = described
                    columns.append(choice_of("description", described))
                    reasons[:] = [reason for reason in reasons if "is taken for it" not in reason]
            columns = [choice for choice in columns if choice.field != "supplier"]
            if how == "rows":
                reasons.append("suppliers stand in rows of their own, above their lines")
                day = (
                    None
                    if {"date", "period"} & set(picks)
                    else date_of_lines(grid, header, picks, money_columns)
                )
                if day is not None:
                    extra["heads_only"] = True
                    columns.append(choice_of("date", Pick(day, 0.5, header.headings[day])))
            columns.append(
                ColumnChoice(
                    field="supplier",
                    letters=letters(column),
                    header="heading",
                    confidence=0.9,
                    why="suppliers stand in rows of their own, above their lines"
                    if how == "rows"
                    else "each supplier's row carries the sum of the lines below it"
                    if how == "above"
                    else "the supplier stands only in the first line of its group",
                )
            )
    decision = SheetDecision(
        name=grid.name,
        used=True,
        layout=layout,
        header_rows=header.rows,
        first_row=grid.numbers[start]
        if start < len(grid.numbers)
        else (header.rows[-1] + 1 if header.rows else 1),
        columns=tuple(columns),
        sign=-1 if minus_out else 1,
        tax=tax,
        confidence=round(min(0.99, quality), 2),
        fingerprint=fingerprint(header, layout),
        extra=tuple(sorted(extra.items())),
    )
    proposal = Proposal(grid, decision, questions, left_out, quality=quality, header=header)
    proposal.lines = len(list(with_value(grid.rows[start:], money_columns)))
    if not proposal.lines:
        return Proposal(
            grid, replace(decision, used=False, why="no line below the header"), quality=0.0, header=header
        )
    question_key = key(grid.name, None, "reading")
    if quality < 0.45 and not maps and dict(options.answers).get(question_key) != "yes":
        told = ", ".join(f"{choice.field} in {choice.letters}" for choice in columns)
        proposal.questions.append(
            Question(
                key=question_key,
                sheet=grid.name,
                asks=f"This does not look much like spend lines. Is it right to read {told}?",
                choices=(
                    Choice(value="yes", reads="read it so"),
                    Choice(value="no", reads="leave this sheet out"),
                ),
            )
        )
    if dict(options.answers).get(question_key) == "no":
        return Proposal(
            grid,
            replace(decision, used=False, why="a person said it holds no spend"),
            quality=0.0,
            header=header,
        )
    proposal.decision = replace(proposal.decision, reasons=tuple(reasons))
    return proposal


def _chosen(columns: Iterable[ColumnChoice], name: str) -> bool:
    return any(choice.field == name for choice in columns)
