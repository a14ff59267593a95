"""Forms: one effect however often sent, both versions of a conflict, other units answer like missing records."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from mopsaudit import organisation
from mopsaudit.store.models import BusinessUnit, LegalEntity, TrailEntry
from mopsaudit.store.session import db
from tests.web.browser import Tab

Sign = Callable[..., Tab]


def _root(app: Flask) -> str:
    with app.app_context():
        return str(organisation.root_unit(db.session()).id)


def _unit(app: Flask, code: str) -> int:
    with app.app_context():
        return organisation.find_unit(db.session(), code).id


def _count(app: Flask, model: type[object]) -> int:
    with app.app_context():
        return db.session().scalar(select(func.count()).select_from(model)) or 0


def test_a_double_post_has_one_effect(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("admin")
    tab.get("/settings/units/new")
    data = {"code": "UK", "name": "United Kingdom", "parent_id": _root(app)}
    answers = [tab.post("/settings/units/new", data) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert {answer.location for answer in answers} == {"/settings/units"}
    assert _count(app, BusinessUnit) == 2


def test_twenty_posts_at_once_have_one_effect(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("admin")
    tab.get("/settings/entities/new")
    cookie = tab.client.get_cookie("session")
    assert cookie is not None
    data = {
        **tab.fields,
        "code": "GB1",
        "name": "One Ltd",
        "recoverable_percent": "100",
        "unit_id": "",
        "currency": "",
    }

    def post(_: int) -> int:
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        return client.post("/settings/entities/new", data=data).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(post, range(20)))
    assert statuses == [303] * 20
    assert _count(app, LegalEntity) == 1


def test_the_same_form_opened_twice_is_two_forms(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("admin")
    for code in ("UK", "DE"):
        answer = tab.send("/settings/units/new", {"code": code, "name": code, "parent_id": _root(app)})
        assert answer.status_code == 303
    assert _count(app, BusinessUnit) == 3


def test_what_was_typed_stays_and_the_error_names_the_field(app: Flask, sign_in: Sign, units: None) -> None:
    answer = sign_in("admin").send(
        "/settings/units/new", {"code": "uk", "name": "Second <b>UK</b>", "parent_id": _root(app)}
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Second &lt;b&gt;UK&lt;/b&gt;" in text
    assert "taken by another business unit" in text
    assert 'aria-invalid="true"' in text
    assert 'aria-describedby="code-error"' in text


def test_an_edit_conflict_shows_both_versions_and_can_be_settled(
    app: Flask, sign_in: Sign, units: None
) -> None:
    first, second = sign_in("admin"), sign_in("admin", email="second@example.com")
    path = f"/settings/units/{_unit(app, 'UK')}"
    second.get(path)
    first.send(path, {"code": "UK", "name": "Britain", "parent_id": _root(app)})
    answer = second.post(path, {"code": "UK", "name": "Great Britain", "parent_id": _root(app)})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Somebody changed this business unit" in text
    assert "<td>Britain</td><td>Great Britain</td>" in text
    with app.app_context():
        assert organisation.find_unit(db.session(), "UK").name == "Britain", "nothing is lost silently"
    second.page = answer
    version = text.split('name="version"')[1].split('value="')[1].split('"')[0]
    once = text.split('name="once"')[1].split('value="')[1].split('"')[0]
    again = second.post(
        path,
        {"code": "UK", "name": "Great Britain", "parent_id": _root(app), "version": version, "once": once},
    )
    assert again.status_code == 303
    with app.app_context():
        assert organisation.find_unit(db.session(), "UK").name == "Great Britain"


def test_saving_the_same_twice_is_no_conflict(app: Flask, sign_in: Sign, units: None) -> None:
    tab = sign_in("admin")
    path = f"/settings/units/{_unit(app, 'UK')}"
    tab.get(path)
    data = {"code": "UK", "name": "Britain", "parent_id": _root(app)}
    assert tab.post(path, data).status_code == 303
    assert tab.post(path, data | {"once": "another-click"}).status_code == 303


def test_a_change_is_written_to_the_trail_with_the_person(app: Flask, sign_in: Sign, units: None) -> None:
    tab = sign_in("admin")
    unit_id = _unit(app, "UK")
    tab.send(f"/settings/units/{unit_id}", {"code": "UK", "name": "Britain", "parent_id": _root(app)})
    with app.app_context():
        entry = (
            db.session()
            .scalars(
                select(TrailEntry)
                .where(TrailEntry.subject == "business_unit", TrailEntry.record_id == unit_id)
                .order_by(TrailEntry.id.desc())
                .limit(1)
            )
            .one()
        )
        assert entry.actor.startswith("person:")
        assert entry.after is not None
        assert entry.after["name"] == "Britain"
    text = tab.get(f"/settings/units/{unit_id}").get_data(as_text=True)
    assert "<del>United Kingdom</del>" in text
    assert "Admin Person" in text


@pytest.mark.usefixtures("units")
def test_another_units_record_and_a_missing_one_answer_alike(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("admin", unit="UK")
    bodies = []
    for unit_id in (_unit(app, "DE"), 999_999):
        answer = tab.get(f"/settings/units/{unit_id}")
        assert answer.status_code == 404
        text = answer.get_data(as_text=True)
        bodies.append(text.split("Reference")[0].replace(str(unit_id), "N"))
    assert bodies[0].split("<main")[1] == bodies[1].split("<main")[1]
    assert tab.get(f"/settings/units/{_unit(app, 'LON')}").status_code == 200


@pytest.mark.usefixtures("units")
def test_a_new_value_of_another_unit_is_refused(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("admin", unit="UK")
    path = f"/settings/units/{_unit(app, 'LON')}"
    answer = tab.send(path, {"code": "LON", "name": "London", "parent_id": str(_unit(app, "DE"))})
    assert answer.status_code in (404, 422)
    with app.app_context():
        assert (
            organisation.find_unit(db.session(), "LON").parent_id
            == organisation.find_unit(db.session(), "UK").id
        )


@pytest.mark.usefixtures("units")
def test_the_scope_of_the_address_is_cut_to_ones_units(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("finance", unit="UK")
    assert tab.get("/lines").status_code == 200
    assert "United Kingdom" in tab.get("/lines").get_data(as_text=True)
    assert tab.get("/lines?unit=LON").status_code == 200
    for unit in ("DE", "nowhere", "ALL"):
        assert tab.get(f"/lines?unit={unit}").status_code == 404, unit


@pytest.mark.usefixtures("units")
def test_links_keep_the_scope(app: Flask, sign_in: Sign) -> None:
    text = sign_in("finance").get("/lines?as_of=2026-06-30&unit=UK").get_data(as_text=True)
    assert 'href="/help?as_of=2026-06-30&amp;unit=UK"' in text
    assert 'href="/profile"' in text


@pytest.mark.parametrize("text", ["x", "2026-13-01", "31.12.2026"])
def test_what_is_no_date_is_said_so(sign_in: Sign, text: str) -> None:
    answer = sign_in("finance").get(f"/lines?as_of={text}")
    assert answer.status_code == 400
    assert "is not a date" in answer.get_data(as_text=True)


def test_forged_fields_are_ignored(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("viewer")
    answer = tab.send("/profile", {"theme": "dark", "role": "admin", "account_id": "1", "active": "no"})
    assert answer.status_code == 303
    with app.app_context():
        account = organisation.get_account(db.session(), tab.account_id or 0)
        assert account.theme == "dark"
        assert [each.role for each in account.memberships] == ["viewer"]
        assert account.active


def test_the_last_admin_stays(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("admin")
    tab.get(f"/settings/people/{tab.account_id}")
    answer = tab.post(f"/settings/people/{tab.account_id}/activation", {"active": "no"})
    assert answer.status_code == 422
    assert "last admin" in answer.get_data(as_text=True)
    assert tab.get("/").status_code == 200


def test_settings_show_their_source_and_history(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("admin")
    wrong = tab.send("/settings/values/target_use_percent", {"value": "900"})
    assert wrong.status_code == 422
    assert "from 1 to 100" in wrong.get_data(as_text=True)
    less = tab.send("/settings/values/match_sure_mille", {"value": "899"})  # nothing less sure is ever placed
    assert less.status_code == 422
    assert "from 900 to 1000" in less.get_data(as_text=True)
    for value in ("80", "85"):
        answer = tab.send("/settings/values/target_use_percent", {"value": value, "reason": "Agreed in May"})
        assert answer.status_code == 303
    text = tab.get("/settings/values/target_use_percent").get_data(as_text=True)
    assert "set here" in text
    assert "Agreed in May" in text
    assert tab.get("/settings/values/no_such_setting").status_code == 404


def test_the_theme_comes_back_to_the_page_on_this_host_only(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("viewer")
    tab.get("/help")
    assert tab.post("/profile/theme", {"theme": "dark", "next": "/help?q=1"}).location == "/help?q=1"
    assert tab.post("/profile/theme", {"theme": "dark", "next": "//evil.example"}).location == "/"
    assert 'data-bs-theme="dark"' in tab.get("/help").get_data(as_text=True)
