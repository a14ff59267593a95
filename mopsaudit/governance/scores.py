"""Optional scores of a tool, the quadrant they give, and whether a decision says something else (PRODUCT.md §4.6)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.facts.merges import heads
from mopsaudit.facts.validity import in_scope
from mopsaudit.scope import Scope
from mopsaudit.store.models import Decision, Score, Tool, Verdict

#: What a quadrant of scores agrees with.
_AGREES: Final[Mapping[str, frozenset[Verdict]]] = {
    "invest": frozenset({Verdict.KEEP, Verdict.RIGHT_SIZE, Verdict.RENEGOTIATE}),
    "migrate": frozenset({Verdict.REPLACE, Verdict.CONSOLIDATE}),
    "tolerate": frozenset({Verdict.KEEP, Verdict.RIGHT_SIZE, Verdict.RENEGOTIATE}),
    "eliminate": frozenset({Verdict.RETIRE, Verdict.REPLACE, Verdict.CONSOLIDATE}),
}


#: What is scored.
DIMENSIONS: Final = ("functional", "technical")


def own_scores(session: Session, tool_id: int, person_id: int) -> dict[str, int]:
    """What a person scored a tool, by dimension."""
    rows = session.execute(
        select(Score.dimension, Score.value)
        .where(Score.tool_id == tool_id, Score.person_id == person_id)
        .order_by(Score.dimension)
    )
    return dict(rows.all())


def give_score(
    session: Session, *, tool_id: int, dimension: str, value: int, person_id: int, on: date
) -> Score:
    """A person's score of a tool on an absolute 4-step scale; a second one replaces the first.

    Raises:
        InvalidError: another dimension than functional or technical, or a value outside 1–4.
    """
    if dimension not in DIMENSIONS:
        raise InvalidError("Score functional or technical fit.", "dimension")
    if not 1 <= value <= 4:
        raise InvalidError("A score is 1, 2, 3 or 4.", "value")
    if session.get(Tool, tool_id) is None:
        raise NotFoundError("There is no such tool.")
    score = session.scalars(
        select(Score).where(
            Score.tool_id == tool_id, Score.dimension == dimension, Score.person_id == person_id
        )
    ).first()
    if score is None:
        score = Score(tool_id=tool_id, dimension=dimension, person_id=person_id, value=value, given_on=on)
        session.add(score)
    score.value, score.given_on = value, on
    session.flush()
    return score


def quadrant(functional: Sequence[int], technical: Sequence[int]) -> str:
    """The TIME quadrant of the scores persons gave: high from a mean of 2.5 steps on; *unscored* where one is missing.

    high/high Invest, high functional/low technical Migrate, low/high Tolerate, low/low Eliminate.
    """
    if not functional or not technical:
        return "unscored"
    high = 2 * sum(functional) >= 5 * len(functional)
    sound = 2 * sum(technical) >= 5 * len(technical)
    if high:
        return "invest" if sound else "migrate"
    return "tolerate" if sound else "eliminate"


def mismatch(quadrant_name: str, verdict: str) -> bool:
    """Whether a decision says something else than the scores; never for an unscored tool."""
    return quadrant_name != "unscored" and Verdict(verdict) not in _AGREES[quadrant_name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A tool in its quadrant, or in the unscored tray; its latest open decision and whether the two disagree."""

    tool_id: int
    tool: str
    quadrant: str
    scores: int
    verdict: str | None
    disagrees: bool


def placements(session: Session, scope: Scope, *, tool_id: int | None = None) -> tuple[Placement, ...]:
    """Every tool of the scope with its quadrant, by name; four queries; with ``tool_id`` that one alone.

    Scores and decisions on a merged tool count on its head.
    """
    merged = heads(session)
    family = () if tool_id is None else merged.family((tool_id,))
    given: dict[tuple[int, str], list[int]] = defaultdict(list)
    for scored, dimension, value in session.execute(
        select(Score.tool_id, Score.dimension, Score.value)
        .where(Score.given_on <= scope.as_of, *([Score.tool_id.in_(family)] if family else []))
        .order_by(Score.tool_id, Score.dimension, Score.id)
    ):
        given[merged.tool(scored), dimension].append(value)
    decided = session.execute(
        select(Decision.tool_id, Decision.verdict)
        .where(
            Decision.status == "open",
            Decision.decided_on <= scope.as_of,
            *([Decision.tool_id.in_(family)] if family else []),
        )
        .order_by(Decision.decided_on, Decision.id)
    ).all()
    verdicts: dict[int, str] = {merged.tool(row.tool_id): row.verdict for row in decided}  # the latest wins
    found = []
    for placed, name in session.execute(
        select(Tool.id, Tool.name)
        .where(in_scope(scope), *([Tool.id == tool_id] if tool_id is not None else []))
        .order_by(func.lower(Tool.name), Tool.id)
    ):
        functional, technical = given[placed, "functional"], given[placed, "technical"]
        where = quadrant(functional, technical)
        verdict = verdicts.get(placed)
        found.append(
            Placement(
                tool_id=placed,
                tool=name,
                quadrant=where,
                scores=len(functional) + len(technical),
                verdict=verdict,
                disagrees=verdict is not None and mismatch(where, verdict),
            )
        )
    return tuple(found)
