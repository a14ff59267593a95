"""Lists of purchasing and spend programs: prices of one, registers of both directions, entries, instalments."""

import datetime as dt
from dataclasses import replace
from typing import Any

from tests.importers.layouts.bodies import text_case
from tests.importers.layouts.lines import Case, Line, Rows, amount_text, lines

EUR: dict[str, Any] = {"currency": "EUR", "base": "EUR"}
JPY: dict[str, Any] = {"currency": "JPY", "base": "JPY"}


def _plain(cents: int) -> str:
    return amount_text(cents, "plain")


def _comma(cents: int) -> str:
    return amount_text(cents, "comma")


def _priced(of: list[Line]) -> list[tuple[Line, int, int, int]]:
    """Lines whose amount is a price in cents × a quantity ÷ the pieces the price stands for."""
    made = []
    for x in of:
        price, per = 1_000 + abs(x.cents) % 40_000, (1, 100, 1000)[x.number % 3]
        quantity = per * (2 + x.number % 5)
        made.append((replace(x, cents=price * quantity // per), price, quantity, per))
    return made


def prices() -> list[Case]:
    """Unit prices beside quantities, with the line's value and without."""
    made: list[Case] = []
    of = _priced(lines(8901, 16, credits=0))
    just = [x for x, *_ in of]
    rows: Rows = [["Doc. Date", "Vendor", "Order qty", "Net Price", "Per", "Order Value", "Still to come"]]
    for x, price, quantity, per in of:
        rows.append(
            [f"{x.day:%Y-%m-%d}", x.supplier, str(quantity), _plain(price), str(per), _plain(x.cents), "0.00"]
        )
    made.append(text_case("price-per-hundred-beside-its-value", rows, just, **EUR))

    bare = [[*row[:5]] for row in rows]
    asked = text_case("price-per-hundred-alone", bare, just, **EUR)
    made.append(replace(asked, answers=(("D.price", "C"),)))

    rows = [["Date", "Vendor", "Qty", "Price"]]
    whole = lines(8902, 14, credits=1)
    for x in whole:
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, str(1 + x.number % 3), _plain(x.cents)])
    line = text_case("price-of-the-whole-line", rows, whole, **EUR)
    made.append(replace(line, answers=(("D.price", "line"),)))

    rows = [["Date", "Vendor", "Price", "VAT rate", "VAT", "Quantity"]]
    for x in whole:  # one of each: the price is the amount; a rate times a price is a tax, no value
        tax = round(x.cents * 0.19)
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, _plain(x.cents), "0.19", _plain(tax), "1"])
    made.append(text_case("price-of-one-piece-with-its-tax", rows, whole, **EUR))
    return made


def directions() -> list[Case]:
    """What was sold beside what was bought; kinds of lines that are the two sides of a bill; flags."""
    made: list[Case] = []
    of = lines(8911, 18, credits=0)
    rows: Rows = [["Contact", "Date", "Type", "Net", "Tax"]]
    for x in of:
        rows.append([x.supplier, f"{x.day:%Y-%m-%d}", "ACCPAY", _plain(x.cents), _plain(x.cents // 5)])
    for x in of[::4]:
        rows.append(["A customer", f"{x.day:%Y-%m-%d}", "ACCREC", _plain(77_700), _plain(15_540)])
    made.append(text_case("sales-beside-purchases", rows, of, **EUR, not_spend=len(of[::4])))

    rows = [["Date", "Supplier", "Department", "Amount"]]
    for x in of:
        team = ("Sales", "Purchases", "IT")[x.number % 3]
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, team, _plain(x.cents)])
    made.append(text_case("a-department-called-sales", rows, of, **EUR))

    rows = [["Row type", "Invoice number", "Invoice date", "Supplier", "Amount"]]
    for x in of:
        start = [x.reference, f"{x.day:%Y-%m-%d}", x.supplier]
        tax = x.cents // 5
        rows.append(["Debit line", *start, _plain(x.cents)])
        rows.append(["Tax line", *start, _plain(tax)])
        rows.append(["Credit line", *start, _plain(x.cents + tax)])
    sides = text_case("kinds-of-lines-that-are-both-sides", rows, of, **EUR, not_spend=2 * len(of))
    made.append(replace(sides, answers=(("A.kinds", "debit line"),)))

    rows = [["Date", "Shop", "Amount", "Is transfer", "Deleted"]]
    for x in of:
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, _plain(x.cents), "0", ""])
    rows.insert(4, ["2026-03-02", "Own savings", "5000.00", "1", ""])
    made.append(text_case("a-flag-of-transfers", rows, of, **EUR, not_spend=1))

    rows = [["Document date", "Vendor", "Order value", "Deletion Indicator"]]
    for x in of:
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, _plain(x.cents), ""])
    rows.insert(4, ["2026-03-02", "Withdrawn Ltd", "410.00", "L"])
    made.append(text_case("a-flag-of-deleted-lines", rows, of, **EUR, not_spend=1))

    rows = [["Date", "Supplier", "Amount", "Card", "Transfer"]]
    for x in of:
        by_card = x.number % 3 > 0
        crosses = ["x" if by_card else "", "" if by_card else "x"]
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, _plain(x.cents), *crosses])
    made.append(text_case("crosses-that-say-how-it-was-paid", rows, of, **EUR))

    rows = [["Date", "Description", "Merchant", "Amount"]]
    for x in of:
        rows.append([f"{x.day:%Y-%m-%d}", "Card Transaction", x.supplier, _plain(-x.cents)])
    rows.insert(1, ["2026-01-02", "Add Funds", "Treasury", "20000.00"])
    loads = text_case("money-added-to-a-card", rows, of, **EUR, not_spend=1)
    made.append(replace(loads, answers=(("D.sign", "-1"),)))
    return made


def entries() -> list[Case]:
    """Journals with both accounts of an entry in one row, and with the names of the accounts beside the texts."""
    made: list[Case] = []
    of = [replace(x, cents=x.cents // 100 * 100) for x in lines(8921, 16, credits=0)]
    head = ["取引日", "借方勘定科目", "借方取引先", "借方金額", "貸方勘定科目", "貸方金額"]
    rows: Rows = [head]
    for x in of:
        yen = str(x.cents // 100)
        rows.append([f"{x.day:%Y/%m/%d}", "広告宣伝費", x.supplier, yen, "未払金", yen])
    for x in of[::3]:
        yen = str(x.cents // 100)
        rows.append([f"{x.day:%Y/%m/%d}", "未払金", x.supplier, yen, "普通預金", yen])
    paid = text_case("payments-among-entries-of-one-row", rows, of, **JPY, not_spend=len(of[::3]))
    made.append(replace(paid, answers=(("B.entries", "cost"),)))
    made.append(text_case("entries-of-costs-alone", rows[: len(of) + 1], of, **JPY))

    rows = [["Date", "Text", "Account", "Account name", "Debit", "Credit"]]
    for x in of:
        day = f"{x.day:%Y-%m-%d}"
        rows.append([day, x.supplier, "4200", "Software", _plain(x.cents), ""])
        rows.append([day, x.supplier, "1800", "Card wallet", "", _plain(x.cents)])
    named = text_case("names-of-accounts-are-no-suppliers", rows, of, **EUR, not_spend=len(of))
    made.append(replace(named, answers=(("C.accounts", "4"),)))
    return made


def sums() -> list[Case]:
    """Instalments beside the whole bill, what was paid of a bill, cents, a total's word among the amounts, tips."""
    made: list[Case] = []
    of = lines(8931, 12, credits=0)
    parts: list[Line] = []
    rows: Rows = [["Scadenza", "Fornitore", "Imponibile", "IVA", "Totale"]]
    for x in of:
        whole = x.cents + x.cents // 5
        shares = [whole // 2, whole - whole // 2] if x.number % 2 else [whole]
        for place, share in enumerate(shares):
            day = x.day + dt.timedelta(days=30 * place)
            parts.append(replace(x, day=day, cents=share))
            rows.append([f"{day:%Y-%m-%d}", x.supplier, _plain(x.cents), _plain(x.cents // 5), _plain(share)])
    made.append(text_case("instalments-beside-the-whole-bill", rows, parts, **EUR))

    rows = [["Data", "Fornitore", "Imponibile", "IVA", "Totale"]]
    for x in of:
        rows.append(
            [
                f"{x.day:%Y-%m-%d}",
                x.supplier,
                _plain(x.cents),
                _plain(x.cents // 5),
                _plain(x.cents * 6 // 5 if x.cents % 5 == 0 else x.cents + x.cents // 5),
            ]
        )
    made.append(text_case("bills-with-their-tax", rows, of, **EUR))

    rows = [["PO", "Supplier", "Invoice Date", "Invoice Amount", "Payment Amount"]]
    for x in of:
        paid = (x.cents, 0, x.cents // 2)[x.number % 3]
        rows.append([f"PO-{x.number}", x.supplier, f"{x.day:%Y-%m-%d}", _plain(x.cents), _plain(paid)])
    made.append(text_case("what-was-paid-of-each-bill", rows, of, **EUR))

    rows = [["Supplier", "Date", "Contract", "Budget", "Payment Amount"]]
    for x in of:
        rows.append([x.supplier, f"{x.day:%Y-%m-%d}", f"C{x.number}", "999999999.00", _plain(x.cents)])
    made.append(text_case("payments-below-a-budget", rows, of, **EUR))

    rows = [["expenseDate", "merchant", "amountCents", "currency"]]
    for x in of:
        rows.append([f"{x.day:%Y-%m-%d}", x.supplier, str(x.cents), "EUR"])
    made.append(text_case("cents-in-a-programs-heading", rows, of, **EUR))

    rows = [["Supplier", "Invoice", "Date", "Invoice Amount", "Paid", "Outstanding"]]
    for x in of:
        rows.append([x.supplier, x.reference, f"{x.day:%Y-%m-%d}", _plain(x.cents), _plain(x.cents), "0.00"])
    rows.append(["", "", "", "Total bills:", _plain(sum(x.cents for x in of)), "0.00"])
    made.append(text_case("the-word-total-among-the-amounts", rows, of, **EUR))

    rows = [["Date", "Merchant", "Base", "Tax", "Tip", "Line Total"]]
    for x in of:
        tax, tip = x.cents // 13, x.cents // 7 if x.number % 4 == 0 else 0
        base = x.cents - tax - tip
        rows.append(
            [f"{x.day:%Y-%m-%d}", x.supplier, _plain(base), _plain(tax), _plain(tip), _plain(x.cents)]
        )
    made.append(text_case("a-tip-on-top-of-the-tax", rows, of, **EUR))
    return made


def books() -> list[Case]:
    """Sales and purchases in tables of one file, transfers of a wallet, taxes withheld, two amounts in one currency."""
    made: list[Case] = []
    of = lines(8941, 14, credits=0)
    sold: Rows = [["Client", "Date", "Number", "Amount", "Void"]]
    sold += [[f"Client {x.number}", f"{x.day:%Y-%m-%d}", f"S-{x.number}", "900.00", "NO"] for x in of[:5]]
    bought: Rows = [["Vendor", "Bill", "Date", "Category", "Amount"]]
    for x in of:
        bought.append([x.supplier, x.reference, f"{x.day:%Y-%m-%d}", "Software", _plain(x.cents)])
    both = [["Report"], [], ["INCOME TRANSACTIONS"], *sold, [], ["EXPENSE TRANSACTIONS"], *bought]
    made.append(text_case("income-above-expenses", both, of, **EUR))
    ruled = [["Report"], [], ["=== RENTAL INCOME ==="], *sold, [], ["=== EXPENSES ==="], *bought]
    made.append(text_case("income-under-a-ruled-title", ruled, of, **EUR))
    other = [["Libro fiscal"], ["COMPRAS (Registro)"], *bought, [], ["VENTAS (Libro)"], *sold]
    made.append(text_case("sales-below-purchases", other, of, **EUR))
    made.append(text_case("a-title-of-sales-alone", [["Sales"], [], *bought], of, **EUR))

    rows: Rows = [["Date", "Transaction type", "Merchant", "Amount"]]
    for x in of:
        rows.append([f"{x.day:%Y-%m-%d}", "Card purchase", x.supplier, _plain(-x.cents)])
    rows.insert(2, ["2026-01-19", "Deposit", "Bank", "90000.00"])
    rows.insert(5, ["2026-02-02", "Transfer", "Wallet of marketing", "-500.00"])
    own = text_case("transfers-of-a-wallet", rows, of, **EUR, not_spend=2)
    made.append(replace(own, answers=(("B.transfers", "own"),)))

    rows = [["Voucher", "Beneficiary", "Date", "Gross Amount", "TDS", "Net Payable"]]
    for x in of:
        held = x.cents // 10 if x.number % 3 else 0
        sums = [_plain(x.cents), _plain(held), _plain(x.cents - held)]
        rows.append([f"V-{x.number}", x.supplier, f"{x.day:%Y-%m-%d}", *sums])
    made.append(text_case("tax-withheld-from-the-supplier", rows, of, **EUR))

    rows = [["Supplier", "Invoice Num", "Invoice Date", "Invoice Amount", "Currency", "Distribution Amount"]]
    for x in of:
        whole = _plain(x.cents * (1 + x.number % 3) + 700)
        rows.append([x.supplier, x.reference, f"{x.day:%Y-%m-%d}", whole, "GBP", _plain(x.cents)])
    split = text_case("two-amounts-of-one-currency", rows, of, currency="GBP", base="EUR")
    made.append(replace(split, answers=(("amount_column", "F"),)))

    heads: Rows = [["Date", "No", "Client", "Amount", "Status"]]
    heads += [[f"{x.day:%Y-%m-%d}", f"S-{x.number}", f"Client {x.number}", "900.00", "paid"] for x in of[:5]]
    made.append(text_case("a-table-of-clients", [["BILLS"], *heads, [], ["MORE BILLS"], *bought], of, **EUR))

    rows = [["Supplier", "Required Date", "PO Date", "Amount"]]
    for x in of:
        rows.append(
            [x.supplier, f"{x.day + dt.timedelta(days=40):%Y-%m-%d}", f"{x.day:%Y-%m-%d}", _plain(x.cents)]
        )
    made.append(text_case("a-date-that-lies-ahead", rows, of, **EUR))
    return made


def registers() -> list[Case]:
    """What is owed both ways, what was invoiced of orders and budgets, rates beside amounts, retentions, void lines."""
    made: list[Case] = []
    of = lines(8951, 15, credits=0)
    rows: Rows = [["direction", "counterparty", "amount", "due"]]
    for x in of:
        rows.append(["payable", x.supplier, _plain(x.cents), f"{x.day:%Y-%m-%d}"])
    rows.insert(3, ["receivable", "A customer", "8000.00", "2026-02-02"])
    made.append(text_case("payable-beside-receivable", rows, of, **EUR, not_spend=1))

    rows = [["PO Number", "Vendor", "Date", "PO Value", "Invoiced", "Remaining"]]
    for x in of:
        left = 100 * x.number
        sums = [_plain(x.cents + left), _plain(x.cents), _plain(left)]
        rows.append([f"PO-{x.number}", x.supplier, f"{x.day:%Y-%m-%d}", *sums])
    made.append(text_case("what-was-invoiced-of-an-order", rows, of, **EUR))

    rows = [["Supplier", "Date", "Budget", "Actual", "Remaining"]]
    for x in of:
        left = 100 * x.number
        sums = [_plain(x.cents + left), _plain(x.cents), _plain(left)]
        rows.append([x.supplier, f"{x.day:%Y-%m-%d}", *sums])
    made.append(text_case("what-was-spent-of-a-budget", rows, of, **EUR))

    priced = _priced(of)
    rows = [["codigo_producto", "cantidad", "costo_unitario", "proveedor", "fecha_compra"]]
    for x, price, quantity, per in priced:
        rows.append([f"P{x.number}", str(quantity // per), _plain(price), x.supplier, f"{x.day:%Y-%m-%d}"])
    asked = text_case("unit-costs-and-no-amount", rows, [x for x, *_ in priced], **EUR)
    made.append(replace(asked, answers=(("C.price", "B"),)))

    rows = [["Belegdatum", "Buchungstext", "Lieferant", "Betrag", "USt"]]
    for x in of:
        rate = ("19", "7", "19")[x.number % 3]
        rows.append([f"{x.day:%d.%m.%Y}", "Lizenz", x.supplier, _comma(x.cents), rate])
    made.append(text_case("rates-under-a-heading-of-tax", rows, of, delimiter=";", **EUR))

    rows = [["FECHA_DOCUMENTO", "TIPO_DOCUMENTO", "PROVEEDOR", "VALOR TOTAL", "FECHA_ENVIO"]]
    for x in of:
        sent = x.day + dt.timedelta(days=9)
        rows.append([f"{x.day:%Y-%m-%d}", "Factura", x.supplier, _plain(x.cents), f"{sent:%Y-%m-%d}"])
    made.append(text_case("the-day-of-a-document", rows, of, delimiter=";", **EUR))

    rows = [["Subcontractor", "Billing Date", "Gross Amount", "Tax", "Retention", "Net Amount"]]
    for x in of:
        tax, kept = round(x.cents * 0.05), round(x.cents * 0.1)
        sums = [_plain(x.cents), _plain(tax), _plain(kept), _plain(x.cents + tax - kept)]
        rows.append([x.supplier, f"{x.day:%Y-%m-%d}", *sums])
    made.append(text_case("retained-from-a-bill-with-tax", rows, of, **EUR))

    rows = [["供应商", "金额", "入库日期", "状态"]]
    for x in of:
        rows.append([x.supplier, _plain(x.cents), f"{x.day:%Y-%m-%d}", "已入库"])
    rows.insert(4, ["作废有限公司", "410.00", "2026-02-02", "已作废"])
    made.append(text_case("void-in-chinese", rows, of, **EUR, not_spend=1))
    return made


def cases() -> list[Case]:
    """Every file of this module."""
    return [*registers(), *prices(), *directions(), *entries(), *sums(), *books()]
