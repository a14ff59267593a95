"""Rules: what a company says once about many lines. Kept in order; the first that holds places a line.

A rule comes after people's decisions and exact names and before likeness. Every change of a rule (new, edited, moved,
removed, put back) places the lines it concerns again in the same transaction, so that each line stands where it would
if it were imported now; a removed rule gives its lines back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.intake.bulk import lock_ledger
from mopsaudit.intake.match import PatternKind, pattern_problem
from mopsaudit.intake.patterns import compiled
from mopsaudit.intake.placement import place_by_rules
from mopsaudit.intake.placing import stored_rules
from mopsaudit.inventory.edits import apply_edit, fetch
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import MatchRule, SourceLedger
from mopsaudit.store.people import LegalEntity
from mopsaudit.words import SpendType

#: Spend types a rule may give a line with a tool, and one that is marketing without one.
WITH_TOOL = (SpendType.SOFTWARE, SpendType.USAGE, SpendType.DATA, SpendType.SERVICES, SpendType.MEDIA)
WITHOUT_TOOL = (
    SpendType.SERVICES,
    SpendType.AGENCY,
    SpendType.MEDIA,
    SpendType.DATA,
    SpendType.EVENT,
    SpendType.OTHER_MARKETING,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFacts:
    """What a rule says. Patterns ignore case; cost centre and account are globs whatever ``kind``.

    ``amount_from``/``amount_until`` are units of the line's own currency with at most two decimals, half-open like
    the days. ``answer`` is ``tool`` (with ``tool_id``), ``marketing`` (with ``spend_type``) or ``not_marketing``.
    """

    pattern: str
    kind: str = PatternKind.GLOB.value
    description: str | None = None
    cost_centre: str | None = None
    gl_account: str | None = None
    amount_from: Decimal | None = None
    amount_until: Decimal | None = None
    dated_from: date | None = None
    dated_until: date | None = None
    entity_id: int | None = None
    source_id: int | None = None
    answer: str = "tool"
    tool_id: int | None = None
    spend_type: str | None = None
    note: str | None = None


def facts_of_rule(rule: MatchRule) -> RuleFacts:
    """What a stored rule says."""
    not_marketing = rule.spend_type == SpendType.NOT_MARKETING.value
    return RuleFacts(
        pattern=rule.pattern,
        kind=rule.pattern_kind,
        description=rule.description_pattern,
        cost_centre=rule.cost_centre,
        gl_account=rule.gl_account,
        amount_from=_units(rule.amount_from_minor),
        amount_until=_units(rule.amount_until_minor),
        dated_from=rule.dated_from,
        dated_until=rule.dated_until,
        entity_id=rule.entity_id,
        source_id=rule.source_id,
        answer="tool" if rule.tool_id else "not_marketing" if not_marketing else "marketing",
        tool_id=rule.tool_id,
        spend_type=rule.spend_type,
        note=rule.note,
    )


def _units(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths).scaleb(-2)


def columns_of(session: Session, facts: RuleFacts) -> dict[str, object]:
    """The columns a rule with these facts has.

    Raises:
        InvalidError: naming the field, for a pattern that cannot be used, a range that holds nothing, a rule that
            would take every line, or an answer without its tool or spend type.
    """
    kind = PatternKind.REGEX if facts.kind == PatternKind.REGEX.value else PatternKind.GLOB
    pattern = " ".join(facts.pattern.split())
    texts = {
        "pattern": (pattern, kind, 300),
        "description": (_text(facts.description), kind, 300),
        "cost_centre": (_text(facts.cost_centre), PatternKind.GLOB, 40),
        "gl_account": (_text(facts.gl_account), PatternKind.GLOB, 40),
    }
    asks = any((facts.entity_id, facts.source_id, facts.dated_from, facts.dated_until))
    for field, (text, how, longest) in texts.items():
        if text is None:
            continue
        problem = pattern_problem(text, how)
        if problem is None and len(text) > longest:
            problem = f"At most {longest} characters fit here."
        if problem is not None:
            raise InvalidError(problem, field)
        asks = asks or not compiled(text, glob=how is PatternKind.GLOB).holds("")
    low, high = _hundredths(facts.amount_from, "amount_from"), _hundredths(facts.amount_until, "amount_until")
    if low is not None and high is not None and high <= low:
        raise InvalidError("This amount is above the first one; no line can be both.", "amount_until")
    if facts.dated_from and facts.dated_until and facts.dated_until <= facts.dated_from:
        raise InvalidError("This day comes after the first one; no line can be both.", "dated_until")
    if not asks and low is None and high is None:
        raise InvalidError("This would take every line there is; ask for more than anything.", "pattern")
    for field, model, wanted in (
        ("entity_id", LegalEntity, facts.entity_id),
        ("source_id", SourceLedger, facts.source_id),
    ):
        if wanted is not None and session.get(model, wanted) is None:
            raise InvalidError("Choose one from the list.", field)
    tool_id, spend_type = _answer(session, facts)
    return {
        "pattern": pattern,
        "pattern_kind": kind.value,
        "description_pattern": texts["description"][0],
        "cost_centre": texts["cost_centre"][0],
        "gl_account": texts["gl_account"][0],
        "amount_from_minor": low,
        "amount_until_minor": high,
        "dated_from": facts.dated_from,
        "dated_until": facts.dated_until,
        "entity_id": facts.entity_id,
        "source_id": facts.source_id,
        "tool_id": tool_id,
        "spend_type": spend_type,
        "note": _text(facts.note),
    }


def _text(value: str | None) -> str | None:
    return " ".join((value or "").split()) or None


def _hundredths(amount: Decimal | None, field: str) -> int | None:
    if amount is None:
        return None
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 13:
        raise InvalidError("This amount is too large.", field)
    scaled = amount.scaleb(2)
    if scaled != scaled.to_integral_value():
        raise InvalidError("Give at most two decimals.", field)
    return int(scaled)


def _answer(session: Session, facts: RuleFacts) -> tuple[int | None, str]:
    match facts.answer:
        case "tool":
            tool = session.get(Tool, facts.tool_id) if facts.tool_id else None
            while tool is not None and tool.merged_into_id is not None:
                tool = session.get(Tool, tool.merged_into_id)
            if tool is None:
                raise InvalidError("Choose the tool.", "tool_id")
            return tool.id, _among(facts.spend_type or SpendType.SOFTWARE.value, WITH_TOOL)
        case "marketing":
            return None, _among(facts.spend_type, WITHOUT_TOOL)
        case "not_marketing":
            return None, SpendType.NOT_MARKETING.value
        case _:
            raise InvalidError("Say where its lines go.", "answer")


def _among(value: str | None, allowed: Sequence[SpendType]) -> str:
    for each in allowed:
        if value == each.value:
            return each.value
    raise InvalidError("Choose a spend type from the list.", "spend_type")


def draft_of(session: Session, facts: RuleFacts, rule_id: int | None = None) -> MatchRule:
    """The rule as it would be, stored nowhere: for trying it. Its place is last, or where ``rule_id`` stands."""
    draft = MatchRule(**columns_of(session, facts), active=True)
    if rule_id is not None:
        stored = fetch(session, MatchRule, rule_id, "rule")
        draft.id, draft.position = stored.id, stored.position
    return draft


def with_draft(session: Session, draft: MatchRule) -> tuple[list[MatchRule], list[MatchRule]]:
    """The rules in order with the draft among them, and those that differ from what is stored."""
    rules = stored_rules(session)
    for index, rule in enumerate(rules):
        if rule.id == draft.id:
            rules[index] = draft
            return rules, [rule, draft]
    # A removed rule that is tried again goes last, like a new one.
    return [*rules, draft], [draft]


def _copy(rule: MatchRule) -> MatchRule:
    names = [column.key for column in MatchRule.__table__.columns]
    return MatchRule(**{name: getattr(rule, name) for name in names})


def add_rule(session: Session, facts: RuleFacts) -> tuple[MatchRule, int]:
    """A new rule, last in order, and how many lines it moved.

    Raises:
        InvalidError: see :func:`columns_of`.
    """
    lock_ledger(session)
    last = session.scalar(select(func.max(MatchRule.position))) or 0
    rule = MatchRule(**columns_of(session, facts), position=last + 1, active=True)
    session.add(rule)
    session.flush()
    return rule, place_by_rules(session, stored_rules(session), [rule])


def edit_rule(session: Session, rule_id: int, version: int, facts: RuleFacts) -> tuple[MatchRule, int]:
    """The rule with other wording, in its place, and how many lines moved.

    Raises:
        NotFoundError: for a rule that does not exist.
        ConflictError: somebody changed it meanwhile.
        InvalidError: see :func:`columns_of`.
    """
    lock_ledger(session)
    rule = fetch(session, MatchRule, rule_id, "rule")
    before = _copy(rule)
    if not apply_edit(rule, version, columns_of(session, facts), "rule"):
        return rule, 0
    session.flush()
    if not rule.active:
        return rule, 0
    return rule, place_by_rules(session, stored_rules(session), [before, rule])


def set_in_use(session: Session, rule_id: int, version: int, *, active: bool) -> tuple[MatchRule, int]:
    """Remove a rule, or put a removed one back last in order; how many lines moved. Done already: nothing happens.

    Raises:
        NotFoundError: for a rule that does not exist.
        ConflictError: somebody changed it meanwhile.
    """
    lock_ledger(session)
    rule = fetch(session, MatchRule, rule_id, "rule")
    changes: dict[str, object] = {"active": active}
    if active and not rule.active:
        changes["position"] = (session.scalar(select(func.max(MatchRule.position))) or 0) + 1
    if not apply_edit(rule, version, changes, "rule"):
        return rule, 0
    session.flush()
    return rule, place_by_rules(session, stored_rules(session), [rule])


def move_rule(session: Session, rule_id: int, version: int, to: int) -> tuple[MatchRule, int]:
    """Put a rule at the place ``to`` of the order (0 is first; beyond the end is last); how many lines moved.

    Raises:
        NotFoundError: for a rule that is not in use.
        ConflictError: somebody changed or moved it meanwhile.
    """
    lock_ledger(session)
    rule = fetch(session, MatchRule, rule_id, "rule")
    rules = stored_rules(session)
    if rule not in rules:
        raise InvalidError("This rule was removed; put it back first.")
    if rule.version != version:
        raise ConflictError(
            "Somebody changed or moved this rule since you looked.", {"version": rule.version}
        )
    place = rules.index(rule)
    rules.insert(max(0, min(to, len(rules) - 1)), rules.pop(place))
    if rules.index(rule) == place:
        return rule, 0
    for number, each in enumerate(rules, start=1):
        if each.position != number:
            each.position = number
    session.flush()
    return rule, place_by_rules(session, rules, [rule])


def get_rule(session: Session, rule_id: int) -> MatchRule:
    """The rule, in use or removed.

    Raises:
        NotFoundError: when there is none.
    """
    rule = session.get(MatchRule, rule_id)
    if rule is None:
        raise NotFoundError("There is no such rule.")
    return rule
