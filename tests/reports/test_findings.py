"""One euro once: joining findings, against a naive second implementation."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mopsaudit.reporting import Amount, Band, Confidence, Finding, band_of, ranked
from mopsaudit.reports.findings import Bearers, bearers_of, join, shares_of, with_inaction
from mopsaudit.reports.registry import all_findings
from mopsaudit.scope import Scope
from tests import builders


def _finding(name: str, minor: int | None, *bearers: str, **values: Any) -> Finding:
    recoverable = values.pop("recoverable", minor)
    given = {"kind": "made-up", "sentence": name, **values}
    return Finding(
        id=name,
        amount=Amount(currency="USD", minor=minor),
        recoverable=Amount(currency="USD", minor=recoverable),
        bearers=bearers,
        **given,
    )


RATES = Bearers(
    run_rates={"line:1": 1000, "line:2": 500, "tool:7": 1500, "tool:8": 300}, lines={7: ("line:1", "line:2")}
)


def test_the_largest_single_finding_never_the_sum() -> None:
    joined = join([_finding("a", 400, "line:1"), _finding("b", 700, "line:1")], RATES, "USD")
    assert (joined.annual.minor, joined.counted("a"), joined.counted("b")) == (700, 0, 700)


def test_at_most_the_run_rate() -> None:
    joined = join([_finding("a", 4000, "line:2", recoverable=3000)], RATES, "USD")
    assert (joined.annual.minor, joined.recoverable.minor) == (500, 500)


@pytest.mark.parametrize("band", [Band.OVERDUE, Band.DAYS_14, Band.LATER])
def test_what_can_be_taken_out_this_year_is_the_most_a_single_finding_says(band: Band) -> None:
    """Whether it stands before, beside or after the finding whose money counts."""
    joined = join(
        [
            _finding("large", 900, "line:1", recoverable=None, band=Band.DAYS_14),
            _finding("small", 200, "line:1", recoverable=50, band=band),
        ],
        RATES,
        "USD",
    )
    assert (joined.annual.minor, joined.recoverable.minor) == (900, 50)


def test_a_tools_finding_and_its_lines_finding_are_the_same_money() -> None:
    joined = join([_finding("tool", 1500, "tool:7"), _finding("line", 900, "line:1")], RATES, "USD")
    assert {stake.bearer: stake.minor for stake in joined.stakes} == {"line:1": 1000, "line:2": 500}
    assert joined.annual.minor == 1500


@pytest.mark.parametrize("months, cost", [(24, "14.00"), (12, "7.00"), (1, "0.58")])
def test_doing_nothing_costs_what_is_recoverable_over_the_renewal_term(months: int, cost: str) -> None:
    """§4.5: 7.00 a year recoverable on the line; the renewal of 24 months costs 14.00, of one month 0.58."""
    renewal = _finding("due", 0, "line:1", kind="renewal-due", evidence={"renewal_months": months})
    told = with_inaction(join([_finding("idle", 700, "line:1"), renewal], RATES, "USD"))
    found = next(each for each in told.findings if each.id == "due")
    assert found.evidence["cost_of_inaction"]["amount"] == cost
    assert (
        found.sentence.endswith(f"Doing nothing costs {cost.removesuffix('.00')} USD over that term.")
        or months == 1
    )


@pytest.mark.parametrize("state, at_stake", [("open", 12_000_00), ("dismiss", 7_920_00)])
def test_the_manuals_idle_seats_and_overlap_on_one_line(state: str, at_stake: int) -> None:
    """12,000 a year for 100 seats: 7,920 idle, 12,000 overlapping; a renewal of 24 months with it."""
    rates = Bearers(run_rates={"line:3": 12_000_00})
    idle, renewal = (
        _finding("idle", 7_920_00, "line:3"),
        _finding("due", 0, "line:3", kind="renewal-due", evidence={"renewal_months": 24}),
    )
    overlap = _finding("overlap", 12_000_00, "line:3", state=state)
    told = with_inaction(join([idle, overlap, renewal], rates, "USD"))
    assert told.annual.minor == at_stake
    due = next(each for each in told.findings if each.id == "due")
    cost = {"open": "24,000", "dismiss": "15,840"}[state]
    assert due.sentence.endswith(f"Doing nothing costs {cost} USD over that term.")


def test_a_tool_without_lines_bears_its_own() -> None:
    assert join([_finding("a", 900, "tool:8")], RATES, "USD").annual.minor == 300
    assert join([_finding("a", 900, "tool:99")], RATES, "USD").annual.minor == 900  # run rate not known


def test_a_room_may_say_how_its_amount_divides() -> None:
    said = {"line:1": 10, "line:2": {"annual_minor": 90}}
    finding = _finding("a", 100, "line:1", "line:2", evidence={"by_bearer": said})
    assert shares_of(finding, RATES) == {"line:1": 10, "line:2": 90}
    assert shares_of(_finding("b", 90, "line:1", "line:2"), RATES) == {"line:1": 60, "line:2": 30}


def test_settled_findings_and_those_without_a_bearer_add_nothing() -> None:
    joined = join(
        [
            _finding("dismissed", 100, "line:1", state="dismiss"),
            _finding("deliberate", 100, "line:1", state="deliberate"),
            _finding("deviation", 100),
            _finding("unknown", None, "line:1"),
            _finding("confirmed", 30, "line:1", state="confirm"),
        ],
        RATES,
        "USD",
    )
    assert joined.annual.minor == 30
    assert len(joined.findings) == 5


def test_of_two_findings_with_the_same_money_the_one_due_first_stands_first() -> None:
    found = [
        _finding("a", 0, band=Band.DAYS_14, due=date(2026, 10, 9)),
        _finding("b", 0, band=Band.DAYS_14, due=date(2026, 10, 2)),
        _finding("c", 0, band=Band.DAYS_14),
    ]
    assert [each.id for each in ranked(found)] == ["b", "a", "c"]


@pytest.mark.parametrize(
    "days, band",
    [
        *((-1, Band.OVERDUE), (0, Band.DAYS_14), (14, Band.DAYS_14), (15, Band.DAYS_30), (30, Band.DAYS_30)),
        *(
            (31, Band.DAYS_60),
            (60, Band.DAYS_60),
            (61, Band.DAYS_120),
            (120, Band.DAYS_120),
            (121, Band.LATER),
        ),
        (None, Band.LATER),
    ],
)
def test_the_last_day_of_a_band_belongs_to_it(days: int | None, band: Band) -> None:
    """Overdue, ≤ 14, ≤ 30, ≤ 60, ≤ 120, later; the due day itself is still open."""
    today = date(2026, 9, 30)
    assert band_of(None if days is None else today + timedelta(days=days), today) is band


def test_findings_stand_in_bands_then_by_money_and_confidence() -> None:
    joined = join(
        [
            _finding("later", 900, "line:1", band=Band.LATER),
            _finding("soon small", 10, "line:2", band=Band.DAYS_30),
            _finding("soon large", 20, "tool:8", band=Band.DAYS_30),
            _finding("overdue", 1, band=Band.OVERDUE),
        ],
        RATES,
        "USD",
    )
    assert [each.id for each in joined.findings] == ["overdue", "soon large", "soon small", "later"]
    assert joined.within([Band.DAYS_30]) == 30


def test_less_that_is_surer_stands_before_more_that_is_not() -> None:
    doubtful = _finding("doubtful", 900, "line:1", confidence=Confidence.LOW)  # 900 × 0.3
    sure = _finding("sure", 400, "line:2", confidence=Confidence.HIGH)  # 400 × 1
    joined = join([doubtful, sure], RATES, "USD")
    assert [each.id for each in joined.findings] == ["sure", "doubtful"]


amounts = st.integers(0, 5000)
lists = st.lists(
    st.tuples(
        amounts, amounts, st.lists(st.sampled_from(["line:1", "line:2", "tool:7", "tool:8"]), max_size=3)
    ),
    max_size=8,
)


def _naive(found: list[Finding]) -> Fraction:
    """Plain Python with fractions: every bearer's shares in one list, the largest, at most the run rate."""
    shares: dict[str, list[Fraction]] = {}
    for finding in found:
        names = sorted(set(finding.bearers))
        weights = {name: RATES.run_rates[name] for name in names}
        for name in names:
            part = Fraction((finding.amount.minor or 0) * weights[name], sum(weights.values()))
            if name == "tool:7":
                for line, rate in (("line:1", 1000), ("line:2", 500)):
                    shares.setdefault(line, []).append(part * rate / 1500)
            else:
                shares.setdefault(name, []).append(part)
    return sum(
        (min(max(each), Fraction(RATES.run_rates[name])) for name, each in shares.items()), Fraction(0)
    )


@settings(max_examples=200)
@given(lists)
def test_equal_to_a_naive_join_and_never_above_the_run_rates(
    given_findings: list[tuple[int, int, list[str]]],
) -> None:
    found = [
        _finding(f"f{number}", minor, *names, recoverable=left)
        for number, (minor, left, names) in enumerate(given_findings)
        if not ("tool:7" in names and {"line:1", "line:2"} & set(names))
    ]
    joined = join(found, RATES, "USD")
    assert abs((joined.annual.minor or 0) - _naive(found)) <= 3 * len(
        joined.stakes
    )  # minor units of splitting
    assert (joined.annual.minor or 0) <= 1800
    assert (joined.recoverable.minor or 0) <= (joined.annual.minor or 0)
    again = join(list(reversed(found)), RATES, "USD")
    assert again == joined
    assert sum(joined.counted(each.id) for each in found) == joined.annual.minor


def test_the_rooms_findings_join_on_a_real_database(session: Session, scope: Scope) -> None:
    vendor = builders.vendor(session)
    tool = builders.tool(session, of=vendor)
    contract = builders.contract(
        session, vendor, start_on=date(2026, 1, 20), initial_months=12, renewal_months=12,
        renewal_kind="automatic", notice_count=90, lines=[{"tool": tool, "seats": 100, "amount_minor": 12_000_00}],
    )  # fmt: skip
    builders.usage(
        session, tool,
        users=[{"key": f"u{n}@x.com", "last_activity": date(2026 if n < 30 else 2025, 9, 20)} for n in range(100)],
    )  # fmt: skip
    joined = all_findings(session, scope)
    kinds = {finding.kind for finding in joined.findings}
    assert "renewal-due" in kinds
    renewal = next(finding for finding in joined.findings if finding.kind == "renewal-due")
    assert contract.id
    # 30 active of 100: 66 idle seats (90 % target), 120 a seat and year, for the twelve months of the next term
    assert renewal.evidence["cost_of_inaction"]["amount"] == "7920.00"
    assert renewal.sentence.endswith("Doing nothing costs 7,920 USD over that term.")
    rates = bearers_of(session, scope).run_rates
    assert sum(rates[stake.bearer] for stake in joined.stakes) >= (joined.annual.minor or 0) > 0
    assert [finding.id for finding in joined.findings] == list(
        dict.fromkeys(finding.id for finding in joined.findings)
    )


@pytest.mark.parametrize("minor", [0, -5])
def test_nothing_or_less_is_no_stake(minor: int) -> None:
    assert join([_finding("a", minor, "line:1")], RATES, "USD").stakes == ()


@pytest.mark.postgres
def test_on_postgresql(session: Session, scope: Scope) -> None:
    test_the_rooms_findings_join_on_a_real_database(session, scope)
