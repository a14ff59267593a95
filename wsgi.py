"""The composer: the one module that knows the core, the pages and the readers."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from mopsaudit import jobs
from mopsaudit.cli import imports as import_commands
from mopsaudit.intake import work
from mopsaudit.store import session as store_session

ROOT = Path(__file__).resolve().parent


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application on the data folder and database of ``config``, else of the environment (INTERFACES.md)."""
    app = Flask("mopsaudit", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config["MOPSAUDIT_DATA"] = Path(os.environ.get("MOPSAUDIT_DATA") or ROOT / "var").resolve()
    app.config.update(config or {})
    data = Path(app.config["MOPSAUDIT_DATA"])
    data.mkdir(parents=True, exist_ok=True)
    app.config.setdefault(
        "SQLALCHEMY_DATABASE_URI",
        os.environ.get("MOPSAUDIT_DATABASE_URL") or f"sqlite:///{data / 'mopsaudit.sqlite3'}",
    )
    app.config.setdefault("MOPSAUDIT_READER", "importers.reader:read_file")
    app.config.setdefault("MOPSAUDIT_FIELDS", "importers.fields:FIELDS")
    store_session.init_app(app)
    jobs.handlers.update(work.HANDLERS)
    jobs.endings.update(work.ENDINGS)
    for command in import_commands.COMMANDS:
        app.cli.add_command(command)
    return app
