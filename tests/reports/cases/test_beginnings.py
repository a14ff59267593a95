"""Where a case's spend begins, when the case does not say."""

from datetime import date

from sqlalchemy.orm import Session

from mopsaudit.reports.cases import build
from mopsaudit.scope import Scope
from tests import builders
from tests.reports.cases.test_cases import minor, row


def test_a_case_without_any_date_begins_with_the_year_whatever_others_say(
    session: Session, scope: Scope
) -> None:
    tool = builders.tool(session)
    builders.case(session, "Dateless", tool_id=tool.id)
    builders.spend_line(session, 100, on=date(2025, 3, 1), tool=tool)
    builders.spend_line(session, 7, on=date(2026, 3, 1), tool=tool)
    assert minor(row(build(session, scope), "Dateless")["actual_cost"]) == 7
    builders.case(session, "Old", tool_id=builders.tool(session, "Other").id, starts_on=date(2025, 1, 1))
    assert minor(row(build(session, scope), "Dateless")["actual_cost"]) == 7
