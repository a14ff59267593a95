"""The key by which a restated file wins over earlier lines, and which lines it then restates. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from mopsaudit.errors import InvalidError
from mopsaudit.intake.duplicates import invoice_key

#: What a key may be made of, and what a person calls it.
KEY_FIELDS: Final[Mapping[str, str]] = {
    "invoice": "invoice number",
    "supplier": "supplier",
    "date": "date",
    "period": "month",
    "purchase_order": "purchase order",
    "description": "description",
    "cost_centre": "cost centre",
    "gl_account": "account",
}
#: The key finance restates by, unless it says otherwise.
DEFAULT_KEY: Final = ("invoice", "supplier")
#: Fields that say which cost it is; a key needs one of them. A supplier alone would replace all it ever sent.
_TELLING: Final = frozenset({"invoice", "date", "period", "purchase_order", "description"})

Key = tuple[object, ...]


class KeyedLine(NamedTuple):
    """The values of a line a key may be made of; ``month`` is a month index, ``invoice`` the number as printed."""

    id: int
    supplier: int | None
    invoice: str | None
    day: date | None
    month: int | None
    purchase_order: str | None = None
    description: str | None = None
    cost_centre: str | None = None
    gl_account: str | None = None


def checked_key(fields: Iterable[str]) -> tuple[str, ...]:
    """The fields of a key in their own order, each once.

    Raises:
        InvalidError: for an unknown field, or a key that tells no cost from another.
    """
    wanted = {field.strip().casefold().replace(" ", "_") for field in fields if field.strip()}
    unknown = sorted(wanted - set(KEY_FIELDS))
    if unknown:
        raise InvalidError(
            f"“{unknown[0]}” cannot be replaced by; choose among {', '.join(KEY_FIELDS)}.", "replace_by"
        )
    if wanted and not wanted & _TELLING:
        raise InvalidError(
            "Replace by invoice, date, period, purchase order or description too: this key alone would replace "
            "every line it names.",
            "replace_by",
        )
    return tuple(field for field in KEY_FIELDS if field in wanted)


def key_words(fields: Sequence[str]) -> str:
    """A key in words: ``invoice number and supplier``."""
    words = [KEY_FIELDS[field] for field in fields]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def key_of(fields: Sequence[str], line: KeyedLine) -> Key | None:
    """The key of a line, or None where it lacks one of the fields: such a line neither replaces nor is replaced."""
    key = tuple([_VALUES[field](line) for field in fields])
    return None if None in key else key


#: What each field of a key is of a line; None where the line lacks it.
_VALUES: Final[Mapping[str, Callable[[KeyedLine], object]]] = {
    "invoice": lambda line: invoice_key(line.invoice),
    "supplier": lambda line: line.supplier,
    "date": lambda line: line.day,
    "period": lambda line: line.month,
    "purchase_order": lambda line: invoice_key(line.purchase_order),
    "description": lambda line: " ".join((line.description or "").casefold().split()) or None,
    "cost_centre": lambda line: (line.cost_centre or "").strip().casefold(),
    "gl_account": lambda line: (line.gl_account or "").strip().casefold(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """An import that replaces by key: the ids of the lines it holds."""

    import_id: int
    fields: tuple[str, ...]
    lines: frozenset[int]


def restatements(
    lines: Iterable[KeyedLine], replacing: Sequence[Restatement]
) -> dict[int, tuple[int, Restatement]]:
    """Restated line → the line that stands in its place and the import that says so. Pure.

    ``replacing`` in the order they were received; the latest one with the line's key speaks. The line in its place is
    the first of that import with the same key.
    """
    found: dict[int, tuple[int, Restatement]] = {}
    known = list(lines)
    keyed: dict[tuple[str, ...], dict[Key, list[int]]] = {}
    for restatement in replacing:
        groups = keyed.get(restatement.fields)
        if groups is None:
            groups = keyed[restatement.fields] = _by_key(restatement.fields, known)
        for line_id in restatement.lines:
            found.pop(line_id, None)
        for ids in groups.values():
            head = next((line_id for line_id in ids if line_id in restatement.lines), None)
            if head is not None:
                found.update(
                    (line_id, (head, restatement)) for line_id in ids if line_id not in restatement.lines
                )
    return found


def _by_key(fields: Sequence[str], lines: Iterable[KeyedLine]) -> dict[Key, list[int]]:
    """Key → the lines that have it, in the order given."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for line in lines:
        key = key_of(fields, line)
        if key is not None:
            groups[key].append(line.id)
    return groups
