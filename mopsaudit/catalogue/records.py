"""Reading of the catalogue's data files: one record a line, fields between bars, `#` opens a comment line."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line of a data file: its file name, 1-based line number and its fields without outer blanks."""

    file: str
    line: int
    fields: tuple[str, ...]

    @property
    def place(self) -> str:
        """`file:line`, for problems."""
        return f"{self.file}:{self.line}"


class CatalogueError(ValueError):
    """A data file cannot be understood; the message names file and line."""


def read_records(name: str) -> Iterator[Record]:
    """Yield the records of `data/NAME` in file order. Blank lines and lines starting with `#` are skipped."""
    text = (
        files("mopsaudit.catalogue").joinpath("data").joinpath(*name.split("/")).read_text(encoding="utf-8")
    )
    for number, line in enumerate(text.splitlines(), start=1):
        if line and not line.startswith("#") and not line.isspace():
            yield Record(file=name, line=number, fields=tuple(part.strip() for part in line.split("|")))
