"""What rules look at of a stored line."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import null

from mopsaudit.intake.placing import Facts
from mopsaudit.periods import month_start
from mopsaudit.store.ledger import MatchRule, SpendLine

#: The columns of a line that rules look at.
FACTS: Final = (
    SpendLine.id,
    SpendLine.supplier_id,
    SpendLine.supplier_text,
    SpendLine.description,
    SpendLine.cost_centre,
    SpendLine.gl_account,
    SpendLine.booked_minor,
    SpendLine.currency,
    SpendLine.booked_on,
    SpendLine.month,
    SpendLine.entity_id,
    SpendLine.source_id,
)


def asked_facts(rules: Sequence[MatchRule]) -> tuple[Any, ...]:
    """The columns any of these rules looks at, the others as NULL: lines equal in them fare equally by the rules."""
    asked = {
        "description": any(rule.description_pattern for rule in rules),
        "cost_centre": any(rule.cost_centre for rule in rules),
        "gl_account": any(rule.gl_account for rule in rules),
        "booked_minor": any(
            rule.amount_from_minor is not None or rule.amount_until_minor is not None for rule in rules
        ),
        "booked_on": any(rule.dated_from or rule.dated_until for rule in rules),
        "entity_id": any(rule.entity_id for rule in rules),
        "source_id": any(rule.source_id for rule in rules),
    }
    asked |= {"currency": asked["booked_minor"], "month": asked["booked_on"]}
    return (
        SpendLine.supplier_id,
        SpendLine.supplier_text,
        *(getattr(SpendLine, name) if wanted else null().label(name) for name, wanted in asked.items()),
    )


def facts_of(line: Any) -> Facts:
    """What rules look at, of a row with the columns :data:`FACTS`."""
    return Facts(
        supplier=line.supplier_text or "",
        description=line.description,
        cost_centre=line.cost_centre,
        gl_account=line.gl_account,
        minor=line.booked_minor or 0,
        currency=line.currency or "",
        day=line.booked_on or (None if line.month is None else month_start(line.month)),
        entity_id=line.entity_id,
        source_id=line.source_id,
    )
