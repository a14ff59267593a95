"""Every vendor layout: its headings are recognised as it and no other, and a row of it reads to a person and a tool."""

from datetime import date, datetime
from pathlib import Path

import pytest

from importers.usage import UsageLayout, layout_of, layouts, never
from mopsaudit.intake.contract import Kind
from tests.importers.builders import read, workbook


def headings_of(layout: UsageLayout) -> list[str]:
    """Headings as folded words: what the layout needs, one of its alternatives, and what it reads."""
    wanted = [
        *layout.needs,
        *layout.any[:1],
        *(layout.own or ())[:1],
        *layout.latest,
        *(words for words, _ in layout.columns),
    ]
    if layout.per_product:
        wanted.append(("Last", "seen", "in", "Jira"))
    return [" ".join(words) for words in dict.fromkeys(wanted)]


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.id)
def test_a_layout_is_recognised_as_itself(layout: UsageLayout) -> None:
    found = layout_of(headings_of(layout), layout.tool or "")
    assert found is not None
    assert found.id == layout.id or set(found.needs) >= set(layout.needs)
    assert layout.grade in ("A", "B")
    assert layout.event in ("activity", "sign-in", "assignment")


def test_each_layout_has_its_own_name_and_there_are_many_vendors() -> None:
    assert len({layout.id for layout in layouts()}) == len(layouts())
    assert len({(layout.tool or layout.id).split()[0] for layout in layouts()}) >= 25


CELLS = {
    "user_email": "Kim.Jones@example.org",
    "_username": "kim.jones@example.org",
    "user_id": "kim-7",
    "user_name": "Kim",
    "_last_name": "Jones",
    "last_activity": datetime(2026, 5, 4),  # noqa: DTZ001 - a sheet has no zone
    "created": datetime(2024, 1, 2),  # noqa: DTZ001
    "status": "active",
    "licence": "Full",
    "assigned": 1,
    "tool": "CRM",
}


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.id)
def test_a_row_of_a_layout_reads_to_a_person_of_its_tool(tmp_path: Path, layout: UsageLayout) -> None:
    fields = dict(layout.columns)
    headings = headings_of(layout)
    cells: list[object] = []
    for heading in headings:
        name = fields.get(tuple(heading.split()))
        if tuple(heading.split()) in layout.latest or (
            layout.per_product and heading.startswith("Last seen")
        ):
            cells.append(CELLS["last_activity"])
        elif layout.active_if and tuple(heading.split()) == layout.active_if:
            cells.append("true")
        else:
            cells.append(CELLS.get(name or "", "x"))
    path = workbook(tmp_path / "a.xlsx", [headings, cells])
    asked = layout.own == ()  # its headings are anybody's: a person names the tool
    tool = layout.tool if asked else None if layout.tool or layout.per_product else "CRM"
    if asked:
        assert [question.key for question in read(path, Kind.USAGE)[0].questions] == ["tool"]
    reading, records = read(path, Kind.USAGE, tool=tool)
    assert not reading.questions
    assert records
    values = records[0].values
    assert values["grade"] == layout.grade
    assert values["event"] == layout.event
    assert values.get("user_email") or values.get("user_id") or values.get("user_name")
    assert values["tool"]
    if layout.event != "assignment":
        assert values["last_activity"] == date(2026, 5, 4)


@pytest.mark.parametrize(
    "text",
    [
        "Never logged in",
        "never",
        "Never Accessed",
        "Has never signed in",
        "No sign-in activity",
        "Not logged in yet",
        "nie angemeldet",
        "Noch nie angemeldet",
        "jamais",
        "Jamais connecté",
        "nunca",
        "Nunca ha iniciado sesión",
        "mai",
        "Mai effettuato",
        "nooit",
        "Nooit ingelogd",
        "aldrig",
        "aldri",
        "nigdy",
        "ei koskaan",
        "1601-01-01T00:00:00Z",
        "0001-01-01 00:00:00",
    ],
)
def test_never_in_its_spellings(text: str) -> None:
    assert never(text) is True


@pytest.mark.parametrize("text", ["", "-", "n/a", "null", "1970-01-01"])
def test_what_only_says_nothing(text: str) -> None:
    assert never(text) is None


@pytest.mark.parametrize("text", ["2026-05-04", "Neverland Ltd", "Nunca Studios Ltd", "3 days ago"])
def test_what_is_no_never(text: str) -> None:
    assert never(text) is False
