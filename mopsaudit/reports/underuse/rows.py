"""The four figures at the top and the row of each tool. Pure."""

from collections.abc import Sequence

from mopsaudit.facts.values import Snapshot, SnapshotEvent
from mopsaudit.facts.wording import day
from mopsaudit.money import ratio_half_even
from mopsaudit.reporting import Amount, Headline, Missing, Ratio, Row, Trace, Value
from mopsaudit.reports.underuse.arithmetic import Judged
from mopsaudit.reports.underuse.facts import Facts, ToolUse

#: Grades whose people may be named.
NAMES = frozenset("AB")


def evidence_words(found: Snapshot | None) -> str | None:
    """``Users.csv, 30 Sep 2026: activity, grade A``: source, date, event and grade in one phrase."""
    if found is None:
        return None
    return f"{found.file_name}, {day(found.as_of)}: {found.event}, grade {found.grade}"


def no_activity(use: ToolUse) -> str:
    """Why it is not known who is active."""
    if use.snapshot is None:
        return "no usage file"
    if use.counts is None:
        return "the usage file gives totals only, not by unit"
    if use.snapshot.event == SnapshotEvent.ASSIGNMENT:
        return "an assignment list gives allocation only"
    return "the usage file does not say who is active"


def headlines(judged: Sequence[Judged], facts: Facts) -> tuple[Headline, ...]:
    """The four figures at the top."""
    known = [each for each in judged if each.idle is not None and each.seats is not None]
    currency = facts.scope.currency
    priced = [each for each in known if each.annual.minor is not None]
    dated = [each for each in known if each.idle_to_date.minor is not None]

    def total(found: Sequence[Amount], why: str) -> Amount:
        lines = tuple(sorted({line for each in found if each.trace for line in each.trace.contract_lines}))
        snapshots = tuple(sorted({one for each in found if each.trace for one in each.trace.snapshots}))
        return Amount(
            currency=currency,
            minor=sum(each.minor or 0 for each in found) if found else None,
            origins=sum(each.origins for each in found),
            why=None if found else why,
            trace=Trace(contract_lines=lines, snapshots=snapshots) if found else None,
        )

    return (
        Headline(
            key="recoverable_a_year",
            label="Recoverable a year",
            value=total([each.annual for each in priced], "no tool has seats, activity and a price"),
            what="Seats that can leave at the next renewal, after packs, minimums and protected seats.",
        ),
        Headline(
            key="utilisation",
            label="Seats in use",
            value=Ratio(
                numerator=sum(each.seats.active for each in known if each.seats) if known else None,
                denominator=sum(each.purchased or 0 for each in known) if known else None,
                why=None if known else "no tool has both seats and activity",
            ),
            what="Active users over purchased seats, all tools with both known.",
        ),
        Headline(
            key="idle_seats",
            label="Idle seats",
            value=sum(each.idle or 0 for each in known) if known else None,
            what="Beyond what the active users need at the target use.",
        ),
        Headline(
            key="idle_cost_to_date",
            label="Idle cost to date",
            value=total([each.idle_to_date for each in dated], "no tool has seats, activity and a price"),
            what="Spent in the running terms and gone.",
        ),
    )


def cost_per_active(each: Judged) -> Amount:
    """Yearly cost ÷ active users, rounded half-even."""
    cost, use = each.use.cost, each.use
    active = use.counts.active if use.counts and use.activity_known else None
    minor = ratio_half_even(cost.minor, 1, active) if cost.minor is not None and active else None
    why = None
    if minor is None:
        why = cost.why if cost.minor is None else no_activity(use) if active is None else "nobody is active"
    return Amount(
        currency=cost.currency,
        minor=minor,
        origins=cost.origins if minor is not None else 0,
        why=why,
        basis=cost.basis,
        trace=cost.trace,
    )


def feature_use(use: ToolUse) -> Ratio:
    """Feature utilisation Σ w·used ÷ Σ w·owned over capabilities of known use, in halves; a thing of its own."""
    known = [each for each in use.capabilities if each.halves is not None]
    if not known:
        return Ratio(numerator=None, denominator=None, why="no capability's use is known")
    return Ratio(
        numerator=sum(each.weight * (each.halves or 0) for each in known),
        denominator=sum(each.weight * 2 for each in known),
    )


def row(each: Judged) -> Row:
    """One tool as a row of the table."""
    use, counts = each.use, each.use.counts
    seats = each.seats if use.assigned_known else None
    active = counts.active if counts and use.activity_known else None
    judged_sum = seats if use.activity_known else None
    due = min((line.send_by for line in use.lines if line.send_by), default=None)
    renews = min((line.renews_on for line in use.lines if line.renews_on), default=None)
    taken = sum(cut.seats for cut in each.cuts)
    unknown = sum(one.halves is None for one in use.capabilities)

    def known(figure: int | None) -> Value:
        """A count; unknown with its reason unless seats do not apply to the tool."""
        if figure is not None or each.why is None or each.why.startswith("n/a"):
            return figure
        return Missing(each.why)

    return Row(
        id=f"t{use.tool.id}",
        opens=use.tool.ref,
        category=use.tool.category,
        state=each.state,
        values={
            "tool": use.tool.ref,
            "vendor": use.tool.vendor,
            "state": each.state,
            "why": each.why,
            "purchased": known(each.purchased),
            "assigned": known(counts.assigned if counts and use.assigned_known else None),
            "active": known(active),
            "protected": known(judged_sum.protected if judged_sum else None),
            "inactive": known(judged_sum.inactive if judged_sum else None),
            "unassigned": known(seats.unassigned if seats else None),
            "over_use": known(seats.over_use if seats else None),
            "utilisation": Ratio(numerator=active, denominator=each.purchased, why=each.why),
            "allocation": Ratio(
                numerator=counts.assigned if counts and use.assigned_known else None,
                denominator=each.purchased,
                why=each.why,
            ),
            "activity": Ratio(
                numerator=active,
                denominator=counts.assigned if counts and use.assigned_known else None,
                why=each.why,
            ),
            "idle": known(each.idle),
            "idle_to_date": each.idle_to_date,
            "recoverable_seats": known(taken if each.idle is not None else None),
            "right_size": known(each.purchased - taken if each.purchased and each.idle is not None else None),
            "recoverable": each.recoverable,
            "annual": each.annual,
            "this_year": each.this_year,
            "renews_on": Missing("no contract of it says when a term ends") if renews is None else renews,
            "send_by": Missing("no contract of it says by when notice must be given") if due is None else due,
            "cost_per_active": cost_per_active(each),
            "feature_use": feature_use(use),
            "source": evidence_words(use.snapshot),
            "window_days": use.tool.window_days,
        },
        detail={
            "users": None
            if counts is None or not use.lists_people
            else {
                "exempt": counts.exempt,
                "new": counts.new,
                "undated": counts.undated,
                "other_accounts": counts.other_accounts,
                "leavers": counts.leavers,
                "active_without_licence": counts.unlicensed_active,
            },
            "exempt_seats": use.exempt_seats,
            "names_allowed": bool(use.snapshot and use.snapshot.grade in NAMES and use.lists_people),
            "features_unknown": unknown,
            "trend": [
                {"day": one.day.isoformat(), "assigned": one.assigned, "active": one.active}
                for one in use.trend
            ],
            "reductions": [
                {"line": cut.line.id, "seats": cut.seats, "term_months": cut.term_months} for cut in each.cuts
            ],
        },
    )
