"""Answers made ready before anybody asks: after a change, at a new day, at the start of a process.

The background worker works out what the pages of the whole company show today and keeps it where every process finds it
(:mod:`mopsaudit.facts.cupboard`); a web process fetches it as soon as it is there. Only what nobody asked for yet is
made: who asks first waits for the same work, not for a second one. Answers hold by their stamps whoever made them, so
that a worker that lags, or none at all, costs time and never a figure.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from mopsaudit.facts.reading import NotAtHandError, at_hand, cupboard_of
from mopsaudit.organisation import load_settings, scope_for
from mopsaudit.reporting import Report
from mopsaudit.reports.registry import REPORTS, all_findings
from mopsaudit.scope import Scope
from mopsaudit.store.session import db, reading
from mopsaudit.store.stamps import read_stamps

_log = logging.getLogger(__name__)
#: Seconds between two looks at the stamps.
LOOK: Final = 1.0
#: Times as long as making ready took that the worker rests after it: at most a quarter of its time under steady change.
REST: Final = 3.0

#: Makes one answer ready.
Question = Callable[[Session, Scope], object]
#: Called with each report that is at hand.
Seen = Callable[[Report], object]

#: What pages ask beside reports and findings; the composer fills it.
more: list[Question] = []


def questions() -> tuple[Question, ...]:
    """What is made ready, one by one: each report, the findings, what pages ask beside."""
    rooms = tuple(room.build for room in REPORTS.values())
    return (*rooms, all_findings, *more)


class Warming:
    """Keeps answers about the whole company today ready. ``works``: works them out, else only takes what is at hand."""

    def __init__(
        self,
        app: Flask,
        *,
        works: bool,
        clock: Callable[[], datetime],
        environ: Mapping[str, str],
        seen: Seen | None = None,
    ) -> None:
        self._app = app
        self._works = works
        self._clock = clock
        self._environ = environ
        self._seen = seen
        self._last: object = None
        self._done: object = None

    def run(self, stop: threading.Event) -> None:
        """Look again and again until ``stop`` is set."""
        rest = LOOK
        while not stop.wait(rest):
            started = time.monotonic()
            try:
                busy = self.look()
            except (SQLAlchemyError, OSError):
                _log.warning("answers could not be made ready; the database does not answer", exc_info=True)
                busy = False
            spent = time.monotonic() - started
            rest = max(LOOK, spent * REST) if busy and self._works else LOOK

    def look(self) -> bool:
        """Make ready what changed since the last look and has been still since; whether anything was asked."""
        with self._app.app_context():
            with reading() as session:
                now = read_stamps(session.connection())
                zone = ZoneInfo(load_settings(session, self._environ).time_zone)
            state = (now, self._clock().astimezone(zone).date())
            if self._works and state != self._last:
                self._last = state  # something is being changed: wait until it is still
                return False
            if state == self._done:
                return False
            asked = [
                self._ask(question, state[1]) for question in questions()
            ]  # each, whatever the first says
            cupboard = cupboard_of(db.engine)
            if self._works and cupboard is not None:
                cupboard.sweep(now)
            if all(asked):
                self._done = state
            return True

    def _ask(self, question: Question, day: date) -> bool:
        """One answer on a snapshot of its own; False when it is not at hand."""
        with reading() as session:
            scope = scope_for(session, as_of=day, environ=self._environ)
            try:
                if self._works:
                    question(session, scope)
                    return True
                with at_hand():
                    found = question(session, scope)
            except NotAtHandError:
                return False
        if self._seen is not None and isinstance(found, Report):
            self._seen(found)
        return True
