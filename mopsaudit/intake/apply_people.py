"""A roster into the people: joiners, leavers, units; usage records find their people again."""

from sqlalchemy import select, update

from mopsaudit.errors import InvalidError
from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.records import Desk, desk
from mopsaudit.intake.work_order import Work
from mopsaudit.inventory.edits import apply_edit
from mopsaudit.organisation import email_key
from mopsaudit.store.ledger import ToolUser
from mopsaudit.store.people import Person


def apply_people(work: Work) -> Outcome:
    """Create or update a person per row, found by e-mail (case and plus-tags folded), then by employee id."""
    with desk(work) as at:
        at.rows(_person)
        outcome = at.finish()
    _find_again(work)
    return outcome


def _person(at: Desk, position: int, row: RecordRow) -> bool:
    values = row.values
    email = values.get("email") or None
    key = email_key(email) if email else None
    external = str(values["employee_id"]) if values.get("employee_id") not in (None, "") else None
    person = None
    if key:
        person = at.session.scalars(select(Person).where(Person.email_key == key)).first()
    if person is None and external:
        person = at.session.scalars(
            select(Person).where(Person.external_id == external).order_by(Person.id)
        ).first()
        if person is not None and key and person.email_key and person.email_key != key:
            person = None  # somebody else's address: two people share a number in this file
    joined, left = values.get("joined"), values.get("left")
    if joined and left and left < joined:
        raise InvalidError("The leaving date lies before the joining date.", "left")
    status = str(values.get("status") or "").casefold()
    if left is None and "left" in values and status.startswith(("left", "leaver", "terminated", "inactive")):
        left = at.today
    wanted = {
        "name": values.get("name") or (person.name if person else ""),
        "email": email,
        "email_key": key,
        "external_id": external,
        "joined_on": joined,
        "left_on": left,
    }
    if values.get("unit"):
        found = at.units.named(str(values["unit"]))
        wanted["unit_id"] = found
        wanted["department"] = str(values["unit"])[:200]
    given = {name: value for name, value in wanted.items() if value is not None}
    if "left" in values:
        given["left_on"] = left  # an emptied cell says that somebody is (still or again) employed
    if person is None:
        if not (email or external):
            raise InvalidError("A person needs an e-mail address or an employee id.", "email")
        at.session.add(Person(**given))
        return True
    return bool(apply_edit(person, person.version, given, "person"))


def _find_again(work: Work) -> None:
    """User records of tools that carry the address, or the id, of a person now known point to that person."""
    for column in (Person.email_key, Person.external_id):
        found = select(Person.id).where(column == ToolUser.user_key).limit(1).scalar_subquery()
        known = select(Person.id).where(column == ToolUser.user_key).exists()
        work.session.execute(
            update(ToolUser)
            .where(ToolUser.person_id.is_(None), known)
            .values(person_id=found)
            .execution_options(synchronize_session=False)
        )
