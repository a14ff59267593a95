"""What people do after the files are in: add tools, settle suppliers, rate use, write cases, decide.

All of it through the commands the pages call, as the person who would do it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.products import product
from mopsaudit.demo.case_list import (
    APPROVER,
    CASES,
    OBJECTIVES,
    REVIEWER,
    SECOND_APPROVER,
    DemoCase,
    case_months,
    ramp,
    spread,
)
from mopsaudit.demo.ledgers import CARD_ISSUER, span
from mopsaudit.demo.people import CMO, FINANCE, OPS, PROCUREMENT
from mopsaudit.demo.record_books import HOLDERS
from mopsaudit.demo.stack import MEDIA, NOISE, OTHERS, SPLIT, TOOLS, UNITS
from mopsaudit.governance.budgets import lock_budget
from mopsaudit.governance.cases import (
    Flow,
    add_metric,
    approve_case,
    close_case,
    facts_digest,
    promise,
    review_case,
    submit_case,
    write_case,
)
from mopsaudit.governance.decisions import add_action, close_decision, finish_action, record_decision
from mopsaudit.governance.objectives import write_objective
from mopsaudit.intake.settling import Answer, settle
from mopsaudit.intake.split_plans import Part
from mopsaudit.inventory.contracts import edit_contract
from mopsaudit.inventory.from_catalogue import add_from_catalogue
from mopsaudit.inventory.tools import set_capabilities, set_person
from mopsaudit.organisation import find_unit
from mopsaudit.periods import month_end, month_start
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Contract, ContractLine, Tool, ToolCapability
from mopsaudit.store.ledger import Supplier, SupplierSpelling
from mopsaudit.store.planning import BudgetVersion
from mopsaudit.words import SpendType


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who acts and when: ids of the roster in its order, the as-of date, the clock of the load."""

    people: Sequence[int]
    as_of: date
    now: datetime


def at(day: date) -> datetime:
    """The morning of a day."""
    return datetime.combine(day, time(8), tzinfo=UTC)


def tool_ids(session: Session) -> dict[str, int]:
    """Catalogue id → our tool."""
    rows = session.execute(
        select(Tool.catalogue_id, Tool.id).where(Tool.catalogue_id.is_not(None)).order_by(Tool.id)
    )
    return {catalogue_id: tool_id for catalogue_id, tool_id in rows if catalogue_id is not None}


def add_catalogue_tools(session: Session, company: Company) -> None:
    """The tools of the card, and where media is bought: found by a few letters in the catalogue and added."""
    since = span(company.as_of).first
    wanted = [(tool.product, tool.unit, tool.owner) for tool in TOOLS if tool.ledger == "card"]
    wanted += [(each[0], each[1], OPS) for each in MEDIA]
    for product_id, unit, owner in wanted:
        tool = add_from_catalogue(
            session,
            product_id,
            on=since,
            unit_ids=(find_unit(session, unit).id,),
            owner_id=company.people[owner],
        )
        set_person(session, tool.id, "budget_holder", company.people[HOLDERS[unit]], on=since, first=True)


def rate_capabilities(session: Session, company: Company) -> None:
    """What the survey of tool owners said is used; a capability nobody asked about stays unknown."""
    ids = tool_ids(session)
    since = span(company.as_of).first
    for tool in TOOLS:
        if not tool.rated:
            continue
        owned = session.scalars(
            select(ToolCapability.capability_id)
            .where(ToolCapability.tool_id == ids[tool.product], ToolCapability.valid_until.is_(None))
            .order_by(ToolCapability.capability_id)
        ).all()
        used: dict[str, int | None] = {each: 0 if each in tool.unused else 2 for each in owned}
        set_capabilities(session, ids[tool.product], used, on=since, grade="C")


def settle_suppliers(session: Session, company: Company, settings: Settings) -> int:
    """Say of every supplier whose it is, but for those nobody has looked at yet; how many were settled."""
    answers = _answers(tool_ids(session))
    names: dict[int, str] = {}
    for supplier_id, raw in session.execute(
        select(SupplierSpelling.supplier_id, SupplierSpelling.raw).order_by(
            SupplierSpelling.supplier_id, SupplierSpelling.raw
        )
    ):
        if raw in answers:
            names.setdefault(supplier_id, raw)
    count = 0
    for supplier_id, raw in names.items():
        supplier = session.get_one(Supplier, supplier_id)
        answer = answers[raw]
        if supplier.settled != "open" or (answer.kind == "tool" and supplier.tool_id == answer.tool_id):
            continue  # the matcher was sure by itself, and right
        settle(
            session,
            supplier_id,
            supplier.version,
            answer,
            person_id=company.people[OPS],
            now=company.now,
            today=company.as_of,
            settings=settings,
        )
        count += 1
    return count


def _answers(ids: Mapping[str, int]) -> dict[str, Answer]:
    """Supplier as printed → whose it is."""
    found: dict[str, Answer] = {}
    for tool in TOOLS:
        if tool.biller not in SPLIT:
            found[tool.biller] = Answer(kind="tool", tool_id=ids[tool.product])
    for biller, parts in SPLIT.items():
        found[biller] = Answer(
            kind="split",
            parts=tuple(
                Part(tool_id=ids[each], description_pattern=f"*{pattern}*") for each, pattern in parts
            ),
        )
    for product_id, _, _, biller, _ in MEDIA:
        found[biller] = Answer(kind="tool", tool_id=ids[product_id], spend_type=SpendType.MEDIA.value)
    for biller, _, kind, _, _, _ in OTHERS:
        found[biller] = Answer(kind="marketing", spend_type=SpendType(kind).value)
    for biller in (CARD_ISSUER, *(each[0] for each in NOISE)):  # the card's own lines count, not its bill
        found[biller] = Answer(kind="not_marketing")
    return found


def enter_billing(session: Session) -> None:
    """The register does not say who is billed by the quarter: that is entered on the contract's page."""
    ids = tool_ids(session)
    by_quarter = {ids[tool.product]: tool.rhythm for tool in TOOLS if tool.renewal and tool.rhythm != 12}
    rows = session.execute(
        select(Contract, ContractLine.tool_id)
        .join(ContractLine, ContractLine.contract_id == Contract.id)
        .where(ContractLine.tool_id.in_(by_quarter))
        .order_by(Contract.id)
    ).all()
    for contract, tool_id in rows:
        if tool_id is not None:
            edit_contract(session, contract.id, contract.version, {"billing_months": by_quarter[tool_id]})


def lock_budgets(session: Session, company: Company) -> None:
    """The head of marketing approved each year's plan."""
    for budget in session.scalars(select(BudgetVersion).order_by(BudgetVersion.id)).all():
        lock_budget(
            session,
            budget.id,
            budget.version,
            by_person_id=company.people[CMO],
            now=company.now,
            empty_is_zero=True,
        )


def write_cases(session: Session, company: Company) -> None:
    """Objectives and business cases: written, promised, submitted, approved by somebody else, reviewed."""
    ids = tool_ids(session)
    objectives: dict[str, int] = {}
    for title, above in OBJECTIVES:
        made = write_objective(
            session,
            title=title,
            parent_id=objectives.get(above) if above else None,
            owner_id=company.people[CMO],
        )
        objectives[title] = made.id
    for case in CASES:
        _write_case(session, company, case, ids[case.product], objectives[OBJECTIVES[case.objective][0]])


def _write_case(session: Session, company: Company, case: DemoCase, tool_id: int, objective_id: int) -> None:
    months = case_months(case, company.as_of)
    name, _, currency = UNITS[case.unit]
    owner = company.people[case.owner]
    what = product(case.product)
    record = write_case(
        session,
        title=case.title,
        currency=currency,
        tool_id=tool_id,
        category=what.category.value,
        unit_id=find_unit(session, case.unit).id,
        objective_id=objective_id,
        owner_id=owner,
        budget_holder_id=company.people[HOLDERS[case.unit]],
        who=f"{name}: the teams that will work with {what.name}, and the holder of their budget.",
        why=OBJECTIVES[case.objective][0] + ".",
        what=f"{what.name}, {case.cost:,} {currency} a year.",
        how="Rolled out team by team; the old way is switched off after the second quarter.",
        then_what="First the number of weekly users, then the benefit finance books every month.",
        baseline="The twelve months before the start.",
        margin_ppm=420_000 if case.kind == "revenue" else None,
        starts_on=month_start(months[0]),
        ends_on=month_end(months[-1]) - timedelta(days=1),
        review_on=month_start(months[0] + 12),
    )
    flows = [
        *(
            Flow(side="cost", month=month, amount_minor=minor)
            for month, minor in zip(months, spread(case.cost, case.months), strict=True)
        ),
        *(
            Flow(side="benefit", month=month, amount_minor=minor, benefit_type=case.kind, method=case.method)
            for month, minor in zip(months, ramp(case), strict=True)
        ),
    ]
    promise(session, record.id, record.version, flows)
    add_metric(
        session,
        record.id,
        name="Weekly users",
        measure="activity",
        early_signal=True,
        unit_of_measure="people",
        baseline="0",
        target="40",
        due_on=month_start(months[0] + 3),
    )
    if case.stage == "draft":
        return
    began = month_start(months[0])
    submit_case(session, record.id, record.version, by_id=owner)
    if case.stage == "submitted":
        return
    approver = company.people[APPROVER if case.owner != APPROVER else SECOND_APPROVER]
    approve_case(
        session,
        record.id,
        facts_digest(session, record),
        by_id=approver,
        now=at(began - timedelta(days=9)),
        reason="Agreed in the planning round.",
    )
    if case.began > 12:
        review_case(
            session,
            record.id,
            reviewed_on=month_start(months[0] + 12),
            reviewer_id=company.people[REVIEWER],
            verdict=case.verdict,
            text=f"{case.delivered} percent of the promised benefit came in the first year.",
        )
    if case.stage == "closed":
        close_case(session, record.id, record.version, on=month_end(months[-1]))


def record_decisions(session: Session, company: Company) -> None:
    """Four decisions with their steps: one done, one late, two under way."""
    ids, day = tool_ids(session), company.as_of
    people = company.people
    done = record_decision(
        session,
        tool_id=ids["drift"],
        verdict="retire",
        decided_on=day - timedelta(days=60),
        due_on=day + timedelta(days=30),
        reason="Three people open it; the shop's chat does the same.",
        currency="USD",
        decider_id=people[CMO],
        expected_minor=24_000_00,
    )
    step = add_action(
        session,
        done.id,
        title="Serve notice by registered letter",
        owner_id=people[PROCUREMENT],
        due_on=day - timedelta(days=45),
    )
    finish_action(session, step.id, done_on=day - timedelta(days=41))
    add_action(
        session,
        done.id,
        title="Export conversations before the account closes",
        owner_id=people[OPS],
        due_on=day + timedelta(days=25),
    )
    late = record_decision(
        session,
        tool_id=ids["wrike"],
        verdict="consolidate",
        decided_on=day - timedelta(days=35),
        due_on=day + timedelta(days=20),
        reason="Both teams plan campaigns; one plan board is enough.",
        currency="EUR",
        decider_id=people[CMO],
        into_tool_id=ids["asana"],
        expected_minor=9_600_00,
    )
    add_action(
        session,
        late.id,
        title="Move the European boards to Asana",
        owner_id=people[5],
        due_on=day - timedelta(days=6),
    )
    seats = record_decision(
        session,
        tool_id=ids["tableau-cloud"],
        verdict="right_size",
        decided_on=day - timedelta(days=12),
        due_on=day + timedelta(days=45),
        reason="Half of the seats have not been used for a quarter.",
        currency="USD",
        decider_id=people[CMO],
        expected_minor=16_800_00,
    )
    add_action(
        session,
        seats.id,
        title="Ask the holders of idle seats",
        owner_id=people[8],
        due_on=day + timedelta(days=10),
    )
    kept = record_decision(
        session,
        tool_id=ids["salesforce-sales-cloud"],
        verdict="keep",
        decided_on=day - timedelta(days=20),
        reason="All of sales works in it; the seats are looked at with the renewal.",
        currency="USD",
        decider_id=people[FINANCE],
    )
    close_decision(session, kept.id, kept.version, "done")
