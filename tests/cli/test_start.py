"""What a command loads before it does anything: libraries only some pages need cost every start seconds."""

import os
import subprocess
import sys
from pathlib import Path

LOADED = "import json, sys, wsgi; wsgi.create_app({pages}); print(json.dumps(sorted(sys.modules)))"
HEAVY = {"fpdf", "fontTools", "numpy", "PIL", "matplotlib", "highspy", "openpyxl"}


def _loaded(data: Path, pages: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(pages=pages)],
        env={**os.environ, "MOPSAUDIT_DATA": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.strip("[]\n").replace('"', "").split(", "))


def test_no_start_loads_what_draws_and_writes_files(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path, "")
    assert "blueprints.lines" in loaded  # the list is real
    assert not HEAVY & loaded


def test_an_import_loads_neither_pages_nor_reports(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path, "dict(MOPSAUDIT_PAGES=False, MOPSAUDIT_COMMANDS='imports')")
    assert "mopsaudit.intake.run" in loaded
    assert not {name for name in loaded if name.startswith(("mopsaudit.reports", "mopsaudit.workbook"))}
    assert not {name for name in loaded if name.startswith("blueprints")}


def test_an_export_loads_no_page(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path, "dict(MOPSAUDIT_PAGES=False, MOPSAUDIT_COMMANDS='exports')")
    assert "mopsaudit.reports.registry" in loaded
    assert not {name for name in loaded if name.startswith("blueprints")}
