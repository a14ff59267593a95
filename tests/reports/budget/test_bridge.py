"""The bridge from the former forecast: hand-worked parts, exact sums, what is kept and what is worked out again."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.kept_figures import check_forecasts
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Report
from mopsaudit.reports.budget import build, closed_month, keep_forecasts
from mopsaudit.reports.budget.arithmetic import settle
from mopsaudit.reports.budget.bridge import PARTS, steps_between
from mopsaudit.reports.budget.forecast import (
    Bearer,
    Driver,
    Forecast,
    Worth,
    bearers_from,
    digest_of,
    forecast_of,
    months_of,
    to_data,
)
from mopsaudit.reports.budget.query import gather
from mopsaudit.scope import Scope
from mopsaudit.store.models import Contract, ContractLine, ForecastRecord, LegalEntity, Tool, Vendor
from tests import builders

MAY, JUNE = date(2026, 6, 8), date(2026, 6, 30)
NOW = datetime(2026, 6, 8, 9, 0, tzinfo=UTC)
MONTH = 1_000_000


def at(session: Session, as_of: date = JUNE) -> Scope:
    return scope_for(session, as_of=as_of, environ={})


def forecast(**bearers: Bearer) -> Forecast:
    return Forecast(as_of=MAY, through=0, bearers={f"tool:{key[1:]}": each for key, each in bearers.items()})


def line(base: int, *, local: int | None = None, currency: str = "USD", **values: Any) -> Driver:
    worth = Worth(base if local is None else local, base)
    return Driver(currency=currency, worth=worth, **{"billed": 12 * MONTH, "covered": 365} | values)


def seats(number: int) -> dict[str, int]:
    return {"quantity_micro": number * MONTH}


def parts_of(old: Bearer, new: Bearer) -> dict[str, int]:
    (step,) = steps_between(forecast(t1=old), forecast(t1=new), "USD")
    assert sum(step.parts.values()) == step.moved == new.minor - old.minor
    return {part: minor for part, minor in step.parts.items() if minor}


def test_price_volume_and_currency_of_one_line() -> None:
    """The worked example of the manual: 100 seats at EUR 120 and 1.10; 110 seats at EUR 126 and 1.15."""
    old = Bearer(
        label="A", drivers={"line:1": line(13_200_00, local=12_000_00, currency="EUR", **seats(100))}
    )
    new = Bearer(
        label="A", drivers={"line:1": line(15_939_00, local=13_860_00, currency="EUR", **seats(110))}
    )
    assert parts_of(old, new) == {"volume": 1_320_00, "price": 726_00, "currency": 693_00}


def test_a_payment_that_leaves_the_year_is_timing_and_notice_is_volume() -> None:
    old = Bearer(label="A", drivers={"line:1": line(12_000_00)})
    moved = Bearer(label="A", drivers={"line:1": line(9_000_00, billed=9 * MONTH)})
    assert parts_of(old, moved) == {"timing": -3_000_00}
    ended = Bearer(label="A", drivers={"line:1": line(9_000_00, billed=9 * MONTH, covered=273)})
    assert parts_of(old, ended) == {"volume": -3_000_00}
    yearly = Bearer(label="A", drivers={"line:1": line(0, billed=0)})
    assert parts_of(old, yearly) == {"timing": -12_000_00}


def test_a_line_more_is_volume_an_invoice_above_its_instalment_is_price() -> None:
    old = Bearer(label="A", drivers={"line:1": line(12_000_00)})
    new = replace_line(old, "line:2", line(5_000_00))
    new.over = {"USD": Worth(40_00, 40_00)}
    new.carried = {"USD": Worth(-1_000_00, -1_000_00)}
    assert parts_of(old, new) == {"volume": 5_000_00, "price": 40_00, "timing": -1_000_00}


def replace_line(bearer: Bearer, ident: str, driver: Driver) -> Bearer:
    return Bearer(label=bearer.label, drivers={**bearer.drivers, ident: driver})


def test_tools_that_came_and_went_stand_apart() -> None:
    old = forecast(t1=Bearer(label="A", rest={"USD": Worth(500, 500)}))
    new = forecast(t2=Bearer(label="B", rest={"USD": Worth(700, 700)}))
    steps = steps_between(old, new, "USD")
    assert [(step.label, step.parts["new"], step.parts["gone"]) for step in steps] == [
        ("B", 700, 0),
        ("A", 0, -500),
    ]


def test_a_contract_known_before_its_first_payment_is_not_new() -> None:
    old = Bearer(label="A", drivers={"line:1": line(0, billed=0)})
    assert old.known
    assert parts_of(old, Bearer(label="A", drivers={"line:1": line(12_000_00)})) == {"timing": 12_000_00}


def test_without_a_former_rate_nothing_is_currency() -> None:
    old = Bearer(label="A", rest={"USD": Worth(100, 100)})
    new = Bearer(label="A", rest={"USD": Worth(100, 100), "CHF": Worth(50, 60)})
    assert parts_of(old, new) == {"volume": 60}


def test_parts_sum_to_the_minor_unit_on_any_two_forecasts() -> None:
    chance = random.Random(6)

    def bearer() -> Bearer:
        made = Bearer(label="x")
        for number in range(chance.randrange(4)):
            currency = chance.choice(("USD", "EUR", "JPY"))
            local = chance.randrange(10**6)
            made.drivers[f"line:{chance.randrange(3)}:{currency}:{number % 2}"] = Driver(
                currency=currency,
                worth=Worth(local, local if currency == "USD" else chance.randrange(10**6)),
                billed=chance.choice((None, 0, 7 * MONTH, 12 * MONTH)),
                quantity_micro=chance.choice((None, 0, 7 * MONTH, 9 * MONTH)),
                covered=chance.choice((0, 300, 365)),
            )
        for money in (made.over, made.carried, made.rest):
            for currency in ("USD", "EUR"):
                money[currency] = Worth(chance.randrange(-999, 999), chance.randrange(-999, 999))
        return made

    for _ in range(500):
        old = forecast(**{f"t{key}": bearer() for key in range(chance.randrange(3))})
        new = forecast(**{f"t{key}": bearer() for key in range(chance.randrange(4))})
        steps = steps_between(old, new, "USD")
        assert sum(step.moved for step in steps) == new.minor - old.minor
        for step in steps:
            assert sum(step.parts.values()) == step.moved
            assert set(step.parts) == set(PARTS)
        assert not any(step.moved for step in steps_between(new, new, "USD"))


@pytest.mark.parametrize(
    "start, end, months",
    [
        (date(2026, 1, 1), date(2027, 1, 1), 12_000_000),
        (date(2024, 2, 29), date(2024, 3, 29), 1_000_000),
        (date(2026, 1, 31), date(2026, 2, 28), 1_000_000),
        (date(2026, 1, 1), date(2026, 1, 16), 493_151),
    ],
)
def test_months_of_a_service(start: date, end: date, months: int) -> None:
    from mopsaudit.periods import Period

    assert months_of(Period(start=start, end=end)) == months


# ── On a database ─────────────────────────────────────────────────────────────────────────────────


def minor(value: object) -> int:
    assert isinstance(value, Amount)
    assert value.minor is not None
    return value.minor


def bridge(report: Report) -> dict[str, int]:
    section = next(each for each in report.sections if each.key == "bridge")
    return {row.id: minor(row.values["amount"]) for row in section.rows if minor(row.values["amount"])}


def sentence(report: Report) -> str:
    return next(each for each in report.sections if each.key == "bridge").sentence


def company(session: Session) -> tuple[Vendor, Tool, Contract]:
    """One tool at 12 × 1,000 for 100 seats, closed through May."""
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    builders.entity(session, "UK", closed_through=date(2026, 5, 31))
    contract = builders.contract(
        session, vendor, start_on=date(2026, 1, 1), initial_months=12, billing_months=1,
        lines=[{"tool": tool, "seats": 100}],
    )  # fmt: skip
    builders.budget(session, lines=[{"tool_id": tool.id, "monthly": 1_000_00}])
    for month in range(1, 6):
        builders.spend_line(session, 1_000_00, on=date(2026, month, 3), tool=tool)
    return vendor, tool, contract


def keep(session: Session, day: date = MAY) -> ForecastRecord:
    (record,) = keep_forecasts(session, [at(session, day)], by=None, now=NOW)
    return record


def only_line(session: Session, contract: Contract) -> ContractLine:
    found = session.query(ContractLine).filter_by(contract_id=contract.id).one()
    assert isinstance(found, ContractLine)
    return found


def test_a_kept_forecast_tells_seats_and_price_apart(session: Session) -> None:
    vendor, _, contract = company(session)
    record = keep(session)
    assert (record.forecast_minor, record.basis, record.digest) == (
        12_000_00, "invoiced", digest_of(record.content),
    )  # fmt: skip
    assert bridge(build(session, at(session))) == {}
    assert "has not moved since 8 Jun 2026" in sentence(build(session, at(session)))
    held = only_line(session, contract)
    held.quantity_micro = 102 * MONTH
    held.amount_minor = 12_484_80  # 1,040.40 a month: 102 seats at +2 %
    late = builders.tool(session, "Late", of=vendor)
    builders.spend_line(session, 700_00, on=date(2026, 6, 2), tool=late)
    session.flush()
    report = build(session, at(session))
    # The five invoices settle instalments of 1,040.40 in part. Late has no closed month yet: no run rate.
    assert bridge(report) == {"volume": 240_00, "price": 244_80, "new": 700_00}
    assert sentence(report) == (
        "Since 8 Jun 2026 the forecast moved by +1,185 USD: new +700 USD, price +245 USD, volume +240 USD."
    )
    tools = next(each for each in report.sections if each.key == "movements")
    assert [(row.values["parts"], minor(row.values["moved"])) for row in tools.rows] == [
        ("new", 700_00),
        ("price, volume", 484_80),
    ]
    plot = next(each for each in report.plots if each.kind == "waterfall")
    assert plot.labels == ("Price", "Volume", "New", "All together")
    assert plot.series[0].values == (244_80, 240_00, 700_00, 1_184_80)
    shown = report.to_json()["sections"]["bridge"]["rows"]
    assert sum(round(float(each["amount"]["amount"]) * 100) for each in shown) == 1_184_80


def test_notice_served_since_is_volume(session: Session) -> None:
    vendor, tool, _ = company(session)
    goes_on = builders.contract(
        session, vendor, title="Rolling", start_on=date(2025, 9, 1), initial_months=12, billing_months=1,
        renewal_kind="automatic", renewal_months=12, notice_count=30, lines=[{"tool": tool, "seats": 10}],
    )  # fmt: skip
    keep(session)
    goes_on.notice_served_on = date(2026, 6, 20)
    session.flush()
    assert bridge(build(session, at(session))) == {"volume": -4_000_00}


def test_an_invoice_booked_in_the_year_before_is_timing(session: Session) -> None:
    vendor, _, _ = company(session)
    early = builders.tool(session, "Early", of=vendor)
    builders.contract(
        session, vendor, title="Early", start_on=date(2026, 1, 5), initial_months=12, billing_months=12,
        lines=[{"tool": early, "seats": 10, "amount_minor": 2_400_00}],
    )  # fmt: skip
    keep(session)
    builders.spend_line(session, 2_400_00, on=date(2025, 12, 28), tool=early)
    assert bridge(build(session, at(session))) == {"timing": -2_400_00}


def test_without_a_kept_forecast_it_is_worked_out_again(session: Session) -> None:
    _, tool, contract = company(session)
    only_line(session, contract).amount_minor = 13_200_00
    builders.spend_line(session, 1_150_00, on=date(2026, 6, 4), tool=tool)
    session.flush()
    report = build(session, at(session))
    assert "No forecast was kept then" in sentence(report)
    assert "31 May 2026" in next(each.value for each in report.thresholds if each.key == "compared_with")
    # The price stands in both; only the invoice above its instalment came since.
    assert bridge(report) == {"price": 50_00}


def test_an_altered_forecast_is_not_used_and_db_check_tells(session: Session) -> None:
    company(session)
    record = keep(session)
    assert (check_forecasts(session).checked, check_forecasts(session).wrong) == (1, 0)
    content = {**record.content}
    content["tool:99"] = {"label": "x", "drivers": {}, "over": {}, "carried": {}, "rest": {"USD": [1, 1]}}
    record.content = content
    session.flush()
    assert check_forecasts(session).differences == [
        "kept forecasts: forecast 1 kept on 2026-06-08 no longer matches its digest."
    ]
    assert "No forecast was kept then" in sentence(build(session, at(session)))
    record.digest = digest_of(content)
    session.flush()
    assert "sum to 1200001" in check_forecasts(session).differences[0]


def test_a_year_without_a_closed_month_has_no_bridge(session: Session) -> None:
    company(session)
    for each in session.query(LegalEntity):
        each.closed_through = date(2025, 12, 31)
    session.flush()
    report = build(session, at(session, date(2026, 1, 20)))
    assert not [each for each in report.sections if each.key == "bridge"]
    assert report.to_json()["thresholds"]["compared_with"] == ("no earlier forecast of the year")


def test_the_forecast_by_bearer_is_the_reports_own(session: Session) -> None:
    """Foreign money, orders, run rates, credits and spend on nothing: the bearers sum to the rows on both bases."""
    builders.rate(session, "EUR", "USD", "1.10", kind="budget")
    builders.rate(session, "EUR", "USD", "1.16", kind="booking")
    vendor, tool, _ = company(session)
    builders.order(session, "O1", ordered_on=date(2026, 2, 1), lines=[{"amount_minor": 90_000}])
    builders.spend_line(session, 50_000, on=date(2026, 2, 9), purchase_order="O1")
    builders.spend_line(session, -20_000, on=date(2026, 3, 9), tool=tool)
    builders.spend_line(session, 77_777, currency="EUR", base_minor=90_221, on=date(2026, 4, 9))
    builders.spend_line(session, 33_333, currency="GBP", base_minor=None, on=date(2026, 4, 9))
    builders.spend_line(
        session, 12_000_00, on=date(2026, 3, 5), tool=tool,
        service_from=date(2026, 3, 1), service_until=date(2027, 3, 1),
    )  # fmt: skip
    other = builders.tool(session, "Beside", of=vendor)
    for month in range(1, 6):
        builders.spend_line(session, 333_33, on=date(2026, month, 7), tool=other)
    for basis in ("invoiced", "accrual"):
        facts = gather(session, at(session), basis=basis)
        results = settle(facts)
        made = forecast_of(facts, results)
        assert made.minor == sum(each.forecast for each in results)
        again = bearers_from(to_data(made))
        assert {key: each.minor for key, each in again.items()} == {
            key: each.minor for key, each in made.bearers.items()
        }
        assert digest_of(to_data(replace(made, bearers=again))) == digest_of(to_data(made))


def test_the_last_month_all_books_have_closed(session: Session) -> None:
    assert closed_month(session) is None
    builders.entity(session, "UK", closed_through=date(2026, 5, 31))
    builders.entity(session, "DE", closed_through=date(2026, 5, 30))
    builders.entity(session, "FR")
    assert closed_month(session) == 2026 * 12 + 3  # the 30th is not the end of May: April


# ── Between two kept months ───────────────────────────────────────────────────────────────────────


def closed(session: Session, through: date, on: date, **changes: int) -> ForecastRecord:
    """Close the books, change the only contract line first; the forecast kept then."""
    for each in session.query(LegalEntity):
        each.closed_through = through
    held = session.query(ContractLine).one()
    for name, value in changes.items():
        setattr(held, name, value)
    session.flush()
    return keep(session, on)


def three_closes(session: Session) -> None:
    """100 seats at 12,000 a year when March is closed, 102 at April's, 2 % dearer at May's, as cheap again today."""
    company(session)
    closed(session, date(2026, 3, 31), date(2026, 4, 8))
    closed(session, date(2026, 4, 30), date(2026, 5, 8), quantity_micro=102 * MONTH, amount_minor=12_240_00)
    closed(session, date(2026, 5, 31), date(2026, 6, 8), amount_minor=12_484_80)
    closed(session, date(2026, 5, 31), date(2026, 7, 1), amount_minor=12_240_00)


def test_the_bridge_between_any_two_kept_months_and_the_ways_between_add_up(session: Session) -> None:
    three_closes(session)

    def moved(since: str | None, until: str | None, day: date = JUNE) -> dict[str, int]:
        return bridge(build(session, at(session, day), moved_since=since, moved_until=until))

    first, second = moved("2026-03", "2026-04"), moved("2026-04", "2026-05")
    assert (first, second) == ({"volume": 240_00}, {"price": 244_80})
    assert moved("2026-03", "2026-05") == {"volume": 240_00, "price": 244_80}
    assert moved("2026-05", "2026-03") == moved("2026-03", "2026-05")  # the earlier one is the start
    assert moved(None, "2026-05") == second  # from the close before
    assert moved("2026-05", "2026-05") == {}
    # May closed again on 1 July, at April's price, is not known at the end of June.
    assert moved("2026-05", None) == {"price": -244_80} == moved(None, None)
    assert moved("2026-04", "2026-05", date(2026, 7, 2)) == {}


def test_a_chosen_pair_is_said_and_can_be_chosen_again(session: Session) -> None:
    three_closes(session)
    report = build(session, at(session), moved_since="2026-03", moved_until="2026-05")
    section = next(each for each in report.sections if each.key == "bridge")
    assert section.title == "What moved from 8 Apr 2026 to 8 Jun 2026"
    assert section.sentence == (
        "From 8 Apr 2026 to 8 Jun 2026 the forecast moved by +485 USD: price +245 USD, volume +240 USD."
    )
    assert section.to_json()["choices"] == [
        {"name": "moved_since", "chosen": "2026-03", "values": ["", "2026-05", "2026-04", "2026-03"]},
        {"name": "moved_until", "chosen": "2026-05", "values": ["", "2026-05", "2026-04", "2026-03"]},
    ]
    assert report.to_json()["thresholds"]["compared_with"] == (
        "8 Apr 2026, kept as known then (books closed through Mar 2026); from there to "
        "8 Jun 2026, kept as known then (books closed through May 2026)"
    )
    tools = next(each for each in report.sections if each.key == "movements")
    assert [(minor(row.values["before"]), minor(row.values["now"])) for row in tools.rows] == [
        (12_000_00, 12_484_80)
    ]


def test_a_month_that_was_not_kept_gets_a_sentence_and_no_figures(session: Session) -> None:
    three_closes(session)
    for since, until in (
        ("2026-01", None),
        ("2026-03", "2026-02"),
        (None, "2026-03"),
        ("2025-12", "2026-05"),
    ):
        report = build(session, at(session), moved_since=since, moved_until=until)
        section = next(each for each in report.sections if each.key == "bridge")
        assert "No forecast that can be used was kept" in section.sentence
        assert not section.rows
        assert len(section.choices) == 2
        assert not [each for each in report.sections if each.key == "movements"]
        assert not [each for each in report.plots if each.kind == "waterfall"]
    record = session.query(ForecastRecord).order_by(ForecastRecord.as_of).first()
    assert record is not None
    record.digest = "0" * 64
    session.flush()
    altered = build(session, at(session), moved_since="2026-03", moved_until="2026-04")
    assert "No forecast that can be used was kept when Mar 2026 was closed" in sentence(altered)


def test_with_one_kept_month_there_is_nothing_to_choose(session: Session) -> None:
    company(session)
    keep(session)
    section = next(each for each in build(session, at(session)).sections if each.key == "bridge")
    assert section.choices == ()
    assert section.to_json()["note"].endswith("So far there is May 2026.")
    worked_again = next(each for each in build(session, at(session, MAY)).sections if each.key == "bridge")
    assert worked_again.note.endswith("So far there is May 2026.")


@pytest.mark.parametrize("wrong", ["2026-13", "2026-3", "May", "2026-05-01", "٢٠٢٦-05"])
def test_what_is_not_a_month_is_refused(session: Session, wrong: str) -> None:
    company(session)
    with pytest.raises(InvalidError, match="written like 2026-03") as refused:
        build(session, at(session), moved_until=wrong)
    assert refused.value.field == "moved_until"
