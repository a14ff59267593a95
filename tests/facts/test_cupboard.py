"""Answers outlive a process: read back equal, from disk without asking, and never once what they read has changed."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.cli import warming
from mopsaudit.facts.cupboard import Cupboard
from mopsaudit.facts.reading import NotAtHandError, answer, at_hand, cupboard_of, share, shelf_of
from mopsaudit.facts.shelf import Kept
from mopsaudit.governance.decisions import record_decision
from mopsaudit.intake.rate_table import add_rate
from mopsaudit.intake.settling import Answer, settle
from mopsaudit.intake.undo import undo_import
from mopsaudit.inventory.contracts import edit_line
from mopsaudit.inventory.tools import edit_tool
from mopsaudit.organisation import scope_for
from mopsaudit.organisation.entities import close_books
from mopsaudit.reports.registry import REPORTS, all_findings
from mopsaudit.store.models import ContractLine, Import, LegalEntity, LinePart, SpendLine, Supplier, Tool
from mopsaudit.store.session import db
from mopsaudit.store.stamps import IDENTITY
from tests import builders as build
from tests.bench.company import fill
from tests.facts.company import DAY
from tests.facts.test_company import as_read
from tests.reports.test_speed import listening_to

NOW = {IDENTITY: 7, "tool": 1}


def test_an_answer_is_given_where_all_its_stamps_hold(tmp_path: Path) -> None:
    cupboard = Cupboard(tmp_path / "kept")
    cupboard.keep("q", Kept(value=(1,), stamps={"tool": 1, "vendor": 0}), NOW)
    found = cupboard.find("q", NOW)
    assert found is not None
    assert found.value == (1,)
    assert cupboard.find("other", NOW) is None
    assert cupboard.find("q", {**NOW, "vendor": 3}) is None
    assert cupboard.find("q", {**NOW, IDENTITY: 8}) is None, "another database's"
    assert cupboard.sweep(NOW) == 0
    assert cupboard.sweep({**NOW, "tool": 2}) == 1, "what no longer holds is not left lying about"
    assert cupboard.find("q", NOW) is None


def test_a_database_without_an_identity_keeps_nothing(tmp_path: Path) -> None:
    cupboard = Cupboard(tmp_path / "kept")
    cupboard.keep("q", Kept(value=1, stamps={"tool": 1}), {"tool": 1})
    assert cupboard.find("q", {"tool": 1}) is None
    assert not (tmp_path / "kept").exists()


def test_a_torn_file_is_an_answer_to_be_made_anew(tmp_path: Path) -> None:
    cupboard = Cupboard(tmp_path / "kept")
    cupboard.keep("q", Kept(value=("x" * 100,), stamps={"tool": 1}), NOW)
    (path,) = (tmp_path / "kept").glob("*.answer")
    whole = path.read_bytes()
    for torn in (
        b"",
        whole[:10],
        whole.replace(b"xx", b"xy", 1),
        whole[:-20],
        b"\0" * len(whole),
        b'{"database": 7}\n',
        b"\xff",
    ):
        path.write_bytes(torn)
        assert cupboard.find("q", NOW) is None
    path.write_bytes(whole)
    assert cupboard.find("q", NOW) is not None
    assert path.stat().st_mode & 0o077 == 0, "its owner's alone"


def test_a_full_folder_lets_the_oldest_go(tmp_path: Path) -> None:
    cupboard = Cupboard(tmp_path / "kept", most=5_000)
    for number in range(6):
        cupboard.keep(number, Kept(value="x" * 1_500, stamps={}), NOW)
    assert [cupboard.find(number, NOW) is not None for number in range(6)] == [False] * 3 + [True] * 3


def test_a_folder_that_cannot_be_written_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    cupboard = Cupboard(tmp_path / "kept")
    with cupboard.turn("q"):
        cupboard.keep("q", Kept(value=1, stamps={}), NOW)
    assert cupboard.find("q", NOW) is None


def _everything(reader: Session) -> dict[str, Any]:
    scope = scope_for(reader, as_of=DAY, environ={})
    found: dict[str, Any] = {slug: room.build(reader, scope) for slug, room in REPORTS.items()}
    return {**found, "findings": all_findings(reader, scope)}


def test_a_new_process_takes_every_report_from_the_folder(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    fill(session, 20)
    session.commit()
    with app.app_context():
        share(db.engine, tmp_path / "kept")
    made = as_read(app, _everything)
    shelf_of(db.engine).clear()
    with listening_to(db.engine) as heard:
        assert as_read(app, _everything) == made
    assert len(heard) < 10, "nothing is worked out"
    shelf_of(db.engine).clear()
    session.get_one(Tool, 1).name = "Renamed"
    session.commit()
    assert "Renamed" in json.dumps(as_read(app, _everything)["stack"].to_json())


def test_a_note_on_a_tool_leaves_every_report_as_it_is(app: Flask, session: Session, tmp_path: Path) -> None:
    fill(session, 20)
    session.commit()
    with app.app_context():
        share(db.engine, tmp_path / "kept")
    made = as_read(app, _everything)
    tool = session.get_one(Tool, 1)
    edit_tool(session, tool.id, tool.version, {"notes": "Seen on Tuesday."})
    session.commit()
    with listening_to(db.engine) as heard:
        assert as_read(app, _everything) == made
    assert len(heard) < 10, "nothing is worked out anew"


def test_who_takes_only_what_is_at_hand_works_nothing_out(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    with app.app_context():
        share(db.engine, tmp_path / "kept")

    def look(reader: Session) -> Any:
        return answer(reader, "question", lambda: 42, alone=True)

    def only(reader: Session) -> Any:
        with at_hand():
            return look(reader)

    with pytest.raises(NotAtHandError):
        as_read(app, only)
    assert as_read(app, look) == 42
    assert as_read(app, only) == 42
    shelf_of(db.engine).clear()
    assert as_read(app, only) == 42


def test_the_worker_makes_ready_what_a_web_process_finds(
    app: Flask, session: Session, tmp_path: Path, now: datetime
) -> None:
    fill(session, 12)
    session.commit()
    with app.app_context():
        share(db.engine, tmp_path / "kept")
        shelf_of(db.engine).clear()
    seen: list[str] = []
    worker = warming.Warming(app, works=True, clock=lambda: now, environ={})
    web = warming.Warming(
        app, works=False, clock=lambda: now, environ={}, seen=lambda report: seen.append(report.name)
    )

    def apart(look: Callable[[], bool]) -> bool:
        return as_read(app, lambda _: look())

    assert apart(web.look)
    assert not seen, "nothing is there yet, and a web process works nothing out"
    assert not apart(worker.look), "it waits until the data are still"
    assert apart(worker.look)
    assert not apart(worker.look), "all is ready"
    shelf_of(db.engine).clear()  # as in another process
    assert apart(web.look)
    assert seen[: len(REPORTS)] == list(REPORTS)
    assert not apart(web.look)
    session.get_one(Tool, 1).name = "Renamed"
    session.commit()
    assert not apart(worker.look)
    assert apart(worker.look)
    shelf_of(db.engine).clear()

    def only(reader: Session) -> str:
        with at_hand():
            return json.dumps(_everything(reader)["stack"].to_json())

    assert "Renamed" in as_read(app, only)


class _Changes:
    """One change after the other, as people and files make them."""

    def __init__(self, session: Session, seed: int) -> None:
        self._session, self._chance = session, random.Random(seed)
        self._number = 0

    def make(self) -> str:
        kinds = sorted(name for name in dir(self) if name.startswith("_do_"))
        kind = self._chance.choice(kinds)
        self._number += 1
        getattr(self, kind)()
        return kind.removeprefix("_do_")

    def _tool(self) -> Tool:
        return self._chance.choice(
            self._session.scalars(select(Tool).where(Tool.merged_into_id.is_(None)).order_by(Tool.id)).all()
        )

    def _do_import_spend(self) -> None:
        file = build.import_file(self._session, f"More {self._number}.xlsx")
        for _ in range(3):
            day = date(2026, self._chance.randrange(1, 10), self._chance.randrange(1, 28))
            build.spend_line(
                self._session, self._chance.randrange(1, 10**6), on=day, tool=self._tool(), from_import=file
            )

    def _do_undo_import(self) -> None:
        found = self._session.scalars(
            select(Import).where(Import.file_name.like("More %"), Import.status == "imported")
        ).first()
        if found is not None:
            undo_import(self._session, found.id, now=datetime(2026, 9, 30, tzinfo=UTC), today=DAY)

    def _do_edit_tool(self) -> None:
        tool = self._tool()
        edit_tool(self._session, tool.id, tool.version, {"name": f"Other name {self._number}"})

    def _do_edit_contract(self) -> None:
        line = self._chance.choice(
            self._session.scalars(select(ContractLine).order_by(ContractLine.id)).all()
        )
        edit_line(
            self._session, line.id, line.version, {"amount_minor": self._chance.randrange(1, 9_000_000)}
        )

    def _do_rate(self) -> None:
        scope = scope_for(self._session, as_of=DAY, environ={})
        day = date(2025, 1, 1 + self._number)
        add_rate(self._session, scope, currency="EUR", kind="booking", valid_from=day, rate=Decimal("1.1"))

    def _do_foreign_line(self) -> None:
        build.spend_line(self._session, 70_000, tool=self._tool(), currency="EUR", converted=False)

    def _do_decide(self) -> None:
        record_decision(
            self._session,
            tool_id=self._tool().id,
            verdict="keep",
            decided_on=DAY,
            reason=f"Reason {self._number}",
            currency="USD",
        )

    def _do_place_line(self) -> None:
        line = self._session.scalars(select(SpendLine).order_by(SpendLine.id).limit(1)).one()
        line.supplier_text = f"Supplier {self._number}"

    def _do_settle_supplier(self) -> None:
        supplier = self._chance.choice(self._session.scalars(select(Supplier).order_by(Supplier.id)).all())
        settle(
            self._session,
            supplier.id,
            supplier.version,
            Answer(kind="tool", tool_id=self._tool().id),
            person_id=None,
            now=datetime(2026, 9, 30, tzinfo=UTC),
            today=DAY,
            settings=scope_for(self._session, as_of=DAY, environ={}).settings,
        )

    def _do_split(self) -> None:
        line = build.spend_line(self._session, 90_000, tool=self._tool(), split=True)
        self._session.add(
            LinePart(
                line_id=line.id,
                tool_id=self._tool().id,
                spend_type="software",
                amount_minor=90_000,
                base_minor=90_000,
            )
        )

    def _do_usage(self) -> None:
        build.usage(
            self._session,
            self._tool(),
            as_of=date(2026, 8, 1 + self._number),
            users=[{"key": f"u{self._number}@example.com", "last_activity": DAY}],
        )

    def _do_close_month(self) -> None:
        entity = self._session.scalars(select(LegalEntity)).first()
        if entity is None:
            entity = build.entity(self._session)
        month = min(8, 1 + self._number)
        close_books(
            self._session,
            entity.id,
            closed_through=date(2026, month, 28),
            version=entity.version,
            today=DAY,
            reason="A correction.",
        )

    def _do_note(self) -> None:
        self._tool().notes = f"Note {self._number}"


def _kept_equals_made_anew(app: Flask, session: Session, folder: Path, *, seed: int, steps: int) -> None:
    fill(session, 8)
    session.commit()
    with app.app_context():
        share(db.engine, folder / "kept")
    changes = _Changes(session, seed)
    said = ["nothing"]
    for step in range(steps):
        cupboard = cupboard_of(db.engine)
        assert cupboard is not None
        kept = as_read(app, _everything)
        again = as_read(app, _everything)
        shelf_of(db.engine).clear()
        of_file = as_read(app, _everything)
        shelf_of(db.engine).clear()
        cupboard.folder = folder / f"empty{step}"
        anew = as_read(app, _everything)
        cupboard.folder = folder / "kept"
        for name, value in anew.items():
            assert kept[name] == again[name] == of_file[name] == value, (seed, said, name)
        said.append(changes.make())
        session.commit()


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 40))])
def test_what_is_kept_equals_what_is_made_anew_after_any_change(
    app: Flask, session: Session, tmp_path: Path, seed: int
) -> None:
    _kept_equals_made_anew(app, session, tmp_path, seed=seed, steps=25 if seed else 7)


@pytest.mark.postgres
def test_the_same_on_postgresql(app: Flask, session: Session, tmp_path: Path) -> None:
    _kept_equals_made_anew(app, session, tmp_path, seed=7, steps=5)
