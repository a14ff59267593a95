"""The closed lists of the glossary that code and tables share (PRODUCT.md §2)."""

from enum import StrEnum
from typing import Final


class Category(StrEnum):
    """The four categories (exact names in the catalogue's taxonomy)."""

    INTELLIGENCE = "intelligence"
    ENGAGEMENT = "engagement"
    OPERATIONS = "operations"
    PERFORMANCE = "performance"


class ToolStatus(StrEnum):
    """Lifecycle of a tool."""

    PROPOSED = "proposed"
    TRIAL = "trial"
    ACTIVE = "active"
    SUNSET = "sunset"
    RETIRED = "retired"


class LicenceMetric(StrEnum):
    """What is counted when a licence is bought."""

    NAMED_SEAT = "named_seat"
    CONCURRENT = "concurrent"
    UNLIMITED = "unlimited"
    CONSUMPTION = "consumption"
    FLAT = "flat"


class SpendType(StrEnum):
    """What a line of money buys (PRODUCT.md §2). Only the first, second and ``data`` are a tool's cost."""

    SOFTWARE = "software"
    USAGE = "usage"
    SERVICES = "services"
    AGENCY = "agency"
    MEDIA = "media"
    DATA = "data"
    EVENT = "event"
    OTHER_MARKETING = "other_marketing"
    NOT_MARKETING = "not_marketing"
    NOT_SPEND = "not_spend"


#: Spend types that count as the cost of a tool.
TOOL_COST: Final = (SpendType.SOFTWARE, SpendType.USAGE, SpendType.DATA)


class RenewalKind(StrEnum):
    """Whether a contract goes on by itself; unknown where nothing says so."""

    AUTOMATIC = "automatic"
    EXPRESS = "express"
    UNKNOWN = "unknown"


class EndKind(StrEnum):
    """What a stated end date is: the last day in force, or the day the next term starts."""

    LAST_DAY = "last_day"
    RENEWAL_DATE = "renewal_date"
    UNKNOWN = "unknown"
