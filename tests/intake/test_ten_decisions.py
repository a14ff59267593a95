"""A person new to published ledgers settles four fifths of their marketing technology money in ten decisions."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.acceptance import accept_sure
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.match_score import read_labels
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.queue_groups import SupplierGroup, grouped
from mopsaudit.intake.run import import_file
from mopsaudit.intake.settling import WHOLE_VENDOR, Answer, settle_together
from mopsaudit.intake.suppliers import open_queue
from mopsaudit.organisation import scope_for
from mopsaudit.scope import Scope
from mopsaudit.store.ledger import SpendLine
from mopsaudit.store.session import SYSTEM, unit_of_work
from tests.shared_data import SHARED, requires_shared

NOW = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
TODAY = date(2026, 9, 30)
READER = "importers.reader:read_file"
#: Four of the published ledgers: 8,000 lines of a health board, a county and two councils.
FILES = (
    "NEBD 01 - April.csv",
    "expenditure-over-500-apr-jun-2014.csv",
    "DCCSpendingOver500_202508.csv",
    "all-february-2019.csv",
)


def answer_of(group: SupplierGroup) -> Answer | None:
    """What the row's first button says; None where it has none."""
    lead = group.lead
    if lead.proposal_product_id or lead.owned_tool_id:
        return Answer(kind="tool", product_id=lead.proposal_product_id, tool_id=lead.owned_tool_id)
    if lead.sure and lead.proposal_vendor_id and lead.proposal_spend_type in ("software", "data"):
        return Answer(kind="tool", product_id=f"{WHOLE_VENDOR}{lead.proposal_vendor_id}")
    return None


def accept(session: Session, scope: Scope) -> None:
    """The first decision: what the page leads with."""
    accept_sure(session, scope, from_mille=900, person_id=None, now=NOW, today=TODAY)


def settled_share(session: Session) -> float:
    """The share of the money on labelled marketing technology that is on a tool."""
    kinds = {row.raw: row.kind for row in read_labels(SHARED / "matching" / "labels.tsv")}
    lines = session.execute(select(SpendLine.supplier_text, SpendLine.amount_minor, SpendLine.tool_id)).all()
    known = [
        (line.amount_minor, line.tool_id)
        for line in lines
        if kinds.get(line.supplier_text or "") == "martech"
    ]
    assert sum(money for money, _ in known) > 15_000_000
    settled = sum(money for money, tool in known if tool is not None)
    return float(settled / sum(money for money, _ in known))


@requires_shared
def test_ten_decisions_in_the_order_of_the_page_settle_four_fifths(
    app: Flask, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOPSAUDIT_BASE_CURRENCY", "GBP")
    with app.app_context():
        for name in FILES:
            (path,) = (SHARED / "spend").glob(f"*/{name}")
            result = import_file(
                Kind.SPEND,
                path,
                ImportOptions(currency="GBP"),
                reader=READER,
                folder=data,
                actor=SYSTEM,
                now=NOW,
            )
            assert result["status"] == "imported", result["questions"] or result["reason"]
        with unit_of_work(SYSTEM, now=NOW) as session:
            scope = scope_for(session, as_of=TODAY)
            assert scope.currency == "GBP"
            assert settled_share(session) == 0
            accept(session, scope)
            for _ in range(9):
                group = next(
                    (each for each in grouped(open_queue(session, scope)[0]) if answer_of(each)), None
                )
                if group is None:
                    break
                settle_together(
                    session,
                    [(row.supplier_id, row.version) for row in group.rows],
                    answer_of(group) or Answer(kind="open"),
                    person_id=None,
                    now=NOW,
                    today=TODAY,
                    settings=scope.settings,
                )
            assert settled_share(session) >= 0.8
