"""Every setting with its default: thresholds of the reports, the organisation's calendar and currency, limits.

Values come from the database, else the environment, else the default here. A report receives :class:`Settings` as a
value and prints what it used; nothing reads a setting behind a formula's back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Final

from mopsaudit.money import from_minor

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. Shares are parts per hundred (whole numbers) unless named otherwise; days and months as named."""

    company_name: str = ""
    base_currency: str = "USD"
    fiscal_start: int = 1
    time_zone: str = "UTC"
    #: Whether overlap is judged inside each unit (``diversification``, ``coordination``) or across (``unification``,
    #: ``replication``): the operating model of PRODUCT.md §4.8.
    operating_model: str = "unification"
    overlap_cover_percent: int = 50
    overlap_shared_capabilities: int = 2
    overlap_people_minimum: int = 5
    activity_window_days: int = 90
    daily_window_days: int = 30
    target_use_percent: int = 90
    usage_fresh_days: int = 90
    group_minimum: int = 5
    delivery_business_days: int = 5
    commitment_amount_percent: int = 5
    commitment_window_days: int = 45
    pair_window_days: int = 45
    deviation_amount_minor: int = 500_000
    deviation_percent: int = 10
    late_year_percent: int = 200
    discount_rate_percent: Decimal = Decimal(10)
    accrual_by_days: bool = True
    rate_kind: str = "booking"
    match_sure_mille: int = 900
    gates_days: tuple[int, ...] = (120, 90, 60, 30)
    bands_days: tuple[int, ...] = (14, 30, 60, 120)
    upload_bytes: int = 20 * 1024 * 1024

    @property
    def across_units(self) -> bool:
        """Whether overlap is judged across units."""
        return self.operating_model in ("unification", "replication")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSpec:
    """What a person sees of a setting: its label, what it does, where it may come from the environment."""

    key: str
    label: str
    what: str
    environment: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()


SPECS: Final[tuple[SettingSpec, ...]] = (
    SettingSpec(key="company_name", label="Company", what="The name on the cover of the audit report."),
    SettingSpec(
        key="base_currency",
        label="Base currency",
        what="The currency reports add up in.",
        environment="MOPSAUDIT_BASE_CURRENCY",
    ),
    SettingSpec(
        key="fiscal_start",
        label="Fiscal year starts in month",
        what="1 is January. A year is named by the calendar year it ends in.",
        environment="MOPSAUDIT_FISCAL_START",
        minimum=1,
        maximum=12,
    ),
    SettingSpec(
        key="time_zone",
        label="Time zone",
        what="An as-of date means the end of that day here.",
        environment="MOPSAUDIT_TIMEZONE",
    ),
    SettingSpec(
        key="operating_model",
        label="Operating model",
        what="Should two business units share tools? Unification and replication judge overlap across units, "
        "coordination and diversification inside each.",
        choices=("coordination", "unification", "diversification", "replication"),
    ),
    SettingSpec(
        key="overlap_cover_percent",
        label="Overlap: cover",
        what="Share of one tool's capabilities another must cover for the two to overlap.",
        minimum=1,
        maximum=100,
    ),
    SettingSpec(
        key="overlap_shared_capabilities",
        label="Overlap: shared capabilities",
        what="How many capabilities two tools must share at least.",
        minimum=1,
        maximum=50,
    ),
    SettingSpec(
        key="overlap_people_minimum",
        label="Overlap: people",
        what="People overlap is shown from this many people on.",
        minimum=1,
        maximum=1000,
    ),
    SettingSpec(
        key="activity_window_days",
        label="Activity window",
        what="A user is active when the last activity is younger than this many days.",
        minimum=1,
        maximum=730,
    ),
    SettingSpec(
        key="daily_window_days",
        label="Activity window of daily tools",
        what="The same for tools meant for daily use.",
        minimum=1,
        maximum=365,
    ),
    SettingSpec(
        key="target_use_percent",
        label="Target use",
        what="Share of purchased seats that should be in use.",
        minimum=1,
        maximum=100,
    ),
    SettingSpec(
        key="usage_fresh_days",
        label="Usage stays fresh",
        what="Usage older than this many days counts as stale.",
        minimum=1,
        maximum=730,
    ),
    SettingSpec(
        key="group_minimum",
        label="Smallest group shown",
        what="Groups of people smaller than this are hidden from roles that do not act on them.",
        minimum=1,
        maximum=100,
    ),
    SettingSpec(
        key="delivery_business_days",
        label="Notice delivery",
        what="Business days a notice needs to arrive where the contract does not say.",
        minimum=0,
        maximum=60,
    ),
    SettingSpec(
        key="commitment_amount_percent",
        label="Invoice to commitment: amount",
        what="How far an invoice may differ from an instalment of the same tool to be allocated to it.",
        minimum=0,
        maximum=50,
    ),
    SettingSpec(
        key="commitment_window_days",
        label="Invoice to commitment: days",
        what="How far their dates may lie apart.",
        minimum=0,
        maximum=365,
    ),
    SettingSpec(
        key="pair_window_days",
        label="Same cost in two ledgers: days",
        what="How far two lines' dates may lie apart to be the same cost.",
        minimum=0,
        maximum=365,
    ),
    SettingSpec(
        key="deviation_amount_minor",
        label="Deviation: amount",
        what="A variance above this amount and the percentage below wants a reason. "
        "Typed in cents of the base currency.",
        minimum=0,
    ),
    SettingSpec(
        key="deviation_percent",
        label="Deviation: percent",
        what="A variance above this share of plan and the amount wants a reason.",
        minimum=0,
        maximum=1000,
    ),
    SettingSpec(
        key="late_year_percent",
        label="Late-year spend",
        what="Last-period spend above this share of the year's monthly average is flagged.",
        minimum=100,
        maximum=2000,
    ),
    SettingSpec(
        key="discount_rate_percent",
        label="Discount rate",
        what="Yearly rate of NPV, in percent.",
        minimum=0,
        maximum=100,
    ),
    SettingSpec(
        key="accrual_by_days",
        label="Accrue by days",
        what="Spread a term's cost by days; off spreads in equal months.",
    ),
    SettingSpec(
        key="rate_kind",
        label="Rate of reports",
        what="Convert at the booking date's rate or at the year's budget rate.",
        choices=("booking", "budget"),
    ),
    SettingSpec(
        key="match_sure_mille",
        label="Sure match from",
        what="A supplier matched at least this surely is placed without review. Typed in parts of 1,000; what is less "
        "sure than 900 is always asked.",
        minimum=900,
        maximum=1000,
    ),
    SettingSpec(
        key="gates_days", label="Renewal gates", what="Days before send-by at which a renewal is announced."
    ),
    SettingSpec(
        key="bands_days", label="Finding bands", what="Days to the send-by date that part the ranking bands."
    ),
    SettingSpec(
        key="upload_bytes",
        label="Largest upload",
        what="The largest file that may be uploaded. Typed in bytes.",
        minimum=1024,
        maximum=2**30,
    ),
)

#: Field names in order, as ``mopsaudit settings`` prints them.
KEYS: Final[tuple[str, ...]] = tuple(field.name for field in fields(Settings))


def setting_words(key: str, value: object, currency: str) -> str:
    """A setting's value in words: with the unit its key's ending names; amounts are in the base ``currency``."""
    match key.rpartition("_")[2], value:
        case _, bool():
            return "yes" if value else "no"
        case "minor", int():
            return f"{from_minor(value, currency):,} {currency}"
        case "bytes", int():
            return f"{value / 2**20:g} MiB"
        case "mille", int():
            return f"{value / 10:g} %"
        case "percent", _:
            return f"{value} %"
        case ending, tuple() | list():
            return ", ".join(str(each) for each in value) + (" days" if ending == "days" else "")
        case "days", _:
            return f"{value} days"
        case "start", int():
            return _MONTHS[value - 1]
        case _:
            return str(value or "–").replace("_", " ")


def settings_from(values: Mapping[str, Any]) -> Settings:
    """Settings with some values replaced; JSON lists become tuples, the discount rate a Decimal.

    Raises:
        TypeError: for a key that is no setting.
    """
    cast: dict[str, Any] = {}
    for key, value in values.items():
        if key in ("gates_days", "bands_days"):
            cast[key] = tuple(int(part) for part in value)
        elif key == "discount_rate_percent":
            cast[key] = Decimal(str(value))
        else:
            cast[key] = value
    return Settings(**cast)
