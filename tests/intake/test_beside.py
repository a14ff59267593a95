"""Statements that run while the next ones are made, and columns handled at once: the same as one by one."""

import hashlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mopsaudit.intake.bulk import ROWS, Same, beside, insert_columns
from mopsaudit.intake.duplicates import invoice_key, invoice_keys
from mopsaudit.intake.identity import digest
from mopsaudit.store.ledger import Supplier

_NUMBERS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.from_regex(r"(INV|RE|)[-/ ]?0{0,3}[0-9]{0,6}[a-z]?", fullmatch=True),
)


@given(st.lists(_NUMBERS, max_size=8))
def test_keys_of_many_numbers_are_those_of_each(numbers: list[str | None]) -> None:
    assert invoice_keys(numbers) == [invoice_key(number) for number in numbers]


@given(st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.integers(1, 2**40)), max_size=6))
def test_a_digest_is_that_of_the_sorted_pairs(lines: list[tuple[bytes, int]]) -> None:
    total = hashlib.sha256()
    for value, ordinal in sorted(lines):
        total.update(value + ordinal.to_bytes(8, "big"))
    assert digest(lines) == total.hexdigest()


def _suppliers(first: int, count: int) -> dict[str, list[object] | Same]:
    places = range(first, first + count)
    return {
        "id": list(places),
        "key": [f"supplier {place}" for place in places],
        "name": [f"Supplier {place}" for place in places],
        "settled": Same("open"),
        "method": Same("none"),
        "score_mille": Same(0),
        "reason": Same(""),
        "likely_mille": Same(0),
        "version": Same(1),
    }


def _insert(session: Session, first: int, count: int, run: object = None) -> None:
    insert_columns(session, Supplier.__table__, _suppliers(first, count), count, run)  # type: ignore[arg-type]


def test_rows_of_several_statements_are_stored_beside_the_block_in_order(session: Session) -> None:
    threads = set()
    with beside(session) as run:
        _insert(session, 1, 2 * ROWS + 7, run)
        run(lambda: threads.add(threading.current_thread().name))
    stored = session.execute(select(Supplier.id, Supplier.key, Supplier.name).order_by(Supplier.id)).all()
    assert [tuple(row) for row in stored] == [
        (place, f"supplier {place}", f"Supplier {place}") for place in range(1, 2 * ROWS + 8)
    ]
    assert threads == {"statements"}
    assert "statements" not in {thread.name for thread in threading.enumerate()}


def test_a_fault_of_a_statement_is_raised_and_nothing_runs_after_it(session: Session) -> None:
    done: list[str] = []
    with pytest.raises(IntegrityError), beside(session) as run:
        _insert(session, 1, 3, run)
        _insert(session, 3, 3, run)  # the third again
        run(lambda: done.append("after"))
        run(lambda: done.append("long after"))
    assert not done
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Supplier)) == 0


def test_a_fault_of_the_block_ends_the_thread(session: Session) -> None:
    with pytest.raises(ZeroDivisionError), beside(session) as run:
        _insert(session, 1, 3, run)
        run(lambda: None)
        1 / 0  # noqa: B018  # the fault
    assert "statements" not in {thread.name for thread in threading.enumerate()}
