"""How large a request may be: known before anything reads it, so that nobody fills the memory by sending."""

from typing import Final

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from blueprints import identity, shell

#: A form without a file, and anything from somebody who is not signed in.
FORM_BYTES: Final = 1024 * 1024
STRANGER_BYTES: Final = 64 * 1024
#: What the parts around the files of one request may add.
WRAPPING_BYTES: Final = 64 * 1024
#: Endpoints that take files.
TAKES_FILES: Final = frozenset({"imports.upload"})
#: A backup somebody uploads; only an admin's request may be that large.
BACKUP_BYTES: Final = 1_000_000_000
TAKES_BACKUPS: Final = frozenset({"upkeep.upload"})


#: The largest number of a record our databases hold.
LARGEST_NUMBER: Final = 2**31 - 1


class RecordIntegerConverter(IntegerConverter):
    """``<int:…>`` of an address: a number no record can have is a page there is not, not a fault of the driver."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_NUMBER)


def record_number(text: str) -> int:
    """The number of a record in a query string, for ``request.args.get(name, type=record_number)``.

    Raises:
        ValueError: for what is no number a record can have.
    """
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError("no number of a record")
    return int(text)


def init_app(app: Flask) -> None:
    """Set the limit of each request before its form is read (413 beyond), and of the numbers in its address."""
    app.url_map.converters["int"] = RecordIntegerConverter
    app.before_request(_bound)


def _bound() -> None:
    if request.method in ("GET", "HEAD"):
        return
    who = identity.current()
    if who is None:
        request.max_content_length = STRANGER_BYTES
    elif request.endpoint in TAKES_FILES:
        request.max_content_length = shell.settings().upload_bytes + WRAPPING_BYTES
    elif request.endpoint in TAKES_BACKUPS and "admin" in who.roles:
        request.max_content_length = BACKUP_BYTES + WRAPPING_BYTES
    else:
        request.max_content_length = FORM_BYTES
