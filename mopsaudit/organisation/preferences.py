"""Settings of the organisation: from the database, else the environment, else the default."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.money import UnknownCurrencyError, currency_code
from mopsaudit.settings import KEYS, SPECS, Settings, SettingSpec, settings_from
from mopsaudit.store.models import Setting

N = TypeVar("N", int, Decimal)

_SPECS: Final = {spec.key: spec for spec in SPECS}
_DEFAULTS: Final = Settings()
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSource:
    """A setting as ``mopsaudit settings`` prints it. ``source``: database, environment (with its name) or default."""

    key: str
    value: Any
    source: str
    spec: SettingSpec


def load_settings(session: Session, environ: Mapping[str, str]) -> Settings:
    """All settings. A bad value in the environment is a fault of the caller, told in one sentence.

    Raises:
        InvalidError: for an environment variable that is no valid value.
    """
    return settings_from({key: value for key, (value, _) in _found(session, environ).items()})


def setting_sources(session: Session, environ: Mapping[str, str]) -> tuple[SettingSource, ...]:
    """Every setting with its value and where it comes from, in the order of their definition."""
    found = _found(session, environ)
    settings = settings_from({key: value for key, (value, _) in found.items()})
    return tuple(
        SettingSource(
            key=key,
            value=getattr(settings, key),
            source=found[key][1] if key in found else "default",
            spec=_SPECS[key],
        )
        for key in KEYS
    )


def _found(session: Session, environ: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    """Values that differ from the default: key → (value, source)."""
    found: dict[str, tuple[Any, str]] = {}
    for spec in SPECS:
        if spec.environment and environ.get(spec.environment):
            value = parse_setting(spec.key, environ[spec.environment], name=spec.environment)
            found[spec.key] = (value, f"environment ({spec.environment})")
    for row in session.scalars(select(Setting).order_by(Setting.key)):
        if row.key in _SPECS:  # one of a newer version stays in the table unread
            found[row.key] = (row.value["value"], "database")
    return found


def save_setting(session: Session, key: str, value: Any) -> Setting:
    """Store a setting; ``value`` may be typed or the text a person typed.

    Raises:
        InvalidError: for an unknown key or a value outside its bounds.
    """
    typed = parse_setting(key, value)
    stored = {"value": str(typed) if isinstance(typed, Decimal) else typed}
    row = session.scalars(select(Setting).where(Setting.key == key)).one_or_none()
    if row is None:
        row = Setting(key=key, value=stored)
        session.add(row)
    elif row.value != stored:
        row.value = stored
    session.flush()
    return row


def parse_setting(key: str, value: Any, *, name: str | None = None) -> Any:
    """``value`` as the type the setting has, as it is stored in JSON (lists for tuples).

    ``name`` is what the sentence calls it (an environment variable).

    Raises:
        InvalidError: for an unknown key or a value outside its bounds.
    """
    spec = _SPECS.get(key)
    if spec is None:
        raise InvalidError(f"There is no setting {key}.", key)
    label = name or spec.label
    default = getattr(_DEFAULTS, key)
    if key == "base_currency":
        try:
            return currency_code(str(value))
        except UnknownCurrencyError as error:
            raise InvalidError(f"{label}: {error}", key) from error
    if key == "time_zone":
        return _zone(str(value).strip(), label, key)
    if isinstance(default, bool):
        return _truth(value, label, key)
    if isinstance(default, int):
        return _bounded(_whole(value, label, key), spec, label)
    if isinstance(default, Decimal):
        return _bounded(_decimal(value, label, key), spec, label)
    if isinstance(default, tuple):
        parts = value.replace(",", " ").split() if isinstance(value, str) else list(value)
        days = [_whole(part, label, key) for part in parts]
        if not days or min(days) < 0:
            raise InvalidError(f"{label}: give one or more numbers of days, such as 120, 90, 60, 30.", key)
        return days
    text = str(value).strip()
    if spec.choices and text not in spec.choices:
        raise InvalidError(f"{label}: choose one of {', '.join(spec.choices)}.", key)
    if len(text) > 200:
        raise InvalidError(f"{label}: at most 200 characters.", key)
    return text


def _zone(text: str, label: str, key: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidError(
            f"{label}: “{text}” is not a time zone; use one like Europe/London.", key
        ) from error
    return text


def _truth(value: Any, label: str, key: str) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise InvalidError(f"{label}: say yes or no.", key)


def _whole(value: Any, label: str, key: str) -> int:
    try:
        return int(str(value).strip())
    except ValueError as error:
        raise InvalidError(f"{label}: “{value}” is not a whole number.", key) from error


def _decimal(value: Any, label: str, key: str) -> Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise InvalidError(f"{label}: “{value}” is not a number.", key) from error
    if not number.is_finite():
        raise InvalidError(f"{label}: “{value}” is not a number.", key)
    return number


def _bounded(number: N, spec: SettingSpec, label: str) -> N:
    low, high = spec.minimum, spec.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        bounds = f"from {low} to {high}" if high is not None else f"{low} or more"
        raise InvalidError(f"{label}: give a number {bounds}.", spec.key)
    return number
