"""``db check`` of figures that stay as they were signed or kept: savings of the ledger, forecasts of closed months.

Recomputed from their own rows by queries that neither the savings ledger nor the budget report uses.
"""

import hashlib
import json
from collections import defaultdict
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from mopsaudit.checks import Check
from mopsaudit.money import ratio_half_even
from mopsaudit.store.models import ForecastRecord

_SAVINGS = (
    "SELECT id, title, currency, recurring, baseline_minor, annual_minor, realised_minor, proof_from, proof_until, "
    "signed_by_id, signed_at FROM saving WHERE stage = 'realised' ORDER BY id"
)
_PROOFS = (
    "SELECT p.saving_id, p.line_id, p.amount_minor, p.currency, l.amount_minor AS booked, l.living, l.counts, "
    "l.out_of_scope FROM saving_line p JOIN spend_line l ON l.id = p.line_id ORDER BY p.saving_id, p.line_id"
)


def check_savings(session: Session) -> Check:
    """What was signed is at most the baseline of its months less the lines it was signed on; none counts too much.

    A line that left the ledger since, and a proof in another currency, are warnings: the signature stays.
    """
    check = Check(name="signed savings")
    proofs: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(text(_PROOFS)):
        proofs[row.saving_id].append(row)
    for row in session.execute(text(_SAVINGS)):
        check.checked += 1
        said = f"saving {row.id} ({row.title})"
        lines = proofs.get(row.id, [])
        if row.signed_by_id is None or row.signed_at is None or row.proof_from is None:
            check.differ(f"{said} is realised without a signature or months.")
            continue
        months = row.proof_until - row.proof_from
        if not 1 <= months <= 12:
            check.differ(f"{said} was signed for {months} months.")
        yearly = row.baseline_minor or 0
        whole = ratio_half_even(yearly, months, 12) if row.recurring else yearly
        foreign = any(line.currency != row.currency for line in lines)
        paid = 0 if foreign else sum(line.amount_minor for line in lines)
        if foreign:
            check.warnings.append(
                f"{said} was signed on lines in another currency: held against its baseline only."
            )
        if (row.realised_minor or 0) <= 0 or row.realised_minor > whole - paid:
            check.differ(
                f"{said} was signed for {row.realised_minor} minor units of {row.currency}; its months leave "
                f"{whole - paid}: baseline {whole}, paid {paid}."
            )
        for line in lines:
            if abs(line.amount_minor) > abs(line.booked) or line.amount_minor * line.booked < 0:
                check.differ(
                    f"{said} counts {line.amount_minor} of line {line.line_id}, which holds {line.booked}."
                )
        gone = sum(not line.living or not line.counts or bool(line.out_of_scope) for line in lines)
        if gone:
            check.warnings.append(f"{said}: {gone} of the lines it was signed on left the ledger.")
    return check


def check_forecasts(session: Session) -> Check:
    """Each forecast kept at month close matches its digest, and its parts sum to what it says."""
    check = Check(name="kept forecasts")
    for record in session.scalars(select(ForecastRecord).order_by(ForecastRecord.id)):
        check.checked += 1
        said = f"forecast {record.id} kept on {record.as_of.isoformat()}"
        plain = json.dumps(record.content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        if hashlib.sha256(plain.encode("ascii")).hexdigest() != record.digest:
            check.differ(f"{said} no longer matches its digest.")
            continue
        whole = 0
        for bearer in record.content.values():
            whole += sum(driver[2] for driver in bearer["drivers"].values())
            whole += sum(base for part in ("over", "carried", "rest") for _, base in bearer[part].values())
        if whole != record.forecast_minor:
            check.differ(f"{said} says {record.forecast_minor} minor units, its parts sum to {whole}.")
    return check
