"""Units, scope and settings."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.organisation import (
    create_unit,
    ensure_root,
    find_unit,
    load_settings,
    save_setting,
    scope_for,
    setting_sources,
    unit_tree,
)
from mopsaudit.settings import KEYS, Settings

pytestmark = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
DAY = date(2026, 9, 30)


def test_a_scope_is_a_unit_with_its_sub_tree(session: Session, database: str) -> None:
    emea = create_unit(session, code="EMEA", name="Europe")
    uk = create_unit(session, code="UK", name="Britain", parent=emea)
    create_unit(session, code="EM", name="Emerging")
    whole = scope_for(session, as_of=DAY, environ={})
    assert (whole.whole, whole.unit_label, len(whole.unit_ids)) == (True, None, 4)
    for asked in ("emea", "europe", emea.id):
        scope = scope_for(session, as_of=DAY, unit=asked, environ={})
        assert (scope.unit_code, set(scope.unit_ids), scope.whole) == ("EMEA", {emea.id, uk.id}, False)
    assert unit_tree(session, uk) == (uk.id,)


def test_a_scope_stays_within_what_a_person_may_see(session: Session, database: str) -> None:
    emea = create_unit(session, code="EMEA", name="Europe")
    uk = create_unit(session, code="UK", name="Britain", parent=emea)
    apac = create_unit(session, code="APAC", name="Asia")
    allowed = {emea.id, uk.id}
    assert scope_for(session, as_of=DAY, within=allowed, environ={}).unit_code == "EMEA"
    with pytest.raises(NotFoundError) as outside:
        scope_for(session, as_of=DAY, unit="APAC", within=allowed, environ={})
    with pytest.raises(NotFoundError) as missing:
        scope_for(session, as_of=DAY, unit="NONE", within=allowed, environ={})
    assert str(outside.value).replace("APAC", "NONE") == str(missing.value)
    for unknown in (apac.id, 999):
        with pytest.raises(NotFoundError, match=r"^There is no such business unit\.$"):
            scope_for(session, as_of=DAY, unit=unknown, within=allowed, environ={})
    with pytest.raises(NotFoundError):
        scope_for(session, as_of=DAY, within=set(), environ={})


def test_the_root_is_made_once_and_codes_are_unique(session: Session, database: str) -> None:
    assert ensure_root(session) is ensure_root(session)
    create_unit(session, code="EMEA", name="Europe")
    with pytest.raises(InvalidError, match="taken"):
        create_unit(session, code="emea", name="Other")
    create_unit(session, code="E2", name="europe")
    with pytest.raises(NotFoundError, match="use the code"):
        find_unit(session, "Europe")


def test_settings_come_from_the_database_then_the_environment_then_the_default(
    session: Session, database: str
) -> None:
    environ = {"MOPSAUDIT_BASE_CURRENCY": "eur", "MOPSAUDIT_FISCAL_START": "4", "MOPSAUDIT_TIMEZONE": ""}
    settings = load_settings(session, environ)
    assert (settings.base_currency, settings.fiscal_start, settings.time_zone) == ("EUR", 4, "UTC")
    save_setting(session, "base_currency", "GBP")
    save_setting(session, "discount_rate_percent", "7.5")
    save_setting(session, "gates_days", "100, 50")
    save_setting(session, "accrual_by_days", "no")
    session.expire_all()
    settings = load_settings(session, environ)
    assert settings.base_currency == "GBP"
    assert settings.discount_rate_percent == Decimal("7.5")
    assert settings.gates_days == (100, 50)
    assert settings.accrual_by_days is False
    sources = {each.key: each.source for each in setting_sources(session, environ)}
    assert tuple(sources) == KEYS
    assert sources["base_currency"] == "database"
    assert sources["fiscal_start"] == "environment (MOPSAUDIT_FISCAL_START)"
    assert sources["time_zone"] == "default"


def test_every_default_can_be_saved_and_read_back(session: Session, database: str) -> None:
    for key in KEYS:
        save_setting(session, key, getattr(Settings(), key))
    session.expire_all()
    assert load_settings(session, {}) == Settings()


@pytest.mark.parametrize(
    "key, value",
    [
        ("base_currency", "Dollars"),
        ("fiscal_start", "13"),
        ("fiscal_start", "April"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../etc/passwd"),
        ("operating_model", "anarchy"),
        ("discount_rate_percent", "NaN"),
        ("gates_days", ""),
        ("accrual_by_days", "perhaps"),
        ("no_such_setting", "1"),
    ],
)
def test_a_bad_value_is_refused_with_a_sentence(
    session: Session, database: str, key: str, value: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        save_setting(session, key, value)
    assert refused.value.field == key
