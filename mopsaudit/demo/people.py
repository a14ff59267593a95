"""The people of the demo company: who works there, who left, and which account each tool's export shows for them."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from mopsaudit.demo.stack import UNITS, DemoTool

DOMAIN: Final = "brightwater.example"
STAFF: Final = 190

_NAMED: Final = (
    ("Maya Lindgren", "AMER", "Director Marketing Operations"),
    ("Tomas Herrera", "AMER", "Finance Business Partner"),
    ("Ingrid Vogel", "EMEA", "Procurement Manager"),
    ("Rachel Adeyemi", "AMER", "Chief Marketing Officer"),
    ("Gregor Pahl", "AMER", "Head of Events"),
    ("Jonas Keller", "EMEA", "Head of Marketing EMEA"),
    ("Luke Brennan", "AMER", "Head of Demand Generation"),
    ("Sofia Marchetti", "AMER", "Head of Sales Operations"),
    ("Daniel Okafor", "AMER", "Head of Marketing Analytics"),
    ("Hannah Weiss", "AMER", "Head of Content and Brand"),
    ("Priya Raman", "DIGI", "Head of Digital Commerce"),
)
#: Places in :func:`staff` of people with a part to play.
OPS, FINANCE, PROCUREMENT, CMO, GONE_OWNER, EMEA_HEAD = range(6)
DIGITAL_HEAD: Final = 10
_FIRST: Final = tuple(
    "Aiko Amara Anders Beatriz Caleb Carmen Chloe Darius Elena Emil Farah Felix Freya Gabriel Hana Hugo Imani Iris "
    "Jamal Julia Kai Katarina Leo Lina Marcus Marta Mila Nadia Noah Nora Olivia Omar Petra Quentin Rosa Samir Selma "
    "Theo Uma Viktor".split()
)
_LAST: Final = tuple(
    "Abbott Bauer Castillo Demir Eriksen Fischer Greco Hoffman Ivanova Jensen Kowalski Lambert Meyer Novak Okoye Park "
    "Quinn Rossi Schmidt Tanaka Urban Vega Wagner Xu Yilmaz Zimmer Almeida Brandt Cohen Dubois Edwards Flores Garner "
    "Hussain Ibrahim Jones Kaya".split()
)
_TITLES: Final = (
    "Campaign Manager",
    "Content Specialist",
    "Marketing Analyst",
    "Sales Development Representative",
    "Designer",
    "Event Coordinator",
    "CRM Specialist",
    "Product Marketing Manager",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """A line of the roster."""

    number: str
    name: str
    email: str
    unit: str
    title: str
    joined: date
    left: date | None


def staff(seed: int, as_of: date) -> tuple[Employee, ...]:
    """Everybody of the last two years, those with a part to play first. One in twelve of the others has left."""
    rng = random.Random(f"people {seed}")  # noqa: S311  # a demo's names, not a secret
    found: list[Employee] = []
    for index in range(STAFF):
        left = None
        if index < len(_NAMED):
            name, unit, title = _NAMED[index]
            if index == GONE_OWNER:
                left = as_of - timedelta(days=52)
        else:
            name = f"{_FIRST[index % len(_FIRST)]} {_LAST[(index * 11) % len(_LAST)]}"
            unit = rng.choices(tuple(UNITS), weights=(60, 28, 12))[0]
            title = rng.choice(_TITLES)
            if index % 12 == 0:
                left = as_of - timedelta(days=rng.randrange(20, 320))
        joined = as_of - timedelta(days=rng.randrange(780, 3200))
        email = f"{name.lower().replace(' ', '.')}@{DOMAIN}"
        found.append(
            Employee(
                number=f"E{10_200 + index}",
                name=name,
                email=email,
                unit=unit,
                title=title,
                joined=joined,
                left=left,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An account of a tool on a day: ``last`` None is *never*."""

    person: Employee
    last: date | None
    created: date


def seats_of(tool: DemoTool, people: tuple[Employee, ...], seed: int, on: date) -> tuple[Seat, ...]:
    """The accounts a tool's export shows: most seats are assigned, ``active`` percent of them used of late.

    Leavers keep their accounts until somebody takes them away, as they do.
    """
    if tool.seats is None or tool.active is None:
        return ()
    rng = random.Random(f"seats {seed} {tool.product}")  # noqa: S311  # a demo's figures, not a secret
    pool = [person for person in people[: OPS + 4] if person.unit == tool.unit]
    others = [person for person in people[4:] if person.unit == tool.unit or tool.seats > 100]
    rng.shuffle(others)
    wanted = max(1, tool.seats * 94 // 100)
    # A unit is smaller than some licence counts: the rest works elsewhere in the company.
    rest = [person for person in people[4:] if person not in others]
    rng.shuffle(rest)
    assigned = [*pool, *others, *rest][:wanted]
    busy = max(1, len(assigned) * tool.active // 100)
    order = list(assigned)
    rng.shuffle(order)
    order.sort(key=lambda person: person.left is not None)  # whoever left is not active
    seats: list[Seat] = []
    for index, person in enumerate(order):
        created = max(person.joined, on - timedelta(days=rng.randrange(200, 700)))
        last: date | None
        if person.left is not None and person.left <= on:
            last = person.left - timedelta(days=rng.randrange(1, 15))
        elif index < busy:
            last = on - timedelta(days=rng.randrange(0, 60))
        elif rng.random() < 0.25:
            last = None
        else:
            last = on - timedelta(days=rng.randrange(110, 420))
        seats.append(Seat(person=person, last=last, created=min(created, last or created)))
    return tuple(sorted(seats, key=lambda seat: seat.person.email))
