"""Pictures of pages for people to look at: each page in four ways, and one index to walk them by.

A page is taken on a desktop in the light and in the dark, on a phone, and as it prints (the PDF the browser would send
to a printer, its sheets turned to pictures where the system has a tool for it).
"""

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext, Page

Cookie = dict[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """One way a page is looked at."""

    name: str
    width: int
    height: int
    dark: bool = False
    printed: bool = False


WAYS: Final = (
    Way("desktop", 1280, 900),
    Way("phone", 390, 844),
    Way("dark", 1280, 900, dark=True),
    Way("print", 1280, 900, printed=True),
)
#: Sheets of a printed page that are kept as pictures; the PDF holds them all.
SHEETS: Final = 3


def name_of(path: str) -> str:
    """The name a page's pictures carry: its address without what a file name cannot hold."""
    return re.sub(r"\W+", "-", path.strip("/")).strip("-")[:90] or "dashboard"


def window(browser: Browser, address: str, cookie: Cookie | None, way: Way) -> BrowserContext:
    """A private window for a way of looking, signed in where there is a cookie."""
    context = browser.new_context(
        viewport={"width": way.width, "height": way.height},
        color_scheme="dark" if way.dark else "light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
    )
    context.set_default_timeout(180_000)  # a gallery is taken beside other work
    if cookie is not None:
        context.add_cookies([{**cookie, "url": address}])  # type: ignore[typeddict-item]  # name, value, url
    return context


def take(page: Page, way: Way, folder: Path, name: str) -> list[str]:
    """The open page as pictures in ``folder``; their file names."""
    if not way.printed:
        page.screenshot(path=str(folder / f"{name}.png"), full_page=True)
        return [f"{name}.png"]
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    paper = folder / f"{name}.pdf"
    page.pdf(path=str(paper), prefer_css_page_size=True)
    painter = shutil.which("pdftoppm")
    if painter is None:
        return [paper.name]
    command = [painter, "-r", "80", "-png", "-l", str(SHEETS), str(paper), str(folder / name)]
    subprocess.run(command, check=True)  # our own file names
    return [paper.name, *sorted(each.name for each in folder.glob(f"{name}-*.png") if _sheet(each, name))]


def _sheet(path: Path, name: str) -> bool:
    return path.stem.removeprefix(f"{name}-").isdigit()


def shoot(
    browser: Browser, address: str, cookie: Cookie | None, paths: Iterable[str], folder: Path, way: Way
) -> tuple[dict[str, list[str]], list[str]]:
    """Every page one way. Pictures by address, and what went wrong: a status that is no page, a script that failed."""
    folder.mkdir(parents=True, exist_ok=True)
    context = window(browser, address, cookie, way)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    taken = {}
    for path in paths:
        answer = page.goto(address + path)
        if answer is None or answer.status >= 500:
            wrong.append(f"{path}: status {answer.status if answer else None}")
        taken[path] = take(page, way, folder, name_of(path))
    context.close()
    return taken, wrong


def write_index(folder: Path, title: str, taken: dict[str, dict[str, list[str]]]) -> None:
    """The page that shows them all: a row a page, a column a way; ``taken`` is way → address → files."""
    paths = list(dict.fromkeys(path for found in taken.values() for path in found))
    rows = []
    for path in paths:
        cells = []
        for way, found in taken.items():
            shown = "".join(
                f'<a href="{way}/{name}"><img loading="lazy" src="{way}/{name}" alt="{escape(path)}, {way}"></a>'
                if name.endswith(".png")
                else f'<p><a href="{way}/{name}">PDF</a></p>'
                for name in found.get(path, [])
            )
            cells.append(f"<td>{shown}</td>")
        rows.append(f'<tr id="{name_of(path)}"><th scope="row">{escape(path)}</th>{"".join(cells)}</tr>')
    heads = "".join(f'<th scope="col">{way}</th>' for way in taken)
    folder.joinpath("index.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        "<style>body{font:14px sans-serif;margin:24px}td,th{vertical-align:top;text-align:left;padding:8px;"
        "border-top:1px solid #ccc}td img{width:320px;max-height:640px;object-fit:cover;object-position:top;"
        "border:1px solid #ddd}thead th{position:sticky;top:0;background:#fff}</style>"
        f'<h1>{escape(title)}</h1><p>{len(paths)} pages.</p><table><thead><tr><th scope="col">page</th>{heads}'
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table></html>",
        encoding="utf-8",
    )
