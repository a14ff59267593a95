"""Usage rows out of one row of an export: one per product, with grade, event and account kind."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from importers.account_proof import switched_off
from importers.account_states import has_gone, said_gone, said_there
from importers.cast_words import yes_no
from importers.casts import Casts, text_of
from importers.grid import Cell, address
from importers.light_seats import light
from importers.seat_rows import product_name, products_held, seat_said
from importers.texts import fold
from importers.usage import (
    NO_SEAT,
    UsageLayout,
    account_kind,
    holds_seat,
    kind_in_status,
    never,
    product_of,
    says_closed,
)
from importers.words import heading_words
from mopsaudit.intake.contract import RecordRow, SheetDecision

#: A count of seats that are held, and none of what was bought.
_HELD = re.compile(r"assigned|provisioned|consumed|licen[cs]ed|in use|\bused\b", re.IGNORECASE)
#: An address among other text.
_INSIDE = re.compile(r"[^\s<>()\[\],;:]+@[^\s<>()\[\],;:]+\.[^\s<>()\[\],;:]+")
#: A closing that has an end.
_UNTIL = re.compile(r"\b(?:until|till|bis|jusqu\S*|hasta|fino|tot|through)\b", re.IGNORECASE)
_USED = {
    "yes": 1.0,
    "true": 1.0,
    "full": 1.0,
    "fully": 1.0,
    "partly": 0.5,
    "partial": 0.5,
    "partially": 0.5,
    "some": 0.5,
    "no": 0.0,
    "false": 0.0,
    "none": 0.0,
    "never": 0.0,
}


def usage_rows(
    row: list[Cell],
    number: int,
    values: dict[str, Any],
    cells: dict[str, str],
    *,
    tool: str | None,
    layout: UsageLayout | None,
    headings: Sequence[str],
    casts: Casts,
    event: str,
    many_tools: bool,
) -> list[RecordRow]:
    """The usage records of one row.

    ``never`` is true where the export says so in words; an empty date is unknown. ``assigned`` is a date, yes, no or
    None where the file does not say.
    """
    username = values.pop("_username", None)
    if username and not values.get("user_email"):
        values["user_email"] = username
    elif username:
        values.setdefault("user_id", username)
    email = values.get("user_email") or _address(values.get("user_id"))
    if isinstance(email, str):
        values["user_email"] = email = bare_address(email.casefold())
        if "@" not in email:
            values["user_id"] = values.get("user_id") or email
            values["user_email"] = email = None
    gone, until = casts.decision.column("_deleted"), values.pop("_deleted", None)
    if _gone(until, casts) and not (
        (gone is not None and "lock" in gone.header.casefold() and yes_no(values.get("status")) is True)
        or _back(until, values, casts)
    ):  # who mistyped a password is locked out of an active account
        values["status"] = "deleted"
    if switched_off(values.pop("_control", None)):
        values["status"] = "disabled"
    employed = values.pop("_employment", None)
    month, role = values.pop("_month", None), values.pop("_role", None)
    if values.get("status") is None and says_closed(role):
        values["status"] = role  # *Deactivated* stands where others have a role
    if values.get("active_count") is not None:
        values["month"] = month
        cells["month"] = cells.get("_month", "")
        held = casts.decision.column("_assigned_count")
        if held is not None and _HELD.search(held.header):
            values["assigned"], cells["assigned"] = values.get("_assigned_count"), cells["_assigned_count"]
    for name in [name for name in values if name.startswith("_")]:
        values.pop(name)
        cells.pop(name, None)
    values["account_kind"] = account_kind(
        email,
        values.get("user_name") or values.get("user_id"),
        values.get("account_kind") or kind_in_status(values.get("status")) or kind_in_status(role),
        values.get("licence"),
    )
    if values["account_kind"] == "person" and has_gone(employed):
        values["account_kind"] = "leaver"
    values["tool"] = values.get("tool") or tool
    grade = layout.grade if layout is not None else "B" if many_tools else "A"
    what = layout.event if layout is not None else event
    if "active_count" in values and not any(
        values.get(name) for name in ("user_email", "user_id", "user_name")
    ):
        grade = layout.grade if layout is not None else "D"
        what = "activity"
    values["grade"], values["event"] = grade, what
    values["never"] = _said_never(row, casts)
    if "used" in values:
        values["used"] = _used(values["used"])
    if said_gone(values.get("status"), casts.decision) or (
        isinstance(values.get("assigned"), date) and _not_held(values.get("status"))
    ):  # a day on which somebody got a seat says nothing of who has it still
        values["assigned"] = False
    said = seat_said(row, casts.decision)
    if said is False or (said and values.get("assigned") is None and not _not_held(values.get("status"))):
        values["assigned"] = said
    if values.get("assigned") is None:
        values["assigned"] = _seat(row, values, layout, headings, casts.decision)
    if layout is not None and layout.latest:
        days: list[date] = []
        for column, heading in enumerate(headings):
            if heading and heading_words(heading) in layout.latest and column < len(row):
                day = casts.date_of(row[column], None)
                if day is not None:
                    days.append(day)
                    cells.setdefault("last_activity", address(number, column))
        values["last_activity"] = max(days, default=None)
    if layout is not None and layout.active_if is not None:
        for column, heading in enumerate(headings):
            cell = row[column] if column < len(row) else None
            if heading and heading_words(heading) == layout.active_if and not holds_seat(cell, frozenset()):
                values["last_activity"] = None
    if layout is not None and layout.per_product:
        return _per_product(row, number, values, cells, layout, headings, casts)
    products = products_held(row, headings, casts.decision)
    if products is not None:
        return _of_products(number, values, cells, headings, *products)
    return [RecordRow(number, values, cells)]


def _of_products(
    number: int,
    values: dict[str, Any],
    cells: dict[str, str],
    headings: Sequence[str],
    reads: str,
    held: Sequence[int],
) -> list[RecordRow]:
    """A record per tool somebody has, or one with the licences of one tool that somebody has."""
    names = [product_name(headings[column]) for column in held]
    if reads == "licences":
        more: dict[str, Any] = {"licence": ", ".join(names) or None}
        if not held:
            more["assigned"] = False
        return [RecordRow(number, {**values, **more}, cells)]
    return [
        RecordRow(number, {**values, "tool": name, "grade": "B"}, {**cells, "tool": address(number, column)})
        for name, column in zip(names, held, strict=True)
    ]


def join_name(values: dict[str, Any], cells: dict[str, str]) -> None:
    """One name of a first and a last name in columns of their own; a full name beside them stays as it is."""
    first, last, name = (
        values.pop("_first_name", None),
        values.pop("_last_name", None),
        values.get("user_name"),
    )
    if not (first or last):
        return
    if first and last and isinstance(name, str) and full_name(name, first, last):
        return
    if isinstance(name, str) and "@" not in name:
        known = fold(name).casefold()
        if first and last and not {fold(first).casefold(), fold(last).casefold()} & set(known.split()):
            known, name = "", None  # a login beside both names
        first = None if first and fold(first).casefold() in known else first
        last = None if last and fold(last).casefold() in known else last
    else:
        name = None
    if first or last:
        values["user_name"] = " ".join(part for part in (first, name, last) if part)
        cells["user_name"] = (
            cells.get("_first_name") or cells.get("_last_name") or cells.get("user_name") or ""
        )


def full_name(name: str, first: str, last: str) -> bool:
    """Whether a name beside a first and a last one is a whole one (*Kim Ash* beside *Kimberly* and *Ash*)."""
    words = fold(name).casefold().split()
    return len(words) > 1 and bool(
        {*fold(first).casefold().split(), *fold(last).casefold().split()} & set(words)
    )


def bare_address(text: str) -> str:
    """The one address in a cell that says whose it is beside it: *Ann Lee <ann@acme.example>*; else the text."""
    found = _INSIDE.findall(text) if re.search(r"[\s<>()\[\]]", text) else []
    return found[0] if len(found) == 1 else text


def _address(ident: Any) -> str | None:
    """The address that a column of user names holds."""
    return ident if isinstance(ident, str) and re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", ident) else None


def _gone(value: Any, casts: Casts) -> bool:
    """Whether a column such as *suspended* or *deleted on* says so of the account: a yes, or a date that has come."""
    if not isinstance(value, str):
        return False
    said = yes_no(value)
    if said is not None:
        return said
    if not value[:1].isdigit() or never(value) is not False:
        return False
    day, read = _day(value, casts), casts.options.as_of
    choice = casts.decision.column("_deleted")
    if choice is not None and _UNTIL.search(choice.header) and day is not None and read is not None:
        return day >= read  # suspended until then
    return day is None or read is None or day <= read


def _day(value: str, casts: Casts) -> date | None:
    known = next((each.date_order for each in casts.decision.columns if each.date_order), None)
    return casts.date_of(value, known)


def _back(until: Any, values: dict[str, Any], casts: Casts) -> bool:
    """Whether an account is there again after the day it was closed: a later beginning or use, and no state against."""
    if not isinstance(until, str) or yes_no(until) is not None or (day := _day(until, casts)) is None:
        return False
    status = values.get("status")
    if isinstance(status, str) and holds_seat(status, frozenset()) is False:
        return False
    later = [values.get(name) for name in ("created", "assigned", "last_activity")]
    return any(isinstance(each, date) and each > day for each in later)


def _said_never(row: list[Cell], casts: Casts) -> bool:
    for name, column, _, _ in casts.columns:
        if name == "last_activity" and column < len(row):
            value = row[column]
            return isinstance(value, str) and never(value) is True
    return False


def _used(value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 1.0 if value > 1 else float(value)
    text = str(value or "").casefold().strip()
    if text in _USED:
        return _USED[text]
    try:
        return 1.0 if float(text) > 1 else max(0.0, float(text))
    except ValueError:
        return None


def _seat(
    row: list[Cell],
    values: dict[str, Any],
    layout: UsageLayout | None,
    headings: Sequence[str],
    decision: SheetDecision,
) -> bool | None:
    if layout is not None and layout.seat is not None:
        for column, heading in enumerate(headings):
            if heading and heading_words(heading) == layout.seat:
                return holds_seat(row[column] if column < len(row) else None, layout.seat_not)
    status = values.get("status")
    if _not_held(status) and not said_there(status, decision):
        return False
    if "licence" in values:
        if dict(decision.extra).get("light") == "free" and light(values["licence"]):
            return False
        return holds_seat(values["licence"], NO_SEAT)
    return None


def _not_held(status: object) -> bool:
    """Whether a state says of an account that it is none any more."""
    return isinstance(status, str) and (
        holds_seat(status, NO_SEAT) is False or status.strip().casefold() == "n"
    )


def _per_product(
    row: list[Cell],
    number: int,
    values: dict[str, Any],
    cells: dict[str, str],
    layout: UsageLayout,
    headings: Sequence[str],
    casts: Casts,
) -> list[RecordRow]:
    """A record per product whose cell says anything; several sites of one product count once, by the latest."""
    prefix = layout.per_product or ()
    found: dict[str, tuple[date | None, bool, int]] = {}
    for column, heading in enumerate(headings):
        product = product_of(heading, prefix) if heading else None
        value = row[column] if column < len(row) else None
        if product is None or text_of(value) is None:
            continue
        day = casts.date_of(value, None) if not isinstance(value, str) else casts.date_of(value, "dmy")
        if isinstance(value, datetime):
            day = value.date()
        said = isinstance(value, str) and never(value) is True
        before = found.get(product)
        if before is None or (day is not None and (before[0] is None or day > before[0])):
            found[product] = (day, said and day is None, column)
    active = holds_seat(values.get("status"), frozenset()) is not False
    return [
        RecordRow(
            number,
            {**values, "tool": product, "last_activity": day, "never": said, "assigned": active},
            {**cells, "last_activity": address(number, column)},
        )
        for product, (day, said, column) in sorted(found.items())
    ]
