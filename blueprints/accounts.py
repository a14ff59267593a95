"""People who sign in: their roles by unit, invitations by link, and taking a sign-in away."""

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from blueprints import identity, permissions, shell, tables
from blueprints.forms import Form, Undo, form_page, submit
from blueprints.navigation import Entry, Group
from blueprints.settings import unit_choices
from mopsaudit import organisation
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.organisation.profile import set_second_factor
from mopsaudit.organisation.restructure import get_unit
from mopsaudit.reporting import Column, Ref, Row, ValueKind
from mopsaudit.store.session import reading

blueprint = Blueprint("accounts", __name__)
navigation = (Entry("accounts.index", "People and roles", Group.ORGANISATION, 30),)

ROLES: Final = {role.value: role.value for role in permissions.Role}


class InviteForm(Form):
    """Whom to invite, as what, where."""

    email = StringField("Email", validators=[DataRequired("Type an email."), Length(max=320)])
    role = SelectField("Role", choices=ROLES)
    unit_id = SelectField("In", coerce=int, description="The role counts there and in the units below.")
    note = StringField("Note", validators=[Optional(), Length(max=400)])


class GrantForm(Form):
    """One more role in a unit."""

    role = SelectField("Role", choices=ROLES)
    unit_id = SelectField("In", coerce=int)


class StepForm(Form):
    """A step that needs nothing typed but what it is about."""

    role = HiddenField()
    unit_id = HiddenField()


def _unit_names() -> dict[int, str]:
    with reading() as session:
        return {unit.id: unit.name for unit in organisation.list_units(session)}


def _reach(session: Session, account_id: int) -> None:
    """Only people who hold a role in a unit the admin administers; others answer like missing ones."""
    allowed = identity.permitted_units()
    grants = organisation.memberships_of(session, account_id)
    if (
        not any(grant.unit_id in allowed for grant in grants)
        and organisation.root_unit(session).id not in allowed
    ):
        raise NotFoundError("There is no such account.")


def _reach_all(session: Session, account_id: int) -> None:
    """A step that touches every unit of the person needs all of them administered."""
    allowed = identity.permitted_units()
    if not all(grant.unit_id in allowed for grant in organisation.memberships_of(session, account_id)):
        raise InvalidError("This person also has roles in units you do not administer.")


PEOPLE: Final = (
    Column(key="name", label="Name", kind=ValueKind.REF, primary=True),
    Column(key="email", label="Email"),
    Column(key="roles", label="Roles"),
    Column(key="factor", label="Second factor"),
    Column(key="sign_in", label="Sign-in"),
)


@blueprint.get("/settings/people")
def index() -> ResponseReturnValue:
    """Everybody who can sign in, and invitations that wait."""
    names, allowed = _unit_names(), identity.permitted_units()
    with reading() as session:
        root = organisation.root_unit(session).id
        found = [
            Row(
                id=str(account.id),
                opens=Ref(kind="account", id=account.id, label=account.person.name or account.email),
                values={
                    "name": Ref(kind="account", id=account.id, label=account.person.name or account.email),
                    "email": account.email,
                    "roles": ", ".join(
                        f"{each.role} in {names.get(each.unit_id, '')}" for each in account.memberships
                    )
                    or "none",
                    "factor": "on" if account.tf_totp_secret else "off",
                    "sign_in": "active" if account.active else "taken away",
                },
            )
            for account in organisation.list_accounts(session)
            if root in allowed or any(each.unit_id in allowed for each in account.memberships)
        ]
        waiting = [
            {
                "id": each.id,
                "email": each.email,
                "role": each.role,
                "unit": names.get(each.unit_id, ""),
                "until": each.expires_at,
            }
            for each in organisation.open_invitations(session, now=shell.now())
            if each.unit_id in allowed
        ]
    table = tables.of_rows(PEOPLE, found, name="accounts", noun="account", caption="People who sign in")
    return tables.page(table, "settings/people.html", waiting=waiting, form=StepForm())


@blueprint.get("/settings/people/<int:account_id>")
def show(account_id: int) -> ResponseReturnValue:
    """One person: roles, second factor, sign-in, history."""
    return _person_page(account_id, StepForm())


def _person_page(account_id: int, form: Form, **more: Any) -> ResponseReturnValue:
    names = _unit_names()
    with reading() as session:
        account = organisation.get_account(session, account_id)
        _reach(session, account_id)
        person = {
            "id": account.id,
            "person_id": account.person_id,
            "name": account.person.name,
            "email": account.email,
            "active": account.active,
            "factor": bool(account.tf_totp_secret),
            "since": account.created_at,
        }
        roles = [
            (each.role, each.unit_id, names.get(each.unit_id, ""), each.unit_id in identity.permitted_units())
            for each in account.memberships
        ]
        entries = organisation.history(session, "account", account_id)
    return form_page("settings/person.html", form, account=person, roles=roles, entries=entries, **more)


@blueprint.route("/settings/people/<int:account_id>/roles", methods=["GET", "POST"])
def grant(account_id: int) -> ResponseReturnValue:
    """Give a role in a unit."""
    form = GrantForm()
    form.unit_id.choices = unit_choices()
    with reading() as session:
        _reach(session, account_id)
        account = organisation.get_account(session, account_id)
        name = account.person.name or account.email
    if form.validate_on_submit():

        def work(session: Session) -> str:
            identity.require_unit(form.unit_id.data)
            organisation.grant_role(
                session,
                organisation.get_account(session, account_id),
                role=str(form.role.data),
                unit=get_unit(session, form.unit_id.data),
            )
            return url_for("accounts.show", account_id=account_id)

        done = submit(form, work, said="The role is given.")
        if done is not None:
            return done
    return form_page("settings/grant.html", form, name=name, account_id=account_id)


@blueprint.post("/settings/people/<int:account_id>/roles/withdraw")
def withdraw(account_id: int) -> ResponseReturnValue:
    """Take a role in a unit away; the last admin's stays."""
    form = StepForm()
    role, unit = str(form.role.data or ""), str(form.unit_id.data or "")

    def work(session: Session) -> str:
        _reach(session, account_id)
        unit_id = int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else 0
        identity.require_unit(unit_id)
        organisation.withdraw_role(
            session, organisation.get_account(session, account_id), role=role, unit=get_unit(session, unit_id)
        )
        return url_for("accounts.show", account_id=account_id)

    back = Undo(
        address=url_for("accounts.grant", account_id=account_id), fields={"role": role, "unit_id": unit}
    )
    return submit(form, work, said="The role is taken away.", undo=back) or _person_page(account_id, form)


@blueprint.post("/settings/people/<int:account_id>/activation")
def activation(account_id: int) -> ResponseReturnValue:
    """Take the sign-in away, at once and everywhere, or give it back."""
    form = StepForm()
    wanted = request.form.get("active") == "yes"

    def work(session: Session) -> str:
        _reach(session, account_id)
        _reach_all(session, account_id)
        account = organisation.get_account(session, account_id)
        if wanted:
            organisation.activate_account(session, account)
        else:
            organisation.deactivate_account(session, account, now=shell.now())
        return url_for("accounts.show", account_id=account_id)

    said = "The sign-in is given back." if wanted else "The sign-in is taken away, everywhere."
    return submit(form, work, said=said) or _person_page(account_id, form)


@blueprint.post("/settings/people/<int:account_id>/second-factor")
def reset_factor(account_id: int) -> ResponseReturnValue:
    """Switch a lost second factor off; the person is signed out and sets up a new one."""
    form = StepForm()

    def work(session: Session) -> str:
        _reach(session, account_id)
        _reach_all(session, account_id)
        set_second_factor(session, account_id, secret=None)
        organisation.revoke_sessions(session, account_id, now=shell.now())
        return url_for("accounts.show", account_id=account_id)

    return submit(form, work, said="The second factor is off.") or _person_page(account_id, form)


@blueprint.route("/settings/people/invite", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    """Invite somebody: the link is shown once, to be sent by whatever means there are."""
    form = InviteForm()
    form.unit_id.choices = unit_choices()
    made: list[str] = []
    if form.validate_on_submit():

        def work(session: Session) -> str:
            identity.require_unit(form.unit_id.data)
            _, token = organisation.create_invitation(
                session,
                email=str(form.email.data),
                role=str(form.role.data),
                unit=get_unit(session, form.unit_id.data),
                created_by_id=identity.person().person_id,
                now=shell.now(),
                note=form.note.data or None,
            )
            made.append(token)
            return url_for("accounts.index")

        done = submit(form, work)
        if done is not None and made:
            link = url_for("access.invitation", token=made[0], _external=True)
            return render_template("settings/invited.html", link=link, email=form.email.data)
        if done is not None:
            flash("This invitation was made already; its link was shown once.", "warn")
            return done
    return form_page("settings/invite.html", form)


@blueprint.post("/settings/invitations/<int:invitation_id>/withdraw")
def withdraw_invitation(invitation_id: int) -> ResponseReturnValue:
    """End an invitation before it is used."""
    form = StepForm()

    def work(session: Session) -> str:
        allowed = identity.permitted_units()
        waiting = organisation.open_invitations(session, now=shell.now())
        if not any(each.id == invitation_id and each.unit_id in allowed for each in waiting):
            raise NotFoundError("There is no such open invitation.")
        organisation.withdraw_invitation(session, invitation_id, now=shell.now())
        return url_for("accounts.index")

    return submit(form, work, said="The invitation is withdrawn.") or redirect(url_for("accounts.index"), 303)
