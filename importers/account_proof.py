"""What the cells of a list of users gainsay of the columns its headings chose, and what they tell alone."""

import re
from collections.abc import Sequence
from typing import Final

from importers.account_state_words import GIVEN, HIRED, NOT_GIVEN, PARTS, PRESENT
from importers.cast_words import LEFT, yes_no
from importers.record_words import RECORD_WORDS
from importers.table import ColumnFacts
from importers.texts import fold
from importers.usage import says_closed
from importers.words import heading_words
from mopsaudit.intake.contract import Kind

Picks = dict[str, tuple[int, float]]

#: A heading that is a field's own name, a vendor's layout and a person's word count this much or more.
_TOLD: Final = 0.99
#: What a switch of anything says, until its heading says that it is the account's.
SWITCH: Final = frozenset("enabled disabled activated deactivated on off".split())
#: Words that say of a heading nothing but that it is the account's, beside those its field is called by.
_OF_ACCOUNT: Final = frozenset(
    "has user users account accounts member employee person login profile seat licence system current currently record "
    "code indicator date on at y n yes true false 1 0 a".split()
)
#: The bit of a directory's account control that switches it off, that of an ordinary account, and the bits there are.
_OFF: Final = 2
_ORDINARY: Final = 0x200
_BITS: Final = 0x7FFFFFF
#: More kinds of state than these are no states.
_MOST: Final = 6
#: What is done to an account, or somebody does, on a day of the end.
_CLOSING: Final = re.compile(
    r"\b(?:(?:un|de|in)(?:assign|activat|provision|licen|regist|enroll?)|terminat|suspen|disabl|remov|revok|delet|"
    r"archiv|off ?board|withdraw|separat|leav|left\b|exit|clos|erased|desactivat|deaktiviert|suppression|cierre|baja\b)"
)
_NO_CLOSING: Final = frozenset(
    "last by reason reset password retention scheduled planned notice letter eligible type".split()
)
#: Fields a heading that is more than *date* is taken for loosely, and how surely it is one of them all the same.
_LOOSE: Final = ("_month", "created", "joined")
_SURE: Final = 0.9
#: Words of a heading that is of how much somebody uses a tool.
_USE: Final = frozenset("activity usage use utilisation utilization adoption engagement".split())
#: Headings of a state that may be one of a federation.
_STATES: Final = frozenset(("state", "estado", "stato", "stan", "stat"))
#: Numbers below this count; they number no department.
_SMALL: Final = 100
#: Who is named: so much of the names must differ as the accounts do.
_HALF: Final = 2


def says_yes_no(facts: ColumnFacts) -> bool:
    """Whether every filled cell of a column says yes or no, in words, as a mark, a truth value or 1 and 0."""
    return facts.filled > 0 and not facts.bad and all(_flag(value) is not None for value in facts.values)


def _flag(value: object) -> bool | None:
    return yes_no(value) if isinstance(value, bool | int | float | str) else None


def granted(value: object) -> bool | None:
    """Yes or no, or that something is given or is not: *Assigned*, *Not assigned*, *No access*; else None."""
    said = _flag(value)
    if said is None and isinstance(value, str):
        plain = fold(value).casefold()
        said = True if GIVEN.fullmatch(plain) else False if NOT_GIVEN.fullmatch(plain) else None
    return said


def prove_accounts(
    kind: Kind, headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]
) -> None:
    """Take away what the cells gainsay and add what they prove; changes ``picks`` and ``used``."""
    for name in ("status", "_deleted"):
        pick = picks.get(name)
        if (
            pick is not None
            and pick[1] < _TOLD
            and _other_switch(kind, name, headings[pick[0]], facts[pick[0]])
        ):
            used.discard(picks.pop(name)[0])
    _region(headings, facts, picks, used)
    if kind is Kind.USAGE:
        _of_use(headings, facts, picks, used)
    if "_employment" in picks and not {"status", "licence", "assigned", "tool"} & picks.keys():
        picks["status"] = picks.pop("_employment")
    _spoken(facts, picks, used)
    _flag_of_state(kind, headings, facts, picks, used)
    _closing_day(kind, headings, facts, picks, used)
    if kind is not Kind.USAGE:
        mail = picks.get("email")
        if (
            mail is not None
            and facts[mail[0]].filled
            and not any("@" in text for text in facts[mail[0]].texts)
        ):
            used.discard(picks.pop("email")[0])  # whether a mail was sent, or an account closed
        return
    _counted(headings, facts, picks, used)
    _named_by_code(headings, facts, picks, used)
    _kinds(facts, picks)
    _nobody(facts, picks, used)
    _ident(headings, facts, picks, used)
    _of_the_person(facts, picks, used)
    _control(headings, facts, picks, used)
    _no_tool(headings, facts, picks, used)
    _flagged_seat(headings, facts, picks, used)


def _closing_day(
    kind: Kind, headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]
) -> None:
    """The one column of days on which some of the accounts were closed, or some of the people went."""
    name = "_deleted" if kind is Kind.USAGE else "left"
    if name in picks:
        return
    most = max((each.filled for each in facts), default=0)
    weak = {at: other for other, (at, score) in picks.items() if other in _LOOSE and score < _SURE}
    taken = used - _aside(kind, headings, picks, used)
    columns = [
        column
        for column, heading in enumerate(headings)
        if heading
        and (column not in taken or column in weak)
        and 0 < facts[column].filled < most
        and facts[column].date_share() >= 1.0
        and _CLOSING.search(" ".join(words := heading_words(heading)))
        and _NO_CLOSING.isdisjoint(words)
    ]
    if len(columns) == 1:
        picks.pop(weak.get(columns[0], ""), None)
        used.add(columns[0])
        picks[name] = (columns[0], 0.7)


def _aside(kind: Kind, headings: Sequence[str], picks: Picks, used: set[int]) -> set[int]:
    """The columns that are used up because their headings are of no concern, by words alone."""
    named = {column for name, (column, _) in picks.items() if name != "_soak"}
    words = RECORD_WORDS[kind]
    return {
        column
        for column in used - named
        if headings[column] and words.fields(headings[column]).get("_soak", 0.0) >= _SURE
    }


def _of_use(headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]) -> None:
    """A state of the use (*Activity status: Never active*) is none of the account: who is inactive may hold a seat."""
    pick = picks.get("status")
    if pick is not None and pick[1] < _TOLD and _USE.intersection(heading_words(headings[pick[0]])):
        used.discard(picks.pop("status")[0])


def _spoken(facts: Sequence[ColumnFacts], picks: Picks, used: set[int]) -> None:
    """Details of a lock in words say neither yes nor a day: they are told, not read."""
    pick = picks.get("_deleted")
    if pick is None or pick[1] >= _TOLD:
        return
    each = facts[pick[0]]
    texts = [text for text in each.texts if _flag(text) is None and not says_closed(text) and len(text) > 1]
    if texts and len(texts) == len(each.texts) and not each.numeric and not each.date_share():
        used.discard(picks.pop("_deleted")[0])


def _ident(headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]) -> None:
    """Where some accounts have no address, the one column of marks of their own that every account has names them."""
    mail = picks.get("user_email")
    most = max((each.filled for each in facts), default=0)
    if mail is None or "user_id" in picks or "_username" in picks or facts[mail[0]].filled >= most:
        return
    columns = [
        column
        for column, heading in enumerate(headings)
        if heading
        and column not in used
        and facts[column].filled == most == len(facts[column].texts)
        and all(" " not in text and "@" not in text for text in facts[column].texts)
    ]
    if len(columns) == 1:
        used.add(columns[0])
        picks["user_id"] = (columns[0], 0.7)


def _said(score: float) -> bool:
    """Whether a person or a vendor's layout said what a column is, whatever its cells."""
    return score > 1.0 or score == _TOLD


def _kinds(facts: Sequence[ColumnFacts], picks: Picks) -> None:
    """Employees and contractors are kinds of accounts, under whatever heading (*User type*), and no licences."""
    pick = picks.get("licence")
    if pick is None or _said(pick[1]) or "account_kind" in picks:
        return
    each = facts[pick[0]]
    texts = {fold(text).casefold() for text in each.texts}
    if texts and sum(each.texts.values()) == each.filled and all(text in HIRED for text in texts):
        picks["account_kind"] = picks.pop("licence")


def _counted(headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]) -> None:
    """How many groups somebody is in (2, 1, 0) is no department; the numbers of departments are larger."""
    pick = picks.get("department")
    if pick is None or pick[1] >= _TOLD:
        return
    numbers = [_whole(value) for value in facts[pick[0]].values]
    if numbers and all(number is not None and number < _SMALL for number in numbers):
        used.discard(picks.pop("department")[0])


def _named_by_code(
    headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]
) -> None:
    """Where nothing names the tools of a list, the code of an application does: *Application ID*, in letters."""
    if "tool" in picks:
        return
    columns = [
        column
        for column, heading in enumerate(headings)
        if heading
        and column not in used
        and len(words := heading_words(heading)) > 1
        and words[0] in ("application", "app", "software", "product", "tool", "applikation", "logiciel")
        and words[-1] in ("id", "code", "key", "title", "label", "identifier")
        and facts[column].filled > 0
        and not facts[column].numeric
        and sum(facts[column].texts.values()) == facts[column].filled
    ]
    if len(columns) == 1:
        used.add(columns[0])
        picks["tool"] = (columns[0], 0.7)


def _region(headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]) -> None:
    """Under *State* stands California as well: where no value is a state of an account, it is no status."""
    pick = picks.get("status")
    if pick is None or pick[1] >= 1.0 or " ".join(heading_words(headings[pick[0]])) not in _STATES:
        return
    each = facts[pick[0]]
    texts = {fold(text).casefold().replace("_", " ") for text in each.texts}
    if (
        texts
        and sum(each.texts.values()) == each.filled
        and not any(
            says_closed(text) or PRESENT.fullmatch(text) or LEFT.fullmatch(text) or yes_no(text) is not None
            for text in texts
        )
    ):
        used.discard(picks.pop("status")[0])


def _flag_of_state(
    kind: Kind, headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]
) -> None:
    """The one unread column of a yes or no that is headed as a status, where nothing is the status any more."""
    if "status" in picks:
        return
    words = RECORD_WORDS[kind]
    columns = [
        column
        for column, heading in enumerate(headings)
        if heading
        and column not in used
        and says_yes_no(facts[column])
        and words.fields(heading).get("status", 0.0) >= _SURE
    ]
    if len(columns) == 1:
        used.add(columns[0])
        picks["status"] = (columns[0], _SURE)


def _of_the_person(facts: Sequence[ColumnFacts], picks: Picks, used: set[int]) -> None:
    """A function of each account beside no use of it is what the person does, no feature of a tool."""
    pick = picks.get("feature")
    who = next((picks[each] for each in ("user_email", "_username", "user_id") if each in picks), None)
    if pick is None or who is None or "used" in picks or pick[1] >= 1.0:
        return
    people = facts[who[0]]
    if people.filled == len(people.values) > 1:
        used.discard(picks.pop("feature")[0])


def _words_of(kind: Kind, name: str) -> frozenset[str]:
    """Every word a field is called by."""
    return RECORD_WORDS[kind].words_of(name)


def _other_switch(kind: Kind, name: str, heading: str, facts: ColumnFacts) -> bool:
    """Whether a yes or no, or a switch, is of something beside the account: *Portal enabled*, *SMS status*."""
    texts = {fold(text).casefold() for text in facts.texts}
    switch = facts.filled > 0 and sum(facts.texts.values()) == facts.filled and texts <= SWITCH
    if not (switch or says_yes_no(facts)):
        return False
    return bool(set(heading_words(heading)) - _words_of(kind, name) - _OF_ACCOUNT)


def _nobody(facts: Sequence[ColumnFacts], picks: Picks, used: set[int]) -> None:
    """A column whose few values stand beside many accounts names no person (*Company*, *Offering*)."""
    name = picks.get("user_name")
    who = next((picks[each] for each in ("user_email", "_username", "user_id") if each in picks), None)
    if name is None or who is None or name[1] >= _TOLD:
        return
    of, people = facts[name[0]], facts[who[0]]
    if people.filled >= 3 and of.filled >= people.filled and len(of.values) * _HALF <= len(people.values):
        used.discard(picks.pop("user_name")[0])


def _control(headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]) -> None:
    """The control bits of a directory's accounts (512, 514, 66048): ordinary accounts, some of them switched off."""
    for column, heading in enumerate(headings):
        each = facts[column]
        numbers = [number for value in each.values if (number := _whole(value)) is not None]
        if (
            heading
            and column not in used
            and len(numbers) == len(each.values) > 0
            and all(0 < number <= _BITS and number & (_ORDINARY | 0x1800) for number in numbers)
            and ("control" in "".join(heading_words(heading)) or {512, 66048} & set(numbers))
            and len(numbers) <= 2 * _MOST
        ):
            used.add(column)
            picks["_control"] = (column, 0.9)
            return


def switched_off(value: object) -> bool:
    """Whether a directory's account control says that the account is off."""
    number = _whole(value)
    return number is not None and bool(number & _OFF)


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        return int(value) if value.isdecimal() and len(value) < 10 else None
    return int(value) if value == int(value) else None


def _no_tool(headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]) -> None:
    """A column of states, of addresses or of a company's parts names no tool, whatever its heading says."""
    pick = picks.get("tool")
    if pick is None or pick[1] >= 1.0:
        return
    each = facts[pick[0]]
    texts = {fold(text).casefold() for text in each.texts}
    if not texts or sum(each.texts.values()) < each.filled:
        return
    if all("@" in text for text in texts):
        used.discard(picks.pop("tool")[0])
    elif any(map(says_closed, texts)) and all(says_closed(text) or PRESENT.fullmatch(text) for text in texts):
        used.discard(picks.pop("tool")[0])
        if "status" not in picks:
            used.add(pick[0])
            picks["status"] = (pick[0], 0.7)
    elif len(texts) > 1 and _HALF * sum(map(_is_part, texts)) >= len(texts):
        del picks["tool"]
        if "department" in picks:
            used.discard(pick[0])
        else:
            picks["department"] = (pick[0], 0.7)


def _is_part(text: str) -> bool:
    return bool(PARTS.intersection(heading_words(text)))


#: Words of a heading under which a yes or no is a seat held.
SEAT: Final = frozenset("licence licences licensed seat seats seated billable paid".split())


def _flagged_seat(
    headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]
) -> None:
    """A column of licences that holds nothing but yes and no says who has one; of those unread the one so headed."""
    licence = picks.get("licence")
    if (
        licence is not None
        and licence[1] < _TOLD
        and "assigned" not in picks
        and says_yes_no(facts[licence[0]])
    ):
        picks["assigned"] = picks.pop("licence")
    if {"licence", "assigned"} & picks.keys():
        return
    columns = [
        column
        for column, heading in enumerate(headings)
        if heading
        and column not in used
        and SEAT.intersection(heading_words(heading))
        and says_yes_no(facts[column])
    ]
    if len(columns) == 1 and any(map(_flag, facts[columns[0]].values)):
        used.add(columns[0])
        picks["assigned"] = (columns[0], 0.7)


def numbered_state(
    headings: Sequence[str], facts: Sequence[ColumnFacts], picks: Picks, used: set[int]
) -> None:
    """A status in a few numbers (1, 2, 9) is a status all the same; which of them are closed is asked."""
    if "status" in picks:
        return
    columns = [
        column
        for column, heading in enumerate(headings)
        if heading
        and column not in used
        and (words := heading_words(heading))
        and words[-1] in ("status", "state", "statut", "stato", "estado")
        and 1 < len(facts[column].values) <= _MOST
        and facts[column].filled > len(facts[column].values)
        and all(_whole(value) is not None for value in facts[column].values)
    ]
    if len(columns) == 1:
        used.add(columns[0])
        picks["status"] = (columns[0], 0.7)
