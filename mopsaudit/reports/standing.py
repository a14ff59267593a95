"""Where we stand with a vendor or on a tool, from the reports: cost, seats, dates, findings. Nothing is computed anew.

The position with vendor X next Tuesday (PRODUCT.md §1): the same rows the reports show, cut to some tools.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, TypeVar

from mopsaudit.facts.wording import count, money, send_words
from mopsaudit.later import Later
from mopsaudit.reporting import Amount, Column, Finding, Headline, Ratio, Ref, Report, Row, ranked
from mopsaudit.reports.findings import Joined, Stake

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
_EXTRACTS: Final[Mapping[str, tuple[str, ...]]] = {"renewals": _TERMS, "underuse": _SEATS}
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """Rows of a report that concern the tools, with the columns that matter here. ``slug`` is the report."""

    slug: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the reports know of some tools: a sentence (empty: nothing), at most four figures, extracts, findings.

    ``rooms`` names the report of each finding by the finding's id.
    """

    answer: str
    figures: tuple[Headline, ...]
    extracts: tuple[Extract, ...]
    findings: tuple[Finding, ...]
    rooms: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Later):
    """What the reports hold of one tool. ``parts`` are its rows of stack, renewals and under-use, the findings that
    speak of it and the stakes on its bearers, each with its place among all.
    """

    WAITS_FROM: ClassVar[int] = 1

    parts: tuple[
        tuple[tuple[int, Row], ...],
        tuple[tuple[int, Row], ...],
        tuple[tuple[int, Row], ...],
        tuple[tuple[int, tuple[str, Finding]], ...],
        tuple[tuple[int, Stake], ...],
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """What the reports hold of every tool, to be looked up. ``vendors``: the tools the stack shows under each vendor.

    ``columns`` and ``titles`` are by report. ``joined``: the findings are the joined ones, so that what is at stake
    can be said.
    """

    currency: str
    as_of: date
    columns: Mapping[str, tuple[Column, ...]]
    titles: Mapping[str, str]
    vendors: Mapping[int, tuple[int, ...]]
    tools: Mapping[int, Held]
    joined: bool

    def of_vendors(self, vendor_ids: Collection[int]) -> frozenset[int]:
        """The tools of some vendors."""
        return frozenset(tool for vendor in vendor_ids for tool in self.vendors.get(vendor, ()))


def positions_of(reports: Mapping[str, Report], joined: Joined | None) -> Positions:
    """The index of what ``reports`` (at least stack, renewals and underuse) and ``joined`` hold of each tool.

    Without ``joined`` the findings are those of ``reports``, and nothing is known of what is at stake together.
    """
    known: Sequence[tuple[str, Finding]]
    if joined is None:
        rooms = {each.id: slug for slug, one in reports.items() for each in one.findings}
        every = ranked([each for one in reports.values() for each in one.findings])
    else:
        rooms, every = dict(joined.rooms), joined.findings
    known = [(rooms.get(each.id, ""), each) for each in every]
    stack, terms, seats = (_by_tool(reports[slug].rows) for slug in ("stack", "renewals", "underuse"))
    findings: dict[int, list[tuple[int, tuple[str, Finding]]]] = defaultdict(list)
    for place, (slug, each) in enumerate(known):
        for tool_id in dict.fromkeys(tool.id for tool in each.tools if tool.kind == "tool"):
            if isinstance(tool_id, int):
                findings[tool_id].append((place, (slug, each)))
    stakes: dict[int, list[tuple[int, Stake]]] = defaultdict(list)
    bearers: dict[str, list[int]] = defaultdict(list)
    for tool_id, rows in terms.items():
        for _, row in rows:
            bearers[row.id].append(tool_id)
    for place, stake in enumerate(joined.stakes if joined is not None else ()):
        of_tool = [int(stake.bearer[5:])] if stake.bearer.startswith("tool:") else bearers[stake.bearer]
        for tool_id in of_tool:
            stakes[tool_id].append((place, stake))
    vendors: dict[int, list[int]] = defaultdict(list)
    for row in reports["stack"].rows:
        vendor, tool = row.values["vendor"], row.values["tool"]
        if isinstance(vendor, Ref) and isinstance(tool, Ref):
            vendors[int(vendor.id)].append(int(tool.id))
    return Positions(
        currency=reports["stack"].currency,
        as_of=reports["stack"].as_of,
        columns={slug: _columns(reports[slug], keys) for slug, keys in _EXTRACTS.items()},
        titles={slug: report.title for slug, report in reports.items()},
        vendors={vendor: tuple(found) for vendor, found in vendors.items()},
        tools={
            tool_id: Held(
                parts=(
                    tuple(stack.get(tool_id, ())),
                    tuple(terms.get(tool_id, ())),
                    tuple(seats.get(tool_id, ())),
                    tuple(findings.get(tool_id, ())),
                    tuple(stakes.get(tool_id, ())),
                )
            )
            for tool_id in sorted({*stack, *terms, *seats, *findings, *stakes})
        },
        joined=joined is not None,
    )


def standing_in(positions: Positions, name: str, tool_ids: Collection[int]) -> Standing:
    """The position on the tools with these ids; ``name`` is the vendor or tool the sentence speaks of.

    Money is a year's in minor units of the base currency: the yearly cost is that of the stack report, what is at stake
    that of the joined findings, each euro once.
    """
    held = [positions.tools[tool_id].parts for tool_id in sorted(tool_ids) if tool_id in positions.tools]
    currency = positions.currency
    stack = _in_order(part[0] for part in held)
    terms = _in_order(part[1] for part in held)
    seats = _in_order(part[2] for part in held)
    found = _in_order(part[3] for part in held)
    findings = tuple(each for _, each in found)
    stakes = _in_order(part[4] for part in held)
    cost = _yearly(stack, currency)
    dates = sorted((due, row.id) for row in terms if isinstance(due := row.values["send_by"], date))
    stake = sum(each.minor for each in stakes) if positions.joined else None
    use = _use(seats)
    return Standing(
        answer=_sentence(
            name, cost, terms, dates[0][0] if dates else None, positions.as_of, use, stake, currency
        ),
        figures=(
            Headline(key="cost", label="Yearly cost", value=cost, what=cost.basis or "", opens="terms"),
            Headline(
                key="send_by",
                label="Next send-by date",
                value=dates[0][0] if dates else None,
                what="no contract with a known date"
                if not dates
                else "has passed: notice should have left"
                if dates[0][0] < positions.as_of
                else "the last day to send notice",
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
            Extract(slug=slug, title=title, columns=positions.columns[slug], rows=rows)
            for slug, title, rows in (
                ("renewals", "Terms and dates", terms),
                ("underuse", "Seats and use", seats),
            )
            if rows
        ),
        findings=findings,
        rooms={each.id: slug for slug, each in found},
    )


def standing(
    reports: Mapping[str, Report], joined: Joined | None, name: str, tool_ids: Collection[int]
) -> Standing:
    """The same from reports at hand (at least stack, renewals and underuse)."""
    return standing_in(positions_of(reports, joined), name, tool_ids)


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


def _by_tool(rows: Sequence[Row]) -> dict[int, list[tuple[int, Row]]]:
    found: dict[int, list[tuple[int, Row]]] = defaultdict(list)
    for place, row in enumerate(rows):
        tool = row.values["tool"]
        if isinstance(tool, Ref) and isinstance(tool.id, int):
            found[tool.id].append((place, row))
    return found


def _in_order(parts: Iterable[Sequence[tuple[int, T]]]) -> tuple[T, ...]:
    """What several tools hold, each once, in the order in which the report has it."""
    placed = {place: each for part in parts for place, each in part}
    return tuple(placed[place] for place in sorted(placed))


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
    as_of: date,
    use: Ratio,
    stake: int | None,
    currency: str,
) -> str:
    parts = []
    if cost.minor is not None:
        on = f" on {count(len(terms), 'contract line')}" if terms else ""
        parts.append(f"{money(cost.minor, currency)} a year{on}")
    if send_by is not None:
        parts.append(send_words(send_by, as_of))
    if use.numerator is not None and use.denominator:
        parts.append(f"{use.numerator:,} of {use.denominator:,} seats in use")
    if stake:
        parts.append(f"{money(stake, currency)} a year of it is at stake")
    return f"{name}: {'; '.join(parts)}." if parts else ""
