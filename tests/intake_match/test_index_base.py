"""An index on top of another holds what one made of all aliases at once holds, and leaves the other as it was."""

import pytest

from mopsaudit.intake.match_catalogue import catalogue_aliases, catalogue_index
from mopsaudit.intake.match_index import AliasIndex
from mopsaudit.intake.match_values import Alias, AliasKind, Target

_ATTRIBUTES = (
    *("names", "best", "sorted", "by_letter", "longest", "open", "open_lengths"),
    *("domains", "hints", "guards", "forms", "homes"),
)


def _target(name: str) -> Target:
    return Target(vendor_id=f"vendor:{name}", vendor=name, tool_id=None, tool=None, names=(name,))


def _held(index: AliasIndex) -> dict[str, object]:
    return {name: getattr(index, name) for name in _ATTRIBUTES}


def _catalogue_name(*, weak: bool) -> str:
    """A name the catalogue knows one vendor by, of eight letters or more."""
    index = catalogue_index()
    return next(
        entry.text
        for joined, entry in sorted(index.best.items())
        if entry.weak is weak and len(index.names[joined]) == 1 and len(joined) >= 8 and joined.isalnum()
    )


@pytest.mark.parametrize(
    "added",
    [
        [],
        [("Quillwort Analytics", AliasKind.OWN), ("Zz", AliasKind.OWN), ("Brinkhaven*", AliasKind.OWN)],
        ["strong taken by another"],
        ["weak taken by us"],
        [("A name longer than any other that stands in the catalogue, and longer still, Ltd", AliasKind.OWN)],
    ],
)
def test_a_base_and_what_is_added_are_all_at_once(added: list[tuple[str, AliasKind] | str]) -> None:
    kinds: dict[str, tuple[str, AliasKind]] = {
        "strong taken by another": (_catalogue_name(weak=False), AliasKind.NAME),
        "weak taken by us": (_catalogue_name(weak=True), AliasKind.OWN),
    }
    told = [kinds[each] if isinstance(each, str) else each for each in added]
    ours = [Alias(text=text, target=_target(text), kind=kind) for text, kind in told]
    aliases, guards = catalogue_aliases()
    base = catalogue_index()
    before = repr([len(base.names), len(base.best), base.sorted, sorted(base.by_letter.items())])

    found = AliasIndex(ours, base=base)

    assert _held(found) == _held(AliasIndex([*aliases, *ours], guards))
    assert repr([len(base.names), len(base.best), base.sorted, sorted(base.by_letter.items())]) == before


def test_a_name_two_vendors_claim_is_strong_no_longer() -> None:
    text = _catalogue_name(weak=False)
    found = AliasIndex([Alias(text=text, target=_target(text), kind=AliasKind.NAME)], base=catalogue_index())

    joined = next(each for each, entry in catalogue_index().best.items() if entry.text == text)
    assert joined in catalogue_index().sorted
    assert joined not in found.sorted
    assert found.best[joined].weak
