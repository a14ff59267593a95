"""What every application of a test process compiles alike is compiled once in it: routes, templates, statements.

Each test has an application of its own, and each application compiles some 200 routes, the templates it shows and the
statements it asks anew: the first two are two fifths of the time of a test of a page, the statements a fifth of what is
left. A server does it once at its start and needs nothing of this.
"""

from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule


class Route(Rule):
    """A rule that takes over what an equal rule of an earlier application was compiled to."""

    compiled: ClassVar[dict[tuple[object, ...], dict[str, Any]]] = {}

    def compile(self) -> None:
        """As the base class; what it depends on is the key."""
        assert self.map is not None
        key = (
            self.rule,
            self.endpoint,
            self.subdomain,
            self.host,
            self.map.host_matching,
            self.is_leaf,
            self.merge_slashes,
            self.strict_slashes,
            tuple(sorted((self.defaults or {}).items())),
            tuple(self.map.converters.items()),
        )
        known = self.compiled.get(key)
        if known is None:
            before = dict(vars(self))
            super().compile()
            known = {name: made for name, made in vars(self).items() if before.get(name, self) is not made}
            # The names in the path are the one thing that is added to a value of before.
            self.compiled[key] = known | {"arguments": self.arguments}
        self.__dict__.update(known)


class Templates(BytecodeCache):
    """Compiled templates by their source: Jinja's key holds the name, its checksum the text."""

    def __init__(self) -> None:
        self.compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills the bucket when its text was compiled before."""
        known = self.compiled.get((bucket.key, bucket.checksum))
        if known is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what was compiled."""
        self.compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def compile_once() -> None:
    """For all applications this process makes from now on."""
    Flask.url_rule_class = Route
    Flask.jinja_options = Flask.jinja_options | {"bytecode_cache": Templates()}


_statements: dict[str, tuple[Any, LRUCache[Any, Any]]] = {}


def share_statements(engine: Engine) -> None:
    """Let an engine use the statements earlier ones on the same kind of database compiled: the key of each holds the
    dialect, so it shares that too.
    """
    if engine.dialect.name not in _statements:
        _statements[engine.dialect.name] = engine.dialect, LRUCache(5_000)
    engine.dialect, engine._compiled_cache = _statements[engine.dialect.name]
