"""From which day money can stop when a contract is to be left (PRODUCT.md §4.7): a term's end. Pure."""

from datetime import date, timedelta
from typing import Final

from mopsaudit.facts.terms import Standing, Terms, TermState, all_terms

_DAY: Final = timedelta(days=1)
#: States in which nothing goes on whatever is done.
_OVER: Final = frozenset({TermState.NOTICE_SERVED, TermState.ENDED, TermState.OUT_OF_CONTRACT})


def free_from(terms: Terms, stands: Standing, wanted: date) -> date | None:
    """The first day nothing is owed when one leaves on ``wanted`` or as soon after as the contract allows.

    Notice that can still be given in time is given: the end of the first term that is over on ``wanted`` or later, not
    before the earliest end there is still a window for. A contract that ends by itself ends then; from month to month
    it is ``wanted`` itself, once the notice has run. None where its end is not known.
    """
    earliest = stands.free_from
    if earliest is None or wanted <= earliest or stands.state in _OVER:
        return earliest
    if stands.state is TermState.MONTH_TO_MONTH:
        return wanted
    if not terms.automatic:
        return earliest
    try:
        for term in all_terms(terms, from_day=earliest - _DAY):
            if term.over >= wanted:
                return term.over
    except (ValueError, OverflowError):
        return None
    return None
