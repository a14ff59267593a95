"""Quick search over everything the signed-in person may see, and the manual: what the field in the top bar finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from flask import current_app, url_for
from sqlalchemy.orm import Session

from blueprints import filters, identity, links, manual_index, navigation, permissions, shell
from blueprints import help as manual
from mopsaudit.facts.lines import lines_of
from mopsaudit.facts.named import find_files, find_suppliers, lines_by_reference
from mopsaudit.governance.cases import list_cases
from mopsaudit.governance.decisions import list_decisions
from mopsaudit.governance.objectives import list_objectives
from mopsaudit.governance.plans import list_budgets
from mopsaudit.governance.savings_ledger import list_savings
from mopsaudit.inventory.find import find_named
from mopsaudit.inventory.people import list_people
from mopsaudit.inventory.tools import in_scope
from mopsaudit.reporting import LineFilter, Ref
from mopsaudit.scope import Scope
from mopsaudit.store.session import reading

#: As many hits as stand under one heading.
MOST: Final = 8
_NAMED: Final = {
    "tool": ("Tools", "tools.index"),
    "vendor": ("Vendors", "vendors.index"),
    "contract": ("Contracts", "contracts.index"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that was found: its name, where it leads, and what tells it from its namesakes."""

    label: str
    href: str
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What was found of one kind; ``all_href`` leads to the page that searches all of it."""

    title: str
    hits: tuple[Hit, ...]
    all_href: str | None = None


def find(text: str) -> tuple[Heading, ...]:
    """What holds every word of ``text``, kind by kind; kinds with nothing are left out. Bounded on any ledger."""
    words = text.casefold().split()
    if not words:
        return ()
    scope = shell.scope()
    found = [Heading(title="Pages", hits=_pages(words))]
    with reading() as session:
        for kind, refs in find_named(session, scope, text, most=MOST).items():
            title, endpoint = _NAMED[kind]
            found.append(Heading(title=title, hits=_hits(refs), all_href=_every(endpoint, text)))
        found += _records(session, scope, words, text)
    found.append(_manual(text))
    return tuple(each for each in found if each.hits)


def _records(session: Session, scope: Scope, words: list[str], text: str) -> Iterable[Heading]:
    suppliers = find_suppliers(session, scope, words, most=MOST)
    yield Heading(
        title="Suppliers",
        hits=tuple(
            Hit(
                label=ref.label,
                href=links.ref_url(ref) or "",
                what="its lines stand on its page",
            )
            for ref in suppliers
        ),
        all_href=_every("suppliers.index", text, band="all"),
    )
    if permissions.may(permissions.Action.EDIT_INVENTORY):
        people = [
            Ref(kind="owner", id=each.id, label=each.name)
            for each in list_people(session, scope.as_of, present_only=False)
            if _holds(words, each.name, each.email)
        ]
        yield Heading(title="People", hits=_hits(people[:MOST]), all_href=_every("people.index", text))
    files = find_files(session, scope, words, person_id=identity.person().person_id, most=MOST)
    yield Heading(title="Files", hits=_hits(files), all_href=_every("imports.index", text))
    yield _lines(session, scope, text)
    decisions = [
        Ref(kind="decision", id=row.id, label=f"{row.tool}: {row.verdict.replace('_', '-')}")
        for row in list_decisions(session, scope, in_scope(scope))
        if _holds(words, row.tool, row.verdict, row.reason, row.decider)
    ]
    yield Heading(title="Decisions", hits=_hits(decisions[:MOST]), all_href=_every("decisions.index", text))
    cases = [
        Ref(kind="case", id=each.id, label=each.title)
        for each in list_cases(session, scope)
        if _holds(words, each.title)
    ]
    yield Heading(title="Business cases", hits=_hits(cases[:MOST]), all_href=_every("cases.index", text))
    savings = [
        Ref(kind="saving", id=row.saving.id, label=row.saving.title)
        for row in list_savings(session, scope)
        if _holds(words, row.saving.title)
    ]
    yield Heading(title="Savings", hits=_hits(savings[:MOST]), all_href=_every("savings.index", text))
    named: tuple[tuple[str, str, Callable[[], Iterable[tuple[int, str]]]], ...] = (
        ("Budgets", "budget", lambda: ((row.id, row.name) for row in list_budgets(session))),
        (
            "Objectives",
            "objective",
            lambda: ((each.id, each.title) for each in list_objectives(session, as_of=scope.as_of)),
        ),
    )
    for title, kind, rows in named:
        refs = [Ref(kind=kind, id=number, label=name) for number, name in rows() if _holds(words, name)]
        yield Heading(title=title, hits=_hits(refs[:MOST]))


def _lines(session: Session, scope: Scope, text: str) -> Heading:
    """Lines whose reference begins with what was typed; all lines that hold it are one step away."""
    ids = lines_by_reference(session, text.strip(), most=MOST)
    rows = lines_of(session, scope, LineFilter(line_ids=ids), limit=MOST).pieces if ids else ()
    hits = [
        Hit(
            label=f"{piece.reference}, {piece.supplier_text or 'no supplier'}",
            href=url_for("lines.index", line_ids=piece.line_id),
            what=f"{filters.exact_text(piece.amount_minor, piece.currency)} {piece.currency}"
            + (f", {filters.day_text(piece.booked_on)}" if piece.booked_on else ""),
        )
        for piece in rows
    ]
    hits.append(Hit(label=f"All spend lines that hold “{text}”", href=url_for("lines.index", q=text)))
    return Heading(title="Spend lines", hits=tuple(hits))


def _manual(text: str) -> Heading:
    return Heading(
        title="Manual",
        hits=tuple(
            Hit(
                label=each.section.title + (f": {each.section.heading}" if each.section.heading else ""),
                href=url_for("help.page", slug=each.section.slug, _anchor=each.section.anchor),
                what=each.excerpt,
            )
            for each in manual_index.search(manual.pages(), text, most=4)
        ),
        all_href=url_for("help.index", q=text),
    )


def _pages(words: list[str]) -> tuple[Hit, ...]:
    return tuple(
        Hit(label=entry.label, href=entry.address, what=entry.group.value)
        for _, group in navigation.shown()
        for entry in group
        if _holds(words, entry.label)
    )


def _hits(refs: Iterable[Ref]) -> tuple[Hit, ...]:
    return tuple(
        Hit(label=ref.label, href=address) for ref in refs if (address := links.ref_url(ref)) is not None
    )


def _holds(words: Iterable[str], *texts: str | None) -> bool:
    joined = " ".join(text for text in texts if text).casefold()
    return all(word in joined for word in words)


def _every(endpoint: str, text: str, **values: str) -> str | None:
    query: dict[str, Any] = {"q": text, **values}
    return url_for(endpoint, **query) if endpoint in current_app.view_functions else None
