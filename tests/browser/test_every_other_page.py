"""The other half of the pages; a file of its own, so that both halves are walked side by side."""

import pytest

from tests.browser.walk import PARTS, Walk
from tests.browser_setup import requires_chromium

pytestmark = [pytest.mark.browser, requires_chromium]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_the_second_half(walk: Walk, part: int) -> None:
    wrong = walk.part(part, first=1)
    assert not wrong, "\n" + "\n".join(wrong)
