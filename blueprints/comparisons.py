"""This quarter's file against the last: two imports of one kind, on screen and as a sheet."""

from collections import Counter
from collections.abc import Sequence

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from blueprints import filters, import_steps, shell, tables
from blueprints.limits import record_number
from blueprints.permissions import Action
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.facts.wording import month
from mopsaudit.intake import view
from mopsaudit.intake.comparing import compare_imports
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.differences import Difference
from mopsaudit.reporting import Amount, Column, Row, ValueKind
from mopsaudit.store.session import reading

blueprint = Blueprint("comparisons", __name__)

MONEY = (
    Column(key="name", label="Supplier or tool", primary=True),
    Column(key="what", label="What changed"),
    Column(key="before", label="Before", kind=ValueKind.MONEY, exact=True),
    Column(key="after", label="After", kind=ValueKind.MONEY, exact=True),
    Column(key="change", label="Change", kind=ValueKind.MONEY, exact=True, wide=True),
    Column(key="note", label="Why"),
)
RECORDS = (
    Column(key="name", label="Row", primary=True),
    Column(key="what", label="What changed"),
    Column(key="before", label="Before"),
    Column(key="after", label="After"),
)


@blueprint.get("/imports/compare")
def show() -> ResponseReturnValue:
    """Choose two files of one kind; what is new, gone, renamed, restated or changed from the first to the second."""
    with reading() as session:
        files = [
            row
            for row in view.list_imports(session)
            if row.status in ("imported", "undone")
            and import_steps.own_or_within(row.created_by_id, row.unit_id)
        ]
    before, after = (_chosen(name, files) for name in ("before", "after"))
    if before is None or after is None:
        return render_template(
            "imports/compare.html", files=files, before=before, after=after, answer=_ask(files), table=None
        )
    for each in (before, after):
        import_steps.require_names(each.kind, each.created_by_id, Action.SEE_NAMES)
    try:
        found = compare_imports(
            before.id,
            after.id,
            reader=current_app.config["MOPSAUDIT_READER"],
            folder=import_steps.data_folder(),
            now=shell.now(),
        )
    except InvalidError as error:
        page = render_template(
            "imports/compare.html", files=files, before=before, after=after, answer=str(error), table=None
        )
        return page, 422
    spend = before.kind == Kind.SPEND
    table = tables.of_rows(
        MONEY if spend else RECORDS,
        [_row(number, each, spend=spend) for number, each in enumerate(found)],
        name="differences",
        noun="difference",
        caption="Differences",
        empty="The two files say the same.",
    )
    return tables.page(
        table,
        "imports/compare.html",
        files=files,
        before=before,
        after=after,
        answer=_answer(found, before, after, spend=spend),
    )


def _chosen(name: str, files: Sequence[view.ImportRow]) -> view.ImportRow | None:
    """The file the address names; one the person may not see is missing like one that does not exist."""
    text = request.args.get(name)
    if not text:
        return None
    try:
        number = record_number(text)
    except ValueError:
        raise NotFoundError("There is no such import.") from None
    found = next((row for row in files if row.id == number), None)
    if found is None:
        raise NotFoundError(f"There is no import {number}.")
    return found


def _ask(files: Sequence[view.ImportRow]) -> str:
    if len(files) < 2:
        return "Two files of one kind must have been imported before they can be compared."
    return (
        "Choose two files of one kind: what is new, gone, renamed or restated from the first to the second?"
    )


def _answer(
    found: Sequence[Difference], before: view.ImportRow, after: view.ImportRow, *, spend: bool
) -> str:
    if not found:
        return f"{after.file_name} says the same as {before.file_name}."
    names: dict[str, set[str]] = {}
    for each in found:
        names.setdefault(each.what, set()).add(each.name)
    counts = Counter({what: len(members) for what, members in names.items()})
    noun = "supplier" if spend else "row"
    parts = [
        f"{filters.count(counts[what])} {noun}{'' if counts[what] == 1 else 's'} {words}"
        for what, words in (("new", "new"), ("gone", "gone"), ("renamed", "renamed"), ("changed", "changed"))
        if counts[what]
    ]
    months = {each.month for each in found if each.month is not None}
    if months:
        parts.append(f"{len(months)} month{'' if len(months) == 1 else 's'} restated")
    if counts["price per seat"]:
        parts.append(f"the price per seat of {filters.count(counts['price per seat'])} changed")
    return f"From {before.file_name} to {after.file_name}: {', '.join(parts)}."


def _row(number: int, each: Difference, *, spend: bool) -> Row:
    values = {"what": each.what, "name": each.name}
    if each.field:
        values["name"] = f"{each.name}: {each.field.replace('_', ' ')}"
    elif each.month is not None:
        values["name"] = f"{each.name}, {month(each.month)}"
    if not spend:
        return Row(id=str(number), values={**values, "before": each.before, "after": each.after})
    currency = each.currency or ""
    before = each.before if isinstance(each.before, int) else None
    after = each.after if isinstance(each.after, int) else None

    def amount(minor: int | None) -> Amount:
        return Amount(currency=currency, minor=minor, why="not in this file")

    return Row(
        id=str(number),
        values={
            **values,
            "before": amount(before),
            "after": amount(after),
            "change": amount((after or 0) - (before or 0)),
            "note": each.note or None,
        },
    )
