"""What people set for themselves: theme, shortcuts, second factor."""

from typing import Final

from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.organisation.accounts import get_account
from mopsaudit.store.models import Account

THEMES: Final = ("auto", "light", "dark")


def set_preferences(
    session: Session, account_id: int, *, theme: str | None = None, shortcuts: bool | None = None
) -> Account:
    """Change how pages look and behave for a person; None leaves a preference as it is.

    Raises:
        InvalidError: for an unknown theme.
        NotFoundError: when there is no such account.
    """
    account = get_account(session, account_id)
    if theme is not None:
        if theme not in THEMES:
            raise InvalidError(f"Choose a theme: {', '.join(THEMES)}.", "theme")
        account.theme = theme
    if shortcuts is not None:
        account.shortcuts = shortcuts
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
