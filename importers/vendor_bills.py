"""What one vendor bills for its metered services: the lines name what was bought, and nobody who was paid."""

import re
from collections.abc import Sequence
from typing import Final

from importers.grid import Grid
from importers.spend_columns import Pick
from importers.table import Header, best_field
from importers.texts import fold
from importers.words import heading_words

#: Words of a heading over what was bought, and words that make it somebody all the same.
_THING: Final = frozenset(
    (
        "service services sku skus product products produkt produit producto prodotto item items offer meter plan "
        "resource usage feature subscription artikel article dienst leistung servicio servizio"
    ).split()
)
_SOMEBODY: Final = frozenset(
    (
        "provider vendor supplier seller company manufacturer publisher issuer merchant by owner lieferant fournisseur "
        "proveedor fornitore hersteller"
    ).split()
)
#: What such a bill counts beside its amounts, by sort; two sorts of them are no chance.
_COUNTED: Final = (
    frozenset("usage consumed consumption metered verbrauch consommation consumo".split()),
    frozenset("sku skus meter".split()),
    frozenset("resource resources project instance".split()),
    frozenset("subscription subscriptions".split()),
    frozenset("billing payer".split()),
    frozenset("charge".split()),
    frozenset("hours".split()),
    frozenset("bill".split()),
)
#: What the lines of one bill are counted and priced by, beside the particulars of the bill above them.
_PRICED: Final = (
    frozenset("quantity count units menge anzahl quantite cantidad quantita aantal antal".split()),
    frozenset("price rate einzelpreis stuckpreis".split()),
)
_DESCRIBED: Final = frozenset(
    "description details designation beschreibung bezeichnung descripcion text".split()
)
#: What the particulars of one bill are headed by.
_PARTICULARS: Final = re.compile(
    r"(?:(?:tax |vat )?invoice|bill|statement|rechnungs?|facture|factura|fattura|factuur|faktura)[ -]*"
    r"(?:no|nr|number|nummer|date|datum|#|id|fecha|data|n°|num[eé]ro)?\.?\s*[:#]?.*",
    re.IGNORECASE,
)


def bought_not_paid(heading: str) -> bool:
    """Whether a heading is of what was bought (*Service description*, *Product name*): nobody who was paid."""
    words = set(heading_words(heading))
    return bool(words & _THING) and not words & _SOMEBODY


def bills_of_one(
    grid: Grid, header: Header, taken: Pick, reasons: Sequence[str], for_want: tuple[str, ...]
) -> bool:
    """Whether a column of what was bought was taken for the suppliers for want of one, on a metered bill or below the
    particulars of one bill.
    """
    if not any(reason.endswith(for_want) for reason in reasons):
        return False
    described = bool(_DESCRIBED.intersection(heading_words(taken.heading)))
    if not described and not bought_not_paid(taken.heading):
        return False
    words = {
        word
        for column, heading in enumerate(header.headings)
        if heading and column != taken.column
        for word in heading_words(heading)
    }
    counted = sum(not words.isdisjoint(sort) for sort in _COUNTED)
    if counted >= 2 and (not described or words & _THING or "charge" in words):
        return True
    if any(best_field(match)[0] == "date" for match in header.matches):
        return False
    return all(not words.isdisjoint(sort) for sort in _PRICED) and _one_bill(grid, header)


def _one_bill(grid: Grid, header: Header) -> bool:
    """Whether two lines of particulars above the table, a label and what it is each, are of one bill."""
    above = grid.rows[: max(0, header.first_index - len(header.rows))][-15:]
    found = 0
    for row in above:
        cells = [cell for cell in row if cell is not None]
        labelled = len(cells) == 2 or (len(cells) == 1 and ":" in str(cells[0]))
        found += labelled and bool(_PARTICULARS.fullmatch(fold(str(cells[0]))))
    return found >= 2
