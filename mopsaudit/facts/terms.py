"""Contract terms: when a term ends, until when notice can be given, what is locked (PRODUCT.md §4.5). Pure.

Term k ends at ``start + (initial + k × renewal)`` months, always counted from the anchor, so that month-end clipping
never drifts. An end is a *renewal date* (the day the next term starts) or a *last day* (in force until it is over); an
end of unknown kind is read as the earlier of the two, a renewal date. As-of D means the end of day D.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from mopsaudit.periods import add_months, earlier_business_day, minus_business_days, month_of
from mopsaudit.words import EndKind

#: Terms looked at when a served notice or a locked end is searched for; far more than any contract has left.
_TERMS_AHEAD: Final = 1200
_DAY: Final = timedelta(days=1)


class TermState(StrEnum):
    """Where a contract stands at a day."""

    NOT_STARTED = "not started"
    IN_TERM = "in term"
    WINDOW_OPEN = "window open"
    NOTICE_SERVED = "notice served"
    WINDOW_MISSED = "window missed"
    ENDED = "ended"
    OUT_OF_CONTRACT = "out of contract but still paying"
    MONTH_TO_MONTH = "month to month"
    UNKNOWN = "unknown"


#: States in which money is owed under the contract.
IN_FORCE: Final = frozenset(
    {
        TermState.IN_TERM,
        TermState.WINDOW_OPEN,
        TermState.NOTICE_SERVED,
        TermState.WINDOW_MISSED,
        TermState.MONTH_TO_MONTH,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A contract's terms as entered. Months and days are counts; None is unknown, also whether it renews by itself.

    ``delivery_days`` are business days (None = ``default_delivery_days``); ``lead_days`` are calendar days before which
    somebody wants to be told.
    """

    start_on: date | None = None
    initial_months: int | None = None
    renewal_months: int | None = None
    automatic: bool | None = False
    end_on: date | None = None
    end_kind: EndKind = EndKind.UNKNOWN
    notice_count: int | None = None
    notice_unit: str = "days"
    delivery_days: int | None = None
    default_delivery_days: int = 5
    lead_days: int | None = None
    month_to_month: bool = False
    notice_served_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a contract stands at ``as_of``.

    ``end`` is the end as people write it (a last day, or the day the next term would start); ``over_on`` is the
    first day out of force. ``notice_by`` is the last day notice counts, still open on that day; ``send_by`` the
    business day it must leave the house. ``free_from`` is the first day money can stop (None: nothing known). After
    a missed window ``next_end`` … ``next_send_by`` describe the term it is locked into.
    """

    state: TermState
    as_of: date
    term_start: date | None = None
    end: date | None = None
    over_on: date | None = None
    notice_by: date | None = None
    send_by: date | None = None
    alert_on: date | None = None
    next_end: date | None = None
    next_notice_by: date | None = None
    next_send_by: date | None = None
    free_from: date | None = None
    problems: tuple[str, ...] = ()

    @property
    def due(self) -> date | None:
        """The send-by date that counts now: this term's while its window is open, the next term's once it is missed."""
        if self.state is TermState.WINDOW_MISSED:
            return self.next_send_by
        # In term with a send-by date: it may renew by itself, nobody says; notice sent in time is never wrong.
        return self.send_by if self.state in (TermState.WINDOW_OPEN, TermState.IN_TERM) else None

    @property
    def undated(self) -> str | None:
        """Why a date that is missing here is not known; None where it does not apply."""
        unsaid = self.state is TermState.UNKNOWN or NO_NOTICE in self.problems or NO_KIND in self.problems
        return "; ".join(self.problems) if unsaid else None

    def words(self) -> str:
        """The state as people read it: ``window missed (locked until 28 Aug 2027)`` carries its date as ISO text."""
        if self.state is TermState.WINDOW_MISSED and self.next_end is not None:
            return f"window missed (locked until {self.next_end.isoformat()})"
        return self.state.value


@dataclass(frozen=True, slots=True)
class Term:
    """One term: ``start <= day < over`` is in force; ``end`` is its end as written."""

    start: date | None
    end: date
    over: date


def notice_by(end: date, count: int, unit: str) -> date:
    """``end`` minus the notice period: days are days, months are calendar months, clipped to the month's end.

    >>> notice_by(date(2026, 12, 31), 90, "days")
    datetime.date(2026, 10, 2)
    """
    return add_months(end, -count) if unit == "months" else end - timedelta(days=count)


def send_by(notice: date, delivery_days: int) -> date:
    """The business day a notice must be sent on to arrive by ``notice``.

    ``notice`` moved to the earlier business day, then ``delivery_days`` business days back.
    """
    return minus_business_days(notice, delivery_days)


def standing(terms: Terms, as_of: date, *, still_paying: bool = False) -> Standing:
    """Where a contract stands at the end of ``as_of``. Never raises: what cannot be is named in ``problems``.

    ``still_paying``: money was booked for it after its end (out of contract but still paying).
    """
    problems = _problems(terms)
    if any(problem in _FATAL for problem in problems):
        return Standing(state=TermState.UNKNOWN, as_of=as_of, problems=problems)
    try:
        return replace(_standing(terms, as_of, still_paying=still_paying), problems=problems)
    except (ValueError, OverflowError):  # a date before year 1 or after year 9999
        return Standing(state=TermState.UNKNOWN, as_of=as_of, problems=(*problems, _OUTSIDE))


_ZERO_TERM: Final = "the initial term is zero or less"
_ZERO_RENEWAL: Final = "the renewal term is zero or less"
_NEGATIVE_NOTICE: Final = "the notice period is negative"
_REVERSED: Final = "it ends before it starts"
_NO_DATES: Final = "neither an end nor a start with a term is known"
_OUTSIDE: Final = "its dates lie outside the calendar"
NO_NOTICE: Final = "it renews by itself and the notice period is unknown"
NO_RENEWAL: Final = "it renews by itself and the renewal term is unknown"
NO_KIND: Final = "nothing says whether it renews by itself"
DISAGREE: Final = "the stated end is no end of a term counted from the start"
_FATAL: Final = frozenset({_ZERO_TERM, _ZERO_RENEWAL, _NEGATIVE_NOTICE, _REVERSED, _NO_DATES})


def _problems(terms: Terms) -> tuple[str, ...]:
    found = []
    if terms.initial_months is not None and terms.initial_months <= 0:
        found.append(_ZERO_TERM)
    if terms.renewal_months is not None and terms.renewal_months <= 0:
        found.append(_ZERO_RENEWAL)
    if terms.notice_count is not None and terms.notice_count < 0:
        found.append(_NEGATIVE_NOTICE)
    if terms.start_on and terms.end_on and terms.end_on < terms.start_on:
        found.append(_REVERSED)
    known = terms.end_on or (terms.start_on and terms.initial_months) or terms.month_to_month
    if not known:
        found.append(_NO_DATES)
    if found:
        return tuple(found)
    if silent(terms):
        found.append(NO_KIND)
    if terms.automatic and not terms.month_to_month:
        if terms.notice_count is None:
            found.append(NO_NOTICE)
        if terms.renewal_months is None:
            found.append(NO_RENEWAL)
    try:
        if terms.end_on and terms.start_on and terms.initial_months and _from_start(terms) is None:
            found.append(DISAGREE)
    except (ValueError, OverflowError):
        found.append(_OUTSIDE)
    return tuple(found)


def silent(terms: Terms) -> bool:
    """Whether what comes after the term is unknown: nobody says if it renews, and no notice ends it."""
    return terms.automatic is None and not terms.month_to_month and terms.notice_served_on is None


def _from_start(terms: Terms) -> int | None:
    """Which term counted from the start ends at the stated end (0 = the initial one), or None."""
    start, initial, stated = terms.start_on, terms.initial_months, terms.end_on
    if start is None or not initial or stated is None:
        return None
    accepted = {
        EndKind.LAST_DAY: (stated + _DAY,),
        EndKind.RENEWAL_DATE: (stated,),
        EndKind.UNKNOWN: (stated, stated + _DAY),
    }[terms.end_kind]
    step = terms.renewal_months or 0
    near = max(0, (month_of(stated) - month_of(start) - initial) // step) if step else 0
    for k in range(max(0, near - 1), near + 2 if step else 1):
        if add_months(start, initial + k * step) in accepted:
            return k
    return None


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Where terms are counted from: term i is over at ``base + (first + i × step)`` months, less ``early``."""

    base: date
    first: int
    step: int | None
    early: timedelta
    last_day: bool
    start: date | None

    def over(self, index: int) -> date:
        """The first day term ``index`` is out of force."""
        return add_months(self.base, self.first + index * (self.step or 0)) - self.early

    def term(self, index: int) -> Term:
        """Term ``index`` with its end as written."""
        over = self.over(index)
        return Term(
            self.over(index - 1) if index else self.start, over - _DAY if self.last_day else over, over
        )


def _anchor(terms: Terms) -> _Anchor:
    """The start where the stated end agrees with it (or none is stated), else the stated end."""
    step = terms.renewal_months if terms.automatic else None
    last_day = terms.end_kind is EndKind.LAST_DAY and terms.end_on is not None
    start, initial, stated = terms.start_on, terms.initial_months, terms.end_on
    if stated is None:
        if start is None or initial is None:
            raise ValueError(_NO_DATES)
        return _Anchor(start, initial, step, timedelta(), last_day=False, start=start)
    k = _from_start(terms) if terms.automatic else None
    if k is None or start is None or initial is None:
        return _Anchor(stated + _DAY if last_day else stated, 0, step, timedelta(), last_day, start)
    first = initial + k * (step or 0)
    # An end of unknown kind is the earlier reading: out of force on that very day.
    early = timedelta() if last_day else add_months(start, first) - stated
    return _Anchor(start, first, step, early, last_day, start)


def all_terms(terms: Terms, *, from_day: date) -> Iterator[Term]:
    """The terms in order, the first being the one in force at ``from_day`` or the last known before it.

    Only one term when the contract does not go on by itself.

    Raises:
        ValueError: when neither an end nor a start with a term is known, or a date leaves the calendar.
    """
    anchor = _anchor(terms)
    index = 0
    if anchor.step is not None:
        behind = month_of(from_day) - month_of(anchor.over(0))
        index = max(0, behind // anchor.step - 1)
        while anchor.over(index) <= from_day:
            index += 1
    for ahead in range(_TERMS_AHEAD if anchor.step is not None else 1):
        yield anchor.term(index + ahead)


def _standing(terms: Terms, as_of: date, *, still_paying: bool) -> Standing:
    if terms.start_on is not None and terms.start_on > as_of:
        ahead = _future(terms, as_of)
        return replace(ahead, state=TermState.NOT_STARTED)
    if terms.month_to_month:
        return _month_to_month(terms, as_of)
    served = terms.notice_served_on if terms.notice_served_on and terms.notice_served_on <= as_of else None
    if served is not None:
        term = _served_term(terms, served)
        if term.over <= as_of:
            return _ended(terms, term, as_of, still_paying=still_paying)
        return _describe(terms, term, as_of, TermState.NOTICE_SERVED, free_from=term.over)
    ahead_terms = all_terms(terms, from_day=as_of)
    term = next(ahead_terms)
    if term.over <= as_of:  # nothing carries it on (or whether, or for how long, is unknown)
        if silent(terms) or (terms.automatic and terms.renewal_months is None):
            return _describe(terms, term, as_of, TermState.UNKNOWN, free_from=None)
        return _ended(terms, term, as_of, still_paying=still_paying)
    if not terms.automatic:
        return _describe(terms, term, as_of, TermState.IN_TERM, free_from=_surely_free(terms, term, as_of))
    if terms.notice_count is None:
        return _describe(terms, term, as_of, TermState.IN_TERM, free_from=None)
    if as_of <= notice_by(term.end, terms.notice_count, terms.notice_unit):
        return _describe(terms, term, as_of, TermState.WINDOW_OPEN, free_from=term.over)
    here = _describe(terms, term, as_of, TermState.WINDOW_MISSED, free_from=None)
    # The next window that can still be met: a notice longer than a term may have passed for more than one.
    for later in ahead_terms:
        by = notice_by(later.end, terms.notice_count, terms.notice_unit)
        if as_of <= by:
            return replace(
                here,
                next_end=later.end,
                next_notice_by=by,
                next_send_by=send_by(by, _delivery(terms)),
                free_from=later.over,
            )
    return here


def _future(terms: Terms, as_of: date) -> Standing:
    if terms.month_to_month:
        return Standing(state=TermState.NOT_STARTED, as_of=as_of, free_from=terms.start_on)
    term = next(all_terms(terms, from_day=terms.start_on or as_of))
    return _describe(terms, term, as_of, TermState.NOT_STARTED, free_from=_surely_free(terms, term, as_of))


def _surely_free(terms: Terms, term: Term, as_of: date) -> date | None:
    """The end of the term, where money can stop then however a silent contract is read: notice would still count."""
    if not silent(terms):
        return term.over
    by = None if terms.notice_count is None else notice_by(term.end, terms.notice_count, terms.notice_unit)
    return term.over if by is not None and as_of <= by else None


def _month_to_month(terms: Terms, as_of: date) -> Standing:
    served = terms.notice_served_on if terms.notice_served_on and terms.notice_served_on <= as_of else None
    said = served or as_of
    count = terms.notice_count if terms.notice_count is not None else 1
    unit = terms.notice_unit if terms.notice_count is not None else "months"
    free = add_months(said, count) if unit == "months" else said + timedelta(days=count)
    if served is None:
        return Standing(
            state=TermState.MONTH_TO_MONTH, as_of=as_of, term_start=terms.start_on, free_from=free
        )
    state = TermState.NOTICE_SERVED if free > as_of else TermState.ENDED
    return Standing(
        state=state, as_of=as_of, term_start=terms.start_on, end=free, over_on=free, free_from=free
    )


def _served_term(terms: Terms, served: date) -> Term:
    """The term a notice of that day ends: the first whose notice day it still meets."""
    ahead = all_terms(terms, from_day=served - _DAY)
    term = next(ahead)
    if terms.automatic and terms.notice_count is not None:
        while served > notice_by(term.end, terms.notice_count, terms.notice_unit):
            later = next(ahead, None)
            if later is None:
                break
            term = later
    return term


def _ended(terms: Terms, term: Term, as_of: date, *, still_paying: bool) -> Standing:
    state = TermState.OUT_OF_CONTRACT if still_paying else TermState.ENDED
    return _describe(terms, term, as_of, state, free_from=as_of)


def _describe(terms: Terms, term: Term, as_of: date, state: TermState, *, free_from: date | None) -> Standing:
    by = None
    if terms.notice_count is not None and (terms.automatic or silent(terms)):
        by = notice_by(term.end, terms.notice_count, terms.notice_unit)
    return Standing(
        state=state,
        as_of=as_of,
        term_start=term.start,
        end=term.end,
        over_on=term.over,
        notice_by=by,
        send_by=None if by is None else send_by(by, _delivery(terms)),
        alert_on=None if by is None else _alert(terms, by),
        free_from=free_from,
    )


def _delivery(terms: Terms) -> int:
    return terms.default_delivery_days if terms.delivery_days is None else terms.delivery_days


def _alert(terms: Terms, by: date) -> date | None:
    """When somebody wants to be told: the lead time before the notice day, delivery days (where stated) taken off."""
    if terms.lead_days is None:
        return None
    leaves = minus_business_days(by, terms.delivery_days) if terms.delivery_days else by
    return leaves - timedelta(days=terms.lead_days)


def gate_of(due: date | None, as_of: date, gates: tuple[int, ...]) -> int | None:
    """The narrowest gate (days before send-by) reached at ``as_of``; None before the first or without a date.

    0 means the day itself has passed.
    """
    if due is None:
        return None
    days = (due - as_of).days
    if days < 0:
        return 0
    reached = [gate for gate in gates if days <= gate]
    return min(reached) if reached else None


def gate_days(due: date, gates: tuple[int, ...]) -> tuple[tuple[int, date], ...]:
    """Each gate with the business day it falls on, widest first."""
    return tuple(
        (gate, earlier_business_day(due - timedelta(days=gate))) for gate in sorted(gates, reverse=True)
    )
