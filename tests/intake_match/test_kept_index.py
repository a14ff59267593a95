"""The index of the catalogue kept in a folder: the same as made anew, and made anew whenever it is not as written."""

import hashlib
import pickle
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake import match_catalogue, match_kept
from mopsaudit.intake.match_kept import DamagedError, keep_in, kept, load


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def _file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def _made(calls: list[int]) -> tuple[str, ...]:
    calls.append(1)
    return ("made", str(len(calls)))


def test_the_kept_index_holds_what_is_made_of_the_catalogue(folder: Path) -> None:
    aliases, guards, index = match_catalogue._made()
    kept(folder, lambda: (aliases, guards, index))
    found: Any = load(_file(folder).read_bytes())
    assert found[:2] == (aliases, guards)
    assert vars(found[2]) == vars(index)
    assert _file(folder).stat().st_mode & 0o777 == 0o600


def test_the_next_process_takes_it(folder: Path) -> None:
    calls: list[int] = []
    assert kept(folder, lambda: _made(calls)) == kept(folder, lambda: _made(calls)) == ("made", "1")


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_file_is_made_anew(folder: Path, damage: bytes | None) -> None:
    calls: list[int] = []
    kept(folder, lambda: _made(calls))
    path = _file(folder)
    whole = path.read_bytes()
    path.write_bytes(whole[:-3] + b"xyz" if damage is None else damage)
    assert kept(folder, lambda: _made(calls)) == ("made", "2")
    assert kept(folder, lambda: _made(calls)) == ("made", "2")
    assert _file(folder) == path


def test_another_version_makes_its_own_and_takes_the_old_one_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    kept(folder, lambda: _made(calls))
    before = _file(folder)
    monkeypatch.setattr(match_kept, "program", lambda: "f" * 64)
    assert kept(folder, lambda: _made(calls)) == ("made", "2")
    assert _file(folder) != before


def test_a_file_that_names_anything_else_is_refused() -> None:
    body = pickle.dumps(hashlib.sha256)
    with pytest.raises(DamagedError, match="_hashlib"):
        load(hashlib.sha256(body).digest() + body)


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert kept(tmp_path / "file", lambda: _made([])) == ("made", "1")


def test_who_asks_for_the_index_is_given_the_kept_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aliases, guards, index = match_catalogue._made()
    try:
        keep_in(folder)
        match_catalogue._read.cache_clear()
        assert match_catalogue.catalogue_aliases() == (aliases, guards)
        match_catalogue._read.cache_clear()
        monkeypatch.setattr(match_catalogue, "_made", None)  # nothing is made any more
        assert vars(match_catalogue.catalogue_index()) == vars(index)
    finally:
        match_catalogue.keep_by(None)
        match_catalogue._read.cache_clear()
