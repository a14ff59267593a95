"""The demo company's pages on a phone: long names and many columns, and nothing wider than the window."""

import shutil
import threading
from collections.abc import Iterator
from contextvars import Context
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from mopsaudit.reports.registry import REPORTS
from mopsaudit.store.session import db
from tests.browser_setup import PHONE, requires_chromium
from tests.demo.conftest import AS_OF, Demo
from tests.web.browser import Clock, sign_in
from wsgi import create_app

PATHS = (
    "/",
    "/findings",
    *(f"/reports/{slug}" for slug in REPORTS),
    *(
        "/tools",
        "/vendors",
        "/contracts",
        "/lines",
        "/imports",
        "/suppliers",
        "/budgets",
        "/cases",
        "/decisions",
    ),
)


@pytest.fixture
def signed_in(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a copy of the demo company and the cookie of an operations lead."""
    data = tmp_path_factory.mktemp("phone") / "var"
    shutil.copytree(demo.data, data)
    app = create_app({"TESTING": True, "MOPSAUDIT_DATA": data})
    clock = Clock(datetime(AS_OF.year, AS_OF.month, AS_OF.day, 12, tzinfo=UTC))
    app.config["MOPSAUDIT_CLOCK"] = clock
    cookie = Context().run(sign_in, app, clock, "ops").client.get_cookie("session")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", cookie.value
    server.shutdown()
    thread.join(10)
    server.server_close()
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@requires_chromium
@pytest.mark.browser
def test_no_page_is_wider_than_a_phone(signed_in: tuple[str, str], browser: Browser) -> None:
    address, cookie = signed_in
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    context.add_cookies([{"name": "session", "value": cookie, "url": address}])
    page, wrong = context.new_page(), []
    for path in PATHS:
        answer = page.goto(f"{address}{path}?as_of={AS_OF.isoformat()}")
        assert answer is not None
        assert answer.status == 200, path
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wrong.append(f"{path}: {over} px")
    context.close()
    assert not wrong
