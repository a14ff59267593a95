"""What the spend says: judgement without a database."""

from datetime import date
from typing import Any

import pytest

from mopsaudit.catalogue.products import catalogue
from mopsaudit.facts.rhythm import MonthSum
from mopsaudit.facts.spending import SpendFacts, SupplierSpend
from mopsaudit.facts.values import Bucket
from mopsaudit.reporting import LineFilter, Trace
from mopsaudit.spending import Duplicate, Held, SpendSaid, judge, say
from mopsaudit.spending.tables import duplicate_rows, perhaps_rows, supplier_rows
from mopsaudit.spending.values import PERHAPS

DAY = date(2026, 9, 30)
HERE = 2026 * 12 + 8
HELD = tuple(range(HERE - 24, HERE))
NOBODY = Bucket()


def supplier(
    number: int, name: str, minor: int, *pairs: tuple[int, int], sure: bool = True, **values: Any
) -> SupplierSpend:
    proposal = {"sure": sure, **values.pop("proposal", {})}
    months = tuple(MonthSum(month=HERE + at, minor=each) for at, each in pairs)
    given: dict[str, Any] = {
        "settled": "open",
        "reason": "",
        "score_mille": 990 if sure else 500,
        "spend_type": None,
        "tool_id": None,
        "tool": None,
        "tool_category": None,
        "vendor": None,
        "undated": NOBODY,
        "window": Bucket(
            minor=minor,
            lines=len(pairs),
            trace=Trace(lines=LineFilter(supplier_ids=(number,), month_from=HERE - 12, month_until=HERE)),
        ),
    }
    return SupplierSpend(
        id=number,
        version=1,
        name=name,
        sure=sure,
        proposal=proposal,
        months=(("USD", months),) if months else (),
        **{**given, **values},
    )


HUBSPOT = {
    "vendor": "hubspot",
    "vendor_name": "HubSpot",
    "tool": "x",
    "tool_name": "HubSpot",
    "spend_type": "software",
}
META = {"vendor": "meta", "vendor_name": "Meta", "tool": None, "tool_name": None, "spend_type": "media"}


def facts(*suppliers: SupplierSpend, held: tuple[int, ...] = HELD, **values: Any) -> SpendFacts:
    given: dict[str, Any] = {
        "not_marketing": NOBODY,
        "not_marketing_suppliers": 0,
        "unlikely": NOBODY,
        "unlikely_suppliers": 0,
        "no_supplier": NOBODY,
        "undated": NOBODY,
        "out_of_scope": NOBODY,
        "running_month_lines": 0,
        "shifted": False,
    }
    return SpendFacts(
        currency="USD",
        from_month=HERE,
        window=(HERE - 12, HERE),
        held=held,
        suppliers=suppliers,
        **{**given, **values},
    )


def said(found: SpendFacts, *duplicates: Duplicate, held: Held | None = None) -> SpendSaid:
    return say(found, duplicates, held=held or Held(), tie="It ties.", as_of=DAY)


YEARLY = ((-22, 10_000_00), (-10, 10_700_00))


def test_one_file_answers() -> None:
    found = said(
        facts(
            supplier(1, "HUBSPOT INC", 10_700_00, *YEARLY, proposal=HUBSPOT),
            supplier(2, "META PLATFORMS", 5_000_00, (-1, 5_000_00), proposal=META),
            supplier(3, "BRIGHT MEDIA", 900_00, (-1, 900_00), sure=False),
        )
    )
    assert found.answer == (
        "1 likely marketing tool of 1 vendor costs 10,700 USD a year; 1 supplier changed its price."
    )
    assert (found.tools.minor, found.others.minor) == (10_700_00, 5_000_00)
    (hubspot, meta) = supplier_rows(found)
    assert hubspot.values["renewal"] == "Nov 2026 (D)"
    assert hubspot.values["change"] == "+7 % in Nov 2025"
    assert hubspot.values["rhythm"] == "yearly, likely"
    assert hubspot.values["state"] == "proposed"
    assert meta.values["tool"] == "Meta (tool open)"
    assert [row.values["state"] for row in perhaps_rows(found)] == ["by name only"]
    assert "1 supplier may be marketing by name only: 900 USD" in found.beside[0]
    answers = {each.key: each.answer for each in found.answers}
    assert "1 renewal likely within three months" in answers["decide"]
    assert "HubSpot (Nov 2026)" in answers["decide"]
    assert answers["tie"] == "It ties."
    assert "proposes no cut" in answers["take_out"]
    assert answers["position"] == (
        "HubSpot: 10,700 USD a year, paid yearly, likely renews in Nov 2026 (grade D), price +7 % "
        "(10,000 → 10,700 USD) in Nov 2025."
    )


def test_no_spend_asks_for_a_file() -> None:
    found = said(facts(held=()))
    assert found.empty
    assert found.answer == "There is no spend yet. One spend file is enough to start."
    assert found.next_file is not None
    assert found.next_file.kind == "spend"
    assert found.tools.minor is None
    assert supplier_rows(found) == ()


def test_an_uncertain_match_is_in_no_figure() -> None:
    weak = supplier(1, "R H ADVERTISING", 100, (-1, 100), sure=False, proposal=HUBSPOT)
    found = judge(weak, facts(weak))
    assert (found.state, found.tool, found.is_tool) == (PERHAPS, None, False)
    near = supplier(1, "HUBSPT", 100, (-1, 100), sure=False, proposal=HUBSPOT, score_mille=880)
    found = judge(near, facts(near))
    assert (found.state, found.tool, found.is_tool) == (PERHAPS, "HubSpot", False)


def test_a_vendor_that_sells_media_too_is_no_tools_cost() -> None:
    types: dict[str, set[str]] = {}
    for each in catalogue().products:
        types.setdefault(each.vendor_id, set()).add(each.spend_type.value)
    vendor = next(name for name, kinds in types.items() if {"software", "media"} <= kinds)
    proposal = {"vendor": vendor, "vendor_name": "Both", "tool": None, "spend_type": "software"}
    mixed = supplier(1, "BOTH LLC", 100, (-1, 100), proposal=proposal)
    found = judge(mixed, facts(mixed))
    assert (found.spend_type, found.is_tool) == ("software or media", False)
    settled = supplier(
        1, "BOTH LLC", 100, (-1, 100), settled="tool", tool_id=7, tool="Both", spend_type="software"
    )
    assert judge(settled, facts(settled)).is_tool


def test_a_duplicate_payment_makes_no_rhythm() -> None:
    twice = supplier(
        1, "HUBSPOT", 20_000_00, (-18, 10_000_00), (-6, 10_000_00), (-5, 10_000_00), proposal=HUBSPOT
    )
    payment = Duplicate(
        supplier_id=1,
        supplier="HUBSPOT",
        reference="INV-7",
        days=(date(2026, 3, 30), date(2026, 4, 9)),
        currency="USD",
        minor=10_000_00,
        base_minor=10_000_00,
        lines=(4, 5),
        extra=((HERE - 5, 10_000_00),),
    )
    alone, known = said(facts(twice)), said(facts(twice), payment)
    assert alone.judged[0].rhythm.cadence == "irregular"
    assert known.judged[0].rhythm.cadence == "yearly"
    assert known.twice.minor == 10_000_00
    assert "1 invoice was likely paid twice (10,000 USD)" in known.answer
    (row,) = duplicate_rows(known, every=False)
    assert row.values["paid"] == "30 Mar 2026 and 9 Apr 2026"
    stranger = said(facts(twice), payment, Duplicate(
        supplier_id=9, supplier="CATERER", reference="1234", days=payment.days, currency="EUR", minor=5,
        base_minor=None, lines=(8, 9),
    ))  # fmt: skip
    assert stranger.twice.minor == 10_000_00
    assert len(duplicate_rows(stranger, every=True)) == 2


@pytest.mark.parametrize(
    "held, months, kind",
    [
        (Held(), HELD[-3:], "spend"),
        (Held(), HELD, "contracts"),
        (Held(contracts=True), HELD, "budget"),
        (Held(contracts=True, budget=True, usage=True), HELD, None),
    ],
)
def test_the_next_file(held: Held, months: tuple[int, ...], kind: str | None) -> None:
    found = said(
        facts(supplier(1, "HUBSPOT INC", 10_700_00, *YEARLY, proposal=HUBSPOT), held=months), held=held
    )
    assert (found.next_file.kind if found.next_file else None) == kind


def test_a_short_ledger_is_not_called_a_year() -> None:
    found = said(facts(supplier(1, "HUBSPOT INC", 300_00, (-1, 300_00), proposal=HUBSPOT), held=HELD[-2:]))
    assert "costs 300 USD in the 2 months the ledger holds" in found.answer
    assert "the ledger holds 2 of them" in found.basis
    assert supplier_rows(found)[0].values["rhythm"] == "one invoice"


def test_what_has_no_rate_is_unknown_not_zero() -> None:
    foreign = supplier(
        1, "HUBSPOT", 0, (-1, 900), proposal=HUBSPOT, window=Bucket(unconverted=(("CHF", 900_00),), lines=1)
    )
    found = said(facts(foreign))
    assert found.judged[0].cost.minor is None
    assert found.judged[0].cost.why == "900 CHF without an exchange rate."
    assert "Likely marketing without an exchange rate: 900 CHF; import the rates to add it." in found.beside
    assert found.answer == "1 likely marketing tool of 1 vendor costs 900 CHF (no rate into USD) a year."
    answers = {each.key: each.answer for each in found.answers}
    assert answers["land"].startswith("Likely tools cost 900 CHF (no rate into USD) a year")
    assert answers["position"] == "Unknown before the rates are in: 900 CHF cannot be compared."
    assert found.next_file is not None
    assert found.next_file.kind == "rates"
    assert "900 CHF of likely marketing spend stands in no figure" in found.next_file.sentence


def test_what_has_no_rate_stands_beside_what_has_one() -> None:
    foreign = supplier(
        1, "HUBSPOT", 0, (-1, 900), proposal=HUBSPOT, window=Bucket(unconverted=(("CHF", 900_00),), lines=1)
    )
    home = supplier(2, "HUBSPOT INC", 300_00, (-1, 300_00), proposal=HUBSPOT)
    found = said(facts(foreign, home))
    assert "costs 300 USD and 900 CHF (no rate into USD) a year" in found.answer
    assert found.next_file is not None
    assert found.next_file.kind != "rates"
