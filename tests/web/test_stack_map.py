"""The stack map's page: marks of other reports, days with planned changes, pictures to share, and who may have them."""

from collections.abc import Callable
from datetime import date

from flask import Flask

from mopsaudit.inventory.tools import set_status
from mopsaudit.store.session import SYSTEM, unit_of_work
from tests import builders
from tests.web.browser import Clock, Tab

Sign = Callable[..., Tab]


def _fill(app: Flask, clock: Clock) -> None:
    with app.app_context(), unit_of_work(SYSTEM, now=clock.now) as session:
        vendor = builders.vendor(session, "Mailworks")
        made = [
            builders.tool(session, name, of=vendor, category="engagement") for name in ("Mailer", "Postman")
        ]
        for tool in made:
            contract = builders.contract(
                session, vendor, start_on=date(2026, 1, 1), end_on=date(2026, 12, 31)
            )
            builders.contract_line(session, contract, tool=tool)
        builders.tool(session, "Free thing", of=vendor, category="operations")
        set_status(
            session, made[1].id, made[1].version, "retired", on=date(2027, 3, 31), today=clock.now.date()
        )


def test_days_with_planned_changes_lead_to_the_map_of_that_day(
    app: Flask, clock: Clock, sign_in: Sign
) -> None:
    _fill(app, clock)
    tab = sign_in("ops")
    page = tab.get("/reports/stack").get_data(as_text=True)
    assert 'href="/reports/stack?as_of=2027-03-31"' in page
    assert "Postman goes" in page
    assert "Cost unknown, so not sized (1)" in page
    then = tab.get("/reports/stack?as_of=2027-03-31").get_data(as_text=True)
    assert "By then Postman will have gone." in then
    before = tab.get("/reports/stack?as_of=2027-03-30").get_data(as_text=True)
    assert "will have gone" not in before


def test_pictures_are_files_for_those_who_may_export(app: Flask, clock: Clock, sign_in: Sign) -> None:
    _fill(app, clock)
    tab = sign_in("finance")
    png = tab.get("/reports/stack/map.png?theme=dark&as_of=2026-09-30")
    assert png.data.startswith(b"\x89PNG")
    assert png.headers["Content-Disposition"] == 'attachment; filename="stack-map-2026-09-30.png"'
    assert tab.get("/reports/stack/map.pdf").data.startswith(b"%PDF")
    assert tab.get("/reports/stack/map.svg").status_code == 404
    assert sign_in("viewer").get("/reports/stack/map.png").status_code == 403


def test_the_map_of_nothing_is_still_a_picture(sign_in: Sign) -> None:
    assert sign_in("ops").get("/reports/stack/map.png").data.startswith(b"\x89PNG")
