"""Patterns of rules that cannot run away: globs and regular expressions matched in time linear in the text.

A pattern becomes a set of states which are walked side by side, one step a character; nothing is ever tried twice, so
no pattern and no text can make a match slow, and the answer never depends on how busy the machine is. What cannot be
matched so (look-ahead, back-references) is refused with a sentence. Case does not count.
"""

import string
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

#: Longest pattern, and most states it may become: ``(a{50}){50}`` is short and large.
LONGEST: Final = 200
MOST_STATES: Final = 1_000
_MOST_REPEATS: Final = 100
_KEPT: Final = 2_000

Test = Callable[[str], bool]


class PatternError(ValueError):
    """A pattern that cannot be used; the text is a sentence for the person who typed it."""


class _Char:
    __slots__ = ("out", "test")

    def __init__(self, test: Test, out: int) -> None:
        self.test, self.out = test, out


class _Fork:
    __slots__ = ("outs",)

    def __init__(self, *outs: int) -> None:
        self.outs = list(outs)


class _At:
    __slots__ = ("out", "where")

    def __init__(self, where: str, out: int) -> None:
        self.where, self.out = where, out


#: What a pattern says, before it becomes states: it is asked to build itself in front of the state ``out``.
Build = Callable[["_Nodes", int], int]


class _Nodes(list[_Char | _Fork | _At]):
    def new(self, node: _Char | _Fork | _At) -> int:
        if len(self) >= MOST_STATES:
            raise PatternError("The pattern repeats too much; make it shorter.")
        self.append(node)
        return len(self) - 1


def _char(test: Test) -> Build:
    return lambda nodes, out: nodes.new(_Char(test, out))


def _at(where: str) -> Build:
    return lambda nodes, out: nodes.new(_At(where, out))


def _sequence(parts: Iterable[Build]) -> Build:
    each = tuple(parts)

    def build(nodes: _Nodes, out: int) -> int:
        for part in reversed(each):
            out = part(nodes, out)
        return out

    return build


def _either(parts: Iterable[Build]) -> Build:
    each = tuple(parts)
    return lambda nodes, out: nodes.new(_Fork(*(part(nodes, out) for part in each)))


def _repeat(part: Build, low: int, high: int | None) -> Build:
    def build(nodes: _Nodes, out: int) -> int:
        if high is None:
            fork = _Fork(out)
            out = nodes.new(fork)
            fork.outs.append(part(nodes, out))
        else:
            end = out
            for _ in range(high - low):
                out = nodes.new(_Fork(end, part(nodes, out)))
        for _ in range(low):
            size = len(nodes)
            out = part(nodes, out)
            if len(nodes) == size:
                break  # nothing, however often, is nothing: (((){100}){100}){100} is no work
        return out

    return build


def _same(sign: str) -> Test:
    folded = sign.lower()
    return lambda char: char == sign or char.lower() == folded


def _word(char: str) -> bool:
    return char.isalnum() or char == "_"


_CLASSES: Final[dict[str, Test]] = {
    "d": str.isdecimal,
    "D": lambda char: not char.isdecimal(),
    "w": _word,
    "W": lambda char: not _word(char),
    "s": str.isspace,
    "S": lambda char: not char.isspace(),
}


class _Reader:
    """Reads what is offered: characters, ``.``, classes, groups, ``|``, repeats, and the edges of text and word."""

    def __init__(self, pattern: str) -> None:
        self.text, self.at = pattern, 0

    def whole(self) -> Build:
        found = self.alternatives()
        if self.at < len(self.text):
            raise PatternError("A closing bracket has no opening one.")
        return found

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def alternatives(self) -> Build:
        branches = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else _either(branches)

    def sequence(self) -> Build:
        parts: list[Build] = []
        while (sign := self.peek()) and sign not in "|)":
            parts.append(self.repeated())
        return _sequence(parts)

    def repeated(self) -> Build:
        part = self.atom()
        bounds = self.bounds()
        if bounds is None:
            return part
        if self.peek() == "?":
            self.at += 1  # a lazy repeat finds the same lines
        if self.peek() and self.peek() in "*+?{":
            raise PatternError(f"A repeat stands on a repeat at character {self.at + 1}; write it once.")
        return _repeat(part, *bounds)

    def bounds(self) -> tuple[int, int | None] | None:
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        sign = self.peek()
        if sign in simple and sign:
            self.at += 1
            return simple[sign]
        if sign != "{":
            return None
        inside, closed, _ = self.text[self.at + 1 :].partition("}")
        low, comma, high = inside.partition(",")
        ascii_digits = all(part.isascii() and part.isdigit() for part in (low, high) if part)
        if not closed or not low or not ascii_digits:
            raise PatternError("Write a repeat as {2}, {2,} or {2,4}; a plain brace as \\{.")
        first = int(low[:6])
        last = first if not comma else int(high[:6]) if high else None
        if max(first, last or 0) > _MOST_REPEATS or (last is not None and last < first):
            raise PatternError(f"A repeat goes up to {_MOST_REPEATS}, from the smaller number to the larger.")
        self.at += len(inside) + 2
        return first, last

    def atom(self) -> Build:
        sign = self.peek()
        self.at += 1
        match sign:
            case "(":
                return self.group()
            case "[":
                return _char(self.set_of())
            case "\\":
                return self.escaped()
            case ".":
                return _char(lambda _: True)
            case "^" | "$":
                return _at(sign)
            case "*" | "+" | "?" | "{":
                raise PatternError(f"There is nothing to repeat before “{sign}” at character {self.at}.")
            case _:
                return _char(_same(sign))

    def group(self) -> Build:
        if self.peek() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise PatternError(
                    "Look-ahead, named groups and flags are not offered; they could make a match run away."
                )
            self.at += 2
        found = self.alternatives()
        if self.peek() != ")":
            raise PatternError("An opening bracket is never closed.")
        self.at += 1
        return found

    def escaped(self) -> Build:
        sign = self.peek()
        self.at += 1
        if sign in ("b", "B"):
            return _at(sign)
        return _char(_CLASSES.get(sign) or _same(self.plain(sign)))

    def plain(self, sign: str) -> str:
        if sign and (sign in string.punctuation or sign == " "):
            return sign
        if sign.isdigit() and sign:
            raise PatternError("A reference back to a group is not offered; it could make a match run away.")
        raise PatternError(f"“\\{sign}” is not offered; use \\d, \\w, \\s, \\b or an escaped sign.")

    def set_of(self) -> Test:
        negated = self.peek() == "^"
        self.at += negated
        tests: list[Test] = []
        first = True
        while first or self.peek() != "]":
            first = False
            low = self.member()
            if callable(low):
                tests.append(low)
                continue
            if self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                high = self.member()
                if callable(high) or high < low:
                    raise PatternError(
                        "A range in square brackets goes from a smaller to a larger character."
                    )
                tests.append(_between(low, high))
            else:
                tests.append(_same(low))
        self.at += 1
        kept = tuple(tests)
        if negated:
            return lambda char: not any(test(char) for test in kept)
        return lambda char: any(test(char) for test in kept)

    def member(self) -> str | Test:
        sign = self.peek()
        if not sign:
            raise PatternError("An opening square bracket is never closed.")
        self.at += 1
        if sign != "\\":
            return sign
        sign = self.peek()
        self.at += 1
        return _CLASSES.get(sign) or self.plain(sign)


def _between(low: str, high: str) -> Test:
    return lambda char: low <= char <= high or low <= char.lower() <= high or low <= char.upper() <= high


def _glob(pattern: str) -> Build:
    """``*`` anything, ``?`` one character, ``[abc]`` one of them; the whole text has to fit."""
    parts: list[Build] = [_at("^")]
    reader = _Reader(pattern)
    while sign := reader.peek():
        reader.at += 1
        if sign == "*":
            parts.append(_repeat(_char(lambda _: True), 0, None))
        elif sign == "?":
            parts.append(_char(lambda _: True))
        elif sign == "[" and "]" in pattern[reader.at + 1 :]:
            if reader.peek() == "!":
                reader.text = pattern[: reader.at] + "^" + pattern[reader.at + 1 :]
            parts.append(_char(reader.set_of()))
        else:
            parts.append(_char(_same(sign)))
    return _sequence([*parts, _at("$")])


class _State:
    """The states a text may be in after some characters, and where each next character leads."""

    __slots__ = ("begun", "next", "nodes", "word")

    def __init__(self, nodes: frozenset[int], *, word: bool, begun: bool) -> None:
        self.nodes, self.word, self.begun = nodes, word, begun
        self.next: dict[str, _State | None] = {}


class Pattern:
    """A pattern made ready. Safe to share between threads: what it remembers is only ever added."""

    def __init__(self, build: Build) -> None:
        self._nodes = _Nodes()
        self._end = self._nodes.new(_Fork())
        self._begin = build(self._nodes, self._end)
        self._states: dict[tuple[frozenset[int], bool, bool], _State] = {}
        self._first = self._state(frozenset([self._begin]), word=False, begun=False)

    def holds(self, text: str) -> bool:
        """Whether the pattern is found in ``text``; time grows with the length of both, never faster."""
        state: _State = self._first
        for char in text:
            try:
                following = state.next[char]
            except KeyError:
                following = self._step(state, char)
            if following is None:
                return True
            state = following
        return self._end in self._reached(state, "")

    def _state(self, nodes: frozenset[int], *, word: bool, begun: bool) -> _State:
        if len(self._states) > _KEPT:
            self._states = {}
        return self._states.setdefault((nodes, word, begun), _State(nodes, word=word, begun=begun))

    def _step(self, state: _State, char: str) -> _State | None:
        reached = self._reached(state, char)
        following: _State | None = None
        if self._end not in reached:
            outs = {self._begin}
            for index in reached:
                node = self._nodes[index]
                if isinstance(node, _Char) and node.test(char):
                    outs.add(node.out)
            following = self._state(frozenset(outs), word=_word(char), begun=True)
        if len(state.next) < _KEPT:
            state.next[char] = following
        return following

    def _reached(self, state: _State, char: str) -> set[int]:
        """All nodes reachable without a character, before ``char`` (empty: at the end of the text)."""
        edge = state.word != (_word(char) if char else False)
        holds = {"^": not state.begun, "$": not char, "b": edge, "B": not edge}
        seen: set[int] = set()
        waiting = list(state.nodes)
        while waiting:
            index = waiting.pop()
            if index in seen:
                continue
            seen.add(index)
            node = self._nodes[index]
            if isinstance(node, _Fork):
                waiting += node.outs
            elif isinstance(node, _At) and holds[node.where]:
                waiting.append(node.out)
        return seen


@lru_cache(maxsize=1024)
def compiled(pattern: str, *, glob: bool) -> Pattern:
    """The pattern ready to be asked.

    Raises:
        PatternError: a sentence saying why it cannot be used.
    """
    if not pattern.strip():
        raise PatternError("The pattern is empty.")
    if len(pattern) > LONGEST:
        raise PatternError(f"A pattern has at most {LONGEST} characters; this one has {len(pattern)}.")
    try:
        return Pattern(_glob(pattern) if glob else _Reader(pattern).whole())
    except RecursionError as error:
        raise PatternError("The pattern has too many brackets in each other.") from error
