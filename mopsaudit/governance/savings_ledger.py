"""The savings ledger as a list and as sums: by stage on the day asked about, reductions apart from avoidance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from mopsaudit.facts.rates import load_rates
from mopsaudit.facts.wording import count, listed, money
from mopsaudit.governance.saving_proof import broken_proofs
from mopsaudit.governance.savings import KINDS, STAGES, scoped
from mopsaudit.money import ratio_half_even
from mopsaudit.periods import Period, month_of
from mopsaudit.scope import Scope
from mopsaudit.store.models import Saving, Tool


def stage_on(saving: Saving, day: date) -> str | None:
    """The stage a saving had reached at the end of a day; None before it was identified.

    A saving without dates (entered before they were kept) has its present stage on any day.
    """
    if saving.identified_on is None:
        return saving.stage
    reached = None
    for stage in (*STAGES, "dropped"):
        since: date | None = getattr(saving, f"{stage}_on")
        if since is not None and since <= day:
            reached = stage
    return reached


def in_year(saving: Saving, year: Period) -> int | None:
    """What of a saving falls into a fiscal year, in its currency: as stated, else by the months from its first day on.

    In later years a recurring saving counts whole and a one-off not at all; None where nothing says when it starts.
    """
    annual, starts = saving.annual_minor or 0, saving.effective_on
    if starts is None:
        return saving.in_year_minor
    if starts >= year.end:
        return 0
    if starts < year.start:
        return annual if saving.recurring else 0
    if saving.in_year_minor is not None:
        return saving.in_year_minor
    months = month_of(year.end) - month_of(starts)
    return ratio_half_even(annual, months, 12) if saving.recurring else annual


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingRow:
    """A saving with its stage on the day. Amounts are minor units of its currency.

    ``in_year_minor`` is of the scope's fiscal year. ``proof_holds`` is False where lines it was signed on are gone.
    """

    saving: Saving
    tool_id: int | None
    tool: str | None
    category: str | None
    stage: str
    in_year_minor: int | None
    proof_holds: bool


def list_savings(session: Session, scope: Scope, *, tool_id: int | None = None) -> tuple[SavingRow, ...]:
    """The scope's savings identified by its day, the furthest on last within what is open; dropped ones at the end."""
    order = {stage: number for number, stage in enumerate((*STAGES, "dropped"))}
    broken = broken_proofs(session)
    rows = []
    for saving, head_id, name, category in session.execute(
        scoped(session, scope, Tool.id, Tool.name, Tool.category)
    ):
        stage = stage_on(saving, scope.as_of)
        if stage is None or (tool_id is not None and head_id != tool_id):
            continue
        rows.append(
            SavingRow(
                saving=saving,
                tool_id=head_id,
                tool=name,
                category=category,
                stage=stage,
                in_year_minor=in_year(saving, scope.year),
                proof_holds=saving.id not in broken,
            )
        )
    return tuple(
        sorted(rows, key=lambda row: (order[row.stage], -(row.saving.annual_minor or 0), row.saving.id))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsTotal:
    """Sums in the base currency of savings of one stage and kind; each saving counts once, at its stage of the day.

    ``realised_minor`` counts what was signed for months of the scope's fiscal year; ``unconverted`` savings have no
    rate and stand in no sum.
    """

    stage: str
    kind: str
    count: int
    annual_minor: int
    one_off_minor: int
    in_year_minor: int
    realised_minor: int
    unconverted: int


def savings_totals(
    session: Session, scope: Scope, rows: Sequence[SavingRow] | None = None
) -> tuple[SavingsTotal, ...]:
    """The ledger of the scope by stage and kind; dropped savings stand in none. ``rows`` if already listed."""
    rates = load_rates(session, into=scope.currency, kind=scope.settings.rate_kind)
    listed_rows = list_savings(session, scope) if rows is None else rows
    year = (month_of(scope.year.start), month_of(scope.year.end))
    found = []
    for stage in STAGES:
        for kind in KINDS:
            these = [row for row in listed_rows if (row.stage, row.saving.kind) == (stage, kind)]
            known = [row for row in these if rates.rate(row.saving.currency, scope.as_of) is not None]

            def base(row: SavingRow, minor: int | None) -> int:
                return rates.convert(minor or 0, row.saving.currency, scope.as_of) or 0

            if these:
                found.append(
                    SavingsTotal(
                        stage=stage,
                        kind=kind,
                        count=len(these),
                        annual_minor=sum(
                            base(row, row.saving.annual_minor) for row in known if row.saving.recurring
                        ),
                        one_off_minor=sum(
                            base(row, row.saving.annual_minor) for row in known if not row.saving.recurring
                        ),
                        in_year_minor=sum(base(row, row.in_year_minor) for row in known),
                        realised_minor=sum(
                            base(row, row.saving.realised_minor)
                            for row in known
                            if stage == "realised" and _proved_in(row.saving, year)
                        ),
                        unconverted=len(these) - len(known),
                    )
                )
    return tuple(found)


def _proved_in(saving: Saving, year: tuple[int, int]) -> bool:
    """Whether it was signed for months of the year; an entry older than the months counts in the year it was signed."""
    if saving.proof_from is not None:
        return year[0] <= saving.proof_from < year[1]
    return saving.signed_at is not None and year[0] <= month_of(saving.signed_at.date()) < year[1]


def ledger_answer(totals: Sequence[SavingsTotal], scope: Scope) -> str:
    """The ledger in a sentence: reductions by stage, then avoidance apart, then what has no rate."""
    if not totals:
        return "No saving is on the ledger yet: a decision or a finding is where one is identified."
    reductions = [each for each in totals if each.kind == "reduction"]
    avoided = [each for each in totals if each.kind == "avoidance"]
    text = _stages(reductions, scope) + "."
    once = sum(each.one_off_minor for each in reductions)
    if once:
        text += f" One-off savings of {money(once, scope.currency)} stand beside these."
    if avoided:
        text += f" Avoidance apart: {_stages(avoided, scope, once=True)}."
    missing = sum(each.unconverted for each in totals)
    if missing:
        stand = "stands" if missing == 1 else "stand"
        text += f" {count(missing, 'saving')} without an exchange rate {stand} in no sum."
    return text


def _stages(totals: Sequence[SavingsTotal], scope: Scope, *, once: bool = False) -> str:
    """``12,000 USD identified, 3,000 USD agreed and 0 USD contracted a year; 2,500 USD realised this year``."""
    yearly = {
        stage: sum(
            each.annual_minor + (each.one_off_minor if once else 0) for each in totals if each.stage == stage
        )
        for stage in STAGES
    }
    realised = sum(each.realised_minor for each in totals)
    shown = [stage for stage in STAGES[:3] if yearly[stage] or not once]
    said = (
        f"{listed([f'{money(yearly[stage], scope.currency)} {stage}' for stage in shown])} a year"
        if shown
        else ""
    )
    return "; ".join(each for each in (said, f"{money(realised, scope.currency)} realised this year") if each)
