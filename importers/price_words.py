"""Words of headings that speak of the price of one, and of how many pieces a price stands for."""

from typing import Final

#: As :func:`importers.words.heading_words` gives them: folded, without accents.
PRICES: Final = frozenset(
    "price unit each rate unitario unitaire unitara preis prix precio prezzo prijs preco pris styckpris apris enhetspris stykpris hinta yksikkohinta "
    "cena jednostkowa ar egysegar pret fiyat fiyati birim цена ціна τιμη 単価 单价 單價 价格 價格 단가 harga gia".split()
)
PER: Final = frozenset("per unit pe einheit preiseinheit basis base lot pack".split())
