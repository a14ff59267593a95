"""How well the cells of a column fit the field its heading names: evidence of every kind of record."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from importers.amounts import amount_text
from importers.billing import billing_of
from importers.cast_words import says_nothing, yes_no
from importers.casts import Cast
from importers.dates import date_readings, month_value, quarter_value
from importers.fields import labels
from importers.fiscal import bare_span, fiscal_period, span_in_year
from importers.grid import Cell, Grid
from importers.months import names_year
from importers.plan_spans import times
from importers.plan_words import says
from importers.price_texts import price_of, priced
from importers.rates import counts_units, names_currency
from importers.relative_days import says_ago
from importers.table import ColumnFacts, Header
from importers.terms import length_in_months, notice_of
from importers.texts import fold
from importers.unit_words import is_unit
from mopsaudit.intake.contract import Kind, ReadOptions
from mopsaudit.money import CURRENCIES

_CODE: Final = re.compile(r"[A-Z]{3}")
#: What a notice is counted in, by its first letters in several languages.
_UNIT: Final = re.compile(r"\s*(?:d|m|t|j|w|cal|bus|work|kal|day)", re.IGNORECASE)
#: The longest term and notice a contract has: fifty years, two years.
_MONTHS: Final = 600
_DAYS: Final = 730
#: What says that an amount is for all of its line's days.
_WHOLE: Final = re.compile(
    r"(?:lifetime|total|whole|fixed|one[- ]?off|once|campaign|flight|overall|full)(?: budget)?", re.IGNORECASE
)
#: What one of something costs, which is no plan of all of them.
_OF_ONE: Final = re.compile(
    r"\b(?:unit (?:cost|price|rate)|(?:cost|price|rate) (?:per|each)|(?:cost|price)/(?:unit|item|each)|"
    r"einzelpreis|stückpreis|prix unitaire|coût unitaire|precio unitario|coste unitario|prezzo unitario|stukprijs|"
    r"styckpris|stykpris)\b",
    re.IGNORECASE,
)
#: When somebody wrote a record, or changed it: no month of what it holds.
_OF_RECORD: Final = re.compile(
    r"\b(?:creat(?:ed?|ion)|modif(?:ied|y)|updated?|changed?|entered|submitted|imported|uploaded|edited|erstellt|geändert|"
    r"angelegt|créé|modifié|creado|modificado|creato|modificato|aangemaakt|gewijzigd)\b",
    re.IGNORECASE,
)
_INNER: Final = re.compile(r"[_-]|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
#: What was spent of a contract's worth, or is left of it: no price of it.
_SPENT: Final = re.compile(
    r"\b(?:spent|remaining|remainder|balance|consumed|utili[sz]ed|drawn(?: down)?|available|outstanding|to date|ytd|"
    r"savings?|saved|"
    r"verbraucht|restbetrag|verfügbar|consommé|restant|consumido|ejecutado|pendiente|consumato|residuo|resterend)\b",
    re.IGNORECASE,
)
#: Lines from which one name on all of them is no chance.
_ALL_OF_ONE: Final = 4
#: What each kind calls the column of how often a bill comes.
_RHYTHM: Final = {Kind.CONTRACTS: "billing", Kind.INVENTORY: "_billing", Kind.BUDGET: "_every"}
#: Fields that name somebody or something.
_NAMES: Final = ("tool", "vendor", "supplier", "user_name", "name", "case", "feature")
#: What goods and hours are counted in: a column of these is no department.
_MEASURES: Final = frozenset(
    (
        "ea each pc pcs pce piece pieces unit units st stk stück stuck szt ks kpl u ud uds pz box set pack pkg pak "
        "h hr hrs hour hours day days month months kg g t l m m2 m3 km le au lot c62 hur"
    ).split()
)


def _measures(facts: ColumnFacts) -> bool:
    """Whether most of a column's texts are units of measure."""
    counted = sum(count for text, count in facts.texts.items() if text.casefold().rstrip(".") in _MEASURES)
    return counted > 0.7 * facts.filled


def currencies(facts: ColumnFacts) -> bool:
    """Whether a column holds codes of currencies and little else, whatever its heading says."""
    told = sum(count for text, count in facts.texts.items() if text in CURRENCIES)
    return facts.filled > 0 and told >= 0.9 * facts.filled


def flags(facts: ColumnFacts) -> bool:
    """Whether a column holds nothing but yes and no."""
    said = facts.bools + sum(count for text, count in facts.texts.items() if yes_no(text) is not None)
    return said == facts.filled > 0


def _says_yes_or_no(facts: ColumnFacts) -> bool:
    """Whether a column answers a question: nearly all of its few texts are yes, no or partly."""
    said = facts.bools + sum(
        count
        for text, count in facts.texts.items()
        if yes_no(text) is not None or text.casefold() in ("partly", "partially", "tbd", "teilweise", "maybe")
    )
    return said == facts.filled > 0 and (
        facts.bools > 0 or any(yes_no(text) is not None for text in facts.texts)
    )


def line_of_data(grid: Grid, header: Header) -> bool:
    """Whether a header found is a line like the one below it: a whole day stands above a day."""
    if not header.rows or header.first_index >= len(grid.rows):
        return False
    above, below = grid.row(header.rows[-1]), grid.rows[header.first_index]
    return any(_is_day(one) and _is_day(two) for one, two in zip(above, below, strict=False))


def _is_day(value: Cell) -> bool:
    return isinstance(value, datetime) or (isinstance(value, str) and bool(date_readings(value)))


def _reads_as_length(value: object) -> bool:
    """Whether a cell may be a length of time in months, or words about terms; an amount of money is none."""
    months = length_in_months(str(value))
    return months <= _MONTHS if months is not None else isinstance(value, str) and not value[:1].isdigit()


def _reads_as_notice(value: object) -> bool:
    """Whether a cell may be a notice period: a count of days or months, or words about one; a key is none."""
    text = str(value)
    found = notice_of(text)
    return found[0] <= _DAYS if found is not None else says_nothing(text) or not any(map(str.isdigit, text))


def _is_part(text: str) -> bool:
    """Whether a text is a quarter, a half or a period of a year, named or not."""
    found = quarter_value(text) or span_in_year(text, 1) or fiscal_period(text) or bare_span(text)
    return found is not None


def _is_year(value: object) -> bool:
    """Whether a cell names a year and no part of it."""
    text = str(value)
    return names_year(value) is not None and not _is_part(text) and month_value(text) is None


def fit(name: str, facts: ColumnFacts, cast: Cast) -> float:
    """0–1: how well the cells of a column are what its heading's field holds; 0.6 for an empty column."""
    if not facts.filled:
        return 0.6
    if name == "_units" and not all(counts_units(value) for value in facts.values):
        return 0.3
    match cast:
        case Cast.MONEY | Cast.NUMBER:
            share = priced(facts) if cast is Cast.MONEY else facts.numeric_share()
            return 0.4 + 0.6 * share if share >= 0.3 or facts.bad else 0.3
        case Cast.DATE | Cast.MONTH:
            told = facts.dates + facts.date_texts + facts.month_texts + facts.numbers
            if (
                cast is Cast.DATE
                and facts.numbers == facts.filled
                and not any(map(_may_be_day, facts.values))
            ):
                return 0.3
            if name == "month":
                if facts.texts and all(map(_is_year, facts.values)):
                    return 0.3  # *FY2026* in a column of periods is the year
                told += sum(count for text, count in facts.texts.items() if _is_part(text))
            share = (
                told + sum(count for text, count in facts.texts.items() if says_ago(text))
            ) / facts.filled
            return 0.55 + 0.45 * min(1.0, share)
        case Cast.YES_NO:
            said = sum(count for text, count in facts.texts.items() if yes_no(text) is not None) + facts.bools
            return 0.4 + 0.6 * min(1.0, said / facts.filled)
        case Cast.TERM | Cast.NOTICE:
            reads = _reads_as_length if cast is Cast.TERM else _reads_as_notice
            share = sum(map(reads, facts.values)) / len(facts.values) if facts.values else 1.0
            return 0.3 if share < 0.3 else 0.6 + 0.4 * share
        case _:
            pass
    if name == "notice_unit" and not any(_UNIT.match(text) for text in facts.texts):
        return 0.3
    if name == "fiscal_year" and 2 * sum(map(_is_year, facts.values)) < len(facts.values):
        return 0.3
    if name == "fiscal_year" and any(map(_is_part, facts.texts)):
        return 0.6  # a quarter among years is no year
    if name in ("user_email", "email"):
        at = sum(count for text, count in facts.texts.items() if "@" in text)
        return 0.6 + 0.4 * min(1.0, at / facts.filled)
    if name in ("from", "to"):
        told = sum(count for text, count in facts.texts.items() if names_currency(text))
        coded = sum(count for text, count in facts.texts.items() if _CODE.search(text))
        share = min(1.0, told / facts.filled)
        return 0.2 + 0.8 * (share if coded else share / 2)  # an Australian dollar is a dollar too, and AUD
    if name in ("owner", "budget_holder", "manager"):
        at = sum(count for text, count in facts.texts.items() if "@" in text)
        return 0.3 if facts.date_share() > 0.7 else 0.9 + 0.1 * min(1.0, at / facts.filled)
    if (
        name in ("user_name", "name")
        and 2 * sum(facts.texts[text] for text in facts.texts if "@" in text) > facts.filled
    ):
        return 0.5  # addresses, whatever they are called
    if name == "licence" and facts.numeric_share() > 0.7 and not facts.values <= {0, 1, "0", "1"}:
        return 0.3  # so many licences, and no kind of one
    if name == "status" and facts.numeric_share() > 0.7 and not facts.values <= {0, 1, "0", "1"}:
        return 0.3  # codes whose meaning stands elsewhere
    if name in ("description", "notes", "category", "types") and facts.filled > 1 and _says_yes_or_no(facts):
        return 0.3
    if name == "reference" and (flags(facts) or _prices(facts) or _amounts(facts)):
        return 0.3
    if name in _NAMES and (facts.numeric_share() > 0.7 or flags(facts)):
        return 0.3
    if name in (*_NAMES, "reference", "status", "types") and facts.date_share() > 0.7:
        return 0.3
    if name == "vendor" and len(facts.values) == 1 and facts.filled >= _ALL_OF_ONE:
        return 0.8  # one name on every line is whose list it is, where another column names many
    if name == "version" and _how_often(facts):
        return 0.3  # *Daily* and *Lifetime* are no versions of a plan
    if name == "unit" and _measures(facts):
        return 0.3
    return 1.0


def _amounts(facts: ColumnFacts) -> bool:
    """Whether most of a column's cells are amounts with cents and grouped thousands, which no number of anything is."""
    grouped = sum(
        "," in value and "." in value and amount_text(value) is not None
        for value in facts.values
        if isinstance(value, str)
    )
    return 2 * grouped > len(facts.values) > 0


def _may_be_day(value: object) -> bool:
    """Whether a number may be a day: counted from 1900 on, written 20270131, seconds since 1970, or a year alone."""
    return isinstance(value, int | float) and (
        1_900 <= value <= 2_200
        or 20_000 <= value <= 80_000
        or 19_000_000 <= value <= 21_001_231
        or value >= 10**8
    )


def _prices(facts: ColumnFacts) -> bool:
    """Whether most of a column's cells are prices: amounts with their currency, or with words behind them."""
    spoken = sum(count for text, count in facts.texts.items() if price_of(text))
    signed = sum(
        (parts := amount_text(value)) is not None and parts.currency is not None
        for value in facts.values
        if isinstance(value, str)
    )
    return 2 * (spoken + signed) > facts.filled


def never(kind: Kind, name: str, heading: str) -> bool:
    """Whether a heading rules a field out: what was spent, or is left of it, is no plan; *FY27 Renewal* is no flag."""
    if name == "amount" and kind is Kind.BUDGET:
        return says(heading) == "happened" or _OF_ONE.search(heading.replace("_", " ")) is not None
    if kind is Kind.BUDGET and name in ("month", "fiscal_year", "_from", "_until"):
        return _OF_RECORD.search(_INNER.sub(" ", heading)) is not None
    if kind is Kind.BUDGET and name == "unit":
        return heading.strip().casefold() == "units"
    if name == "end" and _SPENT.search(heading.replace("_", " ")):
        return True
    if name in ("amount", "yearly_cost", "unit_price") and kind in (Kind.CONTRACTS, Kind.INVENTORY):
        return _SPENT.search(heading.replace("_", " ")) is not None
    return name == "auto_renew" and any(names_year(word) for word in heading.split())


def _how_often(facts: ColumnFacts) -> bool:
    """Whether a column says of each amount how often it is due, or that it is for all: *Daily*, *Lifetime*."""
    often = sum(count for text, count in facts.texts.items() if times(text, {}) > 1)
    whole = sum(count for text, count in facts.texts.items() if _WHOLE.fullmatch(text))
    return often > 0 and often + whole == facts.filled > 1


def _is_rhythm(text: str) -> bool:
    """Whether a text is a rhythm of bills and no more: *Monthly in advance*, and not *2 x 1 year*."""
    counted = any(map(str.isdigit, text)) or len(text.split()) > 3
    return not counted and billing_of(text, alone=True)[0] is not None


def rhythm_of(
    kind: Kind,
    headings: Sequence[str],
    facts: Sequence[ColumnFacts],
    picks: Mapping[str, tuple[int, float]],
    used: set[int],
) -> dict[str, tuple[int, float]]:
    """The column that holds nothing but rhythms of bills (*Monthly*, *Annually*), whatever its heading says."""
    name = _RHYTHM.get(kind, "")
    if not name or name in picks:
        return {}
    for column, each in enumerate(facts):
        if kind is Kind.BUDGET and column not in used and headings[column] and _how_often(each):
            used.add(column)
            return {name: (column, 0.7)}
        rhythms = sum(count for text, count in each.texts.items() if _is_rhythm(text))
        if column not in used and headings[column] and each.filled == rhythms > 1:
            used.add(column)
            return {name: (column, 0.7)}
    return {}


def units_head_amounts(header: Header, facts: Sequence[ColumnFacts], money: str) -> None:
    """Let a heading that is a unit alone (*£m*) name the column of amounts it stands above."""
    for column, heading in enumerate(header.headings):
        if is_unit(heading) and facts[column].numeric_share() >= 0.8:
            header.matches[column][money] = 0.8


def exported(header: Header, options: ReadOptions) -> bool:
    """Whether an inventory's id is ours: a person said so, or the headings are those of our own export."""
    if any(name == "id" for name, _ in options.maps):
        return True
    ours = labels(Kind.INVENTORY)
    said = {fold(heading) for heading in header.headings}
    return ours["seen"] in said or len(said & set(ours.values())) >= 6
