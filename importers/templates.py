"""Empty workbooks to fill in: one per kind, with a hint on every heading and lists where only some words fit.

A filled template imports without a question: its headings are the labels of :data:`importers.fields.FIELDS`.
"""

import datetime as dt
from pathlib import Path
from typing import Final

import xlsxwriter

from importers.fields import FIELDS
from mopsaudit.intake.contract import FieldSpec, Kind
from mopsaudit.money import CURRENCIES

#: The four categories by their exact names (PRODUCT.md §2).
CATEGORIES: Final = (
    "Market & Customer Intelligence and Insights",
    "Customer Interaction and Engagement",
    "Project / Workflow / Operations Management",
    "Performance Management",
)
#: What a spend template leaves out: other ways to write the same amount would only raise questions.
_LEFT_OUT: Final = {Kind.SPEND: frozenset(("debit", "credit", "net", "tax", "gross"))}
_LISTS: Final = {
    "category": CATEGORIES,
    "auto_renew": ("yes", "no"),
    "reducible": ("yes", "no"),
    "notice_unit": ("days", "months"),
    "end_kind": ("last day", "renewal date"),
    "licence_metric": ("named seat", "concurrent", "unlimited", "consumption", "flat"),
    "account_kind": ("person", "leaver", "shared", "service", "external", "admin", "test"),
    "method": ("experiment", "model", "attribution", "opinion"),
}
_STATUS: Final = {
    Kind.INVENTORY: ("proposed", "trial", "active", "sunset", "retired"),
    Kind.ORDERS: ("open", "closed"),
    Kind.PEOPLE: ("active", "on leave", "left"),
    Kind.USAGE: ("active", "suspended", "deactivated"),
}
_CURRENCY_FIELDS: Final = ("currency", "original_currency", "from", "to")
_BENEFIT_KINDS: Final = ("revenue", "cash reduction", "avoidance", "time")
_ROWS = 2000
_LISTS_SHEET = "Lists"


def template_fields(kind: Kind) -> tuple[FieldSpec, ...]:
    """The fields a template of the kind has a column for, in its order."""
    left_out = _LEFT_OUT.get(kind, frozenset())
    return tuple(spec for spec in FIELDS[kind] if spec.key not in left_out)


def _choices(kind: Kind, spec: FieldSpec) -> tuple[str, ...]:
    if spec.key in _CURRENCY_FIELDS:
        return tuple(sorted(CURRENCIES))
    if spec.key == "status":
        return _STATUS.get(kind, ())
    if spec.key == "kind":
        return _BENEFIT_KINDS if kind is Kind.BENEFITS else ("budget", "month average", "closing", "day")
    return _LISTS.get(spec.key, ())


def write_template(kind: Kind, path: Path) -> None:
    """Write the empty template of a kind as ``.xlsx``; the same bytes every time."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties(
            {"title": f"{kind.value} template", "created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)}
        )
        sheet = book.add_worksheet(kind.value.capitalize())
        lists = book.add_worksheet(_LISTS_SHEET)
        lists.hide()
        heading = book.add_format(
            {"bold": True, "bg_color": "#EFEDE8", "bottom": 1, "bottom_color": "#D9D6CF", "valign": "vcenter"}
        )
        needed = book.add_format(
            {"bold": True, "bg_color": "#DCE9EC", "bottom": 1, "bottom_color": "#0B5C6B", "valign": "vcenter"}
        )
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.set_row(0, 22)
        sheet.freeze_panes(1, 0)
        fields = template_fields(kind)
        list_column = 0
        for column, spec in enumerate(fields):
            sheet.write_string(0, column, spec.label, needed if spec.required else heading)
            hint = spec.what + (" Required." if spec.required else "")
            sheet.write_comment(0, column, hint, {"x_scale": 1.6, "author": "mopsaudit"})
            width = max(12, min(34, len(spec.label) + 6))
            sheet.set_column(column, column, width, day if spec.dated else money if spec.money else None)
            choices = _choices(kind, spec)
            if choices:
                for row, choice in enumerate(choices):
                    lists.write_string(row, list_column, choice)
                letter = xlsxwriter.utility.xl_col_to_name(list_column)
                sheet.data_validation(
                    1,
                    column,
                    _ROWS,
                    column,
                    {
                        "validate": "list",
                        "source": f"={_LISTS_SHEET}!${letter}$1:${letter}${len(choices)}",
                        "error_title": spec.label,
                        "error_message": f"Choose one of the list. {spec.what}"[:255],
                        "error_type": "warning" if len(choices) > 12 else "stop",
                    },
                )
                list_column += 1
            elif spec.dated:
                sheet.data_validation(
                    1,
                    column,
                    _ROWS,
                    column,
                    {
                        "validate": "date",
                        "criteria": "between",
                        "minimum": dt.date(1980, 1, 1),
                        "maximum": dt.date(2079, 12, 31),
                        "error_title": spec.label,
                        "error_message": "Type a date, such as 2026-06-30.",
                        "error_type": "warning",
                    },
                )
        sheet.activate()
