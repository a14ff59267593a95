"""The refusal of a whole file, as every reader raises it."""

from mopsaudit.problems import RefusedError


def refuse(code: object, sentence: str) -> RefusedError:
    """The refusal of a whole file, ready to raise."""
    return RefusedError(sentence, code=getattr(code, "code", "file.refused"))
