"""The same cost in two ledgers counts once when it is certain, and is listed when it is likely."""

from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.intake.duplicates import PairLine, invoice_key, paid_twice
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.pairs import duplicate_payments, possibly_twice, settle_pairs
from mopsaudit.intake.summaries import difference
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import LedgerSummary, LinePair, MatchRule, SpendLine
from tests.intake.files import Line, enter, spend_read, take_back

AP, GL, CARD = (ImportOptions(kind_of_source=kind) for kind in ("ap", "gl", "card"))


def total(session: Session) -> int:
    return int(session.scalar(select(func.coalesce(func.sum(LedgerSummary.base_minor), 0))) or 0)


def test_one_invoice_in_two_ledgers_counts_once_whatever_the_order(session: Session, data: Path) -> None:
    paid = [Line(amount="100", reference="INV-0042")]
    booked = [
        Line(amount="60", reference="inv 0042"),
        Line(amount="40", reference="INV/0042", description="rest"),
    ]
    for first, second in (((paid, AP), (booked, GL)), ((booked, GL), (paid, AP))):
        one = enter(session, spend_read(first[0]), data, options=first[1], name="one.xlsx")
        two = enter(session, spend_read(second[0]), data, options=second[1], name="two.xlsx")
        assert total(session) == 10_000
        counting = session.scalars(
            select(SpendLine.amount_minor).where(SpendLine.counts, SpendLine.living)
        ).all()
        assert counting == [10_000]  # the invoice's own ledger counts, the general ledger lends detail
        assert not difference(session)
        take_back(session, two.id)
        assert total(session) == 10_000
        assert not difference(session)
        take_back(session, one.id)
        assert total(session) == 0


def test_undoing_the_counting_half_lets_the_other_count(session: Session, data: Path) -> None:
    ap = enter(session, spend_read([Line(amount="100", reference="INV-7")]), data, options=AP, name="a.xlsx")
    enter(session, spend_read([Line(amount="100", reference="INV-7")]), data, options=GL, name="b.xlsx")
    assert total(session) == 10_000
    take_back(session, ap.id)
    assert total(session) == 10_000
    assert not difference(session)


def test_invoices_whose_sums_differ_are_never_taken_out(session: Session, data: Path) -> None:
    enter(session, spend_read([Line(amount="100", reference="INV-7")]), data, options=AP, name="a.xlsx")
    enter(session, spend_read([Line(amount="70", reference="INV-7")]), data, options=GL, name="b.xlsx")
    assert total(session) == 17_000


def test_likely_pairs_stay_counted_until_one_decision_settles_the_file(session: Session, data: Path) -> None:
    enter(session, spend_read([Line(amount="100", reference="A-1")]), data, options=AP, name="a.xlsx")
    card = enter(
        session,
        spend_read([Line(amount="100", reference="77X", day=date(2026, 4, 1))]),
        data,
        options=CARD,
        name="b.xlsx",
    )
    assert total(session) == 20_000
    (doubt,) = possibly_twice(session)
    assert (doubt.import_id, doubt.pairs, doubt.minor) == (card.id, 1, 10_000)
    assert session.scalars(select(LinePair.reason)).all() == ["Same amount and supplier, 27 days apart"]
    assert settle_pairs(session, card.id, "same", None) == 1
    assert total(session) == 10_000
    assert possibly_twice(session) == ()
    assert settle_pairs(session, card.id, "different", None) == 1
    assert total(session) == 20_000
    assert not difference(session)


def test_lines_too_far_apart_are_no_pair(session: Session, data: Path) -> None:
    enter(session, spend_read([Line(amount="100", reference="A-1")]), data, options=AP, name="a.xlsx")
    late = [Line(amount="100", reference="77X", day=date(2026, 4, 20))]
    enter(session, spend_read(late), data, options=CARD, name="b.xlsx")
    assert possibly_twice(session) == ()


def test_an_invoice_number_is_compared_without_its_punctuation() -> None:
    assert invoice_key("INV-00 42/a") == "inv0042a"
    assert invoice_key("000123") == "123"
    assert invoice_key("n/a") is None
    assert invoice_key("12") is None
    assert invoice_key(None) is None


def line(number: int, day: int, minor: int = 5_000, reference: str = "INV-1") -> PairLine:
    return PairLine(
        id=number,
        source_id=1,
        kind="ap",
        party=1,
        tool_id=None,
        day=date(2026, 1, day),
        month=None,
        minor=minor,
        currency="USD",
        reference=reference,
    )


def test_an_invoice_paid_on_two_days_is_a_duplicate_payment() -> None:
    (found,) = paid_twice([line(1, 5), line(2, 25), line(3, 25, reference="INV-2")])
    assert (found.minor, found.lines) == (5_000, (1, 2))


def test_positions_of_one_day_and_credited_payments_are_none() -> None:
    assert paid_twice([line(1, 5), line(2, 5)]) == []
    assert paid_twice([line(1, 5), line(2, 25), line(3, 26, minor=-5_000)]) == []


def test_duplicate_payments_are_found_in_the_ledger(session: Session, data: Path, scope: Scope) -> None:
    lines = [
        Line(amount="50", reference="INV-1"),
        Line(amount="50", reference="inv 1", day=date(2026, 3, 20)),
        Line(amount="70", reference="INV-2"),
    ]
    enter(session, spend_read(lines), data)
    (found,) = duplicate_payments(session, scope)
    assert (found.minor, len(found.lines)) == (5_000, 2)
    more = [Line(amount="50", reference="INV-1", day=date(2026, 4, 1), description="again")]
    enter(session, spend_read(more), data, name="b.xlsx")
    (found,) = duplicate_payments(session, scope)
    assert (found.minor, len(found.lines)) == (10_000, 3)


def test_tools_merged_into_one_pair_as_one(session: Session, data: Path) -> None:
    """Two ledgers know one tool under two names; after the merge its money is one tool's."""
    for merged in (False, True):
        old, new = (
            Tool(name=f"{name} {merged}", category="engagement", status="active", version=1)
            for name in ("Canva", "Canva Pro")
        )
        session.add_all([old, new])
        session.flush()
        if merged:
            old.merged_into_id = new.id
            session.flush()
        names = [f"Canva Pty {merged}", f"Easy Design {merged}"]
        for name, tool, options in zip(names, (old, new), (AP, CARD), strict=True):
            pattern = MatchRule(
                position=tool.id,
                pattern=f"*{name}*",
                pattern_kind="glob",
                tool_id=tool.id,
                active=True,
                version=1,
            )
            session.add(pattern)
            session.flush()
            number = "AP-1" if options is AP else "77X"
            line = Line(amount="321", supplier=name, reference=f"{number}{merged}")
            enter(session, spend_read([line]), data, options=options, name=f"{name}.xlsx")
        assert len(possibly_twice(session)) == int(merged)
    assert session.scalars(select(LinePair.reason)).all() == ["Same amount and tool, on the same day"]
