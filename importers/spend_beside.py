"""Tables that stand side by side on one sheet: one is read, the others are told."""

from collections.abc import Iterable, Sequence

from importers import codes
from importers.grid import Grid, key, letters
from importers.spend_evidence import ask_table
from importers.table import ColumnFacts, Header
from mopsaudit.intake.contract import Question, ReadOptions
from mopsaudit.problems import Problem


def asked_for(run: range, grid: Grid, options: ReadOptions) -> bool:
    """Whether an answer named a column of this table."""
    answer = dict(options.answers).get(key(grid.name, None, "amount_column"), "").rstrip(":").upper()
    return any(letters(column) == answer for column in run)


def left_beside(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], runs: Sequence[range], read: range
) -> Iterable[Problem]:
    """One problem for each table that looks like the one read beside it and is left out."""
    headings = {text.casefold() for text in header.headings[read.start : read.stop]}
    for run in runs:
        if run == read or {text.casefold() for text in header.headings[run.start : run.stop]} != headings:
            continue
        rows = max(facts[column].filled for column in run)
        yield codes.problem(
            codes.BESIDE,
            f"The table in columns {letters(run.start)}:{letters(run.stop - 1)} ({rows:,} rows) looks like the one "
            "that was read and was left out.",
            sheet=grid.name,
            cell=f"{letters(run.start)}{header.rows[-1] if header.rows else 1}",
        )


def reason_beside(
    grid: Grid, header: Header, runs: Sequence[range], options: ReadOptions, questions: list[Question]
) -> str:
    """The reason for reading one of several tables; a question where two of them look the same."""
    first = [text.casefold() for text in header.headings[runs[0].start : runs[0].stop]]
    alike = [
        run
        for run in runs[1:]
        if {text.casefold() for text in header.headings[run.start : run.stop]} == set(first)
    ]
    if alike and not any(asked_for(run, grid, options) for run in runs):
        amounts = [
            column
            for run in runs
            for column in run
            if max(header.matches[column].items(), key=lambda item: item[1], default=("", 0))[0]
            in ("amount", "net", "gross", "debit")
        ]
        questions.append(ask_table(grid, header, amounts))
    others = ", ".join(f"{letters(run.start)}:{letters(run.stop - 1)}" for run in runs[1:])
    return f"another table stands beside it in columns {others} and was left out"
