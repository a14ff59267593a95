"""What the cells of a proposed sheet decide: decimal marks, day/month order, sign and currency; the rest is asked."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from importers import codes
from importers.amounts import amount_text, decimal_mark
from importers.currencies import (
    crowns,
    crowns_in_format,
    crowns_in_heading,
    currency_in_format,
    currency_in_heading,
    currency_of_text,
)
from importers.dates import date_order, date_readings, month_in, month_value
from importers.grid import key, letters
from importers.price_texts import bare_amount
from importers.scales import scaled_text
from importers.spend_columns import MONEY, WORDS
from importers.spend_journal import decide_entries, decide_journal
from importers.spend_kinds import decide_kinds
from importers.spend_locale_beside import mark_beside, order_beside
from importers.spend_meaning import column_values, decide_credits, decide_periods, decide_scale
from importers.spend_payments import decide_payments, decide_transfers
from importers.spend_plan import Proposal
from importers.spend_signs import decide_sign
from importers.spend_times import decide_price
from importers.table import span
from importers.texts import fold
from importers.whole_amounts import parted_by_commas
from mopsaudit.intake.contract import Choice, ColumnChoice, Question, ReadOptions
from mopsaudit.money import CURRENCIES, exponent


def decide_values(proposal: Proposal, options: ReadOptions) -> None:
    """Add to a proposal what its cells decide: decimal marks, day/month order, sign and currency; ask for the rest."""
    grid, decision = proposal.grid, proposal.decision
    answers = {**dict(options.answers)}
    start = grid.position(decision.first_row)
    columns: list[ColumnChoice] = []
    for choice in decision.columns:
        decided = choice
        if choice.field in MONEY:
            ask = choice.field in ("amount", "debit", "credit")
            decided = with_mark(proposal, choice, start, answers, ask=ask)
        elif choice.field == "date":
            decided = with_order(proposal, choice, start, answers)
        columns.append(decided)
    sign = decide_sign(proposal, columns, start, answers)
    decision = replace(decision, columns=tuple(columns), sign=sign, reasons=proposal.decision.reasons)
    proposal.decision = decision
    if options.decision is None:
        decide_price(proposal, start, answers)
        decide_scale(proposal, start, answers)
        decide_credits(proposal, start, answers)
        decide_payments(proposal, start, answers)
        decide_transfers(proposal, start, answers)
        decide_journal(proposal, columns, start, answers)
        decide_entries(proposal, start, answers)
        decide_kinds(proposal, start, answers)
    decide_periods(proposal, options, start, answers)
    _decide_currency(proposal, options, start, answers)


def with_mark(
    proposal: Proposal, choice: ColumnChoice, start: int, answers: dict[str, str], *, ask: bool
) -> ColumnChoice:
    """The choice with the decimal mark its cells (or an answer) decide; a question is added when ``ask``."""
    if choice.decimal_mark:
        return choice
    texts = [
        parts
        for value in column_values(proposal.grid, start, choice)
        if isinstance(value, str)
        and isinstance(bare := bare_amount(value), str)
        and (parts := amount_text(bare))
    ]
    evidence = decimal_mark(texts)
    if not evidence.undecided:
        return replace(choice, decimal_mark=evidence.mark)
    marks = {sign for example in evidence.examples for sign in ",." if sign in example}
    code = _currency_said(proposal, choice, start)
    if marks == {","} and parted_by_commas(texts, choice.header, code):
        return replace(choice, decimal_mark=".")
    if len(marks) == 1 and code is not None and exponent(code) == 0:  # a mark before three digits groups
        return replace(choice, decimal_mark="." if marks == {","} else ",")
    if marks == {","} and _grouped_by_commas(proposal):
        return replace(choice, decimal_mark=".")
    beside = mark_beside(proposal, span(choice)[0], start)
    if beside is not None:
        return replace(choice, decimal_mark=beside)
    column = span(choice)[0]
    question_key = key(proposal.grid.name, column, "decimal_mark")
    answer = answers.get(question_key)
    if answer in (".", ",", "point", "comma"):
        return replace(choice, decimal_mark="." if answer in (".", "point") else ",", by_person=True)
    if not ask:
        return choice
    example = evidence.examples[0]
    plain = example.replace(",", "").replace(".", "")
    fraction = example.replace(",", ".")
    point_value = fraction if "." in example else plain
    comma_value = plain if "." in example else fraction
    proposal.questions.append(
        Question(
            key=question_key,
            sheet=proposal.grid.name,
            column=letters(column),
            asks=f"In column {letters(column)} “{choice.header}”, {evidence.why}. Which sign is the decimal mark?",
            choices=(
                Choice(value=".", reads=f"{example} is {point_value} (decimal point)"),
                Choice(value=",", reads=f"{example} is {comma_value} (decimal comma)"),
            ),
        )
    )
    return choice


#: Scripts of Hebrew, India, Thailand, China, Japan and Korea: whoever writes in them groups thousands by commas.
_BY_COMMAS = re.compile("[\u0590-\u05ff\u0900-\u0dff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def _grouped_by_commas(proposal: Proposal) -> bool:
    """Whether most headings are in a script whose writers set no decimal comma."""
    header = proposal.header
    named = [heading for heading in header.headings if heading] if header is not None else []
    return sum(bool(_BY_COMMAS.search(heading)) for heading in named) * 2 > len(named)


def _currency_said(proposal: Proposal, choice: ColumnChoice, start: int) -> str | None:
    """The one currency that the heading of a choice, or the sheet's column of currencies, says; else None."""
    code = currency_in_heading(choice.header)
    if code is None:
        column = proposal.decision.column("currency")
        cells = column_values(proposal.grid, start, column) if column is not None else ()
        named = {currency_of_text(cell) for cell in cells if isinstance(cell, str)}
        code = named.pop() if len(named) == 1 else None
    return code


def with_order(
    proposal: Proposal, choice: ColumnChoice, start: int, answers: dict[str, str], *, ask: bool = True
) -> ColumnChoice:
    """The choice with the day/month order its cells (or an answer) decide; a question is added when ``ask``."""
    if choice.date_order:
        return choice
    texts: list[str] = []
    real_low = real = 0
    for value in column_values(proposal.grid, start, choice):
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, datetime | date):
            real += 1
            real_low += value.day <= 12
    evidence = date_order(texts)
    column = span(choice)[0]
    if not evidence.undecided:
        if evidence.order == "dmy" and real >= 3 and real == real_low and len(texts) >= 3:
            proposal.problems.append(
                codes.problem(
                    codes.DATE_SWAPPED,
                    f"Column {letters(column)} mixes {len(texts):,} text dates, with days above "
                    f"12, and {real:,} real dates, "
                    "with no day above 12: the program that opened the file may have swapped day "
                    "and month in the real ones.",
                    sheet=proposal.grid.name,
                    cell=f"{letters(column)}{proposal.decision.first_row}",
                )
            )
        return replace(choice, date_order=evidence.order)
    order = order_beside(proposal, column, texts, start)
    if order is not None:
        return replace(choice, date_order=order)
    question_key = key(proposal.grid.name, column, "date_order")
    answer = answers.get(question_key)
    if answer in ("dmy", "mdy", "ymd"):
        return replace(choice, date_order=answer, by_person=True)
    titled = _order_of_title(proposal, texts)
    if titled is not None:
        return replace(choice, date_order=titled)
    if not ask:
        return choice
    example = evidence.examples[0]
    readings = date_readings(example)
    proposal.questions.append(
        Question(
            key=question_key,
            sheet=proposal.grid.name,
            column=letters(column),
            asks=f"In column {letters(column)} “{choice.header}”, {evidence.why}. Which is the day?",
            choices=tuple(
                Choice(value=order, reads=f"{example} is {day.day} {day:%B %Y}")
                for order, day in sorted(readings.items())
            ),
        )
    )
    return choice


def _order_of_title(proposal: Proposal, texts: Sequence[str]) -> str | None:
    """The one order by which every date is of the month a line above the table names; None for both or neither."""
    above = [
        value
        for row in proposal.grid.rows[: proposal.grid.position(proposal.decision.first_row)][:15]
        for value in row
        if isinstance(value, str) and len(value) < 120
    ]
    month = month_in(above)
    if month is None:
        return None
    readings = [found for text in texts if (found := date_readings(text))]
    orders = [
        order
        for order in ("dmy", "mdy")
        if readings
        and all(
            order in found and (found[order].year, found[order].month) == (month.year, month.month)
            for found in readings
        )
    ]
    return orders[0] if len(orders) == 1 else None


def _decide_currency(proposal: Proposal, options: ReadOptions, start: int, answers: dict[str, str]) -> None:
    grid, decision = proposal.grid, proposal.decision
    base = options.base_currency
    if options.decision is not None and decision.currency is not None:
        return
    column = decision.column("currency")
    money = [choice for choice in decision.columns if choice.field in ("amount", "debit", "credit")]
    if column is not None:
        named: Counter[str] = Counter()
        first, _ = span(column)
        for value, count in Counter([row[first] for row in grid.rows[start:] if first < len(row)]).items():
            if isinstance(value, str) and (code := currency_of_text(value, base)):
                named[code] += count
        if named and _contradicted(proposal, money, named, answers):
            return
        if named:
            only = named.most_common(1)[0][0] if len(named) == 1 else None
            proposal.decision = replace(
                decision,
                currency=only or options.currency or decision.currency or named.most_common(1)[0][0],
                currency_how="column",
            )
            return
    formats: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    headings = {found for choice in money if (found := currency_in_heading(choice.header, base)) is not None}
    near = (
        next(iter(headings)) if len(headings) == 1 else base
    )  # whose a sign is that several currencies share
    for choice in money:
        first, last = span(choice)
        for col in range(first, last + 1):
            for _, code in grid.formats.get(col, ()):
                found = currency_in_format(code, near) if code else None
                if found:
                    formats[found] += 1
        for value in column_values(grid, start, choice):
            if isinstance(value, str) and (parts := amount_text(value)) and parts.currency:
                texts[currency_of_text(parts.currency, near) or parts.currency] += 1
    rowwise = formats + texts
    titles: set[str] = set()
    if not headings and not rowwise:
        for index in range(min(start, 40)):
            texts_of_row = [
                value for value in grid.rows[index] if isinstance(value, str) and len(value) < 200
            ]
            titles |= _codes_above(proposal, index)
            for text in [*texts_of_row, " ".join(texts_of_row[:4])]:
                found = currency_in_title(text, base)
                if found is None and scaled_text(text):
                    found = currency_in_heading(text, base)
                if found:
                    titles.add(found)
        if not titles and grid.name and (found := currency_in_heading(grid.name, base)):
            titles.add(found)
    if not options.currency and not headings and _crowns_asked(proposal, money, start, answers, base):
        return
    proven = dict(decision.extra).get("booked_currency")
    if proven and not options.currency and not headings and not rowwise:
        proposal.decision = replace(decision, currency=str(proven), currency_how="conversion")
        return
    named_all = set(headings) | set(rowwise) | titles
    if len(rowwise) >= 1 and not headings:
        # every cell says its own; one that says nothing follows the commonest
        proposal.decision = replace(decision, currency=rowwise.most_common(1)[0][0], currency_how="format")
        return
    if len(named_all) == 1:
        proposal.decision = replace(
            decision, currency=named_all.pop(), currency_how="heading" if headings or titles else "format"
        )
        return
    question_key = key(grid.name, None, "currency")
    answer = answers.get(question_key, "").upper()
    if len(named_all) > 1:
        if answer in named_all or options.currency:
            proposal.decision = replace(decision, currency=answer or options.currency, currency_how="option")
            return
        if headings and len(headings) == 1 and len(rowwise) == 0:
            proposal.decision = replace(decision, currency=next(iter(headings)), currency_how="heading")
            return
        proposal.questions.append(
            Question(
                key=question_key,
                sheet=grid.name,
                asks="The sheet names two currencies and no line says which is its own. Which one are the amounts in?",
                choices=tuple(
                    Choice(value=code, reads=f"all amounts are in {code}") for code in sorted(named_all)
                ),
            )
        )
        return
    if options.currency:
        proposal.decision = replace(decision, currency=options.currency, currency_how="option")
    elif decision.currency:
        proposal.decision = replace(decision, currency_how="profile")
    else:
        proposal.decision = replace(decision, currency=base, currency_how="assumed")


#: Units written after a figure in scripts that do not write signs before it.
_UNITS = (("元", "CNY"), ("円", "JPY"), ("원", "KRW"))


def _codes_above(proposal: Proposal, index: int) -> set[str]:
    """Codes a row above the table names: beside an amount of its own (a balance), or alone below *Currency*."""
    row = proposal.grid.rows[index]
    texts = [fold(value) for value in row if isinstance(value, str)]
    found = {
        parts.currency
        for text in texts
        if (parts := amount_text(text)) and parts.currency in CURRENCIES and month_value(text) is None
    }
    found |= {code for sign, code in _UNITS if any(re.search(rf"[0-9]\s?{sign}", text) for text in texts)}
    if len(texts) == 1 and texts[0] in CURRENCIES and index:
        above = [fold(value) for value in proposal.grid.rows[index - 1] if isinstance(value, str)]
        if len(above) == 1 and WORDS.fields(above[0].strip("#: ")).get("currency", 0.0) >= 0.85:
            found.add(texts[0])
    return found


def _crowns_asked(
    proposal: Proposal, money: Sequence[ColumnChoice], start: int, answers: dict[str, str], base: str
) -> bool:
    """Whether the amounts are in ``kr`` and nothing says in whose: then a person does. The company's own is taken."""
    grid = proposal.grid
    said = any(crowns_in_heading(choice.header) for choice in money) or any(
        isinstance(value, str) and (parts := amount_text(value)) and parts.currency and crowns(parts.currency)
        for choice in money
        for value in column_values(grid, start, choice)
    )
    said = said or any(
        crowns_in_format(code)
        for choice in money
        for _, code in grid.formats.get(span(choice)[0], ())
        if code
    )
    codes_ = crowns("kr")
    if not said:
        return False
    question_key = key(grid.name, None, "currency")
    answer = answers.get(question_key, "").upper()
    own = base if base in codes_ else answer if answer in codes_ else None
    if own is not None:
        how = "heading" if base in codes_ else "option"
        proposal.decision = replace(proposal.decision, currency=own, currency_how=how)
        return True
    proposal.questions.append(
        Question(
            key=question_key,
            sheet=grid.name,
            asks="The amounts are in “kr”, as those of three countries are. Which currency is it?",
            choices=tuple(Choice(value=code, reads=f"amounts in kr are in {code}") for code in codes_),
        )
    )
    return True


def _contradicted(
    proposal: Proposal, money: Sequence[ColumnChoice], named: Counter[str], answers: dict[str, str]
) -> bool:
    """Whether headings name a currency that the currency column never does: then the lines' own word is not enough.

    The amounts are in the heading's currency or in the column's; a person says which. True once that settled it.
    """
    headed = {found for choice in money if (found := currency_in_heading(choice.header)) is not None}
    if len(headed) != 1 or any(
        currency_in_heading(choice.header, code) == code for choice in money for code in named
    ):
        return False
    code = headed.pop()
    grid, column = proposal.grid, proposal.decision.column("currency")
    question_key = key(grid.name, None, "currency")
    answer = answers.get(question_key, "")
    if answer.upper() == code:
        kept = tuple(choice for choice in proposal.decision.columns if choice.field != "currency")
        proposal.decision = replace(proposal.decision, columns=kept, currency=code, currency_how="option")
        return True
    if answer == "column" or column is None:
        return False
    lines = ", ".join(each for each, _ in named.most_common(3))
    proposal.questions.append(
        Question(
            key=question_key,
            sheet=grid.name,
            asks=f"The heading “{money[0].header}” says {code}, column {column.letters} “{column.header}” says "
            f"{lines}. Which currency are the amounts in?",
            choices=(
                Choice(
                    value=code,
                    reads=f"{code}, as the heading says: the column tells another amount's currency",
                ),
                Choice(value="column", reads=f"the one column {column.letters} names in each line"),
            ),
        )
    )
    return False


_TITLE = re.compile(
    r"(?:[Cc]urrency|CURRENCY|[Ww]ährung|[Dd]evise|[Mm]oneda|[Vv]aluta|[Dd]ivisa|"
    r"(?:[Aa]ll )?(?:[Aa]mounts|[Ff]igures|[Vv]alues) (?:are )?(?:shown )?in|Beträge in|"
    r"[Ii]n)\s*[:=]?\s*\(?([A-Z]{3}|[£€¥]|US\$|\$)\)?(?![A-Za-z])"
)


#: A sign or code that ends a title, set off from it: ``Spend by supplier, £``, ``Payments 2026 (EUR)``. Codes that are
#: words elsewhere are left out.
_TITLE_END = re.compile(
    r"[^0-9\s][^0-9]*(?:[0-9][^,(–—-]*)?(?:,\s*|\(|[–—-]\s+)"
    r"(?!ALL|TOP|CUP|PEN|GEL|MOP|BAM|TRY|COP)([A-Z]{3}|[£€¥₹]|US\$|\$)\)?\s*$"
)


def currency_in_title(text: str, base: str) -> str | None:
    """The currency a title line states (``Currency: EUR``, ``All amounts in £``, ``Spend by month, £``), or None."""
    plain = fold(text)
    match = _TITLE.search(plain) or _TITLE_END.search(plain)
    return currency_of_text(match.group(1), base) if match else None
