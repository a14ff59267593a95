"""Business units and legal entities a spend file names that the organisation does not know: a note each."""

from collections import Counter
from collections.abc import Callable

from mopsaudit.intake.booking import Entities, Units
from mopsaudit.intake.spend_lines import SpendLines
from mopsaudit.problems import Problem, Severity, declare

UNIT_UNKNOWN = declare(
    "spend.unit.unknown",
    Severity.NOTE,
    "Business units of the file that are not in the organisation",
    "Add them under Organisation, or map their cost centres; the lines stand in the root until then.",
)
ENTITY_UNKNOWN = declare(
    "spend.entity.unknown",
    Severity.NOTE,
    "Legal entities of the file that are not in the organisation",
    "Add them under Organisation; the lines carry no entity until then.",
)


def unknown_words(rows: SpendLines, known_units: Units, known_firms: Entities) -> list[Problem]:
    """Notes naming units and entities of the file that the organisation does not know."""
    problems = []
    units = _unknown(Counter(rows.column("unit")), known_units.named)
    firms = _unknown(Counter(rows.column("entity")), known_firms.named)
    for code, what, found in (
        (UNIT_UNKNOWN.code, "business units", units),
        (ENTITY_UNKNOWN.code, "legal entities", firms),
    ):
        if found:
            names = ", ".join(f"“{name[:60]}”" for name, _ in found.most_common(5))
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            lines = sum(found.values())
            problems.append(
                Problem(
                    code=code,
                    severity=Severity.NOTE,
                    message=f"{lines} line{'s' if lines > 1 else ''} name {what} not known here: {names}{more}.",
                )
            )
    return problems


def _unknown(words: Counter[str | None], named: Callable[[str], int | None]) -> Counter[str]:
    """Of the words of a file those nobody knows, in the order they are met."""
    return Counter({word: lines for word, lines in words.items() if word and named(word) is None})
