"""What is paid, used and listed: the gaps between finance, sign-on and inventory, and settling each of them."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, exports, filters, links, permissions, placed_apps, shell, tables
from blueprints.forms import Form, VersionedForm, form_page, submit
from blueprints.navigation import Entry, Group
from blueprints.reports import Figure
from mopsaudit.errors import ApprovalOutdatedError, InvalidError, NotFoundError
from mopsaudit.facts.reading import answer
from mopsaudit.facts.values import facts_digest
from mopsaudit.gaps import Gap, GapKind, Gaps, find_gaps
from mopsaudit.gaps.products import near_products
from mopsaudit.gaps.query import gap_facts
from mopsaudit.gaps.tables import COLUMNS, KIND_WORDS, gap_rows, state_words
from mopsaudit.governance.gaps import settle_gap
from mopsaudit.governance.settling import reopen_finding, settlement_of
from mopsaudit.intake import settling, waiting_users
from mopsaudit.inventory import from_catalogue, tools
from mopsaudit.scope import Scope
from mopsaudit.store.session import reading
from mopsaudit.words import ToolStatus

blueprint = Blueprint("gaps", __name__)
navigation = (Entry("gaps.index", "Paid, used and listed", Group.STACK, 15),)

#: What the settle form says for the money of a gap that is no marketing: its suppliers are settled so.
_OUTSIDE: Final = "outside"


class SettleForm(VersionedForm):
    """What a person says of a gap; ``seen`` is the digest of the facts the page showed."""

    state = RadioField("What is it?", validators=[DataRequired("Choose one.")])
    reason = TextAreaField("Why", validators=[DataRequired("Say why."), Length(max=2000)])
    review_on = DateField("Look at it again on", validators=[Optional()])
    seen = HiddenField()


class PlaceForm(Form):
    """What closes a gap: a product of the catalogue to add, or the tool of the inventory it is."""

    product_id = SelectField("Product", validators=[Optional()])
    tool_id = SelectField("A tool we have", coerce=choices.optional_id, validators=[Optional()])
    seen = HiddenField()


def gather(session: Session, scope: Scope) -> Gaps:
    """The gaps of a scope; one snapshot, kept while nothing changes."""
    return answer(session, ("gaps", scope), lambda: find_gaps(gap_facts(session, scope)), alone=True)


def _find(session: Session, gap_id: str) -> Gap:
    """The gap as it stands in the scope of the request.

    Raises:
        NotFoundError: there is none: it is closed, or of another unit.
    """
    gap = next((each for each in gather(session, shell.scope()).found if each.id == gap_id), None)
    if gap is None:
        raise NotFoundError("There is no such gap; somebody may have closed it.")
    return gap


@blueprint.get("/stack/gaps")
def index() -> ResponseReturnValue:
    """The table of gaps, open ones alone unless settled ones are asked for."""
    scope = shell.scope()
    settled = request.args.get("settled") == "1"
    with reading() as session:
        gaps = gather(session, scope)
        placed = waiting_users.placed_apps(session, scope)
    found = tables.of_rows(
        COLUMNS,
        gap_rows(gaps, settled=settled),
        name="gaps",
        noun="gap",
        caption="Gaps between what is paid, used and listed",
        empty="There is no open gap.",
    )
    came_in = placed_apps.placed_table(placed, minimum=scope.settings.group_minimum)
    if came_in.asked.export:
        return exports.export(came_in)
    return tables.page(
        found,
        "gaps/index.html",
        gaps=gaps,
        figures=_figures(gaps),
        trust=f"{gaps.trust} · {scope.unit_label or 'whole company'}",
        settled=settled,
        placed=came_in,
        hidden=len(gaps.found) - len(gaps.open),
        minimum=scope.settings.group_minimum,
        fresh=scope.settings.usage_fresh_days,
    )


def _figures(gaps: Gaps) -> tuple[Figure, ...]:
    """The four that carry money or people, each a link to its rows."""
    shown = (
        (GapKind.PAID, "Paid, not listed", "warn"),
        (GapKind.USED, "Used, not listed", "warn"),
        (GapKind.SILENT, "Paid, used by nobody", "warn"),
        (GapKind.UNPAID, "Listed, not paid", "plain"),
    )
    wanted: dict[GapKind, dict[str, Any]] = {kind: {"f.gap": f"={KIND_WORDS[kind]}"} for kind, _, _ in shown}
    return tuple(
        Figure(
            label=label,
            text=filters.count(number := gaps.numbers[kind]),
            what=f"{filters.whole(amount, gaps.currency)} {gaps.currency} in twelve months"
            if (amount := gaps.sums[kind].minor)
            else "",
            tone=tone if number else "plain",
            href=url_for("gaps.index", **wanted[kind]),
        )
        for kind, label, tone in shown
    )


def _place_form(session: Session, gap: Gap) -> PlaceForm:
    form = PlaceForm(data={"seen": facts_digest(gap.facts)})
    form.product_id.choices = _products(session, gap)
    if gap.product_id and request.method == "GET":
        form.product_id.data = gap.product_id
    form.tool_id.choices = choices.tools(session)
    return form


def _products(session: Session, gap: Gap) -> list[tuple[str, str]]:
    """Catalogue products that may be chosen: the proposed one, those of its vendor, and what is searched for."""
    typed = request.args.get("q", "").strip()[:100]
    found = dict(near_products(gap))
    words = typed or (gap.app.name if gap.app else "")
    for each in from_catalogue.suggest_products(session, words):
        if each.owned_tool_id is None:
            found.setdefault(each.product.id, f"{each.product.name}, {each.vendor.name}")
    return [("", "Choose a product"), *found.items()] if len(found) != 1 else [*found.items()]


@blueprint.get("/stack/gaps/<gap_id>")
def show(gap_id: str) -> ResponseReturnValue:
    """One gap: what it rests on, and what may be done about it."""
    with reading() as session:
        gap = _find(session, gap_id)
        return _page(session, gap, _settle_form(session, gap), _place_form(session, gap))


def _settle_form(session: Session, gap: Gap) -> SettleForm:
    kept = settlement_of(session, gap.id)
    form = SettleForm(
        data={
            "state": kept.state if kept else None,
            "reason": kept.reason if kept else "",
            "review_on": kept.review_on if kept else None,
            "version": kept.version if kept else "",
            "seen": facts_digest(gap.facts),
        }
    )
    form.state.choices = list(gap.answers.items())
    return form


def _page(session: Session, gap: Gap, form: SettleForm, place: PlaceForm) -> ResponseReturnValue:
    return form_page(
        "gaps/show.html",
        form,
        place=place,
        gap=gap,
        kept=settlement_of(session, gap.id),
        words=KIND_WORDS[gap.kind],
        state=state_words(gap),
        lines_url=links.lines_url(gap.lines),
        typed=request.args.get("q", "").strip()[:100],
        may_merge=permissions.may(permissions.Action.MERGE_TOOLS),
    )


def _again(gap: Gap, seen: str | None) -> None:
    """Refuse what was decided on other facts than those that hold now."""
    if seen != facts_digest(gap.facts):
        raise ApprovalOutdatedError("This gap changed since you looked at it. Read it again, then decide.")


def _write(
    gap_id: str, form: Form, work: Callable[[Session, Gap], str], said: str
) -> ResponseReturnValue | None:
    """Run ``work`` on the gap as it stands within the unit of work; None where it was refused."""

    def run(session: Session) -> str:
        return work(session, _find(session, gap_id))

    return submit(form, run, said=said)


def _suppliers(session: Session, gap: Gap, answer: settling.Answer) -> int | None:
    """Settle every supplier behind the gap; the tool they are on now."""
    tool_id = None
    for payer in gap.payers:
        done = settling.settle(
            session,
            payer.id,
            payer.version,
            answer,
            person_id=choices.me(),
            now=shell.now(),
            today=shell.today(),
            settings=shell.settings(),
        )
        tool_id = done.tool_id
    return tool_id


@blueprint.post("/stack/gaps/<gap_id>/settle")
def settle(gap_id: str) -> ResponseReturnValue:
    """Say what a gap is, with a reason; *not marketing* settles the suppliers behind it too."""
    with reading() as session:
        gap = _find(session, gap_id)
        form = _settle_form(session, gap)
    if form.validate_on_submit():

        def work(session: Session, now: Gap) -> str:
            me = choices.me()
            if me is None:
                raise NotFoundError("Gaps are settled by people.")
            settle_gap(
                session,
                now,
                state=form.state.data,
                by_id=me,
                now=shell.now(),
                today=shell.today(),
                reason=form.reason.data or "",
                review_on=form.review_on.data,
                seen_digest=str(form.seen.data or ""),
                version=form.seen_version or None,
            )
            if form.state.data == _OUTSIDE:
                _suppliers(session, now, settling.Answer(kind="not_marketing"))
            return url_for("gaps.index")

        done = _write(gap_id, form, work, f"{gap.subject} is settled; it comes back when its facts change.")
        if done is not None:
            return done
        form.seen.data = facts_digest(gap.facts)
    with reading() as session:
        return _page(session, gap, form, _fresh_place_form(session, gap))


def _fresh_place_form(session: Session, gap: Gap) -> PlaceForm:
    """The other form of the page, without what was sent for this one."""
    form = PlaceForm(formdata=None, data={"seen": facts_digest(gap.facts), "product_id": gap.product_id})
    form.product_id.choices = _products(session, gap)
    form.tool_id.choices = choices.tools(session)
    return form


@blueprint.post("/stack/gaps/<gap_id>/add")
def add(gap_id: str) -> ResponseReturnValue:
    """Add it to the inventory: from the catalogue with its suppliers, or confirm what a file proposed."""

    def work(session: Session, gap: Gap, form: PlaceForm) -> str:
        if gap.proposed and gap.tool is not None:
            tool = tools.get_tool(session, shell.scope(), int(gap.tool.id))
            tools.set_status(
                session, tool.id, tool.version, ToolStatus.ACTIVE, on=shell.today(), today=shell.today()
            )
            return url_for("tools.show", tool_id=tool.id)
        product_id = form.product_id.data or ""
        if not product_id:
            raise InvalidError("Choose the product.", "product_id")
        scope = shell.scope()
        units = () if scope.whole else (scope.unit_id,)
        made = from_catalogue.add_from_catalogue(session, product_id, on=shell.today(), unit_ids=units)
        _suppliers(session, gap, settling.Answer(kind="tool", tool_id=made.id))
        if gap.app is not None:
            tools.add_tool_name(session, made.id, gap.app.name)
        settling.rematch_open(session, shell.settings())
        return url_for("tools.show", tool_id=made.id)

    return _place(gap_id, work, "Added to the inventory. Give it an owner and check its capabilities.")


@blueprint.post("/stack/gaps/<gap_id>/link")
def link(gap_id: str) -> ResponseReturnValue:
    """It is a tool we have: its suppliers are settled on it, and an application's name becomes one of its names."""

    def work(session: Session, gap: Gap, form: PlaceForm) -> str:
        if not (gap.payers or gap.app) or not form.tool_id.data:
            raise InvalidError("Choose the tool.", "tool_id")
        tool = tools.get_tool(session, shell.scope(), int(form.tool_id.data))
        _suppliers(session, gap, settling.Answer(kind="tool", tool_id=tool.id))
        if gap.app is not None:
            tools.add_tool_name(session, tool.id, gap.app.name)
            settling.rematch_open(session, shell.settings())
        return url_for("tools.show", tool_id=tool.id)

    return _place(gap_id, work, "It is placed on the tool, and so will be what comes later.")


def _place(gap_id: str, place: Callable[[Session, Gap, PlaceForm], str], said: str) -> ResponseReturnValue:
    with reading() as session:
        gap = _find(session, gap_id)
        form = _place_form(session, gap)
    if not gap.answers or gap.kind not in (GapKind.PAID, GapKind.USED):
        abort(404)
    if gap.app is not None:
        with reading() as session:
            waiting = waiting_users.waiting_people(session, waiting_users.app_key(gap.app.name))
        if waiting:
            users = f"{filters.count(waiting)} user{'s' if waiting != 1 else ''}"
            said += f" {users} of {gap.app.name} came in with it."
        else:  # read before users were kept
            said += f" Its users stand in {gap.app.file_name}: undo that import and import it again to count them."
    if form.validate_on_submit():

        def work(session: Session, now: Gap) -> str:
            _again(now, form.seen.data)
            return place(session, now, form)

        done = _write(gap_id, form, work, said)
        if done is not None:
            return done
        form.seen.data = facts_digest(gap.facts)
    with reading() as session:
        fresh = SettleForm(formdata=None, data={"seen": facts_digest(gap.facts)})
        fresh.state.choices = list(gap.answers.items())
        return _page(session, gap, fresh, form)


@blueprint.post("/stack/gaps/applications/<int:app_id>/back")
def take_back(app_id: int) -> ResponseReturnValue:
    """An application is on its tool no more: the tool loses its name, the users wait, and the gap is open again."""
    form = Form()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            waiting_users.take_back_app(session, shell.scope(), app_id)
            settling.rematch_open(session, shell.settings())
            return url_for("gaps.index")

        done = submit(form, work, said="Taken back: its users wait again, and the gap is open.")
        if done is not None:
            return done
    for sentence in form.problems or ["This form has expired. Try again."]:
        flash(sentence, "bad")
    return redirect(url_for("gaps.index"), 303)


@blueprint.post("/stack/gaps/<gap_id>/reopen")
def reopen(gap_id: str) -> ResponseReturnValue:
    """Take a settlement back; the History keeps it. Suppliers stay as they were settled."""
    with reading() as session:
        gap = _find(session, gap_id)
        form = _settle_form(session, gap)
    sent = VersionedForm()
    if sent.validate_on_submit():

        def work(session: Session, now: Gap) -> str:
            reopen_finding(session, now.id, sent.seen_version)
            return url_for("gaps.show", gap_id=now.id)

        done = _write(gap_id, sent, work, "The gap is open again.")
        if done is not None:
            return done
    form.problems += sent.problems or ["This form has expired. Send it again."]
    with reading() as session:
        return _page(session, gap, form, _fresh_place_form(session, gap))
