"""The composer: the one module that knows the core, the pages and the readers."""

import atexit
import gc
import logging
import os
import secrets
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from mopsaudit.intake import head_start

# Everything else is loaded by what needs it: a large file is being read before the libraries are there.
if TYPE_CHECKING:
    from flask import Flask, Response
    from sqlalchemy.orm import Session

    from mopsaudit.checks import Check

ROOT: Final = Path(__file__).resolve().parent
#: What reads a file, by dotted name.
READER = "importers.reader:read_file"
_log = logging.getLogger("mopsaudit.web")


def create_app(config: Mapping[str, Any] | None = None) -> "Flask":
    """The application on the data folder and database of ``config``, else of the environment (INTERFACES.md).

    Raises:
        WeakKeyError: when a key in the data folder could be guessed or read by others.
    """
    from flask import Flask

    from mopsaudit import cli
    from mopsaudit.intake import match_kept
    from mopsaudit.store import session as store_session

    app = Flask(
        "mopsaudit", template_folder=str(ROOT / "templates"), static_folder=None, static_url_path="/assets"
    )
    app.config["MOPSAUDIT_DATA"] = Path(os.environ.get("MOPSAUDIT_DATA") or ROOT / "var").resolve()
    app.config.update(config or {})
    data = Path(app.config["MOPSAUDIT_DATA"])
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.config.setdefault("SQLALCHEMY_DATABASE_URI", _database_url(data))
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"hide_parameters": True, "pool_pre_ping": True})
    app.config.setdefault("MOPSAUDIT_READER", READER)
    app.config.setdefault("MOPSAUDIT_MARKER", "mopsaudit.workbook.annotate:annotate")
    app.config.setdefault("MOPSAUDIT_FIELDS", "importers.fields:FIELDS")
    app.config.setdefault("MOPSAUDIT_TEMPLATES", "importers.templates:write_template")
    if hosts := os.environ.get("MOPSAUDIT_HOSTS"):
        app.config.setdefault("MOPSAUDIT_HOSTS", tuple(hosts.replace(",", " ").split()))
    app.config["MOPSAUDIT_READINESS"] = {"schema": _schema_current, "worker": _worker_seen}
    store_session.init_app(app)
    if not app.config.get("TESTING"):
        match_kept.keep_in(data / "kept")
    only = app.config.setdefault("MOPSAUDIT_COMMANDS", None)
    if app.config.setdefault("MOPSAUDIT_PAGES", True):
        _serve(app)
    _share(app)
    app.extensions["mopsaudit.make"] = create_app
    app.extensions["mopsaudit.new_password"] = _new_password
    for command in cli.commands(only):
        app.cli.add_command(command)
    return app


def _share(app: "Flask") -> None:
    """Answers kept by other processes are used, and new ones left for them, wherever reports are made."""
    if app.config["MOPSAUDIT_COMMANDS"] == "imports":
        return
    from mopsaudit.facts.reading import share
    from mopsaudit.store.session import db

    if app.config.setdefault("MOPSAUDIT_SHARE_ANSWERS", not app.config.get("TESTING")):
        with app.app_context():
            share(db.engine, Path(app.config["MOPSAUDIT_DATA"]) / "kept")


def _serve(app: "Flask") -> None:
    """Everything but the commands: sign-in, background jobs, checks, pages. Loading it takes most of the start, so
    commands that bring a file in, write one or tell a report do without.
    """
    import blueprints
    from blueprints import gaps, kept_reports, positions, spend, tool_list, visits
    from mopsaudit import checks, jobs, kept_figures
    from mopsaudit.cli import warming
    from mopsaudit.intake import work
    from mopsaudit.reports import dashboard, registry
    from mopsaudit.scenarios import work as scenario_work
    from mopsaudit.upkeep import work as upkeep_work
    from mopsaudit.workbook import deliveries

    _secure(app)
    jobs.handlers.update(work.HANDLERS | upkeep_work.HANDLERS | scenario_work.HANDLERS | deliveries.HANDLERS)
    jobs.handlers[upkeep_work.RESTORE_JOB] = work.with_keys_renewed(upkeep_work.restore_job)
    jobs.endings.update(work.ENDINGS | scenario_work.ENDINGS)
    checks.more_checks[:] = [_report_totals, kept_figures.check_savings, kept_figures.check_forecasts]
    blueprints.register(app)
    warming.more[:] = [
        registry.brief_findings,
        dashboard.build,
        visits.shown_now,
        kept_reports.stack_with_marks,
        kept_reports.finding_rows,
        tool_list.kept_rows,
        positions.kept_positions,
        spend.kept_facts,
        gaps.gather,
    ]
    _log_requests(app)


def _database_url(data: Path) -> str:
    url = os.environ.get("MOPSAUDIT_DATABASE_URL")
    if not url:
        return f"sqlite:///{data / 'mopsaudit.sqlite3'}"
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return f"postgresql+psycopg://{url.removeprefix(scheme)}"
    return url


def _secure(app: "Flask") -> None:
    """Keys of our own, and the sign-in library for its hashing and second factor; its pages stay off."""
    from flask_security import Security, SQLAlchemyUserDatastore

    from mopsaudit.store.models import Account, Role
    from mopsaudit.store.session import db, keyring

    with app.app_context():
        keys = keyring()
    app.config.update(
        SECRET_KEY=keys.key("secret").decode(),
        SECURITY_PASSWORD_SALT=keys.key("password").decode(),
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  # the name of a method
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
        SECURITY_TWO_FACTOR=True,
        SECURITY_TOTP_SECRETS={1: keys.key("totp").decode()},
        SECURITY_TOTP_ISSUER="mopsaudit",
        SECURITY_MULTI_FACTOR_RECOVERY_CODES=True,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
    )
    Security(app, SQLAlchemyUserDatastore(db, Account, Role), register_blueprint=False)


def _new_password(password: str, known: tuple[str, ...]) -> str:
    """The hash of a password that may be used; the same rules as on the pages."""
    from blueprints import credentials, passwords

    return credentials.hashed(passwords.checked(password, known))


def _schema_current() -> str | None:
    from mopsaudit.store import migrations
    from mopsaudit.store.session import db

    return None if migrations.is_current(db.engine) else "the schema is of another version"


def _worker_seen() -> str | None:
    from mopsaudit import jobs
    from mopsaudit.store.session import reading

    with reading() as session:
        return None if jobs.worker_seen(session, now=datetime.now(UTC)) else "no worker seen"


def _report_totals(session: "Session") -> "Check":
    from mopsaudit import report_totals

    return report_totals.check_totals(session, as_of=datetime.now(UTC).date())


def _log_requests(app: "Flask") -> None:
    """One line a request: its pattern, never its address, which may hold a token."""
    from flask import g, request

    @app.before_request
    def start() -> None:
        g.request_started = time.perf_counter()

    @app.after_request
    def note(response: "Response") -> "Response":
        pattern = request.url_rule.rule if request.url_rule is not None else "(none)"
        spent = time.perf_counter() - g.get("request_started", time.perf_counter())
        _log.info(
            "request",
            extra={
                "method": request.method,
                "endpoint": pattern,
                "status": response.status_code,
                "milliseconds": round(spent * 1000),
            },
        )
        return response


#: Commands that need no page, and the module they stand in: loading the rest takes most of their start.
_ALONE = {"import": "imports", "export": "exports", "report": "reports"}


def main() -> NoReturn:
    """The console script; exit statuses of INTERFACES.md."""
    os.umask(0o077)  # whatever this process writes is its owner's alone
    gc.disable()  # what is loaded stays: looking through it for cycles takes a quarter of a command's start
    # Passkeys are not offered; the sign-in library loads theirs (a seventh of a command's start) wherever it is found.
    sys.modules.setdefault("webauthn", cast("Any", None))
    head_start.begin(sys.argv[1:], READER)
    import click
    from flask.cli import ScriptInfo

    from mopsaudit import logs
    from mopsaudit.errors import MopsauditError

    level = os.environ.get("MOPSAUDIT_LOG", "warning").lower()
    logs.configure(level if level in ("debug", "info", "warning", "error") else "warning")
    try:
        alone = _ALONE.get(sys.argv[1] if len(sys.argv) > 1 else "")
        app = create_app({"MOPSAUDIT_PAGES": False, "MOPSAUDIT_COMMANDS": alone} if alone else None)
    except MopsauditError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except Exception as error:  # noqa: BLE001  # the edge: one sentence, the rest in the log
        reference = secrets.token_hex(4)
        _log.error("could not start", exc_info=error, extra={"reference": reference})
        click.echo(f"mopsaudit could not start: {type(error).__name__}. Reference {reference}.", err=True)
        sys.exit(1)
    finally:
        gc.enable()
    gc.freeze()
    app.cli.name = "mopsaudit"
    app.cli.help = (
        "Audits marketing operations: what is paid for, what overlaps, what idles, what to decide by when."
    )
    try:
        app.cli.main(prog_name="mopsaudit", obj=ScriptInfo(create_app=lambda: app))
    except SystemExit as ended:
        if alone:
            _end(ended.code)
        raise


def _end(status: str | int | None) -> None:
    """End at once, once what asked for it was told and all is written: taking the rows of a large file down value by
    value, which the system does at one stroke, would let whoever waits for the command wait for nothing.
    """
    atexit._run_exitfuncs()  # noqa: SLF001  # os._exit leaves them out, and there is no other way to call them
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody listens any more: the usual end says so
        return
    if status is None or isinstance(status, int):
        os._exit(status or 0)


if __name__ == "__main__":
    main()
