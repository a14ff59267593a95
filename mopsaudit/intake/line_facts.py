"""What rules look at of a stored line."""

from typing import Any, Final

from mopsaudit.intake.placing import Facts
from mopsaudit.periods import month_start
from mopsaudit.store.ledger import SpendLine

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


def facts_of(line: Any) -> Facts:
    """What rules look at, of a row with the columns :data:`FACTS`."""
    return Facts(
        supplier=line.supplier_text or "",
        description=line.description,
        cost_centre=line.cost_centre,
        gl_account=line.gl_account,
        minor=line.booked_minor,
        currency=line.currency,
        day=line.booked_on or (None if line.month is None else month_start(line.month)),
        entity_id=line.entity_id,
        source_id=line.source_id,
    )
