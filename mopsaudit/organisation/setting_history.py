"""The history of one setting, whether it is changed from its default or not."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mopsaudit.organisation.history import HistoryEntry, history
from mopsaudit.store.models import Setting


def setting_history(session: Session, key: str) -> tuple[HistoryEntry, ...]:
    """Who changed the setting when, from what to what; newest first, empty while it has its default."""
    row_id = session.scalar(select(Setting.id).where(Setting.key == key))
    return () if row_id is None else history(session, "setting", row_id)
