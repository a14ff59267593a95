"""``export audit``, ``negotiation`` and ``inventory``: the workbooks without the browser (INTERFACES.md)."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from mopsaudit.catalogue.taxonomy import taxonomy
from mopsaudit.cli.acting import acting
from mopsaudit.errors import InvalidError, NotFoundError
from mopsaudit.inventory.listing import list_tools
from mopsaudit.inventory.people import person_names
from mopsaudit.inventory.vendors import list_vendors
from mopsaudit.organisation import last_change, scope_for
from mopsaudit.scope import Scope
from mopsaudit.store.session import Actor, reading
from mopsaudit.workbook.audit import write_audit, write_audit_pdf
from mopsaudit.workbook.negotiation import write_pack, write_pack_pdf
from mopsaudit.workbook.roundtrip import write_contracts, write_inventory


@click.group("export")
def export() -> None:
    """Write a workbook."""


def _to_file(out: Path, write: Callable[[Path], None]) -> None:
    """Write beside the target and put it in place whole: a half-written workbook never has its name.

    Raises:
        InvalidError: when the folder is missing or cannot be written.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        part.touch()  # a folder that is not there is told before minutes of work
        write(part)
        part.replace(out)
    except OSError as error:
        raise InvalidError(f"{out} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)


def _scope(session: Session, as_of: datetime | None, unit: str | None) -> Scope:
    day: date = as_of.date() if as_of else datetime.now(UTC).date()
    return scope_for(session, as_of=day, unit=unit)


def _name(session: Session, actor: Actor) -> str:
    if actor.person_id is None:
        return actor.label
    return person_names(session, [actor.person_id]).get(actor.person_id, actor.label)


_AS_OF = click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day asked about; default today."
)
_UNIT = click.option(
    "--unit", help="Business unit (code or name) with its sub-tree; default the whole company."
)
_BY = click.option("--by", help="E-mail of the person who prepares it.")
_FORMAT = click.option(
    "--format", "kind", type=click.Choice(["xlsx", "pdf"]), help="Default: by the ending of OUT, else xlsx."
)


def _kind(out: Path, kind: str | None) -> str:
    return kind or ("pdf" if out.suffix.casefold() == ".pdf" else "xlsx")


def _found(kind: str, rows: Iterable[tuple[int | None, str | None]], asked: str) -> tuple[str, str]:
    """A vendor or tool by its number or name.

    Raises:
        NotFoundError: when the scope has none of that name, or several.
    """
    known = {(key, name) for key, name in rows if key is not None and name is not None}
    met = [key for key, name in known if name.casefold() == asked.strip().casefold()]
    met = met or [key for key, _ in known if str(key) == asked.strip()]
    if len(met) != 1:
        raise NotFoundError(
            f"There is no {kind} “{asked}”."
            if not met
            else f"Several {kind}s are called “{asked}”: use the number."
        )
    return kind, str(met[0])


def _about(
    session: Session, scope: Scope, category: str | None, vendor: str | None, tool: str | None
) -> tuple[str, str] | None:
    given = [each for each in (category, vendor, tool) if each]
    if len(given) > 1:
        raise InvalidError("Narrow the audit to one category, vendor or tool.")
    if category:
        wanted = category.strip().casefold()
        for each in taxonomy().categories:
            if wanted in (each.id.value, each.name.casefold()):
                return "category", each.id.value
        raise NotFoundError(f"There is no category “{category}”.")
    if vendor:
        return _found("vendor", ((each.id, each.name) for each in list_vendors(session)), vendor)
    if tool:
        return _found("tool", ((each.id, each.name) for each in list_tools(session, scope)), tool)
    return None


@export.command("audit")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@_AS_OF
@_UNIT
@_BY
@_FORMAT
@click.option("--category", help="Only one category (its key or name).")
@click.option("--vendor", help="Only one vendor (name or number) and the companies that belong to it.")
@click.option("--tool", help="Only one tool (name or number).")
@with_appcontext
def export_audit(
    out: Path,
    as_of: datetime | None,
    unit: str | None,
    by: str | None,
    kind: str | None,
    category: str | None,
    vendor: str | None,
    tool: str | None,
) -> None:
    """Write the audit report to OUT, as an Excel workbook or a PDF."""
    with reading() as session:
        scope = _scope(session, as_of, unit)
        name = _name(session, acting(by))
        about = _about(session, scope, category, vendor, tool)
        created = last_change(session)

        def write(part: Path) -> None:
            if _kind(out, kind) == "pdf":
                pages = write_audit_pdf(session, scope, part, created=created, prepared_by=name, about=about)
                click.echo(f"{out}: {pages} pages.")
                return
            done = write_audit(session, scope, part, created=created, prepared_by=name, about=about)
            click.echo(f"{out}: {len(done.sheets)} sheets, {done.figures} figures with their sources.")

        _to_file(out, write)


@export.command("negotiation")
@click.argument("vendor")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@_AS_OF
@_UNIT
@_BY
@_FORMAT
@with_appcontext
def export_negotiation(
    vendor: str, out: Path, as_of: datetime | None, unit: str | None, by: str | None, kind: str | None
) -> None:
    """Write the negotiation pack of VENDOR (name or number) to OUT, as an Excel workbook or a PDF."""
    with reading() as session:
        scope = _scope(session, as_of, unit)
        name = _name(session, acting(by))
        _, number = _found("vendor", ((each.id, each.name) for each in list_vendors(session)), vendor)
        asked = {"vendor_id": int(number), "created": last_change(session), "prepared_by": name}

        def write(part: Path) -> None:
            if _kind(out, kind) == "pdf":
                pages = write_pack_pdf(session, scope, part, **asked)  # type: ignore[arg-type]  # one value a name
                click.echo(f"{out}: {pages} pages.")
            else:
                sheets = write_pack(session, scope, part, **asked)  # type: ignore[arg-type]  # one value a name
                click.echo(f"{out}: {len(sheets)} sheets.")

        _to_file(out, write)


def _for_editing(
    out: Path,
    as_of: datetime | None,
    unit: str | None,
    write: Callable[..., int],
    counted: str,
) -> None:
    with reading() as session:
        scope = _scope(session, as_of, unit)

        def fill(part: Path) -> None:
            count = write(session, scope, part, created=last_change(session))
            click.echo(f"{out}: {count} {counted}.")

        _to_file(out, fill)


@export.command("inventory")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@_AS_OF
@_UNIT
@with_appcontext
def export_inventory(out: Path, as_of: datetime | None, unit: str | None) -> None:
    """Write the inventory to OUT for editing and importing again."""
    _for_editing(out, as_of, unit, write_inventory, "tools")


@export.command("contracts")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@_AS_OF
@_UNIT
@with_appcontext
def export_contracts(out: Path, as_of: datetime | None, unit: str | None) -> None:
    """Write contracts and their lines to OUT for editing and importing again."""
    _for_editing(out, as_of, unit, write_contracts, "contract lines")


COMMANDS = (export,)
