"""A report as CSV (the page's table) and as plain text for a terminal."""

import csv
from datetime import date
from io import StringIO
from typing import Final

from mopsaudit.facts.wording import UNKNOWN, day, money, percent
from mopsaudit.money import amount_text
from mopsaudit.reporting import Amount, Column, Missing, Ratio, Ref, Report, Row, Value, ValueKind

#: What a spreadsheet would run as a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_WIDTH: Final = 40


def to_csv(report: Report) -> str:
    """The page's table: a heading row, one line a row, decimal strings without grouping, ISO dates.

    Money is in the report's currency, named in the heading; an unknown figure is empty. A text that a spreadsheet would
    take for a formula gets an apostrophe in front. An empty report has its headings.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_heading(column, report) for column in report.columns])
    for row in report.rows:
        writer.writerow([_cell(row.values.get(column.key), report) for column in report.columns])
    return out.getvalue()


def _heading(column: Column, report: Report) -> str:
    said = f"({report.currency})"
    money = column.kind is ValueKind.MONEY and not column.label.endswith(said)
    return f"{column.label} {said}" if money else column.label


def _cell(value: Value, report: Report) -> str:
    match value:
        case None | Missing():
            return ""
        case bool():
            return "yes" if value else "no"
        case Amount():
            if value.minor is None:
                return ""
            text = amount_text(value.minor, value.currency)
            return text if value.currency == report.currency else f"{text} {value.currency}"
        case Ratio():
            return "" if value.percent is None else f"{value.percent:.2f}"
        case Ref():
            return _safe(value.label)
        case tuple():
            return _safe("; ".join(each.label for each in value))
        case str():
            return _safe(value)
        case _:
            return value.isoformat() if isinstance(value, date) else f"{value}"


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def to_text(report: Report) -> str:
    """The answer, the figures, the table and the findings, for a terminal."""
    scope = f"{report.title}, {report.unit or 'whole company'}, {day(report.as_of)}, {report.currency}"
    lines = [scope, "", report.answer, ""]
    lines += [f"  {each.label}: {_shown(each.value)}" for each in report.headlines]
    columns = [column for column in report.columns if not column.wide]
    if report.rows:
        lines += ["", *_table(columns, report.rows)]
    if report.findings:
        lines += ["", f"Findings ({len(report.findings)}):"]
        for finding in report.findings:
            due = f" [by {day(finding.due)}]" if finding.due else ""
            lines.append(f"  - {finding.sentence}{due}")
            if finding.next_step:
                lines.append(f"    Next: {finding.next_step}")
    for section in report.sections:
        lines += ["", f"{section.title}. {section.sentence}"]
    if report.empty:
        lines += ["", report.empty]
    lines += ["", report.coverage.sentence]
    return "\n".join(lines) + "\n"


def _shown(value: Value) -> str:
    match value:
        case None | Missing():
            return UNKNOWN
        case bool():
            return "yes" if value else "no"
        case Amount():
            return (
                money(value.minor, value.currency) if value.minor is not None else f"{UNKNOWN} ({value.why})"
            )
        case Ratio():
            return percent(value.percent)
        case Ref():
            return value.label
        case tuple():
            return ", ".join(each.label for each in value)
        case int():
            return f"{value:,}"
        case str():
            return value
        case _:
            return day(value) if isinstance(value, date) else f"{value}"


def _short(value: Value) -> str:
    text = UNKNOWN if isinstance(value, Amount) and value.minor is None else _shown(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _table(columns: list[Column], rows: tuple[Row, ...]) -> list[str]:
    table = [[column.label for column in columns]]
    table += [[_short(row.values.get(column.key)) for column in columns] for row in rows]
    widths = [max(len(line[index]) for line in table) for index in range(len(columns))]
    right = [column.kind in {ValueKind.MONEY, ValueKind.NUMBER, ValueKind.RATIO} for column in columns]
    return [
        "  ".join(
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in table
    ]
