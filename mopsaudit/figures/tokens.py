"""Colour tokens of the light theme and the class by which a page's theme recolours each (see DESIGN)."""

from typing import Final

#: Token → light colour. What is drawn carries it as an attribute (the picture looks right alone) and as a class.
TOKENS: Final[dict[str, str]] = {
    "ink": "#1d2430",
    "muted": "#566072",
    "line": "#d9d6cf",
    "panel": "#ffffff",
    "accent": "#0b5c6b",
    "good": "#1d6b3c",
    "warn": "#8a5300",
    "bad": "#a32a1f",
    "intelligence": "#2f6fb0",
    "engagement": "#b8521b",
    "operations": "#1b7f65",
    "performance": "#84508f",
}

#: The same tokens in the dark theme, for pictures that follow no page.
DARK: Final[dict[str, str]] = {
    "ink": "#e7eaee",
    "muted": "#a3adba",
    "line": "#323a45",
    "panel": "#1b2027",
    "accent": "#6cc5d6",
    "good": "#7fcf9b",
    "warn": "#e6b35c",
    "bad": "#f1948a",
    "intelligence": "#8db8e8",
    "engagement": "#f0a878",
    "operations": "#7cd0b8",
    "performance": "#cfa3da",
}

#: The colour of an SVG → its token.
BY_COLOUR: Final[dict[str, str]] = {colour: token for token, colour in TOKENS.items()}

#: Order in which a chart without meanings of its own takes colours.
CYCLE: Final = ("accent", "muted", "warn", "good", "bad")


def colour(token: str) -> str:
    """The light colour of a token.

    Raises:
        KeyError: for a name that is no token.
    """
    return TOKENS[token]
