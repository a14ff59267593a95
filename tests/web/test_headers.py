"""What every answer carries, whatever its status and route."""

import gzip
import re
from collections.abc import Callable

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blueprints import permissions
from blueprints.headers import HEADERS
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]


def _check(answer: TestResponse) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, name
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_every_error_carries_the_headers_a_reference_and_no_stack(
    app: Flask, sign_in: Sign, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.add_url_rule("/boom", "boom", lambda: abort(status))
    monkeypatch.setattr(
        permissions, "ROUTES", {**permissions.ROUTES, "boom": {"GET": permissions.Action.SEE}}
    )
    answer = sign_in("viewer").get("/boom")
    assert answer.status_code == status
    _check(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.get_data(as_text=True)
    assert re.search(r"Reference [0-9A-F]{8}", text)
    assert "Traceback" not in text
    assert 'lang="en"' in text


def test_a_fault_of_ours_is_a_page_with_a_reference_that_stands_in_the_log(
    app: Flask, sign_in: Sign, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def view() -> str:
        raise ZeroDivisionError("with a secret detail")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/boom", "boom", view)
    monkeypatch.setattr(
        permissions, "ROUTES", {**permissions.ROUTES, "boom": {"GET": permissions.Action.SEE}}
    )
    answer = sign_in("viewer").get("/boom")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    _check(answer)
    assert "secret detail" not in text
    number = re.search(r"Reference ([0-9A-F]{8})", text)
    assert number
    assert number[1] in caplog.text


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/healthz", "/readyz", "/no-such-page", "/static/theme.css"]
)
def test_strangers_get_the_headers_too(client: FlaskClient, clock: Clock, path: str) -> None:
    answer = client.get(path)
    _check(answer)
    answer.close()


def test_https_answers_carry_hsts_and_a_secure_cookie(tab: Tab) -> None:
    answer = tab.client.get("/sign-in", base_url="https://localhost")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in tab.client.get("/sign-in").headers


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "127.0.0.1.evil.example:8000"],
)
def test_an_unknown_host_answers_400(client: FlaskClient, clock: Clock, host: str) -> None:
    answer = client.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert host.encode() not in answer.data


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:5000", "[::1]:8000", "LOCALHOST"])
def test_our_own_hosts_answer(client: FlaskClient, clock: Clock, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_static_files_are_hashed_compressed_and_kept(client: FlaskClient, clock: Clock) -> None:
    page = client.get("/sign-in").get_data(as_text=True)
    addresses = re.findall(r'(?:href|src)="(/(?:static|bootstrap)[^"]+)"', page)
    assert len(addresses) >= 4
    size = len(page)
    for address in addresses:
        assert "?v=" in address
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(gzip.decompress(answer.data)) > len(answer.data) / 2
        size += len(answer.data)
    assert size <= 300_000, "a page with all it needs is at most 300 kB as transferred"


def test_no_page_asks_another_host_or_holds_a_style_or_script(sign_in: Sign) -> None:
    tab = sign_in("admin")
    for path in (
        "/",
        "/help",
        "/help/roles",
        "/profile",
        "/settings",
        "/settings/people",
        "/lines",
        "/nothing",
    ):
        text = tab.get(path).get_data(as_text=True)
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text), path
        assert " style=" not in text, path
        assert not re.search(r"<script(?![^>]*src=)", text), path
        assert "<style" not in text, path
        assert not re.search(r"\son[a-z]+=", text), path


def test_a_page_of_somebody_signed_in_is_not_kept(sign_in: Sign) -> None:
    assert sign_in("viewer").get("/help").headers["Cache-Control"] == "no-store"
