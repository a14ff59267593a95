"""How much may be sent: a page without a file little, a stranger less, an upload what the setting says."""

import io
from collections.abc import Callable

from flask import Flask

from mopsaudit.organisation import save_setting
from mopsaudit.store.session import SYSTEM, unit_of_work
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]


def _upload(tab: Tab, size: int) -> int:
    tab.get("/imports")
    files = (io.BytesIO(b"x" * size), "Spend.csv")
    data = {**tab.fields, "kind": "spend", "unit": "", "tool": "", "files": files}
    return tab.client.post("/imports", data=data, content_type="multipart/form-data").status_code


def test_a_stranger_may_send_little(tab: Tab) -> None:
    answer = tab.send("/sign-in", {"email": "a" * 100_000, "password": "x"})
    assert answer.status_code == 413
    assert "too large" in answer.get_data(as_text=True)


def test_a_form_without_a_file_is_bounded(sign_in: Sign) -> None:
    tab = sign_in("finance")
    tab.get("/profile")
    answer = tab.post(
        "/profile", {"theme": "x" * 1_100_000}, headers={"Referer": "http://localhost/profile?a=1"}
    )
    assert answer.status_code == 413
    page = answer.get_data(as_text=True)
    assert "shorten the text and send it again" in page
    assert '<a class="btn btn-quiet" href="/profile?a=1">Back to the page before</a>' in page


def test_a_page_of_elsewhere_is_no_way_back(sign_in: Sign) -> None:
    tab = sign_in("finance")
    for elsewhere in ("http://evil.example/profile", "http://localhost//evil.example", "no address", ""):
        tab.get("/profile")
        answer = tab.post("/profile", {"theme": "x" * 1_100_000}, headers={"Referer": elsewhere})
        assert "page before" not in answer.get_data(as_text=True)


def test_the_upload_page_names_the_limit_that_is_set(app: Flask, clock: Clock, sign_in: Sign) -> None:
    tab = sign_in("finance")
    page = tab.get("/imports").get_data(as_text=True)
    assert "up to 20 MB and" in page
    assert 'data-limit="20971520"' in page
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        save_setting(session, "upload_bytes", 3 * 1024 * 1024 // 2)
    page = tab.get("/imports").get_data(as_text=True)
    assert "up to 1.5 MB and" in page
    assert 'data-limit="1572864"' in page


def test_an_upload_is_bounded_by_the_setting(app: Flask, clock: Clock, sign_in: Sign) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        save_setting(session, "upload_bytes", 300_000)
    tab = sign_in("finance")
    assert _upload(tab, 299_000) == 303
    assert _upload(tab, 400_000) == 413
