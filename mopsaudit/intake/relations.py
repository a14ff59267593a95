"""What lines have to do with one another, brought up to date whenever lines enter or leave the ledger.

In this order: lines restated by key, the same cost in two ledgers, card bills beside their statements, what lines of
one cost lend each other, credit notes.
Each follows from the standing lines alone, so the order of imports and undos leaves no trace.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.facts.wording import money
from mopsaudit.intake.bulk import select_in
from mopsaudit.intake.card_bills import pair_card_bills
from mopsaudit.intake.credits import EnteredCharges, excess_notes, tie_credits
from mopsaudit.intake.loans import lend_details
from mopsaudit.intake.pairs import pair_entered, pair_lines, renew_pairs
from mopsaudit.intake.restated import Sum, restate, restated_sums
from mopsaudit.problems import Problem, Severity, declare
from mopsaudit.store.ledger import Import, SpendLine

RESTATES = declare(
    "spend.restates",
    Severity.NOTE,
    "The file restates earlier lines",
    "Nothing, if it is meant to win: the earlier lines stay in history and no longer count.",
)
RESTATED = declare(
    "spend.restated",
    Severity.NOTE,
    "Lines of the file are restated by another file",
    "Nothing, if the other file is right; else undo that import.",
)


def relate_entered(
    session: Session,
    record: Import,
    line_ids: Sequence[int],
    suppliers: AbstractSet[int],
    charges: EnteredCharges,
    window_days: int,
) -> list[Problem]:
    """After the lines of an import entered: what they restate, pair with, pay and credit; notes a person should see.

    ``suppliers`` are those of the lines, ``charges`` the charges among them.
    """
    changed = restate(session, record.source_id, record.id) if record.source_id is not None else set()
    if changed:
        renew_pairs(session, record.id, (), living=changed)
    pair_lines(session, record.id, line_ids, window_days)
    pair_card_bills(session, record.id, window_days)
    suppliers = _suppliers(session, changed) | suppliers
    lend_details(session, lines=changed, suppliers=suppliers, entered_with=record.id)
    tie_credits(session, suppliers, charges)
    return [
        *restates_notes(restated_sums(session, record.id, by=True)),
        *_restated_notes(restated_sums(session, record.id, by=False)),
        *excess_notes(session, record.id),
    ]


def relate_after_undo(session: Session, record: Import, dead: Sequence[int], window_days: int) -> None:
    """After the lines of an import stopped living: what they restated counts again, and so on."""
    changed = restate(session, record.source_id) if record.source_id is not None else set()
    renew_pairs(session, record.id, dead, living=changed)
    pair_card_bills(session, record.id, window_days)
    suppliers = _suppliers(session, {*dead, *changed})
    lend_details(session, lines={*dead, *changed}, suppliers=suppliers)
    tie_credits(session, suppliers)


def relate_narrowed(
    session: Session,
    source_id: int,
    out: Mapping[int, Sequence[int]],
    back: Mapping[int, Sequence[int]],
    window_days: int,
) -> None:
    """After lines of a ledger left or came back into scope, by the import each entered with: as if they had died or
    entered, with what follows from all of them worked out once.
    """
    moved = {*out, *back}
    if not moved:
        return
    changed = restate(session, source_id)
    for import_id, dead in out.items():
        renew_pairs(session, import_id, dead, living=changed)
    if changed and not out:
        renew_pairs(session, max(back), (), living=changed)
    brought = {line_id: import_id for import_id, line_ids in back.items() for line_id in line_ids}
    pair_entered(session, brought, window_days)
    pair_card_bills(session, max(moved), window_days)
    suppliers = _suppliers(session, changed) | _suppliers_of_ledger(session, source_id)
    lend_details(session, lines=changed, suppliers=suppliers)
    tie_credits(session, suppliers)


def restates_notes(sums: Sequence[Sum], *, will: bool = False) -> list[Problem]:
    """A note on what an import restates, or ``will`` restate."""
    notes = []
    for each in sums:
        verb = (
            "will no longer count" if will else "no longer counts" if each.lines == 1 else "no longer count"
        )
        them = "it" if each.lines == 1 else "them"
        notes.append(_note(RESTATES.code, each, f"of earlier files {verb}: this file restates {them}"))
    return notes


def _restated_notes(sums: Sequence[Sum]) -> list[Problem]:
    return [
        _note(
            RESTATED.code,
            each,
            f"of this file {'does' if each.lines == 1 else 'do'} not count: another file restates "
            f"{'it' if each.lines == 1 else 'them'}",
        )
        for each in sums
    ]


def _note(code: str, each: Sum, what: str) -> Problem:
    lines = f"{each.lines:,} line{'' if each.lines == 1 else 's'}"
    amount = money(each.minor, each.currency, exact=True)
    return Problem(code=code, severity=Severity.NOTE, message=f"{lines} with {amount} {what}.")


def _suppliers(session: Session, line_ids: set[int]) -> set[int]:
    query = select(SpendLine.supplier_id).distinct()
    return {
        party for (party,) in select_in(session, query, SpendLine.id, sorted(line_ids)) if party is not None
    }


def _suppliers_of_ledger(session: Session, source_id: int) -> set[int]:
    query = select(SpendLine.supplier_id).where(SpendLine.source_id == source_id).distinct()
    return {party for party in session.scalars(query) if party is not None}
