"""Entries of vendor ledgers, spend programs and Nordic banks: fees, conversions, payments beside bills."""

from dataclasses import replace
from typing import Any

from tests.importers.layouts.bodies import text_case
from tests.importers.layouts.cases import sheet_case
from tests.importers.layouts.lines import Case, Rows, amount_text, cell, lines

EUR: dict[str, Any] = {"currency": "EUR", "base": "EUR"}
SEK: dict[str, Any] = {"currency": "SEK", "base": "SEK"}


def _plain(cents: int) -> str:
    return amount_text(cents, "plain")


def _comma(cents: int) -> str:
    return amount_text(cents, "comma")


def ledgers() -> list[Case]:
    """Vendor ledgers with the payments of their bills, which carry the other sign."""
    made: list[Case] = []
    of = lines(8101, 18)
    head = ["Pstng Date", "Type", "Vendor Name", "DocumentNo", "Amt.in loc.cur.", "LCurr"]
    rows: Rows = [head]
    for x in of:
        rows.append(
            [
                f"{x.day:%Y-%m-%d}",
                "KG" if x.cents < 0 else "KR",
                x.supplier,
                5_100_000 + x.number,
                cell(x, "neg:de"),
                "EUR",
            ]
        )
        if x.cents > 0:
            rows.append([f"{x.day:%Y-%m-%d}", "KZ", x.supplier, 1_500_000 + x.number, cell(x, "a:de"), "EUR"])
    paid = sum(x.cents > 0 for x in of)
    made.append(sheet_case("as-many-payments-as-bills", rows, of, **EUR, not_spend=paid))
    return made


def banks() -> list[Case]:
    """Nordic banks: sides, accounts' numbers as payees, own savings, a line of days right above the headings."""
    made: list[Case] = []
    of = lines(8201, 16, credits=1)
    rows: Rows = [["Kontoutdrag"], [], ["Transaktionsdatum", "Specifikation", "Insättning", "Uttag", "Saldo"]]
    balance = 9_000_000
    for x in of:
        balance -= x.cents
        rows.append(
            [
                f"{x.day:%Y-%m-%d}",
                x.supplier,
                cell(x, "cr:fr"),
                cell(x, "dr:fr"),
                amount_text(balance, "fr"),
            ]
        )
    made.append(text_case("one-deposit-among-withdrawals", rows, of, delimiter=";", **SEK))

    rows = [["Dato", "Forklaring", "Rentedato", "Ut fra konto", "Inn på konto"]]
    for x in of:
        out, into = cell(x, "dr:plain"), cell(x, "cr:plain")
        rows.append([f"{x.day:%d.%m.%Y}", x.supplier, f"{x.day:%d.%m.%Y}", out, into])
    made.append(text_case("out-of-and-into-the-account", rows, of, delimiter=";", **SEK))

    rows = [["Bokföringsdag", "Belopp", "Avsändare", "Mottagare", "Namn", "Rubrik", "Saldo", "Valuta"]]
    balance = 9_000_000
    for x in of:
        balance -= x.cents
        own = "3022 11 12345"
        sides = [own, None] if x.cents > 0 else [None, own]
        rows.append(
            [
                f"{x.day:%Y/%m/%d}",
                _comma(-x.cents),
                *sides,
                x.supplier,
                "Autogiro",
                amount_text(balance, "comma"),
                "SEK",
            ]
        )
    made.append(
        text_case("own-account-as-payee", rows, of, delimiter=";", **SEK, answers=(("B.sign", "-1"),))
    )

    rows = [
        ["* Transaktioner Period 2026-01-01 – 2026-12-31 Skapad 2027-01-04 08:15 CEST"],
        ["Radnummer", "Valuta", "Bokföringsdag", "Beskrivning", "Belopp", "Bokfört saldo"],
    ]
    balance = 9_000_000
    for x in of:
        balance -= x.cents
        day = f"{x.day:%Y-%m-%d}"
        rows.append([str(x.number), "SEK", day, x.supplier, _plain(-x.cents), _plain(balance)])
    made.append(text_case("days-right-above-the-headings", rows, of, **SEK, answers=(("E.sign", "-1"),)))

    rows = [["Dato", "Tekst", "Beløb", "Saldo"]]
    balance = 9_000_000
    for place, x in enumerate(of):
        if place == 5:
            balance -= 500_000
            day = f"{x.day:%d.%m.%Y}"
            rows.append([day, "Overført til opsparing", "-5.000,00", amount_text(balance, "de")])
        balance -= x.cents
        rows.append(
            [f"{x.day:%d.%m.%Y}", x.supplier, amount_text(-x.cents, "de"), amount_text(balance, "de")]
        )
    made.append(
        text_case(
            "savings-of-ones-own", rows, of, delimiter=";", **SEK, not_spend=1, answers=(("C.sign", "-1"),)
        )
    )

    paid = [x for x in of if x.cents > 0]
    rows = [["Kirjauspäivä", "Määrä", "Kurssi", "Selite", "Saaja"]]
    rows += [[f"{x.day:%Y-%m-%d}", _plain(-x.cents), "EUR", x.supplier, x.supplier] for x in paid]
    rows.insert(5, ["2026-03-04", "2111.10", "EUR", "Suoritus", ""])
    made.append(
        text_case(
            "card-paid-in-finnish", rows, paid, delimiter=";", **EUR, not_spend=1, answers=(("B.sign", "-1"),)
        )
    )

    # A supplier's service by that name, in a ledger without any balance, is spend.
    same = [replace(x, supplier="Transfer to savings account Ltd") if x.number % 5 == 0 else x for x in of]
    rows = [
        ["Date", "Supplier", "Amount"],
        *[[f"{x.day:%Y-%m-%d}", x.supplier, _plain(x.cents)] for x in same],
    ]
    made.append(text_case("a-supplier-named-as-a-transfer", rows, same, **SEK))

    rows = [["Vernr", "Datum", "Konto", "Benämning", "Text", "Debet", "Kredit"]]
    rows.append(["IB", "2026-01-01", "1930", "Företagskonto", "Ingående balans", "52 000,00", ""])
    for x in of:
        rows.append(
            [
                f"A{x.number}",
                f"{x.day:%Y-%m-%d}",
                "5420",
                "Programvaror",
                x.supplier,
                cell(x, "dr:comma"),
                cell(x, "cr:comma"),
            ]
        )
    made.append(text_case("opening-voucher", rows, of, delimiter=";", **SEK))
    return made


def programs() -> list[Case]:
    """Spend programs: how something was paid, tax by its code or without the amount's sign, the shop's currency."""
    made: list[Case] = []
    of = lines(8301, 18)
    head = ["Status", "Operation date", "Total amount (incl. VAT)", "Currency", "Local amount (incl. VAT)"]
    head += ["Local currency", "Counterparty name", "Payment method", "VAT amount"]
    rows: Rows = [head]
    for x in of:
        abroad = x.number % 4 == 1
        local = round(x.cents * 1.08) if abroad else x.cents
        rows.append(
            [
                "Settled",
                f"{x.day:%Y-%m-%d}",
                _plain(-x.cents),
                "EUR",
                _plain(-local),
                "USD" if abroad else "EUR",
                x.supplier,
                "Transfer" if x.number % 3 else "Card",
                _plain(abs(round(x.cents / 6))),
            ]
        )
    made.append(text_case("local-is-the-shops", rows, of, **EUR, answers=(("C.sign", "-1"),)))

    # The other way round: the ledger's own currency is the local one.
    rows = [["Date", "Vendor", "Amount", "Currency", "Local amount", "Local currency"]]
    for x in of:
        abroad = x.number % 4 == 1
        original = round(x.cents * 1.08) if abroad else x.cents
        currency = "USD" if abroad else "EUR"
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, _plain(original), currency, _plain(x.cents), "EUR"])
    made.append(text_case("local-is-our-own", rows, of, **EUR))

    rows = [["Expense Date", "Merchant", "Amount", "Currency", "Exchange Rate", "Amount in Base Currency"]]
    for x in of:
        abroad = x.number % 4 == 1
        original = round(x.cents / 0.92) if abroad else x.cents
        rows.append(
            [
                f"{x.day:%Y-%m-%d}",
                x.supplier,
                _plain(original),
                "USD" if abroad else "EUR",
                "0.92" if abroad else "1",
                _plain(x.cents),
            ]
        )
    made.append(text_case("base-by-its-rate", rows, of, currency="EUR", base="GBP"))

    rows = [["Konto", "Bilag", "Dato", "Beskrivelse", "Mva-kode", "Beløp (NOK)"]]
    for x in of:
        rows.append(
            ["6550 Programvare", str(x.number), f"{x.day:%d.%m.%Y}", x.supplier, "81", _comma(x.cents)]
        )
    made.append(text_case("tax-by-its-code", rows, of, delimiter=";", currency="NOK", base="NOK"))
    return made


def fees() -> list[Case]:
    """Fees in a column of their own: inside the amounts, on top of them, or unknown."""
    made: list[Case] = []
    of = lines(8401, 16, credits=0)
    charged = [round(abs(x.cents) * 0.015) if x.number % 3 == 0 else 0 for x in of]
    whole = [replace(x, cents=x.cents + fee) for x, fee in zip(of, charged, strict=True)]

    rows: Rows = [["Date", "Name", "Amount", "Fee", "Total"]]
    for x, fee, both in zip(of, charged, whole, strict=True):
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, _plain(x.cents), _plain(fee), _plain(both.cents)])
    made.append(text_case("a-total-holds-the-fee", rows, whole, **EUR))

    rows = [["Completed Date", "Description", "Amount", "Fee", "Currency", "Balance"]]
    balance = 9_000_000
    for x, fee in zip(of, charged, strict=True):
        balance -= x.cents + fee
        day = f"{x.day:%Y-%m-%d}"
        rows.append([day, x.supplier, _plain(-x.cents), _plain(fee), "EUR", _plain(balance)])
    made.append(text_case("a-balance-moves-by-the-fee", rows, whole, **EUR, answers=(("C.sign", "-1"),)))

    rows = [["Date", "Payee", "Amount", "Processing fee"]]
    for x, fee in zip(of, charged, strict=True):
        rows.append([f"{x.day:%d.%m.%Y}", x.supplier, _comma(x.cents), _comma(fee)])
    asked = {**EUR, "delimiter": ";"}
    made.append(text_case("fee-on-top-asked", rows, whole, **asked, answers=(("D.fee", "add"),)))
    made.append(text_case("fee-inside-asked", rows, of, **asked, answers=(("D.fee", "inside"),)))

    rows = [["Date", "Payee", "Gross", "Fee", "Net"]]
    for x, fee in zip(of, charged, strict=True):
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, _plain(x.cents), _plain(fee), _plain(x.cents - fee)])
    made.append(text_case("net-of-the-fee", rows, of, **EUR))

    head = [
        "ID",
        "Status",
        "Direction",
        "Created on",
        "Source fee amount",
        "Source fee currency",
        "Source name",
    ]
    head += ["Source amount (after fees)", "Source currency", "Target name", "Target amount (after fees)"]
    rows = [[*head, "Target currency"]]
    for x, fee in zip(of, charged, strict=True):
        abroad = x.number % 4 == 1
        rows.append(
            [
                f"T-{x.number}",
                "COMPLETED",
                "OUT",
                f"{x.day:%Y-%m-%d}",
                _plain(fee),
                "EUR",
                "Ours Ltd",
                _plain(x.cents),
                "EUR",
                x.supplier,
                _plain(round(x.cents * 1.08) if abroad else x.cents),
                "USD" if abroad else "EUR",
            ]
        )
    made.append(text_case("a-fee-is-not-the-amount", rows, whole, **EUR, answers=(("E.fee", "add"),)))

    # What is bought may be a fee: its type and its kind of money are none on top.
    rows = [["Date", "Supplier", "Fee type", "Fee currency", "Fee amount"]]
    for x in of:
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, "Licence", "EUR", _plain(x.cents)])
    made.append(text_case("fees-are-what-is-bought", rows, of, **EUR))
    return made


def bills() -> list[Case]:
    """Bills: drafts and those taken back by their state, an invoice's tax on each of its lines, a title's month."""
    made: list[Case] = []
    of = lines(8501, 18)
    rows: Rows = [["N° facture", "Fournisseur", "Date", "HT", "TVA", "TTC", "Statut"]]
    for x in of:
        tax = round(x.cents * 0.2)
        rows.append(
            [
                f"FA-{x.number}",
                x.supplier,
                f"{x.day:%Y-%m-%d}",
                _plain(x.cents),
                _plain(tax),
                _plain(x.cents + tax),
                "Payée",
            ]
        )
    rows.insert(4, ["FA-901", "Annulex SARL", "2026-02-11", "100.00", "20.00", "120.00", "Annulée"])
    rows.insert(9, ["FA-902", "Brouillon SARL", "2026-02-12", "100.00", "20.00", "120.00", "Brouillon"])
    made.append(text_case("taken-back-and-drafts", rows, of, **EUR, not_spend=2))

    rows = [["satzart", "konto", "belegdatum", "belegnr", "betrag", "steuer", "text", "waehrung"]]
    for x in of:
        tax = round(x.cents / 6)
        row = ["0", "300001", f"{x.day:%d.%m.%Y}", str(x.number), _comma(-x.cents), _comma(tax), x.supplier]
        rows.append([*row, "EUR"])
    made.append(
        text_case("tax-on-the-other-side", rows, of, delimiter=";", **EUR, answers=(("E.sign", "-1"),))
    )

    early = [replace(x, day=x.day.replace(month=9, day=3 + x.number % 6)) for x in of]
    rows = [["Bill Payment List"], ["September 2026"], [], ["Date", "Vendor", "Amount Paid"]]
    rows += [[f"{x.day:%m/%d/%Y}", x.supplier, _plain(x.cents)] for x in early]
    made.append(text_case("the-titles-month", rows, early, **EUR))

    rows = [["Title"], ["Spring 2026"], [], ["Date", "Vendor", "Amount Paid"]]
    rows += [[f"{x.day:%m/%d/%Y}", x.supplier, _plain(x.cents)] for x in early]
    made.append(text_case("a-title-without-a-month", rows, early, **EUR, answers=(("A.date_order", "mdy"),)))

    rows = [["ID", "Datum", "Beschreibung", "Soll", "Haben", "Saldo"]]
    rows.append(["0", "01.01.2026", "Eröffnungsbilanz / Saldenvortrag", "-", "-", "0.00"])
    balance = 0
    for x in of:
        balance += x.cents
        sides = [cell(x, "dr:plain") or "-", cell(x, "cr:plain") or "-"]
        rows.append([str(x.number), f"{x.day:%d.%m.%Y}", x.supplier, *sides, _plain(balance)])
    made.append(text_case("opening-of-an-account", rows, of, delimiter=";", **EUR))
    return made


def payments() -> list[Case]:
    """Payments with the sign of the bills beside them, and what was paid beside what was invoiced."""
    made: list[Case] = []
    of = lines(8601, 16, credits=0)
    head = ["Date", "Voucher Type", "Voucher No", "Party Name", "Amount"]

    rows: Rows = [head]
    for x in of:
        rows.append([f"{x.day:%Y-%m-%d}", "Purchase", f"V-{x.number}", x.supplier, _plain(x.cents)])
    for number, x in enumerate(of[:4]):
        paid = _plain(x.cents + 100 * number + 7)
        rows.append([f"{x.day:%Y-%m-%d}", "Payment", f"P-{x.number}", x.supplier, paid])
    asked = text_case("payments-without-a-minus", rows, of, **EUR, not_spend=4)
    made.append(replace(asked, answers=(("B.payments", "settle"),)))
    both = [*of, *[replace(x, cents=x.cents + 100 * number + 7) for number, x in enumerate(of[:4])]]
    other = text_case("payments-that-are-costs", rows, both, **EUR)
    made.append(replace(other, answers=(("B.payments", "cost"),)))

    rows = [head]
    for x in of:
        rows.append([f"{x.day:%Y-%m-%d}", "Purchase", f"V-{x.number}", x.supplier, _plain(x.cents)])
    for x in of[:5]:
        rows.append([f"{x.day:%Y-%m-%d}", "Payment", f"P-{x.number}", x.supplier, _plain(x.cents)])
    made.append(text_case("payments-of-the-very-bills", rows, of, **EUR, not_spend=5))

    rows = [["Date", "Type", "Details", "Amount", "Balance"]]
    balance = 9_000_000
    for x in of:
        balance -= x.cents
        kind = "Payment" if x.number % 2 else "Card purchase"
        rows.append([f"{x.day:%Y-%m-%d}", kind, x.supplier, _plain(-x.cents), _plain(balance)])
    made.append(text_case("payments-of-a-statement", rows, of, **EUR))

    rows = [["Contact", "InvoiceDate", "Total", "Amount Paid", "Amount Due", "Status"]]
    for x in of:
        paid_cents = x.cents if x.number % 3 else 0
        sums = [_plain(x.cents), _plain(paid_cents), _plain(x.cents - paid_cents)]
        rows.append([x.supplier, f"{x.day:%Y-%m-%d}", *sums, "PAID" if paid_cents else "AUTHORISED"])
    made.append(text_case("invoiced-paid-and-due", rows, of, **EUR))

    rows = [["Kontonr", "Debitor/kreditor", "Dato", "Bilagsnr", "Tekst", "Debit", "Kredit"]]
    for x in of:
        row = ["3617", "Kreditor", f"{x.day:%d-%m-%Y}", str(x.number), x.supplier]
        rows.append([*row, cell(x, "dr:de"), cell(x, "cr:de")])
    made.append(text_case("kind-of-account-is-no-name", rows, of, delimiter=";", **EUR))

    rows = [["Fornecedor", "Data Emissão", "Valor", "Xyzzy"]]
    for x in of:
        state = "Pago" if x.number % 2 else "Aberto"
        rows.append([x.supplier, f"{x.day:%d/%m/%Y}", _comma(x.cents), state])
    rows.insert(5, ["Outro Lda", "11/02/2026", "410,00", "Cancelado"])
    made.append(text_case("state-under-a-word-unknown", rows, of, delimiter=";", **EUR, not_spend=1))

    rows = [["Konto", "Bezeichnung", "Soll", "Haben", "Saldo"]]
    for x in of:
        rows.append([str(4000 + x.number), x.supplier, _plain(x.cents), "0.00", _plain(x.cents)])
    balances = text_case("a-trial-balance", rows, of, delimiter=";", **EUR, dated=None)
    made.append(replace(balances, answers=(("reading", "yes"),)))

    rows = [["Konto", "Bezeichnung", "Soll", "Haben", "Saldo"]]
    balance = 0
    for x in of:
        balance += x.cents
        rows.append(["4930", x.supplier, _plain(x.cents), "", _plain(balance)])
    made.append(text_case("an-account-without-dates", rows, of, delimiter=";", **EUR, dated=None))
    return made


def journals() -> list[Case]:
    """Whole journals, whose sides cancel out: the accounts that hold the spend are asked for."""
    of = lines(8701, 12, credits=1)
    rows: Rows = [["Vernr", "Datum", "Konto", "Benämning", "Text", "Debet", "Kredit"]]
    for x in of:
        tax = round(x.cents * 0.25)
        for account, name, cents in (
            ("5420", "Programvaror", x.cents),
            ("2641", "Ingående moms", tax),
            ("2440", "Leverantörsskulder", -x.cents - tax),
        ):
            sides = [_comma(cents), ""] if cents > 0 else ["", _comma(-cents)]
            rows.append([f"A{x.number}", f"{x.day:%Y-%m-%d}", account, name, x.supplier, *sides])
    some = text_case("accounts-of-a-journal", rows, of, delimiter=";", **SEK, not_spend=2 * len(of))
    return [replace(some, answers=(("C.accounts", "5"),))]


def cases() -> list[Case]:
    """Every file of this module."""
    return [*ledgers(), *banks(), *programs(), *fees(), *bills(), *payments(), *journals()]
