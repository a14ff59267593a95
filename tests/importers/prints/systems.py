"""What the exports of systems share: what is drawn for one, how it writes an amount."""

import random
from pathlib import Path
from typing import Any

from tests.importers.prints.drawn import Line, Printed, Tongue

Draw = tuple[random.Random, Path, Tongue, list[Line]]


def english(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100:,}.{abs(cents) % 100:02}"


def comma(cents: int, *, grouped: bool = True) -> str:
    text = english(cents) if grouped else english(cents).replace(",", "")
    return text.translate(str.maketrans(",.", ".,"))


def done(path: Path, lines: list[Line], base: str, name: str, **extra: Any) -> Printed:
    return Printed(path=path, lines=lines, base=base, habits={"family": name}, **extra)
