"""Backups made, proven, fetched and brought back from the page, and what the data takes on disk."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from markupsafe import Markup
from sqlalchemy.orm import Session
from wtforms import StringField
from wtforms.validators import DataRequired, Length, ValidationError

from blueprints import choices, exports, filters, identity, shell, tables
from blueprints.forms import Form, form_page, submit
from blueprints.limits import BACKUP_BYTES
from blueprints.navigation import Entry, Group
from mopsaudit.errors import NotFoundError
from mopsaudit.reporting import Column, Missing, Row, ValueKind
from mopsaudit.store.session import reading, unit_of_work
from mopsaudit.upkeep import copies, storage
from mopsaudit.upkeep import work as jobs_of_upkeep

blueprint = Blueprint("upkeep", __name__)
navigation = (Entry("upkeep.index", "Upkeep", Group.ORGANISATION, 90),)

#: What is typed before a backup is brought back.
WORD: Final = "restore"
_DOING: Final = {
    jobs_of_upkeep.BACKUP_JOB: "A backup is being made",
    jobs_of_upkeep.PROVE_JOB: "A backup is being checked",
    jobs_of_upkeep.RESTORE_JOB: "A backup is being restored; then everybody is signed out",
}
#: Storage: a second table of the page, so its parameters have a prefix.
_STORAGE: Final = "storage."
_SIZE: Final = Column(
    key="size",
    label="Size (kB)",
    kind=ValueKind.NUMBER,
    summed=True,
    what="1 kB is 1,000 bytes; a part of one counts as one.",
)
COPIES: Final = (
    Column(key="name", label="Backup", primary=True),
    Column(key="check", label="Check", unbroken=True),
    Column(key="at", label="As of", kind=ValueKind.DATE),
    Column(key="time", label="Time", unbroken=True, what="In your time zone."),
    _SIZE,
    Column(key="said", label="What is known"),
    Column(key="rows", label="Rows", kind=ValueKind.NUMBER, wide=True),
    Column(key="files", label="Originals", kind=ValueKind.NUMBER, wide=True),
)
PARTS: Final = (
    Column(key="part", label="Part", primary=True),
    _SIZE,
    Column(key="files", label="Files", kind=ValueKind.NUMBER, summed=True),
    Column(key="what", label="What it is"),
)


class StepForm(Form):
    """A step that needs nothing typed."""


class RestoreForm(Form):
    """The word that says it is meant."""

    word = StringField(
        f"Type “{WORD}” to say that you mean it", validators=[DataRequired("Type the word."), Length(max=40)]
    )

    def validate_word(self, field: StringField) -> None:
        """The word itself, in any case."""
        if (field.data or "").strip().casefold() != WORD:
            raise ValidationError(f"Type the word “{WORD}”; nothing was changed.")


class UploadForm(Form):
    """A backup from elsewhere."""

    file = FileField("Backup file", validators=[FileRequired("Choose the backup file.")])


def size_words(size: int) -> str:
    """Bytes as a person reads them: 1 kB is 1,000 bytes."""
    amount, unit = float(size), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if amount < 1000 or unit == "TB":
            break
        amount /= 1000
    return f"{int(amount)} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"


def data_folder() -> Path:
    """The data folder."""
    return Path(current_app.config["MOPSAUDIT_DATA"])


def _whole() -> None:
    """The whole company's data: a person who administers a part of it finds nothing here."""
    identity.require_unit(None)


def _state(session: Session) -> dict[str, Any]:
    job = jobs_of_upkeep.underway(session)
    if job is None:
        return {"finished": True, "text": "", "done": 0, "total": None}
    waiting = job.status == "queued"
    text = "Waiting for the worker to be free" if waiting else _DOING[job.kind]
    return {"finished": False, "text": text, "done": job.progress_done, "total": job.progress_total}


@blueprint.get("/settings/upkeep")
def index() -> ResponseReturnValue:
    """Backups, what is under way, and storage; both tables can be exported."""
    _whole()
    kept = copies.list_copies(data_folder())
    with reading() as session:
        parts = storage.storage_used(session, data_folder())
        state = _state(session)
        failed = jobs_of_upkeep.last_failure(session) if state["finished"] else None
        restored = jobs_of_upkeep.last_restore(session)
        told = (
            None
            if restored is None
            else {
                "at": restored.at,
                "of": datetime.fromisoformat(str((restored.after or {})["backup_of"])),
                "by": choices.actor_names(session, [restored.actor]).get(restored.actor, restored.actor),
            }
        )
        said = None if failed is None else failed.message
    used = sum(part.bytes for part in parts)
    form = StepForm(formdata=None)
    storage_table = tables.of_rows(
        PARTS,
        [_part_row(number, part) for number, part in enumerate(parts)],
        name="storage",
        prefix=_STORAGE,
        noun="part",
        caption="Storage",
    )
    if storage_table.asked.export:
        return exports.export(storage_table)
    return tables.page(
        tables.of_rows(
            COPIES,
            [_copy_row(each) for each in kept],
            name="backups",
            noun="backup",
            caption="Backups",
            empty="No backup is kept yet. Making one runs in the background; nobody has to stop working.",
            row_actions=_steps_of(form),
        ),
        "settings/upkeep.html",
        form=form,
        storage=storage_table,
        state=state,
        said=said,
        restored=told,
        answer=_answer(kept, used),
        place=data_folder() / "backups",
    )


def _kilobytes(size: int) -> int:
    """Whole kB, a part of one counted as one: what is there is never nothing."""
    return -(-size // 1000)


def _copy_row(each: copies.Copy) -> Row:
    """A kept backup with its day and time where the person is, and what is known of it in words."""
    check = (
        "not usable"
        if each.fault or each.at is None
        else {True: "whole", False: "differs", None: "not checked"}[each.whole]
    )
    said = [each.fault] if each.fault else []
    if each.at is not None and each.whole and each.checked_at:
        said.append(f"Checked {filters.moment_text(each.checked_at)}.")
    said += [] if each.whole else list(each.differences[:1])
    if each.at is not None and not each.fits:
        said.append("Of another installation.")
    unread = Missing(why="it is not a backup that can be read")
    local = each.at.astimezone(shell.own_zone()) if each.at else None
    return Row(
        id=each.name,
        values={
            "name": each.name,
            "check": check,
            "at": local.date() if local else unread,
            "time": f"{local:%H:%M}" if local else None,
            "size": _kilobytes(each.size),
            "said": " ".join(said) or None,
            "rows": each.rows if each.at else unread,
            "files": each.files if each.at else unread,
        },
        detail={"usable": each.at is not None, "checked": each.whole is not None},
    )


def _steps_of(form: Form) -> Callable[[Row], str]:
    """What may be done with a backup, at the end of its row; one token of the page, told apart by the addresses."""

    def of_row(row: Row) -> str:
        page = render_template("settings/backup_actions.html", row=row, form=form)
        return Markup(page)  # noqa: S704  # our own template, escaped as it was rendered

    return of_row


def _part_row(number: int, part: storage.Part) -> Row:
    return Row(
        id=str(number),
        values={
            "part": part.label,
            "size": _kilobytes(part.bytes),
            "files": Missing(why="not counted in files") if part.files is None else part.files,
            "what": part.what,
        },
    )


def _refused(form: Form) -> ResponseReturnValue:
    """Back to the page with what was said against a step."""
    for sentence in form.problems or ["This form has expired. Try again."]:
        flash(sentence, "bad")
    return redirect(url_for("upkeep.index"), 303)


def _answer(kept: tuple[copies.Copy, ...], used: int) -> str:
    room = f"The data takes {size_words(used)} on disk."
    good = [each for each in kept if each.at is not None]
    if not good:
        return f"There is no backup yet; make the first one now. {room}"
    newest = good[0]
    days = (shell.now() - newest.at).days if newest.at else 0
    age = "less than a day" if days < 1 else "1 day" if days == 1 else f"{days} days"
    state = {True: "passed its check", False: "did not pass its check", None: "is not checked yet"}[
        newest.whole
    ]
    count = "1 backup is kept" if len(good) == 1 else f"{len(good)} backups are kept"
    return f"{count}; the newest is {age} old and {state}. {room}"


@blueprint.get("/settings/upkeep/state")
def state() -> ResponseReturnValue:
    """Where the work stands, as JSON for the progress bar."""
    _whole()
    with reading() as session:
        return jsonify(_state(session))


@blueprint.post("/settings/upkeep/backups")
def make() -> ResponseReturnValue:
    """Queue a backup; pressed twice it is one."""
    _whole()
    form = StepForm()

    def work(session: Session) -> str:
        jobs_of_upkeep.ask_backup(session, actor=identity.person().actor, now=shell.now())
        return url_for("upkeep.index")

    return submit(form, work) or _refused(form)


@blueprint.post("/settings/upkeep/backups/<name>/check")
def prove(name: str) -> ResponseReturnValue:
    """Queue the check of a kept backup."""
    _whole()
    copies.copy_path(data_folder(), name)
    form = StepForm()

    def work(session: Session) -> str:
        jobs_of_upkeep.ask_proof(session, name, actor=identity.person().actor, now=shell.now())
        return url_for("upkeep.index")

    return submit(form, work) or _refused(form)


@blueprint.post("/settings/upkeep/backups/<name>/file")
def download(name: str) -> ResponseReturnValue:
    """The file itself; who fetched it stands in the history, since it holds the keys."""
    _whole()
    path = copies.copy_path(data_folder(), name)
    with unit_of_work(identity.person().actor, now=shell.now()) as session:
        jobs_of_upkeep.note_step(session, "fetch_backup", name)
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=name)


@blueprint.route("/settings/upkeep/backups/<name>/delete", methods=["GET", "POST"])
def delete(name: str) -> ResponseReturnValue:
    """Delete a kept backup."""
    _whole()
    copy = copies.find_copy(data_folder(), name)
    form = StepForm()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            jobs_of_upkeep.note_step(session, "delete_backup", name)
            copies.remove_copy(data_folder(), name)
            return url_for("upkeep.index")

        done = submit(form, work, said="The backup is deleted.")
        if done is not None:
            return done
    return form_page(
        "confirm.html",
        form,
        heading="Delete a backup",
        sentence=f"{name}, {size_words(copy.size)}. It cannot be brought back; the data itself stays as it is.",
        action="Delete the backup",
        back=url_for("upkeep.index"),
        trail=[("Upkeep", url_for("upkeep.index"))],
    )


@blueprint.route("/settings/upkeep/backups/<name>/restore", methods=["GET", "POST"])
def restore(name: str) -> ResponseReturnValue:
    """Bring a kept backup back, in the background, after a word was typed."""
    _whole()
    copy = copies.find_copy(data_folder(), name)
    if copy.at is None:
        raise NotFoundError("There is no such backup.")
    form = RestoreForm()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            actor = identity.person().actor
            jobs_of_upkeep.ask_restore(session, data_folder(), name, actor=actor, now=shell.now())
            return url_for("upkeep.index")

        done = submit(form, work)
        if done is not None:
            return done
    return form_page("settings/restore.html", form, copy=copy, size=size_words)


@blueprint.route("/settings/upkeep/upload", methods=["GET", "POST"])
def upload() -> ResponseReturnValue:
    """Keep a backup somebody has; it is checked in the background before anybody restores it."""
    _whole()
    form = UploadForm()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            stream = cast("Any", form.file.data).stream
            copy = copies.receive_copy(data_folder(), stream, now=shell.now())
            actor = identity.person().actor
            jobs_of_upkeep.ask_proof(session, copy.name, actor=actor, now=shell.now())
            jobs_of_upkeep.note_step(session, "receive_backup", copy.name)
            return url_for("upkeep.index")

        done = submit(form, work, said="The backup is kept; it is being checked.")
        if done is not None:
            return done
    return form_page(
        "settings/upload_backup.html",
        form,
        largest=size_words(BACKUP_BYTES),
        place=data_folder() / "backups",
    )
