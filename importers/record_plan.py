"""How a sheet of records is read: its header, its columns, its months, its currency, the tool it is of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from importers.account_states import decide_accounts, decide_presence
from importers.casts import KEY_DATES, Cast, cast_of
from importers.fields import FIELDS
from importers.fingerprints import fingerprint
from importers.grid import Grid, column_index, letters
from importers.months import (
    MonthColumn,
    MonthColumns,
    month_columns,
    years_again,
)
from importers.plan_amounts import name_column
from importers.plan_columns import plan_of, said_again, tells_year, year_columns, year_of_months
from importers.plan_scenarios import decide_plan
from importers.plan_spans import settle_days
from importers.pointed import as_told, asked_with, header_at, pointed_at
from importers.price_span import decide_contracts
from importers.rate_heads import head_of_days, says_more
from importers.rate_sides import said_by_heading
from importers.rate_signs import currencies_unheaded, decide_rates, mark_by_size
from importers.rates import across_days, base_and_quote
from importers.rates_across import columns_across
from importers.record_cells import told_by_cells
from importers.record_currency import in_own_currency, with_currency
from importers.record_fit import currencies, exported, fit, line_of_data, never, units_head_amounts
from importers.record_kinds import ACROSS, CROSSED, HELPERS, MONEY_FIELD, NEEDS
from importers.record_words import RECORD_WORDS
from importers.scales import scale_of
from importers.spend_columns import map_target
from importers.spend_locale import with_mark, with_order
from importers.spend_plan import Proposal
from importers.table import Header, column_facts, find_headers, headings_of, span
from importers.texts import fold
from importers.tool_span import decide_tool_span
from importers.usage import UsageLayout, layout_of, named_in, tool_from_text
from importers.words import heading_words
from mopsaudit.intake.contract import (
    ColumnChoice,
    Kind,
    Layout,
    ReadingDecision,
    ReadOptions,
    SheetDecision,
)

#: What a decision keeps that belongs to one file alone.
_OF_FILE = frozenset(
    "months month_year each_months by_year turned currencies units sides day phased out_of_force".split()
)
#: Fields that say what a line of a plan is for.
_OF_A_LINE = frozenset(("cost_centre", "gl_account", "unit", "vendor", "tool", "programme", "description"))
#: What of a kind is decided after its columns are.
_FURTHER = {
    Kind.CONTRACTS: decide_contracts,
    Kind.INVENTORY: decide_tool_span,
    Kind.BUDGET: decide_plan,
    Kind.RATES: decide_rates,
    Kind.USAGE: decide_accounts,
    Kind.PEOPLE: decide_presence,
}


@dataclass(slots=True)
class RecordPlan:
    """A sheet on its way: the proposal, its fields, month columns and usage layout."""

    proposal: Proposal
    months: list[MonthColumn] = field(default_factory=list)
    layout: UsageLayout | None = None
    scale: int = 1


def leave(plan: RecordPlan, why: str) -> None:
    """Leave a sheet out, with the reason a person reads."""
    plan.proposal.decision = replace(plan.proposal.decision, used=False, why=why)
    plan.proposal.questions.clear()


def restored(
    grid: Grid, decision: SheetDecision, options: ReadOptions, answers: dict[str, str]
) -> RecordPlan:
    """A plan that obeys an edited decision; ``answers`` are those that hold for this sheet."""
    headings = headings_of(grid, decision)
    decision, open_years = years_again(grid, decision, options, answers)
    header = Header(
        rows=decision.header_rows,
        headings=headings,
        matches=[{} for _ in headings],
        first_index=grid.position(decision.first_row),
        score=1.0,
    )
    plan = RecordPlan(Proposal(grid, decision, open_years, header=header))
    extra = dict(decision.extra)
    plan.scale = int(extra.get("scale", 1))
    if options.kind is Kind.USAGE:
        plan.layout = layout_of(headings, named_in(grid, header, options))
    if decision.layout is Layout.CROSSTAB and "currencies" not in extra:
        amount = decision.column(CROSSED.get(options.kind, "amount"))
        if amount is not None:
            first, last = span(amount)
            months = MonthColumns(_kept_months(extra))
            if not months.columns:
                months = month_columns(grid, header, options, answers)
            if not months.columns and options.kind is Kind.BUDGET:
                months = said_again(grid, header, first, options, answers)
            plan.months = [month for month in months.columns if first <= month.column <= last]
            if decision.used:
                plan.proposal.questions.extend(months.questions)
    return plan


def _kept_months(extra: Mapping[str, Any]) -> list[MonthColumn]:
    """The month columns a decision keeps: headings of several lines do not tell them again one by one."""
    each, kept = int(extra.get("each_months", 1)), extra.get("months", {})
    return [MonthColumn(column_index(place), date.fromisoformat(kept[place]), each) for place in kept]


def propose(grid: Grid, options: ReadOptions) -> RecordPlan:
    """The best reading of one sheet as records of the kind; not used where it holds none."""
    empty = RecordPlan(Proposal(grid, SheetDecision(name=grid.name, used=False, why="the sheet is empty")))
    if not grid.rows:
        return empty
    words = RECORD_WORDS[options.kind]
    told = pointed_at(grid, options)
    if told is not None:
        plan = _with_header(grid, header_at(grid, told, words), asked_with(options, told))
        plan.proposal.decision = as_told(plan.proposal.decision, told)
        return plan
    weights = {name: 2.0 for names in NEEDS[options.kind] for name in names}
    best = empty
    best.proposal.decision = replace(best.proposal.decision, why="no table of this kind")
    headers = [header for header in find_headers(grid, words, weights) if not line_of_data(grid, header)][:8]
    if options.kind is Kind.RATES and (made := head_of_days(grid, options.base_currency)) is not None:
        headers = [made] if says_more(made) else [*headers, made]
    for header in headers:
        plan = _with_header(grid, header, options)
        more = plan.proposal.quality - best.proposal.quality
        if more > 1e-9 or (abs(more) <= 1e-9 and len(plan.months) > max(1, len(best.months))):
            best = plan  # as sure, and it knows what several columns are of
    if best.proposal.decision.used:
        profile = dict(options.profiles).get(best.proposal.decision.fingerprint)
        if profile is not None:
            return _from_profile(grid, best, profile, options)
    return best


def _from_profile(
    grid: Grid, plan: RecordPlan, profile: Mapping[str, Any], options: ReadOptions
) -> RecordPlan:
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
        extra=tuple(
            sorted(
                {
                    **{name: value for name, value in stored.extra if name not in _OF_FILE},
                    **{name: value for name, value in proposed.extra if name in _OF_FILE},
                }.items()
            )
        ),
        confidence=0.99,
        reasons=(*stored.reasons, "read as a person corrected this layout before"),
    )
    return plan


def _with_header(grid: Grid, header: Header, options: ReadOptions) -> RecordPlan:
    kind = options.kind
    facts = column_facts(grid, header.first_index, header.headings)
    picks: dict[str, tuple[int, float]] = {}
    used: set[int] = set()
    plan = RecordPlan(
        Proposal(grid, SheetDecision(name=grid.name, used=False, why="no table of this kind"), header=header)
    )
    for name, target in options.maps:
        column = map_target(target, header.headings)
        if column is not None:
            picks[name] = (column, 1.5)  # more than any heading
            used.add(column)
    if kind is Kind.USAGE:
        plan.layout = layout_of(header.headings, named_in(grid, header, options))
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
    if kind in MONEY_FIELD:
        units_head_amounts(header, facts, MONEY_FIELD[kind])
    months = month_columns(grid, header, options, dict(options.answers)) if kind in ACROSS else None
    if kind is Kind.RATES:
        months = None if months is None or across_days(months) else months
        for column, heading in enumerate(header.headings):
            if (
                heading
                and facts[column].numeric_share() >= 0.8
                and said_by_heading(heading, options.base_currency)
            ):
                header.matches[column]["rate"] = max(header.matches[column].get("rate", 0.0), 0.9)
    elif months is not None and len(months.columns) == 1 and not facts[months.columns[0].column].numeric:
        months.columns = []  # a day above days, or above nothing, is a line's and no month above amounts
    if kind is Kind.BUDGET and months is not None and not months.columns and not tells_year(header, facts):
        months = year_columns(grid, header, facts, options, dict(options.answers))
    if months is not None and months.columns:
        used.update(month.column for month in months.columns)
    across = columns_across(header, facts, options) if kind is Kind.RATES else {}
    used.update(map(column_index, across.get("currencies", ())))
    scored: list[tuple[float, int, str]] = []
    for column, match in enumerate(header.matches):
        if column in used:
            continue
        for name, score in match.items():
            if never(kind, name, header.headings[column]):
                continue
            total = score * fit(name, facts[column], cast_of(kind, name))
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
    if "currency" not in picks and any(spec.key == "currency" for spec in FIELDS[kind]):
        told = next(
            (column for column, each in enumerate(facts) if column not in used and currencies(each)), None
        )
        if told is not None:
            used.add(told)
            picks["currency"] = (told, 0.9)
    picks.update(told_by_cells(kind, grid, header, facts, picks, used))
    if kind is Kind.INVENTORY and "id" in picks and not exported(header, options):
        picks.pop("id")  # a number of somebody else's list would name another tool of ours
    picks.update(in_own_currency(header.headings, facts, picks, used))
    if kind is Kind.RATES and (told := currencies_unheaded(picks, used, facts)) is not None:
        picks["from"] = (told, 0.8)
    if kind is Kind.RATES and {"from", "to"}.isdisjoint(name for name, _ in options.maps):
        picks.update(base_and_quote(header.headings, facts))
    layout = Layout.FLAT
    money = CROSSED.get(kind, "amount")
    month_year = None
    if kind is Kind.BUDGET:
        settle_days(picks, header, facts, used, across=months is not None and bool(months.columns))
        months = plan_of(plan.proposal, header, facts, months, picks, options)
        month_year = year_of_months(plan.proposal, header, picks, options)
    # One month column can be a heading like any other; two, or one without a plain amount, are months across.
    if (
        months is not None
        and months.columns
        and (len(months.columns) >= 2 or money not in picks or picks[money][0] == months.columns[0].column)
    ):
        layout = Layout.CROSSTAB
        plan.months = months.columns
        first = min(month.column for month in months.columns)
        last = max(month.column for month in months.columns)
        picks.pop("month", None)
        picks.pop(money, None)
        picks[money] = (first, 0.95)
        plan.proposal.questions.extend(months.questions)
    elif across and "valid_from" in picks:
        layout, money = Layout.CROSSTAB, "rate"
        places = [column_index(place) for place in across["currencies"]]
        first, last = places[0], places[-1]
        picks.pop("from", None)
        picks["rate"] = (first, 0.95)
    else:
        first = last = -1
        across = {}
    if kind is Kind.BUDGET and not _OF_A_LINE & picks.keys():
        nameless = name_column(facts, used)
        if nameless is not None:
            picks["description"] = (nameless, 0.7)
    fields = {name for name in picks if not name.startswith("_")}
    if across:
        fields.add("from")
    if "first" in fields or "_first" in picks or "_last" in picks:
        fields.add("name")
    if kind is Kind.USAGE and {"_first_name", "_last_name"} & picks.keys():
        fields.add("user_name")
    if kind is Kind.ORDERS and {"_quantity", "_unit_price"} <= picks.keys():
        fields.add("amount")
    if plan.layout is not None:
        fields.add("last_activity")
    if kind is Kind.INVENTORY and "_monthly_cost" in picks:
        fields.add("yearly_cost")
    if not any(set(names) <= fields for names in NEEDS[kind]):
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
                    why=f"the headings are {'currencies' if across else 'months'}: one record per cell"
                    if across or (months and months.columns[0].months < 12)
                    else "a year's plan: spread evenly over its months",
                )
            )
        elif not name.startswith("_") or name in HELPERS:
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
            for names in NEEDS[kind]
            if set(names) <= fields
        ),
        default=0.0,
    )
    quality = min(0.99, 0.55 * needed + 0.45 * min(1.0, sum(named) / 4))
    extra: dict[str, object] = {**across}
    own = len(header.rows) == 1 and header.months.keys() >= {month.column for month in plan.months}
    # Months whose headings do not tell them alone are kept; those still asked about are worked out when it is said.
    if plan.months and not own and (header.turned or not plan.proposal.questions):
        extra["months"] = {letters(month.column): month.first.isoformat() for month in plan.months}
        if months is not None and months.by_year:
            extra["by_year"] = months.by_year
        if plan.months[0].months > 1:
            extra["each_months"] = plan.months[0].months
        if header.turned:
            extra["turned"] = {letters(column): list(told) for column, told in sorted(header.turned.items())}
    if kind is Kind.BUDGET:
        plan.scale = scale_of(grid, header, [picks["amount"][0]] if "amount" in picks else [])
        if plan.scale != 1:
            extra["scale"] = plan.scale
    if month_year is not None:
        extra["month_year"] = month_year
    if plan.layout is not None:
        extra["vendor_layout"] = plan.layout.id
    plan.proposal.decision = SheetDecision(
        name=grid.name,
        used=True,
        layout=layout,
        header_rows=header.rows,
        first_row=[*grid.numbers, header.rows[-1] + 1][min(header.first_index, len(grid.numbers))],
        columns=tuple(columns),
        confidence=round(quality, 2),
        reasons=((f"it is laid out as the export {plan.layout.id}",) if plan.layout else ()),
        fingerprint=fingerprint(header, layout),
        extra=tuple(sorted(extra.items())),
    )
    plan.proposal.quality = quality
    return plan


def decide(plan: RecordPlan, options: ReadOptions) -> None:
    """Decimal marks, date orders and the currency, by the cells; questions for what they leave open."""
    proposal = plan.proposal
    answers = dict(options.answers)
    start = proposal.grid.position(proposal.decision.first_row)
    columns = []
    for choice in proposal.decision.columns:
        cast = cast_of(options.kind, choice.field)
        decided = choice
        if cast in (Cast.MONEY, Cast.NUMBER):
            ask = cast is Cast.MONEY or choice.field == "rate" or options.kind is Kind.CREDITS
            if choice.field == "rate":
                decided = mark_by_size(
                    proposal, with_mark(proposal, choice, start, answers, ask=False), options
                )
            decided = with_mark(proposal, decided, start, answers, ask=ask)
        elif cast in (Cast.DATE, Cast.MONTH):
            decided = with_order(proposal, choice, start, answers, ask=False)
        columns.append(decided)
    orders = {choice.date_order for choice in columns if choice.date_order}
    if len(orders) == 1:
        # Who writes one column of a sheet day first writes the others so.
        order = orders.pop()
        columns = [
            replace(choice, date_order=order)
            if choice.date_order is None and cast_of(options.kind, choice.field) is Cast.DATE
            else choice
            for choice in columns
        ]
    columns = [
        with_order(proposal, choice, start, answers)
        if choice.field in KEY_DATES and cast_of(options.kind, choice.field) in (Cast.DATE, Cast.MONTH)
        else choice
        for choice in columns
    ]
    decision = replace(proposal.decision, columns=tuple(columns))
    if options.decision is None and options.kind in MONEY_FIELD:
        decision = with_currency(plan.proposal, decision, options)
    if (further := _FURTHER.get(options.kind)) is not None:
        decision = further(proposal, decision, options, answers)
    proposal.decision = decision


def tool_of(plan: RecordPlan, options: ReadOptions, file_name: str) -> str | None:
    """The tool a usage sheet is of, by option, layout, sheet name, file name or title; None where nothing says."""
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
