"""What the spend alone says, before anybody settled anything: tools and vendors, run rate, rhythm, prices, duplicates.

One file answers this much (PRODUCT.md §1); matches are proposals and everything read from the rhythm of invoices is an
estimate (grade D): never a firm date, never a cut. Pure: facts in, sentences and rows out. It is the dashboard's and
its own page's, no report of the registry: there is nothing to decide in it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from mopsaudit.facts.rhythm import PriceChange
from mopsaudit.facts.spending import SpendFacts
from mopsaudit.reporting import Amount, LineFilter, Trace
from mopsaudit.spending.answers import answer, basis, beside, coverage, five_answers, next_file
from mopsaudit.spending.judgement import judge
from mopsaudit.spending.values import Duplicate, Held, Judged, SpendSaid

__all__ = ["Duplicate", "Held", "Judged", "SpendSaid", "judge", "say"]

#: A likely renewal this many months ahead is named in answers.
SOON: Final = 3


def say(
    facts: SpendFacts, duplicates: Sequence[Duplicate], *, held: Held, tie: str = "", as_of: date
) -> SpendSaid:
    """Everything the spend says. ``tie`` answers whether it ties to the ledger, from the dashboard's own question."""
    twice_of: dict[int, list[Duplicate]] = {}
    for one in duplicates:
        twice_of.setdefault(one.supplier_id, []).append(one)
    judged = sorted(
        (judge(each, facts, twice_of.get(each.id, ())) for each in facts.suppliers),
        key=lambda each: (
            not each.known,
            -(each.cost.minor or 0),
            each.facts.name.casefold(),
            each.facts.id,
        ),
    )
    ids = {each.facts.id for each in judged}
    own = tuple(each for each in duplicates if each.supplier_id in ids)
    tools = _sum(facts, [each for each in judged if each.is_tool])
    others = _sum(facts, [each for each in judged if each.known and not each.is_tool])
    twice = _twice(facts, own)
    changed = tuple(
        each for each in judged if each.known and each.change is not None and _recent(each.change, facts)
    )
    soon = tuple(
        sorted(
            (
                each
                for each in judged
                if each.known
                and each.renewal.month is not None
                and each.renewal.month < facts.from_month + SOON
            ),
            key=lambda each: (each.renewal.month or 0, -(each.cost.minor or 0), each.facts.id),
        )
    )
    empty = not (facts.held or facts.undated.lines or facts.running_month_lines)
    following = next_file(facts, judged, tools, others, held)
    return SpendSaid(
        facts=facts,
        answer=answer(facts, judged, tools, changed, own, twice, empty=empty),
        basis=basis(facts),
        coverage=coverage(facts, as_of),
        beside=beside(facts, judged),
        judged=tuple(judged),
        duplicates=own,
        other_duplicates=tuple(each for each in duplicates if each.supplier_id not in ids),
        tools=tools,
        others=others,
        twice=twice,
        changed=changed,
        soon=soon,
        answers=five_answers(facts, judged, tools, others, own, twice, changed, soon, tie),
        next_file=following,
        empty=empty,
    )


def _recent(change: PriceChange, facts: SpendFacts) -> bool:
    return change.month >= facts.window[0]


def _sum(facts: SpendFacts, judged: Sequence[Judged]) -> Amount:
    """The sum of known run rates, with the lines of all of them."""
    known = [each for each in judged if each.cost.minor is not None]
    if not known:
        return Amount(currency=facts.currency, minor=None, why="No supplier that looks like marketing yet.")
    spent = next(each.facts.window.trace for each in known)
    types = spent.lines.spend_types if spent and spent.lines else ()
    return Amount(
        currency=facts.currency,
        minor=sum(each.cost.minor or 0 for each in known),
        origins=sum(each.cost.origins for each in known),
        basis="last 12 months",
        trace=Trace(
            lines=LineFilter(
                supplier_ids=tuple(sorted(each.facts.id for each in known)),
                spend_types=types,
                month_from=facts.window[0],
                month_until=facts.window[1],
            )
        ),
    )


def _twice(facts: SpendFacts, found: Sequence[Duplicate]) -> Amount:
    lines = tuple(sorted(line for each in found for line in each.lines))
    return Amount(
        currency=facts.currency,
        minor=sum(each.base_minor or 0 for each in found),
        origins=len(lines),
        trace=Trace(lines=LineFilter(line_ids=lines)) if lines else None,
    )
