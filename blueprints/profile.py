"""One's own page: theme, shortcuts, password, second factor and recovery codes."""

from typing import Final
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from blueprints import credentials, identity, links, passwords, shell
from blueprints.access import CodeForm
from blueprints.forms import Form, form_page, submit
from mopsaudit import organisation
from mopsaudit.errors import InvalidError
from mopsaudit.organisation.profile import NUMBER_STYLES, set_preferences, set_second_factor
from mopsaudit.store.session import reading, unit_of_work

blueprint = Blueprint("profile", __name__)

THEMES: Final = {"auto": "Like the system", "light": "Light", "dark": "Dark"}
_SETUP: Final = "factor"


class PreferencesForm(Form):
    """How pages look and behave for this person."""

    theme = SelectField("Theme", choices=THEMES)
    number_style = SelectField(
        "Numbers",
        choices={each: each for each in NUMBER_STYLES},
        description="On pages, tables and charts. Exports stay the same for everybody.",
    )
    time_zone = SelectField("Time zone", description="For moments. What day it is stays the organisation's.")
    shortcuts = BooleanField(
        "Single-key shortcuts",
        description="/ searches, j and k move, ? lists them all. Off leaves every key alone.",
    )


class PasswordForm(Form):
    """A new password, with the present one as proof."""

    current = PasswordField("Present password", validators=[DataRequired("Type your present password.")])
    password = PasswordField(
        "New password",
        description="12 characters or more; a few unrelated words are fine.",
        validators=[DataRequired("Choose a password.")],
    )


class FactorForm(CodeForm):
    """The first code of a new authenticator entry, with the password as proof."""

    code = StringField("Six digits", validators=[DataRequired("Type the code."), Length(max=12)])
    password = PasswordField("Your password", validators=[DataRequired("Type your password.")])


@blueprint.route("/profile", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    """Name, roles, theme, and the way to password and second factor."""
    who = identity.person()
    form = PreferencesForm(
        data={
            "theme": who.theme,
            "number_style": who.number_style or NUMBER_STYLES[0],
            "time_zone": who.time_zone or "",
            "shortcuts": who.shortcuts,
        }
    )
    form.time_zone.choices = {"": f"the organisation's ({shell.zone().key})"} | {
        each: each.replace("_", " ") for each in sorted(available_timezones())
    }
    if form.validate_on_submit():

        def work(writer: Session) -> str:
            set_preferences(
                writer,
                who.account_id,
                theme=str(form.theme.data),
                shortcuts=bool(form.shortcuts.data),
                number_style=str(form.number_style.data),
                time_zone=str(form.time_zone.data or ""),
            )
            return url_for("profile.show")

        done = submit(form, work, said="Saved.")
        if done is not None:
            return done
    return form_page("profile/show.html", form, roles=", ".join(sorted(who.roles)))


@blueprint.post("/profile/theme")
def theme() -> ResponseReturnValue:
    """Switch the theme from the menu and come back."""
    who = identity.person()
    chosen = request.form.get("theme", "")
    if chosen in THEMES:
        with unit_of_work(who.actor, now=shell.now()) as writer:
            set_preferences(writer, who.account_id, theme=chosen)
    return redirect(links.on_this_host(request.form.get("next")) or url_for("shell.dashboard"), 303)


def _proves(password: object) -> bool:
    """Whether it is the person's password; wrong tries count towards the throttle."""
    who = identity.person()
    keys = (f"proof:{who.account_id}",)
    with reading() as reader:
        if organisation.is_throttled(reader, keys, now=shell.now()):
            return False
        stored = organisation.get_account(reader, who.account_id).password
    if credentials.matches(str(password or ""), stored):
        return True
    with unit_of_work(who.actor, now=shell.now()) as writer:
        organisation.note_failed_sign_in(writer, keys, now=shell.now())
    return False


@blueprint.route("/profile/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Change the password; every other session of the person ends."""
    who = identity.person()
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            if not _proves(form.current.data):
                raise InvalidError("This is not your present password.", "current")
            chosen = passwords.checked(
                str(form.password.data), (who.email, who.name, shell.settings().company_name)
            )
            with unit_of_work(who.actor, now=shell.now()) as writer:
                account = organisation.get_account(writer, who.account_id)
                organisation.set_password(writer, account, credentials.hashed(chosen), now=shell.now())
                token = organisation.open_session(
                    writer, who.account_id, now=shell.now(), agent=request.user_agent.string[:200]
                )
            identity.begin(token)
            flash("Your password is changed; other browsers are signed out.", "good")
            return redirect(url_for("profile.show"), 303)
        except InvalidError as error:
            form.refuse(error)
    return form_page("profile/password.html", form)


@blueprint.route("/profile/second-factor", methods=["GET", "POST"])
def second_factor() -> ResponseReturnValue:
    """Set up a second factor: it counts once a code of it was typed. The secret waits, encrypted, in the cookie."""
    who = identity.person()
    form = FactorForm()
    secret = session.get(_SETUP)
    if not isinstance(secret, str) or request.method == "GET":
        secret = session[_SETUP] = credentials.new_secret()
    with reading() as reader:
        account = organisation.get_account(reader, who.account_id)
        setup = credentials.setup_values(secret, account)
    if form.validate_on_submit():
        try:
            if not _proves(form.password.data):
                raise InvalidError("This is not your password.", "password")
            with unit_of_work(who.actor, now=shell.now()) as writer:
                account = organisation.get_account(writer, who.account_id)
                if not credentials.code_fits(writer, str(form.code.data), secret, account, shell.now()):
                    raise InvalidError("That code does not match; type the one shown now.", "code")
                set_second_factor(writer, who.account_id, secret=secret)
                codes = credentials.new_recovery_codes(account)
            session.pop(_SETUP, None)
            flash("The second factor is on.", "good")
            return render_template("profile/recovery_codes.html", codes=codes)
        except InvalidError as error:
            form.refuse(error)
    return form_page("profile/second_factor.html", form, setup=setup)


@blueprint.post("/profile/recovery-codes")
def recovery_codes() -> ResponseReturnValue:
    """Ten new recovery codes in place of the old ones, shown this once."""
    who = identity.person()
    with unit_of_work(who.actor, now=shell.now()) as writer:
        account = organisation.get_account(writer, who.account_id)
        if not account.tf_totp_secret:
            return redirect(url_for("profile.second_factor"), 303)
        codes = credentials.new_recovery_codes(account)
    return render_template("profile/recovery_codes.html", codes=codes)
