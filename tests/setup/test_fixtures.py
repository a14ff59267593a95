"""The plumbing itself: a PostgreSQL and a browser that really answer."""

import re
import subprocess
import tomllib
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from tests.browser_setup import requires_chromium
from tests.postgres import PostgresServer, running_server

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.postgres
def test_each_database_is_empty_and_takes_rows(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        tables = connection.scalar(
            text("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        )
        connection.execute(text("CREATE TABLE line (amount bigint)"))
        connection.execute(text("INSERT INTO line VALUES (10), (20)"))
        total = connection.scalar(text("SELECT sum(amount) FROM line"))
    engine.dispose()
    assert (tables, total) == (0, 30)


@pytest.mark.postgres
def test_two_databases_of_one_server_do_not_see_each_other(postgres_server: PostgresServer) -> None:
    for name in ("first", "second"):
        postgres_server.create(name)
    try:
        with psycopg.connect(postgres_server.conninfo("first")) as connection:
            connection.execute("CREATE TABLE only_here ()")
        with psycopg.connect(postgres_server.conninfo("second")) as connection:
            found = connection.execute("SELECT to_regclass('only_here')").fetchone()
    finally:
        for name in ("first", "second"):
            postgres_server.drop(name)
    assert found == (None,)


@pytest.mark.postgres
def test_a_stopped_server_leaves_nothing() -> None:
    with running_server() as server:
        folder = server.socket_folder
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.conninfo("postgres"))


@pytest.mark.browser
@requires_chromium
def test_chromium_renders_a_page(page: Page) -> None:
    page.set_content("<title>Tools</title><h1 id='a'>Seven tools</h1>")
    assert page.title() == "Tools"
    assert page.locator("#a").inner_text() == "Seven tools"


def test_the_system_script_says_what_is_missing_and_never_fails(tmp_path: Path) -> None:
    """With nothing on the path but a shell's basics and no apt-get, it names all of it and succeeds."""
    for name in ("id", "sh"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    done = subprocess.run(
        ["/bin/sh", ROOT / "tests" / "setup" / "system.sh"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    for name in ("chromium", "libreoffice-calc", "poppler-utils", "fonts-dejavu-core"):
        assert name in done.stderr


def _normal(requirement: str) -> str:
    """The name a requirement starts with, as the lock spells it."""
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def test_the_locks_pin_every_direct_dependency_with_hashes_and_no_address() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    wanted = {
        "requirements-build.txt": groups["build"],
        "requirements.txt": project["project"]["dependencies"],
        "requirements-dev.txt": [*project["project"]["dependencies"], *groups["test"], *groups["lint"]],
        "requirements-bench.txt": groups["bench"],
    }
    assert set(wanted) == {path.name for path in ROOT.glob("requirements*.txt")}
    for name, direct in wanted.items():
        text_of_lock = (ROOT / name).read_text(encoding="utf-8")
        entries = text_of_lock.replace("\\\n", " ").splitlines()
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries), name
        assert not re.search(r"://|--index|--extra-index|--find-links", text_of_lock), name
        assert {_normal(requirement) for requirement in direct} <= {_normal(entry) for entry in entries}, name
