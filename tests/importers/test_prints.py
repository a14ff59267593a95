"""What finance systems print, drawn by seed: every file reads to its exact lines, or asks what it cannot say itself."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from mopsaudit.intake.contract import SpendRow
from tests.importers.builders import read
from tests.importers.prints.draw import draw
from tests.importers.prints.drawn import Printed, Wanted

DEFAULT, WHOLE = 40, 800


def as_wanted(lines: list[SpendRow], file: Printed) -> Counter[Wanted]:
    """What was read, told as the truth is."""
    found: Counter[Wanted] = Counter()
    for line in lines:
        if line.not_spend:
            continue
        month = line.period or (line.date and line.date.replace(day=1))
        day = None if file.dated is None else month if file.dated == "month" else line.date
        found[(day, line.supplier if file.named else None, line.amount, line.currency)] += 1
    return found


#: Families with a column of document types: where bills and credit notes both stand in it, it tells the sign.
_TELL_BILLS = frozenset(("dynamics", "sap list", "sap fbl1n"))


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=() if seed < DEFAULT else (pytest.mark.soak,)) for seed in range(WHOLE)],
)
def test_a_print_reads_to_its_exact_lines(seed: int, tmp_path: Path) -> None:
    file = draw(seed, tmp_path)
    reading, lines = read(file.path, base_currency=file.base)
    asked = {
        question.key: question.key.rpartition(".")[2].rpartition("!")[2] for question in reading.questions
    }
    if file.habits["family"] in _TELL_BILLS:
        assert set(asked.values()) <= set(file.answers), file.habits
    else:
        assert sorted(asked.values()) == sorted(file.answers), file.habits
    if asked:
        assert not lines
        given = tuple((key, file.answers[end]) for key, end in asked.items())
        reading, lines = read(file.path, base_currency=file.base, answers=given)
        assert not reading.questions
    assert as_wanted(lines, file) == file.wanted, file.habits
    assert sum(line.not_spend is not None for line in lines) == file.not_spend
    totals = [total for sheet in reading.sheets for total in sheet.totals]
    assert all(total.foots is not False for total in totals), file.habits
    assert sum((total.data for total in totals), Decimal(0)) == sum(
        (line.amount for line in lines), Decimal(0)
    )
