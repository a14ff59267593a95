"""The three lists on a small company: each kind of gap, what is no gap, scope, what brings a settled one back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from mopsaudit.errors import ApprovalOutdatedError, ConflictError, InvalidError
from mopsaudit.facts.values import facts_digest
from mopsaudit.gaps import Gap, GapKind, Gaps, find_gaps
from mopsaudit.gaps.query import gap_facts
from mopsaudit.gaps.tables import gap_rows
from mopsaudit.governance.gaps import settle_gap
from mopsaudit.inventory.tools import add_tool_name
from mopsaudit.organisation import scope_for
from mopsaudit.reporting import Amount
from mopsaudit.scope import Scope
from mopsaudit.store.models import BusinessUnit, Import, Supplier, Tool
from tests import builders

DAY = date(2026, 9, 30)


def surely(session: Session, name: str, vendor: str, product: str | None, **values: Any) -> Supplier:
    """A supplier the matcher is sure of, of a product (or only a vendor) of the catalogue."""
    return builders.supplier(
        session,
        name,
        likely_mille=990,
        score_mille=990,
        proposal={
            "sure": True,
            "vendor": vendor,
            "vendor_name": vendor.title(),
            "tool": product,
            "tool_name": product.title() if product else None,
            "spend_type": "software",
        },
        **values,
    )


def usage_file(session: Session, *apps: dict[str, Any], **values: Any) -> Import:
    """A usage import that left these applications out."""
    made = builders.import_file(session, "Okta.csv", kind="usage", **values)
    sheet = builders.sheet_of(session, made)
    sheet.detail = {
        "unknown_apps": [
            {"rows": 1, "cell": "A2", "grade": "B", "event": "sign-in", "count": None, **each}
            for each in apps
        ]
    }
    session.flush()
    return made


def app(
    name: str, people: int, *, unit: BusinessUnit | None = None, on: str = "2026-09-30"
) -> dict[str, Any]:
    part = {"unit_id": unit.id if unit else None, "people": people, "last": "2026-09-12"}
    return {"name": name, "as_of": on, "units": [part]}


def look(session: Session, scope: Scope) -> Gaps:
    return find_gaps(gap_facts(session, scope))


def by_kind(gaps: Gaps) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in gaps.found:
        found.setdefault(each.kind.value, []).append(each.subject)
    return found


def test_nothing_is_compared_with_a_list_nobody_gave(session: Session, scope: Scope) -> None:
    assert look(session, scope).answer == "There is nothing to compare yet: no spend, no usage and no tool."
    builders.tool(session, "Pulse")
    gaps = look(session, scope)
    assert gaps.found == ()
    assert [each[:18] for each in gaps.beside] == ["No spend is import", "No usage file is i"]


def test_paid_and_not_listed_is_one_row_a_product_with_all_its_suppliers(
    session: Session, scope: Scope
) -> None:
    uk = builders.unit(session, "UK")
    card = surely(session, "LOOM SUBSCRIPTION", "loom", "loom")
    firm = surely(session, "LOOM INC", "loom", "loom")
    builders.spend_line(session, 1_000_00, on=date(2026, 8, 31), supplied_by=card, unit=uk)
    builders.spend_line(session, 250_00, on=date(2025, 9, 1), supplied_by=firm)
    builders.spend_line(
        session, -50_00, on=date(2026, 8, 31), supplied_by=firm
    )  # a credit note is no invoice
    builders.spend_line(session, 9_999_00, on=date(2025, 8, 31), supplied_by=firm)  # before the twelve months
    builders.spend_line(session, 70_00, supplied_by=builders.supplier(session, "LUNCH LTD", likely_mille=50))
    scope = scope_for(session, as_of=DAY)
    (gap,) = look(session, scope).found
    assert (gap.kind, gap.subject, gap.grade, gap.last) == (GapKind.PAID, "Loom", "D", date(2026, 8, 31))
    assert (gap.cost.minor, gap.units) == (1_200_00, ("Uk",))
    assert gap.lines is not None
    assert gap.lines.supplier_ids == tuple(sorted((card.id, firm.id)))
    assert gap.evidence.startswith("3 lines of ")
    assert look(session, scope).answer == (
        "1 tool is paid for (1,200 USD in twelve months) without being confirmed in the inventory."
    )


def test_credited_in_full_settled_or_owned_is_no_gap(session: Session, scope: Scope) -> None:
    gone = surely(session, "LOOM INC", "loom", "loom")
    builders.spend_line(session, 500_00, supplied_by=gone)
    builders.spend_line(session, -500_00, on=date(2026, 7, 1), supplied_by=gone)
    said = surely(session, "GRAMMARLY INC", "superhuman", "grammarly", settled="not_marketing")
    builders.spend_line(session, 500_00, supplied_by=said)
    ours = builders.tool(session, "Pulse")
    builders.spend_line(session, 500_00, tool=ours, supplied_by=builders.supplier(session, "PULSE", of=ours))
    assert look(session, scope).found == ()


def test_money_of_a_vendor_we_have_tools_of_waits_for_its_tool(session: Session, scope: Scope) -> None:
    adobe = builders.vendor(session, "Adobe", catalogue_id="adobe")
    builders.tool(session, "Marketo", of=adobe)
    builders.spend_line(session, 800_00, supplied_by=surely(session, "ADOBE SYSTEMS", "adobe", None))
    (gap,) = look(session, scope).found
    assert (gap.kind, gap.subject) == (GapKind.UNPAID, "Marketo")
    assert "800 USD of Adobe waits in the review queue for its tool." in gap.evidence


def test_used_and_not_listed_counts_people_and_hides_small_groups(session: Session, scope: Scope) -> None:
    usage_file(session, app("Fooblex", 12), app("Quuxly", 4), app("Zilch", 7))
    usage_file(session, app("fooblex ", 9, on="2026-08-01"), app("Late", 9, on="2026-10-01"))
    usage_file(session, app("Undone", 30), status="undone")
    builders.tool(session, "Pulse")
    tool = builders.tool(session, "Zed")
    add_tool_name(session, tool.id, "Zilch")
    found = {each.subject: each for each in look(session, scope).found if each.kind is GapKind.USED}
    assert sorted(found) == ["Fooblex", "Quuxly"]
    assert (found["Fooblex"].people, found["Fooblex"].grade) == (12, "B")
    assert (found["Quuxly"].people, found["Quuxly"].hidden) == (None, True)
    assert "fewer than 5 people" in found["Quuxly"].evidence


def test_a_proposed_tool_that_is_used_is_asked_about_and_one_on_paper_is_not(
    session: Session, scope: Scope
) -> None:
    loom = builders.tool(session, "Loom", status="proposed")
    builders.tool(session, "Idea", status="proposed")
    users = [{"key": f"u{each}", "last_activity": date(2026, 9, each + 1)} for each in range(6)]
    builders.usage(session, loom, users=users, grade="B", event="sign-in")
    gaps = look(session, scope)
    (gap,) = gaps.found
    assert (gap.kind, gap.subject, gap.people, gap.last) == (GapKind.USED, "Loom", 6, date(2026, 9, 6))
    assert gap.proposed
    assert gaps.answer == "1 application is signed in to without being confirmed in the inventory."


def _paid(session: Session, name: str, **values: Any) -> Tool:
    tool = builders.tool(session, name, **values)
    builders.spend_line(session, 900_00, tool=tool, supplied_by=builders.supplier(session, name, of=tool))
    return tool


def test_listed_without_spend_without_use_and_used_by_nobody(session: Session, scope: Scope) -> None:
    silent, busy, unsure, stale, _unseen = (
        _paid(session, name) for name in ("Silent", "Busy", "Unsure", "Stale", "Unseen")
    )
    old = {"last_activity": date(2026, 7, 2)}  # ninety days to the day before the window
    builders.usage(session, silent, users=[{"key": f"s{n}", **old} for n in range(5)])
    builders.usage(session, busy, users=[{"key": "b", "last_activity": date(2026, 7, 3)}])
    builders.usage(session, unsure, users=[{"key": "a", **old}, {"key": "b"}])  # no date is not no sign-in
    builders.usage(session, stale, as_of=date(2026, 5, 1), users=[{"key": "x", "never": True}])
    vendor = builders.vendor(session, "Contracted")
    bound = builders.tool(session, "Bound", of=vendor)
    builders.contract(session, vendor, start_on=date(2026, 1, 1), initial_months=12, lines=[{"tool": bound}])
    builders.tool(session, "Unpaid")
    builders.tool(session, "Gone", status="retired")
    builders.spend_line(session, 5_00, on=None, tool=builders.tool(session, "Undated"))
    assert by_kind(look(session, scope)) == {
        "unpaid": ["Unpaid"],
        "unmeasured": ["Unseen", "Bound", "Undated"],
        "silent": ["Silent"],
    }
    gap = next(each for each in look(session, scope).found if each.kind is GapKind.SILENT)
    assert gap.sentence == "Silent is paid for and nobody signed in to it in the 90 days to 30 Sep 2026."
    assert "5 people with a licence" in gap.evidence
    assert gap.last == date(2026, 7, 2)


def test_surveys_and_licence_lists_do_not_say_that_nobody_signed_in(session: Session, scope: Scope) -> None:
    given: dict[str, dict[str, Any]] = {"Survey": {"grade": "C"}, "Licences": {"event": "assignment"}}
    for name, values in given.items():
        builders.usage(session, _paid(session, name), users=[{"key": "x", "never": True}], **values)
    assert look(session, scope).found == ()


def test_a_unit_sees_its_own_money_and_people(session: Session) -> None:
    uk, de = builders.unit(session, "UK"), builders.unit(session, "DE")
    builders.spend_line(session, 300_00, supplied_by=surely(session, "LOOM INC", "loom", "loom"), unit=uk)
    usage_file(session, app("Fooblex", 8, unit=de), app("Quuxly", 8))
    builders.tool(session, "Mine", units=[uk])
    builders.tool(session, "Theirs", units=[de])
    theirs = look(session, scope_for(session, as_of=DAY, unit="UK"))
    assert {each.subject for each in theirs.found} == {"Loom", "Mine"}
    others = look(session, scope_for(session, as_of=DAY, unit="DE"))
    assert {each.subject for each in others.found} == {"Fooblex", "Theirs"}
    whole = look(session, scope_for(session, as_of=DAY))
    assert {each.subject for each in whole.found} == {"Loom", "Mine", "Theirs", "Fooblex", "Quuxly"}
    assert not {each.id for each in whole.found} & {each.id for each in (*theirs.found, *others.found)}


@contextmanager
def _statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _more(session: Session, numbers: range) -> None:
    for each in numbers:
        builders.spend_line(session, 500_00, supplied_by=surely(session, f"LOOM {each}", "loom", "loom"))
        tool = _paid(session, f"Tool {each}")
        builders.usage(session, tool, users=[{"key": "x", "never": True}])
    usage_file(session, *(app(f"App {each}", 6) for each in numbers))


def test_the_number_of_queries_does_not_grow(session: Session, scope: Scope) -> None:
    _more(session, range(2))
    with _statements(session) as few:
        gap_facts(session, scope)
    _more(session, range(2, 12))
    with _statements(session) as many:
        gap_facts(session, scope)
    assert len(few) == len(many) <= 45


# --- settling


def _open(session: Session, scope: Scope) -> Gap:
    return look(session, scope).found[0]


def _settle(session: Session, gap: Gap, **values: Any) -> None:
    given: dict[str, Any] = {"state": "elsewhere", "reason": "The parent pays.", **values}
    who = builders.person(session)
    when = values.pop("now", None) or builders.NOW
    settle_gap(session, gap, by_id=who.id, now=when, today=DAY, **given)


def test_a_settled_gap_stays_settled_until_its_facts_change(session: Session, scope: Scope) -> None:
    tool = builders.tool(session, "Pulse")
    builders.spend_line(session, 10_00, supplied_by=builders.supplier(session, "LUNCH", likely_mille=10))
    _settle(session, _open(session, scope))
    gaps = look(session, scope)
    assert (gaps.open, gaps.found[0].state) == ((), "elsewhere")
    assert gaps.answer.endswith("as far as it is known; 1 gap is settled.")
    assert gap_rows(gaps, settled=False) == ()
    assert [row.values["state"] for row in gap_rows(gaps, settled=True)] == ["Paid elsewhere"]
    # money of the running month, or of no known month, is money; and once it is long ago, it is another gap
    builders.spend_line(session, 90_00, on=date(2026, 9, 3), tool=tool)
    assert [each.kind for each in look(session, scope).found] == []
    later = replace(scope, as_of=date(2027, 11, 30))
    builders.spend_line(
        session, 10_00, on=date(2027, 10, 5), supplied_by=builders.supplier(session, "LUNCH", likely_mille=10)
    )
    (again,) = look(session, later).found
    assert (again.kind, again.state) == (GapKind.UNPAID, "open")
    assert again.evidence == "No line since Sep 2026."


def test_a_tool_to_retire_comes_back_on_its_day_and_more_money_or_suppliers_open_a_gap_again(
    session: Session, scope: Scope
) -> None:
    builders.spend_line(session, 900_00, supplied_by=surely(session, "LOOM INC", "loom", "loom"))
    _settle(session, _open(session, scope), state="retire", review_on=date(2026, 12, 31))
    assert _open(session, scope).state == "retire"
    assert _open(session, replace(scope, as_of=date(2027, 1, 1))).state == "open"
    builders.spend_line(session, 50_00, supplied_by=surely(session, "LOOM INC", "loom", "loom"))
    assert _open(session, scope).state == "retire"  # 950 is of the size it was settled at
    builders.spend_line(session, 60_00, supplied_by=surely(session, "LOOM INC", "loom", "loom"))
    assert _open(session, scope).state == "open"
    _settle(session, _open(session, scope), state="retire", review_on=date(2026, 12, 31), version=1)
    builders.spend_line(session, 1_00, supplied_by=surely(session, "LOOM DE", "loom", "loom"))
    assert _open(session, scope).state == "open"


@pytest.mark.parametrize(
    "given, said",
    [
        ({"state": "unmeasured"}, "from the list"),
        ({"state": "free"}, "from the list"),
        ({"reason": "  "}, "Say why"),
        ({"state": "retire"}, "when it should be gone"),
        ({"state": "retire", "review_on": DAY}, "still to come"),
    ],
)
def test_what_is_no_answer_is_refused(
    session: Session, scope: Scope, given: dict[str, Any], said: str
) -> None:
    builders.spend_line(session, 900_00, supplied_by=surely(session, "LOOM INC", "loom", "loom"))
    with pytest.raises(InvalidError, match=said):
        _settle(session, _open(session, scope), **{"state": "outside", **given})


def test_other_facts_or_another_hand_in_between_is_refused(session: Session, scope: Scope) -> None:
    builders.spend_line(session, 900_00, supplied_by=surely(session, "LOOM INC", "loom", "loom"))
    gap = _open(session, scope)
    with pytest.raises(ApprovalOutdatedError):
        _settle(session, gap, state="outside", seen_digest=facts_digest(("other",)))
    _settle(session, gap, state="outside", seen_digest=facts_digest(gap.facts))
    _settle(session, gap, state="outside")  # the same again changes nothing
    with pytest.raises(ConflictError):
        _settle(session, gap, state="outside", reason="Something else.")


def test_an_amount_without_a_rate_is_a_gap_of_unknown_worth(session: Session, scope: Scope) -> None:
    supplier = surely(session, "LOOM INC", "loom", "loom")
    builders.spend_line(session, 900_00, supplied_by=supplier, currency="CHF", converted=False)
    gap = _open(session, scope)
    assert isinstance(gap.cost, Amount)
    assert gap.cost.minor is None
    assert "without an exchange rate" in (gap.cost.why or "")


@pytest.mark.postgres
def test_the_same_on_postgresql(session: Session) -> None:
    uk = builders.unit(session, "UK")
    builders.spend_line(session, 300_00, supplied_by=surely(session, "LOOM INC", "loom", "loom"), unit=uk)
    usage_file(session, app("Fooblex", 8, unit=uk), app("Quuxly", 8))
    builders.import_file(session, "Users.csv", kind="usage")  # a file without unknown applications
    tool = _paid(session, "Silent")
    builders.usage(session, tool, users=[{"key": "x", "never": True}])
    builders.tool(session, "Mine", units=[uk])
    whole = scope_for(session, as_of=DAY)
    assert by_kind(look(session, whole)) == {
        "paid": ["Loom"],
        "used": ["Fooblex", "Quuxly"],
        "silent": ["Silent"],
        "unpaid": ["Mine"],
    }
    assert by_kind(look(session, scope_for(session, as_of=DAY, unit="UK")))["used"] == ["Fooblex"]
    _settle(session, _open(session, whole), state="retire", review_on=date(2026, 12, 31))
    assert look(session, whole).found[-1].state == "retire"
