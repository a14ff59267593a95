"""Every picture of the manual is there, is shown, is small, and is of the page as it is now."""

import json
import re
import shutil
from collections.abc import Iterator
from contextvars import Context
from datetime import UTC, datetime

import pytest

from blueprints.help import MANUAL
from mopsaudit.store.session import db
from tests.demo.conftest import AS_OF, Demo
from tests.demo.pictures import FOLDER, PICTURES, TAKEN, digest, outline
from tests.web.browser import Clock, Tab, sign_in
from wsgi import create_app

#: Bytes of one picture; a page with one stays far below what a page may weigh.
LARGEST = 60_000


@pytest.fixture(scope="module")
def tab(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """An admin's browser on a copy of the demo company."""
    data = tmp_path_factory.mktemp("pictures") / "var"
    shutil.copytree(demo.data, data)
    app = create_app({"TESTING": True, "MOPSAUDIT_DATA": data})
    clock = Clock(datetime(AS_OF.year, AS_OF.month, AS_OF.day, 12, tzinfo=UTC))
    app.config["MOPSAUDIT_CLOCK"] = clock
    signed_in: Tab = Context().run(sign_in, app, clock, "admin")
    yield signed_in
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_a_picture_shows_the_page_as_it_is(tab: Tab, name: str) -> None:
    text = Context().run(tab.get, PICTURES[name]).get_data(as_text=True)
    taken = json.loads(TAKEN.read_text(encoding="utf-8"))
    assert digest(text) == taken[name]["digest"], (
        f"{PICTURES[name]} is made of other parts than its picture: run `make pictures`. "
        f"Then: {taken[name]['outline']}; now: {outline(text)}"
    )


def test_each_picture_is_small_and_shown_in_the_manual() -> None:
    shown = {
        name
        for page in MANUAL.glob("*.md")
        for name in re.findall(r"!\[[^\]]+\]\(pictures/([a-z-]+)\.webp\)", page.read_text(encoding="utf-8"))
    }
    assert shown == set(PICTURES) == {path.stem for path in FOLDER.glob("*.webp")}
    for path in FOLDER.glob("*.webp"):
        assert path.stat().st_size < LARGEST, path.name


def test_pictures_are_served_to_those_who_are_signed_in(tab: Tab) -> None:
    page = Context().run(tab.get, "/help/dashboard").get_data(as_text=True)
    assert 'src="pictures/dashboard.webp"' in page
    answer = Context().run(tab.client.get, "/help/pictures/dashboard.webp")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    answer.close()
    for name in ("no-such", "..%2Ftaken", "taken"):
        assert Context().run(tab.client.get, f"/help/pictures/{name}.webp").status_code == 404


def test_the_outline_keeps_words_and_leaves_figures() -> None:
    html = (
        '<h1>No</h1><main><h1>Tools</h1><p>61 of them</p><th scope="col">Name <a>up</a></th><td>x</td></main>'
    )
    assert outline(html) == ["Tools", "Name up"]
