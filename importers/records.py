"""Every kind but spend: rows of named values, each with the cell it came from."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from importers import codes
from importers.casts import KEY_DATES, Cast, Casts, cast_of
from importers.currencies import currency_in_format, currency_in_heading
from importers.fields import FIELDS
from importers.grid import Cell, Grid, address, letters
from importers.months import MonthColumn, month_columns, scale_of, scaled_text
from importers.package import refuse
from importers.record_words import RECORD_WORDS
from importers.spend_cells import preview
from importers.spend_columns import map_target
from importers.spend_locale import currency_in_title, with_mark, with_order
from importers.spend_plan import Proposal, fingerprint
from importers.table import ColumnFacts, Header, column_facts, find_headers, headings_of, same_texts, span
from importers.texts import fold
from importers.total_words import Says, says_total
from importers.totals import Amounted, find_totals
from importers.usage import UsageLayout, event_of, layout_of, tool_from_text
from importers.usage_rows import usage_rows
from importers.words import heading_words
from mopsaudit.intake.contract import (
    Choice,
    ColumnChoice,
    ControlTotal,
    Kind,
    Layout,
    Question,
    Reading,
    ReadingDecision,
    ReadOptions,
    RecordRow,
    RowMark,
    SheetDecision,
    SheetReading,
    SheetTotals,
    Sink,
)
from mopsaudit.money import exponent, split_exact, to_minor
from mopsaudit.problems import Problem, ProblemCode

_BATCH = 1000

#: A row is a record when one of these is filled (all of the inner ones).
_NAMED: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.INVENTORY: (("tool",),),
    Kind.CONTRACTS: (("vendor",), ("tool",), ("reference",)),
    Kind.ORDERS: (("order_number",), ("supplier", "amount")),
    Kind.PEOPLE: (("email",), ("employee_id",), ("name",)),
    Kind.USAGE: (("user_email",), ("user_id",), ("user_name",), ("active_count",), ("feature",)),
    Kind.BUDGET: (("amount",),),
    Kind.BENEFITS: (("case", "amount"), ("metric", "amount"), ("case", "hours")),
    Kind.RATES: (("from", "rate"),),
}
#: What a sheet must have to be of the kind: one of these sets of fields.
_NEEDS: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.INVENTORY: (("tool",),),
    Kind.CONTRACTS: (
        ("vendor", "end"),
        ("vendor", "start"),
        ("vendor", "terms"),
        ("vendor", "notice"),
        ("tool", "end"),
        ("tool", "start"),
        ("vendor", "amount"),
        ("vendor", "reference"),
        ("vendor", "initial_months"),
        ("tool", "notice"),
        ("vendor", "auto_renew"),
    ),
    Kind.ORDERS: (("order_number", "amount"),),
    Kind.PEOPLE: (("email",), ("employee_id", "name")),
    Kind.USAGE: (
        ("user_email",),
        ("user_id",),
        ("user_name", "last_activity"),
        ("tool", "active_count"),
        ("active_count",),
        ("feature", "used"),
    ),
    Kind.BUDGET: (("amount",),),
    Kind.BENEFITS: (("case", "amount"), ("case", "hours"), ("metric", "amount")),
    Kind.RATES: (("from", "rate"),),
}
_MONEY_FIELD = {
    Kind.INVENTORY: "yearly_cost",
    Kind.CONTRACTS: "amount",
    Kind.ORDERS: "amount",
    Kind.BUDGET: "amount",
    Kind.BENEFITS: "amount",
}
_ACROSS = (Kind.BUDGET, Kind.BENEFITS, Kind.USAGE)


@dataclass(slots=True)
class _Plan:
    """A sheet on its way: the proposal, its fields, month columns and usage layout."""

    proposal: Proposal
    months: list[MonthColumn] = field(default_factory=list)
    layout: UsageLayout | None = None
    scale: int = 1


def read_records(grids: Sequence[Grid], options: ReadOptions, sink: Sink, file_name: str) -> Reading:
    """Read a file of any kind but spend.

    Raises:
        RefusedError: when a sheet or column asked for is missing, or no sheet is of the kind.
    """
    plans = _plans(grids, options)
    questions: list[Question] = []
    problems: list[Problem] = []
    used = [plan for plan in plans if plan.proposal.decision.used]
    if not used:
        wanted = " and ".join(_label(options.kind, name) for name in _NEEDS[options.kind][0])
        raise refuse(
            codes.NO_DATA,
            f"No sheet of this file reads as {options.kind.value}: no table with {wanted} was found. "
            "Check the kind, or start from the empty template.",
        )
    for plan in used:
        _decide(plan, options)
        questions.extend(plan.proposal.questions)
        problems.extend(plan.proposal.problems)
    tools: dict[int, str | None] = {}
    if options.kind is Kind.USAGE:
        for plan in used:
            tool = _tool_of(plan, options, file_name)
            tools[id(plan)] = tool
            if (
                tool is None
                and plan.proposal.decision.column("tool") is None
                and not (plan.layout and plan.layout.per_product)
            ):
                answer = dict(options.answers).get("tool")
                if answer:
                    tools[id(plan)] = answer
                elif not any(question.key == "tool" for question in questions):
                    questions.append(
                        Question(
                            key="tool",
                            asks="Which tool is this usage of? Name it with the tool option or as the answer.",
                            choices=tuple(
                                Choice(value=name, reads=f"usage of {name}")
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
        walk = _Walk(plan, options, tools.get(id(plan)), several=len(used) > 1)
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


def _label(kind: Kind, name: str) -> str:
    return next((spec.label.lower() for spec in FIELDS[kind] if spec.key == name), name)


# --- the proposal -----------------------------------------------------------------------------------------------------


def _plans(grids: Sequence[Grid], options: ReadOptions) -> list[_Plan]:
    if options.decision is not None:
        plans = []
        for grid in grids:
            decision = options.decision.sheet(grid.name) or SheetDecision(
                name=grid.name, used=False, why="not in the decision"
            )
            plans.append(_restored(grid, decision, options))
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
    plans = [_propose(grid, options) for grid in grids]
    for name, target in options.maps:
        headings = [plan.proposal.header.headings for plan in plans if plan.proposal.header is not None]
        if not any(map_target(target, each) is not None for each in headings):
            raise refuse(codes.MAP_UNKNOWN, f"The mapping {name}={target} names no column of this file.")
    able = [plan for plan in plans if plan.proposal.decision.used]
    visible = [plan for plan in able if not plan.proposal.grid.hidden]
    best = max((plan.proposal.quality for plan in visible or able), default=0.0)
    for plan in able:
        if wanted is not None:
            if plan.proposal.grid.name not in wanted:
                _leave(plan, "not among the sheets asked for")
        elif visible and plan.proposal.grid.hidden:
            _leave(plan, "the sheet is hidden")
        elif plan.proposal.quality < best * 0.6:
            _leave(plan, "it does not look like the sheet with the records")
    return plans


def _leave(plan: _Plan, why: str) -> None:
    plan.proposal.decision = replace(plan.proposal.decision, used=False, why=why)
    plan.proposal.questions.clear()


def _restored(grid: Grid, decision: SheetDecision, options: ReadOptions) -> _Plan:
    """A plan that obeys an edited decision."""
    headings = headings_of(grid, decision)
    header = Header(
        rows=decision.header_rows, headings=headings, matches=[{} for _ in headings], first_index=0, score=1.0
    )
    plan = _Plan(Proposal(grid, decision, header=header))
    extra = dict(decision.extra)
    plan.scale = int(extra.get("scale", 1))
    if options.kind is Kind.USAGE:
        plan.layout = layout_of(headings)
    if decision.layout is Layout.CROSSTAB:
        amount = decision.column("amount") or decision.column("active_count")
        if amount is not None:
            first, last = span(amount)
            plan.months = [
                month
                for month in month_columns(grid, header, options, dict(options.answers)).columns
                if first <= month.column <= last
            ]
    return plan


def _propose(grid: Grid, options: ReadOptions) -> _Plan:
    empty = _Plan(Proposal(grid, SheetDecision(name=grid.name, used=False, why="the sheet is empty")))
    if not grid.rows:
        return empty
    words = RECORD_WORDS[options.kind]
    weights = {name: 2.0 for names in _NEEDS[options.kind] for name in names}
    best = empty
    best.proposal.decision = replace(best.proposal.decision, why="no table of this kind")
    headers = find_headers(grid, words, weights)
    if options.kind in _ACROSS:
        headers = headers[:12]
    for header in headers[:8]:
        plan = _with_header(grid, header, options)
        if plan.proposal.quality > best.proposal.quality + 1e-9:
            best = plan
    if best.proposal.decision.used:
        profile = dict(options.profiles).get(best.proposal.decision.fingerprint)
        if profile is not None:
            return _from_profile(grid, best, profile, options)
    return best


def _from_profile(grid: Grid, plan: _Plan, profile: Mapping[str, Any], options: ReadOptions) -> _Plan:
    stored = ReadingDecision.from_json(
        {"kind": options.kind.value, "answers": {}, "sheets": [dict(profile)]}
    ).sheets[0]
    proposed = plan.proposal.decision
    if stored.layout is not proposed.layout or not proposed.header_rows:
        return plan
    headings = headings_of(grid, proposed)
    columns = []
    for choice in stored.columns:
        column = map_target(choice.header, headings) if choice.header and ":" not in choice.letters else None
        columns.append(choice if column is None else replace(choice, letters=letters(column)))
    plan.proposal.decision = replace(
        proposed,
        columns=tuple(columns),
        sign=stored.sign,
        currency=stored.currency if stored.currency_how in ("option", "profile") else None,
        extra=stored.extra,
        confidence=0.99,
        reasons=(*stored.reasons, "read as a person corrected this layout before"),
    )
    return plan


def _fit(name: str, facts: ColumnFacts, cast: Cast) -> float:
    if not facts.filled:
        return 0.6
    match cast:
        case Cast.MONEY | Cast.NUMBER:
            share = facts.numeric_share()
            return 0.4 + 0.6 * share if share >= 0.3 or facts.bad else 0.3
        case Cast.DATE | Cast.MONTH:
            share = (facts.dates + facts.date_texts + facts.month_texts + facts.numbers) / facts.filled
            return 0.55 + 0.45 * min(1.0, share)
        case _:
            pass
    if name in ("user_email", "email"):
        at = sum(count for text, count in facts.texts.items() if "@" in text)
        return 0.6 + 0.4 * min(1.0, at / facts.filled)
    if name in ("tool", "vendor", "supplier", "user_name", "name", "case") and facts.numeric_share() > 0.7:
        return 0.3
    return 1.0


def _with_header(grid: Grid, header: Header, options: ReadOptions) -> _Plan:
    kind = options.kind
    facts = column_facts(grid, header.first_index, header.headings)
    picks: dict[str, tuple[int, float]] = {}
    used: set[int] = set()
    plan = _Plan(
        Proposal(grid, SheetDecision(name=grid.name, used=False, why="no table of this kind"), header=header)
    )
    for name, target in options.maps:
        column = map_target(target, header.headings)
        if column is not None:
            picks[name] = (column, 1.0)
            used.add(column)
    if kind is Kind.USAGE:
        plan.layout = layout_of(header.headings)
    if plan.layout is not None:
        by_words = dict(plan.layout.columns)
        for column, heading in enumerate(header.headings):
            name_of = by_words.get(heading_words(heading)) if heading else None
            if name_of == "_soak":
                used.add(column)
            elif name_of and name_of not in picks and column not in used:
                picks[name_of] = (column, 0.99)
                used.add(column)
            elif heading and plan.layout.reads_itself(heading):
                used.add(column)
    months = month_columns(grid, header, options, dict(options.answers)) if kind in _ACROSS else None
    if months is not None and months.columns:
        used.update(month.column for month in months.columns)
    scored: list[tuple[float, int, str]] = []
    for column, match in enumerate(header.matches):
        if column in used:
            continue
        for name, score in match.items():
            total = score * _fit(name, facts[column], cast_of(kind, name))
            if total >= (0.45 if plan.layout is None else 0.9) and not (
                plan.layout and plan.layout.tool and name == "tool"
            ):
                scored.append((total, column, name))
    scored.sort(key=lambda item: (-round(item[0], 3), item[1], item[2]))
    for total, column, name in scored:
        if column in used or (name in picks and name != "_soak"):
            continue
        used.add(column)
        picks[name] = (column, total)
    layout = Layout.FLAT
    money = "active_count" if kind is Kind.USAGE else "amount"
    # One month column can be a heading like any other; two, or one without a plain amount, are months across.
    if months is not None and months.columns and (len(months.columns) >= 2 or money not in picks):
        layout = Layout.CROSSTAB
        plan.months = months.columns
        first = min(month.column for month in months.columns)
        last = max(month.column for month in months.columns)
        picks.pop("month", None)
        picks.pop(money, None)
        picks[money] = (first, 0.95)
        plan.proposal.questions.extend(months.questions)
    else:
        first = last = -1
    fields = {name for name in picks if not name.startswith("_")}
    if "first" in fields or "_first" in picks or "_last" in picks:
        fields.add("name")
    if kind is Kind.PEOPLE and "_last" in picks:
        fields.add("name")
    if plan.layout is not None:
        fields.add("last_activity")
    if kind is Kind.INVENTORY and "_monthly_cost" in picks:
        fields.add("yearly_cost")
    if not any(set(names) <= fields for names in _NEEDS[kind]):
        return plan
    columns = []
    for name, (column, score) in picks.items():
        if name == money and layout is Layout.CROSSTAB:
            columns.append(
                ColumnChoice(
                    field=money,
                    letters=f"{letters(first)}:{letters(last)}",
                    header=header.headings[first],
                    confidence=0.95,
                    why="the headings are months: one record per cell",
                )
            )
        elif not name.startswith("_") or name in _HELPERS:
            why = (
                f"the export of {plan.layout.tool or plan.layout.id}"
                if plan.layout and score == 0.99
                else f"the heading “{header.headings[column]}” says so"
            )
            columns.append(
                ColumnChoice(
                    field=name,
                    letters=letters(column),
                    header=header.headings[column],
                    confidence=round(min(score, 0.99), 2),
                    why=why,
                )
            )
    named = [score for name, (_, score) in picks.items() if not name.startswith("_")]
    needed = max(
        (
            sum(picks[name][1] for name in names if name in picks) / len(names)
            for names in _NEEDS[kind]
            if set(names) <= fields
        ),
        default=0.0,
    )
    quality = min(0.99, 0.55 * needed + 0.45 * min(1.0, sum(named) / 4))
    extra: dict[str, object] = {}
    if kind is Kind.BUDGET:
        plan.scale = scale_of(grid, header, [picks["amount"][0]] if "amount" in picks else [])
        if plan.scale != 1:
            extra["scale"] = plan.scale
    if plan.layout is not None:
        extra["vendor_layout"] = plan.layout.id
    plan.proposal.decision = SheetDecision(
        name=grid.name,
        used=True,
        layout=layout,
        header_rows=header.rows,
        first_row=grid.numbers[header.first_index]
        if header.first_index < len(grid.numbers)
        else header.rows[-1] + 1,
        columns=tuple(columns),
        confidence=round(quality, 2),
        reasons=((f"it is laid out as the export {plan.layout.id}",) if plan.layout else ()),
        fingerprint=fingerprint(header, layout),
        extra=tuple(sorted(extra.items())),
    )
    plan.proposal.quality = quality
    return plan


#: Columns that are no field of their own but help to make one.
_HELPERS = (
    "_last_name",
    "_first",
    "_last",
    "_monthly_cost",
    "_deleted",
    "_notice_by",
    "_month",
    "_assigned_count",
    "_username",
    "_inverse",
)


def _decide(plan: _Plan, options: ReadOptions) -> None:
    """Decimal marks, date orders and the currency, by the cells; questions for what they leave open."""
    proposal = plan.proposal
    answers = dict(options.answers)
    start = proposal.grid.position(proposal.decision.first_row)
    columns = []
    for choice in proposal.decision.columns:
        cast = cast_of(options.kind, choice.field)
        decided = choice
        if cast in (Cast.MONEY, Cast.NUMBER):
            ask = cast is Cast.MONEY or choice.field == "rate"
            decided = with_mark(proposal, choice, start, answers, ask=ask)
        elif cast in (Cast.DATE, Cast.MONTH):
            decided = with_order(proposal, choice, start, answers, ask=choice.field in KEY_DATES)
        columns.append(decided)
    orders = {choice.date_order for choice in columns if choice.date_order}
    if len(orders) == 1:
        order = orders.pop()
        columns = [
            replace(choice, date_order=order)
            if choice.date_order is None
            and choice.field not in KEY_DATES
            and cast_of(options.kind, choice.field) is Cast.DATE
            else choice
            for choice in columns
        ]
    decision = replace(proposal.decision, columns=tuple(columns))
    if options.decision is None and options.kind in _MONEY_FIELD:
        decision = _with_currency(plan, decision, options)
    proposal.decision = decision


def _with_currency(plan: _Plan, decision: SheetDecision, options: ReadOptions) -> SheetDecision:
    grid = plan.proposal.grid
    if decision.column("currency") is not None:
        return replace(decision, currency=options.currency or options.base_currency, currency_how="column")
    money = decision.column(_MONEY_FIELD[options.kind])
    if money is not None:
        first, last = span(money)
        headings = plan.proposal.header.headings if plan.proposal.header else []
        for column in range(first, min(last + 1, len(headings))):
            found = currency_in_heading(headings[column], options.base_currency)
            if found:
                return replace(decision, currency=found, currency_how="heading")
        for column in range(first, last + 1):
            for _, code in grid.formats.get(column, ()):
                found = currency_in_format(code, options.base_currency) if code else None
                if found:
                    return replace(decision, currency=found, currency_how="format")
    for index in range(min(grid.position(decision.first_row), 30)):
        for value in grid.rows[index]:
            if not isinstance(value, str) or len(value) >= 200:
                continue
            found = currency_in_title(value, options.base_currency)
            if found is None and scaled_text(value):
                found = currency_in_heading(value, options.base_currency)
            if found:
                return replace(decision, currency=found, currency_how="heading")
    if options.currency:
        return replace(decision, currency=options.currency, currency_how="option")
    if decision.currency:
        return replace(decision, currency_how="profile")
    return replace(decision, currency=options.base_currency, currency_how="assumed")


def _tool_of(plan: _Plan, options: ReadOptions, file_name: str) -> str | None:
    if options.tool:
        return options.tool
    if plan.layout is not None and plan.layout.tool:
        return plan.layout.tool
    grid = plan.proposal.grid
    if plan.proposal.decision.column("tool") is not None:
        return None
    titles = [
        fold(value)
        for index in range(min(grid.position(plan.proposal.decision.first_row), 20))
        for value in grid.rows[index]
        if isinstance(value, str)
        and len(value) < 120
        and grid.numbers[index] not in plan.proposal.decision.header_rows
    ]
    return tool_from_text([grid.name or "", re.sub(r"[_\-]+", " ", file_name), *titles], options.known_tools)


# --- the rows ---------------------------------------------------------------------------------------------------------


def _is_footnote(row: Sequence[Any]) -> bool:
    """A row whose one filled cell is a sentence: said under a table, not a record with all but its name missing."""
    filled = [cell.value if hasattr(cell, "value") else cell for cell in row]
    texts = [str(value).strip() for value in filled if value is not None and str(value).strip()]
    if len(texts) != 1 or len(texts[0].split()) < 5:
        return False
    return texts[0].endswith(".") or texts[0].casefold().startswith(
        ("note", "source", "*", "all amounts", "prices ")
    )


class _Walk:
    """Reads the rows of one used sheet."""

    def __init__(self, plan: _Plan, options: ReadOptions, tool: str | None, *, several: bool) -> None:
        self.plan, self.options, self.tool, self.several = plan, options, tool, several
        self.grid = plan.proposal.grid
        self.decision = plan.proposal.decision
        self.kind = options.kind
        self.problems: list[Problem] = []
        self.casts = Casts(self.kind, self.grid, self.decision, options, self._problem)
        self.headings = headings_of(self.grid, self.decision)
        self.row_marks = dict(self.decision.row_marks)
        self.rejected = 0

    def _problem(self, code: ProblemCode, message: str, cell: str | None, *, rejected: bool = False) -> None:
        if len(self.problems) < 5000:
            self.problems.append(
                codes.problem(code, message, sheet=self.grid.name, cell=cell, rejected=rejected)
            )

    def run(self) -> tuple[SheetReading, list[RecordRow]]:
        """Every row as records, a total, a note or a repeated header."""
        with localcontext() as context:
            context.prec = 60
            return self._run()

    def _run(self) -> tuple[SheetReading, list[RecordRow]]:
        grid, decision = self.grid, self.decision
        start = grid.position(decision.first_row)
        stop = grid.position(decision.last_row + 1) if decision.last_row is not None else len(grid.rows)
        kinds: dict[int, RowMark] = {}
        repeated = 0
        for index in range(start, stop):
            row, number = grid.rows[index], grid.numbers[index]
            mark = self.row_marks.get(number)
            if mark in (RowMark.IGNORE, RowMark.NOTE, RowMark.HEADER, RowMark.TOTAL):
                kinds[index] = mark
            elif mark is None and same_texts(row, self.headings):
                kinds[index] = RowMark.HEADER
                repeated += 1
        totals = self._totals(start, stop, kinds)
        rows: list[RecordRow] = []
        money_field = _MONEY_FIELD.get(self.kind)
        sums: dict[str, list[Any]] = {}
        first_line = last_line = None
        for index in range(start, stop):
            row, number = grid.rows[index], grid.numbers[index]
            if index in kinds:
                continue
            if index in totals:
                kinds[index] = RowMark.TOTAL
                continue
            made = None if _is_footnote(row) else self._records(row, number)
            if made is None:
                kinds[index] = RowMark.NOTE
                continue
            first_line = first_line or number
            last_line = number
            for record in made:
                rows.append(record)
                if money_field:
                    value = record.values.get(money_field)
                    code = record.values.get("currency") or decision.currency or self.options.base_currency
                    entry = sums.setdefault(code, [Decimal(0), 0])
                    if isinstance(value, Decimal):
                        entry[0] += value
        for code, entry in sums.items():
            entry[1] = self.casts.unreadable.get(code, 0)
        if (
            decision.currency_how == "assumed"
            and money_field
            and decision.column(money_field) is not None
            and rows
        ):
            self._problem(
                codes.CURRENCY_ASSUMED,
                f"The sheet names no currency; its amounts were taken as {decision.currency}.",
                None,
            )
        if self.kind is Kind.USAGE and rows and all(row.values.get("event") == "assignment" for row in rows):
            self._problem(
                codes.GRADE_LOW,
                "This list says who has a seat, not who uses it: it gives allocation only. "
                "Add an export with the last sign-in or activity.",
                None,
            )
        for cell, text in grid.strays[:20]:
            self._problem(codes.STRAY, f"“{text}” stands alone far outside the table and was left out.", cell)
        grand = next(
            (found for found in totals.values() if found.grand and found.row.amount is not None), None
        )
        sheet_totals = tuple(
            SheetTotals(
                currency=code,
                data=entry[0],
                rejected=Decimal(0),
                unreadable=entry[1],
                sheet_total=grand.row.amount * self.plan.scale
                if grand is not None and grand.row.amount is not None and len(sums) == 1
                else None,
                foots=abs(grand.row.amount * self.plan.scale - entry[0]) < Decimal(1).scaleb(-exponent(code))
                if grand is not None and grand.row.amount is not None and len(sums) == 1
                else None,
            )
            for code, entry in sorted(sums.items())
        )
        for found in totals.values():
            if found.grand and not found.agrees and found.row.amount is not None:
                self._problem(
                    codes.NOT_FOOTING,
                    f"The total in row {found.row.number} says {found.row.amount:f}; its lines "
                    f"come to {found.expected:f}.",
                    address(found.row.number, 0),
                )
        controls = tuple(
            ControlTotal(
                row=found.row.number,
                cell=address(found.row.number, 0),
                label=found.row.label,
                amount=found.row.amount,
                first_row=found.first,
                last_row=found.last,
                agrees=found.agrees,
                grand=found.grand,
            )
            for found in totals.values()
            if found.row.amount is not None
        )
        blank = 0
        if first_line is not None and last_line is not None:
            blank = last_line - first_line + 1 - (grid.position(last_line + 1) - grid.position(first_line))
        listed = sorted(
            [(number, RowMark.HEADER) for number in decision.header_rows]
            + [(grid.numbers[index], mark) for index, mark in kinds.items()]
        )
        reading = SheetReading(
            decision=decision,
            first_data_row=first_line,
            last_data_row=last_line,
            lines_read=len(rows),
            lines_rejected=self.rejected,
            total_rows=sum(mark is RowMark.TOTAL for mark in kinds.values()),
            blank_rows=blank,
            note_rows=sum(mark in (RowMark.NOTE, RowMark.IGNORE) for mark in kinds.values()),
            repeated_headers=repeated,
            totals=sheet_totals,
            controls=controls,
            preview=preview(grid),
            row_kinds=tuple(listed[:2000]),
            hidden_rows=len(grid.hidden_rows & set(grid.numbers)),
            hidden_columns=tuple(
                letters(column) for column in sorted(grid.hidden_columns) if column < grid.width
            ),
        )
        return reading, rows

    def _totals(self, start: int, stop: int, kinds: Mapping[int, RowMark]) -> dict[int, Any]:
        """Total rows: by arithmetic where the kind holds money, by words elsewhere."""
        money_field = _MONEY_FIELD.get(self.kind)
        choice = self.decision.column(money_field) if money_field else None
        if choice is None:
            return {}
        first, last = span(choice)
        columns = [month.column for month in self.plan.months] or list(range(first, last + 1))
        core_columns = [
            span(each)[0]
            for each in self.decision.columns
            if each.field != money_field and not each.field.startswith("_")
        ]
        filled: Counter[int] = Counter()
        lines = 0
        for index in range(start, stop):
            row = self.grid.rows[index]
            if any(column < len(row) and row[column] is not None for column in columns):
                lines += 1
                filled.update(
                    column for column in core_columns if column < len(row) and row[column] is not None
                )
        core = [column for column in core_columns if filled[column] >= 0.8 * lines]
        found: list[Amounted] = []
        for index in range(start, stop):
            row, number = self.grid.rows[index], self.grid.numbers[index]
            if index in kinds:
                continue
            values = [
                self.casts.plain_number(row[column], money_field or "")
                for column in columns
                if column < len(row) and row[column] is not None
            ]
            numbers = [value for value in values if value is not None]
            label, says = "", Says.NOTHING
            words = 0
            for column, value in enumerate(row):
                if isinstance(value, str) and column not in columns:
                    words += 1
                    claim = says_total(value)
                    if claim > says or not label:
                        label, says = fold(value), max(says, claim)
            if not values:
                if says >= Says.OUTRIGHT and words == 1:
                    found.append(
                        Amounted(index, number, None, label, says, len(core), len(core), False, False)
                    )
                continue
            missing = sum(not (column < len(row) and row[column] is not None) for column in core)
            found.append(
                Amounted(
                    index=index,
                    number=number,
                    amount=sum(numbers, Decimal(0)) if numbers else None,
                    label=label,
                    says=says,
                    missing=missing,
                    core=len(core),
                    bare=not words,
                    dated=missing == 0 and len(core) >= 2,
                )
            )
        return find_totals(found)

    def _records(self, row: list[Cell], number: int) -> list[RecordRow] | None:
        """The records of one row; None when the row is a note."""
        values, cells = self.casts.row(row, number)
        if self.kind is Kind.USAGE:
            return self._usage(row, number, values, cells)
        if self.kind in (Kind.BUDGET, Kind.BENEFITS):
            return self._planned(row, number, values, cells)
        finished = self.casts.finish(values, cells)
        if not self._named(finished):
            if sum(value is not None for value in finished.values()) >= 2 and not self._says_note(row):
                self.rejected += 1
                wanted = " or ".join(_label(self.kind, names[0]) for names in _NAMED[self.kind])
                self._problem(
                    codes.VALUE_MISSING, f"Row {number} has no {wanted}.", address(number, 0), rejected=True
                )
            return None
        return [RecordRow(number, finished, cells)]

    def _named(self, values: Mapping[str, Any]) -> bool:
        return any(all(values.get(name) not in (None, "") for name in names) for names in _NAMED[self.kind])

    def _says_note(self, row: list[Cell]) -> bool:
        texts = [value for value in row if isinstance(value, str)]
        return any(says_total(text) >= Says.OUTRIGHT for text in texts) or (
            len(texts) == 1 and len(texts[0]) > 60
        )

    def _usage(
        self, row: list[Cell], number: int, values: dict[str, Any], cells: dict[str, str]
    ) -> list[RecordRow] | None:
        if self.plan.months:
            made = []
            for month in self.plan.months:
                value = row[month.column] if month.column < len(row) else None
                count = self.casts.plain_number(value, "active_count")
                if count is None:
                    continue
                entry = {
                    **values,
                    "active_count": int(count),
                    "month": month.first,
                    "tool": values.get("tool") or self.tool,
                    "grade": "D",
                    "event": "activity",
                }
                made.append(
                    RecordRow(number, entry, {**cells, "active_count": address(number, month.column)})
                )
            return made or None
        if not self._named(values):
            return None
        first_text = next((value for value in row if isinstance(value, str)), "")
        if says_total(first_text) >= Says.OUTRIGHT or (
            sum(value is not None for value in row) == 1
            and "@" not in first_text
            and len(self.decision.columns) > 2
        ):
            return None
        return usage_rows(
            row,
            number,
            values,
            cells,
            tool=self.tool,
            layout=self.plan.layout,
            headings=self.headings,
            casts=self.casts,
            event=event_of(choice.header)
            if (choice := self.decision.column("last_activity")) is not None
            else "assignment",
            many_tools=self.decision.column("tool") is not None,
        )

    def _planned(
        self, row: list[Cell], number: int, values: dict[str, Any], cells: dict[str, str]
    ) -> list[RecordRow] | None:
        """Budget and benefit rows: one record per month column, or the row itself."""
        if "currency" in values and values["currency"] is None:
            values.pop("currency")
        values.setdefault("currency", self.decision.currency)
        if self.kind is Kind.BUDGET and not values.get("version") and self.several:
            values["version"] = self.grid.name
        if not self.plan.months:
            amount = values.get("amount")
            if isinstance(amount, Decimal):
                values["amount"] = amount * self.plan.scale
            if amount is None and values.get("hours") is None:
                column = self.decision.column("amount")
                position = span(column)[0] if column is not None else 0
                if position < len(row) and row[position] is not None:
                    self.rejected += 1
                return None
            finished = self.casts.finish(values, cells)
            return (
                [RecordRow(number, finished, cells)]
                if self.kind is Kind.BUDGET or self._named(finished)
                else None
            )
        made: list[RecordRow] = []
        for month in self.plan.months:
            value = row[month.column] if month.column < len(row) else None
            if value is None:
                continue
            amount = self.casts.money(value, "amount", number, month.column)
            if amount is None:
                if not (isinstance(value, str) and not fold(value)):
                    self.rejected += 1
                continue
            amount *= self.plan.scale
            cell = {**cells, "amount": address(number, month.column)}
            if month.months == 1:
                made.append(RecordRow(number, {**values, "month": month.first, "amount": amount}, cell))
                continue
            currency = str(values.get("currency") or self.options.base_currency)
            minor, residue = to_minor(amount, currency)
            parts = split_exact(minor, [1] * month.months)
            for step, part in enumerate(parts):
                share = Decimal(part).scaleb(-exponent(currency)) + (
                    residue if step == month.months - 1 else 0
                )
                first = date(
                    month.first.year + (month.first.month - 1 + step) // 12,
                    (month.first.month - 1 + step) % 12 + 1,
                    1,
                )
                made.append(RecordRow(number, {**values, "month": first, "amount": share}, cell))
        return made or None
