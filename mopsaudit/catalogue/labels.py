"""A company's own word for what a tool is (“CRM”, “E-mail”, “Paid media”) as one of our types and categories.

A list of tools kept by hand rarely uses our four categories; it says what the tool is. Words are exact after folding:
nothing here is a guess by likeness.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from mopsaudit.catalogue.records import CatalogueError, read_records
from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.words import Category

#: Words that stand for one of the four by themselves, beyond their exact names.
_CATEGORY_WORDS: Mapping[str, Category] = {
    "insight": Category.INTELLIGENCE,
    "insights": Category.INTELLIGENCE,
    "intelligence": Category.INTELLIGENCE,
    "market intelligence": Category.INTELLIGENCE,
    "customer intelligence": Category.INTELLIGENCE,
    "engagement": Category.ENGAGEMENT,
    "interaction": Category.ENGAGEMENT,
    "customer engagement": Category.ENGAGEMENT,
    "customer interaction": Category.ENGAGEMENT,
    "operation": Category.OPERATIONS,
    "operations": Category.OPERATIONS,
    "workflow and operation": Category.OPERATIONS,
    "performance": Category.PERFORMANCE,
    "performance measurement": Category.PERFORMANCE,
}


def type_by_label(text: str) -> str | None:
    """The id of the technology type a text names: its id, its name, its acronym or another word for it; or None."""
    return _type_words().get(text.strip()) or _type_words().get(_folded(text))


def category_by_label(text: str) -> Category | None:
    """The category a text names: its id, number, exact name, beginning or key word; or None."""
    plain = _folded(text)
    if not plain:
        return None
    for number, item in enumerate(taxonomy().categories, 1):
        name = _folded(item.name)
        if plain in (item.id.value, str(number), name) or (len(plain) >= 4 and name.startswith(f"{plain} ")):
            return item.id
        if re.fullmatch(rf"{number}\s*[.):]?\s+{re.escape(name)}", plain):
            return item.id
    return _CATEGORY_WORDS.get(plain)


def _folded(text: str) -> str:
    """Case, hyphens, strokes, “and” signs, tool and software, and the plural of the last word do not count."""
    plain = re.sub(r"[&+]", " and ", text.casefold())
    plain = re.sub(r"[^\w]+", " ", plain)
    words = [
        word for word in plain.split() if word not in ("tool", "tools", "software", "the")
    ] or plain.split()
    if words and len(words[-1]) > 3 and words[-1].endswith("s") and not words[-1].endswith("ss"):
        words[-1] = words[-1][:-1]
    return " ".join(words)


def _names(name: str) -> Iterator[str]:
    """``Digital asset management (DAM/MAM)`` as itself, without its bracket, and each acronym in it."""
    yield name
    outside, _, inside = name.partition("(")
    if inside:
        yield outside
        yield from inside.rstrip(") ").split("/")


@cache
def _type_words() -> dict[str, str]:
    """Folded word → type id. Raises CatalogueError for an unknown type or a word that two types claim."""
    words: dict[str, str] = {}
    known = {item.id for item in taxonomy().types}
    for item in taxonomy().types:
        words[item.id] = item.id
        for name in _names(item.name):
            words.setdefault(_folded(name), item.id)
    for record in read_records("type_words.psv"):
        if len(record.fields) != 2 or record.fields[0] not in known:
            raise CatalogueError(f"{record.place}: expected 'type id | words, separated by commas'")
        for word in record.fields[1].split(","):
            folded = _folded(word)
            if words.setdefault(folded, record.fields[0]) != record.fields[0]:
                raise CatalogueError(f"{record.place}: {word.strip()!r} already means {words[folded]}")
    return words
