"""Habits of many publishers drawn together: every seed's file reads to its exact lines, asked of its sign alone."""

from collections import Counter
from pathlib import Path

import pytest

from tests.importers.builders import read
from tests.importers.composed import compose

DEFAULT, WHOLE = 40, 1_000


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=() if seed < DEFAULT else (pytest.mark.soak,)) for seed in range(WHOLE)],
)
def test_a_composed_file_reads_to_its_exact_lines(seed: int, tmp_path: Path) -> None:
    file = compose(seed, tmp_path)
    reading, lines = read(file.path, base_currency=file.currency)
    asked = [question.key for question in reading.questions]
    negative = file.habits["shape"] == "negative"
    # A column that calls the lines bills tells the sign without a question.
    told = not asked and "type" in file.habits["columns"]
    assert [key.rpartition(".")[2] for key in asked] == (["sign"] if negative and not told else []), (
        file.habits
    )
    if asked:
        assert not lines
        answers = tuple((key, "-1") for key in asked)
        reading, lines = read(file.path, base_currency=file.currency, answers=answers)
    found = Counter((line.date, line.supplier, line.amount) for line in lines if not line.not_spend)
    assert found == file.wanted, file.habits
    for sheet in reading.sheets:
        assert all(total.foots is not False for total in sheet.totals), file.habits
