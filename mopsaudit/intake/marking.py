"""The person's own workbook back with its problems marked: made from the kept original, beside it, never in its place.

A cache and nothing more: named by the import and the problems it shows, written whole or not at all.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.intake.child import run_marker
from mopsaudit.intake.contract import Limits, MarkOrder
from mopsaudit.intake.receive import find_import, original
from mopsaudit.intake.spool import SPOOL
from mopsaudit.intake.view import problems_of
from mopsaudit.problems import CODES, Problem, RefusedError
from mopsaudit.store.session import reading

#: Folder of the marked copies in the data folder, and the kind of job that makes one.
MARKED, MARK_JOB = "marked", "mark"
#: Bytes of an original that is marked while the person waits; a larger one is a job for the worker.
AT_ONCE: Final = 128 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedCopy:
    """A copy ready to hand over: where it lies, its name for the person, how many cells are marked.

    ``why_apart`` says why the list of problems stands in a workbook of its own; None when the file itself is marked.
    """

    path: Path
    name: str
    cells: int
    why_apart: str | None


def at_once(session: Session, folder: Path, import_id: int) -> bool:
    """Whether the original of an import is small enough to be marked while the person waits."""
    return original(folder, session, find_import(session, import_id)).stat().st_size <= AT_ONCE


def marked_copy(session: Session, folder: Path, import_id: int) -> MarkedCopy | None:
    """The copy of an import that shows its problems as they are now, if it was made."""
    record, problems = find_import(session, import_id), problems_of(session, import_id)
    place = _place(folder, record.id, problems)
    try:
        said = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return MarkedCopy(
        path=place,
        name=_name(record.file_name, apart=said["why_apart"] is not None),
        cells=said["cells"],
        why_apart=said["why_apart"],
    )


def mark(
    import_id: int, *, marker: str, folder: Path, cancelled: Callable[[], bool] | None = None
) -> MarkedCopy:
    """Make the marked copy of an import in a limited child process, or find the one made before.

    A file that runs into the child's limits comes back as the list alone.

    Raises:
        NotFoundError: when there is no such import.
        ReadingCancelledError: when ``cancelled()`` became true.
        ImporterFailedError: through a fault of ours.
    """
    with reading() as session:
        record = find_import(session, import_id)
        problems = problems_of(session, import_id)
        source = original(folder, session, record)
        known = marked_copy(session, folder, import_id)
        if known is not None:
            return known
        file_name = record.file_name
    place = _place(folder, import_id, problems)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = folder / SPOOL
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_name(f"{place.stem}.{secrets.token_hex(6)}.xlsx")
    advice = {each.code: CODES[each.code].what_to_do for each in problems if each.code in CODES}
    order = MarkOrder(problems=tuple(problems), target=draft.resolve(), advice=advice)
    run = partial(
        run_marker, marker, file_name=file_name, limits=Limits(), folder=scratch, cancelled=cancelled
    )
    try:
        try:
            done = run(path=source, order=order)
        except RefusedError:
            apart = "marking it takes more time or memory than a file may take"
            alone = MarkOrder(problems=order.problems, target=order.target, advice=advice, apart=apart)
            done = run(path=source, order=alone)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    said = place.with_suffix(f".{secrets.token_hex(6)}.partial")
    said.write_text(json.dumps({"cells": done.cells, "why_apart": done.why_apart}), encoding="utf-8")
    said.replace(place.with_suffix(".json"))  # last: a copy is found by it
    name = _name(file_name, apart=done.why_apart is not None)
    return MarkedCopy(path=place, name=name, cells=done.cells, why_apart=done.why_apart)


def _place(folder: Path, import_id: int, problems: list[Problem]) -> Path:
    text = json.dumps([problem.to_json() for problem in problems], sort_keys=True)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return folder / MARKED / f"{import_id}-{digest[:24]}.xlsx"


def _name(file_name: str, *, apart: bool) -> str:
    stem, dot, ending = file_name.rpartition(".")
    whole = f"{stem or ending} - {'problems' if apart else 'marked'}"
    return f"{whole}.{ending}" if dot and not apart and ending.casefold() == "xlsx" else f"{whole}.xlsx"
