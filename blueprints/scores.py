"""Optional scores of tools: the quadrant they give, the unscored tray, and decisions that say something else."""

from collections import Counter
from typing import Any, Final

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField
from wtforms.validators import Optional

from blueprints import choices, filters, shell, tables
from blueprints.decisions import WORDS
from blueprints.forms import Form, form_page, submit
from blueprints.navigation import Entry, Group
from blueprints.reports import Figure
from mopsaudit.governance import scores
from mopsaudit.governance.scores import Placement
from mopsaudit.inventory import tools
from mopsaudit.reporting import Column, Ref, Row, ValueKind
from mopsaudit.store.session import reading

blueprint = Blueprint("scores", __name__)
navigation = (Entry("scores.index", "Scores", Group.DECISIONS, 40),)

QUADRANTS: Final = {
    "invest": "Invest",
    "migrate": "Migrate",
    "tolerate": "Tolerate",
    "eliminate": "Eliminate",
    "unscored": "unscored",
}
#: Quadrant → what its tools are, in a phone's width.
_MEANINGS: Final = {
    "invest": "fit and sound",
    "migrate": "fit, not sound",
    "tolerate": "sound, not fit",
    "eliminate": "neither",
}
_STEPS: Final = {"": "no score", "1": "1, poor", "2": "2, weak", "3": "3, good", "4": "4, very good"}

COLUMNS: Final = (
    Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
    Column(key="quadrant", label="Quadrant"),
    Column(key="scores", label="Scores given", kind=ValueKind.NUMBER, wide=True),
    Column(key="decision", label="Open decision"),
    Column(key="disagrees", label="Scores and decision"),
)


class ScoreForm(Form):
    """One person's two scores of a tool."""

    functional = SelectField(
        "Does it do what we need? (functional fit)", choices=_STEPS, validators=[Optional()]
    )
    technical = SelectField(
        "Is it sound and easy to run? (technical fit)", choices=_STEPS, validators=[Optional()]
    )


def _row(each: Placement) -> Row:
    return Row(
        id=str(each.tool_id),
        opens=Ref(kind="score", id=each.tool_id, label=each.tool),
        values={
            "tool": Ref(kind="tool", id=each.tool_id, label=each.tool),
            "quadrant": QUADRANTS[each.quadrant],
            "scores": each.scores,
            "decision": WORDS.get(each.verdict) if each.verdict else None,
            "disagrees": None
            if each.verdict is None or each.quadrant == "unscored"
            else "mismatch"
            if each.disagrees
            else "agree",
        },
    )


@blueprint.get("/scores")
def index() -> ResponseReturnValue:
    """Every tool of the scope in its quadrant or in the unscored tray."""
    with reading() as session:
        found = scores.placements(session, shell.scope())
    table = tables.of_rows(
        COLUMNS,
        [_row(each) for each in sorted(found, key=_first)],
        name="scores",
        noun="tool",
        empty="No tool yet.",
    )
    return tables.page(
        table, "scores/index.html", title="Scores", answer=_answer(found), figures=_figures(found)
    )


def _first(each: Placement) -> tuple[bool, bool]:
    """What decisions contradict first, what nobody scored last; within that by name, as the tools come."""
    return not each.disagrees, each.quadrant == "unscored"


def _figures(found: tuple[Placement, ...]) -> tuple[Figure, ...]:
    """How many tools stand in each quadrant, a link to them; none before somebody scored."""
    numbers = Counter(each.quadrant for each in found)
    if len(found) == numbers["unscored"]:
        return ()
    apart = Counter(each.quadrant for each in found if each.disagrees)
    wanted: dict[str, dict[str, Any]] = {name: {"f.quadrant": f"={QUADRANTS[name]}"} for name in _MEANINGS}
    return tuple(
        Figure(
            label=f"{QUADRANTS[quadrant]}: {meaning}",
            text=filters.count(numbers[quadrant]),
            tone="plain",
            what=f"{filters.count(apart[quadrant])} decided otherwise" if apart[quadrant] else "",
            href=url_for("scores.index", **wanted[quadrant]),
        )
        for quadrant, meaning in _MEANINGS.items()
    )


def _answer(found: tuple[Placement, ...]) -> str:
    scored = [each for each in found if each.quadrant != "unscored"]
    if not found:
        return "There is no tool to score yet."
    waiting = len(found) - len(scored)
    text = (
        f"{len(scored):,} of {len(found):,} tools {'is' if len(scored) == 1 else 'are'} scored; "
        f"{waiting:,} wait{'s' if waiting == 1 else ''} for a score"
    )
    apart = [each.tool for each in found if each.disagrees]
    if apart:
        say = "decisions say" if len(apart) != 1 else "decision says"
        text += f"; {len(apart)} {say} something else than the scores, on {apart[0]} first"
    return text + "."


@blueprint.route("/scores/<int:tool_id>", methods=["GET", "POST"])
def give(tool_id: int) -> ResponseReturnValue:
    """Give one's own scores of a tool; a second time replaces the first."""
    scope = shell.scope()
    person = choices.me() or 0
    with reading() as session:
        tool = tools.get_tool(session, scope, tool_id)
        mine = scores.own_scores(session, tool_id, person)
        placed = next((each for each in scores.placements(session, scope) if each.tool_id == tool_id), None)
        form = ScoreForm(data={name: str(value) for name, value in mine.items()})
    if form.validate_on_submit():

        def work(session: Session) -> str:
            for name in scores.DIMENSIONS:
                typed = form[name].data
                if typed:
                    scores.give_score(
                        session,
                        tool_id=tool_id,
                        dimension=name,
                        value=int(typed),
                        person_id=person,
                        on=shell.today(),
                    )
            return url_for("scores.give", tool_id=tool_id)

        done = submit(form, work, said="Scored.")
        if done is not None:
            return done
    return form_page("scores/give.html", form, tool=tool, placed=placed, quadrants=QUADRANTS)
