"""Signing in and staying in: first run, password, throttle, second factor, sessions that really end."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from blueprints import credentials
from mopsaudit import organisation
from mopsaudit.store.models import Account, WebSession
from mopsaudit.store.session import SYSTEM, db, unit_of_work
from tests.web.browser import PASSWORD, Clock, Tab

Sign = Callable[..., Tab]


@pytest.fixture
def account(app: Flask, clock: Clock) -> int:
    """Ada, finance, with a real password."""
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        return organisation.create_account(
            session,
            email="ada@example.com",
            name="Ada Lovelace",
            password_hash=credentials.hashed(PASSWORD),
            role="finance",
            now=clock.now,
        ).id


def _setup_token(app: Flask, clock: Clock) -> str:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        return organisation.create_setup_token(session, now=clock.now)


def _first_run(tab: Tab, token: str, **changes: str) -> object:
    data = {
        "name": "Grace Hopper",
        "email": "grace@example.com",
        "password": PASSWORD,
        "company_name": "Compilers Ltd",
        "base_currency": "GBP",
        "fiscal_start": "4",
    } | changes
    return tab.send(f"/first-run?token={token}", data)


def test_a_company_that_is_loaded_already_keeps_its_name(tab: Tab, app: Flask, clock: Clock) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        organisation.save_setting(session, "company_name", "Brightwater")
    page = tab.get(f"/first-run?token={_setup_token(app, clock)}")
    assert 'value="Brightwater"' in page.get_data(as_text=True)


def test_the_first_run_page_makes_the_admin_once(tab: Tab, app: Flask, clock: Clock) -> None:
    token = _setup_token(app, clock)
    answer = _first_run(tab, token)
    assert answer.status_code == 303  # type: ignore[attr-defined]
    assert tab.get("/").status_code == 200
    with app.app_context():
        settings = organisation.load_settings(db.session(), {})
        assert (settings.company_name, settings.base_currency, settings.fiscal_start) == (
            "Compilers Ltd",
            "GBP",
            4,
        )
    stranger = Tab(app=app, client=app.test_client(), clock=clock)
    assert stranger.get(f"/first-run?token={token}").status_code == 404


def test_the_first_run_page_needs_its_token(tab: Tab, app: Flask, clock: Clock) -> None:
    _setup_token(app, clock)
    for path in ("/first-run", "/first-run?token=guess"):
        assert tab.get(path).status_code == 403


@pytest.mark.parametrize(
    "password",
    [
        "short words",
        "password1234",
        "aaaaaaaaaaaaaa",
        "123456789012345",
        "gracehopper1906",
        "Compilers Ltd 1",
    ],
)
def test_weak_passwords_are_refused_and_what_was_typed_stays(
    tab: Tab, app: Flask, clock: Clock, password: str
) -> None:
    answer = _first_run(tab, _setup_token(app, clock), password=password)
    text = answer.get_data(as_text=True)  # type: ignore[attr-defined]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "Grace Hopper" in text
    assert password not in text


def test_a_long_password_in_any_script_is_taken_whole(tab: Tab, app: Flask, clock: Clock) -> None:
    password = "ключ 鍵 clé " * 12
    assert _first_run(tab, _setup_token(app, clock), password=password).status_code == 303  # type: ignore[attr-defined]
    stranger = Tab(app=app, client=app.test_client(), clock=clock)
    cut = stranger.send("/sign-in", {"email": "grace@example.com", "password": password[:72]})
    assert cut.status_code == 422
    whole = stranger.send("/sign-in", {"email": "GRACE@example.com", "password": password})
    assert whole.status_code == 303


def test_unknown_and_known_people_get_the_same_answer(tab: Tab, account: int) -> None:
    texts = []
    for email in ("ada@example.com", "nobody@example.com"):
        answer = tab.send("/sign-in", {"email": email, "password": "wrong wrong wrong"})
        assert answer.status_code == 422
        text = answer.get_data(as_text=True).replace(email, "EMAIL")
        texts.append(re.sub(r'value="[^"]{15,}"', "", text))
    assert texts[0] == texts[1]


def test_unknown_people_cost_the_same_work(app: Flask, account: int) -> None:
    """The hash is computed for nobody too: the verification runs on both roads."""
    with app.app_context():
        assert credentials.matches("nobody has this password", None) is False
        stored = db.session().get(Account, account)
        assert stored is not None
        assert credentials.matches(PASSWORD, stored.password)
        assert str(stored.password).startswith("$argon2id$")


def test_sign_in_goes_back_to_the_page_but_never_to_another_host(tab: Tab, account: int) -> None:
    for wanted, lands in (("/help?q=x", "/help?q=x"), ("//evil.example", "/"), ("https://evil.example", "/"),
                          ("/\\evil.example", "/"), ("/\t/evil.example", "/")):  # fmt: skip
        tab.client.delete_cookie("session")
        tab.get("/sign-in")
        answer = tab.client.post(
            "/sign-in",
            query_string={"next": wanted},
            data={**tab.fields, "email": "ada@example.com", "password": PASSWORD},
        )
        assert answer.status_code == 303
        assert answer.location == lands


def test_a_stranger_is_sent_to_sign_in(tab: Tab) -> None:
    answer = tab.get("/help?q=idle")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/help?q%3Didle"


def test_many_failures_are_slowed_down_and_nobody_is_locked_out_for_good(
    tab: Tab, account: int, clock: Clock
) -> None:
    def try_(password: str) -> int:
        return tab.send("/sign-in", {"email": "ada@example.com", "password": password}).status_code

    statuses = [try_("wrong wrong wrong") for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert try_(PASSWORD) == 429
    told = tab.send("/sign-in", {"email": "ada@example.com", "password": PASSWORD})
    assert told.headers["Retry-After"] == "900"
    assert "Try again 15 minutes after the last one." in told.get_data(as_text=True)
    assert "To the sign-in page" in told.get_data(as_text=True)
    clock.now += timedelta(minutes=16)
    assert try_(PASSWORD) == 303


def test_the_throttle_is_the_same_for_people_nobody_knows(tab: Tab, account: int) -> None:
    statuses = [
        tab.send("/sign-in", {"email": "nobody@example.com", "password": "wrong"}).status_code
        for _ in range(6)
    ]
    assert statuses == [422] * 5 + [429]


def test_a_copied_cookie_is_worth_nothing_after_sign_out(sign_in: Sign) -> None:
    tab = sign_in("finance")
    copy = tab.client.get_cookie("session")
    assert copy is not None
    assert tab.get("/").status_code == 200
    assert tab.post("/sign-out").status_code == 303
    tab.client.set_cookie("session", copy.value)
    assert tab.get("/").status_code == 302


def test_a_session_ends_when_idle_for_an_hour(sign_in: Sign, clock: Clock) -> None:
    tab = sign_in("finance")
    for _ in range(5):
        clock.now += timedelta(minutes=55)
        assert tab.get("/help").status_code == 200, "55 minutes between pages keep a session alive"
    clock.now += timedelta(minutes=61)
    assert tab.get("/help").status_code == 302


def test_no_session_outlives_twelve_hours(sign_in: Sign, clock: Clock) -> None:
    tab = sign_in("finance")
    begun = clock.now
    while clock.now - begun < timedelta(hours=11, minutes=30):
        clock.now += timedelta(minutes=30)
        assert tab.get("/help").status_code == 200
    clock.now = begun + timedelta(hours=12, seconds=1)
    assert tab.get("/help").status_code == 302


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(sign_in: Sign, clock: Clock) -> None:
    tab = sign_in("finance")
    for _ in range(4):
        clock.now += timedelta(minutes=14)
        assert tab.get("/running").status_code == 200
    clock.now += timedelta(minutes=5)
    assert tab.get("/running").status_code == 401


def test_looking_at_pages_writes_nothing_but_the_cookie_is_renewed(
    sign_in: Sign, clock: Clock, app: Flask
) -> None:
    tab = sign_in("finance")
    before = tab.client.get_cookie("session")
    clock.now += timedelta(minutes=10)
    tab.get("/help")
    after = tab.client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_deactivation_ends_every_session(sign_in: Sign, app: Flask, clock: Clock) -> None:
    tab, admin = sign_in("finance"), sign_in("admin")
    admin.get(f"/settings/people/{tab.account_id}")
    answer = admin.post(f"/settings/people/{tab.account_id}/activation", {"active": "no"})
    assert answer.status_code == 303
    assert tab.get("/").status_code == 302


def test_changing_the_password_signs_out_everywhere_else(
    app: Flask, clock: Clock, tab: Tab, account: int
) -> None:
    other = Tab(app=app, client=app.test_client(), clock=clock)
    for each in (tab, other):
        assert each.send("/sign-in", {"email": "ada@example.com", "password": PASSWORD}).status_code == 303
    wrong = tab.send("/profile/password", {"current": "not it at all", "password": "some other good words"})
    assert wrong.status_code == 422
    done = tab.send("/profile/password", {"current": PASSWORD, "password": "some other good words"})
    assert done.status_code == 303
    assert tab.get("/").status_code == 200
    assert other.get("/").status_code == 302


def _code(app: Flask, secret: str) -> str:
    with app.app_context():
        return str(app.extensions["security"].totp_factory.generate_totp_password(secret))


def _set_up(tab: Tab) -> tuple[str, list[str]]:
    """Switch the second factor on through the page; the secret and the recovery codes."""
    tab.send("/sign-in", {"email": "ada@example.com", "password": PASSWORD})
    tab.get("/profile/second-factor")
    with tab.client.session_transaction() as cookie:
        secret = str(cookie["factor"])
    answer = tab.post("/profile/second-factor", {"code": _code(tab.app, secret), "password": PASSWORD})
    assert answer.status_code == 200
    codes = re.findall(r"<li>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</li>", answer.get_data(as_text=True))
    return secret, codes


def test_the_second_factor_is_asked_for_and_its_codes_work_once(
    app: Flask, clock: Clock, tab: Tab, account: int
) -> None:
    _, codes = _set_up(tab)
    assert len(codes) == 5
    stranger = Tab(app=app, client=app.test_client(), clock=clock)
    first = stranger.send("/sign-in", {"email": "ada@example.com", "password": PASSWORD})
    assert first.location == "/sign-in/second-factor"
    assert stranger.get("/").status_code == 302, "the password alone opens nothing"
    assert stranger.send("/sign-in/second-factor", {"code": "000000"}).status_code == 422
    assert stranger.send("/sign-in/second-factor", {"code": codes[0]}).status_code == 303
    assert stranger.get("/").status_code == 200
    again = Tab(app=app, client=app.test_client(), clock=clock)
    again.send("/sign-in", {"email": "ada@example.com", "password": PASSWORD})
    assert again.send("/sign-in/second-factor", {"code": codes[0]}).status_code == 422


def test_a_code_that_was_seen_cannot_be_used_again(app: Flask, clock: Clock, tab: Tab, account: int) -> None:
    secret, _ = _set_up(tab)
    used = _code(app, secret)
    stranger = Tab(app=app, client=app.test_client(), clock=clock)
    stranger.send("/sign-in", {"email": "ada@example.com", "password": PASSWORD})
    statuses = [stranger.send("/sign-in/second-factor", {"code": used}).status_code for _ in range(2)]
    assert 303 not in statuses, "the code of the set-up is spent"


def test_guessing_codes_is_slowed_down(app: Flask, clock: Clock, tab: Tab, account: int) -> None:
    _set_up(tab)
    stranger = Tab(app=app, client=app.test_client(), clock=clock)
    stranger.send("/sign-in", {"email": "ada@example.com", "password": PASSWORD})
    statuses = [stranger.send("/sign-in/second-factor", {"code": "000000"}).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_an_approver_sets_up_a_second_factor_before_anything_else(
    app: Flask, clock: Clock, sign_in: Sign
) -> None:
    tab = sign_in("approver")
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        organisation.get_account(session, tab.account_id or 0).tf_totp_secret = None
    assert tab.get("/").location == "/profile/second-factor"
    assert tab.get("/profile").status_code == 200


def test_an_invitation_makes_one_account_with_the_invited_role(
    sign_in: Sign, app: Flask, clock: Clock
) -> None:
    admin = sign_in("admin")
    admin.get("/settings/people/invite")
    with app.app_context():
        root = organisation.root_unit(db.session()).id
    answer = admin.post(
        "/settings/people/invite", {"email": "new@example.com", "role": "viewer", "unit_id": str(root)}
    )
    link = re.search(r'value="http://localhost(/invitation/[^"]+)"', answer.get_data(as_text=True))
    assert link
    guest = Tab(app=app, client=app.test_client(), clock=clock)
    done = guest.send(
        link[1], {"name": "New Person", "password": PASSWORD, "role": "admin", "email": "x@example.com"}
    )
    assert done.status_code == 303
    with app.app_context():
        made = organisation.find_account(db.session(), "new@example.com")
        assert made is not None
        assert [each.role for each in made.memberships] == ["viewer"], "a forged role is ignored"
    late = Tab(app=app, client=app.test_client(), clock=clock)
    assert late.get(link[1]).status_code == 404


def test_an_invitation_runs_out(sign_in: Sign, app: Flask, clock: Clock, tab: Tab) -> None:
    sign_in("admin")
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        _, token = organisation.create_invitation(
            session, email="late@example.com", role="ops", now=clock.now
        )
    clock.now += timedelta(days=8)
    assert tab.get(f"/invitation/{token}").status_code == 404


def test_only_hashes_of_sessions_are_kept(sign_in: Sign, app: Flask) -> None:
    tab = sign_in("finance")
    with app.app_context():
        kept = db.session().scalars(select(WebSession.token_hash)).all()
    assert tab.token not in kept
    assert all(len(each) == 64 for each in kept)
