"""Pages: HTTP to calls of the core, results to pages. :func:`register` puts all of them on an application.

How to add a page
=================
1. **A module** ``blueprints/<area>.py`` with ``blueprint = Blueprint("<area>", __name__)``. It is found by itself.
   No url prefix is added: write the whole path in ``@blueprint.get("/tools")``.
2. **Its permission**: a line in ``permissions.ROUTES`` for the endpoint, method → :class:`permissions.Action`.
   An endpoint that does not stand there is refused. What the actions allow which role stands in
   ``permissions.ACTIONS``; the same tables are the page ``/help/roles`` and the test of all routes.
3. **Its navigation entry**, if it has one: ``navigation = (Entry("tools.index", "Tools", Group.STACK, 20),)`` in
   the module (:mod:`blueprints.navigation`). It shows for whoever may open it.
4. **The scope**: ``shell.scope()`` is the :class:`mopsaudit.scope.Scope` of the request (``as_of`` and ``unit`` of
   the address, cut to the units in which the person may do what the route does). Every link made by ``url_for``
   keeps both; pass ``as_of=None`` to drop them. ``shell.today()`` and ``shell.now()`` are the request's clock.
5. **Reading**: ``with reading() as session:`` of the store. **Writing**: ``forms.submit(form, work)`` opens the unit
   of work as the person, runs ``work(session)`` once however often the form is sent, and redirects to the address
   it returns; what the core refuses (``InvalidError``, ``ConflictError``) comes back on the form. A record of another
   unit: ``identity.require_unit(unit_id)`` raises the same ``NotFoundError`` as a missing one.
6. **A form**: a class on :class:`forms.Form` (it carries the CSRF and the one-time token; ``VersionedForm`` also the
   version the person saw). The view in full::

       @blueprint.route("/tools/<int:tool_id>/edit", methods=["GET", "POST"])
       def edit(tool_id: int) -> ResponseReturnValue:
           with reading() as session:
               tool = inventory.get_tool(session, tool_id, shell.scope())
           form = ToolForm(obj=tool)
           if form.validate_on_submit():
               def work(session: Session) -> str:
                   inventory.rename_tool(session, tool_id, name=form.name.data, version=form.seen_version)
                   return url_for("tools.show", tool_id=tool_id)
               done = submit(form, work, said="Saved.")
               if done is not None:
                   return done
           return form_page("tools/edit.html", form, tool=tool)

   Fixed choices of a ``SelectField`` are a mapping value → label (pairs are deprecated there).
   In the template: ``{% call forms.form(form, "Save") %}{{ forms.field(form.name) }}{% endcall %}``.
7. **A table**: columns and rows of :mod:`mopsaudit.reporting`::

       table = tables.of_rows(columns, rows, name="tools")      # searches, filters, sorts, pages what it is given
       return tables.page(table, "tools/index.html", title=…)   # the page, or the .csv/.xlsx of what is shown

   and ``{{ tables.table(table) }}`` in the template. A long list that SQL has to page uses ``tables.asked(columns)``
   for what the address asks, and ``tables.of_page`` with the page's rows, the count and the sums.
8. **The page**: extends ``base.html``; ``{% from "macros/page.html" import head %}`` for title, answer sentence, trust
   line and at most four figures; ``{% from "macros/page.html" import history, empty, facts_list %}``. Macros that need
   the request are imported ``with context``. Blocks: ``title``, ``crumbs``, ``content``.
   Filters: ``money``, ``exact``, ``count``, ``percent``, ``day``, ``until``, ``moment``, ``value``, ``ref_url``.
   Never ``style=`` and never a ``<script>`` with text: the content policy blocks both.
9. **A step that cannot be taken back**: link to a page that extends ``confirm.html`` (a form with one button that says
   what will happen). **What was done**: ``said=`` of ``submit`` or ``flash("Saved.", "good")`` (good, warn, bad).
10. **Record pages**: ``links.REF_ENDPOINTS`` says where a :class:`reporting.Ref` of each kind leads; add yours.
11. A page of its own script or style: a file in ``static/``, linked by ``{{ asset("name.js") }}`` in block ``head``.
"""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint, Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from blueprints import (
    failures,
    filters,
    headers,
    identity,
    limits,
    list_addresses,
    navigation,
    permissions,
    shell,
)


def register(app: Flask) -> None:
    """Put every page on the app, with the guard, the headers and the error pages.

    The app has its secret key, its database (``store.session.init_app``) and Flask-Security with our user store
    (``register_blueprint=False``: its own views stay off, ours use its hashing, its session and its second factor).
    """
    app.config.update(
        BOOTSTRAP_SERVE_LOCAL=True,
        PROVIDE_AUTOMATIC_OPTIONS=False,  # OPTIONS is a method like any other: refused where it is not declared
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session lives
    )
    app.url_map.strict_slashes = False
    Bootstrap5(app)
    headers.init_app(app)  # first: an unknown host is answered before anything is asked
    identity.init_app(app)
    limits.init_app(app)  # before the token is looked for: that reads the form
    CSRFProtect(app)
    permissions.init_app(app)
    shell.init_app(app)
    list_addresses.init_app(app)
    filters.init_app(app)
    failures.init_app(app)
    entries: list[navigation.Entry] = []
    for info in sorted(iter_modules(__path__), key=lambda each: each.name):
        module = import_module(f"{__name__}.{info.name}")
        blueprint, own = getattr(module, "blueprint", None), getattr(module, "navigation", None)
        if isinstance(blueprint, Blueprint):
            app.register_blueprint(blueprint)
        if isinstance(own, tuple):
            entries.extend(own)
    navigation.init_app(app, entries)
