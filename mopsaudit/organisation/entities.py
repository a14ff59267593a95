"""Legal entities, and which business unit a cost centre's lines belong to, while it does."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, or_, select
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


def update_entity(session: Session, entity_id: int, facts: EntityFacts, *, version: int) -> LegalEntity:
    """Change a legal entity that the person saw in ``version``.

    Raises:
        ConflictError: when it was changed meanwhile; ``theirs`` holds the stored values.
        InvalidError: as :func:`create_entity`.
        NotFoundError: when there is none.
    """
    found = session.get(LegalEntity, entity_id, with_for_update=True)
    if found is None:
        raise NotFoundError("There is no such legal entity.")
    if apply_edit(found, version, _columns(session, facts, entity_id), "legal entity"):
        found.version += 1
    session.flush()
    return found


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
    entity_id: int | None = None,
) -> CostCentreUnit:
    """Say that a cost centre's lines belong to a unit from a day on (None: always); what held before ends that day.

    Lines booked already keep the unit they have until they are placed again.

    Raises:
        InvalidError: for an empty cost centre, an unknown unit or entity, or when a later entry exists already.
    """
    centre = cost_centre.strip()
    if not centre or len(centre) > 40:
        raise InvalidError("Give a cost centre of 1 to 40 characters.", "cost_centre")
    _known_unit(session, unit_id)
    if entity_id is not None and session.get(LegalEntity, entity_id) is None:
        raise InvalidError("Choose a legal entity of the list.", "entity_id")
    same_entity = (
        CostCentreUnit.entity_id.is_(None) if entity_id is None else CostCentreUnit.entity_id == entity_id
    )
    now_open = session.scalars(
        select(CostCentreUnit)
        .where(
            CostCentreUnit.cost_centre == centre,
            same_entity,
            or_(
                CostCentreUnit.valid_until.is_(None),
                *(() if valid_from is None else (CostCentreUnit.valid_until > valid_from,)),
            ),
        )
        .order_by(CostCentreUnit.id)
    ).all()
    for earlier in now_open:
        if valid_from is None or (earlier.valid_from is not None and earlier.valid_from >= valid_from):
            raise InvalidError(
                f"{centre} is mapped already from {earlier.valid_from or 'the beginning'} on; choose a later day.",
                "valid_from",
            )
        earlier.valid_until = valid_from
    made = CostCentreUnit(
        cost_centre=centre, unit_id=unit_id, entity_id=entity_id, valid_from=valid_from, valid_until=None
    )
    session.add(made)
    session.flush()
    return made


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
