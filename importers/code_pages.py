"""Which encoding a text file is written in: by its mark, as UTF-8, else the code page its words are words in."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import pairwise

from importers.words import SPEND, Words

#: Letters and signs that stand in Western business text; what else a guess decodes to speaks against it.
_WESTERN = frozenset("£€áéíóúàèìòùâêîôûäëïöüñçßåøæãõÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛÄËÏÖÜÑÇÅØÆÃÕ’‘“”–—•…´°²½©®™§ \xa0")
_CENTRAL = frozenset(
    "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽäöüÄÖÜßőűŐŰăâîşţĂÂÎŞŢôľĺŕđ€’‘“”„–—•…´°§®© \xa0"
)
_TURKISH = frozenset("çğıöşüÇĞİÖŞÜâîûÂ€’‘“”„–—•…´°§®© \xa0")
_ICELANDIC = frozenset("áéíóúýþæöðÁÉÍÓÚÝÞÆÖÐ€’‘“”„–—•…´°§®© \xa0")
_BALTIC = frozenset("ąčęėįšųūžĄČĘĖĮŠŲŪŽāēģīķļņĀĒĢĪĶĻŅõäöüÕÄÖÜ€’‘“”„–—•…´°§®© \xa0")
#: Turkish stands before the Central European page: of text that fits both, only the Turkish ends words in ``ý``.
_PAGES = (
    ("cp1252", _WESTERN),
    ("cp437", _WESTERN),
    ("cp850", _WESTERN),
    ("mac_roman", _WESTERN),
    ("cp1254", _TURKISH),
    ("cp1252", _ICELANDIC),
    ("cp1250", _CENTRAL),
    ("cp1257", _BALTIC),
)
#: Code pages of other scripts, with the letters that text in them is made of.
_SCRIPTS = (
    ("cp932", "\u3000-\u30ff\u3400-\u9fff\uff01-\uff9f"),
    ("gb18030", "\u4e00-\u9fff"),
    ("cp949", "\uac00-\ud7a3"),
    (
        "euc_jp",
        "\u3040-\u30ff\u4e00-\u9fff",
    ),  # half of what is Big5 cannot be this; the other way round all can
    ("big5", "\u4e00-\u9fff"),
    ("cp1251", "\u0410-\u044f\u0451\u0454\u0456\u0457"),
    ("koi8_r", "\u0410-\u044f\u0451"),
    ("cp1253", "\u0386-\u03ce"),
    ("cp1255", "\u05d0-\u05ea"),
    ("cp1256", "\u0621-\u064a"),
    ("cp874", "\u0e01-\u0e3a\u0e40-\u0e4e"),
)
#: Thai signs that stand above, below or behind a consonant and never begin a word.
_THAI_MARK = re.compile("(?<![\u0e01-\u0e4e])[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]")
#: A letter no Greek word is made of so: one sigma ends words, the other never does, one vowel hardly stands at all, and
#: no capital follows a small letter.
_GREEK_MARK = re.compile("\u03b0|\u03c2(?=\\w)|\u03c3(?!\\w)|[\u03ac-\u03ce](?=[\u0391-\u03a9])")
#: A capital within a word, between small letters: no word is written so, whatever the language.
_INNER_CAPITAL = re.compile(r"[^\W\d_]{2,}")
_WORDS = Words(SPEND)
_CELLS = re.compile(r"[,;\t|\r\n]+")
_CONTROLS = tuple(bytes([sign]) for sign in range(1, 32) if sign not in b"\t\r\n\f\v\x1a")
_HEAD, _SAMPLE = 20_000, 200_000
#: Where this share of the bytes beyond ASCII stands beside another, they are no accented letters of Western text.
_RUNS = 0.45
#: A larger share of rare characters than names in Japanese have.
_RARE = 0.2


def decode_told(data: bytes) -> tuple[str, list[int]]:
    """Bytes as text, and the lines (from 1) that are written in another encoding than UTF-8 though others are in it."""
    body = data.removeprefix(b"\xef\xbb\xbf")
    mixed = None if b"\0" in data[:4096] or data.startswith((b"\xff\xfe", b"\xfe\xff")) else _mixed(body)
    return mixed or (decode(data), [])


def _mixed(data: bytes) -> tuple[str, list[int]] | None:
    """Text of lines some of which are UTF-8, some not; None where one encoding serves for all.

    A line of an old code page is hardly ever UTF-8 by chance: where a third of the lines beyond ASCII are, they are
    meant to be.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None
    lines = data.splitlines(keepends=True)
    beyond = [number for number, line in enumerate(lines) if not line.isascii()]
    texts: dict[int, str] = {}
    for number in beyond:
        with suppress(UnicodeDecodeError):
            texts[number] = _whole(lines[number])
    others = [number for number in beyond if number not in texts]
    if len(texts) * 3 < len(beyond) or not texts:
        return None
    page = _code_page(b"".join(lines[number] for number in others)) if others else "ascii"
    text = "".join(
        texts[number] if number in texts else line.decode(page if not line.isascii() else "ascii", "replace")
        for number, line in enumerate(lines)
    )
    return text, [number + 1 for number in others]


def _whole(line: bytes) -> str:
    """A line of UTF-8, signs written in two halves put together; half a sign is none."""
    text = line.decode("utf-8", "surrogatepass")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def decode(data: bytes) -> str:
    """Bytes as text: by their mark, as UTF-8, as UTF-16 without a mark, else the likeliest of the old code pages."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return data.decode("utf-32", "replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    head = data[:4096]
    if len(head) >= 4 and head.count(b"\0") > len(head) // 3:
        return data.decode("utf-16-le" if head[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if sum(map(head.count, _CONTROLS)) > len(head) // 50:
            return data.decode(
                "cp1252", "replace"
            )  # no text in any code page: whoever reads it sees the signs
        return data.decode(_code_page(data), "replace")


#: What stands behind figures in scripts of their own: yuan, yen, won, pieces, days.
_MONEY_SIGNS = frozenset("元 円 圆 圓 원 万 日 年 月 個 个 件 р руб ₽ грн ლ ბ".split())


def _code_page(data: bytes) -> str:
    """The likeliest code page: the one whose words are headings we know, then the one whose letters fit best."""
    head = data[:_SAMPLE]
    high = re.findall(rb"[\x80-\xff]+", head)
    count = sum(map(len, high))
    if sum(len(run) for run in high if len(run) > 1) >= _RUNS * count:
        script = _script(head)
        if script is not None:
            return script
    scored = list(_western(data))
    named = {page: _headings(head, page) for page, _ in scored}
    return max(scored, key=lambda entry: (named[entry[0]], entry[1]))[0]


def _script(data: bytes) -> str | None:
    """The code page of another script the bytes are text in; None where none fits."""
    best: tuple[int, float] = (0, 0.0)
    found: str | None = None
    for page, letters in _SCRIPTS:
        try:  # a letter cut at the end of the sample is no fault
            text = codecs.getincrementaldecoder(page)().decode(data, final=False)
        except UnicodeDecodeError:
            continue
        if _inside_words(text, letters):
            continue  # accented letters of Western words, whatever else they might be
        if _behind_figures(text, letters):
            continue  # a blank and a euro sign behind amounts
        beyond = re.findall(r"[^\x00-\x7f]", text)
        share = len(re.findall(f"[{letters}]", "".join(beyond))) / max(len(beyond), 1)
        lower = sum(sign.islower() for sign in beyond) / max(len(beyond), 1)
        if page == "gb18030":
            share *= 0.5 + 0.5 * _common_han(beyond)
        if page == "cp932":
            share *= 1 - 0.5 * _rare_kanji(beyond)
        if "\u0e01" in letters:
            share *= 1 - min(1.0, 4 * len(_THAI_MARK.findall(text)) / max(len(beyond), 1))
        if page == "cp1253":
            share *= 1 - min(1.0, 4 * len(_GREEK_MARK.findall(text)) / max(len(beyond), 1))
        if "\u0410" in letters:
            share *= 0.5 + 0.5 * lower  # the two Cyrillic pages differ in which letters are capitals
        told = (_headings(data, page), share)
        if share < 0.5 and told[0] < 2:
            continue
        if told > best:
            best, found = told, page
    return found


def _common_han(signs: Sequence[str]) -> float:
    """Share of the signs that the small Chinese set holds: text of another page decodes to rare ones."""
    known = "".join(signs).encode("gb2312", "ignore").decode("gb2312", "ignore")
    return len(known) / max(len(signs), 1)


def _rare_kanji(signs: Sequence[str]) -> float:
    """Share of the signs that are rare characters, where it is no name's doing: Russian text decodes to those."""
    rare = sum("\u3400" <= sign <= "\u9fff" and sign.encode("cp932", "replace") >= b"\x98" for sign in signs)
    share = rare / max(len(signs), 1)
    return share if share > _RARE else 0.0


def _behind_figures(text: str, letters: str) -> bool:
    """Whether nearly all of a script's letters stand within plain words or are one sign behind figures, and none of
    those for money there.
    """
    runs = re.findall(f"[{letters}]+", text)
    behind = re.findall(f"(?<=[0-9])[{letters}]+", text)
    within = re.findall(f"(?<=[A-Za-z])[{letters}]+|[{letters}]+(?=[A-Za-z])", text)
    odd = len(behind) + len(within)
    return (
        bool(behind)
        and odd * 5 >= len(runs) * 4
        and {*behind} == {behind[0]}
        and behind[0] not in _MONEY_SIGNS
    )


def _inside_words(text: str, letters: str) -> bool:
    """Whether runs of a script's letters stand mostly within words of plain letters, as no word of two scripts does."""
    runs = len(re.findall(f"[{letters}]+", text))
    joined = len(re.findall(f"(?<=[A-Za-z])[{letters}]+|[{letters}]+(?=[A-Za-z])", text))
    return joined * 2 > runs


def _western(data: bytes) -> Iterable[tuple[str, float]]:
    counts = Counter(byte for byte in data if byte >= 0x80)
    for page, plausible in _PAGES:
        score = 0.0
        for byte, count in counts.items():
            try:
                sign = bytes([byte]).decode(page)
            except UnicodeDecodeError:
                score -= 5 * count
                continue
            if sign in "£€":
                score += 1.5 * count
            else:
                score += count if sign in plausible else -count
        score -= 2 * _inner_capitals(data[:_SAMPLE], page)
        if page == "cp1252" and plausible is _WESTERN:
            score += 0.25 * sum(counts.values())  # the commonest by far, when nothing else speaks
        yield page, score


def _inner_capitals(data: bytes, page: str) -> int:
    """How many letters beyond ASCII stand as capitals right behind a small letter: ``raËun`` for ``račun``."""
    return sum(
        one.islower() and two.isupper() and not two.isascii()
        for word in set(_INNER_CAPITAL.findall(data.decode(page, "replace")))
        for one, two in pairwise(word)
    )


def _headings(data: bytes, page: str) -> int:
    """How many of the first cells beyond ASCII are headings somebody listed, decoded so."""
    cells = _CELLS.split(data[:_HEAD].decode(page, "replace"))[:400]
    told = {cell.strip().strip('"') for cell in cells if not cell.isascii() and len(cell) <= 60}
    return sum(max(_WORDS.fields(cell).values(), default=0.0) >= 0.9 for cell in told)
