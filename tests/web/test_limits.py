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
    assert sign_in("finance").send("/profile", {"theme": "x" * 1_100_000}).status_code == 413


def test_an_upload_is_bounded_by_the_setting(app: Flask, clock: Clock, sign_in: Sign) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        save_setting(session, "upload_bytes", 300_000)
    tab = sign_in("finance")
    assert _upload(tab, 299_000) == 303
    assert _upload(tab, 400_000) == 413
