"""Suppliers in rows of their own, above their lines: how a grouped report is told from a flat table."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from importers.dates import date_readings
from importers.grid import Cell, Grid, column_index
from importers.group_sums import closed_by_totals, heads_closed, sums_above
from importers.spend_columns import Pick, plain_number
from importers.spend_evidence import COMPANY, legal_share
from importers.table import Header
from importers.texts import fold
from importers.total_words import Says, only_total, says_total
from mopsaudit.intake.contract import SheetDecision

_SUPPLIER = (
    r"(?:supplier|vendor|payee|merchant|creditor|lieferant|kreditor|fournisseur|proveedor|fornitore|"
    r"leverancier|crediteur|fornecedor|favorecido|credor|acreedor|leverand[øo]r|leverant[öo]r|toimittaja|dostawca|kontrahent|"
    r"dodavatel|sz[áa]ll[íi]t[óo]|furnizor|begunstigde|tiers|b[ée]n[ée]ficiaire|beneficiar(?:y|io)|zahlungsempf[äa]nger)"
)
_LABEL = re.compile(rf"{_SUPPLIER}(?:'s)?\s*(?:name|no\.?|number|id|code)?\s*[:=]?", re.IGNORECASE)
#: What a printed page is headed by: it names nobody.
_PAGE = re.compile(
    r"(?:page|seite|p[aá]gina|pagina|blatt|sivu)\s*:?\s*[0-9]+(?:\s*(?:of|von|de|/|di|van)\s*[0-9]+)?",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    rf"^{_SUPPLIER}\s*(?:name|no\.?|nr\.?|id|code|konto|account)?\s*(?:[:=]\s*|(?=[0-9]{{3}}))", re.IGNORECASE
)

#: The number of an account before the name that heads it: ``000341 - HubSpot Ireland``.
_NUMBERED = re.compile(r"(?:[0-9][0-9./]{2,14}\s*[-–:|]\s*|[0-9]{5,12}\s+)(?=\S*[^\W\d_])")


#: A printed label padded to a column of its own within one cell: ``Name       ACME Ltd``, ``Ort        Bonn``.
_PADDED = re.compile(r"\s*(?P<label>[^\W\d_][\w .]{1,20}?)\s{3,}(?P<value>\S.*)")
#: From which score on a heading names the suppliers, whatever labels stand above the lines.
_SURE = 0.75
#: The share of names that end as companies' do from which on they are names of companies.
_COMPANIES = 0.2
_NAME = re.compile(rf"(?:{_SUPPLIER}(?:'s)?\s*)?(?:name|nom|nome|nombre|naam|nazwa)\s*[:=]?", re.IGNORECASE)


#: What rules a line off (`-----`, `=====`) and names nobody.
_RULES = "*-=_–—.·#|+ "


def _is_rule(value: str) -> bool:
    """Whether a cell is nothing but a line drawn with signs."""
    return len(value.strip()) > 2 and not value.strip(_RULES)


def _is_label(value: Cell) -> bool:
    return isinstance(value, str) and value.rstrip().endswith(":")


def several_labels(row: Sequence[Cell]) -> bool:
    """Whether a row is printed particulars, two labels with their values at least, and so no line whatever it holds."""
    if not any(type(value) is str and ":" in value for value in row):
        return False  # no label at all, as nearly always
    filled = [value for value in row if value is not None]
    labels = [
        place
        for place, value in enumerate(filled[:-1])
        if _is_label(value) and not _is_label(filled[place + 1])
    ]
    return len(labels) >= 2 and len(filled) <= 12 and len(labels) * 2 >= len(filled) - 1


def labelled(row: Sequence[Cell]) -> int | None:
    """The column of the name a row like ``Supplier Name: | ACME Ltd`` gives, None for a row that is none.

    So does one of several labels with their values: ``A/C: | S001 | Name: | ACME Ltd | Contact: | J Smith``.
    """
    filled = [column for column, value in enumerate(row) if value is not None]
    if several_labels(row):
        for column, following in pairwise(filled):
            name = row[following]
            if _NAME.fullmatch(fold(str(row[column]))) and isinstance(name, str) and not _is_label(name):
                return following
        return None
    if coded(row):
        return filled[1]
    if not 2 <= len(filled) <= 4 or not all(isinstance(row[column], str) for column in filled[:2]):
        return None
    label, name = str(row[filled[0]]), str(row[filled[1]])
    return filled[1] if _LABEL.fullmatch(fold(label)) and not name.rstrip().endswith(":") else None


_CODE = re.compile(r"[A-Z]{0,6}[-./]?[0-9][0-9A-Z./-]{2,14}", re.IGNORECASE)


def coded(row: Sequence[Cell]) -> bool:
    """Whether a row is nothing but the number of an account and its name beside it: ``V00012 | ACME Ltd``."""
    filled = [column for column, value in enumerate(row) if value is not None]
    if len(filled) != 2 or filled[1] - filled[0] > 2:
        return False
    code, name = row[filled[0]], row[filled[1]]
    if isinstance(code, int) and not isinstance(code, bool):
        code = str(code) if code > 999 else ""
    if not isinstance(code, str) or not isinstance(name, str):
        return False
    return bool(_CODE.fullmatch(code.strip())) and not date_readings(code) and name_like(name)


def name_like(text: str) -> bool:
    """Whether a text may be a name: words, no amount, no date, no total's word."""
    plain = fold(text)
    return (
        3 <= len(plain) <= 80
        and bool(re.search(r"[^\W\d_]{2}", plain))
        and not date_readings(plain)
        and says_total(plain) < Says.OUTRIGHT
        and not plain.endswith(":")
    )


def names_padded(row: Sequence[Cell], column: int) -> bool:
    """Whether a row is one cell of a label and a name, ``Name       ACME Ltd``."""
    value = row[column] if column < len(row) else None
    padded = _PADDED.fullmatch(value) if isinstance(value, str) else None
    return padded is not None and bool(_NAME.fullmatch(fold(padded["label"])))


def group_of(row: Sequence[Cell], column: int) -> str:
    """The supplier a row without an amount names in this column for the lines below it; ``""`` for any other row."""
    if column >= len(row):
        return ""
    value = row[column]
    if (
        not isinstance(value, str)
        or only_total(value)
        or says_total(value) >= Says.BALANCE
        or _is_rule(value)
    ):
        return ""
    if _PAGE.fullmatch(fold(value)):
        return ""
    if labelled(row) == column:
        return fold(value)
    padded = _PADDED.fullmatch(value)
    if padded and sum(cell is not None for cell in row) == 1:
        return fold(padded["value"]) if _NAME.fullmatch(fold(padded["label"])) else ""
    filled = [value for value in row if value is not None]
    label = filled[0]
    beside = label is not value and isinstance(label, str) and label.rstrip().endswith(":")
    return "" if beside or len(filled) > 3 else _without_label(fold(value))


def _without_label(text: str) -> str:
    """The name in a heading, without the word *supplier* before it, nor then the number of the account."""
    label = _PREFIX.match(text)
    if label is None:
        return text
    rest = text[label.end() :]
    number = _NUMBERED.match(rest)
    return rest if number is None else rest[number.end() :]


def accounts_of_suppliers(grid: Grid, decision: SheetDecision) -> bool:
    """Whether the groups' headings call themselves suppliers: each is a supplier's own account, its bills credits."""
    heading = dict(decision.extra).get("supplier_heading")
    if not heading:
        return False
    column = column_index(str(heading))
    told = {
        fold(value)
        for row in grid.rows
        if column < len(row) and isinstance(value := row[column], str) and _PREFIX.match(fold(value))
    }
    return len(told) >= 2


def suppliers_unproven(grid: Grid, decision: SheetDecision) -> dict[str, int]:
    """The names in rows of their own above the lines, with their row, where nothing says that they are suppliers.

    Empty where a label, the sheet's name or title, or the names themselves as companies say so.
    """
    extra = dict(decision.extra)
    if extra.get("grouping") != "rows" or not extra.get("supplier_heading"):
        return {}
    column, start = column_index(str(extra["supplier_heading"])), grid.position(decision.first_row)
    above = grid.rows[:start]
    told = [grid.name or "", *(value for row in above[-15:] for value in row if isinstance(value, str))]
    if any(re.search(_SUPPLIER, text, re.IGNORECASE) for text in told if len(text) < 120):
        return {}
    money = [
        column_index(choice.letters.partition(":")[0])
        for choice in decision.columns
        if choice.field in ("amount", "debit", "credit")
    ]
    found: dict[str, int] = {}
    for index in range(start, len(grid.rows)):
        row = grid.rows[index]
        if any(each < len(row) and row[each] is not None for each in money):
            continue
        if labelled(row) is not None:
            return {}
        name = group_of(row, column)
        if name and sum(cell is not None for cell in row) == 1:
            if _PREFIX.match(fold(str(row[column]))) or _PADDED.fullmatch(str(row[column])):
                return {}
            found.setdefault(name, grid.numbers[index])
    return found if _companies(list(found)) < _COMPANIES else {}


def named_above(grid: Grid, start: int, column: int) -> str:
    """The supplier that particulars right above the header name for the first lines; ``""`` for none."""
    for index in range(start - 1, max(start - 6, -1), -1):
        row = grid.rows[index]
        if labelled(row) == column or names_padded(row, column) or _headed(row, column):
            return group_of(row, column)
    return ""


def _headed(row: Sequence[Cell], column: int) -> bool:
    """Whether a row is one cell that calls itself a supplier's heading: ``Supplier: ACME Ltd``."""
    value = row[column] if column < len(row) else None
    alone = sum(cell is not None for cell in row) == 1
    return alone and isinstance(value, str) and bool(_PREFIX.match(fold(value)))


def grouping(
    grid: Grid, header: Header, picks: dict[str, Pick], money: Sequence[int]
) -> tuple[int, str] | None:
    """Column of the group headings and how they stand (``rows`` of their own, or ``first`` line only), or None."""
    supplier = picks.get("supplier")
    lines = headed = alone = told = named_so = 0
    candidates: Counter[int] = Counter()
    starts = above = 0
    names: list[str] = []
    heads: list[str] = []
    previous_alone = -1
    for row in grid.rows[header.first_index : header.first_index + 4000]:
        has_money = any(column < len(row) and row[column] is not None for column in money)
        filled = [column for column, value in enumerate(row) if value is not None]
        if has_money and not several_labels(row):
            label = next(
                (
                    value
                    for column in filled
                    if isinstance(value := row[column], str) and plain_number(value) is None
                ),
                None,
            )  # an amount may be a text too
            claim = says_total(label) if label is not None else Says.NOTHING
            if claim >= Says.LOOSELY and sum(plain_number(row[column]) is None for column in filled) <= 2:
                previous_alone = (
                    previous_alone if claim is Says.BALANCE else -1
                )  # an opening balance heads lines
                continue
            lines += 1
            if supplier is not None and supplier.column < len(row) and row[supplier.column] is not None:
                headed += 1
                names.append(fold(str(row[supplier.column])).casefold())
                above += previous_alone not in (-1, supplier.column)
            elif previous_alone >= 0:
                starts += 1
            previous_alone = -1
        elif (named := labelled(row)) is not None:
            candidates[named] += 1
            alone += 1
            told += 1
            previous_alone = named
        elif len(filled) == 1 and isinstance(row[filled[0]], str) and not only_total(str(row[filled[0]])):
            text = fold(str(row[filled[0]]))
            if _PAGE.fullmatch(text) or _is_rule(text):
                continue
            padded = _PADDED.fullmatch(str(row[filled[0]]))
            if padded and not _NAME.fullmatch(fold(padded["label"])):
                continue  # the number, the town of the supplier that another line names
            named_so += padded is not None
            heads.append(text)
            candidates[filled[0]] += 1
            alone += 1
            told += padded is not None or _PREFIX.match(text) is not None
            previous_alone = filled[0]
    if lines < 2:
        return None
    if candidates and alone >= 1:
        column, count = candidates.most_common(1)[0]
        share = headed / lines
        weak = supplier is None or supplier.score <= 0.5
        if share < 0.35 and starts >= max(1, count * 0.5) and count <= lines:
            return (supplier.column if supplier is not None and supplier.column == column else column), "rows"
        unsure = weak or (supplier is not None and supplier.score < _SURE and supplier.column != column)
        if (unsure and told and told == count) or (weak and named_so >= 2):
            return column, "rows"
        if weak and starts >= max(2, count * 0.7) and count >= 2:
            return column, "rows"
        of_suppliers = _by_supplier(grid, header) or _companies(heads) >= max(0.3, _companies(names) + 0.2)
        if weak and count >= 2 and above >= max(2, count * 0.7) and of_suppliers:
            return column, "rows"  # the lines' own text was taken for the supplier only for want of one
        if weak and count >= 2 and above >= max(2, count * 0.7) and legal_share(dict.fromkeys(names)) < 0.15:
            closed = heads_closed(grid, header, column, money)
            if closed >= max(2, 0.7 * count):
                return column, "rows"  # a total closes what each of them heads, and the lines name nobody
    closed = (
        supplier is not None and headed < lines and closed_by_totals(grid, header, supplier.column, money)
    )
    seldom = 0 < headed / lines < 0.6
    ordered = _in_order(names)
    if supplier is not None and lines >= 4 and (closed or seldom or (headed < lines - 1 and ordered)):
        if (
            not closed
            and not (ordered and len(names) > 4)
            and _by_day(grid, header, picks, supplier.column, money)
        ):
            return None
        first = next(
            (
                row
                for row in grid.rows[header.first_index :]
                if any(column < len(row) and row[column] is not None for column in money)
            ),
            [],
        )
        if supplier.column < len(first) and first[supplier.column] is not None:
            return supplier.column, "above" if sums_above(grid, header, supplier.column, money) else "first"
    return None


def _by_day(grid: Grid, header: Header, picks: dict[str, Pick], supplier: int, money: Sequence[int]) -> bool:
    """Whether the lines run from day to day through all groups, each with a day of its own, as no groups would.

    On a statement who was paid stands only where somebody is named; the line above says nothing of the next. Few
    lines may run so by chance: then the names say it, standing again further down or in row after row.
    """
    dated = picks.get("date")
    if dated is None:
        return False
    days: list[date] = []
    names: list[str] = []
    for row in grid.rows[header.first_index : header.first_index + 4000]:
        if not any(column < len(row) and plain_number(row[column]) is not None for column in money):
            continue
        day = _day(row[dated.column]) if dated.column < len(row) else None
        names.append(fold(str(row[supplier] or "")) if supplier < len(row) else "")
        if day is not None:
            days.append(day)
    if len(days) < 0.9 * len(names) or len(set(days)) < 3:
        return False
    if not all(one <= two for one, two in pairwise(days)) and not all(
        one >= two for one, two in pairwise(days)
    ):
        return False
    heads = [name for name in names if name]
    beside = sum(bool(one and two) for one, two in pairwise(names))
    told = beside > 1 or len(set(heads)) < len(heads) or (len(names) >= 8 and len(heads) > 2)
    return told or _out_and_in(grid, header, money)


def _out_and_in(grid: Grid, header: Header, money: Sequence[int]) -> bool:
    """Whether most amounts of the one column are negative and some are not, as on an account's own statement."""
    if len(money) != 1:
        return False
    numbers = [
        plain_number(row[money[0]]) or 0 for row in grid.rows[header.first_index :] if money[0] < len(row)
    ]
    below = sum(number < 0 for number in numbers)
    return below > sum(number > 0 for number in numbers) > 0


def _day(value: Cell) -> date | None:
    """A cell as a day for comparing, whichever order of day and month it may be written in."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    readings = date_readings(value) if isinstance(value, str) else {}
    return readings.get("ymd") or readings.get("dmy") or next(iter(readings.values()), None)


def _in_order(names: Sequence[str]) -> bool:
    """Whether three names or more stand in the order of the alphabet, each once: each heads the lines below it."""
    return len(names) >= 3 and all(one < following for one, following in pairwise(names))


def _companies(texts: Sequence[str]) -> float:
    """Share of the distinct texts that end as company names do."""
    distinct = set(texts)
    return sum(bool(COMPANY.search(text)) for text in distinct) / max(len(distinct), 1)


def _by_supplier(grid: Grid, header: Header) -> bool:
    """Whether the sheet's name or a line above its table says that it lists suppliers."""
    above = grid.rows[: max(0, header.first_index - len(header.rows))][:15]
    told = [grid.name or "", *(value for row in above for value in row if isinstance(value, str))]
    return any(re.search(_SUPPLIER, text, re.IGNORECASE) for text in told if len(text) < 120)
