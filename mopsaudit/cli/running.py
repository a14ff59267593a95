"""How every command runs: on a database that is ready, with exit statuses people can script on (INTERFACES.md)."""

import errno
import logging
import os
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

import click
from flask import current_app
from flask.cli import ScriptInfo
from sqlalchemy.exc import DBAPIError, OperationalError

from mopsaudit.backup import settle_keys
from mopsaudit.errors import MopsauditError, disk_error
from mopsaudit.intake.supplier_keys import KeyChange, keys_are_current, renew_keys
from mopsaudit.organisation import ensure_root, list_units, load_settings
from mopsaudit.store import chain
from mopsaudit.store.migrations import current_revision, head_revision, upgrade
from mopsaudit.store.session import SYSTEM, db, keyring, reading, unit_of_work

F = TypeVar("F", bound=Callable[..., Any])

_log = logging.getLogger(__name__)
DONE, FAULT, REFUSED, QUESTION, CHECK_FAILED = range(5)
#: Attribute of a callback that must not have the database made ready first.
_BARE: Final = "mopsaudit_bare"


def bare(callback: F) -> F:
    """Mark a command that works on the database as it is (upgrade, restore)."""
    setattr(callback, _BARE, True)
    return callback


def stop(sentence: str, status: int = REFUSED) -> NoReturn:
    """End the command with one sentence on standard error."""
    click.echo(sentence, err=True)
    sys.exit(status)


def guarded(command: click.Command) -> click.Command:
    """The command (and those below it) with every fault translated and a fresh database made ready."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            guarded(below)
    callback = command.callback
    if callback is None or isinstance(command, click.Group) or hasattr(callback, "mopsaudit_guarded"):
        return command

    @wraps(callback)
    def run(*args: Any, **values: Any) -> Any:
        try:
            app = click.get_current_context().ensure_object(ScriptInfo).load_app()
            with app.app_context():
                if not hasattr(callback, _BARE):
                    make_ready()
                return callback(*args, **values)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except MopsauditError as error:
            stop(str(error))
        except OperationalError as error:
            _fault(error, no_room(error) or "The database refused; nothing was changed.")
        except DBAPIError as error:
            _fault(error, "The database refused; nothing was changed.")
        except OSError as error:
            _fault(error, no_room(error) or "Something went wrong on our side; nothing was changed.")
        except Exception as error:  # noqa: BLE001  # the edge: a person gets a sentence, the log gets the rest
            _fault(error, "Something went wrong on our side; nothing was changed.")

    run.mopsaudit_guarded = True  # type: ignore[attr-defined]
    command.callback = run
    return command


def no_room(error: Exception) -> str | None:
    """What a person is told of a fault of the disk or the database that is none of ours; None for any other."""
    if isinstance(error, OperationalError):
        if "disk is full" in str(error.orig):
            return str(disk_error(OSError(errno.ENOSPC, "")))
        return "The database does not answer, or its disk is full or read-only; nothing was changed."
    told = disk_error(error) if isinstance(error, OSError) else None
    return None if told is None else str(told)


def _fault(error: Exception, sentence: str) -> NoReturn:
    reference = secrets.token_hex(4)
    log_fault(_log, "a command failed", error, reference=reference)
    stop(f"{sentence} Reference {reference}.", FAULT)


def log_fault(log: logging.Logger, what: str, error: Exception, *, reference: str | None = None) -> None:
    """One line of the log; with the stack, unless a full or read-only disk is what failed: no code is at fault then."""
    if isinstance(error, OperationalError):
        disk = "disk is full" in str(error.orig)
        cause: object = error.orig
    else:
        disk, cause = isinstance(error, OSError) and disk_error(error) is not None, error
    said = f"{what}: {cause}" if disk else what
    log.error(said, exc_info=None if disk else error, extra={"reference": reference} if reference else None)


def make_ready(*, upgrade_old: bool = False) -> KeyChange | None:
    """Tables and root unit in a fresh database; with ``upgrade_old`` an older schema is brought up too.

    Suppliers are put under the keys of this version's rules for reading names: what that changed, None for nothing.

    Raises:
        MopsauditError: when the schema is older (and must not be upgraded here) or newer than this version.
    """
    at = current_revision(db.engine)
    if at is None or (upgrade_old and at != head_revision()):
        upgrade(db.engine)
    elif at != head_revision():
        raise MopsauditError("The database has the schema of another version. Run: mopsaudit db upgrade")
    settle_keys(db.engine, Path(current_app.config["MOPSAUDIT_DATA"]))
    with reading() as session:
        chain.catch_up(session, keyring())
        prepared = bool(list_units(session))
        keyed = keys_are_current(session)
    if not prepared:
        with unit_of_work(SYSTEM, now=datetime.now(UTC)) as session:
            ensure_root(session)
    return None if keyed else _renew_keys(datetime.now(UTC))


def _renew_keys(now: datetime) -> KeyChange | None:
    with unit_of_work(
        SYSTEM, now=now, reason="This version reads the names of suppliers otherwise."
    ) as session:
        change = renew_keys(session, now=now, settings=load_settings(session, os.environ))
    if change is not None:
        _log.info("%s", change)
    return change
