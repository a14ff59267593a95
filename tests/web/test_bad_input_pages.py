"""Each bad input as a reader meets it: on the page and in the object it is unknown with its reason, or a problem.

One company per kind, on every report and in the list of findings: none may fail, the figure is never zero, and the
trust line counts it. What a report says of one kind stands in `tests/reports/test_bad_input.py`.
"""

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from mopsaudit.reports.registry import REPORTS
from mopsaudit.store.session import SYSTEM, unit_of_work
from tests import builders
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]
DAY = date(2026, 9, 30)
TERMS: dict[str, Any] = {"start_on": date(2026, 1, 1), "initial_months": 12, "renewal_kind": "automatic",
                         "renewal_months": 12, "notice_count": 30}  # fmt: skip


def contract(session: Session, title: str = "Deal", *, line: Mapping[str, Any], **values: Any) -> None:
    """A contract with one line."""
    vendor = builders.vendor(session, f"Vendor of {title}")
    builders.contract(session, vendor, title=title, lines=[dict(line)], **{**TERMS, **values})


def used(session: Session, **values: Any) -> Any:
    """A tool with one active user."""
    tool = builders.tool(session, "Odd", **values)
    builders.usage(session, tool, users=[{"key": "a", "last_activity": DAY}])
    return tool


#: Figures of columns a reader asks for; the object always has them.
ASIDE = frozenset(("locked", "decidable", "free"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A bad input, where it shows: (figure, why) of the first row of ``slug``, words of the page, the trust line."""

    fill: Callable[[Session], object]
    slug: str
    unknown: Mapping[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    trust: str = ""
    unit: str | None = None


def _last_year(session: Session) -> None:
    tool = builders.tool(session, "Odd")
    builders.spend_line(session, 1_000_00, on=date(2025, 11, 1), tool=tool)
    builders.spend_line(
        session, -400_00, on=date(2026, 2, 1), tool=tool,
        service_from=date(2025, 1, 1), service_until=date(2026, 1, 1),
    )  # fmt: skip


def _refund(session: Session) -> None:
    tool = builders.tool(session, "Odd")
    builders.spend_line(session, 100_00, on=date(2026, 3, 1), tool=tool)
    builders.spend_line(session, -250_00, on=date(2026, 4, 1), tool=tool)


def _two_units(session: Session) -> None:
    one, two = builders.unit(session, "ONE"), builders.unit(session, "TWO")
    tool = builders.tool(session, "Odd", units=(one, two))
    contract(session, line={"tool": tool, "seats": 10})
    record = {"key": "pat", "last_activity": DAY}
    builders.usage(
        session,
        tool,
        users=[{**record, "unit_id": one.id, "licence": "A"}, {**record, "unit_id": two.id, "licence": "B"}],
    )


def _overlapping(session: Session) -> None:
    tool = builders.tool(session, "Odd")
    for title in ("First", "Second"):
        contract(session, title, line={"tool": tool, "seats": 10})


def _leap(session: Session) -> None:
    tool = builders.tool(session, "Odd")
    leap = {"start_on": date(2024, 2, 29), "notice_count": 1, "notice_unit": "months"}
    contract(session, "Leap", line={"tool": tool, "seats": 10}, **leap)


KINDS = {
    "a tool without seats": Kind(
        fill=lambda s: contract(s, line={"tool": used(s), "seats": None}),
        slug="underuse",
        unknown={"recoverable": "a contract line does not say how many seats it buys"},
        trust="seats and activity known for 0 of 1 tool",
    ),
    "a tool without a contract": Kind(
        fill=used,
        slug="underuse",
        unknown={"recoverable": "no running contract line says how many seats were bought"},
        trust="seats and activity known for 0 of 1 tool",
    ),
    "a tool without usage": Kind(
        fill=lambda s: contract(s, line={"tool": builders.tool(s, "Odd"), "seats": 10}),
        slug="underuse",
        unknown={"recoverable": "no usage file"},
        trust="seats and activity known for 0 of 1 tool",
    ),
    "a tool without a price": Kind(
        fill=lambda s: contract(s, line={"tool": used(s), "seats": 10, "amount_minor": None}),
        slug="stack",
        unknown={"yearly_cost": "the contract lines have no price"},
        trust="yearly cost known for 0 of 1 tool",
    ),
    "a contract without a price": Kind(
        fill=lambda s: contract(s, line={"tool": used(s), "seats": 10, "amount_minor": None}),
        slug="renewals",
        unknown=dict.fromkeys(("cost", "locked", "decidable", "free"), "the line has no price"),
        trust="0 of 1 line with a price",
    ),
    "a contract without dates": Kind(
        fill=lambda s: contract(
            s, line={"tool": used(s), "seats": 10}, start_on=None, initial_months=None, renewal_months=None
        ),
        slug="renewals",
        unknown={"locked": "the contract's terms are not known well enough"},
        says=("neither an end nor a start with a term is known",),
        trust="0 of 1 contract with complete terms",
    ),
    "a renewal without a notice period": Kind(
        fill=lambda s: contract(s, line={"tool": used(s), "seats": 10}, notice_count=None),
        slug="renewals",
        unknown={"decidable": "the contract's terms are not known well enough"},
        says=("the notice period is unknown",),
        trust="0 of 1 contract with complete terms",
    ),
    "a contract silent on renewal": Kind(
        fill=lambda s: contract(s, line={"tool": used(s), "seats": 10}, renewal_kind="unknown"),
        slug="renewals",
        unknown=dict.fromkeys(("locked", "decidable", "free"), "nothing says whether it renews by itself"),
        says=("nothing says whether it renews by itself", "notice must leave by 25 Nov 2026"),
        trust="1 contract of which nothing says whether it renews by itself",
    ),
    "a tool without an owner": Kind(
        fill=used, slug="quality", says=("business owner",), trust="1 running tool, yearly cost known for 0"
    ),
    "a tool without capabilities": Kind(
        fill=used,
        slug="coverage",
        says=("No running tool has capabilities yet",),
        trust="capabilities known for 0 of 1 running tool",
    ),
    "overlapping contracts": Kind(
        fill=_overlapping,
        slug="renewals",
        says=("Second covers the same tool at the same time", "First covers the same tool"),
        trust="2 lines cover a tool that another contract covers too",
    ),
    "a refund larger than the spend": Kind(
        fill=_refund,
        slug="stack",
        unknown={"yearly_cost": "credits exceed charges in the last 12 months"},
        trust="yearly cost known for 0 of 1 tool",
    ),
    "a year without a budget": Kind(
        fill=lambda s: builders.spend_line(s, 100_00, on=date(2026, 3, 1), tool=builders.tool(s, "Odd")),
        slug="budget",
        unknown={"plan": "there is no budget for FY2026", "available": "there is no budget for FY2026"},
        says=("There is no budget for FY2026",),
        trust="no budget for FY2026",
    ),
    "an empty unit": Kind(
        fill=lambda s: (builders.unit(s, "EMPTY"), builders.spend_line(s, 100_00, tool=builders.tool(s, "Odd"))),
        slug="stack",
        says=("There is no tool in the stack yet",),
        trust="yearly cost known for 0 of 0 tools",
        unit="EMPTY",
    ),
    "a person in two units": Kind(
        fill=_two_units, slug="underuse", says=("1 of 10",), trust="seats and activity known for 1 of 1 tool"
    ),
    "a currency without a rate": Kind(
        fill=lambda s: contract(s, line={"tool": used(s), "seats": 10}, currency="DKK"),
        slug="renewals",
        unknown={"cost": "no exchange rate for DKK"},
        trust="0 of 1 line with a price in USD",
    ),
    "spend in a currency without a rate": Kind(
        fill=lambda s: builders.spend_line(
            s, 500_00, currency="DKK", base_minor=None, on=date(2026, 3, 1), tool=builders.tool(s, "Odd")
        ),
        slug="stack",
        unknown={"yearly_cost": "no exchange rate for DKK"},
        trust="1 tool with money that has no rate",
    ),
    "a term from the 29th of February": Kind(
        fill=_leap, slug="renewals", says=("28 Feb 2027",), trust="1 of 1 contract with complete terms"
    ),
    "a credit for last year": Kind(
        fill=_last_year,
        slug="budget",
        says=("\u2212400", "Credits for earlier years"),
        trust="1 credit for an earlier year",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_it_shows_on_its_page_and_in_the_object(app: Flask, sign_in: Sign, clock: Clock, kind: Kind) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        kind.fill(session)
    tab, scope = sign_in("finance"), {"as_of": DAY.isoformat()} | ({"unit": kind.unit} if kind.unit else {})
    for slug in REPORTS:
        assert tab.get(f"/reports/{slug}", query_string=scope).status_code == 200, slug
    assert tab.get("/findings", query_string=scope).status_code == 200
    assert tab.get("/", query_string=scope).status_code == 200
    page = html.unescape(tab.get(f"/reports/{kind.slug}", query_string=scope).get_data(as_text=True))
    answer = json.loads(tab.get(f"/reports/{kind.slug}", query_string={**scope, "format": "json"}).data)
    for key, why in kind.unknown.items():
        figure = answer["rows"][0][key]
        assert figure["amount"] is None, figure
        assert figure["why"] == why
        assert why in page or key in ASIDE
    for words in kind.says:
        assert words in page
    assert kind.trust in answer["coverage"]["sentence"]
    assert kind.trust in page
