"""The files of the demo company follow from seed and date, and look like what people keep."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mopsaudit.catalogue.products import product
from mopsaudit.demo.case_list import CASES
from mopsaudit.demo.ledgers import CARD, CARD_ISSUER, MONTHS, US, charges, span
from mopsaudit.demo.people import staff
from mopsaudit.demo.spend_books import write_spend
from mopsaudit.demo.stack import MEDIA, SPLIT, TOOLS, UNITS
from mopsaudit.periods import month_of

AS_OF = date(2026, 9, 30)


def _digests(folder: Path, seed: int, as_of: date) -> dict[str, str]:
    folder.mkdir()
    files = write_spend(folder, as_of, charges(seed, as_of))
    return {each.path.name: sha256(each.path.read_bytes()).hexdigest() for each in files}


def test_the_same_seed_and_date_give_the_same_bytes(tmp_path: Path) -> None:
    first = _digests(tmp_path / "a", 1, AS_OF)
    assert first == _digests(tmp_path / "b", 1, AS_OF)
    assert first != _digests(tmp_path / "c", 2, AS_OF)


def test_another_date_moves_everything() -> None:
    assert {each.day for each in charges(1, AS_OF)} != {each.day for each in charges(1, date(2026, 3, 31))}


@pytest.mark.parametrize(
    "as_of", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31), date(2027, 5, 17)]
)
def test_charges_cover_two_years_up_to_any_day(as_of: date) -> None:
    lines = charges(1, as_of)
    days = span(as_of)
    assert all(days.first <= each.day <= as_of for each in lines)
    months = {month_of(each.day) for each in lines}
    assert set(range(month_of(as_of) - MONTHS, month_of(as_of))) <= months
    december = month_of(date(as_of.year - 1, 12, 1))
    assert any(month_of(each.day) == december and "advance" in each.text for each in lines)


def test_sixty_tools_in_all_categories_and_units() -> None:
    ids = [tool.product for tool in TOOLS] + [each[0] for each in MEDIA]
    assert len(ids) == len(set(ids))
    assert 55 <= len(ids) <= 70
    assert {product(each).category.value for each in ids} == {
        "intelligence",
        "engagement",
        "operations",
        "performance",
    }
    assert {tool.unit for tool in TOOLS} == set(UNITS)
    for tool in TOOLS:
        assert set(tool.unused) <= set(product(tool.product).capabilities), tool.product
    assert {part for parts in SPLIT.values() for part, _ in parts} <= set(ids)
    assert len(CASES) >= 12
    assert {case.product for case in CASES} <= set(ids)


def test_the_card_bill_is_the_sum_of_its_statement() -> None:
    lines = charges(1, AS_OF)
    bill = next(each for each in reversed(lines) if each.supplier == CARD_ISSUER)
    before = month_of(bill.day) - 1
    assert bill.ledger == US
    assert bill.minor == sum(
        each.minor for each in lines if each.ledger == CARD and month_of(each.day) == before
    )


def test_the_ledger_has_a_cover_title_rows_and_a_total_that_foots(tmp_path: Path) -> None:
    file = write_spend(tmp_path, AS_OF, charges(1, AS_OF))[1]
    book = load_workbook(file.path, read_only=True, data_only=True)
    assert book.sheetnames == ["Read me", "AP Ledger"]
    rows = list(book["AP Ledger"].iter_rows(values_only=True))
    assert rows[0][0] == "Brightwater Inc."
    assert rows[5][0] == "Posting date"
    total = next(row for row in rows if row[0] == "Grand total")
    amounts = [Decimal(repr(row[7])) for row in rows[6:] if row[1] is not None]
    assert sum(amounts) == Decimal(repr(total[7]))
    assert min(amounts) < 0
    book.close()


def test_people_have_one_address_each_and_some_left() -> None:
    people = staff(1, AS_OF)
    assert len({each.email for each in people}) == len(people)
    left = [each for each in people if each.left is not None]
    assert 10 <= len(left) <= 30
    assert all(each.left is not None and each.joined < each.left < AS_OF for each in left)
