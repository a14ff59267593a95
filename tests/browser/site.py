"""Where a browser finds the app, and as whom."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from playwright.sync_api import Browser, BrowserContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the app answers, and the cookie of its admin."""

    app: Flask
    address: str
    cookie: dict[str, str]

    def context(self, browser: Browser, *, width: int, height: int, dark: bool) -> BrowserContext:
        """A private browser window, signed in as the admin, in a theme."""
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            timezone_id="UTC",
        )
        context.add_cookies([{**self.cookie, "url": self.address}])  # type: ignore[typeddict-item]  # name, value, url
        return context


def session_cookie(app: Flask, token: str, now: datetime) -> dict[str, str]:
    """The signed cookie the sign-in page would have set."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["sid"], cookie["seen"] = token, int(now.timestamp())
        cookie.permanent = True
    found = client.get_cookie("session")
    assert found is not None
    return {"name": "session", "value": found.value}
