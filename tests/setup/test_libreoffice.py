"""LibreOffice opens what we hand it, and works formulas out by itself."""

from pathlib import Path

import pytest
import xlsxwriter

from tests.libreoffice import Convert, requires_libreoffice


@pytest.mark.libreoffice
@requires_libreoffice
def test_a_formula_is_recalculated(tmp_path: Path, convert: Convert) -> None:
    """The saved value is 0, and wrong: a conversion that repeats it has not calculated."""
    path = tmp_path / "sum.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_column(0, 0, [100, 750, 1200])
    sheet.write_formula(3, 0, "=SUM(A1:A3)")
    book.close()
    again = convert(path, "csv")
    assert again.read_text(encoding="utf-8").split() == ["100", "750", "1200", "2050"]
