"""The demo company as the reports see it: it holds together, and it tells its story."""

from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit import checks
from mopsaudit.demo.ledgers import CARD_ISSUER, charges
from mopsaudit.demo.load import SEED
from mopsaudit.demo.stack import MEDIA, OPEN, SPLIT, TOOLS
from mopsaudit.gaps import GapKind, find_gaps
from mopsaudit.gaps.query import gap_facts
from mopsaudit.governance.scores import placements
from mopsaudit.intake.view import import_json
from mopsaudit.organisation import accounts_exist
from mopsaudit.reporting import Amount, Finding
from mopsaudit.reports.registry import REPORTS
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Contract, Tool
from mopsaudit.store.ledger import LinePair, LinePart, SourceLedger, SpendLine, Supplier, SupplierSpelling
from mopsaudit.store.people import Person
from mopsaudit.store.planning import BudgetVersion, BusinessCase, Decision
from mopsaudit.store.session import keyring, reading
from tests import builders
from tests.demo.conftest import AS_OF, Demo, load_into


def _digest(session: Session) -> str:
    """Everything immutable of the ledger, in an order of its own."""
    lines = session.execute(
        select(
            SpendLine.booked_on,
            SpendLine.supplier_text,
            SpendLine.amount_minor,
            SpendLine.base_minor,
            SpendLine.currency,
            SpendLine.reference,
            SpendLine.description,
            SpendLine.counts,
            SpendLine.living,
            SpendLine.method,
            Tool.name,
        )
        .outerjoin(Tool, Tool.id == SpendLine.tool_id)
        .order_by(SpendLine.id)
    )
    return sha256(repr(sorted(str(tuple(line)) for line in lines)).encode()).hexdigest()


def test_people_scored_tools_and_one_decision_says_something_else(company: Session, today: Scope) -> None:
    placed = placements(company, today)
    numbers = Counter(each.quadrant for each in placed)
    assert sum(numbers.values()) - numbers["unscored"] >= 12
    assert all(numbers[name] for name in ("invest", "migrate", "tolerate", "eliminate"))
    assert [each.tool for each in placed if each.disagrees] == ["Wrike"]
    assert [each.tool for each in placed if each.quadrant == "unscored" and each.scores] == [
        "Adobe Marketo Measure"
    ]


def _findings(session: Session, scope: Scope, slug: str) -> list[Finding]:
    return list(REPORTS[slug].build(session, scope).findings)


def test_every_file_enters_whole_and_balances(demo: Demo, company: Session) -> None:
    kinds = set()
    for file, import_id in demo.loaded.files:
        found = import_json(company, import_id)
        kinds.add(found["kind"])
        assert found["status"] == "imported"
        assert not [each for each in found["problems"] if each["rejected"]], file.path.name
        for sheet in found["sheets"]:
            assert sheet.get("lines", {}).get("rejected", 0) == 0, file.path.name
            for total in sheet.get("totals", ()):
                assert total["balanced"], (file.path.name, total)
                assert total["foots"] is not False, (file.path.name, total)
    assert kinds == {
        *("inventory", "contracts", "orders", "spend", "usage", "people"),
        *("budget", "benefits", "rates", "credits"),
    }


def test_overlapping_files_enter_once(company: Session) -> None:
    """Each ledger counts what was charged, neither more nor less; of a card its own lines, not its bills."""
    wanted: dict[str, int] = {}
    bills = 0
    for each in charges(SEED, AS_OF):
        if each.supplier == CARD_ISSUER:
            bills += each.minor
        else:
            wanted[each.currency] = wanted.get(each.currency, 0) + each.minor
    rows = company.execute(
        select(SpendLine.currency, func.sum(SpendLine.amount_minor))
        .where(
            SpendLine.living.is_(True),
            SpendLine.counts.is_(True),
            SpendLine.supplier_text.not_like("PAYMENT%"),
        )
        .group_by(SpendLine.currency)
        .order_by(SpendLine.currency)
    )
    assert {currency: int(minor) for currency, minor in rows} == wanted
    paid = (
        select(func.sum(SpendLine.amount_minor))
        .join(SourceLedger, SourceLedger.id == SpendLine.source_id)
        .where(
            SpendLine.living.is_(True),
            SpendLine.counts.is_(False),
            SpendLine.supplier_text == CARD_ISSUER,
            SourceLedger.kind_of_source == "ap",
        )
    )
    assert company.scalar(paid) == bills > 0


def test_the_general_ledger_is_the_same_cost_again(company: Session) -> None:
    counted = company.execute(
        select(LinePair.certainty, func.count()).group_by(LinePair.certainty).order_by(LinePair.certainty)
    )
    pairs = dict(counted.all())
    assert pairs["certain"] > 100
    assert pairs.get("probable", 0) == 0


def test_everything_recomputed_from_the_lines_holds(demo: Demo, company: Session) -> None:
    report = checks.check_all(company, folder=demo.data, keyring=keyring())
    assert report.holds, [each for check in report.checks for each in check.differences]
    assert {check.name for check in report.checks if check.checked} >= {"reconciliations", "splits", "trail"}


def test_nobody_can_sign_in_yet(company: Session) -> None:
    assert not accounts_exist(company)
    assert (company.scalar(select(func.count()).select_from(Person)) or 0) >= 190


def test_suppliers_stand_where_they_belong(company: Session) -> None:
    """Whatever the matcher was sure of is right, and the rest was settled; a few are left to look at."""
    tools = {
        row.catalogue_id: row.id
        for row in company.execute(select(Tool.catalogue_id, Tool.id).order_by(Tool.id))
    }
    places = {
        raw: (settled, tool_id)
        for raw, settled, tool_id in company.execute(
            select(SupplierSpelling.raw, Supplier.settled, Supplier.tool_id)
            .join(Supplier, Supplier.id == SupplierSpelling.supplier_id)
            .order_by(SupplierSpelling.id)
        )
    }
    for tool in TOOLS:
        if tool.biller in SPLIT:
            assert places[tool.biller][0] == "split"
        else:
            assert places[tool.biller][1] == tools[tool.product], tool.biller
    for product_id, _, _, biller, _ in MEDIA:
        assert places[biller][1] == tools[product_id]
    for biller, *_ in OPEN:
        assert places[biller] == ("open", None), biller
    assert places[CARD_ISSUER][0] == "not_marketing"
    left = {raw for raw, (settled, tool_id) in places.items() if settled == "open" and tool_id is None}
    assert left == {each[0] for each in OPEN} | {"PAYMENT RECEIVED - THANK YOU"}  # the last is no spend
    parts = company.scalars(select(LinePart.tool_id).order_by(LinePart.id)).all()
    assert parts
    assert all(tool_id is not None for tool_id in parts)


def test_overlap_has_clusters_with_money(company: Session, today: Scope) -> None:
    found = [each for each in _findings(company, today, "overlap") if each.kind == "overlap"]
    assert len(found) >= 8
    names = [{ref.label for ref in each.tools} for each in found]
    assert any({"Asana Work Management", "Wrike", "monday work management"} <= each for each in names)
    assert {"Bynder DAM", "Frontify"} in names
    assert sum(each.amount.minor or 0 for each in found) > 100_000_00


def test_paid_used_and_listed_differ_a_little(company: Session, today: Scope) -> None:
    """One tool is paid for and one is used that nobody has in the inventory; what is free is listed and not paid."""
    gaps = find_gaps(gap_facts(company, today))
    assert all(each.state == "open" for each in gaps.found)
    by_kind = {kind: [each for each in gaps.found if each.kind is kind] for kind in GapKind}
    (paid,) = by_kind[GapKind.PAID]
    assert (paid.subject, paid.grade) == ("Grammarly", "D")
    assert (paid.cost.minor or 0) > 0
    (used,) = by_kind[GapKind.USED]
    assert (used.subject, used.people, used.grade) == ("Loom", 11, "B")
    assert {each.subject for each in by_kind[GapKind.UNPAID]} >= {"Google Tag Manager", "Looker Studio"}
    assert 0 < len(by_kind[GapKind.UNMEASURED]) < len(TOOLS)


def test_seats_lie_idle(company: Session, today: Scope) -> None:
    found = [each for each in _findings(company, today, "underuse") if each.kind == "idle-seats"]
    assert len(found) >= 10
    assert any("Salesloft" in each.sentence for each in found)


def test_a_window_was_missed_and_a_notice_served(company: Session, today: Scope) -> None:
    found = _findings(company, today, "renewals")
    missed = {each.vendor.label for each in found if each.kind == "window-missed" and each.vendor}
    assert missed == {"Demandbase"}
    assert any(each.kind == "renewal-due" and each.band in ("14", "overdue") for each in found)
    served = company.scalars(
        select(Contract.notice_served_on).where(Contract.notice_served_on.is_not(None)).order_by(Contract.id)
    ).all()
    assert len(served) == 1


def test_spend_that_no_case_covers(company: Session, today: Scope) -> None:
    kinds = {each.kind for each in _findings(company, today, "cases")}
    assert {"uncovered", "case-over-cost"} <= kinds


def test_the_year_end_rush_shows(company: Session, year_end: Scope) -> None:
    found = [each for each in _findings(company, year_end, "budget") if each.kind == "late-year"]
    assert any("Creative and planning agencies" in each.sentence for each in found)


def test_the_year_lands_near_its_plan(company: Session, today: Scope) -> None:
    """A double count, or a commitment beside its invoice, would throw the forecast far off."""
    values = {each.key: each.value for each in REPORTS["budget"].build(company, today).headlines}
    plan, forecast = values["plan"], values["forecast"]
    assert isinstance(plan, Amount)
    assert isinstance(forecast, Amount)
    assert plan.minor is not None
    assert forecast.minor is not None
    assert plan.minor * 9 < forecast.minor * 10 < plan.minor * 12


def test_plans_cases_and_decisions_are_in(company: Session) -> None:
    versions = company.execute(
        select(BudgetVersion.name, BudgetVersion.status).order_by(BudgetVersion.id)
    ).all()
    assert [status for _, status in versions] == ["locked", "locked"]
    stages = dict(
        company.execute(
            select(BusinessCase.status, func.count())
            .group_by(BusinessCase.status)
            .order_by(BusinessCase.status)
        ).all()
    )
    assert stages == {"approved": 10, "closed": 2, "draft": 1, "submitted": 1}
    assert company.scalar(select(func.count()).select_from(Decision)) == 4


@pytest.mark.postgres
def test_the_same_ledger_again_on_postgresql(app: Flask, data: Path, company: Session) -> None:
    """The same seed and date, another database, another folder: the same lines, and everything holds."""
    wanted = _digest(company)
    load_into(app)
    with app.app_context(), reading() as session:
        report = checks.check_all(session, folder=data, keyring=keyring())
        assert report.holds, [each for check in report.checks for each in check.differences]
        assert _digest(session) == wanted


def test_a_database_in_use_is_refused(runner: FlaskCliRunner, app: Flask, session: Session) -> None:
    builders.person(session, "Ada Finance")
    session.commit()
    result = runner.invoke(args=["demo"])
    assert result.exit_code == 2
    assert "empty database only" in result.output
    assert not (Path(app.config["MOPSAUDIT_DATA"]) / "demo").exists()
