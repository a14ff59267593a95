"""How large a request may be: known before anything reads it, so that nobody fills the memory by sending."""

from typing import Final

from flask import Flask, request

from blueprints import identity, shell

#: A form without a file, and anything from somebody who is not signed in.
FORM_BYTES: Final = 1024 * 1024
STRANGER_BYTES: Final = 64 * 1024
#: What the parts around the files of one request may add.
WRAPPING_BYTES: Final = 64 * 1024
#: Endpoints that take files.
TAKES_FILES: Final = frozenset({"imports.upload"})


def init_app(app: Flask) -> None:
    """Set the limit of each request before its form is read; 413 beyond."""
    app.before_request(_bound)


def _bound() -> None:
    if request.method in ("GET", "HEAD"):
        return
    if identity.current() is None:
        request.max_content_length = STRANGER_BYTES
    elif request.endpoint in TAKES_FILES:
        request.max_content_length = shell.settings().upload_bytes + WRAPPING_BYTES
    else:
        request.max_content_length = FORM_BYTES
