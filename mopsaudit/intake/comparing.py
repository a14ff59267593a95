"""Two imports of one kind side by side: their lines from the ledger, or their rows read anew from the originals."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError
from mopsaudit.intake.contract import Kind
from mopsaudit.intake.differences import Difference, FileLine, record_differences, spend_differences
from mopsaudit.intake.receive import find_import, original
from mopsaudit.intake.run import rows_of
from mopsaudit.periods import month_end
from mopsaudit.store.inventory import Tool
from mopsaudit.store.ledger import (
    ImportStatus,
    Sighting,
    SpendLine,
    Supplier,
    UsageRecord,
    UsageSnapshot,
)
from mopsaudit.store.session import reading
from mopsaudit.words import SpendType

#: Bytes of an original that is read anew while the person waits.
LARGEST = 2 * 1024 * 1024


def compare_imports(
    before_id: int, after_id: int, *, reader: str, folder: Path, now: datetime
) -> list[Difference]:
    """What changed from one imported file to another of its kind; undone ones may be compared too.

    Raises:
        NotFoundError: when one does not exist.
        InvalidError: for files of two kinds, one that never entered the ledger, or one too large to read again.
    """
    with reading() as session:
        before, after = find_import(session, before_id), find_import(session, after_id)
        if before.kind != after.kind:
            raise InvalidError(f"{before.file_name} and {after.file_name} are files of two kinds.", "after")
        for record in (before, after):
            if record.status not in (ImportStatus.IMPORTED, ImportStatus.UNDONE):
                raise InvalidError(f"{record.file_name} never entered the ledger.", "after")
        kind = Kind(before.kind)
        if kind is Kind.SPEND:
            old, new = _lines(session, before_id), _lines(session, after_id)
            return spend_differences(old, new, _seats(session, old, new))
        for record in (before, after):
            if original(folder, session, record).stat().st_size > LARGEST:
                raise InvalidError(
                    f"{record.file_name} is larger than {LARGEST // (1024 * 1024)} MiB and is not read again "
                    "for a comparison.",
                    "after",
                )
    rows = [
        [row for _, row in rows_of(each, reader=reader, folder=folder, now=now).records()]
        for each in (before_id, after_id)
    ]
    return record_differences(kind, rows[0], rows[1])


def _lines(session: Session, import_id: int) -> list[FileLine]:
    rows = session.execute(
        select(
            SpendLine.supplier_id,
            func.coalesce(Supplier.name, SpendLine.supplier_text, ""),
            SpendLine.tool_id,
            Tool.name,
            SpendLine.month,
            SpendLine.booked_minor,
            SpendLine.currency,
        )
        .join(Sighting, Sighting.line_id == SpendLine.id)
        .outerjoin(Supplier, Supplier.id == SpendLine.supplier_id)
        .outerjoin(Tool, Tool.id == SpendLine.tool_id)
        .where(
            Sighting.import_id == import_id,
            SpendLine.out_of_scope.is_(False),
            or_(SpendLine.spend_type.is_(None), SpendLine.spend_type != SpendType.NOT_SPEND.value),
        )
        .order_by(SpendLine.id)
    )
    return [
        FileLine(
            supplier_id=supplier_id,
            supplier=name or "no supplier",
            tool_id=tool_id,
            tool=tool,
            month=month,
            minor=minor,
            currency=currency,
        )
        for supplier_id, name, tool_id, tool, month, minor, currency in rows
    ]


def _seats(
    session: Session, old: list[FileLine], new: list[FileLine]
) -> dict[int, tuple[int | None, int | None]]:
    """Assigned seats of the tools of both files at the end of either file's last month, from the newest usage file."""
    tools = {line.tool_id for line in old} & {line.tool_id for line in new}
    wanted = sorted(tool_id for tool_id in tools if tool_id is not None)
    return {
        tool_id: (_seats_at(session, tool_id, old), _seats_at(session, tool_id, new)) for tool_id in wanted
    }


def _seats_at(session: Session, tool_id: int, lines: list[FileLine]) -> int | None:
    last = max((line.month for line in lines if line.month is not None), default=None)
    if last is None:
        return None
    snapshot = session.execute(
        select(UsageSnapshot.id, UsageSnapshot.assigned_count)
        .where(
            UsageSnapshot.tool_id == tool_id,
            UsageSnapshot.living.is_(True),
            UsageSnapshot.as_of <= month_end(last),
        )
        .order_by(UsageSnapshot.as_of.desc(), UsageSnapshot.id.desc())
        .limit(1)
    ).first()
    if snapshot is None:
        return None
    if snapshot.assigned_count is not None:
        return int(snapshot.assigned_count)
    return session.scalar(
        select(func.count(UsageRecord.tool_user_id.distinct())).where(
            UsageRecord.snapshot_id == snapshot.id, UsageRecord.assigned.is_(True)
        )
    )
