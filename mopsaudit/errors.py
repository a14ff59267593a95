"""Faults the core raises and the edges translate: into a form error, a page, or an exit status."""

import errno
from typing import Final


class MopsauditError(Exception):
    """Base of the product's own faults; its text is a sentence a person can act on."""


class DiskError(MopsauditError):
    """The data folder cannot be written: full, over its quota or read-only. Nothing was half-written."""


_NO_ROOM: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def disk_error(error: OSError) -> DiskError | None:
    """What a person is told when a write failed for want of room or permission to write; None for other faults."""
    if error.errno in _NO_ROOM:
        return DiskError("The disk is full; nothing was changed. Free some space and do it again.")
    if error.errno == errno.EROFS:
        return DiskError("The disk is read-only; nothing was changed. Make it writable and do it again.")
    return None


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
