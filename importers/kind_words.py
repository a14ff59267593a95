"""Words of columns that say of each line what it is: bought or sold, moved, deleted."""

import re
from typing import Final

from importers.grid import Cell
from importers.texts import fold

#: What was sold, and what was bought, as registers of both directions name their lines (folded, lower case).
SOLD: Final = re.compile(
    r"(?:sales?|sold|revenues?|(?:accounts? )?receivables?|customers?|clients?|forderung(?:en)?|debitor(?:en)?|kunde|accrec|ar|outgoing invoice|sales? (?:invoice|credit(?: note)?)|customer invoice|"
    r"verkauf|verkäufe|ausgangsrechnung|erlös|ventes?|facture client|ventas?|factura (?:de venta|emitida)|emitidas?|vendite?|"
    r"fattura (?:attiva|emessa)|attiva|verkoop|verkoopfactuur|vendas?|saída|försäljning|kundfaktura|salg|salgsfaktura|"
    r"myynti|myyntilasku|sprzedaż|prodej|predaj|prodaja|értékesítés|vânzare|satış|продажа|реализация|продаж|"
    r"매출|매출세금계산서|売上|売上高|销项|销售|銷項)"
)
BOUGHT: Final = re.compile(
    r"(?:purchases?|bought|(?:accounts? )?payables?|suppliers?|vendors?|verbindlichkeit(?:en)?|kreditor(?:en)?|lieferant|"
    r"accpay|ap|incoming invoice|purchase (?:invoice|credit(?: note)?)|supplier invoice|"
    r"vendor (?:invoice|bill)|bills?|expenses?|einkauf|einkäufe|eingangsrechnung|achats?|facture fournisseur|compras?|"
    r"factura (?:de compra|recibida)|recibidas?|acquist[oi]|fattura (?:passiva|ricevuta)|passiva|inkoop|inkoopfactuur|"
    r"entrada|inköp|leverantörsfaktura|køb|købsfaktura|kjøp|leverandørfaktura|osto|ostolasku|zakup|nákup|nabava|"
    r"beszerzés|achiziție|alış|покупка|закупка|купівля|매입|매입세금계산서|仕入|仕入高|进项|采购|進項|採購)"
)
#: Kinds of rows that are sums, as bills of programs name them in one word.
TOTALLED: Final = re.compile(
    r"(?:[^\W\d_]+[ _-]){0,3}[^\W\d_]*(?:totals?|totaal|totale|summe)|"
    r"(?:sub[ _-]?)?totals?[ _-](?:[^\W\d_]+[ _-]){0,2}[^\W\d_]+[ _-]?"
)
#: Headings of flags that say a line is no spend: moved between one's own accounts, deleted, void.
MOVED: Final = re.compile(
    r"(?:is[ _]?)?(?:internal[ _])?transfer(?:red)?\??|振替|이체|umbuchung|virement interne|traspaso|trasferimento",
    re.IGNORECASE,
)
DELETED: Final = re.compile(
    r"(?:is[ _]?)?(?:deleted|deletion|delete|void(?:ed)?|cancell?ed|excluded?|ignored?|declined|rejected)"
    r"(?:[ _](?:ind(?:icator|\.)?|flag))?\??|löschkennzeichen|lkz|gelöscht|storniert|annulé|anulad[oa]|annullat[oa]|"
    r"makulerad|annulleret|mitätöity|削除|取消|취소|삭제",
    re.IGNORECASE,
)
SET: Final = frozenset(
    (
        "1",
        "true",
        "yes",
        "y",
        "x",
        "l",
        "ja",
        "j",
        "oui",
        "o",
        "si",
        "sí",
        "s",
        "wahr",
        "vrai",
        "○",
        "〇",
        "✓",
    )
)
UNSET: Final = frozenset(
    ("", "0", "false", "no", "n", "nein", "nee", "nej", "non", "nei", "falsch", "faux", "×", "-")
)


def kind_word(value: Cell) -> str:
    """A cell as the word that tells its line's kind: folded, lower case; numbers of a flag too."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}"
    return fold(value).casefold() if isinstance(value, str) else ""


_OF_WHAT = (
    r"(?:[0-9.]+\s+)?(?:[^\W\d_]+\s+)?{words}(?:\s+(?:transactions?|invoices?|register|journal|details?|list|items?|accounts?|lines?|section))?"
    r"(?:\s*[(:–-].*)?:?"
)
#: A line alone above a table of what was sold or earned, and of what was bought or spent.
SALES_TITLE: Final = re.compile(
    _OF_WHAT.format(
        words=r"(?:incomes?|revenues?|sales|ingresos|ventas|receitas|vendas|recettes|ventes|produits|einnahmen|erlöse|verkäufe|"
        r"umsatzerlöse|entrate|ricavi|vendite|inkomsten|opbrengsten|verkopen|intäkter|försäljning|inntekter|salg|indtægter|"
        r"tulot|myynti|myynnit|przychody|sprzedaż|příjmy|tržby|prihodi|bevételek|venituri|gelirler|satışlar|доходы|продажи|"
        r"売上|収入|매출|수입|销售|收入)"
    ),
    re.IGNORECASE,
)
COSTS_TITLE: Final = re.compile(
    _OF_WHAT.format(
        words=r"(?:expenses?|expenditures?|purchases|costs|gastos|compras|egresos|despesas|dépenses|achats|charges|ausgaben|"
        r"kosten|einkäufe|aufwendungen|uscite|costi|spese|acquisti|uitgaven|inkopen|kostnader|inköp|utgifter|køb|udgifter|"
        r"menot|ostot|kulut|koszty|zakupy|wydatki|výdaje|nákupy|náklady|troškovi|kiadások|cheltuieli|giderler|alışlar|"
        r"расходы|покупки|затраты|支出|仕入|経費|매입|지출|비용|采购|费用)"
    ),
    re.IGNORECASE,
)


#: A column of whom was sold to.
CUSTOMER: Final = re.compile(
    r"(?:customer|client|cliente|kunde|kunden|klant|kund|asiakas|klient|odběratel|müşteri|клиент|покупатель|顧客|得意先|客户|고객|"
    r"매출처|acheteur|comprador|acquirente)(?:\s*(?:name|nom|nome|nombre|n[ao]*m[en]*|nazwa|jméno|名|명|rtn))?",
    re.IGNORECASE,
)
