"""Whether an amount with a tax column beside it includes that tax: by the usual rates, else asked."""

import re
from collections import Counter
from collections.abc import Sequence
from math import ceil, floor

from importers.grid import Grid, key, letters
from importers.spend_columns import MONEY, Pick, plain_number
from importers.table import ColumnFacts, Header
from importers.words import heading_words
from mopsaudit.intake.contract import Choice, Question, ReadOptions, Tax


def net_by_arithmetic(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]
) -> None:
    """A column that is the amount less the tax beside it, row by row, is the net whatever its heading says.

    The amount is then the gross.
    """
    amount, tax = picks.get("amount"), picks.get("tax")
    if tax is not None and tax.score < 0.9 and _as_large(grid, header, picks):
        del picks["tax"]  # another price *incl. VAT*
        tax = None
    if amount is None or tax is None or {"net", "gross", "debit", "credit"} & set(picks):
        return
    rows = grid.rows[header.first_index : header.first_index + 400]
    taken = {pick.column for name, pick in picks.items() if name in MONEY}
    for column, found in enumerate(facts):
        if column in taken or found.numeric_share() < 0.8:
            continue
        agree = above = pairs = 0
        for row in rows:
            whole, part, rest = (
                plain_number(row[each]) if each < len(row) else None
                for each in (amount.column, tax.column, column)
            )
            if not whole or not part or rest is None:
                continue
            pairs += 1
            agree += abs(whole - part - rest) < 0.006
            above += abs(whole + part - rest) < 0.006
        if (
            pairs >= 5 and above >= 0.95 * pairs
        ):  # with the tax it comes to another column, which is the gross
            for name in [name for name, pick in picks.items() if pick.column == column]:
                del picks[name]
            picks["gross"] = Pick(column, 0.8, header.headings[column])
            return
        if pairs >= 5 and agree >= 0.95 * pairs:
            for name in [name for name, pick in picks.items() if pick.column == column]:
                del picks[name]
            picks["gross"] = picks.pop("amount")
            picks["net"] = Pick(column, 0.8, header.headings[column])
            return


#: Words of a tax or share the payer holds back from the supplier and pays elsewhere: it is part of the cost.
_WITHHELD = frozenset(
    "tds tcs withholding withheld wht retention retencion retenciones irpf ritenuta ritenute retenue retido retencao "
    "irrf einbehalt quellensteuer bronbelasting kallskatt stopaj tevkifat 源泉徴収 源泉所得税 源泉税 원천징수".split()
)


def whole_of_withheld(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]
) -> str | None:
    """Take the gross where the net is it less what is withheld from the supplier, row by row; why, or None."""
    net, gross = picks.get("net") or picks.get("amount"), picks.get("gross")
    if net is None or gross is None:
        return None
    rows = grid.rows[header.first_index : header.first_index + 400]
    for column, heading in enumerate(header.headings):
        if column in (net.column, gross.column) or not _WITHHELD & set(heading_words(heading)):
            continue
        if facts[column].numeric_share() < 0.8:
            continue
        tax = picks.get("tax")
        agree = on_top = pairs = held = 0
        for row in rows:
            whole, part, rest, more = (
                plain_number(row[each]) if each is not None and each < len(row) else None
                for each in (gross.column, column, net.column, tax.column if tax is not None else None)
            )
            if whole is None or rest is None:
                continue
            pairs += 1
            held += bool(part)
            agree += abs(whole - abs(part or 0.0) - rest) < 0.006
            on_top += abs(whole + (more or 0.0) - abs(part or 0.0) - rest) < 0.006
        if held >= 3 and max(agree, on_top) >= 0.95 * pairs:
            for name in ("net", "amount", "gross", *(() if on_top > agree else ("tax",))):
                picks.pop(name, None)
            picks["amount"] = Pick(gross.column, 0.95, gross.heading)
            return (
                f"“{net.heading}” is “{gross.heading}” less “{heading}” withheld from the supplier: the whole is the "
                "cost"
            )
    return None


def _as_large(grid: Grid, header: Header, picks: dict[str, Pick]) -> bool:
    """Whether what stands under a heading of tax is most often more than half of the amount beside it."""
    whole = picks.get("amount") or picks.get("net") or picks.get("gross")
    if whole is None:
        return False
    pairs = large = 0
    for row in grid.rows[header.first_index : header.first_index + 400]:
        left, right = (
            plain_number(row[pick.column]) if pick.column < len(row) else None
            for pick in (whole, picks["tax"])
        )
        if left and right:
            pairs += 1
            large += abs(right) > abs(left) / 2
    return pairs >= 3 and large > pairs / 2


def _rates(facts: ColumnFacts) -> bool:
    """Whether the numbers of a column are rates in per cent: whole, few, small, and each again and again."""
    found = {number for value in facts.values if (number := plain_number(value)) is not None}  # type: ignore[arg-type]  # cells
    return (
        facts.whole == facts.numeric >= 5
        and len(found) <= 4
        and 3 <= max(found, default=0) <= 30
        and len(found) * 3 <= facts.numeric
        and min(found, default=0) >= 0
    )


def without_rates(header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick]) -> str | None:
    """Leave a tax unread whose cells are rates in per cent beside amounts of many sizes; why, or None."""
    tax, amount = picks.get("tax"), picks.get("amount") or picks.get("net") or picks.get("gross")
    if tax is None or amount is None or not _rates(facts[tax.column]):
        return None
    if len(facts[amount.column].values) < 3 * len(facts[tax.column].values):
        return None
    del picks["tax"]
    return f"“{tax.heading}” holds rates, not amounts of tax"


#: Taxes of several names that are charged one beside the other.
_FAMILIES = (
    frozenset(("cgst", "sgst", "igst", "utgst", "cess")),
    frozenset(("gst", "pst", "qst", "tps", "tvq")),
)


def taxes_beside(header: Header, facts: Sequence[ColumnFacts], tax: Pick | None) -> list[int]:
    """The columns of other taxes charged with this one: central, state and integrated, federal and provincial."""
    if tax is None:
        return []
    for family in _FAMILIES:
        columns = [
            column
            for column, heading in enumerate(header.headings)
            if family & set(heading_words(heading))
            and not {"rate", "percent", "number", "code", "id"} & set(heading_words(heading))
            and facts[column].filled
            and facts[column].numeric_share() >= 0.8
        ]
        if tax.column in columns:
            return [column for column in columns if column != tax.column]
    return []


_RATE = re.compile(r"(?<![0-9.,])([0-9]{1,2}(?:[.,][0-9]{1,2})?)\s?%")


def _by_named_rate(grid: Grid, header: Header, amount: Pick, tax: Pick) -> Tax | None:
    """Net or gross by a rate the line itself names (``20% (VAT on Expenses)``), where every such line agrees."""
    net = gross = pairs = 0
    for row in grid.rows[header.first_index : header.first_index + 400]:
        left, right = (
            plain_number(row[pick.column]) if pick.column < len(row) else None for pick in (amount, tax)
        )
        rates = {match for cell in row if isinstance(cell, str) for match in _RATE.findall(cell)}
        if not left or not right or len(rates) != 1:
            continue
        rate = float(rates.pop().replace(",", ".")) / 100
        if not rate:
            continue
        pairs += 1
        net += abs(left * rate - right) < 0.011
        gross += abs(left * rate / (1 + rate) - right) < 0.011
    if pairs < 3 or net == gross:
        return None
    return Tax.NET if net == pairs else Tax.GROSS_WITH_TAX if gross == pairs else None


def _without_tax(grid: Grid, header: Header, facts: Sequence[ColumnFacts], amount: Pick, tax: Pick) -> bool:
    """Whether a column is the amount less its tax in most lines and never more: a tip comes on top in some."""
    rows = grid.rows[header.first_index : header.first_index + 400]
    for column, found in enumerate(facts):
        if column in (amount.column, tax.column) or found.numeric_share() < 0.8:
            continue
        exact = above = pairs = 0
        for row in rows:
            whole, part, rest = (
                plain_number(row[each]) if each < len(row) else None
                for each in (amount.column, tax.column, column)
            )
            if not whole or not part or not rest:
                continue
            pairs += 1
            exact += abs(whole - part - rest) < 0.006
            above += abs(rest) > abs(whole - part) + 0.006
        if pairs >= 5 and exact * 2 >= pairs and not above:
            return True
    return False


#: The steps in which sales taxes of states, counties and cities add up: an eighth of a percent.
_STEP = 0.00125


def _by_one_rate(pairs: Sequence[tuple[float, float]]) -> Tax | None:
    """Net or gross by one rate that gives the tax of every line and is a round one in one reading only."""
    if len({amount for amount, _ in pairs}) < 5:
        return None
    fitting: list[Tax] = []
    for reading in (Tax.NET, Tax.GROSS_WITH_TAX):
        of = [(amount - tax if reading is Tax.GROSS_WITH_TAX else amount, tax) for amount, tax in pairs]
        if min(base for base, _ in of) <= 0:
            continue
        low = max((tax - 0.0051) / base for base, tax in of)
        high = min((tax + 0.0051) / base for base, tax in of)
        steps = floor(high / _STEP + 1e-9) - ceil(low / _STEP - 1e-9) + 1
        if steps == 1 and high - low < _STEP / 8:
            fitting.append(reading)
        elif steps > 0:
            return None  # too coarse to tell
    return fitting[0] if len(fitting) == 1 else None


def gross_or_net(
    grid: Grid,
    header: Header,
    facts: Sequence[ColumnFacts],
    amount: Pick,
    tax: Pick,
    gross: Pick | None,
    options: ReadOptions,
    others: Sequence[int] = (),
) -> tuple[Tax, Question | None]:
    """Whether an *amount* with a tax column beside it includes that tax: by a gross column, else by usual rates."""
    question_key = key(grid.name, amount.column, "tax")
    answer = dict(options.answers).get(question_key)
    if answer in ("net", "gross"):
        return (Tax.NET if answer == "net" else Tax.GROSS_WITH_TAX), None
    if options.tax in ("net", "gross") or gross is not None:
        return Tax.NET, None
    named = _by_named_rate(grid, header, amount, tax)
    if named is not None:
        return named, None
    if _without_tax(grid, header, facts, amount, tax):
        return Tax.GROSS_WITH_TAX, None
    votes: Counter[str] = Counter()
    found: list[tuple[float, float]] = []
    pairs = 0
    for row in grid.rows[header.first_index : header.first_index + 400]:
        left = plain_number(row[amount.column]) if amount.column < len(row) else None
        taxes = [
            plain_number(row[column]) or 0.0 if column < len(row) else 0.0 for column in (tax.column, *others)
        ]
        right = sum(taxes)
        if not left or not right or abs(left) < 1:
            continue
        pairs += 1
        found.append((abs(left), abs(right)))
        ratio = abs(right / left)  # some programs write the tax of a bill with the other side's sign
        slack = 0.011 / abs(left) + 1e-6
        for rate in (
            0.05,
            0.06,
            0.07,
            0.077,
            0.081,
            0.08,
            0.1,
            0.12,
            0.13,
            0.15,
            0.17,
            0.18,
            0.19,
            0.2,
            0.21,
            0.22,
            0.23,
            0.24,
            0.25,
            0.255,
            0.27,
            0.28,
        ):
            votes["net"] += abs(ratio - rate) <= slack
            votes["gross"] += abs(ratio - rate / (1 + rate)) <= slack
    if not pairs or votes["net"] > 2 * votes["gross"]:
        return Tax.NET, None
    if votes["gross"] > 2 * votes["net"]:
        return Tax.GROSS_WITH_TAX, None
    proven = _by_one_rate(found)
    if proven is not None:
        return proven, None
    return Tax.NET, Question(
        key=question_key,
        sheet=grid.name,
        column=letters(amount.column),
        asks=f"Does “{amount.heading}” include the tax in column {letters(tax.column)}?",
        choices=(
            Choice(value="net", reads="the amounts are without tax"),
            Choice(value="gross", reads="the amounts include the tax beside them"),
        ),
    )
