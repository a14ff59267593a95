"""Settling suppliers: one decision for all lines of a supplier, past and future.

It is written on the supplier with its version, so that two people do not trip over each other; the lines are placed
again and the summaries follow in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.catalogue.products import vendor
from mopsaudit.errors import ConflictError, InvalidError, NotFoundError
from mopsaudit.intake.bulk import lock_ledger, select_in
from mopsaudit.intake.matching import judge_for
from mopsaudit.intake.placement import any_movable, movable, place_again
from mopsaudit.intake.placing import Judge, sure, take_judgement
from mopsaudit.intake.split_plans import Part, keep_split, spend_type_of
from mopsaudit.intake.summaries import summed
from mopsaudit.intake.supplier_keys import take_free_key
from mopsaudit.intake.waiting_users import follow_names, release_apps
from mopsaudit.inventory.edits import fetch
from mopsaudit.inventory.from_catalogue import add_from_catalogue, add_vendor_as_tool, get_product
from mopsaudit.settings import Settings
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import (
    SpendLine,
    Supplier,
)
from mopsaudit.words import SpendType

#: Before the id of a catalogue vendor: all we buy of it is one tool.
WHOLE_VENDOR = "vendor:"

#: Spend types of a supplier that is marketing but not a tool.
NOT_A_TOOL = (
    SpendType.SERVICES,
    SpendType.AGENCY,
    SpendType.MEDIA,
    SpendType.DATA,
    SpendType.EVENT,
    SpendType.OTHER_MARKETING,
)

#: Spend types of a supplier that is a tool: anything but payments and transfers, which are nobody's spend.
WITH_TOOL = tuple(each for each in SpendType if each not in (SpendType.NOT_SPEND, SpendType.NOT_MARKETING))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a supplier is settled: ``tool``, ``marketing``, ``not_marketing``, ``split``, ``later``, ``back``
    (from later), ``open`` (undone).

    A tool is one we have (``tool_id``), or one to be entered: a catalogue product (``product_id``), or all of a
    catalogue vendor as one tool (``product_id`` "vendor:" and its id). ``spend_type`` is asked for with *marketing*;
    a *tool* has that of its product in the catalogue, else software. A split divides by ``basis`` (None: as its parts
    say) and holds from ``from_day`` on (None: all lines).
    """

    kind: str
    tool_id: int | None = None
    product_id: str | None = None
    spend_type: str | None = None
    parts: tuple[Part, ...] = ()
    basis: str | None = None
    from_day: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a settlement changes: lines, their money, and where they stood before (label → lines)."""

    supplier_id: int
    name: str
    lines: int
    living: int
    base_minor: int
    before: tuple[tuple[str, int], ...]
    after: str


def settle(
    session: Session,
    supplier_id: int,
    version: int,
    answer: Answer,
    *,
    person_id: int | None,
    now: datetime,
    today: date,
    settings: Settings,
) -> Supplier:
    """Settle a supplier and place all its lines, past and future. Lines a person placed one by one stay where they are.

    Raises:
        ConflictError: somebody settled it meanwhile.
        InvalidError: an answer that misses its tool, spend type or parts.
    """
    lock_ledger(session)
    supplier = fetch(session, Supplier, supplier_id, "supplier")
    if supplier.version != version:
        raise ConflictError(
            f"Somebody decided on {supplier.name} since you looked: it is {_standing(session, supplier)} now, and you "
            f"chose {_after(session, answer)}. Look again, then answer.",
            {"settled": supplier.settled, "tool_id": supplier.tool_id, "spend_type": supplier.spend_type},
        )
    if answer.kind == "back":
        supplier.postponed_until = None
        session.flush()
        return supplier
    if answer.kind == "later":
        if answer.until is None:
            raise InvalidError("Say until when to put it off.", "until")
        supplier.postponed_until = answer.until
        session.flush()
        return supplier
    match answer.kind:
        case "tool":
            tool = _tool(session, answer, today)
            supplier.tool_id, supplier.vendor_id = tool.id, tool.vendor_id
            supplier.spend_type = spend_type_of(answer.spend_type or _usual_type(tool), WITH_TOOL)
        case "marketing":
            supplier.tool_id = None
            supplier.spend_type = spend_type_of(answer.spend_type, NOT_A_TOOL)
        case "not_marketing":
            supplier.tool_id = None
            supplier.spend_type = SpendType.NOT_MARKETING.value
        case "split":
            keep_split(session, supplier, answer.parts, answer.basis, answer.from_day)
            supplier.tool_id = supplier.spend_type = None
        case "open":
            take_judgement(supplier, judge_for(session, settings)([supplier.name])[0])
        case _:
            raise InvalidError("Choose a tool, marketing, not marketing, a split or later.", "answer")
    supplier.settled = answer.kind
    supplier.postponed_until = None
    supplier.decided_by_id = None if answer.kind == "open" else person_id
    supplier.decided_at = None if answer.kind == "open" else now
    if answer.kind != "open":
        supplier.method, supplier.score_mille = "decision", 1000
        supplier.reason = "A person decided."
    session.flush()
    take_free_key(session, supplier)
    place_again(session, [supplier.id], settings)
    return supplier


def settle_together(
    session: Session,
    members: Sequence[tuple[int, int]],
    answer: Answer,
    *,
    person_id: int | None,
    now: datetime,
    today: date,
    settings: Settings,
) -> list[Supplier]:
    """One answer for several suppliers (id, version as seen): all are settled at one moment, or none; undone as one.

    Raises:
        ConflictError: somebody settled one of them meanwhile.
        InvalidError: an answer that misses its tool or spend type; a split is of one supplier.
    """
    if answer.kind == "split" and len(members) > 1:
        raise InvalidError("Split one supplier at a time.", "answer")
    return [
        settle(
            session,
            supplier_id,
            version,
            answer,
            person_id=person_id,
            now=now,
            today=today,
            settings=settings,
        )
        for supplier_id, version in members
    ]


def unsettle(
    session: Session, supplier_id: int, version: int, *, now: datetime, today: date, settings: Settings
) -> Supplier:
    """Take a settlement back: the supplier is open again and its lines stand where the matcher and the rules put them.

    Raises:
        ConflictError: somebody settled it meanwhile.
    """
    return settle(
        session,
        supplier_id,
        version,
        Answer(kind="open"),
        person_id=None,
        now=now,
        today=today,
        settings=settings,
    )


def preview_settle(session: Session, supplier_id: int, answer: Answer) -> Change:
    """What settling would change; nothing is written. ``living`` and ``before`` count lines that are in figures."""
    supplier = fetch(session, Supplier, supplier_id, "supplier")
    rows = session.execute(
        select(Tool.name, SpendLine.spend_type, func.count(), func.sum(SpendLine.base_minor))
        .select_from(SpendLine)
        .outerjoin(Tool, Tool.id == SpendLine.tool_id)
        .where(summed(movable(supplier.id)))
        .group_by(Tool.name, SpendLine.spend_type)
        .order_by(func.count().desc(), Tool.name, SpendLine.spend_type)
    ).all()
    every = session.scalar(select(func.count()).select_from(SpendLine).where(movable(supplier.id))) or 0
    return Change(
        supplier_id=supplier.id,
        name=supplier.name,
        lines=every,
        living=sum(count for _, _, count, _ in rows),
        base_minor=sum(int(base or 0) for _, _, _, base in rows),
        before=tuple((tool or _label(spend_type), count) for tool, spend_type, count, _ in rows),
        after=_after(session, answer),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How many lines of a supplier a decision moves, how many of those rules placed, and how many are a person's."""

    moved: int = 0
    ruled: int = 0
    by_hand: int = 0


def reach_of(session: Session, supplier_ids: Sequence[int]) -> dict[int, Reach]:
    """What a decision on each of these suppliers would move, whatever it is; lines of undone imports do not count."""
    living = SpendLine.living.is_(True)
    query = (
        select(
            SpendLine.supplier_id,
            func.count().filter(living, any_movable()),
            func.count().filter(living, any_movable(), SpendLine.rule_id.is_not(None)),
            func.count().filter(living, SpendLine.edited_by_id.is_not(None)),
        )
        .group_by(SpendLine.supplier_id)
        .order_by(SpendLine.supplier_id)
    )
    found = select_in(session, query, SpendLine.supplier_id, supplier_ids)
    return {
        supplier_id: Reach(moved=moved, ruled=ruled, by_hand=by_hand)
        for supplier_id, moved, ruled, by_hand in found
    }


def _standing(session: Session, supplier: Supplier) -> str:
    if supplier.settled == "open":
        return "open" if supplier.postponed_until is None else f"put off until {supplier.postponed_until}"
    if supplier.settled == "split":
        return "split over several tools"
    tool = session.get(Tool, supplier.tool_id) if supplier.tool_id else None
    return tool.name if tool else _label(supplier.spend_type or supplier.settled)


def _label(spend_type: str | None) -> str:
    return "not placed" if spend_type is None else spend_type.replace("_", " ")


def _after(session: Session, answer: Answer) -> str:
    if answer.kind == "tool":
        if answer.tool_id is not None:
            tool = session.get(Tool, answer.tool_id)
            return tool.name if tool else "a tool that is gone"
        return _product_name(answer.product_id)
    if answer.kind == "split":
        return f"a split over {len(answer.parts)} parts"
    if answer.kind in ("open", "later", "back"):
        return "later" if answer.kind == "later" else "to open it again"
    return _label(answer.spend_type or answer.kind)


def _product_name(product_id: str | None) -> str:
    """How people call what a product id stands for."""
    if product_id is None:
        return "a tool"
    if product_id.startswith(WHOLE_VENDOR):
        return vendor(product_id.removeprefix(WHOLE_VENDOR)).name
    return get_product(product_id).name


def _usual_type(tool: Tool) -> str:
    """What money for a tool is: media for an advertising account of the catalogue, else software."""
    if tool.catalogue_id is None:
        return SpendType.SOFTWARE.value
    try:
        return get_product(tool.catalogue_id).spend_type.value
    except NotFoundError:  # the catalogue no longer knows it
        return SpendType.SOFTWARE.value


def _tool(session: Session, answer: Answer, today: date) -> Tool:
    if answer.tool_id is not None:
        tool = session.get(Tool, answer.tool_id)
        if tool is None:
            raise InvalidError("Choose a tool from the list.", "tool_id")
        return tool
    if answer.product_id is not None and answer.product_id.startswith(WHOLE_VENDOR):
        return add_vendor_as_tool(session, answer.product_id.removeprefix(WHOLE_VENDOR), on=today)
    if answer.product_id is not None:
        owned = session.scalars(
            select(Tool)
            .where(Tool.catalogue_id == answer.product_id, Tool.merged_into_id.is_(None))
            .order_by(Tool.id)
        ).first()
        return owned or add_from_catalogue(session, answer.product_id, on=today)
    raise InvalidError("Choose the tool, or one from the catalogue.", "tool_id")


def rematch_open(session: Session, settings: Settings) -> int:
    """Ask the matcher again about every supplier nobody settled, after the inventory, the catalogue or the rules
    changed; how many suppliers it places differently now. Users of applications that wait for their tool follow its
    names with them.
    """
    lock_ledger(session)
    follow_names(session)
    judge: Judge = judge_for(session, settings)
    suppliers = session.scalars(
        select(Supplier).where(Supplier.settled == "open").order_by(Supplier.id)
    ).all()
    changed = []
    for supplier, judgement in zip(suppliers, judge([each.name for each in suppliers]), strict=True):
        before = (supplier.tool_id, supplier.spend_type, supplier.method, sure(supplier))
        after = (
            judgement.tool_id if judgement.sure else None,
            judgement.spend_type if judgement.sure else None,
            judgement.method,
            judgement.sure,
        )
        moves = before != after
        if moves or supplier.likely_mille != judgement.likely_mille:
            take_judgement(supplier, judgement)
        if moves:
            changed.append(supplier.id)
    session.flush()
    place_again(session, changed, settings)
    return len(changed)


def release_tools(session: Session, tool_ids: Sequence[int], settings: Settings) -> None:
    """Take lines the matcher placed, and users that came with a name, off tools that are about to go; what a person
    settled on them holds them.
    """
    release_apps(session, tool_ids)
    suppliers = session.scalars(
        select(Supplier)
        .where(Supplier.settled == "open", Supplier.tool_id.in_(tuple(tool_ids)))
        .order_by(Supplier.id)
    ).all()
    if not suppliers:
        return
    for supplier in suppliers:
        supplier.tool_id = supplier.vendor_id = None
    session.flush()
    place_again(session, [supplier.id for supplier in suppliers], settings)


def create_tool_from_catalogue(session: Session, product_id: str, *, today: date, settings: Settings) -> Tool:
    """Enter a proposed product as a tool we have; suppliers surely of that product are placed on it at once.

    Raises:
        InvalidError: when the inventory has it already.
    """
    tool = add_from_catalogue(session, product_id, on=today)
    rematch_open(session, settings)
    return tool
