"""Eight people writing at once over HTTP, others reading: nothing fails, nothing is lost, nothing is entered twice.

The server is the one ``mopsaudit serve`` starts, with its worker, on SQLite. The figures it prints are what SAFETY asks
for (``pytest -s``); times depend on what else the machine does, so they are told and not held against a bar.
"""

import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import func, select

from blueprints import credentials
from mopsaudit import checks
from mopsaudit.organisation import create_account
from mopsaudit.reports.registry import REPORTS
from mopsaudit.store.models import Import, SpendLine, Supplier, Tool
from mopsaudit.store.session import SYSTEM, db, keyring, reading, unit_of_work
from mopsaudit.store.system import TrailEntry
from tests import builders
from tests.bench.company import fill
from tests.cli.test_serve import get, served, until
from tests.cli.visitor import Answered, Log, Visitor

PASSWORD: Final = "four unrelated words 7"
WRITERS: Final = 8
#: Own lines of a file; one more stands in all files.
LINES: Final = 30
#: How long all of it may take before it counts as stuck.
TOO_LONG: Final = 1_500.0
CONFLICT: Final = "Somebody changed this tool since you opened it"
DECIDED: Final = "since you looked: it is"
_NOTES: Final = re.compile(r'<textarea[^>]*name="notes"[^>]*>\s*([^<]*)</textarea>')


@dataclass(frozen=True, slots=True)
class Size:
    """What each writer does: edits of the shared tools, own tools, own files, suppliers; readers; tools there are."""

    edits: int
    tools: int
    files: int
    suppliers: int
    readers: int
    company: int


SAMPLE: Final = Size(edits=2, tools=1, files=0, suppliers=2, readers=1, company=0)
WHOLE: Final = Size(edits=50, tools=5, files=2, suppliers=10, readers=3, company=100)


@dataclass(slots=True)
class Done:
    """What a writer was told went through, and how often somebody else was first."""

    person_id: int
    #: (tool, version seen, text written) of every edit that was accepted.
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    conflicts: int = 0
    tools: list[str] = field(default_factory=list)
    #: (supplier, version seen) of every settlement that was accepted.
    settled: list[tuple[int, int]] = field(default_factory=list)
    late: int = 0


def ledger(name: str) -> bytes:
    """A file with lines of its own and a first one that stands in every file."""
    head = "Date,Supplier,Description,Invoice number,Amount\n2026-03-05,SHARED LTD,shared,S-1,10.00\n"
    own = (f"2026-03-{1 + n % 28:02},SUPPLIER {n % 10},thing,{name}-{n},{n}.25\n" for n in range(LINES))
    return (head + "".join(own)).encode()


class Load:
    """Everybody at once: each step begins for all writers at the same moment."""

    def __init__(
        self, address: str, size: Size, people: Sequence[tuple[str, int]], tools: Sequence[int]
    ) -> None:
        self.address, self.size, self.tools = address, size, tools
        self.log = Log()
        self.people = people
        self.suppliers: list[int] = []
        self._over = threading.Event()
        self._together = threading.Barrier(WRITERS, timeout=TOO_LONG)

    def run(self, between: Callable[[], list[int]]) -> list[Done]:
        """Let them work; ``between`` finds the suppliers there are once every file is in the ledger."""
        with ThreadPoolExecutor(WRITERS + self.size.readers) as pool:
            readers = [pool.submit(self._read, email) for email, _ in self.people[WRITERS:]]
            writers = [
                pool.submit(self._write, number, between, *person)
                for number, person in enumerate(self.people[:WRITERS])
            ]
            try:
                wait(writers, TOO_LONG)
                # Who fails leaves the others waiting in vain: the first cause is told, not what came of it.
                for each in writers:
                    if (wrong := each.exception(0)) and not isinstance(wrong, threading.BrokenBarrierError):
                        raise wrong
                done = [each.result(0) for each in writers]
            finally:
                self._over.set()
                self._together.abort()
            seen = sum(each.result(TOO_LONG) for each in readers)
        assert seen >= self.size.readers
        return done

    def _enter(self, email: str) -> Visitor:
        visitor = Visitor(self.address, self.log)
        visitor.get("/sign-in")
        answer = visitor.post("/sign-in", {"email": email, "password": PASSWORD})
        assert answer.status == 303, answer
        return visitor

    def _read(self, email: str) -> int:
        visitor, seen = self._enter(email), 0
        pages = ("/", "/tools", *(f"/reports/{slug}" for slug in REPORTS), "/suppliers", "/imports")
        while not self._over.is_set():
            answer = visitor.get(pages[seen % len(pages)])
            assert answer.status == 200, answer
            seen += 1
        return seen

    def _write(self, number: int, between: Callable[[], list[int]], email: str, person_id: int) -> Done:
        done = Done(person_id=person_id)
        try:
            self._together.wait()
            visitor = self._enter(email)
            self._together.wait()
            self._add_tools(visitor, number, done)
            for turn in range(self.size.edits):
                self._edit(visitor, self.tools[(turn + number // 2) % len(self.tools)], done)
            self._together.wait()
            self._enter_file(visitor, "shared.csv", ledger("all"))
            for turn in range(self.size.files):
                self._enter_file(visitor, f"{number}-{turn}.csv", ledger(f"{number}-{turn}"))
            if self._together.wait() == 0:
                self.suppliers = between()
            self._together.wait()
            for supplier in self.suppliers[: self.size.suppliers]:
                self._settle(visitor, supplier, number, done)
        except BaseException:
            self._together.abort()
            raise
        return done

    def _add_tools(self, visitor: Visitor, number: int, done: Done) -> None:
        """Enter tools by hand, each form sent twice as by an impatient person."""
        for turn in range(self.size.tools):
            name = f"Loaded {number}-{turn}"
            visitor.get("/tools/new")
            sent = {"name": name, "category": "engagement", "notes": "0"}
            first, second = visitor.post("/tools/new", sent), visitor.post("/tools/new", sent)
            assert (first.status, second.status) == (303, 303), (first, second)
            assert first.location == second.location
            done.tools.append(name)

    def _edit(self, visitor: Visitor, tool: int, done: Done) -> None:
        """Add a word to the tool's notes, reading anew as often as somebody else was first.

        The word is nobody else's: the same values saved by two people are no conflict, as nothing is lost.
        """
        path = f"/tools/{tool}/edit"
        word = f"{done.person_id}.{len(done.edits)}"
        while True:
            page = visitor.get(path)
            found = _NOTES.search(page.text)
            assert found is not None, page
            seen = int(visitor.fields["version"])
            text = f"{found[1].strip()} {word}"
            answer = visitor.post(path, {"notes": text, **_kept(page)})
            if answer.status == 303:
                done.edits.append((tool, seen, text))
                return
            assert answer.status == 422, answer
            assert CONFLICT in answer.text, answer
            done.conflicts += 1

    def _enter_file(self, visitor: Visitor, name: str, content: bytes) -> None:
        """Upload, wait until it is read, import it, wait until it counts or turned out to be there already."""
        visitor.get("/imports")
        answer = visitor.send_file("/imports", {"kind": "spend"}, name, content)
        assert answer.status == 303, answer
        place = answer.location.partition("?")[0]
        self._finished(visitor, place)
        if f"{place}/apply" in visitor.get(place).text:
            pressed = visitor.post(f"{place}/apply", {})
            assert pressed.status == 303, pressed
        self._finished(visitor, place)

    def _finished(self, visitor: Visitor, place: str) -> None:
        deadline = time.monotonic() + TOO_LONG
        while '"finished":true' not in (answer := visitor.get(f"{place}/state")).text.replace(" ", ""):
            assert answer.status == 200, answer
            assert time.monotonic() < deadline, f"{place} is never finished"
            time.sleep(0.1)

    def _settle(self, visitor: Visitor, supplier: int, number: int, done: Done) -> None:
        """Say what a supplier is, as seen; whoever comes late is told so."""
        visitor.get(f"/suppliers/{supplier}")
        seen = int(visitor.fields["version"])
        sent = {"kind": "marketing", "spend_type": "media"} if number % 2 else {"kind": "not_marketing"}
        answer = visitor.post(f"/suppliers/{supplier}/settle", sent)
        if answer.status == 303:
            done.settled.append((supplier, seen))
        else:
            assert answer.status == 422, answer
            assert DECIDED in answer.text, answer
            done.late += 1


def _kept(page: Answered) -> dict[str, str]:
    """The fields a person leaves as they are."""
    name = re.search(r'<input[^>]*name="name"[^>]*value="([^"]*)"', page.text)
    category = re.search(
        r'<select[^>]*name="category".*?<option selected value="([^"]+)"', page.text, re.DOTALL
    )
    assert name is not None, page
    assert category is not None, page
    return {"name": name[1], "category": category[1]}


@contextmanager
def loaded(app: Flask, data: Path, size: Size, log: Path) -> Iterator[Load]:
    """The server on a company with people who can sign in and tools to share."""
    now = datetime.now(UTC)
    roles = ["finance"] * WRITERS + ["viewer"] * size.readers
    with app.app_context():
        stored = credentials.hashed(PASSWORD)
        with unit_of_work(SYSTEM, now=now) as session:
            if size.company:
                fill(session, size.company)
            people = []
            for number, role in enumerate(roles):
                email = f"{role}{number}@example.com"
                account = create_account(
                    session, email=email, name=f"{role} {number}", password_hash=stored, role=role, now=now
                )
                people.append((email, account.person_id))
            tools = [
                builders.tool(session, f"Shared {number}", notes="0").id for number in range(WRITERS // 2)
            ]
        db.session.remove()
    with log.open("w") as told, served(data, workers=2, log=told) as (_, address):
        until("it is ready", lambda: get(f"{address}/readyz")[0] == 200)
        yield Load(address, size, people, tools)


def suppliers_of_files(app: Flask) -> list[int]:
    """The suppliers of the files' lines."""
    with app.app_context(), reading() as session:
        names = select(Supplier.id).where(Supplier.name.like("SUPPLIER %")).order_by(Supplier.id)
        return list(session.scalars(names))


def nothing_failed(log: Log, told: str) -> None:
    """Every request was answered, none with a fault; nobody, and no log, hears of a locked database."""
    assert not [each for each in log.answers if each.status == 0 or each.status >= 500]
    assert not log.locked
    assert "database is locked" not in told
    assert "Traceback" not in told


def nothing_lost(app: Flask, load: Load, done: Sequence[Done]) -> None:
    """A version is accepted once; as many edits stand as were accepted, each in the trail with what was before it."""
    accepted = [each for writer in done for each in writer.edits]
    assert len(accepted) == WRITERS * load.size.edits
    versions = {(tool, seen) for tool, seen, _ in accepted}
    assert len(versions) == len(accepted), "two edits of one version were accepted"
    by_tool: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for tool, seen, written in accepted:
        by_tool[tool].append((seen, written))
    entries: dict[str, int] = defaultdict(int)
    with app.app_context(), reading() as session:
        for tool in load.tools:
            texts = ["0", *(written for _, written in sorted(by_tool[tool]))]
            assert session.get_one(Tool, tool).notes == texts[-1]
            assert len(texts[-1].split()) == len(set(texts[-1].split())) == len(texts)
            rows = trail_of(session, "tool", tool)
            changes = [(row.before["notes"], row.after["notes"]) for row in rows if row.action == "update"]
            assert changes == list(pairwise(texts))
            for row in rows:
                entries[row.actor] += row.action == "update"
        assert {actor: count for actor, count in entries.items() if count} == {
            f"person:{each.person_id}": len(each.edits) for each in done
        }


def nothing_doubled(app: Flask, load: Load, done: Sequence[Done]) -> None:
    """One tool for each form however often sent; a line for each line of a file, those of the shared file once."""
    names = sorted(name for writer in done for name in writer.tools)
    files = WRITERS * load.size.files + 1
    cents = files * sum(100 * n + 25 for n in range(LINES)) + 10_00
    with app.app_context(), reading() as session:
        entered = session.execute(select(Tool.id, Tool.name).where(Tool.name.like("Loaded %"))).all()
        assert sorted(each.name for each in entered) == names
        assert len(names) == WRITERS * load.size.tools
        for each in entered:
            assert [row.action for row in trail_of(session, "tool", each.id)] == ["insert"]
        lines = (
            select(func.count(), func.sum(SpendLine.booked_minor))
            .join(Supplier, Supplier.id == SpendLine.supplier_id)
            .where(Supplier.name.like("SUPPLIER %") | Supplier.name.like("SHARED %"))
            .where(SpendLine.living.is_(True))
        )
        assert tuple(session.execute(lines).one()) == (files * LINES + 1, cents)
        spend = session.scalars(
            select(Import).where(Import.kind == "spend", Import.file_name.like("%.csv"))
        ).all()
        counted = Counter(each.file_name for each in spend if each.status == "imported")
        assert {name: counted[name] for name in counted if name != "shared.csv"} == {
            f"{number}-{turn}.csv": 1 for number in range(WRITERS) for turn in range(load.size.files)
        }
        assert counted["shared.csv"] == 1


def nothing_decided_twice(app: Flask, load: Load, done: Sequence[Done]) -> None:
    """One answer for each supplier and version; the last one stands, and each is in the trail under its person."""
    accepted = [(supplier, seen, each) for each in done for supplier, seen in each.settled]
    assert len(accepted) + sum(each.late for each in done) == WRITERS * load.size.suppliers
    assert len({(supplier, seen) for supplier, seen, _ in accepted}) == len(accepted)
    with app.app_context(), reading() as session:
        for supplier in load.suppliers[: load.size.suppliers]:
            order = [each for _, each in sorted((s, e.person_id) for f, s, e in accepted if f == supplier)]
            rows = [
                row
                for row in trail_of(session, "supplier", supplier)
                if row.action == "update" and "decided_by_id" in (row.after or {})
            ]
            assert [row.actor for row in rows] == [f"person:{person}" for person in order]
            assert session.get_one(Supplier, supplier).decided_by_id == order[-1]


def trail_of(session: Any, subject: str, record_id: int) -> list[Any]:
    """The entries of a record, oldest first."""
    wanted = select(TrailEntry).where(TrailEntry.subject == subject, TrailEntry.record_id == record_id)
    return list(session.scalars(wanted.order_by(TrailEntry.id)))


def wrong(app: Flask, data: Path) -> dict[str, int]:
    """What ``db check`` finds wrong: reconciliations, sums, originals and the chain of the trail.

    The company there is at the start has files without originals, which it says too.
    """
    with app.app_context(), reading() as session:
        report = checks.check_all(session, folder=data, keyring=keyring())
        return {check.name: check.wrong for check in report.checks}


def figures(load: Load, done: Sequence[Done], seconds: float) -> str:
    """Requests, conflicts and times by kind, as a person reads them."""
    edits, settled = sum(len(each.edits) for each in done), sum(len(each.settled) for each in done)
    conflicts, late = sum(each.conflicts for each in done), sum(each.late for each in done)
    lines = [f"{len(load.log.answers):,} requests in {seconds:.0f} s: {edits} edits, {conflicts} conflicts"]
    lines.append(f"{settled} settlements, {late} came late")
    for what, count in sorted(Counter(each.what for each in load.log.answers).items()):
        took = load.log.seconds(what)
        middle, most = took[len(took) // 2], took[min(len(took) - 1, len(took) * 95 // 100)]
        lines.append(f"{what:32} {count:6,} median {middle * 1000:6.0f} ms, p95 {most * 1000:6.0f} ms")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(SAMPLE, id="sample"),
        pytest.param(WHOLE, id="whole", marks=(pytest.mark.soak, pytest.mark.alone)),
    ],
)
def test_everybody_at_once(app: Flask, data: Path, tmp_path: Path, size: Size) -> None:
    log = tmp_path / "server.log"
    with loaded(app, data, size, log) as load:
        before = wrong(app, data)
        begun = time.monotonic()
        done = load.run(lambda: suppliers_of_files(app))
        print(figures(load, done, time.monotonic() - begun))  # noqa: T201  # what the soak is run for
    nothing_failed(load.log, log.read_text())
    nothing_lost(app, load, done)
    nothing_doubled(app, load, done)
    nothing_decided_twice(app, load, done)
    assert wrong(app, data) == before
