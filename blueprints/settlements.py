"""Settling a finding: confirm it, call it deliberate until a day, dismiss it; and opening it again."""

from typing import Final

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import DateField, HiddenField, RadioField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import choices, shell
from blueprints.forms import VersionedForm, form_page, submit
from blueprints.reports import build, finding_url
from mopsaudit.errors import NotFoundError
from mopsaudit.facts.values import facts_digest
from mopsaudit.governance.settling import reopen_finding, settle_finding, settlement_of
from mopsaudit.reporting import Finding
from mopsaudit.store.session import reading

blueprint = Blueprint("settlements", __name__)

STATES: Final[dict[str, str]] = {
    "confirm": "It is right: it counts until something is done about it",
    "deliberate": "It is meant this way: it does not count until the day below",
    "dismiss": "It is not so: it does not count any more",
}


class SettleForm(VersionedForm):
    """What a person says of a finding; ``seen`` is the digest of the facts the page showed."""

    state = RadioField("What is it?", choices=STATES, validators=[DataRequired("Choose one.")])
    reason = TextAreaField("Why", validators=[Optional(), Length(max=2000)])
    review_on = DateField("Look at it again on", validators=[Optional()])
    seen = HiddenField()


def _finding(slug: str, finding_id: str) -> Finding:
    """The finding as it stands in the scope of the request; 404 where there is none."""
    found = next((each for each in build(slug).findings if each.id == finding_id), None)
    if found is None:
        abort(404)
    return found


@blueprint.route("/reports/<slug>/settle/<path:finding_id>", methods=["GET", "POST"])
def settle(slug: str, finding_id: str) -> ResponseReturnValue:
    """Settle a finding as it stands; a change of its facts since it was looked at is refused."""
    found = _finding(slug, finding_id)
    with reading() as session:
        kept = settlement_of(session, finding_id)
        form = SettleForm(
            data={
                "state": kept.state if kept else None,
                "reason": kept.reason if kept else "",
                "review_on": kept.review_on if kept else None,
                "version": kept.version if kept else "",
                "seen": facts_digest(found.facts),
            }
        )
    if form.validate_on_submit():

        def work(session: Session) -> str:
            me = choices.me()
            if me is None:
                raise NotFoundError("Findings are settled by people.")
            settle_finding(
                session,
                found,
                state=form.state.data,
                by_id=me,
                now=shell.now(),
                reason=form.reason.data or "",
                review_on=form.review_on.data,
                seen_digest=str(form.seen.data or ""),
                version=form.seen_version or None,
            )
            return finding_url(slug, found)

        done = submit(form, work, said="Settled. The totals count it accordingly.")
        if done is not None:
            return done
        form.seen.data = facts_digest(found.facts)
    return form_page(
        "reports/settle.html", form, finding=found, slug=slug, back=finding_url(slug, found), settled=kept
    )


@blueprint.post("/reports/<slug>/reopen/<path:finding_id>")
def reopen(slug: str, finding_id: str) -> ResponseReturnValue:
    """Take a settlement back; the History keeps it."""
    found = _finding(slug, finding_id)
    form = VersionedForm()
    if form.validate_on_submit():

        def work(session: Session) -> str:
            reopen_finding(session, found.id, form.seen_version)
            return finding_url(slug, found)

        done = submit(form, work, said="The finding is open again.")
        if done is not None:
            return done
    return form_page(
        "confirm.html",
        form,
        heading="Open the finding again",
        sentence=found.sentence,
        action="Open it again",
        danger=False,
        back=url_for("reports.finding", slug=slug, finding_id=found.id),
        trail=[
            ("Findings", url_for("findings.index")),
            ("Finding", url_for("reports.finding", slug=slug, finding_id=found.id)),
        ],
    )
