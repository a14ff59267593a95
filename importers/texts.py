"""A text as a person sees it in its cell."""

import re
from functools import lru_cache

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00]")
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """A text as a person sees it: no invisible characters, every run of white space one space, ends trimmed."""
    if text.isascii():
        return " ".join(text.replace("\x00", "").split())
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()
