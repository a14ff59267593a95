"""The problems of a file: the list with its cells, and the person's own workbook back with the cells marked."""

from flask import Blueprint, current_app, flash, jsonify, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from blueprints import identity, import_steps, shell, tables
from blueprints.forms import Form, submit
from blueprints.permissions import Action
from mopsaudit import jobs
from mopsaudit.intake import marking, receive, view
from mopsaudit.intake.contract import Kind
from mopsaudit.reporting import Column, Row, ValueKind
from mopsaudit.store.session import reading

blueprint = Blueprint("import_problems", __name__)
blueprint.before_request(import_steps.require_reach)

COLUMNS = (
    Column(key="cell", label="Cell", primary=True),
    Column(key="sheet", label="Sheet"),
    Column(key="message", label="What to do"),
    Column(key="severity", label="Reaches"),
    Column(key="rejected", label="Line held back", kind=ValueKind.FLAG),
    Column(key="code", label="Code", wide=True),
)


@blueprint.get("/imports/<int:import_id>/problems")
def index(import_id: int) -> ResponseReturnValue:
    """Every problem of a file with its cell."""
    with reading() as session:
        found = view.review(session, import_id)
        copy = marking.marked_copy(session, import_steps.data_folder(), import_id)
        job = jobs.job_of(session, marking.MARK_JOB, import_id)
        working = _working(session, import_id)
    failed = copy is None and job is not None and job.status == jobs.JobStatus.FAILED
    rows = [
        Row(
            id=str(number),
            values={
                "cell": each.cell or "–",
                "sheet": each.sheet,
                "message": each.message,
                "severity": each.severity.value,
                "rejected": each.rejected,
                "code": each.code,
            },
        )
        for number, each in enumerate(found.problems)
    ]
    table = tables.of_rows(COLUMNS, rows, name="problems", noun="problem", empty="No problem was found.")
    return tables.page(
        table,
        "imports/problems.html",
        title="Problems",
        answer=_answer(found),
        review=found,
        copy=copy,
        working=working,
        failed=failed,
        form=Form(),
    )


def _answer(found: view.Review) -> str:
    if not found.problems:
        return f"No problem was found in {found.file_name}."
    count = len(found.problems)
    held = sum(each.rejected for each in found.problems)
    text = f"{count:,} problem{'' if count == 1 else 's'} in {found.file_name}"
    if not held:
        return f"{text}; none of them held a line back."
    if found.kind == Kind.SPEND:
        return f"{text}; {held:,} held a line back because its amount cannot be read."
    return f"{text}; {held:,} held a row back."


@blueprint.post("/imports/<int:import_id>/problems/workbook")
def prepare(import_id: int) -> ResponseReturnValue:
    """Make the marked copy: at once for a small file, in the background for a larger one."""
    form = Form()
    back = url_for("import_problems.index", import_id=import_id)
    if not form.validate_on_submit():
        flash("This form has expired. Try again.", "bad")
        return redirect(back, 303)
    with reading() as session:
        _require_names(session, import_id)
        small = marking.at_once(session, import_steps.data_folder(), import_id)
    if small:
        marking.mark(
            import_id, marker=current_app.config["MOPSAUDIT_MARKER"], folder=import_steps.data_folder()
        )
        return redirect(back, 303)

    def work(session: Session) -> str:
        receive.enqueue(session, marking.MARK_JOB, import_id, identity.person().actor, shell.now())
        return back

    return submit(form, work) or redirect(back, 303)


@blueprint.get("/imports/<int:import_id>/problems/workbook.xlsx")
def workbook(import_id: int) -> ResponseReturnValue:
    """The marked copy, or the list alone where the file cannot be marked; back to the list while it is not made."""
    with reading() as session:
        _require_names(session, import_id)
        copy = marking.marked_copy(session, import_steps.data_folder(), import_id)
    if copy is None:
        return redirect(url_for("import_problems.index", import_id=import_id), 303)
    return send_file(
        copy.path,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=copy.name,
    )


@blueprint.get("/imports/<int:import_id>/problems/state")
def state(import_id: int) -> ResponseReturnValue:
    """Whether the marked copy is still being made, as JSON for the progress bar."""
    with reading() as session:
        receive.find_import(session, import_id)
        working = _working(session, import_id)
    return jsonify(done=0, total=None, text="Marking the cells", finished=not working)


def _require_names(session: Session, import_id: int) -> None:
    record = receive.find_import(session, import_id)
    import_steps.require_names(record.kind, record.created_by_id, Action.SEE_NAMES)


def _working(session: Session, import_id: int) -> bool:
    job = jobs.job_of(session, marking.MARK_JOB, import_id)
    return job is not None and job.status in (jobs.JobStatus.QUEUED, jobs.JobStatus.RUNNING)
