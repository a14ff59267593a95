"""What every kind of picture asks of a series: its colour, its texture and its values as heights."""

from typing import Final

from mopsaudit.figures.tokens import CYCLE, TOKENS
from mopsaudit.money import exponent
from mopsaudit.reporting import Plot, Series

#: Series are told apart without colour too, on paper and by those who see few.
_TEXTURES: Final = (None, "\\\\\\\\", "----", "xxxx", "||||")


def token(series: Series, index: int) -> str:
    """The token of its colour: the one it names, else the next of the cycle."""
    return series.colour if series.colour in TOKENS else CYCLE[index % len(CYCLE)]


def floats(plot: Plot, series: Series) -> list[float | None]:
    """Its values in whole units of the plot's currency, for drawing alone; None where unknown."""
    # Only the picture's geometry is approximate; every printed figure comes from the table beside it.
    scale = 10 ** exponent(plot.currency) if plot.currency else 1
    return [None if value is None else float(value) / scale for value in series.values]


def texture(index: int, count: int) -> str | None:
    """The texture of a series among several; one alone needs none."""
    return _TEXTURES[index % len(_TEXTURES)] if count > 1 else None
