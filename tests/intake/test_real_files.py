"""Published spend files, from their bytes to the ledger and back, against what a careful reading of each says."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from mopsaudit.intake.contract import Kind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.run import import_file, undo
from mopsaudit.intake.summaries import difference
from mopsaudit.store.ledger import LedgerSummary, Sighting, SpendLine
from mopsaudit.store.session import SYSTEM, reading
from tests.shared_data import SHARED, requires_shared

NOW = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
READER = "importers.reader:read_file"

FILES = (
    "spend/nhsspend_xlsx/BART 01 - April.xlsx",
    "spend/warwickshire",
    "spend/devon",
    "spend/odileeds",
    "messy/title-total-1.xlsx",
    "messy/crosstab-1.xlsx",
    "messy/grouped-1.xlsx",
    "messy/debit-credit-1.xlsx",
    "messy/text-paren-2.xlsx",
)


def truth(name: str) -> tuple[Path, dict[str, Any]]:
    """The file and its truth; a folder stands for its smallest file."""
    folder, _, rest = name.partition("/")
    entries = json.loads((SHARED / folder / "TRUTH.json").read_text(encoding="utf-8"))
    fitting = [entry for entry in entries if entry["file"] == rest or entry["file"].startswith(f"{rest}/")]
    entry = min(fitting, key=lambda each: (SHARED / folder / each["file"]).stat().st_size)
    return SHARED / folder / entry["file"], entry


@requires_shared
@pytest.mark.parametrize("name", FILES)
def test_a_published_file_enters_to_the_cent_and_leaves_without_a_trace(
    app: Flask, data: Path, name: str
) -> None:
    path, entry = truth(name)
    with app.app_context():
        result = import_file(
            Kind.SPEND, path, ImportOptions(currency="GBP"), reader=READER, folder=data, actor=SYSTEM, now=NOW
        )
        assert result["status"] == "imported", result["questions"] or result["reason"]
        totals = [total for sheet in result["sheets"] if sheet["used"] for total in sheet["totals"]]
        assert sum(Decimal(total["data"]) for total in totals) == Decimal(entry["sum"])
        assert all(total["balanced"] for total in totals)
        lines = sum(sheet["lines"]["imported"] for sheet in result["sheets"] if sheet["used"])
        assert lines == entry["data_rows"]
        with reading() as session:
            booked = session.scalar(select(func.sum(SpendLine.booked_minor)))
            exact = sum(Decimal(total["imported"]) for total in totals) * 100
            assert Decimal(booked or 0) == exact
            assert session.scalar(select(func.count()).select_from(Sighting)) == lines
            assert not difference(session)
        again = import_file(
            Kind.SPEND, path, ImportOptions(currency="GBP"), reader=READER, folder=data, actor=SYSTEM, now=NOW
        )
        assert (again["status"], again["first_import_id"]) == ("duplicate-file", result["import_id"])
        undone = undo(result["import_id"], actor=SYSTEM, now=NOW)
        assert undone.counts == {"reversed": lines}
        with reading() as session:
            assert session.scalar(select(func.count()).select_from(LedgerSummary)) == 0
            assert not session.scalar(select(func.count()).select_from(SpendLine).where(SpendLine.living))
