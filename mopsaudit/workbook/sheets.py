"""A dossier's sheets: cover, summary, a sheet per chapter, its details, and Sources with links there and back.

Each chapter opens with its answer over the width that prints; the columns a page shows first are printed, the others
stand right of them on screen. Charts, further tables, findings and thresholds stand on a sheet of details of their own,
so that a header repeated in print is always that of the table below it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mopsaudit.reporting import Amount, Column, Headline, Report, Row, Trace, Value, ValueKind, ranked
from mopsaudit.workbook.cells import CATEGORY, Head, Link, Money, Unknown
from mopsaudit.workbook.charts import place_plot
from mopsaudit.workbook.dossier import (
    FINDING_COLUMNS,
    TOP,
    Dossier,
    called,
    finding_row,
    in_print_order,
    tables_of,
)
from mopsaudit.workbook.origins import ENTERED, Figure, Sources, figures_in
from mopsaudit.workbook.tables import cell_of, head_of
from mopsaudit.workbook.writer import PRINT_ROOM, ROW_HEIGHT, Book, Sheet

#: Rows above the first row of Sources.
_ABOVE: Final = 4
#: The same of a details sheet: its tables share their columns, and the widest would make all of them too small to read.
DETAILS_ROOM: Final = 215.0
#: A table of so many rows is not parted where it fits on a page.
_SHORT_TABLE: Final = 14
#: Columns of the summary, in characters; four figures stand over pairs of them.
_SUMMARY: Final = (44.0, 26.0, 15.0, 15.0, 12.0, 12.0, 11.0, 30.0)
_CARDS: Final = ((0, 0), (1, 2), (3, 5), (6, 7))


@dataclass(slots=True, kw_only=True)
class Origins:
    """The rows of Sources, and where the first figure of each trace was written."""

    found: Sources
    at: dict[Trace, tuple[Sheet, int, int]] = field(default_factory=dict)

    def linked(self, value: Value, cell: Any) -> Any:
        """A cell that leads to the rows of Sources of its value, when it has some."""
        number = self._row(value)
        return cell if number is None else _to_sources(cell, number)

    def stands(self, value: Value, sheet: Sheet, row: int, column: int) -> None:
        """Note where a figure is written, for the link back."""
        if self._row(value) is not None and isinstance(value, Amount) and value.trace is not None:
            self.at.setdefault(value.trace, (sheet, row, column))

    def placed(self, value: Amount, cell: Any, sheet: Sheet, row: int, column: int) -> Any:
        """Both of them for a figure that is written now."""
        number = self._row(value)
        if number is None or value.trace is None:
            return cell
        self.at.setdefault(value.trace, (sheet, row, column))
        return _to_sources(cell, number)

    def back(self, trace: Trace) -> str | None:
        """The link to where the first figure of a trace stands."""
        found = self.at.get(trace)
        return None if found is None else found[0].address(found[1], found[2])

    def _row(self, value: Value) -> int | None:
        if type(value) is not Amount or value.trace is None or value.minor is None:
            return None
        return self.found.first.get(value.trace)


def _to_sources(cell: Any, number: int) -> Link:
    return Link(value=cell, target=f"internal:'Sources'!A{_ABOVE + 1 + number}", tip="Where this comes from")


def traced(dossier: Dossier) -> Iterator[Figure]:
    """Every figure of the dossier that can say where it comes from; those of the summary after their chapters'."""
    for report in dossier.chapters:
        yield from figures_in(report.title, ((each.label, each.value) for each in report.headlines))
        for title, columns, rows in tables_of(report):
            sheet = f"{report.title} {title}".strip()
            for row in rows:
                values = ((column.label, row.values.get(column.key)) for column in columns)
                yield from figures_in(f"{sheet} · {called(row, columns)}", values)
    yield from figures_in("Summary", ((headline.label, headline.value) for headline in dossier.figures))


def cover(book: Book, dossier: Dossier, contents: Sequence[tuple[str, str]]) -> None:
    """Company, scope, as-of, prepared by, what it rests on, contents with links, and lines to sign on."""
    sheet = book.sheet("Cover", tab="#0b5c6b")
    sheet.widths(30, 60, 22, 34)
    sheet.gap(2)
    sheet.big(dossier.title, size=28)
    sheet.big(dossier.company, size=18, muted=True)
    sheet.gap()
    sheet.note(dossier.answer, muted=False, span=4, size=12)
    sheet.gap()
    for label, value in (
        ("Scope", dossier.about),
        ("As of", dossier.as_of),
        ("Currency", dossier.currency),
        ("Prepared by", dossier.prepared_by),
        ("Data changed last (UTC)", dossier.created),
    ):
        sheet.pair(label, value)
    for note in dossier.notes:
        sheet.note(note, span=4)
    sheet.gap()
    sheet.heading("What it holds")
    for name, what in contents:
        sheet.cell(sheet.row, 0, Link(value=name, target=f"internal:'{name}'!A1"))
        sheet.note(what, column=1, span=3)
    sheet.gap()
    sheet.heading("Sign-off")
    sheet.form(("", "Name", "Date", "Signature"), ("Prepared", "Reviewed", "Approved"))
    sheet.printed(4)


def summary(book: Book, dossier: Dossier, origins: Origins, *, sheets: Mapping[str, str]) -> None:
    """The answer, four figures, one chart, the first findings, and every chapter in a sentence."""
    sheet = book.sheet("Summary", tab="#0b5c6b")
    sheet.widths(*_SUMMARY)
    sheet.lead("Summary", dossier.answer, len(_SUMMARY))
    cards = [
        (
            headline.label,
            origins.linked(headline.value, _figure(headline)),
            _beside(headline),
        )
        for headline in dossier.figures
    ]
    sheet.cards(cards, _CARDS)
    sheet.gap()
    sheet.heading("Decide first")
    top = [finding_row(finding) for finding in ranked(dossier.findings)[:TOP]]
    if top:
        table(sheet, FINDING_COLUMNS, top, dossier.currency, origins, freeze=False, fixed=_SUMMARY)
        if len(dossier.findings) > TOP:
            sheet.note(
                f"{len(dossier.findings) - TOP:,} more findings stand with the reports they come from.",
                span=len(_SUMMARY),
            )
    else:
        sheet.note("Nothing to decide has been found yet.", span=len(_SUMMARY))
    if dossier.plot is not None:
        place_plot(book, sheet, dossier.plot, as_of=dossier.as_of, height=230, break_before=True)
    sheet.heading("Every report in a sentence")
    for report in dossier.chapters:
        sheet.cell(sheet.row, 0, Link(value=report.title, target=f"internal:'{sheets[report.title]}'!A1"))
        sheet.note(report.answer, muted=False, column=1, span=len(_SUMMARY) - 1)
    rests = [report for report in dossier.chapters if report.coverage.sentence]
    if rests:
        sheet.gap()
        sheet.heading("What this rests on")
        for report in rests:
            sheet.cell(sheet.row, 0, report.title, font_color="#566072")
            sheet.note(report.coverage.sentence, column=1, span=len(_SUMMARY) - 1)
    sheet.printed(len(_SUMMARY))


def _figure(headline: Headline) -> Any:
    value = cell_of(headline.value)
    return Unknown(why=headline.what or "Not known.") if value is None else value


def _beside(headline: Headline) -> str:
    value = headline.value
    basis = getattr(value, "basis", None) or ""
    currency = getattr(value, "currency", "")
    return " · ".join(part for part in (currency, headline.what or basis) if part)


def chapter(book: Book, report: Report, origins: Origins) -> None:
    """A report's sheet, and its details on the next one where it has any."""
    sheet = book.sheet(report.title)
    columns = in_print_order(report.columns)
    heads = heads_of(columns, report.currency)
    sheet.fit(heads, [[cell_of(row.values.get(c.key)) for c in columns] for row in report.rows[:400]])
    wide = sum(1 for column in columns if column.wide)
    across = sheet.fitting(len(columns) - wide, PRINT_ROOM)
    sheet.lead(report.title, report.answer, max(across, 4))
    if report.coverage.sentence:
        sheet.note(report.coverage.sentence, span=max(across, 4))
    for headline in report.headlines:
        origins.stands(headline.value, sheet, sheet.row, 1)
        sheet.pair(
            headline.label,
            origins.linked(headline.value, _figure(headline)),
            beside=_beside(headline),
            across=max(across, 4),
        )
    details = f"{report.title} details"
    more = bool(report.plots or report.sections or report.findings or report.thresholds)
    if more:
        sheet.cell(
            sheet.row,
            0,
            Link(value="Charts, further tables, findings, thresholds", target=f"internal:'{details}'!A1"),
        )
        sheet.row += 1
    if report.coverage.sentence or report.headlines or more:
        sheet.gap()
    if report.rows:
        table(sheet, columns, report.rows, report.currency, origins, wrapped=across)
    else:
        sheet.note(report.empty or "There is nothing to show here yet.", span=max(across, 4))
    if across < len(columns):
        sheet.note(
            f"In print: the first {across} of {len(columns)} columns; the others stand right of them.",
            span=max(across, 4),
        )
    sheet.printed(max(across, 4))
    if more:
        _details(book, details, report, origins)


def _details(book: Book, name: str, report: Report, origins: Origins) -> None:
    sheet = book.sheet(name)
    sheet.widths(38)
    sheet.lead(f"{report.title}: details", report.answer, 8)
    sheet.cell(
        sheet.row - 1, 0, Link(value=f"Back to {report.title}", target=f"internal:'{report.title}'!A1")
    )
    sheet.gap()
    # Widths before rows: where pages end depends on how wide the widest table is.
    findings = [finding_row(finding) for finding in ranked(report.findings)]
    for columns, rows in (
        *((in_print_order(each.columns), each.rows) for each in report.sections),
        *(((FINDING_COLUMNS, findings),) if findings else ()),
    ):
        cells = [[cell_of(row.values.get(c.key)) for c in columns] for row in rows[:400]]
        sheet.fit(heads_of(columns, report.currency), cells)
    most = max([len(each.columns) for each in report.sections] + [len(FINDING_COLUMNS)])
    across = sheet.fitting(most, DETAILS_ROOM)
    sheet.paged(max(across, 6))
    for plot in report.plots:
        place_plot(book, sheet, plot, as_of=report.as_of)
    for section in report.sections:
        sheet.keep(_room(len(section.rows)))
        sheet.heading(section.title)
        if section.sentence:
            sheet.note(section.sentence)
        table(
            sheet,
            in_print_order(section.columns),
            section.rows,
            report.currency,
            origins,
            freeze=False,
        )
    if findings:
        sheet.keep(_room(len(findings)))
        sheet.heading("Findings")
        table(sheet, FINDING_COLUMNS, findings, report.currency, origins, freeze=False)
    if report.thresholds:
        sheet.heading("Thresholds")
        for threshold in report.thresholds:
            sheet.pair(threshold.label, threshold.value)
    if across < most:
        sheet.note(f"In print: the first {across} columns of each table; the others stand right of them.")
    sheet.printed(max(across, 6))


def _room(rows: int) -> float:
    """What a table's heading wants below it on its page: all of a short table, the first rows of a long one."""
    return (5 + (rows * 1.6 if rows <= _SHORT_TABLE else 6)) * ROW_HEIGHT


def heads_of(columns: Sequence[Column], currency: str) -> list[Head]:
    """The headings of a table; data bars lie behind its first summed money column."""
    heads = [head_of(column, currency) for column in columns]
    bar = next(
        (i for i, column in enumerate(columns) if column.summed and column.kind is ValueKind.MONEY), None
    )
    return [head.with_bar() if i == bar else head for i, head in enumerate(heads)]


def table(
    sheet: Sheet,
    columns: Sequence[Column],
    rows: Sequence[Row],
    currency: str,
    origins: Origins,
    *,
    freeze: bool = True,
    fixed: Sequence[float] = (),
    wrapped: int = 1_000,
) -> Any:
    """A table whose figures lead to Sources; where they stand is kept for the links back.

    ``fixed`` are widths of a table that repeats what stands elsewhere: nothing leads back to it.
    """
    heads = heads_of(columns, currency)
    if fixed:
        heads = [head.at_width(width) for head, width in zip(heads, fixed, strict=True)]
    first = sheet.row + 1
    keys = [column.key for column in columns]

    def cells() -> Iterator[list[Any]]:
        for at, row in enumerate(rows, start=first):
            written = []
            for number, key in enumerate(keys):
                value = row.values.get(key)
                cell = cell_of(value)
                if type(value) is Amount:
                    cell = (
                        origins.linked(value, cell)
                        if fixed
                        else origins.placed(value, cell, sheet, at, number)
                    )
                written.append(cell)
            yield written

    sample = [[cell_of(row.values.get(column.key)) for column in columns] for row in rows[:400]]
    tinted = [row.category if row.category in CATEGORY else None for row in rows]
    return sheet.table(heads, cells(), freeze=freeze, categories=tinted, wrapped=wrapped, sample=sample)


def sources(book: Book, origins: Origins, currency: str) -> None:
    """One row per figure × kind × file × sheet; the figure leads back to its cell."""
    sheet = book.sheet("Sources")
    figures = origins.found.figures
    files = len({row.file for row in origins.found.rows} - {ENTERED})
    sheet.title(
        "Sources",
        f"{figures:,} figures come from {files} file{'s' if files != 1 else ''}; each with its cells."
        if figures
        else "No figure has a source yet.",
    )
    heads = (
        Head(label="Figure", width=46),
        Head(label="Also", width=22),
        Head(label="Made of", width=13),
        Head(label="Which", width=26),
        Head(label="File", width=26),
        Head(label="Sheet", width=14),
        Head(label="Count", width=8, right=True),
        Head(label=f"Sum ({currency})", width=15, currency=currency, right=True),
        Head(label="First cell", width=10),
        Head(label="Last cell", width=10),
    )
    rows = (
        [
            Link(value=row.figure, target=at, tip="Back to the figure")
            if (at := origins.back(row.trace))
            else row.figure,
            row.also,
            row.kind,
            row.record,
            row.file,
            row.sheet,
            row.count,
            None if row.base_minor is None else Money(minor=row.base_minor, currency=currency),
            row.first_cell,
            row.last_cell,
        ]
        for row in origins.found.rows
    )
    # Every width is given above, so that no row is made before it is written.
    sheet.table(heads, rows, wrapped=0, sample=())
    sheet.printed(None)
