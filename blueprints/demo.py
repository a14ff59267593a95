"""The demo company's workbooks for download, so that a person can upload them by hand; absent where none were made."""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, abort, current_app, render_template, send_file
from flask.typing import ResponseReturnValue

from blueprints.navigation import Entry, Group

blueprint = Blueprint("demo", __name__)
#: Written by ``mopsaudit demo`` beside the database.
FOLDER: Final = "demo"
LISTING: Final = "files.json"


def _path(name: str) -> Path:
    return Path(current_app.config["MOPSAUDIT_DATA"]) / FOLDER / name


def _present() -> bool:
    return _path(LISTING).is_file()


navigation = (Entry("demo.index", "Demo files", Group.IMPORTS, 90, when=_present),)


def _listing() -> dict[str, Any] | None:
    """What ``mopsaudit demo`` wrote, or None in an ordinary data folder."""
    if not _present():
        return None
    found: dict[str, Any] = json.loads(_path(LISTING).read_text(encoding="utf-8"))
    return found


@blueprint.get("/demo")
def index() -> ResponseReturnValue:
    """The workbooks the demo company was loaded from, in the order of their import."""
    listing = _listing() or {"files": [], "as_of": None}
    as_of = date.fromisoformat(listing["as_of"]) if listing["as_of"] else None
    return render_template("demo/index.html", files=listing["files"], loaded_as_of=as_of)


@blueprint.get("/demo/<string:name>")
def download(name: str) -> ResponseReturnValue:
    """One of the listed workbooks; any other name is not found."""
    listing = _listing()
    if listing is None or name not in {each["file"] for each in listing["files"]}:
        abort(404)
    return send_file(_path(name), as_attachment=True, download_name=name, max_age=0)
