"""What the demo company thinks about: a saved scenario, and the lowest-cost stack as it was worked out once."""

from datetime import timedelta

from sqlalchemy.orm import Session

from mopsaudit.demo.people import OPS
from mopsaudit.demo.settlements import Company, tool_ids
from mopsaudit.governance.scenarios import look_through, save_scenario
from mopsaudit.governance.stack_searches import answer_search, kept_tools, say_need, start_search
from mopsaudit.organisation import scope_for
from mopsaudit.periods import add_months
from mopsaudit.scenarios.answer import stack_data
from mopsaudit.scenarios.changes import Change, Kind
from mopsaudit.scenarios.options import StackOptions
from mopsaudit.scenarios.outcome import work_out_scenario
from mopsaudit.scenarios.query import stack_question
from mopsaudit.scenarios.today import scenario_facts
from mopsaudit.scenarios.work import AT_MOST, work_out


def think_ahead(session: Session, company: Company) -> None:
    """One project tool instead of three, a word on what is required, and one search for the cheapest stack."""
    ids, day, by = tool_ids(session), company.as_of, company.people[OPS]
    scope = scope_for(session, as_of=day)
    start = add_months((day.replace(day=1) + timedelta(days=31)).replace(day=1), 3)
    changes = (
        Change(
            kind=Kind.OFF,
            tool_id=ids["wrike"],
            on=start,
            into_ids=(ids["asana"],),
            once_minor=6_000_00,
        ),
        Change(
            kind=Kind.OFF, tool_id=ids["smartsheet"], on=start, into_ids=(ids["asana"],), once_minor=2_500_00
        ),
    )
    made = save_scenario(
        session,
        scope,
        name="One project tool",
        notes="Wrike and Smartsheet move to Asana before their terms end.",
        changes=changes,
        by_id=by,
    )
    facts = scenario_facts(session, scope)
    look_through(session, scope, made.id, made.version, work_out_scenario(facts, changes))
    say_need(
        session,
        scope,
        capability_id="email_campaigns",
        unit_id=scope.unit_id,
        required=True,
        suppliers=2,
        reason="A campaign must go out when one sender is down.",
        by_id=by,
        on=day,
    )
    options = StackOptions(keep=kept_tools(session, scope), moving_minor=2_500_00, person_minor=50_00)
    search = start_search(session, scope, options, by_id=by, now=company.now)
    question = stack_question(session, scope, options)
    answer = stack_data(question, work_out(question, seconds=AT_MOST))
    answer_search(session, search.id, digest=question.digest, answer=answer)
