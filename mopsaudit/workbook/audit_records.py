"""The audit report's sheets of records: inventory, decisions, problems, lines, definitions."""

import csv
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from io import StringIO
from itertools import chain
from pathlib import Path

from sqlalchemy import select, true
from sqlalchemy.orm import Session, aliased

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.facts.cost import yearly_costs
from mopsaudit.facts.line_totals import line_totals
from mopsaudit.facts.lines import Piece, lines_of, newest_lines
from mopsaudit.facts.merges import head_of, merged_away
from mopsaudit.facts.validity import in_scope
from mopsaudit.governance.savings_ledger import ledger_answer, list_savings, savings_totals
from mopsaudit.inventory.listing import list_tools
from mopsaudit.money import amount_text
from mopsaudit.periods import month_text
from mopsaudit.reporting import Amount, Column, LineFilter, Ref, Report, Row, ValueKind
from mopsaudit.scope import Scope
from mopsaudit.settings import SPECS, setting_words
from mopsaudit.store.models import Action, Decision, Import, ImportProblem, Person, Tool
from mopsaudit.workbook.cells import Head, Money, Unknown
from mopsaudit.workbook.writer import PRINT_ROOM, Book

INVENTORY = (
    Column(key="name", label="Tool", primary=True),
    Column(key="vendor", label="Vendor"),
    Column(key="category", label="Category"),
    Column(key="types", label="Technology types", wide=True),
    Column(key="status", label="Status"),
    Column(key="units", label="Business units", wide=True),
    Column(key="owner", label="Business owner"),
    Column(key="budget_holder", label="Budget holder", wide=True),
    Column(key="cost", label="Yearly cost", kind=ValueKind.MONEY, summed=True),
    Column(key="basis", label="Basis of the cost", wide=True),
    Column(key="capabilities", label="Capabilities", kind=ValueKind.NUMBER, wide=True),
    Column(key="contracts", label="Contracts", kind=ValueKind.NUMBER, wide=True),
)

_LINE_HEADS = (
    "Date",
    "Month",
    "Supplier",
    "Tool",
    "Spend type",
    "Amount",
    "Currency",
    "Base amount",
    "Description",
    "Reference",
    "Cost centre",
    "Account",
    "File",
    "Sheet",
    "Cell",
)


def inventory_rows(session: Session, scope: Scope) -> list[Row]:
    """The scope's tools with their yearly cost, as rows of :data:`INVENTORY`."""
    names = {category.id.value: category.name for category in taxonomy().categories}
    types = {each.id: each.name for each in taxonomy().types}
    costs = yearly_costs(session, scope)
    rows = []
    for tool in list_tools(session, scope):
        cost = costs.get(tool.id)
        amount = (
            Amount(currency=scope.currency, minor=None, why="No contract, spend or budget is on record.")
            if cost is None
            else cost.amount
        )
        rows.append(
            Row(
                id=f"tool-{tool.id}",
                opens=Ref(kind="tool", id=tool.id, label=tool.name),
                category=tool.category,
                values={
                    "name": tool.name,
                    "vendor": tool.vendor,
                    "category": names[tool.category],
                    "types": ", ".join(types.get(each, each) for each in tool.types) or None,
                    "status": tool.status,
                    "units": ", ".join(name for _, name in tool.units) or None,
                    "owner": tool.owner[1] if tool.owner else None,
                    "budget_holder": tool.budget_holder[1] if tool.budget_holder else None,
                    "cost": amount,
                    "basis": amount.basis,
                    "capabilities": len(tool.capabilities),
                    "contracts": tool.contracts,
                },
            )
        )
    return rows


def inventory_answer(rows: Sequence[Row]) -> str:
    """How many tools, how many with a known cost."""
    known = sum(
        1 for row in rows if isinstance(cost := row.values["cost"], Amount) and cost.minor is not None
    )
    return f"{len(rows)} tools; the yearly cost of {known} is known." if rows else "The inventory is empty."


def decisions_sheet(
    book: Book, session: Session, scope: Scope, *, tools: Collection[int] | None = None
) -> None:
    """Decisions with their actions, newest first; with ``tools`` those on them alone."""
    decider, owner, away = aliased(Person), aliased(Person), merged_away()
    found = session.execute(
        select(Decision, Tool.name, decider.name)
        .outerjoin(away, away.c.tool_id == Decision.tool_id)
        .join(Tool, Tool.id == head_of(away, Decision.tool_id))
        .outerjoin(decider, decider.id == Decision.decider_id)
        .where(Decision.decided_on <= scope.as_of, in_scope(scope))
        .where(true() if tools is None else Tool.id.in_(sorted(tools)))
        .order_by(Decision.decided_on.desc(), Decision.id.desc())
    ).all()
    actions: dict[int, list[str]] = {}
    for action, who in session.execute(
        select(Action, owner.name)
        .outerjoin(owner, owner.id == Action.owner_id)
        .order_by(Action.due_on, Action.id)
    ).all():
        if action.decision_id is not None:
            state = f"done {action.done_on}" if action.done_on else f"due {action.due_on or 'without a date'}"
            actions.setdefault(action.decision_id, []).append(f"{action.title} ({who or 'nobody'}, {state})")
    sheet = book.sheet("Decisions")
    unfinished = sum(1 for decision, _, _ in found if decision.status == "open")
    sheet.title(
        "Decisions",
        f"{len(found)} decisions are on record, {unfinished} of them open." if found else "None yet.",
    )
    heads = [
        Head(label=label)
        for label in (
            "Tool",
            "Decision",
            "Status",
            "Decided on",
            "Decider",
            "Due",
            "Expected saving",
            "Currency",
        )
    ]
    heads += [Head(label="Reason", width=50, wrap=True), Head(label="Actions", width=50, wrap=True)]
    rows = [
        [
            tool,
            decision.verdict.replace("_", " "),
            decision.status,
            decision.decided_on,
            who,
            decision.due_on,
            Money(minor=decision.expected_minor, currency=decision.currency)
            if decision.expected_minor is not None
            else Unknown(why="No saving was stated."),
            decision.currency,
            decision.reason,
            "\n".join(actions.get(decision.id, ())),
        ]
        for decision, tool, who in found
    ]
    sheet.table(heads, rows)


def savings_sheet(
    book: Book, session: Session, scope: Scope, *, tools: Collection[int] | None = None
) -> None:
    """The savings ledger as of the day: every saving with its stage, reductions apart from avoidance in the answer.

    With ``tools`` those on them alone.
    """
    rows = [row for row in list_savings(session, scope) if tools is None or row.tool_id in tools]
    sheet = book.sheet("Savings")
    sheet.title("Savings", ledger_answer(savings_totals(session, scope, rows), scope))
    labels = (
        *("Saving", "Tool", "Stage", "Kind", "Recurs", "Currency", "Baseline a year", "Saves a year"),
        *("This fiscal year", "Realised", "Takes effect", "Identified", "Agreed", "Contracted", "Signed"),
    )
    heads = [Head(label=label) for label in labels]
    heads += [Head(label="Baseline", width=50, wrap=True), Head(label="Dropped because", width=40, wrap=True)]

    def money(minor: int | None, currency: str, why: str) -> Money | Unknown:
        return Unknown(why=why) if minor is None else Money(minor=minor, currency=currency)

    table = []
    for row in rows:
        saving = row.saving
        signed = row.stage == "realised"
        table.append(
            [
                saving.title,
                row.tool,
                row.stage,
                saving.kind,
                "every year" if saving.recurring else "once",
                saving.currency,
                money(saving.baseline_minor, saving.currency, "No amount was stated."),
                money(saving.annual_minor, saving.currency, "No amount was stated."),
                money(row.in_year_minor, saving.currency, "Nothing says when it takes effect."),
                money(
                    saving.realised_minor if signed else None, saving.currency, "Finance has not signed it."
                ),
                saving.effective_on,
                saving.identified_on,
                saving.agreed_on,
                saving.contracted_on,
                saving.realised_on if signed else None,
                saving.baseline,
                saving.drop_reason if row.stage == "dropped" else None,
            ]
        )
    sheet.table(heads, table)
    across = sheet.fitting(len(heads), PRINT_ROOM)
    sheet.note(f"In print: the first {across} of {len(heads)} columns; the others stand right of them.")
    sheet.printed(across)


def problems_sheet(book: Book, session: Session) -> None:
    """Problems of the imports that stand, with their cells; rejected rows first."""
    found = session.execute(
        select(ImportProblem, Import.file_name)
        .join(Import, Import.id == ImportProblem.import_id)
        .where(Import.status == "imported")
        .order_by(ImportProblem.rejected.desc(), ImportProblem.import_id, ImportProblem.id)
        .limit(20_000)
    ).all()
    sheet = book.sheet("Problems")
    rejected = sum(1 for problem, _ in found if problem.rejected)
    answer = (
        f"{len(found)} problems in the files that count; {rejected} rows were rejected." if found else "None."
    )
    sheet.title("Problems", answer)
    heads = [Head(label=label) for label in ("File", "Sheet", "Cell", "Severity", "Rejected")]
    heads += [Head(label="What to do", width=80, wrap=True), Head(label="Code")]
    rows = [
        [name, problem.sheet, problem.cell, problem.severity, problem.rejected, problem.message, problem.code]
        for problem, name in found
    ]
    sheet.table(heads, rows)


def _line(piece: Piece) -> list[object]:
    origin = piece.origins[0] if piece.origins else None
    return [
        piece.booked_on,
        month_text(piece.month) if piece.month is not None else None,
        piece.supplier_text,
        piece.tool.label if piece.tool else None,
        piece.spend_type.replace("_", " ") if piece.spend_type else None,
        Money(minor=piece.amount_minor, currency=piece.currency),
        piece.currency,
        piece.base_minor,
        piece.description,
        piece.reference,
        piece.cost_centre,
        piece.gl_account,
        origin.file_name if origin else None,
        origin.sheet if origin else None,
        origin.cell if origin else None,
    ]


def lines_sheet(
    book: Book,
    session: Session,
    scope: Scope,
    *,
    limit: int,
    wanted: LineFilter,
    step: Callable[[], None] = lambda: None,
) -> tuple[int, int]:
    """The wanted spend lines up to ``limit``; how many are shown, and how many there are."""
    count = line_totals(session, scope, wanted).count
    batches = newest_lines(session, scope, wanted, limit=limit)
    first = next(batches, ())
    sample = [_line(piece) for piece in first[:400]]
    sheet = book.sheet("Lines")
    shown = min(count, limit)
    if count > shown:
        text = f"{shown:,} of {count:,} lines, newest first; the whole ledger is exported as a CSV file."
    else:
        text = f"All {count:,} spend lines of the scope." if count else "No spend has been imported yet."
    sheet.title("Lines", text)
    heads = [Head(label=label) for label in _LINE_HEADS]
    heads[7] = Head(label=f"Base amount ({scope.currency})", summed=True, currency=scope.currency)

    def rows() -> Iterator[list[object]]:
        for pieces in chain((first,), batches):
            for piece in pieces:
                row = _line(piece)
                row[7] = (
                    Money(minor=piece.base_minor, currency=scope.currency)
                    if piece.base_minor is not None
                    else Unknown(why="No rate for this currency and date.")
                )
                yield row
            step()

    sheet.table(heads, rows(), native=shown <= 20_000, sample=sample, wrapped=0)
    sheet.printed(8)
    return shown, count


def lines_csv(session: Session, scope: Scope, wanted: LineFilter, *, limit: int = 2_000_000) -> str:
    """The lines of a filter as CSV text (UTF-8, comma, exact amounts as decimal text)."""
    target = StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(_LINE_HEADS)
    for piece in lines_of(session, scope, wanted, limit=limit).pieces:
        row = _line(piece)
        row[5] = amount_text(piece.amount_minor, piece.currency)
        row[7] = "" if piece.base_minor is None else amount_text(piece.base_minor, scope.currency)
        writer.writerow([_csv_safe(value) for value in row])
    return target.getvalue()


def _csv_safe(value: object) -> object:
    """Text a spreadsheet would run as a formula is led by an apostrophe; numbers and dates stay as they are."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value[:1] in "=+@\t\r" and value[:1]:
        return f"'{value}"
    return "" if value is None else value


def definitions_sheet(book: Book, scope: Scope, reports: Sequence[Report]) -> None:
    """The words, every setting with the value used, and the thresholds of each report."""
    sheet = book.sheet("Definitions")
    sheet.title("Definitions", "What each word means, and every setting the figures were worked out with.")
    rows: list[list[object]] = [[word, meaning] for word, meaning in glossary()]
    sheet.table([Head(label="Word", width=34), Head(label="Meaning", width=120, wrap=True)], rows)
    sheet.heading("Settings used")
    values: list[list[object]] = [
        [each.label, setting_words(each.key, getattr(scope.settings, each.key), scope.currency)]
        for each in SPECS
    ]
    sheet.table([Head(label="Setting"), Head(label="Value")], values, freeze=False)
    used: list[list[object]] = [
        [report.title, threshold.label, threshold.value]
        for report in reports
        for threshold in report.thresholds
    ]
    if used:
        sheet.heading("Thresholds by report")
        sheet.table([Head(label="Report"), Head(label="Threshold"), Head(label="Value")], used, freeze=False)


def glossary() -> tuple[tuple[str, str], ...]:
    """Word and meaning from the project's glossary page, in its order."""
    path = Path(__file__).parents[1] / "docs" / "glossary.md"
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("| **"):
            word, _, meaning = line.strip("| ").partition("|")
            found.append((word.strip().strip("*"), meaning.strip().replace("*", "")))
    return tuple(found)
