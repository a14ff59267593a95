"""Sources of a figure: which sheets, how many lines, which sum, first and last cell."""

from datetime import date

from sqlalchemy.orm import Session

from mopsaudit.facts.lines import lines_of
from mopsaudit.facts.sources import sources_of
from mopsaudit.reporting import LineFilter
from mopsaudit.scope import Scope
from tests import builders


def test_each_figure_names_its_sheets_with_their_sums(session: Session, scope: Scope) -> None:
    one, two = builders.tool(session, "One"), builders.tool(session, "Two")
    ledger = builders.source(session, "AP UK")
    march = builders.import_file(session, of=ledger)
    for tool, amount in ((one, 100), (one, 250), (two, 70)):
        builders.spend_line(session, amount, tool=tool, on=date(2026, 3, 1), of=ledger, from_import=march)
    filters = [
        LineFilter(tool_ids=(one.id,)),
        LineFilter(tool_ids=(two.id,)),
        LineFilter(tool_ids=(one.id, two.id)),
    ]
    found = sources_of(session, scope, filters)
    assert [len(found[each]) for each in filters] == [1, 1, 1]
    assert [sum(row.lines for row in found[each]) for each in filters] == [2, 1, 3]
    for each in filters:
        page = lines_of(session, scope, each)
        assert sum(row.base_minor for row in found[each]) == page.base_minor
        assert all(row.first_cell for row in found[each])


def test_figures_made_of_single_lines_are_asked_together_and_keep_their_own_sums(
    session: Session, scope: Scope
) -> None:
    tool = builders.tool(session, "One")
    ledger = builders.source(session, "AP UK")
    march = builders.import_file(session, of=ledger)
    lines = [
        builders.spend_line(session, amount, tool=tool, on=date(2026, 3, 1), of=ledger, from_import=march)
        for amount in (100, 250, 70)
    ]
    one, two, three = (line.id for line in lines)
    wanted = [
        LineFilter(line_ids=(one,)),
        LineFilter(line_ids=(two, three, two)),
        LineFilter(line_ids=(9_999,)),
    ]
    found = sources_of(session, scope, wanted)
    assert [[(row.lines, row.base_minor) for row in found[each]] for each in wanted] == [
        [(1, 100)],
        [(2, 320)],
        [],
    ]


def test_a_filter_without_lines_has_no_source(session: Session, scope: Scope) -> None:
    tool = builders.tool(session, "One")
    assert sources_of(session, scope, [LineFilter(tool_ids=(tool.id,))]) == {
        LineFilter(tool_ids=(tool.id,)): ()
    }
