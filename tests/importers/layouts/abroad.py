"""Lists in other languages and encodings, crosstabs of fiscal years, odd text files."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl

from tests.importers.layouts.bodies import text_case
from tests.importers.layouts.cases import sheet_case
from tests.importers.layouts.lines import Case, Line, Rows, amount_text, lines, table


def _vat(rows: Rows, columns: Sequence[int], style: str) -> Rows:
    return [
        [
            amount_text(round(v * 100), style) if i in columns and isinstance(v, float) else v
            for i, v in enumerate(r)
        ]
        for r in rows
    ]


def spoken() -> list[Case]:
    """Headings, dates and amounts in other languages."""
    made: list[Case] = []
    of = lines(4501, 24)
    yen = [replace(x, cents=x.cents // 100 * 100) for x in of]
    rows: Rows = [
        ["支払明細書"],
        ["対象期間:2026年1月〜12月"],
        [],
        ["日付", "仕入先", "摘要", "勘定科目", "金額(税抜)", "消費税", "税込金額"],
    ]
    for x in yen:
        tax = round(x.cents * 0.1) // 100
        rows.append(
            [
                f"{x.day.year}年{x.day.month}月{x.day.day}日",
                x.supplier.replace("é", "e").replace("ö", "o").replace("É", "E"),
                x.text,
                "広告宣伝費",
                f"{x.cents // 100:,}",
                f"{tax:,}",
                f"{x.cents // 100 + tax:,}",
            ]
        )
    plain = [
        replace(x, supplier=x.supplier.replace("é", "e").replace("ö", "o").replace("É", "E")) for x in yen
    ]
    rows.append(["合計", "", "", "", f"{sum(x.cents for x in yen) // 100:,}", "", ""])
    made.append(
        text_case("japanese-shift-jis", rows, plain, encoding="shift_jis", currency="JPY", base="JPY")
    )

    rows = _vat(
        table(
            "Lp.=n | Data wystawienia=d:%d.%m.%Y | Kontrahent=s | Nr dokumentu=r | "
            "Kwota netto=a:nb | VAT=vat | Kwota brutto=gross",
            of,
        ),
        (5, 6),
        "nb",
    )
    rows.append(["", "", "Razem", "", amount_text(sum(x.cents for x in of), "nb"), "", ""])
    made.append(
        text_case("polish-rejestr", rows, of, delimiter=";", encoding="cp1250", currency="PLN", base="PLN")
    )

    rows = table(
        "Data de Emissão=d:%d/%m/%Y | Fornecedor=s | Nº Documento=r | Histórico=t | Valor (R$)=x:", of
    )
    for row, x in zip(rows[1:], of, strict=True):
        row[4] = f"R$ {amount_text(x.cents, 'de')}"
    rows.append(["", "Total Geral", "", "", f"R$ {amount_text(sum(x.cents for x in of), 'de')}"])
    made.append(sheet_case("brazilian-contas", rows, of, currency="BRL", base="BRL"))

    rows = _vat(
        table(
            "Factuurdatum=d:%d-%m-%Y | Leverancier=s | Factuurnummer=r | Omschrijving=t | "
            "Bedrag excl. btw=a:de | Btw=vat | Totaal incl. btw=gross",
            of,
        ),
        (5, 6),
        "de",
    )
    made.append(text_case("dutch-inkoopboek", rows, of, delimiter=";", currency="EUR", base="EUR"))

    rows = _vat(
        table(
            "Fecha factura=d:%d/%m/%Y | Proveedor=s | Concepto=t | Base imponible=a:de | "
            "Cuota IVA=vat | Total factura=gross",
            of,
        ),
        (4, 5),
        "de",
    )
    made.append(
        text_case("spanish-facturas", rows, of, delimiter=";", encoding="cp1252", currency="EUR", base="EUR")
    )

    rows = _vat(
        table(
            "Data registrazione=d:%d/%m/%Y | Ragione sociale=s | Numero documento=r | "
            "Imponibile=a:de | Imposta=vat | Totale documento=gross",
            of,
        ),
        (4, 5),
        "de",
    )
    made.append(sheet_case("italian-registro", rows, of, currency="EUR", base="EUR"))

    rows = table("日期=d:%Y/%m/%d | 供应商=s | 摘要=t | 金额(元)=a:en", of)
    made.append(
        text_case(
            "chinese-gbk", rows, [replace(x) for x in of], encoding="gb18030", currency="CNY", base="CNY"
        )
    )

    rows = table("Tarih=d:%d.%m.%Y | Tedarikçi=s | Açıklama=t | Tutar=a:de | Para Birimi=x:TRY", of)
    made.append(sheet_case("turkish-gider", rows, of, currency="TRY", base="TRY"))

    rows = table("Date=x: | Fournisseur=s | Libellé=t | Débit=dr:fr | Crédit=cr:fr | Solde=x:", of)
    short = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
    running = 0
    for row, x in zip(rows[1:], of, strict=True):
        running += x.cents
        row[0], row[5] = f"{x.day.day:02} {short[x.day.month - 1]} {x.day.year}", amount_text(running, "fr")
    made.append(sheet_case("french-grand-livre-court", rows, of, currency="EUR", base="EUR"))

    rows = table("Дата=d:%d.%m.%Y | Поставщик=s | Назначение=t | Сумма=a:nb", of)
    made.append(sheet_case("russian-reestr", rows, of, currency="EUR", base="EUR"))

    rows = table("거래일=d:%Y-%m-%d | 거래처=s | 적요=t | 공급가액=a:en | 통화=x:USD", of)
    made.append(sheet_case("korean-list", rows, of, currency="USD", base="USD"))

    rows = table("Data=d:%d.%m.%Y | Furnizor=s | Nr. factură=r | Valoare=a:de | Monedă=x:RON", of)
    made.append(sheet_case("romanian-facturi", rows, of, currency="RON", base="RON"))
    rows = table("Kelt=d:%Y.%m.%d. | Szállító=s | Megnevezés=t | Nettó összeg=a:nb | Pénznem=x:EUR", of)
    made.append(sheet_case("hungarian-szamlak", rows, of, currency="EUR", base="EUR"))
    rows = table("תאריך=d:%d/%m/%Y | ספק=s | תיאור=t | סכום=a:en", of)
    made.append(sheet_case("hebrew-list", rows, of, currency="EUR", base="EUR"))
    return made


def written() -> list[Case]:
    """Text as odd programs write it."""
    made: list[Case] = []
    of = lines(4601, 24)
    spec = "Date=d:%d/%m/%Y | Supplier=s | Description=t | Amount=a:en"
    made.append(text_case("utf-16-tabs", table(spec, of), of, delimiter="\t", encoding="utf-16", end="csv"))
    made.append(text_case("utf-16-be-no-mark", table(spec, of), of, delimiter=",", encoding="utf-16-be"))
    made.append(
        text_case(
            "utf-16-le-no-mark-txt", table(spec, of), of, delimiter="\t", encoding="utf-16-le", end="txt"
        )
    )
    euro = table("Datum=d:%d.%m.%Y | Lieferant=s | Text=t | Betrag=a:euro", of)
    made.append(
        text_case("sep-line", [["sep=;"], *euro], of, delimiter=";", encoding="cp1252", currency="EUR")
    )

    def quoted(folder: Path) -> Path:
        path = folder / "all-quoted.csv"
        rows = table("Date=d:%d.%m.%Y | Supplier=s | Note=t | Amount=a:nb", of)
        body = "\r".join(
            ";".join(
                '"' + str(v).replace('"', '""') + ("\n(see file)" if i == 2 else "") + '"'
                for i, v in enumerate(r)
            )
            for r in rows
        )
        path.write_bytes(body.encode("cp1252", "replace"))
        return path

    made.append(Case(name="all-quoted-cr-alone", write=quoted, truth=of))
    commented = [["# generated by ledger 4.2"], ["# period 2026"], *table(spec, of), ["# end"]]
    made.append(text_case("comment-lines", commented, of, delimiter="|"))
    rows = table("Date=d:%Y%m%d | Supplier=s | Amount=a:plain", of)
    made.append(text_case("no-header-text", rows[1:], of, delimiter=";"))

    def fixed(folder: Path) -> Path:
        path = folder / "aligned.txt"
        body = [f"{'Date':<12}{'Supplier':<36}{'Amount':>16}"]
        body += [f"{x.day:%d/%m/%Y}  {x.supplier:<36}{amount_text(x.cents, 'en'):>16}" for x in of]
        path.write_text("\n".join(body), "utf-8")
        return path

    made.append(Case(name="fixed-width", write=fixed, truth=of, refused=True))
    return made


FISCAL = [dt.date(2026 + (m > 12), (m - 1) % 12 + 1, 1) for m in range(4, 16)]
NAMES = (
    "Acme Software Ltd",
    "TOTAL GAS & POWER LTD",
    "HubSpot Ireland Limited",
    "3M UK PLC",
    "March Hare Events",
)


def fiscal() -> list[Case]:
    """Suppliers by month of a year from April, one or two years, with dashes and quarters."""
    made: list[Case] = []
    source = lines(4701, 60, credits=3)
    of = [
        Line(number=i, day=FISCAL[i % 12], supplier=NAMES[i // 12], text="", cents=source[i].cents)
        for i in range(60)
        if i % 11 != 4
    ]
    cells = {
        name: [
            next((x.cents / 100 for x in of if x.supplier == name and x.day == day), None) for day in FISCAL
        ]
        for name in NAMES
    }

    def total(values: Sequence[float | None]) -> float:
        return round(sum(v or 0 for v in values), 2)

    columns = [total([cells[n][m] for n in NAMES]) for m in range(12)]
    short = [f"{day:%b}" for day in FISCAL]
    rows: Rows = [["Software by supplier, financial year 2026/27"], [], ["Supplier", *short, "Total"]]
    rows += [[name, *cells[name], total(cells[name])] for name in NAMES]
    rows.append(["Total", *columns, total(columns)])
    made.append(sheet_case("fiscal-april-title", rows, of, dated="month"))

    rows = [
        [None, *["FY2026/27", *[None] * 11]],
        ["Supplier", *short],
        *[[name, *["-" if v is None else v for v in cells[name]]] for name in NAMES],
    ]

    def merge(book_: openpyxl.Workbook) -> None:
        book_["Report"].merge_cells("B1:M1")

    made.append(sheet_case("fiscal-merged-year-dashes", rows, of, dated="month", finish=merge))

    head: list[str] = ["Vendor"]
    body: Rows = [[name] for name in NAMES]
    for quarter in range(4):
        part = slice(quarter * 3, quarter * 3 + 3)
        head += [*[f"{day:%b-%y}" for day in FISCAL[part]], f"Q{quarter + 1}"]
        for row, name in zip(body, NAMES, strict=True):
            row += [*cells[name][part], total(cells[name][part])]
    for row, name in zip(body, NAMES, strict=True):
        row.append(total(cells[name]))
    made.append(sheet_case("fiscal-quarters-between", [[*head, "FY27"], *body], of, dated="month"))

    rows = [["Supplier", "Total", *[f"{day:%b %Y}" for day in FISCAL]]]
    rows += [
        [
            name,
            amount_text(round(total(cells[name]) * 100), "paren"),
            *[None if v is None else amount_text(round(v * 100), "paren") for v in cells[name]],
        ]
        for name in NAMES
    ]
    made.append(sheet_case("total-column-first", rows, of, dated="month"))

    before = [
        replace(x, number=x.number + 100, day=x.day.replace(year=x.day.year - 1), cents=x.cents + 777)
        for x in of
    ]
    old = {
        name: [
            next(
                (
                    x.cents / 100
                    for x in before
                    if x.supplier == name and x.day == day.replace(year=day.year - 1)
                ),
                None,
            )
            for day in FISCAL
        ]
        for name in NAMES
    }
    rows = [[None, "FY 2025/26", *[None] * 11, "FY 2026/27", *[None] * 11], ["Supplier", *short, *short]]
    rows += [[name, *old[name], *cells[name]] for name in NAMES]

    def both(book_: openpyxl.Workbook) -> None:
        book_["Report"].merge_cells("B1:M1")
        book_["Report"].merge_cells("N1:Y1")

    made.append(sheet_case("two-fiscal-years", rows, [*before, *of], dated="month", finish=both))

    rows = [["Cost centre", "Supplier", *[f"{day:%b-%y}" for day in FISCAL], "Total"]]
    for number, name in enumerate(NAMES):
        rows.append(
            ["CC1" if not number else "CC2" if number == 3 else None, name, *cells[name], total(cells[name])]
        )
        if number in (2, 4):
            names = NAMES[:3] if number == 2 else NAMES[3:]
            rows.append(
                [
                    "CC1 total" if number == 2 else "CC2 total",
                    None,
                    *[total([cells[n][m] for n in names]) for m in range(12)],
                    total([total(cells[n]) for n in names]),
                ]
            )
    rows.append(["Grand total", None, *columns, total(columns)])
    made.append(sheet_case("crosstab-centres-merged-down", rows, of, dated="month"))

    rows = [
        ["Supplier", *[f"Period {n} (Actual)" for n in range(1, 13)]],
        *[[name, *cells[name]] for name in NAMES],
    ]
    made.append(
        sheet_case(
            "periods-in-words",
            [["Actuals 2026/27 (year from April)"], *rows],
            of,
            dated="month",
            answers=(("B.fiscal_start", "4"),),
        )
    )
    return made


def cases() -> list[Case]:
    """Every file of this module."""
    return [*spoken(), *written(), *fiscal()]
