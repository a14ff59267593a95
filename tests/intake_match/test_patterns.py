"""Patterns of rules: the same answers as the standard library gives, in a time no pattern can stretch."""

import fnmatch
import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mopsaudit.intake.patterns import LONGEST, PatternError, compiled

_ATOMS = st.sampled_from(
    ["a", "b", "B", "1", "-", ".", "[ab]", "[^a]", "[0-9b]", r"\d", r"\w", r"\s", r"\b", "^", "$"]
)
_REPEATS = st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, _REPEATS).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
    )


EXPRESSIONS = st.recursive(_ATOMS, _grown, max_leaves=6)
TEXTS = st.text(alphabet="abB1 é-", max_size=12)


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS, TEXTS)
def test_an_expression_finds_what_the_standard_library_finds(pattern: str, text: str) -> None:
    assert compiled(pattern, glob=False).holds(text) == bool(re.search(pattern, text, re.IGNORECASE))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab*?B[]!-1", min_size=1, max_size=8), TEXTS)
def test_a_glob_fits_what_the_standard_library_fits(pattern: str, text: str) -> None:
    try:
        made = compiled(pattern, glob=True)
    except PatternError:
        return  # an empty range such as [b-a]: refused with a sentence, where the library fits nothing
    assert made.holds(text) == bool(re.match(fnmatch.translate(pattern), text, re.IGNORECASE))


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a|aa)+$", "(a|a)*b", "(.*)*(.*)*(.*)*x", "a*a*a*a*a*a*a*a*b", "(a?){50}a{50}c", "((a*)*)*b"],
)
def test_patterns_that_are_known_to_run_away_take_no_time(pattern: str) -> None:
    begun = process_time()
    assert not compiled(pattern, glob=False).holds("a" * 5_000 + "!")
    assert process_time() - begun < 2


def test_a_pattern_cannot_be_made_to_build_for_ever() -> None:
    begun = process_time()
    with pytest.raises(PatternError, match="repeats too much"):
        compiled("(((a{100}){100}){100}){100}", glob=False)
    assert compiled("((((){100}){100}){100}){100}", glob=False).holds("")
    with pytest.raises(PatternError):
        compiled("(" * 190, glob=False)
    assert process_time() - begun < 1


@pytest.mark.parametrize(
    "pattern, said",
    [
        ("", "empty"),
        ("x" * (LONGEST + 1), "at most 200"),
        ("(?=a)", "run away"),
        (r"(a)\1", "run away"),
        ("a**", "repeat stands on a repeat"),
        ("*a", "nothing to repeat"),
        ("(a", "never closed"),
        ("a)", "no opening"),
        ("[a", "never closed"),
        ("[b-a]", "smaller to a larger"),
        ("a{2,1}", "smaller number"),
        ("a{x}", "plain brace"),
        (r"\q", "not offered"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(pattern: str, said: str) -> None:
    with pytest.raises(PatternError, match=re.escape(said)):
        compiled(pattern, glob=False)


def test_case_and_odd_letters_do_not_count() -> None:
    assert compiled("*STRASSE*", glob=True).holds("hauptstrasse 4")
    assert compiled("é[a-c]", glob=False).holds("ÉB")
    assert compiled("adobe|acrobat", glob=False).holds("The ACROBAT people")
