"""What procurement exports twice from the same data is the same file, whenever it is written."""

import time
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from mopsaudit.store.models import Tool
from tests import builders


@pytest.mark.parametrize(
    "export",
    [("audit", "xlsx"), ("audit", "pdf"), ("inventory", "xlsx"), ("contracts", "xlsx")],
    ids="-".join,
)
def test_two_exports_of_the_same_data_are_the_same_bytes(
    runner: FlaskCliRunner, session: Session, tmp_path: Path, export: tuple[str, str]
) -> None:
    adobe = builders.vendor(session, "Adobe")
    tool = builders.tool(session, "Marketo", of=adobe)
    builders.contract(session, adobe, title="Order form", lines=[{"tool": tool, "amount_minor": 1_200_00}])
    session.commit()
    kind, ending = export

    def written(name: str) -> bytes:
        out = tmp_path / f"{name}.{ending}"
        done = runner.invoke(args=["export", kind, str(out), "--as-of", "2026-09-30"])
        assert done.exit_code == 0, done.output
        return out.read_bytes()

    first = written("first")
    time.sleep(1.1)  # moments are stated to the second
    assert written("second") == first
    session.get_one(Tool, tool.id).name = "Marketo Engage"
    session.commit()
    assert written("third") != first
