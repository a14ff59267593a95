"""Replace by key: the restated file wins, nothing is deleted, undo brings the old lines back, order never matters."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.replace_key import KeyedLine, Restatement, checked_key, key_of, key_words, restatements
from mopsaudit.intake.stage import settings_of
from mopsaudit.intake.summaries import difference
from mopsaudit.intake.view import import_json
from mopsaudit.store.ledger import LinePair, SpendLine
from tests.intake.files import Line, enter, spend_read, take_back
from tests.intake.test_pairs import total

BY_INVOICE = ImportOptions(kind_of_source="ap", replace_by=("supplier", "invoice"))
AP, GL = ImportOptions(kind_of_source="ap"), ImportOptions(kind_of_source="gl")
OLD = [
    Line(amount="100", reference="INV-1"),
    Line(amount="20", reference="INV-1", description="freight"),
    Line(amount="50", reference="INV-2"),
    Line(amount="70", reference="INV-1", supplier="OTHER GMBH"),
]
NEW = [Line(amount="110", reference="inv 1", description="restated"), Line(amount="50", reference="INV-2")]


def counting(session: Session) -> list[tuple[int, str | None]]:
    rows = session.execute(
        select(SpendLine.amount_minor, SpendLine.reference)
        .where(SpendLine.living, SpendLine.counts)
        .order_by(SpendLine.amount_minor)
    )
    return [(minor, reference) for minor, reference in rows]


def test_a_restated_file_wins_by_its_key_and_the_certificate_balances(session: Session, data: Path) -> None:
    enter(session, spend_read(OLD), data, options=AP, name="a.xlsx")
    record = enter(session, spend_read(NEW), data, options=BY_INVOICE, name="b.xlsx")
    assert counting(session) == [(5_000, "INV-2"), (7_000, "INV-1"), (11_000, "inv 1")]
    said = import_json(session, record.id)
    sheet = said["sheets"][0]
    assert (sheet["lines"]["imported"], sheet["lines"]["duplicate"]) == (1, 1)
    assert sheet["totals"][0]["balanced"] is True
    assert [problem["message"] for problem in said["problems"]] == [
        "2 lines with 120.00 USD of earlier files no longer count: this file restates them."
    ]
    assert session.scalars(select(SpendLine.living)).all() == [True] * 5  # history keeps the old lines
    assert not difference(session)


def test_undo_brings_the_old_lines_back_exactly(session: Session, data: Path) -> None:
    first = enter(session, spend_read(OLD), data, options=AP, name="a.xlsx")
    before = counting(session)
    second = enter(session, spend_read(NEW), data, options=BY_INVOICE, name="b.xlsx")
    take_back(session, second.id)
    assert counting(session) == before
    assert session.scalars(select(LinePair.id)).all() == []
    assert not difference(session)
    third = enter(session, spend_read(NEW), data, options=BY_INVOICE, name="c.xlsx")
    take_back(session, first.id)
    assert counting(session) == [(5_000, "INV-2"), (11_000, "inv 1")]
    take_back(session, third.id)
    assert counting(session) == []
    assert not difference(session)


def test_a_late_copy_of_the_old_file_does_not_bring_the_old_lines_back(session: Session, data: Path) -> None:
    enter(session, spend_read(NEW), data, options=BY_INVOICE, name="b.xlsx")
    late = enter(session, spend_read(OLD), data, options=AP, name="a.xlsx")
    assert counting(session) == [(5_000, "INV-2"), (7_000, "INV-1"), (11_000, "inv 1")]
    codes = [problem["code"] for problem in import_json(session, late.id)["problems"]]
    assert codes == ["spend.restated"]
    assert not difference(session)


def test_the_later_of_two_restatements_wins_and_its_undo_lets_the_earlier_stand(
    session: Session, data: Path
) -> None:
    enter(session, spend_read(OLD), data, options=AP, name="a.xlsx")
    enter(session, spend_read(NEW), data, options=BY_INVOICE, name="b.xlsx")
    newest = [Line(amount="130", reference="INV-1", description="again")]
    third = enter(session, spend_read(newest), data, options=BY_INVOICE, name="c.xlsx")
    assert counting(session) == [(5_000, "INV-2"), (7_000, "INV-1"), (13_000, "INV-1")]
    take_back(session, third.id)
    assert counting(session) == [(5_000, "INV-2"), (7_000, "INV-1"), (11_000, "inv 1")]
    assert not difference(session)


def test_another_ledger_is_never_restated_and_pairs_follow_the_restated_invoice(
    session: Session, data: Path
) -> None:
    enter(session, spend_read([Line(amount="100", reference="INV-1")]), data, options=AP, name="a.xlsx")
    booked = [Line(amount="110", reference="INV-1", description="booked")]
    enter(session, spend_read(booked), data, options=GL, name="gl.xlsx")
    assert total(session) == 21_000  # the sums differ, so nothing is certain
    record = enter(session, spend_read(NEW[:1]), data, options=BY_INVOICE, name="b.xlsx")
    assert total(session) == 11_000  # now they agree: one cost, in the invoice's own ledger
    take_back(session, record.id)
    assert total(session) == 21_000
    assert not difference(session)


def test_the_review_says_what_will_no_longer_count(session: Session, data: Path) -> None:
    from mopsaudit.intake.apply_spend import preview_spend
    from mopsaudit.intake.matching import judge_for

    enter(session, spend_read(OLD), data, options=AP, name="a.xlsx")
    read = spend_read(NEW)
    judge = judge_for(session, settings_of(session, {}))
    outcome = preview_spend(session, BY_INVOICE, read.reading, read.spend(), judge)
    assert [problem.message for problem in outcome.problems] == [
        "2 lines with 120.00 USD of earlier files will no longer count: this file restates them."
    ]


LINES = [
    Line(amount="100", reference="INV-1"),
    Line(amount="110", reference="INV-1", description="restated"),
    Line(amount="50", reference="INV-2"),
    Line(amount="50", reference="INV-2"),
    Line(amount="60", reference="INV-2", description="restated"),
    Line(amount="9", reference=None),
]


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(
    plan=st.lists(st.tuples(st.sets(st.integers(0, 5)), st.booleans()), min_size=2, max_size=4),
    restated=st.sets(st.integers(0, 5), min_size=1, max_size=3),
    order=st.randoms(),
)
def test_slices_in_any_order_around_a_restatement_end_in_the_same_ledger(
    session: Session, data: Path, plan: list[tuple[set[int], bool]], restated: set[int], order: Any
) -> None:
    """One file that replaces by key and any plain ones, with undos between: what counts follows from what stands."""
    files: list[tuple[str, list[int], bool, ImportOptions]] = [
        (f"plain-{number}.xlsx", sorted(chosen), keep, AP)
        for number, (chosen, keep) in enumerate(plan)
        if chosen
    ]
    files.append(("restated.xlsx", sorted(restated), True, BY_INVOICE))
    results = []
    for _ in range(2):
        order.shuffle(files)
        with session.begin_nested() as savepoint:
            pending: list[int] = []
            for name, chosen, keep, options in files:
                read = spend_read([LINES[index] for index in chosen])
                record = enter(session, read, data, options=options, name=name)
                if not keep:
                    pending.append(record.id)
                if pending and order.random() < 0.5:
                    take_back(session, pending.pop())
            for import_id in pending:
                take_back(session, import_id)
            assert not difference(session)
            results.append(counting(session))
            savepoint.rollback()
        session.expire_all()
    assert results[0] == results[1]


def keyed(number: int, **values: Any) -> KeyedLine:
    line = KeyedLine(
        id=number, supplier=1, invoice="INV-1", day=date(2026, 1, 5), month=24312, description="A  b"
    )
    return line._replace(**values)


def test_keys_fold_what_two_prints_of_one_file_differ_in() -> None:
    fields = checked_key(["Supplier", "invoice", "invoice"])
    assert fields == ("invoice", "supplier")
    assert key_words(fields) == "invoice number and supplier"
    assert key_of(fields, keyed(1)) == key_of(fields, keyed(2, invoice="inv 1"))
    assert key_of(fields, keyed(1, invoice=None)) is None
    assert key_of(("description",), keyed(1)) == ("a b",)


@pytest.mark.parametrize("fields", [("supplier",), ("supplier", "cost_centre"), ("amount",)])
def test_a_key_that_tells_no_cost_apart_is_refused(fields: Sequence[str]) -> None:
    with pytest.raises(InvalidError):
        ImportOptions(replace_by=tuple(fields))


def test_a_line_a_later_restatement_holds_is_not_restated_by_the_earlier() -> None:
    lines = [keyed(1), keyed(2), keyed(3)]
    first = Restatement(import_id=7, fields=("invoice",), lines=frozenset({2}))
    later = Restatement(import_id=9, fields=("invoice",), lines=frozenset({1}))
    assert {key: value[0] for key, value in restatements(lines, [first]).items()} == {1: 2, 3: 2}
    assert {key: value[0] for key, value in restatements(lines, [first, later]).items()} == {2: 1, 3: 1}
