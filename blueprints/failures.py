"""Error pages: what happened, what to do, and a reference that stands in the log; never a stack, never a hint."""

import logging
import secrets
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, g, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, NotFound, ServiceUnavailable

from blueprints import identity, limits, links, navigation, permissions
from mopsaudit import organisation
from mopsaudit.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, disk_error
from mopsaudit.store.session import reading

_log = logging.getLogger(__name__)
#: How alike an address and a page have to be for the page to be offered, and how many are.
_NEAR: Final = 0.6
_MOST_LIKELY: Final = 4

#: Status → title and what to do.
PAGES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("This request could not be read", "Go back and try again; what you typed is still in the form."),
    401: ("You are not signed in", "Sign in and try again."),
    403: (
        "Your role does not allow this",
        "Somebody with the right role can do it, or an admin can give it to you.",
    ),
    404: (
        "There is no such page or record",
        "It may have been moved, or it belongs to a unit you do not see.",
    ),
    405: ("This address cannot be used that way", "Open the page again and use its buttons."),
    409: ("Somebody changed this meanwhile", "Open the page again to see the present state."),
    413: (
        "What was sent is too large",
        "No form here needs that much: shorten the text and send it again.",
    ),
    422: ("Something in the request is not valid", "Go back and correct it."),
    429: (
        "Too many attempts",
        "Try again 15 minutes after the last one. Nobody is locked out for good.",
    ),
    500: (
        "Something went wrong on our side",
        "Nothing of your last step was saved. Try again; if it comes back, tell your admin the reference.",
    ),
    503: (
        "The data cannot be reached right now",
        "Nothing of your last step was saved. Try again in a minute.",
    ),
}


def init_app(app: Flask) -> None:
    """Translate faults of the core and of the framework into pages."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(NotFoundError, lambda _: answer(404))
    app.register_error_handler(NotAllowedError, lambda error: answer(403, str(error)))
    app.register_error_handler(InvalidError, lambda error: answer(422, str(error)))
    app.register_error_handler(ConflictError, lambda error: answer(409, str(error)))
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(DBAPIError, _fault)
    app.register_error_handler(Exception, _fault)


def reference() -> str:
    """A new reference number for one failure."""
    return secrets.token_hex(4).upper()


def answer(status: int, sentence: str | None = None, *, number: str | None = None) -> ResponseReturnValue:
    """The error page of a status; JSON for those who ask for it. ``sentence`` replaces what to do."""
    title, todo = PAGES.get(status, PAGES[500])
    number = number or reference()
    if status >= 400 and status != 404:
        _log.info("answered %s on %s %s reference %s", status, request.method, _clean(request.path), number)
    if request.accept_mimetypes.best == "application/json":
        response = make_response(
            jsonify({"error": title, "what_to_do": sentence or todo, "reference": number})
        )
    else:
        response = make_response(
            render_template(
                "failures/page.html",
                status=status,
                heading=title,
                sentence=sentence or _own_sentence(status) or todo,
                number=number,
                framed=_framed(status),
                admins=_admins() if status == 403 else (),
                likely=_likely() if status == 404 else (),
                ways=_ways(status),
            )
        )
    response.status_code = status
    return response


def _own_sentence(status: int) -> str | None:
    """What to do where the request itself says more than its status."""
    if status == 403:
        return _needs()
    if status != 413 or identity.current() is None:
        return None
    if request.endpoint in limits.TAKES_FILES and request.max_content_length:
        most = (request.max_content_length - limits.WRAPPING_BYTES) // 1024**2
        return (
            f"The files of one upload may have {most} MB together, and nothing of them was kept. Send them one by "
            "one, or one month or only the marketing cost centres per file."
        )
    if request.endpoint in limits.TAKES_BACKUPS:
        return "A backup of more than 1 GB is copied into the folder of kept backups; the page then lists it."
    return None


def _ways(status: int) -> tuple[tuple[str, str], ...]:
    """Where somebody goes on from here: label and address. A broken page asks nothing of the database for it."""
    if status < 500 and identity.current() is None:
        return (("To the sign-in page", url_for("access.sign_in")),)
    ways: list[tuple[str, str]] = []
    if request.method in ("GET", "HEAD"):
        if status in (409, 500, 503):
            ways.append(("Open this page again", links.here()))
    elif back := _came_from():
        ways.append(("Back to the page before", back))
    return (*ways, ("To the dashboard", url_for("shell.dashboard")))


def _came_from() -> str | None:
    """The page of ours the request was sent from."""
    found = urlsplit(request.referrer or "")
    if found.netloc != request.host:
        return None
    return links.on_this_host(f"{found.path}?{found.query}" if found.query else found.path)


def _needs() -> str | None:
    """What was refused and who may do it, for somebody who is signed in: both stand on the help page of roles."""
    who, action = identity.current(), g.get("refused_action")
    if who is None or action is None:
        return None
    permission = permissions.ACTIONS[action]
    needed = ", ".join(role.value for role in permissions.Role if role in permission.roles)
    held = ", ".join(sorted(who.roles)) or "none"
    return (
        f"“{permission.label}” needs one of these roles: {needed}. Yours: {held}. An admin can give you one."
    )


def _admins() -> tuple[str, ...]:
    """Names of the admins somebody signed in can ask."""
    if identity.current() is None:
        return ()
    with reading() as session:
        return organisation.admin_names(session)


def _likely() -> tuple[tuple[str, str], ...]:
    """Pages whose address or name is near the one asked for: label and address. Only the address asked for counts, so
    a record that is missing and one that is another unit's answer alike.
    """
    if identity.current() is None:
        return ()
    asked = request.path.strip("/").casefold()
    first = asked.partition("/")[0]
    scored = []
    for _, entries in navigation.shown():
        for entry in entries:
            values: dict[str, Any] = {**dict(entry.values), "as_of": None, "unit": None}
            path = url_for(entry.endpoint, **values).strip("/").casefold()
            score = max(
                SequenceMatcher(None, asked, path).ratio(),
                SequenceMatcher(None, asked, entry.label.casefold()).ratio(),
                1.0 if path and path.partition("/")[0] == first else 0.0,
            )
            if score >= _NEAR:
                scored.append((-score, entry.label, entry.address))
    return tuple((label, address) for _, label, address in sorted(scored)[:_MOST_LIKELY])


def _framed(status: int) -> bool:
    """Whether the page may draw the frame, which reads from the database."""
    return status < 500 and identity.known()


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # a redirect raised by routing
    own = error.description if isinstance(error, BadRequest | Forbidden | ServiceUnavailable) else None
    if own == type(error).description:
        own = None
    page = make_response(answer(error.code if error.code in PAGES else _nearest(error.code), own))
    page.status_code = error.code
    if not isinstance(error, NotFound):
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after"):
                page.headers[name] = value
    return page


def _nearest(status: int) -> int:
    return 500 if status >= 500 else 400


def _expired(error: CSRFError) -> ResponseReturnValue:
    return answer(
        400,
        "This form has expired or was opened in another session. Open the page again and send it once more.",
    )


def _database(error: OperationalError) -> ResponseReturnValue:
    """The database is gone, locked or full: it has rolled back, and so do we."""
    number = reference()
    _log.error("database fault, reference %s: %s", number, type(error.orig).__name__, exc_info=error)
    return answer(503, number=number)


def _fault(error: Exception) -> ResponseReturnValue:
    number = reference()
    _log.error("fault, reference %s", number, exc_info=error)
    full = disk_error(error) if isinstance(error, OSError) else None
    return answer(500, number=number) if full is None else answer(503, str(full), number=number)


def _clean(text: str) -> str:
    return text.replace("\r", "\\r").replace("\n", "\\n")[:200]
