"""The ledgers files come from, and what of each is in scope: narrowed by cost centre or account, widened again."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from blueprints import filters, identity, shell, tables
from blueprints.forms import Form, VersionedForm, form_page, submit
from blueprints.import_steps import chosen_parts, data_folder
from blueprints.navigation import Entry, Group
from mopsaudit import jobs, organisation
from mopsaudit.errors import NotFoundError
from mopsaudit.intake import ledgers, scope_changes
from mopsaudit.intake.ledgers import LedgerRow
from mopsaudit.intake.narrowing import Narrowing
from mopsaudit.organisation import HistoryEntry
from mopsaudit.reporting import Column, Ref, Row, ValueKind
from mopsaudit.store.session import reading

blueprint = Blueprint("ledgers", __name__)
navigation = (Entry("ledgers.index", "Ledgers", Group.IMPORTS, 30),)

KINDS = {
    "ap": "accounts payable",
    "gl": "general ledger",
    "card": "card statement",
    "expense": "expense claims",
}
COLUMNS = (
    Column(key="name", label="Ledger", kind=ValueKind.REF, primary=True),
    Column(key="kind", label="Kind"),
    Column(key="files", label="Files", kind=ValueKind.NUMBER),
    Column(key="lines", label="Lines in scope", kind=ValueKind.NUMBER, summed=True),
    Column(key="left_out", label="Lines out of scope", kind=ValueKind.NUMBER, summed=True),
    Column(key="sums", label="Out of scope"),
    Column(key="only", label="Only"),
)


class NarrowingForm(VersionedForm):
    """Which cost centres and accounts are in scope; the lists are the page's own."""


@blueprint.before_request
def _whole_company() -> None:
    """A ledger is the whole company's: any other unit's people see none, as if it were missing."""
    identity.require_unit(None)


@blueprint.get("/ledgers")
def index() -> ResponseReturnValue:
    """All ledgers with what is in scope of each."""
    with reading() as session:
        found = ledgers.ledgers(session)
    table = tables.of_rows(
        COLUMNS,
        tuple(_row(each) for each in found),
        name="ledgers",
        noun="ledger",
        caption="Ledgers",
        empty="No spend file has been imported yet; its ledger comes here with it.",
    )
    return tables.page(table, "ledgers/index.html", answer=_answer(found))


def _answer(found: tuple[LedgerRow, ...]) -> str:
    if not found:
        return "A ledger comes with its first spend file."
    left = sum(each.left_out for each in found)
    text = f"{filters.count(len(found))} ledger{'' if len(found) == 1 else 's'}"
    if not left:
        return f"{text}; every line is in scope."
    return (
        f"{text}; {filters.count(left)} line{' is' if left == 1 else 's are'} out of scope and in no figure."
    )


def _sums(each: LedgerRow) -> str | None:
    return (
        ", ".join(f"{filters.exact_text(minor, code)} {code}" for code, minor in each.left_out_sums) or None
    )


def _row(each: LedgerRow) -> Row:
    only = []
    for label, values in (
        ("cost centres", each.narrowing.cost_centres),
        ("accounts", each.narrowing.gl_accounts),
    ):
        if values:
            more = f" and {len(values) - 4} more" if len(values) > 4 else ""
            only.append(f"{label} {', '.join(values[:4])}{more}")
    return Row(
        id=str(each.id),
        values={
            "name": Ref(kind="ledger", id=each.id, label=each.name),
            "kind": KINDS.get(each.kind, each.kind),
            "files": each.imports,
            "lines": each.lines,
            "left_out": each.left_out,
            "sums": _sums(each),
            "only": "; ".join(only) or "all of it",
        },
        opens=Ref(kind="ledger", id=each.id, label=each.name),
    )


@blueprint.route("/ledgers/<int:ledger_id>", methods=["GET", "POST"])
def show(ledger_id: int) -> ResponseReturnValue:
    """One ledger: what is in scope of it, changed for all its lines."""
    with reading() as session:
        row = next((each for each in ledgers.ledgers(session) if each.id == ledger_id), None)
        if row is None:
            raise NotFoundError("There is no such ledger.")
        cost_centres, gl_accounts = ledgers.ledger_parts(session, ledger_id)
        entries = _told(organisation.history(session, "source_ledger", ledger_id))
        state = _progress(session, ledger_id)
        last = jobs.job_of(session, scope_changes.NARROW_JOB, ledger_id)
    form = NarrowingForm(data={"version": row.version})
    if form.validate_on_submit():
        said: list[str] = []
        wanted = Narrowing.of(
            chosen_parts(request.form, "cost_centres"), chosen_parts(request.form, "gl_accounts")
        )

        def work(session: Session) -> str:
            change = scope_changes.change_scope(
                session,
                ledger_id,
                form.seen_version,
                wanted,
                window_days=shell.settings().pair_window_days,
                actor=identity.person().actor,
                now=shell.now(),
            )
            if change.moved is not None:
                said.append(scope_changes.told(change.moved))
            return url_for("ledgers.show", ledger_id=ledger_id)

        done = submit(form, work)
        if done is not None:
            if said:
                flash(said[0], "good")
            return done
    return form_page(
        "ledgers/show.html",
        form,
        ledger=row,
        narrowing=row.narrowing,
        cost_centres=cost_centres,
        gl_accounts=gl_accounts,
        entries=entries,
        answer=_state(row),
        state=state,
        last=last,
    )


def _progress(session: Session, ledger_id: int) -> dict[str, Any]:
    """Where a change of the ledger's scope stands."""
    job = scope_changes.under_way(session, ledger_id)
    if job is None:
        return {"finished": True, "text": "", "done": 0, "total": None}
    text = "Waiting for the worker to be free"
    if job.status == jobs.JobStatus.RUNNING:
        lines = filters.count(int(job.payload["lines"]))
        text = f"Looking at {lines} lines and moving those that leave or come back"
    return {"finished": False, "text": text, "done": 0, "total": None}


@blueprint.get("/ledgers/<int:ledger_id>/state")
def state(ledger_id: int) -> ResponseReturnValue:
    """Where a change of a ledger's scope stands, as JSON for the progress bar."""
    with reading() as session:
        ledgers.find_ledger(session, ledger_id)
        return jsonify(_progress(session, ledger_id))


@blueprint.post("/ledgers/<int:ledger_id>/cancel")
def cancel(ledger_id: int) -> ResponseReturnValue:
    """Stop a change of a ledger's scope; until its commit nothing has moved."""
    with reading() as session:
        running = scope_changes.under_way(session, ledger_id)
        if running is not None and running.status == jobs.JobStatus.RUNNING:
            jobs.ask_stop(data_folder(), running.id)

    def work(session: Session) -> str:
        ledgers.find_ledger(session, ledger_id)
        job = scope_changes.under_way(session, ledger_id)
        if job is not None:
            jobs.ask_cancel(session, job, now=shell.now(), ending=jobs.endings.get(job.kind))
        return url_for("ledgers.show", ledger_id=ledger_id)

    done = submit(Form(), work)
    if done is None:
        raise NotFoundError("There is nothing to stop.")
    return done


def _told(entries: tuple[HistoryEntry, ...]) -> tuple[HistoryEntry, ...]:
    """The history with what was in scope in words."""
    return tuple(
        replace(
            entry,
            changes=tuple(
                replace(
                    each, field="In scope", before=_scope_words(each.before), after=_scope_words(each.after)
                )
                if each.field == "narrowing"
                else each
                for each in entry.changes
            ),
        )
        for entry in entries
    )


def _scope_words(kept: Any) -> str:
    found = Narrowing.from_json(kept if isinstance(kept, dict) else None)
    parts = [
        f"{label} {', '.join(values)}"
        for label, values in (("cost centres", found.cost_centres), ("accounts", found.gl_accounts))
        if values
    ]
    return "only " + "; ".join(parts) if parts else "all of it"


def _state(row: LedgerRow) -> str:
    lines = f"{filters.count(row.lines)} line{'' if row.lines == 1 else 's'}"
    if not row.left_out:
        return f"All {lines} of this ledger are in scope."
    return f"{lines} in scope; {filters.count(row.left_out)} out of scope ({_sums(row)}), in no figure."
