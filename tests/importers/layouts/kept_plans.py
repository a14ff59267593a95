"""Plans, orders, benefits, rates and rosters as their owners keep them."""

from datetime import date, datetime
from decimal import Decimal

from mopsaudit.intake.contract import Kind
from tests.importers.layouts.kept import Kept, m

D = datetime


def budgets() -> list[Kept]:
    """Plans by months, quarters, halves; of any year; in thousands; by version."""
    kind = Kind.BUDGET
    quarters = [m(2026, 1), m(2026, 4), m(2026, 7), m(2026, 10)]
    months = [m(2026, number) for number in range(1, 13)]
    fiscal = [m(2025 + (number > 12), (number - 1) % 12 + 1) for number in range(7, 19)]
    words = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return [
        Kept(
            name="months-with-quarter-sums-between",
            kind=kind,
            sheets=[
                ["Marketing budget 2026 (EUR)"],
                ["Tool", *words[:3], "Q1", *words[3:6], "Q2", "H1"],
                ["CRM", 1, 2, 3, 6, 4, 5, 6, 15, 21],
                ["Ads", 10, 20, 30, 60, 40, 50, 60, 150, 210],
                ["Total", 11, 22, 33, 66, 44, 55, 66, 165, 231],
            ],
            fields=("tool", "month", "amount"),
            says=[
                *[("CRM", months[place], Decimal(place + 1)) for place in range(6)],
                *[("Ads", months[place], Decimal(10 * (place + 1))) for place in range(6)],
            ],
        ),
        Kept(
            name="fiscal-from-july",
            kind=kind,
            sheets=[
                ["Budget FY26 (Jul 2025 - Jun 2026)"],
                [
                    "Cost centre",
                    "Programme",
                    *(f"{words[(6 + n) % 12]} {25 + (n > 5)}" for n in range(12)),
                    "FY",
                ],
                ["MK10", "Events", *[100 * (n + 1) for n in range(12)], 7800],
            ],
            fields=("cost_centre", "programme", "month", "amount"),
            says=[("MK10", "Events", fiscal[n], Decimal(100 * (n + 1))) for n in range(12)],
        ),
        Kept(
            name="tausend-euro",
            kind=kind,
            sheets=[
                ["Planung 2026 in T€"],
                ["Kostenstelle", "Jan", "Feb", "Mrz"],
                ["4711", 1.5, 2, 2.25],
                ["4712", 10, 0.5, 7],
            ],
            fields=("cost_centre", "month", "amount"),
            says=[
                ("4711", m(2026, 1), Decimal(1500)),
                ("4711", m(2026, 2), Decimal(2000)),
                ("4711", m(2026, 3), Decimal(2250)),
                ("4712", m(2026, 1), Decimal(10000)),
                ("4712", m(2026, 2), Decimal(500)),
                ("4712", m(2026, 3), Decimal(7000)),
            ],
        ),
        Kept(
            name="one-row-a-month-long",
            kind=kind,
            sheets=[
                ["Month", "Account", "Tool", "Budget"],
                [D(2026, 1, 1), "6400", "CRM", 500],
                [D(2026, 2, 1), "6400", "CRM", 600],
                ["Mar 2026", "6400", "CRM", 700],
            ],
            fields=("gl_account", "tool", "month", "amount"),
            says=[
                ("6400", "CRM", m(2026, 1), Decimal(500)),
                ("6400", "CRM", m(2026, 2), Decimal(600)),
                ("6400", "CRM", m(2026, 3), Decimal(700)),
            ],
        ),
        Kept(
            name="versions-by-sheet",
            kind=kind,
            sheets={
                "Original 2026": [["Tool", "Jan 2026", "Feb 2026"], ["CRM", 100, 110], ["Ads", 5, 6]],
                "Reforecast 2026": [["Tool", "Jan 2026", "Feb 2026"], ["CRM", 90, 120], ["Ads", 7, 8]],
            },
            fields=("tool", "month", "amount"),
            says=[
                ("CRM", m(2026, 1), Decimal(100)),
                ("CRM", m(2026, 2), Decimal(110)),
                ("Ads", m(2026, 1), Decimal(5)),
                ("Ads", m(2026, 2), Decimal(6)),
                ("CRM", m(2026, 1), Decimal(90)),
                ("CRM", m(2026, 2), Decimal(120)),
                ("Ads", m(2026, 1), Decimal(7)),
                ("Ads", m(2026, 2), Decimal(8)),
            ],
        ),
        Kept(
            name="french-months-thousands",
            kind=kind,
            sheets=[
                ["Budget marketing 2026 - montants en k€"],
                ["Centre de coût", "Janvier", "Février", "Mars", "Avril"],
                ["MKT", 1, 2, 3, 4],
                ["EVT", 5, 6, 7.5, 8],
            ],
            fields=("cost_centre", "month", "amount"),
            says=[
                *[("MKT", months[n], Decimal(1000 * (n + 1))) for n in range(4)],
                ("EVT", months[0], Decimal(5000)),
                ("EVT", months[1], Decimal(6000)),
                ("EVT", months[2], Decimal(7500)),
                ("EVT", months[3], Decimal(8000)),
            ],
        ),
        Kept(
            name="quarters-of-the-year",
            kind=kind,
            sheets=[
                ["Programme", "Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026", "2026"],
                ["Brand", 300, 600, 900, 1200, 3000],
                ["Events", 30, 60, 90, 120, 300],
            ],
            fields=("programme", "month", "amount"),
            says=[
                (name, m(first.year, first.month + n), Decimal(base * (place + 1)))
                for name, base in (("Brand", 100), ("Events", 10))
                for place, first in enumerate(quarters)
                for n in range(3)
            ],
        ),
        Kept(
            name="halves",
            kind=kind,
            sheets=[["Tool", "H1 2026", "H2 2026"], ["CRM", 600, 1200], ["Ads", 6, 12]],
            fields=("tool", "month", "amount"),
            says=[
                (name, month, Decimal(base * (1 if place < 6 else 2)))
                for name, base in (("CRM", 100), ("Ads", 1))
                for place, month in enumerate(months)
            ],
        ),
    ]


def orders() -> list[Kept]:
    """Purchase orders."""
    kind = Kind.ORDERS
    return [
        Kept(
            name="open-order-report",
            kind=kind,
            sheets=[
                ["Open PO report", None, None, "Run", D(2026, 4, 2)],
                [
                    "PO Number",
                    "Line",
                    "Vendor name",
                    "Description",
                    "PO Amount",
                    "Invoiced",
                    "Remaining",
                    "Status",
                ],
                ["4500012", 10, "HubSpot", "Marketing Hub", 24000, 6000, 18000, "Open"],
                ["4500013", 10, "Canva", "Teams", 1200, 1200, 0, "Closed"],
                ["Total", None, None, None, 25200, 7200, 18000, None],
            ],
            fields=("order_number", "supplier", "amount", "invoiced", "open", "status"),
            says=[
                ("4500012", "HubSpot", Decimal(24000), Decimal(6000), Decimal(18000), "open"),
                ("4500013", "Canva", Decimal(1200), Decimal(1200), Decimal(0), "closed"),
            ],
        ),
        Kept(
            name="bestellungen",
            kind=kind,
            sheets=[
                [
                    "Bestellnummer",
                    "Bestelldatum",
                    "Lieferant",
                    "Bezeichnung",
                    "Bestellwert",
                    "Währung",
                    "Kostenstelle",
                ],
                ["B-1", "03.02.2026", "Sistrix GmbH", "Toolbox", "2.388,00", "EUR", "4711"],
                ["B-2", "28.02.2026", "Personio SE", "HR", "5.000,50", "EUR", "4712"],
            ],
            fields=("order_number", "date", "supplier", "amount", "currency", "cost_centre"),
            says=[
                ("B-1", date(2026, 2, 3), "Sistrix GmbH", Decimal(2388), "EUR", "4711"),
                ("B-2", date(2026, 2, 28), "Personio SE", Decimal("5000.50"), "EUR", "4712"),
            ],
        ),
        Kept(
            name="blank-number-under-an-order",
            kind=kind,
            sheets=[
                ["Order no", "Position", "Supplier", "Value"],
                ["PO-7", 1, "Acme", 100],
                [None, 2, None, 50],
                ["PO-8", 1, "Beta", 70],
            ],
            fields=("order_number", "line", "amount"),
            says=[("PO-7", "1", Decimal(100)), ("PO-7", "2", Decimal(50)), ("PO-8", "1", Decimal(70))],
        ),
        Kept(
            name="commandes",
            kind=kind,
            sheets=[
                ["N° commande", "Date commande", "Fournisseur", "Objet", "Montant HT"],
                ["C1", D(2026, 1, 5), "Brevo SAS", "Abonnement", 780],
                ["C2", D(2026, 1, 9), "Aircall SAS", "Téléphonie", 1446.5],
            ],
            fields=("order_number", "date", "supplier", "amount"),
            says=[
                ("C1", date(2026, 1, 5), "Brevo SAS", Decimal(780)),
                ("C2", date(2026, 1, 9), "Aircall SAS", Decimal("1446.5")),
            ],
        ),
    ]


def benefits() -> list[Kept]:
    """What business cases brought."""
    kind = Kind.BENEFITS
    return [
        Kept(
            name="tracker-by-month",
            kind=kind,
            sheets=[
                ["Benefit tracker"],
                ["Business case", "Benefit", "Month", "Planned", "Actual", "Currency"],
                ["Fewer agencies", "Agency fees saved", D(2026, 1, 1), 1000, 800, "EUR"],
                ["Fewer agencies", "Agency fees saved", D(2026, 2, 1), 1000, 1100, "EUR"],
            ],
            fields=("case", "month", "planned", "amount", "currency"),
            says=[
                ("Fewer agencies", m(2026, 1), Decimal(1000), Decimal(800), "EUR"),
                ("Fewer agencies", m(2026, 2), Decimal(1000), Decimal(1100), "EUR"),
            ],
        ),
        Kept(
            name="months-across",
            kind=kind,
            sheets=[
                ["Case", "Kind", "Jan 2026", "Feb 2026", "Mar 2026"],
                ["Fewer agencies", "cash reduction", 100, 200, 300],
                ["One DAM", "time", 5, None, 7],
            ],
            fields=("case", "month", "amount"),
            says=[
                ("Fewer agencies", m(2026, 1), Decimal(100)),
                ("Fewer agencies", m(2026, 2), Decimal(200)),
                ("Fewer agencies", m(2026, 3), Decimal(300)),
                ("One DAM", m(2026, 1), Decimal(5)),
                ("One DAM", m(2026, 3), Decimal(7)),
            ],
        ),
        Kept(
            name="nutzen",
            kind=kind,
            sheets=[
                ["Business Case", "Monat", "Plan", "Ist", "Währung"],
                ["Weniger Agenturen", "01/2026", "1.000,00", "800,00", "EUR"],
                ["Weniger Agenturen", "02/2026", "1.000,00", "1.100,50", "EUR"],
            ],
            fields=("case", "month", "planned", "amount"),
            says=[
                ("Weniger Agenturen", m(2026, 1), Decimal(1000), Decimal(800)),
                ("Weniger Agenturen", m(2026, 2), Decimal(1000), Decimal("1100.50")),
            ],
        ),
    ]


def rates() -> list[Kept]:
    """Exchange rates."""
    kind = Kind.RATES
    return [
        Kept(
            name="treasury-list",
            kind=kind,
            sheets=[
                ["Group rates, March 2026"],
                ["From", "To", "Rate", "Valid from"],
                ["USD", "EUR", 0.9213, D(2026, 3, 1)],
                ["CAD", "EUR", 0.6742, D(2026, 3, 1)],
            ],
            fields=("from", "to", "rate", "valid_from"),
            says=[
                ("USD", "EUR", Decimal("0.9213"), date(2026, 3, 1)),
                ("CAD", "EUR", Decimal("0.6742"), date(2026, 3, 1)),
            ],
        ),
        Kept(
            name="kurse",
            kind=kind,
            sheets=[
                ["Von", "Nach", "Kurs", "Gültig ab"],
                ["USD", "EUR", "0,9213", "01.03.2026"],
                ["CHF", "EUR", "1,0412", "01.03.2026"],
            ],
            fields=("from", "to", "rate", "valid_from"),
            says=[
                ("USD", "EUR", Decimal("0.9213"), date(2026, 3, 1)),
                ("CHF", "EUR", Decimal("1.0412"), date(2026, 3, 1)),
            ],
        ),
        Kept(
            name="pairs-of-currencies",
            kind=kind,
            sheets=[
                ["Currency pair", "Rate", "As of"],
                ["EUR/USD", 1.0412, D(2026, 1, 31)],
                ["EUR/GBP", 0.8451, D(2026, 1, 31)],
            ],
            fields=("from", "to", "rate", "valid_from"),
            says=[
                ("EUR", "USD", Decimal("1.0412"), date(2026, 1, 31)),
                ("EUR", "GBP", Decimal("0.8451"), date(2026, 1, 31)),
            ],
        ),
    ]


def people() -> list[Kept]:
    """Rosters."""
    kind = Kind.PEOPLE
    return [
        Kept(
            name="joiners-and-leavers",
            kind=kind,
            sheets=[
                ["Staff list 04/2026"],
                [
                    "Employee no.",
                    "First name",
                    "Last name",
                    "Work e-mail",
                    "Team",
                    "Start date",
                    "Leaving date",
                ],
                [1001, "Ann", "Low", "ann@example.org", "CRM", D(2020, 1, 1), None],
                [1002, "Bob", "High", "bob@example.org", "Events", D(2021, 5, 1), D(2026, 3, 31)],
            ],
            fields=("email", "employee_id", "joined", "left"),
            says=[
                ("ann@example.org", "1001", date(2020, 1, 1), None),
                ("bob@example.org", "1002", date(2021, 5, 1), date(2026, 3, 31)),
            ],
        ),
        Kept(
            name="mitarbeiter",
            kind=kind,
            sheets=[
                ["Personalnummer", "Name", "E-Mail", "Abteilung", "Eintritt", "Austritt"],
                ["77", "Klein, Anna", "a.klein@example.org", "Marketing", "01.02.2019", ""],
                ["78", "Gross, Bert", "b.gross@example.org", "Marketing", "15.07.2020", "30.06.2026"],
            ],
            fields=("email", "employee_id", "unit", "joined", "left"),
            says=[
                ("a.klein@example.org", "77", "Marketing", date(2019, 2, 1), None),
                ("b.gross@example.org", "78", "Marketing", date(2020, 7, 15), date(2026, 6, 30)),
            ],
        ),
        Kept(
            name="effectifs",
            kind=kind,
            sheets=[
                [
                    "Matricule",
                    "Nom",
                    "Prénom",
                    "Adresse e-mail",
                    "Service",
                    "Date d'entrée",
                    "Date de sortie",
                ],
                ["5", "Roy", "Ann", "ann@example.org", "Marketing", D(2020, 1, 1), None],
                ["6", "Roy", "Bob", "bob@example.org", "Ventes", D(2021, 1, 1), D(2026, 2, 28)],
            ],
            fields=("email", "employee_id", "unit", "left"),
            says=[
                ("ann@example.org", "5", "Marketing", None),
                ("bob@example.org", "6", "Ventes", date(2026, 2, 28)),
            ],
        ),
        Kept(
            name="far-end-dates-mean-none",
            kind=kind,
            sheets=[
                ["Email", "Name", "Hire date", "Termination date", "Worker type"],
                ["ann@example.org", "Ann", D(2020, 1, 1), D(9999, 12, 31), "Employee"],
                ["bob@example.org", "Bob", D(2021, 1, 1), D(2026, 1, 15), "Contractor"],
            ],
            fields=("email", "left"),
            says=[("ann@example.org", None), ("bob@example.org", date(2026, 1, 15))],
        ),
    ]
