"""What is done with a file that is in the ledger: undone, signed off, its doubtful pairs settled."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, identity, import_steps, shell, tables
from blueprints.forms import Form, form_page, submit
from blueprints.permissions import Action
from mopsaudit.errors import InvalidError
from mopsaudit.facts.lines import Origin, origins_of
from mopsaudit.intake import pairs, receive, view
from mopsaudit.intake.cell_changes import CellChange, Changed, cell_changes_of, counted
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.restated import RestatedLine, restated_lines
from mopsaudit.intake.run import undo as undo_import
from mopsaudit.reporting import Amount, Column, Ref, Row, ValueKind, stated
from mopsaudit.store.session import reading

blueprint = Blueprint("import_changes", __name__)
blueprint.before_request(import_steps.require_reach)


class UndoForm(Form):
    """Why an import is undone."""

    reason = StringField("Why", validators=[Optional(), Length(max=400)])


class SignOffForm(Form):
    """Why a difference is accepted."""

    reason = TextAreaField(
        "Why the difference is accepted", validators=[DataRequired("Say why."), Length(max=2000)]
    )


class PairsForm(Form):
    """Whether probable pairs are the same cost."""

    answer = SelectField("These lines are", choices={"same": "the same cost", "different": "different costs"})


@blueprint.route("/imports/<int:import_id>/undo", methods=["GET", "POST"])
def undo(import_id: int) -> ResponseReturnValue:
    """Take an import out of the ledger again; lines other files carry too stay."""
    with reading() as session:
        found = view.review(session, import_id)
    form = UndoForm()
    if form.validate_on_submit():
        who = identity.current()
        if who is None:
            abort(403)
        try:
            done = undo_import(import_id, actor=who.actor, now=shell.now(), reason=form.reason.data or None)
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_undone(done.counts), "good")
            return redirect(url_for("imports.show", import_id=import_id), 303)
    return form_page("imports/undo.html", form, review=found)


UNDONE = (
    Column(key="cell", label="Cell", primary=True),
    Column(key="sheet", label="Sheet"),
    Column(key="what", label="What"),
    Column(key="outcome", label="Outcome"),
    Column(key="why", label="Why"),
)


def undone_table(found: view.Review) -> tables.Table | None:
    """The rows an undo did not simply reverse, each with why; None where there are none."""
    items = (found.undo or {}).get("items", ())
    if not items:
        return None
    rows = [
        Row(
            id=str(number),
            values={
                "cell": each["cell"] or (f"row {each['row']}" if each["row"] else "–"),
                "sheet": each["sheet"],
                "what": each["what"],
                "outcome": each["outcome"].replace("_", " "),
                "why": each["why"],
            },
        )
        for number, each in enumerate(items)
    ]
    return tables.of_rows(UNDONE, rows, name="undone", noun="row", caption="Rows that were not reversed")


def _undone(counts: Mapping[str, int]) -> str:
    """What an undo did, in a sentence."""
    text = f"Undone: {counts.get('reversed', 0):,} lines left the ledger"
    if kept := counts.get("kept", 0):
        text += f", {kept:,} stay because another file holds them or somebody edited them"
    if failed := counts.get("could_not", 0):
        text += f", {failed:,} could not be taken back"
    return text + "."


@blueprint.route("/imports/<int:import_id>/sign-off", methods=["GET", "POST"])
def sign_off(import_id: int) -> ResponseReturnValue:
    """Accept by name what could not be read or does not foot."""
    with reading() as session:
        found = view.review(session, import_id)
    form = SignOffForm()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            view.sign_off(
                session, import_id, person_id=choices.me(), reason=form.reason.data or "", now=shell.now()
            )
            return url_for("imports.show", import_id=import_id)

        done = submit(form, work, said="Signed off.")
        if done is not None:
            return done
    return form_page("imports/sign_off.html", form, review=found)


@blueprint.post("/imports/<int:import_id>/pairs")
def settle(import_id: int) -> ResponseReturnValue:
    """Settle the lines this file may share with another ledger."""
    form = PairsForm()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            pairs.settle_pairs(session, import_id, form.answer.data, choices.me())
            return url_for("imports.show", import_id=import_id)

        done = submit(form, work, said="Settled.")
        if done is not None:
            return done
    return redirect(url_for("imports.show", import_id=import_id), 303)


RESTATED = (
    Column(key="booked", label="Date", kind=ValueKind.DATE),
    Column(key="supplier", label="Supplier", primary=True),
    Column(key="reference", label="Reference"),
    Column(key="description", label="Description", wide=True),
    Column(key="amount", label="No longer counts", kind=ValueKind.MONEY, exact=True, summed=True),
    Column(key="instead", label="Counts instead", kind=ValueKind.MONEY, exact=True),
    Column(key="origin", label="Was read from", kind=ValueKind.REF),
)


@blueprint.get("/imports/<int:import_id>/restated")
def restated(import_id: int) -> ResponseReturnValue:
    """The earlier lines a file replaced by key, each beside what counts in its place."""
    with reading() as session:
        found = view.review(session, import_id)
        lines = restated_lines(session, shell.scope(), import_id)
        origins = origins_of(session, tuple(each.line_id for each in lines))
    table = tables.of_rows(
        RESTATED,
        [_restated_row(each, origins.get(each.line_id, ())) for each in lines],
        name="restated",
        noun="line",
        empty="This file restates no line.",
    )
    count = len(lines)
    answer = (
        f"{found.file_name} restates {count:,} line{'' if count == 1 else 's'} of earlier files; "
        f"{'it stays' if count == 1 else 'they stay'} in history."
        if count
        else f"{found.file_name} restates no line of an earlier file."
    )
    return tables.page(table, "imports/restated.html", review=found, answer=answer)


CHANGES = (
    Column(key="record", label="Record", primary=True),
    Column(key="does", label="What happens"),
    Column(key="field", label="Field"),
    Column(key="old", label="Now"),
    Column(key="new", label="After"),
    Column(key="row", label="Row", kind=ValueKind.NUMBER),
    Column(key="cell", label="Cell"),
    Column(key="sheet", label="Sheet", wide=True),
)
_DOES = {"create": "is created", "change": "changes", "clear": "is cleared", "refuse": "is not taken"}


@blueprint.get("/imports/<int:import_id>/changes")
def changes(import_id: int) -> ResponseReturnValue:
    """Cell by cell what an edited list would change, or has changed: field, old, new; then the rows not taken."""
    with reading() as session:
        found = view.review(session, import_id)
        by = receive.find_import(session, import_id).created_by_id
        import_steps.require_names(found.kind, by, Action.SEE_NAMES, Action.APPLY)
        told = cell_changes_of(session, import_id)
    labels = {each.key: each.label for each in import_steps.fields_of(Kind(found.kind))}
    refused = [each for each in found.problems if each.rejected]
    done = found.status == "imported"
    columns = tuple(replace(each, label="Before") if done and each.key == "old" else each for each in CHANGES)
    rows = [_change_row(number, each, labels) for number, each in enumerate(told)]
    rows += [
        Row(
            id=f"refused:{number}",
            state="refused",
            values={
                "record": "–",
                "does": _DOES["refuse"],
                "new": each.message,
                "row": None,
                "cell": each.cell,
                "sheet": each.sheet,
            },
        )
        for number, each in enumerate(refused)
    ]
    table = tables.of_rows(
        columns, rows, name="changes", noun="cell", empty="No cell of this file says anything new."
    )
    return tables.page(
        table,
        "imports/changes.html",
        review=found,
        answer=changes_answer(counted(told), len(refused), done=done),
    )


def _change_row(number: int, each: CellChange, labels: Mapping[str, str]) -> Row:
    return Row(
        id=str(number),
        state=each.does,
        values={
            "record": each.record,
            "does": _DOES[each.does],
            "field": labels.get(each.field, each.field),
            "old": each.old,
            "new": each.new,
            "row": each.row,
            "cell": each.cell,
            "sheet": each.sheet,
        },
    )


def changes_answer(found: Changed, refused: int, *, done: bool) -> str:
    """What the cells of an edited list come to, in a sentence."""
    parts = []
    if found.created:
        parts.append(f"{_so_many(found.created, 'row')} {'made' if done else 'would make'} a new record")
    if found.edited:
        cells = [
            f"{_so_many(number, 'cell')} {word}"
            for number, word in ((found.changed_cells, "changed"), (found.cleared_cells, "cleared"))
            if number
        ]
        parts.append(
            f"{_so_many(found.edited, 'row')} {'changed' if done else 'would change'} a record "
            f"({', '.join(cells)})"
        )
    text = "; ".join(parts) if parts else f"No cell of this file {'said' if done else 'says'} anything new"
    if refused:
        text += f"; {_so_many(refused, 'row')} {'was' if refused == 1 else 'were'} not taken, with the reason below"
    return f"{text}. What is not in the file stays as it is."


def _so_many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _restated_row(each: RestatedLine, origins: tuple[Origin, ...]) -> Row:
    first = origins[0] if origins else None
    cell = f"{first.file_name} › {first.sheet + ' › ' if first.sheet else ''}{first.cell}" if first else None
    return Row(
        id=str(each.line_id),
        values={
            "booked": stated(each.booked_on, "The file gives no date."),
            "supplier": each.supplier or "no supplier",
            "reference": each.reference,
            "description": each.description,
            "amount": Amount(currency=each.currency, minor=each.minor),
            "instead": Amount(currency=each.instead_currency, minor=each.instead_minor),
            "origin": Ref(kind="import", id=first.import_id, label=cell) if first and cell else None,
        },
    )
