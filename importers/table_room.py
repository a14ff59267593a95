"""How much room the tables of an OpenDocument sheet take: a few bytes repeat a cell a thousand million times."""

from collections.abc import Callable
from typing import Final

from importers import codes
from importers.grid import address
from mopsaudit.intake.contract import Limits
from mopsaudit.problems import RefusedError

#: More room than this for cells one in so many of which is filled is a stray's doing.
_ROOM: Final = 2_000_000
_FILLED: Final = 20


class TableRoom:
    """Counts the rows and columns of the tables of a ``content.xml`` as its elements start, repeats included."""

    def __init__(self, limits: Limits, before: Callable[[str, dict[str, str]], None]) -> None:
        self.limits, self.before = limits, before
        self._begin()

    def _begin(self) -> None:
        self.row = self.column = self.filled = self.rows = self.widest = 0
        self.repeat, self.counted = 1, False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element starts.

        Raises:
            RefusedError: where a table holds more rows or columns of values than are read, or reaches far for a few.
        """
        self.before(tag, attributes)
        local = tag.rpartition(":")[2]
        if local == "table":
            self._begin()
        elif local == "table-row":
            self.repeat, self.counted, self.column = _repeated(attributes, ":number-rows-repeated"), False, 0
            self.row += self.repeat
        elif local in ("table-cell", "covered-table-cell"):
            times = _repeated(attributes, ":number-columns-repeated")
            self.column += times
            if any(name.endswith(":value-type") for name in attributes):
                self._value(times)

    def _value(self, times: int) -> None:
        if times > self.limits.columns:
            raise _refused(
                f"A sheet of this file is more than {self.limits.columns} columns wide. Remove those not needed."
            )
        if not self.counted:
            self.rows, self.counted = self.rows + self.repeat, True
            if self.rows > self.limits.rows:
                raise _refused(
                    f"A sheet of this file holds more than {self.limits.rows:,} rows. "
                    "Split it: one month, or one cost centre, per file."
                )
        self.filled += times * self.repeat
        self.widest = max(self.widest, self.column)
        room = self.row * self.widest
        if room > _ROOM and self.filled * _FILLED < room:
            raise _refused(
                f"A sheet of this file reaches to {address(self.row, min(self.widest, 16_384) - 1)} for a few cells "
                "far outside of its table. Delete the rows and columns behind the table, or save the file as .xlsx."
            )


def _repeated(attributes: dict[str, str], name: str) -> int:
    text = next((value for key, value in attributes.items() if key.endswith(name)), "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 1


def _refused(sentence: str) -> RefusedError:
    return RefusedError(sentence, code=codes.TOO_LARGE.code)
