"""The rows' example in each manual page has exactly the fields a row has, and names every threshold and section."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.reports import coverage, overlap, quality, stack, underuse
from tests import builders as build
from tests.facts.company import DAY, random_company

MANUAL = Path(__file__).resolve().parents[3] / "mopsaudit" / "docs" / "manual"
ROOMS = {"stack": stack, "overlap": overlap, "underuse": underuse, "coverage": coverage, "quality": quality}


@pytest.mark.parametrize("slug", ROOMS)
def test_the_example_is_a_row(session: Session, slug: str) -> None:
    random_company(session, 2)
    for name in ("Pair one", "Pair two"):
        build.tool(session, name, capabilities={"sentiment": 2, "mention_tracking": 2})
    report: Any = ROOMS[slug].build(session, scope_for(session, as_of=DAY, environ={}))
    text = (MANUAL / f"{slug}.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    body = report.to_json()
    # Why something of a row is null stands in rows that have such a thing alone (manual: commands).
    assert set(json.loads(example)) - {"why_unknown"} == set(body["rows"][0]) - {"why_unknown"}
    for key in (*body["thresholds"], *body["sections"]):
        assert f"`{key}`" in text, key
    for finding in body["findings"]:
        assert f"`{finding['kind']}`" in text
