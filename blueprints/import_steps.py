"""The steps of a file on its way into the ledger: where the work stands, and the review page with its edits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Final

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from blueprints import identity, shell
from blueprints.forms import Form, submit
from blueprints.import_grid import grid_of, read_from
from blueprints.permissions import Action, may
from mopsaudit import jobs
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.intake import receive, stage
from mopsaudit.intake.cell_changes import cell_changes_of, counted
from mopsaudit.intake.contract import FieldSpec, Kind, Layout, RowMark
from mopsaudit.intake.edits import Edit, EditKind
from mopsaudit.intake.narrowing import ALL, kept_parts
from mopsaudit.intake.replace_key import DEFAULT_KEY, checked_key, key_words
from mopsaudit.intake.view import Review
from mopsaudit.store.session import reading

blueprint = Blueprint("review", __name__)

#: Kinds whose rows change records that stand: their review says which cells do.
EDITED: Final = (Kind.INVENTORY, Kind.CONTRACTS)

STATUS_WORDS: Final[Mapping[str, str]] = {
    "queued": "waiting to be read",
    "reading": "being read",
    "needs-answer": "has a question",
    "ready": "ready for review",
    "imported": "counts",
    "refused": "refused",
    "cancelled": "cancelled",
    "failed": "failed",
    "undone": "undone",
}

#: Kind → what a person calls it, and what it answers.
KINDS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.SPEND: ("Spend", "accounts payable, ledger, card statement or expense export"),
    Kind.USAGE: ("Usage", "a vendor's user list, licence assignments or last sign-ins"),
    Kind.CONTRACTS: ("Contracts", "terms, quantities, prices, notice periods"),
    Kind.INVENTORY: ("Inventory", "a list of tools with owners and units"),
    Kind.BUDGET: ("Budget", "plan by month, with cost centres and accounts"),
    Kind.ORDERS: ("Purchase orders", "orders with their lines"),
    Kind.PEOPLE: ("People", "the roster: joiners, leavers, units"),
    Kind.BENEFITS: ("Benefits", "realised figures of business cases"),
    Kind.RATES: ("Exchange rates", "rates by currency and day"),
    Kind.CREDITS: ("Credits", "readings of tools bought by consumption: bought, used, expired"),
}
KIND_CHOICES: Final[Mapping[str, str]] = {kind.value: label for kind, (label, _) in KINDS.items()}

ROW_WORDS: Final[Mapping[str, str]] = {
    RowMark.HEADER.value: "heading",
    RowMark.TOTAL.value: "total",
    RowMark.NOTE.value: "note",
    RowMark.IGNORE.value: "ignored",
    RowMark.DATA.value: "line",
}


def require_reach() -> None:
    """Before every page and button of one file: it is of a unit in which the person may do this, or their own.

    A file received without a unit is the whole company's. Any other answers like a missing one.
    """
    import_id = (request.view_args or {}).get("import_id")
    if import_id is None:
        return
    with reading() as session:
        record = receive.find_import(session, import_id)
        if not own_or_within(record.created_by_id, record.unit_id):
            raise NotFoundError(f"There is no import {import_id}.")


def own_or_within(created_by_id: int | None, unit_id: int | None) -> bool:
    """Whether the signed-in person received the file, or may act in its unit (None: the root)."""
    who = identity.current()
    if who is not None and created_by_id == who.person_id:
        return True
    try:
        identity.require_unit(unit_id)
    except NotFoundError:
        return False
    return True


blueprint.before_request(require_reach)


def require_names(kind: str, created_by_id: int | None, *actions: Action) -> None:
    """A file of people's use shows its rows to who received it and to roles that act on names (PRODUCT.md §3.6)."""
    who = identity.current()
    own = who is not None and created_by_id == who.person_id
    if kind in (Kind.USAGE, Kind.PEOPLE) and not own and not any(may(each) for each in actions):
        abort(403, "This file names people; only roles that act on them see its rows.")


def data_folder() -> Path:
    """Where originals are kept."""
    return Path(current_app.config["MOPSAUDIT_DATA"])


def fields_of(kind: Kind) -> Sequence[FieldSpec]:
    """The fields a file of a kind can have; the composer says where they stand."""
    specs: Mapping[Kind, Sequence[FieldSpec]] = resolve_name(current_app.config["MOPSAUDIT_FIELDS"])
    return specs[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Where the background work on a file stands; ``total`` None while nobody knows."""

    applying: bool
    done: int
    total: int | None
    text: str


def work_of(session: Session, import_id: int) -> Work:
    """The work queued or running for an import."""
    applying = jobs.job_of(session, receive.APPLY_JOB, import_id)
    if applying is not None and applying.status in (jobs.JobStatus.QUEUED, jobs.JobStatus.RUNNING):
        return Work(
            applying=True,
            done=applying.progress_done,
            total=applying.progress_total,
            text="Entering the lines",
        )
    reading_job = jobs.job_of(session, receive.READ_JOB, import_id)
    if reading_job is None:
        return Work(applying=False, done=0, total=None, text="Waiting")
    text = "Waiting for its turn" if reading_job.status == jobs.JobStatus.QUEUED else "Reading the file"
    return Work(applying=False, done=reading_job.progress_done, total=reading_job.progress_total, text=text)


def review_page(session: Session, review: Review, *, failed: bool = False) -> ResponseReturnValue:
    """The review: the sheet as it is, the certificate beside it, one button that says what will happen."""
    fields = fields_of(Kind(review.kind))
    labels = {each.key: each.label for each in fields}
    used = [sheet for sheet in review.sheets if sheet.used]
    unused = [sheet for sheet in review.sheets if not sheet.used]
    wanted = request.args.get("sheet", type=int)
    # Where no sheet is used, a person who looks for the table sees one that holds something.
    first = next(
        (sheet for sheet in (*used, *review.sheets) if sheet.used or sheet.detail.get("preview")), None
    )
    shown = next((sheet for sheet in review.sheets if sheet.position == wanted), first)
    decision = review.decision.sheet(shown.name) if review.decision and shown else None
    page = render_template(
        "imports/review.html",
        review=review,
        used=used,
        unused=unused,
        shown=shown,
        decision=decision,
        grid=grid_of(review, shown, labels) if shown else None,
        fields=fields,
        labels=labels,
        read_from=read_from(decision, tuple(labels)) if shown and shown.used else (),
        form=Form(),
        button=button_text(review),
        changed=counted(cell_changes_of(session, review.import_id)) if review.kind in EDITED else None,
        problem_groups=problem_groups(review),
        narrowed=kept_parts(review.parts),
        ledger_id=review.parts.get("ledger"),
        replace_choices=replace_choices,
        kinds=KIND_CHOICES,
        marks=_marks(grouped=decision is not None and decision.layout is Layout.GROUPED),
    )
    return (page, 422) if failed else page


#: Keys a restated file is offered to win by; others are said on the command line.
_KEYS: Final = (DEFAULT_KEY, ("invoice",), ("supplier", "period"), ("supplier", "purchase_order"))


def replace_choices(current: str) -> list[tuple[str, str]]:
    """What may become of earlier lines with a key of the file: value and words, the present choice among them."""
    keys = [",".join(key) for key in map(checked_key, _KEYS)]
    if current and current not in keys:
        keys.append(current)
    words = [(key, f"are replaced where {key_words(key.split(','))} agree") for key in keys]
    return [("", "stay: only what is new enters"), *words]


def _marks(*, grouped: bool) -> list[tuple[str, str]]:
    """What a row can be, in words; in a grouped report the rows between the lines name their group."""
    words = dict(ROW_WORDS) | ({"note": "group"} if grouped else {})
    return [(mark, words[mark]) for mark in ("header", "data", "total", "note", "ignore")]


def problem_groups(review: Review) -> list[tuple[str, int, list[Any]]]:
    """Problems by code in the order found: code, how many, the first three."""
    groups: dict[str, list[Any]] = {}
    for each in review.problems:
        groups.setdefault(each.code, []).append(each)
    return [(code, len(each), each[:3]) for code, each in groups.items()]


def button_text(review: Review) -> str:
    """What the one button will do: ``Import 1,180 lines, 81,000.50 GBP``.

    The sheets of a budget may be versions of one plan: their sums stand by sheet and are not added up. Empty where
    every row is rejected: there is nothing to import.
    """
    count = review.lines.get("imported", 0)
    noun = "line" if review.kind == Kind.SPEND.value else "row"
    if not count and review.lines.get("rejected", 0) == review.lines.get("read", 0) > 0:
        return ""
    if not count and (known := review.lines.get("duplicate", 0)):
        return f"Note {known:,} known {noun}{'' if known == 1 else 's'} as seen again; nothing new"
    text = f"Import {count:,} {noun}{'' if count == 1 else 's'}"
    if review.kind == Kind.BUDGET.value and (sheets := sum(sheet.used for sheet in review.sheets)) > 1:
        return f"{text} of {sheets} sheets"
    sums = " and ".join(f"{_grouped(total['imported'])} {total['currency']}" for total in review.totals)
    return f"{text}, {sums}" if sums else text


def _grouped(amount: str) -> str:
    whole, point, rest = amount.partition(".")
    sign, digits = ("−", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits or 0):,}{point}{rest}"


def edits_from(form: Mapping[str, str], sheet: str | None) -> list[Edit]:
    """The edits a posted review form holds: fields are named ``edit.KIND.TARGET``; unchanged ones are left out."""
    found = []
    for name, value in form.items():
        if not name.startswith("edit."):
            continue
        _, kind, target = (*name.split(".", 2), "")[:3]
        if kind not in tuple(EditKind) or form.get(f"was.{kind}.{target}", None) == value:
            continue
        found.append(Edit(kind=EditKind(kind), value=value, sheet=sheet, target=target))
    return found


def narrowing_edits(form: MultiDict[str, str]) -> list[Edit]:
    """The edits of the lists of cost centres and accounts: what is ticked and typed; none of a list is everything."""
    found = []
    for kind, name in ((EditKind.COST_CENTRES, "cost_centres"), (EditKind.GL_ACCOUNTS, "gl_accounts")):
        if f"narrow.{name}" not in form:
            continue
        wanted = chosen_parts(form, name)
        if wanted != form.getlist(f"was.{name}"):
            found.append(Edit(kind=kind, value="\n".join(wanted or [ALL]) + "\n"))
    return found


def chosen_parts(form: MultiDict[str, str], name: str) -> list[str]:
    """What is ticked of a list, and typed beside it, each once in order."""
    typed = form.get(f"more.{name}", "").split(";")
    return sorted({" ".join(text.split()) for text in (*form.getlist(f"only.{name}"), *typed)} - {""})


@blueprint.post("/imports/<int:import_id>/read")
def edit(import_id: int) -> ResponseReturnValue:
    """Read the file differently: columns, rows, sheets, sign, tax, currency, ledger, answers."""
    form = Form()
    who = identity.current()
    name = request.form.get("sheet_name")
    edits = edits_from(request.form, name if request.form.get("has_name") == "1" else None)
    edits += narrowing_edits(request.form)
    back = url_for("imports.show", import_id=import_id, sheet=request.form.get("sheet") or None)
    if not form.validate_on_submit() or who is None:
        flash("This form has expired. Try again.", "bad")
        return redirect(back, 303)
    if not edits:
        flash("Nothing was changed.", "warn")
        return redirect(back, 303)
    version = request.form.get("version", type=int)

    def work(session: Session) -> str:
        stage.edit_decision(session, import_id, version, edits, actor=who.actor, now=shell.now())
        return back

    try:
        done = submit(form, work)
    except InvalidError as error:
        flash(str(error), "bad")
        return redirect(back, 303)
    if done is not None:
        return done
    for sentence in form.problems:
        flash(sentence, "bad")
    return redirect(back, 303)


@blueprint.post("/imports/<int:import_id>/kind")
def read_as(import_id: int) -> ResponseReturnValue:
    """Read the same bytes as another kind of file; what waits here for a person is given up for it."""
    form = Form()
    who = identity.current()
    kind = request.form.get("kind", "")
    here = url_for("imports.show", import_id=import_id)
    if not form.validate_on_submit() or who is None or kind not in KIND_CHOICES:
        flash("This form has expired. Try again.", "bad")
        return redirect(here, 303)

    def work(session: Session) -> str:
        record = receive.find_import(session, import_id)
        require_names(record.kind, record.created_by_id, Action.SEE_NAMES, Action.APPLY)
        done = stage.read_as(
            session,
            import_id,
            Kind(kind),
            folder=data_folder(),
            settings=shell.settings(),
            actor=who.actor,
            now=shell.now(),
        )
        return url_for("imports.show", import_id=done)

    try:
        done = submit(form, work)
    except InvalidError as error:
        flash(str(error), "bad")
        return redirect(here, 303)
    for sentence in form.problems:
        flash(sentence, "bad")
    return redirect(here, 303) if done is None else done
