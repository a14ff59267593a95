"""What an inventory list says a tool is: its category, technology types and capabilities, in whose words ever.

A category word that neither the taxonomy, the row's types nor the catalogue can place is asked about once for the whole
file; the answer is remembered with the layout of the list. A tool of which the list says no category, and nothing else
does, is asked about by its name; where they are many, all of them at once.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from mopsaudit.catalogue.labels import category_by_label, type_by_label
from mopsaudit.catalogue.products import CatalogueProduct, catalogue, product, products_of_vendor
from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.errors import InvalidError
from mopsaudit.intake.contract import Choice, Question, RecordRow, SheetDecision
from mopsaudit.intake.journal import Journal
from mopsaudit.intake.match import Decision
from mopsaudit.intake.placing import storable
from mopsaudit.intake.record_codes import NAME_UNKNOWN
from mopsaudit.intake.records import Desk
from mopsaudit.intake.spool import ReadFile
from mopsaudit.intake.work_order import Work
from mopsaudit.inventory.vendors import find_vendor
from mopsaudit.problems import RefusedError
from mopsaudit.words import Category

#: Where a sheet's decision keeps folded word → category.
REMEMBERED: Final = "categories"
_KEY: Final = "category."
#: Before the name of a tool without a category; alone it is the answer for all that have none of their own.
_TOOL_KEY: Final = "category_of."
#: Up to so many tools without a category are asked about one by one.
ONE_BY_ONE: Final = 20
_VALUES: Final = frozenset(each.value for each in Category)


def _folded(word: str) -> str:
    """A word as its question is keyed: case, runs of white space and ``=`` (which ends a key) do not count."""
    return storable(" ".join(word.casefold().replace("=", " ").split()), 120) or ""


def told_words(decision: SheetDecision, answers: Mapping[str, str]) -> dict[str, str]:
    """Folded word → category, as remembered for the sheet's layout and answered for this file; an answer wins."""
    kept = dict(decision.extra).get(REMEMBERED)
    told = dict(kept) if isinstance(kept, dict) else {}
    told |= {key.removeprefix(_KEY): value for key, value in answers.items() if key.startswith(_KEY)}
    return {word: value for word, value in told.items() if value in _VALUES}


def told_category(at: Desk, position: int, said: str) -> str | None:
    """The category a person gave the word of a row, in this file or an earlier one of its layout; else None."""
    decision = at.work.read.reading.sheets[position].decision
    return told_words(decision, dict(at.work.options.answers)).get(_folded(said))


def _told_of_tool(at: Desk, name: str) -> str | None:
    """The category a person gave a tool whose row says none, by its name or with all such tools; else None."""
    answers = dict(at.work.options.answers)
    told = answers.get(f"{_TOOL_KEY}{_folded(name)}", answers.get(_TOOL_KEY))
    return told if told in _VALUES else None


def waiting_words(work: Work) -> tuple[Question, ...]:
    """One question for each category word by which a tool not known yet would enter and that nothing places, and for
    each such tool without a word.

    Reads only. Rows of tools that stand already, or whose types or whose place in the catalogue tell, ask nothing.
    """
    at = Desk(work, Journal())
    waiting: dict[str, list[tuple[str, str]]] = {}
    nameless: dict[str, str] = {}
    for position, row in work.read.records():
        said = " ".join(str(row.values.get("category") or "").split())
        name = str(row.values["tool"])
        if category_by_label(said) is not None or type_by_label(said) is not None:
            continue
        if row.values.get("id") not in (None, ""):
            continue
        told = told_category(at, position, said) if said else _told_of_tool(at, name)
        if told is not None:
            continue
        seller = find_vendor(at.session, str(row.values.get("vendor") or "").strip())
        if at.tool(name, vendor_id=seller.id if seller is not None else None) is not None:
            continue
        types = ids_of(at, position, row, "types")[0] if row.values.get("types") else ()
        if _known_category(at, name, types, catalogued(at, name)) is not None:
            continue
        if said:
            waiting.setdefault(_folded(said), []).append((said, name))
        else:
            nameless.setdefault(_folded(name), name)
    questions = [_question(word, tools) for word, tools in waiting.items()]
    if len(nameless) > ONE_BY_ONE:
        return (*questions, _of_all(list(nameless.values())))
    return (*questions, *(_of_tool(key, name) for key, name in nameless.items()))


def asks_category(key: str) -> bool:
    """Whether a key is one of the questions about categories."""
    return key.startswith((_KEY, _TOOL_KEY))


def check_answers(read: ReadFile, answers: Sequence[tuple[str, str]]) -> None:
    """That answers about categories are to words and tools of the list, and one of the four.

    Raises:
        RefusedError: naming the slip, and what there is instead.
    """
    given = [(key, value) for key, value in answers if asks_category(key)]
    if not given:
        return
    asked = {_TOOL_KEY}
    for _, row in read.records():
        said = " ".join(str(row.values.get("category") or "").split())
        asked.add(f"{_KEY}{_folded(said)}" if said else f"{_TOOL_KEY}{_folded(str(row.values['tool']))}")
    for key, value in given:
        if key not in asked:
            near = get_close_matches(key, sorted(asked - {_TOOL_KEY}), n=1, cutoff=0.8)
            meant = f" Did you mean “{near[0]}”?" if near else ""
            raise RefusedError(f"“{key}” asks nothing of this list: it holds no such word or tool.{meant}")
        if value not in _VALUES:
            valid = ", ".join(f"“{item.id.value}”" for item in taxonomy().categories)
            raise RefusedError(f"“{value}” does not answer {key}; choose one of {valid}.")


def _choices(what: str) -> tuple[Choice, ...]:
    return tuple(Choice(value=item.id.value, reads=f"{what} {item.name}") for item in taxonomy().categories)


def _of_tool(key: str, name: str) -> Question:
    said = storable(name, 60)
    return Question(
        key=f"{_TOOL_KEY}{key}",
        asks=f"No category is given for {said}, and the catalogue does not know it. Which category is it of?",
        choices=_choices(f"{said} is of"),
    )


def _of_all(names: Sequence[str]) -> Question:
    shown = ", ".join(storable(name, 60) or "" for name in names[:5])
    return Question(
        key=_TOOL_KEY,
        asks=f"No category is given for {len(names):,} tools the catalogue does not know: {shown} and "
        f"{len(names) - 5:,} more. Under which category shall they enter? Change single ones in the list of tools "
        "afterwards, or add a column Category to the file.",
        choices=_choices("they enter under"),
    )


def _question(word: str, tools: Sequence[tuple[str, str]]) -> Question:
    said = storable(tools[0][0], 60)
    named = ", ".join(storable(name, 60) or "" for _, name in tools[:3])
    more = f" and {len(tools) - 3:,} more" if len(tools) > 3 else ""
    return Question(
        key=f"{_KEY}{word}",
        asks=f"“{said}” is none of the four categories, and the catalogue does not know {named}{more}. "
        "Which category does this word stand for?",
        choices=_choices(f"“{said}” is"),
    )


def catalogued(at: Desk, name: str) -> CatalogueProduct | None:
    """The catalogue's product of that name: surely matched, or the only one called so; else None."""
    match = at.matcher.match(name)
    if match.decision is Decision.MATCH and match.tool_id and ":" not in match.tool_id:
        return product(match.tool_id)
    key = " ".join(name.split()).casefold()
    same = [item for item in catalogue().products if item.name.casefold() == key]
    return same[0] if len(same) == 1 else None


def category_of(
    at: Desk, position: int, row: RecordRow, facts: dict[str, Any], known: CatalogueProduct | None
) -> str:
    """The category of a new tool: as the row says, by its types, by the catalogue, by what a person said of the word.

    A company's own word that names a technology type (“CRM”) is one, where the row gives no type.

    Raises:
        InvalidError: where nothing says it.
    """
    said = str(row.values.get("category") or "").strip()
    category = category_by_label(said)
    if category is not None:
        return category.value
    type_id = type_by_label(said)
    if type_id is not None and not facts.get("types"):
        facts["types"] = [type_id]
    if type_id is not None:
        return taxonomy().category_of(type_id).value
    found = _known_category(at, str(row.values["tool"]), facts.get("types") or (), known)
    if found is None:
        told = told_category(at, position, said) if said else _told_of_tool(at, str(row.values["tool"]))
        if told is not None:
            return told
        reason = f"“{said}” is none of the four categories and" if said else "No category is given and"
        raise InvalidError(
            f"{reason} the catalogue does not know {row.values['tool']}. Write one of: {four()}.", "category"
        )
    if said:
        name = next(item.name for item in taxonomy().categories if item.id is found)
        message = f"“{said}” is none of the four categories; the tool was entered under {name}."
        at.problem(NAME_UNKNOWN, message, position, row.cells.get("category"))
    return found.value


def _known_category(
    at: Desk, name: str, types: Sequence[str], known: CatalogueProduct | None
) -> Category | None:
    """The category of a tool by its technology types, else by the catalogue; None where neither tells."""
    if types:
        return taxonomy().category_of(types[0])
    return known.category if known is not None else _sold_in(at, name)


def _sold_in(at: Desk, name: str) -> Category | None:
    """The category of everything the vendor of that name sells, where the catalogue knows only one."""
    match = at.matcher.match(name)
    if match.decision is not Decision.MATCH or match.vendor_id is None or ":" in match.vendor_id:
        return None
    sold = {item.category for item in products_of_vendor(match.vendor_id)}
    return sold.pop() if len(sold) == 1 else None


def four() -> str:
    """The exact names of the four categories."""
    return "; ".join(item.name for item in taxonomy().categories)


def exported_parts(value: object) -> list[str]:
    """The parts of a cell as an exported file separates them: by semicolons alone, a name may hold a comma."""
    return [" ".join(part.split()) for part in str(value or "").split(";") if part.strip()]


def _names(value: object, known: Mapping[str, str]) -> list[str]:
    """The parts of a cell that lists names: by semicolons, then by commas where the longest run is no known name."""
    found = []
    for part in exported_parts(value):
        words = [word.strip() for word in part.split(",") if word.strip()]
        while words:
            run = next((n for n in range(len(words), 1, -1) if ", ".join(words[:n]).casefold() in known), 1)
            found.append(", ".join(words[:run]))
            words = words[run:]
    return found


def ids_of(at: Desk, position: int, row: RecordRow, name: str) -> tuple[list[str], bool]:
    """Ids of types or capabilities by id or name, and whether every name is known; an unknown one is a problem."""
    tree = taxonomy()
    known = tree.types if name == "types" else tree.capabilities
    words = {item.name.casefold(): item.id for item in known} | {item.id: item.id for item in known}
    found = []
    whole = True
    for text in _names(row.values[name], words):
        ident = words.get(text.casefold()) or (type_by_label(text) if name == "types" else None)
        if ident is None:
            what = "technology type" if name == "types" else "capability"
            whole = False
            at.problem(NAME_UNKNOWN, f"There is no {what} “{text}”.", position, row.cells.get(name))
        else:
            found.append(ident)
    return found, whole
