"""Merging vendors and taking it back leaves everything as it was: tree, names, tools, contracts, orders, suppliers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.inventory import vendors
from mopsaudit.store.inventory import Contract, Tool, Vendor, VendorName
from mopsaudit.store.ledger import Supplier
from tests import builders

NOW = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
COLUMNS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Vendor, ("id", "name", "parent_id", "merged_into_id", "catalogue_id")),
    (VendorName, ("id", "vendor_id", "name", "kind")),
    (Tool, ("id", "name", "vendor_id")),
    (Contract, ("id", "vendor_id")),
    (Supplier, ("id", "key", "settled", "vendor_id", "tool_id", "spend_type")),
)


def state(session: Session) -> list[list[tuple[Any, ...]]]:
    """Every row that a merge may touch."""
    session.flush()
    return [
        [
            tuple(row)
            for row in session.execute(select(*(getattr(model, c) for c in columns)).order_by(model.id))
        ]
        for model, columns in COLUMNS
    ]


def parents_end(session: Session) -> bool:
    """Whether no vendor is its own ancestor."""
    above = {v.id: v.parent_id for v in session.scalars(select(Vendor))}
    for start, parent in above.items():
        seen, node = set(), parent
        while node is not None:
            if node in seen or node == start:
                return False
            seen.add(node)
            node = above[node]
    return True


@contextmanager
def forgotten(session: Session) -> Iterator[None]:
    """What one example writes is gone before the next."""
    point = session.begin_nested()
    try:
        yield
    finally:
        point.rollback()
        session.expire_all()


def company(session: Session, parents: list[int | None]) -> list[int]:
    """Vendors under the given earlier ones, each with a name, a tool, and a supplier settled on it."""
    ids: list[int] = []
    for number, parent in enumerate(parents):
        above = ids[parent % number] if number and parent is not None else None
        vendor = vendors.create_vendor(
            session, name=f"Vendor {number}", parent_id=above, names={f"Trading {number}": "trading"}
        )
        tool = builders.tool(session, f"Tool {number}")
        tool.vendor_id = vendor.id
        session.add(
            Supplier(
                key=f"s{number}",
                name=f"S{number}",
                settled="tool",
                tool_id=tool.id,
                vendor_id=vendor.id,
                version=1,
            )
        )
        session.flush()
        ids.append(vendor.id)
    return ids


PARENTS = st.lists(st.none() | st.integers(0, 5), min_size=2, max_size=6)
STEPS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=4)


def test_merges_taken_back_in_turn_leave_no_trace(session: Session) -> None:
    @settings(max_examples=40, deadline=None)
    @given(PARENTS, STEPS)
    def holds(parents: list[int | None], steps: list[tuple[int, int]]) -> None:
        with forgotten(session):
            ids = company(session, parents)
            states, merges = [], []
            for first, second in steps:
                before = state(session)
                try:
                    merge = vendors.merge_vendors(
                        session, ids[first % len(ids)], ids[second % len(ids)], now=NOW
                    )
                except InvalidError:
                    continue
                states.append(before)
                merges.append(merge.id)
                assert parents_end(session)
            for merge_id, before in zip(reversed(merges), reversed(states), strict=True):
                vendors.unmerge_vendors(session, merge_id, now=NOW)
                assert state(session) == before

    holds()


def test_a_merge_under_a_later_one_waits_for_it(session: Session) -> None:
    one, two, three = company(session, [None, None, None])
    first = vendors.merge_vendors(session, one, two, now=NOW)
    vendors.merge_vendors(session, two, three, now=NOW)
    with pytest.raises(InvalidError, match="take that merge back first"):
        vendors.unmerge_vendors(session, first.id, now=NOW)


def test_a_grandchild_that_stays_takes_the_place_of_the_one_above(session: Session) -> None:
    top, middle, below = company(session, [None, 0, 1])
    session.get_one(Vendor, below).parent_id = middle
    session.flush()
    before = state(session)
    merge = vendors.merge_vendors(session, top, below, now=NOW)
    assert session.get_one(Vendor, below).parent_id is None
    assert session.get_one(Vendor, middle).parent_id == below
    vendors.unmerge_vendors(session, merge.id, now=NOW)
    assert state(session) == before


def test_what_was_decided_in_between_stays_with_its_tool(session: Session) -> None:
    one, two = company(session, [None, None])
    merge = vendors.merge_vendors(session, one, two, now=NOW)
    tools = {tool.name: tool for tool in session.scalars(select(Tool))}
    ours = session.scalars(select(Supplier).where(Supplier.key == "s0")).one()
    ours.tool_id = tools["Tool 1"].id  # decided anew on a tool the other vendor always sold
    fresh = Supplier(
        key="new", name="New", settled="tool", tool_id=tools["Tool 0"].id, vendor_id=two, version=1
    )
    session.add(fresh)
    session.flush()
    vendors.unmerge_vendors(session, merge.id, now=NOW)
    assert (ours.vendor_id, fresh.vendor_id) == (two, one)


def test_a_parent_chosen_since_stays(session: Session) -> None:
    top, below = company(session, [None, 0])
    other = vendors.create_vendor(session, name="Other")
    merge = vendors.merge_vendors(session, top, below, now=NOW)
    stays = session.get_one(Vendor, below)
    vendors.edit_vendor(session, below, stays.version, {"parent_id": other.id})
    vendors.unmerge_vendors(session, merge.id, now=NOW)
    assert stays.parent_id == other.id
