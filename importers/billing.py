"""How often a contract is billed and what span its price covers, as people write it in several languages."""

import re
from functools import lru_cache

from importers.texts import fold

_HALF = r"half[- ]?year\w*|semi[- ]?annual\w*|bi-?annual\w*|every (?:six|6) months|halbjähr\w*|semestr\w*|halfjaar\w*"
_QUARTER = (
    r"quarter\w*|every (?:three|3) months|q'?ly|quartal\w*|vierteljähr\w*|trimestr\w*|kwartaal\w*|kvartal\w*"
)
_MONTH = (
    r"month(?:ly)?\b|p\.?\s?m\.?\b|/\s?mo(?:nth)?\b|monat\w*|mtl\.?|mensu\w*|par mois|mensil\w*|al mes|"
    r"maandelijks\w*|per maand|månad\w*|månedlig\w*|miesięcz\w*"
)
_YEAR = (
    r"annual\w*|year(?:ly)?\b|per annum|p\.?\s?a\.?\b|/\s?y(?:ea)?r\b|jähr\w*|pro jahr|annuel\w*|par an|anual\w*|"
    r"al año|annuale?\w*|jaarlijks\w*|per jaar|årlig\w*|årsvis|roczn\w*"
)
_TWO = (
    r"biennial\w*|bi-?ennial\w*|every (?:two|2|other|second) years?|two[- ]?yearly|alle (?:zwei|2) jahre|"
    r"zweijährlich\w*|bisannuel\w*|tous les (?:deux|2) ans|bienal\w*|biennal\w*|tweejaarlijks\w*|(?:two|2)[- ]?years?"
)
_THREE = (
    r"triennial\w*|every (?:three|3) years|three[- ]?yearly|alle (?:drei|3) jahre|dreijährlich\w*|triennal\w*|"
    r"trienal\w*|tous les (?:trois|3) ans|(?:three|3)[- ]?years?"
)
_EVERY = ((_TWO, 24), (_THREE, 36), (_HALF, 6), (_QUARTER, 3), (_MONTH, 1), (_YEAR, 12))
_BILLED = re.compile(
    r"\b(?:bill(?:ed|ing|able)?|invoic(?:ed|ing|e)|payable|paid|pay(?:ment|able)?s?|instal(?:l)?ments?|in advance|"
    r"in arrears|upfront|up front|prepaid|zahl(?:bar|ung|weise)|abrechnung|rechnung|im voraus|vorschüssig|nachschüssig|"
    r"factur\w*|payé\w*|paiement|d'avance|à terme échu|échu|pago|pagader\w*|anticipado|vencido|fatturazione|pagamento|"
    r"anticipat\w*|posticipat\w*|facturering|betaling|vooraf|achteraf|faturação|faturamento)",
    re.IGNORECASE,
)
_ADVANCE = re.compile(
    r"advance|up ?front|pre-?paid|voraus|vorschüssig|d'avance|avance|anticipad|anticipat|vooraf|antecipad",
    re.IGNORECASE,
)
_ARREARS = re.compile(
    r"arrears|postpaid|nachschüssig|nachträglich|échu|vencid|posticipat|achteraf|after use", re.IGNORECASE
)
_WHOLE_TERM = re.compile(
    r"\btcv\b|total contract value|contract total|(?:whole|full|entire|over the|total) term|gesamtlaufzeit|"
    r"durée totale|valor total del contrato",
    re.IGNORECASE,
)
_LIFE = re.compile(
    r"\b(?:length|life|lifetime|duration|term) of (?:the |this )?(?:contract|agreement)|vertragslaufzeit|"
    r"durée du (?:contrat|marché)"
)
#: Where the words of a program's heading meet: ``monthly_cost``, ``MonthlyCost``.
_INNER = re.compile(r"_|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")


@lru_cache(maxsize=5_000)
def billing_of(text: str, *, alone: bool) -> tuple[int | None, str | None]:
    """Months between two invoices (None where not said; once for all is None too), and ``advance`` or ``arrears``.

    ``alone``: the text is a billing cell of its own; in a sentence only what speaks of billing counts.
    """
    plain = fold(text).casefold()
    clauses = [plain] if alone else [part for part in re.split(r"[;,.]\s+|\n", plain) if _BILLED.search(part)]
    for clause in clauses:
        side = "advance" if _ADVANCE.search(clause) else "arrears" if _ARREARS.search(clause) else None
        counted = re.search(r"every (\d{1,2}) months|alle (\d{1,2}) monate|tous les (\d{1,2}) mois", clause)
        if counted:
            return int(next(group for group in counted.groups() if group)), side
        for pattern, months in _EVERY:
            if re.search(rf"(?<!\w)(?:{pattern})", clause):
                return months, side
        if side is not None:
            return None, side
    return None, None


def both_spans(heading: str) -> bool:
    """Whether a heading allows of a price for the contract's life and of a year's: *over its length or each year*."""
    plain = fold(heading).casefold()
    return bool(_LIFE.search(plain)) and any(
        re.search(rf"(?<!\w)(?:{each})", plain) for each in (_YEAR, _MONTH)
    )


@lru_cache(maxsize=1_000)
def price_months(heading: str) -> int | str | None:
    """Months a price covers by its heading: 1, 3, 6, 12, ``term`` for the whole contract, None where unsaid."""
    plain = _INNER.sub(" ", fold(heading)).casefold()
    if both_spans(plain):
        return None
    if _WHOLE_TERM.search(plain):
        return "term"
    return next((months for pattern, months in _EVERY if re.search(rf"(?<!\w)(?:{pattern})", plain)), None)
