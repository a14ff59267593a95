"""Every route with every method for every role, against the one table; what is not in the table is refused."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from blueprints.permissions import ACTIONS, ROUTES, Action, Role
from mopsaudit.store.people import RoleName
from tests.web.browser import Clock, Tab, sign_in

#: Values for the arguments of addresses: records that do not exist, so that an allowed request answers 404.
ARGUMENTS = {
    "filename": "theme.css",
    "slug": "renewals",
    "key": "company_name",
    "kind": "spend",
    "token": "x" * 20,
}


@pytest.fixture
def clock(app: Flask, client: FlaskClient, now: datetime) -> Clock:
    """The app's clock."""
    made = Clock(now)
    app.config["MOPSAUDIT_CLOCK"] = made
    return made


def _rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every (rule, method) there is, HEAD aside: it counts as GET."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: (each.rule, each.endpoint)):
        for method in sorted((rule.methods or set()) - {"HEAD"}):
            yield rule, method


def _address(app: Flask, rule: Rule) -> str:
    values = {
        name: ARGUMENTS.get(
            name, 999_999 if "IntegerConverter" in type(rule._converters[name]).__name__ else "none"
        )
        for name in rule.arguments
    }
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def test_the_roles_of_the_table_are_those_of_the_database() -> None:
    assert [role.value for role in Role] == [role.value for role in RoleName]


def test_every_route_is_in_the_table_with_its_methods(app: Flask) -> None:
    there: dict[str, set[str]] = {}
    for rule, method in _rules(app):
        there.setdefault(rule.endpoint, set()).add(method)
    declared = {endpoint: set(methods) for endpoint, methods in ROUTES.items()}
    assert {
        endpoint: methods for endpoint, methods in there.items() if declared.get(endpoint) != methods
    } == {}
    assert set(declared) - set(there) == set(), "the table names routes that do not exist"


def test_every_action_says_what_it_is() -> None:
    assert set(ACTIONS) == set(Action)
    assert all(permission.label for permission in ACTIONS.values())


@pytest.mark.parametrize(
    "action, roles",
    [
        (Action.APPLY, {"admin", "finance"}),
        (Action.SETTLE, {"admin", "ops", "finance"}),
        (Action.EDIT_INVENTORY, {"admin", "ops", "finance"}),
        (Action.MERGE_TOOLS, {"admin", "ops"}),
        (Action.DECIDE, {"admin", "ops", "approver"}),
        (Action.APPROVE, {"approver"}),
        (Action.EXPORT, {"admin", "ops", "finance", "procurement", "approver"}),
        (Action.ADMINISTER, {"admin"}),
    ],
)
def test_the_table_says_what_was_agreed(action: Action, roles: set[str]) -> None:
    assert {role.value for role in ACTIONS[action].roles} == roles


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_each_role_reaches_exactly_what_the_table_allows(app: Flask, clock: Clock, role: str) -> None:
    wrong = []
    for rule, method in list(_rules(app)):
        action = ROUTES[rule.endpoint][method]
        if action in (Action.OPEN, Action.SELF):
            continue
        tab = _browser(app, clock, role)
        answer = tab.client.open(
            _address(app, rule), method=method, data=tab.fields if method != "GET" else None
        )
        allowed = Role(role) in ACTIONS[action].roles
        if (answer.status_code == 403) is allowed or answer.status_code >= 500:
            wrong.append(f"{method} {rule.rule} as {role}: {answer.status_code}, allowed: {allowed}")
    assert not wrong, "\n".join(wrong)


_TABS: dict[int, Tab] = {}


def _browser(app: Flask, clock: Clock, role: str) -> Tab:
    """One browser per app and role; its CSRF token stays."""
    if id(app) not in _TABS or _TABS[id(app)].app is not app:
        _TABS.clear()
        tab = sign_in(app, clock, role)
        tab.get("/profile")
        tab.fields.pop("once", None)
        _TABS[id(app)] = tab
    return _TABS[id(app)]


def test_a_stranger_reaches_only_what_is_open(app: Flask, client: FlaskClient, clock: Clock) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # the guard itself is asked; tests of the token stand elsewhere
    wrong = []
    for rule, method in list(_rules(app)):
        answer = client.open(_address(app, rule), method=method)
        answer.close()
        open_to_all = ROUTES[rule.endpoint][method] is Action.OPEN
        sent_away = answer.status_code == 401 or "/sign-in" in (answer.location or "")
        if rule.endpoint in ("access.sign_in", "access.second_factor"):
            continue
        if open_to_all is sent_away:
            wrong.append(f"{method} {rule.rule}: {answer.status_code} {answer.location}")
    assert not wrong, "\n".join(wrong)


def test_every_post_wants_the_token(app: Flask, clock: Clock) -> None:
    tab = sign_in(app, clock, "admin")
    tab.get("/profile")
    for rule, method in list(_rules(app)):
        if method == "GET":
            continue
        assert tab.client.open(_address(app, rule), method=method).status_code == 400, rule.rule


def test_an_undeclared_route_is_refused_to_everybody(app: Flask, clock: Clock) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    tab = sign_in(app, clock, "admin")
    answer = tab.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.get_data(as_text=True)


def test_an_undeclared_method_is_refused(app: Flask, clock: Clock) -> None:
    tab = sign_in(app, clock, "admin")
    assert tab.client.options("/").status_code in (403, 405)
    assert tab.client.put("/").status_code in (400, 403, 405)


def test_the_help_page_shows_the_table(app: Flask, clock: Clock) -> None:
    text = sign_in(app, clock, "viewer").get("/help/roles").get_data(as_text=True)
    for permission in ACTIONS.values():
        assert permission.label.replace("'", "&#39;") in text
