"""``import``, ``imports`` and ``match``: the browser's walk of a file without the browser (INTERFACES.md)."""

import json
import logging
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, NoReturn, TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext

from mopsaudit.cli.acting import acting
from mopsaudit.cli.running import log_fault, no_room
from mopsaudit.errors import MopsauditError
from mopsaudit.facts.file_ties import FileTie, file_ties
from mopsaudit.intake.contract import FieldSpec, Kind
from mopsaudit.intake.marking import mark
from mopsaudit.intake.matching import matcher_for
from mopsaudit.intake.options import ImportOptions
from mopsaudit.intake.receive import find_import
from mopsaudit.intake.run import import_file, undo
from mopsaudit.intake.view import (
    bare_json,
    certificate_json,
    import_json,
    list_imports,
    problems_of,
    sign_off,
)
from mopsaudit.organisation import scope_for
from mopsaudit.store.session import reading, unit_of_work

_log = logging.getLogger(__name__)
#: Statuses of INTERFACES.md → exit status; several files: the worst of 1 > 2 > 3 > 0.
EXITS = {"refused": 2, "needs-answer": 3, "failed": 1}
_WORST = (1, 2, 3, 0)

F = TypeVar("F", bound=Callable[..., Any])


def _sentences(command: F) -> F:
    """Our own faults as one sentence on standard error and exit status 2."""

    @wraps(command)
    def wrapped(*args: Any, **values: Any) -> Any:
        try:
            return command(*args, **values)
        except MopsauditError as error:
            _stop(str(error))

    return wrapped  # type: ignore[return-value]


def _stop(sentence: str, status: int = 2) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(status)


def _print(document: Any) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _pairs(values: Sequence[str], option: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for value in values:
        name, equals, rest = value.partition("=")
        if not equals or not name.strip() or not rest.strip():
            _stop(f"{option} takes NAME=VALUE, not “{value}”.")
        pairs.append((name.strip(), rest.strip()))
    return tuple(pairs)


def _known_fields(kind: Kind, maps: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The maps, when each names a field of the kind: a slip of the pen must not cost a column its meaning."""
    known = {spec.key for spec in resolve_name(current_app.config["MOPSAUDIT_FIELDS"])[kind]}
    for field, _ in maps:
        if field not in known:
            _stop(
                f"{kind.value} has no field “{field}”; list them with: mopsaudit import {kind.value} --fields"
            )
    return maps


@click.command("import")
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.argument("files", nargs=-1, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--sheet", "sheets", multiple=True, help="Sheet to read (repeatable); else those that hold the data."
)
@click.option("--map", "maps", multiple=True, help="FIELD=HEADER, or FIELD=F: for a column letter.")
@click.option("--currency", help="Currency of amounts that name none.")
@click.option("--tool", help="Tool a usage file is about.")
@click.option("--unit", help="Business unit of rows that name none (code or name).")
@click.option("--source", help="Ledger the file comes from; remembered by layout.")
@click.option(
    "--kind-of-source", type=click.Choice(["ap", "gl", "card", "expense"]), help="What that ledger is."
)
@click.option("--entity", help="Legal entity that booked it.")
@click.option("--tax", type=click.Choice(["net", "gross"]), help="Whether amounts are without or with tax.")
@click.option(
    "--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="Day the file stands for; default today."
)
@click.option(
    "--replace-by",
    help="A restated spend file wins by this key, fields separated by commas: invoice,supplier.",
)
@click.option("--answer", "answers", multiple=True, help="KEY=VALUE: an answer to a question (repeatable).")
@click.option("--dry-run", is_flag=True, help="Store nothing; exit as the real run would.")
@click.option("--fields", "show_fields", is_flag=True, help="List the fields of this kind and stop.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option("--by", help="E-mail address of who acts.")
@with_appcontext
@_sentences
def import_command(
    *,
    kind: str,
    files: tuple[Path, ...],
    sheets: tuple[str, ...],
    maps: tuple[str, ...],
    currency: str | None,
    tool: str | None,
    unit: str | None,
    source: str | None,
    kind_of_source: str | None,
    entity: str | None,
    tax: str | None,
    as_of: datetime | None,
    replace_by: str | None,
    answers: tuple[str, ...],
    dry_run: bool,
    show_fields: bool,
    as_json: bool,
    by: str | None,
) -> None:
    """Import files of one KIND: inventory, contracts, orders, spend, usage, people, budget, benefits,
    rates or credits.
    """
    if show_fields:
        _show_fields(Kind(kind), as_json=as_json)
        return
    if not files:
        _stop("Name at least one file to import.")
    day: date | None = as_of.date() if as_of else None
    options = ImportOptions(
        sheets=sheets,
        maps=_known_fields(Kind(kind), _pairs(maps, "--map")),
        answers=_pairs(answers, "--answer"),
        currency=currency.upper() if currency else None,
        tool=tool,
        unit=unit,
        source=source,
        kind_of_source=kind_of_source,
        entity=entity,
        tax=tax,
        as_of=day,
        replace_by=tuple(replace_by.split(",")) if replace_by else (),
    )
    if options.replace_by and kind != Kind.SPEND:
        _stop("Only a spend file replaces earlier lines by key; the other kinds update what they name.")
    actor = acting(by)
    documents = []
    for path in files:
        try:
            document = import_file(
                Kind(kind),
                path,
                options,
                reader=current_app.config["MOPSAUDIT_READER"],
                folder=current_app.config["MOPSAUDIT_DATA"],
                actor=actor,
                now=datetime.now(UTC),
                dry_run=dry_run,
            )
        except MopsauditError as error:
            document = bare_json(kind, path.name, "", "refused", reason=str(error))
        except Exception as error:  # noqa: BLE001  # the other files go on; the log has the fault
            log_fault(_log, f"importing {path.name!r} failed", error)
            sentence = no_room(error) or (
                "Importing this file failed through a fault of ours; nothing of it was stored."
            )
            document = bare_json(kind, path.name, "", "failed", reason=sentence)
        documents.append(document)
        if document["reason"]:
            click.echo(f"{document['file']}: {document['reason']}", err=True)
        if not as_json:
            _say(document)
    if as_json:
        _print(documents[0] if len(documents) == 1 else {"imports": documents})
    sys.exit(_worst(EXITS.get(document["status"], 0) for document in documents))


def _worst(statuses: Iterable[int]) -> int:
    found = set(statuses)
    return next(status for status in _WORST if status in found)


def _show_fields(kind: Kind, *, as_json: bool) -> None:
    specs: Sequence[FieldSpec] = resolve_name(current_app.config["MOPSAUDIT_FIELDS"])[kind]
    if as_json:
        _print(
            {
                "kind": kind.value,
                "fields": [
                    {
                        "field": spec.key,
                        "label": spec.label,
                        "what": spec.what,
                        "required": spec.required,
                        "headers": list(spec.names),
                    }
                    for spec in specs
                ],
            }
        )
        return
    for spec in specs:
        click.echo(f"{spec.key:20} {spec.label}{' (required)' if spec.required else ''}: {spec.what}")


def _say(document: dict[str, Any]) -> None:
    """An import in a few lines for a person."""
    name, status = document["file"], document["status"]
    if status == "duplicate-file":
        click.echo(f"{name}: already imported as import {document['first_import_id']}; nothing to do.")
        return
    if status in ("refused", "failed"):
        return
    number = f" (import {document['import_id']})" if document["import_id"] else ""
    click.echo(f"{name}: {status}{number}")
    for sheet in document["sheets"]:
        if not sheet["used"]:
            continue
        lines = sheet["lines"]
        counts = ", ".join(f"{lines[key]} {key.replace('_', ' ')}" for key in lines)
        click.echo(f"  {sheet['name'] or 'text'}: {counts}")
        for total in sheet.get("totals", ()):
            state = "balanced" if total["balanced"] else "NOT BALANCED"
            foots = {True: ", foots", False: f", does not foot with {total['sheet_total']}", None: ""}
            click.echo(
                f"    {total['currency']} {total['imported']} imported; {state}{foots[total['foots']]}"
            )
    matched = document["matched"]
    if matched["lines"]:
        click.echo(f"  placed: {matched['lines']} lines of {matched['suppliers']} suppliers")
    for question in document["questions"]:
        click.echo(f"  {question['asks']}")
        for choice in question["choices"]:
            click.echo(f"    --answer '{question['key']}={choice['value']}': {choice['reads']}")
    for problem in document["problems"][:20]:
        where = "!".join(filter(None, (problem["sheet"], problem["cell"])))
        click.echo(f"  {problem['severity']}: {where + ': ' if where else ''}{problem['message']}")
    if len(document["problems"]) > 20:
        click.echo(f"  … and {len(document['problems']) - 20} more problems")


@click.group("imports")
def imports_group() -> None:
    """Look at imports, undo them, sign them off."""


@imports_group.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
@_sentences
def list_command(*, as_json: bool) -> None:
    """All imports, newest first."""
    with reading() as session:
        rows = list_imports(session)
        known = file_ties(session, scope_for(session, as_of=datetime.now(UTC).date()))
        ties = {
            row.id: known.get(row.id, FileTie(months=()))
            for row in rows
            if row.kind == Kind.SPEND and row.status == "imported"
        }
    if as_json:
        found = [{**row.to_json(), "tie": ties[row.id].to_json() if row.id in ties else None} for row in rows]
        _print({"imports": found})
        return
    for row in rows:
        totals = " ".join(f"{currency} {amount}" for currency, amount in row.totals)
        tie = ties[row.id].words if row.id in ties else "–"
        click.echo(
            f"{row.id:6} {row.kind:10} {row.status:13} {row.lines:8} {totals:24} {tie:16} {row.file_name}"
        )


@imports_group.command("show")
@click.argument("import_id", type=int)
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
@_sentences
def show_command(*, import_id: int, as_json: bool) -> None:
    """One import with its sheets, reconciliation and problems."""
    with reading() as session:
        document = import_json(session, import_id)
    if as_json:
        _print(document)
    else:
        _say(document)


@imports_group.command("undo")
@click.argument("import_id", type=int)
@click.option("--reason", help="Why, for the trail.")
@click.option("--by", help="E-mail address of who acts.")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
@_sentences
def undo_command(*, import_id: int, reason: str | None, by: str | None, as_json: bool) -> None:
    """Take an import out of the ledger again."""
    undone = undo(import_id, actor=acting(by), now=datetime.now(UTC), reason=reason)
    document = undone.to_json()
    if as_json:
        _print(document)
        return
    lines = document["lines"]
    click.echo(
        f"import {import_id} undone: {lines['reversed']} reversed, {lines['kept']} kept, "
        f"{lines['could_not']} could not be undone"
    )
    for item in document["items"][:50]:
        where = "!".join(filter(None, (item["sheet"], item["cell"])))
        click.echo(f"  {item['outcome'].replace('_', ' ')}: {item['what']} {where} {item['why']}")


@imports_group.command("problems")
@click.argument("import_id", type=int)
@click.option(
    "--workbook",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Write the file itself here, with its doubtful cells marked and a sheet that lists them (.xlsx).",
)
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
@_sentences
def problems_command(*, import_id: int, workbook: Path | None, as_json: bool) -> None:
    """The problems of an import; with --workbook the file itself back with its cells marked."""
    with reading() as session:
        find_import(session, import_id)
        problems = problems_of(session, import_id)
    listed = [problem.to_json() for problem in problems]
    document: dict[str, Any] = {"import_id": import_id, "problems": listed, "workbook": None}
    if workbook is not None:
        copy = mark(
            import_id,
            marker=current_app.config["MOPSAUDIT_MARKER"],
            folder=current_app.config["MOPSAUDIT_DATA"],
        )
        try:
            shutil.copyfile(copy.path, workbook)
        except OSError as error:
            _stop(f"The workbook cannot be written to {workbook}: {error.strerror}.")
        document["workbook"] = {
            "path": str(workbook),
            "marked": copy.why_apart is None,
            "cells": copy.cells,
            "why_apart": copy.why_apart,
        }
    if as_json:
        _print(document)
        return
    for each in problems:
        where = "!".join(filter(None, (each.sheet, each.cell)))
        click.echo(f"{each.severity.value:6} {each.code:28} {where:20} {each.message}")
    if workbook is not None and document["workbook"]["why_apart"]:
        click.echo(f"The file itself is not marked: {document['workbook']['why_apart']}.", err=True)


@imports_group.command("certificate")
@click.argument("import_id", type=int)
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
@_sentences
def certificate_command(*, import_id: int, as_json: bool) -> None:
    """The reconciliation of an import."""
    with reading() as session:
        document = certificate_json(session, import_id)
    if as_json:
        _print(document)
        return
    for sheet in document["sheets"]:
        click.echo(sheet["name"] or "text")
        for total in sheet["totals"]:
            for key, value in total.items():
                click.echo(f"  {key.replace('_', ' '):14} {value}")


@imports_group.command("sign-off")
@click.argument("import_id", type=int)
@click.option("--by", help="E-mail address of who signs.")
@click.option("--reason", required=True, help="Why the difference is accepted.")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
@_sentences
def sign_off_command(*, import_id: int, by: str | None, reason: str, as_json: bool) -> None:
    """Sign for what an import could not read, or for a total that does not foot. Needs a person."""
    actor, now = acting(by), datetime.now(UTC)
    with unit_of_work(actor, now=now, reason=reason) as session:
        signed = sign_off(session, import_id, person_id=actor.person_id, reason=reason, now=now)
        count = len(signed)
    if as_json:
        with reading() as session:
            _print(certificate_json(session, import_id))
        return
    click.echo(f"import {import_id}: {count} reconciliation{'s' if count > 1 else ''} signed off")


@click.command("match")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: one object a line, in input order.")
@with_appcontext
@_sentences
def match_command(*, as_json: bool) -> None:
    """Match supplier strings on standard input, one a line, against catalogue and inventory."""
    with reading() as session:
        matcher = matcher_for(session)
    names = [line.decode("utf-8", "replace").rstrip("\r\n") for line in sys.stdin.buffer]
    for found in matcher.match_many(names):
        if as_json:
            click.echo(json.dumps(found.to_json(), ensure_ascii=False))
        else:
            what = " › ".join(filter(None, (found.vendor, found.tool)))
            click.echo(f"{found.decision}\t{found.score:.2f}\t{what or '–'}\t{found.input}\t{found.reason}")


#: What the composer adds to the console script.
COMMANDS: tuple[click.Command, ...] = (import_command, imports_group, match_command)
