"""A browser without scripts that signs in, keeps its CSRF token and fails when a page breaks a house rule."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mopsaudit import organisation
from mopsaudit.organisation import create_account, find_unit, open_session
from mopsaudit.store.session import SYSTEM, unit_of_work

PASSWORD = "four unrelated words here"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_ONCE = re.compile(r'name="once"[^>]*value="([^"]*)"')
_VERSION = re.compile(r'name="version"[^>]*value="([^"]*)"')


@dataclass(slots=True)
class Clock:
    """The clock of the app under test; move it with ``clock.now = …``."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Tab:
    """One browser: its client, and the last page it saw."""

    app: Flask
    client: FlaskClient
    clock: Clock
    account_id: int | None = None
    token: str | None = None
    page: TestResponse | None = None
    fields: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """Open a page and keep its hidden fields."""
        self.page = self.client.get(path, **kwargs)
        text = self.page.get_data(as_text=True) if self.page.mimetype == "text/html" else ""
        self.fields = {
            name: found[1]
            for name, pattern in (("csrf_token", _TOKEN), ("once", _ONCE), ("version", _VERSION))
            if (found := pattern.search(text))
        }
        return self.page

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Send a form with the hidden fields of the last page; ``data`` wins."""
        return self.client.post(path, data={**self.fields, **(data or {})}, **kwargs)

    def send(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Open the page of a form, then send it."""
        self.get(path)
        return self.post(path, data, **kwargs)


Sign = Callable[..., Tab]


def sign_in(
    app: Flask,
    clock: Clock,
    role: str,
    *,
    unit: str | None = None,
    email: str | None = None,
    hashed: str = "!",
) -> Tab:
    """A browser signed in as a new person with ``role``, without going through the sign-in page."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        account = create_account(
            session,
            email=email or f"{role}@example.com",
            name=f"{role.capitalize()} Person",
            password_hash=hashed,
            role=role,
            unit=find_unit(session, unit) if unit else None,
            now=clock.now,
        )
        account.tf_totp_secret = "set up" if role == "approver" else None
        account_id = account.id
        token = open_session(session, account_id, now=clock.now)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["sid"], cookie["seen"] = token, int(clock.now.timestamp())
        cookie.permanent = True
    return Tab(app=app, client=client, clock=clock, account_id=account_id, token=token)


def units(app: Flask, clock: Clock) -> None:
    """Two units below the root: UK with a part LON, and DE."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        uk = organisation.create_unit(session, code="UK", name="United Kingdom")
        organisation.create_unit(session, code="LON", name="London", parent=uk)
        organisation.create_unit(session, code="DE", name="Germany")
