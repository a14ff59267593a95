"""What the words of a cell claim about its row: a total, a balance carried on, or nothing."""

import re
from enum import IntEnum
from functools import lru_cache

from importers.texts import fold

_SEVERAL_WORDS = (
    r"sub[\s-]?totals?|grand[\s-]?total|total general|total général|total geral|sous[\s-]total|somme totale|montant total|"
    r"totale generale|totaal bedrag|total (?:de (?:la )?)?p[aá]gina|total (?:de la )?page|totale (?:di )?pagina|importe total|importo totale|valor total|suma total|suma końcowa|suma ogółem|"
    r"betrag gesamt|kaikki yhteensä|i alt|sum total|genel toplam|ara toplam|iš viso|tổng cộng"
)
_ONE_WORD = (
    r"totaux|subtotale|subtotalt|tussentotaal|välisumma|mezisoučet|medzisúčet|részösszeg|međuzbroj|"
    r"totals?|sum|summe|gesamt|gesamtsumme|gesamtbetrag|gesamtergebnis|zwischensumme|endsumme|totaal|eindtotaal|subtotaal|"
    r"totale|suma|soma|somme|totalt|totalsumma|summa|delsumma|sidsumma|sidesum|seitensumme|paginatotaal|yhteensä|loppusumma|razem|ogółem|celkem|součet|spolu|"
    r"ukupno|skupaj|összesen|végösszeg|mindösszesen|toplam|σύνολο|общо|всичко|укупно|свега|сума|итого|итог|всего|разом|всього|kopā|kokku|jumlah"
)
_NOT_LATIN = '総合計|合計|总计|總計|合计|小計|小计|계|합계|소계|총계|المجموع|الإجمالي|الاجمالي|إجمالي|جمع کل|סה"כ|סך הכל|รวม|รวมทั้งสิ้น|ยอดรวม|รวมเงิน|სულ|ჯამი|ընդամենը|কুল|মোট|कुल|योग'
_TOTAL = rf"(?:{_SEVERAL_WORDS}|{_ONE_WORD}|{_NOT_LATIN})"
_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_PURE = re.compile(
    r"(?:(?:grand|overall|report|page|running|net|batch|sheet|monthly|month|year|annual|quarterly|group|section|final|"
    rf"period|ledger|account)\s+)*{_TOTAL}"
    r"(?:\s+(?:amount|value|spend|expenditure|net|gross|complessiv[oa]|général|generale|general|geral|końcowa|eur|paid))?"
    r"(?:\s*[:=–-]+)?(?:\s*\(?(?:[A-Z]{3}|[£€$])\)?)?:?|"
    r"(?:net |account )?balance|saldo|solde|kontostand|"
    r"all (?:suppliers|vendors|payees|categories|departments|items|lines)|alle (?:lieferanten|kreditoren|leveranciers)|"
    r"tous (?:les )?fournisseurs|todos (?:los )?proveedores|tutti i fornitori",
    re.IGNORECASE,
)
_PREFIXED = re.compile(
    r"(?:(?:grand[\s-]?total|page\s+total|report\s+total|zwischensumme|sous[\s-]total|gesamtsumme)\b.*)"
    rf"|(?:sub[\s-]?totals?\s*(?:for\b|of\b|per\b|by\b|[:(–—-]|[0-9£€$]|{_MONTH}).*)"
    r"|(?:totals?\s+(?:for|of|per|by|in|to|this|paid|payments?|amount|spend|spending|expenditure|value|cost|costs|invoices?|"
    r"lines?|transactions?|credits?|refunds?|month|year|quarter|page|report|vendor|supplier|excl|ex|incl|inc|net|gross|period|q[1-4]|20\d\d|"
    rf"{_MONTH})\b.*)"
    r"|(?:totals?\s*[:–-].*)|(?:summe\s+(?:für|der|von)\b.*)|(?:total\s+(?:général|general|geral|du|des|por|per|par)\b.*)",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    rf"(?:{_TOTAL}\b.+)|(?:.+\s(?:sub[\s-]?)?totals?:?)|(?:.+\s(?:summe|ergebnis|gesamt|totaal|totale))",
    re.IGNORECASE,
)
_BALANCE = re.compile(
    r"(?:opening|closing|start(?:ing)?|begin(?:ning)?|end(?:ing)?)\s+balance\b.*|"
    r"(?:previous|new)\s+balance(?:\s*[:=].*|\s+(?:as|at|on|due|of)\b.*)?|"
    r"balance\s+(?:b/?f|c/?f|brought|carried|forward)\b.*|balance (?:as (?:of|at)|at (?:start|end))\b.*|"
    r"net (?:movement|change)(?:\s+(?:for|in|of|during)\b.*)?:?|"
    r"(?:amount\s+)?(?:brought|carried)\s+(?:forward|down|over)\b.*|[bc]/(?:[fd]|fwd)|"
    r"att transportera|transporteren|overføres|overført|k převodu|átvitel|áthozat|de reportat|siirto (?:edelliseltä|seuraavalle)\b.*|"
    r"übertrag\b.*|saldovortrag\b.*|vortrag\b.*|(?:anfangs|end|schluss|eröffnungs)(?:saldo|bestand|bilanz|buchung)\b.*|saldenvortrag\b.*|"
    r"report à nouveau\b.*|à reporter\b.*|solde (?:initial|final|d'ouverture|de clôture)\b.*|"
    r"a nouveaux?\b.*|a reporter\b.*|total à reporter|solde au\b.*|suma (?:anterior|y sigue)|"
    r"saldo (?:inicial|final|anterior|iniziale|finale|początkowe|końcowe)\b.*|(?:begin|eind|openings|primo|ultimo|åbnings|alku|loppu)saldo\b.*|"
    r"(?:ingående|utgående|inngående) (?:saldo|balanse?)\b.*|bilans (?:otwarcia|zamknięcia)\b.*|(?:do|z) przeniesienia|"
    r"(?:počáteční|konečný) (?:stav|zůstatek)\b.*|(?:a )?riport(?:are|o)|a transportar|(?:前期|前月|次期|次月)繰越|(?:次頁|前頁)(?:へ|より)繰越|"
    r"over te dragen|siirretään|"
    r"solde (?:en (?:début|fin)|précédent|créditeur|débiteur)\b.*|(?:ancien|nouveau) solde\b.*|"
    r"(?:alter|neuer|letzter) (?:kontostand|saldo)\b.*|kontostand (?:am|vom|zum)\b.*|"
    r"saldo (?:do dia|del giorno|total|previo|precedente|contabile|disponible|disponibile|em conta|actual|attuale|"
    r"na początek|na koniec)\b.*|likut(?:is|is:)? (?:pradžiai|pabaigai)\b.*|(?:pradinis|galutinis) likutis\b.*|"
    r"(?:debeto |kredito )?apyvarta|(?:sākuma|beigu) atlikums\b.*|apgrozījums|(?:alg|lõpp)saldo\b.*|käive|"
    r"(?:nyitó|záró) egyenleg\b.*|(?:входящ|исходящ|начальн|конечн)[а-я]+ (?:остаток|баланс|сальдо)\b.*|"
    r"остаток на (?:начало|конец)\b.*|devreden (?:bakiye|tutar)|(?:açılış|kapanış) bakiyesi|"
    r"(?:期初|期末|上期|本期)(?:余额|餘額)|(?:前日|繰越)残高|"
    r"sold (?:ini[tț]ial|final|precedent|anterior)\b.*|обороты? за период\b.*|saldo (?:awal|akhir)\b.*|"
    r"mutasi (?:debet|kredit|debit)\b.*|(?:ยอดยกมา|ยอดยกไป|ยอดคงเหลือยกมา).*|số dư (?:đầu|cuối)\b.*|baki (?:awal|akhir)\b.*|"
    r"(?:الرصيد|رصيد) (?:الافتتاحي|الختامي|افتتاحي|ختامي|أول|آخر|السابق).*|مانده (?:ابتدای|انتهای|از قبل|اول|پایان).*|"
    r"יתרת (?:פתיחה|סגירה).*|(?:начално|крайно) салдо\b.*|(?:почетно|крајње|претходно|ново) стање\b.*|"
    r"(?:početno|konačno|završno|prethodno|novo|začetno|končno) stanje\b.*|залишок на (?:початок|кінець)\b.*|"
    r"(?:начальный|конечный) остаток\b.*|(?:αρχικό|τελικό|προηγούμενο|νέο)(?: \w+)? υπόλοιπο\b.*|"
    r"(?:საწყისი|საბოლოო) ნაშთი.*|전(?:월|기|일|액)? ?이월.*|이월(?:잔액|금액).*|(?:počiatočný|konečný) zostatok\b.*",
    re.IGNORECASE,
)
#: Figures printed under a list that are no sums of it.
_FIGURE = re.compile(
    r"(?:average|avg|mean|median|max(?:imum)?|min(?:imum)?|(?:record |line |invoice )?count|"
    r"(?:number|no\.?|nr\.?) of (?:invoices|payments|transactions|lines|items|records|suppliers|rows)|durchschnitt|mittelwert|"
    r"anzahl|moyenne|nombre de lignes|promedio|gemiddelde|aantal|conteggio)\s*[:=]?",
    re.IGNORECASE,
)
#: A company may be called Total Cost Management Ltd; no total is.
_COMPANY = re.compile(
    r"\b(?:ltd|limited|llp|plc|inc|corp|llc|gmbh|ag|kg|sa|sas|sarl|srl|spa|bv|nv|ab|oy|as|aps|co|cic|pty|systems|"
    r"solutions)\.?$",
    re.IGNORECASE,
)
#: A cheap look before the costly ones: what every word above has in it.
_HINT = re.compile(
    r"^\s*\*|net movement|net change|tot|sum|som|average|avg|mean|median|max|min|count|number of|no\.? of|nr\.? of|durchschnitt|mittelwert|anzahl|aantal|"
    r"moyenne|nombre|promedio|gemiddelde|conteggio|kontostand|all |alle |tous|todos|tutti|gesamt|saldo|balance|balans|bilanz|eröffn|solde|forward|carried|brought|over|[bc]/?[fd]|ergebnis|i alt|yhte|razem|ogó|"
    r"nouveau|reporter|reportat|transport|overfø|převod|átvitel|áthozat|siirto|sigue|otwarcia|zamkni|przeniesienia|počáteční|konečný|riport|transportar|繰越|dragen|siirr|"
    r"celkem|souč|spolu|ukup|skupaj|össz|toplam|σύν|итог|всего|всьо|раз|общо|сума|vortrag|übertrag|report|importe|kopā|"
    r"iš viso|kokku|jumlah|tổng|[合总總小계합]|المج|סה|likut|apyvarta|atlikums|apgroz|käive|egyenleg|остат|баланс|"
    r"сальдо|bakiye|devreden|余额|餘額|残高|sold|оборот|mutasi|ยอด|số dư|baki|رصيد|مانده|יתרת|салдо|стање|stanje|залишок|"
    r"υπόλοιπο|ნაშთი|이월|zostatok|รวม|جمع|جمال|укуп|свега|всичко|სულ|ჯამი|ընդամ|মোট|কুল|कुल|योग|סך",
)
#: Lists of SAP mark the level of a sum with asterisks: ``** Account 100200``.
_STARRED = re.compile(r"\s*\*{1,4}\s+\S")
_NUMBER = re.compile("[0-9]+")
#: No total is called longer than this: its word and a supplier's whole name.
_LONG = 160


class Says(IntEnum):
    """How much a row's words claim that it is a total."""

    NOTHING = 0
    LOOSELY = 1
    OUTRIGHT = 2
    BALANCE = 3
    FIGURE = 4


def shape(text: str) -> str:
    """A text with every number in it as one 0: what ten thousand invoice numbers have in common."""
    return _NUMBER.sub("0", text)


@lru_cache(maxsize=20_000)
def hints(form: str) -> bool:
    """Whether a text of this shape could claim anything; what is false here needs no closer look."""
    return bool(_HINT.search(form.lower()))


@lru_cache(maxsize=100_000)
def says_total(text: str) -> Says:
    """What one cell's text claims."""
    if not hints(shape(text)):
        return Says.NOTHING
    plain = fold(text).strip(" *_=.")
    if not plain or len(plain) > _LONG:
        return Says.NOTHING
    if _BALANCE.fullmatch(plain):
        return Says.BALANCE
    if _FIGURE.fullmatch(plain):
        return Says.FIGURE
    if _PURE.fullmatch(plain):
        return Says.OUTRIGHT
    if _PREFIXED.fullmatch(plain) and not (
        _COMPANY.search(plain) and not re.search(r"\b(?:for|of)\b", plain)
    ):
        return Says.OUTRIGHT
    if _LOOSE.fullmatch(plain) or _STARRED.match(text):
        return Says.LOOSELY
    return Says.NOTHING


def company(text: str) -> bool:
    """Whether a text ends as companies do (``Total Mobile Limited``)."""
    return bool(_COMPANY.search(fold(text)))


def only_total(text: str) -> bool:
    """Whether a text is nothing but the word (``Total``, ``Grand total:``), as no group would be called."""
    return bool(_PURE.fullmatch(fold(text).strip(" *_=.")))


def repeats(label: str, name: str) -> bool:
    """Whether a label such as ``ACME LTD Total`` repeats the name of the group above it."""
    if not name:
        return False
    rest = re.sub(
        rf"^{_TOTAL}(?!\w)\s*(?:for|of|:|-)?\s*|\s*(?:sub[\s-]?)?totals?:?$",
        "",
        fold(label),
        flags=re.IGNORECASE,
    ).strip()
    return bool(rest) and rest.casefold() == fold(name).casefold()
