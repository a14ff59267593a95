"""Savings: four stages, signed by finance, no euro twice, never above the run rate."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from mopsaudit.governance import saving_proof, savings, savings_ledger
from mopsaudit.inventory.merges import merge_tools
from mopsaudit.organisation import scope_for
from mopsaudit.periods import fiscal_year, month_of
from mopsaudit.scope import Scope
from mopsaudit.store.models import BudgetLine, ContractLine, Saving, SpendLine, Tool
from tests import builders

JULY = month_of(date(2026, 7, 1))


@pytest.fixture
def line(session: Session) -> ContractLine:
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    contract = builders.contract(session, vendor, start_on=date(2026, 1, 1), initial_months=12)
    return builders.contract_line(session, contract, tool=tool, amount_minor=12_000_00)


def _saving(session: Session, scope: Scope, annual: int, **values: Any) -> Saving:
    given = {"kind": "reduction", "currency": "USD", "baseline": "12,000 for 100 seats", **values}
    return savings.identify_saving(session, scope, title="Fewer seats", annual_minor=annual, **given)


def test_never_above_the_run_rate_and_never_twice(session: Session, scope: Scope, line: ContractLine) -> None:
    with pytest.raises(InvalidError, match="12,000 USD a year"):
        _saving(session, scope, 12_000_01, contract_line_id=line.id)
    _saving(session, scope, 8_000_00, contract_line_id=line.id)
    with pytest.raises(InvalidError, match="4,000 USD of that is not claimed"):
        _saving(session, scope, 5_000_00, contract_line_id=line.id)
    _saving(session, scope, 4_000_00, contract_line_id=line.id)
    with pytest.raises(InvalidError, match="of that is not claimed"):
        _saving(session, scope, 1, tool_id=line.tool_id)


def test_a_tools_savings_and_its_lines_savings_share_one_run_rate(
    session: Session, scope: Scope, line: ContractLine
) -> None:
    _saving(session, scope, 9_000_00, tool_id=line.tool_id)
    with pytest.raises(InvalidError, match="3,000 USD of that is not claimed"):
        _saving(session, scope, 4_000_00, contract_line_id=line.id)


def test_an_unknown_run_rate_carries_no_saving(session: Session, scope: Scope) -> None:
    tool: Tool = builders.tool(session)
    with pytest.raises(InvalidError, match="not known"):
        _saving(session, scope, 1, tool_id=tool.id)


def _contracted(session: Session, scope: Scope, line: ContractLine, **values: Any) -> Saving:
    """A reduction on its way: its decider stated it, a budget line is named."""
    lowered = session.scalars(select(BudgetLine)).first()
    if lowered is None:
        version = builders.budget(session, lines=[{"tool_id": line.tool_id, "monthly": 1_000_00}])
        lowered = session.scalars(select(BudgetLine).where(BudgetLine.budget_id == version.id)).one()
    given = {"contract_line_id": line.id, "budget_line_id": lowered.id, **values}
    saving = _saving(session, scope, given.pop("annual_minor", 3_000_00), **given)
    for stage in ("agreed", "contracted"):
        savings.advance_saving(session, scope, saving.id, saving.version, to=stage)
    return saving


def _paid(session: Session, line: ContractLine, minor: int, month: int = 7) -> int:
    tool = session.get_one(Tool, line.tool_id)
    return builders.spend_line(session, minor, on=date(2026, month, 5), tool=tool).id


def _sign(session: Session, scope: Scope, saving: Saving, by: int, now: datetime, **values: Any) -> Saving:
    given = {"month_from": JULY, "month_until": JULY + 3, "line_ids": (), "realised_minor": 1, **values}
    return saving_proof.realise_saving(
        session, scope, saving.id, given.pop("version", saving.version), by_id=by, now=now, **given
    )


def test_the_four_stages_in_order_and_signed(
    session: Session, scope: Scope, line: ContractLine, now: datetime
) -> None:
    finance, ops = builders.person(session, "Fred Finance"), builders.person(session, "Olga Ops")
    saving = _saving(session, scope, 3_000_00, contract_line_id=line.id, by_id=ops.id)

    def advance(to: str) -> Saving:
        return savings.advance_saving(session, scope, saving.id, saving.version, to=to)

    with pytest.raises(InvalidError, match="cannot become contracted"):
        advance("contracted")
    with pytest.raises(InvalidError, match="budget line"):
        advance("agreed")
    version = builders.budget(session, lines=[{"tool_id": line.tool_id, "monthly": 1_000_00}])
    lowered = session.scalars(select(BudgetLine).where(BudgetLine.budget_id == version.id)).one()
    savings.edit_saving(session, scope, saving.id, saving.version, {"budget_line_id": lowered.id})
    advance("agreed")
    with pytest.raises(InvalidError, match="Name the budget line"):
        savings.edit_saving(session, scope, saving.id, saving.version, {"budget_line_id": None})
    session.refresh(saving)
    with pytest.raises(InvalidError, match="cannot become realised"):
        _sign(session, scope, saving, finance.id, now)
    advance("contracted")
    with pytest.raises(InvalidError, match="Finance signs"):
        advance("realised")
    with pytest.raises(NotAllowedError, match="their own"):
        _sign(session, scope, saving, ops.id, now)
    paid = _paid(session, line, 500_00)
    with pytest.raises(InvalidError, match="lines of record"):
        _sign(session, scope, saving, finance.id, now, line_ids=(paid,), realised_minor=None)
    with pytest.raises(InvalidError, match="2,500 USD at most: baseline 3,000 USD, paid 500 USD"):
        _sign(session, scope, saving, finance.id, now, line_ids=(paid,), realised_minor=2_500_01)
    _sign(session, scope, saving, finance.id, now, line_ids=(paid,), realised_minor=2_500_00)
    assert (saving.signed_by_id, saving.signed_at, saving.realised_minor) == (finance.id, now, 2_500_00)
    assert [each.line_id for each, _ in saving_proof.proving_lines(session, saving.id)] == [paid]
    with pytest.raises(InvalidError, match="does not change"):
        savings.edit_saving(session, scope, saving.id, saving.version, {"annual_minor": 1})
    with pytest.raises(InvalidError, match="does not change"):
        savings.drop_saving(session, scope, saving.id, saving.version, reason="No.")
    totals = savings_ledger.savings_totals(session, scope)
    assert [(each.stage, each.kind, each.annual_minor, each.realised_minor) for each in totals] == [
        ("realised", "reduction", 3_000_00, 2_500_00)
    ]
    assert "2,500 USD realised this year" in savings_ledger.ledger_answer(totals, scope)


def test_a_signature_is_one_persons_and_once(
    session: Session, scope: Scope, line: ContractLine, now: datetime
) -> None:
    first, second = builders.person(session, "Fred"), builders.person(session, "Fiona")
    saving = _contracted(session, scope, line)
    seen = saving.version
    _sign(session, scope, saving, first.id, now, realised_minor=100)
    signed = saving.version
    assert (
        _sign(session, scope, saving, first.id, now, version=seen, realised_minor=200).realised_minor == 100
    )
    assert saving.version == signed
    with pytest.raises(ConflictError, match="already"):
        _sign(session, scope, saving, second.id, now, version=signed)


def test_who_states_or_decides_does_not_sign(
    session: Session, scope: Scope, line: ContractLine, now: datetime
) -> None:
    ops, finance, head = (builders.person(session, name) for name in ("Olga", "Fred", "Helen"))
    decision = builders.decision(
        session, session.get_one(Tool, line.tool_id), "right_size", decider_id=head.id
    )
    saving = _contracted(session, scope, line, by_id=ops.id, decision_id=decision.id)
    savings.edit_saving(
        session, scope, saving.id, saving.version, {"annual_minor": 2_000_00}, by_id=finance.id
    )
    for own in (ops, finance, head):
        with pytest.raises(NotAllowedError):
            _sign(session, scope, saving, own.id, now)


def test_lines_left_out_want_a_reason_and_lines_of_others_are_refused(
    session: Session, scope: Scope, line: ContractLine, now: datetime
) -> None:
    finance = builders.person(session, "Fred")
    saving = _contracted(session, scope, line)
    mine, late = _paid(session, line, 400_00), _paid(session, line, 9_000_00, month=8)
    elsewhere = builders.spend_line(session, 5, on=date(2026, 7, 1), tool=builders.tool(session, "Other")).id
    with pytest.raises(InvalidError, match="show no saving"):
        _sign(session, scope, saving, finance.id, now, line_ids=(mine, late))
    with pytest.raises(InvalidError, match="why 1 line"):
        _sign(session, scope, saving, finance.id, now, line_ids=(mine,))
    with pytest.raises(InvalidError, match="from the list"):
        _sign(session, scope, saving, finance.id, now, line_ids=(mine, elsewhere), note="No.")
    _sign(
        session, scope, saving, finance.id, now,
        line_ids=(mine,), realised_minor=2_600_00, note="August is last year's invoice.",
    )  # fmt: skip
    assert saving.proof_note == "August is last year's invoice."


def test_months_of_a_proof(session: Session, scope: Scope, line: ContractLine, now: datetime) -> None:
    finance = builders.person(session, "Fred")
    saving = _contracted(session, scope, line, effective_on=date(2026, 3, 15))
    for first, end, said in (
        (JULY, JULY, "before the first"),
        (JULY, JULY + 5, "not over yet"),
        (JULY - 7, JULY, "one fiscal year"),
        (JULY - 5, JULY, "takes effect later"),
    ):
        with pytest.raises(InvalidError, match=said):
            _sign(session, scope, saving, finance.id, now, month_from=first, month_until=end)


def test_a_yearly_invoice_counts_by_its_months(session: Session, scope: Scope, line: ContractLine) -> None:
    saving = _contracted(session, scope, line)
    before = builders.spend_line(
        session, 9_000_00, on=date(2025, 10, 5), tool=session.get_one(Tool, line.tool_id)
    ).id
    assert saving_proof.months_billed(session, saving) == 12
    proof = saving_proof.proof_of(session, scope, saving, JULY, JULY + 3, covers=12)
    assert [(each.line_id, each.booked_minor, each.minor) for each in proof.lines] == [
        (before, 9_000_00, 2_250_00)
    ]
    assert proof.room_minor == 750_00
    assert saving_proof.proof_of(session, scope, saving, JULY, JULY + 3).room_minor == 3_000_00
    assert saving_proof.proof_of(session, scope, saving, JULY, JULY + 3, covers=10).room_minor == 2_100_00


def test_two_savings_of_a_tool_do_not_prove_the_same_money(
    session: Session, scope: Scope, line: ContractLine, now: datetime
) -> None:
    finance = builders.person(session, "Fred")
    first, second = _contracted(session, scope, line), _contracted(session, scope, line)
    paid = _paid(session, line, 1_000_00)
    _sign(session, scope, first, finance.id, now, line_ids=(paid,), realised_minor=1_500_00)
    with pytest.raises(InvalidError, match=r"500 USD at most.*signed for other savings 1,500 USD"):
        _sign(session, scope, second, finance.id, now, line_ids=(paid,), realised_minor=500_01)
    _sign(session, scope, second, finance.id, now, line_ids=(paid,), realised_minor=500_00)


def test_a_price_that_fell_leaves_room_for_what_is_left_and_no_more(
    session: Session, scope: Scope, line: ContractLine
) -> None:
    _contracted(session, scope, line, annual_minor=4_000_00)
    line.amount_minor = 8_000_00  # the renewal brought the new price
    session.flush()
    with pytest.raises(InvalidError, match="8,000 USD a year and 8,000 USD"):
        _saving(session, scope, 8_000_01, contract_line_id=line.id)
    _saving(session, scope, 8_000_00, contract_line_id=line.id)
    with pytest.raises(InvalidError, match="0 USD of that is not claimed"):
        _saving(session, scope, 1, contract_line_id=line.id)


def test_a_dropped_saving_claims_nothing_and_stays_on_record(
    session: Session, scope: Scope, line: ContractLine
) -> None:
    saving = _saving(session, scope, 12_000_00, contract_line_id=line.id)
    with pytest.raises(InvalidError, match="Say why"):
        savings.drop_saving(session, scope, saving.id, saving.version, reason=" ")
    savings.drop_saving(session, scope, saving.id, saving.version, reason="The vendor refused.")
    _saving(session, scope, 12_000_00, contract_line_id=line.id)
    assert [row.stage for row in savings_ledger.list_savings(session, scope)] == ["identified", "dropped"]
    assert [each.count for each in savings_ledger.savings_totals(session, scope)] == [1]
    with pytest.raises(InvalidError, match="does not change"):
        savings.edit_saving(session, scope, saving.id, saving.version, {"title": "Again"})


def test_a_baseline_is_what_it_costs_and_no_saving_exceeds_it(
    session: Session, scope: Scope, line: ContractLine
) -> None:
    with pytest.raises(InvalidError, match="at most what it costs a year: 12,000 USD"):
        _saving(session, scope, 1, contract_line_id=line.id, baseline_minor=12_000_01)
    with pytest.raises(InvalidError, match="more than its baseline"):
        _saving(session, scope, 5_000_01, contract_line_id=line.id, baseline_minor=5_000_00)
    assert _saving(session, scope, 1, contract_line_id=line.id).baseline_minor == 12_000_00
    with pytest.raises(InvalidError, match="written quote"):
        _saving(session, scope, 1, contract_line_id=line.id, kind="avoidance")


def test_one_off_savings_of_a_year_share_its_run_rate(
    session: Session, scope: Scope, line: ContractLine
) -> None:
    def once(annual: int, day: date) -> Saving:
        return _saving(session, scope, annual, contract_line_id=line.id, recurring=False, effective_on=day)

    once(7_000_00, date(2026, 5, 1))
    with pytest.raises(InvalidError, match="5,000 USD of that"):
        once(5_000_01, date(2026, 12, 31))
    once(12_000_00, date(2027, 1, 1))


def test_one_that_runs_on_shares_each_later_year_in_which_something_is_saved_once(
    session: Session, scope: Scope, line: ContractLine
) -> None:
    def state(annual: int, year: int, *, recurring: bool) -> Saving:
        given = {"recurring": recurring, "effective_on": date(year, 3, 1)}
        return _saving(session, scope, annual, contract_line_id=line.id, **given)

    state(9_000_00, 2025, recurring=False)  # over before the lasting one begins
    state(7_000_00, 2028, recurring=False)
    with pytest.raises(InvalidError, match="5,000 USD of that"):
        state(5_000_01, 2026, recurring=True)
    state(5_000_00, 2026, recurring=True)


def test_savings_of_a_merged_tool_and_of_the_one_it_counts_on_share_one_run_rate(
    session: Session, scope: Scope, line: ContractLine, now: datetime
) -> None:
    """A saving stated on either name before the merge claims what is stated on either after it."""
    old = builders.tool(session, "Old name")
    vendor = builders.vendor(session, "Older")
    contract = builders.contract(session, vendor, start_on=date(2026, 1, 1), initial_months=12)
    builders.contract_line(session, contract, tool=old, amount_minor=3_000_00)
    _saving(session, scope, 2_000_00, tool_id=old.id)
    _saving(session, scope, 9_000_00, tool_id=line.tool_id)
    assert line.tool_id is not None
    merge_tools(session, old.id, line.tool_id, version=old.version, now=now)
    # Together they cost 15,000 a year, and 2,000 + 9,000 of that are claimed.
    for tool_id in (line.tool_id, old.id):
        with pytest.raises(InvalidError, match="15,000 USD a year and 4,000 USD of that"):
            _saving(session, scope, 4_000_01, tool_id=tool_id)
    _saving(session, scope, 4_000_00, tool_id=line.tool_id)


def test_another_units_saving_is_not_there(session: Session, scope: Scope, line: ContractLine) -> None:
    german = builders.unit(session, "DE", name="Germany")
    builders.unit(session, "UK", name="United Kingdom")
    tool = builders.tool(session, "Only German", units=[german])
    vendor = builders.vendor(session, "Other")
    contract = builders.contract(session, vendor, start_on=date(2026, 1, 1), initial_months=12)
    theirs = builders.contract_line(session, contract, tool=tool, amount_minor=1_000_00)
    saving = _saving(session, scope, 100, contract_line_id=theirs.id)
    british = scope_for(session, as_of=scope.as_of, unit="UK")
    assert savings_ledger.list_savings(session, british) == ()
    with pytest.raises(NotFoundError):
        savings.get_saving(session, british, saving.id)
    with pytest.raises(NotFoundError):
        savings.advance_saving(session, british, saving.id, saving.version, to="agreed")
    with pytest.raises(InvalidError, match="from the list"):
        _saving(session, british, 1, contract_line_id=theirs.id)
    with pytest.raises(InvalidError, match="from the list"):
        _saving(session, british, 1, tool_id=tool.id)


def test_stages_and_years_as_they_were(session: Session, scope: Scope, line: ContractLine) -> None:
    saving = _saving(session, scope, 12_000_00, contract_line_id=line.id, effective_on=date(2026, 10, 1))
    assert savings_ledger.stage_on(saving, date(2026, 9, 29)) is None
    assert savings_ledger.stage_on(saving, date(2026, 9, 30)) == "identified"
    this, following = fiscal_year(date(2026, 9, 30), 1), fiscal_year(date(2027, 9, 30), 1)
    before = fiscal_year(date(2025, 9, 30), 1)
    assert [savings_ledger.in_year(saving, year) for year in (before, this, following)] == [
        0, 3_000_00, 12_000_00,
    ]  # fmt: skip
    saving.recurring = False
    assert [savings_ledger.in_year(saving, year) for year in (before, this, following)] == [0, 12_000_00, 0]
    saving.effective_on = None
    assert savings_ledger.in_year(saving, this) is None


def test_a_saving_signed_later_is_not_realised_on_the_days_before(
    session: Session, scope: Scope, line: ContractLine
) -> None:
    saving = _contracted(session, scope, line)
    signed = datetime(2026, 11, 5, 9, tzinfo=UTC)
    paid = _paid(session, line, 400_00)
    then = scope_for(session, as_of=signed.date(), environ={})
    _sign(session, then, saving, builders.person(session, "Fred").id, signed, line_ids=(paid,))
    (before,) = savings_ledger.savings_totals(session, scope)
    assert (before.stage, before.realised_minor) == ("contracted", 0)
    after = savings_ledger.savings_totals(session, scope_for(session, as_of=date(2026, 11, 30), environ={}))
    assert [(each.stage, each.realised_minor > 0) for each in after] == [("realised", True)]


def test_a_proof_whose_import_is_undone_no_longer_holds(
    session: Session, scope: Scope, line: ContractLine, now: datetime
) -> None:
    saving = _contracted(session, scope, line)
    paid = _paid(session, line, 400_00)
    _sign(session, scope, saving, builders.person(session, "Fred").id, now, line_ids=(paid,))
    assert [row.proof_holds for row in savings_ledger.list_savings(session, scope)] == [True]
    session.get_one(SpendLine, paid).living = False
    session.flush()
    assert [row.proof_holds for row in savings_ledger.list_savings(session, scope)] == [False]


def test_avoidance_needs_the_written_quote_and_stands_apart(
    session: Session, scope: Scope, line: ContractLine
) -> None:
    with pytest.raises(InvalidError, match="vendor's written quote"):
        _saving(session, scope, 100, contract_line_id=line.id, kind="avoidance", baseline="")
    _saving(
        session,
        scope,
        100,
        contract_line_id=line.id,
        kind="avoidance",
        baseline="Quote of 3 May: 14,000",
        baseline_minor=14_000_00,
    )
    _saving(session, scope, 200, contract_line_id=line.id)
    assert {each.kind: each.annual_minor for each in savings_ledger.savings_totals(session, scope)} == {
        "reduction": 200,
        "avoidance": 100,
    }


def test_a_decision_has_one_saving_and_stale_edits_are_refused(
    session: Session, scope: Scope, line: ContractLine
) -> None:
    decision = builders.decision(session, session.get_one(Tool, line.tool_id), "right_size")
    saving = _saving(session, scope, 100, contract_line_id=line.id, decision_id=decision.id)
    with pytest.raises(InvalidError, match="has its saving already"):
        _saving(session, scope, 100, contract_line_id=line.id, decision_id=decision.id)
    version = saving.version
    savings.edit_saving(session, scope, saving.id, version, {"annual_minor": 150})
    with pytest.raises(ConflictError):
        savings.edit_saving(session, scope, saving.id, version, {"annual_minor": 175})
