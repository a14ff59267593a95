"""Quick search: records of the inventory by a part of any of their names."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import merged_away
from mopsaudit.inventory import contracts, tools
from mopsaudit.reporting import Ref
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Contract, Tool, ToolName, Vendor, VendorName


def find_named(session: Session, scope: Scope, text: str, *, most: int = 10) -> dict[str, tuple[Ref, ...]]:
    """Tools and contracts of the scope and vendors whose name holds ``text``, upper and lower case alike.

    By kind (``tool``, ``vendor``, ``contract``), names that begin with it first, at most ``most`` of each; kinds with
    none are left out.
    """
    wanted = text.strip().lower()
    if not wanted:
        return {}
    by_tool_name = select(ToolName.tool_id).where(func.lower(ToolName.name).contains(wanted, autoescape=True))
    away = merged_away()
    by_old_name = (
        select(away.c.head_id)
        .join(Tool, Tool.id == away.c.tool_id)
        .where(func.lower(Tool.name).contains(wanted, autoescape=True))
    )
    by_name_of_old = select(away.c.head_id).where(away.c.tool_id.in_(by_tool_name))
    by_vendor_name = select(VendorName.vendor_id).where(
        func.lower(VendorName.name).contains(wanted, autoescape=True)
    )
    found = {
        "tool": session.execute(
            select(Tool.id, Tool.name)
            .where(
                Tool.merged_into_id.is_(None),
                tools.in_scope(scope),
                or_(
                    func.lower(Tool.name).contains(wanted, autoescape=True),
                    Tool.id.in_(by_tool_name),
                    Tool.id.in_(by_old_name),
                    Tool.id.in_(by_name_of_old),
                ),
            )
            .order_by(~func.lower(Tool.name).startswith(wanted, autoescape=True), Tool.name, Tool.id)
            .limit(most)
        ).all(),
        "vendor": session.execute(
            select(Vendor.id, Vendor.name)
            .where(
                Vendor.merged_into_id.is_(None),
                or_(func.lower(Vendor.name).contains(wanted, autoescape=True), Vendor.id.in_(by_vendor_name)),
            )
            .order_by(~func.lower(Vendor.name).startswith(wanted, autoescape=True), Vendor.name, Vendor.id)
            .limit(most)
        ).all(),
        "contract": session.execute(
            select(Contract.id, Contract.title)
            .where(contracts.in_scope(scope), func.lower(Contract.title).contains(wanted, autoescape=True))
            .order_by(Contract.title, Contract.id)
            .limit(most)
        ).all(),
    }
    return {
        kind: tuple(Ref(kind=kind, id=row[0], label=row[1]) for row in rows)
        for kind, rows in found.items()
        if rows
    }
