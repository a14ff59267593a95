"""Signing what a saving brought: finance chooses the months, then the spend lines that show it."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from blueprints import choices, shell
from blueprints.amounts import AmountField
from blueprints.forms import VersionedForm, form_page, submit
from blueprints.limits import record_number
from blueprints.savings import found
from mopsaudit.errors import InvalidError
from mopsaudit.governance import saving_proof
from mopsaudit.governance.saving_proof import Proof
from mopsaudit.governance.savings_ledger import SavingRow
from mopsaudit.periods import month_of, month_text
from mopsaudit.store.session import reading

blueprint = Blueprint("saving_proofs", __name__)


class ProofForm(VersionedForm):
    """What is signed."""

    realised_minor = AmountField("Realised", validators=[InputRequired("Enter what was realised.")])
    note = TextAreaField("Why lines of these months stay out", validators=[Optional(), Length(max=2000)])


def _months(row: SavingRow) -> tuple[str, str]:
    """First and last month as asked, else the closed months of the fiscal year since the saving took effect."""
    scope = shell.scope()
    last = max(month_of(scope.as_of) - 1, month_of(scope.year.start))
    first = month_of(scope.year.start)
    if row.saving.effective_on is not None:
        first = min(max(first, month_of(row.saving.effective_on)), last)
    asked = request.values
    return asked.get("first", "").strip() or month_text(first), asked.get("last", "").strip() or month_text(
        last
    )


def _index(text: str) -> int:
    """The month index of ``2026-07``.

    Raises:
        InvalidError: for anything else.
    """
    year, _, month = text.partition("-")
    plain = text.isascii() and year.isdigit() and month.isdigit() and len(year) == 4 and len(month) <= 2
    if not plain or not 1 <= int(month) <= 12:
        raise InvalidError("Write months like 2026-07.")
    return int(year) * 12 + int(month) - 1


def _asked_lines() -> tuple[int, ...] | None:
    """The lines that are ticked; None when the months were only just chosen."""
    if request.method != "POST":
        return None
    ids = []
    for text in request.form.getlist("line"):
        try:
            ids.append(record_number(text))
        except ValueError:
            raise InvalidError("Choose lines of these months from the list.") from None
    return tuple(ids)


@blueprint.route("/savings/<int:saving_id>/realise", methods=["GET", "POST"])
def realise(saving_id: int) -> ResponseReturnValue:
    """Choose months and lines, see what they show, sign."""
    scope = shell.scope()
    proof: Proof | None = None
    with reading() as session:
        row = found(session, saving_id)
        first, last = _months(row)
        usual = saving_proof.months_billed(session, row.saving)
        covers = request.values.get("covers", usual, type=record_number)
        form = ProofForm(data={"version": row.saving.version})
        form.realised_minor.currency = row.saving.currency
        form.realised_minor.label.text = f"Realised ({row.saving.currency})"
        try:
            proof = saving_proof.proof_of(
                session, scope, row.saving, _index(first), _index(last) + 1, _asked_lines(), covers=covers
            )
        except InvalidError as error:
            form.problems.append(str(error))
        mine = not saving_proof.may_sign(session, row.saving, choices.me() or 0)
    if request.method == "POST":
        form.process(request.form)
        signing = request.form.get("step") == "sign"
        if proof is not None and signing and form.validate():
            chosen = proof

            def work(session: Session) -> str:
                saving_proof.realise_saving(
                    session,
                    scope,
                    saving_id,
                    form.seen_version,
                    month_from=chosen.month_from,
                    month_until=chosen.month_until,
                    line_ids=[each.line_id for each in chosen.lines if each.chosen],
                    realised_minor=form.realised_minor.data,
                    by_id=choices.me() or 0,
                    now=shell.now(),
                    note=form.note.data or "",
                    covers=covers,
                )
                return url_for("savings.show", saving_id=saving_id)

            done = submit(form, work, said="Signed. What it rests on stays with it.")
            if done is not None:
                return done
    elif proof is not None and proof.room_minor > 0:
        form.realised_minor.data = proof.room_minor
    return form_page(
        "savings/realise.html",
        form,
        row=row,
        saving=row.saving,
        proof=proof,
        first=first,
        covers=covers,
        last=last,
        mine=mine,
    )
