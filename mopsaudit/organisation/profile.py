"""What people set for themselves: theme, shortcuts, second factor."""

from typing import Final
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.organisation.accounts import get_account
from mopsaudit.store.models import Account

THEMES: Final = ("auto", "light", "dark")
#: Numbers as people write them; the first is what everybody sees until they choose.
NUMBER_STYLES: Final = ("1,234.56", "1.234,56", "1 234,56", "1'234.56")


def set_preferences(
    session: Session,
    account_id: int,
    *,
    theme: str | None = None,
    shortcuts: bool | None = None,
    number_style: str | None = None,
    time_zone: str | None = None,
) -> Account:
    """Change how pages look and behave for a person; None leaves a preference as it is.

    An empty ``number_style`` or ``time_zone`` takes the organisation's again. A style is a number written in it.

    Raises:
        InvalidError: for an unknown theme, number style or time zone.
        NotFoundError: when there is no such account.
    """
    account = get_account(session, account_id)
    if theme is not None:
        if theme not in THEMES:
            raise InvalidError(f"Choose a theme: {', '.join(THEMES)}.", "theme")
        account.theme = theme
    if shortcuts is not None:
        account.shortcuts = shortcuts
    if number_style is not None:
        if number_style and number_style not in NUMBER_STYLES:
            raise InvalidError(f"Choose a number format: {'; '.join(NUMBER_STYLES)}.", "number_style")
        account.locale = number_style or None
    if time_zone is not None:
        if time_zone and time_zone not in available_timezones():
            raise InvalidError("Choose a time zone of the list, such as Europe/Berlin.", "time_zone")
        account.time_zone = time_zone or None
    session.flush()
    return account


def set_second_factor(session: Session, account_id: int, *, secret: str | None) -> Account:
    """Keep the (encrypted) secret of an authenticator app; None switches the second factor off with its recovery codes.

    Raises:
        NotFoundError: when there is no such account.
    """
    account = get_account(session, account_id)
    account.tf_totp_secret = secret
    account.tf_primary_method = "authenticator" if secret else None
    if secret is None:
        account.mf_recovery_codes = None
    session.flush()
    return account
