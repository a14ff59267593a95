"""Files of what a table shows: ``.csv`` and ``.xlsx``, exact money, text that stays text."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, g, make_response
from werkzeug.exceptions import NotFound

from blueprints import permissions
from blueprints.filters import plain
from mopsaudit.reporting import Amount, Column, Missing, Ratio, Ref, Value, ValueKind
from mopsaudit.workbook.cells import Head, Money, Share, Unknown
from mopsaudit.workbook.writer import Book

if TYPE_CHECKING:
    from blueprints.tables import Table


def export(found: "Table") -> Response:
    """The rows of all pages in the order shown; needs the permission to export. 404 for other kinds of file."""
    permissions.require(permissions.Action.EXPORT)
    match found.asked.export:
        case "csv":
            return file(csv_bytes(found), "text/csv; charset=utf-8", f"{found.name}.csv")
        case "xlsx":
            return file(
                xlsx_bytes(found),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                f"{found.name}.xlsx",
            )
    raise NotFound


def file(body: bytes | str, kind: str, name: str) -> Response:
    """A download; the name is one of ours (letters, digits, dots and hyphens)."""
    response = make_response(body)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def csv_bytes(found: "Table") -> bytes:
    """One heading row, one row per row; UTF-8 with a byte order mark, so that spreadsheets read it.

    Money is exact, with its currency in the heading or, where a column holds several, in a column of its own. Text that
    a spreadsheet would run as a formula gets an apostrophe; negative numbers stay numbers.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    mixed = {column.key for column in found.columns if len(found.currencies(column)) > 1}
    heads: list[str] = []
    for column in found.columns:
        heads.append(_heading(column, found))
        if column.key in mixed:
            heads.append(f"{column.label} currency")
    writer.writerow(heads)
    for row in found.rows:
        cells: list[str] = []
        for column in found.columns:
            value = row.values.get(column.key)
            cells.append(_text(value))
            if column.key in mixed:
                cells.append(value.currency if isinstance(value, Amount) else "")
        writer.writerow(cells)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", "replace")


def _heading(column: Column, found: "Table") -> str:
    return f"{column.label} (%)" if column.kind is ValueKind.RATIO else found.heading(column)


def _text(value: Value) -> str:
    text = plain(value)
    risky = isinstance(value, str | Ref | tuple) and text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}
    return f"'{text}" if risky else text


def xlsx_bytes(found: "Table") -> bytes:
    """A workbook with one sheet: title, what was filtered, and the table with live totals."""
    moment: datetime = g.get("now") or current_app.config["MOPSAUDIT_CLOCK"]()
    target = io.BytesIO()
    with Book(target, created=moment, title=found.caption or found.name.capitalize()) as book:
        sheet = book.sheet(found.name.capitalize())
        sheet.title(found.caption or found.name.capitalize(), _said(found))
        sheet.table([_head(column, found) for column in found.columns], _cells(found))
    return target.getvalue()


def _said(found: "Table") -> str:
    parts = [f"{found.label_of(each.key)}: {each.text}" for each in found.asked.filters]
    if found.asked.search:
        parts.append(f"search: {found.asked.search}")
    shown = f"{found.found:,} of {found.total:,} {found.noun}s"
    return f"{shown}; {'; '.join(parts)}" if parts else shown


def _head(column: Column, found: "Table") -> Head:
    currencies = found.currencies(column)
    return Head(
        label=_heading(column, found).removesuffix(" (%)"),
        summed=column.summed and len(currencies) < 2,
        currency=currencies[0] if len(currencies) == 1 else None,
        wrap=column.kind in (ValueKind.TEXT, ValueKind.REFS),
    )


def _cells(found: "Table") -> list[list[Any]]:
    return [[_cell(row.values.get(column.key)) for column in found.columns] for row in found.rows]


def _cell(value: Value) -> Any:
    match value:
        case Amount(minor=None):
            return Unknown(why=value.why or "unknown")
        case Amount(minor=int() as minor):
            return Money(minor=minor, currency=value.currency)
        case Missing(why=why):
            return Unknown(why=why)
        case Ratio():
            if value.unknown:
                return Unknown(why=value.why or "unknown")
            if value.numerator is None or not value.denominator:
                return "n/a"
            return Share(numerator=value.numerator, denominator=value.denominator)
        case Ref() | tuple():
            return plain(value)
        case date() | int() | Decimal() | str() | None:
            return value
