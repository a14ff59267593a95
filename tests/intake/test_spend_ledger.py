"""What enters the ledger with a spend file, what a second one adds, and that undo leaves nothing behind."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.intake.contract import Tax
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.summaries import KEY, SUMS, difference
from mopsaudit.intake.view import certificate_json, import_json, sign_off
from mopsaudit.store.ledger import ImportStatus, LedgerSummary, Sighting, SpendLine, Supplier
from mopsaudit.store.planning import ExchangeRate
from mopsaudit.store.system import TrailEntry
from tests import builders
from tests.intake.files import NOW, Line, enter, spend_read, stage, take_back

JAN = [Line(amount="100.00", reference="1"), Line(amount="250.50", reference="2", supplier="HUBSPOT INC.")]
FEB = [Line(amount="80.00", reference="3", day=date(2026, 4, 1))]


def ledger(session: Session) -> list[tuple[Any, ...]]:
    """Living lines and what is said of them, without ids."""
    rows = session.execute(
        select(
            SpendLine.identity,
            SpendLine.ordinal,
            SpendLine.amount_minor,
            SpendLine.base_minor,
            SpendLine.tool_id,
            SpendLine.spend_type,
            SpendLine.counts,
        ).where(SpendLine.living.is_(True))
    )
    return sorted(tuple(row) for row in rows)


def summary(session: Session) -> list[tuple[Any, ...]]:
    columns = [getattr(LedgerSummary, name) for name in (*KEY, *SUMS)]
    return sorted((tuple(row) for row in session.execute(select(*columns))), key=repr)


def test_lines_enter_with_origin_supplier_and_summaries(session: Session, data: Path) -> None:
    record = enter(session, spend_read(JAN), data)
    assert record.status == ImportStatus.IMPORTED
    lines = session.scalars(select(SpendLine).order_by(SpendLine.id)).all()
    assert [(line.amount_minor, line.supplier_text) for line in lines] == [
        (10000, "ACME LTD"),
        (25050, "HUBSPOT INC."),
    ]
    seen = session.scalars(select(Sighting).order_by(Sighting.id)).all()
    assert [(sight.row, sight.cell) for sight in seen] == [(2, "D2"), (3, "D3")]
    assert not difference(session)
    hubspot = session.scalars(select(Supplier).where(Supplier.name == "HUBSPOT INC.")).one()
    assert hubspot.method == "alias"
    assert hubspot.proposal is not None
    assert hubspot.proposal["vendor_name"] == "HubSpot"
    assert lines[1].tool_id is None  # the catalogue proposes, it never adds
    assert lines[1].spend_type == "software"


def test_a_known_tool_gets_its_lines(session: Session, data: Path) -> None:
    tool = builders.tool(session, "HubSpot", catalogue_id=None)
    enter(session, spend_read(JAN), data)
    line = session.scalars(select(SpendLine).where(SpendLine.supplier_text == "HUBSPOT INC.")).one()
    assert (line.tool_id, line.method) == (tool.id, "alias")


def test_the_certificate_balances_to_the_exact_residue(session: Session, data: Path) -> None:
    record = enter(session, spend_read([Line(amount="0.335"), Line(amount="1.115", reference="2")]), data)
    total = import_json(session, record.id)["sheets"][0]["totals"][0]
    assert total["data"] == "1.45"
    assert total["imported"] == "1.46"
    assert total["rounding"] == "-0.01"
    assert total["balanced"] is True


def test_an_overlapping_file_adds_only_what_is_new(session: Session, data: Path) -> None:
    first = enter(session, spend_read(JAN), data, name="a.xlsx")
    second = enter(session, spend_read([*JAN, *FEB]), data, name="b.xlsx")
    sheet = import_json(session, second.id)["sheets"][0]
    assert sheet["lines"] == {"read": 3, "imported": 1, "duplicate": 2, "out_of_scope": 0, "rejected": 0}
    assert sheet["totals"][0]["duplicate"] == "350.50"
    assert len(ledger(session)) == 3
    undone = take_back(session, first.id)
    assert undone.counts == {"kept": 2}
    assert undone.items[0].why == f"also in import {second.id}"
    assert len(ledger(session)) == 3
    assert take_back(session, second.id).counts == {"reversed": 3}
    assert ledger(session) == []
    assert summary(session) == []


def test_two_honest_equals_stay_two(session: Session, data: Path) -> None:
    twice = [Line(amount="9.99"), Line(amount="9.99")]
    enter(session, spend_read(twice), data, name="a.xlsx")
    again = enter(session, spend_read([*twice, Line(amount="9.99")]), data, name="b.xlsx")
    assert import_json(session, again.id)["sheets"][0]["lines"]["imported"] == 1
    assert len(ledger(session)) == 3


def test_equals_of_two_files_and_the_undo_of_the_first(session: Session, data: Path) -> None:
    """The manual's example: A, B, B in January's file and B, B, B, C in February's."""
    a, b, c = (Line(amount=amount, reference=amount) for amount in ("1", "2", "3"))
    first = enter(session, spend_read([a, b, b]), data, name="january.xlsx")
    assert import_json(session, first.id)["sheets"][0]["lines"]["imported"] == 3
    second = enter(session, spend_read([b, b, b, c]), data, name="february.xlsx")
    found = import_json(session, second.id)["sheets"][0]["lines"]
    assert (found["imported"], found["duplicate"]) == (2, 2)
    assert take_back(session, first.id).counts == {"reversed": 1, "kept": 2}
    assert sorted(each[2] for each in ledger(session)) == [200, 200, 200, 300]


def test_undo_returns_to_the_state_before_and_the_file_may_come_again(session: Session, data: Path) -> None:
    enter(session, spend_read(JAN), data, name="a.xlsx")
    before = ledger(session), summary(session)
    second = enter(session, spend_read(FEB), data, name="b.xlsx")
    take_back(session, second.id)
    assert (ledger(session), summary(session)) == before
    third = enter(session, spend_read(FEB), data, name="b.xlsx")
    assert import_json(session, third.id)["sheets"][0]["lines"]["imported"] == 1
    assert not difference(session)


def test_a_line_a_person_edited_stays(session: Session, data: Path) -> None:
    person = builders.person(session)
    record = enter(session, spend_read(JAN), data)
    line = session.scalars(select(SpendLine).order_by(SpendLine.id)).first()
    assert line is not None
    line.edited_by_id = person.id
    session.flush()
    undone = take_back(session, record.id)
    assert undone.to_json()["lines"] == {"reversed": 1, "kept": 1, "could_not": 0}
    assert undone.items[0].why == "a person edited the line since"
    assert len(ledger(session)) == 1
    assert not difference(session)


def test_applying_twice_has_one_effect(session: Session, data: Path) -> None:
    from mopsaudit.intake.apply import apply_import
    from mopsaudit.intake.stage import settings_of

    read = spend_read(JAN)
    record = enter(session, read, data)
    again = apply_import(
        session, record.id, read, settings=settings_of(session, {}), now=NOW, today=date(2026, 9, 30)
    )
    assert again.id == record.id
    assert len(ledger(session)) == 2


def test_the_same_bytes_staged_twice_enter_once(session: Session, data: Path) -> None:
    from mopsaudit.intake.apply import apply_import
    from mopsaudit.intake.stage import settings_of

    read = spend_read(JAN)
    first = stage(session, read, data, content=b"same")
    second = stage(session, read, data, content=b"same")
    values: dict[str, Any] = {"settings": settings_of(session, {}), "now": NOW, "today": date(2026, 9, 30)}
    apply_import(session, first, read, **values)
    late = apply_import(session, second, read, **values)
    assert late.status == ImportStatus.CANCELLED
    assert late.reason == f"The same file was imported already (import {first})."


def test_an_import_is_one_entry_of_the_trail_with_its_digest(session: Session, data: Path) -> None:
    record = enter(session, spend_read(JAN), data)
    session.commit()
    entries = session.scalars(
        select(TrailEntry).where(TrailEntry.subject == "import_file", TrailEntry.record_id == record.id)
    ).all()
    assert entries
    assert any((entry.after or {}).get("lines_digest") == record.lines_digest for entry in entries)
    assert not session.scalars(select(TrailEntry).where(TrailEntry.subject == "spend_line")).all()


def test_foreign_money_without_a_rate_is_unconverted_never_one_to_one(session: Session, data: Path) -> None:
    record = enter(session, spend_read([Line(amount="10", currency="EUR")]), data)
    row = session.scalars(select(LedgerSummary)).one()
    assert (row.base_minor, row.unconverted_minor) == (0, 1000)
    codes = [problem["code"] for problem in import_json(session, record.id)["problems"]]
    assert codes == ["spend.currency.no_rate"]


def test_foreign_money_is_converted_at_the_booking_days_rate(session: Session, data: Path) -> None:
    for day, rate in ((date(2026, 1, 1), "1.10"), (date(2026, 3, 5), "1.20")):
        session.add(ExchangeRate(currency="EUR", into="USD", kind="booking", valid_from=day, rate=rate))
    session.flush()
    lines = [
        Line(amount="10", currency="EUR"),
        Line(amount="10", currency="EUR", day=date(2026, 3, 4), reference="2"),
    ]
    enter(session, spend_read(lines), data)
    assert session.scalars(select(SpendLine.base_minor).order_by(SpendLine.id)).all() == [1200, 1100]


def test_recoverable_tax_is_taken_off_and_the_certificate_keeps_the_booked_amount(
    session: Session, data: Path
) -> None:
    builders.entity(session, "UK", recoverable_tax_ppm=500_000)
    record = enter(
        session,
        spend_read([Line(amount="120.00", tax="20.00")], tax=Tax.GROSS_WITH_TAX),
        data,
        options=ImportOptions(entity="UK"),
    )
    line = session.scalars(select(SpendLine)).one()
    assert (line.booked_minor, line.tax_minor, line.amount_minor) == (12000, 2000, 11000)
    assert import_json(session, record.id)["totals"] == [{"currency": "USD", "imported": "120.00"}]


def test_a_card_payment_is_not_spend(session: Session, data: Path) -> None:
    enter(session, spend_read([Line(amount="-500", supplier=None, not_spend="a payment to the card")]), data)
    assert session.scalars(select(SpendLine.spend_type)).all() == ["not_spend"]
    assert session.scalars(select(LedgerSummary.spend_type)).all() == ["not_spend"]


def test_lines_of_other_cost_centres_are_out_of_scope(session: Session, data: Path) -> None:
    lines = [Line(amount="10", cost_centre="MKT"), Line(amount="90", cost_centre="OPS", reference="2")]
    record = enter(session, spend_read(lines), data, options=ImportOptions(cost_centres=("mkt",)))
    sheet = import_json(session, record.id)["sheets"][0]
    assert (sheet["lines"]["imported"], sheet["lines"]["out_of_scope"]) == (1, 1)
    assert sheet["totals"][0]["balanced"] is True
    assert session.scalar(select(func.sum(LedgerSummary.amount_minor))) == 1000


def test_unreadable_amounts_wait_for_a_signature_by_name(session: Session, data: Path) -> None:
    person = builders.person(session, "Ada Finance", email="ada@example.org")
    record = enter(session, spend_read(JAN, unreadable=1, sheet_total="400.00"), data)
    certificate = certificate_json(session, record.id)
    assert (certificate["balanced"], certificate["foots"]) == (False, False)
    with pytest.raises(InvalidError):
        sign_off(session, record.id, person_id=person.id, reason=" ", now=NOW)
    sign_off(session, record.id, person_id=person.id, reason="one cell was burnt", now=NOW)
    total = certificate_json(session, record.id)["sheets"][0]["totals"][0]
    assert total["balanced"] is True
    assert total["signed_off_by"] == "ada@example.org"


LINES = [
    Line(amount=amount, supplier=supplier, reference=reference)
    for amount, supplier, reference in (
        ("10", "HUBSPOT INC.", "1"),
        ("10", "HUBSPOT INC.", "1"),
        ("10", "ACME LTD", None),
        ("-3.5", "ACME LTD", "2"),
        ("7", None, "3"),
    )
]


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking would open hundreds of ledgers
)
@given(
    plan=st.lists(st.tuples(st.sets(st.integers(0, 4)), st.booleans()), min_size=1, max_size=5),
    order=st.randoms(),
)
def test_overlapping_slices_in_any_order_with_undos_end_in_the_same_ledger(
    session: Session, data: Path, plan: list[tuple[set[int], bool]], order: Any
) -> None:
    """The ledger is a function of the files that are not undone, whatever the order of imports and undos."""
    slices = [(number, sorted(chosen), keep) for number, (chosen, keep) in enumerate(plan) if chosen]
    results = []
    for _ in range(2):
        shuffled = list(slices)
        order.shuffle(shuffled)
        with session.begin_nested() as savepoint:
            pending: list[int] = []
            for number, chosen, keep in shuffled:
                read = spend_read([LINES[index] for index in chosen])
                record = enter(session, read, data, name=f"slice-{number}.xlsx")
                if not keep:
                    pending.append(record.id)
                if pending and order.random() < 0.5:
                    take_back(session, pending.pop())
            for import_id in pending:
                take_back(session, import_id)
            assert not difference(session)
            results.append((ledger(session), sorted((row[4:] for row in summary(session)), key=repr)))
            savepoint.rollback()
        session.expire_all()
    assert results[0] == results[1]
    expected = {index for _, chosen, keep in slices if keep for index in chosen}
    assert len(results[0][0]) <= len(expected)
    assert sum(row[2] for row in results[0][0]) <= sum(1000 for _ in expected) + 2000


def test_a_line_printed_with_other_blanks_is_the_same_line(session: Session, data: Path) -> None:
    enter(session, spend_read([Line(amount="5")]), data, name="a.xlsx")
    again = enter(
        session, spend_read([replace(Line(amount="5.00"), supplier="ACME   LTD ")]), data, name="b.xlsx"
    )
    assert import_json(session, again.id)["sheets"][0]["lines"]["duplicate"] == 1


def test_text_no_database_holds_enters_all_the_same(session: Session, data: Path) -> None:
    odd = Line(amount="5", supplier="AC\0ME \ud800 LTD", description="a\0b", reference="\udfff")
    record = enter(session, spend_read([odd, replace(odd, supplier="ACME \U0001f600")]), data)
    assert import_json(session, record.id)["totals"] == [{"currency": "USD", "imported": "10.00"}]
    names = session.scalars(select(SpendLine.supplier_text).order_by(SpendLine.id)).all()
    assert names == ["ACME ? LTD", "ACME \U0001f600"]
    again = enter(session, spend_read([odd]), data, name="b.xlsx")
    assert import_json(session, again.id)["sheets"][0]["lines"]["duplicate"] == 1
