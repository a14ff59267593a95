"""What of a contract's future is owed whatever is done, step by step as notice days pass (PRODUCT.md §4.5). Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from mopsaudit.facts.terms import (
    IN_FORCE,
    Term,
    Terms,
    TermState,
    all_terms,
    notice_by,
    silent,
    standing,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockStep:
    """From the day ``on``, money is owed until ``until`` (exclusive) whatever is done."""

    on: date
    until: date


@lru_cache(maxsize=20_000)  # pure, and asked for both curves of every contract line
def lock_steps(terms: Terms, as_of: date, horizon: date) -> tuple[LockStep, ...]:
    """How what is locked grows if nobody acts, from ``as_of`` to ``horizon``: the first step is what is locked now.

    Each passed notice day locks one more term (PRODUCT.md §4.5, *already committed*). Empty where nothing is in force
    or too little is known.
    """
    now = standing(terms, as_of)
    if now.state not in IN_FORCE | {TermState.NOT_STARTED} or now.free_from is None or silent(terms):
        return ()
    steps = [LockStep(on=as_of, until=now.free_from)]
    if now.state in (TermState.NOTICE_SERVED, TermState.IN_TERM) or terms.notice_served_on is not None:
        return tuple(steps)
    if now.state is TermState.MONTH_TO_MONTH:
        notice = now.free_from - as_of
        day = as_of + timedelta(days=7)
        while day < horizon:
            steps.append(LockStep(on=day, until=day + notice))
            day += timedelta(days=7)
        return tuple(steps)
    if not terms.automatic or terms.notice_count is None or terms.renewal_months is None:
        return tuple(steps)
    try:
        previous: Term | None = None
        for term in all_terms(terms, from_day=now.free_from - _DAY):
            if previous is not None:
                # Without a notice period the last day to give it can be the day the next term begins: that day locks.
                last_day = notice_by(previous.end, terms.notice_count, terms.notice_unit)
                passed = min(last_day + _DAY, previous.over)
                if passed > horizon:
                    break
                # Of a contract that begins later, notice days before its first day lock with that day.
                on = passed if terms.start_on is None else max(passed, terms.start_on)
                if on > as_of:
                    steps.append(LockStep(on=on, until=term.over))
            previous = term
    except (ValueError, OverflowError):
        return tuple(steps)
    return tuple(steps)
