"""Which code page a text without a mark was written in: the one that could write its words."""

import pytest

from importers.code_pages import decode


@pytest.mark.parametrize(
    "encoding,text",
    [
        ("cp874", "วันที่,รายการ,ถอนเงิน\n01/06/2569,ค่าธรรมเนียม,50.00\n03/06/2569,ชำระเงินค่าโฆษณา,12.50"),
        ("cp1254", "İşlem Tarihi;Açıklama;Tutar\n10.06.2026;MÜŞTERİ İADESİ ığdır;12,00"),
        ("cp1250", "Račun;Začetno stanje;Plačnik\nSI56;Knjiženo;Naročnina žarnic, plačnik Čuček"),
        ("cp1257", "Sąskaitos numeris;Gavėjas;Paaiškinimai\nLT73;Žemaičių šaltinis;Apmokėjimas už spaudą"),
        ("cp1252", "Dagsetning;Skýring;Upphæð\n02.03.2026;Þjónustugjald;-950\n03.03.2026;Viðskiptavinur;600"),
        ("cp1252", "Datum;Empfänger;Betrag\n01.02.2026;Müller für Öl GmbH;12,00"),
        ("cp1252", "Date;Libellé;Montant\n01/02/2026;Société générale, à régler où ça;12,00"),
        ("gb18030", "交易时间,交易对方,金额\n2026-09-01,阿里云计算有限公司,12.00\n2026-09-02,某某广告,9.00"),
        ("mac_roman", "Date;Libellé;Montant\n01/02/2026;Société générale à Besançon;12,00"),
        ("cp1251", "Date,Supplier,Amount\n2026-01-13,Видео Мастер,12.00"),
        ("koi8_r", "Date,Supplier,Amount\n2026-01-13,Москва Медиа,12.00\n2026-01-14,Acme,5.00"),
        ("cp1253", "Date,Supplier,Amount\n2026-01-13,Διαφήμιση Αθήνας,12.00\n2026-01-14,ΔΕΗ ΑΕ,5.00"),
        ("euc_jp", "Date,Supplier,Amount\n2026-01-13,株式会社ルメン,12.00"),
        ("cp932", "Date,Supplier,Amount\n2026-01-13,東京ｶﾞｽ株式会社,12.00\n2026-01-14,櫻井企画,5.00"),
        ("big5", "Date,Supplier,Amount\n2026-01-13,流明五有限公司,12.00"),
    ],
)
def test_the_code_page_is_the_one_whose_words_could_be_written_so(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text
