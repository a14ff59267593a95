"""Closing balances as a sheet's own control: the opening one with the lines between them.

Only where both stand in the column of the amounts; a balance in a column of its own says nothing here.
"""

import re
from collections.abc import Container, Sequence
from decimal import Decimal
from typing import Final

from importers.total_words import Says
from importers.totals import TOLERANCE, Amounted, Found

_OPENS: Final = re.compile(
    r"(?:opening|start|begin|previous|alter|letzter|ancien)|balance (?:b/?f|brought)|brought|b/[fd]|"
    r"saldovortrag|vortrag|"
    r"(?:anfangs|eröffnungs|openings|begin|primo|åbnings|alku|alg)|report à nouveau|a nouveau|"
    r"solde (?:initial|d'ouverture|précédent|en début)|saldo (?:inicial|anterior|iniziale|precedente|previo)|"
    r"saldo początkowe|"
    r"(?:ingående|inngående)|bilans otwarcia|počáteční|nyitó|входящ|начальн|(?:期初|前期|前月|上期)",
    re.IGNORECASE,
)
_CLOSES: Final = re.compile(
    r"(?:closing|end|new |neuer|nouveau solde)|balance (?:c/?f|carried)|carried|c/[fd]|"
    r"(?:schluss|eind|ultimo|loppu)|"
    r"solde (?:final|de clôture|en fin)|saldo (?:final|finale|końcowe)|utgående|bilans zamknięcia|konečný|záró|lõpp|"
    r"исходящ|конечн|(?:期末|次期|次月)",
    re.IGNORECASE,
)


def check_closings(
    rows: Sequence[Amounted], found: dict[int, Found], lines: Sequence[Container[int]]
) -> list[tuple[Found, Decimal]]:
    """The closing balances that are not their opening one with the lines between, and what those come to.

    Those that are get the rows they prove. Either sign is one: what goes out lowers an account and raises a ledger's.
    """
    wrong: list[tuple[Found, Decimal]] = []
    if not any(entry.row.says is Says.BALANCE for entry in found.values()):
        return wrong
    opening: Amounted | None = None
    total, first, last = Decimal(0), 0, 0
    for row in rows:
        entry = found.get(row.index)
        if entry is None:
            if any(row.index in each for each in lines):
                if row.amount is None:
                    opening = None  # what cannot be read may be the difference
                else:
                    total += row.amount
                    first, last = first or row.number, row.number
            continue
        if row.says is not Says.BALANCE or row.amount is None:
            continue
        if _OPENS.match(row.label):
            opening, total, first = row, Decimal(0), 0
        elif _CLOSES.match(row.label) and opening is not None and opening.amount is not None and first:
            entry.first, entry.last = first, last
            ends = [abs(opening.amount + way * total) for way in (1, -1)]
            if all(abs(end - abs(row.amount)) > TOLERANCE for end in ends):
                entry.agrees = False
                wrong.append((entry, opening.amount + total))
            opening = None
    return wrong
