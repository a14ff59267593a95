"""Finding a known name in the readings of a printed one, and judging what stands around it. Pure."""

from mopsaudit.intake.match_index import EVERYDAY, AliasIndex, Entry, Found, join
from mopsaudit.intake.match_values import AliasKind, GuardText, Method
from mopsaudit.intake.normalise import (
    Reading,
    ReadingKind,
    SupplierName,
    is_code,
    is_supplier_number,
    looks_random,
)
from mopsaudit.intake.supplier_words import (
    BLOCK_WORDS,
    CARD_PREFIXES,
    COUNTRIES,
    LEADING_FORMS,
    MERGED_PREFIXES,
    PROCESSORS,
    PUBLIC_FORMS,
    SOFT_WORDS,
)
from mopsaudit.intake.surroundings import (
    FIRM_FORMS,
    MERGED_ENDS,
    USER_GROUP,
    Context,
    all_neutral,
    is_merged_end,
    is_neutral,
    variants,
    without_place,
)

SURE = 0.9
"""Score from which a match is made without asking."""

_EVIDENCE = frozenset(
    """software saas subscription subscriptions licence licences license licenses platform crm seats users app apps
    api plugin chatbot analytics dashboard martech cms dam hosting webinar workspace""".split()
)


_ENDINGS = frozenset("io ai co so me app net org tv fm".split())


def _blanked_domain(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """A web domain printed with a blank for its point: `GONG IO LTD`."""
    return (f"{tokens[0]}.{tokens[1]}",) if len(tokens) > 1 and tokens[1] in _ENDINGS else ()


def _is_chance(pieces: tuple[str, ...], rest: tuple[str, ...]) -> bool:
    """Whether a one-word name printed in several words may be other words by chance: `Market O`, `One Trust`."""
    if any(len(piece) == 1 and piece.isalpha() for piece in pieces):
        return True
    return all(piece in EVERYDAY for piece in pieces) and not any(
        token in FIRM_FORMS or token in COUNTRIES or is_code(token) for token in rest
    )


class Finder:
    """Looks into an index of aliases; every find carries its score and its reason in words."""

    def __init__(self, index: AliasIndex) -> None:
        """The index is not changed."""
        self._index = index

    def guarded(self, name: SupplierName) -> GuardText | None:
        """The guard whose text the name is, or begins with; resellers and processors only alone."""
        for reading in name.readings:
            tokens = reading.tokens
            for end in range(len(tokens), 0, -1):
                guard = self._index.guards.get(join(tokens[:end]))
                if guard is None:
                    continue
                rest = tokens[end:]
                if all_neutral(rest) or (not guard.reseller and end >= 2):
                    return guard
        return None

    def find(self, name: SupplierName, context: Context) -> Found | None:
        """The best find over all readings; an earlier reading wins a draw."""
        best: Found | None = None
        for reading in name.readings:
            found = self._find_in(reading, name, context)
            if found is None:
                continue
            if reading.kind in (ReadingKind.LEGAL, ReadingKind.FORMER, ReadingKind.BRACKETS):
                found.score = min(found.score, 0.93)
                found.reason = f"{found.reason} It stands as the {reading.kind}."
            if reading.kind is ReadingKind.BRACKETS and found.entry.short:
                continue
            if best is None or found.score > best.score:
                best = found
            if best.score >= 0.95:
                break
        return best

    def _find_in(self, reading: Reading, name: SupplierName, context: Context) -> Found | None:
        tokens = reading.tokens
        if not tokens:
            return None
        joined = join(tokens)
        opened = self._by_open(reading, joined)
        if opened is not None:
            return opened
        for domain in (*reading.domains, *_blanked_domain(tokens)):
            found = self._by_domain(domain, tokens)
            if found is not None:
                return found
        best: Found | None = None
        for start in range(len(tokens)):
            for variant in variants(tokens, start):
                found = self._at(variant, reading, context, moved=len(tokens) - len(variant))
                if found is not None and (best is None or found.score > best.score):
                    best = found
            if best is not None and best.score >= SURE:
                break
            if not (
                tokens[start] in CARD_PREFIXES
                or tokens[start] in PROCESSORS
                or tokens[start] in LEADING_FORMS
                or tokens[start].isdigit()
                or is_supplier_number(tokens[start])
            ):
                break
        if best is None or best.score < 0.6:
            inside = self._inside(tokens)
            if inside is not None and (best is None or inside.score > best.score):
                best = inside
        return best

    def _by_domain(self, domain: str, tokens: tuple[str, ...]) -> Found | None:
        labels = domain.split(".")
        for at in range(len(labels) - 1):
            entry = self._index.domains.get(".".join(labels[at:]))
            if entry is not None:
                stem = labels[at]
                rest = tuple(token for token in tokens if token != stem and token not in labels)
                if any(token in BLOCK_WORDS for token in rest):
                    return Found(
                        entry,
                        0.6,
                        Method.ALIAS,
                        f"The web address {domain} is {entry.target.vendor}'s; the other words may mean an event.",
                        rest,
                        1,
                    )
                return Found(
                    entry,
                    0.98,
                    Method.ALIAS,
                    f"The web address {domain} belongs to {entry.target.vendor}.",
                    rest,
                    1,
                )
        return None

    def _by_open(self, reading: Reading, joined: str) -> Found | None:
        """Statement names with an open end, `GOOGLE *ADS*`: a reference, or anything behind a star, may follow."""
        ends = []
        length = 0
        for token in reading.tokens:
            length += len(token)
            ends.append(length)
        for length in self._index.open_lengths:
            entry = self._index.open.get(joined[:length]) if len(joined) >= length else None
            if entry is None:
                continue
            at = next(index for index, end in enumerate(ends) if end >= length)
            rest = reading.tokens[at + 1 :]
            run_on = joined[length : ends[at]]
            fits = (
                entry.any_end
                or (
                    run_on
                    and (entry.words > 1 or any(sign.isdigit() for sign in run_on) or looks_random(run_on))
                )
                or (not run_on and 0 < reading.before_star <= at + 1)
                or (not run_on and all(is_neutral(token) or looks_random(token) for token in rest))
            )
            if fits and not any(token in BLOCK_WORDS for token in rest):
                reason = f"“{entry.text}” is how {entry.target.vendor} appears on statements."
                return Found(entry, 0.97, Method.ALIAS, reason, (), 1)
        return None

    def _at(self, tokens: tuple[str, ...], reading: Reading, context: Context, *, moved: int) -> Found | None:
        """The best alias that starts with the first token."""
        if not tokens:
            return None
        best: Found | None = None
        joined = ""
        exact = 0
        for end in range(1, len(tokens) + 1):
            joined += tokens[end - 1]
            if len(joined) > self._index.longest:
                break
            entry = self._index.best.get(joined)
            if entry is not None:
                found = self._judge(entry, tokens[end:], reading, context, covered=end + moved)
                if found is not None and (best is None or found.score >= best.score):
                    best = found
                exact = end
        if best is not None and best.score >= SURE:
            return best
        merged = self._merged(tokens, reading, context, exact)
        if merged is not None and (best is None or merged.score > best.score):
            best = merged
        cut = self._cut(tokens, reading)
        if cut is not None and (best is None or cut.score > best.score):
            best = cut
        return best

    def _judge(
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
        left = tuple(token for token in words if not is_neutral(token))
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
            house = self._index.same_house(left, target) or self._index.same_house(rest, target)
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
        house = self._index.same_house(left, target)
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

    def _merged(
        self, tokens: tuple[str, ...], reading: Reading, context: Context, exact: int
    ) -> Found | None:
        """A name run together with what follows it: `dropboxg812ffrq4l5v`, `texthelpltd`, `STKSHUTTERSTOCK`."""
        first = tokens[0]
        for prefix in MERGED_PREFIXES:
            if first.startswith(prefix) and len(first) - len(prefix) >= 5:
                found = self._at((first[len(prefix) :], *tokens[1:]), reading, context, moved=0)
                if found is not None and found.score >= SURE and not found.entry.weak:
                    return found
        if exact:
            return None
        for length in range(len(first) - 1, 5, -1):
            entry = self._index.best.get(first[:length])
            if entry is None or entry.weak:
                continue
            rest = first[length:]
            if not is_merged_end(rest):
                continue
            tail = (rest, *tokens[1:]) if rest in MERGED_ENDS else tokens[1:]
            found = self._judge(entry, tail, reading, context, covered=1)
            if found is not None:
                found.score = min(found.score, 0.95)
                found.reason = f"{found.reason} It is run together with “{rest}”."
            return found
        return None

    def _cut(self, tokens: tuple[str, ...], reading: Reading) -> Found | None:
        """A name cut off by the ledger or the card network: `SURVEYMONK`, `ACCESS INTELLIGENCE MEDIA AND COMMUN`."""
        core = tokens
        while len(core) > 1 and (is_code(core[-1]) or len(core[-1]) == 1):
            core = core[:-1]
        joined = join(core)
        if len(joined) < 8 or reading.kind in (ReadingKind.BRACKETS, ReadingKind.FORMER):
            return None
        if all(token in EVERYDAY for token in core) and len(joined) < 18:
            return None
        entries = self._index.starting_with(joined)
        if not entries or len({entry.target.vendor_id for entry in entries}) != 1:
            return None
        entry = entries[0]
        share = len(joined) / len(entry.joined)
        if entry.words == 1:
            enough = share >= 0.75
        else:
            enough = len(joined) >= 14 and (share >= 0.6 or len(joined) >= 18)
        score = 0.93 if enough else 0.6
        return Found(
            entry,
            score,
            Method.ALIAS,
            f"“{entry.text}” ({entry.target.vendor}) begins with this name, which looks cut off.",
            (),
            len(core),
        )

    def _inside(self, tokens: tuple[str, ...]) -> Found | None:
        """A distinctive name further inside: never a match, a question."""
        for start in range(1, len(tokens)):
            joined = ""
            for end in range(start, min(len(tokens), start + 4)):
                joined += tokens[end]
                entry = self._index.best.get(joined)
                if (
                    entry is not None
                    and not entry.weak
                    and not entry.everyday
                    and len(joined) >= 6
                    and entry.kind is not AliasKind.BILLING
                ):
                    return Found(
                        entry,
                        0.5,
                        Method.ALIAS,
                        f"{entry.target.vendor} is named inside a longer name.",
                        (),
                        0,
                    )
        return None

    def fuzzy(self, name: SupplierName) -> Found | None:
        """A slip of the pen in a long, distinctive name: two letters swapped, one too many or one missing."""
        best: Found | None = None
        for reading in name.readings:
            if reading.kind in (ReadingKind.BRACKETS, ReadingKind.FLAT, ReadingKind.FORMER):
                continue
            core = tuple(token for token in reading.tokens if not is_code(token))
            while len(core) > 1 and is_neutral(core[-1]):
                core = core[:-1]
            joined = join(core)
            if (
                not 8 <= len(joined) <= 40
                or joined in self._index.best
                or all(token in EVERYDAY for token in core)
            ):
                continue
            choice = self._index.near(joined)
            if choice is None:
                continue
            entry = self._index.best[choice]
            slip = len(choice) != len(joined) or sorted(choice) == sorted(joined)
            tail = joined.startswith(choice) or choice.startswith(joined)
            sure = entry.words == 1 and len(choice) >= 9 and len(core) == 1 and slip and not tail
            if entry.words > 1 and len(choice) < 12:
                continue
            score = 0.91 if sure else 0.7
            if best is None or score > best.score:
                reason = f"“{' '.join(core)}” differs from “{entry.text}” by one letter."
                best = Found(entry, score, Method.FUZZY, reason, (), 0)
        return best

    def described(self, context: Context) -> Found | None:
        """A product named in the description of a line whose supplier is not its maker (a reseller, a processor)."""
        tokens = context.tokens
        for start in range(len(tokens)):
            joined = ""
            for end in range(start, min(len(tokens), start + 5)):
                joined += tokens[end]
                entry = self._index.best.get(joined)
                if entry is not None and not entry.weak and len(joined) >= 6:
                    return Found(
                        entry,
                        0.7,
                        Method.ALIAS,
                        f"The description names “{entry.text}”; the supplier may be a reseller.",
                        (),
                        0,
                    )
        return None
