"""Which column of a spend sheet is which field: by its heading and what its cells hold."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importers.amounts import amount_text, amount_value
from importers.currencies import currency_of_text
from importers.dates import date_readings, month_name, serial_date
from importers.grid import Cell, Grid, column_index, letters
from importers.heading_doubts import counts_rows, describes, heading_doubt, may_describe, numbers
from importers.table import ColumnFacts, Header, best_field
from importers.texts import fold
from importers.total_words import only_total
from importers.words import SPEND, Words, heading_words
from mopsaudit.intake.contract import ColumnChoice, ReadOptions

WORDS = Words(SPEND)


WEIGHTS = {"amount": 3.0, "net": 3.0, "gross": 2.5, "debit": 2.0, "credit": 2.0, "supplier": 2.5, "date": 2.0}


MONEY = ("amount", "net", "gross", "tax", "debit", "credit", "original_amount")


TEXT_FIELDS = (
    "description",
    "reference",
    "cost_centre",
    "unit",
    "gl_account",
    "purchase_order",
    "entity",
    "invoice",
)


@dataclass(slots=True)
class Pick:
    """A column chosen for a field, and how well it fits (0–1)."""

    column: int
    score: float
    heading: str


def choice_of(name: str, pick: Pick) -> ColumnChoice:
    """The column chosen for a field, with the reason a person reads."""
    why = (
        f"the heading “{pick.heading}” says so"
        if pick.heading and pick.score > 0.5
        else "by what its cells hold"
    )
    return ColumnChoice(
        field=name,
        letters=letters(pick.column),
        header=pick.heading,
        confidence=round(min(0.99, pick.score), 2),
        why=why,
    )


def stand_in(picks: dict[str, Pick], facts: Sequence[ColumnFacts]) -> None:
    """Let a column be what a sheet has no other column for: the service period dates lines that have no date, days
    under a heading of periods are those of the lines, the supplier's invoice number is the reference.
    """
    if "period" in picks and "date" not in picks and _days_within(facts[picks["period"].column]):
        picks["date"] = picks.pop("period")
    if "service_from" in picks and not {"date", "period", "service_until"} & set(picks):
        picks["period"] = picks.pop("service_from")
    if "invoice" in picks and "reference" not in picks:
        picks["reference"] = picks.pop("invoice")


def _days_within(facts: ColumnFacts) -> bool:
    """Whether most cells are days written out, and not all of them the first of a month."""
    days = {
        day.day
        for value in facts.values
        if isinstance(value, str) and ":" not in value
        for day in date_readings(value).values()
    }
    return facts.date_texts >= 0.8 * facts.filled and len(days) > 12


def map_target(target: str, headings: Sequence[str]) -> int | None:
    """The 0-based column a map names: ``F:`` by letter, else the heading's text (case and white space aside)."""
    plain = fold(target)
    match = re.fullmatch(r"([A-Za-z]{1,3}):(?:[A-Za-z]{1,3})?", plain)
    if match:
        return column_index(match.group(1))
    wanted = plain.casefold()
    for column, heading in enumerate(headings):
        if heading.casefold() == wanted:
            return column
    return None


def mapped(header: Header, options: ReadOptions, grid: Grid) -> dict[str, int]:
    """Field → column of the ``--map`` pairs this header can serve (a heading's text, or ``F:``)."""
    result: dict[str, int] = {}
    for name, target in options.maps:
        column = map_target(target, header.headings)
        if column is not None and column < max(grid.width, 1):
            result[name] = column
    return result


#: Days that make a column of dates one, whatever notes stand below them.
_DAYS = 3


#: Of the cells of a column, from how many on that are days it holds nothing else.
_DAYS_ALONE = 0.8


def fit(name: str, facts: ColumnFacts, *, date_1904: bool) -> float:
    """How well the cells of a column fit a field: 0 (cannot be) to 1."""
    if not facts.filled:
        return (
            0.3 if name in ("description", "reference", "unit", "entity", "cost_centre", "currency") else 0.15
        )
    if name in MONEY or name in ("_balance", "_quantity", "_unit_price"):
        if facts.bad > facts.filled / 2:
            return 0.7
        share = facts.numeric_share()
        if share < 0.4:
            return 0.0
        if facts.filled >= _DAYS and facts.compact_share() >= 0.9:
            return 0.1  # 20180214 is a day: *Paid* may head either
        return 0.4 + 0.6 * share
    if name == "date":
        share = max(facts.date_share(), facts.compact_share())
        if share < 0.5 and facts.whole > facts.filled / 2 and serials(facts, date_1904=date_1904):
            share = 0.9
        told = 0.92 if share >= 0.4 and facts.date_share() * facts.filled >= _DAYS else 0.45
        return max(told, share) if facts.numeric_share() < 0.5 or share > 0.5 else 0.2
    if name in ("reference", "invoice", "purchase_order") and facts.date_share() >= _DAYS_ALONE:
        return 0.0  # *Trans date* beside the day of posting is a second day, no number
    if name in ("service_from", "service_until"):
        if facts.numbers and not serials(facts, date_1904=date_1904):
            return 0.1  # 12 of a *Service period* are its months
        return 1.0
    if name == "supplier":
        if facts.numeric_share() > 0.6 or facts.date_share() > 0.5 or _numbered(facts):
            return 0.1
        return 0.75 + 0.25 * facts.text_share() - 0.2 * (facts.long_texts > facts.filled / 2)
    if name in ("currency", "original_currency"):
        known = sum(count for text, count in facts.texts.items() if currency_of_text(text))
        return 1.0 if known >= 0.7 * facts.filled else 0.2
    if name in ("reference", "invoice"):
        if counts_rows(facts):
            return 0.3  # 1, 2, 3 … is the line's place in this file; the next file gives it to another line
        if facts.numeric - facts.whole > 0.3 * facts.filled:
            return 0.1  # a price of an invoice, no number of one
        if facts.date_share() >= 0.9 and facts.numeric_share() < 0.5:
            return 0.1  # the day of a document
        return 0.55 + 0.45 * min(1.0, facts.distinct_share() * 1.5)
    if name == "period":
        fractions = facts.numbers - facts.whole
        worded = sum(
            count
            for text, count in facts.texts.items()
            if not any(map(str.isdigit, text)) and month_name(text) is None and not only_total(text)
        )
        if worded > 0.5 * facts.filled and not facts.month_texts:
            return 0.2  # what was bought in a period
        return 0.1 if facts.numbers and fractions > 0.05 * facts.filled else 1.0
    if name == "description":
        return 0.6 + 0.4 * facts.text_share()
    if name == "entity" and facts.filled >= 10 and facts.distinct_share() >= 0.9:
        return 0.3  # another in each line: a number of the line, no company of ours
    return 1.0


def _kind_of_account(heading: str, facts: ColumnFacts) -> bool:
    """Whether the cells of a column only repeat words of its heading: *Debtor* under *Debtor/creditor* is no name."""
    said = set(heading_words(heading))
    return (
        facts.filled >= 3
        and bool(facts.texts)
        and all(set(heading_words(text)) <= said for text in facts.texts)
    )


def _numbered(facts: ColumnFacts) -> bool:
    """Whether nearly all texts of a column are numbers of accounts, in groups or as an IBAN, and no names."""
    texts = sum(facts.texts.values())
    numbered = sum(count for text, count in facts.texts.items() if _ACCOUNT_NUMBER.fullmatch(text))
    return texts > 0 and numbered >= 0.9 * texts


def serials(facts: ColumnFacts, *, date_1904: bool) -> bool:
    """Whether every number of a column, stored or written, may be a day as a spreadsheet counts them."""
    numbers: list[int | float] = [value for value in facts.values if isinstance(value, int | float)]
    numbers += [
        int(value) if len(value) == 5 else 0
        for value in facts.values
        if isinstance(value, str) and value.isascii() and value.isdigit()
    ]
    return bool(numbers) and all(
        serial_date(value, date_1904=date_1904) is not None for value in numbers[:50]
    )


#: The number of a bank's account as it is printed: digits in groups, an IBAN.
_ACCOUNT_NUMBER = re.compile(r"[0-9][0-9 .,/-]{5,}|[A-Z]{2}[0-9]{2}[ ]?(?:[A-Z0-9]{2,4}[ ]?){3,8}")
#: Words of a heading that say whose currency an amount is in, whatever else the heading says.
_OWN_CURRENCY = frozenset(("lc", "lcy", "lccy", "hw", "hauswahrung"))
_OTHER_CURRENCY = frozenset(
    (
        "tc tcy fc fcy dc fremdwahrung belegwahrung transaktionswahrung fw vv valuta valutassa walucie mene deviza "
        "devise divisa moeda fremdbetrag"
    ).split()
)
#: Words that make *in currency* one's own: *importe en moneda local*.
_AT_HOME = frozenset(
    (
        "local locale nacional nationale nazionale base basis krajowej eigen konto company rachunku konta uctu compte "
        "cuenta conta conto rekening account"
    ).split()
)
#: What says of a currency that it is the document's, not the ledger's.
_OF_DOCUMENT = frozenset(
    "orig original origine originale ursprunglig urspr opr alkup oorspr oorspronkelijke dok dokladu dokumentu".split()
)


_WITH_OR_WITHOUT = frozenset(
    ("incl", "excl", "inkl", "exkl", "without", "hors", "ohne", "sem", "sin", "ekskl")
)


#: Words of a date that lies ahead.
_MEANT = frozenset(
    "required requested promised expected planned needed need estimated requisition expiry expiration warranty garanti "
    "garantie liefertermin wunschtermin envio entrega vencimiento vencimento scadenza echeance fälligkeit "
    "sent".split()
)
#: What says of which rate a tax is: its code or key, no amount.
_CODES = frozenset(
    "code codes kod kode koodi koden kody key kennzeichen schlussel codice codigo sats".split()
)
_CODE_ENDS = ("schlussel", "kennzeichen", "kode", "koodi", "sats", "satz")


#: Words of a number, where two things stand in one heading.
_NUMBERED = frozenset(("id", "no", "nr", "number", "code", "ref", "num", "#"))


def by_currency(heading: str, match: Mapping[str, float]) -> dict[str, float]:
    """A heading's matches with *amount* and *original amount* told apart by ``(LC)``, ``(TC)`` or ``in HW``."""
    words = set(heading_words(heading))
    result = _of_two(heading, match)
    if words & _CODES or any(word.endswith(_CODE_ENDS) for word in words):
        result.pop("tax", None)  # which rate applies, not what it comes to
    if result.get("date") and _MEANT & set(fold(heading).casefold().split()):
        result["date"] *= 0.6  # when something is to happen, not when it did
    if words & _WITH_OR_WITHOUT and "tax" in result:
        result["tax"] *= 0.4  # an amount with or without the tax, not the tax
    plain = max((result.get(name, 0.0) for name in ("amount", "net", "gross")), default=0.0)
    if words & _OWN_CURRENCY and "original_amount" in result:
        result["amount"] = max(plain, result.pop("original_amount"))
    elif words & _OTHER_CURRENCY and not words & _AT_HOME and plain:
        for name in ("amount", "net", "gross"):
            result.pop(name, None)
        result["original_amount"] = max(plain, result.get("original_amount", 0.0))
    if words & _OF_DOCUMENT and "currency" in result and "original_currency" not in result:
        result["original_currency"] = result.pop("currency")
    return result


def _of_two(heading: str, match: Mapping[str, float]) -> dict[str, float]:
    """A heading's matches, where it says two things with a stroke between them: who is paid, and in which group
    (``Category / Supplier``), is a name, unless one of the two is its number.
    """
    result = dict(match)
    parts = [part for part in heading.split("/") if part.strip()]
    if len(parts) == 2 and "supplier" in match and not _NUMBERED & set(heading_words(heading)):
        named = max(WORDS.fields(part.strip()).get("supplier", 0.0) for part in parts)
        if named >= 0.9:
            result.pop("_supplier_id", None)
            result["supplier"] = max(result["supplier"], 0.85)
    return result


def tables_beside(header: Header, facts: Sequence[ColumnFacts]) -> list[range]:
    """The runs of columns that are a table of their own: with an amount, and a supplier or date, between empty columns.

    More than one only where several tables stand side by side; the one with most amounts comes first.
    """
    runs: list[range] = []
    start: int | None = None
    for column in range(len(facts) + 1):
        used = column < len(facts) and bool(header.headings[column] or facts[column].filled)
        if used and start is None:
            start = column
        elif not used and start is not None:
            runs.append(range(start, column))
            start = None
    runs = [part for run in runs for part in _repeats(header, run)]
    found: list[tuple[int, range]] = []
    for run in runs:
        named = [best_field(header.matches[column])[0] for column in run]
        amounts = [
            facts[column].numeric
            for column, name in zip(run, named, strict=True)
            if name in ("amount", "net", "gross", "debit") and facts[column].numeric_share() >= 0.5
        ]
        if amounts and {"supplier", "date"} & set(named):
            found.append((max(amounts), run))
    found.sort(key=lambda entry: (-entry[0], entry[1].start))
    return [run for _, run in found]


def _repeats(header: Header, run: range) -> list[range]:
    """A run of columns whose headings say the same several times over (date, amount, date, …) in its parts."""
    said = [header.headings[column].casefold() for column in run]
    if len(header.rows) > 1 and all(said):
        said = [text.split()[-1] for text in said]  # the upper line names each part over its first column
    for size in range(2, len(said) // 2 + 1):
        if len(said) % size or not all(said[:size]) or len(set(said[:size])) < size:
            continue
        if said == said[:size] * (len(said) // size):
            return [range(at, at + size) for at in range(run.start, run.stop, size)]
    return [run]


def assign(
    header: Header, facts: Sequence[ColumnFacts], grid: Grid, within: range | None = None
) -> dict[str, Pick]:
    """Field → column: better matches first; of equals the one further left, and the field that names most."""
    scored: list[tuple[float, int, str]] = []
    for column, match in enumerate(header.matches):
        if within is not None and column not in within:
            continue
        for name, score in match.items():
            fitting = fit(name, facts[column], date_1904=grid.date_1904)
            if name == "supplier" and _kind_of_account(header.headings[column], facts[column]):
                fitting = 0.0
            if score < 0.9 or name == "_supplier_id":
                fitting *= heading_doubt(header.headings[column], name, facts[column])
            total = score * fitting
            if total >= 0.25:
                scored.append((total, column, name))
    scored.sort(key=lambda item: (-round(item[0], 3), item[1], item[2]))
    picks: dict[str, Pick] = {}
    used: set[int] = set()
    for total, column, name in scored:
        if column in used or (name in picks and not name.startswith("_")):
            continue
        used.add(column)
        if name not in picks:
            picks[name] = Pick(column, total, header.headings[column])
    _left_over(header, facts, picks, [column for column in within or range(len(facts)) if column not in used])
    return picks


def _left_over(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], columns: Sequence[int]
) -> None:
    """What a line was for and the number of its document, from columns no field claims by their heading."""
    if not {"date", "period"} & set(picks) or not {"amount", "net", "gross", "debit"} & set(picks):
        return
    for name, told in (("description", describes), ("reference", numbers)):
        if name in picks or (name == "reference" and "invoice" in picks):
            continue
        for column in columns:
            said, score = best_field(header.matches[column])
            heading = header.headings[column]
            if score < 0.65 and not said.startswith("_") and told(heading, facts[column]):
                picks[name] = Pick(column, 0.3, heading)
                break
    if "description" not in picks and picks.get("supplier", Pick(0, 0.0, "")).score >= 0.6:
        taken = {pick.column for pick in picks.values()}
        most = max(fact.filled for fact in facts)
        scores = {
            column: may_describe(header.headings[column], facts[column], most)
            for column in columns
            if column not in taken and best_field(header.matches[column])[1] < 0.65
        }
        best = max(scores, key=lambda column: scores[column], default=-1)
        if scores.get(best):
            picks["description"] = Pick(best, 0.3, header.headings[best])


def account_of(row: Sequence[Cell], place: int) -> str:
    """The account's number a row begins its account with; empty for none."""
    value = row[place] if place < len(row) else None
    text = fold(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    return text if text[:1].isdigit() and text[:1].isascii() else ""


def plain_number(value: Cell) -> float | None:
    """A cell as a number for comparing (never for summing); None for what is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        parts = amount_text(value)
        if parts is not None:
            found = amount_value(parts, ".")
            return float(found) if found is not None else None
    return None
