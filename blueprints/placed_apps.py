"""Applications of usage files that stand on a tool since somebody said which: a table, and taking one back."""

from collections.abc import Iterable
from typing import Final

from flask import render_template
from markupsafe import Markup

from blueprints import permissions, tables
from blueprints.forms import Form
from mopsaudit.intake.waiting_users import PlacedApp
from mopsaudit.reporting import Column, Missing, Ref, Row, ValueKind

#: It is the second table of its page, so its parameters have a prefix.
_PREFIX: Final = "placed."
_COLUMNS: Final = (
    Column(key="app", label="Application", primary=True, what="As the usage files call it."),
    Column(key="tool", label="Tool", kind=ValueKind.REF),
    Column(
        key="people",
        label="People",
        kind=ValueKind.NUMBER,
        what="Empty where the group is too small to show.",
    ),
    Column(key="file", label="Newest file", kind=ValueKind.REF),
    Column(
        key="called",
        label="Called so",
        what="Whether the tool itself has the name, or has it beside its own.",
    ),
)


def placed_table(placed: Iterable[PlacedApp], *, minimum: int) -> tables.Table:
    """The table, without numbers of groups under ``minimum`` people; who may settle gaps may take one back."""
    return tables.of_rows(
        _COLUMNS,
        [_row(each, minimum) for each in placed],
        name="placed",
        prefix=_PREFIX,
        noun="application",
        caption="Applications whose users came in",
        row_actions=_take_back if permissions.may(permissions.Action.SETTLE) else None,
    )


def _row(each: PlacedApp, minimum: int) -> Row:
    """An application on its tool; groups under ``minimum`` people are hidden."""
    return Row(
        id=str(each.id),
        values={
            "app": each.name,
            "tool": Ref(kind="tool", id=each.tool_id, label=each.tool),
            "people": Missing(why=f"fewer than {minimum} people")
            if 0 < each.people < minimum
            else each.people,
            "file": Ref(kind="import", id=each.import_id, label=each.file_name),
            "called": "the tool’s own name" if each.own_name else "a name beside it",
        },
        detail={"back": not each.own_name},
    )


def _take_back(row: Row) -> str:
    """Take back, where the tool has the name beside its own; its own name is changed on its page."""
    if not row.detail["back"]:
        return ""
    page = render_template("gaps/take_back.html", row=row, form=Form(formdata=None))
    return Markup(page)  # noqa: S704  # our own template, escaped as it was rendered
