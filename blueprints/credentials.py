"""Passwords, codes and recovery codes through Flask-Security: argon2id, TOTP, and equal time for unknown people."""

import unicodedata
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from flask import current_app
from flask_security.utils import hash_password, verify_password
from sqlalchemy.orm import Session

from mopsaudit.organisation import claim_form_token

#: A code is accepted this many seconds before and after its own half minute.
WINDOW_SECONDS: Final = 30
_BUCKET_SECONDS: Final = 600


def normal(password: str) -> str:
    """The one spelling of a password that is hashed and compared."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """The argon2id hash of a password that was checked."""
    return str(hash_password(normal(password)))


@lru_cache(maxsize=1)
def _nobody() -> str:
    return str(hash_password("nobody has this password"))


def matches(password: str, stored: str | None) -> bool:
    """Whether the password fits the stored hash; for None the same work is done and the answer is no."""
    fits = bool(verify_password(normal(password)[:4096], stored or _nobody()))
    return fits and stored is not None


def _security() -> Any:
    return current_app.extensions["security"]


def new_secret() -> str:
    """A new second-factor secret, encrypted with the application's key."""
    return str(_security().totp_factory.generate_totp_secret())


def setup_values(secret: str, account: Any) -> dict[str, str]:
    """What a person needs to enter the secret into an app: ``key`` to type and ``image`` (a data address) to scan."""
    values: dict[str, str] = _security().totp_factory.fetch_setup_values(secret, account)
    return values


def code_fits(session: Session, code: str, secret: str | None, account: Any, now: datetime) -> bool:
    """Whether the six digits are right now, and were not used before: a code works once."""
    digits = "".join(code.split())
    if not secret or not digits.isascii() or not digits.isdigit() or len(digits) != 6:
        return False
    if not _security().totp_factory.verify_totp(digits, secret, account, window=WINDOW_SECONDS):
        return False
    bucket = int(now.timestamp()) // _BUCKET_SECONDS
    used = [
        claim_form_token(session, f"code|{account.id}|{digits}|{number}", now=now)
        for number in (bucket, bucket - 1)
    ]
    return used == [None, None]


def new_recovery_codes(account: Any) -> list[str]:
    """Ten new recovery codes, stored on the account in place of the old ones. Needs a unit of work."""
    codes: list[str] = _security().mf_recovery_codes_util.create_recovery_codes(account)
    return codes


def use_recovery_code(account: Any, code: str) -> bool:
    """Whether it is one of the account's recovery codes; it is used up. Needs a unit of work."""
    util = _security().mf_recovery_codes_util
    text = code.strip().lower()
    if not account.mf_recovery_codes or not util.check_recovery_code(account, text):
        return False
    return bool(util.delete_recovery_code(account, text))
