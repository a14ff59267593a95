"""The one entry: a file of any kind and format into a reading and typed rows."""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from importers import codes
from importers.binary_rows import refuse_repeated_rows
from importers.calamine import open_calamine, refuse_protected
from importers.cell_formats import looks_of_ods, looks_of_xls
from importers.grid import Grid, keys_come_to
from importers.package import Package, looks_like, scan
from importers.period_dates import complete_days
from importers.plain_ods import plain_ods
from importers.plain_package import plain_copy
from importers.refusals import refuse
from importers.spend_book import read_spend
from importers.spend_columns import WORDS
from importers.text_rows import more_fields
from importers.textfile import read_text
from importers.unread import tell_unread
from importers.workbook import UnreadableError, open_workbook
from importers.xls_cells import refuse_lost_cells
from mopsaudit.intake.contract import (
    UNASKED,
    Importer,
    Kind,
    Limits,
    Reading,
    ReadOptions,
    RecordRow,
    Sink,
    SpendRow,
)
from mopsaudit.problems import Problem, RefusedError, Severity

_TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".tab")
#: Keys without a sheet or column.
_OF_THE_FILE: Mapping[Kind, set[str]] = {Kind.SPEND: {"sheets"}, Kind.USAGE: {"tool"}, Kind.CREDITS: {"tool"}}
_ZIP_ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".ods", ".ots")


def ending_of(file_name: str) -> str:
    """The lower-case ending of a name, dot included (``""`` for none)."""
    match = re.search(r"\.[A-Za-z0-9]{1,5}$", file_name.strip())
    return match.group(0).lower() if match else ""


def read_file(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    """Read ``path`` (named ``file_name`` by the person) as ``options`` say; an :class:`Importer`.

    Rows go to ``sink`` in sheet order, and only when the reading asks nothing.

    Raises:
        RefusedError: when the file as a whole cannot be read; its text is one clear sentence.
    """
    options = _answered(options)
    return _read(lambda: open_grids(path, file_name, options, sink), file_name, options, sink)


def read_ahead(path: Path, file_name: str, limits: Limits | None = None) -> Importer:
    """Take a file apart before anybody says how to read it; an :class:`Importer` of that file as it now stands.

    The cells of a file are the same whatever it is read as. Another file, other limits than those given (the usual ones
    by default), or a file changed meanwhile are read as :func:`read_file` does.

    Raises:
        RefusedError: when the file as a whole cannot be read.
    """
    plain = ReadOptions(kind=Kind.SPEND, limits=limits or Limits())
    known = (path, ending_of(file_name), _state(path))
    held = list(open_grids(path, file_name, plain, _Nobody()))

    def importer(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Reading:
        changed = (path, ending_of(file_name), _state(path)) != known
        small = path.stat().st_size <= options.limits.body
        if not held or changed or not small or not plain.limits.alike(options.limits):
            return read_file(path, file_name, options, sink)
        grids = held.copy()
        held.clear()  # reading fills merged cells in: once is all these are good for
        return _read(lambda: grids, file_name, _answered(options), sink)

    return importer


class _Nobody:
    """A sink nobody listens at."""

    def rows(self, sheet: str | None, batch: Sequence[SpendRow] | Sequence[RecordRow]) -> None:
        """Taking a file apart makes no rows."""
        raise AssertionError(f"rows of {sheet} before anybody said how to read them: {len(batch)}")

    def progress(self, done: int, total: int | None) -> None:
        """Nobody to tell."""


def _state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _answered(options: ReadOptions) -> ReadOptions:
    """The options with the answers their decision was made by."""
    if options.decision is None:
        return options
    answers = {**dict(options.decision.answers), **dict(options.answers)}
    return replace(options, answers=tuple(sorted(answers.items())))


def _read(opened: Callable[[], Iterable[Grid]], file_name: str, options: ReadOptions, sink: Sink) -> Reading:
    try:
        grids = list(opened())
        if not any(grid.rows for grid in grids):
            raise refuse(codes.EMPTY, "This file is empty: no sheet holds a value.")
        _refuse_one_name(grids)
        with keys_come_to() as keys:
            if options.kind is Kind.SPEND:
                for grid in grids:
                    complete_days(grid)
                reading, words = read_spend(grids, options, sink), WORDS
            else:
                # A spend file, read while somebody waits, needs none of it.
                from importers.record_words import RECORD_WORDS
                from importers.records import read_records

                reading = read_records(grids, options, sink, file_name)
                words = RECORD_WORDS[options.kind]
        reading = replace(
            reading, problems=(*_told(grids), *more_fields(grids[0], reading), *reading.problems)
        )
        if options.decision is None:  # whoever chose the columns has seen them
            told = tell_unread(grids, reading, words)
            reading = replace(reading, problems=(*reading.problems, *told))
        keys |= {question.key for question in reading.questions} | _OF_THE_FILE.get(options.kind, set())
        unasked = tuple(key for key, _ in options.answers if key not in keys)
        meta = {**reading.meta, UNASKED: unasked} if unasked else reading.meta
        return replace(reading, reader=grids[0].reader, meta=meta, problems=_not_asked_about(reading))
    except MemoryError as error:
        raise refuse(
            codes.TOO_LARGE,
            "This file needs more memory than reading may take. Split it, one month per file.",
        ) from error


def _refuse_one_name(grids: Iterable[Grid]) -> None:
    """Refuse a workbook whose sheets share a name: their cells, answers and totals could not be told apart.

    Raises:
        RefusedError: in that case.
    """
    names = Counter(grid.name for grid in grids)
    twice = next((name for name, count in names.items() if count > 1), None)
    if twice is not None:
        raise refuse(
            codes.BROKEN,
            f"This workbook holds several sheets named “{twice[:60]}”. Give each a name of its own and save it again.",
        )


def _told(grids: Iterable[Grid]) -> Iterator[Problem]:
    """What reading the sheets themselves came upon."""
    for grid in grids:
        for entry, sentence, cell in grid.told:
            yield codes.problem(entry, sentence, sheet=grid.name, cell=cell)


def _not_asked_about(reading: Reading) -> tuple[Problem, ...]:
    """The problems but those of cells that wait for the answer on how their column is written: they are none yet."""
    asked = [
        (reading.decision.sheet(question.sheet), question.column)
        for question in reading.questions
        if question.column and question.key.endswith((".decimal_mark", ".date_order"))
    ]
    if not asked:
        return reading.problems
    # What is asked of one sheet is asked of all of its layout.
    columns = {
        (sheet.name, column)
        for each, column in asked
        if each is not None
        for sheet in reading.decision.sheets
        if sheet.name == each.name or (sheet.fingerprint and sheet.fingerprint == each.fingerprint)
    }
    return tuple(
        problem
        for problem in reading.problems
        if problem.severity is not Severity.ROW
        or not problem.cell
        or (problem.sheet, problem.cell.rstrip("0123456789")) not in columns
    )


def open_grids(path: Path, file_name: str, options: ReadOptions, sink: Sink) -> Iterator[Grid]:
    """Every sheet of a file, whatever its format, after the checks of SAFETY.md.

    Raises:
        RefusedError: when the file is not a readable workbook or text file.
    """
    limits = options.limits
    size = path.stat().st_size
    if size == 0:
        raise refuse(codes.EMPTY, "This file is empty: it holds no bytes. Export it again.")
    if size > limits.body:
        raise refuse(
            codes.TOO_LARGE,
            f"This file is larger than {limits.body // (1024 * 1024)} MiB. Split it, one month per file.",
        )
    ending = ending_of(file_name)
    what = looks_like(path)
    if what == "zip":
        if ending in _TEXT_ENDINGS or ending == ".xls":
            raise refuse(
                codes.EXTENSION,
                f"This is a zip package named {ending}. Save it under its right ending (.xlsx?).",
            )
        if ending and ending not in _ZIP_ENDINGS:
            raise refuse(
                codes.NOT_A_WORKBOOK,
                f"Files ending in {ending} are not read. Upload an .xlsx or a .csv file.",
            )
        package = scan(path, ending or ".xlsx", limits)
        yield from _zip_grids(path, package, options, sink)
    elif what == "ole":
        yield from _ole_grids(path, ending, options, sink)
    elif what == "text":
        if ending and ending not in _TEXT_ENDINGS:
            raise refuse(
                codes.EXTENSION,
                f"This is not a workbook, though its name ends in {ending}. If it is text, name it .csv.",
            )
        yield read_text(path, limits)
    else:
        raise refuse(codes.NOT_A_WORKBOOK, _NOT_READ[what])


_NOT_READ = {
    "empty": "This file is empty: it holds no bytes. Export it again.",
    "markup": "This is a web page or XML file, not a workbook. Open it in Excel and save it as .xlsx.",
    "pdf": "This is a PDF, not a workbook. Ask for the figures as .xlsx or .csv.",
    "archive": "This is a compressed archive, not a workbook. Upload the workbook inside it.",
    "image": "This is a picture, not a workbook. Ask for the figures as .xlsx or .csv.",
}


def _zip_grids(path: Path, package: Package, options: ReadOptions, sink: Sink) -> Iterator[Grid]:
    if package.kind != "xlsx":
        if package.kind == "xlsb":
            refuse_repeated_rows(path)
        plain = plain_ods(path) if package.kind == "ods" else None
        looks = looks_of_ods(path) if package.kind == "ods" else None
        yield from open_calamine(path, options.limits, plain, looks)
        return

    def opened(copy: io.BytesIO | None = None) -> list[Grid]:
        try:
            return list(
                open_workbook(path, package, options.limits, lambda done: sink.progress(done, None), copy)
            )
        except UnreadableError:
            return []

    grids = opened()
    if not any(grid.rows for grid in grids) or any(facts.strict for facts in package.sheets.values()):
        # openpyxl opens neither every damaged package nor strict sheets (other names): the same cells, copied, it does.
        copy = plain_copy(path, package)
        grids = (copy and opened(copy)) or grids
    if any(grid.rows for grid in grids):
        yield from grids
        return
    try:
        second = list(open_calamine(path, options.limits))
    except RefusedError:
        if not grids:
            raise
        second = []
    if not grids and not second:
        raise refuse(
            codes.BROKEN, "This workbook is damaged and cannot be opened. Open it in Excel and save it again."
        )
    yield from second if any(grid.rows for grid in second) else grids


def _ole_grids(path: Path, ending: str, options: ReadOptions, sink: Sink) -> Iterator[Grid]:
    refuse_protected(path, ending)
    refuse_lost_cells(path)
    yield from open_calamine(path, options.limits, looks=looks_of_xls(path))
