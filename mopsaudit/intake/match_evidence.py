"""How much a known name at the beginning of a printed one is worth: what stands around it decides. Pure."""

from mopsaudit.intake.match_index import EVERYDAY, AliasIndex, Entry, Found, join
from mopsaudit.intake.match_values import AliasKind, Method
from mopsaudit.intake.normalise import Reading, is_code, looks_random
from mopsaudit.intake.supplier_words import BLOCK_WORDS, COUNTRIES, PUBLIC_FORMS, SOFT_WORDS
from mopsaudit.intake.surroundings import FIRM_FORMS, USER_GROUP, Context, is_neutral, without_place

SURE = 0.9
"""Score from which a match is made without asking."""

_EVIDENCE = frozenset(
    """software saas subscription subscriptions licence licences license licenses platform crm seats users app apps
    api plugin chatbot analytics dashboard martech cms dam hosting webinar workspace""".split()
)


def _is_chance(pieces: tuple[str, ...], rest: tuple[str, ...]) -> bool:
    """Whether a one-word name printed in several words may be other words by chance: `Market O`, `One Trust`."""
    if any(len(piece) == 1 and piece.isalpha() for piece in pieces):
        return True
    return all(piece in EVERYDAY or piece.isdigit() for piece in pieces) and not any(
        token in _PLAIN_FORMS or (token in COUNTRIES and token not in _QUARTERS) or is_code(token)
        for token in rest
    )


#: Forms of firms which are no English word besides, as a spa is.
_PLAIN_FORMS = FIRM_FORMS - {"spa", "as", "se"}
_QUARTERS = frozenset("north south east west northern southern eastern western".split())
#: Words that are neutral behind a coined name (`ADOBE STORE`) but make a shop of two common words (`FUEL CYCLE SHOP`).
_SHOPS = frozenset("shop store service".split())
#: Forms of firms from elsewhere: a common word is carried by many a Ltd, by few as an Oy.
_FOREIGN_FORMS = FIRM_FORMS - {"ltd", "limited", "llp", "plc", "spa", "as", "se", "sa"}
_LONG = 8


class Evidence:
    """Judges a find against an index of aliases; every judgement carries its score and its reason in words."""

    def __init__(self, index: AliasIndex) -> None:
        """The index is not changed."""
        self._index = index

    def judge(
        self, entry: Entry, rest: tuple[str, ...], reading: Reading, context: Context, *, covered: int
    ) -> Found | None:
        """How much an alias with these words after it is worth; a company's own alias outweighs the catalogue's."""
        found = self._judge_rest(entry, rest, reading, context, covered=covered)
        if found is not None and entry.kind is AliasKind.OWN and found.score >= SURE:
            found.score = max(found.score, 0.995)
        return found

    def _judge_rest(
        self, entry: Entry, rest: tuple[str, ...], reading: Reading, context: Context, *, covered: int
    ) -> Found | None:
        """How much an alias with these words after it is worth."""
        target = entry.target
        words = rest if entry.weak else without_place(rest)
        shops = _SHOPS | _QUARTERS if entry.everyday and entry.kind is not AliasKind.OWN else frozenset[str]()
        left = tuple(token for token in words if token in shops or not is_neutral(token))
        left = self._index.without_hints(left, target.vendor_id)
        if entry.weak:
            return self._judge_weak(entry, rest, left, context)
        blocked = tuple(token for token in left if token in BLOCK_WORDS)
        blocked = blocked or tuple(token for token in rest if token in PUBLIC_FORMS)
        if not blocked and USER_GROUP.search(" ".join(rest)):
            blocked = ("user group",)
            left = left or blocked
        detail = bool(reading.before_star) and covered >= reading.before_star
        pieces = reading.tokens[max(0, covered - len(reading.tokens)) : covered]
        apart = entry.words == 1 and covered > 1 and not reading.before_star and join(pieces) == entry.joined
        if apart and not blocked and _is_chance(pieces, rest):
            return Found(
                entry,
                0.75,
                Method.ALIAS,
                f"Written in one word it would be {target.vendor}; “{' '.join(pieces)}” may be somebody else.",
                rest,
                covered,
            )
        house = None
        if left and not blocked:
            house = self._index.same_house(left, target, beside=entry)
            house = house or self._index.same_house(rest, target, beside=entry)
        if house is not None:
            closer = house if house.target.tool_id and not target.tool_id else entry
            return Found(
                closer,
                0.96,
                Method.ALIAS,
                f"“{entry.text}” and “{house.text}” are both names of {closer.target.vendor}.",
                rest,
                covered,
            )
        if not left and not blocked:
            how = "exactly" if not rest else "with nothing but legal form, place, plan or reference after it"
            return Found(
                entry,
                0.99 if not rest else 0.98,
                Method.ALIAS,
                f"“{entry.text}” is a {entry.kind} of {target.vendor}, {how}.",
                rest,
                covered,
            )
        if blocked:
            return Found(
                entry,
                0.55,
                Method.ALIAS,
                f"{target.vendor} is named, but “{' '.join(blocked)}” may mean an event or another company.",
                rest,
                covered,
            )
        if detail and not entry.short:
            return Found(
                entry,
                0.95,
                Method.ALIAS,
                f"“{entry.text}” stands before the star of a card line.",
                rest,
                covered,
            )
        split = entry.words == 1 and reading.tokens[covered - 1 : covered] != (entry.joined,) and covered > 1
        soft = not (entry.everyday or split) and all(
            token in SOFT_WORDS or len(token) == 1 or looks_random(token) for token in left
        )
        if soft and not entry.short:
            return Found(
                entry,
                0.94,
                Method.ALIAS,
                f"“{entry.text}” is a {entry.kind} of {target.vendor}; the words after it fit.",
                rest,
                covered,
            )
        return Found(
            entry,
            0.65 if not entry.short else 0.5,
            Method.ALIAS,
            f"The name begins like {target.vendor}, but “{' '.join(left)}” may mean another company.",
            rest,
            covered,
        )

    def _judge_weak(
        self, entry: Entry, rest: tuple[str, ...], left: tuple[str, ...], context: Context
    ) -> Found | None:
        target = entry.target
        house = self._index.same_house(left, target, beside=entry)
        if house is not None:
            reason = f"“{entry.text}” alone would be no evidence, but “{house.text}” is {target.vendor}'s name too."
            return Found(entry, 0.94, Method.ALIAS, reason, rest, entry.words)
        if any(token not in SOFT_WORDS for token in left):
            home = self._index.home(target, rest)
            beside = without_place(rest) if home else rest
            if any(token not in SOFT_WORDS and not is_neutral(token) for token in beside):
                return None
        if any(token in PUBLIC_FORMS for token in rest):
            return None
        form = rest[0] if rest and rest[0] in self._index.legal_forms(entry.joined) else None
        if form == "plc":
            reason = f"A plc's name is its own, and {target.vendor} is one."
            return Found(entry, 0.93, Method.ALIAS, reason, rest, entry.words)
        product = self._index.hint(rest, target.vendor_id)
        if product is not None and len(product[0]) >= 6 and product[0] not in EVERYDAY | {entry.joined}:
            reason = f"“{entry.text}” alone would be no evidence, but “{product[0]}” beside it is {target.vendor}'s."
            return Found(entry, 0.92, Method.ALIAS, reason, rest, entry.words)
        if form in _FOREIGN_FORMS and len(entry.joined) >= _LONG and not left:
            reason = f"“{entry.text} {form}” is the full name of {target.vendor}'s company, and a long one."
            return Found(entry, 0.91, Method.ALIAS, reason, rest, entry.words)
        evidence = self._corroboration(entry, context)
        if evidence:
            return Found(
                entry,
                0.92,
                Method.ALIAS,
                f"“{entry.text}” alone would be no evidence, but {evidence}.",
                rest,
                entry.words,
            )
        town = self._index.home(target, rest)
        firm = next((token for token in rest if token in FIRM_FORMS), None)
        if town is not None and firm is not None:
            reason = f"“{entry.text}” alone would be no evidence, but {target.vendor} sits in {town.title()}."
            return Found(entry, 0.92, Method.ALIAS, reason, rest, entry.words)
        reason = f"“{entry.text}” is also a common word or name; nothing else on the line says it is {target.vendor}."
        if form is None:
            return Found(entry, 0.5, Method.ALIAS, reason, rest, entry.words)
        reason = (
            f"“{entry.text} {form}” is a company's full name, but of a common word that others carry too."
        )
        return Found(entry, 0.8, Method.ALIAS, reason, rest, entry.words)

    def _corroboration(self, entry: Entry, context: Context) -> str | None:
        if not context.joined:
            return None
        if context.words & BLOCK_WORDS:
            return None
        for host, known in self._index.domains.items():
            if (
                known.target.vendor_id == entry.target.vendor_id
                and host in f"{context.description} {context.gl_account}"
            ):
                return f"the line names {host}"
        hint = self._index.hint(context.tokens, entry.target.vendor_id)
        if hint is not None and hint[0] != entry.joined:
            return f"the description names {hint[1].tool or hint[1].vendor}"
        words = sorted(context.words & _EVIDENCE)
        return f"description or account says “{words[0]}”" if words else None
