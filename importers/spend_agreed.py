"""A list of contracts among what was spent: it says from when to when each line holds, and nothing of a payment."""

import re
from collections.abc import Iterable
from typing import Final

from importers import codes, doubt_codes
from importers.grid import Grid, address
from importers.table import column_facts, headings_of, span
from mopsaudit.intake.contract import Layout, SheetDecision
from mopsaudit.problems import Problem

_ENDS: Final = re.compile(
    r"\b(?:end|ends|ending|expiry|expires?|expiration|renew\w*|until|finish|termination|ende|bis|fin|échéance|fine|"
    r"scadenza|vencimiento|einde|slut|koniec)\b",
    re.IGNORECASE,
)
_AGREED: Final = re.compile(
    r"\b(?:contracts?|agreements?|renewals?|renews|notice|auto ?renew\w*|terms?|award(?:ed)?|tender|"
    r"extensions?|vertrag\w*|laufzeit|kündigung\w*|contrat|marché|contrato|contratto|avtal|umowa|smlouva)\b",
    re.IGNORECASE,
)
_PAID: Final = re.compile(
    r"\b(?:invoices?|paid|payments?|transactions?|posted|posting|vouchers?|documents?|cheques?|checks?|journal|ledger|"
    r"booked|booking|settled|settlement|billed|"
    r"billing|bill|orders?|po|purchase|service|usage|spent|spend|expend\w*|amount paid|"
    r"rechnung\w*|beleg\w*|buchung\w*|bezahlt|zahlung\w*|facture|paiement|payé|factura|pago|fattura|pagamento|faktura)\b",
    re.IGNORECASE,
)


def tell_agreed(grid: Grid, decision: SheetDecision) -> Iterable[Problem]:
    """A note where the day of the lines is the first of two, what they are called speaks of contracts, and none of
    their headings of a payment, a bill or an order.
    """
    first, supplier = decision.column("date"), decision.column("supplier")
    if decision.layout is not Layout.FLAT or first is None or supplier is None or not decision.header_rows:
        return
    headings = [heading.replace("_", " ") for heading in headings_of(grid, decision)]
    facts = column_facts(grid, grid.position(decision.first_row), headings)
    start = span(first)[0]
    last = next(
        (
            column
            for column, heading in enumerate(headings)
            if column != start and _ENDS.search(heading) and facts[column].date_share() >= 0.5
        ),
        None,
    )
    if (
        last is None
        or not any(map(_AGREED.search, headings))
        or any(map(_PAID.search, headings))
        or decision.column("service_from") is not None
    ):
        return
    yield codes.problem(
        doubt_codes.AGREED,
        f"“{headings[start]}” and “{headings[last]}” say from when to when each line holds, and no column when it was "
        "paid: what was agreed is not what was spent.",
        sheet=grid.name,
        cell=address(decision.header_rows[-1], last),
    )
