"""Alembic's entry: runs the steps on the connection :mod:`mopsaudit.store.migrations` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import TypeDecorator

from mopsaudit.store import models


def _render(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """A migration names plain types only, so that it never changes when our own types do."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=models.metadata,
    render_as_batch=True,
    render_item=_render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
