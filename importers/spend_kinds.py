"""Lines of several kinds in one list: bought beside sold, both sides of an entry, lines marked as moved or deleted.

What a column says of each line decides or is asked; the lines set apart stay in the sums as no spend.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from importers import not_spend
from importers.grid import Cell, key, letters
from importers.kind_words import BOUGHT, DELETED, MOVED, SET, SOLD, TOTALLED, UNSET, kind_word
from importers.spend import extract
from importers.spend_columns import plain_number
from importers.spend_meaning import lines_alone
from importers.spend_plan import Proposal
from importers.table import ColumnFacts, column_facts, headings_of, span
from importers.texts import fold
from mopsaudit.intake.contract import Choice, Layout, Question

#: Lines below which two sums may be alike by chance.
_LINES = 6
#: Kinds of lines are few; names are many.
_KINDS = 6
_CENT = 0.006
#: Lines that are looked through at any rate.
_SHORT = 2000
#: No word for a kind is longer.
_LONGEST = 80
_UNITS = ("unit", "cost_centre", "entity", "gl_account")


def decide_kinds(proposal: Proposal, start: int, answers: Mapping[str, str]) -> None:
    """Set apart the lines that a column says are no spend; ask where it is only likely."""
    decision, header = proposal.decision, proposal.header
    amount = decision.column("amount")
    if (
        header is None
        or amount is None
        or decision.layout is Layout.CROSSTAB
        or "apart" in dict(decision.extra)
    ):
        return
    money = span(amount)[0]
    facts = column_facts(proposal.grid, start, header.headings)
    taken = {
        span(choice)[0]
        for choice in decision.columns
        if choice.field not in ("description", "period", *_UNITS)
    }
    #: A department may be called Sales.
    units = {span(choice)[0] for choice in decision.columns if choice.field in _UNITS}
    for column, fact in enumerate(facts):
        if column in taken or not fact.filled or column == money:
            continue
        words = {
            kind_word(text[:_LONGEST]) for text in fact.texts
        }  # looking through a long text costs its square
        if any(map(TOTALLED.fullmatch, words)) and _sums_by_kind(proposal, column, money, start):
            return
        if decision.layout is not Layout.FLAT:
            continue
        if _flag(proposal, column, fact, start):
            return
        if 2 <= len(words) <= _KINDS and fact.text_share() >= 0.8:
            sold = {word for word in words if SOLD.fullmatch(word)}
            bought = {word for word in words - sold if BOUGHT.fullmatch(word)}
            if sold and bought and column not in units and 2 * len(sold | bought) >= len(words):
                _set_apart(
                    proposal, column, sold, not_spend.SALE, "names what was sold beside what was bought"
                )
                return
            if _two_sides(proposal, column, money, start, answers):
                return


def _set_apart(proposal: Proposal, column: int, words: set[str], why: str, said: str) -> None:
    decision = proposal.decision
    told = {"column": letters(column), "words": sorted(words), "why": why}
    proposal.decision = replace(
        decision,
        extra=tuple(sorted({**dict(decision.extra), "apart": told}.items())),
        reasons=(*decision.reasons, f"column {letters(column)} {said}; those lines are no spend"),
    )


def _flag(proposal: Proposal, column: int, fact: ColumnFacts, start: int) -> bool:
    """Whether a column is a flag, set for fewer than half the lines, that marks them as moved or deleted."""
    assert proposal.header is not None
    heading = fold(proposal.header.headings[column])
    why = (
        not_spend.TRANSFER
        if MOVED.fullmatch(heading)
        else not_spend.DECLINED
        if DELETED.fullmatch(heading)
        else None
    )
    if why is None or fact.dates or fact.date_texts:
        return False
    rows = proposal.grid.rows[start:]
    words = [kind_word(row[column] if column < len(row) else None) for row in rows]
    marked = {word for word in words if word not in UNSET}
    able = SET - {"x"} if why == not_spend.TRANSFER else SET  # crosses say how a line was paid, too
    if not marked or not marked <= able or sum(word in marked for word in words) * 2 > len(words):
        return False
    said = (
        "marks lines as moved between own accounts"
        if why == not_spend.TRANSFER
        else "marks lines as taken back"
    )
    _set_apart(proposal, column, marked, why, said)
    return True


def _sums_by_kind(proposal: Proposal, column: int, money: int, start: int) -> bool:
    """Set apart the kinds of lines called totals (*InvoiceTotal*), where each of them comes to the sum of the rest."""
    sums: defaultdict[str, float] = defaultdict(float)
    lines: defaultdict[str, int] = defaultdict(int)
    for row in lines_alone(proposal.grid, start, proposal.decision.columns):
        number = plain_number(row[money]) if money < len(row) else None
        word = kind_word(row[column] if column < len(row) else None)
        if number is not None and word:
            sums[word] += number
            lines[word] += 1
    totals = {word for word in sums if TOTALLED.fullmatch(word)}
    rest = sum(amount for word, amount in sums.items() if word not in totals)
    of_rest = sum(count for word, count in lines.items() if word not in totals)
    if not totals or of_rest < 2 or not rest or any(abs(sums[word] - rest) >= _CENT for word in totals):
        return False
    _set_apart(proposal, column, totals, not_spend.TOTAL, "names sums of the other lines")
    return True


def _two_sides(proposal: Proposal, column: int, money: int, start: int, answers: Mapping[str, str]) -> bool:
    """Ask which kinds of lines hold the spend where those of one come to the sum of the others, bill by bill."""
    grid, decision = proposal.grid, proposal.decision
    said = decision.column("reference")
    reference = span(said)[0] if said is not None else None
    if not _likely(proposal, column, money, reference, start):
        return False
    sums: defaultdict[str, float] = defaultdict(float)
    entries: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    printed: dict[str, str] = {}
    lines = 0
    for row in lines_alone(grid, start, decision.columns):
        number = plain_number(row[money]) if money < len(row) else None
        value = row[column] if column < len(row) else None
        word = kind_word(value)
        if not number or not word:
            continue
        lines += 1
        sums[word] += number
        printed.setdefault(word, fold(str(value)))
        entries[_entry(row, reference)][word] += number
    whole = sum(sums.values())
    side = next((word for word, amount in sums.items() if abs(2 * amount - whole) < _CENT), None)
    if side is None or lines < _LINES or len(sums) < 2 or any(amount <= 0 for amount in sums.values()):
        return False
    if len(entries) > 1 and any(
        abs(2 * parts.get(side, 0.0) - sum(parts.values())) >= _CENT for parts in entries.values()
    ):
        return False
    if _sums_found(proposal):
        return False  # the sum of a bill in a row of its own, above or below its lines
    others = [word for word in sums if word != side]
    question_key = key(grid.name, column, "kinds")
    answer = kind_word(answers.get(question_key, ""))
    kept = (
        {side}
        if answer == side
        else {answer}
        if answer in others
        else set(others)
        if answer == "others"
        else None
    )
    if kept is not None:
        _set_apart(
            proposal, column, set(sums) - kept, not_spend.OTHER_ACCOUNT, "names both sides of each entry"
        )
    elif answer != "all":
        choices = [Choice(value=word, reads=f"only “{printed[word]}”: {sums[word]:,.2f}") for word in sums]
        if len(others) > 1:
            told = " and ".join(f"“{printed[word]}”" for word in others)
            choices.append(Choice(value="others", reads=f"{told}: {whole - sums[side]:,.2f}"))
        choices.append(Choice(value="all", reads=f"all of them: {whole:,.2f}"))
        proposal.questions.append(
            Question(
                key=question_key,
                sheet=grid.name,
                column=letters(column),
                asks=f"The lines of “{printed[side]}” in column {letters(column)} come to the sum of all others, as "
                "the two sides of an entry do. Which lines hold the spend?",
                choices=tuple(choices),
            )
        )
    return True


def _likely(proposal: Proposal, column: int, money: int, reference: int | None, start: int) -> bool:
    """Whether the first lines may be both sides of entries, so that all are worth a look; short lists always are."""
    rows = proposal.grid.rows[start:]
    if reference is None or len(rows) <= _SHORT:
        return len(rows) <= _SHORT
    entries: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows[:_SHORT]:
        number = plain_number(row[money]) if money < len(row) else None
        if number:
            entries[_entry(row, reference)][kind_word(row[column] if column < len(row) else None)] += number
    even = sum(
        any(abs(2 * amount - sum(parts.values())) < _CENT for amount in parts.values())
        for parts in entries.values()
    )
    return len(entries) >= _LINES and even >= 0.9 * len(entries)


def _sums_found(proposal: Proposal) -> bool:
    """Whether rows of the sheet are known for the sums of others, and so are no lines."""
    grid, decision = proposal.grid, proposal.decision
    trial = replace(decision, currency=decision.currency or "EUR")
    found = extract(grid, trial, headings_of(grid, decision), lambda _: None, "EUR", order_open=True)
    return found.reading.total_rows > 1


def _entry(row: Sequence[Cell], reference: int | None) -> str:
    return kind_word(row[reference]) if reference is not None and reference < len(row) else ""
