"""Columns of a sheet's texts as columns of cells: thousands at once, and what repeats worked out once."""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from json import loads
from typing import Any, Final, cast

from importers.grid import Bad, Cell

_MOST: Final = 50_000
#: More different texts than this in a column are not worth remembering where looking one up is as quick.
FEW: Final = 4_000
_ENTITY: Final = re.compile(r"&(amp|lt|gt|quot|apos);")
_CHARACTERS: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Texts(dict[str | None, Cell]):
    """Texts as cells: entities resolved, equal ones one object; forgets when there are too many different ones."""

    def __init__(self, cast: Callable[[str], Cell]) -> None:
        super().__init__()
        self[None] = None
        self.cast = cast

    def __missing__(self, text: str | None) -> Cell:
        if len(self) > _MOST:
            self.clear()
            self[None] = None
        assert text is not None
        value = self.cast(_plain(text))
        self[text] = value
        return value


class OwnTexts:
    """Texts written into their cells: equal ones one object, but for a column that hardly repeats one."""

    def __init__(self, cast: Callable[[str], Cell], longest: int) -> None:
        self.known, self.longest = Texts(cast), longest
        self.differ = False

    def column(self, texts: Sequence[str | None]) -> Iterable[Cell]:
        """The cells of a column of texts."""
        if self.differ and all(texts):
            joined = "".join(texts)  # type: ignore[arg-type]  # none is None
            plain = "&" not in joined and "_x" not in joined and max(map(len, texts)) <= self.longest  # type: ignore[arg-type]
            if plain and _mostly_differ(texts):
                return texts  # as they stand
        self.differ = _mostly_differ(texts)
        return map(self.known.__getitem__, texts)


def _mostly_differ(texts: Sequence[str | None]) -> bool:
    return len(set(texts)) * 5 > len(texts) * 4


class SharedTexts:
    """Numbers of shared strings as cells: remembered while few differ, else each looked up."""

    def __init__(self, strings: Sequence[Any], ready: list[str | None]) -> None:
        self.strings, self.ready = strings, ready
        self.known = Texts(self._cell)

    def column(self, numbers: Sequence[str | None]) -> Iterable[Cell]:
        """The cells of a column of numbers."""
        if len(self.known) > FEW:
            ready = self.ready
            if not ready:
                ready += [str(text) or None for text in self.strings]
            with suppress(IndexError):
                return [None if number is None else ready[int(number)] for number in numbers]
        return map(self.known.__getitem__, numbers)

    def _cell(self, number: str) -> Cell:
        index = int(number)
        return (str(self.strings[index]) or None) if index < len(self.strings) else Bad("number", number)


def numbers_of(column: Sequence[str | None], one: Callable[[str], Cell]) -> list[Cell]:
    """A column of numbers that match the pattern of one: whole ones as ``int``, others as ``float``, as ``one`` reads
    what is written unlike JSON.
    """
    if None not in column:
        with suppress(ValueError):  # a nought in front
            return cast("list[Cell]", loads(f"[{','.join(column)}]"))  # type: ignore[arg-type]
    return [
        None if text is None else int(text) if text.isdigit() else float(text) if "." in text else one(text)
        for text in column
    ]


def _plain(text: str) -> str:
    return _ENTITY.sub(lambda match: _CHARACTERS[match.group(1)], text) if "&" in text else text
