"""What was realised: finance chooses the months and the spend lines that show it, and signs (PRODUCT.md §4.6).

Realised at most = baseline of the months (last price × current volume, or the vendor's quote) − what the chosen lines
cost, at constant currency − what other savings on the same tool were signed for in these months. Nobody signs what they
stated or decided themselves.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotAllowedError
from mopsaudit.facts.lines import Piece, lines_of
from mopsaudit.facts.merges import heads
from mopsaudit.facts.rates import Rates, load_rates
from mopsaudit.facts.wording import count, money
from mopsaudit.governance.savings import check_open, get_saving
from mopsaudit.inventory.edits import apply_edit, fetch
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import fiscal_year, month_of, month_start
from mopsaudit.reporting import LineFilter
from mopsaudit.scope import Scope
from mopsaudit.store.models import Contract, ContractLine, Decision, Saving, SavingLine, SpendLine
from mopsaudit.words import TOOL_COST

#: A proof over more lines than this is asked for in fewer months.
MOST_LINES: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofLine:
    """A spend line of the months, with what of it lay on the saving's tool.

    ``booked_minor`` whole and ``counted_minor`` the share that falls into the months, in the line's currency;
    ``minor`` that share in the saving's currency, None without an exchange rate: such a line cannot be chosen.
    """

    line_id: int
    booked_on: date | None
    month: int | None
    supplier: str
    description: str
    booked_minor: int
    counted_minor: int
    currency: str
    minor: int | None
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the months show, in the saving's currency: ``room`` = baseline − paid − claimed is signed at most."""

    month_from: int
    month_until: int
    lines: tuple[ProofLine, ...]
    baseline_minor: int
    paid_minor: int
    claimed_minor: int
    currency: str

    @property
    def room_minor(self) -> int:
        """What can be signed at most; negative where the months cost more than the baseline."""
        return self.baseline_minor - self.paid_minor - self.claimed_minor

    @property
    def left_out(self) -> int:
        """How many lines of the months are not part of the proof."""
        return sum(1 for each in self.lines if not each.chosen)


def proof_of(
    session: Session,
    scope: Scope,
    saving: Saving,
    month_from: int,
    month_until: int,
    line_ids: Collection[int] | None = None,
    *,
    covers: int = 1,
) -> Proof:
    """What the lines of ``month_from`` ≤ month < ``month_until`` (month indices) prove; ``line_ids`` None: all of them.

    A line pays for ``covers`` months from its own on (12 for a yearly invoice): of each, the share that falls into the
    months counts, and lines of earlier months that reach into them are part of the list.

    Raises:
        InvalidError: no month, more than twelve, months of two fiscal years, months not over or before the saving takes
            effect, a line that is not among them, or too many lines.
    """
    _check_months(saving, scope, month_from, month_until)
    rates = load_rates(session, into=scope.currency, kind=scope.settings.rate_kind)
    if not 1 <= covers <= 60:
        raise InvalidError("A line pays for 1 to 60 months.", "covers")
    wanted = _filter(session, saving, month_from - covers + 1, month_until)
    page = lines_of(session, scope, wanted, limit=MOST_LINES)
    if page.count > MOST_LINES:
        raise InvalidError(f"{page.count:,} lines: choose fewer months.", "month_from")
    constant = saving.effective_on or saving.identified_on or scope.as_of
    found: dict[int, ProofLine] = {}
    for piece in page.pieces:
        inside = _months_inside(piece.month, covers, month_from, month_until)
        _add_piece(found, piece, saving, rates, constant, line_ids, (inside, covers))
    if line_ids is not None and set(line_ids) - set(found):
        raise InvalidError("Choose lines of these months from the list.", "line_ids")
    lines = tuple(found.values())
    for each in lines:
        if each.chosen and each.minor is None:
            raise InvalidError(
                f"There is no exchange rate for {each.currency}; leave its lines out.", "line_ids"
            )
    months = month_until - month_from
    yearly = saving.baseline_minor or 0
    return Proof(
        month_from=month_from,
        month_until=month_until,
        lines=lines,
        baseline_minor=ratio_half_even(yearly, months, 12) if saving.recurring else yearly,
        paid_minor=sum(each.minor or 0 for each in lines if each.chosen),
        claimed_minor=_claimed(session, saving, month_from, month_until, rates, constant),
        currency=saving.currency,
    )


def _months_inside(month: int | None, covers: int, month_from: int, month_until: int) -> int:
    """How many of the months a line pays for, from its own on, fall into the span."""
    if month is None:
        return 0
    return max(0, min(month + covers, month_until) - max(month, month_from))


def months_billed(session: Session, saving: Saving) -> int:
    """For how many months an invoice of the saving's bearer pays, by its contracts (the longest); 1 without one.

    In force or not: the last invoice of a contract that ended still pays for months after it.
    """
    if saving.contract_line_id is not None:
        bearer = ContractLine.id == saving.contract_line_id
    else:
        merged = heads(session)
        bearer = ContractLine.tool_id.in_(merged.family((merged.tool(saving.tool_id or 0),)))
    rows = session.execute(
        select(Contract.billing_months, ContractLine.amount_months)
        .join(ContractLine, ContractLine.contract_id == Contract.id)
        .where(bearer, ~ContractLine.one_off)
        .order_by(ContractLine.id)
    ).all()
    return min(60, max((billed or covered for billed, covered in rows), default=1))


def _check_months(saving: Saving, scope: Scope, month_from: int, month_until: int) -> None:
    if month_from >= month_until:
        raise InvalidError("The last month comes before the first.", "month_until")
    if month_until > month_of(scope.as_of) + 1:
        raise InvalidError("These months are not over yet.", "month_until")
    first, last = (
        fiscal_year(month_start(month), scope.settings.fiscal_start)
        for month in (month_from, month_until - 1)
    )
    if first != last:
        raise InvalidError(
            "Choose months of one fiscal year; a year never mixes with its neighbour.", "month_until"
        )
    if saving.effective_on is not None and month_from < month_of(saving.effective_on):
        raise InvalidError("The saving takes effect later than the first month.", "month_from")


def _filter(session: Session, saving: Saving, month_from: int, month_until: int) -> LineFilter:
    kinds = tuple(sorted(each.value for each in TOOL_COST))
    if saving.tool_id is not None:
        merged = heads(session)
        return LineFilter(
            tool_ids=merged.family((merged.tool(saving.tool_id),)),
            spend_types=kinds,
            month_from=month_from,
            month_until=month_until,
        )
    line = session.get_one(ContractLine, saving.contract_line_id)
    vendor = session.get_one(Contract, line.contract_id).vendor_id
    return LineFilter(
        vendor_ids=(vendor or 0,), spend_types=kinds, month_from=month_from, month_until=month_until
    )


def _add_piece(
    found: dict[int, ProofLine],
    piece: Piece,
    saving: Saving,
    rates: Rates,
    constant: date,
    line_ids: Collection[int] | None,
    share: tuple[int, int],
) -> None:
    """Add a line, or a further part of a split one; ``share`` is (months inside, months it pays for)."""
    before = found.get(piece.line_id)
    booked = piece.amount_minor + (before.booked_minor if before else 0)
    counted = ratio_half_even(booked, *share)
    minor = _into(saving, counted, piece.currency, rates, constant)
    found[piece.line_id] = ProofLine(
        line_id=piece.line_id,
        booked_on=piece.booked_on,
        month=piece.month,
        supplier=(piece.supplier.label if piece.supplier else piece.supplier_text) or "no supplier",
        description=piece.description or piece.reference or "",
        booked_minor=booked,
        counted_minor=counted,
        currency=piece.currency,
        minor=minor,
        chosen=minor is not None if line_ids is None else piece.line_id in line_ids,
    )


def _into(saving: Saving, minor: int, currency: str, rates: Rates, day: date) -> int | None:
    """An amount in the saving's currency, at the rates of one day; None without a rate."""
    if currency == saving.currency:
        return minor
    base, unit = rates.convert(minor, currency, day), rates.convert(10**9, saving.currency, day)
    return None if base is None or not unit else ratio_half_even(base, 10**9, unit)


def _claimed(
    session: Session, saving: Saving, month_from: int, month_until: int, rates: Rates, constant: date
) -> int:
    """What other savings of the same tool (or tool-less line) were signed for in months that overlap these."""
    if saving.tool_id is None:
        bearer = Saving.contract_line_id == saving.contract_line_id
    else:
        merged = heads(session)
        bearer = Saving.tool_id.in_(merged.family((merged.tool(saving.tool_id),)))
    others = session.scalars(
        select(Saving)
        .where(
            bearer,
            Saving.stage == "realised",
            Saving.id != saving.id,
            Saving.proof_from < month_until,
            Saving.proof_until > month_from,
        )
        .order_by(Saving.id)
    ).all()
    total = 0
    for each in others:
        part = _into(saving, each.realised_minor or 0, each.currency, rates, constant)
        if part is None:
            raise InvalidError(f"There is no exchange rate for {each.currency}.", "month_from")
        total += part
    return total


def may_sign(session: Session, saving: Saving, person_id: int) -> bool:
    """Whether the person neither stated the saving nor took the decision it comes from."""
    decision = session.get(Decision, saving.decision_id) if saving.decision_id else None
    own = {saving.identified_by_id, saving.figures_by_id, decision.decider_id if decision else None}
    return person_id not in own


def realise_saving(
    session: Session,
    scope: Scope,
    saving_id: int,
    version: int,
    *,
    month_from: int,
    month_until: int,
    line_ids: Collection[int],
    realised_minor: int | None,
    by_id: int,
    now: datetime,
    note: str = "",
    covers: int = 1,
) -> Saving:
    """Sign what a contracted saving brought in some months, from the spend lines that show it.

    The caller has made sure that ``by_id`` is of finance. The same person signing twice has one effect.

    Raises:
        NotFoundError: not in the scope.
        NotAllowedError: by the one who stated or decided it.
        ConflictError: stale version, or somebody else signed it meanwhile.
        InvalidError: it is not contracted; months as :func:`proof_of`; no amount, or more than the lines show; lines of
            the months left out without a note.
    """
    get_saving(session, scope, saving_id)
    saving = fetch(session, Saving, saving_id, "saving")
    if saving.stage == "realised" and saving.signed_by_id == by_id:
        return saving
    if saving.stage == "realised":
        raise ConflictError(
            "Somebody else signed it already.", {"version": saving.version, "stage": "realised"}
        )
    if saving.stage != "contracted":
        raise InvalidError(f"A saving that is {saving.stage} cannot become realised.", "stage")
    if not may_sign(session, saving, by_id):
        raise NotAllowedError("Nobody signs their own saving; ask somebody else of finance.")
    check_open(saving, version)
    proof = proof_of(session, scope, saving, month_from, month_until, line_ids, covers=covers)
    if realised_minor is None or realised_minor <= 0:
        raise InvalidError(
            "Enter what the lines of record show; if nothing was saved, drop the saving.", "realised_minor"
        )
    if realised_minor > proof.room_minor:
        raise InvalidError(_too_much(proof), "realised_minor")
    why = " ".join(note.split())[:2000]
    if proof.left_out and not why:
        raise InvalidError(f"Say why {count(proof.left_out, 'line')} of these months stay out.", "note")
    chosen = [each for each in proof.lines if each.chosen]
    session.add_all(
        SavingLine(
            saving_id=saving.id, line_id=each.line_id, amount_minor=each.counted_minor, currency=each.currency
        )
        for each in chosen
    )
    changes = {
        "stage": "realised",
        "realised_minor": realised_minor,
        "realised_on": scope.as_of,
        "proof_from": month_from,
        "proof_until": month_until,
        "proof_note": why or None,
        "signed_by_id": by_id,
        "signed_at": now,
    }
    apply_edit(saving, version, changes, "saving")
    session.flush()
    return saving


def _too_much(proof: Proof) -> str:
    room, currency = proof.room_minor, proof.currency
    parts = f"baseline {money(proof.baseline_minor, currency)}, paid {money(proof.paid_minor, currency)}"
    if proof.claimed_minor:
        parts += f", signed for other savings {money(proof.claimed_minor, currency)}"
    if room <= 0:
        return f"These months show no saving: {parts}. Drop the saving, or choose other months or lines."
    return f"The lines show {money(room, currency)} at most: {parts}."


def proving_lines(session: Session, saving_id: int) -> tuple[tuple[SavingLine, SpendLine], ...]:
    """The lines a realised saving was signed on, as they were and as they are now, by day."""
    rows = session.execute(
        select(SavingLine, SpendLine)
        .join(SpendLine, SpendLine.id == SavingLine.line_id)
        .where(SavingLine.saving_id == saving_id)
        .order_by(SpendLine.booked_on, SpendLine.id)
    ).all()
    return tuple((proof, line) for proof, line in rows)


def broken_proofs(session: Session) -> frozenset[int]:
    """Realised savings some of whose lines stand in the ledger no more (their import was undone, or set aside)."""
    return frozenset(
        session.scalars(
            select(SavingLine.saving_id)
            .join(SpendLine, SpendLine.id == SavingLine.line_id)
            .where(~SpendLine.living | ~SpendLine.counts | SpendLine.out_of_scope)
            .distinct()
        )
    )
