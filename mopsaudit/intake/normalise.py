"""Reading of a supplier's name as it stands in ledgers and on card statements. Pure.

`normalise` gives the group key under which spellings of one supplier join; `read_supplier` gives the readings (trading
name, whole name, either side of a card descriptor's star, legal name, name in brackets) which the matcher compares.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from mopsaudit.intake.supplier_words import (
    CARD_PREFIXES,
    CITIES,
    COMMON_WORDS,
    COUNTRIES,
    FACTORING,
    LEGAL_FORMS,
    LONG_PROCESSORS,
    PROCESSORS,
    STATES,
    TOP_LEVEL_DOMAINS,
)

_SPECIAL = str.maketrans(
    {
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ı": "i",
        "ð": "d",
        "þ": "th",
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
    }
)
_NOT_IN_USE = re.compile(
    r"\*+\s*(?:do\s*not\s*use|dnu)\s*\*+"
    r"|\(?\b(?:do\s*not\s*use|don't\s*use|not\s*in\s*use|no\s*longer\s*used?|dnu|duplicate|closed\s*account|inactive|obsolete)\b"
    r"(?:[\s:,-]*(?:please\s*)?(?:use|see)\b[^)]*)?\)?"
    r"|\((?:please\s*)?(?:use|see)\s+(?:vendor|supplier|account|acc|no)?[\s.:#]*[a-z]{0,3}\d{3,}[^)]*(?:\)|$)"
)
_ACCOUNT_PREFIX = re.compile(r"^[\s*:#.,'\"_-]*(?:[a-z]{1,3}[- ]?)?\d{5,}\s*[:|/-]\s*(?=\S*[^\W\d_]{2})")
_MASK = re.compile(r"\(?[\s:#-]*\*{2,}\s*[\dx]*\)?|\(\s*\d{4,}\s*\)|:\s*\d{4,}\s*$")
_REPEATED_MARK = re.compile(r"^(?:x{3,}|z{2,}(?=[\s_-])|z{3,})[\s_-]*(?=[^\W\d_]{2})")
_NO_IDENTITY = re.compile(
    r"\(?\bp[\s-]?cards?(?: only)?\b\)?|\(?\b(?:paid |pay )?by (?:direct debit|dd|credit card|card)\b\)?"
    r"|\(\s*(?:dd|direct debit|bacs|chaps|gbp|eur|usd)\s*\)"
    r"|\b(?:direct debit|bacs only|chaps only)\b"
)
_PHONE = re.compile(r"(?<![\w])\+?\(?\d{1,4}\)?(?:[\s./-]?\(?\d{2,4}\)?){2,4}(?![\w])")
_ACRONYM = re.compile(r"\b[^\W\d_]\.(?:[^\W\d_]\.)*[^\W\d_]\b\.?")
_TRADING = re.compile(
    r"\(?\b(?:t\s?/\s?as?|t\\as?|trading\s+as|d\s?/\s?b\s?/\s?a|d\.b\.a\.?|dba|a\s?/\s?k\s?/\s?a|aka)\b\.?:?"
)
_FORMER = re.compile(
    r"\b(?:formerly(?: known as)?|previously(?: known as)?|f\s?/\s?k\s?/\s?a|fka|now known as|now trading as)\b:?"
)
_TLD = "|".join(re.escape(item) for item in sorted(TOP_LEVEL_DOMAINS, key=len, reverse=True))
_DOMAIN = re.compile(
    rf"(?:https?:?/{{0,2}})?(?:www\s?\.)?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\.({_TLD})(?![a-z0-9])(?:/[^\s*]*)?"
)
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]?")
_TOKEN = re.compile(r"[^\W_]+")
_SPACED_FORM = re.compile(r"\b(?:sp\.? ?z\.? ?o\.? ?o|s\.? r\.? o)\b\.?(?=$|[\s,;)])")
_COM = re.compile(r"\b([^\W\d_]\w{2,}) (?:dot )?com\b")
_SUPPLIER_NUMBER = re.compile(r"(?:[a-z]{1,3}\d{4,}|\d{5,})")
_SECOND_LEVEL = ("co", "com", "org", "ltd", "plc", "gov", "ac", "net")
_HYPHEN_NUMBER = re.compile(r"[^\W\d_]-\d{3}\b")
_GEO = COUNTRIES | {"group", "holdings", "holding"}


class ReadingKind(StrEnum):
    """Where in the printed name a reading comes from."""

    TRADING = "trading name"
    WHOLE = "name"
    AFTER_STAR = "text after the star"
    LEGAL = "legal name"
    BRACKETS = "name in brackets"
    FLAT = "name with its brackets"
    FORMER = "former name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read a name: its tokens in order, web domains in it, and how many tokens stand before a star."""

    kind: ReadingKind
    tokens: tuple[str, ...]
    domains: tuple[str, ...] = ()
    before_star: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierName:
    """A name as printed (`raw`), its readings, best first, and the payment processor in front, if any."""

    raw: str
    readings: tuple[Reading, ...]
    processor: str | None


def _with_forms_joined(text: str) -> str:
    """Legal forms of several short words in one: `sp. z o.o.` → `spzoo`, `s. r. o.` → `sro`."""
    return _SPACED_FORM.sub(lambda found: "spzoo" if found[0][1] == "p" else "sro", text)


def clean(raw: str) -> str:
    """Lower case, one kind of blank, no Latin accents. Letters of other scripts stay apart (a Cyrillic о is no o)."""
    if raw.isascii():
        return _with_forms_joined(" ".join(raw.lower().split()))
    text = unicodedata.normalize("NFKC", raw).casefold()
    kept: list[str] = []
    latin = False
    for sign in unicodedata.normalize("NFD", text):
        kind = unicodedata.category(sign)
        if kind in ("Cf", "Cs", "Co", "Cn"):
            continue
        if kind == "Cc":
            kept.append(" ")
        elif kind == "Mn":
            if not latin:
                kept.append(sign)
        else:
            latin = sign.isascii() or "LATIN" in unicodedata.name(sign, "")
            kept.append(sign)
    text = unicodedata.normalize("NFC", "".join(kept)).translate(_SPECIAL)
    return " ".join(text.split())


def is_code(token: str) -> bool:
    """True for a token that is a reference and no word: long numbers and mixtures such as `t010a0j578x`."""
    if token.isalpha():
        return False
    digits = sum(sign.isdigit() for sign in token)
    if digits == 0:
        return False
    if digits == len(token):
        return len(token) >= 3
    return len(token) >= 6 and digits >= 3


def is_supplier_number(token: str) -> bool:
    """True for a number which a ledger puts before its suppliers' names, such as `v00123` or `1004567`."""
    return _SUPPLIER_NUMBER.fullmatch(token) is not None


def looks_random(text: str) -> bool:
    """True for letters that no language would write, as in `zxjncyttrndk`; needs at least six of them."""
    if len(text) < 6 or not text.isascii():
        return False
    if any(sign.isdigit() for sign in text):
        return True
    run = longest = 0
    for sign in text:
        run = 0 if sign in "aeiouy" else run + 1
        longest = max(longest, run)
    return longest >= 5


def _strip_marks(text: str) -> str:
    if (
        "us" in text
        or "dnu" in text
        or "dup" in text
        or "inactive" in text
        or "obsolete" in text
        or "closed" in text
    ):
        text = _NOT_IN_USE.sub(" ", text)
    text = _ACCOUNT_PREFIX.sub("", text, count=1)
    if "**" in text or "(" in text or ":" in text:
        text = _MASK.sub(" ", text)
    text = text.strip(" *:#.,;'\"_-/|")
    if text[:2] in ("xx", "zz"):
        text = _REPEATED_MARK.sub("", text, count=1)
    if "card" in text or "debit" in text or "(" in text or "chaps" in text or "bacs" in text or "by " in text:
        text = _NO_IDENTITY.sub(" ", text)
    for factor in FACTORING:
        at = text.find(" " + factor)
        if at > 0:
            text = text[:at]
    return text


def _tokens(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tokens and domains of a piece of text."""
    domains: list[str] = []

    def stem(found: re.Match[str]) -> str:
        labels = found.group(1).split(".")
        ending = found.group(2)
        if labels[0] == "www" and len(labels) > 1:
            labels = labels[1:]
        if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
            ending = f"{labels.pop()}.{ending}"
        domains.append(f"{'.'.join(labels)}.{ending}")
        return " " + labels[-1].replace("-", " ") + " "

    if "." in text:
        text = _ACRONYM.sub(lambda found: found.group(0).replace(".", ""), text)
        text = _DOMAIN.sub(stem, text)
    for found in _COM.finditer(text):
        domains.append(f"{found.group(1)}.com")
    if any(sign.isdigit() for sign in text):
        text = _PHONE.sub(_phone, text)
    words = _TOKEN.findall(text.replace("'", ""))
    if words and words[0] == "the" and len(words) > 1:
        words = words[1:]
    return tuple(word for word in words if word != "and"), tuple(dict.fromkeys(domains))


def _phone(found: re.Match[str]) -> str:
    return " " if sum(sign.isdigit() for sign in found.group(0)) >= 7 else found.group(0)


def _join_domain_tokens(tokens: tuple[str, ...]) -> tuple[str, ...]:
    while tokens and tokens[0] in ("www", "http", "https"):
        tokens = tokens[1:]
    return tokens


def _pieces(raw: str) -> tuple[list[tuple[ReadingKind, str]], str | None]:
    """Cut a name into the texts of its readings, best first, and the processor in front."""
    text = _strip_marks(clean(raw))
    pieces: list[tuple[ReadingKind, str]] = []
    processor: str | None = None
    former = (
        _FORMER.split(text, maxsplit=1) if "former" in text or "previous" in text or "k" in text else [text]
    )
    if len(former) == 2 and former[0].strip(" (") and former[1].strip():
        text = former[0].rstrip(" (")
        pieces.append((ReadingKind.FORMER, former[1].strip(" )")))
    trading = _TRADING.split(text, maxsplit=1)
    if len(trading) == 2 and trading[0].strip(" (") and trading[1].strip(" )"):
        legal, trade = trading[0].strip(" ("), trading[1].strip(" )")
        return [(ReadingKind.TRADING, trade), (ReadingKind.LEGAL, legal), *pieces], None
    if "(" in text or "[" in text:
        brackets = [found.strip() for found in _BRACKETS.findall(text)]
        flat = text
        text = " ".join(_BRACKETS.sub(" ", text).split()) or text.strip("()[]{}")
        pieces = [(ReadingKind.BRACKETS, inner) for inner in brackets if inner] + pieces
        if "*" not in flat:
            pieces = [(ReadingKind.FLAT, flat), *pieces]
    if "*" in text:
        left, _, right = text.partition("*")
        left_word = "".join(_TOKEN.findall(left))
        right = right.strip(" *")
        if left_word in PROCESSORS:
            processor = left_word
        if right and any(sign.isalpha() for sign in right):
            pieces = [(ReadingKind.WHOLE, left + " * " + right), (ReadingKind.AFTER_STAR, right), *pieces]
            return pieces, processor
        text = left + " * " + right if right else left
    else:
        first, _, rest = text.partition(" ")
        word = first.replace(".", "").strip("-")
        if word in LONG_PROCESSORS and rest:
            processor = word
            pieces = [(ReadingKind.AFTER_STAR, rest.strip(" -")), *pieces]
            return pieces, processor
    return [(ReadingKind.WHOLE, text), *pieces], processor


@lru_cache(maxsize=65536)
def read_supplier(raw: str) -> SupplierName:
    """All readings of a printed name, best first. Never fails; a name without letters has empty tokens."""
    pieces, processor = _pieces(raw)
    readings: list[Reading] = []
    for kind, text in pieces:
        if kind is ReadingKind.WHOLE and "*" in text:
            left, _, right = text.partition("*")
            left_tokens, left_domains = _tokens(left)
            right_tokens, right_domains = _tokens(right)
            tokens = left_tokens + right_tokens
            domains = left_domains + right_domains
            before = len(_join_domain_tokens(left_tokens))
        else:
            tokens, domains = _tokens(text)
            before = 0
        readings.append(
            Reading(kind=kind, tokens=_join_domain_tokens(tokens), domains=domains, before_star=before)
        )
    return SupplierName(raw=raw, readings=tuple(readings), processor=processor)


def _key_tokens(raw: str) -> tuple[str, ...]:
    name = read_supplier(raw)
    reading = name.readings[0]
    tokens, domains = reading.tokens, reading.domains
    before = reading.before_star
    if before:
        left = "".join(tokens[:before])
        after = tokens[before:]
        wordy = [token for token in after if not is_code(token) and len(token) >= 3]
        if wordy and (left in PROCESSORS or left in CARD_PREFIXES or len(left) <= 4):
            tokens = after
        else:
            tokens = tokens[:before]
    tokens = tuple(_without_number(token) if index else token for index, token in enumerate(tokens))
    if (
        len(tokens) > 1
        and is_supplier_number(tokens[0])
        and any(len(token) > 2 and token.isalpha() for token in tokens)
    ):
        tokens = tokens[1:]
    short = sum(map(is_code, tokens)) > 1 or _HYPHEN_NUMBER.search(raw) is not None
    core = [
        token
        for index, token in enumerate(tokens)
        if index == 0 or not is_code(token) or (len(token) == 3 and not short)
    ]
    numbers = len(core) < len(tokens) or bool(before) or bool(domains)
    core = _strip_end(core, cities=numbers)
    if len(core) > 1 and core[-1] == "com":
        core = core[:-1]
    if len(core) == 1 and core[0] in COMMON_WORDS and domains and domains[0].startswith(core[0] + "."):
        return (core[0], domains[0][len(core[0]) + 1 :].replace(".", ""))
    return tuple(core)


def _without_number(token: str) -> str:
    """`inn44011445` → `inn`; codes and ordinary tokens are returned as they are."""
    head = token.rstrip("0123456789")
    return head if len(token) - len(head) >= 5 and len(head) >= 2 and head.isalpha() else token


def _strip_end(core: list[str], *, cities: bool) -> list[str]:
    while len(core) > 1:
        last = core[-1]
        rest = core[:-1]
        if last in LEGAL_FORMS or (last == "com" and len(core) > 1):
            core = rest
        elif rest[-1] in ("for", "of", "at", "in", "de", "st", "to"):
            break
        elif (last in _GEO and not all(token in COUNTRIES or len(token) < 3 for token in rest)) or (
            cities and (last in CITIES or last in STATES) and len("".join(rest)) >= 4
        ):
            core = rest
        else:
            break
    return core


def _pass(raw: str) -> str:
    key = "".join(_key_tokens(raw))
    return key or "".join(_TOKEN.findall(clean(raw))) or clean(raw)


def normalise(raw: str) -> str:
    """The group key of a supplier as printed: `HUBSPOT INC.` and `HubSpot Ireland Limited` share one.

    Legal forms, card prefixes, processors, phone numbers, references, trailing countries (and cities on card lines),
    account numbers and do-not-use marks are left out, blanks inside words do not count; a trading name wins over the
    legal one. Idempotent. Letters of different scripts never join. An empty string stays empty.
    """
    key = _pass(raw)
    while not (key.isalpha() and key.isascii() and key[:2] not in ("xx", "zz")):
        again = _pass(key)
        if again == key:
            break
        key = again
    return key
