"""What a heading says beside its field's word that makes its column another thing: an id, the day of the file."""

from datetime import datetime, time
from typing import Final

from importers.dates import date_readings
from importers.table import ColumnFacts
from importers.words import heading_words

#: What a column keeps of a field's fit where its heading speaks of something beside it; another column then goes first.
_LESS: Final = 0.55
#: Numbers and places of somebody: a heading with one of them gives no name.
_NO_NAME: Final[frozenset[str]] = frozenset(
    (
        "id ids identifier identifiant identificador identificativo identyfikator uuid code codigo codice kod kode "
        "nif cif dni cnpj cpf rfc cuit rut ruc nit siret siren ico dic oib kvk btw orgnr organisasjonsnummer "
        "organisationsnummer cvr nip regon uei duns ein tin abn acn lei account iban konto cuenta conta compte conto "
        "type types tipo typ doc documento document category categoria kategorie kind class clase status estado "
        "postcode zip city town country state address adresse direccion endereco plz ort"
    ).split()
)
_NAME: Final[frozenset[str]] = frozenset(
    "name names nom nome nombre naam navn namn nimi nazwa naziv nev".split()
)
#: What happened to the file or the record on a day, and not to what is paid.
_OF_FILE: Final[frozenset[str]] = frozenset(
    (
        "loaded load extracted extract exported export refreshed refresh updated update published publication publish "
        "generated uploaded upload imported import snapshot modified retrieved scraped report"
    ).split()
)
#: The last day of what is paid for is no day of its payment.
_ENDS: Final[frozenset[str]] = frozenset(
    "end expiry expiration fin fine termino vencimiento vencimento scadenza ende slut slutt loppu koniec konec".split()
)


#: Sorts, places and purposes: *Type of expense* names no one who was paid.
_NOBODY: Final[frozenset[str]] = frozenset(
    (
        "type types tipo typ category categories categoria categorie kategorie kind class classe clase art location "
        "locations place places destination destinations route city town country region purpose reason"
    ).split()
)


def names_nobody(heading: str) -> bool:
    """Whether the texts under a heading are sorts, places or purposes, and so not who was paid."""
    return bool(_NOBODY.intersection(heading_words(heading)))


def heading_doubt(heading: str, field: str, facts: ColumnFacts) -> float:
    """By what a column's fit for a field is lowered: 1 leaves it, 0 rules it out."""
    words = heading_words(heading)
    if len(words) < 2:
        return 1.0
    if field == "supplier" and _NO_NAME.intersection(words) and not _NAME.intersection(words):
        return _LESS
    if field in ("reference", "invoice") and 2 * (facts.numeric - facts.whole) > facts.filled > 2:
        return 0.3  # no number of a document has cents
    if field == "date" and _ENDS.intersection(words):
        return _LESS
    if field == "date" and (
        _OF_FILE.intersection(words) or {"as", "of"} <= set(heading.casefold().replace("_", " ").split())
    ):
        return 0.0 if _one_moment(facts) else _LESS
    return 1.0


def _one_moment(facts: ColumnFacts) -> bool:
    """Whether every cell holds the same moment of a day: when the list was drawn up."""
    if len(facts.values) != 1 or facts.filled < 3:
        return False
    value = next(iter(facts.values))
    if isinstance(value, datetime):
        return value.time() != time.min
    return isinstance(value, str) and bool(date_readings(value)) and ":" in value
