"""Somebody at the served application: a connection of their own, their cookie, the hidden fields of the last page."""

import html
import re
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any, Final
from urllib.parse import urlencode, urljoin

#: How long a person waits for a page before it counts as none.
PATIENCE: Final = 60.0
_HIDDEN: Final = re.compile(r'name="(csrf_token|once|version)"[^>]*value="([^"]*)"')
_NUMBERS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Answered:
    """One request as it was answered: status 0 where nothing came back."""

    method: str
    path: str
    status: int
    seconds: float
    text: str
    location: str

    @property
    def what(self) -> str:
        """The request without its numbers, as the figures are told by."""
        return f"{self.method} {_NUMBERS.sub('N', self.path)}"


@dataclass(slots=True)
class Log:
    """What everybody was answered, without the pages themselves."""

    answers: list[Answered] = field(default_factory=list)
    locked: list[Answered] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, answer: Answered) -> None:
        """Keep an answer; its text only where it speaks of a locked database or is a fault."""
        told = "database is locked" in answer.text.lower()
        short = answer.text[:2000] if answer.status >= 500 or told else ""
        kept = Answered(answer.method, answer.path, answer.status, answer.seconds, short, answer.location)
        with self._guard:
            self.answers.append(kept)
            if told:
                self.locked.append(kept)

    def seconds(self, what: str) -> list[float]:
        """How long each request of a kind took, in ascending order."""
        return sorted(each.seconds for each in self.answers if each.what == what)


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer to look at, not to follow."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Never."""


class Visitor:
    """A browser without scripts over real HTTP."""

    def __init__(self, address: str, log: Log) -> None:
        self._address = address
        self._log = log
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), _Stay(), urllib.request.ProxyHandler({})
        )
        self.fields: dict[str, str] = {}

    def get(self, path: str) -> Answered:
        """Open a page and keep the hidden fields of its first form."""
        answer = self._ask("GET", path, None, {})
        self.fields = {}
        for name, value in _HIDDEN.findall(answer.text):
            self.fields.setdefault(name, html.unescape(value))
        return answer

    def post(self, path: str, fields: Mapping[str, str]) -> Answered:
        """Send a form with the hidden fields of the last page; ``fields`` wins."""
        body = urlencode({**self.fields, **fields}).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def send_file(self, path: str, fields: Mapping[str, str], name: str, content: bytes) -> Answered:
        """Send a form with one file in its field ``files``."""
        edge = secrets.token_hex(12)
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in {**self.fields, **fields}.items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        body = b"".join(
            (
                *parts,
                head.encode(),
                b"Content-Type: text/csv\r\n\r\n",
                content,
                f"\r\n--{edge}--\r\n".encode(),
            )
        )
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answered:
        request = urllib.request.Request(  # the test's own server
            urljoin(self._address, path), data=body, headers=dict(headers), method=method
        )
        begun = time.perf_counter()
        try:
            with self._opener.open(request, timeout=PATIENCE) as found:
                status, text, place = found.status, found.read().decode(), ""
        except urllib.error.HTTPError as error:
            with error:
                status, text, place = error.code, error.read().decode(), error.headers.get("Location", "")
        except OSError as error:
            status, text, place = 0, str(error), ""
        answer = Answered(method, path, status, time.perf_counter() - begun, text, place)
        self._log.note(answer)
        return answer
