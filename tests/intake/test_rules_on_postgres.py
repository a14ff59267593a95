"""Rules, splits and taking back on PostgreSQL: the same lines and sums as on SQLite."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from mopsaudit.intake.last_decision import last_decision, undo_last_decision
from mopsaudit.intake.progress import progress
from mopsaudit.intake.rule_view import list_rules, preview_rule
from mopsaudit.intake.rules import RuleFacts, add_rule, move_rule, set_in_use
from mopsaudit.intake.summaries import difference
from mopsaudit.intake.suppliers import queue
from mopsaudit.scope import Scope
from tests import builders
from tests.intake.files import enter, spend_read
from tests.intake.test_rules import LINES, placed, standing
from tests.intake.test_splits import EARLY, LATE, NAME, SETTINGS, money, percent, settled_by, two
from tests.intake.test_suppliers import named

pytestmark = pytest.mark.postgres


def test_rules_move_lines_and_give_them_back(session: Session, data: Path, scope: Scope) -> None:
    one, other = two(session)
    enter(session, spend_read(LINES), data)
    before = standing(session)
    facts = RuleFacts(pattern="zorb*", description="*ads*", tool_id=one.id)
    assert preview_rule(session, scope, facts).lines == 2
    first, _ = add_rule(session, facts)
    second, moved = add_rule(session, RuleFacts(pattern="z*", tool_id=other.id))
    assert moved == 1
    move_rule(session, second.id, second.version, 0)
    assert {placed(session)[number] for number in "123"} == {(other.id, "rule")}
    rows = list_rules(session, scope).rules
    assert [(row.lines, row.base_minor) for row in rows] == [(3, 2500), (0, 0)]
    assert progress(session, scope).placed_minor >= 2500
    assert "ZORB MEDIA GMBH" not in {row.name for row in queue(session, scope)}
    for rule in (first, second):
        set_in_use(session, rule.id, rule.version, active=False)
    assert standing(session) == before
    assert not difference(session)


def test_a_split_is_kept_and_taken_back(session: Session, data: Path) -> None:
    person = builders.person(session).id
    tools = two(session)
    enter(session, spend_read([EARLY, LATE]), data)
    supplier = named(session, NAME).id
    session.commit()
    before = money(session)
    settled_by(session, supplier, percent(tools, from_day=date(2026, 7, 1)), person, 1)
    assert money(session)["late"] == {"One": 501, "Two": 500}
    last = last_decision(session, person)
    assert last is not None
    undo_last_decision(session, person, last.at, SETTINGS)
    session.commit()
    assert money(session) == before
    assert not difference(session)
