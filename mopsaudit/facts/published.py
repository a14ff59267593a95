"""Published figures to stand beside ours of the same definition and window, and nowhere else (PRODUCT.md §4.9). Pure.

Values that contradict each other stand side by side; none is averaged, none is a target.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mopsaudit.reporting import Column, Ratio, Row, Section, ValueKind

FEATURE_USE: Final = "feature_use"
UNUSED_30: Final = "unused_30"
ONE_YEAR: Final = "one_year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One published value in percent. ``sample`` and ``year`` None: its publisher does not say."""

    measure: str
    percent: Decimal
    source: str
    year: int | None = None
    sample: int | None = None
    window: str = "none"


#: What each measure is, word for word the same for ours and theirs.
DEFINITIONS: Final[Mapping[str, str]] = {
    FEATURE_USE: "share of the owned capabilities of marketing technology that is used",
    UNUSED_30: "share of bought seats nobody used within 30 days",
    ONE_YEAR: "share of contracts whose term is one year",
}
PUBLISHED: Final = (
    *(
        Published(measure=FEATURE_USE, percent=Decimal(value), source="Gartner", year=year, sample=sample)
        for year, value, sample in ((2020, 58, None), (2022, 42, None), (2023, 33, 405), (2025, 49, None))
    ),
    *(
        Published(measure=UNUSED_30, percent=Decimal(value), source="Zylo index", year=year, window="30 days")
        for year, value in ((2023, 44), (2025, 53))
    ),
    Published(measure=ONE_YEAR, percent=Decimal("77.2"), source="Zylo"),
)


def beside(ours: Mapping[str, Ratio]) -> tuple[Section, ...]:
    """A table of the published values of the measures we have a figure for; none where we have none."""
    known = {measure: ratio for measure, ratio in ours.items() if ratio.percent is not None}
    shown = [each for each in PUBLISHED if each.measure in known]
    if not shown:
        return ()
    return (
        Section(
            key="published",
            title="Beside published figures",
            sentence="Published values of the same definition and window, each with its year and sample; where they "
            "contradict each other all of them stand here.",
            columns=(
                Column(key="measure", label="Measure", primary=True),
                Column(key="ours", label="Ours", kind=ValueKind.RATIO),
                Column(key="published", label="Published, %", kind=ValueKind.NUMBER),
                Column(key="year", label="Year"),
                Column(key="source", label="Source"),
                Column(key="sample", label="Sample"),
                Column(key="window", label="Window"),
            ),
            rows=tuple(_row(number, each, known) for number, each in enumerate(shown)),
        ),
    )


def _row(number: int, each: Published, ours: Mapping[str, Ratio]) -> Row:
    return Row(
        id=f"{each.measure}:{number}",
        values={
            "measure": DEFINITIONS[each.measure].capitalize(),
            "ours": ours[each.measure],
            "published": each.percent,
            "year": str(each.year) if each.year else "not stated",
            "source": each.source,
            "sample": f"n = {each.sample}" if each.sample else "not stated",
            "window": each.window,
        },
    )


def share_of(values: Sequence[bool]) -> Ratio:
    """How many of what is known are so; not applicable where nothing is known."""
    return Ratio(numerator=sum(values) if values else None, denominator=len(values) or None)
