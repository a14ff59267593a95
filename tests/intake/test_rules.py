"""Rules: tried before they are saved, applied to past and future lines at once, and taken back without a trace."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.intake.placement import place_again
from mopsaudit.intake.progress import progress
from mopsaudit.intake.rule_view import list_rules, preview_removal, preview_rule
from mopsaudit.intake.rules import RuleFacts, add_rule, edit_rule, move_rule, set_in_use
from mopsaudit.intake.settling import Answer
from mopsaudit.intake.summaries import difference
from mopsaudit.intake.suppliers import queue
from mopsaudit.scope import Scope
from mopsaudit.settings import Settings
from mopsaudit.store.ledger import MatchRule, SpendLine, Supplier
from tests import builders
from tests.intake.files import Line, enter, spend_read, take_back
from tests.intake.test_suppliers import decide, named

SETTINGS = Settings()
LINES = [
    Line(amount="10", supplier="ZORB MEDIA GMBH", description="search ads march", reference="1"),
    Line(amount="20", supplier="ZORB MEDIA GMBH", description="team mugs", reference="2", cost_centre="9000"),
    Line(amount="-5", supplier="ZORB MEDIA GMBH", description="search ads credit", reference="3"),
    Line(amount="7", supplier="PLAIN PAPER LTD", description="search ads", reference="4"),
    Line(amount="3", supplier=None, description="search ads", reference="5", cost_centre="4100"),
]


def standing(session: Session) -> list[tuple[object, ...]]:
    """Where every line stands, by its reference."""
    columns = (
        SpendLine.reference, SpendLine.tool_id, SpendLine.spend_type, SpendLine.method, SpendLine.rule_id,
    )  # fmt: skip
    return sorted(map(tuple, session.execute(select(*columns))), key=str)


def placed(session: Session) -> dict[str | None, tuple[int | None, str]]:
    return {ref: (tool, method) for ref, tool, _, method, _ in standing(session)}  # type: ignore[misc]


def test_trying_counts_the_lines_of_the_figures_alone(session: Session, data: Path, scope: Scope) -> None:
    tool = builders.tool(session, "Zorb Ads")
    first = enter(session, spend_read(LINES[:2]), data, name="a.xlsx")
    enter(session, spend_read(LINES[2:]), data, name="b.xlsx")
    facts = RuleFacts(pattern="zorb*", description="*ads*", tool_id=tool.id, spend_type="media")
    assert preview_rule(session, scope, facts).fits == 2
    take_back(session, first.id)
    effect = preview_rule(session, scope, facts)
    assert (effect.lines, effect.fits) == (1, 1), "the lines of an undone import stand in no figure"


def test_a_rule_is_tried_then_places_past_and_future_and_is_taken_back(
    session: Session, data: Path, scope: Scope
) -> None:
    tool = builders.tool(session, "Zorb Ads")
    enter(session, spend_read(LINES), data)
    before = standing(session)
    facts = RuleFacts(pattern="zorb*", description="*ads*", tool_id=tool.id, spend_type="media")
    effect = preview_rule(session, scope, facts)
    assert (effect.lines, effect.base_minor, effect.fits) == (2, 500, 2)
    assert [(line.before, line.after) for line in effect.first] == [("not placed", "Zorb Ads (media)")] * 2
    assert standing(session) == before, "trying writes nothing"
    rule, moved = add_rule(session, facts)
    assert moved == 2
    assert placed(session)["1"] == placed(session)["3"] == (tool.id, "rule")
    assert placed(session)["2"] == (None, "none")
    later = Line(amount="9", supplier="Zorb Media GmbH", description="display ads", reference="6")
    enter(session, spend_read([later]), data, name="later.xlsx")
    assert placed(session)["6"] == (tool.id, "rule")
    assert not difference(session)
    assert preview_removal(session, scope, rule).lines == 3
    _, given_back = set_in_use(session, rule.id, rule.version, active=False)
    assert given_back == 3
    assert [each for each in standing(session) if each[0] != "6"] == before
    set_in_use(session, rule.id, rule.version, active=True)
    assert placed(session)["6"] == (tool.id, "rule")
    assert not difference(session)


def test_a_decision_and_an_exact_name_win_over_a_rule(session: Session, data: Path, scope: Scope) -> None:
    ours, other = builders.tool(session, "Plain Paper"), builders.tool(session, "Other")
    enter(session, spend_read(LINES), data)
    assert placed(session)["4"] == (ours.id, "alias")
    decide(session, named(session, "ZORB MEDIA GMBH"), Answer(kind="not_marketing"))
    effect = preview_rule(session, scope, RuleFacts(pattern="*p*r*", tool_id=other.id))
    assert (effect.lines, effect.fits, effect.held) == (0, 1, (("an exact name", 1),))
    _, moved = add_rule(session, RuleFacts(pattern="zorb*", tool_id=other.id))
    assert moved == 0
    add_rule(session, RuleFacts(pattern="never there", tool_id=other.id))
    dead = [row.dead for row in list_rules(session, scope).rules]
    assert dead == ["3 lines fit it, but each is taken before: 3 by a decision.", "No line fits it."]
    decide(session, named(session, "ZORB MEDIA GMBH"), Answer(kind="open"))
    assert placed(session)["2"] == (other.id, "rule")
    assert not difference(session)


def test_a_line_without_a_supplier_is_placed_by_its_cost_centre(session: Session, data: Path) -> None:
    tool = builders.tool(session, "Ads")
    enter(session, spend_read(LINES), data)
    add_rule(session, RuleFacts(pattern="*", cost_centre="41*", tool_id=tool.id))
    assert placed(session)["5"] == (tool.id, "rule")
    more = Line(amount="4", supplier=None, description="x", reference="7", cost_centre="4199")
    enter(session, spend_read([more]), data, name="b.xlsx")
    assert placed(session)["7"] == (tool.id, "rule")
    assert not difference(session)


@pytest.mark.parametrize(
    "extra, taken",
    [
        ({"amount_from": Decimal(10)}, {"1", "2"}),
        ({"amount_until": Decimal(10)}, {"3"}),
        ({"amount_from": Decimal("10.01"), "amount_until": Decimal("20.01")}, {"2"}),
        ({"dated_from": date(2026, 3, 5)}, {"1", "2", "3"}),
        ({"dated_until": date(2026, 3, 5)}, set()),
        ({"cost_centre": "9000"}, {"2"}),
        ({"cost_centre": "900"}, set()),
        ({"kind": "regex", "pattern": "^zorb", "description": r"\bads\b.*(march|april)"}, {"1"}),
    ],
)
def test_every_condition_counts(
    session: Session, data: Path, extra: dict[str, object], taken: set[str]
) -> None:
    tool = builders.tool(session, "T")
    enter(session, spend_read(LINES), data)
    facts = {"pattern": "zorb*", "tool_id": tool.id, **extra}
    add_rule(session, RuleFacts(**facts))  # type: ignore[arg-type]
    assert {ref for ref, (_, method) in placed(session).items() if method == "rule"} == taken


def test_the_legal_entity_and_the_ledger_count_and_yen_are_whole(session: Session, data: Path) -> None:
    tool = builders.tool(session, "T")
    yen = [
        Line(amount="1500", supplier="TOKYO ADS KK", currency="JPY", reference="1"),
        Line(amount="1499", supplier="TOKYO ADS KK", currency="JPY", reference="2"),
        Line(amount="1.5", supplier="TOKYO ADS KK", currency="KWD", reference="3"),
    ]
    enter(session, spend_read(yen), data)
    source = session.scalars(select(SpendLine.source_id)).first()
    other = builders.source(session, "Card")
    add_rule(
        session, RuleFacts(pattern="tokyo*", amount_from=Decimal(1500), source_id=source, tool_id=tool.id)
    )
    assert {ref for ref, (_, method) in placed(session).items() if method == "rule"} == {"1"}
    rule = session.scalars(select(MatchRule)).one()
    small = RuleFacts(pattern="tokyo*", amount_from=Decimal("1.5"), amount_until=Decimal(2), tool_id=tool.id)
    edit_rule(session, rule.id, rule.version, small)
    assert {ref for ref, (_, method) in placed(session).items() if method == "rule"} == {"3"}
    edit_rule(
        session, rule.id, rule.version, RuleFacts(pattern="tokyo*", source_id=other.id, tool_id=tool.id)
    )
    assert not [ref for ref, (_, method) in placed(session).items() if method == "rule"]


def test_the_order_decides_and_who_comes_second_is_told(session: Session, data: Path, scope: Scope) -> None:
    one, two = builders.tool(session, "One"), builders.tool(session, "Two")
    enter(session, spend_read(LINES), data)
    first, _ = add_rule(session, RuleFacts(pattern="zorb*", tool_id=one.id))
    second, _ = add_rule(session, RuleFacts(pattern="*", description="*ads*", tool_id=two.id))
    rows = list_rules(session, scope).rules
    assert [(row.place, row.lines, row.base_minor) for row in rows] == [(1, 3, 2500), (2, 2, 1000)]
    assert rows[1].conflicts == ("2 lines it fits go to One by rule 1, which comes first.",)
    assert (rows[0].conflicts, rows[0].last_used) == ((), date(2026, 3, 5))
    _, moved = move_rule(session, second.id, second.version, 0)
    assert moved == 2
    assert [row.lines for row in list_rules(session, scope).rules] == [4, 1]
    with pytest.raises(ConflictError):
        move_rule(session, first.id, first.version - 1, 0)
    set_in_use(session, first.id, first.version, active=False)
    with pytest.raises(InvalidError, match="put it back"):
        move_rule(session, first.id, first.version, 0)
    assert [row.rule_id for row in list_rules(session, scope).removed] == [first.id]
    assert not difference(session)


def test_dead_and_contradicting_rules_are_counted_by_every_fact_rules_ask_for(
    session: Session, data: Path, scope: Scope
) -> None:
    """The database counts lines that fare equally: amounts, days and accounts keep lines apart only where asked for."""
    one, two = builders.tool(session, "One"), builders.tool(session, "Two")
    lines = [
        Line(amount=str(amount), supplier="ZORB MEDIA GMBH", description=text, reference=f"{text}{amount}")
        for amount in range(1, 31)
        for text in ("search ads", "mugs")
    ]
    enter(session, spend_read(lines), data)
    small, _ = add_rule(
        session, RuleFacts(pattern="zorb*", amount_until=Decimal(11), tool_id=one.id, spend_type="media")
    )
    words, _ = add_rule(
        session, RuleFacts(pattern="zorb*", description="*ads*", tool_id=two.id, spend_type="media")
    )
    dead, _ = add_rule(
        session,
        RuleFacts(
            pattern="zorb*",
            description="*ads*",
            amount_until=Decimal(6),
            tool_id=one.id,
            spend_type="media",
        ),
    )
    rows = {row.rule_id: row for row in list_rules(session, scope).rules}
    assert (rows[small.id].lines, rows[words.id].lines, rows[dead.id].lines) == (20, 20, 0)
    assert rows[words.id].conflicts == ("10 lines it fits go to One (media) by rule 1, which comes first.",)
    assert rows[dead.id].dead == "5 lines fit it, but each is taken before: 5 by rule 1."


def test_a_stale_edit_is_refused_and_a_missing_rule_is_not_found(session: Session, data: Path) -> None:
    tool = builders.tool(session, "T")
    rule, _ = add_rule(session, RuleFacts(pattern="zorb*", tool_id=tool.id))
    seen = rule.version
    edit_rule(session, rule.id, seen, RuleFacts(pattern="zorba*", tool_id=tool.id))
    with pytest.raises(ConflictError) as caught:
        edit_rule(session, rule.id, seen, RuleFacts(pattern="zorbo*", tool_id=tool.id))
    assert caught.value.theirs["pattern"] == "zorba*"
    with pytest.raises(NotFoundError):
        edit_rule(session, 999, 1, RuleFacts(pattern="x", tool_id=tool.id))


@pytest.mark.parametrize(
    "facts, field",
    [
        (RuleFacts(pattern="*", answer="not_marketing"), "pattern"),
        (RuleFacts(pattern=".*", kind="regex", answer="not_marketing"), "pattern"),
        (RuleFacts(pattern="*", description="**", answer="not_marketing"), "pattern"),
        (RuleFacts(pattern="", answer="not_marketing"), "pattern"),
        (RuleFacts(pattern="(?=x)", kind="regex", answer="not_marketing"), "pattern"),
        (RuleFacts(pattern="x*", answer="tool"), "tool_id"),
        (RuleFacts(pattern="x*", answer="tool", tool_id=99), "tool_id"),
        (RuleFacts(pattern="x*", answer="marketing", spend_type="software"), "spend_type"),
        (RuleFacts(pattern="x*", answer="marketing", spend_type="not_spend"), "spend_type"),
        (RuleFacts(pattern="x*", answer="elsewhere"), "answer"),
        (RuleFacts(pattern="x*", answer="not_marketing", entity_id=99), "entity_id"),
        (RuleFacts(pattern="x*", answer="not_marketing", amount_from=Decimal("1.001")), "amount_from"),
        (
            RuleFacts(
                pattern="x*", answer="not_marketing", amount_from=Decimal(2), amount_until=Decimal(2)
            ),
            "amount_until",
        ),
        (
            RuleFacts(
                pattern="x*", answer="not_marketing",
                dated_from=date(2026, 2, 1), dated_until=date(2026, 1, 1),
            ),
            "dated_until",
        ),
    ],
)  # fmt: skip
def test_what_makes_no_rule_is_refused_beside_its_field(
    session: Session, facts: RuleFacts, field: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        add_rule(session, facts)
    assert caught.value.field == field


def test_what_rules_placed_counts_as_settled_and_leaves_the_queue(
    session: Session, data: Path, scope: Scope
) -> None:
    enter(session, spend_read(LINES), data)
    before = progress(session, scope)
    assert "ZORB MEDIA GMBH" in {row.name for row in queue(session, scope)}
    rule, _ = add_rule(
        session, RuleFacts(pattern="zorb*", description="*ads*", answer="marketing", spend_type="agency")
    )
    half = progress(session, scope)
    assert half.placed_minor - before.placed_minor == 500
    assert half.total_minor == before.total_minor
    assert "ZORB MEDIA GMBH" in {row.name for row in queue(session, scope)}, "one line is still to ask about"
    edit_rule(
        session, rule.id, rule.version, RuleFacts(pattern="zorb*", answer="marketing", spend_type="agency")
    )
    done = progress(session, scope)
    assert done.placed_minor - before.placed_minor == 2500
    assert done.suppliers_open == before.suppliers_open - 1
    assert "ZORB MEDIA GMBH" not in {row.name for row in queue(session, scope)}


def test_rules_survive_undo_and_import_again(session: Session, data: Path) -> None:
    tool = builders.tool(session, "T")
    first = enter(session, spend_read(LINES), data, name="a.xlsx")
    add_rule(session, RuleFacts(pattern="zorb*", tool_id=tool.id))
    before = standing(session)
    take_back(session, first.id)
    enter(session, spend_read(LINES), data, name="a.xlsx")
    assert standing(session) == before
    assert not difference(session)


PATTERNS = st.sampled_from(["zorb*", "*paper*", "*", "z*"])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "edit", "move", "remove", "put back"]),
        PATTERNS,
        st.sampled_from([None, "*ads*", "*mugs"]),
        st.integers(0, 3),
        st.integers(0, 1),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_done_to_rules_lines_stand_as_if_imported_now(
    session: Session, data: Path, steps: list[tuple[str, str, str | None, int, int]]
) -> None:
    """After any steps a line stands where an import at this moment would put it, and the sums agree."""
    if not session.scalars(select(SpendLine)).first():
        enter(session, spend_read(LINES), data)
        builders.tool(session, "One")
        builders.tool(session, "Two")
    point = session.begin_nested()
    tools = [1, 2]
    for what, pattern, description, number, tool in steps:
        rules = session.scalars(select(MatchRule).order_by(MatchRule.id)).all()
        rule = rules[number % len(rules)] if rules else None
        facts = RuleFacts(
            pattern=pattern, description=description or ("*e*" if pattern == "*" else None),
            tool_id=tools[tool],
        )  # fmt: skip
        if what == "add" or rule is None:
            add_rule(session, facts)
        elif what == "edit":
            edit_rule(session, rule.id, rule.version, facts)
        elif what == "move" and rule.active:
            move_rule(session, rule.id, rule.version, number)
        elif what != "move":
            set_in_use(session, rule.id, rule.version, active=what == "put back")
    stands = standing(session)
    place_again(session, session.scalars(select(Supplier.id)).all(), SETTINGS)
    assert standing(session) == stands
    assert not difference(session)
    point.rollback()
    session.expire_all()
