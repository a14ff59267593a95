"""A person new to published ledgers settles four fifths of their marketing technology money in ten decisions."""

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

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
SOME = (
    "NEBD 01 - April.csv",
    "expenditure-over-500-apr-jun-2014.csv",
    "DCCSpendingOver500_202508.csv",
    "all-february-2019.csv",
)


def answer_of(group: SupplierGroup) -> Answer | None:
    """What the row's first button says; None where it has none."""
    lead = group.lead
    if not lead.sure:
        return None  # *Perhaps X*: a newcomer leaves it
    if lead.proposal_product_id or lead.owned_tool_id:
        return Answer(kind="tool", product_id=lead.proposal_product_id, tool_id=lead.owned_tool_id)
    if lead.proposal_vendor_id and lead.proposal_spend_type in ("software", "data"):
        return Answer(kind="tool", product_id=f"{WHOLE_VENDOR}{lead.proposal_vendor_id}")
    return None


def accept(session: Session, scope: Scope) -> None:
    """The first decision: what the page leads with."""
    accept_sure(session, scope, from_mille=900, person_id=None, now=NOW, today=TODAY)


def labelled_money(session: Session, kind: str) -> tuple[int, int]:
    """Money (minor units) on tools, and all money, of the lines whose supplier is labelled as this kind."""
    kinds = {row.raw: row.kind for row in read_labels(SHARED / "matching" / "labels.tsv")}
    lines = session.execute(
        select(SpendLine.supplier_text, SpendLine.amount_minor, SpendLine.tool_id).where(
            SpendLine.living.is_(True)
        )
    ).all()
    known = [
        (line.amount_minor, line.tool_id) for line in lines if kinds.get(line.supplier_text or "") == kind
    ]
    return sum(money for money, tool in known if tool is not None), sum(money for money, _ in known)


def settled_share(session: Session) -> float:
    """The share of the money on labelled marketing technology that is on a tool."""
    settled, known = labelled_money(session, "martech")
    assert known > 15_000_000
    return settled / known


def read_in(path: Path, options: ImportOptions, data: Path) -> dict[str, Any]:
    return import_file(Kind.SPEND, path, options, reader=READER, folder=data, actor=SYSTEM, now=NOW)


def import_all(paths: Sequence[Path], data: Path) -> None:
    """Every file; dates that read two ways are British."""
    for path in paths:
        options = ImportOptions(currency="GBP")
        result = read_in(path, options, data)
        if result["status"] == "needs-answer":
            answers = {each["key"]: "dmy" for each in result["questions"]}
            result = read_in(path, options.with_answers(answers), data)
        assert result["status"] == "imported", (path.name, result["questions"] or result["reason"])


def ten_decisions(session: Session) -> tuple[float, ...]:
    """What is settled before, after accepting what is sure, and after each of the nine largest groups."""
    scope = scope_for(session, as_of=TODAY)
    assert scope.currency == "GBP"
    shares = [settled_share(session)]
    accept(session, scope)
    shares.append(settled_share(session))
    for _ in range(9):
        group = next((each for each in grouped(open_queue(session, scope)[0]) if answer_of(each)), None)
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
        shares.append(settled_share(session))
    return tuple(shares)


@requires_shared
@pytest.mark.parametrize(
    "names", [SOME, pytest.param((), marks=pytest.mark.soak)], ids=["four files", "every file"]
)
def test_ten_decisions_in_the_order_of_the_page_settle_four_fifths(
    app: Flask, data: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    monkeypatch.setenv("MOPSAUDIT_BASE_CURRENCY", "GBP")
    every = sorted(path for path in (SHARED / "spend").glob("*/**/*") if path.is_file())
    assert len(every) == 68
    chosen = [path for path in every if path.name in names] if names else every
    with app.app_context():
        import_all(chosen, data)
        with unit_of_work(SYSTEM, now=NOW) as session:
            shares = ten_decisions(session)
            sys.stdout.write(
                "settled after each decision: " + ", ".join(f"{share:.1%}" for share in shares) + "\n"
            )
            assert shares[0] == 0
            assert shares[-1] >= 0.8
            for kind in ("negative", "hard-negative lookalike"):
                settled, known = labelled_money(session, kind)
                assert known > 0
                assert settled == 0, f"money of {kind} suppliers stands on a tool"
