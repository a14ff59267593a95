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
        "wahr vrai enabled evergreen tacit"
    ).split()
)
_NO = frozenset(
    "no n false 0 nein non não nee off manual express none - – falsch faux disabled never fixed expires".split()
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
    ),
    "concurrent": (
        "concurrent",
        "floating",
        "concurrent user",
        "concurrent users",
        "concurrent seat",
        "concurrent seats",
        "shared",
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
        "events",
        "transactions",
    ),
    "flat": ("flat", "fixed", "flat fee", "fixed fee", "platform fee", "flat rate", "subscription"),
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
    ),
    "trial": ("trial", "pilot", "poc", "proof of concept", "beta", "testing"),
    "active": (
        "active",
        "live",
        "in use",
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
        "off",
    ),
}


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
        if first in ("yes", "auto", "automatic", "automatically", "ja", "oui"):
            return True
        if first in ("no", "manual", "express", "nein", "non", "not"):
            return False
    return None


def known_word(text: str, table: Mapping[str, tuple[str, ...]]) -> str | None:
    """The name of the list a text belongs to by one of its words, or None."""
    plain = " ".join(heading_words(text))
    for name, words in table.items():
        if plain == name.replace("_", " ") or plain in words:
            return name
    return None
