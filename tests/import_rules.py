"""Who may import whom: the table of `mopsaudit/docs/architecture.md`, as data for tests/test_architecture.py.

The first rule whose pattern fits a module counts. A `*` stands for one segment. A module may always import
from its own package prefix (what the pattern matched) unless the rule says `own=False`.
In `us` and `never`, `{room}` is the package of the report the module belongs to; `never` wins over the rest.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """What the modules under `pattern` may import: our prefixes (`us`, not `never`) and others' packages."""

    pattern: str
    us: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    own: bool = True
    never: tuple[str, ...] = ()


PURE: Final = (
    "mopsaudit.errors",
    "mopsaudit.later",
    "mopsaudit.money",
    "mopsaudit.periods",
    "mopsaudit.problems",
    "mopsaudit.reporting",
    "mopsaudit.resting",
    "mopsaudit.rows",
    "mopsaudit.scope",
    "mopsaudit.settings",
    "mopsaudit.words",
)
"""Values and contracts: no Flask, no SQLAlchemy, no cycle among them."""

READING: Final = "mopsaudit.intake.contract"
LINES: Final = "mopsaudit.intake.spend_lines"
STORED: Final = (*PURE, "mopsaudit.store")
CORE_ROOMS: Final = (*STORED, "mopsaudit.catalogue", "mopsaudit.facts", READING)
JUDGING: Final = tuple(
    f"mopsaudit.intake.{name}"
    for name in (
        "certificate",
        "duplicates",
        "identity",
        "likelihood",
        "match",
        "match_catalogue",
        "match_evidence",
        "match_finding",
        "match_index",
        "match_score",
        "match_values",
        "normalise",
        "patterns",
        "supplier_words",
        "surroundings",
    )
)
"""Rooms of the intake that judge without a database."""
WRITING: Final = tuple(f"mopsaudit.workbook.{name}" for name in ("cells", "tables", "writer"))
"""What writes cells: `writer` alone touches the library, the others put values and tables into its words."""
ASKING: Final = ("{room}.query", "{room}.accruals", "{room}.credit_notes", "{room}.kept")
"""What of a report's room asks the database; the rest of it is pure and never imports these."""
NUMERIC: Final = ("highspy", "numpy", "pyxirr", "rapidfuzz")
PURE_FACTS: Final = tuple(
    f"mopsaudit.facts.{name}"
    for name in (
        *(
            "accrual",
            "agreements",
            "allocation",
            "endings",
            "invoiced",
            "line_columns",
            "published",
            "returns",
            "rhythm",
            "spending",
            "terms",
            "locks",
            "values",
            "wording",
        ),
    )
)
"""Arithmetic that several rooms share; as pure as the analyses that use it."""

RULES: Final = (
    *(Rule(name, PURE) for name in PURE),
    Rule("mopsaudit.logs", PURE),
    # Tables, sessions, trail, migrations
    Rule("mopsaudit.store.session", STORED, ("flask", "flask_sqlalchemy", "sqlalchemy")),
    Rule("mopsaudit.store.people", (*PURE, "mopsaudit.store"), ("flask_security", "sqlalchemy")),
    Rule("mopsaudit.store.migrations", STORED, ("alembic", "flask", "sqlalchemy")),
    Rule("mopsaudit.store", PURE, ("sqlalchemy",)),
    Rule("mopsaudit.catalogue", PURE),
    # Pure judgement
    Rule(READING, PURE, own=False),
    Rule(LINES, (*PURE, READING), own=False),
    *(Rule(name, (*PURE, READING, "mopsaudit.catalogue", *JUDGING), NUMERIC, own=False) for name in JUDGING),
    *(Rule(name, (*PURE, *PURE_FACTS), NUMERIC, own=False) for name in PURE_FACTS),
    # Report rooms; what two rooms need lives in `facts`, only the registry and the findings join them all
    *(
        Rule(
            name.replace("{room}", "mopsaudit.reports.*"),
            (*STORED, "mopsaudit.catalogue", "mopsaudit.facts", "{room}"),
            ("sqlalchemy",),
        )
        for name in ASKING
    ),
    Rule("mopsaudit.reports.*.sheet", (*PURE, *PURE_FACTS, "{room}", *WRITING), never=ASKING),
    Rule(
        "mopsaudit.reports.*.chart",
        (*PURE, *PURE_FACTS, "{room}", "mopsaudit.figures"),
        ("matplotlib.figure",),
        never=ASKING,
    ),
    Rule("mopsaudit.reports.output", (*PURE, *PURE_FACTS)),
    Rule("mopsaudit.reports.registry", (*CORE_ROOMS, "mopsaudit.reports"), ("sqlalchemy",)),
    Rule("mopsaudit.reports.findings", (*CORE_ROOMS, "mopsaudit.reports"), ("sqlalchemy",)),
    Rule("mopsaudit.reports.narrowing", (*PURE, *PURE_FACTS)),
    Rule("mopsaudit.reports.finding_list", (*PURE, "mopsaudit.reports.findings")),
    Rule("mopsaudit.reports.standing", (*PURE, *PURE_FACTS, "mopsaudit.reports.findings")),
    Rule("mopsaudit.reports.dashboard", (*CORE_ROOMS, "mopsaudit.reports"), ("sqlalchemy",)),
    Rule("mopsaudit.reports.visits", (*CORE_ROOMS, "mopsaudit.reports"), ("sqlalchemy",)),
    Rule(
        "mopsaudit.reports.*.calendar",
        (*PURE, *PURE_FACTS, "{room}"),
        ("icalendar",),
        never=ASKING,
    ),
    # The cheapest cover of a group is the lowest-cost stack's own question: one solver, one answer
    Rule(
        "mopsaudit.reports.overlap.cover",
        (*PURE, "{room}", *(f"mopsaudit.scenarios.{name}" for name in ("solver", "values"))),
        never=ASKING,
    ),
    # `analysis` and whatever arithmetic and values a room keeps beside it: pure
    Rule("mopsaudit.reports.*.*", (*PURE, *PURE_FACTS, "{room}"), NUMERIC, never=ASKING),
    Rule("mopsaudit.reports.*", PURE, ("sqlalchemy",)),
    Rule("mopsaudit.reports"),
    # What the spend alone says: pure; only its judgement asks the catalogue
    Rule("mopsaudit.spending.judgement", (*PURE, *PURE_FACTS, "mopsaudit.spending", "mopsaudit.catalogue")),
    Rule("mopsaudit.spending", (*PURE, *PURE_FACTS)),
    # What is paid, used and listed beside each other: pure but for its query
    Rule("mopsaudit.gaps.query", (*STORED, "mopsaudit.facts", "mopsaudit.gaps"), ("sqlalchemy",)),
    Rule(
        "mopsaudit.gaps",
        (*PURE, *PURE_FACTS, "mopsaudit.gaps", "mopsaudit.spending", "mopsaudit.catalogue"),
        never=("mopsaudit.gaps.query",),
    ),
    # What-ifs: pure but for what asks the database; money of today is the budget report's, pairs are overlap's
    *(
        Rule(
            f"mopsaudit.scenarios.{name}",
            (*CORE_ROOMS, "mopsaudit.organisation", "mopsaudit.reports.budget", "mopsaudit.scenarios"),
            ("sqlalchemy",),
        )
        for name in ("query", "today")
    ),
    Rule(
        "mopsaudit.scenarios.work",
        (
            *CORE_ROOMS,
            "mopsaudit.governance",
            "mopsaudit.jobs",
            "mopsaudit.organisation",
            "mopsaudit.scenarios",
        ),
        ("sqlalchemy",),
    ),
    Rule(
        "mopsaudit.scenarios",
        (*PURE, *PURE_FACTS, "mopsaudit.catalogue", "mopsaudit.scenarios"),
        NUMERIC,
        never=tuple(f"mopsaudit.scenarios.{name}" for name in ("query", "today", "work")),
    ),
    # Rooms that ask the database
    Rule("mopsaudit.facts", STORED, ("sqlalchemy",)),
    Rule("mopsaudit.organisation", CORE_ROOMS, ("sqlalchemy",)),
    Rule("mopsaudit.inventory", (*CORE_ROOMS, "mopsaudit.organisation"), ("sqlalchemy",)),
    Rule(
        "mopsaudit.governance",
        (*CORE_ROOMS, "mopsaudit.gaps", "mopsaudit.inventory.edits", "mopsaudit.scenarios"),
        ("sqlalchemy",),
        never=("mopsaudit.scenarios.query", "mopsaudit.scenarios.today", "mopsaudit.scenarios.work"),
    ),
    Rule(
        "mopsaudit.intake",
        (*CORE_ROOMS, "mopsaudit.inventory", "mopsaudit.jobs", "mopsaudit.organisation"),
        ("sqlalchemy",),
    ),
    # Copies of a database and its folder, while it serves
    Rule("mopsaudit.backup", STORED, ("sqlalchemy",)),
    # Recomputes from the lines, independently of the reports' queries; builds reports only to compare
    Rule(
        "mopsaudit.checks", (*STORED, "mopsaudit.organisation", "mopsaudit.reports.registry"), ("sqlalchemy",)
    ),
    Rule("mopsaudit.backup", STORED, ("sqlalchemy",)),
    Rule("mopsaudit.checks", STORED, ("sqlalchemy",)),
    Rule("mopsaudit.logs"),
    Rule(
        "mopsaudit.report_totals",
        (*CORE_ROOMS, "mopsaudit.checks", "mopsaudit.organisation", "mopsaudit.reports"),
        ("sqlalchemy",),
    ),
    Rule("mopsaudit.kept_figures", (*STORED, "mopsaudit.checks"), ("sqlalchemy",)),
    Rule("mopsaudit.jobs", STORED, ("flask", "sqlalchemy")),
    Rule(
        "mopsaudit.upkeep",
        (*CORE_ROOMS, *(f"mopsaudit.{name}" for name in ("backup", "checks", "jobs", "organisation"))),
        ("sqlalchemy",),
    ),
    # What leaves the house
    Rule(
        "mopsaudit.workbook.writer", (*PURE, *WRITING, "mopsaudit.workbook.rows"), ("xlsxwriter",), own=False
    ),
    Rule("mopsaudit.workbook.rows", (*PURE, "mopsaudit.workbook.cells"), ("xlsxwriter",), own=False),
    *(Rule(name, (*PURE, *WRITING), own=False) for name in WRITING),
    Rule(
        "mopsaudit.workbook.paper",
        (*PURE, "mopsaudit.workbook.cells", "mopsaudit.workbook.letters"),
        ("fpdf",),
        own=False,
    ),
    Rule("mopsaudit.workbook.letters", (), ("fpdf",), own=False),
    Rule("mopsaudit.workbook.annotate", (*PURE, READING), ("openpyxl",), own=False),
    Rule(
        "mopsaudit.workbook",
        (
            *CORE_ROOMS,
            *("mopsaudit.governance.savings_ledger", "mopsaudit.governance.scenarios"),
            *("mopsaudit.inventory", "mopsaudit.jobs"),
            *("mopsaudit.organisation", "mopsaudit.reports", "mopsaudit.scenarios"),
        ),
        ("sqlalchemy",),
    ),
    Rule("mopsaudit.figures", PURE, ("matplotlib",)),
    Rule("mopsaudit.notices", (*CORE_ROOMS, "mopsaudit.reports"), ("icalendar", "sqlalchemy")),
    # The demo company: files, then the commands of every room
    Rule(
        "mopsaudit.demo",
        (
            *CORE_ROOMS,
            "mopsaudit.governance",
            "mopsaudit.intake",
            "mopsaudit.inventory",
            "mopsaudit.organisation",
            "mopsaudit.reports.budget",
            "mopsaudit.scenarios",
            "mopsaudit.workbook",
        ),
        ("sqlalchemy",),
    ),
    Rule("mopsaudit.cli", ("mopsaudit",), ("click", "flask", "gunicorn", "sqlalchemy")),
    Rule("mopsaudit.docs"),
    # Readers: bytes to typed rows and problems; an empty template is the other side of the same columns
    Rule("importers.templates", (*PURE, READING, "importers"), ("xlsxwriter",)),
    Rule("importers", (*PURE, READING, LINES), ("defusedxml", "msoffcrypto", "openpyxl", "python_calamine")),
    # Pages: HTTP to calls, results to pages. Of the store they see the unit of work, never a model
    Rule(
        "blueprints",
        (
            *CORE_ROOMS[: len(PURE)],
            "mopsaudit.catalogue",
            "mopsaudit.facts",
            "mopsaudit.figures",
            "mopsaudit.gaps",
            "mopsaudit.governance",
            "mopsaudit.intake",
            "mopsaudit.inventory",
            "mopsaudit.jobs",
            "mopsaudit.notices",
            "mopsaudit.organisation",
            "mopsaudit.reports",
            "mopsaudit.scenarios",
            "mopsaudit.spending",
            "mopsaudit.store.session",
            "mopsaudit.upkeep",
            "mopsaudit.workbook",
        ),
        (
            *("babel", "flask", "flask_bootstrap", "flask_login", "flask_security", "flask_wtf", "jinja2"),
            *("markdown_it", "markupsafe", "sqlalchemy", "werkzeug", "wtforms"),
        ),
    ),
    # The composer
    Rule("wsgi", ("mopsaudit", "blueprints", "importers"), ("*",)),
    # An empty package says what it is and imports nothing
    Rule("mopsaudit"),
)

NO_NETWORK: Final = (
    "ftplib",
    "http.client",
    "imaplib",
    "poplib",
    "smtplib",
    "socket",
    "ssl",
    "urllib.request",
    "xmlrpc",
)
"""Standard modules that reach out; the product makes no outbound connection."""

MAY_USE_NETWORK: Final[dict[str, str]] = {}
"""Module → reason, where one of `NO_NETWORK` is needed all the same."""
