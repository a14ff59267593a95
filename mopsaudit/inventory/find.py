"""Quick search: records of the inventory by a part of any of their names."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from mopsaudit.facts.merges import merged_away
from mopsaudit.facts.named import holds
from mopsaudit.inventory import contracts, tools
from mopsaudit.reporting import Ref
from mopsaudit.scope import Scope
from mopsaudit.store.inventory import Contract, Tool, ToolName, Vendor, VendorName


def find_named(session: Session, scope: Scope, text: str, *, most: int = 10) -> dict[str, tuple[Ref, ...]]:
    """Tools and contracts of the scope and vendors one of whose names holds every word of ``text``; case is no matter.

    By kind (``tool``, ``vendor``, ``contract``), names that begin with it first, at most ``most`` of each; kinds with
    none are left out.
    """
    words = text.lower().split()
    if not words:
        return {}
    wanted = text.strip().lower()
    by_tool_name = select(ToolName.tool_id).where(holds(ToolName.name, words))
    away = merged_away()
    by_old_name = select(away.c.head_id).join(Tool, Tool.id == away.c.tool_id).where(holds(Tool.name, words))
    by_name_of_old = select(away.c.head_id).where(away.c.tool_id.in_(by_tool_name))
    by_vendor_name = select(VendorName.vendor_id).where(holds(VendorName.name, words))
    found = {
        "tool": session.execute(
            select(Tool.id, Tool.name)
            .where(
                Tool.merged_into_id.is_(None),
                tools.in_scope(scope),
                or_(
                    holds(Tool.name, words),
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
                or_(holds(Vendor.name, words), Vendor.id.in_(by_vendor_name)),
            )
            .order_by(~func.lower(Vendor.name).startswith(wanted, autoescape=True), Vendor.name, Vendor.id)
            .limit(most)
        ).all(),
        "contract": session.execute(
            select(Contract.id, Contract.title)
            .where(contracts.in_scope(scope), holds(Contract.title, words))
            .order_by(Contract.title, Contract.id)
            .limit(most)
        ).all(),
    }
    return {
        kind: tuple(Ref(kind=kind, id=row[0], label=row[1]) for row in rows)
        for kind, rows in found.items()
        if rows
    }
