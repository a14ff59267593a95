"""Changing many tools at once: people, units, category, types, status."""

from typing import ClassVar

from sqlalchemy.orm import Session

from blueprints import bulk_changes, choices, shell, tables
from blueprints.bulk_changes import MOST, ChangeForm
from blueprints.tool_list import COLUMNS, kept_rows
from mopsaudit.inventory import listing
from mopsaudit.inventory.bulk import Kind
from mopsaudit.inventory.bulk_tools import TOOLS, Field
from mopsaudit.words import ToolStatus


class ManyTools(bulk_changes.Many):
    """Tools of the scope."""

    kind: ClassVar[Kind] = TOOLS
    noun = "tool"
    index = "tools.index"
    path = "/tools"
    name = "bulk_tools"
    words = {
        Field.OWNER: "Business owner",
        Field.BUDGET_HOLDER: "Budget holder",
        Field.UNITS: "Business units, in place of those it has",
        Field.ADD_UNITS: "Business units, beside those it has",
        Field.CATEGORY: "Category",
        Field.TYPES: "Technology types, in place of those it has",
        Field.STATUS: "Status",
    }

    def form(self, field: object, session: Session) -> ChangeForm:
        """People, units, codes; dated ones from today unless another day is said."""
        data = {"on": shell.today()}
        match field:
            case Field.OWNER | Field.BUDGET_HOLDER:
                person = bulk_changes.PersonForm(data=data)
                person.value.choices = choices.people(session, shell.today())
                return person
            case Field.UNITS | Field.ADD_UNITS:
                units = bulk_changes.SeveralUnitsForm(data=data)
                units.value.choices = choices.units(session)
                return units
            case Field.TYPES:
                types = bulk_changes.CodesForm(data=data)
                types.value.choices = choices.types()
                return types
        code = bulk_changes.CodeForm(data=data)
        code.value.choices = (
            choices.categories()
            if field is Field.CATEGORY
            else {each.value: each.value for each in ToolStatus}
        )
        return code

    def known(self, session: Session) -> list[int]:
        """Tools of the scope by name."""
        return [row.id for row in listing.list_tools(session, shell.scope())]

    def listed(self, session: Session) -> tables.Table:
        """The list of tools."""
        rows, _ = kept_rows(session, shell.scope())
        return tables.of_rows(COLUMNS, rows, name="tools", sort="name", size=MOST + 1)


blueprint = bulk_changes.pages(ManyTools())
