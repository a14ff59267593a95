"""Is the process up, and can it work: for supervisors and load balancers, without signing in."""

from collections.abc import Callable, Mapping

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from mopsaudit.store.session import reading

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify({"status": "up"})


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Database reachable, and what the composer adds to ``MOPSAUDIT_READINESS`` (schema current, worker seen).

    Each check returns None or what is wrong; 503 when one fails.
    """
    checks: dict[str, str] = {"database": _database()}
    more: Mapping[str, Callable[[], str | None]] = current_app.config.get("MOPSAUDIT_READINESS", {})
    if checks["database"] == "ok":
        for name, check in more.items():
            checks[name] = check() or "ok"
    ready = all(said == "ok" for said in checks.values())
    return jsonify({"status": "ready" if ready else "not ready", "checks": checks}), 200 if ready else 503


def _database() -> str:
    try:
        with reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "unreachable"
    return "ok"
