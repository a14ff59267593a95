"""Two records of one tool: what merging them moves, merging, and taking it back."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import SelectField
from wtforms.validators import DataRequired

from blueprints import choices, shell
from blueprints.forms import Form, VersionedForm, form_page, submit
from mopsaudit.intake.settling import rematch_open
from mopsaudit.intake.waiting_users import follow_names
from mopsaudit.inventory import merges, tools
from mopsaudit.store.session import reading

blueprint = Blueprint("tool_merges", __name__)


class MergeForm(VersionedForm):
    """The tool that stays; the version is that of the one that is merged into it."""

    into_id = SelectField(
        "Tool it is merged into", coerce=int, validators=[DataRequired("Choose the tool that stays.")]
    )


@blueprint.route("/tools/<int:tool_id>/merge", methods=["GET", "POST"])
def merge(tool_id: int) -> ResponseReturnValue:
    """Choose the tool that stays, look at what counts on it afterwards, and merge."""
    asked = request.args.get("into", type=int)
    with reading() as session:
        scope = shell.scope()
        tool = tools.get_tool(session, scope, tool_id)
        if tool.merged_into_id is not None:
            return redirect(url_for("tools.show", tool_id=tool_id))
        form = MergeForm(data={"version": tool.version, "into_id": asked})
        others = [each for each in choices.tools(session) if each[0] not in ("", tool_id)]
        form.into_id.choices = [(0, "Choose a tool"), *others]
        mine = theirs = None
        if any(each[0] == asked for each in others) and asked is not None:
            into = tools.get_tool(session, scope, asked)
            mine = merges.moving(session, scope, tool, into)
            theirs = merges.moving(session, scope, into)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            into = tools.get_tool(session, shell.scope(), form.into_id.data)
            merges.merge_tools(session, tool_id, into.id, version=form.seen_version, now=shell.now())
            follow_names(session)  # users of an application two tools were called by
            return url_for("tools.show", tool_id=into.id)

        done = submit(form, work, said="Merged. It can be taken back on this page.")
        if done is not None:
            return done
    return form_page("tools/merge.html", form, tool=tool, mine=mine, theirs=theirs)


@blueprint.post("/tools/merges/<int:merge_id>/undo")
def undo(merge_id: int) -> ResponseReturnValue:
    """Take a merge back: the tool stands for itself again."""
    form = Form()
    with reading() as session:
        made = merges.find_merge(session, merge_id)
        into = tools.get_tool(session, shell.scope(), made.into_id)
    if form.validate_on_submit():

        def work(session: Session) -> str:
            tool = merges.unmerge_tools(session, merge_id, now=shell.now())
            rematch_open(session, shell.settings())  # the names it lent lead to it again
            return url_for("tools.show", tool_id=tool.id)

        done = submit(form, work, said="The merge is taken back.")
        if done is not None:
            return done
    return form_page("tools/unmerge.html", form, into=into)
