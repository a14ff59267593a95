"""What every answer carries, whatever its status; which hosts are ours; static files, compressed, by hash."""

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Flask, Response, abort, current_app, request, url_for

CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No inline script or style. ``data:`` images are the framework's own icons and the second factor's code."""

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STATIC: Final = frozenset({"shell.static", "bootstrap.static"})
DEFAULT_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
_COMPRESSED: Final = (".css", ".js", ".svg")
"""Only files that are the same for everybody: pages hold secrets beside typed text, which compression would leak."""


def init_app(app: Flask) -> None:
    """Check the host first, add the headers last, and give templates ``asset`` and ``bootstrap_asset``."""
    app.config.setdefault("MOPSAUDIT_HOSTS", DEFAULT_HOSTS)
    app.before_request(_known_host)
    app.after_request(_add)
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["bootstrap_asset"] = bootstrap_asset


def _known_host() -> None:
    """400 for a host that is not ours: no address we print or redirect to is ever made from a stranger's header."""
    name = request.host.rpartition(":")[0] if _has_port(request.host) else request.host
    if name.lower() not in {host.lower() for host in current_app.config["MOPSAUDIT_HOSTS"]}:
        abort(400, "This address is not one of ours.")


def _has_port(host: str) -> bool:
    return host.rpartition(":")[2].isdigit() and not host.endswith("]")


def _add(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint in STATIC and response.status_code in (200, 304):
        return _static(response)
    response.headers["Cache-Control"] = "no-store"
    return response


def _static(response: Response) -> Response:
    """A year for an address that carries the file's hash; compressed where that helps."""
    if request.args.get("v"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    name = str((request.view_args or {}).get("filename", ""))
    if name.endswith(_COMPRESSED):
        response.headers["Vary"] = "Accept-Encoding"
        if response.status_code == 200 and request.accept_encodings["gzip"]:
            path = _path(str(request.endpoint), name)
            body = _zipped(path, path.stat().st_mtime_ns)
            if close := getattr(response.response, "close", None):
                close()  # the open file the compressed bytes stand in for
            response.direct_passthrough = False
            response.set_data(body)
            response.headers["Content-Encoding"] = "gzip"
            if etag := response.get_etag()[0]:
                response.set_etag(f"{etag}-gz")
    return response


def _path(endpoint: str, filename: str) -> Path:
    blueprint = current_app.blueprints[endpoint.partition(".")[0]]
    folder = Path(str(blueprint.static_folder)).resolve()
    path = (folder / filename).resolve()
    if not path.is_relative_to(folder):
        abort(404)
    return path


@lru_cache(maxsize=64)
def _zipped(path: Path, changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)


@lru_cache(maxsize=256)
def _digest(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _address(endpoint: str, filename: str) -> str:
    path = _path(endpoint, filename)
    return url_for(endpoint, filename=filename, v=_digest(path, path.stat().st_mtime_ns))


def asset(filename: str) -> str:
    """The address of one of our static files, with its hash: it changes when the file does."""
    return _address("shell.static", filename)


def bootstrap_asset(filename: str) -> str:
    """The same for a file Bootstrap-Flask brings."""
    return _address("bootstrap.static", filename)


mimetypes.add_type("text/javascript", ".js")
