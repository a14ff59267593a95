"""Clearing away what a killed process leaves in the data folder: uploads no row speaks of, readings nobody needs."""

import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.marking import MARKED
from mopsaudit.intake.receive import uploads
from mopsaudit.intake.spool import SPOOL
from mopsaudit.store.inventory import StoredFile

#: Seconds a file may lie there before it counts as left behind: longer than any upload or reading takes.
LEFT_BEHIND = 24 * 3600
#: Seconds a kept reading or a marked copy is worth its space; afterwards it is made anew.
READING_KEPT = 14 * 24 * 3600


def tidy(session: Session, folder: Path, *, now: datetime) -> int:
    """Remove uploads without a row, readings and marked copies out of date; how many files.

    Originals of imports always stay.
    """
    moment = now.timestamp()
    known = set(session.scalars(select(StoredFile.stored_name)))
    removed = 0
    for path in sorted(uploads(folder).iterdir()):
        if path.is_file() and path.name not in known and moment - path.stat().st_mtime > LEFT_BEHIND:
            path.unlink(missing_ok=True)
            removed += 1
    marked = folder / MARKED
    for path in sorted(marked.iterdir()) if marked.is_dir() else ():
        if path.is_file() and moment - path.stat().st_mtime > READING_KEPT:
            path.unlink(missing_ok=True)
            removed += 1
    spool = folder / SPOOL
    for path in sorted(spool.iterdir()) if spool.is_dir() else ():
        age = moment - path.stat().st_mtime
        if path.is_dir() and age > LEFT_BEHIND:  # where a killed worker's reader wrote
            shutil.rmtree(path, ignore_errors=True)
            removed += 1
        if path.is_file() and age > (READING_KEPT if path.suffix == ".rows" else LEFT_BEHIND):
            path.unlink(missing_ok=True)
            removed += 1
    return removed
