"""Lines of a statement or ledger that are no spend: payments to the card, transfers, postings taken back."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from importers.grid import Cell
from importers.table import ColumnFacts, Header
from importers.texts import fold

CARD_PAYMENT = "card payment"
PAYMENT = "payment"
TRANSFER = "transfer"
REVERSAL = "reversal"

_CARD_PAYMENT = re.compile(
    r"\b(?:payment (?:received|thank ?you|- ?thank|by direct debit|to card|from bank)|payment[-, ]+thank|"
    r"thank ?you for your payment|auto ?pay(?:ment)?\b|direct debit (?:payment|received)|balance transfer|"
    r"(?:credit )?card (?:re)?payment|(?:online|web|mobile|phone|telephone|internet) payment|statement payment|"
    r"lastschrift(?:einzug|zahlung)|zahlungseingang|zahlung erhalten|ihre zahlung|einzahlung|"
    r"prélèvement automatique|votre paiement|paiement reçu|règlement reçu|pago recibido|su pago|abono recibo|"
    r"pagamento ricevuto|addebito diretto|betaling ontvangen|automatische incasso|pagamento recebido|pagamento fatura|"
    r"wpłata|inbetalning|indbetaling)",
    re.IGNORECASE,
)
_TRANSFER = re.compile(
    r"\b(?:(?:internal|inter[- ]?account|own account|online|funds?|bank) transfer\b|"
    r"(?:transfer|tfr|trf|sweep) (?:to|from) (?:own|savings|current|deposit|reserve|checking|money market|"
    r"account|acct)|"
    r"umbuchung|kontoübertrag|eigenübertrag|virement interne|traspaso (?:interno|entre cuentas)|giroconto|"
    r"interne overboeking|transferência interna)",
    re.IGNORECASE,
)
_REVERSAL = re.compile(
    r"\b(?:revers(?:al|ed|ing)|storno|stornierung|stornobuchung|contre-?passation|extourne|annul(?:ation|lation|é)|"
    r"voided?|cancelled posting|anulaci[oó]n|storn[io]|tegenboeking|estorno)\b",
    re.IGNORECASE,
)
#: Kinds of document as a column of a vendor ledger names them.
_PAYMENT_KIND = re.compile(
    r"(?:(?:bill|vendor|supplier|ap|outgoing|purchase)[ -]*)?(?:payments?|pmts?|pymt)(?:\s*\(.*\)|\s+run|\s*-.*)?|"
    r"(?:bill )?check|cheque|che?que payment|bacs(?: payment)?|bank payment|payment on account|zahlung(?:sausgang)?|"
    r"ausgangszahlung|paiements?|règlement|pago|pagamento|betaling|utbetalning|pp|pa|kz|zp|pyt",
    re.IGNORECASE,
)
_INVOICE_KIND = re.compile(
    r".*(?:invoice|bill|credit|rechnung|gutschrift|facture|avoir|factura|fattura|factuur|faktura|fatura|purchase|expense).*|"
    r"pi|pc|kr|kg|re|rn|vi|inv|crn|std|standard|debit memo",
    re.IGNORECASE,
)


def payment_kind(text: str) -> bool:
    """Whether a kind of document is the payment of a bill."""
    return bool(_PAYMENT_KIND.fullmatch(fold(text)))


def kind_column(header: Header, facts: Sequence[ColumnFacts]) -> int | None:
    """The column that says of each line whether it is a bill or its payment, where both stand in it; else None."""
    for column, match in enumerate(header.matches):
        if match.get("_type", 0.0) < 0.5:
            continue
        texts = list(facts[column].texts)
        paid = [text for text in texts if payment_kind(text)]
        billed = [text for text in texts if _INVOICE_KIND.fullmatch(text) and not payment_kind(text)]
        if paid and billed:
            return column
    return None


def of_words(described: str) -> str | None:
    """Why a line whose words are these and whose amount is negative is no spend; None when it is a credit."""
    if _CARD_PAYMENT.search(described):
        return CARD_PAYMENT
    return TRANSFER if _TRANSFER.search(described) else None


def is_transfer(described: str) -> bool:
    """Whether the words are those of money moved between own accounts, whatever its sign."""
    return bool(_TRANSFER.search(described))


@dataclass(frozen=True, slots=True)
class Posting:
    """What a pair of postings is told by: the row's place, who and what its words are, and its amount."""

    index: int
    supplier: str
    described: str
    amount: Decimal


def reversed_pairs(postings: Iterable[Posting]) -> frozenset[int]:
    """Rows that take back another row of the same supplier and amount, and the rows they take back.

    A row that says it is a reversal and finds no such other row stays the credit it is.
    """
    said: list[Posting] = []
    others: dict[tuple[str, Decimal], list[int]] = defaultdict(list)
    for posting in postings:
        if posting.amount and _REVERSAL.search(posting.described):
            said.append(posting)
        else:
            others[(_bare(posting.supplier), posting.amount)].append(posting.index)
    taken: set[int] = set()
    for posting in said:
        found = others.get((_bare(posting.supplier), -posting.amount))
        if found:
            taken |= {posting.index, found.pop()}
    return frozenset(taken)


def says_reversal(value: Cell) -> bool:
    """Whether a cell speaks of a posting taken back."""
    return isinstance(value, str) and bool(_REVERSAL.search(value))


def _bare(supplier: str) -> str:
    return " ".join(_REVERSAL.sub(" ", supplier).casefold().split())
