"""The stack map: areas are money, nothing is lost, small tools stand together, the picture is the same twice."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsaudit.figures.stack_map import (
    PHONE,
    WIDE,
    MapTool,
    Rect,
    Size,
    StackMap,
    cut,
    lay_out,
    squarified,
    wrapped,
)
from mopsaudit.figures.stack_picture import SLIDE, Words, draw_map, mixed

CATEGORIES = (
    ("intelligence", "Market"),
    ("engagement", "Customer"),
    ("operations", "Project"),
    ("performance", "P"),
)


def _tool(
    number: int, minor: int | None, category: str = "engagement", kind: str = "Email", **more: object
) -> MapTool:
    return MapTool(key=f"t{number}", name=f"Tool {number}", category=category, kind=kind, minor=minor, **more)  # type: ignore[arg-type]


def _laid(tools: list[MapTool], size: Size = WIDE) -> StackMap:
    found = lay_out(tools, CATEGORIES, size=size, short=lambda minor: f"{minor // 100} k")
    assert found is not None
    return found


def test_areas_are_in_proportion_to_money_and_lose_nothing() -> None:
    amounts = [("a", 600), ("b", 300), ("c", 100), ("d", 24)]
    placed = squarified(amounts, Rect(10, 20, 200, 100))
    assert [name for name, _ in placed] == ["a", "b", "c", "d"]
    for (_, minor), (_, rect) in zip(amounts, placed, strict=True):
        assert rect.width * rect.height == pytest.approx(200 * 100 * minor / 1024)
        assert rect.x >= 10
        assert rect.x + rect.width <= 210.01
        assert rect.y + rect.height <= 120.01
    assert squarified([], Rect(0, 0, 10, 10)) == []


def test_nine_parts_and_one_part_of_the_map() -> None:
    """The manual's example: 900,000 in one category, 100,000 in another."""
    found = _laid([_tool(1, 900_000_00, "engagement"), _tool(2, 100_000_00, "operations")])
    areas = {box.keys[0]: (box.width + 2) * (box.height + 2) for box in found.boxes}
    assert areas["t1"] / areas["t2"] == pytest.approx(9, rel=0.05)


@pytest.mark.parametrize("size", [WIDE, PHONE, SLIDE], ids=["wide", "phone", "slide"])
def test_a_narrow_category_loses_height_and_keeps_its_area(size: Size) -> None:
    tools = [_tool(1, 9_000_00, "engagement"), _tool(2, 950_00, "operations"), _tool(3, 50_00, "performance")]
    found = _laid(tools, size)
    areas = {box.keys[0]: (box.width + 2) * (box.height + 2) for box in found.boxes}
    assert areas["t2"] / areas["t1"] == pytest.approx(950 / 9000, rel=0.08)
    assert areas["t3"] / areas["t1"] == pytest.approx(50 / 9000, rel=0.5)
    assert found.heads[0].cost == "nothing here"
    if not size.stacked:
        assert all(left.x + left.width <= right.x for left, right in pairwise(found.heads))


def test_tools_of_unknown_cost_stand_in_the_tray_and_none_sized_is_no_map() -> None:
    found = _laid([_tool(1, 100_00), _tool(2, None), _tool(3, 0)])
    assert [each.key for each in found.tray] == ["t2", "t3"]
    assert lay_out([_tool(1, None)], CATEGORIES, size=WIDE, short=str) is None


def test_two_thousand_tools_stay_few_boxes_and_all_are_in_them() -> None:
    tools = [
        _tool(number, 10 + 7_000_000 // (number + 1), CATEGORIES[number % 4][0], f"Type {number % 40}")
        for number in range(2000)
    ]
    found = _laid(tools)
    assert len(found.boxes) < 420
    assert sorted(key for box in found.boxes for key in box.keys) == sorted(each.key for each in tools)
    assert sum(box.minor for box in found.boxes) == sum(each.minor or 0 for each in tools)
    assert any(box.name.endswith(" more") for box in found.boxes)


@pytest.mark.parametrize(
    "size, most", [(WIDE, 250), (PHONE, 120), (SLIDE, 400)], ids=["wide", "phone", "slide"]
)
def test_tools_of_one_cost_are_drawn_alone_up_to_a_number(size: Size, most: int) -> None:
    tools = [_tool(number, 50_00, CATEGORIES[number % 4][0], f"Type {number % 20}") for number in range(500)]
    found = _laid(tools, size)
    alone = [box for box in found.boxes if len(box.keys) == 1]
    assert 0 < len(alone) <= most
    assert sorted(key for box in found.boxes for key in box.keys) == sorted(each.key for each in tools)


@given(st.lists(st.integers(min_value=0, max_value=10**12), min_size=1, max_size=60))
def test_boxes_stay_in_the_picture_whatever_the_amounts(amounts: list[int]) -> None:
    tools = [_tool(n, m, CATEGORIES[n % 4][0], f"Type {n % 5}") for n, m in enumerate(amounts)]
    found = lay_out(tools, CATEGORIES, size=WIDE, short=str)
    if found is None:
        assert sum(amounts) == 0
        return
    for box in found.boxes:
        assert -1 <= box.x <= box.x + box.width <= WIDE.width + 3
        assert box.y + box.height <= WIDE.head + WIDE.height + 3


def test_what_has_room_is_said_and_nothing_runs_out_of_its_box() -> None:
    found = _laid(
        [_tool(1, 9_000_00, marks=("notice due", "single supplier")), _tool(2, 4_00, marks=("overlap",))]
    )
    large = found.boxes[0]
    assert large.lines == ("Tool 1",)
    assert large.cost == "9000 k"
    assert large.mark == "notice due, single supplier"
    assert large.marked
    assert not large.light
    narrow = _laid(
        [_tool(1, 100_00, marks=("notice due", "single supplier"), kind="A")],
        Size(450, 200, 40, 8, stacked=False),
    )
    assert narrow.boxes[0].mark == "notice due +1"
    assert _laid([_tool(1, 100_00, marks=("single supplier",))]).boxes[0].light
    assert cut("Marketing automation", 12) == "Marketing a…"
    assert cut("Marketing", 3) == ""
    assert wrapped("Adobe Marketo Engage", 13, 2) == ("Adobe Marketo", "Engage")
    assert wrapped("Adobe Marketo Engage Prime", 13, 2) == ("Adobe Marketo", "Engage Prime")
    assert wrapped("Adobe Marketo Engage", 13, 1) == ("Adobe Market…",)


@pytest.mark.parametrize("kind, head", [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_the_picture_is_the_same_twice_in_both_themes(kind: str, head: bytes) -> None:
    found = _laid([_tool(1, 9_000_00, marks=("overlap",)), _tool(2, 400_00, "operations")], SLIDE)
    words = Words(
        title="Stack of $ Co", answer="Two tools cost 9,400 $ a year.", scope="As of today", beside=("Equal",)
    )
    light = draw_map(found, words, kind=kind, dpi=40)
    assert light.startswith(head)
    assert light == draw_map(found, words, kind=kind, dpi=40)
    assert light != draw_map(found, words, kind=kind, dark=True, dpi=40)
    assert draw_map(None, words, kind=kind, dpi=40).startswith(head)
    with pytest.raises(ValueError, match="svg"):
        draw_map(found, words, kind="svg")
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"
