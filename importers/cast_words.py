"""Words of the fixed lists: yes and no, licence metrics, states of a tool, in their spellings."""

import re
from collections.abc import Mapping
from typing import Final

from importers.grid import Cell
from importers.texts import fold
from importers.words import heading_words

_YES = frozenset(
    (
        "yes y true 1 x ✓ ✔ ja j oui o si sí s sim on auto automatic automatically auto-renew automatische "
        "wahr vrai enabled evergreen tacit verdadero vero verdadeiro tak ano kyllä hai はい automatisch automatique "
        "automático automático automática automatico automatica automatisk automaattinen automatyczna automatyczne automaticky "
        "tacite tácita tacito stilzwijgend"
    ).split()
)
_NO = frozenset(
    (
        "no n false 0 nein non não nee nej nei nie ne ei いいえ off manual express none - – falsch faux falso disabled never "
        "fixed expires kein keine keiner aucun aucune ninguno ninguna nessuno nessuna geen nenhum nenhuma ingen brak žádné "
        "žádná manuell manuel manuelle manual manuale handmatig expresse expresa espressa uitdrukkelijk ausdrücklich"
    ).split()
)
#: Words that say yes or no before what else a cell says (``yes, for 12 months``).
_YES_FIRST = frozenset(
    "yes auto automatic automatically automatisch ja oui sí sì sim tak ano kyllä はい".split()
)
_NO_FIRST = frozenset(
    "no manual express nein non not kein keine nee nej nei não ingen nie ne ei いいえ".split()
)
#: What stands in a cell for *nothing is known* or *does not apply*.
_NOTHING = frozenset(
    (
        "-|–|—|--|?|n/a|na|n.a.|none|tbd|tbc|k.a.|k. a.|keine angabe|entfällt|unbekannt|offen|s/o|s.o.|sans objet|n.c.|nc|"
        "inconnu|no aplica|n.d.|nd|s/d|desconocido|non disponibile|non applicabile|n.v.t.|nvt|n.b.|onbekend|não aplicável|"
        "desconhecido|saknas|okänt|ukendt|ukjent|ei tiedossa|brak|brak danych|nie dotyczy|není|neznámé|なし|未定|open|unknown"
    ).split("|")
)
#: What stands in a date's cell for *no end is set*.
_OPEN_ENDED = frozenset(
    (
        "ongoing|perpetual|rolling|indefinite|open end|open-ended|until cancelled|laufend|unbefristet|bis auf weiteres|en cours|"
        "indéterminée|durée indéterminée|indefinido|indefinida|indeterminato|a tempo indeterminato|onbepaald|onbepaalde tijd|"
        "indeterminado|tills vidare|tillsvidare|løbende|til videre|inntil videre|toistaiseksi|bezterminowo|"
        "czas nieokreślony|na dobu neurčitou|monatlich|month to month|無期限"
    ).split("|")
)
#: What a column of licence types says of how a licence is bought, not of what is counted.
NO_METRIC: Final = frozenset(
    "subscription|perpetual|saas|term|annual|monthly|commercial|proprietary|open source|trial|free|freemium|oem|"
    "on-premise|on premise|cloud".split("|")
)
METRIC_WORDS: Final = {
    "named_seat": (
        "named seat",
        "named seats",
        "named user",
        "named users",
        "per seat",
        "per user",
        "seat",
        "seats",
        "user",
        "users",
        "named",
        "user licence",
        "user license",
        "licence",
        "license",
        "per licence",
        "per license",
        "per named user",
        "benannter nutzer",
        "benannte nutzer",
        "pro nutzer",
        "je nutzer",
        "nutzer",
        "benutzer",
        "pro benutzer",
        "utilisateur nomme",
        "par utilisateur",
        "utilisateur",
        "usuario",
        "usuarios",
        "por usuario",
        "usuario nominal",
        "utente",
        "utenti",
        "per utente",
        "utente nominale",
        "gebruiker",
        "gebruikers",
        "per gebruiker",
        "por utilizador",
        "anvandare",
        "per anvandare",
        "bruger",
        "pr bruger",
        "bruker",
        "per bruker",
        "kayttaja",
        "kayttajakohtainen",
        "na uzytkownika",
        "uzytkownik",
        "uzivatel",
    ),
    "concurrent": (
        "concurrent",
        "floating",
        "concurrent user",
        "concurrent users",
        "concurrent seat",
        "concurrent seats",
        "shared",
        "gleichzeitige nutzer",
        "simultane",
        "concurrent utilisateurs",
        "concurrente",
        "concurrenti",
        "gelijktijdig",
        "samtidiga",
        "samtidige",
    ),
    "unlimited": (
        "unlimited",
        "site",
        "site licence",
        "site license",
        "site unlimited",
        "enterprise",
        "enterprise licence",
        "enterprise license",
        "ela",
        "unbegrenzt",
        "unternehmenslizenz",
        "standortlizenz",
        "illimite",
        "ilimitado",
        "ilimitada",
        "illimitato",
        "onbeperkt",
        "obegransat",
        "ubegraenset",
        "ubegrenset",
        "rajaton",
        "bez limitu",
        "neomezene",
    ),
    "consumption": (
        "consumption",
        "usage",
        "usage based",
        "credits",
        "credit",
        "metered",
        "pay as you go",
        "contacts",
        "volume",
        "consumption credits",
        "verbrauch",
        "nutzungsbasiert",
        "nach verbrauch",
        "consommation",
        "consumo",
        "a consumo",
        "verbruik",
        "forbrukning",
        "forbrug",
        "forbruk",
        "kaytto",
        "zuzycie",
        "spotreba",
        "events",
        "transactions",
    ),
    "flat": (
        "flat",
        "fixed",
        "flat fee",
        "fixed fee",
        "platform fee",
        "flat rate",
        "pauschal",
        "pauschale",
        "forfait",
        "tarifa plana",
        "forfettario",
        "vast bedrag",
        "fast pris",
        "ryczalt",
        "pausal",
    ),
}
STATUS_WORDS: Final = {
    "proposed": (
        "proposed",
        "planned",
        "requested",
        "evaluation",
        "evaluating",
        "idea",
        "under review",
        "candidate",
        "geplant",
        "beantragt",
        "in prufung",
        "planifie",
        "propose",
        "en evaluation",
        "propuesto",
        "previsto",
        "in valutazione",
        "proposto",
        "gepland",
        "planerad",
        "planlagt",
        "suunniteltu",
        "planowane",
        "planovano",
    ),
    "trial": (
        "trial",
        "pilot",
        "poc",
        "proof of concept",
        "beta",
        "testing",
        "test",
        "testphase",
        "pilote",
        "essai",
        "prueba",
        "piloto",
        "prova",
        "pilota",
        "proef",
        "testfase",
        "kokeilu",
        "pilotaz",
    ),
    "active": (
        "active",
        "live",
        "in use",
        "installed",
        "production",
        "in production",
        "current",
        "adopted",
        "yes",
        "aktiv",
        "actif",
        "activo",
        "deployed",
        "operational",
        "in betrieb",
        "produktiv",
        "im einsatz",
        "en service",
        "en production",
        "activa",
        "en uso",
        "attivo",
        "attiva",
        "in uso",
        "actief",
        "gebruik",
        "ativo",
        "ativa",
        "em uso",
        "i drift",
        "i bruk",
        "i brug",
        "aktiivinen",
        "kaytossa",
        "aktywny",
        "aktywne",
        "w uzyciu",
        "aktivni",
        "利用中",
    ),
    "sunset": (
        "sunset",
        "phasing out",
        "phase out",
        "deprecated",
        "sunsetting",
        "to be retired",
        "end of life",
        "winding down",
        "decommissioning",
        "auslaufend",
        "lauft aus",
        "wird abgelost",
        "fin vie",
        "en retirada",
        "dismissione",
        "in dismissione",
        "uitfaserend",
        "avvecklas",
        "udfases",
        "utfases",
        "wycofywane",
        "poistuva",
    ),
    "retired": (
        "retired",
        "decommissioned",
        "inactive",
        "ended",
        "cancelled",
        "canceled",
        "removed",
        "not in use",
        "archived",
        "terminated",
        "abgeschaltet",
        "stillgelegt",
        "inaktiv",
        "beendet",
        "gekundigt",
        "abgelost",
        "arrete",
        "inactif",
        "retire",
        "resilie",
        "retirado",
        "inactivo",
        "dado baja",
        "dismesso",
        "inattivo",
        "cessato",
        "buiten gebruik",
        "inactief",
        "beeindigd",
        "desativado",
        "inativo",
        "avvecklad",
        "udfaset",
        "avviklet",
        "poistettu",
        "wycofane",
        "nieaktywny",
        "ukonceno",
        "off",
    ),
}


#: How a roster says that somebody has gone, beside *left*, *terminated* and *inactive*.
LEFT: Final = re.compile(
    r"(?:resigned|dismissed|separated|departed|ex[- ]?employee|former(?: employee)?|off-?boarded|no longer employed|"
    r"deceased|retired|ausgeschieden|ausgetreten|gekündigt|entlassen|démissionné\w*|licencié\w*|cesad[oa]|"
    r"cessat[oa]|dimess[oa]|uit dienst|desligad[oa]|demitid[oa]|slutat|fratrådt|sluttet|退職)\b.*",
    re.IGNORECASE,
)


def says_nothing(text: str) -> bool:
    """Whether a text only stands for a value that is not known or does not apply (``n/a``, a dash, ``entfällt``)."""
    return fold(text).casefold() in _NOTHING


def open_ended(text: str) -> bool:
    """Whether a text says that no end is set (``ongoing``, ``unbefristet``)."""
    return fold(text).casefold() in _OPEN_ENDED


def yes_no(value: Cell) -> bool | None:
    """Yes or no in its spellings, None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return {0.0: False, 1.0: True}.get(float(value))
    if isinstance(value, str):
        plain = fold(value).casefold()
        if plain in _YES:
            return True
        if plain in _NO:
            return False
        first = re.split(r"[\s,;(/-]+", plain)[0] if plain else ""
        if first in _YES_FIRST:
            return True
        if first in _NO_FIRST:
            return False
    return None


def known_word(text: str, table: Mapping[str, tuple[str, ...]]) -> str | None:
    """The name of the list a text belongs to by one of its words, or None."""
    said = heading_words(text)
    for name, words in table.items():
        if said == heading_words(name) or any(said == heading_words(word) for word in words):
            return name
    return None
