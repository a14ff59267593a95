"""The queue and splits in the browser: undo, later, both answers of two people, bulk acceptance, and splitting."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mopsaudit.intake.normalise import normalise
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import LinePart, SpendLine, Supplier
from tests import builders
from tests.intake.files import Line, enter, spend_read
from tests.intake.test_splits import EARLY, LATE, NAME
from tests.web.browser import Tab

Sign = Callable[..., Tab]


@pytest.fixture
def ids(session: Session, data: Path) -> tuple[int, int, int]:
    """A supplier with two lines, and two tools."""
    one, other = builders.tool(session, "One").id, builders.tool(session, "Two").id
    enter(
        session, spend_read([EARLY, LATE, Line(amount="10", supplier="CANVA PTY LTD", reference="c")]), data
    )
    supplier = session.scalars(select(Supplier.id).where(Supplier.name == NAME)).one()
    session.commit()
    return supplier, one, other


def settled(session: Session, supplier_id: int) -> tuple[str, int]:
    found = session.execute(
        select(Supplier.settled, Supplier.version).where(Supplier.id == supplier_id)
    ).one()
    session.rollback()
    return found[0], found[1]


def text(tab: Tab, path: str) -> str:
    answer = tab.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def settle(tab: Tab, session: Session, supplier_id: int, kind: str, **more: str) -> str:
    version = settled(session, supplier_id)[1]
    tab.get("/suppliers?band=all")
    sent = {"kind": kind, "version": version, "back": "queue", "band": "all", **more}
    assert tab.post(f"/suppliers/{supplier_id}/settle", sent).status_code == 303
    return text(tab, "/suppliers?band=all")


def test_the_last_decision_is_shown_and_taken_back_once(
    sign_in: Sign, session: Session, ids: tuple[int, int, int]
) -> None:
    tab, bob = sign_in("ops"), sign_in("finance", email="bob@x.io")
    page = settle(tab, session, ids[0], "marketing", spend_type="agency")
    assert f"Your last decision: {NAME} is marketing, not a tool" in page
    assert "Your last decision" not in text(bob, "/suppliers?band=all"), "only one's own"
    stamp = page.split('name="at" value="')[1].split('"')[0]
    assert tab.post("/suppliers/undo", {"at": stamp}).status_code == 303
    assert settled(session, ids[0])[0] == "open"
    tab.get("/suppliers")
    tab.post("/suppliers/undo", {"at": stamp})
    assert "Something was decided since" in text(tab, "/suppliers")
    assert tab.post("/suppliers/undo", {"at": "yesterday"}).status_code == 400
    assert tab.post("/suppliers/undo", {"at": "2026-01-01T00:00:00"}).status_code == 400


def test_later_remembers_the_day_and_brings_back(
    sign_in: Sign, session: Session, ids: tuple[int, int, int]
) -> None:
    tab = sign_in("ops")
    page = settle(tab, session, ids[0], "later", days="7")
    assert "comes back on" in page
    assert NAME not in page.split('<ol class="queue"')[1]
    later = text(tab, "/suppliers?band=later")
    assert "Put off until" in later
    assert NAME in later
    page = settle(tab, session, ids[0], "back")
    assert NAME in page.split('<ol class="queue"')[1]


def test_a_stale_answer_is_refused_with_both(
    sign_in: Sign, session: Session, ids: tuple[int, int, int]
) -> None:
    ada, bob = sign_in("ops"), sign_in("finance", email="bob@x.io")
    version = settled(session, ids[0])[1]
    bob.get("/suppliers?band=all")
    settle(ada, session, ids[0], "tool", tool_id=str(ids[1]))
    sent = {"kind": "not_marketing", "version": version, "back": "queue", "band": "all"}
    bob.post(f"/suppliers/{ids[0]}/settle", sent)
    assert "it is One now, and you chose not marketing" in text(bob, "/suppliers?band=all")
    assert settled(session, ids[0])[0] == "tool"


def test_accepting_many_shows_them_first_and_is_taken_back_as_one(
    sign_in: Sign, session: Session, ids: tuple[int, int, int]
) -> None:
    tab = sign_in("ops")
    page = text(tab, "/suppliers/accept?from_mille=nonsense")
    assert "1 supplier would be settled as proposed: 1 line, 10.00 USD." in page
    tab.post("/suppliers/accept", {"from_mille": "900", "expected": "5"})
    assert "You saw 5 suppliers and there are 1" in text(tab, "/suppliers")
    for other in ({}, {"supplier": str(ids[0])}):
        text(tab, "/suppliers/accept")
        tab.post("/suppliers/accept", {"from_mille": "900", "expected": "1", **other})
        assert "Nothing was ticked, so nothing is settled." in text(tab, "/suppliers")
    assert settled(session, ids[0])[0] == "open", "an id that was not among those shown settles nothing"
    ticked = re.findall(r'name="supplier" value="(\d+)"', text(tab, "/suppliers/accept"))
    assert len(ticked) == 1
    tab.post("/suppliers/accept", {"from_mille": "900", "expected": "1", "supplier": ticked[0]})
    page = text(tab, "/suppliers?band=all")
    assert "1 supplier is settled as proposed." in page
    assert "CANVA PTY LTD is a tool" in page


def test_a_group_of_one_vendor_is_answered_at_once_and_taken_back_as_one(
    sign_in: Sign, session: Session, data: Path
) -> None:
    lines = [
        Line(amount="300", supplier="TEXTHELP LTD", reference="1"),
        Line(amount="500", supplier="Texthelp Systems Ltd", reference="3"),
    ]
    enter(session, spend_read(lines), data)
    session.commit()
    tab, bob = sign_in("ops"), sign_in("finance", email="bob@x.io")
    page = text(tab, "/suppliers")
    assert "and 1 more supplier" in page
    assert "An answer moves 2 lines and every later one of all 2 suppliers." in page
    assert "Texthelp becomes a tool of the inventory" in page
    also = page.split('name="also" value="')[1].split('"')[0]
    ids = dict(session.execute(select(Supplier.name, Supplier.id)).all())
    session.rollback()
    lead = ids["Texthelp Systems Ltd"]
    assert also == f"{ids['TEXTHELP LTD']}:1"
    sent = {"kind": "tool", "version": "1", "also": also, "back": "queue", "band": "likely"}
    bob.get("/suppliers")
    assert tab.post(f"/suppliers/{lead}/settle", {**sent, "product_id": "vendor:texthelp"}).status_code == 303
    page = text(tab, "/suppliers?band=all")
    assert "Texthelp Systems Ltd and 1 more are settled; 2 lines follow" in page
    assert "2 suppliers at once" in page
    bob.post(f"/suppliers/{lead}/settle", {**sent, "kind": "not_marketing"})
    assert "Somebody decided on" in text(bob, "/suppliers?band=all")
    stamp = page.split('name="at" value="')[1].split('"')[0]
    assert tab.post("/suppliers/undo", {"at": stamp}).status_code == 303
    assert {settled(session, each)[0] for each in ids.values()} == {"open"}


def test_a_group_with_an_unknown_or_nonsense_member_is_refused_whole(
    sign_in: Sign, session: Session, ids: tuple[int, int, int]
) -> None:
    tab = sign_in("ops")
    tab.get("/suppliers?band=all")
    sent = {"kind": "not_marketing", "version": "1", "back": "queue", "band": "all"}
    assert tab.post(f"/suppliers/{ids[0]}/settle", {**sent, "also": "999999:1"}).status_code == 404
    assert tab.post(f"/suppliers/{ids[0]}/settle", {**sent, "also": "1 or 1"}).status_code == 400
    assert settled(session, ids[0])[0] == "open"


def test_the_list_of_kinds_beside_says_nothing_of_a_tools_money(
    sign_in: Sign, session: Session, ids: tuple[int, int, int]
) -> None:
    tab = sign_in("ops")
    settle(tab, session, ids[0], "tool", tool_id=str(ids[1]), spend_type="services")
    kinds = session.scalars(select(SpendLine.spend_type).where(SpendLine.supplier_id == ids[0])).all()
    session.rollback()
    assert set(kinds) == {"software"}


#: What every row of the form sends.
ROWS = {
    f"parts-{number}-{name}": value
    for number in range(8)
    for name, value in (("tool_id", ""), ("spend_type", "software"))
}
SHARES = {"parts-0-percent": "25", "parts-1-percent": "75", "basis": "percent"}


def test_a_split_is_seen_kept_from_its_day_and_shown(
    sign_in: Sign, session: Session, ids: tuple[int, int, int]
) -> None:
    supplier, one, other = ids
    tab = sign_in("finance")
    page = f"/suppliers/{supplier}/split"
    rows = {**ROWS, "parts-0-tool_id": one, "parts-1-tool_id": other, **SHARES, "from_day": "2026-07-01"}
    text(tab, page)
    tried = tab.post(page, {**rows, "what": "try"})
    shown = tried.get_data(as_text=True)
    assert tried.status_code == 200
    assert "1 line would be divided; 1 before that day stays as it is." in shown
    assert "7.51" in shown
    assert settled(session, supplier)[0] == "open"
    assert tab.post(page, {**rows, "what": "save"}).status_code == 303
    assert settled(session, supplier)[0] == "split"
    sums = session.execute(
        select(SpendLine.amount_minor, func.sum(LinePart.amount_minor))
        .join(LinePart, LinePart.line_id == SpendLine.id)
        .group_by(SpendLine.id, SpendLine.amount_minor)
    ).all()
    session.rollback()
    assert sorted((int(a), int(b)) for a, b in sums) == [(1_001, 1_001), (10_000, 10_000)]
    shown = text(tab, page)
    assert "by percent" in shown
    assert "One 25.00 %" in shown
    assert "not split: by names and rules" in shown


def test_shares_that_do_not_sum_and_tools_without_a_contract_are_told(
    sign_in: Sign, session: Session, ids: tuple[int, int, int]
) -> None:
    supplier, one, other = ids
    tab = sign_in("ops")
    page = f"/suppliers/{supplier}/split"
    rows = {**ROWS, "parts-0-tool_id": one, "parts-1-tool_id": other}
    for more, said in (
        ({**SHARES, "parts-1-percent": "70"}, "sum to 100 %"),
        ({**SHARES, "parts-1-percent": "74.99999"}, "at most four decimals"),
        ({"basis": "contract"}, "One has no contract line"),
        ({**SHARES, "parts-1-tool_id": "999"}, "Not a valid choice"),
    ):
        for what in ("try", "save"):
            text(tab, page)
            answer = tab.post(page, {**rows, **more, "what": what})
            assert answer.status_code == 422, more
            assert said in answer.get_data(as_text=True)
    assert settled(session, supplier)[0] == "open"
    assert tab.get("/suppliers/999/split").status_code == 404
    assert sign_in("viewer", email="v@x.io").get(page).status_code == 403


def test_one_name_decided_in_two_ways_is_shown_until_it_is_settled(
    sign_in: Sign, session: Session, ids: tuple[int, int, int]
) -> None:
    supplier, one, other = ids
    beside = builders.supplier(session, "ZORB POLSKA SP. Z O.O.", of=session.get_one(Tool, other))
    first = session.get_one(Supplier, supplier)
    name = normalise(NAME)
    first.settled, first.tool_id, first.spend_type = "tool", one, "software"
    beside.spend_type = "software"
    first.key, beside.key = f"{name} #{first.id}", f"{name} #{beside.id}"
    session.commit()
    tab = sign_in("ops")
    page = text(tab, "/suppliers?band=all")
    assert "one name, two answers" in page
    assert re.search(rf">{NAME}</a> is One; ", page)
    assert re.search(r">ZORB POLSKA SP\. Z O\.O\.</a> is Two\.", page)
    settle(tab, session, supplier, "tool", tool_id=str(other))
    assert "one name, two answers" not in text(tab, "/suppliers?band=all")
    assert session.get_one(Supplier, supplier).key == name, "new spellings find the decision again"


def test_the_queue_is_filtered_sorted_summed_and_exported_like_a_table(
    sign_in: Sign, session: Session, ids: tuple[int, int, int]
) -> None:
    tab = sign_in("finance")
    rows = tab.get("/suppliers?band=all&sort=name&format=csv").get_data(as_text=True).splitlines()
    heads, names = rows[0].lstrip("\ufeff").split(","), [line.split(",")[0] for line in rows[1:]]
    assert heads[:4] == ["Supplier", "Band", "Looks like", "Tool or product"]
    assert names == sorted(names, key=str.casefold)
    assert len(names) == 2
    page = text(tab, f"/suppliers?band=all&q={names[0].split(maxsplit=1)[0]}")
    assert "1–1 of 1 supplier (2 in all)" in page
    assert "1 answer, " in page
    page = text(tab, "/suppliers?band=all&f.later=(empty)")
    assert "1–2 of 2 suppliers" in page
    page = text(tab, "/suppliers?band=all&f.lines.from=1000000")
    assert "Nothing matches" in page
    assert "Clear search and filters" in page
    assert tab.get("/suppliers?band=all&format=xlsx").status_code == 200
