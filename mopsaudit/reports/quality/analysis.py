"""How far the reports may be believed: facts each tool lacks, money nobody placed (PRODUCT.md §4.1, 4.10). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mopsaudit.facts.values import Bucket, ToolFact
from mopsaudit.facts.wording import count, day, listed, money, percent
from mopsaudit.reporting import (
    Amount,
    Column,
    Coverage,
    Headline,
    Plot,
    Ratio,
    Report,
    Row,
    Section,
    Series,
    Threshold,
    ValueKind,
    stated,
)
from mopsaudit.reports.quality.facts import Facts

TITLE: Final = "Quality"
#: What a complete tool has, in the order of the columns, with the words for what is missing.
CHECKS: Final[tuple[tuple[str, str], ...]] = (
    ("owner", "business owner"),
    ("holder", "budget holder"),
    ("contract", "contract"),
    ("usage", "fresh usage"),
    ("capabilities", "capabilities"),
    ("case", "business case"),
)
#: The piece of work that fills a gap, for the sentence that names the one thing to do next.
NEXT: Final[dict[str, str]] = {
    "owner": "name business owners",
    "holder": "name budget holders",
    "contract": "import the contracts",
    "usage": "import user lists",
    "capabilities": "fill in capabilities from the catalogue",
    "case": "write business cases",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One tool: which checks it meets; ``usage_age`` in days, None without any usage."""

    tool: ToolFact
    met: dict[str, bool]
    usage_age: int | None
    #: Which of owner and holder somebody who left still is.
    left: frozenset[str] = frozenset()

    @property
    def score(self) -> int:
        """How many checks it meets."""
        return sum(self.met.values())

    @property
    def missing(self) -> list[str]:
        """What it lacks, in words; an owner who left is told as such."""
        return [
            f"{words} (has left)" if key in self.left else words for key, words in CHECKS if not self.met[key]
        ]


def analyse(facts: Facts) -> Report:
    """The whole report: tools worst first, dearest first among equals; the ledger's money by what is known of it."""
    scope = facts.scope
    judged = [_judge(tool, facts) for tool in facts.tools]
    order = sorted(
        judged,
        key=lambda each: (
            each.score,
            -(facts.costs[each.tool.id].minor or 0),
            each.tool.name.lower(),
            each.tool.id,
        ),
    )
    money_rows = _money_rows(facts)
    anything = bool(judged or money_rows)
    return Report(
        name="quality",
        title=TITLE,
        as_of=scope.as_of,
        unit=scope.unit_label,
        currency=scope.currency,
        answer=_answer(judged, facts) if anything else "There is nothing to judge yet.",
        headlines=_headlines(judged, facts),
        columns=_columns(scope.currency),
        rows=tuple(_row(each, facts) for each in order),
        sections=(*_gaps(judged, facts), *_money_section(money_rows, facts)),
        coverage=_coverage(judged, facts),
        thresholds=(
            Threshold(
                key="usage_fresh_days",
                label="Usage stays fresh",
                value=f"{scope.settings.usage_fresh_days} days",
            ),
        ),
        plots=_plots(judged, facts),
        empty=None if anything else "Nothing has been imported yet. Start with one spend file.",
    )


def _judge(tool: ToolFact, facts: Facts) -> Judged:
    last = facts.usage_on.get(tool.id)
    age = None if last is None else (facts.scope.as_of - last).days
    named = {key: ref for key, ref in (("owner", tool.owner), ("holder", tool.holder)) if ref is not None}
    left = frozenset(key for key, ref in named.items() if ref.id in facts.gone)
    return Judged(
        tool=tool,
        left=left,
        met={
            "owner": "owner" in named and "owner" not in left,
            "holder": "holder" in named and "holder" not in left,
            "contract": tool.id in facts.contracted,
            "usage": age is not None and age < facts.scope.settings.usage_fresh_days,
            "capabilities": tool.id in facts.capable,
            "case": tool.id in facts.with_case,
        },
        usage_age=age,
    )


def settled(facts: Facts) -> Ratio:
    """Share of marketing money on a tool or settled as other marketing, in the base currency; Σ ÷ Σ."""
    ledger = facts.ledger
    done, whole = ledger.settled_minor, ledger.marketing_minor
    if whole <= 0 or done < 0 or ledger.open.minor < 0:
        return Ratio(numerator=None, denominator=None, why="no marketing money in the last 12 months")
    return Ratio(numerator=done, denominator=whole)


def _answer(judged: Sequence[Judged], facts: Facts) -> str:
    parts = []
    complete = Ratio(
        numerator=sum(each.score for each in judged), denominator=len(judged) * len(CHECKS) or None
    )
    if complete.percent is not None:
        parts.append(
            f"the facts of {count(len(judged), 'running tool')} are {percent(complete.percent)} complete"
        )
    share = settled(facts).percent
    if share is not None:
        parts.append(f"{percent(share)} of marketing spend is placed")
    text = "; ".join(parts) or "no tool and no marketing spend of the last 12 months is known"
    text = text[0].upper() + text[1:] + "."
    gaps = [(sum(not each.met[key] for each in judged), key) for key, _ in CHECKS]
    worst, key = max(gaps, key=lambda each: each[0], default=(0, ""))
    open_lines = facts.ledger.open.lines
    if worst and judged:
        text += f" What helps most now: {NEXT[key]} ({worst} of {len(judged)} lack it)."
    elif open_lines:
        text += f" What helps most now: settle the suppliers of {count(open_lines, 'line')}."
    return text


def _amount(found: Bucket, currency: str) -> Amount:
    """Money as a figure: zero lines are a true zero; lines that all lack a rate are unknown."""
    nothing = found.minor == 0 and bool(found.unconverted)
    return Amount(
        currency=currency,
        minor=None if nothing else found.minor,
        origins=found.lines,
        why=f"no exchange rate: {_words(found.unconverted)}" if nothing else None,
        trace=found.trace,
    )


def _words(unconverted: Sequence[tuple[str, int]]) -> str:
    return ", ".join(money(minor, currency, exact=True) for currency, minor in unconverted)


def _headlines(judged: Sequence[Judged], facts: Facts) -> tuple[Headline, ...]:
    currency = facts.scope.currency
    return (
        Headline(
            key="complete",
            label="Facts complete",
            value=Ratio(
                numerator=sum(each.score for each in judged),
                denominator=len(judged) * len(CHECKS) or None,
                why=None if judged else "no running tool",
            ),
            what="Owner, budget holder, contract, fresh usage, capabilities, business case of each running tool.",
        ),
        Headline(
            key="spend_placed",
            label="Spend placed",
            value=settled(facts),
            what="On a tool, or settled as other marketing, of the last 12 months' marketing money.",
        ),
        Headline(
            key="undated",
            label="Without a date",
            value=_amount(facts.ledger.undated, currency),
            what="Counts in totals, stands in no month.",
            opens="lines",
        ),
        Headline(
            key="possibly_twice",
            label="Possibly counted twice",
            value=_amount(facts.ledger.possibly_twice, currency),
            what="Probable pairs of lines in two ledgers that nobody settled.",
            opens="lines",
        ),
    )


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
        Column(key="complete", label="Complete", kind=ValueKind.RATIO),
        Column(key="missing", label="Missing"),
        *(Column(key=key, label=words.capitalize(), kind=ValueKind.FLAG, wide=True) for key, words in CHECKS),
        Column(key="usage_age", label="Usage age (days)", kind=ValueKind.NUMBER, wide=True),
        Column(key="yearly_cost", label=f"Yearly cost ({currency})", kind=ValueKind.MONEY),
    )


def _row(each: Judged, facts: Facts) -> Row:
    whole = len(CHECKS)
    return Row(
        id=f"t{each.tool.id}",
        opens=each.tool.ref,
        category=each.tool.category,
        state="complete" if each.score == whole else "gaps",
        values={
            "tool": each.tool.ref,
            "complete": Ratio(numerator=each.score, denominator=whole),
            "missing": ", ".join(each.missing) or None,
            **each.met,
            "usage_age": stated(each.usage_age, "no usage of it is on record"),
            "yearly_cost": facts.costs[each.tool.id].amount,
        },
    )


def _gaps(judged: Sequence[Judged], facts: Facts) -> tuple[Section, ...]:
    """How many tools lack each fact, and the yearly cost that stands behind them."""
    if not judged:
        return ()
    currency = facts.scope.currency
    rows = []
    for key, words in CHECKS:
        lacking = [each for each in judged if not each.met[key]]
        known = [facts.costs[each.tool.id] for each in lacking]
        priced = [cost for cost in known if cost.minor is not None]
        rows.append(
            Row(
                id=key,
                state="gaps" if lacking else "complete",
                values={
                    "fact": words.capitalize(),
                    "have": Ratio(numerator=len(judged) - len(lacking), denominator=len(judged)),
                    "lacking": len(lacking),
                    "yearly_cost": Amount(
                        currency=currency,
                        minor=sum(cost.minor or 0 for cost in priced) if priced or not lacking else None,
                        origins=sum(cost.origins for cost in priced),
                        why=None if priced or not lacking else "no known yearly cost",
                    ),
                },
            )
        )
    stale = sum(
        each.usage_age is not None and each.usage_age >= facts.scope.settings.usage_fresh_days
        for each in judged
    )
    none = sum(each.usage_age is None for each in judged)
    return (
        Section(
            key="gaps",
            title="What is missing",
            sentence=f"{sum(not each.met['owner'] for each in judged)} of {count(len(judged), 'tool')} have no "
            f"business owner{_leavers(judged)}; usage is stale for {stale} and missing for {none}.",
            columns=(
                Column(key="fact", label="Fact", primary=True),
                Column(key="have", label="Tools that have it", kind=ValueKind.RATIO),
                Column(key="lacking", label="Tools that lack it", kind=ValueKind.NUMBER),
                Column(key="yearly_cost", label=f"Their yearly cost ({currency})", kind=ValueKind.MONEY),
            ),
            rows=tuple(rows),
        ),
    )


def _leavers(judged: Sequence[Judged]) -> str:
    """How many of them name one who left."""
    gone = sum("owner" in each.left for each in judged)
    return f" ({gone} because the owner left)" if gone else ""


def _money_rows(facts: Facts) -> tuple[Row, ...]:
    ledger = facts.ledger
    buckets = (
        ("on_tools", "On a tool", ledger.on_tools),
        ("other_marketing", "Other marketing, settled", ledger.other_marketing),
        ("open", "Supplier not settled", ledger.open),
        ("outside", "Not marketing, or not spend", ledger.outside),
        ("unconverted", "Without an exchange rate (within the above)", ledger.unconverted),
        ("undated", "Without a date (all years)", ledger.undated),
        ("possibly_twice", "Possibly counted twice (all years)", ledger.possibly_twice),
    )
    if not any(found.lines for _, _, found in buckets):
        return ()
    return tuple(
        Row(
            id=key,
            values={
                "bucket": label,
                "amount": Amount(
                    currency=facts.scope.currency,
                    minor=None,
                    why=_words(found.unconverted) or "none",
                    origins=found.lines,
                    trace=found.trace,
                )
                if key == "unconverted"
                else _amount(found, facts.scope.currency),
                "lines": found.lines if key != "unconverted" else None,
                "unconverted": _words(found.unconverted) or None,
            },
        )
        for key, label, found in buckets
    )


def _money_section(rows: tuple[Row, ...], facts: Facts) -> tuple[Section, ...]:
    if not rows:
        return ()
    share = settled(facts).percent
    placed = "Nothing can be said about the share placed" if share is None else f"{percent(share)} is placed"
    return (
        Section(
            key="money",
            title="What the money is known to be",
            sentence=f"{placed}; {count(facts.ledger.open.lines, 'line')} wait for their supplier to be settled.",
            columns=(
                Column(key="bucket", label="Money", primary=True),
                Column(key="amount", label=f"Amount ({facts.scope.currency})", kind=ValueKind.MONEY),
                Column(key="unconverted", label="Not converted", wide=True),
                Column(key="lines", label="Lines", kind=ValueKind.NUMBER),
            ),
            rows=rows,
        ),
    )


def _coverage(judged: Sequence[Judged], facts: Facts) -> Coverage:
    number = len(judged)
    ledger = facts.ledger
    fresh = sum(each.met["usage"] for each in judged)
    priced = sum(facts.costs[each.tool.id].minor is not None for each in judged)
    rates = listed([currency for currency, _ in ledger.unconverted.unconverted])
    return Coverage(
        sentence=f"As of {day(facts.scope.as_of)}: {count(number, 'running tool')}, yearly cost known for {priced}, "
        f"usage fresh for {fresh}; {count(ledger.lines, 'spend line')} in the last 12 months"
        + (f", some in {rates} without a rate" if rates else "")
        + ".",
        parts={
            "cost_known": Ratio(numerator=priced, denominator=number or None),
            "usage_fresh": Ratio(numerator=fresh, denominator=number or None),
            "spend_placed": settled(facts),
            "lines": ledger.lines,
        },
    )


def _plots(judged: Sequence[Judged], facts: Facts) -> tuple[Plot, ...]:
    if not judged:
        return ()
    return (
        Plot(
            kind="bars",
            title="Tools that have each fact",
            labels=tuple(words.capitalize() for _, words in CHECKS),
            series=(
                Series(
                    key="have",
                    label="Have it",
                    values=tuple(sum(each.met[key] for each in judged) for key, _ in CHECKS),
                ),
            ),
            axis="tools",
            mark=None,
        ),
    )
