"""Columns of money, days or licences that a sheet holds and nobody reads: told, so that nothing is left out unseen."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from importers import codes, doubt_codes
from importers.ad_reports import PAYEE, SENT_BY
from importers.amounts import amount_text, printed_number
from importers.cast_words import LEFT, yes_no
from importers.column_proof import in_currency, sums_up
from importers.grid import Grid, column_index, letters
from importers.plan_spans import FROM
from importers.plan_words import says
from importers.record_cells import last_of_use
from importers.scales import in_hundredths
from importers.spend_columns import WORDS, plain_number
from importers.spend_doubts import tell_doubts
from importers.spend_priced import is_price
from importers.table import ColumnFacts, best_field, column_facts, headings_of, sample_rows, span
from importers.usage import layouts, says_closed
from importers.words import Words, heading_words
from mopsaudit.intake.contract import Kind, Layout, Reading, SheetDecision
from mopsaudit.problems import Problem

#: Kinds whose rows are money; what else is unread of the others changes no figure.
KINDS: Final = frozenset((Kind.SPEND, Kind.CONTRACTS, Kind.BUDGET, Kind.ORDERS, Kind.BENEFITS))
_MONEY: Final = ("amount", "net", "gross", "unit_price", "debit", "credit")
#: Fields whose numbers count nothing: a reference of figures alone is no amount.
_NUMBERS: Final = frozenset(("reference", "invoice", "purchase_order", "gl_account", "cost_centre"))
#: A heading that is one of these by so much is left unread knowingly (a balance, a quantity, a number of something).
_KNOWN: Final = 0.75
_CENT: Final = Decimal("0.01")
#: From what a heading speaks of an amount (*Amount applied for*), and from what size whole numbers are money.
_SPOKEN: Final = 0.65
_LARGE: Final = 1000
_LETTERS: Final = re.compile(r"[A-Z]{1,3}(:[A-Z]{1,3})?")
#: Formats that show money: grouped or with two decimals.
_MONEY_FORMAT: Final = re.compile(r"#,##0|0\.00|[€£$¥₹]")
#: A heading of what one of something came to, which beside the cost of all is no money of its own.
_RATIO: Final = re.compile(r"\b(?:avg|average|per|cpc|cpm|cpa|ctr)\b|(?<=\w) / ?\w", re.IGNORECASE)
#: What ends in one of these is no amount, though it has a point: a code, a count of hours or people.
_NUMBERED: Final = re.compile(
    r"\b(?:codes?|ids?|no|number|version|hours|hrs|ftes?|latitude|longitude)$", re.IGNORECASE
)
#: What dates the lines of spend: a column, or what the reader noted of the sheet.
_DATING: Final = ("date", "period", "service_from", "service_until")
_DATED_BY: Final = frozenset(("period", "day_column"))
#: A text that is written as money: with hundredths, groups of thousands or a currency.
_WRITTEN: Final = re.compile(
    r"[.,٫][0-9٠-٩۰-۹]{1,3}(?![0-9])|[€£$¥₹₪]|[0-9]{1,3}([.,' \u00a0\u202f][0-9]{3})+(?![0-9])"
)


def unread(grid: Grid, decision: SheetDecision, kind: Kind, words: Words) -> Iterable[Problem]:
    """One note for a sheet: its columns of amounts, and of days where the rows are contracts, that are not read."""
    across = decision.layout is Layout.CROSSTAB
    if not decision.header_rows or (across and kind is not Kind.BUDGET):
        return
    headings = headings_of(grid, decision)
    start = grid.position(decision.first_row)
    read = _read_across(decision) if across else _read(decision)
    facts = column_facts(grid, start, headings)
    most = max((facts[column].filled for column in read if column < len(facts)), default=0)
    counted = kind is Kind.SPEND and any(_quantity(heading) for heading in headings)
    amounts: list[int] = []
    days: list[int] = []
    for column, heading in enumerate(headings):
        fact = facts[column]
        if (
            not heading
            or column in read
            or fact.filled < 2
            or fact.filled * 3 < most
            or (
                _known(heading, words)
                and not (_numbered(heading, words) and in_currency(grid, column, start))
            )
            or (kind is Kind.SPEND and _RATIO.search(heading))
            or (counted and is_price(heading))
            or (across and (says(heading) == "happened" or sums_up(grid, read, column, start)))
        ):
            continue
        whole = _whole_money(heading, fact)
        if _NUMBERED.search(heading.replace("_", " ")):
            continue
        if fact.numeric_share() >= 0.8 and (whole or in_hundredths(heading) or _money(grid, column, start)):
            same = any(_same(grid, column, other, start) for other in read)
            if not same and not _with_tax(grid, decision, column, start):
                amounts.append(column)
        elif _headed_as_money(heading, words) and _written_otherwise(grid, column, start):
            amounts.append(column)
        elif (
            kind is Kind.CONTRACTS or (kind is Kind.BUDGET and not across and decision.column(FROM) is None)
        ) and fact.date_share() >= 0.8:
            days.append(column)
    told = [
        f"{_listed(headings, columns)} {what}"
        for columns, what in ((amounts, "amounts"), (days, "days"))
        if columns
    ]
    if told:
        yield codes.problem(
            codes.UNREAD,
            f"Not read: {'; '.join(told)}. If one of them belongs in, choose it for what it is.",
            sheet=grid.name,
            cell=f"{letters((amounts or days)[0])}{decision.header_rows[-1]}",
        )


#: Words of a heading under which a yes or no is a licence held.
_LICENCE: Final = frozenset(
    "licence licences seat seats plan subscription addon entitlement product products".split()
)
#: Columns that share their first word (*Acme Docs, Acme Calls, Acme Boards*) name as many products.
_ALIKE: Final = 3


def unread_licences(grid: Grid, decision: SheetDecision, words: Words) -> Iterable[Problem]:
    """One note for a sheet of users whose columns say, product by product, who holds it, and are not read."""
    if not decision.header_rows:
        return
    headings = headings_of(grid, decision)
    read = _read(decision)
    rows = [grid.rows[index] for index in sample_rows(grid.position(decision.first_row), len(grid.rows))]
    flags = [
        column
        for column, heading in enumerate(headings)
        if heading and column not in read and not _known(heading, words) and _yes_or_no(rows, column)
    ]
    first = Counter(heading_words(headings[column])[0] for column in flags)
    two = Counter(heading_words(headings[column])[:2] for column in flags)
    layout = dict(decision.extra).get("vendor_layout")
    tool = next((each.tool for each in layouts() if each.id == layout and each.tool), "")
    own = heading_words(tool)[0] if tool else ""
    told = [
        column
        for column in flags
        if _LICENCE.intersection(said := heading_words(headings[column]))
        or said[0] == own
        or first[said[0]] >= _ALIKE
        or (len(said) > 2 and two[said[:2]] > 1)
    ]
    if told:
        yield codes.problem(
            codes.UNREAD,
            f"Not read: {_listed(headings, told)} a yes or no for each person. If one of them says who holds a seat "
            "of the tool, choose it as the assignment.",
            sheet=grid.name,
            cell=f"{letters(told[0])}{decision.header_rows[-1]}",
        )


#: A field of a kind whose figures hang on it → what an unread column may be of it instead.
_WANTED: Final[Mapping[Kind, tuple[tuple[str, str], ...]]] = {
    Kind.USAGE: (("last_activity", "days"),),
    Kind.PEOPLE: (("left", "days"),),
    Kind.INVENTORY: (("renewal", "days"), ("yearly_cost", "amounts"), ("seats", "counts")),
    Kind.CREDITS: (("bought", "numbers"), ("used", "numbers")),
}
#: Words of a heading that counts seats.
_SEATS: Final = frozenset("seats licences users rights entitlements total owned purchased accounts".split())
#: How a roster says that somebody has gone, as those do who take it in.
_GONE: Final = re.compile(r"(?:left|leaver|terminated|inactive)\b.*", re.IGNORECASE)
#: A day an account or a person is there until.
_UNTIL: Final = re.compile(r"\bexpir|valid[ _]?(?:until|till|to)\b|\bends?\b", re.IGNORECASE)


#: A day somebody leaves on, or says so.
_LEAVING: Final = re.compile(
    r"resign|notice|reliev|releas|leav|\bleft\b|\bexit|separat|terminat|last (?:working )?day|re-?(?:hire|join|instat)|"
    r"austritt|kündig|sortie|\bbaja|cessazione|uitdienst|退職",
    re.IGNORECASE,
)
#: A day on which something was taken away.
_CLOSED: Final = re.compile(
    r"\b(?:(?:un|de)(?:assign|activat|provision|licen|regist|enroll?)|remov|revok|terminat|cancel|suspen|disabl|archiv|"
    r"delet|clos|off-?board|withdraw)",
    re.IGNORECASE,
)


def unread_of_records(grid: Grid, decision: SheetDecision, kind: Kind, words: Words) -> Iterable[Problem]:
    """One note for a sheet of records that lacks what its figures hang on: the columns that may be it."""
    if not decision.header_rows or decision.layout is Layout.CROSSTAB:
        return
    headings = headings_of(grid, decision)
    start, read = grid.position(decision.first_row), _read(decision)
    facts = column_facts(grid, start, headings)
    wanted = {
        what
        for name, what in _WANTED[kind]
        if (choice := decision.column(name)) is None or not facts[span(choice)[0]].filled
    }
    if decision.column("_monthly_cost") is not None:
        wanted.discard("amounts")
    layout = dict(decision.extra).get("vendor_layout")
    if any(each.id == layout and (each.latest or each.per_product) for each in layouts()):
        wanted.discard("days")
    found: dict[str, list[int]] = {}
    for column, heading in enumerate(headings):
        fact = facts[column]
        if not heading or column in read or not fact.filled or _known(heading, words):
            continue
        days = fact.date_share() >= 0.8
        if kind is Kind.USAGE and any(map(says_closed, fact.texts)):
            found.setdefault("that some are closed", []).append(column)
        elif kind is Kind.PEOPLE and any(
            LEFT.fullmatch(text) or _GONE.fullmatch(text) for text in fact.texts
        ):
            found.setdefault("that some have left", []).append(column)
        elif days and (
            "days" in wanted
            or (kind in (Kind.USAGE, Kind.PEOPLE) and _UNTIL.search(heading))
            or (kind is Kind.PEOPLE and _LEAVING.search(heading))
            or (kind is Kind.USAGE and (last_of_use(heading) or _CLOSED.search(heading)))
        ):
            found.setdefault("days", []).append(column)
        elif fact.filled < 2 or fact.numeric_share() < 0.8 or days:
            continue
        elif "amounts" in wanted and _money(grid, column, start):
            found.setdefault("amounts", []).append(column)
        elif "numbers" in wanted or ("counts" in wanted and _SEATS.intersection(heading_words(heading))):
            found.setdefault("numbers", []).append(column)
    if found:
        told = "; ".join(f"{_listed(headings, columns)} {what}" for what, columns in found.items())
        yield codes.problem(
            codes.UNREAD,
            f"Not read: {told}. If one of them belongs in, choose it for what it is.",
            sheet=grid.name,
            cell=f"{letters(next(iter(found.values()))[0])}{decision.header_rows[-1]}",
        )


def _yes_or_no(rows: Sequence[Sequence[object]], column: int) -> bool:
    """Whether nearly every row says yes or no in a column, in words or as a truth value, and some say yes."""
    values = [row[column] for row in rows if column < len(row) and row[column] is not None]
    said = [
        yes_no(value)
        for value in values
        if isinstance(value, bool | str) and not str(value).strip().isdigit()
    ]
    return (
        len(values) >= 2
        and len(values) * 2 > len(rows)
        and None not in said
        and len(said) == len(values)
        and any(said)
    )


def _listed(headings: Sequence[str], columns: Sequence[int]) -> str:
    """``C “Actual” and D “Variance” hold``, the first six."""
    named = [f"{letters(column)} “{headings[column][:60]}”" for column in columns[:6]]
    if len(columns) > len(named):
        named.append(f"{len(columns) - len(named)} more")
    *first, last = named
    text = f"{', '.join(first)} and {last}" if first else last
    return f"{text} {'holds' if len(columns) == 1 else 'hold'}"


def _read(decision: SheetDecision) -> set[int]:
    """The columns a decision reads, those its extra names among them."""
    found = {column for choice in decision.columns for column in range(span(choice)[0], span(choice)[1] + 1)}
    # A platform may be called X: who was paid names no column.
    return found | set(
        _named({name: value for name, value in decision.extra if name not in (PAYEE, SENT_BY)})
    )


def _read_across(decision: SheetDecision) -> set[int]:
    """The columns a plan across the columns reads: of a span of amounts only those that are months or years."""
    months = set(map(column_index, dict(decision.extra).get("months", {})))
    amount = decision.column("amount")
    if not months or amount is None:
        return _read(decision)
    first, last = span(amount)
    return {column for column in _read(decision) if column in months or not first <= column <= last}


def _named(value: Any) -> Iterable[int]:
    if isinstance(value, str) and _LETTERS.fullmatch(value):
        first, _, last = value.partition(":")
        yield from range(column_index(first), column_index(last or first) + 1)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _named(name)
            yield from _named(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _named(each)


def _known(heading: str, words: Words) -> bool:
    """Whether the heading says what is not read on purpose."""
    for vocabulary in (words, WORDS):
        found = vocabulary.fields(heading)
        name = max(found, key=lambda each: found[each], default="")
        if (name.startswith("_") or name in _NUMBERS) and found[name] >= _KNOWN:
            return True
    return False


def _numbered(heading: str, words: Words) -> bool:
    """Whether a heading is known for a number of something alone, which amounts of money below it gainsay."""
    for vocabulary in (words, WORDS):
        found = vocabulary.fields(heading)
        name = max(found, key=lambda each: found[each], default="")
        if name.startswith("_") and found[name] >= _KNOWN:
            return False
    return True


def _quantity(heading: str) -> bool:
    """Whether a heading says how many, so that a price beside it is of one of them."""
    return best_field(WORDS.fields(heading))[0] == "_quantity"


def _headed_as_money(heading: str, words: Words) -> bool:
    found = words.fields(heading)
    name = max(found, key=lambda each: found[each], default="")
    return name in _MONEY and found[name] >= _KNOWN


def _whole_money(heading: str, fact: ColumnFacts) -> bool:
    """Whether a heading speaks of an amount, and whole numbers stand below it that are large enough for money."""
    name, score = best_field(WORDS.fields(heading))
    return (
        name in ("amount", "net", "gross")
        and score >= _SPOKEN
        and any(
            abs(plain_number(value) or 0) >= _LARGE for value in fact.values if isinstance(value, int | str)
        )
    )


def _written_otherwise(grid: Grid, column: int, start: int) -> bool:
    """Whether most cells are money with words about it (``$45,000/yr``), which reads as no amount."""
    texts = [
        value
        for index in sample_rows(start, len(grid.rows))
        if column < len(row := grid.rows[index]) and (value := row[column]) is not None
    ]
    like = sum(isinstance(value, str) and bool(_WRITTEN.search(value)) for value in texts)
    return 2 * like > len(texts)


def _money(grid: Grid, column: int, start: int) -> bool:
    """Whether the numbers of a column are money: some have cents, a currency, or a format that shows money."""
    for _, code in grid.formats.get(column, ()):
        if code and _MONEY_FORMAT.search(code):
            return True
    for index in sample_rows(start, len(grid.rows)):
        row = grid.rows[index]
        value = row[column] if column < len(row) else None
        if isinstance(value, float) and value != int(value) and round(value, 2) == value:
            return True
        if isinstance(value, str) and amount_text(value) is not None and _WRITTEN.search(value.strip()):
            return True
    return False


def _same(grid: Grid, one: int, other: int, start: int) -> bool:
    """Whether two columns hold the same in every sampled row."""
    return all(
        (row[one] if one < len(row) else None) == (row[other] if other < len(row) else None)
        for row in (grid.rows[index] for index in sample_rows(start, len(grid.rows)))
    )


def _with_tax(grid: Grid, decision: SheetDecision, column: int, start: int) -> bool:
    """Whether a column is, in every sampled row, the amount that is read with the tax that is read, or without it."""
    amount, tax = decision.column("amount"), decision.column("tax")
    if amount is None or tax is None:
        return False
    columns = [(span(choice)[0], choice.decimal_mark or ".") for choice in (amount, tax)]
    agreed = {1: 0, -1: 0}
    for index in sample_rows(start, len(grid.rows)):
        row = grid.rows[index]
        own = printed_number(row[column], columns[0][1]) if column < len(row) else None
        read = [printed_number(row[place], mark) if place < len(row) else None for place, mark in columns]
        if own is None or read[0] is None:
            continue
        for sign in list(agreed):
            if abs(read[0] + sign * (read[1] or 0) - own) > _CENT:
                del agreed[sign]
            else:
                agreed[sign] += 1
    return any(count >= 2 for count in agreed.values())


def _unnamed(decision: SheetDecision) -> Iterable[Problem]:
    """A note where nothing on a sheet of spend says who was paid."""
    extra = dict(decision.extra)
    named = extra.get(PAYEE) or extra.get(SENT_BY) or "suppliers" in extra
    if decision.column("supplier") is None and not named:
        yield codes.problem(
            codes.NO_SUPPLIER,
            "No column names a supplier; the lines count under “no supplier”.",
            sheet=decision.name,
        )


def _undated(grid: Grid, decision: SheetDecision, words: Words) -> Iterable[Problem]:
    """A note where nothing on a sheet of spend dates its lines; it names a column whose heading says it should."""
    extra = dict(decision.extra)
    dated = any(decision.column(name) is not None for name in _DATING)
    if dated or decision.layout is Layout.CROSSTAB or _DATED_BY.intersection(extra):
        return
    headed = next(
        (
            (column, heading)
            for column, heading in enumerate(headings_of(grid, decision))
            if heading and words.fields(heading).get("date", 0.0) >= 0.8
        ),
        None,
    )
    told = f"; the cells of column {letters(headed[0])} “{headed[1]}” are no days" if headed else ""
    yield codes.problem(
        doubt_codes.UNDATED,
        f"No column dates the lines{told}: they count as undated.",
        sheet=decision.name,
    )


def tell_unread(grids: Sequence[Grid], reading: Reading, words: Words) -> tuple[Problem, ...]:
    """The notes on every sheet that is read: what nobody reads of it, and that it names no supplier."""
    kind = reading.decision.kind
    if kind not in KINDS and kind not in _WANTED:
        return ()
    by_name = {grid.name: grid for grid in grids}
    problems: list[Problem] = []
    for decision in reading.decision.sheets:
        if decision.used and decision.name in by_name:
            if kind is Kind.SPEND and not any(
                question.key.endswith((PAYEE, SENT_BY, "supplier_column")) for question in reading.questions
            ):
                problems.extend(_unnamed(decision))
            if kind is Kind.SPEND:
                problems.extend(_undated(by_name[decision.name], decision, words))
                problems.extend(tell_doubts(by_name[decision.name], decision))
            if kind is Kind.USAGE:
                problems.extend(unread_licences(by_name[decision.name], decision, words))
            if kind in _WANTED:
                problems.extend(unread_of_records(by_name[decision.name], decision, kind, words))
            else:
                problems.extend(unread(by_name[decision.name], decision, kind, words))
    return tuple(problems)
