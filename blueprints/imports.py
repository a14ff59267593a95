"""Imports: the drop zone, what became of each file, applying it.

The review stands in ``import_steps``, what follows in ``import_changes``, the problems in ``import_problems``.
"""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from pkgutil import resolve_name
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, cast

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import MultipleFileField, SelectField, StringField
from wtforms.validators import Length, Optional

from blueprints import choices, exports, filters, identity, import_changes, import_steps, shell, tables
from blueprints.forms import Form, submit
from blueprints.navigation import Entry, Group
from blueprints.permissions import Action
from mopsaudit import jobs
from mopsaudit.errors import InvalidError
from mopsaudit.facts.file_ties import NOT_COMPARED, FileTie, file_tie, file_ties
from mopsaudit.intake import pairs, receive, stage, view
from mopsaudit.intake.contract import Kind, Limits
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.restated import restated_sums
from mopsaudit.problems import RefusedError
from mopsaudit.reporting import Column, Ref, Row, ValueKind
from mopsaudit.store.session import reading, unit_of_work

blueprint = Blueprint("imports", __name__)
blueprint.before_request(import_steps.require_reach)
navigation = (Entry("imports.index", "Files", Group.IMPORTS, 10),)

COLUMNS = (
    Column(key="file", label="File", kind=ValueKind.REF, primary=True),
    Column(key="kind", label="Kind"),
    Column(key="status", label="Status"),
    Column(key="source", label="Ledger", wide=True),
    Column(key="lines", label="Lines", kind=ValueKind.NUMBER),
    Column(key="totals", label="Imported"),
    Column(key="tie", label="Ties to the ledger"),
    Column(key="problems", label="Problems", kind=ValueKind.NUMBER),
    Column(key="by", label="By", wide=True),
    Column(key="at", label="Received", kind=ValueKind.DATE),
)


class UploadForm(Form):
    """One or several files of a kind."""

    kind = SelectField("What is in them", choices=dict(import_steps.KIND_CHOICES))
    files = MultipleFileField("Files")
    tool = StringField("Tool (usage or credits of one tool)", validators=[Optional(), Length(max=200)])
    unit = SelectField("Business unit", validators=[Optional()])


def _upload_form(session: Session) -> UploadForm:
    form = UploadForm()
    form.unit.choices = [
        ("", "by its columns, else unknown"),
        *((str(i), name) for i, name in choices.units(session)),
    ]
    return form


@blueprint.get("/imports")
def index() -> ResponseReturnValue:
    """Every file received, newest first, under the drop zone."""
    with reading() as session:
        rows = tuple(
            row
            for row in view.list_imports(session)
            if import_steps.own_or_within(row.created_by_id, row.unit_id)
        )
        names = choices.actor_names(session, [row.created_by for row in rows])
        scope = shell.scope()
        ties = file_ties(session, scope)
        form = _upload_form(session)
    table = tables.of_rows(
        # What a ledger says is the whole company's: who sees a unit only has no such column.
        tuple(column for column in COLUMNS if scope.whole or column.key != "tie"),
        [_row(row, names, ties) for row in rows],
        name="imports",
        noun="file",
        empty="No file has been received yet.",
    )
    template = "imports/index.html"
    upload_bytes = shell.settings().upload_bytes
    return tables.page(
        table,
        template,
        title="Files",
        answer=_answer(rows),
        form=form,
        kinds=import_steps.KINDS,
        # What may be sent, which the reader takes.
        limits=replace(Limits(), body=upload_bytes),
        upload_bytes=upload_bytes,
        here="files",
    )


def _tie_words(row: view.ImportRow, ties: Mapping[int, FileTie]) -> str | None:
    """How a spend file that counts ties; None for every other file."""
    if row.kind != Kind.SPEND or row.status != "imported":
        return None
    tie = ties.get(row.id)
    return NOT_COMPARED if tie is None else tie.words


def _row(row: view.ImportRow, names: Mapping[str, str], ties: Mapping[int, FileTie]) -> Row:
    return Row(
        id=str(row.id),
        opens=Ref(kind="import", id=row.id, label=row.file_name),
        values={
            "file": Ref(kind="import", id=row.id, label=row.file_name),
            "kind": row.kind,
            "status": import_steps.STATUS_WORDS.get(row.status, row.status),
            "source": row.source,
            "lines": row.lines,
            "totals": ", ".join(
                f"{filters.grouped_text(amount)} {currency}" for currency, amount in row.totals
            )
            or None,
            "tie": _tie_words(row, ties),
            "problems": row.problems,
            "by": names.get(row.created_by, row.created_by),
            "at": row.created_at.astimezone(shell.zone()).date(),
        },
    )


def _answer(rows: tuple[view.ImportRow, ...]) -> str:
    if not rows:
        return "Drop the workbook finance already has; it is read as it is, and nothing counts before you have seen it."
    waiting = [row for row in rows if row.status in ("ready", "needs-answer")]
    counted = [row for row in rows if row.status == "imported"]
    text = f"{len(counted):,} file{'s count' if len(counted) != 1 else ' counts'} in the reports"
    if waiting:
        text += (
            f"; {len(waiting)} wait{'s' if len(waiting) == 1 else ''} for you, {waiting[0].file_name} first"
        )
    return text + "."


@blueprint.post("/imports")
def upload() -> ResponseReturnValue:
    """Receive files: each one in its own transaction with the job that reads it."""
    with reading() as session:
        form = _upload_form(session)
    files = [each for each in request.files.getlist("files") if each and each.filename]
    if not form.validate_on_submit() or not files:
        if not files:
            flash("Choose at least one file.", "bad")
        return redirect(url_for("imports.index"), 303)
    who = identity.current()
    if who is None:
        abort(403)
    kind = Kind(form.kind.data)
    options = ImportOptions(tool=(form.tool.data or "").strip() or None, unit=form.unit.data or None)
    ids: list[int] = []
    for each in files:
        try:
            with unit_of_work(who.actor, now=shell.now()) as session:
                done = receive.receive(
                    session,
                    kind=kind,
                    file_name=each.filename or "file",
                    stream=cast("BinaryIO", each.stream),
                    options=options,
                    folder=import_steps.data_folder(),
                    settings=shell.settings(),
                    actor=who.actor,
                    now=shell.now(),
                    queue=True,
                )
        except (RefusedError, InvalidError) as error:
            flash(f"{each.filename}: {error}", "bad")
            continue
        if done.import_id is not None:
            ids.append(done.import_id)
        elif done.first_import_id is not None:
            flash(f"{each.filename} is here already: the same bytes were imported before.", "warn")
            ids.append(done.first_import_id)
    if len(ids) == 1:
        return redirect(url_for("imports.show", import_id=ids[0]), 303)
    return redirect(url_for("imports.index"), 303)


@blueprint.get("/imports/<int:import_id>")
def show(import_id: int) -> ResponseReturnValue:
    """One file: its progress, its review, or what became of it."""
    with reading() as session:
        found = view.review(session, import_id)
        work = import_steps.work_of(session, import_id)
        if found.status in ("queued", "reading") or work.applying:
            return render_template("imports/progress.html", review=found, work=work, form=Form())
        unplaced = found.status == "refused" and any(sheet.detail.get("preview") for sheet in found.sheets)
        if found.status in ("ready", "needs-answer") or unplaced:
            by = receive.find_import(session, import_id).created_by_id
            import_steps.require_names(found.kind, by, Action.SEE_NAMES, Action.APPLY)
            return import_steps.review_page(session, found)
        twice = [each for each in pairs.possibly_twice(session) if each.import_id == import_id]
        counts = found.status == "imported" and found.kind == Kind.SPEND
        tie = file_tie(session, shell.scope(), import_id) if counts else None
        undone = import_changes.undone_table(found)
        if undone is not None and undone.asked.export:
            return exports.export(undone)
        return render_template(
            "imports/result.html",
            review=found,
            undone=undone,
            tie=tie,
            twice=twice,
            restated=restated_sums(session, import_id, by=True),
            pairs_form=import_changes.PairsForm(),
            kinds=import_steps.KIND_CHOICES,
            problems=_problem_groups(found),
        )


def _problem_groups(found: view.Review) -> list[tuple[str, str, int, list[Any]]]:
    """Problems by code: severity, code, how many, the first few."""
    groups: dict[str, list[Any]] = {}
    for each in found.problems:
        groups.setdefault(each.code, []).append(each)
    return [(each[0].severity.value, code, len(each), each[:6]) for code, each in groups.items()]


@blueprint.get("/imports/<int:import_id>/state")
def state(import_id: int) -> ResponseReturnValue:
    """Where reading stands, as JSON for the progress bar."""
    with reading() as session:
        record = receive.find_import(session, import_id)
        work = import_steps.work_of(session, import_id)
        return jsonify(
            status="applying" if work.applying else record.status,
            done=work.done,
            total=work.total,
            text=work.text,
            finished=not work.applying and record.status not in ("queued", "reading"),
        )


@blueprint.post("/imports/<int:import_id>/cancel")
def cancel(import_id: int) -> ResponseReturnValue:
    """Give up a file that is not in the ledger; while its lines are being entered, stop that and leave it ready."""
    with reading() as session:
        entering = jobs.job_of(session, receive.APPLY_JOB, import_id)
        if entering is not None and entering.status == jobs.JobStatus.RUNNING:
            jobs.ask_stop(import_steps.data_folder(), entering.id)

    def work(session: Session) -> str:
        for kind in (receive.APPLY_JOB, receive.READ_JOB):
            job = jobs.job_of(session, kind, import_id)
            if job is not None and job.status in (jobs.JobStatus.QUEUED, jobs.JobStatus.RUNNING):
                jobs.ask_cancel(session, job, now=shell.now(), ending=jobs.endings.get(kind))
                break
        else:
            stage.cancel(session, import_id)
        return url_for("imports.show", import_id=import_id)

    return _press(work, said="Cancelled. Nothing of it counts.", import_id=import_id)


@blueprint.post("/imports/<int:import_id>/apply")
def apply(import_id: int) -> ResponseReturnValue:
    """Bring a reviewed file into the ledger, in the background."""

    def work(session: Session) -> str:
        record = receive.find_import(session, import_id, lock=True)
        who = identity.current()
        if record.status == "ready" and who is not None:
            receive.enqueue(session, receive.APPLY_JOB, import_id, who.actor, shell.now())
        elif record.status != "imported":
            raise InvalidError("This file is not ready: answer its questions first.")
        return url_for("imports.show", import_id=import_id)

    return _press(work, said=None, import_id=import_id)


def _press(work: Any, *, said: str | None, import_id: int) -> ResponseReturnValue:
    """A button without fields: what the core refuses is said on the file's page."""
    form = Form()
    if form.validate_on_submit():
        done = submit(form, work, said=said)
        if done is not None:
            return done
    for sentence in form.problems or ["This form has expired. Try again."]:
        flash(sentence, "bad")
    return redirect(url_for("imports.show", import_id=import_id), 303)


@blueprint.get("/imports/<int:import_id>/original")
def original(import_id: int) -> ResponseReturnValue:
    """The person's own file, byte for byte."""
    with reading() as session:
        record = receive.find_import(session, import_id)
        import_steps.require_names(record.kind, record.created_by_id, Action.SEE_NAMES)
        path = receive.original(import_steps.data_folder(), session, record)
        name = record.file_name
    return send_file(path, mimetype="application/octet-stream", as_attachment=True, download_name=name)


@blueprint.get("/imports/templates/<kind>.xlsx")
def template(kind: str) -> ResponseReturnValue:
    """An empty workbook of a kind with its headings and choices."""
    if kind not in tuple(Kind):
        abort(404)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        resolve_name(current_app.config["MOPSAUDIT_TEMPLATES"])(Kind(kind), path)
        content = BytesIO(path.read_bytes())
    return send_file(
        content,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=f"{kind}-template.xlsx",
    )
