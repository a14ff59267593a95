"""What decides a seat and no heading tells: columns of a yes or no, a column of tools that may be departments."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from importers.account_proof import SEAT, granted
from importers.cast_words import LEFT
from importers.casts import Casts
from importers.grid import Cell, Grid, key, letters
from importers.record_words import RECORD_WORDS
from importers.spend_plan import Proposal
from importers.table import headings_of, sample_rows, span
from importers.texts import fold
from importers.tool_doubts import decide_tools, with_extra
from importers.usage import says_closed, tool_from_text
from importers.words import heading_words
from mopsaudit.intake.contract import Choice, Kind, Layout, Question, ReadOptions, SheetDecision

#: Words of a heading under which a yes or no is a product held.
PRODUCT: Final = SEAT | frozenset(
    "plan addon entitlement product products sku lizenz lizenzen licencia licenza".split()
)
#: A yes or no of these says nothing of who holds a seat.
_ASIDE: Final = frozenset(
    (
        "admin admins administrator owner superuser superadmin moderator manager approver mfa 2fa tfa otp "
        "factor 2sv sso saml ldap scim sync synced newsletter notification notifications email emails mail "
        "sms phone mobile consent gdpr terms verified confirmed verification password api vpn "
        "remote default primary edit view create delete export import can allow allowed may permission "
        "permissions tester beta training trained photo avatar picture public visible hidden language union "
        "veteran disability fulltime exempt overtime first reset change changed "
        "forwarding mailbox eula guest external contractor bot internal managed imported authentication login "
        "failure failed failures gender sex director married smoker administrateur amministratore administrador "
        "administrateurs beheerder connected currently online "
        "administratör"
    ).split()
)
#: What a kind's own words list as a whole weighs this or more.
_LISTED: Final = 0.98
#: Nobody holds so many licences.
_SMALL: Final = 100
#: Last words that many flags share which are no products.
_PLAIN: Final = frozenset(
    "flag enabled disabled active activated status indicator allowed date access".split()
)
#: So many columns that share their first or last word name as many products.
_ALIKE: Final = 3
_MOST: Final = 12
_SHOWN: Final = 4
#: So many columns are offered as the one that says who is there.
_OFFERED: Final = 3
#: Fields that say of each row whether a seat is held, or somebody is there.
_SAYS: Final = {
    Kind.USAGE: ("status", "assigned", "licence", "_deleted", "_control"),
    Kind.PEOPLE: ("status", "left"),
}
_HELD: Final = {
    Kind.USAGE: (
        "who has yes holds a seat, the others none",
        "who has yes holds none",
        "everybody listed holds a seat",
    ),
    Kind.PEOPLE: (
        "who has yes is employed, the others have left",
        "who has yes has left",
        "everybody listed is employed",
    ),
}
_GONE: Final = re.compile(r"(?:left|leaver|terminated|inactive|former|departed)\b.*", re.IGNORECASE)
#: Headings whose yes is of who is there.
_THERE: Final = frozenset(
    "active|enabled|activated|current|employed|in service|aktiv|actif|activo|attivo|actief".split("|")
)
_ASKED: Final = {Kind.USAGE: "who holds a seat", Kind.PEOPLE: "who has left"}


def decide_seats(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Which columns say who holds a seat of what, by their cells, or by an answer where they leave it open.

    A vendor's layout that is known is asked nothing.
    """
    if (
        decision.layout is Layout.CROSSTAB
        or not decision.header_rows
        or "vendor_layout" in dict(decision.extra)
    ):
        return decision
    if options.kind is Kind.USAGE:
        decision = decide_tools(proposal, decision, options, answers)
        decision = _decide_products(proposal, decision, options, answers)
    return _decide_column(proposal, decision, options, answers)


def product_flags(grid: Grid, decision: SheetDecision, kind: Kind) -> list[int]:
    """The columns that nobody reads, nor leaves aside knowingly, and that say yes of some rows and not of others."""
    headings = headings_of(grid, decision)
    read = {
        column
        for choice in decision.columns
        for column in range(span(choice)[0], span(choice)[1] + 1)
        if choice.by_person
        or choice.field not in ("licence", "assigned")
        or not _tells(grid, decision, column)
    }
    return [
        column
        for column, heading in enumerate(headings)
        if heading and column not in read and not left_aside(heading, kind) and _tells(grid, decision, column)
    ]


def _tells(grid: Grid, decision: SheetDecision, column: int) -> bool:
    """Whether a column says yes of some rows, and no, or nothing, of the others, and nothing else."""
    values = _cells(grid, decision, column)
    said = {None if value is None else granted(value) for value in values}
    filled = [value for value in values if value is not None]
    return True in said and len(said) > 1 and all(granted(value) is not None for value in filled)


def left_aside(heading: str, kind: Kind) -> bool:
    """Whether a heading speaks of what a yes or no says nothing of seats by (*Admin*, *2FA enabled*)."""
    words = heading_words(heading)
    if PRODUCT.intersection(words):
        return False
    return bool(_ASIDE.intersection(words)) or RECORD_WORDS[kind].fields(heading).get("_soak", 0.0) >= _LISTED


def _decide_products(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Whether several columns of a yes or no are tools, licences of one, or neither (``products``), by an answer."""
    known = dict(decision.extra)
    if "products" in known or decision.column("tool") is not None:
        return decision
    headings = headings_of(proposal.grid, decision)
    flags = product_flags(proposal.grid, decision, options.kind)
    columns = _products(flags, headings, options)
    if len(columns) < 2:
        return decision
    question = key(proposal.grid.name, None, "products")
    answer = answers.get(question)
    if answer in ("tools", "licences", "none"):
        kept = tuple(
            choice
            for choice in decision.columns
            if answer == "none" or span(choice)[0] not in columns or choice.by_person
        )
        told: dict[str, Any] = {"columns": [letters(column) for column in columns], "reads": answer}
        return replace(decision, columns=kept, extra=tuple(sorted({**known, "products": told}.items())))
    proposal.questions.append(
        Question(
            key=question,
            sheet=proposal.grid.name,
            asks=f"Columns {_listed(headings, columns)} say yes or no of each person. What are they?",
            choices=(
                Choice(value="tools", reads="tools: who has yes holds a seat of that one"),
                Choice(value="licences", reads="licences of one tool: who has none of them holds no seat"),
                Choice(value="none", reads="neither: they say nothing of seats"),
            ),
        )
    )
    return decision


def _products(flags: Sequence[int], headings: Sequence[str], options: ReadOptions) -> list[int]:
    """Those of several columns headed as licences or by tools we know, or alike in their first or last word."""
    words = {column: heading_words(headings[column]) for column in flags}
    first = Counter(each[0] for each in words.values())
    last = Counter(each[-1] for each in words.values() if len(each) > 1 and each[-1] not in _PLAIN)
    named = [
        column
        for column, each in words.items()
        if PRODUCT.intersection(each) or tool_from_text([headings[column]], options.known_tools)
    ]
    alike = [
        column
        for column, each in words.items()
        if (first[each[0]] >= _ALIKE and each[0] not in ("is", "has")) or last.get(each[-1], 0) >= _ALIKE
    ]
    found = named if len(named) > 1 else alike
    return sorted({*found, *named, *_beside(flags, named)})[:_MOST] if len(found) > 1 else []


def _beside(flags: Sequence[int], named: Sequence[int]) -> set[int]:
    """The flags that stand side by side with several that are of tools or licences, without a gap."""
    found: set[int] = set()
    run: list[int] = []
    for column in [*flags, -2]:
        if run and column != run[-1] + 1:
            if len(set(run).intersection(named)) > 1:
                found.update(run)
            run = []
        run.append(column)
    return found


def _decide_column(
    proposal: Proposal, decision: SheetDecision, options: ReadOptions, answers: Mapping[str, str]
) -> SheetDecision:
    """Which column of a yes or no says who is there (``seat``), asked where nothing else of the sheet does.

    Where the seats are marked and never denied (an *x*, or nothing), who has no mark has none.
    """
    known = dict(decision.extra)
    if {"seat", "products"} & known.keys() or any(
        each.key.endswith("products") for each in proposal.questions
    ):
        return decision
    headings = headings_of(proposal.grid, decision)
    held = decision.column("assigned")
    if held is not None and options.kind is Kind.USAGE:
        column = span(held)[0]
        if not held.by_person and _marked(proposal, decision, column):
            return _taken(decision, column, "marks who has a seat and says nothing of the others")
        return decision
    if options.kind is Kind.USAGE and decision.column("licence") is None:
        for column, heading in enumerate(headings):
            if _counts_licences(proposal, decision, column, heading):
                return _taken(decision, column, "counts the licences of each account", counts=True)
    if any(decision.column(name) is not None for name in _SAYS[options.kind]):
        return decision
    columns = product_flags(proposal.grid, decision, options.kind)
    question = key(proposal.grid.name, None, "seat_column")
    answer = answers.get(question, "")
    if answer == "all":
        return with_extra(decision, "seat", {"reads": "all"})
    place = answer.removeprefix("not ").strip().upper()
    if place and place in map(letters, columns):
        return with_extra(decision, "seat", {"column": place, "yes": not answer.startswith("not ")})
    if len(columns) == 1 and (said := _headed(headings[columns[0]], options.kind)) is not None:
        return _taken(decision, columns[0], "says by its heading who is there", yes=said)
    columns = [column for column in columns if _goes_with_use(proposal, decision, options, column)]
    if not 0 < len(columns) <= _OFFERED:
        return decision
    yes, no, everybody = _HELD[options.kind]
    counted = "; ".join(_counted(proposal, decision, headings, column) for column in columns)
    proposal.questions.append(
        Question(
            key=question,
            sheet=proposal.grid.name,
            column=letters(columns[0]) if len(columns) == 1 else None,
            asks=f"No heading tells {_ASKED[options.kind]}. {counted}. What does that mean?",
            choices=(
                *(
                    Choice(value=f"{word}{letters(column)}", reads=f"“{headings[column]}”: {reads}")
                    for column in columns
                    for word, reads in (("", yes), ("not ", no))
                ),
                Choice(value="all", reads=everybody),
            ),
        )
    )
    return decision


def _counts_licences(proposal: Proposal, decision: SheetDecision, column: int, heading: str) -> bool:
    """Whether a column counts the licences of each account (2, 1, 0), so that who has none holds no seat."""
    values = [value for value in _cells(proposal.grid, decision, column) if value is not None]
    numbers = [int(str(value)) if str(value).isdecimal() else -1 for value in values]
    return (
        bool(SEAT.intersection(words := heading_words(heading)))
        and words[-1] in ("count", "counts", "number", "licences", "seats")
        and 0 in numbers
        and 0 <= min(numbers) < max(numbers) < _SMALL
    )


def _headed(heading: str, kind: Kind) -> bool | None:
    """Whether a heading says by itself that a yes is of who is there (*Employed*), or of who is not (*Terminated*)."""
    said = " ".join(
        word for word in heading_words(heading) if word not in ("is", "has", "user", "employee", "account")
    )
    if says_closed(said) or (kind is Kind.PEOPLE and (LEFT.fullmatch(said) or _GONE.fullmatch(said))):
        return False
    if said in _THERE:
        return True
    return None


def _goes_with_use(proposal: Proposal, decision: SheetDecision, options: ReadOptions, column: int) -> bool:
    """Whether who has yes and who has not differ as the used and the unused do, or no column tells the use."""
    if options.kind is Kind.PEOPLE:
        return _goes_with_a_mark(proposal, decision, column)
    choice = decision.column("last_activity")
    if choice is None:
        return True
    casts = Casts(options.kind, proposal.grid, decision, options, lambda *_, **__: None)
    flags = _cells(proposal.grid, decision, column)
    used = [
        casts.date_of(value, choice.date_order) if value is not None else None
        for value in _cells(proposal.grid, decision, span(choice)[0])
    ]
    sides: dict[bool, list[date | None]] = {True: [], False: []}
    for flag, day in zip(flags, used, strict=True):
        sides[granted(flag) is True].append(day)
    if len(flags) < _ALIKE:
        return False
    for one, other in ((True, False), (False, True)):
        late = [day for day in sides[one] if day is not None]
        if len(late) == len(sides[one]) and all(day is None or day < min(late) for day in sides[other]):
            return True
    return False


def _goes_with_a_mark(proposal: Proposal, decision: SheetDecision, column: int) -> bool:
    """Whether those of one side, and they alone, have something in another unread column: a day, a reason."""
    flags = [granted(value) is True for value in _cells(proposal.grid, decision, column)]
    headings = headings_of(proposal.grid, decision)
    for other, heading in enumerate(headings):
        if heading and other != column:
            filled = [value is not None for value in _cells(proposal.grid, decision, other)]
            if any(filled) and not all(filled) and filled in (flags, [not flag for flag in flags]):
                return True
    return False


def _taken(
    decision: SheetDecision, column: int, why: str, *, yes: bool = True, counts: bool = False
) -> SheetDecision:
    """The column that says who is there, by its own evidence, with the reason a person reads."""
    told = {"column": letters(column), "yes": yes, **({"counts": True} if counts else {})}
    return replace(
        with_extra(decision, "seat", told), reasons=(*decision.reasons, f"column {letters(column)} {why}")
    )


def _marked(proposal: Proposal, decision: SheetDecision, column: int) -> bool:
    """Whether a column only says yes, and of some rows nothing."""
    told = [granted(value) for value in _cells(proposal.grid, decision, column) if value is not None]
    return 0 < len(told) < len(_cells(proposal.grid, decision, column)) and all(told)


def _cells(grid: Grid, decision: SheetDecision, column: int) -> list[Cell]:
    """The cells of a column in the rows that name somebody."""
    who = {
        span(choice)[0]
        for choice in decision.columns
        if choice.field in ("user_email", "user_id", "email", "employee_id")
    }
    rows = (grid.rows[index] for index in sample_rows(grid.position(decision.first_row), len(grid.rows)))
    return [
        row[column] if column < len(row) else None
        for row in rows
        if not who or any(at < len(row) and row[at] is not None for at in who)
    ]


def _counted(proposal: Proposal, decision: SheetDecision, headings: Sequence[str], column: int) -> str:
    """``F “Seated” says yes of 30 and no of 4``."""
    told = Counter(
        fold(str(value)) if value is not None else "" for value in _cells(proposal.grid, decision, column)
    )
    parts = [
        f"“{text}” of {count}" if text else f"nothing of {count}" for text, count in told.most_common(_SHOWN)
    ]
    return f"Column {letters(column)} “{headings[column]}” says {', '.join(parts)}"


def _listed(headings: Sequence[str], columns: Sequence[int]) -> str:
    named = [f"{letters(column)} “{headings[column][:60]}”" for column in columns[:_SHOWN]]
    if len(columns) > len(named):
        named.append(f"{len(columns) - len(named)} more")
    return f"{', '.join(named[:-1])} and {named[-1]}"
