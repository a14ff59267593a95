"""The dashboard: five answers whatever is known, and the file that helps next."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Finding
from mopsaudit.reports import dashboard
from mopsaudit.reports.registry import REPORTS
from mopsaudit.reports.visits import changes_since
from mopsaudit.scope import Scope
from tests import builders

KEYS = ["decide", "land", "tie", "take_out", "position"]


def test_an_empty_database_asks_for_spend(session: Session, scope: Scope) -> None:
    found = dashboard.build(session, scope)
    assert [each.key for each in found.questions] == KEYS
    assert all(each.answer.endswith(".") for each in found.questions)
    assert found.next_file is not None
    assert found.next_file.kind == "spend"
    assert found.joined.annual.minor == 0
    assert set(found.reports) == set(REPORTS)


def test_the_next_file_follows_what_is_there(session: Session, scope: Scope) -> None:
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)

    def kind() -> str | None:
        found = dashboard.build(session, scope).next_file
        return found.kind if found else None

    builders.spend_line(session, 12_000_00, on=date(2026, 3, 1), tool=tool)
    assert kind() == "contracts"
    builders.contract(session, vendor, start_on=date(2026, 3, 1), initial_months=12, lines=[{"tool": tool}])
    assert kind() == "usage"
    builders.usage(session, tool, users=[{"key": "a@x.com", "last_activity": date(2026, 9, 1)}])
    assert kind() == "budget"
    builders.budget(session, lines=[{"tool_id": tool.id, "monthly": 1_000_00}])
    assert kind() is None


def test_the_answers_say_what_the_rooms_say(session: Session, scope: Scope) -> None:
    vendor, ada = builders.vendor(session), builders.person(session)
    tool = builders.tool(session, of=vendor)
    builders.contract(
        session, vendor, start_on=date(2026, 1, 20), initial_months=12, renewal_months=12,
        renewal_kind="automatic", notice_count=90, owner_id=ada.id,
        lines=[{"tool": tool, "seats": 100, "amount_minor": 12_000_00}],
    )  # fmt: skip
    builders.usage(
        session, tool,
        users=[{"key": f"u{n}@x.com", "last_activity": date(2026 if n < 30 else 2025, 9, 20)} for n in range(100)],
    )  # fmt: skip
    builders.spend_line(session, 12_000_00, on=date(2026, 1, 22), tool=tool)
    found = dashboard.build(session, scope)
    answers = {each.key: each for each in found.questions}
    assert "by Ada Finance" in answers["decide"].answer
    assert "a decision is recorded for 0" in answers["decide"].answer
    assert answers["decide"].due == date(2026, 10, 15)
    assert answers["take_out"].amount == found.joined.recoverable
    assert found.joined.annual.minor == 7_920_00
    assert "7,920 USD a year, on 1 contract line or tool, each counted once" in answers["take_out"].answer
    assert answers["position"].answer == (
        "Adobe: 1 contract line, 12,000 USD a year; send notice by 15 Oct 2026; 7,920 USD a year of it is at stake."
    )
    assert "0 of 0 reconciliations" in answers["tie"].answer
    builders.decision(session, tool, "right_size")
    again = {each.key: each for each in dashboard.build(session, scope).questions}
    assert "a decision is recorded for 1" not in answers["decide"].answer
    assert "a decision is recorded for" in again["decide"].answer


def test_what_changed_since_the_last_visit(session: Session, scope: Scope) -> None:
    """The manual's example: 12 findings and 3,535,085 then; 2 new, 1 settled and 3,585,807 now."""
    before = {f"f{number}": "open" for number in range(12)}
    now = {**before, "f3": "dismiss", "f12": "open", "f13": "open"}
    told = [
        Finding(
            id=name,
            kind="made-up",
            sentence=name,
            amount=Amount(currency="USD", minor=0),
            recoverable=Amount(currency="USD", minor=0),
            state=state,
        )
        for name, state in now.items()
    ]
    since = changes_since(
        session,
        scope,
        at=datetime(2026, 9, 28, 9, tzinfo=UTC),
        seen={"day": "2026-09-28", "currency": "USD", "forecast": 3_535_085_00, "findings": before},
        now=now,
        findings=lambda: told,
        forecast=Amount(currency="USD", minor=3_585_807_00),
        person_id=0,
    )
    assert [each.id for each in since.new] == ["f12", "f13"]
    assert [each.id for each in since.settled] == ["f3"]
    assert (since.gone, since.moved) == (0, 50_722_00)


def test_what_moved_since_last_month(session: Session) -> None:
    tool = builders.tool(session)
    builders.budget(session, lines=[{"tool_id": tool.id, "monthly": 100_00, "description": "Mailer"}])
    for month in range(1, 6):
        builders.spend_line(session, 100_00, on=date(2026, month, 3), tool=tool, spend_type="usage")
    builders.spend_line(session, 400_00, on=date(2026, 6, 3), tool=tool, spend_type="usage")
    scope = scope_for(session, as_of=date(2026, 6, 30), environ={})
    land = dashboard.build(session, scope).questions[1]
    # 1,200 as of May; 900 booked and a run rate of 150 for six months as of June
    assert "the forecast moved by +600 USD" in land.answer
    assert land.details == ("Marketo: +600 USD (volume)",)


def test_reconciliations_are_counted_in_whole_sentences() -> None:
    assert dashboard._balancing(1, 1) == "The one reconciliation balances"
    assert dashboard._balancing(0, 1) == "The one reconciliation does not balance"
    assert dashboard._balancing(2, 3) == "2 of 3 reconciliations balance"
