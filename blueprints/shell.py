"""The frame of every page: the scope in the address, the clock, quick search, the running import, the dashboard."""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, abort, current_app, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints import identity, links, navigation
from mopsaudit import jobs
from mopsaudit.organisation import load_settings, scope_for
from mopsaudit.scope import Scope
from mopsaudit.settings import Settings
from mopsaudit.store.session import reading

blueprint = Blueprint("shell", __name__, static_folder="static", static_url_path="/static")

SCOPE_ARGUMENTS: Final = ("as_of", "unit")
#: Addresses that belong to nobody's scope.
_UNSCOPED: Final = frozenset(
    {"static", "sign_in", "sign_out", "first_run", "invitation", "second_factor", "theme"}
)
#: Pages that are the same whatever the scope: they show no scope bar.
_WITHOUT_SCOPE: Final = frozenset(
    {"access", "accounts", "entities", "help", "periods", "profile", "settings", "upkeep", "views"}
)
#: Kinds of jobs that read or apply a file.
_OF_FILES: Final = frozenset({"read", "apply"})
_UNSCOPED_BLUEPRINTS: Final = frozenset({"health", "bootstrap", "profile", "access"})


def init_app(app: Flask) -> None:
    """Keep the scope on every link and give templates the frame's values."""
    app.config.setdefault("MOPSAUDIT_CLOCK", _system_clock)
    app.url_defaults(_keep_scope)
    app.context_processor(_frame)


def _system_clock() -> datetime:
    return datetime.now(UTC)


def now() -> datetime:
    """The moment of the request (aware UTC), the same from its first line to its last."""
    return identity.clock()


def settings() -> Settings:
    """The organisation's settings, read once per request."""
    if "settings" not in g:
        with reading() as session:
            g.settings = load_settings(session, current_app.config.get("MOPSAUDIT_ENVIRON") or environ())
    found: Settings = g.settings
    return found


def environ() -> Mapping[str, str]:
    """The process environment settings may come from."""
    return os.environ


def zone() -> ZoneInfo:
    """The organisation's time zone."""
    return ZoneInfo(settings().time_zone)


def own_zone() -> ZoneInfo:
    """The zone moments are shown in: the person's own, else the organisation's."""
    who = identity.current()
    return ZoneInfo(who.time_zone) if who is not None and who.time_zone else zone()


def today() -> date:
    """The day it is in the organisation's time zone."""
    return now().astimezone(zone()).date()


def as_of() -> date:
    """The day the request asks about: ``as_of`` of the address, else today. 400 for what is no date."""
    text = request.args.get("as_of", "").strip()
    if not text:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(400, f"“{text[:40]}” is not a date; write it like 2026-06-30.")


def scope() -> Scope:
    """What the request asks about, cut to the units in which the person may do what the route does.

    Raises:
        NotFoundError: for a unit that does not exist or is not theirs; both answer alike.
    """
    if "scope" not in g:
        with reading() as session:
            g.scope = scope_for(
                session,
                as_of=as_of(),
                unit=request.args.get("unit", "").strip() or None,
                within=identity.permitted_units(),
            )
    found: Scope = g.scope
    return found


def _keep_scope(endpoint: str, values: dict[str, Any]) -> None:
    """Carry ``as_of`` and ``unit`` on every link of a page; a value given (also None) wins."""
    if endpoint.partition(".")[0] in _UNSCOPED_BLUEPRINTS or endpoint.rpartition(".")[2] in _UNSCOPED:
        return
    try:
        given = request.args
    except RuntimeError:
        return  # outside a request there is no scope to keep
    for name in SCOPE_ARGUMENTS:
        if name not in values and (text := given.get(name)):
            values[name] = text


def _frame() -> dict[str, Any]:
    """Values the frame's template needs; nothing of it for somebody who is not signed in."""
    return {
        "person": identity.current(),
        "navigation_groups": navigation.shown,
        "frame": _Frame(),
        "lines_url": links.lines_url,
        "ref_url": links.ref_url,
        "now": now,
        "today": today,
        "zone": own_zone,
    }


class _Frame:
    """What the top bar shows, asked for only by pages that draw it."""

    @property
    def company(self) -> str:
        return settings().company_name

    @property
    def currency(self) -> str:
        return settings().base_currency

    @property
    def as_of(self) -> date:
        try:
            return date.fromisoformat(request.args.get("as_of", ""))
        except ValueError:
            return today()

    @property
    def today(self) -> date:
        return today()

    @property
    def units(self) -> list[tuple[str, str, int]]:
        """Code, name and depth of the units the person may ask about, in the order of the tree."""
        return identity.visible_units()

    @property
    def unit(self) -> str:
        return request.args.get("unit", "")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parameters of the address beside the scope: hidden fields of the scope's form."""
        return [
            (name, value)
            for name, values in request.args.lists()
            for value in values
            if name not in SCOPE_ARGUMENTS and not name.endswith("page")
        ]

    @property
    def scope_pairs(self) -> list[tuple[str, str]]:
        """The scope of the address, for forms that lead to another page."""
        return [(name, text) for name in SCOPE_ARGUMENTS if (text := request.args.get(name))]

    @property
    def here(self) -> str:
        """This page's address; the dashboard for a page that cannot be asked for."""
        return links.here() if request.method == "GET" else "/"

    @property
    def imports_url(self) -> str | None:
        """The list of imports, once there is one."""
        return url_for("imports.index") if "imports.index" in current_app.view_functions else None

    @property
    def scoped(self) -> bool:
        """Whether a change of scope changes the page: only pages that are asked for and not posted."""
        return request.method == "GET" and request.blueprint not in _WITHOUT_SCOPE

    @property
    def running(self) -> Mapping[str, Any]:
        return running_state()


def running_state() -> Mapping[str, Any]:
    """The files under way: how many, and a sentence; no name of a file, which another unit's may hold."""
    with reading() as session:
        everything = jobs.waiting_and_running(session)
        if any(job.kind == "restore" for job in everything):
            return {"count": 1, "text": "A backup is being restored; then everybody is signed out"}
        running = [job for job in everything if job.kind in _OF_FILES]
        done = sum(job.progress_done for job in running if job.progress_total)
        total = sum(job.progress_total or 0 for job in running)
    if not running:
        return {"count": 0, "text": ""}
    text = "1 file is being read" if len(running) == 1 else f"{len(running)} files are being read"
    return {"count": len(running), "text": f"{text}, {100 * done // total} %" if total else text}


@blueprint.get("/running")
def running() -> ResponseReturnValue:
    """The running imports as JSON, for the top bar."""
    return jsonify(running_state())


@blueprint.get("/")
def dashboard() -> ResponseReturnValue:
    """What to decide, by when, worth how much; on an empty database the place to drop a first file."""
    from blueprints import dashboard as page  # it joins the reports, whose pages stand on this frame

    return render_template("dashboard.html", **page.values())


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """Everything the person may see whose name holds the words."""
    from blueprints import search as quick  # it asks the pages' own rooms, which stand on this frame

    text = request.args.get("q", "").strip()[:100]
    found = quick.find(text)
    return render_template(
        "search.html",
        text=text,
        found=found,
        most=quick.MOST,
        hits=sum(len(each.hits) for each in found),
    )
