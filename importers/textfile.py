"""Text files (.csv, .tsv, .txt): which encoding, which delimiter, then rows like those of a sheet."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

from importers import codes
from importers.code_pages import decode_told
from importers.datev import complete_dates
from importers.grid import ERRORS, Bad, Cell, Grid
from importers.refusals import refuse
from importers.text_rows import settle_rows
from mopsaudit.intake.contract import Limits

_DELIMITERS = (",", ";", "\t", "|")
#: Rows among which the headings stand.
_HEADINGS = 200
#: A gap that sets columns apart where nothing else does.
_GAP = re.compile(r"\S {2,}\S")
_KEPT_TEXT = re.compile(r'="(.*)"\s*', re.DOTALL)
_DIGIT_AFTER = re.compile(r"'[0-9]")


def read_text(path: Path, limits: Limits) -> Grid:
    """The one sheet of a text file. Row numbers count records, as a spreadsheet program would.

    Raises:
        RefusedError: when the file is empty, not text, or over a limit.
    """
    data = path.read_bytes()
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refuse(codes.EMPTY, "This file is empty. Export it again and check that it holds rows.")
    text, odd_lines = decode_told(data)
    del data
    if _binary(text):
        raise refuse(
            codes.NOT_A_WORKBOOK, "This is not a text file: it holds binary data. Upload the workbook itself."
        )
    grid = Grid(name=None, text_file=True, reader="text")
    if odd_lines:
        grid.told.append((codes.ENCODINGS, _encodings(odd_lines), None))
    lost = (
        [number for number, line in enumerate(text.splitlines(), 1) if "\ufffd" in line]
        if "\ufffd" in text
        else []
    )
    if lost:
        grid.told.append((codes.LETTERS_LOST, _letters(lost), None))
    skip = 0
    first = text[:40].split("\n", 1)[0].strip().strip('"')
    if first.lower().startswith("sep=") and len(first) == 5:
        grid.delimiter, skip = first[4], 1
    else:
        grid.delimiter = delimiter_of(text)
        if _aligned(text, grid.delimiter):
            raise refuse(
                codes.NOT_A_WORKBOOK,
                "This text file sets its columns apart by blanks alone, which stand inside names too. "
                "Export it as CSV or as a workbook.",
            )
    csv.field_size_limit(max(limits.cell_text * 4, 131_072))
    quoted = '"' in text
    if quoted:
        text = _whole_fields(text, grid.delimiter)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=grid.delimiter,
        skipinitialspace=quoted and _blanks_before_quotes(text, grid.delimiter),
    )
    number = line = 0
    over_lines: list[int] = []
    try:
        for record in reader:
            number += 1
            if reader.line_num - line > 1:
                over_lines.append(len(grid.rows))
            line = reader.line_num
            if number <= skip:
                continue
            fields = len(record)
            if fields > limits.columns and not "".join(record[limits.columns :]).strip():
                del record[limits.columns :]  # millions of delimiters in a row are soon told from columns
            row: list[Cell] = [_plain(value) if value.strip() else None for value in record]
            while row and row[-1] is None:
                row.pop()
            if not row:
                continue
            if len(row) > limits.columns:
                raise refuse(
                    codes.TOO_LARGE,
                    f"Row {number} has more than {limits.columns} columns. Remove those not needed.",
                )
            if any(len(value) > limits.cell_text for value in record):
                raise refuse(codes.TOO_LARGE, _too_long(number, limits))
            if len(row) < fields and len(grid.rows) < _HEADINGS:
                grid.fields[number] = fields
            grid.numbers.append(number)
            grid.rows.append(row)
            if len(grid.rows) > limits.rows:
                raise refuse(codes.TOO_LARGE, _too_many(limits))
    except csv.Error as error:
        if "field limit" in str(error):
            raise refuse(codes.TOO_LARGE, _too_long(number + 1, limits)) from error
        raise refuse(
            codes.BROKEN,
            f"Row {number + 1} cannot be read as "
            f"{'tab' if grid.delimiter == chr(9) else grid.delimiter}-separated text. Export the "
            "file again.",
        ) from error
    settle_rows(grid, [index for index in over_lines if index < len(grid.rows)], _DELIMITERS)
    if len(grid.rows) > limits.rows:
        raise refuse(codes.TOO_LARGE, _too_many(limits))
    complete_dates(grid)
    return grid


def _whole_fields(text: str, delimiter: str) -> str:
    """The text with fields that go on behind their closing quote kept as they are written.

    A reader of such files joins the two: ``"12.34"99`` would be 12.3499.
    """
    sign = re.escape(delimiter)
    tail = re.compile(
        rf'(^|{sign})"((?:[^"\r\n]|"")*+)"([ ]*+[^{sign}"\s][^{sign}"\r\n]*+)(?={sign}|$|\r)', re.MULTILINE
    )
    return tail.sub(r'\1"""\2""\3"', text)


def _blanks_before_quotes(text: str, delimiter: str) -> bool:
    """Whether quotes stand behind blanks (``a, "b"``) more often than behind the delimiter itself."""
    sign = re.escape(delimiter)
    return delimiter != "\t" and len(re.findall(rf'{sign} +"', text)) > text.count(f'{delimiter}"')


def _letters(lines: list[int]) -> str:
    which = (
        f"Line {lines[0]} holds"
        if len(lines) == 1
        else f"{len(lines):,} lines, the first of them line {lines[0]}, hold"
    )
    return f"{which} letters that the file no longer tells (\ufffd): a program before lost them."


def _plain(value: str) -> Cell:
    """A field without what only tells a spreadsheet to keep it as text (``="00123"``, ``'0123``, ``'01/07``); a
    spreadsheet's error is none.
    """
    if value[0] == "#" and ERRORS.fullmatch(value.strip()):
        return Bad("error", value.strip())
    if value[0] == "'" and _DIGIT_AFTER.match(value):
        return value[1:]
    if value[0] != "=":
        return value
    kept = _KEPT_TEXT.fullmatch(value)
    return value if kept is None else kept.group(1).replace('""', '"') or None


def _encodings(lines: list[int]) -> str:
    which = (
        f"Line {lines[0]} is"
        if len(lines) == 1
        else f"{len(lines):,} lines, the first of them line {lines[0]}, are"
    )
    return (
        f"{which} not written in UTF-8 as the others are, but in an older encoding; each was read by its own."
    )


def _too_many(limits: Limits) -> str:
    return f"This file holds more than {limits.rows:,} rows. Split it, one month per file."


def _too_long(number: int, limits: Limits) -> str:
    return f"Row {number} holds a cell of more than {limits.cell_text:,} characters (a quote that is never closed?)."


def _binary(text: str) -> bool:
    head = text[:20_000]
    strange = sum(1 for sign in head if sign < " " and sign not in "\t\r\n\f\v\x1a\0")
    return strange > max(2, len(head) // 200) or head.count("\0") > len(head) // 20 + 2


def _aligned(text: str, delimiter: str) -> bool:
    """Whether the lines are columns aligned by blanks, which the delimiter only seems to part."""
    lines = [line for line in text[:50_000].splitlines() if line.strip()][:200]
    gaps = sum(len(_GAP.findall(line)) >= 2 or line.count("  ") >= 2 for line in lines)
    if len(lines) < 4 or gaps < 0.8 * len(lines) or "\t" in text[:50_000]:
        return False
    sizes = Counter(line.count(delimiter) for line in lines)
    parted, count = sizes.most_common(1)[0]
    return parted == 0 or count < 0.6 * len(lines)


def delimiter_of(text: str) -> str:
    """The delimiter under which the first records agree best on a number of fields above one (a comma if none)."""
    sample = text[:200_000]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        if delimiter not in sample:
            continue
        sizes: Counter[int] = Counter()
        try:
            for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                filled = [value for value in record if value.strip()]
                if filled:
                    sizes[len(record)] += 1
                if sizes.total() >= 400:
                    break
        except csv.Error:
            continue
        total = sizes.total()
        if not total:
            continue
        size, agreeing = max(sizes.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        if size < 2:
            continue
        more = sum(
            count for fields, count in sizes.items() if fields > size
        )  # notes beside some of the lines
        score = (agreeing + more / 2) / total * (1 + min(size, 12) / 12)
        if score > best_score:
            best, best_score = delimiter, score
    return best
