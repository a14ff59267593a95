"""The lists that are kept beside the ledgers: roster, inventory, contracts, orders, budgets and rates."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from mopsaudit.catalogue.products import product, vendor
from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.demo.ledgers import Charge, order_number, span, term_ends
from mopsaudit.demo.people import CMO, DIGITAL_HEAD, EMEA_HEAD, OPS, Employee
from mopsaudit.demo.sheets import DemoFile, Layout, write_text, write_workbook
from mopsaudit.demo.stack import ACCOUNTS, TOOLS, UNITS, DemoTool
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.periods import add_months, month_of, month_start
from mopsaudit.workbook.cells import Money

#: Budget holder of each unit, as a place in the roster.
HOLDERS: Final = {"AMER": CMO, "EMEA": EMEA_HEAD, "DIGI": DIGITAL_HEAD}
#: Tools nobody pays for, or that the company wrote itself: (name, vendor, category key, unit, capabilities, use).
FREE: Final = (
    ("Google Tag Manager", "Google", "operations", "AMER", (), "Tags of all web sites"),
    ("Looker Studio", "Google", "performance", "EMEA", (), "Campaign dashboards for the regions"),
    (
        "Brightwater Lead Router",
        "",
        "engagement",
        "AMER",
        ("lead_routing", "lead_management"),
        "Written in house: hands leads to sales by territory",
    ),
)
#: What a budget plans a line for: tools dearer than this have one of their own (whole units a year).
OWN_LINE: Final = 20_000
#: Yearly plan of what is not a tool, whole units: unit → (account kind → amount, description).
PLANS: Final = {
    "AMER": (
        ("agency", 396_000, "Creative and planning agencies"),
        ("media", 620_000, "Paid media"),
        ("event", 84_000, "Trade shows"),
        ("data", 18_000, "Audience data"),
    ),
    "EMEA": (("agency", 190_000, "Agentur und Übersetzung"), ("event", 45_000, "Messen")),
    "DIGI": (("agency", 52_000, "Content production"), ("media", 235_000, "Paid social")),
}
#: What the line of smaller software is called per unit: no two lines of a plan read alike.
OTHER: Final = {
    "AMER": "Other software, Americas",
    "EMEA": "Other software, EMEA",
    "DIGI": "Other software, Digital",
}
#: Yearly plan of smaller software per unit.
SMALL: Final = {"AMER": 96_000, "EMEA": 78_000, "DIGI": 92_000}


def contract_number(tool: DemoTool) -> str:
    """The number under which procurement files a tool's contract."""
    return f"BW-{2_000 + [each.product for each in TOOLS].index(tool.product)}"


def _vendor(tool: DemoTool) -> str:
    return vendor(product(tool.product).vendor_id).name


def write_roster(folder: Path, as_of: date, people: Sequence[Employee]) -> DemoFile:
    """Joiners and leavers, as the personnel system exports them."""
    rows = [
        (
            each.number,
            each.name,
            each.email,
            each.unit,
            each.title,
            each.joined.isoformat(),
            each.left.isoformat() if each.left else "",
            "Left" if each.left else "Active",
        )
        for each in people
    ]
    heads = (
        *("Employee ID", "Full name", "Work email", "Business unit", "Job title", "Start date"),
        *("Leaving date", "Status"),
    )
    return DemoFile(
        kind=Kind.PEOPLE,
        path=write_text(folder / "HR_Roster.csv", heads, rows, encoding="utf-8-sig"),
        what="Roster of the personnel system with joiners and leavers",
        options=ImportOptions(as_of=as_of),
    )


def write_inventory(folder: Path, as_of: date, people: Sequence[Employee]) -> DemoFile:
    """The list marketing operations keeps: what is paid by invoice, and what is free; not what the card pays."""
    names = {item.id.value: item.name for item in taxonomy().categories}
    rows: list[tuple[Any, ...]] = []
    for tool in TOOLS:
        if tool.ledger == "card":
            continue
        known = product(tool.product)
        unit, _, currency = UNITS[tool.unit]
        plain = tool.renewal is None
        rows.append(
            (
                known.name,
                _vendor(tool),
                names[known.category.value],
                people[tool.owner].email,
                people[HOLDERS[tool.unit]].email,
                unit,
                "active",
                known.licence_metric.value.replace("_", " "),
                add_months(term_ends(tool, as_of), -36),
                Money(minor=tool.price * 100, currency=currency) if plain else None,
                currency if plain else None,
                tool.text,
            )
        )
    for name, maker, category, code, _, use in FREE:
        unit = UNITS[code][0]
        holder = people[HOLDERS[code]].email
        rows.append(
            (
                name,
                maker,
                names[category],
                people[OPS].email,
                holder,
                unit,
                "active",
                None,
                None,
                None,
                None,
                use,
            )
        )
    heads = (
        *("Tool", "Vendor", "Category", "Business owner", "Budget holder", "Business unit", "Status"),
        *("Licence metric", "In use since", "Yearly cost", "Currency", "Purpose"),
    )
    path = write_workbook(
        folder / "Martech_Inventory.xlsx",
        as_of,
        Layout(
            sheet="Tools",
            above=("Brightwater - marketing technology inventory", "Kept by Marketing Operations"),
        ),
        heads,
        rows,
    )
    return DemoFile(
        kind=Kind.INVENTORY,
        path=path,
        what="The inventory marketing operations keeps: tools paid by invoice and free ones",
        options=ImportOptions(as_of=span(as_of).first),
    )


def write_contracts(folder: Path, as_of: date, people: Sequence[Employee]) -> DemoFile:
    """Procurement's contract register: terms, notice, seats and prices, one line per tool."""
    rows: list[tuple[Any, ...]] = []
    for tool in TOOLS:
        if tool.renewal is None:
            continue
        known, terms = product(tool.product), tool.renewal
        unit, _, currency = UNITS[tool.unit]
        end = term_ends(tool, as_of)
        served = None if terms.served is None else as_of - timedelta(days=terms.served)
        rows.append(
            (
                contract_number(tool),
                _vendor(tool),
                known.name,
                known.licence_metric.value.replace("_", " "),
                tool.seats,
                Money(minor=tool.price * 100, currency=currency),
                currency,
                add_months(end, -12),
                12,
                12 if terms.automatic else None,
                "yes" if terms.automatic else "no",
                terms.notice_days if terms.automatic else None,
                "days" if terms.automatic else None,
                served,
                f"{tool.uplift} %",
                "no" if tool.product == "gong" else "yes",
                people[tool.owner].email,
                unit,
                "BW-DE" if tool.unit == "EMEA" else "BW-US",
            )
        )
    heads = (
        *("Contract number", "Vendor", "Product", "Licence metric", "Seats", "Annual value", "Currency"),
        *("Start date", "Initial term (months)", "Renewal term (months)", "Auto-renew", "Notice period"),
        *("Notice unit", "Notice served", "Annual uplift", "Reducible", "Contract owner", "Business unit"),
        "Legal entity",
    )
    path = write_workbook(
        folder / "Contract_Register.xlsx",
        as_of,
        Layout(
            sheet="Contracts",
            above=(
                "Contract register - software",
                f"Status {as_of:%d %B %Y}",
                "Owner: Procurement",
                "Annual value without tax",
            ),
        ),
        heads,
        rows,
    )
    return DemoFile(
        kind=Kind.CONTRACTS,
        path=path,
        what="Procurement's register of contracts with terms and notice periods",
    )


def write_orders(folder: Path, as_of: date, people: Sequence[Employee]) -> DemoFile:
    """Purchase orders: the dearer renewals, the agencies' retainers, and two that are still open."""
    rows: list[tuple[Any, ...]] = []
    for tool in TOOLS:
        if tool.ledger != "ap" or tool.rhythm != 12 or tool.price < 30_000 or tool.renewal is None:
            continue
        start = add_months(term_ends(tool, as_of), -12)
        _, centre, currency = UNITS[tool.unit]
        rows.append(
            (
                order_number(tool),
                start - timedelta(days=21),
                tool.biller,
                product(tool.product).name,
                tool.text,
                Money(minor=tool.price * 100, currency=currency),
                currency,
                start,
                "closed" if start <= as_of else "open",
                centre,
                ACCOUNTS["software"],
                contract_number(tool),
                people[tool.owner].email,
            )
        )
    for number, unit, kind, biller, text, amount, day, status in (
        (
            *("PO-49110", "AMER", "agency", "BRIGHTSIDE CREATIVE LLC", "Rebrand of the web site", 58_000),
            as_of - timedelta(days=40),
            "open",
        ),
        (
            *("PO-49131", "EMEA", "event", "MESSE KONTOR GMBH", "Messestand Frühjahr", 34_000),
            as_of - timedelta(days=24),
            "open",
        ),
    ):
        _, centre, currency = UNITS[unit]
        rows.append(
            (
                number,
                day,
                biller,
                None,
                text,
                Money(minor=amount * 100, currency=currency),
                currency,
                day + timedelta(days=60 if status == "open" else 14),
                status,
                centre,
                ACCOUNTS[kind],
                None,
                people[HOLDERS[unit]].email,
            )
        )
    heads = (
        *("PO number", "Order date", "Supplier", "Product", "Description", "Order value", "Currency"),
        *("Delivery date", "Status", "Cost center", "GL account", "Contract number", "Requester"),
    )
    path = write_workbook(
        folder / "Purchase_Orders.xlsx",
        as_of,
        Layout(sheet="Orders", above=("Purchase orders - marketing",)),
        heads,
        rows,
    )
    return DemoFile(kind=Kind.ORDERS, path=path, what="Purchase orders, open and closed")


def write_budgets(
    folder: Path, as_of: date, people: Sequence[Employee], charges: Sequence[Charge]
) -> list[DemoFile]:
    """The plans of last year and this year, in the two currencies the units plan in."""
    return [_budget(folder, as_of, people, year) for year in (as_of.year - 1, as_of.year)]


def _budget(folder: Path, as_of: date, people: Sequence[Employee], year: int) -> DemoFile:
    months = [month_of(date(year, number, 1)) for number in range(1, 13)]
    rows: list[tuple[Any, ...]] = []
    for code, (unit, centre, currency) in UNITS.items():
        holder = people[HOLDERS[code]].email
        for tool in TOOLS:
            if tool.unit != code or tool.ledger != "ap" or tool.price < OWN_LINE:
                continue
            plan = _tool_plan(tool, as_of, months)
            rows.append(_plan_row(None, None, unit, product(tool.product).name, "", holder, currency, plan))
        small = SMALL[code] * 100 * (100 if year == as_of.year else 94) // 100
        even = [small // 12] * 12
        rows.append(_plan_row(centre, "software", unit, None, OTHER[code], holder, currency, even))
        for kind, amount, text in PLANS[code]:
            whole = amount * 100 * (100 if year == as_of.year else 95) // 100
            spread = [whole // 12] * 12
            if kind == "event":
                spread = [0, 0, whole // 2, 0, 0, 0, 0, 0, whole - whole // 2, 0, 0, 0]
            rows.append(_plan_row(centre, kind, unit, None, text, holder, currency, spread))
    heads = (
        *("Cost center", "GL account", "Business unit", "Tool", "Description", "Budget holder", "Currency"),
        *(f"{date(year, number, 1):%b %Y}" for number in range(1, 13)),
        "FY total",
    )
    path = write_workbook(
        folder / f"Marketing_Budget_FY{year}.xlsx",
        as_of,
        Layout(
            sheet=f"Plan {year}",
            above=(f"Marketing budget {year}", "Approved plan, local currency per line", "Net of tax"),
            below=("EMEA plans in EUR; the other units in USD.",),
        ),
        heads,
        rows,
    )
    return DemoFile(
        kind=Kind.BUDGET,
        path=path,
        what=f"Budget of {year}: a row per line, a column per month, US dollars and euros",
        options=ImportOptions(as_of=date(year, 1, 1)),
    )


def _plan_row(
    centre: str | None,
    kind: str | None,
    unit: str,
    tool: str | None,
    text: str,
    holder: str,
    currency: str,
    plan: Sequence[int],
) -> tuple[Any, ...]:
    cells = tuple(Money(minor=minor, currency=currency) if minor else None for minor in plan)
    total = Money(minor=sum(plan), currency=currency)
    return (
        centre,
        ACCOUNTS[kind] if kind else None,
        unit,
        tool,
        text or None,
        holder,
        currency,
        *cells,
        total,
    )


def _tool_plan(tool: DemoTool, as_of: date, months: Sequence[int]) -> list[int]:
    """Last term's price and three percent in the month of each invoice: a plan made before the vendor's letter came."""
    plan: dict[int, int] = defaultdict(int)
    end = term_ends(tool, as_of)
    for years in (3, 2, 1, 0):
        for part in range(12 // tool.rhythm):
            due = month_of(add_months(end, -12 * years + part * tool.rhythm))
            price = tool.price * 100 * (103 if years < 2 else 100) // (100 + tool.uplift)
            plan[due] += price // (12 // tool.rhythm)
    return [plan[month] for month in months]


def write_rates(folder: Path, as_of: date) -> DemoFile:
    """Monthly booking rates of the euro, and each year's budget rate."""
    first = month_of(span(as_of).first) - 1
    rows: list[tuple[Any, ...]] = []
    for number, month in enumerate(range(first, month_of(as_of) + 1)):
        moved = Decimal((number * 37) % 90 - 30) / 1000
        rows.append(("EUR", "USD", "booking", month_start(month), Decimal("1.100") + moved))
    for year, rate in ((as_of.year - 2, "1.08"), (as_of.year - 1, "1.09"), (as_of.year, "1.10")):
        rows.append(("EUR", "USD", "budget", date(year, 1, 1), Decimal(rate)))
    path = write_workbook(
        folder / "Exchange_Rates.xlsx",
        as_of,
        Layout(sheet="Rates", above=("Treasury - exchange rates",)),
        ("From", "To", "Rate type", "Valid from", "Rate"),
        rows,
    )
    return DemoFile(
        kind=Kind.RATES, path=path, what="Treasury's exchange rates by month, and the budget rates"
    )
