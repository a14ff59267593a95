"""The published files: exact, asked about where they cannot decide themselves, never silently wrong, never a crash."""

import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake.child import run_importer
from mopsaudit.intake.contract import Kind, Reading, ReadOptions
from mopsaudit.problems import RefusedError
from tests.importers.builders import read, total
from tests.shared_data import SHARED, requires_shared

pytestmark = requires_shared

#: Files whose own cells cannot decide something, with the answer: every date of the first is below the 13th.
UNDECIDABLE = {"devon/DCCSpendingOver500_201406.csv": (("C.date_order", "dmy"),)}


def truths(folder: str) -> list[dict[str, Any]]:
    path = SHARED / folder / "TRUTH.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else []


def sampled(entries: list[Any], count: int) -> list[Any]:
    """All entries; those beyond a seeded sample only under ``make soak``."""
    chosen = set(random.Random(20260930).sample(range(len(entries)), min(count, len(entries))))
    return [
        pytest.param(entry, id=str(entry["file"] if isinstance(entry, dict) else entry.name))
        if index in chosen
        else pytest.param(
            entry, id=str(entry["file"] if isinstance(entry, dict) else entry.name), marks=pytest.mark.soak
        )
        for index, entry in enumerate(entries)
    ]


def check(path: Path, truth: dict[str, Any], answers: tuple[tuple[str, str], ...] = ()) -> Reading:
    reading, lines = read(path, answers=answers)
    assert not reading.questions
    assert len(lines) == truth["data_rows"]
    exact = Decimal(truth["sum"])
    rounded = sum((line.amount.quantize(Decimal("0.01")) for line in lines), Decimal(0))
    assert exact in (rounded, total(lines).quantize(Decimal("0.01")))
    assert all(sheet_total.foots is not False for sheet in reading.sheets for sheet_total in sheet.totals)
    return reading


@pytest.mark.parametrize("truth", sampled(truths("spend"), 12))
def test_a_published_spend_file(truth: dict[str, Any]) -> None:
    answers = UNDECIDABLE.get(truth["file"], ())
    path = SHARED / "spend" / truth["file"]
    if answers:
        assert [question.key for question in read(path)[0].questions] == [answers[0][0]]
    reading = check(path, truth, answers)
    decision = next(sheet.decision for sheet in reading.sheets if sheet.decision.used)
    assert decision.name == truth["sheet"]
    assert truth["header_row"] in decision.header_rows
    for name, column in truth["columns"].items():
        choice = decision.column(name)
        assert choice is not None, name
        assert choice.letters == column["col"], name


@pytest.mark.parametrize("truth", sampled(truths("messy"), 16))
def test_a_workbook_the_way_finance_wraps_it(truth: dict[str, Any]) -> None:
    check(SHARED / "messy" / truth["file"], truth)


def robust_files() -> list[Path]:
    folder = SHARED / "robust"
    return (
        sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".tsv")
        if folder.is_dir()
        else []
    )


@pytest.mark.parametrize("path", sampled(robust_files(), 5))
@pytest.mark.parametrize("kind", [Kind.SPEND, Kind.USAGE])
def test_an_odd_workbook_ends_in_an_import_a_question_or_a_sentence(path: Path, kind: Kind) -> None:
    try:
        reading, batches = run_importer("importers.reader:read_file", path, path.name, ReadOptions(kind=kind))
    except RefusedError as refusal:
        told = refusal.sentence
    else:
        told = ""
        rows = [row for _, batch in batches for row in batch]
        assert not (reading.questions and rows)
        assert any(sheet.decision.used for sheet in reading.sheets)
    assert not told or (len(told) > 20 and told.endswith("."))
