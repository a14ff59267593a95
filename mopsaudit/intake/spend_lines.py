"""Spend lines held column by column: what 100,000 of them are made, carried and stored as.

A line as a tuple of its own is made once by the reader and taken apart at every step after it; columns are handed on as
they are, and one that holds nothing is not there at all.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Self, overload

from mopsaudit.intake.contract import SpendRow

#: Where a field's column stands.
PLACE: Final = {name: place for place, name in enumerate(SpendRow._fields)}


class SpendLines(Sequence[SpendRow]):
    """Lines of one sheet, or of several: a sequence of :class:`SpendRow`, held as one column for each of its fields."""

    __slots__ = ("columns", "size")

    def __init__(self, size: int, columns: Sequence[Sequence[Any] | None]) -> None:
        """``columns`` in the order of a row's fields, each of ``size`` values, or None where every value is None."""
        self.size = size
        self.columns = tuple(columns)

    @classmethod
    def of(cls, rows: Sequence[SpendRow]) -> "SpendLines":
        """These rows by column; themselves if they are."""
        if isinstance(rows, SpendLines):
            return rows
        if not rows:
            return cls(0, [None] * len(SpendRow._fields))
        columns = zip(*rows, strict=True)
        return cls(len(rows), [None if each.count(None) == len(each) else each for each in columns])

    @classmethod
    def joined(cls, parts: Sequence["SpendLines"]) -> "SpendLines":
        """All of these one after the other."""
        if len(parts) == 1:
            return parts[0]
        columns: list[Sequence[Any] | None] = []
        for place in range(len(SpendRow._fields)):
            if all(part.columns[place] is None for part in parts):
                columns.append(None)
                continue
            values: list[Any] = []
            for part in parts:
                column = part.columns[place]
                values.extend([None] * part.size if column is None else column)
            columns.append(values)
        return cls(sum(part.size for part in parts), columns)

    def column(self, name: str) -> Sequence[Any]:
        """The values of one field, line by line."""
        found = self.columns[PLACE[name]]
        return [None] * self.size if found is None else found

    def with_column(self, name: str, values: Sequence[Any] | None) -> Self:
        """The same lines with other values of one field; None for none throughout."""
        columns = list(self.columns)
        columns[PLACE[name]] = values
        return type(self)(self.size, columns)

    def at(self, places: Sequence[int]) -> "SpendLines":
        """The lines at these places, which rise."""
        size = len(places)
        if not size:
            return SpendLines(0, [None] * len(self.columns))
        first, last = places[0], places[-1] + 1
        if last - first == size:
            return self if size == self.size else self[first:last]
        return SpendLines(
            size,
            [None if each is None else [each[place] for place in places] for each in self.columns],
        )

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[SpendRow]:
        return map(SpendRow._make, zip(*map(self.column, SpendRow._fields), strict=True))

    @overload
    def __getitem__(self, place: int) -> SpendRow: ...

    @overload
    def __getitem__(self, place: slice) -> "SpendLines": ...

    def __getitem__(self, place: int | slice) -> "SpendRow | SpendLines":
        if isinstance(place, slice):
            size = len(range(*place.indices(self.size)))
            return SpendLines(size, [None if each is None else each[place] for each in self.columns])
        at = range(self.size)[place]  # an index error where a list's would be
        return SpendRow._make(None if each is None else each[at] for each in self.columns)
