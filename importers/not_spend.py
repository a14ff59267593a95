"""Lines of a statement or ledger that are no spend: payments to the card, transfers, postings taken back."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from importers.grid import Cell
from importers.table import ColumnFacts, Header
from importers.texts import fold

CARD_PAYMENT = "card payment"
PAYMENT = "payment"
TRANSFER = "transfer"
REVERSAL = "reversal"
DECLINED = "declined"
OTHER_ACCOUNT = "other account"
SALE = "sale"
TOTAL = "total"

_CARD_PAYMENT = re.compile(
    r"\b(?:(?:mobile|online|autopay|web|phone|ach|electronic|internet) p(?:ayment|aymt|ymt|mt)s?\b|"
    r"payment (?:received|thank ?you|- ?thank|by direct debit|to card|from bank)|payment[-, ]+thank|"
    r"thank ?you for your payment|auto ?pay(?:ment)?\b|direct debit (?:payment|received)|balance transfer|"
    r"(?:credit )?card (?:re)?payment|(?:online|web|mobile|phone|telephone|internet) payment|statement payment|"
    r"lastschrift(?:einzug|zahlung)|zahlungseingang|zahlung erhalten|ihre zahlung|einzahlung|"
    r"prélèvement automatique|votre paiement|paiement reçu|règlement reçu|pago recibido|su pago|abono recibo|"
    r"pagamento ricevuto|addebito diretto|betaling ontvangen|automatische incasso|pagamento recebido|pagamento fatura|"
    r"wpłata|inbetalning|innbetaling|indbetaling|suoritus\b|betalning mottagen|kredi kart[ıi] [öo]demesi)|"
    r"信用卡还款|还款",
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
#: The same said of a bill alone: banks call purchases so, and payments of bills, no bank has invoices.
_INVOICED: Final = re.compile(
    r".*\b(?:invoices?|bill|\w*rechnung|facture|factura|fattura|factuur|faktura|fatura|lasku)\b.*|"
    r"inv|vi|pi|kr|re|rn|si|sin",
    re.IGNORECASE,
)
#: A kind with one of these words, and no credit note, is what comes in: of a bank, or of a customer.
_MONEY_IN: Final = re.compile(r"credit|\bsales\b|receivable|customer|debtor|revenue", re.IGNORECASE)

#: Money moved onto a card or wallet, as a column of kinds names it; and what its charges are called there.
_LOAD_KIND = re.compile(
    r"(?:(?:wallet|account|card|balance|bank|company)[ _-]*)?(?:top[ _-]?ups?|loads?|loading|funding|deposits?|"
    r"collection|add(?:ed)? (?:funds|money)|(?:funds|money) (?:added|loaded)|recharge|"
    r"repayments?|aufladung|guthaben|rechargement|recarga|ricarica|opwaardering|zasilenie)"
    r"(?: of (?:the )?(?:wallet|account|card|balance))?|(?:card|wallet|statement)[ _-]+payments? (?:to|received).*|"
    r"(?:currency[ _-]*)?exchange|(?:internal[ _-]*)?transfer|fx",
    re.IGNORECASE,
)
_CHARGE_KIND = re.compile(
    r".*(?:card|atm|expense|purchase|charge|transaction|reimbursement|mileage|per diem|kauf|achat|compra|acquisto).*",
    re.IGNORECASE,
)
#: Of these the words that mean nothing else: *transfer* and *deposit* say how, too.
_TOPPED_UP = re.compile(
    r"(?:(?:wallet|account|card|balance)[ _-]*)?top[ _-]?ups?|add(?:ed)? (?:funds|money)|"
    r"(?:funds|money) (?:added|loaded)|aufladung|rechargement|recarga|ricarica|opwaardering|zasilenie",
    re.IGNORECASE,
)
#: A heading of how something was paid.
_METHOD = re.compile(
    r"method|\bmeans\b|instrument|zahl(?:ungs)?(?:art|weise|mittel)|mode de (?:paiement|r[eè]glement)|"
    r"moyen de paiement|(?:m[eé]todo|forma|medio|meio) de pag|(?:metodo|modalit[aà]) di pag|"
    r"betaal(?:wijze|methode)|betal(?:ings)?m[aåe]t|betalningss[aä]tt|maksutapa|支付方式|支払方法|结算方式",
    re.IGNORECASE,
)
#: Money moved between one's own pockets, as household books and wallets name it.
_NEITHER_SIDE = re.compile("不计收支|中性交易|振替")
_DECLINED = re.compile(
    r"(?:declined|rejected|failed|void(?:ed)?|cancell?ed|reverted|refused|expired|"
    r"authori[sz]ation (?:reversed|expired)|"
    r"not charged|abandoned|deleted|withdrawn|gelöscht|supprimée?s?|eliminad[oa]|eliminat[oa]|excluíd[oa]|verwijderd|"
    r"makulerad|makulert|slettet|mitätöity|usunięt[aey]|smazán[oa]?|silindi|удал[её]н[ао]?|видален[ао]?|abgelehnt|"
    r"storniert|fehlgeschlagen|(?:refus|annul)ée?s?|rechazad[oa]|anulad[oa]|rifiutat[oa]|"
    r"geweigerd|drafts?|entwurf|brouillons?|borrador|bozza|rascunho|utkast|kladde|luonnos|annullat[oa]|avbruten|"
    r"geannuleerd|recusad[oa]|cancelad[oa]|negad[oa]|denegad[oa]|odrzucon[aey]|anulowan[aey]|nieudan[aey]|"
    r"zamítnut[áéý]|zamietnut[áéý]|zrušen[áéýao]|elutasítva|elutasított|sikertelen|törölt|respins[ăa]?|anulat[ăa]?|"
    r"e[sș]uat[ăa]?|odbijen[ao]?|otkazan[ao]?|poništen[ao]?|zavrnjen[ao]?|preklican[ao]?|atmest[ai]s?|atšaukt[ai]s?|"
    r"noraidīts|atcelts|hylätty|peruttu|afvist|annulleret|avvisad|nekad|annullerad|avvist|kansellert|iptal(?: edildi)?|"
    r"reddedildi|başarısız|gagal|dibatalkan|ditolak|thất bại|đã h[ủu][ỷy]|từ chối|отклонен[ао]?|отмен[её]н[ао]?|"
    r"аннулирован[ао]?|неуспешн\w+|не выполнен[ао]?|відхилен[ао]?|скасован[ао]?|отказан[ао]?|απορρίφθηκε|ακυρώθηκε|"
    r"ακυρωμένη|ανεπιτυχής|בוטלה?|נדחתה|נדחה|נכשלה?|סורבה?|ملغ[يىا]ة?|ملغاة|مرفوضة?|فشلت?|فاشلة|ناموفق|لغو شده|رد شده|"
    r"ยกเลิก|ไม่สำเร็จ|ล้มเหลว|취소됨?|승인취소|취소완료|거절|승인거절|실패|交易关闭|已关闭|已?作废|已?作廢|无效|無効|무효|已退回|已撤销|已取消|取消済?み?|支付失败|交易失败|"
    r"失败|失敗|已失效|キャンセル(?:済み?)?|不成立|გაუქმებული|უარყოფილი)",
    re.IGNORECASE,
)
#: States of a line taken back, which may be the line that takes it back: 취소, *cancelled* beside a negative amount.
_TAKEN_BACK = re.compile(r"취소\w*|승인취소|取消\w*|キャンセル\w*|iptal.*|בוטלה?", re.IGNORECASE)
_CREDIT_KIND = re.compile(
    r"(?:(?:purchase|supplier|vendor|bill|ap)[ -]*)?credits?(?:[ -]*(?:notes?|memos?))?|cr|crn|cn|pc|kg|gutschrift|"
    r"avoir|"
    r"nota de (?:crédito|abono)|nota di credito|credit ?nota|kredit ?nota|accpaycredit|rechnungskorrektur|abono|"
    r"kreditt?(?:faktura|nota|note)|(?:faktura )?koryguj[ąa]ca|(?:faktura )?korekt(?:a|ura)|dobropis|"
    r"jóváíró(?: számla)?|hyvityslasku|creditfactuur|"
    r"factura (?:rectificativa|de abono)|note de crédit|facture d'avoir|not[ăa] de credit|"
    r"factur[ăa] storno|nota de cr[eé]dito fiscal|stornorechnung|gutschriftsanzeige",
    re.IGNORECASE,
)


#: Words of a text that say its line is a credit or paid in, where no amount of the sheet carries a minus. A refund is
#: not among them: public bodies pay refunds out, and employees are refunded what they spent.
_MONEY_BACK = re.compile(
    r"\b(?:credit (?:note|memo)|gutschrift|note de crédit|facture d'avoir|nota de crédito|nota di credito|"
    r"creditnota|kreditnota)\b|退货|退款|还款|返金",
    re.IGNORECASE,
)
_ADVANCE = re.compile(
    r"(?:less:?\s*)?(?:(?:cash|company|travel|salary)\s+)?advances?\b.*|(?:abzüglich\s+)?vorschuss\b.*|"
    r"(?:moins\s+)?avance\b.*|(?:less:?\s*)?(?:already )?paid by (?:the )?company\b.*|anticipo\b.*",
    re.IGNORECASE,
)


#: The same where the money goes out, when its words name the other account as one's own.
_OWN_ACCOUNT = re.compile(
    r"\b(?:transfer|tfr|trf|sweep) (?:to|into) (?:my |our )?(?:own|savings?|deposit|reserve|money market)\b"
    r"(?: (?:account|acct|a/c)\b|$)|\bto (?:my |our )?(?:own|savings?) account\b|"
    r"\b(?:eigenübertrag|kontoübertrag|internal transfer|own account transfer)\b|"
    r"\bumbuchung (?:auf|vom|zum) (?:tagesgeld|spar|eigen|geldmarkt)|\bvirement interne\b|"
    r"\btraspaso (?:interno|entre cuentas)\b|\binterne overboeking\b|\btransferência interna\b|"
    r"\b(?:överför(?:ing|t)|overfør(?:ing|sel|t)) (?:till?) (?:egen|eget|egne|opsparing|spar(?:e|ing)?konto|sparing)|"
    r"\bsiirto (?:omalle|säästötilille)",
    re.IGNORECASE,
)


#: What statements call money moved to or from a space of one's own, as a kind or sort of line and nothing else.
_OWN_SPACES = frozenset(
    (
        "pot transfer|space transfer|vault transfer|savings transfer|saving|savings|to savings|transfer to savings|"
        "transfer from savings|internal transfer|internal account transfer|own transfer|own account transfer|"
        "between own accounts|umbuchung|sparen|épargne|virement interne|ahorro|traspaso interno|risparmio|giroconto|"
        "sparande|opsparing|sparing|spaarrekening|poupança|oszczędności|spoření"
    ).split("|")
)


def moved(row: Sequence[Cell], kind: Cell, *, statement: bool) -> bool:
    """Whether a line's kind, or on a statement any cell of it, says that money was moved between one's own pockets."""
    if isinstance(kind, str) and exchange_kind(kind):
        return True
    return statement and any(isinstance(cell, str) and fold(cell).casefold() in _OWN_SPACES for cell in row)


def own_account(text: str) -> bool:
    """Whether the words of money that went out say that it went to another account of one's own."""
    return bool(_OWN_ACCOUNT.search(fold(text)))


def advance(text: str) -> bool:
    """Whether a row takes off what was paid beforehand (``Less: cash advance``)."""
    return bool(_ADVANCE.fullmatch(fold(text)))


def declined(text: str) -> bool:
    """Whether a state says that nothing was charged."""
    return bool(_DECLINED.fullmatch(fold(text)))


def taken_back(text: str) -> bool:
    """Whether a state says that a line was taken back, or takes one back itself where its amount is a credit."""
    return bool(_TAKEN_BACK.fullmatch(fold(text)))


def credit_kind(text: str) -> bool:
    """Whether a kind of document is a credit note."""
    return bool(_CREDIT_KIND.fullmatch(fold(text)))


def money_back(text: str) -> bool:
    """Whether a text says that its line is a credit note, goods returned or a payment in."""
    return bool(_MONEY_BACK.search(fold(text)))


def bill_kind(text: str) -> bool:
    """Whether a kind of document is a bill; a bank's *direct credit* and an invoice of ours are money in."""
    if payment_kind(text) or credit_kind(text) or _MONEY_IN.search(text):
        return False
    return bool(_INVOICE_KIND.fullmatch(text))


def invoice_kind(text: str) -> bool:
    """Whether a kind of document is what a supplier sends and calls a bill, as no bank does."""
    return bool(_INVOICED.fullmatch(fold(text))) and not payment_kind(text) and not credit_kind(text)


def payment_kind(text: str) -> bool:
    """Whether a kind of document is the payment of a bill."""
    return bool(_PAYMENT_KIND.fullmatch(fold(text)))


def load_kind(text: str) -> bool:
    """Whether a kind of line moves money onto a card or wallet, or between own accounts."""
    return bool(_LOAD_KIND.fullmatch(fold(text)))


def exchange_kind(text: str) -> bool:
    """Whether a kind of line changes one currency into another or is on neither side: no cost in either direction."""
    plain = fold(text)
    return bool(re.fullmatch(r"(?:currency[ _-]*)?exchange|fx|/", plain, re.IGNORECASE)) or bool(
        _NEITHER_SIDE.fullmatch(plain)
    )


def telling_columns(header: Header, facts: Sequence[ColumnFacts]) -> dict[str, int]:
    """Columns that say of each line what it is: bill or payment, charged or declined, invoice or credit note.

    Keys ``kind_column``, ``state_column`` and ``credit_kind``; each only where both sorts stand in the column, or lines
    on neither side beside others.
    """
    found: dict[str, int] = {}
    most = max((fact.numeric for fact in facts), default=0)
    for column, match in enumerate(header.matches):
        texts = list(facts[column].texts)
        if match.get("_type", 0.0) < 0.5:
            few = 2 <= len(texts) <= 8 and not match and sum(facts[column].texts.values()) >= 0.8 * most
            if few and any(map(declined, texts)) and not all(map(declined, texts)):
                found.setdefault("state_column", column)  # a state, whatever it is called
            kinds = 2 <= len(texts) <= 8 and sum(facts[column].texts.values()) >= 2 * len(texts)
            if kinds and any(map(_TOPPED_UP.fullmatch, texts)) and any(map(_CHARGE_KIND.fullmatch, texts)):
                found.setdefault("kind_column", column)  # few words that come again and again: kinds of lines
            if kinds and not match and any(map(credit_kind, texts)) and any(map(bill_kind, texts)):
                found.setdefault("credit_kind", column)
            continue
        paid = [text for text in texts if payment_kind(text)]
        loaded = [text for text in texts if load_kind(text)]
        charged = [text for text in texts if _CHARGE_KIND.fullmatch(text) and text not in loaded]
        lost = [text for text in texts if declined(text)]
        credit = [text for text in texts if credit_kind(text)]
        billed = [text for text in texts if bill_kind(text)]
        if _METHOD.search(header.headings[column]):
            continue  # paid by card or by transfer: how, not what
        if (paid and billed) or (loaded and charged):
            found.setdefault("kind_column", column)
        if any(_NEITHER_SIDE.fullmatch(text) for text in texts) and len(texts) > 1:
            found.setdefault("kind_column", column)
        if lost and (len(lost) < len(texts) or facts[column].filled < most):
            found.setdefault("state_column", column)
        if credit and billed:
            found.setdefault("credit_kind", column)
    return found


def of_kind(kind: Cell) -> str | None:
    """Why a line of this kind whose amount is negative is no spend; None for any other."""
    if not isinstance(kind, str):
        return None
    return TRANSFER if load_kind(kind) else PAYMENT if payment_kind(kind) else None


def of_words(described: str) -> str | None:
    """Why a line whose words are these and whose amount is negative is no spend; None when it is a credit."""
    if _CARD_PAYMENT.search(described):
        return CARD_PAYMENT
    return TRANSFER if _TRANSFER.search(described) else None


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
