"""Users of applications nobody knew when a usage file was read: kept beside the ledger, and brought in with their tool.

An application's users stand on the tool that is called so: by its name, a name it has beside it, or that of a tool
merged into it. :func:`follow_names` makes that true after anything that gives, takes or moves a name, so that settling
the application brings its users in and taking the name back takes them out again; no file is imported twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, true, update
from sqlalchemy.orm import Session

from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.facts.merges import heads
from mopsaudit.intake.bulk import insert_rows
from mopsaudit.intake.placing import storable
from mopsaudit.intake.usage_records import NOTED, Told, Use, remove_snapshots, write_snapshot
from mopsaudit.inventory.tools import find_tool
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Tool, ToolName
from mopsaudit.store.ledger import Import, UsageSnapshot
from mopsaudit.store.waiting import WaitingApp, WaitingUser

_COLUMNS = ("app_id", "user_key", "external_id", "account_kind", *NOTED)


def app_key(name: str) -> str:
    """An application's name as two spellings of it are compared: case and white space folded, at most 200 long."""
    return storable(" ".join(name.split()).casefold(), 200) or ""


def keep_waiting(session: Session, name: str, told: Told, uses: Sequence[Use]) -> None:
    """Keep an application's users until somebody says which tool it is."""
    app = WaitingApp(
        import_id=told.import_id,
        sheet_id=told.sheet_id,
        name=storable(name, 200) or "",
        key=app_key(name),
        as_of=told.as_of,
        grade=told.grade,
        event=told.event,
        layout=told.layout,
        assigned_count=told.assigned_count,
        active_count=told.active_count,
    )
    session.add(app)
    session.flush()
    table: Any = WaitingUser.__table__
    rows = [(app.id, use.key, use.external, use.kind[:12], *use.noted) for use in uses]
    insert_rows(session, table, _COLUMNS, rows)


def follow_names(session: Session) -> int:
    """Bring users of waiting applications onto the tools called so, and take them off tools that no longer are.

    How many applications moved; applying it twice has one effect.
    """
    apps = session.scalars(select(WaitingApp).order_by(WaitingApp.id)).all()
    if not apps:
        return 0
    placed = _placed(session)
    found: dict[str, int | None] = {}
    moved = 0
    for app in apps:
        if app.key not in found:
            tool = find_tool(session, app.key)
            found[app.key] = None if tool is None else tool.id
        wanted = found[app.key]
        stands = placed.get(app.snapshot_id) if app.snapshot_id is not None else None
        if stands == wanted:
            continue
        _take_out(session, (app,))
        if wanted is not None:
            app.snapshot_id = write_snapshot(session, wanted, _told(app), _uses(session, app.id))
        session.flush()
        moved += 1
    return moved


def _placed(session: Session) -> dict[int, int]:
    """Snapshots that hold an application's users, with the tool each counts on."""
    merged = heads(session)
    rows = session.execute(
        select(UsageSnapshot.id, UsageSnapshot.tool_id)
        .join(WaitingApp, WaitingApp.snapshot_id == UsageSnapshot.id)
        .order_by(UsageSnapshot.id)
    )
    return {snapshot_id: merged.tool(tool_id) for snapshot_id, tool_id in rows}


def _take_out(session: Session, apps: Iterable[WaitingApp]) -> None:
    """The users wait again. A seat somebody asked about or spoke of keeps its user record."""
    shots = [app.snapshot_id for app in apps if app.snapshot_id is not None]
    if not shots:
        return
    session.execute(update(WaitingApp).where(WaitingApp.snapshot_id.in_(shots)).values(snapshot_id=None))
    remove_snapshots(session, UsageSnapshot.id.in_(shots))


def release_apps(session: Session, tool_ids: Sequence[int]) -> None:
    """Take users of applications off tools that are about to go."""
    if not tool_ids:
        return
    apps = session.scalars(
        select(WaitingApp)
        .join(UsageSnapshot, UsageSnapshot.id == WaitingApp.snapshot_id)
        .where(UsageSnapshot.tool_id.in_(tuple(tool_ids)))
        .order_by(WaitingApp.id)
    ).all()
    _take_out(session, apps)


def forget_waiting(session: Session, import_id: int) -> None:
    """Forget what an import that is undone kept; snapshots made of it are the import's own and go with them."""
    apps = select(WaitingApp.id).where(WaitingApp.import_id == import_id)
    quiet = {"synchronize_session": False}
    session.execute(delete(WaitingUser).where(WaitingUser.app_id.in_(apps)).execution_options(**quiet))
    session.execute(delete(WaitingApp).where(WaitingApp.import_id == import_id).execution_options(**quiet))
    session.expire_all()


def _told(app: WaitingApp) -> Told:
    return Told(
        import_id=app.import_id,
        sheet_id=app.sheet_id,
        as_of=app.as_of,
        grade=app.grade,
        event=app.event,
        layout=app.layout,
        assigned_count=app.assigned_count,
        active_count=app.active_count,
    )


def _uses(session: Session, app_id: int) -> list[Use]:
    users = session.scalars(select(WaitingUser).where(WaitingUser.app_id == app_id).order_by(WaitingUser.id))
    return [
        Use(
            key=user.user_key,
            external=user.external_id,
            kind=user.account_kind,
            row=user.row,
            cell=user.cell,
            licence=user.licence,
            feature=user.feature,
            status=user.status,
            assigned=user.assigned,
            assigned_on=user.assigned_on,
            created=user.created_on,
            last=user.last_activity,
            never=user.never,
            used_halves=user.used_halves,
            department=None,
            unit_id=user.unit_id,
        )
        for user in users
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedApp:
    """An application somebody settled: the tool its users stand on, how many people, and the newest file they are of.

    ``own_name``: the tool itself is called so, so that only renaming it takes the users out.
    """

    id: int
    name: str
    tool_id: int
    tool: str
    people: int
    import_id: int
    file_name: str
    own_name: bool


def placed_apps(session: Session, scope: Scope) -> tuple[PlacedApp, ...]:
    """Applications whose users were brought in, those of the scope's units, each once with its newest file."""
    of_scope = true() if scope.whole else WaitingUser.unit_id.in_(scope.unit_ids)
    people = func.count(WaitingUser.user_key.distinct()).filter(of_scope)
    rows = session.execute(
        select(WaitingApp, UsageSnapshot.tool_id, Import.file_name, people)
        .join(UsageSnapshot, UsageSnapshot.id == WaitingApp.snapshot_id)
        .join(Import, Import.id == WaitingApp.import_id)
        .outerjoin(WaitingUser, WaitingUser.app_id == WaitingApp.id)
        .where(WaitingApp.as_of <= scope.as_of)
        .group_by(WaitingApp.id, UsageSnapshot.tool_id, Import.file_name)
        .order_by(WaitingApp.as_of, WaitingApp.id)
    )
    merged = heads(session)
    found: dict[str, PlacedApp] = {}
    for app, tool_id, file_name, number in rows:
        if not number and not scope.whole:
            continue
        tool = session.get_one(Tool, merged.tool(tool_id))
        found[app.key] = PlacedApp(
            id=app.id,
            name=app.name,
            tool_id=tool.id,
            tool=tool.name,
            people=max(number, (app.active_count or 0) if scope.whole else 0),
            import_id=app.import_id,
            file_name=file_name,
            own_name=app_key(session.get_one(Tool, tool_id).name) == app.key or app_key(tool.name) == app.key,
        )
    return tuple(found[key] for key in sorted(found))


def waiting_people(session: Session, key: str) -> int:
    """How many people wait for an application's tool, by its folded name."""
    return (
        session.scalar(
            select(func.count(WaitingUser.user_key.distinct()))
            .join(WaitingApp, WaitingApp.id == WaitingUser.app_id)
            .where(WaitingApp.key == key, WaitingApp.snapshot_id.is_(None))
        )
        or 0
    )


def take_back_app(session: Session, scope: Scope, app_id: int) -> PlacedApp:
    """An application is settled no more: its tool loses the name, and its users wait again.

    Raises:
        NotFoundError: it is not settled, or of another unit.
        InvalidError: the tool itself is called so.
    """
    app = next((each for each in placed_apps(session, scope) if each.id == app_id), None)
    if app is None:
        raise NotFoundError("There is no such application on a tool; somebody may have taken it back.")
    if app.own_name:
        raise InvalidError(f"{app.tool} itself is called so: rename or merge the tool instead.")
    family = heads(session).family((app.tool_id,))
    names = session.scalars(select(ToolName).where(ToolName.tool_id.in_(family)).order_by(ToolName.id))
    for name in names.all():
        if app_key(name.name) == app_key(app.name):
            session.delete(name)
    session.flush()
    follow_names(session)
    return app
