"""Bad data is a value: a :class:`Problem` with a stable code, a sentence that says what to do, and a cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """How far a problem reaches (INTERFACES.md)."""

    FILE = "file"
    SHEET = "sheet"
    COLUMN = "column"
    ROW = "row"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemCode:
    """One kind of problem: what the manual says of it. ``what_to_do`` is addressed to the person."""

    code: str
    severity: Severity
    title: str
    what_to_do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem found in one file. ``cell`` is ``A412`` (no sheet part) or None for a wider one.

    ``rejected`` is true only for a row problem that held its line back: an amount that cannot be read.
    """

    code: str
    severity: Severity
    message: str
    sheet: str | None = None
    cell: str | None = None
    rejected: bool = False

    def to_json(self) -> dict[str, object]:
        """The object of INTERFACES.md under ``problems``."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "rejected": self.rejected,
            "sheet": self.sheet,
            "cell": self.cell,
            "message": self.message,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> "Problem":
        """The inverse of :meth:`to_json`."""
        sheet, cell = data["sheet"], data["cell"]
        return cls(
            code=str(data["code"]),
            severity=Severity(str(data["severity"])),
            message=str(data["message"]),
            sheet=None if sheet is None else str(sheet),
            cell=None if cell is None else str(cell),
            rejected=bool(data["rejected"]),
        )


class RefusedError(Exception):
    """The input is refused whole: its text is one clear sentence saying what to do (exit status 2)."""

    def __init__(self, sentence: str, code: str = "file.refused") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


#: Code → what it means. Each area adds its own through :func:`declare`; the manual page is checked against it.
CODES: Final[dict[str, ProblemCode]] = {}


def declare(code: str, severity: Severity, title: str, what_to_do: str) -> ProblemCode:
    """Register a problem code; a second, different declaration of a code is a programming error."""
    entry = ProblemCode(code=code, severity=severity, title=title, what_to_do=what_to_do)
    known = CODES.setdefault(code, entry)
    if known != entry:
        raise ValueError(f"problem code {code} is declared twice")
    return known
