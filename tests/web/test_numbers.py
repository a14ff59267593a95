"""Numbers in addresses that no record can have: not found or not valid on either database, never a fault."""

from collections.abc import Callable
from re import sub

import pytest
from flask import Flask

from tests.web.browser import Tab

pytestmark = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
HUGE = (str(2**31), str(2**70))
#: Every name under which an address carries the number of a record or a month.
NAMED = (
    *("tool_id", "vendor_id", "case_id", "page", "sheet", "unit"),
    *("tool_ids", "vendor_ids", "supplier_ids", "unit_ids", "line_ids", "import_ids", "entity_ids"),
    *("month_from", "month_until"),
)


def test_records_that_cannot_be_are_not_found(app: Flask, sign_in: Callable[..., Tab], database: str) -> None:
    tab = sign_in("admin")
    for rule in app.url_map.iter_rules():
        if "<int:" not in rule.rule or "GET" not in (rule.methods or ()):
            continue
        for number in HUGE:
            path = sub(r"<[^>]+>", "x", sub(r"<int:[^>]+>", number, rule.rule))
            assert tab.client.get(path).status_code == 404, path


def test_numbers_after_the_question_mark(app: Flask, sign_in: Callable[..., Tab], database: str) -> None:
    tab = sign_in("admin")
    for rule in app.url_map.iter_rules():
        open_to_all = rule.endpoint.partition(".")[0] in ("health", "access", "calendar")
        if "<" in rule.rule or "GET" not in (rule.methods or ()) or open_to_all:
            continue
        for name in NAMED:
            path = f"{rule.rule}?{name}={HUGE[1]}"
            if name in ("page", "sheet", "unit") or name.endswith("_id") or rule.endpoint == "lines.index":
                assert tab.client.get(path).status_code < 500, path
