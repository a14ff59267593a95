"""Where we stand with a vendor or on a tool, from the reports: cost, seats, dates, findings. Nothing is computed anew.

The position with vendor X next Tuesday (PRODUCT.md §1): the same rows the reports show, cut to some tools.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from mopsaudit.facts.wording import count, day, money
from mopsaudit.reporting import Amount, Column, Finding, Headline, Ratio, Ref, Report, Row, ranked
from mopsaudit.reports.findings import Joined

#: Columns of the renewals report that tell a position, and of the under-use report.
_TERMS: Final = (
    "tool",
    "contract",
    "state",
    "end",
    "notice_by",
    "send_by",
    "days",
    "seats",
    "cost",
    "locked",
)
_SEATS: Final = (
    "tool",
    "purchased",
    "active",
    "protected",
    "inactive",
    "unassigned",
    "utilisation",
    "idle",
    "annual",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """Rows of a report that concern the tools, with the columns that matter here. ``slug`` is the report."""

    slug: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the reports know of some tools: a sentence (empty: nothing), at most four figures, extracts, findings."""

    answer: str
    figures: tuple[Headline, ...]
    extracts: tuple[Extract, ...]
    findings: tuple[Finding, ...]


def tools_of_vendor(reports: Mapping[str, Report], vendor_ids: Collection[int]) -> frozenset[int]:
    """The tools the stack report shows under some vendors."""
    return frozenset(
        tool.id
        for row in reports["stack"].rows
        if isinstance(vendor := row.values["vendor"], Ref)
        and vendor.id in vendor_ids
        and isinstance(tool := row.values["tool"], Ref)
        and isinstance(tool.id, int)
    )


def standing(
    reports: Mapping[str, Report], joined: Joined | None, name: str, tool_ids: Collection[int]
) -> Standing:
    """The position on the tools with these ids; ``name`` is the vendor or tool the sentence speaks of.

    Money is a year's in minor units of the base currency: the yearly cost is that of the stack report, what is at stake
    that of the joined findings, each euro once. Without ``joined`` the findings are those of ``reports`` (at least
    stack, renewals and underuse) and nothing is said about what is at stake together.
    """
    currency = reports["stack"].currency
    stack = _rows(reports["stack"], tool_ids)
    terms, seats = _rows(reports["renewals"], tool_ids), _rows(reports["underuse"], tool_ids)
    known = (
        joined.findings
        if joined is not None
        else ranked([each for one in reports.values() for each in one.findings])
    )
    findings = tuple(
        each for each in known if any(tool.kind == "tool" and tool.id in tool_ids for tool in each.tools)
    )
    cost = _yearly(stack, currency)
    dates = sorted((due, row.id) for row in terms if isinstance(due := row.values["send_by"], date))
    bearers = {f"tool:{tool_id}" for tool_id in tool_ids} | {row.id for row in terms}
    stake = (
        sum(each.minor for each in joined.stakes if each.bearer in bearers) if joined is not None else None
    )
    use = _use(seats)
    return Standing(
        answer=_sentence(name, cost, terms, dates[0][0] if dates else None, use, stake, currency),
        figures=(
            Headline(key="cost", label="Yearly cost", value=cost, what=cost.basis or "", opens="terms"),
            Headline(
                key="send_by",
                label="Next send-by date",
                value=dates[0][0] if dates else None,
                what="the last day to send notice" if dates else "no contract with a known date",
                opens="terms",
            ),
            Headline(key="use", label="Seats in use", value=use, what="active of purchased", opens="seats"),
            *(
                ()
                if stake is None
                else (
                    Headline(
                        key="stake",
                        label="At stake a year",
                        value=Amount(currency=currency, minor=stake),
                        what=count(len(findings), "finding"),
                        opens="findings",
                    ),
                )
            ),
        ),
        extracts=tuple(
            Extract(slug=slug, title=title, columns=_columns(reports[slug], keys), rows=rows)
            for slug, title, keys, rows in (
                ("renewals", "Terms and dates", _TERMS, terms),
                ("underuse", "Seats and use", _SEATS, seats),
            )
            if rows
        ),
        findings=findings,
    )


def _rows(report: Report, tool_ids: Collection[int]) -> tuple[Row, ...]:
    return tuple(
        row for row in report.rows if isinstance(tool := row.values["tool"], Ref) and tool.id in tool_ids
    )


def _columns(report: Report, keys: tuple[str, ...]) -> tuple[Column, ...]:
    by_key = {column.key: column for column in report.columns}
    return tuple(by_key[key] for key in keys)


def _yearly(stack: tuple[Row, ...], currency: str) -> Amount:
    """The tools' yearly costs together; unknown ones are counted in the basis, never taken for zero."""
    costs = [cost for row in stack if isinstance(cost := row.values["yearly_cost"], Amount)]
    known = [cost for cost in costs if cost.minor is not None]
    if not known:
        return Amount(
            currency=currency, minor=None, why="no contract, no spend of twelve months and no budget line"
        )
    missing = len(stack) - len(known)
    basis = known[0].basis if len(known) == 1 else f"of {count(len(known), 'tool')}"
    return Amount(
        currency=currency,
        minor=sum(cost.minor or 0 for cost in known),
        origins=sum(cost.origins for cost in known),
        basis=f"{basis}; {count(missing, 'tool')} unknown" if missing else basis,
    )


def _use(seats: tuple[Row, ...]) -> Ratio:
    """Active of purchased seats of the lines that know both: Σ/Σ."""
    pairs = [
        (active, purchased)
        for row in seats
        if isinstance(active := row.values["active"], int)
        and isinstance(purchased := row.values["purchased"], int)
    ]
    if not pairs:
        return Ratio(numerator=None, denominator=None, why="no seats with usage are known")
    return Ratio(numerator=sum(pair[0] for pair in pairs), denominator=sum(pair[1] for pair in pairs))


def _sentence(
    name: str,
    cost: Amount,
    terms: tuple[Row, ...],
    send_by: date | None,
    use: Ratio,
    stake: int | None,
    currency: str,
) -> str:
    parts = []
    if cost.minor is not None:
        on = f" on {count(len(terms), 'contract line')}" if terms else ""
        parts.append(f"{money(cost.minor, currency)} a year{on}")
    if send_by is not None:
        parts.append(f"send notice by {day(send_by)}")
    if use.numerator is not None and use.denominator:
        parts.append(f"{use.numerator:,} of {use.denominator:,} seats in use")
    if stake:
        parts.append(f"{money(stake, currency)} a year of it is at stake")
    return f"{name}: {'; '.join(parts)}." if parts else ""
