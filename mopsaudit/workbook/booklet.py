"""A dossier as a PDF to read: cover, summary, a chapter a report, definitions and a summary of the sources.

A report shows its answer, figures, chart and its first rows by money; the rest stands in the workbook, and the page
says how much. Money is in whole units of the currency its heading names, exact amounts are the workbook's.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import BinaryIO, Final

from mopsaudit.facts.wording import UNKNOWN, count, day, listed, percent
from mopsaudit.money import from_minor
from mopsaudit.reporting import (
    Amount,
    Column,
    Finding,
    Missing,
    Ratio,
    Ref,
    Report,
    Row,
    Value,
    ValueKind,
    ranked,
)
from mopsaudit.workbook.dossier import FINDING_COLUMNS, TOP, Dossier, finding_row
from mopsaudit.workbook.origins import ENTERED, Sources
from mopsaudit.workbook.paper import Paper, scripts_of
from mopsaudit.workbook.paper_charts import DRAWN, draw_plot

#: Rows of a report's table, and of its further tables, that the PDF shows.
FIRST_ROWS: Final = 15
_FINDINGS: Final = 5
_SECTION_ROWS: Final = 8
#: Characters a table of findings gives its columns: what was found is read first and takes the most.
_FINDING_WIDTHS: Final = (46.0, 22.0, 13.0, 15.5, 15.5, 15.5, 15.0, 28.0)
#: Columns a table has room for.
_COLUMNS: Final = 8
#: Characters a page's width holds, and the most a column asks for.
_ROOM: Final = 165.0
_LONGEST: Final = 70


def write_booklet(
    dossier: Dossier,
    target: Path | BinaryIO,
    sources: Sources,
    words: Sequence[tuple[str, str]],
) -> int:
    """Write the PDF of a dossier; the number of its pages. ``words`` are the glossary's."""
    with Paper(
        title=f"{dossier.title}, {dossier.company}",
        subject=dossier.about,
        author=dossier.prepared_by,
        created=dossier.created,
        foot=dossier.footer,
    ) as paper:
        _lay_out(paper, dossier, sources, words)
        pages = paper.page_no()
        body = paper.bytes()
    if isinstance(target, Path):
        target.write_bytes(body)
    else:
        target.write(body)
    return pages


def _lay_out(paper: Paper, dossier: Dossier, sources: Sources, words: Sequence[tuple[str, str]]) -> None:
    """Cover, summary, a chapter for each report, sources and definitions, and what the type could not show."""
    titles = ["Summary", *(report.title for report in dossier.chapters), "Sources", "Definitions"]
    links = {title: paper.add_link(page=1) for title in titles}
    _cover(paper, dossier, links)
    _summary(paper, dossier, links["Summary"])
    for number, report in enumerate(dossier.chapters):
        _chapter(paper, report, links[report.title], flow=number > 0 and dossier.name == "negotiation")
    _sources(paper, sources, links["Sources"])
    _definitions(paper, dossier, words, links["Definitions"])
    if paper.unshown:
        what = listed(scripts_of(paper.unshown))
        paper.heading("Letters this file does not have")
        paper.text_block(
            f"Names hold letters of other scripts ({what}) than the type of this file has. Each of them stands as "
            "\ufffd here; they are whole on the pages and in the Excel workbook.",
            9,
        )


def _cover(paper: Paper, dossier: Dossier, links: dict[str, int]) -> None:
    paper.add_page()
    paper.start_section("Cover")
    paper.contents = paper.add_link(page=1)
    paper.ln(8)
    paper.text_block(dossier.title, 26, bold=True)
    paper.text_block(dossier.company, 16, colour="#566072")
    paper.ln(4)
    paper.text_block(dossier.answer, 11, width=190)
    paper.ln(4)
    for label, value in (
        ("Scope", dossier.about),
        ("As of", day(dossier.as_of)),
        ("Currency", dossier.currency),
        ("Prepared by", dossier.prepared_by),
        ("Data changed last", f"{day(dossier.created.date())}, {dossier.created:%H:%M} UTC"),
    ):
        paper.pair(label, value)
    for note in dossier.notes:
        paper.text_block(note, 8.5, colour="#566072")
    paper.ln(3)
    paper.text_block("Contents", 10, bold=True)
    paper.ln(1)
    for title, link in links.items():
        paper.type(9, colour="#0b5c6b")
        paper.cell(60, 5, title, link=link, new_x="RIGHT", new_y="TOP")
        if paper.get_x() > 230 or title == list(links)[-1]:
            paper.ln(5.5)
    paper.signatures(("Prepared", "Reviewed", "Approved"))


def _summary(paper: Paper, dossier: Dossier, link: int) -> None:
    paper.chapter("Summary", link=link)
    paper.text_block(dossier.answer, 11)
    paper.ln(1)
    paper.figures([_card(each.label, each.value, each.what) for each in dossier.figures])
    if dossier.plot is not None:
        draw_plot(paper, dossier.plot)
    if dossier.findings:
        paper.heading("Decide first")
        _findings(paper, dossier.findings, TOP, dossier.currency)
    paper.heading("Every report in a sentence")
    for report in dossier.chapters:
        paper.room(14)
        paper.text_block(report.title, 8.5, bold=True)
        paper.text_block(report.answer, 8.5)
        paper.ln(1)
    rests = [report for report in dossier.chapters if report.coverage.sentence]
    if rests:
        paper.heading("What this rests on")
        for report in rests:
            paper.text_block(f"{report.title}: {report.coverage.sentence}", 8, colour="#566072")
            paper.ln(0.6)


def _card(label: str, value: Value, what: str) -> tuple[str, str, str]:
    if isinstance(value, Amount):
        beside = what or value.basis or ""
        return (
            label,
            f"{text_of(value)} {value.currency}",
            beside if value.minor is not None else value.why or beside,
        )
    if isinstance(value, Ratio) and value.percent is None:
        return label, "n/a", value.why or what
    return label, text_of(value), what


def _chapter(paper: Paper, report: Report, link: int, *, flow: bool) -> None:
    paper.chapter(report.title, link=link, flow=flow)
    paper.text_block(report.answer, 11)
    if report.coverage.sentence:
        paper.ln(0.5)
        paper.text_block(report.coverage.sentence, 8, colour="#566072")
    if report.headlines:
        paper.figures([_card(each.label, each.value, each.what) for each in report.headlines])
    drawn = [plot for plot in report.plots if plot.kind in DRAWN]
    for plot in drawn[:1]:
        draw_plot(paper, plot)
    if report.rows:
        paper.heading(_ordered_by(report))
        table(paper, report.columns, by_money(report.columns, report.rows), len(report.rows), report.currency)
    else:
        paper.ln(2)
        paper.text_block(report.empty or "There is nothing to show here yet.", 9, colour="#566072")
    for plot in drawn[1:2]:
        draw_plot(paper, plot)
    told = [section for section in report.sections if section.rows]
    for number, section in enumerate(told, start=1):
        if number == len(told) and not report.findings:
            _thresholds(paper, report)
        paper.heading(section.title)
        if section.sentence:
            paper.text_block(section.sentence, 8, colour="#566072")
            paper.ln(1)
        shown = section.rows[:_SECTION_ROWS]
        table(paper, section.columns, shown, len(section.rows), report.currency)
    if report.findings or not told:
        _thresholds(paper, report)
    if report.findings:
        paper.heading("Findings")
        _findings(paper, report.findings, _FINDINGS, report.currency)


def _thresholds(paper: Paper, report: Report) -> None:
    """What the figures were worked out with, above the last table: alone at the end it would take a page."""
    if report.thresholds:
        paper.heading("Thresholds", room=26)
        paper.text_block(
            " · ".join(f"{each.label}: {each.value}" for each in report.thresholds), 8, colour="#566072"
        )


def _ordered_by(report: Report) -> str:
    column = _money_column(report.columns)
    if column is None or len(report.rows) <= FIRST_ROWS:
        return "In detail"
    return f"The first {FIRST_ROWS} by {column.label.removesuffix(f' ({report.currency})').lower()}"


def _money_column(columns: Sequence[Column]) -> Column | None:
    money = [each for each in columns if each.kind is ValueKind.MONEY and not each.wide]
    return next((each for each in money if each.summed), money[0] if money else None)


def by_money(columns: Sequence[Column], rows: Sequence[Row]) -> list[Row]:
    """The first rows by the table's first summed money, those without it behind; a short table keeps its order."""
    column = _money_column(columns)
    if column is None or len(rows) <= FIRST_ROWS:
        return list(rows[:FIRST_ROWS])

    def amount(row: Row) -> int:
        value = row.values.get(column.key)
        return -abs(value.minor) if isinstance(value, Amount) and value.minor is not None else 1

    return sorted(rows, key=amount)[:FIRST_ROWS]


def _findings(paper: Paper, findings: Sequence[Finding], most: int, currency: str) -> None:
    rows = [finding_row(each) for each in ranked(findings)[:most]]
    table(paper, FINDING_COLUMNS, rows, len(findings), currency, widths=_FINDING_WIDTHS)


def table(
    paper: Paper,
    columns: Sequence[Column],
    rows: Sequence[Row],
    in_all: int,
    currency: str,
    *,
    widths: Sequence[float] = (),
) -> None:
    """The columns a page shows first, as many as have room; what is not shown is counted.

    ``widths`` in characters; empty: as the texts ask.
    """
    shown = [each for each in columns if not each.wide][:_COLUMNS]
    heads = [
        f"{each.label} ({currency})"
        if each.kind is ValueKind.MONEY and not each.label.endswith(")")
        else each.label
        for each in shown
    ]
    cells = [[text_of(row.values.get(each.key)) for each in shown] for row in rows]
    right = [each.kind in (ValueKind.MONEY, ValueKind.NUMBER, ValueKind.RATIO) for each in shown]
    dates = [each.kind is ValueKind.DATE for each in shown]
    paper.rows(heads, cells, widths or _widths(heads, cells, dates), right)
    rest = in_all - len(rows)
    if rest > 0:
        paper.text_block(f"{rest:,} more in the workbook.", 7.5, colour="#566072")


def _widths(heads: Sequence[str], cells: Sequence[Sequence[str]], dates: Sequence[bool]) -> list[float]:
    """Widths in characters: no word and no date is broken; longer text wraps where the page is too narrow."""
    least, wanted = [], []
    for index, head in enumerate(heads):
        texts = [row[index] for row in cells]
        words = [word for text in (head, *texts) for word in text.split()]
        least.append(max([12 if dates[index] else 0, *(min(len(word), 24) for word in words)]) + 3.0)
        wanted.append(max(least[-1], min(_LONGEST, max((len(text) for text in texts), default=0)) + 3.0))
    room, needed = _ROOM - sum(least), sum(wanted) - sum(least)
    share = min(1.0, max(0.0, room) / needed) if needed else 1.0
    return [low + (high - low) * share for low, high in zip(least, wanted, strict=True)]


def text_of(value: Value) -> str:
    """A value as the PDF prints it: whole units, dates as 30 Jun 2026, unknown as –."""
    match value:
        case Amount():
            if value.minor is None:
                return UNKNOWN
            exact = from_minor(value.minor, value.currency)
            whole = exact.to_integral_value(rounding=ROUND_HALF_EVEN)
            return f"{'−' if whole < 0 else ''}{abs(whole):,}"
        case Ratio():
            return UNKNOWN if value.unknown else percent(value.percent)
        case Ref():
            return value.label
        case tuple():
            return ", ".join(ref.label for ref in value)
        case bool():
            return "yes" if value else "no"
        case date():
            return day(value)
        case int():
            return f"{'−' if value < 0 else ''}{abs(value):,}"
        case Decimal():
            return f"{'−' if value < 0 else ''}{abs(value):,f}"
        case None | Missing():
            return UNKNOWN
        case str():
            return value


def _sources(paper: Paper, sources: Sources, link: int) -> None:
    paper.chapter("Sources", link=link)
    figures = Counter((row.file, row.sheet, row.kind) for row in sources.rows)
    files = len({file for file, _, _ in figures} - {ENTERED})
    paper.text_block(
        f"{sources.figures:,} figures come from {count(files, 'file')} and what was entered in the product; the "
        "workbook names the cells of each."
        if figures
        else "No figure has a source yet.",
        11,
    )
    paper.ln(2)
    if figures:
        rows = [
            [file, sheet or UNKNOWN, kind, f"{figures[file, sheet, kind]:,}"]
            for file, sheet, kind in sorted(figures)
        ]
        paper.rows(
            ("File", "Sheet", "Made of", "Rows of Sources"),
            rows,
            (90, 50, 40, 20),
            (False, False, False, True),
        )


def _definitions(paper: Paper, dossier: Dossier, words: Sequence[tuple[str, str]], link: int) -> None:
    paper.chapter("Definitions", link=link)
    paper.text_block("What each word means here. Thresholds stand with each report.", 11)
    paper.ln(2)
    paper.rows(("Word", "Meaning"), [list(pair) for pair in words], (30, 120), (False, False))
    if dossier.notes:
        paper.text_block(" ".join(dossier.notes), 8, colour="#566072")
