"""The currency of a sheet of records: by its column, a heading, the cells' format, a title line, an option."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from importers.amounts import amount_text
from importers.currencies import currency_in_format, currency_in_heading
from importers.record_kinds import MONEY_FIELD, PRICES
from importers.scales import scaled_text
from importers.spend_locale import currency_in_title
from importers.spend_plan import Proposal
from importers.table import ColumnFacts, sample_rows, span
from importers.words import heading_words
from mopsaudit.intake.contract import ReadOptions, SheetDecision

#: Words that say in whose currency an amount is.
_ITS_CURRENCY = frozenset(("foreign", "transaction", "document", "original", "currency"))


def with_currency(proposal: Proposal, decision: SheetDecision, options: ReadOptions) -> SheetDecision:
    """The decision with the currency of the sheet and how it is known: column, heading, format, title, option, base."""
    grid = proposal.grid
    if decision.column("currency") is not None:
        return replace(decision, currency=options.currency or options.base_currency, currency_how="column")
    for name in (MONEY_FIELD[options.kind], *PRICES):
        money = decision.column(name)
        if money is None:
            continue
        first, last = span(money)
        headings = proposal.header.headings if proposal.header else []
        for column in range(first, min(last + 1, len(headings))):
            found = currency_in_heading(headings[column], options.base_currency)
            if found:
                return replace(decision, currency=found, currency_how="heading")
        for column in range(first, last + 1):
            for _, code in grid.formats.get(column, ()):
                found = currency_in_format(code, options.base_currency) if code else None
                if found:
                    return replace(decision, currency=found, currency_how="format")
        if ":" in money.letters and (found := _in_texts(proposal, decision, range(first, last + 1), options)):
            return replace(decision, currency=found, currency_how="format")
    for index in range(min(grid.position(decision.first_row), 30)):
        for value in grid.rows[index]:
            if not isinstance(value, str) or len(value) >= 200:
                continue
            found = currency_in_title(value, options.base_currency)
            if found is None and scaled_text(value):
                found = currency_in_heading(value, options.base_currency)
            if found:
                return replace(decision, currency=found, currency_how="heading")
    if options.currency:
        return replace(decision, currency=options.currency, currency_how="option")
    if decision.currency:
        return replace(decision, currency_how="profile")
    return replace(decision, currency=options.base_currency, currency_how="assumed")


def _in_texts(
    proposal: Proposal, decision: SheetDecision, columns: range, options: ReadOptions
) -> str | None:
    """The one currency the amounts of month or year columns carry in their texts (``£110,156``); None for none or two.

    Where an amount stands in one column, each row's own is read with it.
    """
    grid = proposal.grid
    found = {
        currency_in_heading(value, options.base_currency)
        for index in sample_rows(grid.position(decision.first_row), len(grid.rows))
        for value in grid.rows[index][columns.start : columns.stop]
        if isinstance(value, str) and amount_text(value) is not None
    }
    return found.pop() if len(found) == 1 else None


def in_own_currency(
    headings: Sequence[str],
    facts: Sequence[ColumnFacts],
    picks: Mapping[str, tuple[int, float]],
    used: Collection[int],
) -> dict[str, tuple[int, float]]:
    """The column of amounts in the currency that stands in each row, where the one picked is the books' own.

    *Amount (Foreign Currency)* beside *Amount* and a column of codes: 1,999.75 EUR and not the 2,319.71 it came to.
    """
    amount, currency = picks.get("amount"), picks.get("currency")
    if amount is None or currency is None or len(facts[currency[0]].texts) < 2:
        return {}
    for column, heading in enumerate(headings):
        words = heading_words(heading or "")
        foreign = "foreign" in words or (
            "currency" in words and {"transaction", "document", "original"} & {*words}
        )
        rest = tuple(word for word in words if word not in _ITS_CURRENCY)
        if (
            foreign
            and column not in used
            and rest == heading_words(headings[amount[0]])
            and facts[column].numeric_share() > 0.8
        ):
            return {"amount": (column, amount[1])}
    return {}
