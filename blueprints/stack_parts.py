"""What a lowest-cost stack is made of: parts that sum to its figures and open to contracts and spend lines."""

from typing import Any, Final

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from blueprints import exports, shell, tables
from blueprints.scenario_origins import lines_link, place_named
from blueprints.stack_searches import trust_line
from mopsaudit.governance import stack_searches
from mopsaudit.governance.stack_searches import SearchRow
from mopsaudit.inventory.contract_view import line_labels
from mopsaudit.organisation import find_unit
from mopsaudit.scenarios.stack_parts import (
    has_parts,
    part_columns,
    part_row,
    parts_of,
    parts_sentence,
    set_count,
)
from mopsaudit.store.session import reading

blueprint = Blueprint("stack_parts", __name__)
_SIZE: Final = 100


@blueprint.get("/scenarios/stack/<int:search_id>/parts")
def show(search_id: int) -> ResponseReturnValue:
    """The parts of a set (``set``, its place; else the cheapest), over the horizon or a year (``span=year``).

    ``tool`` leaves those of one tool. An answer kept without parts, and a set or tool it does not hold, are not there.
    """
    with reading() as session:
        found = stack_searches.find_search(session, shell.scope(), search_id)
        data = found.answer or {}
        place, tool_id = (place_named(name) for name in ("set", "tool"))
        if not has_parts(data) or (place or 0) >= set_count(data):
            abort(404)
        if tool_id is not None and str(tool_id) not in data["parts"]:
            abort(404)
        yearly = request.args.get("span") == "year"
        parts = [
            each
            for each in parts_of(data, place or 0, yearly=yearly)
            if tool_id is None or each.tool_id == tool_id
        ]
        labels = line_labels(
            session, shell.scope(), {each.line_id for each in parts if each.line_id is not None}
        )
        unit = _unit(session, found)
    table = tables.of_rows(
        part_columns(place or 0),
        [part_row(data, number, each, labels) for number, each in enumerate(parts)],
        name="parts",
        noun="part",
        size=_SIZE,
        empty="No tool is part of it.",
        row_actions=None if unit == "" else lines_link(unit),
    )
    if table.asked.export:
        return exports.export(table)
    tool = data["parts"][str(tool_id)]["name"] if tool_id is not None else None
    return render_template(
        "scenarios/stack_parts.html",
        found=found,
        table=table,
        tool=tool,
        answer=parts_sentence(data, place or 0, parts, yearly=yearly, tool=tool),
        trust=trust_line(data),
        yearly=yearly,
        sets=[
            (
                "Lowest cost" if not each else f"Set {each + 1}",
                _here(search_id, each, tool_id, yearly=yearly),
                each == (place or 0),
            )
            for each in range(set_count(data))
        ],
        spans=[
            (f"{data['months']} months", _here(search_id, place, tool_id, yearly=False), not yearly),
            ("A year in the end", _here(search_id, place, tool_id, yearly=True), yearly),
        ],
        every=_here(search_id, place, None, yearly=yearly),
    )


def _here(search_id: int, place: int | None, tool_id: int | None, *, yearly: bool) -> str:
    of: dict[str, Any] = {"set": place or None, "span": "year" if yearly else None, "tool": tool_id}
    return url_for("stack_parts.show", search_id=search_id, **of)


def _unit(session: Session, found: SearchRow) -> str | None:
    """The search's own unit as an address names it; empty where several were joined, which no address can."""
    if found.options.together:
        return ""
    return None if found.unit_id is None else find_unit(session, found.unit_id).code
