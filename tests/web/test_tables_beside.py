"""A sheet with two tables side by side on the review page."""

import re
from collections.abc import Callable

from tests.web.browser import Tab
from tests.web.uploads import upload, workbook

Sign = Callable[..., Tab]


def test_columns_of_a_table_beside_are_shown_as_those_they_follow(
    sign_in: Sign, work: Callable[[], None]
) -> None:
    tab = sign_in("finance")
    head = ["Vendor", "Date", "Amount"]
    names = [
        ("HubSpot", "Gong"),
        ("Canva", "Miro"),
        ("Semrush", "Figma"),
        ("Adobe", "Notion"),
        ("Hotjar", "Zoom"),
    ]
    rows = [
        [one, f"2026-0{i}-03", 10 * i, None, two, f"2026-0{i}-05", 7 * i]
        for i, (one, two) in enumerate(names, 1)
    ]
    page = upload(tab, workbook([["Marketing", *[None] * 3, "Sales"], [*head, None, *head], *rows]))
    work()
    text = tab.get(page).get_data(as_text=True)
    assert re.findall(r'class="follows">([^<]*)<', text) == ["Supplier, as A", "Date, as B", "Amount, as C"]
    assert re.findall(r'name="edit.column.([A-Z])"', text) == ["A", "B", "C"]
    assert "255.00" in text
