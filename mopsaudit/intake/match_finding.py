"""Finding a known name in the readings of a printed one, and judging what stands around it. Pure."""

from mopsaudit.intake.match_evidence import SURE, Evidence
from mopsaudit.intake.match_index import EVERYDAY, AliasIndex, Found, join
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
    LEADING_FORMS,
    MERGED_PREFIXES,
    PROCESSORS,
    SOFT_WORDS,
    SOFTWARE_SELLERS,
)
from mopsaudit.intake.surroundings import (
    MERGED_ENDS,
    Context,
    all_neutral,
    is_merged_end,
    is_neutral,
    variants,
)

_ENDINGS = frozenset("io ai co so me app net org tv fm".split())


def _blanked_domain(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """A web domain printed with a blank for its point: `GONG IO LTD`."""
    return (f"{tokens[0]}.{tokens[1]}",) if len(tokens) > 1 and tokens[1] in _ENDINGS else ()


def _sold_as_software(found: Found, reading: Reading, name: SupplierName) -> bool:
    """Whether a common word is a product's name because a merchant of software stands before the star and a word of
    its trade behind it: `PADDLE.NET* TALLY FORMS`. The word alone stays a question: two makers may carry it.
    """
    return (
        name.processor in SOFTWARE_SELLERS
        and reading.kind is ReadingKind.AFTER_STAR
        and found.entry.weak
        and len(found.entry.joined) >= 4
        and 0.5 <= found.score < SURE
        and any(token in SOFT_WORDS for token in found.rest)
        and not any(token in BLOCK_WORDS for token in found.rest)
    )


class Finder:
    """Looks into an index of aliases; every find carries its score and its reason in words."""

    def __init__(self, index: AliasIndex) -> None:
        """The index is not changed."""
        self._index = index
        self._evidence = Evidence(index)

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
            if _sold_as_software(found, reading, name):
                found.score = 0.92
                seller = f"{name.processor} sells nothing but software"
                found.reason = f"“{found.entry.text}” alone would be no evidence, but {seller}."
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
                return self._leading(found, domain, reading, context) or found
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

    def _leading(self, found: Found, domain: str, reading: Reading, context: Context) -> Found | None:
        """The supplier named in front of another's web address: `ACQUISIO WEB.COM` is Acquisio, whoever owns it now.

        None where the address stands first, or belongs to the same house as the name in front of it.
        """
        tokens = reading.tokens
        if domain.startswith(tokens[0]):
            return None
        lead = self._at(tokens, reading, context, moved=0)
        if lead is None or lead.score < SURE or lead.entry.weak:
            return None
        ours, theirs = lead.entry.target, found.entry.target
        return None if ours.vendor in theirs.names or theirs.vendor in ours.names else lead

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
                found = self._evidence.judge(entry, tokens[end:], reading, context, covered=end + moved)
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
            found = self._evidence.judge(entry, tail, reading, context, covered=1)
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
            # A name is cut at its end, not broken in the middle: `DESIGN IT` is no beginning of Designity.
            whole = len(core) == 1 or not any(token in EVERYDAY or len(token) <= 2 for token in core)
            enough = share >= 0.75 and whole
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
