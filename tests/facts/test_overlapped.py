"""Overlap of random companies against a reading that tries every subset: groups and cost at stake, to the cent."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount, Report
from mopsaudit.reports import overlap
from mopsaudit.store.models import Tool, ToolCapability, ToolUnit
from mopsaudit.store.session import db
from tests.facts.company import CAPABILITIES, DAY, Company, random_company
from tests.facts.overlapped import Plain, overlapping, plain, stake

SEEDS = range(12)  # the others: tests/reports/test_random_companies.py


def found(report: Report, kind: str) -> dict[tuple[str | None, frozenset[int]], int | None]:
    """What the report says is at stake, by unit and tools."""
    groups = {}
    for row in report.rows:
        if row.values["overlap"] == kind:
            refs, amount, unit = row.values["tools"], row.values["at_stake"], row.values["unit"]
            assert isinstance(refs, tuple)
            assert isinstance(amount, Amount)
            assert unit is None or isinstance(unit, str)
            ids = frozenset(int(each.id) for each in refs)
            groups[unit, ids] = amount.minor
    return groups


def company_of(session: Session, seed: int) -> Company:
    """A random company in which more tools do the same: every other gets the capabilities of the one before."""
    company = random_company(session, seed)
    let_overlap(session, company, seed)
    return company


def let_overlap(session: Session, company: Company, seed: int) -> None:
    """Gives every other tool the capabilities of the one before."""
    for first, second in zip(company.tools[::2], company.tools[1::2], strict=False):
        for place, name in enumerate(CAPABILITIES[: 2 + seed % 3]):
            for tool in (first, second):
                build_use(session, tool, name, 1 + (place + seed) % 2)
    session.flush()


def build_use(session: Session, tool: Tool, name: str, halves: int) -> None:
    """A capability that is used, whatever was said before."""
    owned = session.scalars(
        select(ToolCapability).where(ToolCapability.tool_id == tool.id, ToolCapability.capability_id == name)
    ).one_or_none()
    if owned is None:
        session.add(ToolCapability(tool_id=tool.id, capability_id=name, used_halves=halves))
    else:
        owned.used_halves = halves


def units_of(session: Session, tool: Tool) -> set[int]:
    return set(session.scalars(select(ToolUnit.unit_id).where(ToolUnit.tool_id == tool.id)))


def groups_agree(session: Session, company: Company, seed: int) -> None:
    """Groups, possible ones too, and what is at stake equal the naive reading in the whole company."""
    scope = scope_for(session, as_of=DAY, environ={})
    report = overlap.build(session, scope)
    tools = [plain(session, scope, tool) for tool in company.tools]
    by_id = {each.id: each for each in tools}

    def members(ids: frozenset[int], among: dict[int, Plain] = by_id) -> list[Plain]:
        return [among[each] for each in sorted(ids)]

    expected = {(None, ids): stake(members(ids)) for ids in overlapping(tools, proven=True)}
    assert found(report, "proven") == expected, seed
    possible = {(None, ids): None for ids in overlapping(tools, proven=False)}
    assert found(report, "possible") == possible, seed
    head = report.headlines[0].value
    assert isinstance(head, Amount)
    assert (head.minor or 0) == sum(each or 0 for each in expected.values())
    for row in report.rows:
        alone = row.detail["alone"]
        assert isinstance(alone, dict)
        cost, at_stake = row.values["run_rate"], row.values["at_stake"]
        assert isinstance(cost, Amount)
        assert isinstance(at_stake, Amount)
        assert row.detail["exact"] in (True, None)
        assert 0 <= (at_stake.minor or 0) <= max(0, cost.minor or 0), seed


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_and_money_by_trying_every_subset(session: Session, seed: int) -> None:
    company = company_of(session, seed)
    groups_agree(session, company, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_inside_each_unit(session: Session, seed: int) -> None:
    inside_units_agree(session, company_of(session, seed), seed)


def inside_units_agree(session: Session, company: Company, seed: int) -> None:
    """The groups of each unit by itself equal the naive reading."""
    whole = scope_for(session, as_of=DAY, environ={})
    inside = replace(whole, settings=replace(whole.settings, operating_model="coordination"))
    expected: set[tuple[str | None, frozenset[int]]] = set()
    for unit in company.units:
        mine = [plain(session, whole, tool) for tool in company.tools if unit.id in units_of(session, tool)]
        expected |= {(unit.name, ids) for ids in overlapping(mine, proven=True)}
    homeless = [plain(session, whole, tool) for tool in company.tools if not units_of(session, tool)]
    expected |= {(None, ids) for ids in overlapping(homeless, proven=True)}
    assert set(found(overlap.build(session, inside), "proven")) == expected, seed


@pytest.mark.postgres
@pytest.mark.parametrize("seed", [1, 5, 8])
def test_the_same_on_postgresql(session: Session, seed: int) -> None:
    assert db.engine.dialect.name == "postgresql"
    company = company_of(session, seed)
    groups_agree(session, company, seed)
