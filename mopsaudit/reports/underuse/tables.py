"""Columns, sections, thresholds and plots of the under-use report: how its figures stand on a page. Pure."""

from collections.abc import Sequence

from mopsaudit.facts.published import FEATURE_USE, UNUSED_30, beside
from mopsaudit.facts.wording import count, month
from mopsaudit.periods import month_of
from mopsaudit.reporting import (
    Column,
    Missing,
    Plot,
    Ratio,
    Ref,
    Row,
    Section,
    Series,
    Threshold,
    ValueKind,
    stated,
)
from mopsaudit.reports.underuse.arithmetic import Judged
from mopsaudit.reports.underuse.credits import credit_sections
from mopsaudit.reports.underuse.exemptions import exemption_sections, people
from mopsaudit.reports.underuse.facts import Asked, Facts
from mopsaudit.reports.underuse.rows import NAMES, feature_use
from mopsaudit.settings import Settings

_SHOWN = 12


def columns(currency: str) -> tuple[Column, ...]:
    """The columns of the tools table."""
    number, amount, ratio = ValueKind.NUMBER, ValueKind.MONEY, ValueKind.RATIO
    return (
        Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
        Column(key="vendor", label="Vendor", kind=ValueKind.REF, wide=True),
        Column(key="state", label="State", what="What the seats say, in words."),
        Column(key="why", label="Why unknown or limited", wide=True),
        Column(
            key="purchased", label="Purchased", kind=number, summed=True, what="Seats bought, running now."
        ),
        Column(key="assigned", label="Assigned", kind=number, summed=True, wide=True),
        Column(key="active", label="Active", kind=number, summed=True, what="Active within the window."),
        Column(
            key="protected",
            label="Protected",
            kind=number,
            summed=True,
            wide=True,
            what="New within the window, exempt, without a date, or no person's account.",
        ),
        Column(key="inactive", label="Inactive", kind=number, summed=True, wide=True),
        Column(key="unassigned", label="Unassigned", kind=number, summed=True, wide=True),
        Column(key="over_use", label="Over-use", kind=number, summed=True, wide=True),
        Column(key="utilisation", label="In use", kind=ratio, what="Active ÷ purchased."),
        Column(key="allocation", label="Allocation", kind=ratio, wide=True, what="Assigned ÷ purchased."),
        Column(key="activity", label="Activity", kind=ratio, wide=True, what="Active ÷ assigned."),
        Column(key="idle", label="Idle", kind=number, summed=True, what="Above the need at target use."),
        Column(
            key="idle_to_date",
            label=f"Idle cost to date ({currency})",
            kind=amount,
            summed=True,
            wide=True,
            what="Spent in the running term, gone.",
        ),
        Column(key="recoverable_seats", label="Seats that can go", kind=number, summed=True),
        Column(key="right_size", label="Right size", kind=number, wide=True, what="Seats to keep."),
        Column(
            key="recoverable",
            label=f"Recoverable next term ({currency})",
            kind=amount,
            summed=True,
            wide=True,
        ),
        Column(key="annual", label=f"Recoverable a year ({currency})", kind=amount, summed=True),
        Column(
            key="this_year",
            label=f"Of it this fiscal year ({currency})",
            kind=amount,
            summed=True,
            wide=True,
        ),
        Column(key="renews_on", label="Renews on", kind=ValueKind.DATE, wide=True),
        Column(key="send_by", label="Send by", kind=ValueKind.DATE),
        Column(key="cost_per_active", label=f"Cost per active user ({currency})", kind=amount, wide=True),
        Column(
            key="feature_use",
            label="Feature utilisation",
            kind=ratio,
            wide=True,
            what="Σ weight × used ÷ Σ weight × owned; not the same as seats in use.",
        ),
        Column(key="source", label="Usage from", wide=True),
        Column(key="window_days", label="Window (days)", kind=number, wide=True),
    )


def thresholds(settings: Settings) -> tuple[Threshold, ...]:
    """The settings the figures rest on."""
    return (
        Threshold(
            key="activity_window_days",
            label="Active within",
            value=f"{settings.activity_window_days} days",
        ),
        Threshold(
            key="daily_window_days", label="Daily tools within", value=f"{settings.daily_window_days} days"
        ),
        Threshold(key="target_use_percent", label="Target use", value=f"{settings.target_use_percent} %"),
        Threshold(
            key="usage_fresh_days", label="Usage stays fresh", value=f"{settings.usage_fresh_days} days"
        ),
        Threshold(
            key="delivery_business_days",
            label="Notice delivery",
            value=f"{settings.delivery_business_days} business days",
        ),
    )


def sections(judged: Sequence[Judged], facts: Facts) -> tuple[Section, ...]:
    """The further tables: seats to take back, exemptions, credits of consumption tools, and users by month."""
    return (
        *_reclaim(judged),
        *exemption_sections(facts),
        *credit_sections(judged, facts.scope.currency),
        *_months(judged, facts),
        *beside(_ours(judged)),
    )


def _ours(judged: Sequence[Judged]) -> dict[str, Ratio]:
    """Our figures that published ones may stand beside: feature use, and unused seats of tools with a 30-day window."""
    features = [ratio for each in judged if (ratio := feature_use(each.use)).percent is not None]
    daily = [
        each for each in judged if each.seats and each.idle is not None and each.use.tool.window_days == 30
    ]
    return {
        FEATURE_USE: Ratio(
            numerator=sum(each.numerator or 0 for each in features) if features else None,
            denominator=sum(each.denominator or 0 for each in features) or None,
        ),
        UNUSED_30: Ratio(
            numerator=sum(max(0, (each.purchased or 0) - each.seats.active) for each in daily if each.seats)
            if daily
            else None,
            denominator=sum(each.purchased or 0 for each in daily) or None,
        ),
    }


def _most_idle(each: Judged) -> tuple[int, str, int]:
    idle = each.use.counts.inactive if each.use.counts else 0
    return -idle, each.use.tool.name.lower(), each.use.tool.id


def _reclaim(judged: Sequence[Judged]) -> tuple[Section, ...]:
    """Seats to take back: how many sit idle by name, and where asking stands; no names, small groups hidden."""
    rows = []
    asked = again = people_idle = 0
    for each in sorted(judged, key=_most_idle):
        use, stands = each.use, each.use.asked or Asked()
        named = bool(use.snapshot and use.snapshot.grade in NAMES and use.snapshot.shows_activity)
        idle = use.counts.inactive if use.counts and use.lists_people and named else 0
        if not idle and stands == Asked():
            continue
        people_idle += idle
        asked += stands.asked
        again += stands.again
        due = min((line.send_by for line in use.lines if line.send_by), default=None)
        taken = sum(cut.seats for cut in each.cuts)
        rows.append(
            Row(
                id=f"r{use.tool.id}",
                opens=Ref(kind="reclaim", id=use.tool.id, label=use.tool.name),
                category=use.tool.category,
                state="in use again" if stands.again else "asked" if stands.asked else "to ask",
                values={
                    "tool": use.tool.ref,
                    "idle": people(idle),
                    "asked": people(stands.asked),
                    "kept": people(stands.kept),
                    "reclaimed": people(stands.reclaimed),
                    "again": people(stands.again),
                    "right_size": each.purchased - taken
                    if each.purchased and each.idle is not None
                    else Missing(each.why or "how many seats are bought is not known"),
                    "send_by": stated(due, "no contract of it says by when notice must be given"),
                },
            )
        )
    if not rows:
        return ()
    said = f"{people(people_idle)} people sit on seats they do not use, in {count(len(rows), 'tool')}"
    said += f"; {people(asked)} asked and not settled" if asked else "; nobody is being asked"
    if again:
        said += f"; {people(again)} whose seat was taken back are active again"
    return (
        Section(
            key="reclaim",
            title="Seats to take back",
            sentence=f"{said}. Names stand on each tool's own page, for roles that act on them.",
            columns=(
                Column(key="tool", label="Tool", kind=ValueKind.REF, primary=True),
                Column(key="idle", label="People on idle seats"),
                Column(key="asked", label="Asked"),
                Column(key="kept", label="Kept"),
                Column(key="reclaimed", label="Taken back"),
                Column(key="again", label="Active again", what="Seat taken back, active since."),
                Column(key="right_size", label="Right size", kind=ValueKind.NUMBER, what="Seats to keep."),
                Column(key="send_by", label="Send by", kind=ValueKind.DATE),
            ),
            rows=tuple(rows),
        ),
    )


def month_totals(judged: Sequence[Judged], facts: Facts) -> list[tuple[int, int, int] | None]:
    """(licences held, active, tools) per month's end over the tools known then; None where none is."""
    by_day: dict[str, list[int]] = {}
    for each in judged:
        for one in each.use.trend:
            sums = by_day.setdefault(one.day.isoformat(), [0, 0, 0])
            sums[0] += one.assigned
            sums[1] += one.active
            sums[2] += 1
    totals: list[tuple[int, int, int] | None] = []
    for each_day in facts.days:
        found = by_day.get(each_day.isoformat())
        totals.append((found[0], found[1], found[2]) if found else None)
    return totals


def _months(judged: Sequence[Judged], facts: Facts) -> tuple[Section, ...]:
    totals = month_totals(judged, facts)
    rows = tuple(
        Row(
            id=each_day.isoformat(),
            values={"day": each_day, "assigned": found[0], "active": found[1], "tools": found[2]},
        )
        for each_day, found in zip(facts.days, totals, strict=True)
        if found
    )
    if not rows:
        return ()
    number = ValueKind.NUMBER
    return (
        Section(
            key="trend",
            title="Users by month",
            sentence="Licences held and active users at each month's end, over the tools whose usage was fresh then.",
            columns=(
                Column(key="day", label="Month's end", kind=ValueKind.DATE, primary=True),
                Column(key="assigned", label="Assigned", kind=number),
                Column(key="active", label="Active", kind=number),
                Column(key="tools", label="Tools known", kind=number),
            ),
            rows=rows,
        ),
    )


def plots(order: Sequence[Judged], facts: Facts) -> tuple[Plot, ...]:
    """Seats of the tools with most to recover as a sum, and users by month."""
    shown = [
        (each, each.seats)
        for each in order
        if each.seats is not None and each.idle is not None and each.use.assigned_known
    ][:_SHOWN]
    found: list[Plot] = []
    if shown:
        found.append(
            Plot(
                kind="bars",
                title="Purchased seats by what they are doing",
                labels=tuple(each.use.tool.name for each, _ in shown),
                series=(
                    Series(key="active", label="Active", values=tuple(s.active for _, s in shown)),
                    Series(
                        key="protected",
                        label="Protected",
                        values=tuple(s.protected for _, s in shown),
                        colour="muted",
                    ),
                    Series(
                        key="inactive",
                        label="Inactive",
                        values=tuple(s.inactive for _, s in shown),
                        colour="bad",
                    ),
                    Series(
                        key="unassigned",
                        label="Unassigned",
                        values=tuple(s.unassigned for _, s in shown),
                        colour="warn",
                        style="hatched",
                    ),
                ),
                axis="seats",
                categories=tuple(each.use.tool.category for each, _ in shown),
            )
        )
    totals = month_totals(order, facts)
    known = [index for index, each in enumerate(totals) if each is not None]
    if len(known) > 2:  # two points are a table, not a trend
        days, everybody = facts.days[known[0] :], totals[known[0] :]
        found.append(
            Plot(
                kind="lines",
                title="Licences held and active users",
                labels=tuple(month(month_of(each)) for each in days),
                series=(
                    Series(
                        key="assigned",
                        label="Assigned",
                        values=tuple(each[0] if each else None for each in everybody),
                        style="line",
                        colour="muted",
                    ),
                    Series(
                        key="active",
                        label="Active",
                        values=tuple(each[1] if each else None for each in everybody),
                        style="line",
                    ),
                ),
                axis="people",
                mark=len(days) - 1,
            )
        )
    return tuple(found)
