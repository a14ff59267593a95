"""New rules of normalising: every decision is found by new spellings, nothing is decided in silence."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.intake.normalise import normalise
from mopsaudit.intake.placing import Judgement, suppliers_of
from mopsaudit.intake.settling import Answer, unsettle
from mopsaudit.intake.split_plans import Part
from mopsaudit.intake.summaries import difference
from mopsaudit.intake.supplier_keys import (
    KeyChange,
    key_conflicts,
    keys_are_current,
    renew_keys,
    rules_digest,
)
from mopsaudit.store.ledger import SpendLine, SplitRule, Supplier, SupplierSpelling
from mopsaudit.store.system import TrailEntry
from tests import builders
from tests.intake.files import NOW, TODAY, Line, enter, spend_read
from tests.intake.test_suppliers import SETTINGS, decide, named

#: Two names that are one by today's rules, as an earlier release knew them, and one nobody else has.
LONG, SHORT, OTHER = "ZORBLAX SP. Z O.O.", "Zorblax", "Quibbleton Ltd"
LINES = [
    Line(amount="900", supplier=LONG, reference="1"),
    Line(amount="100", supplier=OTHER, reference="2"),
]
MORE = [Line(amount="50", supplier=SHORT, reference="3", day=date(2026, 4, 5))]


def earlier(session: Session, data: Path) -> tuple[Supplier, Supplier]:
    """The two names as suppliers of their own, as rules without spaced legal forms kept them."""
    enter(session, spend_read(LINES), data, name="a.xlsx")
    long = named(session, LONG)
    long.key = "zorblaxspzoo"
    named(session, OTHER).key = "quibbletonltd"
    session.flush()
    enter(session, spend_read(MORE), data, name="b.xlsx")
    return long, named(session, SHORT)


def renew(session: Session, digest: str | None = None) -> KeyChange | None:
    return renew_keys(session, now=NOW, settings=SETTINGS, digest=digest)


def on_tool(session: Session, tool_id: int) -> int:
    found = session.scalar(select(func.count()).select_from(SpendLine).where(SpendLine.tool_id == tool_id))
    return found or 0


def asked(session: Session, raw: str) -> tuple[int | None, str]:
    """The supplier a new spelling finds, and how it is settled."""
    (found,) = suppliers_of(session, [raw], lambda raws: [Judgement() for _ in raws], store=False).values()
    return found.id, found.settled


def test_a_decided_supplier_is_found_under_its_new_key(session: Session, data: Path) -> None:
    tool = builders.tool(session, "Growth Suite")
    enter(session, spend_read(LINES), data)
    long = named(session, LONG)
    decide(session, long, Answer(kind="tool", tool_id=tool.id))
    long.key = "zorblaxspzoo"
    session.flush()
    assert asked(session, "ZORBLAX GmbH") == (None, "open"), "forgotten without new keys"
    assert not keys_are_current(session)
    version = long.version
    assert renew(session) == KeyChange(keys=1)
    assert asked(session, "ZORBLAX GmbH") == (long.id, "tool")
    assert session.get_one(Supplier, long.id).version == version, "a page somebody has open still saves"
    assert keys_are_current(session)
    assert renew(session) is None
    session.commit()
    (entry,) = session.scalars(select(TrailEntry).where(TrailEntry.subject == "setting"))
    assert rules_digest() in str(entry.after)


def test_a_ledger_without_suppliers_needs_nothing(session: Session) -> None:
    assert keys_are_current(session)
    assert renew(session) is None


def test_an_open_supplier_follows_the_decision_and_may_be_opened_again(session: Session, data: Path) -> None:
    tool = builders.tool(session, "Growth Suite")
    long, short = earlier(session, data)
    decide(session, long, Answer(kind="tool", tool_id=tool.id))
    assert on_tool(session, tool.id) == 1
    session.commit()
    assert renew(session) == KeyChange(keys=3, followed=1)
    session.commit()
    assert on_tool(session, tool.id) == 2
    assert not difference(session)
    assert (short.settled, short.tool_id, short.decided_by_id) == ("tool", tool.id, None)
    assert LONG in short.reason
    assert asked(session, "ZORBLAX GmbH") == (long.id, "tool")
    newest = session.scalars(
        select(TrailEntry)
        .where(TrailEntry.subject == "supplier", TrailEntry.record_id == short.id)
        .order_by(TrailEntry.id.desc())
    ).first()
    assert newest is not None
    assert newest.before is not None
    assert newest.before["settled"] == "open"
    unsettle(session, short.id, short.version, now=NOW, today=TODAY, settings=SETTINGS)
    assert on_tool(session, tool.id) == 1
    renew(session, "rules of a later release")
    assert session.get_one(Supplier, short.id).settled == "open", "what a person opened stays open"
    assert not difference(session)


def test_a_split_is_followed_with_its_days_and_parts(session: Session, data: Path) -> None:
    one, other = builders.tool(session, "One"), builders.tool(session, "Other")
    long, short = earlier(session, data)
    parts = (Part(tool_id=one.id, share_ppm=300_000), Part(tool_id=other.id, share_ppm=700_000))
    decide(session, long, Answer(kind="split", parts=parts, from_day=date(2026, 4, 1)))
    renew(session)
    assert short.settled == "split"
    days = [
        list(
            session.execute(
                select(SplitRule.basis, SplitRule.valid_from, SplitRule.valid_until)
                .where(SplitRule.supplier_id == each)
                .order_by(SplitRule.id)
            )
        )
        for each in (long.id, short.id)
    ]
    assert days[0] == days[1]
    assert len(days[0]) == 2
    assert not difference(session)


@pytest.mark.parametrize("later", [None, date(2026, 12, 1)])
def test_two_open_suppliers_join_with_spellings_lines_and_sums(
    session: Session, data: Path, later: date | None
) -> None:
    long, short = earlier(session, data)
    long.postponed_until = later
    session.flush()
    first, gone = long.id, short.id
    assert renew(session) == KeyChange(keys=2, joined=1)
    assert session.get(Supplier, gone) is None
    spellings = session.scalars(
        select(SupplierSpelling.raw)
        .where(SupplierSpelling.supplier_id == first)
        .order_by(SupplierSpelling.raw)
    )
    assert list(spellings) == [LONG, SHORT]
    lines = select(func.count()).select_from(SpendLine).where(SpendLine.supplier_id == first)
    assert session.scalar(lines) == 2
    joined = session.get_one(Supplier, first)
    assert (joined.key, joined.postponed_until) == (normalise(SHORT), None)
    assert not difference(session)


def test_contradicting_decisions_stay_apart_until_a_person_settles_them(session: Session, data: Path) -> None:
    one, other = builders.tool(session, "One"), builders.tool(session, "Other")
    long, short = earlier(session, data)
    decide(session, long, Answer(kind="tool", tool_id=one.id))
    decide(session, short, Answer(kind="tool", tool_id=other.id))
    assert renew(session) == KeyChange(keys=3, conflicts=1)
    assert (on_tool(session, one.id), on_tool(session, other.id)) == (1, 1)
    (conflict,) = key_conflicts(session)
    assert [each[:3] for each in conflict.suppliers] == [(long.id, LONG, "tool"), (short.id, SHORT, "tool")]
    assert asked(session, "ZORBLAX GmbH") == (None, "open"), "a new spelling is asked about"
    assert renew(session, "rules of a later release") == KeyChange()
    decide(session, session.get_one(Supplier, short.id), Answer(kind="tool", tool_id=one.id))
    assert not key_conflicts(session)
    assert asked(session, "ZORBLAX GmbH") == (short.id, "tool")
    assert not difference(session)


def test_suppliers_that_exchange_their_keys_do(session: Session, data: Path) -> None:
    enter(session, spend_read(LINES), data)
    one, other = named(session, LONG), named(session, OTHER)
    one.key = "between"
    session.flush()
    other.key = normalise(LONG)
    session.flush()
    one.key = normalise(OTHER)
    session.flush()
    assert renew(session) == KeyChange(keys=2)
    assert [session.get_one(Supplier, each.id).key for each in (one, other)] == [
        normalise(LONG),
        normalise(OTHER),
    ]
