"""The calendar feed of send-by dates: a private address a calendar program reads without signing in."""

from flask import Blueprint, Response, abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from blueprints import choices, shell
from blueprints.forms import Form, submit
from mopsaudit.notices.feeds import close_feed, current_feed, feed_of, open_feed
from mopsaudit.organisation import scope_for
from mopsaudit.organisation.reach import reach_of_person
from mopsaudit.reports.renewals import build_calendar
from mopsaudit.store.session import reading

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/calendar/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """The send-by dates within the reach the person has now; an ended address or account answers like a missing one."""
    with reading() as session:
        found = feed_of(session, token)
        units = reach_of_person(session, found.person_id)
        if not units:
            abort(404)
        scope = scope_for(session, as_of=shell.today(), unit=found.unit_id, within=units)
        text = build_calendar(session, scope, now=shell.now())
    return Response(text, mimetype="text/calendar; charset=utf-8")


@blueprint.get("/calendar")
def show() -> ResponseReturnValue:
    """What the feed is, and whether one is open."""
    person_id = choices.me()
    with reading() as session:
        open_now = person_id is not None and current_feed(session, person_id) is not None
    return render_template("notices/calendar.html", open_now=open_now, address=None, form=Form())


@blueprint.post("/calendar")
def renew() -> ResponseReturnValue:
    """Make a new address; the old one ends at once."""
    form = Form()
    person_id = choices.me()
    made: list[str] = []
    if form.validate_on_submit() and person_id is not None:

        def work(session: Session) -> str:
            made.append(open_feed(session, person_id=person_id, unit_id=None, now=shell.now()))
            return url_for("calendar.show")

        submit(form, work)
    address = url_for("calendar.feed", token=made[0], _external=True, as_of=None, unit=None) if made else None
    if address is None:
        flash("The address is made already; make a new one if you have lost it.", "warn")
    return render_template("notices/calendar.html", open_now=True, address=address, form=Form())


@blueprint.post("/calendar/end")
def end() -> ResponseReturnValue:
    """End the address."""
    form = Form()
    person_id = choices.me()
    if form.validate_on_submit() and person_id is not None:

        def work(session: Session) -> str:
            close_feed(session, person_id=person_id, now=shell.now())
            return url_for("calendar.show")

        done = submit(form, work, said="The address no longer works.")
        if done is not None:
            return done
    return show()
