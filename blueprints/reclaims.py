"""Seats to take back: per tool who sits on an idle one and where asking stands, and the same for all tools."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, filters, kept_reports, permissions, shell, tables
from blueprints.forms import Form, form_page, submit
from blueprints.navigation import Entry, Group
from mopsaudit.facts.people import IdleUser
from mopsaudit.governance import reclaims
from mopsaudit.governance.reclaims import AskedSeat, Behind
from mopsaudit.inventory import tools
from mopsaudit.reporting import Column, Ref, Report, Row, ValueKind, stated
from mopsaudit.reports import registry
from mopsaudit.store.session import reading

blueprint = Blueprint("reclaims", __name__)
navigation = (Entry("reclaims.index", "Seats to take back", Group.DECISIONS, 35),)

WORDS: Final = {
    "candidate": "to ask",
    "asked": "asked",
    "kept": "kept",
    "reclaimed": "taken back",
}
_SEAT: Final = {
    "inactive": "not used",
    "leaver": "left the company",
    "active": "in use",
    "unlicensed": "in use, no seat held",
    "none": "no seat held",
    "gone": "no longer in the file",
    "exempt": "exempt",
    "new": "new",
    "undated": "no date",
    "other": "no person's account",
}
_PERSON: Final = (
    Column(key="name", label="Person", primary=True),
    Column(key="seat", label="Seat"),
    Column(key="last_seen", label="Last seen", kind=ValueKind.DATE),
    Column(key="state", label="State"),
    Column(key="since", label="Since", kind=ValueKind.DATE),
    Column(key="note", label="Note"),
    Column(key="key", label="Account", wide=True),
)
_ASKED: Final = (
    Column(key="name", label="Person", primary=True),
    Column(key="tool", label="Tool", kind=ValueKind.REF),
    Column(key="state", label="State"),
    Column(key="asked", label="Asked on", kind=ValueKind.DATE),
    Column(key="settled", label="Settled on", kind=ValueKind.DATE),
    Column(key="note", label="Note"),
)


class MoveForm(Form):
    """What happened with the seats of the people ticked."""

    state = SelectField(
        "What happened",
        choices={
            "": "choose",
            "asked": "They were asked",
            "reclaimed": "The seat was taken back",
            "kept": "They keep it",
            "candidate": "They were not asked after all",
        },
        validators=[DataRequired("Choose what happened.")],
    )
    on = DateField("On", validators=[DataRequired("Say on which day.")])
    note = StringField(
        "Note", validators=[Optional(), Length(max=2000)], description="Why, where a seat is kept."
    )


@blueprint.get("/reclaims")
def index() -> ResponseReturnValue:
    """Every tool with people on idle seats, and everybody who was asked (names only for roles that act on them)."""
    scope = shell.scope()
    names = permissions.may(permissions.Action.SEE_NAMES, scope.unit_id)
    with reading() as session:
        report = kept_reports.build(session, registry.REPORTS["underuse"], scope)
        asked = reclaims.asked_seats(session, scope) if names else ()
    section = next((each for each in report.sections if each.key == "reclaim"), None)
    by_tool = tables.of_rows(
        section.columns if section else _ASKED[:2],
        section.rows if section else (),
        name="reclaims",
        noun="tool",
        empty="No usage file names anybody on an idle seat.",
    )
    people = tables.of_rows(
        _ASKED,
        [_asked_row(number, each) for number, each in enumerate(asked)],
        name="reclaims-people",
        noun="person",
        prefix="people.",
        empty="Nobody was asked yet.",
    )
    if people.asked.export:
        permissions.require(permissions.Action.SEE_NAMES, scope.unit_id)
        return tables.page(people, "reclaims/index.html")
    answer = section.sentence if section else "Nobody is known to sit on an idle seat."
    return tables.page(
        by_tool, "reclaims/index.html", title="Seats to take back", answer=answer, names=names, people=people
    )


def _asked_row(number: int, each: AskedSeat) -> Row:
    return Row(
        id=str(number),
        opens=Ref(kind="reclaim", id=each.tool_id, label=each.tool),
        state=each.state,
        values={
            "name": each.name,
            "tool": Ref(kind="tool", id=each.tool_id, label=each.tool),
            "state": WORDS[each.state],
            "asked": stated(each.asked_on, "Nobody was asked yet."),
            "settled": stated(each.settled_on, "It is not settled yet."),
            "note": each.note or "",
        },
    )


@blueprint.route("/reclaims/<int:tool_id>", methods=["GET", "POST"])
def show(tool_id: int) -> ResponseReturnValue:
    """The people behind one tool's idle seats; a post brings those ticked to a state."""
    scope = shell.scope()
    names = permissions.may(permissions.Action.SEE_NAMES, scope.unit_id)
    form = MoveForm(data=None if request.method == "POST" else {"on": shell.today()})
    with reading() as session:
        tools.get_tool(session, scope, tool_id)  # another unit's and a missing one answer alike
    if request.method == "POST":
        permissions.require(permissions.Action.SEE_NAMES, scope.unit_id)
    if form.validate_on_submit():
        chosen = _chosen()

        def work(session: Session) -> str:
            reclaims.move_seats(
                session,
                scope,
                tool_id,
                chosen,
                form.state.data or "",
                on=form.on.data or shell.today(),
                by_id=choices.me(),
                note=form.note.data or "",
            )
            return url_for("reclaims.show", tool_id=tool_id)

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    with reading() as session:
        behind = reclaims.people_behind(session, scope, tool_id)
        report = kept_reports.build(session, registry.REPORTS["underuse"], scope)
    table = tables.of_rows(
        _PERSON,
        [_person(each) for each in behind.users] if names else [],
        name=f"seats-{tool_id}",
        noun="person",
    )
    if table.asked.export:
        permissions.require(permissions.Action.SEE_NAMES, scope.unit_id)
        return tables.page(table, "reclaims/show.html")
    values = {
        "behind": behind,
        "names": names,
        "words": WORDS,
        "seats": _SEAT,
        "answer": reclaims.list_answer(behind, names=names),
        "counts": {state: reclaims.hidden(n, names=names) for state, n in behind.by_state.items()},
        "trust": _trust(behind),
        "figures": _figures(report, tool_id),
        "export": table.address(format="csv") if names else None,
        "ticked": {str(each) for each in _chosen()} if request.method == "POST" else set(),
    }
    if not names:
        return render_template("reclaims/show.html", form=None, **values)
    return form_page("reclaims/show.html", form, **values)


def _chosen() -> Mapping[int, int]:
    """The users ticked, each with the version of its record that was shown."""

    def number(text: str | None) -> int:
        return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0

    return {number(each): number(request.form.get(f"seen.{each}")) for each in request.form.getlist("users")}


def _person(each: IdleUser) -> Row:
    return Row(
        id=str(each.tool_user_id),
        state=each.state,
        values={
            "name": each.name,
            "seat": _SEAT.get(each.bucket, each.bucket),
            "last_seen": stated(each.last_seen, "The file says no day."),
            "state": "taken back, in use again" if each.again else WORDS[each.state],
            "since": stated(each.settled_on or each.asked_on, "Nobody was asked yet."),
            "note": each.note or "",
            "key": each.user_key,
        },
    )


def _trust(behind: Behind) -> str:
    """Which file says so: its name, day, event and grade, and the window."""
    found = behind.snapshot
    if found is None:
        return ""
    return (
        f"{found.file_name}, {filters.day_text(found.as_of)}: {found.event}, grade {found.grade}; "
        f"active within {behind.tool.window_days} days"
    )


def _figures(report: Report, tool_id: int) -> list[dict[str, object]]:
    """Seats bought, in use and to keep, and by when, as the under-use report has them."""
    row = next((each for each in report.rows if each.id == f"t{tool_id}"), None)
    if row is None:
        return []
    shown = (
        ("purchased", "Seats bought"),
        ("active", "In use"),
        ("right_size", "Right size"),
        ("send_by", "Send notice by"),
    )
    return [
        {
            "label": label,
            "text": filters.value(row.values[key]),
            "href": url_for("reports.show", slug="underuse"),
        }
        for key, label in shown
    ]
