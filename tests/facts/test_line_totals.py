"""The totals of lines from the kept summaries are those of the lines, whatever is asked of which day."""

from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy.orm import Session

from mopsaudit.facts.line_totals import _of_lines, _totals, line_totals
from mopsaudit.facts.lines import Piece, lines_of, newest_lines
from mopsaudit.facts.merges import heads
from mopsaudit.facts.pieces import ledger_pieces, selected_pieces
from mopsaudit.organisation import scope_for
from mopsaudit.periods import month_of
from mopsaudit.reporting import LineFilter
from mopsaudit.store.models import LinePart
from tests import builders
from tests.facts.company import DAY, random_company

NOW = month_of(DAY)
FILTERS = (
    LineFilter(),
    LineFilter(undated=True),
    LineFilter(tool_ids=(0,)),
    LineFilter(tool_ids=(-1,), spend_types=("software", "")),
    LineFilter(month_from=NOW - 5, month_until=NOW + 1),
    LineFilter(month_from=NOW - 5, undated=True),
    LineFilter(month_until=NOW),
    LineFilter(month_from=NOW, month_until=NOW + 1, currencies=("USD",)),
    LineFilter(month_from=NOW + 1),
    LineFilter(vendor_ids=(1, 2), undated=True, month_until=NOW + 3),
)
DAYS = (DAY, DAY - timedelta(days=11), date(2026, 2, 28), date(2026, 3, 1))


@pytest.mark.parametrize("seed", range(4))
def test_totals_are_those_of_the_lines(session: Session, seed: int) -> None:
    company = random_company(session, seed)
    for unit, day, wanted in product((None, company.units[0].code), DAYS, FILTERS):
        scope = scope_for(session, as_of=day, unit=unit, environ={})
        found = selected_pieces(ledger_pieces(), scope, wanted, heads(session))
        assert line_totals(session, scope, wanted) == _totals(session, (_of_lines(found),)), (
            unit,
            day,
            wanted,
        )


@pytest.mark.parametrize("seed", range(3))
def test_the_newest_lines_page_by_page_are_all_lines_in_order(session: Session, seed: int) -> None:
    company = random_company(session, seed)
    tool = company.tools[0]
    split = builders.spend_line(session, 900, tool=tool, on=DAY - timedelta(days=3), split=True)
    for minor in (300, 600):
        session.add(
            LinePart(
                line_id=split.id, tool_id=tool.id, spend_type="data", amount_minor=minor, base_minor=minor
            )
        )
    session.flush()
    undated = builders.spend_line(session, 10, on=None)
    scope = scope_for(session, as_of=DAY, environ={})
    for wanted in FILTERS[:5]:
        every = lines_of(session, scope, wanted, limit=100_000).pieces
        paged: list[Piece] = []
        for offset in range(0, len(every) + 7, 7):
            paged += lines_of(session, scope, wanted, limit=7, offset=offset).pieces
        assert tuple(paged) == every
        for limit in (5, 100_000):
            walked = newest_lines(session, scope, wanted, limit=limit, batch=3)
            assert tuple(piece for batch in walked for piece in batch) == every[:limit]
    everything = lines_of(session, scope, LineFilter(), limit=100_000).pieces
    assert everything[-1].booked_on is None
    assert undated.id in {each.line_id for each in everything if each.booked_on is None}
    assert sum(each.line_id == split.id for each in everything) == 2
