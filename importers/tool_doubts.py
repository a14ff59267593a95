"""Whether a column under *Service* or *System* in a list of accounts names tools, or departments."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from importers.grid import key, letters
from importers.spend_plan import Proposal
from importers.table import headings_of, sample_rows, span
from importers.texts import fold
from importers.usage import tool_from_text
from importers.words import heading_words
from mopsaudit.intake.contract import Choice, Question, ReadOptions, SheetDecision

#: Headings that name a tool in a list of accounts, and a department in a list of people.
_DOUBTFUL: Final = frozenset(
    "service services servizio servizi servicio dienst system systems resource resources".split()
)
#: Headings of a list in French, where *Service* is a department.
_FRENCH: Final = frozenset(
    (
        "prenom courriel statut derniere connexion utilisateur fonction poste matricule identifiant societe actif "
        "adresse"
    ).split()
)
_SHOWN: Final = 4


def with_extra(decision: SheetDecision, name: str, value: Any) -> SheetDecision:
    """A decision that keeps one thing more of the sheet."""
    return replace(decision, extra=tuple(sorted({**dict(decision.extra), name: value}.items())))


def decide_tools(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Whether a column under *Service* or *System* names tools (``tools_in``), by its cells or by an answer.

    It does where one account has several of them, or where we know one. In a list in French it names departments
    where every account has one.
    """
    choice, known = decision.column("tool"), dict(decision.extra)
    if (
        choice is None
        or choice.by_person
        or "tools_in" in known
        or not _DOUBTFUL.intersection(words := heading_words(choice.header))
        or {"name", "application", "app", "saas", "software"}.intersection(words)
    ):
        return decision
    column, grid = span(choice)[0], proposal.grid
    told: dict[str, set[str]] = defaultdict(set)
    counted: Counter[str] = Counter()
    who = next(
        (decision.column(name) for name in ("user_email", "user_id", "user_name") if decision.column(name)),
        None,
    )
    for index in sample_rows(grid.position(decision.first_row), len(grid.rows)):
        row = grid.rows[index]
        value = row[column] if column < len(row) else None
        account = row[span(who)[0]] if who is not None and span(who)[0] < len(row) else None
        if isinstance(value, str) and fold(value):
            counted[fold(value)] += 1
            if account is not None:
                told[str(account).casefold()].add(fold(value))
    if (
        any(len(each) > 1 for each in told.values())
        or len(counted) < 2
        or any(
            fold(name).casefold() in {fold(tool).casefold() for tool in options.known_tools}
            for name in counted
        )
        or any(tool_from_text([name], ()) for name in counted)
    ):
        return decision
    headings = headings_of(grid, decision)
    question = key(grid.name, column, "tools_in")
    answer = answers.get(question)
    if answer == "tools":
        return with_extra(decision, "tools_in", "tools")
    french = "service" in words and any(_FRENCH.intersection(heading_words(each)) for each in headings)
    if french or answer == "departments":
        columns = tuple(each for each in decision.columns if each is not choice)
        if decision.column("department") is None:
            reason = "every account has one, so it names departments" if french else "you said so"
            columns = (*columns, replace(choice, field="department", why=reason))
        return replace(decision, columns=columns)
    shown = ", ".join(f"“{name}” of {count}" for name, count in counted.most_common(_SHOWN))
    proposal.questions.append(
        Question(
            key=question,
            sheet=grid.name,
            column=letters(column),
            asks=f"Column {letters(column)} “{choice.header}” says {shown}. What are these?",
            choices=(
                Choice(value="tools", reads="tools the accounts are of"),
                Choice(value="departments", reads="departments or the like of the people"),
            ),
        )
    )
    return decision
