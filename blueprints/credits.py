"""Credits of one consumption tool: what was bought, used and expired on which day, and a form for the next reading."""

from decimal import Decimal
from typing import Final

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, StringField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import shell, tables
from blueprints.amounts import typed_decimal
from blueprints.forms import Form, form_page, submit
from mopsaudit.errors import InvalidError
from mopsaudit.inventory import tools
from mopsaudit.inventory.credits import enter_reading, readings_of
from mopsaudit.reporting import Column, Row, ValueKind, stated
from mopsaudit.store.session import reading

blueprint = Blueprint("credits", __name__)

_COLUMNS = (
    Column(key="as_of", label="Read on", kind=ValueKind.DATE, primary=True),
    Column(key="bought", label="Bought", kind=ValueKind.NUMBER),
    Column(key="used", label="Used", kind=ValueKind.NUMBER),
    Column(key="expired", label="Expired", kind=ValueKind.NUMBER),
    Column(key="source", label="From", kind=ValueKind.REF),
)


class ReadingForm(Form):
    """One reading; an empty number is unknown."""

    as_of = DateField("Read on", validators=[DataRequired("Say on which day.")])
    bought = StringField(
        "Bought so far this term",
        validators=[Optional(), Length(max=40)],
        description="Empty: the contract's quantity counts.",
    )
    used = StringField("Used so far this term", validators=[Optional(), Length(max=40)])
    expired = StringField("Expired so far this term", validators=[Optional(), Length(max=40)])


@blueprint.route("/tools/<int:tool_id>/credits", methods=["GET", "POST"])
def show(tool_id: int) -> ResponseReturnValue:
    """The readings of a tool; a post enters one, and a second one of the same day replaces the first."""
    with reading() as session:
        tool = tools.living_tool(session, tools.get_tool(session, shell.scope(), tool_id).id)
        found = readings_of(session, tool.id)
        name, living_id = tool.name, tool.id
    form = ReadingForm(data={"as_of": shell.today()})
    if form.validate_on_submit():

        def work(session: Session) -> str:
            enter_reading(
                session,
                living_id,
                as_of=form.as_of.data or shell.today(),
                today=shell.today(),
                bought=_number(form.bought.data, "bought"),
                used=_number(form.used.data, "used"),
                expired=_number(form.expired.data, "expired"),
            )
            return url_for("credits.show", tool_id=living_id)

        done = submit(form, work, said="Entered.")
        if done is not None:
            return done
    table = tables.of_rows(
        _COLUMNS,
        [
            Row(
                id=each.as_of.isoformat(),
                values={
                    "as_of": each.as_of,
                    "bought": stated(_units(each.bought_micro), _UNREAD),
                    "used": stated(_units(each.used_micro), _UNREAD),
                    "expired": stated(_units(each.expired_micro), _UNREAD),
                    "source": each.source or "entered here",
                },
            )
            for each in found
        ],
        name="credits",
        noun="reading",
        empty="No reading yet.",
    )
    return form_page("tools/credits.html", form, table=table, tool_id=living_id, tool_name=name)


_UNREAD: Final = "This reading does not say."


def _units(micro: int | None) -> Decimal | None:
    return None if micro is None else (Decimal(micro) / 1_000_000).normalize() + 0


def _number(text: str | None, field: str) -> Decimal | None:
    if not (text or "").strip():
        return None
    try:
        return typed_decimal(text or "")
    except ValueError as error:
        raise InvalidError(str(error), field) from None
