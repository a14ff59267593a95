"""What applying a file of any kind is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.placing import Judge
from mopsaudit.intake.spool import ReadFile
from mopsaudit.settings import Settings
from mopsaudit.store.ledger import Import, ImportSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """``sheets`` are the stored sheets by position; ``today`` is the organisation's day."""

    session: Session
    record: Import
    options: ImportOptions
    read: ReadFile
    sheets: Sequence[ImportSheet]
    judge: Judge
    settings: Settings
    today: date
    now: datetime
