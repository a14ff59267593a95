"""Every change of every record leaves a chained entry, and nobody can take one away unseen."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Blueprint, Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from mopsaudit.store import chain, trail
from mopsaudit.store.guards import ensure_guards, missing_guards, remove_guards
from mopsaudit.store.keys import Head
from mopsaudit.store.models import Account, BudgetLine, Membership, Person, TrailEntry, Vendor
from mopsaudit.store.session import Actor, db, init_app, keyring, reading, unit_of_work
from tests import builders

BOTH = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
ADA = Actor.person(1)


def entries(app: Flask, subject: str) -> list[tuple[str, str, object, object, str | None]]:
    with app.app_context(), reading() as session:
        found = session.scalars(
            select(TrailEntry).where(TrailEntry.subject == subject).order_by(TrailEntry.id)
        )
        return [(each.actor, each.action, each.before, each.after, each.reason) for each in found]


def verdict(app: Flask) -> chain.Verdict:
    with app.app_context(), reading() as session:
        return chain.verify(session, keyring())


def add_vendors(app: Flask, now: datetime, *names: str) -> None:
    for name in names:
        with app.app_context(), unit_of_work(ADA, now=now) as session:
            session.add(Vendor(name=name))


@BOTH
def test_a_life_of_a_record(app: Flask, now: datetime, database: str) -> None:
    add_vendors(app, now, "Adobe")
    with app.app_context(), unit_of_work(ADA, now=now, reason="renamed") as session:
        session.scalars(select(Vendor)).one().name = "Adobe Inc."
    with app.app_context(), unit_of_work(ADA, now=now, reason="doubled") as session:
        session.delete(session.scalars(select(Vendor)).one())
    found = entries(app, "vendor")
    assert [(action, reason) for _, action, _, _, reason in found] == [
        ("insert", None),
        ("update", "renamed"),
        ("delete", "doubled"),
    ]
    assert found[1][2:4] == ({"name": "Adobe"}, {"name": "Adobe Inc."})
    assert {actor for actor, *_ in found} == {"person:1"}
    assert verdict(app).faults == ()


def test_a_value_set_without_loading_the_old_one_still_shows_it(app: Flask, now: datetime) -> None:
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        record = builders.vendor(session, "Adobe")
        session.commit()
        record.name = "Figma"
    assert entries(app, "vendor")[-1][2:4] == ({"name": "Adobe"}, {"name": "Figma"})


def test_several_flushes_of_one_unit_are_one_entry(app: Flask, now: datetime) -> None:
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        record = builders.vendor(session, "Adobe")
        record.notes = "x"
        session.flush()
        gone = builders.vendor(session, "Gone")
        session.delete(gone)
        session.flush()
    found = entries(app, "vendor")
    assert len(found) == 1
    assert isinstance(found[0][3], dict)
    assert (found[0][3]["name"], found[0][3]["notes"]) == ("Adobe", "x")


def test_what_a_savepoint_takes_back_leaves_no_entry(app: Flask, now: datetime) -> None:
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        builders.vendor(session, "Kept")
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            builders.vendor(session, "Taken back")
            raise ZeroDivisionError
        with session.begin_nested():
            builders.vendor(session, "Kept too")
    names = [after["name"] for *_, after, _ in entries(app, "vendor") if isinstance(after, dict)]
    assert names == ["Kept", "Kept too"]
    assert verdict(app).faults == ()


def test_library_code_that_commits_by_itself_is_covered(app: Flask, now: datetime) -> None:
    """Flask-Security's views change a record through ``db.session`` and call commit."""
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        record = builders.person(session)
        session.add(
            Account(
                person_id=record.id, email="a@example.com", fs_uniquifier="u", created_at=now, password="p"
            )
        )

    def change() -> str:
        db.session.scalars(select(Account)).one().password = "other"
        db.session.commit()
        return "done"

    security = Blueprint("security", __name__)
    security.add_url_rule("/change", view_func=change, methods=["POST"])
    bare = Flask("bare")
    bare.config.update({key: app.config[key] for key in ("SQLALCHEMY_DATABASE_URI", "MOPSAUDIT_DATA")})
    init_app(bare)
    bare.register_blueprint(security)
    assert bare.test_client().post("/change").text == "done"
    with bare.app_context():
        db.engine.dispose()
    actor, action, before, after, _ = entries(app, "account")[-1]
    assert (actor, action) == ("system", "update")
    assert before == after == {"password": {"ref": f"person:{record_id(app)}"}}


def record_id(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalars(select(Person.id)).one()


def test_personal_values_stand_as_references(app: Flask, now: datetime) -> None:
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        record = builders.person(session, "Ada Finance")
        session.flush()
        record.name = "Ada Byron"
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        session.scalars(select(Person)).one().name = ""
    with app.app_context(), reading() as session:
        written = "".join(
            f"{each.before}{each.after}"
            for each in session.scalars(select(TrailEntry).order_by(TrailEntry.id))
        )
    assert "Ada" not in written
    assert "example.com" not in written
    assert entries(app, "person")[-1][3] == {"name": {"ref": f"person:{record_id(app)}"}}


@BOTH
def test_rows_the_database_deletes_with_their_parent_are_told(
    app: Flask, now: datetime, database: str
) -> None:
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        year = builders.fiscal_year(session)
        builders.budget(session, year=year, lines=[{"cost_centre": "1", "months": {24312: 5}}])
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        session.delete(session.scalars(select(BudgetLine)).one())
    assert [action for _, action, *_ in entries(app, "budget_amount")] == ["insert", "delete"]


def test_orphans_are_told(app: Flask, now: datetime) -> None:
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        who = builders.person(session)
        account = Account(person_id=who.id, email="a@example.com", fs_uniquifier="u", created_at=now)
        account.memberships = [Membership(role="ops", unit_id=1)]
        session.add(account)
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        session.scalars(select(Account)).one().memberships = []
    assert [action for _, action, *_ in entries(app, "membership")] == ["insert", "delete"]


def test_bulk_statements_on_audited_tables_are_refused(session: Session) -> None:
    on_table: Any = Vendor.__table__
    for statement in (update(Vendor).values(name="x"), delete(Vendor), update(on_table).values(name="x")):
        with pytest.raises(RuntimeError, match="passes the trail by"):
            session.execute(statement)
    session.execute(update(Vendor).values(name="x"), execution_options={trail.COVERED: True})


def test_long_values_stand_by_their_digest(app: Flask, now: datetime) -> None:
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        builders.vendor(session, "Adobe", notes="x" * 5000)
    after = entries(app, "vendor")[0][3]
    assert isinstance(after, dict)
    assert after["notes"]["characters"] == 5000


@BOTH
@pytest.mark.parametrize("statement", ["UPDATE trail_entry SET actor = 'x'", "DELETE FROM trail_entry"])
def test_the_database_refuses_to_change_an_entry(session: Session, database: str, statement: str) -> None:
    session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))


@pytest.mark.postgres
def test_the_database_refuses_to_empty_the_trail(session: Session) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("TRUNCATE trail_entry"))


def test_replace_does_not_pass_the_triggers_by(app: Flask, now: datetime, session: Session) -> None:
    builders.vendor(session)
    session.commit()
    columns = "id, at, actor, action, subject, record_id, mac"
    statement = f"INSERT OR REPLACE INTO trail_entry ({columns}) SELECT {columns} FROM trail_entry"
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))


TAMPERINGS: dict[str, tuple[list[str], str]] = {
    "altered": (["UPDATE trail_entry SET actor = 'person:9' WHERE id = 3"], "Entry 3 .*altered"),
    "altered value": (
        ["""UPDATE trail_entry SET after = '{"name": "x"}' WHERE id = 3"""],
        "Entry 3 .*altered",
    ),
    "removed": (["DELETE FROM trail_entry WHERE id = 3"], "misses entry 3"),
    "reordered": (
        [
            "UPDATE trail_entry SET id = 100 WHERE id = 3",
            "UPDATE trail_entry SET id = 3 WHERE id = 4",
            "UPDATE trail_entry SET id = 4 WHERE id = 100",
        ],
        "Entry 3 .*moved",
    ),
    "cut": (["DELETE FROM trail_entry WHERE id > 3"], "its end was cut off"),
    "emptied": (["DELETE FROM trail_entry"], "its end was cut off"),
    "renumbered": (
        ["DELETE FROM trail_entry WHERE id = 3", "UPDATE trail_entry SET id = 3 WHERE id = 4"],
        "Entry 3",
    ),
}


@BOTH
@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found(app: Flask, now: datetime, database: str, what: str) -> None:
    add_vendors(app, now, "A", "B", "C", "D")
    assert verdict(app).faults == ()
    statements, sentence = TAMPERINGS[what]
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        connection = session.connection()
        remove_guards(connection)
        for statement in statements:
            connection.exec_driver_sql(statement)
        ensure_guards(connection)
    faults = verdict(app).faults
    assert faults
    with pytest.raises(AssertionError, match=sentence):
        raise AssertionError("\n".join(faults))


def test_an_end_cut_off_and_written_anew_is_found(app: Flask, now: datetime) -> None:
    """Even the product itself, made to write on over a cut, cannot hide it: the head's entry differs."""
    add_vendors(app, now, "A", "B")
    with app.app_context(), unit_of_work(ADA, now=now) as session:
        connection = session.connection()
        remove_guards(connection)
        connection.exec_driver_sql("DELETE FROM trail_entry WHERE id >= 2")
        ensure_guards(connection)
    add_vendors(app, now, "C")
    assert any("cut off" in fault or "differs" in fault for fault in verdict(app).faults)


def test_a_head_left_behind_by_a_crash_verifies_and_catches_up(app: Flask, now: datetime) -> None:
    add_vendors(app, now, "A")
    with app.app_context():
        head_file = keyring().folder / "trail.head"
        old = head_file.read_text()
        add_vendors(app, now, "B", "C")
        head_file.write_text(old)
        assert (verdict(app).faults, verdict(app).behind) == ((), 2)
        with reading() as session:
            assert chain.catch_up(session, keyring()) == 2
    assert verdict(app).behind == 0


def test_a_head_that_lags_over_a_forged_end_does_not_catch_up(app: Flask, now: datetime) -> None:
    add_vendors(app, now, "A")
    with app.app_context():
        head_file = keyring().folder / "trail.head"
        old = head_file.read_text()
        add_vendors(app, now, "B")
        head_file.write_text(old)
        with unit_of_work(ADA, now=now) as session:
            remove_guards(session.connection())
            session.connection().exec_driver_sql(
                "UPDATE trail_entry SET actor = 'x' WHERE id = (SELECT max(id) FROM trail_entry)"
            )
        with reading() as session:
            assert chain.catch_up(session, keyring()) == 0
    assert verdict(app).faults


def test_a_slower_writer_never_moves_the_head_back(app: Flask) -> None:
    with app.app_context():
        keyring().advance(Head(count=900, mac="aa"))
        keyring().advance(Head(count=899, mac="bb"))
        assert keyring().head() == Head(count=900, mac="aa")


def test_a_missing_key_is_told(app: Flask, now: datetime) -> None:
    add_vendors(app, now, "A")
    with app.app_context():
        (keyring().folder / "trail.key").unlink()
    assert "key is missing" in verdict(app).faults[0]


def test_the_triggers_are_told_when_missing(session: Session) -> None:
    connection = session.connection()
    assert missing_guards(connection) == ()
    remove_guards(connection)
    assert missing_guards(connection) == ("trail_entry_no_delete", "trail_entry_no_update")
    ensure_guards(connection)
    assert missing_guards(connection) == ()


@BOTH
def test_many_writers_make_one_chain(app: Flask, now: datetime, database: str) -> None:
    def write(number: int) -> Callable[[], None]:
        def run() -> None:
            add_vendors(app, now, *(f"{number}-{each}" for each in range(10)))

        return run

    threads = [threading.Thread(target=write(number)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(entries(app, "vendor")) == 60
    assert verdict(app).faults == ()
    assert verdict(app).behind == 0
