"""The only module that lays out pages of a PDF: type, colours, figures, charts and tables on A4 lying.

Text is text (DejaVu Sans, embedded), charts are drawn as lines and areas. The document has a title, a language, an
outline and links; the same calls give the same bytes, ``created`` is the only clock.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Self

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TableCellFillMode, TextEmphasis
from fpdf.fonts import FontFace, TTFFont
from fpdf.prefs import ViewerPreferences

from mopsaudit.workbook.cells import BAND, HAIR, INK, MUTED
from mopsaudit.workbook.letters import as_seen, fallback_fonts

#: Millimetres: the page's margins, and the width between them.
MARGIN: Final = 16.0
WIDTH: Final = 297.0 - 2 * MARGIN
_FONT: Final = "DejaVu"


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _fonts() -> Path:
    """Where the embedded type lies: it comes with the library that draws the pages' charts."""
    spec = find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The type for PDF files is missing; it comes with matplotlib.")
    return Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"


class Paper(FPDF):
    """A document being written from the top of its first page."""

    def __init__(self, *, title: str, subject: str, author: str, created: datetime, foot: str) -> None:
        super().__init__(orientation="landscape", unit="mm", format="A4")
        self.foot = foot
        self.contents: int | None = None
        self.unshown: set[str] = set()
        self._elsewhere: set[int] = set()
        self._fallbacks_loaded = False
        self.set_margins(MARGIN, 14, MARGIN)
        self.set_auto_page_break(True, margin=18)
        self.add_font(_FONT, "", _fonts() / "DejaVuSans.ttf")
        self.add_font(_FONT, "B", _fonts() / "DejaVuSans-Bold.ttf")
        self.set_title(title)
        self.set_subject(subject)
        self.set_author(author)
        self.set_creator("mopsaudit")
        self.set_lang("en")
        self.set_creation_date(created)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def __enter__(self) -> Self:
        """A document that lets go of its type's files whether it is finished or not."""
        return self

    def __exit__(self, *_: object) -> None:
        """The library closes them in a finished document alone."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def footer(self) -> None:
        """The scope on the left, the way back to the contents in the middle, page x of y on the right."""
        self.set_y(-12)
        self.type(7.5, colour=MUTED)
        self.cell(WIDTH / 2, 5, self.foot)
        if self.contents is not None:
            self.cell(WIDTH / 4, 5, "Contents", link=self.contents)
        else:
            self.cell(WIDTH / 4, 5, "")
        self.cell(WIDTH / 4, 5, f"Page {self.page_no()} of {{nb}}", align="R")

    def type(self, size: float, *, bold: bool = False, colour: str = INK) -> None:
        """The type that follows."""
        self.set_font(_FONT, "B" if bold else "", size)
        self.set_text_color(*rgb(colour))

    def normalize_text(self, text: str) -> str:
        """Text as it is seen, in letters the document has.

        What its type lacks comes from a font of the system; what that lacks too stands as � and is kept in
        ``unshown``, never a silent box.
        """
        known = getattr(self.current_font, "cmap", None)
        text = as_seen(text)
        if not known or all(ord(letter) in known or letter in "\r\n\t" for letter in text):
            return super().normalize_text(text)
        self._load_fallbacks()
        shown = []
        for letter in text:
            if ord(letter) in known or letter in "\r\n\t" or ord(letter) in self._elsewhere:
                shown.append(letter)
            elif letter.isprintable():
                self.unshown.add(letter)
                shown.append("\ufffd")
        return super().normalize_text("".join(shown))

    def _load_fallbacks(self) -> None:
        """The system's fonts, when the first letter asks for them: they are large."""
        if self._fallbacks_loaded:
            return
        self._fallbacks_loaded = True
        names = []
        for number, path in enumerate(fallback_fonts()):
            name = f"Fallback{number}"
            for style in ("", "B"):  # they have no bold of their own
                self.add_font(name, style, path)
            names.append(name)
            font = self.fonts[name.lower()]
            if isinstance(font, TTFFont):
                self._elsewhere.update(font.cmap)
        if names:
            self.set_fallback_fonts(names, exact_match=False)

    def text_block(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        width: float = WIDTH,
        link: int | None = None,
    ) -> None:
        """A paragraph over ``width``, and on below it."""
        self.type(size, bold=bold, colour=colour)
        self.multi_cell(width, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def chapter(self, title: str, *, link: int | None = None, flow: bool = False) -> None:
        """A new page with its title, in the outline; ``link`` leads here from now on.

        With ``flow`` it begins below what stands, where half a page is left.
        """
        if not flow or self.get_y() > 115:
            self.add_page()
        else:
            self.ln(9)
        self.start_section(title)
        if link is not None:
            self.set_link(link, page=self.page, y=self.get_y())
        self.text_block(title, 18, bold=True)
        self.ln(1.5)

    def room(self, height: float) -> None:
        """Begin a new page where less is left."""
        if self.will_page_break(height):
            self.add_page()

    def heading(self, text: str, *, room: float = 42) -> None:
        """A heading within a page; a new page begins where less than ``room`` is left."""
        if self.will_page_break(room):
            self.add_page()
        self.ln(3)
        self.text_block(text, 11, bold=True)
        self.ln(1)

    def figures(self, cards: Sequence[tuple[str, str, str]]) -> None:
        """Up to four figures side by side: label, value, what it is."""
        if not cards:
            return
        gap, top, height = 4.0, self.get_y() + 1, 23.0
        width = (WIDTH - gap * 3) / 4
        for number, (label, value, what) in enumerate(cards[:4]):
            left = MARGIN + number * (width + gap)
            self.set_fill_color(*rgb(BAND))
            self.rect(left, top, width, height, style="F")
            for text, size, bold, colour, at in (
                (label, 8.0, False, MUTED, 2.0),
                (value, 14.0 if len(value) < 19 else 9.0, True, INK, 6.5),
                (what, 7.0, False, MUTED, 13.5),
            ):
                self.type(size, bold=bold, colour=colour)
                self.set_xy(left + 2, top + at)
                # One line, or two of what does not fit on it.
                shown = self.cut(text, (width - 6) * (1.9 if size in (9.0, 7.0) else 1.0))
                self.multi_cell(width - 4, size * 0.42, shown, align="L", padding=0)
        self.set_xy(MARGIN, top + height + 3)

    def cut(self, text: str, width: float) -> str:
        """The text in the type set, cut with ``…`` to a width."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(f"{text}…") > width:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def rows(
        self,
        heads: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[float],
        right: Sequence[bool],
    ) -> None:
        """A table with hairlines; its headings stand again on each page. Widths are shares."""
        self.type(7.5)
        self.set_draw_color(*rgb(HAIR))
        self.set_fill_color(255, 255, 255)
        self.set_line_width(0.15)
        style = FontFace(emphasis=TextEmphasis.B, color=rgb(INK), fill_color=rgb(BAND), size_pt=7.5)
        with self.table(
            width=WIDTH,
            col_widths=tuple(widths),
            text_align=tuple("RIGHT" if each else "LEFT" for each in right),
            headings_style=style,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            cell_fill_mode=TableCellFillMode.NONE,
            line_height=4.0,
            padding=(0.9, 1.5),
        ) as table:
            for cells in (heads, *rows):
                row = table.row()
                for cell in cells:
                    row.cell(cell)
        self.ln(1)

    def pair(self, label: str, value: str) -> None:
        """A label and its value on a line."""
        self.type(9, colour=MUTED)
        self.cell(40, 6, label)
        self.type(9, bold=True)
        self.cell(WIDTH - 40, 6, value, new_x="LMARGIN", new_y="NEXT")

    def signatures(self, names: Sequence[str]) -> None:
        """Lines to sign on."""
        self.set_draw_color(*rgb(MUTED))
        self.set_line_width(0.2)
        for name in names:
            self.ln(7)
            self.type(9, colour=MUTED)
            self.cell(40, 5, f"{name} by")
            top = self.get_y() + 5
            for at, width, word in ((40, 90, "name"), (135, 40, "date"), (180, 85, "signature")):
                self.line(MARGIN + at, top, MARGIN + at + width, top)
                self.set_xy(MARGIN + at, top)
                self.type(6.5, colour=MUTED)
                self.cell(width, 4, word)
            self.set_xy(MARGIN, top)

    def bytes(self) -> bytes:
        """The finished document."""
        return bytes(self.output())


def scripts_of(letters: Iterable[str]) -> tuple[str, ...]:
    """The scripts letters belong to, by the first word of their names: Hangul, Thai, CJK."""
    words = {unicodedata.name(letter, "other").split()[0] for letter in letters}
    return tuple(sorted(word if word == "CJK" else word.capitalize() for word in words))
