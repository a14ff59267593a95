"""The commands of the console script (INTERFACES.md); the same stand under `flask --app wsgi`.

Each module here may export ``COMMANDS``, a tuple of click commands. :func:`commands` gathers them, each wrapped so that
a fault of the input is one sentence on standard error and exit status 2, and a fault of ours a reference and status 1.
"""

from importlib import import_module
from pkgutil import iter_modules

import click

from mopsaudit.cli.running import guarded


def commands(module: str | None = None) -> tuple[click.Command, ...]:
    """All commands, in the order of their modules' names; those of one ``module`` alone where the others would only
    take time to load.
    """
    found: list[click.Command] = []
    for info in sorted(iter_modules(__path__), key=lambda each: each.name):
        if module is not None and info.name != module:
            continue
        found.extend(getattr(import_module(f"{__name__}.{info.name}"), "COMMANDS", ()))
    return tuple(guarded(command) for command in found)
