"""Header words: how a heading is folded, and how sure a phrase of the vocabulary names it."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from importers.texts import fold
from mopsaudit.money import CURRENCIES

_CAMEL = re.compile(
    r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ][a-zà-ÿ])|(?<=[A-Z])(?=[A-Z][a-z]{2,})|(?<=[a-zà-ÿ]{2})(?=[A-Z]{2,}\b)"
)
#: Han, kana and the parts of Hangul: scripts that set no space between the words of a heading.
_HAN = re.compile("[\\u3400-\\u9fff\\u3040-\\u30ff\\u1100-\\u11ff]+")
_NOT_WORD = re.compile(r"[\W_]+")
#: Letters that no decomposition turns into their plain ones.
_PLAIN_LETTERS = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe"}
)
_STOP = frozenset(
    ("the", "of", "in", "a", "de", "la", "le", "der", "die", "das", "del", "du", "des", "and", "&", "s")
)
_NOISE = frozenset(
    (
        "required",
        "optional",
        "read",
        "only",
        "upload",
        "utc",
        "gmt",
        "k",
        "mandatory",
        "000",
        "000s",
        *"円元圓원",
    )
)

#: Short forms and spellings that mean the same word; phrases and headings both pass through it.
_SAME = {
    "amt": "amount",
    "amnt": "amount",
    "ctr": "centre",
    "center": "centre",
    "cntr": "centre",
    "acct": "account",
    "acc": "account",
    "nr": "number",
    "num": "number",
    "no": "number",
    "nbr": "number",
    "qty": "quantity",
    "inv": "invoice",
    "desc": "description",
    "descr": "description",
    "ref": "reference",
    "dt": "date",
    "cur": "currency",
    "curr": "currency",
    "ccy": "currency",
    "crcy": "currency",
    "dept": "department",
    "trans": "transaction",
    "txn": "transaction",
    "tx": "transaction",
    "chk": "check",
    "trx": "transaction",
    "tran": "transaction",
    "pmt": "payment",
    "pymt": "payment",
    "supp": "supplier",
    "vend": "vendor",
    "license": "licence",
    "licenses": "licences",
    "organization": "organisation",
    "organizational": "organisational",
    "program": "programme",
    "val": "value",
    **dict.fromkeys("excluding excludes excluded exclusive exc ex".split(), "excl"),
    **dict.fromkeys("including includes included inclusive inc".split(), "incl"),
}

#: Field → its phrases with a weight (1 = says it outright). Names starting with ``_`` soak up what is no field.
Vocabulary = Mapping[str, tuple[tuple[str, float], ...]]


@lru_cache(maxsize=50_000)
def heading_words(text: str) -> tuple[str, ...]:
    """The words of a heading in any script: camel case split, accents and punctuation gone, currencies and fillers dropped."""
    plain = fold(text)[:120]
    spaced = _CAMEL.sub(" ", plain) if not plain.isupper() else plain
    folded = spaced.casefold().translate(_PLAIN_LETTERS).replace("%", " percent ")
    if not folded.isascii():
        folded = "".join(
            sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign)
        )
    folded = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", folded)
    folded = re.sub(r"(?<=[a-z])\s*#\s*$", " number", folded)
    words = [word for word in _NOT_WORD.split(folded) if word]
    kept = [
        word
        for at, word in enumerate(words)
        if word not in _STOP
        and (word not in _NOISE or (at == 0 and word == "required"))
        and not (len(word) == 3 and word.upper() in CURRENCIES and word not in ("all", "top"))
    ]
    return tuple(_SAME.get(word, word) for word in kept or words)


def _distance(one: str, two: str, most: int) -> int:
    """Edits (insert, delete, replace, swap) from one word to the other, or ``most + 1`` when there are more."""
    if abs(len(one) - len(two)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, left in enumerate(one, start=1):
        older, before = before, row
        row = [i]
        for j, right in enumerate(two, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == two[j - 2] and one[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _slips(heading: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """Whether words that stand side by side differ as slips of the pen do: ``id`` is no slip of ``end``."""
    if len(heading) != len(phrase):
        return min(map(len, (*heading, *phrase))) > 2  # *part id* is no slip of *partida*
    if len(heading) == 1:
        return True
    return all(
        one == two
        or (one[0] == two[0] and _distance(one, two, 2) <= (2 if min(len(one), len(two)) >= 7 else 1))
        for one, two in zip(heading, phrase, strict=True)
    )


#: What a phrase counts that a heading may be a slip of the pen of.
_SLIP: Final = 0.88


@lru_cache(maxsize=200_000)
def phrase_score(heading: tuple[str, ...], phrase: tuple[str, ...]) -> float:
    """0–1: how well the words of a heading say the phrase."""
    if not heading or not phrase:
        return 0.0
    if heading == phrase:
        return 1.0
    if phrase == ("on",):
        return 0.0  # what is left of *Read on* says nothing of *Resets on*
    one, two = "".join(heading), "".join(phrase)
    if one == two:
        return 0.98
    if len(heading) == len(phrase) and sorted(heading) == sorted(phrase):
        return 0.96
    length = min(len(one), len(two))
    most = 2 if length >= 9 else 1 if length >= 5 else 0
    if most and one[0] == two[0] and _distance(one, two, most) <= most and _slips(heading, phrase):
        return _SLIP
    if len(two) > 1 and one != two and one.endswith(two) and _HAN.fullmatch(two):
        # Words are not set apart there, and what a heading names stands last.
        return 0.6 + 0.3 * len(two) / len(one)
    size = len(phrase)
    for start in range(len(heading) - size + 1):
        if heading[start : start + size] == phrase:
            share = len(two) / len(one)
            return 0.6 + 0.25 * share + (0.03 if start + size == len(heading) else 0.0)
    if size > 1 and set(phrase) <= set(heading):
        return 0.5 + 0.25 * len(two) / len(one)
    if size == 1 and len(two) >= 6:
        for word in heading:
            if len(word) >= 6 and word[0] == two[0] and _distance(word, two, 1) <= 1:
                return 0.5 + 0.2 * len(word) / len(one)
    return 0.0


#: What a heading ends in when it is of something else than the words before it: a vendor status is no vendor.
HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "status": ("status",),
    "identifiant": ("id", "user_id", "employee_id"),
    "tier": ("sku", "licence", "types"),
    "item": ("line", "description", "tool", "sku"),
    "count": ("used", "active_count", "_assigned_count", "seats", "quantity"),
    "type": (
        "types",
        "licence",
        "licence_metric",
        "account_kind",
        "kind",
        "version",
        "end_kind",
        "category",
        "metric",
    ),
    "seats": (
        "seats",
        "quantity",
        "minimum",
        "pack_size",
        "licence",
        "assigned",
        "_assigned_count",
        "active_count",
    ),
    "licences": ("seats", "quantity", "minimum", "licence", "assigned", "_assigned_count", "active_count"),
    "category": ("category", "types", "description", "gl_account", "programme", "feature", "_soak"),
    "classification": ("category", "types", "description", "_soak"),
    "label": (),
    "key": ("id", "_soak"),
    "flag": (),
    "rotated": (),
    "ownership": (),
    "percent": (),
    "changed": (),
    "modified": (),
    "updated": (),
    "region": ("unit",),
    "agency": ("unit", "entity", "vendor"),
    "authority": ("unit", "entity", "vendor"),
    "department": ("unit", "department", "entity"),
    "division": ("unit", "department", "entity"),
    "directorate": ("unit", "department", "entity"),
    "pdf": (),
    "administrator": ("owner", "manager"),
    "manager": ("owner", "manager", "_soak"),
    "officer": ("owner", "manager"),
    "url": (),
    "link": (),
    "email": (),
    "phone": (),
    "address": (),
    "org": ("unit", "department"),
    "title": ("title", "reference", "tool", "description", "metric", "case", "feature", "_soak"),
    "id": (
        "id",
        "user_id",
        "employee_id",
        "user_email",
        "email",
        "_username",
        "reference",
        "order_number",
        "sku",
        "case",
        "cost_centre",
        "gl_account",
        "programme",
        "unit",
        "_soak",
    ),
    "ip": (),
    "rate": ("rate", "_unit_price", "unit_price", "escalator"),
    "yomi": (),
    "kana": (),
    "furigana": (),
}
#: Whose name a heading that ends in *name* gives, where that is nobody's and no tool's: *Admin Level Name*.
_OWNERS: Final = frozenset(
    "group level role profile team department manager supervisor location country region city workspace project".split()
)
#: Whose id names a person's account or a record; an environment's does not.
_WHO: Final = frozenset(
    "user employee person staff worker member agent contact account login unique external internal sso saml hr".split()
)
#: Fields that a count of pieces can be; an *outstanding quantity* is no money.
_COUNTED: Final = frozenset(
    "quantity seats minimum pack_size used active_count _quantity _units _assigned_count bought expired".split()
)
#: Words that turn what a heading counts or costs into something else: wasted licences are not those that were bought.
TURNING: Final = frozenset(
    (
        "wasted waste unused idle unassigned inactive available free saved saving savings potential avoided previous prior "
        "former old expired lost recoverable reclaimable used assigned consumed use installed deployed low high lower upper min"
    ).split()
)
#: What was bought of something, which those who are active say nothing of.
_OWNED: Final = frozenset(("seats", "quantity"))
#: What somebody holds, which what they ought to have says nothing of.
_HOLDS: Final = frozenset(("licence", "seats", "quantity", "assigned"))
_WANTING: Final = frozenset("required missing needed requested recommended".split())
#: Who somebody is, which how often and since when they did something says nothing of.
_PEOPLE: Final = frozenset(("user_id", "user_name", "user_email", "_username", "employee_id"))
_COUNTS: Final = frozenset("since days count counts total failed failures attempts number_of".split())
#: Whose address it is that a roster keeps beside the one at work.
_MAILS: Final = frozenset(("email", "user_email"))
PRIVATE: Final = frozenset(
    (
        "private privat privee prive privada privado privata privato personal personnel personnelle personale "
        "personlich particular home secondary recovery alternate alternative emergency"
    ).split()
)
_LESS: Final = 0.55
#: What a heading of money ends in, which is no number and no name of anything: *Annualized contract value*.
_MONEY_HEADS: Final = frozenset("value cost price fee spend".split())
_NAMED: Final = frozenset("reference tool vendor supplier sku owner unit status entity".split())


class Words:
    """A vocabulary made ready for matching; ``labels`` (field → label) are phrases of full weight beside it.

    ``dated`` are its fields that are dates. Where it is given, a phrase that is only part of a heading counts for less
    when the heading ends in what is no such thing (:data:`HEADS`, a date for what is none) or turns it
    (:data:`TURNING`).
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        labels: Mapping[str, str] | None = None,
        dated: frozenset[str] | None = None,
    ) -> None:
        self._dated = dated
        self._phrases: list[tuple[str, tuple[str, ...], frozenset[str], int, float]] = []
        for field, phrases in vocabulary.items():
            for phrase, weight in phrases:
                said = heading_words(phrase)
                self._phrases.append((field, said, frozenset(said), len("".join(said)), weight))
        for field, label in (labels or {}).items():  # what our own templates print
            said = heading_words(label)
            self._phrases.append((field, said, frozenset(said), len("".join(said)), 1.0))
        self._cache: dict[str, dict[str, float]] = {}

    def words_of(self, field: str) -> frozenset[str]:
        """Every word of every phrase a field is called by."""
        return frozenset(word for name, _, parts, _, _ in self._phrases if name == field for word in parts)

    def fields(self, heading: str) -> dict[str, float]:
        """Field → score of every field the heading may name (at least 0.5)."""
        known = self._cache.get(heading)
        if known is not None:
            return known
        words = heading_words(heading)
        result: dict[str, float] = {}
        exact: dict[str, float] = {}
        slips: dict[str, bool] = {}
        if words and len(fold(heading)) <= 120:
            said = frozenset(words)
            size = len("".join(words))
            longest = max(map(len, words))
            latin, begin = all(word.isascii() for word in words), {word[0] for word in words}
            for field, phrase, parts, length, weight in self._phrases:
                # Nothing in common, too unlike in length to be a slip of the pen, and no long word to be misspelt.
                far = said.isdisjoint(parts) and abs(size - length) > 2 and (len(phrase) > 1 or longest < 6)
                if far and (latin or phrase[0].isascii()):
                    continue
                if latin and phrase[0][0] not in begin and said.isdisjoint(parts):
                    continue  # a slip of the pen, or of one of its words, begins alike
                if words == phrase:
                    exact[field] = max(weight, exact.get(field, 0.0))
                score = (said_by := phrase_score(words, phrase)) * weight
                if score >= 0.5 and self._of_another(field, words, parts):
                    score *= _LESS
                if score >= 0.5 and score > result.get(field, 0.0):
                    result[field] = score
                    slips[field] = said_by == _SLIP
        # What is listed as a whole weighs what the list says, whatever part of it says more: a due date is no date.
        if (
            exact and self._dated is not None
        ):  # nor is it a slip of another: a contract name is no contact name
            result = {field: score for field, score in result.items() if not slips[field]}
        result.update(exact)
        if len(self._cache) < 20_000:
            self._cache[heading] = result
        return result

    def _of_another(self, field: str, words: tuple[str, ...], parts: frozenset[str]) -> bool:
        """Whether a heading that is more than the phrase speaks of something else than its field."""
        if self._dated is None or len(words) < 2:
            return False
        head = words[-1] if words[0] not in ("type", "tipo") else "type"  # *type de contrat*
        if head in _MONEY_HEADS and field in _NAMED and not parts & _MONEY_HEADS:
            return True
        if field in _PEOPLE and not _COUNTS.isdisjoint(words) and _COUNTS.isdisjoint(parts):
            return True
        if words[0] == "last" and "last" not in parts and field not in self._dated:
            return True
        if head == "name" and words[-2] in _OWNERS and not _OWNERS & parts:
            return True
        if head == "id" and parts == {"id"} and not _WHO & set(words):
            return True
        if "quantity" in words and "quantity" not in parts and field not in _COUNTED:
            return True
        if head not in parts and (
            field not in HEADS.get(head, (field,)) or (head == "date" and field not in self._dated)
        ):
            return True
        if field in _MAILS and not PRIVATE.isdisjoint(words) and PRIVATE.isdisjoint(parts):
            return True
        if field in _HOLDS and not _WANTING.isdisjoint(words) and _WANTING.isdisjoint(parts):
            return True
        if field in _OWNED and "active" in words and "active" not in parts:
            return True  # who is active is not all who may be
        return any(word in TURNING and word not in parts for word in words)


def vocabulary(text: str) -> dict[str, tuple[tuple[str, float], ...]]:
    """A vocabulary of lines ``field: phrase | phrase*0.8 | …`` (a weight after an asterisk, 1 without)."""
    result: dict[str, list[tuple[str, float]]] = {}
    for line in text.strip().splitlines():
        field, _, phrases = line.partition(":")
        for phrase in phrases.split("|"):
            words, _, weight = phrase.strip().partition("*")
            if words:
                result.setdefault(field.strip(), []).append((words.strip(), float(weight or 1)))
    return {field: tuple(phrases) for field, phrases in result.items()}


SPEND = vocabulary(
    """
date: invoice date | paid on*0.97 | invoiced on*0.97 | posted on*0.96 | booked on*0.95 | payed on*0.9 | date invoice*0.98 | payment date*0.97 | date paid*0.97 | paid date*0.97 | pay date*0.97 | date payment*0.97 | posting date*0.97 | date posted*0.96 | posted*0.9 | post date*0.96 | transaction date*0.98 | trans date*0.97 | date | invoice dt*0.95 | document date*0.96 | doc date*0.95 | gl date*0.95 | accounting date*0.95 | effective date*0.85 | cleared date*0.85 | clearing date*0.82 | entry date*0.88 | purchase date*0.95 | expense date*0.97 | charge date*0.95 | booking date*0.95 | journal date*0.95 | voucher date*0.95 | bill date*0.96 | payment run date*0.9 | value date*0.85 | due date*0.55 | created date*0.6 | datum | rechnungsdatum | buchungsdatum*0.98 | belegdatum*0.97 | valuta*0.7 | date facture | date comptable*0.97 | date de facturation | date paiement*0.95 | fecha | fecha factura | fecha contable*0.97 | data | data fattura | data fatura | factuurdatum | boekdatum*0.97 | fakturadato | fakturadatum | dato | day*0.7 | payment made*0.8 | when*0.6 | invoice received date*0.7 | transaction time*0.96 | transaction date time*0.97 | date transaction | date invoice paid*0.96 | invoice paid date*0.97 | timestamp*0.9 | date time*0.9 | ecriture date*0.97 | date ecriture*0.97 | date piece*0.9 | date document | date emission*0.95 | data emissao | data documento | data emissione*0.95 | data registrazione*0.95 | data lancamento*0.95 | data pagamento*0.93 | fecha emision*0.95 | fecha pago*0.93 | fecha asiento*0.97 | factuur datum | data wystawienia | data faktury | data ksiegowania*0.95 | datum vystaveni*0.95 | datum dokladu | bokforingsdatum*0.98 | fakturadatum | bogforingsdato*0.98 | bilagsdato*0.95 | tositepaiva*0.95 | paivamaara | pvm*0.9 | tarih | fatura tarihi | rechnungs datum | beleg datum*0.97 | buch dat*0.95 | buchungs dat*0.95 | pstng date*0.96 | post dt*0.9 | journal entry date*0.95 | warrant date*0.96 | check date*0.97 | cheque date*0.97 | issue date*0.93 | disbursement date*0.95 | statement date*0.7 | settlement date*0.85 | bank date*0.85 | date cleared*0.85 | date incurred*0.95 | spend date | budget date*0.5 | 日付*0.9 | date completed*0.97 | completed date*0.97 | date started*0.9 | date completed utc*0.97 | authorization date*0.85 | fecha operacion*0.97 | data reg*0.95 | buchungstag*0.97 | dated*0.9 | chk date*0.97 | zahlungsdatum*0.97 | bilagsdato*0.95 | 日付 | 取引日 | 請求日*0.97 | 支払日*0.95 | 計上日*0.97 | 利用日*0.97 | 日期 | 发票日期 | 開票日期 | 记账日期*0.97 | 付款日期*0.95 | 交易日期*0.97 | 일자 | 날짜 | 거래일*0.97 | 거래일자*0.97 | 지급일*0.95 | дата | дата документа | дата платежа*0.95 | дата операции*0.97 | дата рахунку | תאריך | תאריך חשבונית | التاريخ | تاريخ الفاتورة | ημερομηνια | kelt*0.97 | teljesites*0.9 | szamla kelte | data facturii | kaufdatum*0.98 | abrechnungsdatum*0.8 | umsatzdatum*0.97 | transaktionsdatum*0.98 | date achat*0.97 | data operacji*0.97 | islem tarihi*0.97 | ngay*0.97 | ngay hach toan*0.97 | ngay chung tu*0.97 | tanggal | tanggal transaksi*0.97 | วันที่ | datum isplate*0.97 | datum transakcije*0.97 | datum placila*0.97 | kuupaev | maksekuupaev*0.97 | datums | maksajuma datums*0.97 | datum uhrady*0.97 | datum dorucenia*0.95 | datum platby*0.97 | data umowy*0.9 | data zawarcia*0.9 | дата на плащане*0.97 | дата платежу*0.97 | fecha docto*0.97 | fecha de adjudicacion*0.9 | laskun paiva*0.97 | laskupaiva*0.97 | laskun paivamaara | tositepvm*0.95 | fecha valor*0.85 | datum faktury | datum zauctovani*0.97 | datum provedeni*0.95 | bokforingsdag*0.97 | kirjauspaiva*0.97 | maksupaiva*0.95 | data operazione*0.97 | data contabile*0.97 | data valuta*0.85 | date comptabilisation*0.97 | date operation*0.97 | data transakcji*0.97 | datum transakce*0.97 | tranzakcio datuma*0.97 | konyveles datuma*0.97 | data operatiunii*0.97 | datum verrichting*0.97 | datum verrekening*0.9 | transactiedatum*0.97 | data movimento*0.97 | bogfort*0.85 | bokfort*0.85 | datum transaktion*0.97 | 交易时间*0.97 | 記帳日*0.95 | дата проводки*0.97 | jour*0.7 | charge period start*0.9 | 交易日*0.95 | 入账日期*0.95 | 交易创建时间*0.9 | 거래일시*0.97 | 입금일시*0.9 | תאריך עסקה | תאריך רכישה*0.97 | תאריך ערך*0.85 | תאריך חיוב*0.8 | תאריך הקנייה*0.95 | تاریخ | تاریخ تراکنش | تاريخ العملية | تاريخ الحركة | تاريخ القيد*0.97 | ngay giao dich | ngay gd | ngay hieu luc*0.85 | ngay hl*0.85 | datum valute*0.9 | datum izvrsenja*0.97 | datum knjizenja*0.97 | датум | датум валуте*0.9 | датум књижења*0.97 | data tranzactiei | data tranzactie | თარიღი | ամսաթիվ | дата операції*0.97 | дата і час операції*0.97 | дата и время операции*0.97 | 이용일자*0.97 | 이용일시*0.97 | 승인일자*0.95 | 승인일시*0.95 | 사용일자*0.97 | 年月日*0.97 | お取引日*0.97 | 取引日時*0.97 | dagsetning | दिनांक | तारीख | তারিখ | tarikh | tarikh transaksi | petsa | completion time*0.95 | fecha documento | fecha del documento | fecha compra*0.97 | fecha de compra*0.97 | data compra*0.97 | data da compra*0.97 | po date*0.9 | zahldatum*0.97 | betaldatum*0.97 | dat betaling*0.95 | fecha de pago*0.95 | f pago*0.93 | f factura*0.95 | rg datum*0.97 | data platnosci*0.96 | data platii*0.96
supplier: supplier*0.985 | seller of record*0.95 | invoice issuer*0.97 | invoice issuer name*0.97 | publisher name*0.86 | counteraccount name*0.95 | counter account name*0.95 | receiver org*0.98 | receiver organisation*0.98 | receiver name*0.98 | receiver*0.9 | winning bidder*0.97 | awardee*0.95 | 契約の相手方*0.97 | 契約相手方*0.97 | 相手方*0.9 | 商号又は名称*0.95 | supplier name | vendor*0.985 | vendor name | payee*0.985 | payee name | paid to | beneficiary | beneficiary name | merchant*0.985 | merchant name | mch merchant name*0.98 | creditor*0.985 | creditor name | supplier description*0.9 | vendor description*0.9 | name of supplier | name of vendor | supplier trading name*0.95 | provider*0.9 | provider name*0.93 | counterparty | counterparty name | trading partner*0.9 | recipient*0.85 | recipient name*0.88 | company name*0.75 | contractor*0.75 | contractor name*0.78 | seller*0.85 | merchant description*0.85 | full name*0.62 | name*0.62 | payment to*0.85 | who*0.5 | beneficiary account name*0.85 | supplier account name*0.9 | lieferant | lieferantenname | kreditor | kreditorenname | name kreditor | zahlungsempfanger | empfanger*0.85 | fournisseur | nom fournisseur | beneficiaire | proveedor | nombre proveedor | acreedor | fornitore | ragione sociale*0.9 | leverancier | crediteur | naam leverancier | fornecedor | leverandor | leverantor | toimittaja | dostawca | dodavatel | business name*0.75 | account name*0.6 | organisation name*0.6 | firm*0.6 | contact*0.86 | contact name*0.9 | name 1*0.9 | vendor name 1 | party name*0.93 | third party*0.85 | kontrahent | nazwa kontrahenta | dostawca nazwa | nazwa dostawcy | sprzedawca*0.9 | nom tiers*0.93 | tiers*0.85 | raison sociale*0.9 | comp aux lib*0.93 | intitule fournisseur | nome fornecedor | favorecido*0.9 | credor*0.95 | razon social*0.9 | nombre tercero*0.9 | nominativo*0.8 | fornitore nome | controparte*0.9 | naam crediteur | begunstigde*0.9 | kreditornavn | leverandornavn | leverantorsnamn | kontakt*0.7 | toimittajan nimi | tedarikci | cari unvan*0.9 | dodavatel nazev | name lieferant | lieferant name | firma*0.75 | merchant descriptor*0.8 | merchant supplier*0.9 | payable to | cheque payee | vendor payee | supplier beneficiary name | common supplier*0.95 | card acceptor*0.8 | 取引先*0.9 | partner*0.85 | partner name*0.93 | partner display name*0.95 | invoice partner display name | ap ar id t*0.95 | apar id t*0.95 | apar name*0.95 | supplier name redacted | relatie naam*0.95 | relatie*0.85 | naam omschrijving*0.93 | begunstigter*0.95 | auftraggeber begunstigter*0.95 | beneficiary customer*0.85 | 仕入先 | 取引先 | 支払先 | 利用先*0.95 | 加盟店*0.95 | 业者*0.9 | 供应商 | 供應商 | 供应商名称 | 收款方*0.95 | 商户*0.95 | 对方户名*0.95 | 거래처 | 거래처명 | 공급업체 | 공급자 | 가맹점*0.95 | поставщик | контрагент*0.98 | получатель*0.93 | постачальник | наименование поставщика | ספק | שם ספק | שם הספק | المورد | اسم المورد | προμηθευτης | furnizor | denumire furnizor | szallito | partner neve*0.93 | leistungserbringer*0.98 | vertragsunternehmen*0.95 | handler*0.85 | commercant | comercio*0.85 | satici | kontrahent nazwa | prejemnik | naziv prejemnika | primatelj | naziv primatelja | dobavljac | naziv dobavljaca | dobavitelj | hankija | tarnija | piegadatajs | tiekejas | gavejas*0.9 | доставчик | изпълнител*0.9 | отримувач | nha cung cap | ten nha cung cap | nguoi nhan*0.9 | pemasok | nama pemasok | rekanan*0.9 | ผู้ขาย | ชื่อผู้ขาย | ผู้รับเงิน*0.95 | 廠商名稱 | 廠商 | 受款人*0.95 | adjudicatario | adjudicatario nombre | contratista*0.9 | nombre emisor | emisor*0.7 | name of party*0.95 | name payee | denominazione fornitore | nazev dodavatele | nazov dodavatela | nome del fornitore | nimi toimittaja*0.97 | naam tegenpartij | tegenpartij*0.95 | tegenrekeninghouder*0.95 | naam tegenrekening*0.95 | handelaar*0.95 | nazev protiuctu*0.95 | nadawca odbiorca*0.95 | odbiorca*0.93 | dane kontrahenta*0.95 | moketojas gavejas*0.95 | sanemejs*0.93 | saaja*0.93 | saaja maksaja*0.95 | saaja maksja nimi*0.95 | mottagare*0.9 | mottaker*0.9 | modtager*0.9 | establecimiento*0.9 | estabelecimento*0.9 | esercente*0.95 | beneficiario*0.93 | contropartita*0.9 | contrepartie*0.9 | begunstigter auftraggeber*0.95 | name zahlungsbeteiligter*0.95 | kedvezmenyezett*0.93 | 交易对方*0.97 | 对方名称*0.95 | お店*0.95 | 支払先名*0.97 | 摘要店名*0.9 | 对手信息*0.93 | 商户名称*0.97 | 对方账户名*0.9 | 收款人*0.93 | namn*0.7 | navn*0.7 | nimi*0.8 | mottakarnamn*0.9 | mottakers navn*0.9 | modtagers navn*0.9 | mottagarens namn*0.9 | שם בית העסק | שם בית עסק | בית עסק*0.95 | שם העסק*0.9 | التاجر*0.95 | اسم التاجر | المستفيد*0.93 | اسم المستفيد*0.95 | فروشنده*0.95 | نام فروشنده | طرف حساب*0.95 | ذینفع*0.93 | პარტნიორი*0.93 | პარტნიორის დასახელება*0.95 | назив примаоца платиоца*0.95 | прималац платилац*0.95 | назив примаоца*0.95 | добављач | назив добављача | platitelj primatelj*0.95 | primatelj platitelj*0.95 | primalac platilac*0.95 | prejemnik placnik*0.95 | don vi thu huong*0.95 | don vi thu huong don vi chuyen*0.95 | nguoi thu huong*0.95 | ten nguoi thu huong*0.95 | наименование контрагента | 가맹점명 | 이용가맹점*0.97 | 이용하신곳*0.97 | 利用先など*0.95 | 利用店名 商品名*0.95 | jmeno protistrany*0.95 | nazev obchodnika*0.9 | nazov protiuctu*0.95 | nazov partnera*0.95 | penerima*0.9 | pembekal | nama pembekal | кореспондент*0.95 | корреспондент*0.95 | გამგზავნის მიმღების დასახელება*0.95 | მიმღების დასახელება*0.95 | მიმღები*0.9 | 利用店名*0.95 | ご利用店名*0.95 | party*0.8 | party name*0.9 | party ledger*0.85 | tercero*0.9 | denominazione*0.75 | creancier*0.95 | nom creancier | remit to name*0.9 | contrahent*0.95 | creditore*0.95 | fordernehmer*0.95 | forderungsnehmer*0.95 | zuwendungsempfanger*0.97 | wystawca*0.95 | service provider*0.95 | name of party*0.95 | adjudicatarios*0.95 | adjudicatario*0.95 | nazev subjektu*0.9
amount: amount | contract cost*0.9 | contract sum*0.8 | tender sum*0.8 | award amount*0.8 | awarded amount*0.8 | expended*0.88 | amount expended | 매입액 | 매입금액 | 구매금액*0.95 | 仕入金額 | 采购金额 | amount paid | federal action obligation | action obligation | obligated amount*0.95 | obligation amount*0.95 | outlay amount*0.95 | amount cc currency*0.99 | amount company code currency*0.99 | amount in company code currency*0.99 | paid amount | payment amount | invoice amount*0.975 | transaction amount | fin transaction amount | line amount | line value | line total | amount in local currency*0.99 | local amount*0.97 | lc amount*0.97 | base amount*0.97 | amount base currency*0.97 | functional amount*0.97 | billing amount*0.98 | billing gross amount*0.98 | billing net amount*0.98 | billing value*0.97 | gross billing amount*0.98 | settlement amount*0.97 | amount lcy*0.99 | base currency amount*0.97 | billed amount*0.98 | settled amount*0.97 | posted amount*0.98 | posting amount*0.98 | accounted amount*0.98 | home amount*0.95 | reporting amount*0.9 | value | spend | spend amount | actual*0.85 | actuals*0.85 | actual amount*0.92 | cost*0.9 | total cost*0.9 | total*0.8 | total amount*0.92 | total value*0.9 | total spend*0.9 | invoice total*0.88 | invoice value*0.95 | expenditure*0.8 | expense amount*0.97 | expenditure amount*0.97 | charge*0.75 | charges*0.75 | charge amount*0.95 | price*0.6 | amt | amnt*0.97 | sum*0.7 | sum amount*0.85 | payment*0.6 | payment value*0.9 | betrag | betrag in hauswahrung | buchungsbetrag | umsatz*0.7 | wert*0.8 | montant | importe | monto | importo | bedrag | valor | belob*0.97 | belopp | kwota | castka | summa*0.9 | transaction value*0.95 | movement*0.7 | paid*0.75 | amount charged | monetary value*0.8 | how much*0.6 | check amount | cheque amount | warrant amount | voucher amount*0.98 | disbursement amount | dollar amount | payment amount split*0.98 | distribution amount*0.99 | distribution line amount | line distribution amount | extended amount*0.97 | invoice line amount*0.99 | line net amount*0.99 | approved amount*0.97 | reimbursement amount*0.96 | reimbursed amount*0.96 | claim amount*0.93 | claimed amount*0.9 | expensed amount*0.93 | amount lc*0.99 | amount hw | betrag hw | betrag hauswahrung | lc value*0.97 | umsatz ohne soll haben kz | umsatz ohne soll haben kennzeichen | betrag ohne vorzeichen*0.9 | gebuchter betrag*0.97 | rechnungsbetrag*0.93 | buchungswert*0.9 | montant eur | valeur*0.85 | valor pago*0.93 | valor liquido*0.9 | importe eur | kwota pln | wartosc*0.9 | castka kc | summa sek | tutar | osszeg | spend value | net spend amount | sum invoice spend*0.9 | invoice spend*0.93 | total net amount*0.9 | amount posted*0.97 | amount spent | amount usd | paid total*0.9 | total paid*0.9 | gesamt*0.6 | 金額*0.9 | item total*0.99 | item amount*0.97 | line item amount*0.97 | detail amount*0.93 | split amount*0.95 | allocation amount*0.9 | total amount gbp*0.93 | amount accounting currency*0.99 | 金額 | 金额 | 支払金額*0.98 | 利用金額*0.98 | 付款金额*0.98 | 금액 | 거래금액*0.98 | сумма | сумма платежа*0.98 | сумма в рублях*0.98 | сума | סכום | סכום לתשלום*0.95 | المبلغ | ποσο | tutar | tutari*0.9 | osszeg | suma*0.9 | valoare*0.98 | abrechnungsbetrag*0.99 | umsatzbetrag*0.95 | betr in hw*0.98 | betrag hw*0.98 | wert bwahr*0.95 | wert kwahr*0.9 | znesek | iznos | plaćeni iznos | isplaćeni iznos*0.98 | maksumus*0.6 | makstud summa*0.98 | so tien | thanh tien*0.95 | jumlah | jumlah pembayaran*0.98 | จำนวนเงิน | ยอดเงิน*0.95 | monto | monto pagado*0.98 | preco contratual*0.95 | valor do documento | fakturovana suma*0.98 | importe adjudicacion*0.93 | 金額 新台幣元 | castka celkem*0.97 | maara*0.85 | maara eur*0.95 | summa eur*0.95 | mutatie*0.85 | mutatiebedrag | billed cost*0.985 | unblended cost*0.985 | cost billing currency*0.985 | cost before tax*0.95 | umsatz eur*0.95 | bedrag eur | zauctovana castka | objem*0.7 | tranzakcio osszege | kwota operacji | kwota transakcji | suma operacji*0.9 | сумма операции*0.93 | montant depense | importe gastado | ausgegebener betrag | importo speso | valor gasto*0.95 | besteed bedrag | 交易金额 | 入账金额*0.98 | 记账金额*0.98 | islem tutari*0.97 | borc tutari*0.95 | 이용금액*0.97 | 결제금액*0.95 | סכום חיוב | סכום החיוב | סכום עסקה*0.9 | סכום העסקה*0.9 | مبلغ | مبلغ تراکنش | износ | თანხა | գումար | сума в валюті картки*0.98 | upphaed | राशि*0.95 | amaun | amaun transaksi | 승인금액*0.95 | 청구금액*0.95 | 매출금액*0.95 | ご利用金額*0.97 | kwota w walucie rachunku | сумма в валюте счета | сума у валюті рахунку | suma v mene uctu | castka v mene uctu | iznos u valuti racuna | invoiced*0.8 | invoiced to date*0.85 | billed to date*0.85 | dollars*0.8 | zahlbetrag*0.97 | fakturabelopp*0.97 | fakturabelob*0.97 | uhrazeno*0.9 | somme versee*0.95 | mnt*0.9 | betaald bedrag*0.95 | sum paid*0.9 | auszahlungsbetrag*0.97 | forderbetrag*0.97 | fordersumme*0.95 | zuwendungsbetrag*0.97 | preco contratual*0.85
net: net amount | net paid | net payment*0.95 | net | net value | net total*0.95 | net invoice amount | net spend*0.97 | amount net | amount ex vat | amount excl vat | amount excluding vat | amount ex tax | amount excl tax | amount excluding tax | value ex vat | value excluding vat | total ex vat*0.95 | total excluding vat*0.95 | ex vat*0.95 | excl vat*0.95 | excluding vat*0.9 | net of vat*0.97 | amount before tax | pre tax amount | pretax amount | subtotal*0.6 | amount without vat | net price*0.7 | amount excl gst | amount ex gst | nettobetrag | netto | betrag netto | montant ht | ht*0.9 | base imponible | imponibile | importe neto | netto bedrag | bedrag excl btw | irrecoverable vat excluded*0.5 | net payment amount | net amount paid | invoice net amount | invoice net amt | line net*0.93 | net line value*0.95 | wartosc netto | kwota netto | montant net*0.9 | montant hors taxes | montant hors taxe | total ht*0.9 | valor neto | valor liquido sem iva*0.9 | importo netto | totale imponibile*0.9 | nettowert*0.9 | netto wert*0.9 | nettosumme*0.9 | belopp exkl moms | belob ekskl moms | invoice total excl vat | total excl tax | amount net vat | 税抜金額 | 金額 税抜 | 税抜 | 不含税金额 | 未税金额 | 공급가액 | сумма без ндс | netto osszeg | ertek netto*0.95 | valoare neta | valoare fara tva | matrah*0.95 | tutar kdv haric | amount excl hst | taxable value | taxable amount*0.97 | taxable amt*0.97 | assessable value*0.95 | castka bez dph | cena bez dph*0.95 | celkem bez dph*0.97 | bez dph*0.95 | zaklad dane*0.97 | suma bez dph | netto osszeg | netto ertek*0.95 | veroton summa | summa alv 0*0.95 | netto summa | belopp exkl moms | belopp utan moms | nettobelopp | belob ekskl moms | belob uden moms | nettobelob | belop eks mva | belop ekskl mva | netto belop | kdv haric tutar | matrah*0.95 | valor sem iva | total sem iva*0.97 | importe sin iva | total sin iva*0.97 | valoare fara tva | suma fara tva | καθαρη αξια | αξια προ φπα | сумма без ндс | iznos bez pdv | neto iznos | wartosc bez vat*0.97 | montant htva | importo netto | importo senza iva | totale imponibile*0.97 | bedrag exclusief btw | excl gst*0.9 | gst excl*0.9 | gst exclusive*0.9 | monto neto | valor neto | vlr liquido*0.93 | neto iznos | hodnota bez dph | amount excl of gst | net order value*0.97 | net value of order*0.95 | taxable value*0.97 | taxable amount*0.97 | excl btw | exkl moms | ekskl moms | eks mva | ekskl mva | zaklad*0.95 | veroton | veroton hinta*0.9 | base*0.6 | exkl mwst | zzgl mwst*0.9 | ohne mwst | ohne ust | hors tva | sin iva | senza iva | sem iva | zonder btw | utan moms | uden moms | uten mva | uten moms | bez vat | bez dph | net of tax*0.97 | tax excluded*0.95 | untaxed amount | untaxed amount signed*0.99 | neto*0.95 | net nc*0.9
gross: gross amount | gross | gross value | gross total*0.97 | gross invoice amount | amount gross | amount inc vat | amount incl vat | amount including vat | amount incl tax | amount including tax | total inc vat*0.97 | total incl vat*0.97 | total including vat*0.97 | inc vat*0.9 | incl vat*0.9 | value inc vat | amount with vat | amount incl gst | total payable*0.85 | total due*0.8 | bruttobetrag | brutto | betrag brutto | montant ttc | ttc*0.9 | totale fattura*0.9 | importe total*0.9 | bedrag incl btw | gross payment amount | wartosc brutto | kwota brutto | montant toutes taxes comprises | total ttc*0.9 | totale documento*0.93 | total factura*0.93 | importo lordo | valor total com iva*0.9 | bruttosumme*0.9 | belopp inkl moms | belob inkl moms | total incl tax | invoice gross amount | total paid incl vat | total paid incl irrecoverable vat | amount incl irrecoverable vat | 税込金額 | 金額 税込 | 税込 | 含税金额 | 价税合计 | 합계금액*0.95 | сумма с ндс | brutto osszeg | valoare totala | valoare cu tva | tutar kdv dahil | castka s dph | castka vcetne dph | celkem s dph*0.97 | vcetne dph*0.95 | suma s dph | brutto osszeg | brutto ertek*0.95 | verollinen summa | brutto summa | bruttobelopp | belob inkl moms | belob med moms | bruttobelob | belop inkl mva | brutto belop | kdv dahil tutar | valor com iva | total com iva*0.97 | importe con iva | total con iva*0.97 | valoare cu tva | total cu tva*0.97 | συνολικη αξια*0.95 | αξια με φπα | сумма с ндс | iznos s pdv | bruto iznos | wartosc z vat*0.97 | montant tvac | importo con iva | bedrag inclusief btw | incl gst*0.9 | gst incl*0.9 | gst inclusive*0.9 | amount paid gst inclusive | monto total*0.9 | valor bruto | bruto iznos | hodnota s dph | invoice value incl gst | incl btw | inkl moms | inkl mva | verollinen | verollinen hinta*0.9 | inkl mwst | mit mwst | mit ust | tva incluse*0.97 | con iva | com iva | iva incluido*0.97 | iva inclusa*0.97 | iva compresa*0.97 | med moms | med mva | z vat | vcetne dph | tax included*0.95 | total signed*0.9 | รวมทั้งสิ้น*0.9 | จำนวนเงินรวม*0.9
tax: vat | tax | vat amount | tax amount | gst | gst amount | hst*0.9 | sales tax | vat value*0.95 | tax value*0.9 | ust | mwst | steuer | steuerbetrag | umsatzsteuer | mehrwertsteuer | tva | montant tva | iva | importe iva | imposta | btw | btw bedrag | moms | irrecoverable vat*0.7 | total vat*0.93 | total tax*0.93 | cuota iva | kwota vat | podatek vat | moms belopp | vat recovered*0.7 | recoverable vat*0.8 | irrecoverable vat amount*0.7 | tax value gbp*0.8 | 消費税 | 消費税額 | 税額 | 税额 | 부가세 | 세액 | ндс | сумма ндс | מעמ | الضريبة | afa | kdv | kdv tutari | φπα | afa osszege | valoare tva | valoare iva | dph*0.95 | alv*0.95 | arvonlisavero | mva*0.95 | pdv*0.95 | cgst*0.9 | igst*0.9 | sgst*0.85 | pst*0.8 | qst*0.8 | gst hst | monto iva | iva recuperable*0.93 | monto iva recuperable | ppn*0.9 | vat aed | integrated tax | thue*0.9 | thue gtgt | tax signed*0.97 | ภาษีมูลค่าเพิ่ม | ภาษี*0.9
debit: debit | terheles*0.95 | debit amount | debits | dr*0.9 | dr amount | amount debit*0.97 | debit value*0.95 | money out | paid out | payments out*0.9 | withdrawal*0.9 | withdrawals*0.9 | soll | sollbetrag | debe | dare | cargo*0.8 | af*0.6 | debiteringen*0.6 | accounted dr*0.99 | accounted debit*0.99 | entered dr*0.9 | entered debit*0.9 | functional debit*0.98 | local debit*0.98 | debito*0.97 | debet | betalt ut*0.9 | ut*0.5 | uitgaven*0.9 | dr value*0.9 | debit lc*0.98 | charges debit*0.8 | 借方 | 借方金額 | 借方金额 | 支出*0.9 | 출금*0.95 | 차변 | дебет | расход*0.9 | חובה | مدين | borc | χρεωση | tartozik | lastschrift*0.95 | belastung*0.95 | belastungen*0.95 | auszahlung*0.9 | auszahlungen*0.9 | ausgang*0.85 | ausgaben*0.85 | sortie*0.8 | sorties*0.8 | uscite*0.9 | addebiti*0.9 | addebito*0.9 | cargos*0.85 | saidas*0.9 | ma dati*0.95 | md*0.7 | wn*0.8 | obciazenia*0.95 | obciazenie*0.95 | strona wn*0.97 | strana md*0.97 | ausgehend*0.9 | betrag ausgehend | ausgehender betrag | uitgaand*0.85 | uitgave*0.85 | utgift*0.85 | utgifter*0.85 | utbetalt*0.9 | wydatki*0.9 | vydaj*0.9 | vydaje*0.9 | kiadas*0.9 | cheltuieli*0.85 | saida*0.9 | outflow*0.95 | outgoing*0.85 | 出金*0.95 | 支出金额*0.95 | 引出*0.9 | お支払金額*0.9 | 支取*0.95 | 支取金额*0.97 | 借方发生额*0.97 | 转出金额*0.9 | 记账金额 支出*0.97 | 交易金额 支出*0.9 | cikis*0.95 | gider*0.9 | 출금액*0.97 | 출금금액*0.97 | 찾으신금액*0.97 | 지급액*0.9 | uttag | ut fra konto | ut av konto | ut konto*0.95 | havet | otto*0.8 | otot*0.8 | utbetalt*0.9 | utbetalning*0.9 | belop ut | belob ut | ถอนเงิน | ถอน*0.95 | เดบิต | phat sinh no | ghi no | so tien ghi no | so tien rut*0.95 | uang keluar | mutasi debet | pengeluaran*0.9 | keluar*0.8 | na teret | na teret racuna | isplate*0.95 | duguje*0.95 | dugovanje*0.9 | zaduzenje*0.95 | terecenje*0.95 | breme*0.97 | v breme | odlivi*0.9 | на терет | задужење*0.95 | дугује*0.95 | исплате*0.95 | дебит | списание*0.97 | списано*0.97 | списання*0.97 | видаток*0.9 | გასული თანხა | დებეტი | გასავალი*0.9 | դեբետ | ելք*0.9 | سحب*0.9 | مسحوبات*0.95 | المسحوبات*0.95 | المدين | مبلغ مدين | بدهکار | برداشت*0.97 | مبلغ برداشت | בחובה | משיכות*0.9 | withdrawal amount | withdrawals amount | amount debited*0.97 | amount withdrawn*0.97 | withdrawn*0.95 | retiro*0.9 | retiros*0.9 | egreso*0.9 | egresos*0.9 | salidas*0.9 | お引出し*0.97 | お引き出し*0.97 | 払出し金額*0.97 | 払戻金額*0.9 | 出金金額 | 提款金額 | 提款金额 | 支出金額 | uttekt*0.9 | নগদ উত্তোলন*0.9 | ডেবিট | नामे | निकासी*0.95 | डेबिट | wang keluar | deebet*0.97 | debets | debetas
credit: credit | jovairas*0.95 | credit amount | credits | cr*0.9 | cr amount | amount credit*0.97 | credit value*0.95 | money in | paid in | payments in*0.9 | deposit*0.7 | deposits*0.7 | haben | habenbetrag | haber | avere | abono*0.8 | bij*0.6 | accounted cr*0.99 | accounted credit*0.99 | entered cr*0.9 | entered credit*0.9 | functional credit*0.98 | local credit*0.98 | credito*0.97 | kredit*0.95 | inn*0.5 | inkomsten*0.9 | cr value*0.9 | credit lc*0.98 | 貸方 | 貸方金額 | 贷方金额 | 贷方 | 入金*0.95 | 입금*0.95 | 대변 | кредит | приход*0.9 | זכות | دائن | alacak | πιστωση | kovetel | gutschrift*0.95 | gutschriften*0.95 | einzahlung*0.85 | einzahlungen*0.85 | eingang*0.85 | entrate*0.9 | accrediti*0.9 | accredito*0.9 | abonos*0.85 | entradas*0.9 | dal*0.7 | strana dal*0.97 | ma*0.7 | uznania*0.95 | uznanie*0.95 | strona ma*0.97 | eingehend*0.9 | betrag eingehend | eingehender betrag | inkomend*0.85 | inkomst*0.85 | inkomster*0.85 | innbetalt*0.9 | wplywy*0.9 | prijem*0.9 | prijmy*0.9 | bevetel*0.9 | incasari*0.85 | ingresos*0.85 | entrada*0.9 | income*0.8 | inflow*0.95 | incoming*0.85 | 収入*0.95 | 收入*0.95 | 收入金额*0.95 | 預入*0.9 | お預り金額*0.9 | 存入*0.95 | 存入金额*0.97 | 贷方发生额*0.97 | 转入金额*0.9 | 记账金额 收入*0.97 | 交易金额 收入*0.9 | giris*0.95 | gelir*0.9 | 입금액*0.97 | 입금금액*0.97 | 맡기신금액*0.97 | 수입액*0.85 | insattning | innskudd | inn pa konto | inn konto*0.95 | indsat | pano*0.8 | panot*0.8 | innbetalt*0.9 | inbetalning*0.9 | belop inn | belob ind | ฝากเงิน | ฝาก*0.95 | เครดิต | phat sinh co | ghi co | so tien ghi co | so tien nop*0.95 | uang masuk | mutasi kredit | pemasukan*0.9 | masuk*0.8 | u korist | u korist racuna | uplate*0.95 | potrazuje*0.95 | potrazivanje*0.8 | odobrenje*0.95 | dobro*0.97 | v dobro | prilivi*0.9 | у корист | одобрење*0.95 | потражује*0.95 | уплате*0.95 | поступление*0.97 | поступило*0.97 | зачисление*0.97 | зачислено*0.97 | надходження*0.97 | зарахування*0.97 | შემოსული თანხა | კრედიტი | შემოსავალი*0.9 | կրեդիտ | մուտք*0.9 | ايداع*0.9 | إيداع*0.9 | الايداعات*0.95 | الإيداعات*0.95 | الدائن | مبلغ دائن | بستانکار | واریز*0.97 | مبلغ واریز | בזכות | הפקדות*0.9 | deposit amount | deposits amount | amount credited*0.97 | amount deposited*0.97 | deposito*0.7 | depositos*0.9 | お預入れ*0.97 | お預け入れ*0.97 | 預入れ金額*0.97 | 入金金額 | 存款金額 | 存款金额 | 收入金額 | innborgun*0.9 | জমা*0.9 | ক্রেডিট | जमा | क्रेडिट | wang masuk | kreedit*0.97 | kredits | kreditas
_balance: balance | running balance | cumulative*0.9 | cumulative amount | cumulative total | running total | account balance | ledger balance | closing balance*0.9 | opening balance*0.9 | saldo | solde | kontostand | year to date*0.9 | ytd*0.9 | ytd amount | outstanding*0.8 | outstanding amount*0.95 | remaining*0.7 | amount outstanding | amount due*0.7 | available balance | amount remaining | remaining amount | amount unpaid | unpaid amount | open amount*0.9 | unapplied amount | balance due | 残高 | 余额 | 餘額 | 잔액 | остаток | сальдо | יתרה | الرصيد | bakiye | υπολοιπο | egyenleg | sold*0.9 | still to be invoiced | still to be invoiced val | still be invoiced | still to be delivered | still to be delivered val | to be invoiced*0.9 | uninvoiced amount*0.95 | not yet invoiced*0.95 | zustatek | solde progressif | saldo progressivo | saldo corrente | saldoperkonto*0.8 | stan konta*0.9 | saldo konta*0.9 | running bal | saldo na transaction | saldo na trn | saldo na mutatie | saldo po operacji | saldo perkonto | saldo efter transaktion*0.95 | saldo etter*0.9 | solde apres*0.9 | saldo posterior*0.95 | saldo despues*0.9 | zustatek po*0.9 | likutis | atlikums | jaak*0.8 | saldo kirjauksen jalkeen*0.9 | verfugbares guthaben | neuer saldo*0.9 | available funds*0.9 | 账户余额 | 差引残高 | 거래후잔액 | 거래 후 잔액 | guncel bakiye | yeni bakiye | kalan borc*0.9 | kalan borc taksit | ยอดคงเหลือ | คงเหลือ | so du | so du luy ke | so du cuoi | accumulated balance | saldo akhir | stanje | stanje racuna | стање | баланс | залишок | залишок на кінець періоду | салдо | ნაშთი | ბალანსი | մնացորդ | رصيد | الرصيد بعد العملية | الرصيد التراكمي | الرصيد المتاح | مانده | موجودی | היתרה בחשבון | יתרה משוקללת | zostatok | sold contabil | stan rachunku*0.9 | stada*0.9 | baki | baki akhir | ব্যালেন্স | স্থিতি | शेष | शेष राशि | konecne stanje | koncno stanje | zacetno stanje
original_amount: original amount | original gross amount | original net amount | original value | original transaction amount | foreign gross amount | amount original currency | original currency amount | foreign amount | foreign currency amount | fcy amount | fc amount*0.97 | transaction currency amount | amount in transaction currency | document amount*0.93 | amount in document currency | amount document currency | amount doc curr | doc currency amount | entered amount*0.95 | source amount*0.9 | local charge amount*0.8 | amount in foreign currency | invoice currency amount*0.95 | merchant amount*0.8 | betrag fremdwahrung | fremdwahrungsbetrag | betrag belegwahrung | montant devise | importe divisa | original transaction amount | transaction amount original | document amount tc*0.97 | amount foreign currency | amount tc*0.97 | amount fc*0.97 | foreign value | spend amount original | purchase amount*0.6 | merchant currency amount*0.9 | betrag waehrung*0.8 | vk betrag*0.97 | verkaufsbetrag*0.97 | umsatz in fremdwahrung | local purchase amount*0.9 | payment amount original*0.9 | orig amount | orig amt | orig transaction amount | orig trans amount*0.97 | original amt | סכום מקורי | סכום עסקה מקורי | сума в валюті транзакції | сума транзакції*0.97 | сумма в валюте операции | puvodni castka | povodna suma | izvorni iznos | 現地通貨額 | 現地利用額 | kwota w walucie operacji | kwota w walucie transakcji | fremdbetrag
currency: currency | currency code | curr | ccy | crcy | cur*0.95 | cury*0.9 | local currency*0.9 | base currency*0.9 | billing currency | billed currency | home currency*0.9 | posting currency | settlement currency*0.95 | company code currency*0.95 | functional currency*0.95 | invoice currency*0.93 | payment currency*0.95 | wahrung | waehrung | hauswahrung*0.9 | devise | moneda | divisa | valuta*0.9 | munt*0.9 | reimbursement currency*0.95 | settled currency*0.95 | wkz umsatz | wkz*0.95 | wahrg*0.9 | wahrungskennzeichen | lcurr*0.93 | lccy*0.9 | currency iso*0.9 | iso currency*0.9 | waluta | mena | valuutta*0.9 | para birimi | moeda | 通貨*0.9 | 通貨 | 币种 | 货币 | 통화 | валюта | מטבע | العملة | νομισμα | penznem | moneda | abrechnungswahrung*0.97 | hwahr*0.95 | bwahr*0.95 | wahr*0.9 | wrg*0.9 | valiuta*0.95 | valuuta*0.95 | valutacode*0.95 | valutakode*0.95 | muntsoort*0.95 | buchungswahrung*0.97 | kontowahrung*0.9 | mena uctu*0.93 | mena castky*0.93 | devizanem*0.93 | tranzakcio devizaneme*0.95 | zahlungswahrung*0.9 | billing currency code | currency code billing | валюта платежа*0.97 | валюта операции*0.85 | 入账货币*0.95 | 记账币种*0.97 | 入账币种*0.95 | валюта картки | валюта рахунку | валута | ვალუტა | ارز*0.95 | mata uang | kode mata uang | loai tien | สกุลเงิน | מטבע חיוב | waluta rachunku*0.97 | валюта счета*0.97 | valuta racuna*0.95
original_currency: original currency | foreign currency | transaction currency | document currency | doc currency | entered currency | source currency | fremdwahrung | belegwahrung | fcy*0.8 | merchant currency*0.9 | vk wahrung*0.97 | verkaufswahrung*0.97 | umsatzwahrung*0.9 | local currency of purchase*0.9 | merchant currency code*0.9 | orig currency | orig transaction currency | orig cur | originalwahrung | oorspr munt | oorspronkelijke munt | puvodni mena | waluta oryginalna | 交易货币*0.8 | 交易币种*0.8 | валюта транзакції | povodna mena | מטבע מקורי | מטבע עסקה*0.97 | 通貨略称 | 現地通貨 | waluta operacji*0.9 | waluta transakcji*0.9 | vv*0.8 | fw*0.8
description: description | message for payee*0.9 | message to payee*0.9 | message for recipient*0.9 | details | detail*0.9 | narrative | line description | item description*0.98 | invoice description | transaction description | expense description*0.98 | memo | text | posting text | purpose | expense type*0.96 | expenditure type*0.95 | detailed expenditure type*0.97 | detailed expenses type*0.97 | detailed expense type*0.97 | expenditure category*0.93 | expenditure catergory*0.93 | expense category*0.93 | purpose of expenditure*0.97 | purpose of spend*0.96 | summary of purpose*0.95 | category description*0.85 | expense*0.8 | for*0.7 | what for*0.7 | particulars*0.97 | item*0.75 | goods*0.6 | product description*0.9 | service description*0.9 | gl description*0.8 | account description*0.8 | subjective description*0.85 | nature*0.6 | comment*0.7 | comments*0.65 | notes*0.6 | remarks*0.65 | buchungstext | beschreibung | verwendungszweck | bezeichnung*0.9 | kommentar*0.7 | libelle | designation*0.9 | descripcion | concepto | descrizione | causale*0.9 | omschrijving | beskrivelse | beskrivning | descricao | opis | popis | journal description*0.97 | line narrative | spend description | merchant category*0.6 | category*0.6 | type of spend*0.7 | service area description*0.5 | positionstext*0.95 | tekst | tresc*0.8 | historico*0.85 | libelle ecriture | ecriture lib*0.95 | concept | motif*0.8 | beschreibung position | purchase description | business purpose*0.9 | item text*0.95 | item name*0.8 | spend category*0.85 | spend category description*0.85 | object*0.55 | account description*0.8 | expense category name*0.8 | verwendung*0.85 | detaljer*0.8 | selite*0.8 | 摘要 | 内容*0.9 | 品名*0.9 | 備考*0.7 | 説明 | 说明 | 用途*0.9 | 적요 | 내역*0.9 | 품목*0.85 | описание | назначение*0.97 | назначение платежа*0.97 | содержание*0.9 | призначення*0.97 | תיאור | פירוט*0.97 | الوصف | البيان*0.95 | περιγραφη | αιτιολογια*0.95 | megnevezes*0.95 | leiras | descriere | explicatie*0.9 | aciklama | namen | namen nakazila | opis | vrsta rashoda*0.95 | svrha | kirjeldus | selgitus | apraksts | aprasymas | paskirtis*0.9 | основание | призначення платежу | призначення | dien giai | noi dung*0.9 | keterangan | uraian | รายการ | รายละเอียด | objeto*0.9 | objeto del contrato*0.95 | objeto do contrato*0.95 | przedmiot umowy*0.95 | ucel platby*0.95 | predmet*0.9 | short text*0.9 | kuvaus | benamning | descritivo | tytulem*0.95 | tytul*0.9 | poznamka*0.7 | desc | remarque*0.9 | transaktionsbeschreibung*0.95 | zprava prijemce*0.8 | opis operacji*0.85 | kozlemeny*0.9 | paaiskinimai*0.95 | 商品*0.85 | 商品说明*0.9 | toelichting*0.9 | note*0.65 | campaign name*0.6 | service name*0.7 | 交易描述*0.95 | 交易摘要*0.95 | 交易说明*0.95 | 商品名称*0.9 | donem ici islemler*0.9 | 기재내용*0.9 | 내용*0.85 | rubrik*0.9 | forklaring*0.95 | viesti*0.9 | specifikation*0.9 | titel*0.7 | tittel*0.7 | meddelande*0.7 | melding*0.7 | narration*0.97 | transaction remarks*0.97 | transaction particulars*0.97 | تفاصيل*0.95 | التفاصيل*0.95 | بيان*0.95 | شرح*0.97 | شرح تراکنش | mo ta*0.95 | noi dung giao dich | svrha doznake | сврха дознаке | сврха*0.95 | опис*0.97 | опис операції | деталі операції | opis placanja | დანიშნულება*0.97 | תיאור התנועה | תיאור פעולה | תיאור הפעולה | detalii tranzactie | descriere tranzactie | detalii*0.9 | お取り扱い内容*0.95 | お取扱内容*0.95 | skyring*0.95 | lysing*0.95 | বিবরণ | विवरण | butiran*0.95 | הפעולה*0.97 | szczegoly transakcji*0.95 | posteringstekst | texto explicativo*0.9 | leistung*0.7 | forderzweck*0.95 | zuwendungszweck*0.97 | przedmiot*0.9 | nature of payment*0.95 | predmet fakturacie*0.95 | goods services rendered*0.9
reference: transaction number | merchant reference*0.9 | modification reference*0.7 | modification merchant reference*0.7 | transaction no*0.98 | transaction ref | transaction reference | transaction id*0.97 | trans no*0.96 | trans ref*0.96 | trans number*0.97 | payment number*0.94 | payment reference*0.93 | payment ref*0.93 | payment no*0.93 | payment id*0.9 | document number*0.95 | document no*0.95 | doc no*0.94 | doc number*0.94 | voucher number*0.94 | voucher no*0.94 | voucher*0.85 | journal number*0.9 | journal*0.8 | journal no*0.9 | journal id*0.9 | reference | reference number | ref | ref no | ref number | our reference*0.85 | your reference*0.85 | unique reference*0.9 | urn*0.7 | cheque number*0.8 | transaction*0.8 | belegnummer | beleg*0.85 | belegnr | bilagsnummer*0.9 | verifikat*0.85 | internal reference*0.85 | supplier reference*0.8 | entry no*0.8 | piece ref*0.93 | n piece*0.9 | numero piece*0.9 | ecriture num*0.85 | belegfeld 1*0.93 | verifikationsnummer*0.9 | bilagsnr*0.9 | warrant number*0.93 | check number*0.9 | cheque no*0.85 | voucher num*0.94 | journal entry*0.85 | document*0.7 | numer dokumentu*0.9 | numero documento*0.9 | num*0.6 | receipt number*0.75 | 伝票番号*0.95 | 凭证号*0.95 | 전표번호*0.95 | номер документа*0.95 | אסמכתא*0.93 | boekstuk*0.9 | verifikationsnr*0.9 | tositenumero*0.9 | tositenro*0.9 | tosite*0.85 | cislo dokladu*0.93 | doklad*0.8 | documento*0.7 | رقم المرجع*0.95 | رقم العملية*0.95 | شماره پیگیری*0.95 | شماره سند*0.95 | so gd*0.93 | so but toan*0.95 | ma giao dich*0.97 | so tham chieu*0.95 | เลขที่เอกสาร*0.95 | เลขที่อ้างอิง*0.95 | αρ συναλλαγης*0.95 | factuurnr*0.9 | bilag*0.85 | fakturanr*0.9 | nr faktury*0.9 | chq eft*0.9 | eft number*0.9 | chq number*0.9
invoice: invoice number | invoice no | invoice num | invoice ref | invoice reference | invoice id*0.95 | invoice*0.8 | bill number*0.95 | bill no*0.95 | rechnungsnummer | rechnungsnr | numero facture | n facture | numero factura | factura*0.8 | numero fattura | factuurnummer | fakturanummer | supplier invoice number*0.95 | numer faktury | faktura nr | fakturanr | factuur nr | rechnungs nr | numero documento fornitore*0.9 | bill*0.6 | supplier invoice*0.8 | invoice n*0.9 | external document no*0.8 | external document number*0.8 | 請求書番号 | 发票号码 | 发票号 | 계산서번호*0.9 | номер счета | מספר חשבונית | رقم الفاتورة | szamlaszam | numar factura | nr factura | fatura no | n fattura | laskun numero | laskunumero | lasku nro | cislo faktury | faktura cislo | fakturanro
cost_centre: cost centre | cost center | cost centre name*0.97 | cost centre code*0.98 | cost centre description*0.93 | costcentre | cc*0.6 | cost code*0.85 | cost centre number | centre*0.6 | department code*0.75 | dept code*0.75 | kostenstelle | centre de cout | centre couts | centro de coste | centro de costo | centro di costo | kostenplaats | profit centre*0.7 | profit center*0.7 | responsibility centre*0.7 | fund*0.5 | cost center code | cost center name | cost center description | centre analytique*0.9 | section analytique*0.9 | mpk*0.8 | kst*0.8 | kostnadsstalle | kostnadssted | omkostningssted | centro de custo | centro costi | 部門コード*0.9 | 成本中心 | 코스트센터 | 비용부서*0.9 | центр затрат | מרכז עלות | koltseghely | centru de cost | masraf merkezi
unit: business unit | department | dept | directorate | division | service*0.6 | service area*0.7 | service label*0.7 | service division label*0.6 | department family*0.7 | department name | team | organisational unit*0.85 | organizational unit*0.85 | org unit*0.85 | expense area*0.65 | portfolio*0.6 | abteilung | geschaftsbereich | service departement*0.6 | departamento | reparto | afdeling | avdeling*0.9 | avdelning | area*0.5 | region*0.5 | function*0.5 | school dept*0.7 | agency*0.55 | agency name*0.6 | department code name*0.7 | force*0.5 | spend area*0.5 | directorate name | service category label*0.6 | 部門*0.9 | 部署*0.9 | 部门*0.9 | 부서*0.9 | подразделение*0.9 | отдел*0.8 | מחלקה*0.9
gl_account: gl account | gl code | gl*0.8 | account code | account number*0.85 | account no*0.85 | account | nominal | nominal code | nominal account | nominal ledger code | general ledger account | general ledger code | ledger account*0.9 | ledger code*0.9 | natural account | main account | object code*0.7 | subjective*0.7 | subjective code*0.85 | expense code*0.85 | expenditure code*0.85 | detailed expenditure code*0.85 | sachkonto | konto | kontonummer*0.85 | compte | compte general | cuenta | cuenta contable | conto | grootboekrekening | gl account number | gl account name*0.85 | account category*0.6 | chart of accounts*0.7 | compte num*0.97 | compte lib*0.6 | nominal a c ref*0.9 | konto nr*0.85 | kontonr*0.85 | cuenta mayor | conto contabile | conta contabil | expense account*0.85 | account ref*0.5 | object*0.5 | 勘定科目 | 会计科目 | 科目*0.9 | 계정과목 | 계정*0.9 | счет*0.6 | sollkonto*0.85 | soll konto*0.85
service_from: service start | service start date | service from | service date from*0.97 | service period from | service period start | service period | period of service | billing period*0.97 | billing period start | billed from*0.9 | coverage start*0.95 | coverage period*0.95 | subscription start*0.95 | subscription start date*0.95 | subscription period*0.97 | licence start*0.95 | license start*0.95 | licence period*0.95 | license period*0.95 | leistungszeitraum | leistungszeitraum von | leistung von | leistungsbeginn | leistungsdatum von | abrechnungszeitraum*0.97 | abrechnungszeitraum von*0.97 | periode de prestation | periode de facturation*0.97 | debut de prestation | debut de service | debut periode*0.9 | periodo de servicio | inicio del servicio | inicio servicio | periodo di competenza*0.97 | inizio servizio | inizio competenza | dienstperiode | dienstperiode van | dienst van*0.9 | tjanst fran*0.95 | tjanstens start*0.9 | ydelsesperiode | ydelse fra*0.9 | inicio do servico | periodo do servico
service_until: service end | service end date | service until | service to | service date to*0.97 | service period to | service period end | billing period end | billed until*0.9 | billed to*0.85 | coverage end*0.95 | subscription end*0.95 | subscription end date*0.95 | licence end*0.95 | license end*0.95 | leistungszeitraum bis | leistung bis | leistungsende | leistungsdatum bis | abrechnungszeitraum bis*0.97 | fin de prestation | fin de service | fin periode*0.9 | fin del servicio | fin servicio | fine servizio | fine competenza | dienstperiode tot | dienst tot*0.9 | tjanst till*0.95 | ydelse til*0.9 | fim do servico
purchase_order: purchase order | purchase order number | purchase order no | po number | po no | po | po ref | po reference | order number*0.85 | order no*0.85 | order ref*0.8 | bestellung*0.9 | bestellnummer | bestellnr | bon de commande | numero commande | orden de compra | numero pedido | pedido*0.8 | ordine | inkooporder | inkoopordernummer
period: period | month | accounting period | fiscal period | posting period | gl period | financial period | period name | year month | yearmonth | yyyymm | fiscal month*0.95 | payment month*0.9 | reporting period*0.9 | buchungsperiode | periode | monat | mois | mes | mese | maand | spend month | invoice month*0.95 | month ending*0.8 | quarter*0.6 | 年月*0.95 | 会計月*0.95 | 月份 | 기간*0.9 | период*0.9 | maned | kuukausi | jakso*0.8 | miesiac | okres*0.9 | mesic | obdobi*0.9 | honap | idoszak*0.9 | 月*0.9 | ay*0.7 | donem*0.9 | luna*0.9
entity: entity | legal entity | company | company code | entity name | company name*0.72 | body name | name of body | body*0.7 | organisation name*0.6 | organisation*0.6 | organization*0.6 | subsidiary | operating unit*0.8 | ledger*0.6 | buchungskreis | gesellschaft | mandant*0.8 | societe | sociedad | societa | bedrijf*0.8 | council*0.6 | trust*0.5 | ccg*0.5 | authority*0.5
_indicator: dr cr | debit credit | d c | debit credit indicator | dr cr indicator | dc indicator | soll haben | s h | sh kennzeichen | sign | crdr | drcr | soll haben kennzeichen | soll haben kz | s h kennzeichen | shkzg | debit credit code | d c code*0.95 | dc*0.7 | sens*0.8 | soll haben s h | af bij | debit or credit | credit or debit | debit credit flag | dr or cr | plus minus | credit debet | debet credit | creditdebet | af bij code | d k | k d | bevetel kiadas | 收 支 | 收支 | 借贷 | 借贷标志 | 入出金 | credit debit indicator | inflow outflow | income expense | przychod rozchod | приход расход | wn ma | soll haben kennz | entrata uscita | ingreso gasto | entrada saida | προσημο ποσου | προσημο | db cr | cr db
_supplier_id: supplier id | supplier number | supplier no | supplier code | supplier ref*0.9 | vendor id | vendor number | vendor no | vendor code | creditor id | creditor number | creditor no | payee id | merchant id | merchant number | merchant category code*0.9 | mcc | kreditorennummer | lieferantennummer | supplier type | creditor type | vendor type | supplier site | vendor site | supplier postcode | vendor country | supplier category*0.9 | comp aux num | supplier num | vendor num | account holder*0.5 | creditor ref | merchant category code mcc*0.9 | organisation code*0.8 | subscription id | subscription guid | resource id | billing account id | psp reference*0.9 | bankovni spojeni | cislo protiuctu | tegenrekening*0.9 | tegenrekeningnummer | partner szamlaszama | numer konta*0.9 | rachunek*0.8 | iban | bic | szamlaszam*0.8 | nr protiuctu | merchant account*0.95 | company account
_tax_number: vat number | vat reg no | vat registration number | vat reg | vat registration | vat no | tax id | tax number | ust id | company number | companies house number | charity number | registration number
_quantity: quantity | qty | units*0.8 | hours*0.8 | count*0.8 | number items | menge | anzahl | quantite | cantidad | quantita | aantal | days*0.7 | quantidade | 数量 | 수량 | antal | antall | ilosc | mnozstvi | mennyiseg | cantitate | miktar | adet*0.9 | количество | кількість | kolicina | kogus
_unit_price: unit price | price per unit | unit cost | price each | rate*0.7 | einzelpreis | stuckpreis | prix unitaire | precio unitario | prezzo unitario | costo unitario | coste unitario | custo unitario | valor unitario | preco unitario | cout unitaire | unit rate*0.9 | stuckkosten | 单价 | 單價 | 単価 | 단가 | birim fiyat | cena jednostkowa | jednotkova cena | a pris | enhetspris | stykpris | yksikkohinta | stukprijs | цена за единицу*0.95
_rate: total dollars obligated | total obligated amount | total outlayed amount | base and all options value | base and exercised options value | current total value award | potential total value award | potential total value | total contract value | award ceiling | exchange rate | fx rate | conversion rate | kurs | wechselkurs | vat rate | tax rate | vat code | tax code | vat percent | discount | discount amount*0.95 | discount percent | budget | budget amount | forecast*0.9 | variance | percent | percentage | share*0.7 | vat % | fee*0.7 | budget*1 | plan*0.7 | prior year*0.9 | last year*0.9 | vat rate percent*0.9 | list cost | contracted cost | effective cost*0.9 | list unit price | list price*0.9 | blended cost*0.9 | public demand cost | cost pricing currency*0.9 | shipping handling amount | shipping amount | insurance amount | importe envio manipulacion | importe envio | versandkosten*0.8 | versand bearbeitungsgebuhr | impuesto ventas*0.9 | koers | kurz*0.8 | umrechnungskurs | cashback*0.9 | кэшбэк | impressions | clicks | link clicks | steuersatz | mwst satz | ust satz | taux tva | tasa iva | tipo iva | aliquota iva | momssats | btw tarief | stawka vat | 税率
_line: line | line number | row | row number | number*0.55 | item number*0.8 | sequence | seq | id*0.8 | record
_year: year | financial year | fiscal year | jahr | geschaftsjahr | exercice | ejercicio | anno | ano | jaar | ar*0.6
_type: type | status | document type | doc type | transaction type | source | journal source | capital or revenue | payment method | method | created by | user | approved by | notes beside*0.5 | card number | card holder*0.9 | cardholder | cardholder name | employee | employee name | claimant | url | uri | authorised by | contract number | procurement route | sme | merchant city | merchant state | merchant country | journal code | journal lib | card transaction | approval status | cashed | reimbursable | receipt | user | employee name | card member | cardholder last name | cardholder first initial | tag | zone | time*0.8 | timezone*0.8 | state | transaction status | payment status | order status | result | entry type | document kind | voucher type | kind | payer | payer name | paid by | bezahlt von | payeur | art*0.9 | belegart*0.95 | card type | expense status | статус | status transakce | stav*0.8 | statut*0.9 | estado*0.8 | stato*0.8 | tila*0.8 | 当前状态 | 交易状态 | 状态 | ステータス | durum*0.9 | allapot*0.9 | 交易类型 | 方法 | 支付方式 | 保有金融機関 | 収入支出 | transaktionstyp | transaktionsart | art transaktion | tipo operacion | tipo movimiento | typ operacji | typ transakce | typ transakcji | tranzakcio tipusa | kaarthouder | karteninhaber | titulaire*0.8 | destination | funding source | umsatz getatigt von | kartennummer | kaartnummer | betaalwijze | uitgavenstaat | meter sub category | resource location | 취소여부 | 상태 | 승인상태 | 승인구분 | 매출상태 | trang thai | สถานะ | الحالة | حالة | סטטוס | وضعیت | situacao*0.9 | situacion*0.8 | situazione*0.8 | zustand*0.8 | voucher kind | tipo documento*0.95 | tipo doc*0.9 | type document*0.95 | dokumentart*0.95 | tipo de documento*0.95 | typ dokumentu*0.95 | dokumenttyp*0.95 | bilagstype*0.95
"""
)
