"""What one vendor bills for its metered services: the lines name what was bought, and nobody who was paid."""

from collections.abc import Sequence
from typing import Final

from importers.spend_columns import Pick
from importers.table import Header
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
)


def bought_not_paid(heading: str) -> bool:
    """Whether a heading is of what was bought (*Service description*, *Product name*): nobody who was paid."""
    words = set(heading_words(heading))
    return bool(words & _THING) and not words & _SOMEBODY


def bills_of_one(header: Header, taken: Pick, reasons: Sequence[str], for_want: tuple[str, ...]) -> bool:
    """Whether a column of what was bought was taken for the suppliers for want of one, on a metered bill."""
    if not bought_not_paid(taken.heading) or not any(reason.endswith(for_want) for reason in reasons):
        return False
    words = {
        word
        for column, heading in enumerate(header.headings)
        if heading and column != taken.column
        for word in heading_words(heading)
    }
    return sum(not words.isdisjoint(counted) for counted in _COUNTED) >= 2
