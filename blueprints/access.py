"""Getting in and out: first run, sign-in with its second factor, sign-out, invitations."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, abort, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Email, Length

from blueprints import credentials, failures, identity, links, passwords, shell
from blueprints.forms import Form, form_page
from mopsaudit import organisation
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.money import CURRENCIES
from mopsaudit.organisation.sessions import WINDOW
from mopsaudit.organisation.visits import begin_visit
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from mopsaudit.upkeep.work import last_restore

blueprint = Blueprint("access", __name__)

#: How long a first factor waits for the second.
PENDING: Final = timedelta(minutes=10)
#: How long the sign-in page says that a backup was brought back.
TOLD_AFTER_RESTORE: Final = timedelta(hours=2)
WRONG: Final = "That email and password do not match an account."
WRONG_CODE: Final = "That code does not match; codes change every 30 seconds and work once."
GONE: Final = "This invitation has been used or has run out. Ask for a new one."
MONTHS: Final = (
    "January February March April May June July August September October November December".split()
)


class SignInForm(Form):
    """Email and password."""

    email = StringField("Email", validators=[DataRequired("Type your email."), Length(max=320)])
    password = PasswordField("Password", validators=[DataRequired("Type your password.")])


class CodeForm(Form):
    """A code of the authenticator app or a recovery code."""

    code = StringField("Code", validators=[DataRequired("Type the code."), Length(max=40)])


class AccountForm(Form):
    """A new account's name and password."""

    name = StringField("Your name", validators=[DataRequired("Type your name."), Length(max=200)])
    password = PasswordField(
        "Password",
        description="12 characters or more; a few unrelated words are fine.",
        validators=[DataRequired("Choose a password.")],
    )


class FirstRunForm(AccountForm):
    """The first account, an admin, and what the organisation cannot do without."""

    email = StringField(
        "Email",
        validators=[
            DataRequired("Type your email."),
            Length(max=320),
            Email("This is not an email address."),
        ],
    )
    company_name = StringField(
        "Company", validators=[DataRequired("Type the company's name."), Length(max=200)]
    )
    base_currency = SelectField(
        "Base currency",
        choices={code: code for code in sorted(CURRENCIES)},
        description="Reports add up in it.",
    )
    fiscal_start = SelectField(
        "Fiscal year starts in",
        choices={str(number): name for number, name in enumerate(MONTHS, 1)},
    )


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Email and password. Unknown and known people get the same text after the same work."""
    back = links.on_this_host(request.args.get("next"))
    if identity.current() is not None:
        return redirect(back or url_for("shell.dashboard"))
    form = SignInForm()
    if not form.validate_on_submit():
        with reading() as reader:
            first = not organisation.accounts_exist(reader)
            restored = last_restore(reader)
            at = restored.at if restored and shell.now() - restored.at < TOLD_AFTER_RESTORE else None
        return form_page("access/sign_in.html", form, first=first, restored=at)
    email = str(form.email.data)
    keys = _keys(email)
    with reading() as reader:
        if organisation.is_throttled(reader, keys, now=shell.now()):
            return _too_many()
        account = organisation.find_account(reader, email)
        stored, account_id = (account.password, account.id) if account and account.active else (None, None)
        asks_more = bool(account and account.tf_totp_secret)
    fits = credentials.matches(str(form.password.data), stored)
    form.password.data = None
    if not fits or account_id is None:
        with unit_of_work(SYSTEM, now=shell.now()) as writer:
            organisation.note_failed_sign_in(writer, keys, now=shell.now())
        form.problems.append(WRONG)
        return form_page("access/sign_in.html", form, first=False)
    if asks_more:
        session.clear()
        session["pending"] = [account_id, int(shell.now().timestamp())]
        return redirect(url_for("access.second_factor", next=back), 303)
    return _enter(account_id, back)


def _keys(email: str) -> tuple[str, ...]:
    """What failed sign-ins are counted by: the address they come from and the account they aim at."""
    address, account = request.remote_addr or "unknown", email.strip().casefold()[:320]
    return (f"address:{address}", f"account:{account}", f"pair:{address} {account}")


def _too_many() -> ResponseReturnValue:
    page = make_response(failures.answer(429))
    page.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return page


def _enter(account_id: int, back: str | None) -> ResponseReturnValue:
    """Open a session of its own for the browser: nothing of the cookie before survives the sign-in."""
    with unit_of_work(SYSTEM, now=shell.now()) as writer:
        token = organisation.open_session(
            writer, account_id, now=shell.now(), agent=request.user_agent.string[:200]
        )
        begin_visit(writer, account_id)
    identity.begin(token)
    return redirect(back or url_for("shell.dashboard"), 303)


@blueprint.route("/sign-in/second-factor", methods=["GET", "POST"])
def second_factor() -> ResponseReturnValue:
    """The code of the authenticator app, or a recovery code, within ten minutes of the password."""
    back = links.on_this_host(request.args.get("next"))
    pending = session.get("pending")
    if not isinstance(pending, list) or len(pending) != 2:
        return redirect(url_for("access.sign_in", next=back))
    account_id, since = int(pending[0]), int(pending[1])
    if shell.now().timestamp() - since > PENDING.total_seconds():
        session.clear()
        return redirect(url_for("access.sign_in", next=back))
    form = CodeForm()
    if not form.validate_on_submit():
        return form_page("access/second_factor.html", form)
    keys = (f"code:{account_id}", f"address:{request.remote_addr or 'unknown'}")
    with reading() as reader:
        if organisation.is_throttled(reader, keys, now=shell.now()):
            return _too_many()
    code = str(form.code.data)
    with unit_of_work(SYSTEM, now=shell.now()) as writer:
        account = organisation.get_account(writer, account_id)
        fits = account.active and (
            credentials.code_fits(writer, code, account.tf_totp_secret, account, shell.now())
            or credentials.use_recovery_code(account, code)
        )
        if not fits:
            organisation.note_failed_sign_in(writer, keys, now=shell.now())
    if not fits:
        form.code.data = ""
        form.problems.append(WRONG_CODE)
        return form_page("access/second_factor.html", form)
    return _enter(account_id, back)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this browser's session for good: its row is revoked, so a copy of the cookie is worth nothing."""
    identity.end()
    return redirect(url_for("access.sign_in"), 303)


@blueprint.route("/first-run", methods=["GET", "POST"])
def first_run() -> ResponseReturnValue:
    """Make the first account, an admin, with the token printed at start. Gone once there is an account."""
    with reading() as reader:
        if organisation.accounts_exist(reader):
            abort(404)
        token = request.args.get("token", "")
        fits = organisation.verify_setup_token(reader, token, now=shell.now())
    if not fits:
        abort(403, "Open the address that was printed when the application started; it works once.")
    form = FirstRunForm(
        data={
            "company_name": shell.settings().company_name,
            "base_currency": shell.settings().base_currency,
            "fiscal_start": str(shell.settings().fiscal_start),
        }
    )
    if form.validate_on_submit():
        try:
            password = passwords.checked(
                str(form.password.data),
                (str(form.email.data), str(form.name.data), str(form.company_name.data)),
            )
            with unit_of_work(SYSTEM, now=shell.now(), reason="First run") as writer:
                account = organisation.create_first_account(
                    writer,
                    token,
                    name=str(form.name.data),
                    email=str(form.email.data),
                    password_hash=credentials.hashed(password),
                    now=shell.now(),
                )
                for key in ("company_name", "base_currency", "fiscal_start"):
                    organisation.save_setting(writer, key, form[key].data)
                account_id = account.id
            return _enter(account_id, None)
        except InvalidError as error:
            form.refuse(error)
        except NotFoundError as error:
            abort(403, str(error))
    return form_page("access/first_run.html", form)


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> ResponseReturnValue:
    """Accept an invitation: name and password; role, unit and address are the inviter's choice. Works once."""
    with reading() as reader:
        found = organisation.find_invitation(reader, token, now=shell.now())
        invited = (found.email, found.role) if found is not None else None
    if invited is None:
        return failures.answer(404, GONE)
    company = shell.settings().company_name
    form = AccountForm()
    if form.validate_on_submit():
        try:
            password = passwords.checked(str(form.password.data), (invited[0], str(form.name.data), company))
            with unit_of_work(SYSTEM, now=shell.now(), reason="Invitation accepted") as writer:
                account = organisation.accept_invitation(
                    writer,
                    token,
                    name=str(form.name.data),
                    password_hash=credentials.hashed(password),
                    now=shell.now(),
                )
                account_id = account.id
            return _enter(account_id, None)
        except InvalidError as error:
            form.refuse(error)
        except NotFoundError:
            return failures.answer(404, GONE)
    return form_page("access/invitation.html", form, email=invited[0], role=invited[1], company=company)
