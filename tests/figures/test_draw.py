"""The drawings: no inline style, stable bytes, theme classes, text that stays text."""

import xml.etree.ElementTree as ET

import pytest

from mopsaudit.figures import naming
from mopsaudit.figures.canvas import compact
from mopsaudit.figures.draw import draw, draw_png
from mopsaudit.reporting import Plot, Series

PLOTS = {
    "columns": Plot(
        kind="columns",
        title="Plan and invoiced",
        labels=("Jan", "Feb", "Mar"),
        series=(
            Series(key="a", label="Invoiced", values=(100_000, 120_000, None)),
            Series(key="f", label="Forecast", values=(None, None, 90_000), style="hatched", colour="muted"),
            Series(key="p", label="Budget", values=(110_000, 110_000, 110_000), style="line", colour="ink"),
        ),
        currency="USD",
        mark=2,
    ),
    "bars": Plot(
        kind="bars",
        title="At stake",
        labels=("One", "Two"),
        series=(Series(key="a", label="At stake", values=(500_000, 0)),),
        categories=("engagement", "operations"),
        currency="JPY",
    ),
    "grouped": Plot(
        kind="grouped",
        title="Promised and delivered",
        labels=("One", "Two"),
        series=(
            Series(key="p", label="Promised", values=(500_000, None)),
            Series(key="d", label="Delivered", values=(400_000, -100)),
        ),
        currency="USD",
    ),
    "lines": Plot(
        kind="lines",
        title="Trend",
        labels=("Jan", "Feb"),
        series=(Series(key="a", label="Active", values=(3, None)),),
    ),
    "matrix": Plot(
        kind="matrix",
        title="Cover",
        labels=("A", "B"),
        series=(Series(key="a", label="A", values=(None, 50)), Series(key="b", label="B", values=(80, None))),
    ),
    "timeline": Plot(
        kind="timeline",
        title="Renewals",
        labels=("One", "Two"),
        series=(
            Series(key="s", label="Term", values=(-100, None), style="span"),
            Series(key="e", label="Term", values=(200, 60), style="span"),
            Series(key="n", label="Send by", values=(100, -10), style="dot", colour="bad"),
        ),
    ),
}


@pytest.mark.parametrize("kind", sorted(PLOTS))
@pytest.mark.parametrize("width", ["wide", "phone"])
def test_a_picture_has_no_inline_style_and_is_named(kind: str, width: str) -> None:
    svg = draw(PLOTS[kind], width=width, key="k1")
    root = ET.fromstring(svg)
    assert "style" not in {name for element in root.iter() for name in element.attrib}
    assert not [element for element in root.iter() if element.tag.endswith("}style")]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "k1-title k1-desc"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert all(str(name).startswith("k1-") for name in ids)
    assert len(ids) == len(set(ids))
    assert any("f-" in (element.get("class") or "") for element in root.iter())
    texts = {element.text for element in root.iter() if element.tag.endswith("}text")}
    assert PLOTS[kind].labels[0] in texts


def test_the_same_plot_gives_the_same_bytes() -> None:
    first = draw(PLOTS["columns"], key="a")
    draw.cache_clear()
    assert draw(PLOTS["columns"], key="a") == first


def test_an_empty_plot_is_drawn_without_a_fault() -> None:
    empty = Plot(kind="bars", title="Nothing", labels=(), series=(Series(key="a", label="x", values=()),))
    assert "<svg" in draw(empty)


def test_a_png_for_documents() -> None:
    assert draw_png(PLOTS["bars"]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "value, text",
    [
        (0, "0"),
        (950, "950"),
        (184_200, "184 k"),
        (1_250_000, "1.2 m"),
        (-2_000, "−2 k"),
        (3_000_000_000, "3 bn"),
    ],
)
def test_axis_numbers_are_short(value: int, text: str) -> None:
    assert compact(value) == text


def _two(kind: str, first: tuple[int, ...], second: tuple[int | None, ...]) -> Plot:
    return Plot(
        kind=kind,
        title="Seats",
        labels=("Jan", "Feb", "Mar"),
        series=(
            Series(key="held", label="Held", values=first),
            Series(key="used", label="Used", values=second),
        ),
    )


@pytest.mark.parametrize("kind", ["bars", "grouped"])
def test_series_differ_by_texture_where_colour_is_lost(kind: str) -> None:
    assert "<pattern" in draw(_two(kind, (3, 4, 5), (1, 2, 3)))
    alone = Plot(
        kind=kind,
        title="Seats",
        labels=("Jan",),
        series=(Series(key="held", label="Held", values=(3,)),),
    )
    assert "<pattern" not in draw(alone)


def test_lines_are_named_at_their_ends_also_where_they_end_together() -> None:
    apart = draw(_two("lines", (300, 400, 500), (100, 200, 300)))
    assert "Held 500" in apart
    assert "Used 300" in apart
    together = draw(_two("lines", (300, 400, 500), (100, 200, 499)))
    assert "Held 500" in together
    assert "Used 499" in together
    assert _heights(together, "Held 500") < _heights(together, "Used 499") - 10  # one above the other
    assert "stroke-dasharray" in apart


def _heights(svg: str, words: str) -> float:
    """Where a text stands, in units from the top."""
    for element in ET.fromstring(svg).iter():
        if element.tag.endswith("}text") and element.text == words:
            return float(element.get("y") or 0)
    raise AssertionError(f"{words} is not in the picture")


def _texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter() if element.tag.endswith("}text")]


def _stack(*rows: tuple[int, int]) -> Plot:
    return Plot(
        kind="bars",
        title="Seats",
        labels=tuple("ABCDEFGH"[: len(rows)]),
        series=(
            Series(key="held", label="Held", values=tuple(row[0] for row in rows)),
            Series(key="free", label="Free", values=tuple(row[1] for row in rows)),
        ),
    )


def test_parts_of_stacked_bars_are_named_above_the_first_bar() -> None:
    svg = draw(_stack((30, 20), (10, 5)))
    assert _texts(svg).count("Held") == 1
    assert _heights(svg, "Held") == _heights(svg, "Free") < _heights(svg, "50")
    assert _heights(svg, "Held") > 0


def test_a_first_bar_that_lacks_a_part_leaves_the_names_to_a_legend() -> None:
    listed, named = draw(_stack((30, 0), (10, 5))), draw(_stack((30, 20), (10, 5)))
    assert _texts(listed).count("Free") == _texts(named).count("Free") == 1
    assert (
        _size(listed, "Free") > _size(named, "Free") == naming.POINTS
    )  # the legend's letters are the labels'


def _size(svg: str, words: str) -> float:
    """Points of a text."""
    for element in ET.fromstring(svg).iter():
        if element.tag.endswith("}text") and element.text == words:
            return float((element.get("font-size") or "0").removesuffix("px"))
    raise AssertionError(f"{words} is not in the picture")


def test_bars_side_by_side_are_named_in_the_first_row_with_room() -> None:
    words = _texts(draw(_two("grouped", (900, 300, 100), (800, 200, 100))))
    assert "Held 300" in words
    assert "Used 200" in words
    assert "900" in words
    assert "Held" not in words


def test_columns_are_named_at_their_end_and_those_that_stopped_in_their_tallest() -> None:
    words = _texts(draw(PLOTS["columns"]))
    assert [words.count(each) for each in ("Invoiced", "Forecast", "Budget")] == [1, 1, 1]
    svg = draw(PLOTS["columns"])
    assert "rotate(-90" in svg  # Invoiced stands upright in February


def test_names_that_find_no_place_are_told_in_a_legend() -> None:
    below = _two("columns", (300, -400, 500), (100, 200, 300))
    assert sorted(each for each in _texts(draw(below)) if each in {"Held", "Used"}) == ["Held", "Used"]
    assert _heights(draw(below), "Held") == _heights(draw(below), "Used")


def test_names_are_moved_as_little_as_it_takes() -> None:
    assert naming.spread((1.0, 5.0), (2.0, 2.0), 0.0, 9.0) == [1.0, 5.0]
    assert naming.spread((4.0, 4.0, 4.0), (2.0, 2.0, 2.0), 0.0, 9.0) == [4.0, 6.0, 8.0]
    assert naming.spread((1.0, 1.0), (5.0, 5.0), 0.0, 9.0) is None


def test_a_line_that_ends_before_the_others_is_named_where_it_ends() -> None:
    svg = draw(_two("lines", (300, 400, 500), (290, 380, None)))
    assert "Held 500" in svg
    assert "Used 380" in svg
    assert ">Used<" not in svg
