"""What waits for the signed-in person, on the dashboard: each a link, by their roles in their units."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from flask import Blueprint

from blueprints import identity, links, shell
from blueprints.permissions import ACTIONS, Action
from mopsaudit.governance.reminders import Reminder, Roles, reminders
from mopsaudit.reporting import Ref
from mopsaudit.scope import Scope
from mopsaudit.store.session import reading

blueprint = Blueprint("reminders", __name__)

#: As many as stand on the dashboard at once; the rest is counted.
MOST: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits, ready to show."""

    sentence: str
    href: str | None
    due: date | None
    late: bool
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What waits: the first of it, and how much more there is."""

    first: tuple[Waiting, ...]
    rest: tuple[Waiting, ...]
    late: int


def waiting() -> Board | None:
    """What waits for the signed-in person, the whole of their units; None where nothing does."""
    who = identity.current()
    if who is None:
        return None
    with reading() as session:
        found = reminders(
            session,
            Roles(
                person_id=who.person_id,
                seeing=shell.scope(),
                deciding=_scope(Action.DECIDE),
                approving=_scope(Action.APPROVE),
                signing=_scope(Action.SIGN_SAVINGS),
                applying=_scope(Action.APPLY),
            ),
        )
    if not found:
        return None
    shown = tuple(_ready(each) for each in found)
    return Board(first=shown[:MOST], rest=shown[MOST:], late=sum(1 for each in shown if each.late))


def _scope(action: Action) -> Scope | None:
    """The request's scope, cut to the units in which the person may do an action."""
    who = identity.person()
    asked = shell.scope()
    units = who.units_for(ACTIONS[action].roles) & set(asked.unit_ids)
    if not units:
        return None
    if set(asked.unit_ids) <= units:
        return asked
    return replace(asked, unit_ids=tuple(each for each in asked.unit_ids if each in units), whole=False)


def _ready(each: Reminder) -> Waiting:
    return Waiting(
        sentence=each.sentence,
        href=links.ref_url(Ref(kind=each.kind, id=each.id, label=each.sentence)),
        due=each.due,
        late=each.late,
        mine=each.mine,
    )


@blueprint.app_context_processor
def _values() -> dict[str, Any]:
    """Templates ask for what waits where they show it."""
    return {"waiting": waiting}
