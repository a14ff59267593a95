"""Since the last visit: what the dashboard notes of a look at it, and what it says changed since.

A look is noted by a request of its own, which the page's script sends after the page is shown; the page itself writes
nothing. Without scripts the button *Mark as seen* does it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from blueprints import identity, shell
from mopsaudit.facts.reading import answer
from mopsaudit.organisation.visits import mark_seen, note_visit, visit_of
from mopsaudit.reporting import Report
from mopsaudit.reports import dashboard, registry
from mopsaudit.reports.visits import Since, changes_since, shown_state
from mopsaudit.scope import Scope
from mopsaudit.store.session import reading, unit_of_work

blueprint = Blueprint("visits", __name__)

#: A look this young is not noted again.
FRESH: Final = timedelta(minutes=10)


def whole_and_today() -> bool:
    """Whether the request shows the whole of the person's units as of today: only that is compared."""
    return not any(request.args.get(name) for name in shell.SCOPE_ARGUMENTS)


def since(session: Session, scope: Scope, reports: Mapping[str, Report]) -> dict[str, Any]:
    """Values of the template: ``since`` (None: nothing to compare with yet), ``first_visit``, ``note_look``.

    Empty for another day or a chosen unit.
    """
    who = identity.current()
    if who is None or not whole_and_today():
        return {}
    forecast = dashboard.forecast_of(reports["budget"])
    shown = shown_now(session, scope)  # the request that notes the look finds it there too
    found = visit_of(session, who.account_id)
    stale = found is None or found.latest_at is None or shell.now() - found.latest_at > FRESH
    changed: Since | None = None
    if found is not None and found.seen is not None and found.seen_at is not None:
        changed = changes_since(
            session,
            scope,
            at=found.seen_at,
            seen=found.seen,
            now=shown["findings"],
            findings=lambda: registry.all_findings(session, scope).findings,
            forecast=forecast,
            person_id=who.person_id,
        )
    return {"since": changed, "first_visit": changed is None, "note_look": stale}


def shown_now(session: Session, scope: Scope) -> dict[str, Any]:
    """What is shown, kept while nothing it was made from changes."""

    def work() -> dict[str, Any]:
        joined = registry.all_findings(session, scope)
        forecast = dashboard.forecast_of(registry.REPORTS["budget"].build(session, scope))
        return shown_state(session, scope, joined, forecast, scope.as_of.isoformat())

    return answer(session, ("visit", scope), work, alone=True)


@blueprint.post("/visits/looked")
def looked() -> ResponseReturnValue:
    """Note what the dashboard shows the person now; what it is compared with stays."""
    who = identity.person()
    with reading() as session:
        state = shown_now(session, shell.scope())
    with unit_of_work(who.actor, now=shell.now()) as writer:
        note_visit(writer, who.account_id, state, now=shell.now())
    return "", 204


@blueprint.post("/visits/seen")
def seen() -> ResponseReturnValue:
    """The person has seen what is new: the comparison starts from now."""
    who = identity.person()
    with reading() as session:
        state = shown_now(session, shell.scope())
    with unit_of_work(who.actor, now=shell.now()) as writer:
        mark_seen(writer, who.account_id, state, now=shell.now())
    return redirect(url_for("shell.dashboard"), 303)
