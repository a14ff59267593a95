"""Who the lines of a sheet were paid to, where no heading names a supplier."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from importers.grid import Grid, key, letters
from importers.spend_columns import Pick
from importers.spend_evidence import ACCOUNTS, ask_column, guess_text, may_name, named_by_companies
from importers.table import ColumnFacts, Header
from mopsaudit.intake.contract import Choice, Question, ReadOptions

_NO_COLUMN: Final = Choice(value="none", reads="no column; the lines count under “no supplier”")


def name_suppliers(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, Pick],
    options: ReadOptions,
    *,
    crosstab: bool,
    reasons: list[str],
    questions: list[Question],
) -> bool:
    """Pick the supplier's column by what the cells hold, with its reason; whether no two columns may be it.

    Companies first, whatever their column is headed; then the text that describes the lines, as in a statement; then
    any text. Where the cells of two columns do not tell, a question is added.
    """
    if "supplier" in picks:
        return True
    described = picks.get("description")
    companies = named_by_companies(header, facts, picks, described)
    for name in ("entity", "gl_account"):
        if companies is None and name in picks and _never_again(facts[picks[name].column]):
            companies = picks[name].column
    if companies is not None:
        _take(picks, header, companies)
        reasons.append(f"column {letters(companies)} holds the suppliers: no heading says so, its names do")
        return True
    if described is not None and not crosstab and may_name(described, facts[described.column]):
        rivals = [
            picks[name].column
            for name in ("entity", "gl_account")
            if name in picks and _names_many(name, facts[picks[name].column], facts[described.column])
        ]
        if rivals:
            chosen = _asked(grid, header, [*rivals, described.column], options, questions)
        else:
            chosen = described.column
            reasons.append(
                f"no column is headed as the supplier; “{described.heading}” in column {letters(chosen)} "
                "is taken for it"
            )
        if chosen is None:
            return False
        _take(picks, header, chosen)
        return True
    texts = guess_text(header, facts, picks)
    guess = texts[0] if texts else None
    if len(texts) > 1:
        chosen = _chosen(grid, texts, options)
        guess = chosen if chosen is not None else guess
        if chosen is None and not crosstab:
            _asked(grid, header, texts, options, questions)
    if guess is not None:
        picks["supplier"] = Pick(guess, 0.4, header.headings[guess])
        reasons.append(f"column {letters(guess)} holds the suppliers: no heading says so, its texts do")
    return len(texts) <= 1


def _take(picks: dict[str, Pick], header: Header, column: int) -> None:
    """Make a column the supplier's, whatever its heading said: *Company* heads who was paid where nothing else does."""
    for name in [name for name, pick in picks.items() if pick.column == column]:
        del picks[name]
    picks["supplier"] = Pick(column, 0.5, header.headings[column])


def _never_again(fact: ColumnFacts) -> bool:
    """Whether a *Company* or an *Account name* is another in nearly each line: who was paid, and none of ours."""
    return fact.filled >= 10 and fact.distinct_share() >= 0.9 and fact.text_share() >= 0.9


def _names_many(field: str, names: ColumnFacts, described: ColumnFacts) -> bool:
    """Whether as many names stand below *Company* as few groups have, or below *Account name* more names than the
    lines have descriptions, as suppliers' accounts do.
    """
    least = ACCOUNTS if field == "entity" else max(ACCOUNTS, len(described.texts))
    return names.text_share() >= 0.7 and len(names.texts) > least


def _chosen(grid: Grid, columns: Sequence[int], options: ReadOptions) -> int | None:
    answer = dict(options.answers).get(key(grid.name, None, "supplier_column"), "").rstrip(":").upper()
    return next((column for column in columns if letters(column) == answer), None)


def _asked(
    grid: Grid, header: Header, columns: Sequence[int], options: ReadOptions, questions: list[Question]
) -> int | None:
    """The column a person chose; without an answer it is asked for, unless the answer is that there is none."""
    chosen = _chosen(grid, columns, options)
    if chosen is None and dict(options.answers).get(key(grid.name, None, "supplier_column")) != "none":
        asked = ask_column(grid, header, columns, "supplier_column", "Which column holds the suppliers?")
        questions.append(replace(asked, choices=(*asked.choices, _NO_COLUMN)))
    return chosen
