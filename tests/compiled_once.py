"""What every application of a test process compiles alike is compiled once in it: the routes and the templates.

Each test has an application of its own, and each application compiles some 200 routes and the templates it shows
anew: two fifths of the time of a test of a page. A server does it once at its start and needs nothing of this.
"""

from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
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
