"""Answers as text and back: equal, nothing run, and what is long made when somebody asks for it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from mopsaudit.facts import shelf
from mopsaudit.facts.written import UnwritableError, read, write
from mopsaudit.later import waiting_of
from mopsaudit.reporting import (
    Amount,
    Column,
    Coverage,
    Finding,
    LineFilter,
    Ref,
    Report,
    Row,
    Section,
    Trace,
    ValueKind,
)
from mopsaudit.reports.findings import Bearers, join


def test_what_is_written_is_read_back_equal() -> None:
    value = {
        "amount": Amount(currency="USD", minor=-5, why=None),
        "refs": (Ref(kind="tool", id=3, label="Ünïcode\u2028“x”"), [1, 2.5, None, True]),
        ("a", 1): frozenset({date(2026, 2, 28)}),
        "kind": ValueKind.MONEY,
        "numbers": (Decimal("1.10"), Fraction(1, 3), 99_999_999_999_999_999_999),
        "at": datetime(2026, 9, 30, tzinfo=UTC),
    }
    back = read(write(value))
    assert back == value
    assert isinstance(back["kind"], ValueKind)
    assert isinstance(back["refs"], tuple)


def _report(rows: int) -> Report:
    """A report whose rows say the same tool and trace again and again."""
    tool = Ref(kind="tool", id=3, label="Ünïcode\u2028“x”\n")
    trace = Trace(lines=LineFilter(tool_ids=(3,)))
    made = tuple(
        Row(
            id=str(number),
            values={"tool": tool, "cost": Amount(currency="USD", minor=number, trace=trace), "sum": None},
            detail={"number": number},
        )
        for number in range(rows)
    )
    columns = (Column(key="tool", label="Tool"), Column(key="cost", label="Cost", kind=ValueKind.MONEY))
    section = Section(key="more", title="More", sentence="Said.", columns=columns, rows=made[: rows // 2])
    return Report(
        name="stack",
        title="Stack",
        as_of=date(2026, 9, 30),
        unit=None,
        currency="USD",
        answer="An answer.",
        headlines=(),
        columns=columns,
        rows=made,
        sections=(section,),
        coverage=Coverage(sentence="All of it.", parts={"lines": 3}),
    )


def test_long_members_are_made_when_they_are_asked_for() -> None:
    report = _report(40)
    text = write(report)
    back = read(text)
    assert set(waiting_of(back)) == {"rows"}
    assert (back.answer, back.coverage, back.sections[0].title) == (report.answer, report.coverage, "More")
    assert set(waiting_of(back)) == {"rows"}, "what is short needs nothing else"
    assert set(waiting_of(back.sections[0])) == {"rows"}
    assert shelf.weight(back) > len(text), "what waits is weighed, and stays as it is"
    assert set(waiting_of(back)) == {"rows"}
    assert back.rows is back.rows
    assert not waiting_of(back)
    assert back == report
    assert read(text) == report
    assert report == read(text)
    assert replace(read(text), answer="Other") == replace(report, answer="Other")
    assert read(text).to_json() == report.to_json()
    assert write(read(text)) == text
    assert back.rows[0].values["tool"] is back.rows[39].values["tool"], "one value for what is said often"
    assert set(waiting_of(read(write(_report(15))))) == set(), "what is short is made at once"


def test_findings_wait_too_and_their_sums_do_not_change() -> None:
    amount = Amount(currency="USD", minor=500)
    found = tuple(
        Finding(
            id=f"f{number}",
            kind="idle",
            sentence=f"Tool {number} idles.",
            amount=amount,
            recoverable=amount,
            bearers=(f"tool:{number}",),
        )
        for number in range(20)
    )
    joined = join(found, Bearers(), "USD")
    back = read(write(joined))
    assert set(waiting_of(back)) == {"findings", "stakes"}
    assert (back.annual, back.recoverable, back.counted("f3")) == (joined.annual, joined.recoverable, 500)
    assert set(waiting_of(back)) == {"findings"}
    assert back == joined


def test_a_finding_that_stands_with_many_tools_is_written_once() -> None:
    amount = Amount(currency="USD", minor=500)
    found = Finding(id="f1", kind="overlap", sentence="Said once.", amount=amount, recoverable=amount)
    back = read(text := write(dict.fromkeys(range(5), (found,))))
    assert text.count("Said once.") == 1
    assert back == dict.fromkeys(range(5), (found,))
    assert back[0][0] is back[4][0]


def test_many_threads_that_ask_get_one_value() -> None:
    back = read(write(_report(2_000)))
    start = threading.Barrier(8)

    def ask(_: int) -> int:
        start.wait(30)
        return id(back.rows)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    with pytest.raises(AttributeError, match="nothing"):
        _ = back.nothing


@dataclass(frozen=True)
class _NotOurs:
    of: int


@pytest.mark.parametrize("value", [_NotOurs(1), object(), lambda: 1, {1, 2}, b"bytes"])
def test_what_is_no_value_of_ours_is_not_written(value: object) -> None:
    with pytest.raises(UnwritableError):
        write((1, value))


@pytest.mark.parametrize(
    "text",
    [
        '[["os:system"],[],0,[11,"true"]]',
        '[["mopsaudit.store.session:db"],[],0,[11,1]]',
        '[["mopsaudit.reporting:Amount.text"],[],0,[11,1]]',
        '[["mopsaudit.facts.cupboard:Cupboard"],[],0,[11,"/"]]',
        '[["mopsaudit.reporting:Amount"],[],0,[11,1,"USD"]]',
        '[["mopsaudit.reporting:Amount"],[],0,[11,3,"USD",1,2]]',
        '[["mopsaudit.reporting:Section"],[],0,[11,1,[9,0,5]]]',
        "[[],[],0,[11,1]]",
        "[[],[],0,[8,0]]",
        "[[],[],0,[10,0,1]]",
        '[[],[["a","b"]],0,[10,0,1]]',
        "[",
        "",
    ],
)
def test_a_text_that_names_anything_but_values_makes_nothing(text: str) -> None:
    with pytest.raises(UnwritableError):
        read(text)
