"""How likely an unmatched supplier is a marketing tool or service: orders the review queue, decides nothing. Pure."""

from collections.abc import Iterable

from mopsaudit.intake.normalise import read_supplier
from mopsaudit.intake.supplier_words import BLOCK_WORDS

#: What a word says by itself. Words under 0.7 name other trades too (an employment agency, a media retailer, the
#: software of a laboratory): it takes two of them, or what stands around, to put a supplier among the likely ones.
_LIKELY = {
    0.9: "advertising adverts adtech martech seo ppc adwords marketing newsletter influencer webinar crm",
    0.7: "brand branding campaign campaigns pr publicity newspaper newspapers magazine radio billboard sponsorship "
    "copywriting promotion promotions promotional merchandise leaflet leaflets signage press website websites",
    0.5: "media digital creative social design agency software analytics exhibition exhibitions print printing "
    "printers survey surveys research insight insights outdoor photography photographer video film animation content "
    "web hosting domain email subscription saas licence license cloud communications publishing app",
    0.4: "data technologies technology studio studios productions events event online internet platform systems labs "
    "interactive",
}
_WEIGHTS = {word: weight for weight, words in _LIKELY.items() for word in words.split()}
_UNLIKELY = BLOCK_WORDS - {
    "event",
    "events",
    "printing",
    "printers",
    "exhibition",
    "expo",
    "conference",
    "agency",
}


def _together(words: Iterable[str]) -> float:
    """What the two most telling of these words say together: 1 − (1 − a)(1 − b)."""
    first, second, *_ = (*sorted((_WEIGHTS.get(word, 0.0) for word in words), reverse=True), 0.0, 0.0)
    return 1 - (1 - first) * (1 - second)


def marketing_likelihood(raw: str, description: str = "", account: str = "") -> float:
    """How likely an unmatched supplier is a marketing tool or service, 0..1; it orders a queue, it decides nothing."""
    own = {token for reading in read_supplier(raw).readings for token in reading.tokens}
    context = {token for text in (description, account) for token in read_supplier(text).readings[0].tokens}
    score = _together(own)
    around = max((_WEIGHTS.get(token, 0.0) for token in context), default=0.0)
    if any(reading.domains for reading in read_supplier(raw).readings):
        score = max(score, 0.45)
    combined = 1 - (1 - score) * (1 - 0.8 * around)
    if own & _UNLIKELY:
        combined *= 0.35
    return round(min(combined, 0.99), 3)
