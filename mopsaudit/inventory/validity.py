"""Replacing a set of facts from a day on (which facts hold on a day: :mod:`mopsaudit.facts.validity`).

Spans are half-open: ``valid_from <= day < valid_until``; None is without bound.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session


def hold_from(
    session: Session,
    model: Any,
    subject: Mapping[str, Any],
    wanted: Iterable[Mapping[str, Any]],
    *,
    keys: tuple[str, ...],
    on: date,
    first: bool = False,
) -> bool:
    """Make exactly ``wanted`` hold for ``subject`` from ``on`` on; facts before ``on`` stay as they were.

    ``keys`` are the columns that tell one fact from another. A fact that holds already and is still wanted goes on
    without end, so a planned end is taken back; one planned for later and wanted now starts at ``on``; one no longer
    wanted ends at ``on`` (or is deleted when it started then or later); one that ended at ``on`` itself and is the same
    in every column goes on without a seam, so that taking a change back leaves one span, not two; a new one starts at
    ``on``, or without bound when ``first`` says the subject is being entered for the first time. Returns whether
    anything changed.
    """
    conditions = [getattr(model, column) == value for column, value in subject.items()]
    still_open = or_(model.valid_until.is_(None), model.valid_until >= on)
    order = (model.valid_from.is_not(None), model.valid_from, model.id)
    by_key: dict[tuple[Any, ...], list[Any]] = {}
    ended: dict[tuple[Any, ...], Any] = {}
    for row in session.scalars(select(model).where(*conditions, still_open).order_by(*order)):
        key = tuple(getattr(row, name) for name in keys)
        if row.valid_until == on:
            ended[key] = row
        else:
            by_key.setdefault(key, []).append(row)
    start = None if first else on
    changed = False
    seen: set[tuple[Any, ...]] = set()
    for fact in wanted:
        key = tuple(fact[name] for name in keys)
        if key in seen:
            continue
        seen.add(key)
        rows = by_key.pop(key, [])
        if not rows:
            before = ended.get(key)
            if before is not None and all(getattr(before, name) == value for name, value in fact.items()):
                before.valid_until = None
            else:
                session.add(model(**subject, **fact, valid_from=start))
            changed = True
            continue
        row, *later = rows
        began = row.valid_from is None or row.valid_from <= on
        span = {"valid_from": row.valid_from if began else start, "valid_until": None}
        for name, value in {**fact, **span}.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                changed = True
        for again in later:
            session.delete(again)
            changed = True
    for row in (row for rows in by_key.values() for row in rows):
        changed = True
        if (row.valid_from is not None and row.valid_from >= on) or (row.valid_from is None and first):
            session.delete(row)
        else:
            row.valid_until = on
    session.flush()
    return changed
