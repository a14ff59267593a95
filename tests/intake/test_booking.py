"""A line's unit and entity, and what it is worth in the base currency."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.booking import Entities, Rates, Units, entity_for
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.view import import_json
from mopsaudit.periods import month_of
from mopsaudit.store.ledger import SpendLine
from mopsaudit.store.people import CostCentreUnit
from mopsaudit.store.planning import ExchangeRate
from tests import builders
from tests.intake.files import Line, enter, spend_read

DAY = date(2026, 3, 5)


def test_a_unit_comes_from_the_column_then_the_dated_map_then_the_option(session: Session) -> None:
    emea, apac, rest = (builders.unit(session, code) for code in ("EMEA", "APAC", "REST"))
    session.add(CostCentreUnit(cost_centre="100", unit_id=emea.id, valid_until=date(2026, 1, 1)))
    session.add(CostCentreUnit(cost_centre="100", unit_id=apac.id, valid_from=date(2026, 1, 1)))
    session.flush()
    units = Units(session, rest.id)
    assert units.of_line("emea", "100", None, DAY) == (emea.id, "column")
    assert units.of_line("nobody", "100", None, DAY) == (apac.id, "map")
    assert units.of_line(None, "100", None, date(2025, 12, 31)) == (emea.id, "map")
    assert units.of_line(None, "999", None, DAY) == (rest.id, "option")
    assert Units(session).of_line(None, "999", None, DAY) == (None, "none")
    assert Units(session).of_line(None, "100", None, None) == (None, "none")  # undated: no dated fact holds


def test_a_map_of_one_entity_is_not_anothers(session: Session) -> None:
    unit, firm, other = builders.unit(session), builders.entity(session, "UK"), builders.entity(session, "FR")
    session.add(CostCentreUnit(cost_centre="100", unit_id=unit.id, entity_id=firm.id))
    session.flush()
    units = Units(session)
    assert units.of_line(None, "100", firm.id, DAY) == (unit.id, "map")
    assert units.of_line(None, "100", other.id, DAY) == (None, "none")


def test_units_and_entities_nobody_knows_are_noted_and_the_lines_enter(session: Session, data: Path) -> None:
    builders.unit(session, "EMEA")
    record = enter(session, spend_read([Line(amount="1", unit="Emea"), Line(amount="2", unit="Mars")]), data)
    hows = session.scalars(select(SpendLine.unit_how).order_by(SpendLine.id)).all()
    assert hows == ["column", "none"]
    (problem,) = import_json(session, record.id)["problems"]
    assert problem["code"] == "spend.unit.unknown"
    assert problem["message"] == "1 line name business units not known here: “Mars”."


def test_the_unit_option_holds_for_lines_without_one(session: Session, data: Path) -> None:
    unit = builders.unit(session, "EMEA")
    enter(session, spend_read([Line(amount="1")]), data, options=ImportOptions(unit="emea"))
    assert session.scalars(select(SpendLine.unit_id)).all() == [unit.id]


def test_an_entity_named_with_a_file_is_made_once(session: Session) -> None:
    made = entity_for(session, "  UK   Ltd ")
    assert (made.code, made.name) == ("UK Ltd", "UK Ltd")
    assert entity_for(session, "uk ltd").id == made.id
    assert Entities(session).recoverable_ppm(made.id) == 1_000_000


def test_the_rate_is_the_latest_that_holds_and_never_one_to_one(session: Session) -> None:
    for day, rate in ((date(2026, 1, 1), "1.1"), (date(2026, 3, 1), "1.25")):
        session.add(ExchangeRate(currency="EUR", into="USD", kind="booking", valid_from=day, rate=rate))
    session.add(
        ExchangeRate(currency="GBP", into="USD", kind="budget", valid_from=date(2026, 1, 1), rate="9")
    )
    session.flush()
    rates = Rates(session, "USD")
    assert rates.rate("EUR", DAY, None) == Decimal("1.25")
    assert rates.rate("EUR", None, month_of(date(2026, 2, 1))) == Decimal("1.1")
    assert rates.rate("EUR", date(2025, 12, 31), None) is None
    assert rates.rate("EUR", None, None) is None
    assert rates.base_of(1_000, "EUR", DAY, None) == 1_250
    assert rates.base_of(1_000, "GBP", DAY, None) is None  # a budget rate is no booking rate
    assert rates.base_of(1_000, "USD", None, None) == 1_000


def test_plain_words_of_a_split_fit_anywhere_and_a_pattern_as_a_whole() -> None:
    from mopsaudit.intake.splits import says

    assert says("marketo engage", "Adobe  Marketo Engage Prime, May")
    assert not says("marketo*", "Adobe Marketo Engage")
    assert says("*marketo*", "Adobe Marketo Engage")
    assert not says("marketo", "")
