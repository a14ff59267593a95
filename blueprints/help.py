"""The manual at ``/help``: Markdown pages of ``mopsaudit/docs/manual``, searchable, and who may do what."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Final

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markupsafe import Markup

from blueprints import manual_index, permissions
from blueprints.navigation import Entry, Group

blueprint = Blueprint("help", __name__)
blueprint.add_app_template_filter(manual_index.anchor_of, "anchor")
navigation = (Entry("help.index", "Help", Group.ORGANISATION, 90),)

MANUAL: Final = Path(str(files("mopsaudit"))) / "docs" / "manual"
_SLUG: Final = re.compile(r"^[a-z0-9][a-z0-9-]{0,60}$")
#: Raw HTML in a page is shown as text; links are checked by the library.
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the manual: ``body`` is safe markup, ``prose`` the same without pictures, ``headings`` its parts."""

    slug: str
    title: str
    lead: str
    body: Markup
    prose: Markup
    source: str
    headings: tuple[str, ...]


def pages() -> tuple[Page, ...]:
    """All pages by title; ``start`` stands first."""
    found = [page for path in sorted(MANUAL.glob("*.md")) if (page := _load(path.stem)) is not None]
    return tuple(sorted(found, key=lambda each: (each.slug != "start", each.title)))


def find_page(slug: str) -> Page | None:
    """One page; None where there is none."""
    return _load(slug) if _SLUG.match(slug) else None


def _load(slug: str) -> Page | None:
    path = MANUAL / f"{slug}.md"
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=128)
def _read(path: Path, changed: int) -> Page:
    source = path.read_text(encoding="utf-8")
    heading, _, rest = source.lstrip().partition("\n")
    title = heading.lstrip("# ").strip() if heading.startswith("# ") else path.stem.capitalize()
    body = rest if heading.startswith("# ") else source
    lead = next(
        (part.strip() for part in body.split("\n\n") if part.strip() and part.lstrip()[0] not in "#|`-<"), ""
    )
    # The renderer marks aligned columns by a style attribute, which the content policy blocks: a class says it.
    html = re.sub(r' style="text-align:(left|right|center)"', _align, _MARKDOWN.render(body))
    html = re.sub(r"<h2>(.*?)</h2>", _anchored, html)
    html = html.replace("<table>", '<div class="table-wrap" tabindex="0"><table class="data">')
    html = html.replace("</table>", "</table></div>")
    html = html.replace("<pre>", '<pre tabindex="0">')
    return Page(
        slug=path.stem,
        title=title,
        lead=re.sub(r"[*_`\[\]]|\(\S+?\)", "", lead.replace("\n", " ")),
        body=Markup(html),  # noqa: S704  # our own file, its HTML is off
        prose=Markup(re.sub(r"<p><img [^>]*></p>", "", html)),  # noqa: S704  # the same
        source=source,
        headings=tuple(
            manual_index.plain(each) for each in re.findall(r"^## +(.+)$", source, flags=re.MULTILINE)
        ),
    )


def _anchored(match: re.Match[str]) -> str:
    """A heading that can be linked to."""
    anchor = manual_index.anchor_of(unescape(re.sub(r"<[^>]+>", "", match[1])))
    return f'<h2 id="{anchor}">{match[1]}</h2>'


def _align(match: re.Match[str]) -> str:
    return ' class="number"' if match[1] == "right" else ""


@blueprint.get("/help")
def index() -> ResponseReturnValue:
    """The pages of the manual; with a search the parts that hold its words, the best first."""
    text = request.args.get("q", "").strip()[:100]
    return render_template(
        "help/index.html", pages=pages(), text=text, found=manual_index.search(pages(), text)
    )


@blueprint.get("/help/roles")
def roles() -> ResponseReturnValue:
    """The table of permissions: what each action allows whom, and the routes of each."""
    routes: dict[permissions.Action, list[str]] = {}
    for endpoint, methods in permissions.ROUTES.items():
        for method, action in methods.items():
            routes.setdefault(action, []).append(f"{method} {endpoint}")
    return render_template(
        "help/roles.html", roles=tuple(permissions.Role), actions=permissions.ACTIONS, routes=routes
    )


@blueprint.get("/help/pictures/<name>.webp")
def picture(name: str) -> ResponseReturnValue:
    """A picture of the manual."""
    path = MANUAL / "pictures" / f"{name}.webp"
    if not _SLUG.match(name) or not path.is_file():
        abort(404)
    return send_file(path, mimetype="image/webp", max_age=0)


@blueprint.get("/help/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """One page of the manual."""
    found = find_page(slug)
    if found is None:
        abort(404)
    return render_template("help/page.html", found=found, pages=pages())
