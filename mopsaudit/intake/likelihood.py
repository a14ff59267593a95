"""How likely an unmatched supplier is a marketing tool or service: orders the review queue, decides nothing. Pure."""

from mopsaudit.intake.normalise import read_supplier
from mopsaudit.intake.supplier_words import BLOCK_WORDS

_LIKELY = {
    0.9: "advertising adverts adtech martech seo ppc adwords marketing newsletter influencer webinar crm",
    0.7: "media digital creative brand branding social design agency campaign software analytics pr publicity "
    "exhibition exhibitions print printing printers survey research insight insights radio newspaper newspapers "
    "magazine billboard outdoor sponsorship photography photographer video film animation copywriting web website "
    "hosting domain email subscription saas licence license cloud content promotion promotions merchandise "
    "leaflet leaflets signage",
    0.4: "communications data technologies technology studio studios productions publishing press events event online "
    "internet app platform systems labs interactive",
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


def marketing_likelihood(raw: str, description: str = "", account: str = "") -> float:
    """How likely an unmatched supplier is a marketing tool or service, 0..1; it orders a queue, it decides nothing."""
    own = {token for reading in read_supplier(raw).readings for token in reading.tokens}
    context = {token for text in (description, account) for token in read_supplier(text).readings[0].tokens}
    score = max((_WEIGHTS.get(token, 0.0) for token in own), default=0.0)
    around = max((_WEIGHTS.get(token, 0.0) for token in context), default=0.0)
    if any(reading.domains for reading in read_supplier(raw).readings):
        score = max(score, 0.45)
    combined = 1 - (1 - score) * (1 - 0.8 * around)
    if own & _UNLIKELY:
        combined *= 0.35
    return round(min(combined, 0.99), 3)
