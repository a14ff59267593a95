"""A thousand random companies: everything their tests check, on what is built once per seed.

The tests that stand beside the checks build a company for each, in a session that writes and keeps nothing. Here a
company is committed once and read as pages read it: in one snapshot, with answers kept from check to check. The
figures are held against the naive readings a second way, in a fraction of the time.
"""

import shutil
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime
from os import getpid
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.orm import Session

from mopsaudit.facts.reading import shelf_of
from mopsaudit.store.models import BusinessUnit, Tool
from mopsaudit.store.session import SYSTEM, db, reading, unit_of_work
from tests.facts.company import Company, random_company
from tests.facts.judged import contracts_of_all_kinds
from tests.facts.test_company import figures_agree, whole_is_its_parts
from tests.facts.test_judged import curve_agrees, seats_agree, terms_agree
from tests.facts.test_overlapped import groups_agree, inside_units_agree, let_overlap
from tests.postgres import PostgresServer
from tests.reports.budget import test_budget_naive, test_owed
from tests.reports.budget.owed import owing_company
from tests.reports.cases import test_promised
from tests.reports.cases.promised import cases_of_all_kinds
from tests.reports.test_invariants import (
    every,
    savings_add_up,
    stake_is_counted_once,
    totals_agree,
    units_sum_to_the_whole,
    untouched,
    welcome,
)
from wsgi import create_app

T = TypeVar("T")
SEEDS = [*range(12, 15), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(15, 1000))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """An application, and how its database is emptied."""

    app: Flask
    now: datetime
    replace: Callable[[], None]

    def fresh(self) -> None:
        """A database with the root unit only; nothing is kept of the one before."""
        with self.app.app_context():
            db.engine.dispose()
            shelf_of(db.engine).clear()
        self.replace()

    def write(self, work: Callable[[Session], T]) -> T:
        """Does something in a unit of work."""

        def inside() -> T:
            with self.app.app_context(), unit_of_work(SYSTEM, now=self.now) as session:
                return work(session)

        return Context().run(inside)

    def read(self, work: Callable[[Session], T]) -> T:
        """Does something in a snapshot."""

        def inside() -> T:
            with self.app.app_context(), reading() as session:
                return work(session)

        return Context().run(inside)


@pytest.fixture(scope="module")
def home(empty_data: Path, tmp_path_factory: pytest.TempPathFactory, now: datetime) -> Iterator[Home]:
    data = tmp_path_factory.mktemp("companies") / "var"
    shutil.copytree(empty_data, data)
    app = create_app({"TESTING": True, "MOPSAUDIT_DATA": data})

    def replace() -> None:
        for old in data.glob("mopsaudit.sqlite3*"):
            old.unlink()
        shutil.copy(empty_data / "mopsaudit.sqlite3", data)

    def unsynced(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")  # a company that is lost is drawn again

    with app.app_context():
        event.listen(db.engine, "connect", unsynced)
    yield Home(app=app, now=now, replace=replace)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def postgres_home(
    postgres_server: PostgresServer,
    empty_postgres: tuple[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
    now: datetime,
) -> Iterator[Home]:
    template, folder = empty_postgres
    data = tmp_path_factory.mktemp("companies-postgres") / "var"
    shutil.copytree(folder, data)
    name = f"companies{getpid()}"
    postgres_server.create(name)
    app = create_app(
        {"TESTING": True, "MOPSAUDIT_DATA": data, "SQLALCHEMY_DATABASE_URI": postgres_server.url(name)}
    )

    def replace() -> None:
        postgres_server.drop(name)
        with psycopg.connect(postgres_server.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    yield Home(app=app, now=now, replace=replace)
    with app.app_context():
        db.engine.dispose()
    postgres_server.drop(name)


def as_read(session: Session, units: list[int], tools: list[int]) -> Company:
    """The company as another session sees it."""
    return Company(
        units=tuple(session.get_one(BusinessUnit, each) for each in units),
        tools=tuple(session.get_one(Tool, each) for each in tools),
    )


def a_company(home: Home, seed: int) -> None:
    """Costs, seats, invariants; then the same tools overlapping; then one more tool."""

    def build(session: Session) -> tuple[list[int], list[int]]:
        made = random_company(session, seed)
        return [each.id for each in made.units], [each.id for each in made.tools]

    home.fresh()
    units, tools = home.write(build)

    def alone(session: Session) -> None:
        company = as_read(session, units, tools)
        figures_agree(session, company, seed)
        whole_is_its_parts(session, seed)
        seats_agree(session, company, seed)
        units_sum_to_the_whole(session, company, seed)
        stake_is_counted_once(session, seed)
        totals_agree(session, seed)

    home.read(alone)
    before = home.read(every)
    newcomer = home.write(lambda session: welcome(session).id)
    home.read(lambda session: untouched(before, every(session), newcomer, seed))
    home.write(lambda session: let_overlap(session, as_read(session, units, tools), seed))

    def overlapping(session: Session) -> None:
        company = as_read(session, units, [*tools, newcomer])
        groups_agree(session, company, seed)
        inside_units_agree(session, company, seed)

    home.read(overlapping)


def contracts(home: Home, seed: int) -> None:
    """Terms, next year, the curve and what must hold of any company."""
    home.fresh()
    home.write(lambda session: contracts_of_all_kinds(session, seed))

    def check(session: Session) -> None:
        terms_agree(session, seed)
        curve_agrees(session, seed)
        totals_agree(session, seed)
        stake_is_counted_once(session, seed)

    home.read(check)


def budgets(home: Home, seed: int) -> None:
    """What is owed, and what was spent against the plan."""
    home.fresh()
    as_of = home.write(lambda session: owing_company(session, seed))
    home.read(lambda session: test_owed.agree(session, as_of, seed))
    home.fresh()
    as_of = home.write(lambda session: test_budget_naive.spending_company(session, seed))
    home.read(lambda session: test_budget_naive.agree(session, as_of, seed))


def promises(home: Home, seed: int) -> None:
    """Business cases, and savings claimed one after another."""
    home.fresh()
    home.write(lambda session: cases_of_all_kinds(session, seed))
    home.read(lambda session: test_promised.agree(session, seed))
    home.fresh()
    home.write(lambda session: savings_add_up(session, seed))


def everything(home: Home, seed: int) -> None:
    a_company(home, seed)
    contracts(home, seed)
    budgets(home, seed)
    promises(home, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_check_of_a_seed(home: Home, seed: int) -> None:
    everything(home, seed)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "seed", [12, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(980, 1000))]
)
def test_every_check_of_a_seed_on_postgresql(postgres_home: Home, seed: int) -> None:
    everything(postgres_home, seed)
