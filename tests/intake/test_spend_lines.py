"""Lines by column are the rows they were made of, whichever way they are asked, in a frame too."""

import io
import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mopsaudit.intake.contract import RecordRow, SpendRow
from mopsaudit.intake.row_spool import SpoolSink, batches_in
from mopsaudit.intake.spend_lines import SpendLines


def _rows(seed: int, size: int) -> list[SpendRow]:
    chance = random.Random(seed)
    some = chance.random() < 0.5
    return [
        SpendRow(
            row=place + 2,
            cell=f"F{place + 2}",
            amount=Decimal(chance.randrange(-9999, 99999)).scaleb(-chance.randrange(5)),
            currency=chance.choice(["GBP", "EUR"]),
            date=chance.choice([date(2026, 1, 5), date(2026, 2, 7), None]),
            period=date(2026, 1, 1) if some else None,
            supplier=chance.choice(["Quillwort", "", "Bramble & Co"]),
            description="" if some else None,
            tax=chance.choice([None, Decimal("0.10")]),
            not_spend=chance.choice([None, None, "transfer"]) if some else None,
            service_from=date(2026, 1, 1) if some else None,
        )
        for place in range(size)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_rows_by_column_are_the_rows(seed: int) -> None:
    rows = _rows(seed, 40)
    lines = SpendLines.of(rows)

    assert list(lines) == rows
    assert SpendLines.of(lines) is lines
    assert [lines[place] for place in range(-40, 40)] == [*rows, *rows]
    assert list(lines[7:19]) == rows[7:19]
    assert list(lines[::-3]) == rows[::-3]
    for name in SpendRow._fields:
        assert list(lines.column(name)) == [getattr(row, name) for row in rows]
    with pytest.raises(IndexError):
        lines[40]


@pytest.mark.parametrize("places", [[], [3], [4, 5, 6], [0, 2, 39], list(range(40)), range(3, 9)])
def test_the_lines_at_places(places: list[int]) -> None:
    rows = _rows(1, 40)

    assert list(SpendLines.of(rows).at(places)) == [rows[place] for place in places]


@pytest.mark.parametrize("seed", range(4))
def test_parts_one_after_the_other(seed: int) -> None:
    parts = [_rows(seed + place, size) for place, size in enumerate((1, 0, 30, 7))]

    joined = SpendLines.joined([SpendLines.of(part) for part in parts])

    assert list(joined) == [row for part in parts for row in part]
    assert len(joined) == 38


def test_no_lines_are_none() -> None:
    none = SpendLines.of([])

    assert not none
    assert list(none) == []
    assert list(SpendLines.joined([none, none])) == []


def test_other_values_of_a_field_leave_the_lines_as_they_were() -> None:
    rows = _rows(2, 5)
    lines = SpendLines.of(rows)

    changed = lines.with_column("supplier", ["Ours"] * 5)

    assert list(changed) == [row._replace(supplier="Ours") for row in rows]
    assert list(lines) == rows


def _frames(*batches: list[SpendRow] | list[RecordRow]) -> bytes:
    written = io.BytesIO()
    sink = SpoolSink(written)
    for batch in batches:
        sink.rows("Spend", batch)
    return written.getvalue()


def test_frames_hold_the_lines_that_were_written(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    first, second = _rows(3, 20), _rows(4, 25)
    (spool / "rows").write_bytes(_frames(first, second))

    assert [(sheet, list(batch)) for sheet, batch in batches_in(spool)] == [
        ("Spend", first),
        ("Spend", second),
    ]
    assert not spool.exists()


def test_records_are_written_as_they_are(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    records = [RecordRow(2, {"tool": "Quillwort"}, {"tool": "A2"})]
    (spool / "rows").write_bytes(_frames(records))

    assert [batch for _, batch in batches_in(spool)] == [records]
    assert not spool.exists()
