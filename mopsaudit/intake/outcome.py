"""What an import did, or would do: per sheet and kind, in one value that page, command and JSON share."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from mopsaudit.intake.certificate import SheetCertificate
from mopsaudit.intake.contract import SheetReading
from mopsaudit.money import amount_text
from mopsaudit.problems import Problem


@dataclass(slots=True, kw_only=True)
class SheetOutcome:
    """Counts of lines of one sheet, its certificate by currency, and what its kind adds (``extra``, JSON values)."""

    imported: int = 0
    duplicate: int = 0
    out_of_scope: int = 0
    rejected: int = 0
    certificates: list[SheetCertificate] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Matched:
    """Lines and suppliers that are placed, with their money by currency (minor units)."""

    lines: int = 0
    suppliers: set[str] = field(default_factory=set)
    minor: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def to_json(self) -> dict[str, Any]:
        """The object of INTERFACES.md under ``matched``."""
        return {
            "lines": self.lines,
            "suppliers": len(self.suppliers),
            "amount": [
                {"currency": currency, "amount": amount_text(minor, currency)}
                for currency, minor in sorted(self.minor.items())
            ],
        }


@dataclass(slots=True, kw_only=True)
class Outcome:
    """The whole file: one :class:`SheetOutcome` per used sheet by position, further problems, and what was written.

    ``digest`` is over the immutable columns of what was written, ``written`` how many lines or records that is.
    ``queue`` counts suppliers left to place; ``parts`` are the cost centres and accounts of a staged spend file;
    ``changes`` are the cells an edited list changes, by position (:mod:`mopsaudit.intake.cell_changes`).
    """

    sheets: dict[int, SheetOutcome] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    matched: Matched = field(default_factory=Matched)
    suppliers_open: int = 0
    digest: str | None = None
    written: int = 0
    parts: dict[str, Any] = field(default_factory=dict)
    changes: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def sheet(self, position: int) -> SheetOutcome:
        """The outcome of a sheet, begun on first use."""
        return self.sheets.setdefault(position, SheetOutcome())

    def totals(self) -> list[dict[str, str]]:
        """What was imported, by currency, over all sheets."""
        sums: dict[str, int] = defaultdict(int)
        for sheet in self.sheets.values():
            for certificate in sheet.certificates:
                sums[certificate.currency] += certificate.imported_minor
        return [
            {"currency": currency, "imported": amount_text(minor, currency)}
            for currency, minor in sorted(sums.items())
        ]


def sheet_json(reading: SheetReading, outcome: SheetOutcome | None) -> dict[str, Any]:
    """A sheet as INTERFACES.md shows it; ``outcome`` None where nothing was compared yet (a question is open)."""
    decision = reading.decision
    if not decision.used:
        return {"name": decision.name, "used": False, "why": decision.why}
    done = outcome or SheetOutcome(rejected=reading.lines_rejected)
    return {
        "name": decision.name,
        "used": True,
        "layout": decision.layout.value,
        "header_rows": list(decision.header_rows),
        "first_data_row": reading.first_data_row,
        "last_data_row": reading.last_data_row,
        "columns": {choice.field: choice.letters for choice in decision.columns},
        "sign": decision.sign,
        "tax": decision.tax.value,
        "confidence": decision.confidence,
        "why": decision.why or "; ".join(decision.reasons),
        "lines": {
            "read": reading.lines_read,
            "imported": done.imported,
            "duplicate": done.duplicate,
            "out_of_scope": done.out_of_scope,
            "rejected": done.rejected,
        },
        "other_rows": {
            "total": reading.total_rows,
            "blank": reading.blank_rows,
            "note": reading.note_rows,
            "repeated_header": reading.repeated_headers,
        },
        "totals": [certificate.to_json() for certificate in done.certificates],
        **done.extra,
    }
