"""Narrowing a ledger and widening it again: lines, summaries, reconciliations, pairs; nothing is lost on the way."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, NotFoundError
from mopsaudit.intake.edits import Edit, EditKind, edited_options
from mopsaudit.intake.ledgers import ledger_parts, ledgers, narrow_ledger
from mopsaudit.intake.narrowing import Narrowing, kept_parts, parts_of
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.summaries import difference
from mopsaudit.intake.view import certificate_json, import_json, review
from mopsaudit.store.ledger import ImportTotal, LedgerSummary, LinePair, SourceLedger, SpendLine
from tests.intake.files import Line, enter, spend_read, stage, take_back

MIXED = [
    Line(amount="10.00", cost_centre="MKT", reference="1"),
    Line(amount="-2.50", cost_centre="mkt ", reference="2"),
    Line(amount="90.005", cost_centre="OPS", reference="3"),
    Line(amount="7.00", cost_centre=None, reference="4"),
]
MKT = Narrowing.of(["MKT"], [])


def total(session: Session) -> int:
    return int(session.scalar(select(func.coalesce(func.sum(LedgerSummary.amount_minor), 0))) or 0)


def certificate(session: Session, import_id: int) -> dict[str, Any]:
    found = certificate_json(session, import_id)["sheets"][0]["totals"][0]
    return {key: found[key] for key in ("data", "imported", "out_of_scope", "balanced")}


def change(session: Session, wanted: Narrowing, *, ledger: int = 1) -> tuple[int, int]:
    row = next(each for each in ledgers(session) if each.id == ledger)
    moved = narrow_ledger(session, ledger, row.version, wanted, window_days=45)
    assert not difference(session)
    return moved.left_out, moved.brought_back


@pytest.mark.parametrize(
    "cost_centres, accounts, line, expected",
    [
        ([], [], (None, None), True),
        (["MKT"], [], ("mkt", None), True),
        (["MKT"], [], (" MKT  ", None), True),
        (["MKT"], [], (None, None), False),
        (["MKT", "(none)"], [], (None, None), True),
        (["41*"], [], ("4100", None), True),
        (["41*"], [], ("4200", None), False),
        (["MKT"], ["62*"], ("MKT", "6210"), True),
        (["MKT"], ["62*"], ("MKT", "7000"), False),
        (["MKT", "*"], [], ("OPS", None), True),
    ],
)
def test_what_is_in_scope(
    cost_centres: list[str], accounts: list[str], line: tuple[str | None, str | None], expected: bool
) -> None:
    assert Narrowing.of(cost_centres, accounts).holds(*line) is expected


def test_parts_of_a_file_without_values_are_none() -> None:
    assert parts_of([(None, "USD", 5, 1), ("  ", "USD", 5, 1)], ()) == ()
    (first, second) = parts_of([("A", "USD", 5, 1), ("A", "EUR", 7, 2), (None, "USD", 1, 1)], ["A"])
    assert (first.value, first.lines, first.sums, first.chosen) == ("A", 3, (("EUR", 7), ("USD", 5)), True)
    assert (second.value, second.chosen) == ("(none)", False)


def test_narrowing_and_widening_bring_back_the_same_ledger(session: Session, data: Path) -> None:
    record = enter(session, spend_read(MIXED), data)
    before = total(session), certificate(session, record.id), import_json(session, record.id)
    assert change(session, MKT) == (2, 0)
    assert total(session) == 750
    assert certificate(session, record.id) == {
        "data": "104.505",
        "imported": "7.50",
        "out_of_scope": "97.00",
        "balanced": True,
    }
    shown = import_json(session, record.id)
    assert shown["sheets"][0]["lines"]["out_of_scope"] == 2
    assert shown["totals"] == [{"currency": "USD", "imported": "7.50"}]
    stored = session.scalars(select(ImportTotal)).one()
    assert (stored.imported_minor, stored.out_of_scope_minor) == (750, 9700)
    (row,) = ledgers(session)
    assert (row.lines, row.left_out, row.left_out_sums) == (2, 2, (("USD", 9700),))
    assert change(session, Narrowing()) == (0, 2)
    assert (total(session), certificate(session, record.id), import_json(session, record.id)) == before


def test_a_large_file_narrowed_to_one_cost_centre(session: Session, data: Path) -> None:
    """The manual's example: 1,194 lines, 310 of them of cost centre 4100."""
    amounts = [("4100", "132")] * 309 + [("4100", "212")] + [("4200", "47")] * 883 + [("4200", "619")]
    lines = [
        Line(amount=amount, cost_centre=centre, reference=f"INV-{number}")
        for number, (centre, amount) in enumerate(amounts)
    ]
    record = enter(session, spend_read(lines), data)
    assert total(session) == 83_120_00
    assert change(session, Narrowing.of(["4100"], [])) == (884, 0)
    found = certificate(session, record.id)
    assert (found["imported"], found["out_of_scope"], found["balanced"]) == ("41000.00", "42120.00", True)
    (row,) = ledgers(session)
    assert (row.lines, row.left_out, total(session)) == (310, 884, 41_000_00)
    assert change(session, Narrowing()) == (0, 884)
    (row,) = ledgers(session)
    assert (row.lines, row.left_out, total(session)) == (1194, 0, 83_120_00)


def test_a_file_is_narrowed_as_its_ledger_was(session: Session, data: Path) -> None:
    options = ImportOptions(cost_centres=("mkt",), source="AP UK")
    enter(session, spend_read(MIXED), data, options=options)
    again = enter(
        session,
        spend_read([Line(amount="3.00", cost_centre="OPS", reference="9")]),
        data,
        options=ImportOptions(source="AP UK"),
        name="next.xlsx",
    )
    assert certificate(session, again.id)["out_of_scope"] == "3.00"
    assert total(session) == 750
    other = enter(
        session,
        spend_read([Line(amount="5.00", cost_centre="OPS", reference="8")]),
        data,
        options=ImportOptions(source="AP DE"),
        name="other.xlsx",
    )
    assert certificate(session, other.id)["out_of_scope"] == "0.00"


def test_a_files_narrowing_holds_for_the_whole_ledger_and_everything_widens_it(
    session: Session, data: Path
) -> None:
    first = enter(session, spend_read(MIXED), data, options=ImportOptions(source="AP UK"))
    more = [Line(amount="1.00", cost_centre="MKT", reference="7")]
    enter(
        session,
        spend_read(more),
        data,
        options=ImportOptions(source="AP UK", cost_centres=("MKT",)),
        name="b",
    )
    assert certificate(session, first.id)["out_of_scope"] == "97.00"
    assert total(session) == 850
    last = [Line(amount="1.00", cost_centre="OPS", reference="8")]
    enter(
        session, spend_read(last), data, options=ImportOptions(source="AP UK", cost_centres=("*",)), name="c"
    )
    assert total(session) == 10_650
    assert ledgers(session)[0].narrowing == Narrowing()
    assert not difference(session)


def test_undo_and_narrowing_in_any_order(session: Session, data: Path) -> None:
    first = enter(session, spend_read(MIXED), data, name="a.xlsx")
    second = enter(session, spend_read([*MIXED, Line(amount="4", cost_centre="OPS")]), data, name="b.xlsx")
    change(session, MKT)
    take_back(session, first.id)
    assert total(session) == 750
    change(session, Narrowing())
    assert total(session) == 10_850
    take_back(session, second.id)
    assert total(session) == 0
    third = enter(session, spend_read(MIXED), data, name="a.xlsx")
    assert certificate(session, third.id)["imported"] == "104.50"
    assert not difference(session)


def test_a_pair_lets_go_of_what_is_out_of_scope(session: Session, data: Path) -> None:
    both = [Line(amount="50.00", cost_centre="OPS", reference="INV-77", day=date(2026, 3, 5))]
    enter(session, spend_read(both), data, options=ImportOptions(source="AP", kind_of_source="ap"))
    enter(
        session,
        spend_read(both),
        data,
        options=ImportOptions(source="Card", kind_of_source="card"),
        name="card.xlsx",
    )
    assert total(session) == 5000  # a certain pair counts once
    ap = session.scalars(select(SourceLedger.id).where(SourceLedger.name == "AP")).one()
    change(session, MKT, ledger=ap)
    assert total(session) == 5000  # the card's line stands for the cost now
    assert session.scalars(select(SpendLine.counts).where(SpendLine.source_id != ap)).all() == [True]
    change(session, Narrowing(), ledger=ap)
    assert total(session) == 5000
    assert session.scalars(select(LinePair.certainty)).all() == ["certain"]


def test_two_people_at_once(session: Session, data: Path) -> None:
    enter(session, spend_read(MIXED), data)
    narrow_ledger(session, 1, 1, MKT, window_days=45)
    with pytest.raises(ConflictError):
        narrow_ledger(session, 1, 1, Narrowing(), window_days=45)
    with pytest.raises(NotFoundError):
        narrow_ledger(session, 99, 1, MKT, window_days=45)


def test_the_review_offers_the_files_cost_centres(session: Session, data: Path) -> None:
    import_id = stage(session, spend_read(MIXED), data, options=ImportOptions(cost_centres=("OPS",)))
    centres, accounts, narrowing = kept_parts(review(session, import_id).parts)
    assert [(each.value, each.lines, each.chosen) for each in centres] == [
        ("MKT", 2, False),
        ("(none)", 1, False),
        ("OPS", 1, True),
    ]
    assert accounts == ()
    assert narrowing == Narrowing(cost_centres=("OPS",))


def test_a_chosen_value_may_hold_a_semicolon() -> None:
    edit = Edit(kind=EditKind.COST_CENTRES, value="A; B\nC\n")
    assert edited_options(ImportOptions(), [edit]).cost_centres == ("A; B", "C")
    typed = Edit(kind=EditKind.COST_CENTRES, value="A; B")
    assert edited_options(ImportOptions(), [typed]).cost_centres == ("A", "B")


def test_the_parts_of_a_ledger(session: Session, data: Path) -> None:
    enter(session, spend_read(MIXED), data)
    change(session, MKT)
    centres, accounts = ledger_parts(session, 1)
    assert sum(each.lines for each in centres) == 4
    assert [each.value.casefold() for each in centres if each.chosen] == ["mkt"]
    assert accounts == ()
