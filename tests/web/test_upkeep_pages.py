"""Backups, rates, periods and erasing through the pages: who may, what is said first, what a forged request reaches."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from mopsaudit import jobs, organisation
from mopsaudit.jobs.worker import run_one
from mopsaudit.organisation import entities
from mopsaudit.store.models import ExchangeRate, ForecastRecord, Person, TrailEntry
from mopsaudit.store.session import SYSTEM, db, unit_of_work
from mopsaudit.upkeep import copies
from tests import builders
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]
PAGE = "/settings/upkeep"


def text(tab: Tab, path: str) -> str:
    answer = tab.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def make(app: Flask, tab: Tab, data: Path) -> str:
    assert tab.send(PAGE).status_code == 405
    tab.get(PAGE)
    assert tab.post(f"{PAGE}/backups").status_code == 303
    assert "Waiting for the worker" in text(tab, PAGE)
    assert run_one(app, jobs.handlers, worker="w")
    return copies.list_copies(data)[0].name


def test_a_backup_is_made_fetched_and_deleted(app: Flask, sign_in: Sign, data: Path) -> None:
    tab = sign_in("admin")
    assert "There is no backup yet" in text(tab, PAGE)
    name = make(app, tab, data)
    page = text(tab, PAGE)
    assert "1 backup is kept" in page
    assert "passed its check" in page
    fetched = tab.post(f"{PAGE}/backups/{name}/file")
    assert fetched.data == (data / "backups" / name).read_bytes()
    assert fetched.headers["Cache-Control"].startswith("no-store")
    fetched.close()
    with app.app_context():
        actions = (
            db.session().scalars(select(TrailEntry.action).where(TrailEntry.subject == "database")).all()
        )
    assert actions == ["fetch_backup"]
    assert tab.send(f"{PAGE}/backups/{name}/delete").status_code == 303
    assert copies.list_copies(data) == ()


def _csv(tab: Tab, path: str) -> list[list[str]]:
    return [row.split(",") for row in text(tab, path).lstrip("\ufeff").splitlines()]


def test_backups_and_storage_are_tables(app: Flask, sign_in: Sign, data: Path) -> None:
    tab = sign_in("admin")
    assert "No backup is kept yet" in text(tab, PAGE)
    name = make(app, tab, data)
    (data / "backups" / "by-hand.zip").write_bytes(b"no zip at all")
    heads, *rows = _csv(tab, f"{PAGE}?format=csv&sort=name")
    assert heads == ["Backup", "Check", "As of", "Time", "Size (kB)", "What is known", "Rows"]
    assert [row[:2] for row in rows] == [["by-hand.zip", "not usable"], [name, "whole"]]
    assert rows[0][4] == "1", "a part of a kB counts as one"
    size = (data / "backups" / name).stat().st_size
    assert int(rows[1][4]) == -(-size // 1000)
    assert [row[0] for row in _csv(tab, f"{PAGE}?f.check==whole&format=csv")[1:]] == [name]
    assert [row[0] for row in _csv(tab, f"{PAGE}?f.at=(empty)&format=csv")[1:]] == ["by-hand.zip"]
    page = text(tab, f"{PAGE}?f.check==not+usable")
    assert f"{PAGE}/backups/by-hand.zip/delete" in page
    assert f"{PAGE}/backups/by-hand.zip/restore" not in page
    assert f"{PAGE}/backups/{name}/restore" not in page
    parts = _csv(tab, f"{PAGE}?storage.format=csv&storage.sort=part")
    assert parts[0] == ["Part", "Size (kB)", "Files", "What it is"]
    assert [row[0] for row in parts[1:]] == sorted(row[0] for row in parts[1:])
    assert next(row[2] for row in parts if row[0] == "Backups") == "3", "two backups and the note of one"
    assert tab.get(f"{PAGE}?format=xlsx").status_code == 200
    assert sign_in("finance").get(f"{PAGE}?storage.format=csv").status_code == 403


def test_a_restore_wants_its_word_and_signs_everybody_out(app: Flask, sign_in: Sign, data: Path) -> None:
    tab, other = sign_in("admin"), sign_in("viewer")
    name = make(app, tab, data)
    path = f"{PAGE}/backups/{name}/restore"
    assert tab.send(path, {"word": "yes"}).status_code == 422
    assert tab.send(path, {"word": "Restore"}).status_code == 303
    assert "Everybody is signed out" in text(tab, path)
    again = tab.post(path, {"word": "restore", "once": "another"})
    assert again.status_code == 422
    assert "being restored already" in again.get_data(as_text=True)
    assert "being restored" in str(other.get("/running").get_json()["text"])
    assert run_one(app, jobs.handlers, worker="w")
    assert tab.get(PAGE).status_code == 302
    assert other.get("/").status_code == 302


def test_upload_keeps_a_backup_and_refuses_anything_else(app: Flask, sign_in: Sign, data: Path) -> None:
    tab = sign_in("admin")
    name = make(app, tab, data)
    content = (data / "backups" / name).read_bytes()
    bad = tab.send(f"{PAGE}/upload", {"file": (io.BytesIO(b"PK hello"), "b.zip")})
    assert bad.status_code == 422
    assert "The file is not a backup" in bad.get_data(as_text=True)
    assert tab.send(f"{PAGE}/upload", {"file": (io.BytesIO(content), "../../b.zip")}).status_code == 303
    assert run_one(app, jobs.handlers, worker="w")
    assert {each.whole for each in copies.list_copies(data)} == {True}


def test_only_an_admin_may_send_so_much(app: Flask, sign_in: Sign) -> None:
    for role, status in (("finance", 413), ("admin", 422)):
        tab = sign_in(role)
        tab.get("/profile")
        assert tab.post(f"{PAGE}/upload", {"file": "x" * 1_100_000}).status_code == status


@pytest.mark.parametrize("unit", ["UK"])
def test_an_admin_of_a_part_finds_nothing(app: Flask, units: None, sign_in: Sign, unit: str) -> None:
    tab = sign_in("admin", unit=unit)
    for path in (PAGE, f"{PAGE}/state", f"{PAGE}/upload", "/settings/rates/new", "/people/1/erase"):
        assert tab.get(path).status_code == 404, path
    assert tab.get("/settings/rates").status_code == 200


def test_a_name_of_another_file_is_none(app: Flask, sign_in: Sign, data: Path) -> None:
    tab = sign_in("admin")
    tab.get(PAGE)
    for name in ("..%2Fmopsaudit.sqlite3", "none.zip", "secret.key"):
        for step in ("file", "delete", "restore", "check"):
            assert tab.post(f"{PAGE}/backups/{name}/{step}", {"word": "restore"}).status_code == 404


def test_a_rate_is_saved_only_after_its_effect_was_seen(app: Flask, sign_in: Sign, clock: Clock) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        builders.spend_line(session, 1000, currency="EUR", converted=False, on=date(2026, 3, 5))
    tab = sign_in("finance")
    assert "1 line is unconverted for want of a rate (EUR)" in text(tab, "/settings/rates")
    new = "/settings/rates/new"
    typed = {"currency": "EUR", "kind": "booking", "valid_from": "2026-01-01", "rate": "1.5"}
    seen = tab.send(new, typed)
    assert seen.status_code == 200
    assert "It converts 1 line of EUR, 1 of them so far unconverted." in seen.get_data(as_text=True)
    agreed = "EUR booking 2026-01-01 1.5"
    changed = tab.post(new, {**typed, "rate": "2", "agreed": agreed})
    assert changed.status_code == 200, "what was agreed to was another rate"
    with app.app_context():
        assert db.session().scalars(select(ExchangeRate.id)).all() == []
    assert tab.post(new, {**typed, "agreed": agreed}).status_code == 303
    page = text(tab, "/settings/rates")
    assert "are all converted" in page
    twice = tab.send(new, {**typed, "rate": "3"})
    assert twice.status_code == 422
    assert "from 1 Jan 2026 already: 1.5" in twice.get_data(as_text=True)
    with app.app_context():
        rate_id = db.session().scalars(select(ExchangeRate.id)).one()
    path = f"/settings/rates/{rate_id}"
    forged = {"valid_from": "2026-01-01", "rate": "2", "currency": "GBP", "kind": "budget"}
    assert tab.send(path, forged).status_code == 200
    seen_text = {"seen": "2026-01-01 1.5", "agreed": "EUR booking 2026-01-01 2"}
    assert tab.post(path, {**forged, **seen_text}).status_code == 303
    with app.app_context():
        rate = db.session().get_one(ExchangeRate, rate_id)
        assert (rate.currency, rate.kind, rate.rate) == ("EUR", "booking", "2")
    conflict = tab.send(path, {**forged, **seen_text, "rate": "4", "agreed": "EUR booking 2026-01-01 4"})
    assert conflict.status_code == 422
    assert "Somebody changed this rate" in conflict.get_data(as_text=True)
    assert "1 line of EUR is unconverted then" in text(tab, f"{path}/remove")
    assert tab.send(f"{path}/remove").status_code == 303
    assert "unconverted for want of a rate" in text(tab, "/settings/rates")
    assert sign_in("viewer").get("/settings/rates/new").status_code == 403


def test_currencies_in_use_are_a_table(app: Flask, sign_in: Sign, clock: Clock) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        session.add(
            ExchangeRate(currency="GBP", into="USD", kind="booking", valid_from=date(2026, 5, 1), rate="1.3")
        )
        for minor, currency, converted in (
            (5_00, "USD", True),
            (1_234_50, "EUR", False),
            (7_00, "GBP", False),
            (9_00, "GBP", True),
            (3_00, "CHF", True),
        ):
            on = date(2026, 3, 5)
            builders.spend_line(session, minor, currency=currency, converted=converted, on=on)
    tab = sign_in("finance")
    heads, *rows = _csv(tab, "/settings/rates?uses.format=csv&uses.sort=currency")
    assert heads[:3] == ["Currency", "Lines", "Unconverted lines"]
    assert {row[0]: (*row[1:4], row[-1]) for row in rows} == {
        "CHF": ("1", "0", "0.00", "complete"),
        "EUR": ("1", "1", "1234.50", "none"),
        "GBP": ("2", "1", "7.00", "a rate is missing"),
        "USD": ("1", "0", "0.00", "base currency"),
    }
    only = _csv(tab, "/settings/rates?uses.f.unconverted.from=1&uses.format=csv")
    assert sorted(row[0] for row in only[1:]) == ["EUR", "GBP"]
    page = text(tab, "/settings/rates")
    assert "/lines?currencies=EUR&amp;unconverted=1" in page
    assert "/lines?currencies=CHF&amp;unconverted=1" not in page
    assert 'href="/lines?currencies=CHF"' in page
    assert "/settings/rates/new?currency=EUR" in page
    assert "/settings/rates/new" not in text(sign_in("viewer"), "/settings/rates")


def test_rates_are_exported(app: Flask, sign_in: Sign, clock: Clock) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        session.add(
            ExchangeRate(currency="EUR", into="USD", kind="booking", valid_from=date(2026, 1, 1), rate="1.1")
        )
    answer = sign_in("finance").get("/settings/rates?format=csv")
    assert "EUR booking" in answer.get_data(as_text=True)


def test_books_are_closed_and_opened_with_a_reason(app: Flask, sign_in: Sign, clock: Clock) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        entity = entities.create_entity(session, entities.EntityFacts(code="GB1", name="One Ltd")).id
    tab = sign_in("finance")
    path = f"/settings/periods/{entity}/close"
    assert tab.send(path, {"closed_through": "2026-08-31"}).status_code == 303
    assert "closed through 31 Aug 2026" in text(tab, "/settings/periods")
    refused = tab.send(path, {"closed_through": "2026-07-31"})
    assert refused.status_code == 422
    assert "say why they are opened again" in refused.get_data(as_text=True)
    assert tab.send(path, {"closed_through": "2026-07-31", "reason": "A late invoice"}).status_code == 303
    assert "Why: A late invoice" in text(tab, path)


def test_closing_a_month_of_all_books_keeps_the_forecast_of_every_unit(
    app: Flask, sign_in: Sign, clock: Clock
) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        one, two = (
            entities.create_entity(session, entities.EntityFacts(code=code, name=code)).id
            for code in ("GB1", "DE1")
        )
        emea = builders.unit(session, "EMEA2")
        tool = builders.tool(session, "Kept")
        builders.spend_line(session, 1_000_00, on=date(2026, 8, 3), tool=tool, unit=emea)
        units = len(organisation.list_units(session))

    def kept() -> list[tuple[int, int]]:
        with app.app_context():
            return [
                (each.through_month, each.forecast_minor)
                for each in db.session.scalars(select(ForecastRecord).order_by(ForecastRecord.id))
            ]

    tab = sign_in("finance")
    assert tab.send(f"/settings/periods/{one}/close", {"closed_through": "2026-08-31"}).status_code == 303
    first = kept()
    assert len(first) == 2 <= units, (
        "the whole company and the unit that spends; nothing is kept of the others"
    )
    assert {minor for _, minor in first} == {first[0][1]}
    assert tab.send(f"/settings/periods/{two}/close", {"closed_through": "2026-07-31"}).status_code == 303
    assert kept() == first, "the second entity is a month behind: all books are closed through July only"
    assert tab.send(f"/settings/periods/{two}/close", {"closed_through": "2026-08-31"}).status_code == 303
    assert len(kept()) == 4
    assert tab.send(f"/settings/periods/{two}/close", {"closed_through": "2026-09-01"}).status_code in (
        303,
        422,
    )
    assert len(kept()) == 4, "no further month is closed of all books"


def test_a_person_is_erased_after_their_address_was_typed(app: Flask, sign_in: Sign, clock: Clock) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        bob = builders.person(session, "Bob Stone", email="bob@example.com").id
        builders.tool(session, "Pulse", business_owner=session.get_one(Person, bob))
    tab = sign_in("admin")
    path = f"/people/{bob}/erase"
    page = text(tab, path)
    assert "This cannot be undone" in page
    assert "Pulse" in page
    assert tab.send(path, {"typed": "bob", "successor_id": ""}).status_code == 422
    assert tab.send(path, {"typed": "BOB@example.com", "successor_id": ""}).status_code == 303
    assert "Bob Stone" not in text(tab, "/people")
    assert tab.get(path).status_code == 404
    for role in ("ops", "finance", "viewer"):
        assert sign_in(role).get(path).status_code == 403


def test_settings_tell_their_default_and_who_changed_them(app: Flask, sign_in: Sign) -> None:
    tab = sign_in("admin")
    assert (
        tab.send("/settings/values/target_use_percent", {"value": "85", "reason": "Agreed"}).status_code
        == 303
    )
    page = text(tab, "/settings")
    row = page[page.index("/settings/values/target_use_percent") :].partition("</tr>")[0]
    assert 'data-label="Value"><span>85 %<' in row
    assert 'data-label="Default"><span>90 %<' in row
    assert "Admin Person, 30 Sep 2026" in row
