"""The demo company's business cases, as data, and the workbook of what they have delivered so far."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from mopsaudit.demo.people import CMO, DIGITAL_HEAD, EMEA_HEAD, FINANCE, OPS
from mopsaudit.demo.sheets import DemoFile, Layout, write_workbook
from mopsaudit.demo.stack import UNITS
from mopsaudit.intake.contract import Kind
from mopsaudit.periods import month_of, month_start
from mopsaudit.workbook.cells import Money

#: Objectives: title → the one above.
OBJECTIVES: Final = (
    ("Grow qualified pipeline by a fifth", None),
    ("Spend less on tools nobody opens", None),
    ("Keep customers a year longer", "Grow qualified pipeline by a fifth"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCase:
    """A case. ``cost`` and ``benefit`` a year in whole units of the unit's currency, over ``months`` months.

    It starts ``began`` months before the as-of month; ``delivered`` percent of the benefit came. ``stage`` is draft,
    submitted, approved or closed.
    """

    title: str
    product: str
    unit: str
    objective: int
    owner: int
    cost: int
    benefit: int
    kind: str
    began: int
    months: int = 24
    delivered: int = 100
    method: str | None = None
    stage: str = "approved"
    verdict: str = "kept"


def _case(
    title: str,
    product: str,
    unit: str,
    objective: int,
    owner: int,
    cost: int,
    benefit: int,
    kind: str,
    began: int,
    delivered: int = 100,
    **more: Any,
) -> DemoCase:
    return DemoCase(
        title=title,
        product=product,
        unit=unit,
        objective=objective,
        owner=owner,
        cost=cost,
        benefit=benefit,
        kind=kind,
        began=began,
        delivered=delivered,
        **more,
    )


CASES: Final[tuple[DemoCase, ...]] = (
    _case(
        "One CRM for all of sales",
        "salesforce-sales-cloud",
        "AMER",
        0,
        7,
        205_000,
        640_000,
        "revenue",
        20,
        91,
        method="attribution",
    ),
    _case(
        "Nurture programmes in Marketo",
        "adobe-marketo-engage",
        "AMER",
        0,
        6,
        80_000,
        320_000,
        "revenue",
        19,
        74,
        method="attribution",
    ),
    _case(
        "Intent data for named accounts",
        "6sense",
        "AMER",
        0,
        6,
        66_000,
        410_000,
        "revenue",
        17,
        22,
        method="opinion",
        verdict="broken",
    ),
    _case(
        "Account-based advertising with Demandbase",
        "demandbase",
        "AMER",
        0,
        6,
        58_000,
        260_000,
        "revenue",
        15,
        38,
        method="model",
        verdict="partly kept",
    ),
    _case("Call recordings instead of ride-alongs", "gong", "AMER", 0, 7, 68_000, 90_000, "time", 14, 85),
    _case(
        "Creative requests in one place",
        "adobe-workfront",
        "AMER",
        1,
        OPS,
        37_000,
        52_000,
        "time",
        16,
        41,
        verdict="partly kept",
    ),
    _case("One home for brand assets", "bynder-dam", "AMER", 1, 9, 42_000, 61_000, "cash", 18, 97),
    _case(
        "HubSpot for the European regions",
        "hubspot-marketing-hub",
        "EMEA",
        0,
        5,
        46_000,
        210_000,
        "revenue",
        21,
        108,
        method="experiment",
    ),
    _case("Research without an agency", "qualtrics-xm", "EMEA", 2, 10, 27_000, 64_000, "avoidance", 12, 80),
    _case(
        "Testing on the shop",
        "optimizely-web",
        "DIGI",
        0,
        DIGITAL_HEAD,
        35_000,
        150_000,
        "revenue",
        13,
        119,
        method="experiment",
    ),
    _case(
        "Virtual events with ON24",
        "on24",
        "AMER",
        0,
        8,
        33_000,
        120_000,
        "revenue",
        23,
        35,
        method="attribution",
        stage="closed",
        months=12,
        verdict="broken",
    ),
    _case(
        "E-mail for the shop",
        "klaviyo",
        "DIGI",
        2,
        DIGITAL_HEAD,
        23_000,
        98_000,
        "revenue",
        23,
        104,
        method="experiment",
        stage="closed",
        months=12,
    ),
    _case(
        "Customer data platform",
        "contentful",
        "EMEA",
        0,
        5,
        95_000,
        180_000,
        "revenue",
        -2,
        stage="submitted",
        method="model",
    ),
    _case(
        "Generative copy for every team",
        "chatgpt",
        "DIGI",
        1,
        DIGITAL_HEAD,
        18_000,
        30_000,
        "time",
        -1,
        stage="draft",
    ),
)
#: Who approves: the head of marketing, or of a region where the case is hers.
APPROVER, SECOND_APPROVER, REVIEWER = CMO, EMEA_HEAD, FINANCE


def case_months(case: DemoCase, as_of: date) -> range:
    """The month indices of a case."""
    start = month_of(as_of) - case.began
    return range(start, start + case.months)


def spread(amount: int, months: int) -> list[int]:
    """A yearly amount in whole units as minor units a month; the months of a year sum to it."""
    whole = amount * 100
    return [whole // 12 + (whole % 12 if index % 12 == 11 else 0) for index in range(months)]


def ramp(case: DemoCase) -> list[int]:
    """The benefit promised a month: it takes three months to come."""
    even = spread(case.benefit, case.months)
    return [minor * min(index, 3) // 3 for index, minor in enumerate(even)]


def write_benefits(folder: Path, as_of: date) -> DemoFile:
    """What finance has booked as realised, month by month, with the month's noise."""
    rows: list[tuple[Any, ...]] = []
    for case in CASES:
        if case.stage not in ("approved", "closed"):
            continue
        _, _, currency = UNITS[case.unit]
        for index, (month, minor) in enumerate(zip(case_months(case, as_of), ramp(case), strict=True)):
            if month >= month_of(as_of) or not minor:
                continue
            wave = 100 + (index * 7 + len(case.title)) % 13 - 6
            rows.append(
                (
                    case.title,
                    "Benefit realised",
                    case.kind.replace("cash", "cash reduction"),
                    month_start(month),
                    Money(minor=minor * case.delivered * wave // 10_000, currency=currency),
                    currency,
                    case.method,
                )
            )
    path = write_workbook(
        folder / "Business_Case_Benefits.xlsx",
        as_of,
        Layout(sheet="Benefits", above=("Business cases - realised benefits", "Controlled by Finance")),
        ("Business case", "Metric", "Benefit type", "Month", "Realised", "Currency", "Method"),
        rows,
    )
    return DemoFile(
        kind=Kind.BENEFITS, path=path, what="What the business cases have delivered, month by month"
    )
