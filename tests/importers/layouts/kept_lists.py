"""Lists of tools, contracts and users as their owners keep them."""

from datetime import date, datetime
from decimal import Decimal

from mopsaudit.intake.contract import Kind
from tests.importers.layouts.kept import Kept

D = datetime


def inventories() -> list[Kept]:
    """Lists of tools."""
    kind = Kind.INVENTORY
    return [
        Kept(
            name="owner-by-name-and-cost-in-words",
            kind=kind,
            sheets=[
                ["Our tools (Karin, please keep up to date!)"],
                [],
                ["What", "Who sells it", "Who uses it", "Costs p.a.", "How many users"],
                ["Mailchimp", "Intuit", "CRM team", "€ 4.800", "12 users"],
                ["Zorblax", "Zorblax AB", "Events", "€ 950", "3"],
            ],
            fields=("tool", "vendor", "yearly_cost", "currency", "seats"),
            says=[
                ("Mailchimp", "Intuit", Decimal(4800), "EUR", 12),
                ("Zorblax", "Zorblax AB", Decimal(950), "EUR", 3),
            ],
            refused=True,
            options={
                "base_currency": "EUR",
                "maps": (
                    ("tool", "What"),
                    ("vendor", "Who sells it"),
                    ("yearly_cost", "Costs p.a."),
                    ("seats", "E:"),
                ),
                "answers": (("Spend!D.decimal_mark", ","),),  # 4.800 may be either
            },
        ),
        Kept(
            name="german-tool-landscape",
            kind=kind,
            sheets=[
                ["Toolübersicht Marketing", None, None, "Stand:", D(2026, 3, 1)],
                ["Nr.", "Tool", "Anbieter", "Verantwortlich", "Lizenzen", "Kosten / Jahr", "Status"],
                [1, "HubSpot", "HubSpot Inc.", "a.klein@example.org", 25, 18000, "aktiv"],
                [2, "Sistrix", "Sistrix GmbH", "b.gross@example.org", 5, 2388.5, "aktiv"],
                [3, "Hootsuite", "Hootsuite", "", 3, 900, "gekündigt"],
            ],
            fields=("tool", "vendor", "owner", "seats", "yearly_cost"),
            says=[
                ("HubSpot", "HubSpot Inc.", "a.klein@example.org", 25, Decimal(18000)),
                ("Sistrix", "Sistrix GmbH", "b.gross@example.org", 5, Decimal("2388.5")),
                ("Hootsuite", "Hootsuite", None, 3, Decimal(900)),
            ],
        ),
        Kept(
            name="grouped-by-category-heading",
            kind=kind,
            sheets=[
                ["Category", "Tool", "Vendor", "Seats"],
                ["Performance Management", "GA360", "Google", 10],
                [None, "Tableau", "Salesforce", 8],
                ["Customer Interaction and Engagement", "Braze", "Braze", 4],
            ],
            fields=("tool", "vendor", "seats"),
            says=[("GA360", "Google", 10), ("Tableau", "Salesforce", 8), ("Braze", "Braze", 4)],
        ),
        Kept(
            name="french-with-monthly-price",
            kind=kind,
            sheets=[
                ["Outil", "Éditeur", "Responsable", "Prix mensuel", "Devise", "Nb licences"],
                ["Brevo", "Sendinblue SAS", "l.martin@example.org", 65, "EUR", 3],
                ["Aircall", "Aircall SAS", None, 120.5, "EUR", 6],
            ],
            fields=("tool", "vendor", "yearly_cost", "currency", "seats"),
            says=[
                ("Brevo", "Sendinblue SAS", Decimal(780), "EUR", 3),
                ("Aircall", "Aircall SAS", Decimal(1446), "EUR", 6),
            ],
        ),
        Kept(
            name="notes-below-and-a-legend",
            kind=kind,
            sheets=[
                ["Application name", "Publisher", "Business owner", "Lifecycle stage"],
                ["Asana", "Asana Inc", "kim@example.org", "In use"],
                ["Wrike", "Wrike Inc", "kim@example.org", "Phasing out"],
                [],
                ["* Phasing out = no new projects"],
                ["Source: IT, May 2026"],
            ],
            fields=("tool", "vendor", "owner", "status"),
            says=[
                ("Asana", "Asana Inc", "kim@example.org", "active"),
                ("Wrike", "Wrike Inc", "kim@example.org", "sunset"),
            ],
        ),
    ]


def contracts() -> list[Kept]:
    """Lists of contracts, with terms in words."""
    kind = Kind.CONTRACTS
    return [
        Kept(
            name="terms-in-one-english-sentence",
            kind=kind,
            sheets=[
                ["Vendor", "Product", "Start", "End", "Annual fee (USD)", "Terms"],
                [
                    "HubSpot",
                    "Marketing Hub",
                    D(2025, 2, 1),
                    D(2027, 1, 31),
                    24000,
                    "24 months, auto-renews for 12 months, 60 days' notice",
                ],
                ["Braze", "Braze", D(2024, 7, 1), D(2026, 6, 30), 80000, "2 years; no automatic renewal"],
            ],
            fields=(
                "vendor",
                "tool",
                "start",
                "end",
                "amount",
                "currency",
                "auto_renew",
                "notice",
                "notice_unit",
            ),
            says=[
                (
                    "HubSpot",
                    "Marketing Hub",
                    date(2025, 2, 1),
                    date(2027, 1, 31),
                    Decimal(24000),
                    "USD",
                    True,
                    60,
                    "days",
                ),
                (
                    "Braze",
                    "Braze",
                    date(2024, 7, 1),
                    date(2026, 6, 30),
                    Decimal(80000),
                    "USD",
                    False,
                    None,
                    None,
                ),
            ],
        ),
        Kept(
            name="german-notice-words",
            kind=kind,
            sheets=[
                ["Vertragsliste"],
                [
                    "Anbieter",
                    "Produkt",
                    "Vertragsbeginn",
                    "Vertragsende",
                    "Kündigungsfrist",
                    "Verlängerung",
                    "Jahresbetrag in EUR",
                ],
                [
                    "Sistrix GmbH",
                    "Toolbox",
                    D(2025, 1, 1),
                    D(2026, 12, 31),
                    "3 Monate zum Laufzeitende",
                    "automatisch um 12 Monate",
                    2388,
                ],
                ["Personio", "HR", D(2025, 6, 1), D(2026, 5, 31), "30 Tage", "keine", 5000],
            ],
            fields=(
                "vendor",
                "tool",
                "start",
                "end",
                "notice",
                "notice_unit",
                "amount",
                "currency",
                "auto_renew",
            ),
            says=[
                (
                    "Sistrix GmbH",
                    "Toolbox",
                    date(2025, 1, 1),
                    date(2026, 12, 31),
                    3,
                    "months",
                    Decimal(2388),
                    "EUR",
                    True,
                ),
                (
                    "Personio",
                    "HR",
                    date(2025, 6, 1),
                    date(2026, 5, 31),
                    30,
                    "days",
                    Decimal(5000),
                    "EUR",
                    False,
                ),
            ],
        ),
        Kept(
            name="french-tacite-reconduction",
            kind=kind,
            sheets=[
                [
                    "Fournisseur",
                    "Logiciel",
                    "Date début",
                    "Date fin",
                    "Préavis",
                    "Reconduction",
                    "Montant annuel €",
                ],
                ["Brevo SAS", "Brevo", D(2025, 4, 1), D(2026, 3, 31), "2 mois", "tacite", 780],
                ["Adobe", "Creative Cloud", D(2024, 9, 1), D(2027, 8, 31), "90 jours", "expresse", 14000],
            ],
            fields=("vendor", "tool", "end", "notice", "notice_unit", "amount", "currency", "auto_renew"),
            says=[
                ("Brevo SAS", "Brevo", date(2026, 3, 31), 2, "months", Decimal(780), "EUR", True),
                ("Adobe", "Creative Cloud", date(2027, 8, 31), 90, "days", Decimal(14000), "EUR", False),
            ],
        ),
        Kept(
            name="seats-and-unit-price",
            kind=kind,
            sheets=[
                [
                    "Supplier name",
                    "SKU",
                    "Qty",
                    "Price per seat / month",
                    "Currency",
                    "Term start",
                    "Term end",
                    "Notice (days)",
                ],
                ["Slack", "Business+", 120, 12.5, "USD", D(2026, 1, 1), D(2026, 12, 31), 30],
                ["Figma", "Professional", 15, 15, "USD", D(2026, 3, 1), D(2027, 2, 28), 0],
            ],
            fields=("vendor", "quantity", "currency", "start", "end", "notice", "notice_unit"),
            says=[
                ("Slack", 120, "USD", date(2026, 1, 1), date(2026, 12, 31), 30, "days"),
                ("Figma", 15, "USD", date(2026, 3, 1), date(2027, 2, 28), 0, "days"),
            ],
        ),
        Kept(
            name="dutch-and-unlimited",
            kind=kind,
            sheets=[
                [
                    "Leverancier",
                    "Product",
                    "Ingangsdatum",
                    "Einddatum",
                    "Opzegtermijn",
                    "Bedrag per jaar (EUR)",
                ],
                ["Exact", "Online", D(2025, 1, 1), D(2025, 12, 31), "1 maand", 1200],
                ["Mollie", "API", D(2025, 2, 1), None, "geen", 0],
            ],
            fields=("vendor", "tool", "start", "end", "notice", "amount"),
            says=[
                ("Exact", "Online", date(2025, 1, 1), date(2025, 12, 31), 1, Decimal(1200)),
                ("Mollie", "API", date(2025, 2, 1), None, 0, Decimal(0)),
            ],
        ),
    ]


def usages() -> list[Kept]:
    """User lists nobody has a layout of."""
    kind = Kind.USAGE
    return [
        Kept(
            name="own-list-with-never-spellings",
            kind=kind,
            sheets=[
                ["User", "E-mail address", "Role", "Last seen"],
                ["Ann", "ann@example.org", "Editor", D(2026, 3, 4)],
                ["Bob", "bob@example.org", "Viewer", "never"],
                ["Cid", "cid@example.org", "Viewer", "Never logged in"],
                ["Dee", "dee@example.org", "Viewer", "—"],
                ["Eva", "eva@example.org", "Viewer", "n/a"],
            ],
            fields=("user_email", "last_activity"),
            says=[
                ("ann@example.org", date(2026, 3, 4)),
                ("bob@example.org", None),
                ("cid@example.org", None),
                ("dee@example.org", None),
                ("eva@example.org", None),
            ],
            options={"tool": "Zorblax"},
        ),
        Kept(
            name="german-users-nie",
            kind=kind,
            sheets=[
                ["Benutzerliste Zorblax"],
                ["Name", "E-Mail", "Lizenz", "Letzte Anmeldung"],
                ["Klein, A.", "a.klein@example.org", "Pro", "12.02.2026"],
                ["Gross, B.", "b.gross@example.org", "Pro", "nie"],
                ["Lang, C.", "c.lang@example.org", "Basic", "noch nie"],
            ],
            fields=("user_email", "licence", "last_activity"),
            says=[
                ("a.klein@example.org", "Pro", date(2026, 2, 12)),
                ("b.gross@example.org", "Pro", None),
                ("c.lang@example.org", "Basic", None),
            ],
            options={"tool": "Zorblax"},
        ),
        Kept(
            name="several-products-as-columns-of-ticks",
            kind=kind,
            sheets=[
                ["Tool", "User email", "Last login"],
                ["Figma", "ann@example.org", D(2026, 3, 1)],
                ["Figma", "bob@example.org", None],
                ["Miro", "ann@example.org", D(2026, 2, 1)],
                ["Miro", "cid@example.org", "Never"],
            ],
            fields=("tool", "user_email", "last_activity"),
            says=[
                ("Figma", "ann@example.org", date(2026, 3, 1)),
                ("Figma", "bob@example.org", None),
                ("Miro", "ann@example.org", date(2026, 2, 1)),
                ("Miro", "cid@example.org", None),
            ],
        ),
        Kept(
            name="iso-timestamps-with-zone",
            kind=kind,
            sheets=[
                ["id", "email", "created_at", "last_active_at", "state"],
                ["u1", "ann@example.org", "2025-01-02T08:00:00Z", "2026-03-04T23:10:00.123Z", "active"],
                ["u2", "bob@example.org", "2025-01-02T08:00:00+02:00", "0001-01-01T00:00:00Z", "invited"],
            ],
            fields=("user_email", "created", "last_activity"),
            says=[
                ("ann@example.org", date(2025, 1, 2), date(2026, 3, 4)),
                ("bob@example.org", date(2025, 1, 2), None),
            ],
            options={"tool": "Zorblax"},
        ),
        Kept(
            name="french-jamais",
            kind=kind,
            sheets=[
                ["Nom", "Courriel", "Dernière connexion", "Statut"],
                ["Ann Roy", "ann@example.org", D(2026, 1, 31), "Actif"],
                ["Bob Roy", "bob@example.org", "Jamais", "Inactif"],
            ],
            fields=("user_email", "last_activity"),
            says=[("ann@example.org", date(2026, 1, 31)), ("bob@example.org", None)],
            options={"tool": "Zorblax"},
        ),
        Kept(
            name="monthly-active-counts",
            kind=kind,
            sheets=[
                ["Application", "Assigned seats", "Active users"],
                ["Figma", 40, 31],
                ["Miro", 25, 9],
            ],
            fields=("tool", "active_count"),
            says=[("Figma", 31), ("Miro", 9)],
        ),
    ]
