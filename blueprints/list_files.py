"""The inventory as a file to edit in a spreadsheet and import again: tools, and contracts with their lines."""

import io
from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from blueprints import exports, shell
from mopsaudit.organisation import last_change
from mopsaudit.store.session import reading
from mopsaudit.workbook.roundtrip import write_contracts, write_inventory

blueprint = Blueprint("list_files", __name__)

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _made(name: str, write: Callable[..., int]) -> ResponseReturnValue:
    target = io.BytesIO()
    scope = shell.scope()
    with reading() as session:
        write(session, scope, target, created=last_change(session))
    return exports.file(target.getvalue(), _XLSX, f"{name}-{scope.as_of.isoformat()}.xlsx")


@blueprint.get("/tools/to-edit.xlsx")
def tools() -> ResponseReturnValue:
    """The tools of the scope with owners, types and capabilities, for editing."""
    return _made("inventory", write_inventory)


@blueprint.get("/contracts/to-edit.xlsx")
def contracts() -> ResponseReturnValue:
    """The contracts of the scope, a row per line, for editing."""
    return _made("contracts", write_contracts)
