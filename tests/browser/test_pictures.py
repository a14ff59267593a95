"""Takes the manual's pictures of the demo company anew; only ``make pictures`` runs it."""

import io
import json

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browser.gallery import Way, window
from tests.browser.site import Site
from tests.browser.test_gallery import at, company
from tests.browser_setup import requires_chromium
from tests.demo.pictures import FOLDER, PICTURES, SIZE, TAKEN, WIDTH, digest, outline

pytestmark = [pytest.mark.screenshots, pytest.mark.pictures, requires_chromium]
__all__ = ["at", "company"]


def test_pictures(company: Site, browser: Browser) -> None:
    FOLDER.mkdir(exist_ok=True)
    context = window(browser, company.address, company.cookie, Way("manual", *SIZE))
    page, taken = context.new_page(), {}
    for name, path in PICTURES.items():
        answer = page.goto(company.address + path)
        assert answer is not None
        assert answer.status == 200
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        small = shot.resize((WIDTH, shot.height * WIDTH // shot.width), Image.Resampling.LANCZOS)
        small.save(FOLDER / f"{name}.webp", quality=62, method=6)
        html = answer.text()
        taken[name] = {"page": path, "digest": digest(html), "outline": outline(html)}
    context.close()
    TAKEN.write_text(json.dumps(taken, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
