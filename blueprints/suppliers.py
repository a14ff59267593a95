"""The review queue of suppliers: accept what is proposed, choose, or say what it is, for all lines at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField
from wtforms.validators import Optional

from blueprints import choices, filters, identity, shell, supplier_list, tables
from blueprints.forms import Form, submit
from blueprints.navigation import Entry, Group
from mopsaudit.errors import NotFoundError
from mopsaudit.intake import acceptance, last_decision, matching, settling, suppliers
from mopsaudit.intake.progress import Progress
from mopsaudit.intake.progress import progress as progress_of
from mopsaudit.intake.queue_groups import GENERAL, SupplierGroup, grouped
from mopsaudit.intake.supplier_keys import key_conflicts
from mopsaudit.intake.suppliers import QueueRow
from mopsaudit.inventory.from_catalogue import suggest_products
from mopsaudit.organisation import history
from mopsaudit.store.session import reading

blueprint = Blueprint("suppliers", __name__)
navigation = (Entry("suppliers.index", "Suppliers", Group.IMPORTS, 20),)

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


_NAMES: Final = ("likely", "possible", "other")


@blueprint.get("/suppliers")
def index() -> ResponseReturnValue:
    """The queue: likely marketing first, the largest money first."""
    scope = shell.scope()
    band = request.args.get("band", "likely")
    with reading() as session:
        progress = progress_of(session, scope)
        open_rows, put_off = suppliers.open_queue(session, scope)
        last = last_decision.last_decision(session, choices.me())
        every = grouped(open_rows)
        counts = {name: sum(_NAMES[group.lead.band] == name for group in every) for name in _NAMES}
        counts |= {"all": len(every), "later": len(put_off)}
        if band == "likely" and not counts["likely"] and "band" not in request.args:
            band = "all"
        if band == "settled":
            every = grouped(suppliers.settled_queue(session, scope))
        elif band == "later":
            every = grouped(put_off)
        chosen = [
            group for group in every if band in ("all", "settled", "later") or _NAMES[group.lead.band] == band
        ]
        if supplier_list.asks_spellings():
            chosen = _spelled(session, chosen)
        table = supplier_list.table_of(chosen, scope.currency, SETTLED_WORDS)
        groups = {str(group.lead.supplier_id): group for group in chosen}
        shown = _spelled(session, [groups[row.id] for row in table.rows])
        ids = [row.supplier_id for group in shown for row in group.rows]
        examples = {
            group.lead.supplier_id: suppliers.example_lines(session, group.lead.supplier_id, 3)
            for group in shown
        }
        reach = settling.reach_of(session, ids)
        accepting = [row for row in open_rows if row.sure and (row.proposal_product_id or row.answer_tool_id)]
        conflicts = key_conflicts(session) if scope.whole else ()
    return tables.page(
        table,
        "suppliers/index.html",
        groups=shown,
        money=supplier_list.MONEY,
        lines=supplier_list.LINES,
        reach=_reaches(shown, reach),
        products={group.lead.supplier_id: supplier_list.choices_of(group.lead) for group in shown},
        examples=examples,
        band=band,
        bands=BANDS,
        counts=counts,
        progress=progress,
        answer=_answer(progress, counts, scope.currency),
        currency=scope.currency,
        sure=len(accepting),
        sure_minor=sum(row.amounts.base_minor for row in accepting),
        last=last,
        conflicts=conflicts,
        whole=scope.whole,
        marketing=MARKETING,
        words=SETTLED_WORDS,
        form=Form(),
    )


def _spelled(session: Session, groups: Sequence[SupplierGroup]) -> list[SupplierGroup]:
    """The groups with their raw spellings, read for all at once."""
    rows = suppliers.with_spellings(session, [row for group in groups for row in group.rows])
    known = {row.supplier_id: row for row in rows}
    return [SupplierGroup(rows=tuple(known[row.supplier_id] for row in group.rows)) for group in groups]


def _reaches(
    groups: Sequence[SupplierGroup], reach: Mapping[int, settling.Reach]
) -> dict[int, settling.Reach]:
    """What one decision on each group moves, by the id of its first supplier."""
    nothing = settling.Reach()
    found = {}
    for group in groups:
        each = [reach.get(row.supplier_id, nothing) for row in group.rows]
        found[group.lead.supplier_id] = settling.Reach(
            moved=sum(one.moved for one in each),
            ruled=sum(one.ruled for one in each),
            by_hand=sum(one.by_hand for one in each),
        )
    return found


def _answer(progress: Progress, counts: dict[str, int], currency: str) -> str:
    if not progress.suppliers:
        return "No spend has been imported yet; suppliers come here with the first file."
    if not progress.suppliers_open:
        return "Every supplier is settled."
    waiting = f"{progress.suppliers_open:,} supplier{'s wait' if progress.suppliers_open != 1 else ' waits'}"
    if progress.marketing_percent is None:
        return f"{waiting}; {progress.settled_percent or 0} % of the money in {currency} is settled."
    done = f"{progress.marketing_percent} % of the likely marketing money in {currency} is settled"
    if not counts["likely"]:
        return f"{done}; {waiting}."
    answers = f"{counts['likely']:,} answer{'s' if counts['likely'] != 1 else ''}"
    return f"{done}; {answers} settle{'s' if counts['likely'] == 1 else ''} the rest of it. {waiting} in all."


@blueprint.get("/suppliers/<int:supplier_id>")
def show(supplier_id: int) -> ResponseReturnValue:
    """One supplier: spellings, lines, what it may be, what it is."""
    with reading() as session:
        return _page(session, supplier_id, ChooseForm(formdata=None))


def _find(session: Session, *supplier_ids: int) -> tuple[QueueRow, ...]:
    rows = suppliers.placed_rows(session, shell.scope(), supplier_ids)
    if rows is None:
        raise NotFoundError("There is no such supplier.")
    return rows


def _page(session: Session, supplier_id: int, form: ChooseForm) -> ResponseReturnValue:
    (row,) = _find(session, supplier_id)
    typed = request.args.get("q", "")
    form.tool_id.choices = choices.tools(session)
    page = render_template(
        "suppliers/show.html",
        row=row,
        lines=suppliers.example_lines(session, supplier_id, 10),
        near=matching.suggestions(session, supplier_id),
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
    tool_id = request.form.get("tool_id", type=int)
    product_id = request.form.get("product_id") or None
    if product_id is not None and product_id.startswith(supplier_list.OUR_TOOL):
        number = product_id.removeprefix(supplier_list.OUR_TOOL)
        if not (number.isascii() and number.isdigit() and len(number) < 16):
            abort(400)
        tool_id, product_id = int(number), None
    return settling.Answer(
        kind=kind,
        tool_id=tool_id,
        product_id=product_id,
        # The list beside *marketing, not a tool* says nothing of a tool's money.
        spend_type=(request.form.get("spend_type") or None) if kind == "marketing" else None,
        until=shell.today() + timedelta(days=max(1, min(days, 366))) if kind == "later" else None,
    )


@blueprint.post("/suppliers/<int:supplier_id>/settle")
def settle(supplier_id: int) -> ResponseReturnValue:
    """Settle a supplier, or a group of one vendor's; all their lines, past and future, follow."""
    form = ChooseForm()
    answer = _posted()
    members = [(supplier_id, request.form.get("version", 0, type=int)), *_others()]
    back = request.form.get("back") == "queue"
    scope = shell.scope()
    with reading() as session:
        rows = _find(session, *(member for member, _ in members))
        form.tool_id.choices = choices.tools(session)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            settling.settle_together(
                session,
                members,
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

        done = submit(form, work, said=_said(rows, answer))
        if done is not None:
            return done
    if back:
        for sentence in form.problems or ["This form has expired. Try again."]:
            flash(sentence, "bad")
        return redirect(url_for("suppliers.index", band=request.form.get("band")), 303)
    with reading() as session:
        return _page(session, supplier_id, form)


def _others() -> list[tuple[int, int]]:
    """The other suppliers of the group and the versions seen, sent as `id:version`."""
    found = []
    for text in request.form.getlist("also")[:200]:
        number, _, version = text.partition(":")
        if not (number.isascii() and number.isdigit() and version.isascii() and version.isdigit()):
            abort(400)
        found.append((int(number[:18]), int(version[:9])))
    return found


def _said(rows: Sequence[QueueRow], answer: settling.Answer) -> str:
    count = sum(row.amounts.lines for row in rows)
    lines = f"{count:,} line{'s' if count != 1 else ''}"
    many = len(rows) > 1
    name = rows[0].name + (f" and {len(rows) - 1} more" if many else "")
    are = "are" if many else "is"
    match answer.kind:
        case "back":
            return f"{name} {are} in the queue again."
        case "later":
            back = filters.day_text(answer.until) if answer.until else "later"
            return f"{name} come{'' if many else 's'} back on {back}."
        case "open":
            return f"{name} {are} open again."
        case _:
            return (
                f"{name} {are} settled; {lines} follow{'s' if count == 1 else ''}, and so will future ones."
            )


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
        general=GENERAL,
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
    ticked = frozenset(request.form.getlist("supplier", type=int))
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
                only=ticked,
            )
            counted.append(number)
            return url_for("suppliers.index")

        done: Any = submit(form, work)
        if done is not None:
            if counted and counted[0]:
                one = counted[0] == 1
                flash(f"{counted[0]:,} supplier{' is' if one else 's are'} settled as proposed.", "good")
            else:
                flash("Nothing was ticked, so nothing is settled.", "bad")
            return done  # type: ignore[no-any-return]
    for sentence in form.problems or ["This form has expired. Try again."]:
        flash(sentence, "bad")
    return redirect(url_for("suppliers.index"), 303)
