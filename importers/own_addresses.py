"""Which of several columns of e-mail addresses is that of the account, or of the work, of each row."""

import re
from collections.abc import Sequence
from typing import Final

from importers.table import ColumnFacts
from importers.words import PRIVATE, heading_words
from mopsaudit.intake.contract import Kind

#: A person's word, a vendor's layout, and a heading that is the field's own name count this much or more.
_SURE: Final = 0.99
#: What somebody signs in with.
_SIGN_IN: Final = re.compile(r"\b(?:log ?in|sign ?in|anmelde\w*|user ?names?|benutzername|identifiant)\b")
#: Where people have an address of their own.
_WEBMAIL: Final = re.compile(
    r"(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|aol|gmx|web|t-online|proton|protonmail|"
    r"free|orange|wanadoo|laposte|libero|qq|163|naver|docomo|ezweb|mail)\.[a-z]{2,3}(?:\.[a-z]{2})?",
    re.IGNORECASE,
)


def own_address(
    kind: Kind,
    headings: Sequence[str],
    facts: Sequence[ColumnFacts],
    picks: dict[str, tuple[int, float]],
    used: set[int],
) -> None:
    """Take the column of addresses that is each row's own, whatever the headings say; changes ``picks`` and ``used``.

    An address of its own has every row, or nearly. One that fewer rows have than another column's, or that is
    webmail beside addresses of one company, is a second, private one.
    """
    name = "user_email" if kind is Kind.USAGE else "email"
    pick = picks.get(name)
    if pick is not None and pick[1] >= _SURE:
        return
    ident = picks.get("user_id", (-1, 0.0))[0]
    signed = [
        column
        for column, heading in enumerate(headings)
        if heading and _of_each(facts[column]) and _SIGN_IN.search(" ".join(heading_words(heading)))
    ]
    if (
        pick is not None
        and len(signed) == 1
        and signed[0] != pick[0]
        and not _SIGN_IN.search(" ".join(heading_words(headings[pick[0]])))
        and facts[signed[0]].filled >= facts[pick[0]].filled
    ):
        for other in [other for other, (at, _) in picks.items() if at == signed[0]]:
            del picks[other]  # what somebody signs in with is the address
        used.add(signed[0])
        used.discard(pick[0])
        picks[name] = (signed[0], 0.7)
        return
    others = [
        column
        for column, heading in enumerate(headings)
        if heading
        and PRIVATE.isdisjoint(heading_words(heading))
        and (column not in used or column == ident)
        and _of_each(facts[column])
        and (pick is None or _better(facts[column], facts[pick[0]]))
    ]
    if pick is None:
        if len(others) == 1 and others[0] != ident:
            used.add(others[0])
            picks[name] = (others[0], 0.7)
        return
    if not others:
        return
    if ident in others:
        del picks[name]  # what somebody signs in with is the address
        return
    best = min(others, key=lambda column: (-facts[column].filled, len(_hosts(facts[column])), column))
    used.add(best)
    picks[name] = (best, 0.7)


def _of_each(facts: ColumnFacts) -> bool:
    """Whether a column holds nothing but addresses, each of them once."""
    return (
        facts.filled > 1
        and all(text.count("@") == 1 and "." in text.split("@")[1] for text in facts.texts)
        and len(facts.texts) == sum(facts.texts.values()) == facts.filled
    )


def _better(other: ColumnFacts, picked: ColumnFacts) -> bool:
    if other.filled > picked.filled:
        return True
    return other.filled == picked.filled and _webmail(picked) and not _webmail(other)


def _hosts(facts: ColumnFacts) -> set[str]:
    return {text.rsplit("@", 1)[1].strip().casefold() for text in facts.texts if "@" in text}


def _webmail(facts: ColumnFacts) -> bool:
    """Whether most addresses of a column are such as everybody can have."""
    hosts = [text.rsplit("@", 1)[1].strip() for text in facts.texts if "@" in text]
    return bool(hosts) and 2 * sum(bool(_WEBMAIL.fullmatch(host)) for host in hosts) > len(hosts)
