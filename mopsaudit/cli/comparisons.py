"""``imports compare``: two files of one kind side by side without the browser, the very comparison of the page."""

import json
from datetime import UTC, datetime
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from mopsaudit.cli.imports import imports_group
from mopsaudit.facts.wording import month as month_name
from mopsaudit.intake.comparing import compare_imports
from mopsaudit.intake.differences import Difference
from mopsaudit.intake.receive import find_import
from mopsaudit.money import amount_text
from mopsaudit.store.session import reading


def difference_json(each: Difference) -> dict[str, Any]:
    """A difference; of money as decimal strings and as minor units, of other kinds as the texts of both files."""

    def value(name: str, found: int | str | None) -> dict[str, Any]:
        if each.currency is None:
            return {name: found}
        minor = found if isinstance(found, int) else None
        return {name: None if minor is None else amount_text(minor, each.currency), f"{name}_minor": minor}

    return {
        "what": each.what,
        "name": each.name,
        "month": None if each.month is None else f"{each.month // 12:04d}-{each.month % 12 + 1:02d}",
        "field": each.field,
        "currency": each.currency,
        **value("before", each.before),
        **value("after", each.after),
        "note": each.note,
    }


@imports_group.command("compare")
@click.argument("before", type=int)
@click.argument("after", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@with_appcontext
def compare_command(*, before: int, after: int, as_json: bool) -> None:
    """What changed from the import BEFORE to the import AFTER: new, gone, renamed, restated, price per seat."""
    found = compare_imports(
        before,
        after,
        reader=current_app.config["MOPSAUDIT_READER"],
        folder=current_app.config["MOPSAUDIT_DATA"],
        now=datetime.now(UTC),
    )
    with reading() as session:
        records = [find_import(session, each) for each in (before, after)]
        kind, names = records[0].kind, [record.file_name for record in records]
    if as_json:
        document = {
            "kind": kind,
            "before": {"import_id": before, "file": names[0]},
            "after": {"import_id": after, "file": names[1]},
            "differences": [difference_json(each) for each in found],
        }
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    click.echo(f"{names[0]} → {names[1]}: {len(found)} difference{'' if len(found) == 1 else 's'}")
    for each in found:
        data = difference_json(each)
        where = f" {month_name(each.month)}" if each.month is not None else ""
        where += f" {each.field.replace('_', ' ')}" if each.field else ""
        said = [f"{'–' if data[name] is None else data[name]}" for name in ("before", "after")]
        money = f" {each.currency}" if each.currency else ""
        note = f" ({each.note})" if each.note else ""
        click.echo(f"  {each.what:16} {each.name}{where}: {said[0]} → {said[1]}{money}{note}")
