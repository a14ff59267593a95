"""One question for sheets of one layout: asked of the first, its answer holds for those without one of their own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from importers.grid import Grid
from importers.spend_plan import Proposal
from mopsaudit.intake.contract import Question, ReadingDecision, ReadOptions

Plan = TypeVar("Plan")


def _twin(key: str, name: str | None, other: str | None) -> str:
    """The key the same question has on another sheet of the same layout."""
    return f"{other}!{key.removeprefix(f'{name}!')}"


def propose_alike(
    grids: Iterable[Grid],
    options: ReadOptions,
    propose: Callable[[Grid, ReadOptions], Plan],
    proposal_of: Callable[[Plan], Proposal],
) -> list[Plan]:
    """The proposal for every sheet; an answer given to one holds for later sheets of its layout that ask the same.

    Which questions are then left to the first sheet is for :func:`decide_alike` to say, once the sheets are chosen.
    """
    before: dict[str, list[Proposal]] = {}
    plans = []
    for grid in grids:
        plan = propose(grid, options)
        proposal = proposal_of(plan)
        print_ = proposal.decision.fingerprint
        likes = before.setdefault(print_, []) if print_ else []
        inherited = _inherited(proposal, likes, options)
        if inherited:
            plan = propose(grid, replace(options, answers=(*options.answers, *inherited)))
        likes.append(proposal_of(plan))
        plans.append(plan)
    return plans


def answers_for(name: str | None, decision: ReadingDecision, options: ReadOptions) -> dict[str, str]:
    """The answers given, with those to sheets of this one's layout under the keys this one would ask by."""
    given = dict(options.answers)
    own = decision.sheet(name)
    if own is None or not own.fingerprint:
        return given
    found = {
        _twin(key, like.name, name): value
        for like in reversed(decision.sheets)
        if like.fingerprint == own.fingerprint and like.name != name
        for key, value in given.items()
        if key.startswith(f"{like.name}!")
    }
    return {**found, **given}


def decide_alike(
    proposals: Sequence[Proposal], options: ReadOptions, decide: Callable[[Proposal, ReadOptions], None]
) -> None:
    """Decide the values of every sheet; what several sheets of one layout leave open alike is asked once.

    Only a question the sheet's own cells leave open takes another's answer: a column that decides by itself is read
    by its own evidence. An answer given to a sheet's own key comes before the one its likeness was given.
    """
    before: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        print_ = proposal.decision.fingerprint
        likes = before.setdefault(print_, []) if print_ else []
        blank = replace(proposal, questions=list(proposal.questions), problems=list(proposal.problems))
        decide(proposal, options)
        inherited = _inherited(proposal, likes, options)
        if inherited:
            proposal.decision, proposal.questions, proposal.problems = (
                blank.decision,
                blank.questions,
                blank.problems,
            )
            decide(proposal, replace(options, answers=(*options.answers, *inherited)))
        _leave_to_the_first(proposal, likes)
        likes.append(proposal)
    settle_signs(proposals)


def settle_signs(proposals: Sequence[Proposal]) -> None:
    """Ask nothing of the sign of a sheet where other sheets of its layout hold charges above nought.

    A month with one line, a credit, writes it as the other months do. Where one of them asks as well as it, or none of
    them is of another mind, the question stays.
    """
    layouts: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        if proposal.decision.fingerprint:
            layouts.setdefault(proposal.decision.fingerprint, []).append(proposal)
    for likes in layouts.values():
        asking = [each for each in likes if any(_of_sign(question) for question in each.questions)]
        if 0 < sum(each.lines for each in asking) * 2 < sum(each.lines for each in likes):
            for each in asking:
                each.questions[:] = [question for question in each.questions if not _of_sign(question)]


def _of_sign(question: Question) -> bool:
    return question.key.endswith(".sign")


def _inherited(
    proposal: Proposal, likes: Sequence[Proposal], options: ReadOptions
) -> tuple[tuple[str, str], ...]:
    """Answers given to sheets of the same layout, under the keys of this one's open questions."""
    given = dict(options.answers)
    found = []
    for question in proposal.questions:
        for like in likes:
            twin = _twin(question.key, proposal.grid.name, like.grid.name)
            if twin in given and question.key not in given:
                found.append((question.key, given[twin]))
                break
    return tuple(found)


def _leave_to_the_first(proposal: Proposal, likes: Sequence[Proposal]) -> None:
    """Take away the questions that a sheet of the same layout asks already, and name this sheet there."""
    for question in list(proposal.questions):
        for like in likes:
            key = _twin(question.key, proposal.grid.name, like.grid.name)
            first = next((asked for asked in like.questions if asked.key == key), None)
            if first is not None and _choices(first) == _choices(question):
                proposal.questions.remove(question)
                place = like.questions.index(first)
                like.questions[place] = replace(first, asks=_also(first.asks, str(proposal.grid.name)))
                break


def _choices(question: Question) -> tuple[str, ...]:
    return tuple(choice.value for choice in question.choices)


_ALSO = " The answer holds for the sheets of the same layout too: "


def _also(asks: str, name: str) -> str:
    if _ALSO in asks:
        return f"{asks.removesuffix('.')}, “{name}”."
    return f"{asks}{_ALSO}“{name}”."
