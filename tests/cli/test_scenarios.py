"""``scenario`` on the command line: the same objects as the pages, nothing else on standard output."""

import json

from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from mopsaudit.governance.scenarios import save_scenario
from mopsaudit.organisation import scope_for
from mopsaudit.scenarios.changes import Change, Kind
from tests.scenarios.company import DAY, three_tools


def test_list_show_and_solve(session: Session, runner: FlaskCliRunner) -> None:
    company = three_tools(session)
    change = Change(kind=Kind.OFF, tool_id=company.gamma.id, on=DAY)
    save_scenario(session, scope_for(session, as_of=DAY), name="Gamma goes", changes=(change,), by_id=None)
    session.commit()
    day = ["--as-of", DAY.isoformat()]
    listed = runner.invoke(args=["scenario", "list", *day, "--json"])
    assert json.loads(listed.stdout)["scenarios"][0]["name"] == "Gamma goes"
    shown = runner.invoke(args=["scenario", "show", "Gamma goes", *day, "--json"])
    assert json.loads(shown.stdout)["falls"][0] == {
        "capability": "Trend discovery",
        "before": 1,
        "left": 0,
        "units": ["United Kingdom"],
    }
    assert "would have no supplier" in runner.invoke(args=["scenario", "show", "1", *day]).stdout
    solved = json.loads(runner.invoke(args=["scenario", "solve", *day, "--json"]).stdout)
    assert solved["value_minor"] == solved["proof"]["bound_minor"] == 41_021_90
    kept = runner.invoke(args=["scenario", "solve", *day, "--keep", "alpha"])
    assert "54,760.95 USD: proven" in kept.stdout


def test_what_is_not_there_is_refused_with_a_sentence(session: Session, runner: FlaskCliRunner) -> None:
    three_tools(session)
    session.commit()
    for arguments in (["show", "Nothing"], ["solve", "--keep", "Nothing"], ["solve", "--months", "1"]):
        found = runner.invoke(args=["scenario", *arguments, "--as-of", DAY.isoformat()])
        assert found.exit_code == 2
        assert found.stdout == ""
        assert found.stderr.strip()
