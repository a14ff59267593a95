"""Columns of users, people and tools that nobody reads though figures may hang on them: told."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from importers import codes
from importers.account_proof import says_yes_no
from importers.cast_words import LEFT
from importers.grid import Grid, letters
from importers.record_cells import last_of_use
from importers.seat_questions import PRODUCT as LICENCE
from importers.seat_questions import left_aside, product_flags
from importers.table import ColumnFacts, column_facts, headings_of, span
from importers.unread_columns import KNOWN, holds_money, known, listed, read_columns, whole_money
from importers.usage import layouts, says_closed
from importers.words import PRIVATE, Words, heading_words
from mopsaudit.intake.contract import Kind, Layout, SheetDecision
from mopsaudit.problems import Problem

#: A field of a kind whose figures hang on it → what an unread column may be of it instead.
WANTED: Final[Mapping[Kind, tuple[tuple[str, str], ...]]] = {
    Kind.USAGE: (("last_activity", "days"),),
    Kind.PEOPLE: (("left", "days"),),
    Kind.INVENTORY: (("renewal", "days"), ("yearly_cost", "amounts"), ("seats", "counts")),
    Kind.CREDITS: (("bought", "numbers"), ("used", "numbers")),
}
#: Words of a heading that counts seats.
_SEATS: Final = frozenset("seats licences users rights entitlements total owned purchased accounts".split())
#: How a roster says that somebody has gone, as those do who take it in.
_GONE: Final = re.compile(r"(?:left|leaver|terminated|inactive)\b.*", re.IGNORECASE)
#: A day an account or a person is there until.
_UNTIL: Final = re.compile(r"\bexpir|valid[ _]?(?:until|till|to)\b|\bends?\b", re.IGNORECASE)


#: A day somebody leaves on, or says so.
_LEAVING: Final = re.compile(
    r"resign|notice|reliev|releas|leav|\bleft\b|\bexit|separat|terminat|last (?:working )?day|re-?(?:hire|join|instat)|"
    r"austritt|kündig|sortie|\bbaja|cessazione|uitdienst|退職",
    re.IGNORECASE,
)
#: A day on which something was taken away.
_CLOSED: Final = re.compile(
    r"\b(?:(?:un|de)(?:assign|activat|provision|licen|regist|enroll?)|remov|revok|terminat|cancel|suspen|disabl|archiv|"
    r"delet|clos|off-?board|withdraw)",
    re.IGNORECASE,
)


#: Days that say nothing of who uses a tool or has left.
_OTHER_DAYS: Final = re.compile(
    r"birth|\bdob\b|password|modif|updat|chang|invit|creat|regist|join|hire|\bsince\b|sync|reset|review|train|confirm|"
    r"accept|refresh|report|start|begin|export|visa|passport|probation|salary|promot|naissance|geburt|nacimiento",
    re.IGNORECASE,
)
#: An e-mail address, and whose in a row is not its account's.
_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_ABOUT_OTHERS: Final = PRIVATE | frozenset(
    "manager supervisor approver owner sponsor created invited assigned modified updated alias proxy".split()
)
#: What stands beside some of the accounts alone: a code not used yet, or why one was closed.
_REASON: Final = re.compile(
    r"\b(?:activation|invitation|registration) (?:code|key|token|link)|"
    r"\b(?:un|de|in)?(?:lock|block|activat|suspen|disabl|terminat|archiv|delet|remov|off ?board|leav|exit|resign)"
    r"\w* (?:code|reason|type|comment|note|detail|info|remark)|"
    r"\b(?:reason|motif|motivo|grund|details?)\b.*\b(?:lock|leaving|exit|terminat|deactivat|depart|sortie|baja)"
)
#: What is to be done with an account that is to go.
_CLOSE: Final = re.compile(
    r"(?:de-?activate|disable|delete|archive|suspend|remove|revoke|terminate|off-?board|deprovision|block|close)\b.*",
    re.IGNORECASE,
)
#: Days that nobody would take for one of use or leaving.
_NO_DAY: Final = re.compile(r"birth|\bdob\b|password|naissance|geburt|nacimiento|nascita", re.IGNORECASE)
#: What says of each row whether a seat is held.
_STATES: Final = ("status", "assigned", "licence", "_deleted", "_control")
#: A column of so few kinds of text may say it.
_FEW: Final = 6


def unread_flags(grid: Grid, decision: SheetDecision, kind: Kind) -> Iterable[Problem]:
    """One note for a list of users or people: its unread columns of a yes or no, which may say who is there.

    Of a vendor's layout those alone that are headed as licences, or by the vendor's own name.
    """
    if not decision.header_rows or decision.layout is Layout.CROSSTAB:
        return
    headings, read = headings_of(grid, decision), read_columns(decision)
    layout = dict(decision.extra).get("vendor_layout")
    tool = next((each.tool for each in layouts() if each.id == layout and each.tool), "")
    own = heading_words(tool)[0] if tool else ""
    told = [
        column
        for column in product_flags(grid, decision, kind)
        if column not in read
        and (
            layout is None or LICENCE.intersection(said := heading_words(headings[column])) or said[0] == own
        )
    ]
    if told:
        what = (
            "who holds a seat of the tool, choose it as the assignment"
            if kind is Kind.USAGE
            else "who has left, choose it"
        )
        yield codes.problem(
            codes.UNREAD,
            f"Not read: {listed(headings, told)} a yes or no for each person. If one of them says {what}.",
            sheet=grid.name,
            cell=f"{letters(told[0])}{decision.header_rows[-1]}",
        )


def unread_of_records(grid: Grid, decision: SheetDecision, kind: Kind, words: Words) -> Iterable[Problem]:
    """One note for a sheet of records that lacks what its figures hang on: the columns that may be it."""
    if not decision.header_rows or decision.layout is Layout.CROSSTAB:
        return
    headings = headings_of(grid, decision)
    start, read = grid.position(decision.first_row), read_columns(decision)
    facts = column_facts(grid, start, headings)
    wanted = {
        what
        for name, what in WANTED[kind]
        if (choice := decision.column(name)) is None or not facts[span(choice)[0]].filled
    }
    if decision.column("_monthly_cost") is not None:
        wanted.discard("amounts")
    layout = dict(decision.extra).get("vendor_layout")
    if any(each.id == layout and (each.latest or each.per_product) for each in layouts()):
        wanted.discard("days")
    stateless = "seat" not in dict(decision.extra) and not any(map(decision.column, _STATES))
    most = max((fact.filled for fact in facts), default=0)
    found: dict[str, list[int]] = {}
    for column, heading in enumerate(headings):
        fact = facts[column]
        days = fact.date_share() >= 0.8
        if (
            not heading
            or column in read
            or not fact.filled
            or (known(heading, words) and not (days and _count(heading, words)))
        ):
            continue
        if (
            kind in (Kind.USAGE, Kind.PEOPLE)
            and not _ABOUT_OTHERS.intersection(heading_words(heading))
            and 1 < fact.filled == len(fact.texts)
            and not any(
                fact.texts.keys() == facts[other].texts.keys() for other in read if other < len(facts)
            )
            and all(_ADDRESS.fullmatch(text) for text in fact.texts)
        ):
            found.setdefault("addresses", []).append(column)
        elif kind is Kind.USAGE and any(says_closed(text) or _CLOSE.fullmatch(text) for text in fact.texts):
            found.setdefault("that some are closed", []).append(column)
        elif kind is Kind.PEOPLE and any(
            LEFT.fullmatch(text) or _GONE.fullmatch(text) for text in fact.texts
        ):
            found.setdefault("that some have left", []).append(column)
        elif days and (
            ("days" in wanted and not _NO_DAY.search(heading))
            or (kind in (Kind.USAGE, Kind.PEOPLE) and _UNTIL.search(heading))
            or (kind is Kind.PEOPLE and _LEAVING.search(heading))
            or (kind is Kind.USAGE and (last_of_use(heading) or _CLOSED.search(heading)))
            or (kind in (Kind.USAGE, Kind.PEOPLE) and not _named_otherwise(heading, words))
        ):
            found.setdefault("days", []).append(column)
        elif (
            kind is Kind.USAGE
            and (
                stateless
                or (decision.column("licence") is None and LICENCE.intersection(heading_words(heading)))
            )
            and _few(fact)
            and not (left_aside(heading, kind) or heading_words(heading)[-1:] == ("id",))
            and not _named_otherwise(heading, words)
        ):
            found.setdefault("a few words", []).append(column)
        elif (
            kind in (Kind.USAGE, Kind.PEOPLE)
            and fact.filled < most
            and not days
            and _REASON.search(" ".join(heading_words(heading)))
        ):
            found.setdefault("something for some", []).append(column)
        elif fact.filled < 2 or fact.numeric_share() < 0.8 or days:
            continue
        elif ("amounts" in wanted and holds_money(grid, column, start)) or (
            kind is Kind.INVENTORY and whole_money(heading, fact)
        ):
            found.setdefault("amounts", []).append(column)
        elif "numbers" in wanted or ("counts" in wanted and _SEATS.intersection(heading_words(heading))):
            found.setdefault("numbers", []).append(column)
    if found:
        told = "; ".join(f"{listed(headings, columns)} {what}" for what, columns in found.items())
        yield codes.problem(
            codes.UNREAD,
            f"Not read: {told}. If one of them belongs in, choose it for what it is.",
            sheet=grid.name,
            cell=f"{letters(next(iter(found.values()))[0])}{decision.header_rows[-1]}",
        )


def _named_otherwise(heading: str, words: Words) -> bool:
    """Whether a heading is of something that neither use nor leaving hangs on, or of a field that has its column."""
    return bool(_OTHER_DAYS.search(heading)) or max(words.fields(heading).values(), default=0.0) >= KNOWN


def _few(fact: ColumnFacts) -> bool:
    """Whether a column says of each row one of a few words, as states and kinds of seat do."""
    said = sum(fact.texts.values())
    if says_yes_no(fact):
        return False
    return 1 < len(fact.texts) <= _FEW and said == fact.filled >= 2 * len(fact.texts) and not fact.long_texts


def _count(heading: str, words: Words) -> bool:
    """Whether a heading is known for a number alone, which days below it gainsay (*Consumed*)."""
    found = words.fields(heading)
    return max(found, key=lambda name: found[name], default="") in ("_assigned_count", "_units", "_quantity")
