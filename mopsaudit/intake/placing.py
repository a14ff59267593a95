"""Which supplier a line has, and where its money goes: decision → alias → rule → strong fuzzy → the review queue.

A supplier groups spellings by their normalised key and carries what is known of it: a person's settlement, or what the
matcher says. Placing a line reads only that and the rules; the matcher itself is asked once for each new spelling.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.intake.bulk import insert_rows, reserve_ids, select_in
from mopsaudit.intake.match import Outcome, PatternKind, Rule
from mopsaudit.intake.normalise import normalise
from mopsaudit.money import exponent
from mopsaudit.store.ledger import MatchRule, Supplier, SupplierSpelling
from mopsaudit.words import SpendType

#: Longest raw spelling kept; ledgers cut names far earlier.
RAW_LENGTH = 400


def storable(value: str | None, length: int) -> str | None:
    """A text every database holds: no NUL, no half of a surrogate pair, at most ``length`` characters."""
    if not value:
        return value
    if "\0" in value or not value.isascii():
        value = value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return value[:length]


def _raw(value: str) -> str:
    return storable(value, RAW_LENGTH) or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the matcher says of one printed supplier.

    ``sure`` from the sure threshold on; only then ``tool_id``/``vendor_id`` (ids of the inventory) and ``spend_type``
    are taken over. ``proposal`` is what the catalogue proposes (its own ids and names, candidates): JSON values.
    ``likely_mille`` says how likely it sells marketing technology at all, for the order of the queue.
    """

    sure: bool = False
    method: str = "none"
    score_mille: int = 0
    reason: str = ""
    vendor_id: int | None = None
    tool_id: int | None = None
    spend_type: str | None = None
    proposal: dict[str, Any] | None = None
    likely_mille: int = 0


#: Asks the matcher about printed suppliers; one judgement each, in order.
Judge = Callable[[Sequence[str]], list[Judgement]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSupplier:
    """A supplier as placing needs it; ``id`` is None in a preview when the ledger does not hold it yet."""

    id: int | None
    name: str
    settled: str
    vendor_id: int | None
    tool_id: int | None
    spend_type: str | None
    method: str
    score_mille: int
    sure: bool

    @property
    def matched(self) -> bool:
        """Settled by a person, or sure by the matcher: nothing is left to ask."""
        return self.settled != "open" or self.sure


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line's money goes. ``method``: decision, alias, rule, fuzzy, split, none."""

    tool_id: int | None
    spend_type: str | None
    method: str
    rule_id: int | None = None
    split: bool = False


NOWHERE = Place(None, None, "none")
NOT_SPEND = Place(None, SpendType.NOT_SPEND.value, "none")


def sure(supplier: Supplier) -> bool:
    """Whether the matcher was sure of an open supplier."""
    return bool((supplier.proposal or {}).get("sure"))


def known(supplier: Supplier) -> KnownSupplier:
    """What placing needs of a stored supplier."""
    return KnownSupplier(
        id=supplier.id,
        name=supplier.name,
        settled=supplier.settled,
        vendor_id=supplier.vendor_id,
        tool_id=supplier.tool_id,
        spend_type=supplier.spend_type,
        method=supplier.method,
        score_mille=supplier.score_mille,
        sure=sure(supplier),
    )


def suppliers_of(
    session: Session, raws: Iterable[str], judge: Judge, *, store: bool
) -> dict[str, KnownSupplier]:
    """The supplier of each raw spelling. With ``store`` new suppliers and spellings are written, else only looked up.

    The name shown is the most frequent of the spellings given; ``raws`` may repeat.
    """
    counts = Counter(raws)
    found: dict[str, KnownSupplier] = {}
    spelled = select(SupplierSpelling.raw, Supplier).join(
        Supplier, Supplier.id == SupplierSpelling.supplier_id
    )
    keep: dict[str, list[str]] = {}
    for raw in counts:
        keep.setdefault(_raw(raw), []).append(raw)
    for stored, supplier in select_in(session, spelled, SupplierSpelling.raw, sorted(keep)):
        found.update(dict.fromkeys(keep[stored], known(supplier)))
    missing = [raw for raw in counts if raw not in found]
    if not missing:
        return found
    groups: dict[str, list[str]] = {}
    for raw in missing:
        groups.setdefault(normalise(_raw(raw))[:200], []).append(raw)
    by_key = {
        supplier.key: supplier
        for (supplier,) in select_in(session, select(Supplier), Supplier.key, sorted(groups))
    }
    fresh = {
        key: max(sorted(spellings), key=lambda raw: counts[raw])
        for key, spellings in groups.items()
        if key not in by_key
    }
    judged = zip(fresh, judge(list(fresh.values())), strict=True)
    made = {key: _new(key, fresh[key], judgement) for key, judgement in judged}
    if store:
        _store(session, made)
    for key, spellings in groups.items():
        facts = known(by_key.get(key) or made[key])
        for raw in spellings:
            found[raw] = facts
    if store:
        pairs = sorted({_raw(raw): found[raw].id for raw in missing}.items())
        insert_rows(session, SupplierSpelling.__table__, ("raw", "supplier_id"), pairs)  # type: ignore[arg-type]
    return found


def _new(key: str, name: str, judgement: Judgement) -> Supplier:
    supplier = Supplier(key=key, name=storable(name, 300), settled="open", version=1)
    take_judgement(supplier, judgement)
    return supplier


_COLUMNS = (
    *(
        "id",
        "key",
        "name",
        "settled",
        "vendor_id",
        "tool_id",
        "spend_type",
        "method",
        "score_mille",
        "reason",
    ),
    *("proposal", "likely_mille", "version"),
)


def _store(session: Session, made: dict[str, Supplier]) -> None:
    """Write new suppliers: part of their import's one trail entry, so past the mapper."""
    table: Any = Supplier.__table__
    for supplier, new_id in zip(made.values(), reserve_ids(session, table, len(made)), strict=True):
        supplier.id = new_id
    rows = (
        [json.dumps(s.proposal) if name == "proposal" else getattr(s, name) for name in _COLUMNS]
        for s in made.values()
    )
    insert_rows(session, table, _COLUMNS, rows)


def take_judgement(supplier: Supplier, judgement: Judgement) -> None:
    """Keep on a supplier nobody has settled what the matcher says of it; only a sure match places its lines."""
    supplier.method = judgement.method
    supplier.score_mille = judgement.score_mille
    supplier.reason = judgement.reason[:400]
    supplier.likely_mille = judgement.likely_mille
    supplier.proposal = {**(judgement.proposal or {}), "sure": judgement.sure}
    supplier.vendor_id = judgement.vendor_id if judgement.sure else None
    supplier.tool_id = judgement.tool_id if judgement.sure else None
    supplier.spend_type = judgement.spend_type if judgement.sure else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a rule may look at. ``minor`` is the booked amount in ``currency``; ``day`` the booking day, else the first
    of the stated month.
    """

    supplier: str
    description: str | None
    cost_centre: str | None
    gl_account: str | None
    minor: int
    currency: str
    day: date | None
    entity_id: int | None
    source_id: int | None


def stored_rules(session: Session, *, active: bool = True) -> list[MatchRule]:
    """The rules in their order; with ``active`` false those taken out of use."""
    return list(
        session.scalars(
            select(MatchRule).where(MatchRule.active.is_(active)).order_by(MatchRule.position, MatchRule.id)
        )
    )


class Rules:
    """Rules in their order; the first whose every condition holds wins."""

    def __init__(self, rules: Iterable[MatchRule]) -> None:
        self._rules = [(rule, _conditions(rule)) for rule in rules]

    @classmethod
    def stored(cls, session: Session) -> "Rules":
        """Those in use now."""
        return cls(stored_rules(session))

    def __bool__(self) -> bool:
        return bool(self._rules)

    def first(self, facts: Facts) -> MatchRule | None:
        """The first rule that holds, or None."""
        return next(self.holding(facts), None)

    def holding(self, facts: Facts) -> Iterator[MatchRule]:
        """Every rule that holds, in order.

        Amounts are in the line's own currency, kept in hundredths of its unit, half-open like the days: from the
        first, below the second.
        """
        for rule, conditions in self._rules:
            if rule.entity_id not in (None, facts.entity_id) or rule.source_id not in (None, facts.source_id):
                continue
            if rule.amount_from_minor is not None or rule.amount_until_minor is not None:
                amount, unit = facts.minor * 100, int(10 ** exponent(facts.currency))
                if rule.amount_from_minor is not None and amount < rule.amount_from_minor * unit:
                    continue
                if rule.amount_until_minor is not None and amount >= rule.amount_until_minor * unit:
                    continue
            if rule.dated_from is not None and (facts.day is None or facts.day < rule.dated_from):
                continue
            if rule.dated_until is not None and (facts.day is None or facts.day >= rule.dated_until):
                continue
            description, account = facts.description or "", facts.gl_account or ""
            if conditions.holds(facts.supplier, description, account, facts.cost_centre or ""):
                yield rule


def _conditions(rule: MatchRule) -> Rule:
    return Rule(
        id=str(rule.id),
        outcome=Outcome.TOOL,
        pattern=rule.pattern,
        kind=PatternKind(rule.pattern_kind),
        description=rule.description_pattern,
        cost_centre=rule.cost_centre,
        gl_account=rule.gl_account,
    )


def _ruled(rules: Rules, facts: Callable[[], Facts]) -> Place | None:
    rule = rules.first(facts()) if rules else None
    if rule is None:
        return None
    return Place(rule.tool_id, rule.spend_type or SpendType.SOFTWARE.value, "rule", rule.id)


def place(supplier: KnownSupplier | None, rules: Rules, facts: Callable[[], Facts]) -> Place:
    """Where a line of this supplier (None: it names none) goes; ``facts`` is asked only when rules may decide."""
    if supplier is None:
        return _ruled(rules, facts) or NOWHERE
    match supplier.settled:
        case "tool":
            return Place(supplier.tool_id, supplier.spend_type or SpendType.SOFTWARE.value, "decision")
        case "marketing":
            return Place(None, supplier.spend_type or SpendType.OTHER_MARKETING.value, "decision")
        case "not_marketing":
            return Place(None, SpendType.NOT_MARKETING.value, "decision")
        case "split":
            return Place(None, None, "split", split=True)
        case _:
            pass
    alias = supplier.sure and supplier.method == "alias"
    if alias and supplier.tool_id is not None:
        return Place(supplier.tool_id, supplier.spend_type, "alias")
    if (ruled := _ruled(rules, facts)) is not None:
        return ruled
    if supplier.sure:
        method = supplier.method if supplier.method in ("alias", "fuzzy") else "fuzzy"
        return Place(supplier.tool_id, supplier.spend_type, method)
    return NOWHERE
