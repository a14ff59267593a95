"""The gallery for people to look at: every page of the demo company in four ways; ``make screenshots`` fills it.

Beside it stand the pages of strangers and a company that has nothing yet, whose empty states say the next step.
"""

from collections.abc import Iterator
from contextvars import Context
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from blueprints import credentials
from blueprints.permissions import ROUTES
from mopsaudit import organisation
from mopsaudit.organisation.views import save_view
from mopsaudit.store.session import SYSTEM, unit_of_work
from mopsaudit.upkeep.copies import make_copy
from tests.browser.conftest import serving
from tests.browser.gallery import WAYS, Cookie, Way, shoot, write_index
from tests.browser.pages import NO_PAGES, addresses, change_many
from tests.browser.site import Site, session_cookie
from tests.browser_setup import requires_chromium
from tests.demo.conftest import AS_OF, load_into
from tests.web.browser import PASSWORD

pytestmark = [pytest.mark.screenshots, requires_chromium]

FOLDER = Path(__file__).resolve().parents[2] / "var" / "screenshots"
#: Pages whose records the demo company does not have, and where they are looked at instead.
ELSEWHERE = frozenset(
    {
        "access.invitation",  # a link that works once
        "balances.edit",  # a typed balance
        "balances.sign_off",
        "rules.show",  # a written rule
        "upkeep.delete",  # a kept backup, whose name is the moment it was made
        "upkeep.restore",
        "calendar.feed",  # a calendar's file
        "stack_map.picture",  # a picture to share
        "imports.template",  # a workbook
        "audit.workbook",
        "list_files.tools",
        "list_files.contracts",
        "import_problems.workbook",
    }
)
#: Pages of a company that has nothing yet.
EMPTY = (
    *(
        "/",
        "/tools",
        "/vendors",
        "/contracts",
        "/people",
        "/findings",
        "/spend",
        "/lines",
        "/imports",
        "/suppliers",
    ),
    *(
        "/suppliers/rules",
        "/ledgers",
        "/balances",
        "/budgets",
        "/cases",
        "/decisions",
        "/savings",
        "/objectives",
    ),
    *(
        "/scores",
        "/stack/gaps",
        "/calendar",
        "/audit",
        "/settings/entities",
        "/settings/upkeep",
        "/search?q=nothing",
    ),
    *(
        f"/reports/{slug}"
        for slug in ("stack", "overlap", "underuse", "budget", "cases", "renewals", "coverage", "quality")
    ),
)
STRANGERS = ("/sign-in", "/no-such-page", "/first-run")


@pytest.fixture
def at() -> datetime:
    """The moment the gallery is of."""
    return datetime(AS_OF.year, AS_OF.month, AS_OF.day, 12, tzinfo=UTC)


def _admin(app: Flask, now: datetime) -> Cookie:
    """Somebody who may open every page."""
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        account = organisation.create_account(
            session,
            email="ada@example.com",
            name="Ada Lovelace",
            password_hash=credentials.hashed(PASSWORD),
            role="admin",
            now=now,
        )
        for role in ("ops", "finance", "procurement", "viewer"):
            organisation.grant_role(session, account, role=role, unit=organisation.root_unit(session))
        save_view(
            session,
            person_id=account.person_id,
            page="tools.index",
            name="Ownerless",
            query="f.owner=%28empty%29",
        )
        token = organisation.open_session(session, account.id, now=now)
    return session_cookie(app, token, now)


def _change_many(app: Flask, now: datetime) -> None:
    """A tool, a vendor and a contract changed as the pages for many do."""
    with app.app_context(), unit_of_work(SYSTEM, now=now) as session:
        change_many(session, now)


@pytest.fixture
def company(app: Flask, at: datetime) -> Iterator[Site]:
    """The demo company, with an admin and a backup."""
    load_into(app)
    cookie = Context().run(_admin, app, at)
    with app.app_context():
        make_copy(Path(app.config["MOPSAUDIT_DATA"]), now=at)
    Context().run(_change_many, app, at)
    for address in serving(app, at):
        yield Site(app=app, address=address, cookie=cookie)


@pytest.fixture
def nothing(app: Flask, at: datetime) -> Iterator[Site]:
    """A company on its first day."""
    cookie = Context().run(_admin, app, at)
    for address in serving(app, at):
        yield Site(app=app, address=address, cookie=cookie)


def _left_out(app: Flask, paths: list[str]) -> set[str]:
    """Endpoints of pages of which no address is in the gallery."""
    bound = app.url_map.bind("localhost")
    there = {bound.match(path.partition("?")[0], method="GET")[0] for path in paths}
    pages = {endpoint for endpoint, methods in ROUTES.items() if "GET" in methods}
    return pages - there - NO_PAGES - ELSEWHERE


def test_gallery(company: Site, browser: Browser) -> None:
    paths = addresses(company.app)
    assert not _left_out(company.app, paths), "pages nobody would look at"
    taken, wrong = {}, []
    for way in WAYS:
        taken[way.name], faults = shoot(
            browser, company.address, company.cookie, paths, FOLDER / "company" / way.name, way
        )
        wrong += faults
    write_index(FOLDER / "company", "Every page of the demo company", taken)
    assert not wrong, "\n".join(wrong)


def test_gallery_of_nothing(nothing: Site, browser: Browser) -> None:
    taken, wrong = {}, []
    for way in WAYS[:2]:
        taken[way.name], faults = shoot(
            browser, nothing.address, nothing.cookie, EMPTY, FOLDER / "empty" / way.name, way
        )
        taken[way.name] |= shoot(browser, nothing.address, None, STRANGERS, FOLDER / "empty" / way.name, way)[
            0
        ]
        wrong += faults
    write_index(FOLDER / "empty", "A company that has nothing yet, and strangers", taken)
    assert not wrong, "\n".join(wrong)


def test_every_way_is_one_of_the_four() -> None:
    assert [way.name for way in WAYS] == ["desktop", "phone", "dark", "print"]
    assert Way("desktop", 1280, 900) in WAYS
