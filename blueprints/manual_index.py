"""The manual's index: sections by the words they hold, forgiving about endings and slips of the pen."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, Protocol

_WORD: Final = re.compile(r"[^\W_]+")
#: Endings taken off, the longest first; what stays has at least four letters.
_ENDINGS: Final = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ments",
    "ment",
    "als",
    "ally",
    "ies",
    "ed",
    "es",
    "al",
    "ly",
    "er",
    "s",
    "e",
    "y",
)
_SHORTEST_STEM: Final = 4
#: How alike a typed word and a word of the manual must be to stand for each other.
_ALIKE: Final = 0.8
_EXCERPT: Final = 160
#: Worth of a hit in the page's title, in a section's heading, in its text; a word that is only alike counts half.
_IN_TITLE, _IN_HEADING, _IN_TEXT = 12.0, 8.0, 1.0
#: A word that stands often in a section counts this often at most.
_OFTEN: Final = 4


class Sourced(Protocol):
    """A page as the index reads it."""

    @property
    def slug(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a page: its heading (empty for what stands before the first), its anchor, its plain text."""

    slug: str
    title: str
    heading: str
    text: str

    @property
    def anchor(self) -> str | None:
        """Where it stands on its page."""
        return anchor_of(self.heading) if self.heading else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A section that holds every word, and the text around the first of them."""

    section: Section
    score: float
    excerpt: str


def anchor_of(heading: str) -> str:
    """The anchor of a heading: its words joined by hyphens."""
    return "-".join(_WORD.findall(heading.casefold()))


def stem(word: str) -> str:
    """A word without its ending: *reconciling*, *reconciliation* and *reconciled* are one."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            cut = word[: -len(ending)]
            return cut.removesuffix("i") if len(cut) > _SHORTEST_STEM else cut
    return word


def plain(markdown: str) -> str:
    """The words of a page without its marks."""
    text = re.sub(r"```.*?```", " ", markdown, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\s+", " ", re.sub(r"[*`#|>]|-{3,}", " ", text)).strip()


def sections(pages: Iterable[Sourced]) -> tuple[Section, ...]:
    """Every page in its parts."""
    found = []
    for page in pages:
        parts = re.split(r"^## +(.+)$", page.source, flags=re.MULTILINE)
        heads = ["", *(plain(each) for each in parts[1::2])]
        bodies = [parts[0].partition("\n")[2], *parts[2::2]]
        found += [
            Section(slug=page.slug, title=page.title, heading=head, text=plain(body))
            for head, body in zip(heads, bodies, strict=True)
        ]
    return tuple(found)


@lru_cache(maxsize=512)
def _words(text: str) -> Counter[str]:
    return Counter(stem(word) for word in _WORD.findall(text.casefold()))


def _means(word: str, vocabulary: Sequence[str]) -> dict[str, float]:
    """The words of the manual a typed word may stand for, each with its weight."""
    base = stem(word)
    found = {each: 1.0 for each in vocabulary if each == base or (len(word) > 2 and each.startswith(word))}
    if not found:
        found = dict.fromkeys(get_close_matches(base, vocabulary, n=5, cutoff=_ALIKE), 0.5)
    return found


def search(pages: Iterable[Sourced], text: str, *, most: int = 20) -> tuple[Found, ...]:
    """Sections that hold every word of ``text``, the best first; of one page at most three."""
    typed = _WORD.findall(text.casefold())
    if not typed:
        return ()
    every = sections(pages)
    vocabulary = sorted(
        {word for each in every for word in _words(f"{each.title} {each.heading} {each.text}")}
    )
    meant = [_means(word, vocabulary) for word in typed]
    scored = []
    for each in every:
        title, heading, body = _words(each.title), _words(each.heading), _words(each.text)
        worth = [
            sum(
                weight
                * (
                    _IN_TITLE * (word in title) * (2.0 if not each.heading else 1.0)
                    + _IN_HEADING * (word in heading)
                    + _IN_TEXT * min(body[word], _OFTEN)
                )
                for word, weight in one.items()
            )
            for one in meant
        ]
        if all(worth):
            scored.append((-sum(worth), each.title, each.heading, each))
    scored.sort(key=lambda item: item[:3])
    shown: Counter[str] = Counter()
    found: list[Found] = []
    for score, _, _, each in scored:
        shown[each.slug] += 1
        if shown[each.slug] <= 3 and len(found) < most:
            found.append(Found(section=each, score=-score, excerpt=_excerpt(each.text, meant)))
    return tuple(found)


def _excerpt(text: str, meant: Sequence[dict[str, float]]) -> str:
    """The text around the first word that was meant."""
    wanted = {word for one in meant for word in one}
    first = next((match.start() for match in _WORD.finditer(text) if stem(match[0].casefold()) in wanted), 0)
    start = max(0, text.rfind(". ", 0, first) + 2) if first > _EXCERPT // 2 else 0
    if first - start > _EXCERPT:
        start = first - _EXCERPT // 2
    cut = text[start : start + _EXCERPT]
    if start + _EXCERPT < len(text):
        cut = cut.rpartition(" ")[0] + " …"
    return cut
