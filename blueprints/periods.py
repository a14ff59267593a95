"""Fiscal years and through which day the books of each legal entity are closed."""

from datetime import date

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, StringField
from wtforms.validators import Length, Optional

from blueprints import exports, filters, identity, permissions, shell, tables
from blueprints.closing import keeping_forecasts
from blueprints.forms import VersionedForm, form_page, submit
from blueprints.navigation import Entry, Group
from mopsaudit import organisation
from mopsaudit.governance.fiscal_years import YearRow, list_years
from mopsaudit.organisation import entities
from mopsaudit.reporting import Column, Ref, Row, ValueKind, stated
from mopsaudit.store.session import reading

blueprint = Blueprint("periods", __name__)
navigation = (Entry("periods.index", "Periods", Group.ORGANISATION, 70),)

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


BOOKS = (
    Column(key="name", label="Legal entity", primary=True),
    Column(
        key="closed",
        label="Closed through",
        kind=ValueKind.DATE,
        what="Without a day nothing of it is closed.",
    ),
)
YEARS = (
    Column(key="name", label="Year", primary=True),
    Column(key="starts", label="From", kind=ValueKind.DATE),
    Column(key="ends", label="Until before", kind=ValueKind.DATE),
    Column(key="lines", label="Lines", kind=ValueKind.NUMBER, summed=True),
    Column(key="budgets", label="Budgets", kind=ValueKind.NUMBER, summed=True),
    Column(key="approved", label="Approved"),
    Column(key="state", label="State", unbroken=True),
)


def _year_row(each: YearRow) -> Row:
    """A fiscal year; *other start month* says that its budget fixed it before that month was changed."""
    states = [
        word for word, holds in (("now", each.current), ("other start month", each.other_start)) if holds
    ]
    return Row(
        id=each.name,
        values={
            "name": each.name,
            "starts": each.starts_on,
            "ends": each.ends_on,
            "lines": each.lines,
            "budgets": each.budgets,
            "approved": each.locked,
            "state": ", ".join(states) or None,
        },
    )


class CloseForm(VersionedForm):
    """Through which day the books are closed."""

    closed_through = DateField(
        "Closed through",
        validators=[Optional()],
        description="The last closed day. Empty: nothing is closed.",
    )
    reason = StringField(
        "Why, if it moves back",
        validators=[Optional(), Length(max=400)],
        description="Stands in the history.",
    )


@blueprint.get("/settings/periods")
def index() -> ResponseReturnValue:
    """The fiscal years, and each entity's closed day."""
    scope, allowed = shell.scope(), identity.permitted_units()
    with reading() as session:
        years = list_years(session, scope)
        root = organisation.root_unit(session).id
        shown = [each for each in entities.list_entities(session) if (each.unit_id or root) in allowed]
        closed = [
            Row(
                id=str(each.id),
                opens=Ref(kind="closing", id=each.id, label=each.name)
                if permissions.may(permissions.Action.EDIT_ENTITIES, each.unit_id or root)
                else None,
                values={"name": each.name, "closed": stated(each.closed_through, "Nothing of it is closed.")},
            )
            for each in shown
        ]
    books = tables.of_rows(
        BOOKS,
        closed,
        name="closed-books",
        noun="entity",
        caption="Closed books",
        empty="No legal entity yet.",
    )
    table = tables.of_rows(
        YEARS,
        [_year_row(each) for each in years],
        name="years",
        prefix="years.",
        noun="year",
        caption="Fiscal years",
    )
    if table.asked.export:
        return exports.export(table)
    start = MONTHS[scope.settings.fiscal_start - 1]
    return tables.page(
        books,
        "settings/periods.html",
        years=years,
        year_table=table,
        start=start,
        answer=_answer(years, start, [each.closed_through for each in shown]),
        administers=permissions.may(permissions.Action.ADMINISTER, root),
    )


def _answer(years: tuple[YearRow, ...], start: str, closed: list[date | None]) -> str:
    now = next((year for year in years if year.current), None)
    text = f"Fiscal years start in {start} and are named by the year they end in"
    if now is not None:
        text += f"; {now.name} runs until {filters.day_text(date.fromordinal(now.ends_on.toordinal() - 1))}"
    known = [each for each in closed if each is not None]
    if not closed:
        return f"{text}. There is no legal entity yet, so the month before the as-of date counts as closed."
    if not known:
        return f"{text}. No books are closed yet."
    if len(known) < len(closed):
        part = f"{len(known)} of {len(closed)} legal entities have closed books"
        return f"{text}. {part}, the earliest through {filters.day_text(min(known))}."
    return f"{text}. The books of all legal entities are closed through {filters.day_text(min(known))}."


@blueprint.route("/settings/periods/<int:entity_id>/close", methods=["GET", "POST"])
def close(entity_id: int) -> ResponseReturnValue:
    """Move an entity's closed day: forward freely, back with a reason."""
    with reading() as session:
        found = entities.get_entity(session, entity_id)
        identity.require_unit(found.unit_id)
        name, before = found.name, found.closed_through
        form = CloseForm(obj=found)
        entries = [
            entry
            for entry in organisation.history(session, "legal_entity", entity_id)
            if any(change.field == "closed_through" for change in entry.changes)
        ]
    if form.validate_on_submit():

        def work(session: Session) -> str:
            with keeping_forecasts(session):
                entities.close_books(
                    session,
                    entity_id,
                    closed_through=form.closed_through.data,
                    version=form.seen_version,
                    today=shell.today(),
                    reason=form.reason.data,
                )
            return url_for("periods.index")

        done = submit(form, work, said="Saved.", reason=form.reason.data or None)
        if done is not None:
            return done
    return form_page("settings/close_books.html", form, name=name, before=before, entries=entries)
