"""Splits: every part to the minor unit, history left where it was, and decisions nothing makes forget."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError
from mopsaudit.intake.last_decision import last_decision, undo_last_decision
from mopsaudit.intake.rules import RuleFacts, add_rule
from mopsaudit.intake.settling import Answer, settle
from mopsaudit.intake.split_plans import Part, timeline, weighed
from mopsaudit.intake.splits import pieces_of
from mopsaudit.intake.summaries import difference
from mopsaudit.inventory.merges import merge_tools
from mopsaudit.inventory.tools import edit_tool
from mopsaudit.scope import Scope
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import LinePart, SpendLine, SplitPart, SplitRule, Supplier
from tests import builders
from tests.intake.files import NOW, TODAY, Line, enter, spend_read, take_back
from tests.intake.test_suppliers import decide, named

SETTINGS = Settings()
NAME = "SPLIT ME LTD"
EARLY = Line(amount="100", supplier=NAME, day=date(2026, 3, 5), reference="early", description="alpha seats")
LATE = Line(amount="10.01", supplier=NAME, day=date(2026, 8, 5), reference="late", description="beta seats")
HALVES = (500_000, 500_000)


def percent(tools: list[Tool], shares: tuple[int, ...] = HALVES, **more: object) -> Answer:
    parts = tuple(Part(tool_id=tool.id, share_ppm=share) for tool, share in zip(tools, shares, strict=True))
    return Answer(kind="split", parts=parts, **more)  # type: ignore[arg-type]


def money(session: Session) -> dict[str | None, dict[str | None, int]]:
    """Reference of a line → tool name → minor units, of whole lines and parts."""
    found: dict[str | None, dict[str | None, int]] = defaultdict(dict)
    names: dict[int | None, str] = dict(session.execute(select(Tool.id, Tool.name)).all())
    whole = select(SpendLine.reference, SpendLine.tool_id, SpendLine.amount_minor).where(~SpendLine.split)
    parts = (
        select(SpendLine.reference, LinePart.tool_id, func.sum(LinePart.amount_minor))
        .join(LinePart, LinePart.line_id == SpendLine.id)
        .where(SpendLine.split)
        .group_by(SpendLine.reference, LinePart.tool_id)
    )
    for query in (whole, parts):
        for reference, tool_id, minor in session.execute(query):
            found[reference][names.get(tool_id)] = int(minor)
    return dict(found)


def two(session: Session) -> list[Tool]:
    return [builders.tool(session, "One"), builders.tool(session, "Two")]


WEIGHTS = st.lists(st.integers(1, 10**12), min_size=1, max_size=20)


@settings(max_examples=300, deadline=None)
@given(st.integers(-(10**15), 10**15), WEIGHTS, st.booleans())
def test_the_parts_of_any_line_sum_to_it(minor: int, weights: list[int], by_weight: bool) -> None:
    """Of any sign and any minor unit: yen have none, dinars three, the arithmetic is of integers alone."""
    parts = [
        SplitPart(
            tool_id=index, spend_type="software",
            weight=weight if by_weight else None, share_ppm=None if by_weight else weight % 1_000_000 + 1,
        )
        for index, weight in enumerate(weights)
    ]  # fmt: skip
    split = (SplitRule(basis="contract" if by_weight else "percent"), parts)
    pieces = pieces_of(split, minor, None)
    assert sum(piece for _, _, piece in pieces) == minor
    assert all(piece == 0 or (piece < 0) == (minor < 0) for _, _, piece in pieces)


@pytest.mark.parametrize(
    "currency, amount", [("JPY", "-1001"), ("KWD", "0.001"), ("KWD", "-7.777"), ("USD", "0")]
)
def test_stored_parts_sum_in_every_currency(session: Session, data: Path, currency: str, amount: str) -> None:
    three = [*two(session), builders.tool(session, "Three")]
    enter(session, spend_read([replace(LATE, amount=amount, currency=currency)]), data)
    decide(session, named(session, NAME), percent(three, (333_333, 333_333, 333_334)))
    line = session.scalars(select(SpendLine)).one()
    assert session.scalar(select(func.sum(LinePart.amount_minor))) == line.amount_minor
    assert not difference(session)


def test_a_split_from_a_day_leaves_earlier_lines_on_the_tool_they_had(session: Session, data: Path) -> None:
    one, other = two(session)
    enter(session, spend_read([EARLY, LATE]), data)
    supplier = named(session, NAME)
    decide(session, supplier, Answer(kind="tool", tool_id=one.id))
    decide(session, supplier, percent([one, other], from_day=date(2026, 7, 1)))
    assert money(session) == {"early": {"One": 10_000}, "late": {"One": 501, "Two": 500}}
    old = replace(EARLY, amount="3", reference="old", day=date(2025, 1, 1))
    new = replace(LATE, amount="-4", reference="new", day=date(2026, 7, 1))
    enter(session, spend_read([old, new]), data, name="b.xlsx")
    found = money(session)
    assert found["old"] == {"One": 300}
    assert found["new"] == {"One": -200, "Two": -200}
    decide(session, supplier, percent([one, other], (100_000, 900_000), from_day=date(2026, 8, 1)))
    found = money(session)
    assert found["new"] == {"One": -200, "Two": -200}, "days before a change of the split stay"
    assert found["late"] == {"One": 100, "Two": 901}
    decide(session, supplier, percent([other], (1_000_000,), from_day=date(2026, 8, 5)))
    assert money(session)["late"] == {"Two": 1_001}, "one tool alone ends a split"
    assert [rule.basis for rule, _ in timeline(session, supplier.id)] == ["percent"] * 3 + ["whole"]
    assert not difference(session)


def test_an_open_suppliers_earlier_lines_stay_with_matcher_and_rules(session: Session, data: Path) -> None:
    one, other = two(session)
    ruled = builders.tool(session, "Ruled")
    plain = replace(EARLY, reference="plain", description="nothing")
    enter(session, spend_read([EARLY, plain, LATE]), data)
    add_rule(session, RuleFacts(pattern="split*", description="alpha*", tool_id=ruled.id))
    before = money(session)
    assert (before["early"], before["plain"]) == ({"Ruled": 10_000}, {None: 10_000})
    decide(session, named(session, NAME), percent([one, other], from_day=date(2026, 7, 1)))
    after = money(session)
    assert (after["early"], after["plain"]) == (before["early"], before["plain"])
    assert after["late"] == {"One": 501, "Two": 500}
    assert not difference(session)


def test_an_old_split_does_not_come_back_with_a_new_one(session: Session, data: Path) -> None:
    one, other = two(session)
    enter(session, spend_read([EARLY, LATE]), data)
    supplier = named(session, NAME)
    decide(session, supplier, percent([one, other]))
    decide(session, supplier, Answer(kind="not_marketing"))
    decide(session, supplier, percent([one, other], from_day=date(2026, 7, 1)))
    part = session.execute(
        select(LinePart.tool_id, LinePart.spend_type)
        .join(SpendLine, SpendLine.id == LinePart.line_id)
        .where(SpendLine.reference == "early")
    ).all()
    assert [tuple(each) for each in part] == [(None, "not_marketing")]


def test_contract_lines_and_seats_weigh_a_split_as_of_its_day(
    session: Session, data: Path, scope: Scope
) -> None:
    one, other = two(session)
    vendor = builders.vendor(session, "Split Me")
    builders.contract(
        session, vendor, start_on=date(2026, 1, 1), initial_months=36,
        lines=[
            {"tool": one, "seats": 30, "amount_minor": 1_000_00},
            {"tool": other, "seats": 10, "amount_minor": 4_000_00, "amount_months": 24},
            {"tool": other, "seats": 5, "amount_minor": 900_00, "one_off": True},
        ],
    )  # fmt: skip
    enter(session, spend_read([replace(LATE, amount="6000000.00")]), data)
    parts = [Part(tool_id=one.id), Part(tool_id=other.id)]
    day = date(2026, 7, 1)
    by_price = weighed(session, scope, parts, "contract", day)
    assert [part.weight for part in by_price] == [1_000_00, 2_000_00]
    assert [part.weight for part in weighed(session, scope, parts, "seats", day)] == [30, 10]
    decide(session, named(session, NAME), Answer(kind="split", basis="contract", parts=by_price))
    assert money(session)["late"] == {"One": 2_000_000_00, "Two": 4_000_000_00}, "thirds, not millionths"
    with pytest.raises(InvalidError, match="One has no contract line"):
        weighed(session, scope, parts, "contract", date(2025, 12, 31))


def test_words_of_the_description_divide_by_line(session: Session, data: Path) -> None:
    one, other = two(session)
    odd = replace(LATE, reference="odd", description="gamma")
    enter(session, spend_read([EARLY, LATE, odd]), data)
    parts = (
        Part(tool_id=one.id, description_pattern="alpha"),
        Part(tool_id=other.id, description_pattern="beta*"),
    )
    decide(session, named(session, NAME), Answer(kind="split", parts=parts))
    assert money(session) == {"early": {"One": 10_000}, "late": {"Two": 1_001}, "odd": {None: 1_001}}


@pytest.mark.parametrize(
    "parts, said",
    [
        ((Part(tool_id=1, share_ppm=1_000_000),), "two parts"),
        ((Part(tool_id=1, share_ppm=1), Part(tool_id=1, share_ppm=999_998)), "100 %"),
        ((Part(tool_id=1, share_ppm=1_200_000), Part(tool_id=1, share_ppm=-200_000)), "above zero"),
        ((Part(tool_id=9, share_ppm=500_000), Part(tool_id=1, share_ppm=500_000)), "from the list"),
        (tuple(Part(tool_id=1, share_ppm=40_000) for _ in range(25)), "at most 20"),
        ((Part(tool_id=1, description_pattern="[b-a]"), Part(tool_id=1, description_pattern="x")), "range"),
        (
            (
                Part(tool_id=1, spend_type="not_spend", share_ppm=500_000),
                Part(tool_id=1, share_ppm=500_000),
            ),
            "spend type",
        ),
    ],
)
def test_what_makes_no_split_is_refused(
    session: Session, data: Path, parts: tuple[Part, ...], said: str
) -> None:
    two(session)
    enter(session, spend_read([EARLY]), data)
    with pytest.raises(InvalidError, match=said):
        decide(session, named(session, NAME), Answer(kind="split", parts=parts))


# --- the last decision


def settled_by(session: Session, supplier_id: int, answer: Answer, person_id: int, minutes: int) -> None:
    supplier = session.get_one(Supplier, supplier_id)
    settle(
        session, supplier.id, supplier.version, answer,
        person_id=person_id, now=NOW + timedelta(minutes=minutes), today=TODAY, settings=SETTINGS,
    )  # fmt: skip
    session.commit()


def test_the_last_decision_is_taken_back_to_what_stood_before(session: Session, data: Path) -> None:
    one, other = two(session)
    person, somebody = builders.person(session).id, builders.person(session, "Else").id
    enter(session, spend_read([EARLY, LATE]), data)
    supplier = named(session, NAME).id
    session.commit()
    assert last_decision(session, person) is None
    steps = [
        Answer(kind="tool", tool_id=one.id),
        percent([one, other], from_day=date(2026, 7, 1)),
        percent([one, other], (900_000, 100_000), from_day=date(2026, 8, 1)),
        Answer(kind="marketing", spend_type="agency"),
    ]
    stands = [money(session)]
    for number, answer in enumerate(steps, start=1):
        settled_by(session, supplier, answer, person, number)
        stands.append(money(session))
    assert last_decision(session, somebody) is None
    for expected in reversed(stands[:-1]):
        last = last_decision(session, person)
        assert last is not None
        undo_last_decision(session, person, last.at, SETTINGS)
        session.commit()
        assert money(session) == expected
        assert not difference(session)
    assert session.get_one(Supplier, supplier).settled == "open"
    assert last_decision(session, person) is None
    with pytest.raises(ConflictError):
        undo_last_decision(session, person, NOW, SETTINGS)


# --- nothing makes a decision forgotten

STEPS = st.lists(
    st.sampled_from(["tool", "split", "not marketing", "rename", "merge", "undo import", "import", "more"]),
    min_size=2,
    max_size=9,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_a_decision_is_never_forgotten(session: Session, data: Path, steps: list[str]) -> None:
    """Whatever happens after it, every line of the supplier stands where the last decision put it."""
    point = session.begin_nested()
    one, other = two(session)
    spare = builders.tool(session, "Spare")
    files = {"a.xlsx": [EARLY, LATE]}
    imports = {"a.xlsx": enter(session, spend_read(files["a.xlsx"]), data, name="a.xlsx").id}
    supplier = named(session, NAME)
    decide(session, supplier, Answer(kind="tool", tool_id=one.id))
    expected: object = ("tool", one.id)
    for number, step in enumerate(steps):
        match step:
            case "tool":
                decide(session, supplier, Answer(kind="tool", tool_id=other.id))
                expected = ("tool", other.id)
            case "split":
                decide(session, supplier, percent([one, other]))
                expected = ("split", (one.id, other.id))
            case "not marketing":
                decide(session, supplier, Answer(kind="not_marketing"))
                expected = ("not_marketing", None)
            case "rename":
                edit_tool(session, one.id, one.version, {"name": f"One {number}"})
            case "merge" if spare.merged_into_id is None:
                merge_tools(session, spare.id, one.id, version=spare.version, now=NOW)
            case "undo import" if imports:
                _, import_id = imports.popitem()
                take_back(session, import_id)
            case "import" if "a.xlsx" not in imports:
                imports["a.xlsx"] = enter(session, spend_read(files["a.xlsx"]), data, name="a.xlsx").id
            case "more":
                line = replace(LATE, reference=f"more {number}", amount=f"-{number}.03")
                name = f"{number}.xlsx"
                imports[name] = enter(session, spend_read([line]), data, name=name).id
            case _:
                pass
        session.refresh(supplier)
        assert _stands(session, supplier) <= {expected}
    assert not difference(session)
    point.rollback()
    session.expire_all()


def _stands(session: Session, supplier: Supplier) -> set[object]:
    """What the living lines of the supplier say was decided."""
    found: set[object] = set()
    for line in session.scalars(
        select(SpendLine).where(SpendLine.supplier_id == supplier.id, SpendLine.living)
    ):
        parts = session.execute(
            select(LinePart.tool_id, LinePart.amount_minor)
            .where(LinePart.line_id == line.id)
            .order_by(LinePart.id)
        ).all()
        if line.split:
            assert sum(minor for _, minor in parts) == line.amount_minor
            found.add(("split", tuple(tool for tool, _ in parts)))
        elif line.tool_id is None:
            found.add((line.spend_type, None))
        else:
            found.add(("tool", line.tool_id))
    return found
