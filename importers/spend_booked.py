"""Which of several amounts is the booked one: net or gross, own or foreign currency, debit and credit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from importers.currencies import currency_in_heading, currency_of_text
from importers.grid import Grid, key, letters
from importers.spend_account import proven_sides
from importers.spend_columns import MONEY, TEXT_FIELDS, Pick, choice_of, fit, plain_number
from importers.spend_evidence import ask_amount
from importers.spend_fees import fees_beside
from importers.spend_parts import PART, line_of_tied, tax_of_invoice
from importers.spend_sides import side_column
from importers.spend_tax import gross_or_net, taxes_beside, without_rates
from importers.table import ColumnFacts, Header, best_field, sample_rows, span
from importers.words import heading_words
from mopsaudit.intake.contract import ColumnChoice, Layout, Question, ReadOptions, Tax

_LOCAL = frozenset(
    ("lcy", "local", "base", "functional", "home", "billing", "billed", "booked", "accounted", "settlement")
)


#: What a heading says beside the word for its field, and what then it is in: the ledger's own currency or another.
_PLAIN = frozenset(
    (
        "amount",
        "value",
        "currency",
        "code",
        "debit",
        "credit",
        "dr",
        "cr",
        "soll",
        "haben",
        "total",
        "gross",
        "net",
    )
)
_OTHER = frozenset(("entered", "original", "foreign", "source", "transaction", "document", "doc"))


def _qualifier(heading: str) -> frozenset[str]:
    return frozenset(heading_words(heading)) - _PLAIN


def pair_sides(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], maps: Mapping[str, int], grid: Grid
) -> None:
    """Of several debit and credit columns keep the pair of one kind: accounted with accounted, never entered."""
    if {"debit", "credit"} & set(maps) or not {"debit", "credit"} <= set(picks):
        return
    sides: dict[str, list[tuple[int, float]]] = {"debit": [], "credit": []}
    for column, match in enumerate(header.matches):
        for name, found in sides.items():
            score = match.get(name, 0.0) * fit(name, facts[column], date_1904=grid.date_1904)
            if score >= 0.4 and best_field(match)[0] == name:
                found.append((column, score))
    best: tuple[float, int, int] | None = None
    for debit, one in sides["debit"]:
        for credit, two in sides["credit"]:
            left, right = _qualifier(header.headings[debit]), _qualifier(header.headings[credit])
            score = one + two + 0.5 * (left == right)
            score += 0.4 * bool((left | right) & _LOCAL) - 0.4 * bool((left | right) & _OTHER)
            if best is None or score > best[0] + 1e-9:
                best = (score, debit, credit)
    if best is not None:
        for name, column in (("debit", best[1]), ("credit", best[2])):
            picks[name] = Pick(column, max(picks[name].score, 0.7), header.headings[column])


def original_by_name(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], maps: Mapping[str, int], grid: Grid
) -> None:
    """An amount named as the original currency is (transaction, document …) is the original one, where another stands.

    Where no other amount stands, that currency is what the amounts are in, unless it is called foreign.
    """
    currency, chosen = picks.get("original_currency"), picks.get("amount")
    if currency is None or chosen is None or "amount" in maps:
        return
    said = _qualifier(currency.heading)
    if said and said == _qualifier(chosen.heading) and "original_amount" not in picks:
        taken = {pick.column for name, pick in picks.items() if name != "amount"}
        others = [
            (match["amount"] * fit("amount", facts[column], date_1904=grid.date_1904), -column)
            for column, match in enumerate(header.matches)
            if column not in taken and column != chosen.column and match.get("amount", 0.0) >= 0.5
        ]
        score, place = max(others, default=(0.0, 0))
        if score >= 0.4:
            picks["original_amount"] = Pick(chosen.column, chosen.score, chosen.heading)
            picks["amount"] = Pick(-place, score, header.headings[-place])
    if "original_amount" not in picks and "currency" not in picks and not said & {"original", "foreign"}:
        picks["currency"] = picks.pop("original_currency")


_OWN_WORDS = _LOCAL | frozenset(("lc", "hw", "hauswahrung", "accounting", "company"))


def currency_of_other(facts: Sequence[ColumnFacts], picks: dict[str, Pick], base: str) -> None:
    """The one currency column beside an amount in the company's own currency and an original one is the original's.

    So is one that stands beside the original amount and away from the other. Unless it names the base currency and no
    other: then it is the booked amount's.
    """
    currency, amount = picks.get("currency"), picks.get("amount")
    if currency is None or amount is None or "original_amount" not in picks or "original_currency" in picks:
        return
    own = _OWN_WORDS & set(heading_words(amount.heading))
    headed = currency_in_heading(amount.heading, base)
    original = picks["original_amount"].column
    apart = abs(currency.column - original) == 1 != abs(currency.column - amount.column)
    if not (own or headed or apart) or _OWN_WORDS & set(heading_words(currency.heading)):
        return
    named = {currency_of_text(text, base) for text in facts[currency.column].texts}
    if named != {headed or base}:
        picks["original_currency"] = picks.pop("currency")


def currency_of_heading(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], base: str
) -> None:
    """A heading's own currency beats a currency column that names others, where another amount stands beside both.

    ``Amount (EUR)``, ``Currency``, ``Local amount``: the column tells what the local amount is in.
    """
    currency, amount = picks.get("currency"), picks.get("amount") or picks.get("net") or picks.get("gross")
    if currency is None or amount is None or "original_currency" in picks:
        return
    code = currency_in_heading(amount.heading, base)
    named = {currency_of_text(text, base) for text in facts[currency.column].texts} - {None}
    if code is None or not named or named == {code}:
        return
    if any(currency_in_heading(amount.heading, each or base) == each for each in named - {code}):
        return  # a sign that several currencies share
    taken = {
        pick.column for name, pick in picks.items() if not name.startswith("_") and name != "original_amount"
    }
    for column in sorted(range(len(facts)), key=lambda each: abs(each - currency.column)):
        fact, match = facts[column], header.matches[column]
        money = max(match.get("amount", 0.0), match.get("original_amount", 0.0))
        if column in taken or money < 0.5 or fact.numeric_share() < 0.6:
            continue
        if currency_in_heading(header.headings[column], base) is None:
            picks["original_currency"] = picks.pop("currency")
            picks.setdefault("original_amount", Pick(column, money, header.headings[column]))
            return


def amount_ties(
    header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], grid: Grid
) -> list[int]:
    """Other columns whose heading says *amount* as well as the chosen one's, with amounts in their cells."""
    chosen = picks.get("amount")
    if chosen is None:
        return []
    others = []
    for column, match in enumerate(header.matches):
        if column == chosen.column or any(
            pick.column == column and name in MONEY for name, pick in picks.items()
        ):
            continue
        score = match.get("amount", 0.0) * fit("amount", facts[column], date_1904=grid.date_1904)
        if score >= chosen.score - 0.02 and best_field(match)[0] == "amount":
            others.append(column)
    return others


def _converted(grid: Grid, header: Header, one: int, other: int, currency: Pick | None) -> bool:
    """Whether two amounts may be one in two currencies: in each currency one is the other at nearly one rate."""
    rates: dict[str, list[float]] = {}
    for row in grid.rows[header.first_index : header.first_index + 500]:
        left, right = (plain_number(row[each]) if each < len(row) else None for each in (one, other))
        if left and right:
            code = row[currency.column] if currency is not None and currency.column < len(row) else ""
            rates.setdefault(str(code), []).append(left / right)
    several = [found for found in rates.values() if len(found) >= 3]
    return all(0 < max(found) <= 1.5 * min(found) for found in several)


def settle_tie(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, Pick],
    ties: list[int],
    options: ReadOptions,
    reasons: list[str],
) -> list[Question]:
    """Two columns both headed *amount*: the one beside the currency that never changes is booked, else ask."""
    chosen = picks["amount"]
    columns = sorted({chosen.column, *ties, *(pick.column for name, pick in picks.items() if name == "net")})
    answer = dict(options.answers).get(key(grid.name, None, "amount_column"))
    for column in columns:
        if answer and letters(column) == answer.rstrip(":").upper():
            picks.pop("net", None)
            picks["amount"] = Pick(column, 1.0, header.headings[column])
            other = columns[0] if column == columns[-1] else columns[-1]
            if (
                len(columns) == 2
                and "original_amount" not in picks
                and _converted(grid, header, column, other, picks.get("currency"))
            ):
                picks["original_amount"] = Pick(other, 0.5, header.headings[other])
                currency_of_other(facts, picks, options.base_currency)
            return []
    of_lines = line_of_tied(grid, header, columns)
    if of_lines is not None:
        picks["amount"] = Pick(of_lines, chosen.score, header.headings[of_lines])
        return []
    local = [column for column in columns if _LOCAL & set(heading_words(header.headings[column]))]
    if len(local) == 1 and len(columns) == 2:
        other = columns[0] if local[0] == columns[1] else columns[1]
        picks["amount"] = Pick(local[0], chosen.score, header.headings[local[0]])
        picks["original_amount"] = Pick(other, 0.8, header.headings[other])
        if "currency" in picks and not _LOCAL & set(heading_words(picks["currency"].heading)):
            picks["original_currency"] = picks.pop("currency")
        reasons.append(
            f"column {letters(local[0])} is in the company's own currency, so it is the booked amount"
        )
        return []
    base = options.base_currency
    in_base = [column for column in columns if currency_in_heading(header.headings[column], base) == base]
    if len(in_base) == 1 and len(columns) == 2 and "currency" in picks:
        other = columns[0] if in_base[0] == columns[1] else columns[1]
        picks["amount"] = Pick(in_base[0], chosen.score, header.headings[in_base[0]])
        picks["original_amount"] = Pick(other, 0.8, header.headings[other])
        picks["original_currency"] = picks.pop("currency")
        reasons.append(
            f"the heading of column {letters(in_base[0])} names {base}, so it is the booked amount"
        )
        return []
    alike = [column for column in columns if _any_amount(grid, header, column)] or columns
    settled = _in_units(grid, header, alike)
    if _same_throughout(grid, header, alike):
        named = [each for each in alike if currency_in_heading(header.headings[each], base) is not None]
        settled = (named or alike)[0]  # whichever is read, the figures are the same
    if settled is None and alike != columns:
        settled = line_of_tied(grid, header, alike)
    if settled is not None:
        picks["amount"] = Pick(settled, chosen.score, header.headings[settled])
        return []
    currencies = [
        column
        for column, fact in enumerate(facts)
        if fact.filled
        and fact.texts
        and sum(n for text, n in fact.texts.items() if currency_of_text(text)) >= 0.7 * fact.filled
    ]
    if len(currencies) >= 2 and len(columns) == 2:
        steady = [column for column in currencies if len(facts[column].texts) == 1]
        varied = [column for column in currencies if len(facts[column].texts) > 1]
        if len(steady) == 1 and varied:
            booked = min(columns, key=lambda column: (abs(column - steady[0]), -column))
            other = columns[0] if booked == columns[1] else columns[1]
            if abs(booked - steady[0]) != abs(other - steady[0]):
                picks["amount"] = Pick(booked, chosen.score, header.headings[booked])
                picks["currency"] = Pick(steady[0], 0.9, header.headings[steady[0]])
                picks["original_amount"] = Pick(other, 0.8, header.headings[other])
                picks["original_currency"] = Pick(varied[0], 0.8, header.headings[varied[0]])
                reasons.append(
                    f"column {letters(booked)} is the booked amount: the currency beside it is "
                    f"always {next(iter(facts[steady[0]].texts))}"
                )
                return []
    return [ask_amount(grid, header, columns)]


def _any_amount(grid: Grid, header: Header, column: int) -> bool:
    """Whether any cell of a column is an amount other than nought."""
    return any(column < len(row) and plain_number(row[column]) for row in grid.rows[header.first_index :])


def _in_units(grid: Grid, header: Header, columns: Sequence[int]) -> int | None:
    """Of two columns the one in whole units, where the other says the same in hundredths in every row; else None."""
    if len(columns) != 2:
        return None
    ratios: set[int] = set()
    for row in grid.rows[header.first_index :]:
        one, two = (plain_number(row[column]) if column < len(row) else None for column in columns)
        if not one and not two:
            continue
        if not one or not two:
            return None
        large, small = max(abs(one), abs(two)), min(abs(one), abs(two))
        if abs(large - 100 * small) > 0.001:
            return None
        ratios.add(columns[0] if abs(one) < abs(two) else columns[1])
    return ratios.pop() if len(ratios) == 1 else None


def _same_throughout(grid: Grid, header: Header, columns: Sequence[int]) -> bool:
    """Whether the columns hold the same in every row."""
    return all(
        (row[columns[0]] if columns[0] < len(row) else None) == (row[column] if column < len(row) else None)
        for row in grid.rows[header.first_index :]
        for column in columns[1:]
    )


def same_on_both(grid: Grid, header: Header, debit: Pick, credit: Pick) -> bool:
    """Whether debit and credit hold the same amount in nearly every row, as the two accounts of a journal do."""
    both = same = 0
    for row in grid.rows[header.first_index : header.first_index + 1000]:
        one, two = (
            plain_number(row[pick.column]) if pick.column < len(row) else None for pick in (debit, credit)
        )
        both += bool(one or two)
        same += bool(one) and one == two
    return both >= 3 and same >= 0.95 * both


def _any_above(grid: Grid, header: Header, column: int) -> bool:
    """Whether any amount of a sample of a column is above nought; noughts stand for the other side."""
    return any(
        (plain_number(row[column]) or 0.0) > 0
        for row in map(grid.rows.__getitem__, sample_rows(header.first_index, len(grid.rows)))
        if column < len(row) and row[column] is not None
    )


def flat_columns(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    picks: dict[str, Pick],
    maps: dict[str, int],
    options: ReadOptions,
    reasons: list[str],
) -> tuple[list[ColumnChoice], Layout, dict[str, object], Tax, list[Question]]:
    """The columns of a flat table, what else its reading needs, whether its amounts are net, and what is to ask."""
    repeated = None if maps else tax_of_invoice(grid, header, facts, picks)
    if repeated is not None:
        reasons.append(repeated)
    rates = None if maps else without_rates(header, facts, picks)
    if rates is not None:
        reasons.append(rates)
    net, gross, plain, tax_column = (
        picks.get("net"),
        picks.get("gross"),
        picks.get("amount"),
        picks.get("tax"),
    )
    debit, credit = picks.get("debit"), picks.get("credit")
    if debit and credit and not {"debit", "credit"} & set(maps) and same_on_both(grid, header, debit, credit):
        # A journal: what one account is debited another is credited in the same row.
        picks["amount"] = plain = debit
        del picks["debit"], picks["credit"]
        debit = credit = net = None
        picks.pop("net", None)
        reasons.append("each row books one amount under debit and under credit; it is read once")
    extra: dict[str, object] = {}
    questions: list[Question] = []
    tax = Tax.NET
    proven = not maps and proven_sides(grid, header, facts, picks)
    by_sides = (
        debit is not None
        and credit is not None
        and not ({"amount", "net", "gross"} & set(maps))
        and (plain is None or plain.score < 0.9 or {"debit", "credit"} & set(maps) or proven)
        and (net is None or net.score < 0.9)
    )
    columns: list[ColumnChoice] = []
    if by_sides:
        assert debit is not None
        assert credit is not None
        if facts[debit.column].negative and not _any_above(grid, header, debit.column):
            extra["debit_minus"] = True
            reasons.append("what is debited carries a minus of its own")
        columns += [choice_of("debit", debit), choice_of("credit", credit)]
        reasons.append("debit and credit stand in columns of their own; a line is debit less credit")
        booked = None
        for name in ("amount", "net"):
            if name in picks and name not in maps:
                picks.pop(name)
        picks["debit"], picks["credit"] = debit, credit
    else:
        if "amount" in maps:
            booked = plain
        elif "net" in maps:
            booked = net
        elif "gross" in maps and "amount" not in maps:
            booked = gross
        elif net is not None and net.score >= 0.55 and (plain is None or net.score >= plain.score - 0.35):
            booked = net
        else:
            booked = plain or net or gross or debit or credit
        if booked is None:
            return [], Layout.FLAT, extra, tax, questions
        if booked is gross:
            tax = Tax.GROSS_WITH_TAX if tax_column is not None else Tax.GROSS
            reasons.append("the amounts are gross: no net column is there")
        elif booked is plain and tax_column is not None:
            others = taxes_beside(header, facts, tax_column)
            tax, question = gross_or_net(grid, header, facts, plain, tax_column, gross, options, others)
            if question is not None:
                questions.append(question)
        elif booked is plain and "gross" in header.matches[plain.column]:
            tax = Tax.GROSS
        columns.append(replace(choice_of("amount", booked), field="amount"))
        picks["amount"] = booked
        if tax_column is not None:
            columns.append(choice_of("tax", tax_column))
            further = [letters(column) for column in taxes_beside(header, facts, tax_column)]
            if further:
                extra["tax_columns"] = further
                reasons.append(f"column {', '.join(further)} adds to the tax")
        if booked is not gross and gross is not None:
            columns.append(choice_of("gross", gross))
        if booked is gross and net is not None:
            columns.append(choice_of("net", net))
    if options.tax in ("net", "gross"):
        tax = Tax.NET if options.tax == "net" else Tax.GROSS_WITH_TAX if tax_column is not None else Tax.GROSS
        questions = []
    for name in (
        "date",
        "supplier",
        "currency",
        "original_amount",
        "original_currency",
        "period",
        *TEXT_FIELDS,
        "service_from",
        "service_until",
    ):
        pick = picks.get(name)
        if pick is not None and pick.score >= 0.3:
            columns.append(choice_of(name, pick))
    if not maps:
        taken = {span(choice)[0] for choice in columns}
        taken |= {pick.column for name, pick in picks.items() if name.startswith(PART)}
        fees_beside(grid, header, facts, picks, taken, dict(options.answers), extra, questions, reasons)
    side = side_column(grid, header, facts, picks, booked) if booked is not None else None
    if side is not None:
        told = letters(side.column)
        if side.minus_out:
            extra["minus_out"] = True
            reasons.append(
                f"column {told} says which lines are money out; those carry a minus, so it is a cost here"
            )
        else:
            extra["indicator"] = told
            reasons.append(f"column {told} says which lines are credits")
        if side.neither:
            extra["kind_column"] = told
            reasons.append(f"column {told} names lines on neither side; they are no spend")
    return columns, Layout.FLAT, extra, tax, questions
