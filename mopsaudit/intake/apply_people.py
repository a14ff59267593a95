"""A roster into the people: joiners, leavers, units; usage records find their people again."""

from collections import Counter

from sqlalchemy import select, update

from mopsaudit.errors import InvalidError
from mopsaudit.facts.validity import holds
from mopsaudit.facts.wording import day as written_day
from mopsaudit.intake.bulk import select_in
from mopsaudit.intake.contract import RecordRow
from mopsaudit.intake.keepers import called
from mopsaudit.intake.outcome import Outcome
from mopsaudit.intake.record_codes import LEAVER_OWNS, NO_ADDRESS
from mopsaudit.intake.records import Desk, desk
from mopsaudit.intake.work_order import Work
from mopsaudit.inventory.edits import apply_edit
from mopsaudit.organisation import email_key
from mopsaudit.store.inventory import Tool, ToolPerson
from mopsaudit.store.ledger import ToolUser
from mopsaudit.store.people import Person


def apply_people(work: Work) -> Outcome:
    """Create or update a person per row, found by e-mail (case and plus-tags folded), then by employee id."""
    with desk(work) as at:
        named = _names(work)
        at.rows(lambda at, position, row: _person(at, position, row, named))
        _tell_leavers(at)
        _tell_without_address(at)
        outcome = at.finish()
    _find_again(work)
    return outcome


def _names(work: Work) -> Counter[str]:
    """How many rows of the file carry each name, folded."""
    return Counter(_folded(row.values.get("name")) for _, row in work.read.records())


def _folded(name: object) -> str:
    return " ".join(str(name or "").split()).casefold()


def _known_by_name(at: Desk, text: object, named: Counter[str]) -> Person | None:
    """Somebody a list of tools named without an address: the one such record, where the roster has the name once."""
    name = " ".join(str(text or "").split())
    if not name or named[_folded(name)] != 1:
        return None
    same = at.session.scalars(
        select(Person)
        .where(
            called(name),
            Person.email_key.is_(None),
            Person.external_id.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.id)
        .limit(2)
    ).all()
    return same[0] if len(same) == 1 else None


def _person(at: Desk, position: int, row: RecordRow, named: Counter[str]) -> bool:
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
    if person is None and (key or external):
        person = _known_by_name(at, values.get("name"), named)
    joined, left = values.get("joined"), values.get("left")
    if joined and left and left < joined:
        raise InvalidError("The leaving date lies before the joining date.", "left")
    status = str(values.get("status") or "").casefold()
    if left is None and status.startswith(("left", "leaver", "terminated", "inactive")):
        left = (person.left_on if person else None) or at.today
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


def _tell_leavers(at: Desk) -> None:
    """A leaver who owns a tool is a problem of the row that says so; the row itself is kept."""
    rows: dict[tuple[str, str], tuple[int, RecordRow]] = {}
    for position, row in at.work.read.records():
        email, external = row.values.get("email"), row.values.get("employee_id")
        if row.values.get("left") or str(row.values.get("status") or ""):
            keys = (("email", email_key(str(email)) if email else ""), ("id", str(external or "")))
            for name, value in keys:
                if value:
                    rows.setdefault((name, value), (position, row))
    owned: dict[int, list[str]] = {}
    people: dict[int, Person] = {}
    for person, tool in at.session.execute(
        select(Person, Tool.name)
        .join(ToolPerson, ToolPerson.person_id == Person.id)
        .join(Tool, Tool.id == ToolPerson.tool_id)
        .where(Person.left_on <= at.today, holds(ToolPerson, at.today), Tool.merged_into_id.is_(None))
        .order_by(Person.id, Tool.name)
        .distinct()
    ):
        people[person.id] = person
        owned.setdefault(person.id, []).append(tool)
    for person_id, tools in owned.items():
        person = people[person_id]
        found = rows.get(("email", person.email_key or "")) or rows.get(("id", person.external_id or ""))
        if found is None or person.left_on is None:
            continue
        position, row = found
        more = f" and {len(tools) - 1} more" if len(tools) > 1 else ""
        message = (
            f"{person.name or person.email} left on {written_day(person.left_on)} and still owns {tools[0]}{more}; "
            "name somebody else."
        )
        at.problem(
            LEAVER_OWNS, message, position, row.cells.get("left") or next(iter(row.cells.values()), None)
        )


def _tell_without_address(at: Desk) -> None:
    """One note per sheet on people with an id and no address known: users known by address are never theirs."""
    bare: dict[int, list[tuple[str, RecordRow]]] = {}
    for position, row in at.work.read.records():
        if not row.values.get("email") and (number := row.values.get("employee_id")) not in (None, ""):
            bare.setdefault(position, []).append((str(number), row))
    numbers = {number for rows in bare.values() for number, _ in rows}
    query = select(Person.external_id).where(Person.email_key.is_not(None))
    addressed = {number for (number,) in select_in(at.session, query, Person.external_id, sorted(numbers))}
    without = {
        position: [row for number, row in rows if number not in addressed] for position, rows in bare.items()
    }
    for position, rows in without.items():
        if not rows:
            continue
        first = rows[0]
        name = first.values.get("name") or first.values["employee_id"]
        at.problem(
            NO_ADDRESS,
            f"{len(rows):,} {'person has' if len(rows) == 1 else 'people have'} no e-mail address, the first {name} "
            f"in row {first.row}: users of tools are known to be theirs only by the employee id.",
            position,
            next(iter(first.cells.values()), None),
        )


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
