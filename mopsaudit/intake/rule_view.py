"""Looking at rules: what each placed, which are dead or contradict each other, and what a change would move."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.intake.bulk import select_in
from mopsaudit.intake.line_facts import facts_of
from mopsaudit.intake.match import PatternKind
from mopsaudit.intake.placement import moves, suppliers_by_id, touched_groups, touched_lines
from mopsaudit.intake.placing import Place, Rules, place, stored_rules
from mopsaudit.intake.rules import RuleFacts, draft_of, facts_of_rule, with_draft
from mopsaudit.intake.summaries import summed
from mopsaudit.periods import month_start
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import MatchRule, SourceLedger, SpendLine
from mopsaudit.store.people import LegalEntity
from mopsaudit.words import SpendType

#: Lines the test box lists.
SHOWN: Final = 20
METHOD_WORDS: Final[Mapping[str, str]] = {
    "decision": "a decision",
    "alias": "an exact name",
    "rule": "an earlier rule",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule in the list: its wording, where it places, and what it placed in the scope.

    ``base_minor`` is in the base currency, ``unconverted`` counts lines without a rate into it. ``dead`` says why it
    places nothing, None when it does; ``conflicts`` are sentences about earlier rules that take lines it fits too.
    """

    rule_id: int
    version: int
    place: int
    words: str
    answer: str
    tool_id: int | None
    note: str | None
    lines: int
    base_minor: int
    unconverted: int
    last_used: date | None
    dead: str | None
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleList:
    """The rules in order, and those taken out of use."""

    rules: tuple[RuleRow, ...]
    removed: tuple[RuleRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedLine:
    """A line a rule would move, with where it stands and where it would."""

    line_id: int
    day: date | None
    supplier: str | None
    description: str | None
    minor: int
    currency: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What saving a rule changes in the scope: lines and money (base currency), the largest lines, and where from.

    ``fits`` counts every line the rule holds for; ``held`` says what keeps those that do not move (words → lines).
    """

    lines: int
    base_minor: int
    unconverted: int
    first: tuple[MovedLine, ...]
    by_place: tuple[tuple[str, str, int, int], ...]
    fits: int
    held: tuple[tuple[str, int], ...]


def _seen(scope: Scope) -> ColumnElement[bool]:
    within = SpendLine.unit_id.in_(scope.unit_ids)
    return summed(or_(within, SpendLine.unit_id.is_(None)) if scope.whole else within)


def rule_words(rule: MatchRule, entities: Mapping[int, str], sources: Mapping[int, str]) -> str:
    """What a rule asks, as a sentence without its end."""
    how = "fits" if rule.pattern_kind == PatternKind.GLOB else "has"
    parts = []
    if rule.pattern.strip("*"):
        parts.append(f"supplier {how} “{rule.pattern}”")
    for label, value in (
        (f"description {how}", rule.description_pattern),
        ("cost centre", rule.cost_centre),
        ("account", rule.gl_account),
    ):
        if value:
            parts.append(f"{label} “{value}”")
    facts = facts_of_rule(rule)
    if facts.amount_from is not None:
        parts.append(f"amount from {facts.amount_from:,.2f}")
    if facts.amount_until is not None:
        parts.append(f"amount below {facts.amount_until:,.2f}")
    if rule.dated_from:
        parts.append(f"from {rule.dated_from.isoformat()}")
    if rule.dated_until:
        parts.append(f"before {rule.dated_until.isoformat()}")
    if rule.entity_id:
        parts.append(f"legal entity {entities.get(rule.entity_id, '')}".strip())
    if rule.source_id:
        parts.append(f"ledger {sources.get(rule.source_id, '')}".strip())
    return ", ".join(parts) or "any supplier"


def _names(session: Session) -> tuple[dict[int, str], dict[int, str]]:
    entities = session.execute(select(LegalEntity.id, LegalEntity.code).order_by(LegalEntity.id))
    sources = session.execute(select(SourceLedger.id, SourceLedger.name).order_by(SourceLedger.id))
    return {row.id: row.code for row in entities}, {row.id: row.name for row in sources}


def words_of(session: Session, rule: MatchRule) -> tuple[str, str]:
    """What a rule asks and where its lines go, in words."""
    return rule_words(rule, *_names(session)), _Labels(session, [rule.tool_id]).of(
        rule.tool_id, rule.spend_type
    )


class _Labels:
    """Names of where lines stand."""

    def __init__(self, session: Session, tool_ids: Iterable[int | None]) -> None:
        wanted = sorted({each for each in tool_ids if each is not None})
        self._tools = {
            row.id: row.name
            for row in select_in(session, select(Tool.id, Tool.name).order_by(Tool.id), Tool.id, wanted)
        }

    def of(self, tool_id: int | None, spend_type: str | None) -> str:
        words = (spend_type or "").replace("_", " ")
        if tool_id is None:
            return words or "not placed"
        name = self._tools.get(tool_id, "a tool")
        return name if spend_type in (None, SpendType.SOFTWARE.value) else f"{name} ({words})"


def list_rules(session: Session, scope: Scope) -> RuleList:
    """Every rule with what it placed in the scope, in order."""
    rules, removed = stored_rules(session), stored_rules(session, active=False)
    entities, sources = _names(session)
    labels = _Labels(session, (rule.tool_id for rule in (*rules, *removed)))
    placed = _placed(session, scope) if rules else {}
    held, conflicts = _standing(session, scope, rules, labels)

    def row(rule: MatchRule, place: int) -> RuleRow:
        lines, base, unconverted, last = placed.get(rule.id, (0, 0, 0, None))
        return RuleRow(
            rule_id=rule.id,
            version=rule.version,
            place=place,
            words=rule_words(rule, entities, sources),
            answer=labels.of(rule.tool_id, rule.spend_type),
            tool_id=rule.tool_id,
            note=rule.note,
            lines=lines,
            base_minor=base,
            unconverted=unconverted,
            last_used=last,
            dead=None if lines or not rule.active else _why_dead(held.get(rule.id, Counter())),
            conflicts=tuple(conflicts.get(rule.id, ())),
        )

    return RuleList(
        rules=tuple(row(rule, place) for place, rule in enumerate(rules, start=1)),
        removed=tuple(row(rule, 0) for rule in removed),
    )


def _placed(session: Session, scope: Scope) -> dict[int | None, tuple[int, int, int, date | None]]:
    rows = session.execute(
        select(
            SpendLine.rule_id,
            func.count(),
            func.coalesce(func.sum(SpendLine.base_minor), 0),
            func.count().filter(SpendLine.base_minor.is_(None)),
            func.max(SpendLine.booked_on),
            func.max(SpendLine.month),
        )
        .where(SpendLine.rule_id.is_not(None), _seen(scope))
        .group_by(SpendLine.rule_id)
    )
    return {
        rule_id: (lines, int(base or 0), unconverted, day or (None if month is None else month_start(month)))
        for rule_id, lines, base, unconverted, day, month in rows
    }


def _why_dead(held: Counter[str]) -> str:
    if not held:
        return "No line fits it."
    told = " and ".join(f"{count:,} by {what}" for what, count in held.most_common())
    lines = sum(held.values())
    return f"{lines:,} line{' fits' if lines == 1 else 's fit'} it, but each is taken before: {told}."


def _standing(
    session: Session, scope: Scope, rules: Sequence[MatchRule], labels: _Labels
) -> tuple[dict[int, Counter[str]], dict[int, list[str]]]:
    """What takes the lines each rule fits before it, and sentences on earlier rules that say otherwise. Every line
    counts: the database counts those that fare equally together.
    """
    held: dict[int, Counter[str]] = defaultdict(Counter)
    clashes: dict[tuple[int, int], int] = Counter()
    if not rules:
        return held, {}
    asked = Rules(rules)
    for line in touched_groups(session, rules, _seen(scope)):
        fitting = list(asked.holding(facts_of(line)))
        for rule in fitting:
            if line.method in ("decision", "split"):
                held[rule.id]["a decision"] += line.lines
            elif line.method == "alias" and line.placed:
                held[rule.id]["an exact name"] += line.lines
            elif rule is not fitting[0]:
                held[rule.id][f"rule {rules.index(fitting[0]) + 1}"] += line.lines
        if line.method == "rule":
            first = fitting[0] if fitting else None
            for rule in fitting[1:]:
                if first and (rule.tool_id, rule.spend_type) != (first.tool_id, first.spend_type):
                    clashes[rule.id, first.id] += line.lines
    numbers = {rule.id: (place, rule) for place, rule in enumerate(rules, start=1)}
    told: dict[int, list[str]] = defaultdict(list)
    for (later, first_id), count in sorted(clashes.items()):
        place_of, rule = numbers[first_id]
        told[later].append(
            f"{count:,} line{'' if count == 1 else 's'} it fits go to "
            f"{labels.of(rule.tool_id, rule.spend_type)} by rule {place_of}, which comes first."
        )
    return held, told


def preview_rule(session: Session, scope: Scope, facts: RuleFacts, rule_id: int | None = None) -> Effect:
    """What saving this rule (``rule_id``: in place of that one) would move; nothing is written.

    Raises:
        InvalidError: see :func:`rules.columns_of`.
        NotFoundError: for a rule that does not exist.
    """
    draft = draft_of(session, facts, rule_id)
    rules, touched = with_draft(session, draft)
    return _effect(session, scope, rules, touched, draft)


def preview_removal(session: Session, scope: Scope, rule: MatchRule) -> Effect:
    """What removing a rule would move; nothing is written."""
    rest = [each for each in stored_rules(session) if each.id != rule.id]
    return _effect(session, scope, rest, [rule], None)


def _effect(
    session: Session,
    scope: Scope,
    rules: Sequence[MatchRule],
    touched: Sequence[MatchRule],
    draft: MatchRule | None,
) -> Effect:
    found = list(moves(session, rules, touched))
    wanted = [line.id for line, _ in found]
    money = {
        row.id: row
        for row in select_in(
            session,
            select(
                SpendLine.id,
                SpendLine.base_minor,
                SpendLine.amount_minor,
                SpendLine.currency,
                SpendLine.booked_on,
            ).where(_seen(scope)),
            SpendLine.id,
            wanted,
        )
    }
    # A line whose answer stays the same is only told by another rule.
    shown = [(line, move) for line, move in found if line.id in money and _differs(move.before, move.after)]
    labels = _Labels(
        session, (each for _, move in shown for each in (move.before.tool_id, move.after.tool_id))
    )
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    told = []
    for line, move in shown:
        before = labels.of(move.before.tool_id, move.before.spend_type)
        after = labels.of(move.after.tool_id, move.after.spend_type)
        sums[before, after][0] += 1
        sums[before, after][1] += money[line.id].base_minor or 0
        told.append((line, before, after))
    told.sort(key=lambda each: (-abs(money[each[0].id].base_minor or 0), each[0].id))
    fits, held = _kept(session, scope, draft, rules) if draft is not None else (0, ())
    return Effect(
        lines=len(shown),
        base_minor=sum(money[line.id].base_minor or 0 for line, _ in shown),
        unconverted=sum(1 for line, _ in shown if money[line.id].base_minor is None),
        first=tuple(
            MovedLine(
                line_id=line.id,
                day=line.booked_on,
                supplier=line.supplier_text,
                description=line.description,
                minor=money[line.id].amount_minor,
                currency=line.currency,
                before=before,
                after=after,
            )
            for line, before, after in told[:SHOWN]
        ),
        by_place=tuple(
            (before, after, count, base)
            for (before, after), (count, base) in sorted(sums.items(), key=lambda each: -each[1][0])
        ),
        fits=fits,
        held=held,
    )


def _differs(before: Place, after: Place) -> bool:
    return (before.tool_id, before.spend_type) != (after.tool_id, after.spend_type)


def _kept(
    session: Session, scope: Scope, draft: MatchRule, rules: Sequence[MatchRule]
) -> tuple[int, tuple[tuple[str, int], ...]]:
    """How many lines of the scope's figures the draft holds for, and what takes those it does not get."""
    alone, asked = Rules([draft]), Rules(rules)
    touched = touched_lines(session, [draft], settled=True, within=_seen(scope))
    lines = [line for line in touched if alone.first(facts_of(line))]
    suppliers = suppliers_by_id(session, (line.supplier_id for line in lines))
    held: Counter[str] = Counter()
    for line in lines:
        where = place(suppliers.get(line.supplier_id), asked, lambda line=line: facts_of(line))  # type: ignore[misc]
        if where.method == "rule" and asked.first(facts_of(line)) is draft:
            continue
        held["a decision" if where.split else METHOD_WORDS.get(where.method, where.method)] += 1
    return len(lines), tuple(held.most_common())
