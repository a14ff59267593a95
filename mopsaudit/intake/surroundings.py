"""What may stand around a supplier's name without changing whose it is. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mopsaudit.intake.normalise import clean, is_code, looks_random, read_supplier
from mopsaudit.intake.supplier_words import (
    BILLING_WORDS,
    BLOCK_WORDS,
    CITIES,
    COUNTRIES,
    LEGAL_FORMS,
    SOFT_WORDS,
    STATES,
    TOWNS,
)

_NEUTRAL = LEGAL_FORMS | COUNTRIES | STATES | CITIES | TOWNS | BILLING_WORDS
MERGED_ENDS = _NEUTRAL | SOFT_WORDS | BLOCK_WORDS
_LONG_ENDS = (
    "international",
    "systems",
    "limited",
    "software",
    "technologies",
    "incorporated",
    "subscription",
)


def variants(tokens: tuple[str, ...], start: int) -> Iterable[tuple[str, ...]]:
    """The tokens from `start` on, and once more without digits glued to the first (`7CRAZY EGG`)."""
    rest = tokens[start:]
    yield rest
    bare = rest[0].lstrip("0123456789")
    if bare != rest[0] and len(bare) >= 4:
        yield (bare, *rest[1:])


def is_neutral(token: str) -> bool:
    """True for legal forms, places, billing words, references and numbers."""
    return token in _NEUTRAL or is_code(token) or token.isdigit()


#: Forms of companies that sell; a registered charity's or a society's is none.
FIRM_FORMS = frozenset(
    """ltd limited inc llc llp gmbh plc sarl bv nv ag se kg spa pty corp corporation sl srl ab oy oyj
    aps as sas sro ou uab kft zrt nyrt doo zoo""".split()
)
USER_GROUP = re.compile(r"\busers? (?:group|community|meet|day|forum)\b")


def without_place(rest: tuple[str, ...]) -> tuple[str, ...]:
    """Without the one or two words after a legal form: card lines and ledgers put the town there."""
    for at, token in enumerate(rest):
        if token in FIRM_FORMS:
            if rest[at + 1 : at + 2] and rest[at + 1] in FIRM_FORMS:
                continue  # Pty Ltd
            tail = tuple(word for word in rest[at + 1 :] if not is_neutral(word))
            if 1 <= len(tail) <= 2 and not any(word in BLOCK_WORDS for word in tail):
                return rest[: at + 1]
            break
        if not is_neutral(token):
            break
    return rest


def all_neutral(tokens: Sequence[str]) -> bool:
    """True when every token is neutral; also for none."""
    return all(is_neutral(token) for token in tokens)


def is_merged_end(rest: str) -> bool:
    """True for what may be glued to a name: a legal form, a word such as `advertising`, a reference."""
    if rest in MERGED_ENDS and (len(rest) > 2 or rest in LEGAL_FORMS):
        return True
    if any(sign.isdigit() for sign in rest):
        return len(rest) >= 4
    if len(rest) >= 3 and any(end.startswith(rest) for end in _LONG_ENDS):
        return True
    return len(rest) >= 8 and looks_random(rest)


@dataclass(slots=True)
class Context:
    """What else the line says."""

    description: str = ""
    gl_account: str = ""
    words: frozenset[str] = frozenset()
    tokens: tuple[str, ...] = ()
    joined: str = ""


@lru_cache(maxsize=4096)
def context_of(description: str, gl_account: str) -> Context:
    """Description and account as tokens, for corroboration."""
    if not description and not gl_account:
        return Context()
    described = read_supplier(description).readings
    tokens = tuple(token for reading in described[:1] for token in reading.tokens)
    account = tuple(token for reading in read_supplier(gl_account).readings[:1] for token in reading.tokens)
    return Context(
        description=clean(description),
        gl_account=clean(gl_account),
        words=frozenset(tokens) | frozenset(account),
        tokens=tokens,
        joined="".join((*tokens, *account)),
    )
