"""Large companies made once and kept between runs, in a folder of the user's cache named by the code that makes them.

A company of a million spend lines takes minutes to make and is the same every time. ``MOPSAUDIT_BENCH_CACHE`` names
another folder; what older code made there may be deleted.
"""

import hashlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import mopsaudit
from mopsaudit.organisation import ensure_root
from mopsaudit.store.migrations import upgrade
from mopsaudit.store.session import SYSTEM, db, unit_of_work
from tests.bench.company import fill
from wsgi import create_app

NOW: Final = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
_DATABASE: Final = "mopsaudit.sqlite3"


def _code() -> str:
    """A digest of what a company is made of and by: schema, builders, and what writes lines and their sums."""
    core, tests = Path(mopsaudit.__file__).parent, Path(__file__).parent
    files = [
        *sorted((core / "store").rglob("*.py")),
        core / "intake" / "bulk.py",
        core / "intake" / "summaries.py",
        tests.parent / "builders.py",
        tests / "company.py",
    ]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _cache() -> Path:
    named = os.environ.get("MOPSAUDIT_BENCH_CACHE")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(named) if named else home / "mopsaudit-bench"


def company(into: Path, tools: int, *, lines: int, users: int, every: int) -> None:
    """Put a company into an empty data folder: the kept one, or one made now and kept (see ``bench.company.fill``)."""
    kept = _cache() / f"{_code()}-{tools}-{lines}-{users}-{every}"
    if not (kept / _DATABASE).exists():
        making = kept.with_name(f"{kept.name}.{os.getpid()}")
        making.mkdir(parents=True)
        app = create_app({"TESTING": True, "MOPSAUDIT_DATA": making.resolve()})
        with app.app_context():
            upgrade(db.engine)
            with unit_of_work(SYSTEM, now=NOW) as session:
                ensure_root(session)
                fill(session, tools, lines=lines, users=users, every=every)
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
        making.replace(kept)
    shutil.copytree(kept, into, dirs_exist_ok=True)
