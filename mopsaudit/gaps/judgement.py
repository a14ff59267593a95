"""Which tools one list knows and another does not, and what each gap rests on. Pure.

Evidence from invoices alone is grade D, from a sign-on or usage file that file's grade. A gap's ``facts`` hold only
what would make a person think again: who bills or uses it, where, and how many digits the money or the people have.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Final

from mopsaudit.facts.values import Bucket, Snapshot, ToolFact, UserCounts, state_of
from mopsaudit.facts.wording import count, day, listed, money
from mopsaudit.facts.wording import month as month_words
from mopsaudit.gaps.products import known_products
from mopsaudit.gaps.values import App, Gap, GapFacts, GapKind, Gaps, Payer
from mopsaudit.gaps.wording import answer, beside, trust
from mopsaudit.money import from_minor
from mopsaudit.reporting import Amount
from mopsaudit.spending.judgement import cost_of, judge
from mopsaudit.spending.values import Judged

_ORDER: Final = tuple(GapKind)
#: Grades on which "nobody signed in" may be said: a survey or an estimate does not see sign-ins.
_SEES_SIGN_INS: Final = ("A", "B")


def find_gaps(facts: GapFacts) -> Gaps:
    """All gaps between the three lists, with the sentences of the page."""
    paid, elsewhere = _paid(facts)
    found = [*paid, *_apps(facts)]
    for tool in facts.tools:
        if (gap := _of_tool(tool, facts, elsewhere)) is not None:
            found.append(gap)
    found = [_with_settlement(each, facts) for each in found]
    found.sort(
        key=lambda each: (
            each.state != "open",
            _ORDER.index(each.kind),
            -(each.cost.minor or 0),
            each.subject.casefold(),
            each.id,
        )
    )
    open_ones = [each for each in found if each.state == "open"]
    numbers = {kind: sum(1 for each in open_ones if each.kind is kind) for kind in GapKind}
    sums = {
        kind: _sum((each.cost for each in open_ones if each.kind is kind), facts.currency) for kind in GapKind
    }
    return Gaps(
        answer=answer(facts, numbers, sums, settled=len(found) - len(open_ones)),
        trust=trust(facts),
        beside=beside(facts),
        found=tuple(found),
        currency=facts.currency,
        numbers=numbers,
        sums=sums,
    )


def _with_settlement(gap: Gap, facts: GapFacts) -> Gap:
    settled = facts.settled.get(gap.id)
    return replace(gap, state=state_of(settled, gap.facts, facts.as_of), settled=settled)


def _id(facts: GapFacts, *parts: object) -> str:
    unit = () if facts.unit_id is None else (f"u{facts.unit_id}",)
    return "-".join(("gaps", *unit, *(str(part) for part in parts)))


def _digits(minor: int | None, currency: str) -> str:
    """How many digits the whole units have: what a settlement stands for may move, but not out of its size."""
    return "unknown" if minor is None else str(len(str(int(abs(from_minor(minor, currency))))))


# --- paid, not listed


def _paid(facts: GapFacts) -> tuple[list[Gap], dict[str, Amount]]:
    """Money on tools the inventory does not have; and money of vendors it has, which waits for its tool, by vendor."""
    groups: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for each in facts.spend.suppliers:
        if each.tool_id is not None or each.settled != "open" or not each.window.lines:
            continue
        judged = judge(each, facts.spend)
        if not judged.is_tool or (judged.cost.minor is not None and judged.cost.minor <= 0):
            continue
        product = each.proposal.get("tool")
        if product in known_products():
            groups["product", str(product)].append(judged)
        elif vendor := each.proposal.get("vendor"):
            groups["vendor", str(vendor)].append(judged)
    gaps: list[Gap] = []
    waits: dict[str, list[Amount]] = defaultdict(list)
    for (what, key), judged_ones in sorted(groups.items()):
        vendor = judged_ones[0].vendor or ""
        listed_vendor = {key, " ".join(vendor.split()).casefold()} & facts.stock.vendors
        if (what == "product" and key in facts.stock.products) or (what == "vendor" and listed_vendor):
            waits[vendor.casefold()] += [each.cost for each in judged_ones]
            continue
        gaps.append(_paid_gap(facts, what, key, judged_ones))
    return gaps, {vendor: _sum(costs, facts.currency) for vendor, costs in waits.items()}


def _paid_gap(facts: GapFacts, what: str, key: str, judged: Sequence[Judged]) -> Gap:
    product = known_products().get(key) if what == "product" else None
    subject = product.name if product else judged[0].vendor or judged[0].facts.name
    ids = tuple(sorted(each.facts.id for each in judged))
    billed = [found for each in ids if (found := facts.billed.get(each)) is not None]
    units = tuple(sorted({unit for each in billed for unit in each.units}))
    last = max((each.last for each in billed if each.last is not None), default=None)
    cost = _sum((each.cost for each in judged), facts.currency)
    lines = sum(each.facts.window.lines for each in judged)
    names = listed([each.facts.name for each in judged])
    trace = judged[0].facts.window.trace
    sentence = f"{subject} is paid for and not in the inventory."
    if product is None:
        sentence = (
            f"{subject} is paid for; which of its products it is is open, and none is in the inventory."
        )
    return Gap(
        id=_id(facts, GapKind.PAID, "p" if product else "v", key),
        kind=GapKind.PAID,
        subject=subject,
        sentence=sentence,
        evidence=(
            f"{count(lines, 'line')} of {names} in twelve months"
            f"{f', the last on {day(last)}' if last else ''}. {judged[0].facts.reason}"
        ).strip(),
        facts=(
            f"paid {what} {key}",
            *(f"supplier {each}" for each in ids),
            *(f"unit {each}" for each in units),
            f"digits {_digits(cost.minor, facts.currency)}",
        ),
        cost=cost,
        last=last,
        grade="D",
        units=_names(facts, units),
        category=judged[0].category,
        payers=tuple(
            Payer(id=each.facts.id, version=each.facts.version, name=each.facts.name) for each in judged
        ),
        product_id=product.id if product else None,
        vendor_id=None if product else key,
        lines=replace(trace.lines, supplier_ids=ids) if trace and trace.lines else None,
    )


# --- used, not listed


def _apps(facts: GapFacts) -> list[Gap]:
    found = []
    for app in facts.apps:
        if app.key in facts.stock.names:
            continue
        hidden = _small(app.people, facts)
        found.append(
            Gap(
                id=_id(
                    facts, GapKind.USED, sha256(app.key.encode("utf-8", "surrogatepass")).hexdigest()[:20]
                ),
                kind=GapKind.USED,
                subject=app.name,
                sentence=f"{app.name} is signed in to and neither the inventory nor the catalogue knows it.",
                evidence=(
                    f"{_people(app.people, facts)} in {app.file_name} of {day(app.as_of)}, {_event(app)}"
                    f"{f'; last on {day(app.last)}' if app.last else ''}."
                ),
                facts=(
                    f"used {app.key}",
                    *(f"unit {each}" for each in app.units),
                    f"people {len(str(app.people))}",
                ),
                cost=_none(facts, "Nothing is known to be paid for it."),
                last=app.last,
                people=None if hidden else app.people,
                hidden=hidden,
                grade=app.grade,
                units=_names(facts, app.units),
                app=app,
            )
        )
    return found


def _event(app: App | Snapshot) -> str:
    return f"grade {app.grade}, by {app.event}"


def _small(number: int, facts: GapFacts) -> bool:
    """Whether a group is too small to show its number."""
    return 0 < number < facts.group_minimum


def _people(number: int, facts: GapFacts) -> str:
    if _small(number, facts):
        return f"fewer than {facts.group_minimum} people"
    return count(number, "person", "people")


# --- listed


def _of_tool(tool: ToolFact, facts: GapFacts, waiting: Mapping[str, Amount]) -> Gap | None:
    """The gap of a tool the inventory has a record of; one that is neither paid nor used is told as unpaid."""
    spent = facts.paid.get(tool.id)
    window = spent.window if spent else Bucket()
    cost = cost_of(window, facts.currency)
    shot = facts.best.get(tool.id)
    if tool.status == "proposed":
        return _proposed(tool, facts, cost, window, shot)
    if not tool.running:
        return None
    contracted = tool.id in facts.contracted or (
        tool.vendor is not None and int(tool.vendor.id) in facts.covered
    )
    # what is booked in the running month, or without a date, is money all the same
    unpaid = spent is None or (spent.last_month is not None and spent.last_month < facts.spend.window[0])
    if facts.spend.held and unpaid and not contracted:
        return _unpaid(tool, facts, waiting)
    if facts.has_usage and shot is None:
        return _unmeasured(tool, facts, cost, window)
    if shot is not None and (contracted or (cost.minor or 0) > 0 or window.unconverted):
        return _silent(tool, facts, cost, window, shot)
    return None


def _common(tool: ToolFact, facts: GapFacts, cost: Amount, window: Bucket) -> Gap:
    """What all gaps of a tool share; kind, sentence, evidence and facts are told by each."""
    return Gap(
        id="",
        kind=GapKind.UNPAID,
        subject=tool.name,
        sentence="",
        evidence="",
        facts=(),
        cost=cost,
        units=_names(facts, tool.units),
        category=tool.category,
        tool=tool.ref,
        lines=window.trace.lines if window.trace and window.lines else None,
    )


def _proposed(
    tool: ToolFact, facts: GapFacts, cost: Amount, window: Bucket, shot: Snapshot | None
) -> Gap | None:
    """A tool a file entered as proposed: used or paid, and nobody has said that it is ours."""
    common = _common(tool, facts, cost, window)
    if shot is not None:
        counts = _counts(shot, facts)
        users = counts.assigned + counts.unlicensed_active
        if not users and facts.unit_id is not None:
            return None
        hidden = _small(users, facts)
        last = facts.seen.get(shot.id)
        money_words = f" {money(cost.minor, facts.currency)} in twelve months." if cost.minor else ""
        return replace(
            common,
            id=_id(facts, GapKind.USED, "t", tool.id),
            kind=GapKind.USED,
            sentence=f"{tool.name} is signed in to; a file entered it as proposed and nobody confirmed it.",
            evidence=(
                f"{_people(users, facts)} in {shot.file_name} of {day(shot.as_of)}, {_event(shot)}"
                f"{f'; last on {day(last)}' if last else ''}.{money_words}"
            ),
            facts=(
                f"used tool {tool.id}",
                f"people {len(str(users))}",
                f"digits {_digits(cost.minor, facts.currency)}",
            ),
            last=last,
            people=None if hidden else users,
            hidden=hidden,
            grade=shot.grade,
        )
    if not window.lines:
        return None
    return replace(
        common,
        id=_id(facts, GapKind.PAID, "t", tool.id),
        kind=GapKind.PAID,
        sentence=f"{tool.name} is paid for; a file entered it as proposed and nobody confirmed it.",
        evidence=f"{count(window.lines, 'line')} in twelve months.",
        facts=(f"paid tool {tool.id}", f"digits {_digits(cost.minor, facts.currency)}"),
        grade="D",
    )


def _unpaid(tool: ToolFact, facts: GapFacts, waiting: Mapping[str, Amount]) -> Gap:
    spent = facts.paid.get(tool.id)
    before = spent.last_month if spent else None
    evidence = (
        f"No line since {month_words(before)}." if before is not None else "No line was ever booked on it."
    )
    vendor = tool.vendor
    open_money = waiting.get(vendor.label.casefold()) if vendor else None
    if vendor is not None and open_money is not None:
        amount = money(open_money.minor, facts.currency) if open_money.minor else "Money"
        evidence += f" {amount} of {vendor.label} waits in the review queue for its tool."
    return replace(
        _common(tool, facts, _none(facts, "Nothing in these twelve months."), Bucket()),
        id=_id(facts, GapKind.UNPAID, tool.id),
        sentence=f"{tool.name} is in the inventory without a contract and without spend in twelve months.",
        evidence=evidence,
        facts=(f"unpaid {tool.id}", f"status {tool.status}", f"before {before}"),
    )


def _unmeasured(tool: ToolFact, facts: GapFacts, cost: Amount, window: Bucket) -> Gap:
    evidence = "No usage or sign-on file has ever named it."
    return replace(
        _common(tool, facts, cost, window),
        id=_id(facts, GapKind.UNMEASURED, tool.id),
        kind=GapKind.UNMEASURED,
        sentence=f"{tool.name} is in the inventory and no file says whether anybody uses it.",
        evidence=evidence,
        facts=(f"unmeasured {tool.id}", f"status {tool.status}"),
    )


def _silent(tool: ToolFact, facts: GapFacts, cost: Amount, window: Bucket, shot: Snapshot) -> Gap | None:
    """Paid and listed, and a fresh file that sees sign-ins names nobody in the window; unknown days are not none."""
    counts = _counts(shot, facts)
    fresh = shot.as_of > facts.as_of - timedelta(days=facts.fresh_days)
    nobody = not (counts.active or counts.unlicensed_active or counts.undated)
    here = facts.unit_id is None or counts.assigned > 0
    if not (fresh and nobody and here and shot.shows_activity and shot.grade in _SEES_SIGN_INS):
        return None
    last = facts.seen.get(shot.id)
    holders = _people(counts.assigned, facts)
    return replace(
        _common(tool, facts, cost, window),
        id=_id(facts, GapKind.SILENT, tool.id),
        kind=GapKind.SILENT,
        sentence=(
            f"{tool.name} is paid for and nobody signed in to it in the {tool.window_days} days to "
            f"{day(shot.as_of)}."
        ),
        evidence=(
            f"{holders} with a licence in {shot.file_name}, {_event(shot)}; "
            f"{f'last on {day(last)}' if last else 'no sign-in is known at all'}."
        ),
        facts=(f"silent {tool.id}", f"last {last}", f"digits {_digits(cost.minor, facts.currency)}"),
        last=last,
        people=0,
        grade=shot.grade,
    )


def _counts(shot: Snapshot, facts: GapFacts) -> UserCounts:
    """The users of a file; of one that only states totals, those, for the whole company alone."""
    found = facts.counts.get(shot.id)
    if found is not None:
        return found
    if shot.totals_only and facts.unit_id is None:
        return UserCounts.of_totals(shot.assigned_count, shot.active_count)
    return UserCounts()


# --- sums and names


def _names(facts: GapFacts, unit_ids: Iterable[int]) -> tuple[str, ...]:
    return tuple(facts.unit_names[each] for each in unit_ids if each in facts.unit_names)


def _none(facts: GapFacts, why: str) -> Amount:
    return Amount(currency=facts.currency, minor=None, why=why)


def _sum(amounts: Iterable[Amount], currency: str) -> Amount:
    """The sum of what is known; unknown where nothing is."""
    every = list(amounts)
    known = [each.minor for each in every if each.minor is not None]
    if not known:
        return Amount(currency=currency, minor=None, why=next((each.why for each in every), "Nothing."))
    return Amount(
        currency=currency,
        minor=sum(known),
        origins=sum(each.origins for each in every),
        basis="last 12 months",
        trace=every[0].trace if len(every) == 1 else None,
    )
