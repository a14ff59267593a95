"""Forecasts kept when a month is closed, and the one a report is compared with: as known then, else worked again."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import Heads, heads
from mopsaudit.periods import month_end, month_of
from mopsaudit.reports.budget.arithmetic import settle
from mopsaudit.reports.budget.bridge import Compared
from mopsaudit.reports.budget.facts import BudgetFacts
from mopsaudit.reports.budget.forecast import Forecast, bearers_from, digest_of, forecast_of, to_data
from mopsaudit.reports.budget.query import earlier, gather
from mopsaudit.scope import Scope
from mopsaudit.store.models import ForecastRecord, LegalEntity


def closed_month(session: Session) -> int | None:
    """The last month that every legal entity with closed books has closed (month index); None when none has any."""
    days = session.scalars(
        select(LegalEntity.closed_through)
        .where(LegalEntity.closed_through.is_not(None))
        .order_by(LegalEntity.id)
    )
    return min(
        (
            month_of(day) if day == month_end(month_of(day)) else month_of(day) - 1
            for day in days
            if day is not None
        ),
        default=None,
    )


def keep_forecasts(
    session: Session, scopes: Iterable[Scope], *, by: int | None, now: datetime
) -> tuple[ForecastRecord, ...]:
    """Keep the forecast of the year as it is known now, one record a scope, on the budget's own basis.

    To be called in the unit of work that closes a month of all books. Nothing is kept where nothing is forecast.
    """
    made = []
    for scope in scopes:
        facts = gather(session, scope)
        forecast = forecast_of(facts, settle(facts))
        if not forecast.bearers:
            continue
        content = to_data(forecast)
        record = ForecastRecord(
            year_starts_on=facts.year.start,
            through_month=forecast.through,
            as_of=scope.as_of,
            unit_id=scope.unit_id,
            basis=facts.basis,
            currency=facts.currency,
            forecast_minor=forecast.minor,
            content=content,
            digest=digest_of(content),
            kept_by_id=by,
            kept_at=now,
        )
        session.add(record)
        made.append(record)
    session.flush()
    return tuple(made)


def compared(
    session: Session, scope: Scope, facts: BudgetFacts, *, since: int | None = None, until: int | None = None
) -> Compared:
    """What the bridge leads between: by default from the newest forecast kept before the report's date to its own.

    Where none was kept, or it no longer matches its digest, it starts from the forecast at the end of the last closed
    month before the date, worked out from what is known today; there may be no such month yet. ``since`` and ``until``
    (month indices, the earlier one is where it starts) ask for the forecasts kept when these months were closed; with
    ``until`` alone it starts from the one kept for the month before it. A month closed twice counts as closed last.
    """
    closes = _closes(session, scope, facts)
    kept = tuple(sorted(closes))
    if since is None and until is None:
        return Compared(before=_former(session, scope, facts, closes), kept=kept)
    if since is None and until is not None:
        since = max((each for each in kept if each < until), default=until - 1)
    if since is not None and until is not None and since > until:
        since, until = until, since
    asked = [each for each in (since, until) if each is not None]
    found = {each: _read(session, closes[each].id) if each in closes else None for each in asked}
    missing = tuple(each for each in asked if found[each] is None)
    return Compared(
        before=None if missing or since is None else found[since],
        after=None if missing or until is None else found[until],
        kept=kept,
        since=since,
        until=until,
        missing=missing,
    )


class _Close(NamedTuple):
    """The forecast kept when a month was closed, without its content."""

    id: int
    as_of: date


def _closes(session: Session, scope: Scope, facts: BudgetFacts) -> dict[int, _Close]:
    """The newest forecast kept for each closed month of the report's year, unit, basis and currency, by its date."""
    rows = session.execute(
        select(ForecastRecord.through_month, ForecastRecord.id, ForecastRecord.as_of)
        .where(
            ForecastRecord.unit_id == scope.unit_id,
            ForecastRecord.year_starts_on == facts.year.start,
            ForecastRecord.basis == facts.basis,
            ForecastRecord.currency == facts.currency,
            ForecastRecord.as_of <= scope.as_of,
        )
        .order_by(ForecastRecord.as_of, ForecastRecord.id)
    )
    return {through: _Close(ident, as_of) for through, ident, as_of in rows}


def _read(session: Session, record_id: int) -> Forecast | None:
    """A kept forecast; None where it no longer matches its digest."""
    record = session.get_one(ForecastRecord, record_id)
    if digest_of(record.content) != record.digest:
        return None
    merged = heads(session)
    return Forecast(
        as_of=record.as_of,
        through=record.through_month,
        bearers=bearers_from(record.content, lambda key: _today(merged, key)),
        kept_on=record.as_of,
    )


def _former(
    session: Session, scope: Scope, facts: BudgetFacts, closes: Mapping[int, _Close]
) -> Forecast | None:
    """The newest kept before the date, else worked out again."""
    before = [each for each in closes.values() if each.as_of < scope.as_of]
    newest = max(before, key=lambda each: (each.as_of, each.id), default=None)
    kept = _read(session, newest.id) if newest is not None else None
    if kept is not None:
        return kept
    day = month_end(facts.closed_default)
    if day >= scope.as_of:
        day = month_end(month_of(scope.as_of) - 1)
    if day not in facts.year or day >= scope.as_of:
        return None
    then = earlier(session, scope, facts, day)
    forecast = forecast_of(then, settle(then))
    return forecast if forecast.bearers else None


def _today(merged: Heads, key: str) -> str:
    """Where a bearer of a kept forecast stands today: a tool merged since stands with its head."""
    kind, _, ident = key.partition(":")
    return f"tool:{merged.tool(int(ident))}" if kind == "tool" else key
