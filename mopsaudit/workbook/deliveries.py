"""Audits and negotiation packs made in the background: asked for, made with progress, fetched, cleared away.

A person has one delivery under way at a time, and the newest few files are kept. The file bears the number of its job
and of its person; who did not ask for it does not find it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.jobs import Handler, JobRun, JobStatus, enqueue, job_of
from mopsaudit.organisation import last_change, scope_for
from mopsaudit.store.models import Job
from mopsaudit.store.session import Actor, reading, unit_of_work
from mopsaudit.workbook import audit, negotiation

DELIVERY_JOB: Final = "export"
#: Files of a person that are kept; older ones are cleared away when a new one is made.
KEPT: Final = 5
FORMATS: Final = ("xlsx", "pdf")
_FOLDER: Final = "exports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be made: an audit or a negotiation pack (of the vendor it is about), as .xlsx or .pdf.

    ``within`` are the units its person may see, None: all of them.
    """

    what: str
    format: str
    as_of: date
    unit_id: int
    within: tuple[int, ...] | None
    about: tuple[str, str] | None
    prepared_by: str
    name: str

    def payload(self) -> dict[str, Any]:
        """As the job keeps it."""
        return {
            "what": self.what,
            "format": self.format,
            "as_of": self.as_of.isoformat(),
            "unit": self.unit_id,
            "within": None if self.within is None else list(self.within),
            "about": None if self.about is None else list(self.about),
            "prepared_by": self.prepared_by,
            "name": self.name,
        }


def _wish(payload: Any) -> Wish:
    about = payload["about"]
    within = payload["within"]
    return Wish(
        what=payload["what"],
        format=payload["format"],
        as_of=date.fromisoformat(payload["as_of"]),
        unit_id=payload["unit"],
        within=None if within is None else tuple(within),
        about=None if about is None else (about[0], about[1]),
        prepared_by=payload["prepared_by"],
        name=payload["name"],
    )


def ask_delivery(session: Session, person_id: int, wish: Wish, *, actor: Actor, now: datetime) -> Job:
    """Queue a delivery; while one of the person's waits or runs, that one.

    Raises:
        InvalidError: for another kind of file or document, or a pack that is about no vendor.
    """
    if wish.format not in FORMATS or wish.what not in ("audit", "negotiation"):
        raise InvalidError("Choose a workbook or a PDF.", "format")
    if wish.what == "negotiation" and (wish.about is None or wish.about[0] != "vendor"):
        raise InvalidError("A negotiation pack is about one vendor: choose it.", "about")
    known = job_of(session, DELIVERY_JOB, person_id)
    if known is not None and known.status in (JobStatus.QUEUED, JobStatus.RUNNING):
        return known
    return enqueue(
        session,
        kind=DELIVERY_JOB,
        subject_id=person_id,
        now=now,
        created_by=actor.label,
        payload=wish.payload(),
    )


def step_names(payload: Any) -> tuple[str, ...]:
    """What a delivery does, in order: its progress counts these."""
    names = audit.step_names if payload["what"] == "audit" else negotiation.step_names
    return names(str(payload["format"]))


def deliveries_of(session: Session, person_id: int, folder: Path) -> tuple[tuple[Job, bool], ...]:
    """A person's newest deliveries, the newest first, each with whether its file is there."""
    found: Sequence[Job] = session.scalars(
        select(Job)
        .where(Job.kind == DELIVERY_JOB, Job.subject_id == person_id)
        .order_by(Job.id.desc())
        .limit(KEPT)
    ).all()
    return tuple((job, _path(folder, job).exists()) for job in found)


def delivered(session: Session, person_id: int, job_id: int, folder: Path) -> tuple[Path, str]:
    """The file of one of the person's deliveries and the name it is given.

    Raises:
        NotFoundError: when it is not there, not done, cleared away, or somebody else's.
    """
    job = session.get(Job, job_id)
    if job is None or job.kind != DELIVERY_JOB or job.subject_id != person_id or job.status != JobStatus.DONE:
        raise NotFoundError("There is no such file.")
    path = _path(folder, job)
    if not path.exists():
        raise NotFoundError("This file was cleared away; make it again.")
    return path, str(job.payload["name"])


def _path(folder: Path, job: Job) -> Path:
    return folder / _FOLDER / f"{job.subject_id}-{job.id}.{job.payload['format']}"


def delivery_job(run: JobRun) -> None:
    """Make the file beside its place, put it there whole, and clear away the person's older ones."""
    folder = Path(run.app.config["MOPSAUDIT_DATA"]) / _FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wish = _wish(run.payload)
    final = folder / f"{run.subject_id}-{run.job.id}.{wish.format}"
    part = final.with_suffix(f".{wish.format}.part")
    names = step_names(run.payload)

    def progress(what: str) -> None:
        run.progress(names.index(what), len(names))

    try:
        with reading() as session:
            scope = scope_for(session, as_of=wish.as_of, unit=wish.unit_id, within=wish.within)
            asked = {"created": last_change(session), "prepared_by": wish.prepared_by, "progress": progress}
            if wish.what == "negotiation":
                vendor = int(wish.about[1]) if wish.about else 0
                write = negotiation.write_pack if wish.format == "xlsx" else negotiation.write_pack_pdf
                write(session, scope, part, vendor_id=vendor, **asked)  # type: ignore[arg-type]
            elif wish.format == "xlsx":
                audit.write_audit(session, scope, part, about=wish.about, **asked)  # type: ignore[arg-type]
            else:
                audit.write_audit_pdf(session, scope, part, about=wish.about, **asked)  # type: ignore[arg-type]
        run.check_cancelled(last=True)
        with unit_of_work(run.actor, now=run.now()) as session:
            run.finish(session, f"{wish.name}: {part.stat().st_size:,} bytes.")
            part.replace(final)
    finally:
        part.unlink(missing_ok=True)
    _clear(folder, run.subject_id)


def _clear(folder: Path, person_id: int) -> None:
    """Keep the person's newest files."""
    mine = sorted(
        folder.glob(f"{person_id}-*.*"), key=lambda path: int(path.stem.partition("-")[2].partition(".")[0])
    )
    for path in mine[:-KEPT]:
        path.unlink(missing_ok=True)


HANDLERS: Final[dict[str, Handler]] = {DELIVERY_JOB: delivery_job}
