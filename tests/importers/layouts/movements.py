"""Movements of accounts, wallets and card processors as their owners download them, and bills of metered services."""

from dataclasses import replace
from typing import Any

from tests.importers.layouts.bodies import text_case
from tests.importers.layouts.lines import Case, Rows, amount_text, lines

EUR: dict[str, Any] = {"currency": "EUR", "base": "EUR"}


def by_code() -> list[Case]:
    """Currencies and figures that a heading names only together with the cell beside it."""
    made: list[Case] = []
    of = lines(7001, 22, credits=6)
    rows: Rows = [["Datum", "Tijd", "Omschrijving", "FX", "Mutatie", "", "Saldo", "", "Order Id"]]
    balance = 5_000_000
    for x in of:
        balance -= x.cents
        moved, left = amount_text(-x.cents, "de"), amount_text(balance, "de")
        rows.append([f"{x.day:%d-%m-%Y}", "08:14", x.supplier, "", "CHF", moved, "CHF", left, ""])
    made.append(
        text_case(
            "code-and-amount-share-a-heading",
            rows,
            of,
            currency="CHF",
            base="EUR",
            answers=(("F.sign", "-1"),),
        )
    )

    rows = [["Produit", "Monn.", "Date de comptabilisation", "Bénéficiaire", "Débit", "Crédit"]]
    for x in of:
        debit, credit = ("", amount_text(-x.cents, "ch")) if x.cents < 0 else (amount_text(x.cents, "ch"), "")
        rows.append(["0123 45678901.23A", "CHF", f"{x.day:%d.%m.%Y}", x.supplier, debit, credit])
    made.append(
        text_case("codes-under-an-unknown-heading", rows, of, delimiter=";", currency="CHF", base="EUR")
    )

    spent = lines(7002, 18, credits=0)
    rows = [["12345", x.supplier, f"{x.day:%d.%m.%Y}", amount_text(-x.cents, "comma"), "CHF"] for x in spent]
    made.append(
        text_case(
            "codes-without-any-heading",
            rows,
            spent,
            delimiter=";",
            currency="CHF",
            base="EUR",
            answers=(("D.sign", "-1"),),
        )
    )

    here, there = spent[:12], spent[12:]
    rows = [["Account Type", "Transaction Date", "Cheque Number", "Description 1", "CAD$", "USD$"]]
    for x in here:
        rows.append(["Chequing", f"{x.day:%m/%d/%Y}", "", x.supplier, amount_text(-x.cents, "plain"), ""])
    for x in there:
        rows.append(["Visa", f"{x.day:%m/%d/%Y}", "", x.supplier, "", amount_text(-x.cents, "plain")])
    made.append(
        text_case(
            "a-column-for-each-dollar",
            rows,
            here,
            currency="CAD",
            base="CAD",
            others=tuple((x.day, x.supplier, x.amount, "USD") for x in there),
            answers=(("E.sign", "-1"),),
        )
    )

    rows = [
        ["Bank Detaliczny S.A."],
        ["#Waluta"],
        ["PLN"],
        ["#Saldo początkowe", "90 000,00 PLN"],
        [],
        [
            "#Data operacji",
            "#Data księgowania",
            "#Opis operacji",
            "#Tytuł",
            "#Nadawca/Odbiorca",
            "#Kwota",
            "#Saldo",
        ],
    ]
    balance = 9_000_000
    named = [replace(x, supplier=x.supplier if x.number % 5 < 2 else "") for x in of]
    for x in named:
        balance -= x.cents
        day = f"{x.day:%Y-%m-%d}"
        cells = [amount_text(-x.cents, "fr"), amount_text(balance, "fr")]
        rows.append([day, day, "ZAKUP PRZY UŻYCIU KARTY", x.text, x.supplier or "  ", *cells])
    rows.append(["", "", "", "", "", "#Saldo końcowe", amount_text(balance, "fr") + " PLN"])
    made.append(
        text_case(
            "payees-only-where-somebody-is-named",
            rows,
            named,
            delimiter=";",
            currency="PLN",
            base="EUR",
            answers=(("F.sign", "-1"),),
        )
    )
    return made


def by_side() -> list[Case]:
    """Which lines are money in: in words of several languages, beside signs of their own, without a heading."""
    made: list[Case] = []
    of = lines(7003, 24, credits=7)
    rows: Rows = [["Sąskaitos Nr.", "Data", "Gavėjas", "Paaiškinimai", "Suma", "Valiuta", "D/K", "Įrašo Nr."]]

    def turned(day: str, text: str, cents: int, side: str) -> list[str]:
        return ["LT01", day, "", text, amount_text(cents, "plain"), "EUR", side, ""]

    rows.append(turned("2026-01-01", "Likutis pradžiai", 9_000_000, "K"))
    for x in of:
        side = "K" if x.cents < 0 else "D"
        amount = amount_text(abs(x.cents), "plain")
        rows.append(["LT01", f"{x.day:%Y-%m-%d}", x.supplier, x.text, amount, "EUR", side, f"E{x.number}"])
    rows.append(turned("2026-12-31", "Apyvarta", sum(x.cents for x in of if x.cents > 0), "D"))
    rows.append(turned("2026-12-31", "Apyvarta", -sum(x.cents for x in of if x.cents < 0), "K"))
    rows.append(turned("2026-12-31", "Likutis pabaigai", 9_000_000 - sum(x.cents for x in of), "K"))
    made.append(text_case("sides-d-and-k-with-turnovers", rows, of, **EUR))

    rows = [
        ["Tranzakció dátuma", "Partner neve", "Tranzakció összege", "Tranzakció devizaneme", "Bevétel/Kiadás"]
    ]
    for x in of:
        way = "inflow" if x.cents < 0 else "outflow"
        rows.append([f"{x.day:%Y.%m.%d}.", x.supplier, amount_text(-x.cents, "plain"), "HUF", way])
    made.append(text_case("minus-where-the-side-says-out", rows, of, currency="HUF", base="EUR"))

    spent = lines(7004, 20, credits=0)
    rows = [["Date Processed", "Description", "Amount", ""]]
    for x in spent:
        rows.append([f"{x.day:%d-%b-%Y}", x.supplier, amount_text(x.cents, "pound"), ""])
    rows.insert(9, ["03-Jun-2026", "PAYMENT RECEIVED - THANK YOU", "+ £1,100.00", "CR"])
    made.append(text_case("cr-in-a-column-without-a-heading", rows, spent, not_spend=1))

    rows = [
        ["微信支付账单明细", "", "", "", "", "", ""],
        ["共24笔记录", "", "", "", "", "", ""],
        ["交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "当前状态"],
    ]
    for x in of:
        side = "收入" if x.cents < 0 else "支出"
        amount = "¥" + amount_text(abs(x.cents), "plain")
        rows.append([f"{x.day:%Y-%m-%d} 21:35:09", "商户消费", x.supplier, x.text, side, amount, "支付成功"])
    rows.insert(7, ["2026-03-01 08:00:00", "信用卡还款", "某银行", "还款", "/", "¥1000.00", "支付成功"])
    made.append(
        text_case("wallet-with-lines-on-neither-side", rows, of, currency="CNY", base="EUR", not_spend=1)
    )

    rows = [
        [
            "Datum der Transaktion",
            "Empfänger",
            "Rechnungsbetrag ausgehend",
            "Rechnungsbetrag eingehend",
            "Währung",
        ]
    ]
    rows[0] += ["Zahlungsbetrag ausgehend", "Zahlungsbetrag eingehend", "Zahlungswährung"]
    for x in of:
        pair = (
            ["0.00", amount_text(-x.cents, "plain")]
            if x.cents < 0
            else [amount_text(x.cents, "plain"), "0.00"]
        )
        rows.append([f"{x.day:%d.%m.%y}, 13:56", x.supplier, *pair, "EUR", *pair, "EUR"])
    made.append(text_case("outgoing-and-incoming-twice", rows, of, **EUR))

    rows = []
    for x in of:
        pair = ["", amount_text(-x.cents, "plain")] if x.cents < 0 else [amount_text(x.cents, "plain"), ""]
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, *pair, "4500********1234"])
    made.append(
        text_case(
            "sides-without-any-heading", rows, of, currency="CAD", base="CAD", answers=(("D.sign", "1"),)
        )
    )
    return made


def in_other_words() -> list[Case]:
    """Chinese, Korean, Turkish, German: compound headings, a side unknown, credits in words, what stands above."""
    made: list[Case] = []
    of = lines(7009, 20, credits=6)
    rows: Rows = [["交易日", "银行记账日", "交易描述", "划入", "支出", "币种"]]
    for x in of:
        pair = [amount_text(-x.cents, "plain"), ""] if x.cents < 0 else ["", amount_text(x.cents, "plain")]
        day = f"{x.day:%Y-%m-%d}"
        rows.append([day, day, x.supplier, *pair, "CNY"])
    made.append(
        text_case("one-side-known-by-its-word", rows, of, encoding="gb18030", currency="CNY", base="EUR")
    )

    rows = [
        ["导出时间：2026-12-31"],
        ["支出：14笔，60735.99元"],
        ["交易时间", "商户名称", "收/支", "实付金额"],
    ]
    for x in of:
        side = "收入" if x.cents < 0 else "支出"
        rows.append([f"{x.day:%Y-%m-%d} 06:37:20", x.supplier, side, amount_text(abs(x.cents), "plain")])
    made.append(text_case("units-of-the-lines-above", rows, of, currency="CNY", base="EUR"))

    rows = [["交易日期", "入账日期", "交易摘要", "入账金额", "入账货币"]]
    back = []
    for x in of:
        kind = "（退货）" if x.cents < 0 else "（消费）"
        day = f"{x.day:%Y/%m/%d}"
        rows.append([day, day, kind + x.supplier, amount_text(abs(x.cents), "plain"), "人民币"])
        back.append(replace(x, supplier=kind + x.supplier))
    made.append(
        text_case(
            "goods-returned-without-a-minus",
            rows,
            back,
            currency="CNY",
            base="EUR",
            answers=(("C.credits", "subtract"),),
        )
    )

    rows = [["거래일시", "기재내용", "찾으신돈", "금액", "잔액(원)"]]
    balance = 90_000_000
    for x in (whole := [replace(x, cents=x.cents // 100 * 100) for x in of]):
        balance -= x.cents
        pair = ["0", f"{-x.cents // 100:,}"] if x.cents < 0 else [f"{x.cents // 100:,}", "0"]
        rows.append([f"{x.day:%Y.%m.%d} 10:15:00", x.supplier, *pair, f"{balance // 100:,}원"])
    made.append(
        text_case(
            "an-amount-and-what-it-leaves-empty",
            rows,
            whole,
            encoding="utf-8-sig",
            currency="KRW",
            base="KRW",
            answers=(("D.sign", "1"),),
        )
    )

    rows = [["İşlem Tarihi", "Açıklama", "Borç Tutarı (TL)", "Kalan"]]
    for x in of:
        sign = "(-)" if x.cents < 0 else ""
        rows.append([f"{x.day:%d/%m/%Y}", x.supplier, amount_text(abs(x.cents), "de") + sign, ""])
    made.append(text_case("a-sign-in-parentheses", rows, of, delimiter=";", currency="TRY", base="EUR"))

    of = lines(7012, 20, credits=10)
    rows = [["Umsatzanzeige", ""], ["Kontostand vom 31.12.2026:", "5.234,56 EUR"], []]
    rows.append(["Buchung", "Valuta", "Auftraggeber/Empfänger", "Buchungstext", "Verwendungszweck", "Betrag"])
    for x in of:
        kind = "Gutschrift" if x.cents < 0 else "Lastschrift"
        day = f"{x.day:%d.%m.%Y}"
        rows.append([day, day, x.supplier, kind, x.text, amount_text(-x.cents, "de")])
    told = [list(row) for row in rows]
    euro: dict[str, Any] = {"delimiter": ";", "currency": "EUR", "base": "GBP"}
    made.append(text_case("sides-in-the-text-of-the-posting", told, of, **euro))
    for row in rows[4:]:
        row[3] = "Buchung"
    made.append(text_case("a-balance-above", rows, of, **euro, answers=(("F.sign", "-1"),)))
    of = lines(7011, 20, credits=10)
    rows = [["交易日期", "交易时间", "对手信息", "交易金额", "交易渠道"]]
    for x in of:
        rows.append([f"{x.day:%Y%m%d}", "123456", x.supplier, f"{-x.cents / 100:+.2f}", "电子商务"])
    made.append(text_case("what-comes-in-with-a-plus", rows, of, **EUR, answers=(("D.sign", "-1"),)))
    return made


def by_balance() -> list[Case]:
    """Signs a balance beside the amounts makes doubtful, however many of them are below nought."""
    made: list[Case] = []
    of = lines(7005, 20, credits=12)
    rows: Rows = [["Bokföringsdag", "Belopp", "Mottagare", "Rubrik", "Saldo", "Valuta"]]
    balance = 30_000_000
    for x in reversed(of):
        amounts = [amount_text(-x.cents, "comma"), amount_text(balance, "comma")]
        rows.append([f"{x.day:%Y-%m-%d}", amounts[0], x.supplier, "Kortköp", amounts[1], "SEK"])
        balance += x.cents
    made.append(
        text_case(
            "more-comes-in-than-goes-out",
            rows,
            of,
            delimiter=";",
            currency="SEK",
            base="SEK",
            answers=(("B.sign", "-1"),),
        )
    )

    of = lines(7008, 20, credits=9)
    rows = [["date", "class", "desc", "notes", "amount", "balance"]]
    for x in sorted(of, key=lambda line: line.text):
        rows.append(
            [f"{x.day:%d/%m/%Y}", "Compras", x.supplier, "", amount_text(-x.cents, "plain"), "1719.90"]
        )
    made.append(text_case("a-balance-in-no-order", rows, of, **EUR, answers=(("E.sign", "-1"),)))

    received = [replace(x, cents=-abs(x.cents)) for x in lines(7010, 12, credits=0)]
    rows = [["Date", "Name", "Gross", "Fee", "Net", "Balance"]]
    balance = 7_000_000
    for x in received:
        balance -= x.cents
        net = amount_text(-x.cents, "plain")
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, net, "0.00", net, amount_text(balance, "plain")])
    made.append(text_case("everything-comes-in", rows, received, **EUR, answers=(("E.sign", "-1"),)))
    return made


def metered() -> list[Case]:
    """Bills of metered services and processors, with prices and charges beside what is billed."""
    made: list[Case] = []
    of = lines(7006, 20)
    head = [
        "BilledCost",
        "BillingAccountId",
        "BillingCurrency",
        "ChargeCategory",
        "ChargePeriodStart",
        "ContractedCost",
    ]
    rows: Rows = [
        [*head, "EffectiveCost", "ListCost", "ServiceName", "ServiceProviderName", "SubscriptionId"]
    ]
    for x in of:
        billed, listed = amount_text(x.cents, "plain"), amount_text(x.cents + 900, "plain")
        line = [billed, "999", "USD", "Usage", f"{x.day:%Y-%m-%d}T00:00:00Z", listed, listed, listed]
        rows.append([*line, x.text, x.supplier, f"sub-{x.number}"])
    made.append(text_case("billed-beside-list-and-contracted", rows, of, currency="USD", base="EUR"))

    rows = [
        ["Fecha", "Nombre", "Divisa", "Bruto", "Comisión", "Neto", "Importe de envío y manipulación", "Saldo"]
    ]
    balance = 30_000_000
    for x in of:
        balance -= x.cents
        amounts = [
            amount_text(-x.cents, "de"),
            "0,00",
            amount_text(-x.cents, "de"),
            "0,00",
            amount_text(balance, "de"),
        ]
        rows.append([f"{x.day:%d/%m/%Y}", x.supplier, "EUR", *amounts])
    made.append(text_case("net-of-fee-and-shipping", rows, of, **EUR, answers=(("F.sign", "-1"),)))

    yen = lines(7007, 18, credits=1, whole=True)
    whole = [replace(x, cents=x.cents // 100 * 100) for x in yen]
    rows = [["計算対象", "日付", "内容", "金額（円）", "保有金融機関", "大項目", "メモ", "振替", "ID"]]
    for x in whole:
        units = f"{-x.cents // 100:,}" if x.number % 2 else str(-x.cents // 100)
        rows.append(["1", f"{x.day:%Y/%m/%d}", x.supplier, units, "カード", "食費", "", "0", f"a{x.number}"])
    made.append(
        text_case(
            "yen-in-thousands-without-fractions",
            rows,
            whole,
            currency="JPY",
            base="EUR",
            answers=(("D.sign", "-1"),),
        )
    )

    rows = [
        ["Дата операции", "Номер карты", "Статус", "Сумма платежа", "Валюта платежа", "Категория", "Описание"]
    ]
    for x in of:
        amount = amount_text(-x.cents, "comma")
        rows.append([f"{x.day:%d.%m.%Y} 20:06:27", "*0507", "OK", amount, "RUB", "Подписки", x.supplier])
    rows.insert(6, ["11.03.2026 12:30:00", "*0507", "FAILED", "-500,00", "RUB", "Прочее", "Отмена"])
    made.append(
        text_case(
            "failed-among-operations",
            rows,
            of,
            delimiter=";",
            currency="RUB",
            base="EUR",
            not_spend=1,
            answers=(("D.sign", "-1"),),
        )
    )
    return made


def cases() -> list[Case]:
    """All of them."""
    return [*by_code(), *by_side(), *in_other_words(), *by_balance(), *metered()]
