"""Columns no heading names: told by their cells, or asked about with examples of what they hold."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from importers.currencies import currency_of_text
from importers.dates import date_readings
from importers.grid import Grid, key, letters
from importers.heading_doubts import heading_doubt, names_nobody
from importers.spend_columns import Pick, plain_number, serials
from importers.spend_running import sums_up
from importers.table import ColumnFacts, Header, best_field
from importers.texts import fold
from importers.words import heading_words
from mopsaudit.intake.contract import Choice, Question

_FORMS = (
    r"ltd|limited|llp|plc|inc|corp|llc|gmbh|ag|kg|kgaa|ohg|sa|sas|sarl|srl|spa|s\.p\.a|s\.r\.l|bv|b\.v|nv|n\.v|ab|oy|oyj|as|asa|"
    r"aps|co|pty|pte|pvt|ltda|lda|eireli|s\.r\.o|a\.s|s\.l|sp\. ?z ?o\. ?o|d\.o\.o|kft|zrt|bt|e\.v"
)
#: What a company's name ends in by law, and no sort of spend does.
_LEGAL = re.compile(rf"\b(?:{_FORMS})\.?(?=$|\s*[,(/&*-])", re.IGNORECASE)
#: The same with words that names of sorts share: *Software*, *Marketing services*.
COMPANY = re.compile(
    rf"\b(?:{_FORMS}|trust|council|university|services|group|solutions|software|systems)(?!\w)\.?",
    re.IGNORECASE,
)


#: From which score on a heading is of credits: *amount not paid* is of none.
_NAMED = 0.85
#: Signs a heading is set in.
_AROUND = " *:.()[]"
#: Different texts beside one that is the same in all lines.
_NAMES = 4


def guess_amount(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], grid: Grid
) -> list[int]:
    """Columns whose cells look like amounts though nothing says so, best first."""
    taken = {pick.column for pick in picks.values()}
    aside = {pick.column for name, pick in picks.items() if name.startswith("_")}
    found: list[tuple[float, int]] = []
    for column, fact in enumerate(facts):
        if column in taken or fact.filled < 1 or fact.numeric_share() < 0.8 or column in header.months:
            continue
        if best_field(header.matches[column])[0].startswith("_"):
            continue
        fractions = fact.numeric - fact.whole
        money = currency_of_text(header.headings[column].strip(_AROUND)) is not None
        if not (fractions or money) and (
            serials(fact, date_1904=grid.date_1904)
            or (fact.distinct_share() > 0.98 and fact.filled > 5 and not fact.negative)
        ):
            continue  # dates as serial numbers, or running numbers
        score = 1.0 + 2.0 * (fractions / fact.numeric) + 0.5 * bool(fact.negative) + 0.01 * column
        if fractions or fact.negative or not header.rows or money:
            found.append((score, column))
    found.sort(reverse=True)
    if not found:  # ages of what is owed (``0-30 days``), with the whole of them
        parts = [
            column
            for column, fact in enumerate(facts)
            if column not in taken - aside and fact.numeric_share() >= 0.8 and fact.numeric > fact.whole
        ]
        summed = sum_of_others(header, facts, grid, parts)
        return [] if summed is None else [summed]
    if len(found) > 1:
        summed = sum_of_others(header, facts, grid, [column for _, column in found])
        if summed is not None:
            return [summed]
    running = sums_up(grid, header, facts, [column for _, column in found]) if len(found) > 1 else set()
    if len(running) < len(found):
        found = [each for each in found if each[1] not in running]
    if len(found) > 1 and found[0][0] - found[1][0] > 0.8:
        found = found[:1]
    return sorted(column for _, column in found)


def sides_by_cells(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], grid: Grid
) -> tuple[int, int] | None:
    """Two columns side by side without a heading, of which every line fills one: money out and money in; else None."""
    taken = {pick.column for pick in picks.values()}
    for left in range(len(facts) - 1):
        pair = (left, left + 1)
        if any(
            column in taken
            or header.headings[column]
            or not facts[column].filled
            or facts[column].numeric_share() < 0.8
            for column in pair
        ):
            continue
        lines = alone = 0
        for row in grid.rows[header.first_index : header.first_index + 500]:
            filled = sum(column < len(row) and bool(plain_number(row[column])) for column in pair)
            lines += filled > 0
            alone += filled == 1
        cents = any(facts[column].numeric > facts[column].whole for column in pair)
        if lines >= 3 and alone == lines and cents:
            return pair
    return None


def other_side(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], grid: Grid
) -> tuple[str, int] | None:
    """The column of amounts nothing names that fills every line the one known side leaves empty, as the other side.

    ``(debit, column)`` or ``(credit, column)``; ``(either, column)`` where the one known is an amount without a side;
    None where both sides are known, or more than one amount is. Amounts beside a column of credits that never stand in
    one line with them are what was charged: they are picked as the debit first.
    """
    sided = "debit" not in picks and {"amount", "credit"} <= set(picks) and picks["credit"].score >= _NAMED
    if sided and _take_turns(header, picks, grid):
        picks["debit"] = picks.pop("amount")
    known = [name for name in ("debit", "credit", "amount", "net", "gross") if name in picks]
    if len(known) != 1 or known[0] in ("net", "gross"):
        return None
    here = picks[known[0]].column
    taken = {pick.column for pick in picks.values()}
    for column in (here - 1, here + 1):
        if not 0 <= column < len(facts) or column in taken or column in header.months:
            continue
        if facts[column].numeric_share() < 0.8 or not facts[column].filled or header.matches[column]:
            continue
        beside: list[bool] = []
        both = False
        for row in grid.rows[header.first_index : header.first_index + 500]:
            filled = [place < len(row) and bool(plain_number(row[place])) for place in (here, column)]
            both = both or all(filled)
            beside += [filled[1]] if any(filled) else []
        turns = sum(one != two for one, two in pairwise(beside))
        # Two blocks one below the other, each with its own column of amounts, take turns once.
        least, often = (5, 3) if known[0] == "amount" else (3, 1)
        if len(beside) >= least and not both and turns >= often:
            return {"debit": "credit", "credit": "debit"}.get(known[0], "either"), column
    return None


def _take_turns(header: Header, picks: dict[str, Pick], grid: Grid) -> bool:
    """Whether every line fills either the amount or the credit, both only where they are the sums of those above, and
    no amount has a minus.
    """
    amount, credit = picks["amount"].column, picks["credit"].column
    charged = credited = 0.0
    for row in grid.rows[header.first_index :]:
        one, two = (
            plain_number(row[place]) or 0.0 if place < len(row) else 0.0 for place in (amount, credit)
        )
        if one and two:
            if abs(one - charged) > 0.006 or abs(two - credited) > 0.006:
                return False
            continue
        if one < 0:
            return False
        charged, credited = charged + one, credited + two
    return bool(charged and credited)


def sum_of_others(
    header: Header, facts: Sequence[ColumnFacts], grid: Grid, columns: Sequence[int]
) -> int | None:
    """The one column that is in every row the sum of two or more of these: the whole of ages or parts; else None."""
    parts = sorted(columns)
    if len(parts) < 2:
        return None
    able = [
        column
        for column, fact in enumerate(facts)
        if column not in header.months and fact.filled and fact.numeric_share() >= 0.8
    ]
    # Each row is added up once: a wide table of numbers has hundreds of columns that might be the whole.
    rows = [
        {column: number for column, value in enumerate(row) if (number := plain_number(value)) is not None}
        for row in grid.rows[header.first_index : header.first_index + 500]
    ]
    sums = [(row, sum(row.get(part, 0.0) for part in parts)) for row in rows]
    for column in sorted(able, reverse=True):
        if len(parts) - (column in parts) < 2:
            continue
        of_others = [
            (whole, every - whole * (column in parts))
            for row, every in sums
            if (whole := row.get(column)) is not None
        ]
        agreeing = sum(abs(others - whole) < 0.006 for whole, others in of_others)
        if len(of_others) >= 3 and agreeing >= 0.95 * len(of_others):
            return column
    return None


def company_share(fact: ColumnFacts) -> float:
    """Share of a column's distinct texts that end as company names do."""
    return sum(bool(COMPANY.search(text)) for text in fact.texts) / max(len(fact.texts), 1)


#: Fewer names than these are no list of accounts that may be suppliers.
ACCOUNTS = 5


def legal_share(texts: Collection[str]) -> float:
    """Share of distinct texts that end in the form of a company."""
    return sum(bool(_LEGAL.search(text)) for text in texts) / max(len(texts), 1)


def _legal_share(fact: ColumnFacts) -> float:
    return legal_share(fact.texts)


def named_by_companies(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], described: Pick | None
) -> int | None:
    """A column no heading names whose texts are companies, more so than the description's; None if there is none.

    *Company* and *Account name* name suppliers where nothing else does and many companies stand below them. Of several
    the one whose texts bear the forms of companies: *Software* and *Marketing services* are sorts as well.
    """
    taken = {pick.column for name, pick in picks.items() if name != "entity"}
    account = picks.get("gl_account")
    if account is not None and len(facts[account.column].texts) >= ACCOUNTS:
        taken.discard(account.column)
    formed = max(
        (
            _legal_share(fact)
            for column, fact in enumerate(facts)
            if column not in taken and fact.text_share() >= 0.7 and len(fact.texts) >= 2
        ),
        default=0.0,
    )
    share = _legal_share if formed >= 0.15 else company_share
    floor = share(facts[described.column]) + 0.15 if described is not None else 0.0
    least = max(0.15 if share is _legal_share and formed < 0.25 else 0.25, floor)
    found = [
        (share(fact), -column)
        for column, fact in enumerate(facts)
        if column not in taken
        and fact.text_share() >= 0.7
        and len(fact.texts) >= 2
        and not names_nobody(header.headings[column])
        and not best_field(header.matches[column])[0].startswith("_")
    ]
    best = max(found, default=(0.0, 0))
    return -best[1] if best[0] >= least else None


def may_name(described: Pick, fact: ColumnFacts) -> bool:
    """Whether the texts that describe the lines may say who was paid: words, not one alone, no sorts or places."""
    alone = len(fact.texts) == 1 and fact.filled > 2
    return (
        described.score >= 0.6
        and fact.text_share() >= 0.5
        and not alone
        and not names_nobody(described.heading)
    )


def guess_text(header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]) -> list[int]:
    """Columns whose texts may be names of suppliers though no heading says so, the likeliest first.

    More than one is given only where their texts do not tell them apart.
    """
    taken = {pick.column for pick in picks.values()}
    found: list[tuple[float, int]] = []
    for column, fact in enumerate(facts):
        if column in taken or fact.filled < 1 or fact.text_share() < 0.7:
            continue
        if names_nobody(header.headings[column]):
            continue
        known, score = best_field(header.matches[column])
        if known.startswith("_") and score >= 0.7:
            continue  # less is a likeness of words, and says nothing of what the cells hold
        size = sum(map(len, fact.texts)) / max(len(fact.texts), 1)
        if not 3 <= size <= 60 or _coded(fact):
            continue
        spaced = 0.4 if any(" " in text for text in fact.texts) else 0.0
        named = company_share(fact) + _legal_share(fact)
        found.append((min(1.0, len(fact.texts) / fact.filled * 3) + spaced + named, column))
    if not found:
        return []
    if any(
        len(facts[column].texts) >= _NAMES and any(" " in text for text in facts[column].texts)
        for _, column in found
    ):
        # Who was paid is seldom the same in all lines where several names stand beside; the body that paid is.
        found = [(score, column) for score, column in found if len(facts[column].texts) > 1]
    found.sort(key=lambda item: (-item[0], item[1]))
    return [column for score, column in found if score >= found[0][0] - 0.25][:6]


def _coded(fact: ColumnFacts) -> bool:
    """Whether nearly all texts of a column are one word with figures in it, each another: numbers of documents."""
    coded = sum(" " not in text and any(map(str.isdigit, text)) for text in fact.texts)
    return len(fact.texts) >= 5 and coded >= 0.9 * len(fact.texts)


def guess_date(header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]) -> int | None:
    """The first column of dates no heading names, or None."""
    taken = {pick.column for pick in picks.values()}
    for column, fact in enumerate(facts):
        dated = fact.filled and max(fact.date_share(), fact.compact_share()) >= 0.8
        if (
            fact.filled > 8
            and len(fact.values) == 1
            and not fact.dates
            and heading_words(header.headings[column])
        ):
            continue  # one and the same text in all lines is as well a number of something
        if column not in taken and dated and heading_doubt(header.headings[column], "date", fact):
            return column
    return None


def date_of_lines(grid: Grid, header: Header, picks: dict[str, Pick], money: Sequence[int]) -> int | None:
    """The column that holds a day in nearly all lines of a grouped report, whose headings stand in it too; or None."""
    taken = {pick.column for name, pick in picks.items() if name != "supplier"}
    dated: Counter[int] = Counter()
    lines = 0
    for row in grid.rows[header.first_index : header.first_index + 1000]:
        filled = [column for column, value in enumerate(row) if value is not None]
        if len(filled) < 3 or not any(column in money for column in filled):
            continue
        lines += 1
        dated.update(
            column
            for column in filled
            if column not in taken
            and (
                isinstance(row[column], date)
                or (isinstance(row[column], str) and date_readings(str(row[column])))
            )
        )
    found = [column for column, count in dated.items() if count >= 0.9 * lines]
    return min(found, default=None)


def ask_amount(grid: Grid, header: Header, columns: Sequence[int]) -> Question:
    """Which column is booked, where several may be."""
    return ask_column(grid, header, columns, "amount_column", "Which column holds the booked amount?")


def ask_table(grid: Grid, header: Header, columns: Sequence[int]) -> Question:
    """Which of several tables side by side is read, where they look the same."""
    asks = (
        "Tables that look the same stand side by side, and nothing says whether they are parts of one list. Which of "
        "them is to be read?"
    )
    question = ask_column(grid, header, columns, "amount_column", asks)
    everything = Choice(value="all", reads="all of them, one after the other")
    return replace(question, choices=(*question.choices, everything))


def ask_column(grid: Grid, header: Header, columns: Sequence[int], what: str, asks: str) -> Question:
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
