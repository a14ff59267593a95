"""The kept summaries of the ledger: written in the transaction that writes, moves or undoes lines, never later.

One row per distinct key among living, counting, in-scope lines; a split line stands in by its parts. Whoever changes
lines gathers what they add up to before and after and writes the difference: sums are integers, so a change taken back
leaves exactly what was there.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select, text
from sqlalchemy.orm import Session

from mopsaudit.intake.bulk import among, run_many
from mopsaudit.store.ledger import LedgerSummary, LinePart, SpendLine

#: The key columns of a summary row, in the order their digest takes them.
KEY = (
    "tool_id",
    "supplier_id",
    "unit_id",
    "entity_id",
    "source_id",
    "month",
    "currency",
    "spend_type",
    "cost_centre",
    "gl_account",
)
SUMS = ("amount_minor", "base_minor", "unconverted_minor", "lines")

Key = tuple[Any, ...]

_COLUMNS = ("key", *KEY, *SUMS)
_UPSERT = (
    f"INSERT INTO ledger_summary ({', '.join(_COLUMNS)}) VALUES ({{marks}}) ON CONFLICT (key) DO UPDATE SET "  # noqa: S608
    + ", ".join(f"{name} = ledger_summary.{name} + excluded.{name}" for name in SUMS)
)
_EMPTY = text("DELETE FROM ledger_summary WHERE key = :key AND lines = 0")


@lru_cache(maxsize=20_000, typed=True)
def _typed(part: Any) -> str:
    return "-" if part is None else f"{type(part).__name__}{len(str(part))}:{part}"


def key_digest(key: Key) -> bytes:
    """The 16 bytes a summary row is found by; None and the empty text differ."""
    typed = "|".join(map(_typed, key))
    return hashlib.sha256(typed.encode("utf-8", "surrogatepass")).digest()[:16]


class Deltas:
    """A change of the summaries being gathered: ``add`` single lines, ``take``/``put`` what stored lines add up to."""

    def __init__(self) -> None:
        self._sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0, 0])

    def add(self, key: Key, amount: int, base: int | None, lines: int = 1) -> None:
        """One line (or part) more under ``key``; ``base`` None is unconverted."""
        sums = self._sums[key]
        sums[0] += amount
        if base is None:
            sums[2] += amount
        else:
            sums[1] += base
        sums[3] += lines

    def rows(self) -> list[tuple[Any, ...]]:
        """What :meth:`write` adds: digest, key and sums of every row that changes."""
        return [(key_digest(key), *key, *sums) for key, sums in self._sums.items() if any(sums)]

    def take(self, session: Session, ids: Iterable[int]) -> None:
        """Subtract what these lines now add to the summaries; call it before changing them."""
        self._gather_ids(session, ids, -1)

    def put(self, session: Session, ids: Iterable[int]) -> None:
        """Add what these lines now add to the summaries; call it after changing them."""
        self._gather_ids(session, ids, 1)

    def take_where(self, session: Session, condition: ColumnElement[bool]) -> None:
        """:meth:`take` for all lines under a condition on ``SpendLine``."""
        self._gather(session, condition, -1)

    def put_where(self, session: Session, condition: ColumnElement[bool]) -> None:
        """:meth:`put` for all lines under a condition on ``SpendLine``."""
        self._gather(session, condition, 1)

    def _gather_ids(self, session: Session, ids: Iterable[int], sign: int) -> None:
        if wanted := list(ids):
            self._gather(session, among(session, SpendLine.id, wanted), sign)

    def _gather(self, session: Session, condition: ColumnElement[bool], sign: int) -> None:
        session.flush()
        for query in _queries(condition):
            for row in session.execute(query):
                sums = self._sums[tuple(row[: len(KEY)])]
                for index, value in enumerate(row[len(KEY) :]):
                    sums[index] += sign * int(value or 0)

    def write(self, session: Session, rows: list[tuple[Any, ...]] | None = None) -> None:
        """Add the gathered change to the table; rows that hold no line any more disappear. ``rows`` are :meth:`rows`,
        where they were worked out before.
        """
        rows = self.rows() if rows is None else rows
        mark = "?" if session.get_bind().dialect.name == "sqlite" else "%s"
        statement = _UPSERT.format(marks=", ".join([mark] * len(_COLUMNS)))
        session.flush()
        run_many(session, statement, rows)
        gone = [{"key": row[0]} for row in rows if row[-1] <= 0]
        if gone:
            session.execute(_EMPTY, gone)
        self._sums.clear()


def summed(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that a line is in the summaries (and ``condition`` holds)."""
    return (
        SpendLine.living.is_(True)
        & SpendLine.counts.is_(True)
        & SpendLine.out_of_scope.is_(False)
        & condition
    )


def _queries(condition: ColumnElement[bool]) -> tuple[Select[Any], Select[Any]]:
    """Sums by key of whole lines, and of the parts of split ones."""
    whole = [getattr(SpendLine, name) for name in KEY]
    parts = [
        getattr(LinePart if name in ("tool_id", "unit_id", "spend_type") else SpendLine, name) for name in KEY
    ]
    lines = (
        select(*whole, *_sums(SpendLine))
        .where(summed(condition), SpendLine.split.is_(False))
        .group_by(*whole)
    )
    split = (
        select(*parts, *_sums(LinePart))
        .join(SpendLine, SpendLine.id == LinePart.line_id)
        .where(summed(condition), SpendLine.split.is_(True))
        .group_by(*parts)
    )
    return lines, split


def _sums(model: type[SpendLine] | type[LinePart]) -> tuple[Any, ...]:
    return (
        func.sum(model.amount_minor),
        func.coalesce(func.sum(model.base_minor), 0),
        func.sum(case((model.base_minor.is_(None), model.amount_minor), else_=0)),
        func.count(),
    )


def difference(session: Session) -> list[tuple[Key, tuple[int, ...], tuple[int, ...]]]:
    """Keys whose kept sums differ from those of the lines: (key, kept, recomputed). Empty when all is well."""
    from_lines: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for query in _queries(SpendLine.id.is_not(None)):
        for row in session.execute(query):
            sums = from_lines[tuple(row[: len(KEY)])]
            for index, value in enumerate(row[len(KEY) :]):
                sums[index] += int(value or 0)
    kept: dict[Key, tuple[int, ...]] = {
        tuple(row[: len(KEY)]): tuple(row[len(KEY) :])
        for row in session.execute(
            select(*(getattr(LedgerSummary, name) for name in (*KEY, *SUMS))).order_by(LedgerSummary.id)
        )
    }
    return [
        (key, kept.get(key, (0, 0, 0, 0)), tuple(from_lines.get(key, (0, 0, 0, 0))))
        for key in sorted({*kept, *from_lines}, key=repr)
        if kept.get(key) != (tuple(from_lines[key]) if key in from_lines else None)
    ]
