"""Forecasts kept when a month is closed, and the one a report is compared with: as known then, else worked again."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import Heads, heads
from mopsaudit.periods import month_end, month_of
from mopsaudit.reports.budget.arithmetic import settle
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


def former_forecast(session: Session, scope: Scope, facts: BudgetFacts) -> Forecast | None:
    """What a report is compared with: the newest forecast of its year, unit and basis kept before its date.

    Where none was kept, or it no longer matches its digest, the forecast at the end of the last closed month before
    the date, worked out from what is known today. None when the year has no such month yet.
    """
    record = session.scalars(
        select(ForecastRecord)
        .where(
            ForecastRecord.unit_id == scope.unit_id,
            ForecastRecord.year_starts_on == facts.year.start,
            ForecastRecord.basis == facts.basis,
            ForecastRecord.currency == facts.currency,
            ForecastRecord.as_of < scope.as_of,
        )
        .order_by(ForecastRecord.as_of.desc(), ForecastRecord.id.desc())
        .limit(1)
    ).first()
    if record is not None and digest_of(record.content) == record.digest:
        merged = heads(session)
        return Forecast(
            as_of=record.as_of,
            through=record.through_month,
            bearers=bearers_from(record.content, lambda key: _today(merged, key)),
            kept_on=record.as_of,
        )
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
