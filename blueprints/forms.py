"""Forms: they re-show what was typed, have one effect however often sent, and show both versions of a conflict."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import Field, HiddenField

from blueprints import identity, shell
from mopsaudit.errors import ApprovalOutdatedError, ConflictError, InvalidError, NotAllowedError
from mopsaudit.organisation import claim_form_token, keep_form_location
from mopsaudit.store.session import Actor, unit_of_work

UNPROCESSABLE: Final = 422


class Form(FlaskForm):
    """A form of ours. ``once`` is a token each shown form gets: a second post of it finds the first one's result.

    ``problems`` are sentences that belong to no single field; ``theirs`` holds the stored values after a conflict.
    """

    once = HiddenField(default=lambda: secrets.token_urlsafe(18))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[str] = []
        self.theirs: Mapping[str, object] = {}

    @property
    def shown_fields(self) -> list[Field]:
        """Every field a person fills in, in order."""
        return [each for each in self if each.type not in ("HiddenField", "CSRFTokenField", "SubmitField")]

    def refuse(self, error: InvalidError) -> None:
        """Put what the core refused beside the field it names, else at the top of the form."""
        target = getattr(self, error.field, None) if error.field else None
        if isinstance(target, Field) and target.type not in ("HiddenField", "CSRFTokenField"):
            target.errors = [*target.errors, str(error)]
        else:
            self.problems.append(str(error))


class VersionedForm(Form):
    """A form that edits a record: it carries the version the person saw."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version the person saw; 0, which is never current, where the field was tampered with."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """What takes a step back: an address of ours and what is sent there; the route checks it as if typed anew.

    A field that was chosen several times has a list.
    """

    address: str
    fields: Mapping[str, str | int | list[str | int]]

    def beside(self, said: str) -> dict[str, Any]:
        """The message with its button, as the page's notices show it."""
        return {"said": said, "address": self.address, "fields": dict(self.fields)}


def submit(
    form: Form,
    work: Callable[[Session], str],
    *,
    said: str | None = None,
    reason: str | None = None,
    actor: Actor | None = None,
    undo: Undo | None = None,
) -> ResponseReturnValue | None:
    """Run ``work`` once in a unit of work and redirect to the address it returns.

    ``undo`` is offered beside ``said``: a button that sends a form of its own, checked like any other.

    The same form (its ``once``, sent to the same address) sent again redirects there too and does nothing.
    None when the core refused: the form then carries
    the sentences (and, after an edit conflict, the stored values), and the view shows it again with :func:`form_page`.
    """
    who = identity.current()
    acting = actor or (who.actor if who is not None else None)
    if acting is None:
        raise RuntimeError("nobody is signed in to act")
    token = f"{acting.label}|{request.path}|{form.once.data}" if form.once.data else None
    try:
        with unit_of_work(acting, now=shell.now(), reason=reason) as session:
            earlier = claim_form_token(session, token, now=shell.now()) if token else None
            if earlier is not None:
                return redirect(earlier, 303)
            location = work(session)
            if token:
                keep_form_location(session, token, location)
    except InvalidError as error:
        form.refuse(error)
        return None
    except ConflictError as error:
        form.problems.append(str(error))
        form.theirs = dict(error.theirs)
        if isinstance(form, VersionedForm) and "version" in form.theirs:
            # What is sent next is decided on with both versions in sight.
            form.version.data = str(form.theirs["version"])
        form.once.data = secrets.token_urlsafe(18)
        return None
    except (NotAllowedError, ApprovalOutdatedError) as error:
        form.problems.append(str(error))
        return None
    if said:
        flash(said if undo is None else undo.beside(said), "good")  # type: ignore[arg-type]  # any JSON is kept
    return redirect(location, 303)


def form_page(template: str, form: Form, /, **values: Any) -> ResponseReturnValue:
    """The page with the form: 200 when it is first shown, 422 when what was sent did not go through."""
    failed = request.method == "POST"
    if failed and not form.theirs:
        form.once.data = form.once.data or secrets.token_urlsafe(18)
    response = make_response(render_template(template, form=form, **values))
    response.status_code = UNPROCESSABLE if failed else 200
    return response
