"""The review queue of suppliers: accept what is proposed, choose, or say what it is, for all lines at once."""

from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField
from wtforms.validators import Optional

from blueprints import choices, filters, identity, shell
from blueprints.forms import Form, submit
from blueprints.navigation import Entry, Group
from mopsaudit.errors import NotFoundError
from mopsaudit.intake import acceptance, last_decision, settling, suppliers
from mopsaudit.intake.suppliers import LIKELY, POSSIBLE, QueueRow
from mopsaudit.inventory.from_catalogue import suggest_products
from mopsaudit.organisation import history
from mopsaudit.store.session import reading

blueprint = Blueprint("suppliers", __name__)
navigation = (Entry("suppliers.index", "Suppliers", Group.IMPORTS, 20),)

PAGE: Final = 25
_KINDS: Final = ("tool", "marketing", "not_marketing", "later", "back", "open")
MARKETING: Final = tuple((each.value, each.value.replace("_", " ")) for each in settling.NOT_A_TOOL)
BANDS: Final = (
    ("likely", "Likely marketing"),
    ("possible", "Possibly"),
    ("other", "Others"),
    ("all", "All open"),
    ("later", "Later"),
    ("settled", "Settled"),
)
SETTLED_WORDS: Final = {
    "tool": "a tool",
    "marketing": "marketing, not a tool",
    "not_marketing": "not marketing",
    "split": "split over tools",
    "open": "open",
}


class ChooseForm(Form):
    """The tool a supplier stands for."""

    tool_id = SelectField("A tool we have", coerce=choices.optional_id, validators=[Optional()])


def _band(row: QueueRow) -> str:
    return "likely" if row.likely_mille >= LIKELY else "possible" if row.likely_mille >= POSSIBLE else "other"


def _holds(row: QueueRow, text: str) -> bool:
    words = text.casefold().split()
    names = " ".join(
        (row.name, *row.spellings, row.proposal_vendor or "", row.proposal_tool or "")
    ).casefold()
    return all(word in names for word in words)


@blueprint.get("/suppliers")
def index() -> ResponseReturnValue:
    """The queue: likely marketing first, the largest money first."""
    scope = shell.scope()
    band = request.args.get("band", "likely")
    text = request.args.get("q", "").strip()[:100]
    with reading() as session:
        progress = suppliers.progress(session, scope)
        open_rows = suppliers.queue(session, scope)
        put_off = suppliers.queue(session, scope, later=True)
        settled = suppliers.queue(session, scope, settled=True) if band == "settled" else ()
        rows = {"settled": settled, "later": put_off}.get(band, open_rows)
        last = last_decision.last_decision(session, choices.me())
        counts = {
            name: sum(1 for row in open_rows if _band(row) == name)
            for name in ("likely", "possible", "other")
        }
        counts |= {"all": len(open_rows), "later": len(put_off)}
        if band == "likely" and not counts["likely"] and "band" not in request.args:
            band = "all"
        chosen = [row for row in rows if band in ("all", "settled", "later") or _band(row) == band]
        if text:
            chosen = [row for row in chosen if _holds(row, text)]
        page = max(1, min(request.args.get("page", 1, type=int), -(-len(chosen) // PAGE) or 1))
        shown = chosen[(page - 1) * PAGE : page * PAGE]
        examples = {row.supplier_id: suppliers.example_lines(session, row.supplier_id, 3) for row in shown}
        sure = sum(1 for row in open_rows if row.sure and row.proposal_product_id)
    return render_template(
        "suppliers/index.html",
        rows=shown,
        examples=examples,
        found=len(chosen),
        page=page,
        pages=max(1, -(-len(chosen) // PAGE)),
        band=band,
        bands=BANDS,
        counts=counts,
        text=text,
        progress=progress,
        answer=_answer(progress, counts, scope.currency),
        currency=scope.currency,
        sure=sure,
        last=last,
        whole=scope.whole,
        marketing=MARKETING,
        words=SETTLED_WORDS,
        form=Form(),
    )


def _answer(progress: suppliers.Progress, counts: dict[str, int], currency: str) -> str:
    if not progress.suppliers:
        return "No spend has been imported yet; suppliers come here with the first file."
    if not progress.suppliers_open:
        return "Every supplier is settled."
    share = progress.settled_percent
    text = f"{progress.suppliers_open:,} suppliers wait"
    if counts["likely"]:
        text += f", {counts['likely']:,} of them likely marketing tools"
    return f"{text}; {share or 0} % of the money in {currency} is settled."


@blueprint.get("/suppliers/<int:supplier_id>")
def show(supplier_id: int) -> ResponseReturnValue:
    """One supplier: spellings, lines, what it may be, what it is."""
    with reading() as session:
        return _page(session, supplier_id, ChooseForm(formdata=None))


def _find(session: Session, supplier_id: int) -> QueueRow:
    scope = shell.scope()
    row = suppliers.placed_row(session, scope, supplier_id)
    if row is None:
        raise NotFoundError("There is no such supplier.")
    return row


def _page(session: Session, supplier_id: int, form: ChooseForm) -> ResponseReturnValue:
    row = _find(session, supplier_id)
    typed = request.args.get("q", "")
    form.tool_id.choices = choices.tools(session)
    page = render_template(
        "suppliers/show.html",
        row=row,
        lines=suppliers.example_lines(session, supplier_id, 10),
        near=suppliers.suggestions(session, supplier_id),
        stands=settling.preview_settle(session, supplier_id, settling.Answer(kind="open")).before,
        products=suggest_products(session, typed) if typed else (),
        typed=typed,
        form=form,
        marketing=MARKETING,
        words=SETTLED_WORDS,
        currency=shell.scope().currency,
        whole=shell.scope().whole,
        entries=history(session, "supplier", supplier_id),
        names=choices.names(),
    )
    return (page, 422) if form.problems else page


def _posted() -> settling.Answer:
    """The answer a button stands for."""
    kind = request.form.get("kind", "")
    if kind not in _KINDS:
        abort(400)
    days = request.form.get("days", 30, type=int)
    return settling.Answer(
        kind=kind,
        tool_id=request.form.get("tool_id", type=int),
        product_id=request.form.get("product_id") or None,
        spend_type=request.form.get("spend_type") or None,
        until=shell.today() + timedelta(days=max(1, min(days, 366))) if kind == "later" else None,
    )


@blueprint.post("/suppliers/<int:supplier_id>/settle")
def settle(supplier_id: int) -> ResponseReturnValue:
    """Settle a supplier; all its lines, past and future, follow."""
    form = ChooseForm()
    answer = _posted()
    version = request.form.get("version", 0, type=int)
    back = request.form.get("back") == "queue"
    scope = shell.scope()
    with reading() as session:
        row = _find(session, supplier_id)
        form.tool_id.choices = choices.tools(session)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            settling.settle(
                session,
                supplier_id,
                version,
                answer,
                person_id=choices.me(),
                now=shell.now(),
                today=shell.today(),
                settings=scope.settings,
            )
            if back:
                return url_for(
                    "suppliers.index", band=request.form.get("band"), q=request.form.get("q") or None
                )
            return url_for("suppliers.show", supplier_id=supplier_id)

        done = submit(form, work, said=_said(row, answer))
        if done is not None:
            return done
    if back:
        for sentence in form.problems or ["This form has expired. Try again."]:
            flash(sentence, "bad")
        return redirect(url_for("suppliers.index", band=request.form.get("band")), 303)
    with reading() as session:
        return _page(session, supplier_id, form)


def _said(row: QueueRow, answer: settling.Answer) -> str:
    lines = f"{row.amounts.lines:,} line{'s' if row.amounts.lines != 1 else ''}"
    match answer.kind:
        case "back":
            return f"{row.name} is in the queue again."
        case "later":
            back = filters.day_text(answer.until) if answer.until else "later"
            return f"{row.name} comes back on {back}."
        case "open":
            return f"{row.name} is open again."
        case _:
            return f"{row.name} is settled; {lines} follow, and so will future ones."


def _mille(text: str) -> int:
    """The score of 1,000 chosen; the sure threshold where none or nonsense came."""
    sure = shell.scope().settings.match_sure_mille
    return max(sure, min(1000, int(text))) if text.isascii() and text.isdigit() and len(text) < 6 else sure


@blueprint.get("/suppliers/accept")
def acceptable() -> ResponseReturnValue:
    """What accepting every proposal above a score would settle, before it does."""
    scope = shell.scope()
    mille = _mille(request.args.get("from_mille", ""))
    with reading() as session:
        every = acceptance.acceptable(session, scope, scope.settings.match_sure_mille)
    rows = [row for row in every if row.score_mille >= mille]
    steps = sorted({scope.settings.match_sure_mille, 950, 980, 1000, mille})
    return render_template(
        "suppliers/accept.html",
        rows=rows,
        mille=mille,
        steps=[
            (step, sum(1 for row in every if row.score_mille >= step))
            for step in steps
            if step >= scope.settings.match_sure_mille
        ],
        lines=sum(row.amounts.lines for row in rows),
        base_minor=sum(row.amounts.base_minor for row in rows),
        currency=scope.currency,
        form=Form(),
    )


@blueprint.post("/suppliers/undo")
def undo() -> ResponseReturnValue:
    """Take one's last decision back: its suppliers and all their lines stand as before."""
    form = Form()
    scope = shell.scope()
    try:
        at = datetime.fromisoformat(request.form.get("at", ""))
    except ValueError:
        abort(400)
    if at.tzinfo is None:
        abort(400)
    said: list[str] = []
    if form.validate_on_submit():

        def work(session: Session) -> str:
            back = last_decision.undo_last_decision(session, choices.me(), at, scope.settings)
            names = back[0].name if len(back) == 1 else f"{len(back):,} suppliers"
            said.append(
                f"The last decision is taken back: {names} stand{'s' if len(back) == 1 else ''} as before."
            )
            return url_for("suppliers.index")

        done = submit(form, work)
        if done is not None:
            for sentence in said:
                flash(sentence, "good")
            return done
    for sentence in form.problems or ["This form has expired. Try again."]:
        flash(sentence, "bad")
    return redirect(url_for("suppliers.index"), 303)


@blueprint.post("/suppliers/accept")
def accept() -> ResponseReturnValue:
    """Accept every proposal above a score in one go."""
    form = Form()
    scope = shell.scope()
    mille, expected = _mille(request.form.get("from_mille", "")), request.form.get("expected", type=int)
    counted: list[int] = []
    if identity.current() is not None and form.validate_on_submit():

        def work(session: Session) -> str:
            number = acceptance.accept_sure(
                session,
                scope,
                from_mille=mille,
                person_id=choices.me(),
                now=shell.now(),
                today=shell.today(),
                expected=expected,
            )
            counted.append(number)
            return url_for("suppliers.index")

        done: Any = submit(form, work)
        if done is not None:
            if counted:
                one = counted[0] == 1
                flash(f"{counted[0]:,} supplier{' is' if one else 's are'} settled as proposed.", "good")
            return done  # type: ignore[no-any-return]
    for sentence in form.problems or ["This form has expired. Try again."]:
        flash(sentence, "bad")
    return redirect(url_for("suppliers.index"), 303)
