"""Distinct supplier strings for the matching benchmark, and the two programs it measures.

`python -m tests.bench.supplier_strings ours|plain COUNT` matches COUNT strings: `ours` with the product's matcher,
`plain` with rapidfuzz's `extractOne(WRatio)` over the same aliases, which is what one writes without a matcher.
"""

import random
import sys
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from mopsaudit.intake.match import Matcher, catalogue_aliases
from mopsaudit.intake.match_values import Alias, AliasKind
from mopsaudit.intake.normalise import clean

#: From this WRatio on the plain way calls it a match; rapidfuzz's own examples and most uses take 90.
PLAIN_SURE = 90.0

_TRADES = (
    "Plumbing Catering Coaches Flooring Nursery Roofing Haulage Surgery Bakery Tyres Scaffolding Motors Farm Dental "
    "Security Landscapes Removals Electrical Engineering Stationery"
).split()
_PLACES = "LONDON LEEDS DUBLIN PARIS BERLIN BOSTON MADRID OSLO SYDNEY TORONTO".split()
_FORMS = ("LTD", "Limited", "LLP", "GmbH", "Inc", "& Sons", "PLC", "B.V.", "SAS", "")


def names() -> list[str]:
    """Every text the catalogue knows a vendor or product by."""
    aliases, _ = catalogue_aliases()
    return [alias.text for alias in aliases if alias.kind is not AliasKind.HINT]


def strings(count: int) -> list[str]:
    """`count` distinct strings, the same every time: one in ten a catalogue name as cards print it, else traders."""
    chance = random.Random(7)
    found: dict[str, None] = {}
    known = names()
    while len(found) < count:
        if chance.random() < 0.1:
            text = f"{chance.choice(('', 'PAYPAL *', 'SP * ', ''))}{chance.choice(known)} {chance.randrange(10**6)}"
        else:
            sound = "".join(
                chance.choice("bcdfghklmnprst") + chance.choice("aeiou") for _ in range(chance.randint(2, 4))
            ).title()
            text = f"{sound} {chance.choice(_TRADES)} {chance.choice(_FORMS)} {chance.choice(_PLACES)}"
        found[text] = None
    return list(found)


def plain_targets() -> tuple[list[str], list[Alias]]:
    """The aliases as rapidfuzz is given them, in lower case, and whose they are."""
    aliases, _ = catalogue_aliases()
    kept = [alias for alias in aliases if alias.kind is not AliasKind.HINT]
    return [clean(alias.text) for alias in kept], kept


def plain_matches(raws: Sequence[str]) -> Iterator[Alias | None]:
    """What `extractOne(WRatio)` makes of each string; None under its threshold."""
    texts, aliases = plain_targets()
    for raw in raws:
        found = process.extractOne(clean(raw), texts, scorer=fuzz.WRatio, score_cutoff=PLAIN_SURE)
        yield aliases[found[2]] if found is not None else None


def main(arguments: Sequence[str]) -> int:
    """Match that many strings in that way."""
    how, count = arguments[0], int(arguments[1])
    raws = strings(count)
    if how == "ours":
        Matcher.from_catalogue().match_many(raws)
    else:
        for _ in plain_matches(raws):
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
