"""The private calendar address lives no longer than its person's account."""

import re
from collections.abc import Callable

from tests.web.browser import Tab


def test_a_feed_ends_when_its_person_is_switched_off(sign_in: Callable[..., Tab], tab: Tab) -> None:
    procurement, admin = sign_in("procurement"), sign_in("admin")
    made = procurement.send("/calendar", {}).get_data(as_text=True)
    (path,) = set(re.findall(r"(/calendar/[\w-]+\.ics)", made))
    assert tab.client.get(path).status_code == 200
    admin.get(f"/settings/people/{procurement.account_id}")
    done = admin.post(f"/settings/people/{procurement.account_id}/activation", {"active": "no"})
    assert done.status_code == 303
    assert tab.client.get(path).status_code == 404
