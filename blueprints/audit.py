"""The audit report and the negotiation pack: what is made for whom, in the background, and the downloads."""

from pathlib import Path
from typing import Any, Final

from flask import Blueprint, current_app, jsonify, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library

from blueprints import identity, shell
from blueprints.forms import Form, form_page, submit
from blueprints.navigation import Entry, Group
from mopsaudit import jobs
from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.errors import NotFoundError
from mopsaudit.inventory.listing import list_tools
from mopsaudit.inventory.vendor_view import vendor_view
from mopsaudit.reports.registry import REPORTS
from mopsaudit.store.session import reading
from mopsaudit.workbook import deliveries

blueprint = Blueprint("audit", __name__)
navigation = (Entry("audit.show", "Audit workbook", Group.REPORTS, 90),)

_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_UNDER_WAY: Final = ("queued", "running")


class DeliveryForm(Form):
    """What is to be made, about what, as which kind of file."""

    what = SelectField(
        "Document", choices={"audit": "Audit report", "negotiation": "Negotiation pack (one vendor)"}
    )
    about = SelectField("About")
    format = SelectField("File", choices={"xlsx": "Excel workbook", "pdf": "PDF"})


def _folder() -> Path:
    return Path(current_app.config["MOPSAUDIT_DATA"])


def _form(session: Session) -> DeliveryForm:
    form = DeliveryForm()
    scope = shell.scope()
    tools = list_tools(session, scope)
    vendors = sorted({(tool.vendor or "", tool.vendor_id) for tool in tools if tool.vendor_id is not None})
    asked = request.args.get("about", "")
    known = {f"vendor:{key}" for _, key in vendors}
    if asked.startswith("vendor:") and asked not in known and asked[7:].isdigit():
        # A vendor with contracts and no tool of the scope: its page leads here, the list does not name it.
        view = vendor_view(session, scope, int(asked[7:]))
        if view.contracts:
            vendors = sorted([*vendors, (view.vendor.name, view.vendor.id)])
    form.about.choices = [
        SelectChoice("", "All of the business unit above"),
        *(
            SelectChoice(f"category:{each.id.value}", each.name, optgroup="One category")
            for each in taxonomy().categories
        ),
        *(SelectChoice(f"vendor:{key}", name, optgroup="One vendor") for name, key in vendors),
        *(SelectChoice(f"tool:{tool.id}", tool.name, optgroup="One tool") for tool in tools),
    ]
    if request.method == "GET":
        form.about.data = asked
        form.what.data = "negotiation" if request.args.get("what") == "negotiation" else "audit"
    return form


def _state(session: Session) -> dict[str, Any]:
    """The newest delivery of the signed-in person, as far as it is under way."""
    job = jobs.job_of(session, deliveries.DELIVERY_JOB, identity.person().person_id)
    if job is None or job.status not in _UNDER_WAY:
        return {"finished": True, "text": "", "done": 0, "total": None, "job": None}
    names = deliveries.step_names(job.payload)
    text = "Waiting for the worker to be free"
    if job.status == "running":
        text = names[min(job.progress_done, len(names) - 1)]
    return {
        "finished": False,
        "text": text,
        "done": job.progress_done,
        "total": job.progress_total or len(names),
        "job": job.id,
    }


@blueprint.get("/audit")
def show() -> ResponseReturnValue:
    """What can be made in the scope of the address, what is under way, and the files made lately."""
    with reading() as session:
        return _page(session, _form(session))


def _page(session: Session, form: DeliveryForm) -> ResponseReturnValue:
    return form_page(
        "exports/audit.html",
        form,
        rooms=REPORTS.values(),
        scope=shell.scope(),
        state=_state(session),
        made=deliveries.deliveries_of(session, identity.person().person_id, _folder()),
    )


@blueprint.post("/audit/orders")
def order() -> ResponseReturnValue:
    """Queue a file; while one is under way, pressing again changes nothing."""
    scope, who = shell.scope(), identity.person()
    with reading() as session:
        form = _form(session)
        if form.validate_on_submit():
            kind, _, key = (form.about.data or "").partition(":")
            what = form.what.data or "audit"
            unit = "" if scope.whole else f"-{scope.unit_code}"
            about = f"-{kind}-{key}" if kind else ""
            title = "negotiation-pack" if what == "negotiation" else "martech-audit"
            wish = deliveries.Wish(
                what=what,
                format=form.format.data or "xlsx",
                as_of=scope.as_of,
                unit_id=scope.unit_id,
                within=tuple(sorted(identity.permitted_units())),
                about=(kind, key) if kind else None,
                prepared_by=who.name or who.email,
                name=f"{title}{unit}{about}-{scope.as_of.isoformat()}.{form.format.data}",
            )

            def work(writing: Session) -> str:
                deliveries.ask_delivery(writing, who.person_id, wish, actor=who.actor, now=shell.now())
                return url_for("audit.show")

            done = submit(form, work)
            if done is not None:
                return done
        return _page(session, form)


@blueprint.get("/audit/state")
def state() -> ResponseReturnValue:
    """Where the work stands, as JSON for the progress bar."""
    with reading() as session:
        return jsonify(_state(session))


@blueprint.post("/audit/cancel")
def cancel() -> ResponseReturnValue:
    """Stop what is under way; nothing of it is kept."""
    form = Form()

    def work(session: Session) -> str:
        job = jobs.job_of(session, deliveries.DELIVERY_JOB, identity.person().person_id)
        if job is not None and job.status in _UNDER_WAY:
            jobs.ask_cancel(session, job, now=shell.now(), ending=jobs.endings.get(job.kind))
        return url_for("audit.show")

    done = submit(form, work, said="Cancelled. Nothing was kept.")
    if done is None:
        raise NotFoundError("There is nothing to cancel.")
    return done


@blueprint.get("/audit/files/<int:job_id>")
def file(job_id: int) -> ResponseReturnValue:
    """A file the signed-in person had made."""
    with reading() as session:
        path, name = deliveries.delivered(session, identity.person().person_id, job_id, _folder())
    return send_file(path, mimetype=_TYPES[path.suffix[1:]], as_attachment=True, download_name=name)
