"""How figures are written on pages: true minus, whole units in lists, ``–`` and its reason for unknown, dates."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from flask import Flask, has_request_context
from markupsafe import Markup, escape

from blueprints import identity, links
from mopsaudit.money import from_minor
from mopsaudit.periods import month_text
from mopsaudit.reporting import Amount, Missing, Ratio, Ref, Value

MINUS: Final = "\u2212"
UNKNOWN: Final = "–"
MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DEFAULT_MARKS: Final = (",", ".")
#: Number format of a person → the mark of thousands and the decimal mark. The first is everybody's until they choose.
NUMBER_STYLES: Final[Mapping[str, tuple[str, str]]] = {
    "1,234.56": (",", "."),
    "1.234,56": (".", ","),
    "1 234,56": ("\u202f", ","),
    "1'234.56": ("\u2019", "."),
}
#: Numbers in sentences the core built: with thousands commas, or one or two decimals before a unit or a sign. A number
#: already in the person's style (``409.624 USD``) is none of them: it is never turned a second time.
_IN_WORDS: Final = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d{1,2}(?=\s?(?:k|m|bn|%|[A-Z]{3})(?![\w-])))(?![\w])"
)
_DAY: Final = re.compile(r"^\d{4}-\d{2}-\d{2}$")
#: What the day of a finding is, by its kind; of every other it is the day by which to decide.
_DEADLINES: Final[Mapping[str, str]] = {"review-due": "was due on"}


def unknown(why: str | None) -> Markup:
    """``–`` with its reason on focus and for screen readers."""
    reason = why or "unknown"
    return Markup(
        '<span class="unknown" tabindex="0" title="{}">–<span class="visually-hidden"> {}</span></span>'
    ).format(reason, reason)


def marks() -> tuple[str, str]:
    """The signed-in person's mark of thousands and decimal mark; comma and point for everybody else."""
    who = identity.current() if has_request_context() else None
    return NUMBER_STYLES.get(who.number_style or "", DEFAULT_MARKS) if who is not None else DEFAULT_MARKS


def styled(text: str) -> str:
    """A number written with thousands commas and a decimal point in the person's own style."""
    thousands, decimal = marks()
    if (thousands, decimal) == DEFAULT_MARKS:
        return text
    return text.translate({ord(","): thousands, ord("."): decimal})


def said(text: str | Markup | None) -> str | Markup:
    """A sentence the core built, its numbers in the person's own style."""
    if not text or marks() == DEFAULT_MARKS:
        return text or ""
    found = _IN_WORDS.sub(lambda match: styled(match[0]), str(text))
    return Markup(found) if isinstance(text, Markup) else found  # noqa: S704  # only marks within numbers changed


def grouped(number: Decimal | int) -> str:
    """A number with its thousands marked, in the person's style, and a true minus sign."""
    text = styled(f"{abs(number):,}")
    return f"{MINUS}{text}" if number < 0 else text


def count(number: int | None) -> str:
    """A count, ``0`` for zero."""
    return UNKNOWN if number is None else grouped(number)


def whole(minor: int, currency: str) -> str:
    """Minor units as whole units of the currency, rounded half-even: what lists show."""
    units = int(from_minor(minor, currency).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    return grouped(units)


def exact_text(minor: int, currency: str) -> str:
    """Minor units with all digits of the currency."""
    return grouped(from_minor(minor, currency))


def minor(amount: int | None, currency: str) -> str | Markup:
    """Minor units with all digits of the currency; unknown as ``–``."""
    return unknown(None) if amount is None else exact_text(amount, currency)


def money(amount: Amount | None) -> str | Markup:
    """An amount in whole units without its currency (the column's heading names it); the exact figure on focus."""
    if amount is None:
        return Markup('<span class="muted">n/a</span>')
    if amount.minor is None:
        return unknown(amount.why)
    said = exact_text(amount.minor, amount.currency)
    note = f"{said} {amount.currency}" + (f", {amount.basis}" if amount.basis else "")
    return Markup('<span title="{}">{}</span>').format(note, whole(amount.minor, amount.currency))


def units(amount: Amount | None) -> str | Markup:
    """An amount in whole units with its currency, the exact figure on focus: what lists of several currencies show."""
    if amount is None or amount.minor is None:
        return money(amount)
    return Markup('{} <span class="unit muted">{}</span>').format(money(amount), amount.currency)


def exact(amount: Amount | None) -> str | Markup:
    """An amount to the minor unit with its currency: what details show."""
    if amount is None:
        return Markup('<span class="muted">n/a</span>')
    if amount.minor is None:
        return unknown(amount.why)
    return Markup('{} <span class="unit muted">{}</span>').format(
        exact_text(amount.minor, amount.currency), amount.currency
    )


def shortened(minor: int, currency: str) -> str:
    """Minor units shortened to three digits or so (``184 k``), without the currency."""
    units = from_minor(minor, currency)
    size = abs(units)
    for limit, letter in ((Decimal(10**9), "bn"), (Decimal(10**6), "m"), (Decimal(10**3), "k")):
        if size >= limit * 10 or (size >= limit and letter != "k"):
            scaled = units / limit
            digits = Decimal(1) if abs(scaled) >= 100 else Decimal("0.1")
            number = grouped(scaled.quantize(digits, rounding=ROUND_HALF_EVEN))
            return f"{number.removesuffix('.0')} {letter}"
    return whole(minor, currency)


def short(amount: Amount | None) -> str | Markup:
    """An amount shortened, the exact figure on focus: what the dashboard shows."""
    if amount is None or amount.minor is None:
        return exact(amount)
    return Markup('<span title="{} {}">{}</span> <span class="unit">{}</span>').format(
        exact_text(amount.minor, amount.currency),
        amount.currency,
        shortened(amount.minor, amount.currency),
        amount.currency,
    )


def percent_text(value: Decimal) -> str:
    """Without decimals unless under 10."""
    digits = Decimal("0.1") if 0 < abs(value) < 10 else Decimal(1)
    return f"{grouped(value.quantize(digits, rounding=ROUND_HALF_EVEN))} %"


def percent(ratio: Ratio | None) -> str | Markup:
    """A share in percent, the two numbers on focus; ``n/a`` where the denominator is zero."""
    if ratio is None or ratio.percent is None:
        why = ratio.why if ratio is not None else None
        if why and ratio is not None and ratio.unknown:
            return unknown(why)
        if why:
            return Markup('<span class="muted" tabindex="0" title="{}">n/a</span>').format(why)
        return Markup('<span class="muted">n/a</span>')
    note = f"{grouped(ratio.numerator or 0)} of {grouped(ratio.denominator or 0)}"
    return Markup('<span title="{}">{}</span>').format(note, percent_text(ratio.percent))


def day_text(value: date) -> str:
    """``30 Jun 2026``."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def day(value: date | None) -> str | Markup:
    """A date as ``30 Jun 2026``; unknown as ``–``."""
    if value is None:
        return unknown("no date")
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), day_text(value))


def moment(value: datetime | None, zone: Any = None) -> str | Markup:
    """A moment to the minute in the person's time zone (the organisation's where they chose none)."""
    if value is None:
        return unknown("never")
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), moment_text(value, zone))


def moment_text(value: datetime, zone: Any = None) -> str:
    """A moment to the minute in the person's time zone, without markup."""
    from blueprints import shell  # the shell's templates use these filters

    local = value.astimezone(zone or shell.own_zone())
    return f"{day_text(local.date())} {local:%H:%M}"


def until_text(value: date, as_of: date) -> str:
    """``in 47 days``, ``today``, ``3 days ago``."""
    days = (value - as_of).days
    if days == 0:
        return "today"
    size = f"{grouped(abs(days))} day{'' if abs(days) == 1 else 's'}"
    return f"in {size}" if days > 0 else f"{size} ago"


def until(value: date | None, as_of: date | None = None) -> Markup:
    """A deadline: the date and how far away it is from ``as_of`` (default: the day the request asks about)."""
    if value is None:
        return unknown("no date")
    if as_of is None:
        from blueprints import shell  # the shell's templates use these filters

        as_of = shell.as_of()
    tone = "bad" if value < as_of else "warn" if (value - as_of).days <= 30 else "muted"
    return Markup('<span class="nowrap">{} <span class="small {}">{}</span></span>').format(
        day(value), tone, until_text(value, as_of)
    )


def value(found: Value) -> str | Markup:
    """Any value of a report, as a list shows it."""
    match found:
        case None:
            return Markup('<span class="muted">n/a</span>')
        case Missing():
            return unknown(found.why)
        case Amount():
            return money(found)
        case Ratio():
            return percent(found)
        case Ref():
            return reference(found)
        case tuple():
            return Markup(", ").join(reference(each) for each in found)
        case bool():
            return "yes" if found else "no"
        case int() | Decimal():
            return grouped(found)
        case date():
            return day(found)
        case str():
            return found


def told(found: Any) -> str | Markup:
    """A value of a record's history: days, moments and flags in words, ``–`` for nothing, others as they are."""
    if found is None or found == "":
        return "–"
    if isinstance(found, datetime):
        return moment(found)
    if isinstance(found, bool | date):
        return value(found)
    return str(found)


def plain(found: Value) -> str:
    """Any value as text without markup: what is searched, filtered, exported as text."""
    match found:
        case None | Missing():
            return ""
        case Amount():
            return "" if found.minor is None else f"{from_minor(found.minor, found.currency):f}"
        case Ratio():
            return "" if found.percent is None else f"{found.percent:.2f}"
        case Ref():
            return found.label
        case tuple():
            return ", ".join(each.label for each in found)
        case bool():
            return "yes" if found else "no"
        case int():
            return str(found)
        case Decimal():
            return f"{found:f}"
        case date():
            return found.isoformat()
        case str():
            return found


def reference(ref: Ref) -> Markup:
    """A record's name, linked where it has a page the person may open."""
    address = links.ref_url(ref)
    if address is None:
        return escape(ref.label)
    return Markup('<a class="opens" href="{}">{}</a>').format(address, ref.label)


def evidence(found: Any) -> str | Markup:
    """Whatever a finding rests on, in words: values as lists show them, lists joined, mappings as pairs."""
    match found:
        case {"amount": None, "currency": str()}:
            return unknown(str(found.get("why") or "unknown"))
        case {"amount": str() as units, "currency": str() as currency}:
            basis = f" ({found['basis']})" if found.get("basis") else ""
            return f"{grouped_text(units)} {currency}{basis}"
        case str() if _DAY.match(found):
            return day(date.fromisoformat(found))
        case Mapping():
            return Markup(", ").join(
                Markup("{}: {}").format(str(key).replace("_", " "), evidence(each))
                for key, each in found.items()
            )
        case Amount() | Ratio() | Ref() | bool() | int() | Decimal() | date() | str() | None:
            return value(found)
        case Sequence():
            return Markup(", ").join(escape(evidence(each)) for each in found) or UNKNOWN
        case _:
            return str(found)


def grouped_text(text: str | None) -> str:
    """A decimal string with thousands commas and a true minus sign; what is no number stands as it is."""
    if text is None:
        return UNKNOWN
    digits = text.lstrip("-")
    whole_part, point, rest = digits.partition(".")
    if not whole_part.isdigit():
        return text
    return f"{MINUS if text.startswith('-') else ''}{styled(f'{int(whole_part):,}{point}{rest}')}"


def fact_label(key: str) -> str:
    """What a finding's fact is called: its key in words, with the unit its ending names."""
    stem, _, unit = key.rpartition("_")
    if stem and unit in ("days", "months"):
        return f"{stem.replace('_', ' ').capitalize()} ({unit})"
    return key.replace("_", " ").capitalize()


def month_name(text: str) -> str:
    """``2026-04`` as ``Apr 2026``; what is no month stands as it is."""
    year, _, number = text.partition("-")
    if not (year.isdigit() and number.isdigit() and 1 <= int(number) <= 12):
        return text
    return f"{MONTHS[int(number) - 1]} {year}"


def deadline_word(finding: Any) -> str:
    """What a finding's day is for: a notice is sent by it, a review was due, everything else is decided by it."""
    evidence_of = getattr(finding, "evidence", {})
    if finding.kind in _DEADLINES:
        return _DEADLINES[finding.kind]
    return "send by" if "send_by" in evidence_of or finding.earliest is not None else "decide by"


def sentence_list(parts: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    found = list(parts)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""


def init_app(app: Flask) -> None:
    """Give the templates these filters."""
    for name, function in {
        "money": money,
        "minor": minor,
        "minor_whole": whole,
        "exact": exact,
        "units": units,
        "grouped": grouped_text,
        "short": short,
        "count": count,
        "percent": percent,
        "day": day,
        "moment": moment,
        "month": lambda index: month_name(month_text(index)),
        "month_name": month_name,
        "fact_label": fact_label,
        "deadline_word": deadline_word,
        "said": said,
        "until": until,
        "value": value,
        "plain": plain,
        "told": told,
        "reference": reference,
        "evidence": evidence,
        "sentence_list": sentence_list,
    }.items():
        app.jinja_env.filters[name] = function
