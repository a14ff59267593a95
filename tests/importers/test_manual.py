"""The manual lists every field and every code of reading, with the code's own words."""

from pathlib import Path

import pytest

import mopsaudit
from importers import codes
from importers.fields import FIELDS
from mopsaudit.intake.child import TOO_LONG
from mopsaudit.intake.contract import Kind
from mopsaudit.problems import ProblemCode

MANUAL = Path(mopsaudit.__file__).parent / "docs" / "manual"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_field_is_in_the_manual(kind: Kind) -> None:
    text = (MANUAL / "imports.md").read_text("utf-8")
    section = text.split(f"\n## {kind.value.capitalize()}\n", 1)[1].split("\n## ", 1)[0]
    for spec in FIELDS[kind]:
        assert f"`{spec.key}`" in section, spec.key


def test_every_problem_is_in_the_manual() -> None:
    text = (MANUAL / "problems.md").read_text("utf-8")
    entries = [entry for entry in [*vars(codes).values(), TOO_LONG] if isinstance(entry, ProblemCode)]
    for entry in entries:
        assert f"| `{entry.code}` | {entry.severity.value} | {entry.title} | {entry.what_to_do} |" in text
