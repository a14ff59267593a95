"""Which passwords are refused: too short, too common, or made of what everybody knows about the person."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from mopsaudit.errors import InvalidError

SHORTEST: Final = 12
LONGEST: Final = 1024
"""An upper bound only against hashing megabytes; nothing is ever cut off."""
_COMMON: Final = frozenset(
    "password passwort passwords kennwort motdepasse contrasena letmein welcome willkommen iloveyou princess sunshine "
    "football baseball basketball superman batman dragon monkey shadow master michael jennifer trustno starwars "
    "whatever computer internet samsung google facebook linkedin microsoft qwerty qwertyuiop qwertz qwertzuiop azerty "
    "asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx abc abcd abcdef abcdefg abcdefgh admin administrator root user guest "
    "login changeme secret default test testing tester hello freedom ninja mustang access flower cheese summer winter "
    "spring autumn monday friday january december marketing marketingops mopsaudit audit finance company budget "
    "correcthorsebatterystaple thisisapassword mypassword passwordpassword iloveyouforever".split()
)
_LEET: Final = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)
_RUNS: Final = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def checked(password: str, known: Iterable[str] = ()) -> str:
    """The password, normalised (NFKC), when it may be used. ``known`` are names and addresses it may not be made of.

    Raises:
        InvalidError: with what to do about it, for the field ``password``.
    """
    text = unicodedata.normalize("NFKC", password)
    if len(text) < SHORTEST:
        raise InvalidError(f"Use {SHORTEST} characters or more; a few unrelated words are fine.", "password")
    if len(text) > LONGEST:
        raise InvalidError(f"Use at most {LONGEST} characters.", "password")
    if _common(text.casefold(), known):
        raise InvalidError("This password is too easy to guess; use a few unrelated words.", "password")
    return text


def _common(text: str, known: Iterable[str]) -> bool:
    """Whether little is left of it without common words, what everybody knows, and runs of the keyboard."""
    if len(set(text)) < 5:
        return True
    own = {part for each in known for part in re.split(r"[^\w]+", each.casefold()) if len(part) >= 4}
    words = sorted(own | {word for word in _COMMON if len(word) >= 4}, key=lambda word: (-len(word), word))
    for spelling in (text, text.translate(_LEET)):
        rest = spelling
        for word in words:
            rest = rest.replace(word, "")
        for run in _RUNS:
            for line in (run, run[::-1]):
                rest = _without_runs(rest, line)
        if sum(letter.isalnum() for letter in rest) < 5:
            return True
    return False


def _without_runs(text: str, line: str) -> str:
    """``text`` without stretches of four or more letters that follow each other in ``line``."""
    left = []
    at = 0
    while at < len(text):
        size = 0
        while at + size < len(text) and text[at : at + size + 1] in line:
            size += 1
        if size >= 4:
            at += size
        else:
            left.append(text[at])
            at += 1
    return "".join(left)
