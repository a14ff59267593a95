"""A file's walk in the browser: received, read by the worker, reviewed, edited, applied; with clicks and kills."""

import io
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.intake import run, spool, work
from mopsaudit.intake.contract import Kind, Limits, ReadingDecision
from mopsaudit.intake.edits import Edit, EditKind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.receive import READ_JOB, Received, clean_file_name, original, receive
from mopsaudit.intake.stage import begin_reading, edit_decision
from mopsaudit.intake.summaries import difference
from mopsaudit.intake.view import import_json, review
from mopsaudit.jobs import JobStatus, ask_cancel, job_of
from mopsaudit.jobs.worker import run_one
from mopsaudit.organisation import save_setting
from mopsaudit.problems import RefusedError
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import StoredFile
from mopsaudit.store.ledger import Import, ImportStatus, LayoutProfile, Sighting, SpendLine
from mopsaudit.store.session import SYSTEM, reading, unit_of_work
from tests.intake.files import NOW

READER = "importers.reader:read_file"
CSV = (
    "Date,Supplier,Description,Invoice number,Amount,Code\n"
    "2026-03-05,HUBSPOT INC.,seats,INV-1,1200.50,7\n"
    "2026-03-06,ACME LTD,paper,INV-2,80.00,8\n"
)


def upload(
    session: Session, data: Path, content: str = CSV, name: str = "spend.csv", **options: Any
) -> Received:
    return receive(
        session,
        kind=Kind.SPEND,
        file_name=name,
        stream=io.BytesIO(content.encode()),
        options=ImportOptions(**options),
        folder=data,
        settings=Settings(),
        actor=SYSTEM,
        now=NOW,
        queue=True,
    )


def put(app: Flask, data: Path, content: str = CSV, **options: Any) -> int:
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        number = upload(session, data, content, **options).import_id
    assert number is not None
    return number


def work_off(app: Flask) -> None:
    while run_one(app, work.HANDLERS, worker="test"):
        pass


def status(app: Flask, number: int) -> str:
    with app.app_context(), reading() as session:
        return session.get_one(Import, number).status


def apply(app: Flask, data: Path, number: int) -> dict[str, Any]:
    with app.app_context():
        return run.apply_read(number, reader=READER, folder=data, actor=SYSTEM, now=NOW)


def test_the_original_is_kept_under_a_random_name_with_its_job(session: Session, data: Path) -> None:
    number = upload(session, data, name="../../Ünïcode \x07budget.csv").import_id
    assert number is not None
    record = session.get_one(Import, number)
    assert record.file_name == "Ünïcode budget.csv"
    path = original(data, session, record)
    assert path.read_text(encoding="utf-8") == CSV
    assert path.parent == data / "uploads"
    assert "budget" not in path.name
    assert path.stat().st_mode & 0o777 == 0o600
    job = job_of(session, READ_JOB, number)
    assert job is not None
    assert job.status == JobStatus.QUEUED


def test_the_same_bytes_are_kept_once(session: Session, data: Path) -> None:
    upload(session, data)
    upload(session, data)
    assert len(list((data / "uploads").iterdir())) == 1
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 1


def test_a_file_too_large_is_refused_and_leaves_nothing(session: Session, data: Path) -> None:
    with pytest.raises(RefusedError, match="larger than 1 MiB"):
        receive(
            session,
            kind=Kind.SPEND,
            file_name="big.csv",
            stream=io.BytesIO(b"x" * (2 << 20)),
            options=ImportOptions(),
            folder=data,
            settings=Settings(upload_bytes=1 << 20),
            actor=SYSTEM,
            now=NOW,
            queue=True,
        )
    assert list((data / "uploads").iterdir()) == []


@pytest.mark.parametrize("more, ends", [(0, "imported"), (1, "refused")])
def test_a_larger_limit_reaches_the_reader(
    app: Flask, data: Path, tmp_path: Path, more: int, ends: str
) -> None:
    """A file of just the size the setting allows, beyond what is usual, is read; one byte more is refused."""
    limit = Limits().body + (1 << 20)
    head = b"Date,Supplier,Description,Invoice number,Amount\n"
    row = b"2026-03-05,HUBSPOT INC.,%s,INV-%06d,1.00\n"
    text = b"x" * 10_000
    lines = [row % (text, number) for number in range(limit // (len(row % (text, 0))))]
    size = len(head) + sum(map(len, lines))
    lines[0] = lines[0].replace(text, text + b"y" * (limit + more - size))
    path = tmp_path / "large.csv"
    path.write_bytes(head + b"".join(lines))
    assert path.stat().st_size == limit + more
    with app.app_context():
        with unit_of_work(SYSTEM, now=NOW) as session:
            save_setting(session, "upload_bytes", limit)
        told = run.import_file(
            Kind.SPEND, path, ImportOptions(), reader=READER, folder=data, actor=SYSTEM, now=NOW
        )
    assert told["status"] == ends, told.get("reason")
    if ends == "refused":
        assert "larger than 21 MiB" in told["reason"]
    else:
        assert told["sheets"][0]["lines"]["imported"] == len(lines)


def test_a_file_received_under_a_higher_limit_is_still_read(app: Flask, data: Path) -> None:
    content = CSV + "".join(f"2026-03-07,ACME LTD,paper,INV-{number},1.00,8\n" for number in range(3, 40))
    number = put(app, data, content)
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        save_setting(session, "upload_bytes", 1024)
    assert len(content) > 1024
    work_off(app)
    assert status(app, number) == "ready"


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_file_name("a" * 300 + ".xlsx")
    assert len(name) == 200
    assert name.endswith(".xlsx")
    assert clean_file_name("") == "file"


def test_the_worker_reads_and_the_review_shows_what_will_happen(app: Flask, data: Path) -> None:
    number = put(app, data)
    assert status(app, number) == "queued"
    work_off(app)
    assert status(app, number) == "ready"
    with app.app_context(), reading() as session:
        seen = review(session, number)
        assert seen.lines["imported"] == 2
        assert seen.totals == ({"currency": "USD", "imported": "1280.50"},)
        assert seen.sheets[0].certificates[0].balanced
        assert seen.sheets[0].detail["preview"][0][1][0] == "Date"
        assert seen.suppliers_open == 1
        assert session.scalar(select(func.count()).select_from(SpendLine)) == 0
    done = apply(app, data, number)
    assert (done["status"], done["totals"]) == ("imported", [{"currency": "USD", "imported": "1280.50"}])


def test_an_edit_is_read_anew_and_remembered_for_the_next_file(app: Flask, data: Path) -> None:
    number = put(app, data)
    work_off(app)
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        record = session.get_one(Import, number)
        edits = [
            Edit(kind=EditKind.COLUMN, value="gl_account", target="F"),
            Edit(kind=EditKind.ROW, value="ignore", target="3"),
            Edit(kind=EditKind.CURRENCY, value="eur"),
            Edit(kind=EditKind.SOURCE, value="AP France"),
        ]
        edit_decision(session, number, record.version, edits, actor=SYSTEM, now=NOW)
    work_off(app)
    with app.app_context(), reading() as session:
        seen = review(session, number)
        assert seen.totals == ({"currency": "EUR", "imported": "1200.50"},)
    apply(app, data, number)
    with app.app_context(), reading() as session:
        line = session.scalars(select(SpendLine)).one()
        assert line.gl_account == "7"
        source = line.source_id
        assert session.scalars(select(LayoutProfile.source_id)).all() == [source]
    following = put(app, data, CSV.replace("2026-03", "2026-04"))
    work_off(app)
    apply(app, data, following)
    with app.app_context(), reading() as session:
        late = session.scalars(select(SpendLine).order_by(SpendLine.id.desc())).first()
        assert late is not None
        assert (late.currency, late.gl_account, late.source_id) == ("EUR", "8", source)


def test_applying_needs_no_spool(app: Flask, data: Path) -> None:
    number = put(app, data)
    work_off(app)
    for kept in (data / spool.SPOOL).iterdir():
        kept.unlink()
    assert apply(app, data, number)["status"] == "imported"


def test_two_clicks_at_once_have_one_effect(app: Flask, data: Path) -> None:
    number = put(app, data)
    work_off(app)
    start, errors = threading.Barrier(4), []

    def click() -> None:
        start.wait()
        try:
            apply(app, data, number)
        except Exception as error:  # noqa: BLE001  # collected for the assertion
            errors.append(error)

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(SpendLine)) == 2
        assert session.scalar(select(func.count()).select_from(Sighting)) == 2
        assert not difference(session)


@pytest.mark.postgres
def test_two_clicks_at_once_have_one_effect_on_postgresql(app: Flask, data: Path) -> None:
    test_two_clicks_at_once_have_one_effect(app, data)


def test_overlapping_files_applied_at_once_enter_once(app: Flask, data: Path) -> None:
    numbers = [put(app, data, CSV + f"2026-03-09,OTHER {index},x,N{index},1.00,9\n") for index in range(3)]
    work_off(app)
    threads = [threading.Thread(target=apply, args=(app, data, number)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(SpendLine)) == 5
        assert not difference(session)


@pytest.mark.postgres
def test_overlapping_files_applied_at_once_enter_once_on_postgresql(app: Flask, data: Path) -> None:
    test_overlapping_files_applied_at_once_enter_once(app, data)


def test_a_killed_reading_is_read_again(app: Flask, data: Path) -> None:
    number = put(app, data)
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        begin_reading(session, number, now=NOW)
    assert status(app, number) == "reading"
    work_off(app)
    assert status(app, number) == "ready"


def test_a_failure_while_applying_leaves_everything_as_before(
    app: Flask, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = put(app, data)
    work_off(app)

    def broken(*_: Any) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("mopsaudit.intake.apply.remember_layout", broken)
        with pytest.raises(OSError, match="no space"):
            apply(app, data, number)
    assert status(app, number) == "ready"
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(SpendLine)) == 0
        assert not difference(session)
    assert apply(app, data, number)["status"] == "imported"


def test_a_refused_file_says_why_and_blocks_nothing(app: Flask, data: Path) -> None:
    number = put(app, data, "\x00\x01 nonsense")
    work_off(app)
    assert status(app, number) == "refused"
    with app.app_context(), reading() as session:
        assert import_json(session, number)["reason"]
    again = put(app, data, "\x00\x01 nonsense")
    assert again != number


def test_cancelling_before_reading_ends_the_import(app: Flask, data: Path) -> None:
    number = put(app, data)
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session:
        job = job_of(session, READ_JOB, number)
        assert job is not None
        ask_cancel(session, job, now=datetime.now(UTC), ending=work.ENDINGS[READ_JOB])
    work_off(app)
    assert status(app, number) == "cancelled"
    with app.app_context(), unit_of_work(SYSTEM, now=NOW) as session, pytest.raises(InvalidError):
        begin_reading(session, number, now=NOW)


def test_the_importers_own_fault_fails_the_import_and_nothing_else(app: Flask, data: Path) -> None:
    number = put(app, data)
    app.config["MOPSAUDIT_READER"] = "tests.intake.broken_reader:read_file"
    work_off(app)
    assert status(app, number) == "failed"


def test_the_decision_survives_its_json_form(app: Flask, data: Path) -> None:
    number = put(app, data)
    work_off(app)
    with app.app_context(), reading() as session:
        stored = session.get_one(Import, number).decision
        assert stored is not None
        assert ReadingDecision.from_json(stored).to_json() == stored
        assert session.get_one(Import, number).status == ImportStatus.READY
