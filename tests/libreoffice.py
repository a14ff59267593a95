"""LibreOffice for tests: opens a workbook headless and writes it as something else, with its formulas recalculated.

Each test process has a profile of its own, so parallel tests do not wait for, or talk to, each other's office.
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

SECONDS: Final = 180
Convert = Callable[[Path, str], Path]
_ALWAYS_RECALCULATE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


def find_libreoffice() -> str | None:
    """The path of LibreOffice's command; None when absent."""
    return shutil.which("soffice") or shutil.which("libreoffice")


requires_libreoffice = pytest.mark.skipif(
    find_libreoffice() is None, reason="LibreOffice is not installed (as root `make test` installs it)"
)
"""Marks a test that opens LibreOffice; use it beside the marker `libreoffice`."""


@pytest.fixture(scope="session")
def office_profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile folder of this test process. It recalculates on load; the default trusts saved values."""
    profile = tmp_path_factory.mktemp("office")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    return profile


@pytest.fixture
def convert(tmp_path: Path, office_profile: Path) -> Convert:
    """`convert(workbook, "pdf")` → the converted file. Formats are LibreOffice's: `pdf`, `csv`, `xlsx`, `ods`.

    Skips where LibreOffice is missing; fails with its own words when it does not write the file.
    """

    def convert(source: Path, wanted: str) -> Path:
        program = find_libreoffice()
        if program is None:
            pytest.skip("LibreOffice is not installed")
        folder = tmp_path / f"converted-{wanted.partition(':')[0]}"
        done = subprocess.run(
            [
                *(program, f"-env:UserInstallation={office_profile.as_uri()}", "--headless", "--norestore"),
                *("--convert-to", wanted, "--outdir", folder, source),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        result = folder / f"{source.stem}.{wanted.partition(':')[0]}"
        if done.returncode or not result.exists():
            pytest.fail(f"LibreOffice did not convert {source.name}: {done.stdout} {done.stderr}")
        return result

    return convert
