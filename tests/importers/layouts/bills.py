"""Bills of several lines, whose total stands on each line, on the first alone, or in a record of its own."""

from tests.importers.layouts.bodies import text_case
from tests.importers.layouts.cases import sheet_case, units
from tests.importers.layouts.lines import Case, Line, Rows, cell, lines


def cases() -> list[Case]:
    """Bills with several lines, whose total stands on each."""
    made: list[Case] = []
    of = lines(5201, 30, credits=0)
    groups = [of[n : n + 3] for n in range(0, 30, 3)]
    one: list[Line] = []
    for number, group in enumerate(groups):
        first = group[0]
        one += [
            Line(
                number=number * 3 + place, day=first.day, supplier=first.supplier, text=x.text, cents=x.cents
            )
            for place, x in enumerate(group, 1)
        ]
    of = one
    groups = [of[n : n + 3] for n in range(0, 30, 3)]
    rows: Rows = [
        [
            "Supplier",
            "Invoice #",
            "Invoice Date",
            "Invoice Total",
            "Line #",
            "Description",
            "Line Total",
            "Currency",
        ]
    ]
    for number, group in enumerate(groups):
        rows += [
            [x.supplier, f"INV{number:04}", cell(x, "d"), units(group), place, x.text, x.cents / 100, "GBP"]
            for place, x in enumerate(group, 1)
        ]
    made.append(sheet_case("invoice-total-on-each-line", rows, of))

    rows = [
        [
            "ContactName",
            "InvoiceNumber",
            "InvoiceDate",
            "Total",
            "TaxTotal",
            "InvoiceAmountPaid",
            "Description",
            "Quantity",
            "UnitAmount",
            "LineAmount",
            "TaxAmount",
        ]
    ]
    for number, group in enumerate(groups):
        tax = round(sum(x.cents for x in group) * 0.2)
        whole = (sum(x.cents for x in group) + tax) / 100
        rows += [
            [
                x.supplier,
                f"INV{number:04}",
                f"{x.day:%d/%m/%Y}",
                whole,
                tax / 100,
                whole,
                x.text,
                2,
                x.cents / 200,
                x.cents / 100,
                round(x.cents * 0.2) / 100,
            ]
            for x in group
        ]
    made.append(text_case("xero-total-on-each-line", rows, of, answers=(("J.tax", "net"),)))

    rows = [
        [
            "Bill Date",
            "Bill Number",
            "Vendor Name",
            "SubTotal",
            "Total",
            "Balance",
            "Item Name",
            "Quantity",
            "Rate",
            "Item Total",
        ]
    ]
    for number, group in enumerate(groups):
        rows += [
            [
                f"{x.day:%Y-%m-%d}",
                f"B-{number}",
                x.supplier,
                units(group),
                round(units(group) * 1.2, 2),
                0,
                x.text,
                1,
                x.cents / 100,
                x.cents / 100,
            ]
            for x in group
        ]
    made.append(text_case("zoho-bill-subtotal-on-each-line", rows, of))

    rows = [["Payment date", "Supplier", "Payment amount", "Invoice", "Invoice amount"]]
    for group in groups:
        rows += [[cell(x, "d"), x.supplier, units(group), f"I-{x.number}", x.cents / 100] for x in group]
    made.append(sheet_case("payment-repeated-per-invoice", rows, of))

    rows = [["Invoice", "Supplier", "Date", "Line", "Amount", "Invoice total"]]
    for number, group in enumerate(groups):  # the bill's total on its first line alone
        rows += [
            [
                f"I-{number}",
                x.supplier,
                cell(x, "d"),
                place,
                x.cents / 100,
                units(group) if place == 1 else None,
            ]
            for place, x in enumerate(group, 1)
        ]
    made.append(sheet_case("invoice-total-on-first-line", rows, of))

    rows = [["Type", "Invoice", "Supplier", "Date", "Description", "Amount"]]
    for number, group in enumerate(groups):  # the head of each bill holds its sum, lines of detail follow
        rows.append(["H", f"I-{number}", group[0].supplier, cell(group[0], "d"), None, units(group)])
        rows += [["D", f"I-{number}", x.supplier, cell(x, "d"), x.text, x.cents / 100] for x in group]
    made.append(sheet_case("head-and-detail-records", rows, of))
    return made
