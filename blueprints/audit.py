"""The Excel audit report: what it holds, and the download."""

from io import BytesIO

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from blueprints import identity, shell
from blueprints.navigation import Entry, Group
from mopsaudit.reports.registry import REPORTS
from mopsaudit.store.session import reading
from mopsaudit.workbook.audit import write_audit

blueprint = Blueprint("audit", __name__)
navigation = (Entry("audit.show", "Audit workbook", Group.REPORTS, 90),)


@blueprint.get("/audit")
def show() -> ResponseReturnValue:
    """What the workbook will hold in the scope of the address."""
    return render_template("exports/audit.html", rooms=REPORTS.values(), scope=shell.scope())


@blueprint.get("/audit/workbook.xlsx")
def workbook() -> ResponseReturnValue:
    """The audit workbook of the scope."""
    who = identity.person()
    scope = shell.scope()
    target = BytesIO()
    with reading() as session:
        write_audit(session, scope, target, created=shell.now(), prepared_by=who.name or who.email)
    target.seek(0)
    unit = "" if scope.whole else f"-{scope.unit_code}"
    return send_file(
        target,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=f"martech-audit{unit}-{scope.as_of.isoformat()}.xlsx",
    )
