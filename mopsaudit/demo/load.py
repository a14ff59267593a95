"""Loads the demo company into an empty database: writes its workbooks, imports them, then does what people do after."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.demo import settlements
from mopsaudit.demo.case_list import write_benefits
from mopsaudit.demo.closing import keep_forecasts_of_last_closes
from mopsaudit.demo.ledgers import charges
from mopsaudit.demo.people import FINANCE, staff
from mopsaudit.demo.record_books import (
    write_budgets,
    write_contracts,
    write_inventory,
    write_orders,
    write_rates,
    write_roster,
)
from mopsaudit.demo.savings import enter_savings
from mopsaudit.demo.score_sheet import give_scores
from mopsaudit.demo.settlements import Company
from mopsaudit.demo.sheets import DemoFile
from mopsaudit.demo.spend_books import write_spend
from mopsaudit.demo.stack import UNITS
from mopsaudit.demo.usage_books import write_credits, write_usage
from mopsaudit.demo.what_ifs import think_ahead
from mopsaudit.errors import InvalidError
from mopsaudit.intake.run import import_file
from mopsaudit.organisation import create_unit, find_unit, load_settings, save_setting
from mopsaudit.organisation.entities import EntityFacts, create_entity, map_cost_centre
from mopsaudit.periods import month_end, month_of
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import Import
from mopsaudit.store.people import Account, BusinessUnit, Person
from mopsaudit.store.session import SYSTEM, reading, unit_of_work

SEED: Final = 2607
#: Folder of the workbooks inside the data folder, and the list of them for the download page.
FOLDER, LISTING = "demo", "files.json"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What was loaded: the files in the order of their import, with their import ids."""

    files: tuple[tuple[DemoFile, int], ...]
    suppliers_settled: int


def refuse_unless_empty() -> None:
    """Raises:
    InvalidError: when anybody has worked in this database: people, units, tools or imports stand in it.
    """
    with reading() as session:
        for model in (Account, Person, Tool, Import):
            if session.scalars(select(model.id).order_by(model.id).limit(1)).first() is not None:
                _refuse()
        units = session.scalars(select(BusinessUnit.id).order_by(BusinessUnit.id).limit(2)).all()
        if len(units) > 1:
            _refuse()


def _refuse() -> None:
    raise InvalidError(
        "The demo company is loaded into an empty database only; this one holds records already. "
        "Set MOPSAUDIT_DATA to a new folder and try again."
    )


def load_demo(as_of: date, *, reader: str, folder: Path, seed: int = SEED, say: Say | None = None) -> Loaded:
    """Write, import and settle the demo company as of the end of a day; no users are made.

    ``reader`` is the dotted name of the reader, ``folder`` the data folder. Needs the app context and the root unit.

    Raises:
        InvalidError: when the database is not empty.
        RuntimeError: when one of our own files does not import, which is a fault of ours.
    """
    refuse_unless_empty()
    tell: Say = say or (lambda _line: None)
    now = datetime.combine(as_of, time(12), tzinfo=UTC)  # the same day wherever the organisation is
    place = folder / FOLDER
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    people = staff(seed, as_of)
    lines = charges(seed, as_of)
    with unit_of_work(SYSTEM, now=now) as session:
        _organisation(session, as_of)
    done: list[tuple[DemoFile, int]] = []

    def bring(files: Sequence[DemoFile]) -> None:
        for file in files:
            tell(file.path.name)
            done.append((file, _import(file, reader=reader, folder=folder, now=now)))

    bring(
        [write_rates(place, as_of), write_roster(place, as_of, people), write_inventory(place, as_of, people)]
    )
    with reading() as session:
        numbers = {each.external_id: each.id for each in session.scalars(select(Person).order_by(Person.id))}
    company = Company(people=[numbers[each.number] for each in people], as_of=as_of, now=now)
    with unit_of_work(SYSTEM, now=now) as session:
        settlements.add_catalogue_tools(session, company)
        settlements.rate_capabilities(session, company)
    bring([write_contracts(place, as_of, people), write_orders(place, as_of, people)])
    with unit_of_work(SYSTEM, now=now) as session:
        settlements.enter_billing(session)
    bring(write_spend(place, as_of, lines))
    tell("settling suppliers")
    with unit_of_work(SYSTEM, now=now, reason="Settled from the review queue") as session:
        settled = settlements.settle_suppliers(session, company, load_settings(session, {}))
    bring([*write_usage(place, as_of, people, seed), write_credits(place, as_of)])
    bring(write_budgets(place, as_of, people, lines))
    tell("cases and decisions")
    with unit_of_work(SYSTEM, now=now) as session:
        settlements.lock_budgets(session, company)
        settlements.write_cases(session, company)
        settlements.record_decisions(session, company)
        give_scores(session, company)
        enter_savings(session, company)
        think_ahead(session, company)
        keep_forecasts_of_last_closes(session, as_of, by=company.people[FINANCE])
    bring([write_benefits(place, as_of)])
    _list(place, as_of, [file for file, _ in done])
    return Loaded(files=tuple(done), suppliers_settled=settled)


def _organisation(session: Session, as_of: date) -> None:
    """Units, legal entities, cost centres and the few settings a new company types first."""
    for key, value in (("company_name", "Brightwater"), ("base_currency", "USD"), ("fiscal_start", 1)):
        save_setting(session, key, value)
    for code, (name, _, _) in UNITS.items():
        create_unit(session, code=code, name=name)
    closed = month_end(month_of(as_of) - 1)
    for code, name, currency, country in (
        ("BW-US", "Brightwater Inc.", "USD", "US"),
        ("BW-DE", "Brightwater Europe GmbH", "EUR", "DE"),
    ):
        facts = EntityFacts(code=code, name=name, currency=currency, country=country, closed_through=closed)
        create_entity(session, facts)
    for code, (_, centre, _) in UNITS.items():
        map_cost_centre(session, cost_centre=centre, unit_id=find_unit(session, code).id)


def _import(file: DemoFile, *, reader: str, folder: Path, now: datetime) -> int:
    result: dict[str, Any] = import_file(
        file.kind, file.path, file.options, reader=reader, folder=folder, actor=SYSTEM, now=now
    )
    if result["status"] != "imported":
        asked = "; ".join(str(question["asks"]) for question in result["questions"])
        raise RuntimeError(f"{file.path.name}: {result['status']} {result['reason'] or asked}")
    return int(result["import_id"])


def _list(place: Path, as_of: date, files: Sequence[DemoFile]) -> None:
    """The list the download page shows, in the order a person would upload them."""
    listed = [{"file": each.path.name, "kind": each.kind.value, "what": each.what} for each in files]
    text = json.dumps({"as_of": as_of.isoformat(), "files": listed}, indent=1)
    (place / LISTING).write_text(text, encoding="utf-8")
