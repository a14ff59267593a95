"""Text files (.csv, .tsv, .txt): which encoding, which delimiter, then rows like those of a sheet."""

import csv
import io
from collections import Counter
from pathlib import Path

from importers import codes
from importers.datev import complete_dates
from importers.grid import Cell, Grid
from importers.package import refuse
from mopsaudit.intake.contract import Limits

_DELIMITERS = (",", ";", "\t", "|")
#: Letters and signs that stand in Western business text; what else a guess decodes to speaks against it.
_PLAUSIBLE = frozenset("£€áéíóúàèìòùâêîôûäëïöüñçßåøæãõÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛÄËÏÖÜÑÇÅØÆÃÕ’‘“”–—•…´°²½©®™§ \xa0")


def read_text(path: Path, limits: Limits) -> Grid:
    """The one sheet of a text file. Row numbers count records, as a spreadsheet program would.

    Raises:
        RefusedError: when the file is empty, not text, or over a limit.
    """
    data = path.read_bytes()
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refuse(codes.EMPTY, "This file is empty. Export it again and check that it holds rows.")
    text = decode(data)
    del data
    if _binary(text):
        raise refuse(
            codes.NOT_A_WORKBOOK, "This is not a text file: it holds binary data. Upload the workbook itself."
        )
    grid = Grid(name=None, text_file=True, reader="text")
    skip = 0
    first = text[:40].split("\n", 1)[0].strip().strip('"')
    if first.lower().startswith("sep=") and len(first) == 5:
        grid.delimiter, skip = first[4], 1
    else:
        grid.delimiter = delimiter_of(text)
    csv.field_size_limit(max(limits.cell_text * 4, 131_072))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=grid.delimiter)
    number = 0
    try:
        for record in reader:
            number += 1
            if number <= skip:
                continue
            row: list[Cell] = [value if value.strip() else None for value in record]
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
                raise refuse(
                    codes.TOO_LARGE,
                    f"Row {number} holds a cell of more than {limits.cell_text:,} characters (a "
                    "quote that is never closed?).",
                )
            grid.numbers.append(number)
            grid.rows.append(row)
            if len(grid.rows) > limits.rows:
                raise refuse(
                    codes.TOO_LARGE,
                    f"This file holds more than {limits.rows:,} rows. Split it, one month per file.",
                )
    except csv.Error as error:
        raise refuse(
            codes.BROKEN,
            f"Row {number + 1} cannot be read as "
            f"{'tab' if grid.delimiter == chr(9) else grid.delimiter}-separated text. Export the "
            "file again.",
        ) from error
    complete_dates(grid)
    return grid


def decode(data: bytes) -> str:
    """Bytes as text: by their mark, as UTF-8, as UTF-16 without a mark, else the likeliest of three old code pages."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return data.decode("utf-32", "replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    head = data[:4096]
    if len(head) >= 4 and head.count(b"\0") > len(head) // 3:
        return data.decode("utf-16-le" if head[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    high = bytes(byte for byte, count in Counter(data).items() if byte >= 0x80 and count)
    counts = Counter(byte for byte in data if byte >= 0x80) if high else Counter()
    best, best_score = "cp1252", float("-inf")
    for encoding in ("cp1252", "cp437", "cp850", "mac_roman"):
        score = 0.0
        for byte, count in counts.items():
            try:
                sign = bytes([byte]).decode(encoding)
            except UnicodeDecodeError:
                score -= 5 * count
                continue
            if sign in "£€":
                score += 1.5 * count
            else:
                score += count if sign in _PLAUSIBLE else -count
        if encoding == "cp1252":
            score += 0.25 * sum(counts.values())  # the commonest by far, when nothing else speaks
        if score > best_score:
            best, best_score = encoding, score
    return data.decode(best, "replace")


def _binary(text: str) -> bool:
    head = text[:20_000]
    strange = sum(1 for sign in head if sign < " " and sign not in "\t\r\n\f\v\x1a\0")
    return strange > max(2, len(head) // 200) or head.count("\0") > len(head) // 20 + 2


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
        score = agreeing / total * (1 + min(size, 12) / 12)
        if score > best_score:
            best, best_score = delimiter, score
    return best
