"""Faults the core raises and the edges translate: into a form error, a page, or an exit status."""


class MopsauditError(Exception):
    """Base of the product's own faults; its text is a sentence a person can act on."""


class NotFoundError(MopsauditError):
    """No such record, or none within the caller's scope: both answer alike."""


class NotAllowedError(MopsauditError):
    """The person's role or unit does not permit this."""


class InvalidError(MopsauditError):
    """An input breaks a rule of the domain. ``field`` names the input it belongs to, if one does."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class ConflictError(MopsauditError):
    """Somebody else changed the record meanwhile. ``theirs`` holds the values now stored, for both to be shown."""

    def __init__(self, sentence: str, theirs: dict[str, object] | None = None) -> None:
        super().__init__(sentence)
        self.theirs = theirs or {}


class ApprovalOutdatedError(MopsauditError):
    """The facts an approval was asked for have changed; it must be asked for anew."""
