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
#: Of what sort somebody is: never who. Under such a heading names stand only where a program prints them in its place.
_SORT: Final[frozenset[str]] = frozenset(
    "type types tipo typ category categoria categorie kategorie kind class clase klasse status estado mcc".split()
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
        "branche branchen industry sector "
        "type types tipo typ category categories categoria categorie kategorie kind class classe clase art location "
        "locations place places destination destinations route city town country region purpose reason"
    ).split()
)


#: What a line was for, as a heading may call it, and words that turn such a heading to something else.
_SORTS: Final[frozenset[str]] = frozenset(
    "category categories purpose commodity spend expense expenditure activity nature element subjective".split()
)
_NO_SORT: Final[frozenset[str]] = frozenset(
    (
        "id number code status flag supplier vendor merchant payee type size sme local charity region country by "
        "approved frequency band tier"
    ).split()
)


#: What a heading of numbers says in several languages, and words that make it a number of something else.
_NUMERO: Final[frozenset[str]] = frozenset(
    "number n numero numer nummer numar cislo broj stevilka num reference referencia voucher folio".split()
)
_NO_NUMERO: Final[frozenset[str]] = frozenset(
    (
        "vat tax phone tel telephone fax charity company account registration supplier vendor payee customer client "
        "card bank iban contract postcode units items staff fte employees people invoices payments transactions of "
        "days weeks months hours line row page nif cif siret siren siret week month period year cost"
    ).split()
)


def names_nobody(heading: str) -> bool:
    """Whether the texts under a heading are sorts, places or purposes, and so not who was paid."""
    return bool(_NOBODY.intersection(heading_words(heading)))


#: What a number is called behind what it numbers, in one word, and what else is numbered so.
_NUMBER_ENDS: Final = ("nr", "nummer", "nro", "numero")
_OTHER_NUMBERS: Final = tuple(
    (
        "konto kund lief kred deb tele post vertr steuer ust person mitarb kost org cvr iban bank artik pos rek tili "
        "lev tel proj avd afd anl kli numer hus haus moms btw avtal aftale sopimus"
    ).split()
)
#: What else words in a column may be than what a line was for.
_ASIDE: Final[frozenset[str]] = (
    _NOBODY
    | _NO_NAME
    | _NAME
    | (_NO_SORT - frozenset(("type",)))
    | frozenset(
        (
            "directorate department division unit portfolio ward county sector user owner manager officer email "
            "contact mail url link website period month year quarter date day currency language team group entity body "
            "organisation authority agency trust council ministry school fund programme method terms source system "
            "irrecoverable cpv"
        ).split()
    )
)
#: Words of a number of somebody, in a heading.
_NUMBER: Final[frozenset[str]] = frozenset("id ids number code reference identifier".split())
#: Fields that are words for people; an address on the web is none.
_WORDED: Final[frozenset[str]] = frozenset("supplier description unit entity cost_centre".split())
_OF_UNIT: Final[frozenset[str]] = frozenset("department directorate division portfolio".split())
_TAXES: Final[frozenset[str]] = frozenset("vat tax gst hst mwst ust iva tva btw moms alv".split())
#: Rows that count themselves from the first on, that are no chance.
_COUNTED: Final = 10


def _addresses(facts: ColumnFacts) -> bool:
    """Whether nearly all cells of a column are addresses on the web."""
    found = sum(
        count for text, count in facts.texts.items() if text.casefold().startswith(("http://", "https://"))
    )
    return found > 0 and found >= 0.8 * facts.filled


def _names_under_number(words: tuple[str, ...], facts: ColumnFacts) -> bool:
    """Whether names stand under a heading of numbers: a program prints the name of *Supplier ID* in its place.

    A name is two words of letters or more; a sort of supplier, which its heading says, is none.
    """
    if not _NUMBER.intersection(words) or _NOBODY.intersection(words) or facts.filled < 3:
        return False
    named = sum(
        count
        for text, count in facts.texts.items()
        if sum(word.strip("().,&").isalpha() for word in text.split()) >= 2
    )
    return named >= 0.6 * facts.filled


def counts_rows(facts: ColumnFacts) -> bool:
    """Whether a column only counts the rows: 1, 2, 3 … from the first on, each once."""
    if facts.filled < _COUNTED or len(facts.values) != facts.filled:
        return False
    numbers = sorted(
        int(value)
        for value in facts.values
        if (isinstance(value, int | float) and value == int(value))
        or (isinstance(value, str) and value.isascii() and value.isdigit())
    )
    return (
        len(numbers) == facts.filled
        and numbers[0] <= 2  # a list may count its heading too
        and numbers[:_COUNTED] == list(range(numbers[0], numbers[0] + _COUNTED))
    )


def numbers(heading: str, facts: ColumnFacts) -> bool:
    """Whether a column no field claims numbers the documents: its heading says *number*, and most cells differ."""
    words = heading_words(heading)
    compound = any(word.endswith(_NUMBER_ENDS) and not word.startswith(_OTHER_NUMBERS) for word in words)
    return (
        (compound or bool(_NUMERO.intersection(words)))
        and not _NO_NUMERO.intersection(words)
        and facts.filled >= 5
        and facts.distinct_share() >= 0.5
        and facts.numeric == facts.whole
        and facts.date_share() < 0.5
        and not counts_rows(facts)
    )


def describes(heading: str, facts: ColumnFacts) -> bool:
    """Whether a column no field claims says what a line was for: words, of a sort that its heading speaks of."""
    words = heading_words(heading)
    return (
        bool(_SORTS.intersection(words))
        and not _NO_SORT.intersection(words)
        and facts.text_share() >= 0.9
        and len(facts.texts) > 1
    )


def may_describe(heading: str, facts: ColumnFacts, least: int) -> float:
    """How much a column that nothing else claims looks like what lines were for, by its cells; 0 where it may be else.

    ``least`` is how many lines there are: the texts stand in most of them, and are words, several and of some length.
    """
    words = heading_words(heading)
    texts = facts.texts
    if not words or _ASIDE.intersection(words) or facts.filled * 2 < least or not len(texts) >= 2:
        return 0.0
    if facts.text_share() < 0.9 or any(map(str.isdigit, heading)):
        return 0.0
    worded = sum(sum(map(str.isalpha, text)) >= max(4, 0.6 * len(text)) for text in texts)
    length = sum(map(len, texts)) / len(texts)
    if worded < 0.8 * len(texts) or length < 6:
        return 0.0
    return length * min(1.0, len(texts) / 10)


def heading_doubt(heading: str, field: str, facts: ColumnFacts) -> float:
    """By what a column's fit for a field is lowered: 1 leaves it, 0 rules it out."""
    if field in _WORDED and _addresses(facts):
        return 0.3
    words = heading_words(heading)
    if len(words) < 2:
        return 1.0
    if field in ("supplier", "_supplier_id") and _names_under_number(words, facts):
        return 1.0 if field == "supplier" else 0.3
    if field == "_supplier_id":
        return 1.0
    if field == "supplier" and _NO_NAME.intersection(words) and not _NAME.intersection(words):
        return 0.3 if _SORT.intersection(words) else _LESS
    if field == "description" and _OF_UNIT.intersection(words):
        return _LESS  # *Directorate description* is the directorate's name
    if field in ("description", "reference") and _TAXES.intersection(words):
        return 0.4  # which rate of tax applies
    if field in ("reference", "invoice") and len(facts.values) == 1 and facts.filled >= _COUNTED:
        return 0.3  # a code all lines share
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
