"""How a spend sheet is read: the proposal (sheet, header, layout, columns, sign, tax, locale) with reasons in words."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from importers.amounts import amount_text, amount_value
from importers.currencies import currency_of_text
from importers.dates import serial_date
from importers.grid import Cell, Grid, column_index, key, letters
from importers.months import month_columns
from importers.table import ColumnFacts, Header, best_field, column_facts, find_headers
from importers.texts import fold
from importers.total_words import Says, only_total, says_total
from importers.words import SPEND, Words, heading_words
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

WORDS = Words(SPEND)
WEIGHTS = {"amount": 3.0, "net": 3.0, "gross": 2.5, "debit": 2.0, "credit": 2.0, "supplier": 2.5, "date": 2.0}
MONEY = ("amount", "net", "gross", "tax", "debit", "credit", "original_amount")
_TEXT_FIELDS = (
    "description",
    "reference",
    "cost_centre",
    "unit",
    "gl_account",
    "purchase_order",
    "entity",
    "invoice",
)
_COMPANY = re.compile(
    r"\b(?:ltd|limited|llp|plc|inc|corp|llc|gmbh|ag|kg|sa|sas|sarl|srl|spa|bv|nv|ab|oy|as|aps|co|pty|trust|council|university|"
    r"services|group|solutions|software|systems)\b\.?",
    re.IGNORECASE,
)
_LOCAL = frozenset(
    ("lcy", "local", "base", "functional", "home", "billing", "billed", "booked", "accounted", "settlement")
)
_PIVOT = re.compile(
    r"row labels|sum of |count of |column labels|zeilenbeschriftungen|summe von ", re.IGNORECASE
)


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


@dataclass(slots=True)
class _Pick:
    """A column chosen for a field."""

    column: int
    score: float
    heading: str


def propose(grid: Grid, options: ReadOptions) -> Proposal:
    """The best reading of one sheet as spend; ``quality`` 0 when it holds none."""
    nothing = Proposal(grid, SheetDecision(name=grid.name, used=False, why="the sheet is empty"))
    if not grid.rows:
        return nothing
    best: Proposal | None = None
    headers = find_headers(grid, WORDS, WEIGHTS)
    candidates = _first_of_repeated(headers)[:8]
    floor = candidates[0].score * 0.3 if candidates else 0.0
    for header in [*(each for each in candidates if each.score >= floor), _headless(grid)]:
        proposal = _propose_with(grid, header, options)
        if best is None or proposal.quality > best.quality + 1e-9:
            best = proposal
    assert best is not None
    return best


def _first_of_repeated(headers: Sequence[Header]) -> list[Header]:
    """The candidates without those that only repeat an earlier one (a header printed on every page)."""
    earliest: dict[tuple[str, ...], int] = {}
    alone: dict[int, tuple[str, ...]] = {}
    for header in headers:
        if len(header.rows) == 1:
            texts = tuple(text.casefold() for text in header.headings)
            alone[header.rows[0]] = texts
            earliest[texts] = min(earliest.get(texts, header.rows[0]), header.rows[0])
    return [
        header
        for header in headers
        if earliest.get(alone.get(header.rows[-1], ()), header.rows[0]) >= header.rows[0]
    ]


def _headless(grid: Grid) -> Header:
    width = min(grid.width, 256)
    return Header(
        rows=(), headings=[""] * width, matches=[{} for _ in range(width)], first_index=0, score=0.0
    )


def fingerprint(header: Header, layout: Layout) -> str:
    """A name for a layout: its kind and its headings, months aside. The same next month's export gives the same."""
    if header.rows:
        texts = [
            "<month>" if column in header.months else heading.casefold()
            for column, heading in enumerate(header.headings)
        ]
        texts = [
            text for index, text in enumerate(texts) if text and (index == 0 or text != texts[index - 1])
        ]
    else:
        texts = [f"<{len(header.headings)} columns without a heading>"]
    return hashlib.sha256("\x1f".join([layout.value, *texts]).encode()).hexdigest()[:32]


def _fit(name: str, facts: ColumnFacts, *, date_1904: bool) -> float:
    """How well the cells of a column fit a field: 0 (cannot be) to 1."""
    if not facts.filled:
        return (
            0.3 if name in ("description", "reference", "unit", "entity", "cost_centre", "currency") else 0.15
        )
    if name in MONEY or name in ("_balance", "_quantity", "_unit_price"):
        if facts.bad > facts.filled / 2:
            return 0.7
        share = facts.numeric_share()
        if share < 0.4:
            return 0.0
        return 0.4 + 0.6 * share
    if name == "date":
        share = facts.date_share()
        if share < 0.5 and facts.whole > facts.filled / 2 and _serials(facts, date_1904=date_1904):
            share = 0.9
        return max(0.45, share) if facts.numeric_share() < 0.5 or share > 0.5 else 0.2
    if name == "supplier":
        if facts.numeric_share() > 0.6 or facts.date_share() > 0.5:
            return 0.1
        return 0.75 + 0.25 * facts.text_share() - 0.2 * (facts.long_texts > facts.filled / 2)
    if name in ("currency", "original_currency"):
        known = sum(count for text, count in facts.texts.items() if currency_of_text(text))
        return 1.0 if known >= 0.7 * facts.filled else 0.2
    if name in ("reference", "invoice"):
        return 0.55 + 0.45 * min(1.0, facts.distinct_share() * 1.5)
    if name == "period":
        return 1.0
    if name == "description":
        return 0.6 + 0.4 * facts.text_share()
    return 1.0


def _serials(facts: ColumnFacts, *, date_1904: bool) -> bool:
    numbers = [value for value in facts.values if isinstance(value, int | float)]
    return bool(numbers) and all(
        serial_date(value, date_1904=date_1904) is not None for value in numbers[:50]
    )


def _assign(header: Header, facts: Sequence[ColumnFacts], grid: Grid) -> dict[str, _Pick]:
    scored: list[tuple[float, int, str]] = []
    for column, match in enumerate(header.matches):
        for name, score in match.items():
            fit = _fit(name, facts[column], date_1904=grid.date_1904)
            total = score * fit
            if total >= 0.25:
                scored.append((total, column, name))
    # Better matches first; of equals the one further left, and the field that names most.
    scored.sort(key=lambda item: (-round(item[0], 3), item[1], item[2]))
    picks: dict[str, _Pick] = {}
    used: set[int] = set()
    for total, column, name in scored:
        if column in used or (name in picks and not name.startswith("_")):
            continue
        used.add(column)
        if name not in picks:
            picks[name] = _Pick(column, total, header.headings[column])
    return picks


def _amount_ties(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, _Pick], grid: Grid
) -> list[int]:
    """Other columns whose heading says *amount* as well as the chosen one's, with amounts in their cells."""
    chosen = picks.get("amount")
    if chosen is None:
        return []
    others = []
    for column, match in enumerate(header.matches):
        if column == chosen.column or any(
            pick.column == column and name in MONEY for name, pick in picks.items()
        ):
            continue
        score = match.get("amount", 0.0) * _fit("amount", facts[column], date_1904=grid.date_1904)
        if score >= chosen.score - 0.02 and best_field(match)[0] == "amount":
            others.append(column)
    return others


def _propose_with(grid: Grid, header: Header, options: ReadOptions) -> Proposal:
    width = len(header.headings)
    start = header.first_index
    facts = column_facts(grid, start, header.headings)
    picks = _assign(header, facts, grid)
    reasons: list[str] = []
    questions: list[Question] = []
    maps = _mapped(header, options, grid)
    for name, column in maps.items():
        picks = {other: pick for other, pick in picks.items() if pick.column != column}
        picks[name] = _Pick(column, 1.0, header.headings[column] if column < width else "")
    months = _month_columns(header, facts)
    named = (
        []
        if months or maps.get("amount") is not None
        else _named_months(grid, header, facts, picks, options, questions)
    )
    if named:
        months = dict(named)
    crosstab = _is_crosstab(header, facts, picks, months, maps)
    if not crosstab and not any(name in picks for name in ("amount", "net", "gross", "debit", "credit")):
        guessed = _guess_amount(header, facts, picks, grid)
        if len(guessed) == 1 or (guessed and not header.rows):
            picks["amount"] = _Pick(guessed[0], 0.45, header.headings[guessed[0]])
            reasons.append(
                f"column {letters(guessed[0])} holds the amounts: no heading says so, its numbers do"
            )
        elif len(guessed) > 1:
            answer = dict(options.answers).get(key(grid.name, None, "amount_column"))
            chosen = next(
                (column for column in guessed if letters(column) == (answer or "").rstrip(":").upper()), None
            )
            if chosen is None and "supplier" in picks:
                questions.append(_ask_amount(grid, header, guessed))
            picks["amount"] = _Pick(
                chosen if chosen is not None else guessed[-1], 0.4, header.headings[guessed[-1]]
            )
    described = picks.get("description")
    if (
        "supplier" not in picks
        and described is not None
        and not crosstab
        and described.score >= 0.6
        and facts[described.column].text_share() >= 0.5
    ):  # a statement or ledger whose text names who was paid
        picks["supplier"] = _Pick(described.column, 0.5, described.heading)
        del picks["description"]
        reasons.append(
            f"no column is headed as the supplier; “{described.heading}” in column {letters(described.column)} "
            "is taken for it"
        )
    clear = header.rows == () and "amount" in picks and not questions
    if "supplier" not in picks:
        texts = _guess_text(header, facts, picks)
        guess = texts[0] if texts else None
        if len(texts) > 1:
            clear = False
            answer = dict(options.answers).get(key(grid.name, None, "supplier_column"), "")
            chosen = next((column for column in texts if letters(column) == answer.rstrip(":").upper()), None)
            guess = chosen if chosen is not None else guess
            if chosen is None and not crosstab and answer != "none":
                questions.append(
                    _ask_column(grid, header, texts, "supplier_column", "Which column holds the suppliers?")
                )
        if guess is not None:
            picks["supplier"] = _Pick(guess, 0.4, header.headings[guess])
            reasons.append(f"column {letters(guess)} holds the suppliers: no heading says so, its texts do")
    if "date" not in picks:
        guess = _guess_date(facts, picks, grid)
        if guess is not None:
            picks["date"] = _Pick(guess, 0.5, header.headings[guess])
            reasons.append(f"column {letters(guess)} holds dates, though no heading says so")
    if "invoice" in picks and "reference" not in picks:
        picks["reference"] = picks.pop("invoice")
    ties = [] if crosstab else _amount_ties(header, facts, picks, grid)
    if ties and "amount" not in maps:
        questions.extend(_settle_tie(grid, header, facts, picks, ties, options, reasons))
    extra: dict[str, object] = {}
    tax_questions: list[Question] = []
    if crosstab:
        columns, layout, tax = _crosstab_columns(header, picks, months), Layout.CROSSTAB, Tax.NET
        if named or len(header.rows) > 1:
            extra["months"] = {letters(column): month.isoformat() for column, month in sorted(months.items())}
        money_columns = sorted(months)
    else:
        columns, layout, extra, tax, tax_questions = _flat_columns(
            grid, header, facts, picks, maps, options, reasons
        )
        money_columns = [
            pick.column
            for name, pick in picks.items()
            if name in ("amount", "debit", "credit") and _chosen(columns, name)
        ]
    questions.extend(tax_questions)
    quality = _quality(header, picks, crosstab=crosstab)
    if clear and "date" in picks and "supplier" in picks:
        quality = max(quality, 0.6)  # no heading, but one column of amounts, one of dates and one of names
    if not money_columns or quality <= 0:
        why = "no amount column" if header.rows else "no table with amounts"
        return Proposal(grid, SheetDecision(name=grid.name, used=False, why=why), quality=0.0, header=header)
    if layout is Layout.FLAT:
        grouped = _grouping(grid, header, picks, money_columns)
        if grouped is not None:
            layout, column, how = Layout.GROUPED, grouped[0], grouped[1]
            extra["supplier_heading"] = letters(column)
            extra["grouping"] = how
            columns = [choice for choice in columns if choice.field != "supplier"]
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
        tax=tax,
        confidence=round(min(0.99, quality), 2),
        fingerprint=fingerprint(header, layout),
        extra=tuple(sorted(extra.items())),
    )
    proposal = Proposal(grid, decision, questions, quality=quality, header=header)
    proposal.lines = sum(
        1
        for row in grid.rows[start:]
        if any(column < len(row) and row[column] is not None for column in money_columns)
    )
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


def _mapped(header: Header, options: ReadOptions, grid: Grid) -> dict[str, int]:
    """Field → column of the ``--map`` pairs this header can serve (a heading's text, or ``F:``)."""
    result: dict[str, int] = {}
    for name, target in options.maps:
        column = map_target(target, header.headings)
        if column is not None and column < max(grid.width, 1):
            result[name] = column
    return result


def map_target(target: str, headings: Sequence[str]) -> int | None:
    """The 0-based column a map names: ``F:`` by letter, else the heading's text (case and white space aside)."""
    plain = fold(target)
    match = re.fullmatch(r"([A-Za-z]{1,3}):(?:[A-Za-z]{1,3})?", plain)
    if match:
        return column_index(match.group(1))
    wanted = plain.casefold()
    for column, heading in enumerate(headings):
        if heading.casefold() == wanted:
            return column
    return None


# --- months across the columns ---


def _named_months(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, _Pick],
    options: ReadOptions,
    questions: list[Question],
) -> list[tuple[int, date]]:
    """Month columns that carry no year of their own, or share it in the line above; three of them at least."""
    if "date" in picks:
        return []
    found = month_columns(grid, header, options, dict(options.answers))
    columns = [
        (month.column, month.first)
        for month in found.columns
        if month.months == 1
        and (facts[month.column].numeric_share() >= 0.6 or not facts[month.column].filled)
    ]
    if len(columns) < 3 or len(columns) < len(found.columns):
        return []
    questions.extend(found.questions)
    return columns


def _month_columns(header: Header, facts: Sequence[ColumnFacts]) -> dict[int, date]:
    return {
        column: month
        for column, month in header.months.items()
        if column < len(facts) and (facts[column].numeric_share() >= 0.6 or not facts[column].filled)
    }


def _is_crosstab(
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, _Pick],
    months: dict[int, date],
    maps: dict[str, int],
) -> bool:
    filled = [column for column in months if facts[column].filled]
    if not filled or "amount" in maps:
        return False
    if len(set(months.values())) < len(months):
        return False
    if len(filled) >= 2:
        return True
    amount = picks.get("amount")
    return (
        amount is None or header.headings[amount.column].casefold() in ("total", "sum", "grand total")
    ) and "date" not in picks


def _crosstab_columns(header: Header, picks: dict[str, _Pick], months: dict[int, date]) -> list[ColumnChoice]:
    first, last = min(months), max(months)
    columns = [
        ColumnChoice(
            field="amount",
            letters=f"{letters(first)}:{letters(last)}"
            if last > first
            else f"{letters(first)}:{letters(first)}",
            header=header.headings[first] + (f" … {header.headings[last]}" if last > first else ""),
            confidence=0.95,
            why="the headings are months: one line per cell",
        )
    ]
    for name in ("supplier", *_TEXT_FIELDS, "currency"):
        pick = picks.get(name)
        if pick is not None and pick.column not in months:
            columns.append(_choice(name, pick))
    return columns


def _choice(name: str, pick: _Pick) -> ColumnChoice:
    why = (
        f"the heading “{pick.heading}” says so"
        if pick.heading and pick.score > 0.5
        else "by what its cells hold"
    )
    return ColumnChoice(
        field=name,
        letters=letters(pick.column),
        header=pick.heading,
        confidence=round(min(0.99, pick.score), 2),
        why=why,
    )


# --- flat columns ---


def _flat_columns(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, _Pick],
    maps: dict[str, int],
    options: ReadOptions,
    reasons: list[str],
) -> tuple[list[ColumnChoice], Layout, dict[str, object], Tax, list[Question]]:
    net, gross, plain, tax_column = (
        picks.get("net"),
        picks.get("gross"),
        picks.get("amount"),
        picks.get("tax"),
    )
    debit, credit = picks.get("debit"), picks.get("credit")
    extra: dict[str, object] = {}
    questions: list[Question] = []
    tax = Tax.NET
    by_sides = (
        debit is not None
        and credit is not None
        and not ({"amount", "net", "gross"} & set(maps))
        and (plain is None or plain.score < 0.9 or {"debit", "credit"} & set(maps))
        and (net is None or net.score < 0.9)
    )
    columns: list[ColumnChoice] = []
    if by_sides:
        assert debit is not None
        assert credit is not None
        columns += [_choice("debit", debit), _choice("credit", credit)]
        reasons.append("debit and credit stand in columns of their own; a line is debit less credit")
        booked = None
        for name in ("amount", "net"):
            if name in picks and name not in maps:
                picks.pop(name)
        picks["debit"], picks["credit"] = debit, credit
    else:
        if "amount" in maps:
            booked = plain
        elif "net" in maps:
            booked = net
        elif "gross" in maps and "amount" not in maps:
            booked = gross
        elif net is not None and net.score >= 0.55 and (plain is None or net.score >= plain.score - 0.35):
            booked = net
        else:
            booked = plain or net or gross or debit or credit
        if booked is None:
            return [], Layout.FLAT, extra, tax, questions
        if booked is gross:
            tax = Tax.GROSS_WITH_TAX if tax_column is not None else Tax.GROSS
            reasons.append("the amounts are gross: no net column is there")
        elif booked is plain and tax_column is not None:
            tax, question = _gross_or_net(grid, header, facts, plain, tax_column, gross, options)
            if question is not None:
                questions.append(question)
        elif booked is plain and "gross" in header.matches[plain.column]:
            tax = Tax.GROSS
        columns.append(replace(_choice("amount", booked), field="amount"))
        picks["amount"] = booked
        if tax_column is not None:
            columns.append(_choice("tax", tax_column))
        if booked is not gross and gross is not None:
            columns.append(_choice("gross", gross))
        if booked is gross and net is not None:
            columns.append(_choice("net", net))
    if options.tax in ("net", "gross"):
        tax = Tax.NET if options.tax == "net" else Tax.GROSS_WITH_TAX if tax_column is not None else Tax.GROSS
        questions = []
    for name in (
        "date",
        "supplier",
        "currency",
        "original_amount",
        "original_currency",
        "period",
        *_TEXT_FIELDS,
    ):
        pick = picks.get(name)
        if pick is not None and pick.score >= 0.3:
            columns.append(_choice(name, pick))
    indicator = picks.get("_indicator")
    if indicator is not None and not by_sides:
        values = {text.casefold() for text in facts[indicator.column].texts}
        if values and values <= {"d", "c", "dr", "cr", "debit", "credit", "s", "h", "soll", "haben"}:
            extra["indicator"] = letters(indicator.column)
            reasons.append(f"column {letters(indicator.column)} says which lines are credits")
    return columns, Layout.FLAT, extra, tax, questions


def _gross_or_net(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    amount: _Pick,
    tax: _Pick,
    gross: _Pick | None,
    options: ReadOptions,
) -> tuple[Tax, Question | None]:
    """Whether an *amount* with a tax column beside it includes that tax: by a gross column, else by usual rates."""
    question_key = key(grid.name, amount.column, "tax")
    answer = dict(options.answers).get(question_key)
    if answer in ("net", "gross"):
        return (Tax.NET if answer == "net" else Tax.GROSS_WITH_TAX), None
    if options.tax in ("net", "gross") or gross is not None:
        return Tax.NET, None
    votes: Counter[str] = Counter()
    pairs = 0
    for row in grid.rows[header.first_index : header.first_index + 400]:
        left = _number(row[amount.column]) if amount.column < len(row) else None
        right = _number(row[tax.column]) if tax.column < len(row) else None
        if not left or not right or abs(left) < 1:
            continue
        pairs += 1
        ratio = right / left
        slack = 0.011 / abs(left) + 1e-6
        for rate in (
            0.05,
            0.07,
            0.077,
            0.081,
            0.08,
            0.1,
            0.12,
            0.13,
            0.15,
            0.17,
            0.19,
            0.2,
            0.21,
            0.22,
            0.23,
            0.24,
            0.25,
            0.27,
        ):
            votes["net"] += abs(ratio - rate) <= slack
            votes["gross"] += abs(ratio - rate / (1 + rate)) <= slack
    if not pairs or votes["net"] > 2 * votes["gross"]:
        return Tax.NET, None
    if votes["gross"] > 2 * votes["net"]:
        return Tax.GROSS_WITH_TAX, None
    return Tax.NET, Question(
        key=question_key,
        sheet=grid.name,
        column=letters(amount.column),
        asks=f"Does “{amount.heading}” include the tax in column {letters(tax.column)}?",
        choices=(
            Choice(value="net", reads="the amounts are without tax"),
            Choice(value="gross", reads="the amounts include the tax beside them"),
        ),
    )


def _number(value: Cell) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        parts = amount_text(value)
        if parts is not None:
            found = amount_value(parts, ".")
            return float(found) if found is not None else None
    return None


def _settle_tie(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, _Pick],
    ties: list[int],
    options: ReadOptions,
    reasons: list[str],
) -> list[Question]:
    """Two columns both headed *amount*: the one beside the currency that never changes is booked, else ask."""
    chosen = picks["amount"]
    columns = sorted([chosen.column, *ties])
    answer = dict(options.answers).get(key(grid.name, None, "amount_column"))
    for column in columns:
        if answer and letters(column) == answer.rstrip(":").upper():
            picks["amount"] = _Pick(column, 1.0, header.headings[column])
            return []
    local = [column for column in columns if _LOCAL & set(heading_words(header.headings[column]))]
    if len(local) == 1 and len(columns) == 2:
        other = columns[0] if local[0] == columns[1] else columns[1]
        picks["amount"] = _Pick(local[0], chosen.score, header.headings[local[0]])
        picks["original_amount"] = _Pick(other, 0.8, header.headings[other])
        if "currency" in picks and not _LOCAL & set(heading_words(picks["currency"].heading)):
            picks["original_currency"] = picks.pop("currency")
        reasons.append(
            f"column {letters(local[0])} is in the company's own currency, so it is the booked amount"
        )
        return []
    same = all(
        (row[columns[0]] if columns[0] < len(row) else None) == (row[column] if column < len(row) else None)
        for row in grid.rows[header.first_index : header.first_index + 500]
        for column in columns[1:]
    )
    if same:
        picks["amount"] = _Pick(columns[0], chosen.score, header.headings[columns[0]])
        return []
    currencies = [
        column
        for column, fact in enumerate(facts)
        if fact.filled
        and fact.texts
        and sum(n for text, n in fact.texts.items() if currency_of_text(text)) >= 0.7 * fact.filled
    ]
    if len(currencies) >= 2 and len(columns) == 2:
        steady = [column for column in currencies if len(facts[column].texts) == 1]
        varied = [column for column in currencies if len(facts[column].texts) > 1]
        if len(steady) == 1 and varied:
            booked = min(columns, key=lambda column: (abs(column - steady[0]), -column))
            other = columns[0] if booked == columns[1] else columns[1]
            if abs(booked - steady[0]) != abs(other - steady[0]) or True:
                picks["amount"] = _Pick(booked, chosen.score, header.headings[booked])
                picks["currency"] = _Pick(steady[0], 0.9, header.headings[steady[0]])
                picks["original_amount"] = _Pick(other, 0.8, header.headings[other])
                picks["original_currency"] = _Pick(varied[0], 0.8, header.headings[varied[0]])
                reasons.append(
                    f"column {letters(booked)} is the booked amount: the currency beside it is "
                    f"always {next(iter(facts[steady[0]].texts))}"
                )
                return []
    return [_ask_amount(grid, header, columns)]


def _ask_amount(grid: Grid, header: Header, columns: Sequence[int]) -> Question:
    return _ask_column(grid, header, columns, "amount_column", "Which column holds the booked amount?")


def _ask_column(grid: Grid, header: Header, columns: Sequence[int], what: str, asks: str) -> Question:
    """A question whose answers are columns, each with the first cells it holds."""
    choices = []
    for column in columns:
        samples = []
        for row in grid.rows[header.first_index :]:
            if column < len(row) and row[column] is not None:
                samples.append(fold(str(row[column]))[:30])
                if len(samples) == 2:
                    break
        title = f" “{header.headings[column]}”" if header.headings[column] else ""
        choices.append(
            Choice(value=letters(column), reads=f"column {letters(column)}{title} ({', '.join(samples)} …)")
        )
    return Question(key=key(grid.name, None, what), sheet=grid.name, asks=asks, choices=tuple(choices))


# --- by evidence alone ---


def _guess_amount(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, _Pick], grid: Grid
) -> list[int]:
    """Columns whose cells look like amounts though nothing says so, best first."""
    taken = {pick.column for pick in picks.values()}
    found: list[tuple[float, int]] = []
    for column, fact in enumerate(facts):
        if column in taken or fact.filled < 1 or fact.numeric_share() < 0.8 or column in header.months:
            continue
        if best_field(header.matches[column])[0].startswith("_"):
            continue
        fractions = fact.numeric - fact.whole
        if not fractions and (
            _serials(fact, date_1904=grid.date_1904)
            or (fact.distinct_share() > 0.98 and fact.filled > 5 and not fact.negative)
        ):
            continue  # dates as serial numbers, or running numbers
        score = 1.0 + 2.0 * (fractions / fact.numeric) + 0.5 * bool(fact.negative) + 0.01 * column
        if fractions or fact.negative or not header.rows:
            found.append((score, column))
    found.sort(reverse=True)
    if len(found) > 1 and found[0][0] - found[1][0] > 0.8:
        found = found[:1]
    return sorted(column for _, column in found)


def _guess_text(header: Header, facts: Sequence[ColumnFacts], picks: dict[str, _Pick]) -> list[int]:
    """Columns whose texts may be names of suppliers though no heading says so, the likeliest first.

    More than one is given only where their texts do not tell them apart.
    """
    taken = {pick.column for pick in picks.values()}
    found: list[tuple[float, int]] = []
    for column, fact in enumerate(facts):
        if column in taken or fact.filled < 1 or fact.text_share() < 0.7:
            continue
        if best_field(header.matches[column])[0].startswith("_"):
            continue
        size = sum(map(len, fact.texts)) / max(len(fact.texts), 1)
        if not 3 <= size <= 60:
            continue
        spaced = 0.4 if any(" " in text for text in fact.texts) else 0.0
        company = sum(bool(_COMPANY.search(text)) for text in fact.texts) / max(len(fact.texts), 1)
        found.append((min(1.0, len(fact.texts) / fact.filled * 3) + spaced + 2 * company, column))
    if not found:
        return []
    found.sort(key=lambda item: (-item[0], item[1]))
    return [column for score, column in found if score >= found[0][0] - 0.25][:6]


def _guess_date(facts: Sequence[ColumnFacts], picks: dict[str, _Pick], grid: Grid) -> int | None:
    taken = {pick.column for pick in picks.values()}
    for column, fact in enumerate(facts):
        if column not in taken and fact.filled and fact.date_share() >= 0.8:
            return column
    return None


def _quality(
    header: Header,
    picks: dict[str, _Pick],
    *,
    crosstab: bool,
) -> float:
    if crosstab:
        money = 0.95
    else:
        sides = [picks[name].score for name in ("debit", "credit") if name in picks]
        money = max(
            [picks[name].score for name in ("amount", "net", "gross") if name in picks]
            + ([min(sides)] if len(sides) == 2 else [score * 0.7 for score in sides]),
            default=0.0,
        )
    if money <= 0:
        return 0.0
    supplier = picks["supplier"].score if "supplier" in picks else 0.0
    dated = picks["date"].score if "date" in picks else 0.6 if crosstab or "period" in picks else 0.0
    described = 1.0 if "description" in picks or "reference" in picks else 0.0
    if not supplier and not dated and not described:
        return 0.0
    score = 0.5 * money + 0.27 * supplier + 0.18 * dated + 0.05 * described
    if not header.rows:
        score *= 0.8
    rest = sum(
        0.01 * pick.score
        for name, pick in picks.items()
        if name not in ("amount", "supplier", "date", "description")
    )
    if any(_PIVOT.search(heading) for heading in header.headings):
        score *= 0.6
    return min(1.0, score + min(rest, 0.06))


# --- suppliers above their lines ---


def _grouping(
    grid: Grid, header: Header, picks: dict[str, _Pick], money: Sequence[int]
) -> tuple[int, str] | None:
    """Column of the group headings and how they stand (``rows`` of their own, or ``first`` line only), or None."""
    supplier = picks.get("supplier")
    lines = headed = alone = 0
    candidates: Counter[int] = Counter()
    starts = 0
    previous_alone = -1
    for row in grid.rows[header.first_index : header.first_index + 4000]:
        has_money = any(column < len(row) and row[column] is not None for column in money)
        filled = [column for column, value in enumerate(row) if value is not None]
        if has_money:
            label = next((row[column] for column in filled if isinstance(row[column], str)), None)
            if isinstance(label, str) and says_total(label) >= Says.LOOSELY and len(filled) <= len(money) + 2:
                previous_alone = -1
                continue
            lines += 1
            if supplier is not None and supplier.column < len(row) and row[supplier.column] is not None:
                headed += 1
            elif previous_alone >= 0:
                starts += 1
            previous_alone = -1
        elif len(filled) == 1 and isinstance(row[filled[0]], str) and not only_total(str(row[filled[0]])):
            candidates[filled[0]] += 1
            alone += 1
            previous_alone = filled[0]
    if lines < 2:
        return None
    if candidates and alone >= 1:
        column, count = candidates.most_common(1)[0]
        share = headed / lines
        weak = supplier is None or supplier.score < 0.5
        if share < 0.35 and starts >= max(1, count * 0.5) and count <= lines:
            return (supplier.column if supplier is not None and supplier.column == column else column), "rows"
        if weak and starts >= max(2, count * 0.7) and count >= 2:
            return column, "rows"
    if supplier is not None and 0 < headed / lines < 0.6 and lines >= 4:
        first = next(
            (
                row
                for row in grid.rows[header.first_index :]
                if any(column < len(row) and row[column] is not None for column in money)
            ),
            [],
        )
        if supplier.column < len(first) and first[supplier.column] is not None:
            return supplier.column, "above" if _sums_above(grid, header, supplier.column, money) else "first"
    return None


def _sums_above(grid: Grid, header: Header, supplier: int, money: Sequence[int]) -> bool:
    """Whether the row that names a supplier carries the sum of the rows below it (an outline), not a line."""
    groups: list[tuple[float, float, int]] = []
    for row in grid.rows[header.first_index : header.first_index + 4000]:
        values = [
            _number(row[column]) or 0.0 for column in money if column < len(row) and row[column] is not None
        ]
        if not values:
            continue
        amount = sum(values)
        if supplier < len(row) and row[supplier] is not None:
            groups.append((amount, 0.0, 0))
        elif groups:
            head, total, count = groups[-1]
            groups[-1] = (head, total + amount, count + 1)
    several = [(head, total) for head, total, count in groups if count]
    agreeing = sum(abs(head - total) < 0.011 for head, total in several)
    return len(several) >= 1 and agreeing >= 0.8 * len(several) and len(several) >= 0.8 * len(groups) - 1
