"""Legal entities, and which business unit a cost centre's lines belong to, while it does."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.money import UnknownCurrencyError, currency_code
from mopsaudit.organisation.edits import apply_edit
from mopsaudit.store.models import BusinessUnit, CostCentreUnit, LegalEntity

MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityFacts:
    """What is known of a legal entity. ``recoverable_percent`` is the share of input tax that is recovered."""

    code: str
    name: str
    currency: str | None = None
    country: str | None = None
    closed_through: date | None = None
    recoverable_percent: Decimal = Decimal(100)
    unit_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreRow:
    """One entry of the cost-centre map: half-open ``valid_from <= day < valid_until``, None without bound."""

    id: int
    cost_centre: str
    unit_id: int
    unit: str
    entity_id: int | None
    entity: str | None
    valid_from: date | None
    valid_until: date | None


def list_entities(session: Session) -> tuple[LegalEntity, ...]:
    """All legal entities by code."""
    return tuple(session.scalars(select(LegalEntity).order_by(LegalEntity.code, LegalEntity.id)))


def get_entity(session: Session, entity_id: int) -> LegalEntity:
    """A legal entity by id.

    Raises:
        NotFoundError: when there is none.
    """
    found = session.get(LegalEntity, entity_id)
    if found is None:
        raise NotFoundError("There is no such legal entity.")
    return found


def create_entity(session: Session, facts: EntityFacts) -> LegalEntity:
    """A new legal entity.

    Raises:
        InvalidError: for an empty or taken code, an empty name, an unknown currency or a share outside 0 to 100.
    """
    made = LegalEntity(**_columns(session, facts, None))
    session.add(made)
    session.flush()
    return made


def update_entity(
    session: Session, entity_id: int, facts: EntityFacts, *, version: int, reason: str | None = None
) -> LegalEntity:
    """Change a legal entity that the person saw in ``version``.

    Raises:
        ConflictError: when it was changed meanwhile; ``theirs`` holds the stored values.
        InvalidError: as :func:`create_entity`, and when the closed day moves back without a ``reason``.
        NotFoundError: when there is none.
    """
    found = session.get(LegalEntity, entity_id, with_for_update=True)
    if found is None:
        raise NotFoundError("There is no such legal entity.")
    _closing(found, facts.closed_through, reason)
    if apply_edit(found, version, _columns(session, facts, entity_id), "legal entity"):
        found.version += 1
    session.flush()
    return found


def close_books(
    session: Session,
    entity_id: int,
    *,
    closed_through: date | None,
    version: int,
    today: date,
    reason: str | None = None,
) -> LegalEntity:
    """Say through which day an entity's books are closed (None: none of them); the day itself is closed.

    Raises:
        ConflictError: when the entity was changed meanwhile.
        InvalidError: for a day to come, and when the day moves back without a ``reason``.
        NotFoundError: when there is none.
    """
    found = session.get(LegalEntity, entity_id, with_for_update=True)
    if found is None:
        raise NotFoundError("There is no such legal entity.")
    if closed_through is not None and closed_through > today:
        raise InvalidError("Books can be closed through today at the latest.", "closed_through")
    _closing(found, closed_through, reason)
    if apply_edit(found, version, {"closed_through": closed_through}, "legal entity"):
        found.version += 1
    session.flush()
    return found


def _closing(entity: LegalEntity, closed_through: date | None, reason: str | None) -> None:
    """A closed day moves forward freely; opening closed books again needs a reason."""
    before = entity.closed_through
    if before is None or (closed_through is not None and closed_through >= before):
        return
    if not (reason or "").strip():
        raise InvalidError(
            f"The books of {entity.name} are closed through {before:%d %b %Y}; say why they are opened again.",
            "reason",
        )


def recoverable_percent(entity: LegalEntity) -> Decimal:
    """The share of input tax that is recovered, in percent, exact."""
    return Decimal(entity.recoverable_tax_ppm).scaleb(-4).normalize() + 0


def _columns(session: Session, facts: EntityFacts, entity_id: int | None) -> dict[str, Any]:
    code, name = facts.code.strip(), facts.name.strip()
    if not code or len(code) > 40:
        raise InvalidError("Give the legal entity a code of 1 to 40 characters.", "code")
    if not name or len(name) > 200:
        raise InvalidError("Give the legal entity a name of 1 to 200 characters.", "name")
    taken = session.scalar(
        select(LegalEntity.id).where(func.lower(LegalEntity.code) == code.lower()).limit(1)
    )
    if taken is not None and taken != entity_id:
        raise InvalidError(f"The code {code} is taken by another legal entity.", "code")
    currency = None
    if facts.currency:
        try:
            currency = currency_code(facts.currency)
        except UnknownCurrencyError as error:
            raise InvalidError(str(error), "currency") from error
    country = (facts.country or "").strip().upper() or None
    if country is not None and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise InvalidError("Give the country as two letters, such as GB.", "country")
    share = facts.recoverable_percent
    if not share.is_finite() or not 0 <= share <= 100:
        raise InvalidError("Give a share of 0 to 100 percent.", "recoverable_percent")
    _known_unit(session, facts.unit_id)
    return {
        "code": code,
        "name": name,
        "currency": currency,
        "country": country,
        "closed_through": facts.closed_through,
        "unit_id": facts.unit_id,
        "recoverable_tax_ppm": int(share * MILLION / 100),
    }


def _known_unit(session: Session, unit_id: int | None) -> None:
    if unit_id is not None and session.get(BusinessUnit, unit_id) is None:
        raise InvalidError("Choose a business unit of the list.", "unit_id")


def list_cost_centres(session: Session) -> tuple[CentreRow, ...]:
    """The cost-centre map, by cost centre and from when."""
    rows = session.execute(
        select(CostCentreUnit, BusinessUnit.name, LegalEntity.code)
        .join(BusinessUnit, BusinessUnit.id == CostCentreUnit.unit_id)
        .outerjoin(LegalEntity, LegalEntity.id == CostCentreUnit.entity_id)
        .order_by(CostCentreUnit.cost_centre, CostCentreUnit.valid_from, CostCentreUnit.id)
    ).all()
    return tuple(
        CentreRow(
            id=each.id,
            cost_centre=each.cost_centre,
            unit_id=each.unit_id,
            unit=unit,
            entity_id=each.entity_id,
            entity=entity,
            valid_from=each.valid_from,
            valid_until=each.valid_until,
        )
        for each, unit, entity in rows
    )


def map_cost_centre(
    session: Session,
    *,
    cost_centre: str,
    unit_id: int,
    valid_from: date | None = None,
    valid_until: date | None = None,
    entity_id: int | None = None,
) -> CostCentreUnit:
    """Say that a cost centre's lines belong to a unit from a day on (None: always) until before another (None: open).

    What held openly before ends on the first day. Lines booked already keep the unit they have until they are placed
    again.

    Raises:
        InvalidError: for an empty cost centre, an unknown unit or entity, a span that ends before it begins, and one
            that overlaps another entry of the cost centre and entity, naming that entry.
    """
    centre = cost_centre.strip()
    if not centre or len(centre) > 40:
        raise InvalidError("Give a cost centre of 1 to 40 characters.", "cost_centre")
    _known_unit(session, unit_id)
    if entity_id is not None and session.get(LegalEntity, entity_id) is None:
        raise InvalidError("Choose a legal entity of the list.", "entity_id")
    if valid_until is not None and valid_from is not None and valid_until <= valid_from:
        raise InvalidError("It must end after it begins; the last day is the one before.", "valid_until")
    same_entity = (
        CostCentreUnit.entity_id.is_(None) if entity_id is None else CostCentreUnit.entity_id == entity_id
    )
    others = session.scalars(
        select(CostCentreUnit)
        .where(func.lower(CostCentreUnit.cost_centre) == centre.lower(), same_entity)
        .order_by(CostCentreUnit.id)
    ).all()
    for other in others:
        goes_on = other.valid_until is None and valid_from is not None
        if goes_on and (other.valid_from is None or other.valid_from < (valid_from or date.min)):
            if valid_until is None:
                other.valid_until = valid_from
                continue
        elif not _overlap(other, valid_from, valid_until):
            continue
        unit = session.get_one(BusinessUnit, other.unit_id)
        raise InvalidError(
            f"{other.cost_centre} belongs to {unit.name} {_span_text(other)} already, and these days overlap. "
            "End that entry first, or choose days beside it.",
            "valid_from",
        )
    made = CostCentreUnit(
        cost_centre=centre,
        unit_id=unit_id,
        entity_id=entity_id,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    session.add(made)
    session.flush()
    return made


def _overlap(other: CostCentreUnit, start: date | None, until: date | None) -> bool:
    """Whether two half-open spans share a day."""
    if other.valid_from is not None and other.valid_from == other.valid_until:
        return False  # ended on the day it began: it holds on no day
    begins = until is None or other.valid_from is None or other.valid_from < until
    ends = start is None or other.valid_until is None or other.valid_until > start
    return begins and ends


def _span_text(entry: CostCentreUnit) -> str:
    start = f"from {entry.valid_from:%d %b %Y}" if entry.valid_from else "always"
    return f"{start}, until {entry.valid_until:%d %b %Y}" if entry.valid_until else start


def end_cost_centre(session: Session, entry_id: int, *, on: date) -> CostCentreUnit:
    """End an entry of the map: from ``on`` the cost centre's lines have no unit.

    Raises:
        NotFoundError: when there is none.
        InvalidError: for a day before it began.
    """
    found = session.get(CostCentreUnit, entry_id)
    if found is None:
        raise NotFoundError("There is no such entry.")
    if found.valid_from is not None and on < found.valid_from:
        raise InvalidError("It cannot end before it began.", "on")
    found.valid_until = on
    session.flush()
    return found
