"""Logs: one JSON object a line, UTC, on standard error. JSON escapes CR and LF, so no text can forge a line.

What never goes in: passwords, tokens, cookies, cell contents. Statements are logged without their parameters, requests
by the pattern of their address.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Final

#: What looks like a secret in a message of somebody else's library: a name, then = or :, then the value.
_SECRET: Final = re.compile(
    r"(?i)\b(password|passwd|token|secret|cookie|authorization|session|sid|api[_-]?key)\b([\"']?\s*[=:]\s*[\"']?)"
    r"(?:(?:bearer|basic)\s+)?[^\s&;,\"']+"
)
_ADDRESS: Final = re.compile(r"(?i)(//)[^/\s@]*:[^/\s@]*(@)")
_FIELDS: Final = ("reference", "method", "endpoint", "status", "milliseconds", "actor")


def without_secrets(text: str) -> str:
    """The text with values that follow a secret's name, and user and password of addresses, blacked out."""
    return _ADDRESS.sub(r"\1***\2", _SECRET.sub(r"\1\2***", text))


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message; extra fields of ours; the traceback as one escaped string."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        line.update({name: getattr(record, name) for name in _FIELDS if hasattr(record, name)})
        if record.exc_info:
            line["error"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=True, default=str)


def configure(level: str = "warning") -> None:
    """Send all logs of this process to standard error. ``level`` is debug, info, warning or error.

    Raises:
        ValueError: for another word.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
