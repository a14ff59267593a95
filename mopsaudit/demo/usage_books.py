"""Users, seats and sign-ins as each vendor's administration exports them, with that vendor's headings."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from mopsaudit.catalogue.products import product
from mopsaudit.demo.ledgers import term_ends
from mopsaudit.demo.people import DOMAIN, Employee, Seat, seats_of
from mopsaudit.demo.sheets import DemoFile, write_text
from mopsaudit.demo.stack import TOOLS, DemoTool
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.options import ImportOptions
from mopsaudit.periods import add_months, month_end, month_of

Row = tuple[str, ...]
Rows = Callable[[Seat], Row]
#: Days between the two exports of the single sign-on, so that a trend shows.
QUARTER: Final = 91
#: An application of the single sign-on that is in no inventory: the import enters it as proposed.
SHADOW: Final = "Loom"
#: Tool bought by consumption → units of a term, and the percentage of an even year at which they are used.
CREDITS: Final = {
    "adobe-marketo-engage": (4_000_000, 128),
    "adobe-analytics": (480_000_000, 91),
    "hubspot-marketing-hub": (36_000, 97),
    "optimizely-web": (1_200_000, 117),
}
#: Month ends somebody noted the counters at.
READINGS: Final = 4


def _us(day: date | None) -> str:
    return "" if day is None else f"{day.month}/{day.day}/{day.year} 9:{day.day:02} AM"


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _first(seat: Seat) -> str:
    return seat.person.name.split()[0]


def _last(seat: Seat) -> str:
    return seat.person.name.split()[-1]


def _stamp(day: date | None, never: str = "") -> str:
    return never if day is None else f"{day.isoformat()} 08:{day.day:02}:00"


#: Export → (file name, headings, a row of a seat).
EXPORTS: Final[dict[str, tuple[str, Row, Rows]]] = {
    "salesforce": (
        "Salesforce_Users",
        ("Full Name", "Alias", "Username", "Last Login", "Role", "Active", "Profile", "Email"),
        lambda seat: (
            seat.person.name,
            f"{_first(seat)[:1]}{_last(seat)[:4]}".lower(),
            f"{seat.person.email}.prod",
            _us(seat.last),
            seat.person.title,
            "1",
            "Marketing User",
            seat.person.email,
        ),
    ),
    "asana": (
        "Asana_Members",
        ("Name", "Email", "Account type", "Last activity", "Licensed"),
        lambda seat: (seat.person.name, seat.person.email, "Member", _iso(seat.last), "Yes"),
    ),
    "slack": (
        "Slack_Member_Analytics",
        (
            "Name",
            "Email",
            "Account type",
            "Account created (UTC)",
            "Last active (UTC)",
            "Days active",
            "Messages posted",
        ),
        lambda seat: (
            seat.person.name,
            seat.person.email,
            "Member",
            _iso(seat.created),
            _iso(seat.last),
            "18" if seat.last else "0",
            "204" if seat.last else "0",
        ),
    ),
    "zoom": (
        "zoom_users",
        (
            *("Email", "First Name", "Last Name", "Department", "User Group", "User Status", "User Type"),
            *("Creation Date", "Last Login(UTC)"),
        ),
        lambda seat: (
            seat.person.email,
            _first(seat),
            _last(seat),
            seat.person.unit,
            "",
            "Active",
            "Licensed",
            _iso(seat.created),
            _stamp(seat.last),
        ),
    ),
    "hubspot": (
        "hubspot-users-export",
        ("Email", "First name", "Last name", "Seat", "Super admin", "Main Team", "Date added", "Last active"),
        lambda seat: (
            seat.person.email,
            _first(seat),
            _last(seat),
            "Sales Hub",
            "No",
            seat.person.unit,
            _iso(seat.created),
            _iso(seat.last),
        ),
    ),
    "adobe": (
        "adobe_users",
        (
            *("Identity Type", "Username", "Domain", "Email", "First Name", "Last Name", "Country Code"),
            *("ID", "Product Configurations"),
        ),
        lambda seat: (
            "Federated ID",
            seat.person.email,
            DOMAIN,
            seat.person.email,
            _first(seat),
            _last(seat),
            "US",
            seat.person.number,
            "Creative Cloud All Apps",
        ),
    ),
    "canva": (
        "canva_people",
        ("Name", "Email", "Role", "Designs created", "Last active", "Date joined"),
        lambda seat: (
            seat.person.name,
            seat.person.email,
            "Member",
            "14" if seat.last else "0",
            _iso(seat.last),
            _iso(seat.created),
        ),
    ),
    "figma": (
        "figma_members",
        ("Name", "Email", "Seat type", "Workspace", "Last active"),
        lambda seat: (seat.person.name, seat.person.email, "Full", "Brightwater", _iso(seat.last)),
    ),
    "monday": (
        "monday_users",
        ("Name", "Email", "User type", "Products", "Joined", "Last active"),
        lambda seat: (
            seat.person.name,
            seat.person.email,
            "Member",
            "work management",
            _iso(seat.created),
            _iso(seat.last),
        ),
    ),
}


def write_usage(folder: Path, as_of: date, people: tuple[Employee, ...], seed: int) -> list[DemoFile]:
    """The vendors' own exports of this week, and two of the single sign-on a quarter apart."""
    on = as_of - timedelta(days=3)
    files: list[DemoFile] = []
    for tool in TOOLS:
        if tool.export in EXPORTS:
            files.append(_vendor(folder, tool, people, seed, on))
    by_login = [tool for tool in TOOLS if tool.export == "okta"]
    files.append(_sign_on(folder, by_login, people, seed, on - timedelta(days=QUARTER)))
    files.append(_sign_on(folder, by_login, people, seed, on))
    return files


def _vendor(folder: Path, tool: DemoTool, people: tuple[Employee, ...], seed: int, on: date) -> DemoFile:
    stem, heads, row = EXPORTS[tool.export]
    rows = [row(seat) for seat in seats_of(tool, people, seed, on)]
    if tool.export == "salesforce":
        service = ("Integration User", "integ", f"integration@{DOMAIN}.prod", _us(on), "", "1")
        rows.append((*service, "System Administrator", f"integration.user@{DOMAIN}"))
    name = product(tool.product).name
    return DemoFile(
        kind=Kind.USAGE,
        path=write_text(folder / f"{stem}_{on:%Y%m%d}.csv", heads, rows, encoding="utf-8-sig"),
        what=f"Users of {name}, as its administration page exports them",
        options=ImportOptions(tool=name, as_of=on),
    )


def _shadow_users(people: Sequence[Employee], on: date) -> list[tuple[Employee, date]]:
    """The few who sign in to a tool nobody entered, with the day they last did."""
    there = [each for each in people if each.joined <= on and (each.left is None or each.left > on)]
    return [(each, on - timedelta(days=4 * index)) for index, each in enumerate(there[20:31])]


def _sign_on(
    folder: Path, tools: Sequence[DemoTool], people: tuple[Employee, ...], seed: int, on: date
) -> DemoFile:
    rows = [
        (product(tool.product).name, seat.person.name, seat.person.email, _iso(seat.last))
        for tool in tools
        for seat in seats_of(tool, people, seed, on)
    ]
    rows += [(SHADOW, each.name, each.email, _iso(last)) for each, last in _shadow_users(people, on)]
    return DemoFile(
        kind=Kind.USAGE,
        path=write_text(
            folder / f"Okta_Application_Usage_{on:%Y%m%d}.csv",
            ("Application", "User", "Username", "Last Access"),
            rows,
        ),
        what="Last access per application, from the single sign-on",
        options=ImportOptions(as_of=on),
    )


def write_credits(folder: Path, on: date) -> DemoFile:
    """What the consoles of tools bought by consumption showed at the last month ends; one tool nobody reads is left."""
    rows: list[Row] = []
    for tool in TOOLS:
        bought, percent = CREDITS.get(tool.product, (0, 0))
        for months in range(READINGS, 0, -1) if bought else ():
            day = month_end(month_of(on) - months)
            begun = add_months(term_ends(tool, on), -12)
            while begun > day:
                begun = add_months(begun, -12)
            used = min(bought, bought * percent * (day - begun).days // 36_500)
            figures = (f"{bought:,}", f"{used:,}", f"{bought - used:,}")
            rows.append((product(tool.product).name, _iso(day), *figures))
    return DemoFile(
        kind=Kind.CREDITS,
        path=write_text(
            folder / "Credit_Consumption.csv",
            ("Product", "As of", "Entitlement", "Consumed", "Remaining"),
            rows,
        ),
        what="Credits of tools bought by consumption, as marketing operations notes them at month end",
    )
