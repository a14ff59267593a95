"""The index of the catalogue kept in a folder: the same as made anew, and made anew whenever it is not as written."""

import hashlib
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mopsaudit.intake import match_catalogue, match_kept
from mopsaudit.intake.match_kept import DamagedError, keep_in, kept, load


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "kept"
    keep_in(place)
    yield place
    match_kept._folders.clear()


def _file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def _made(calls: list[int]) -> tuple[str, ...]:
    calls.append(1)
    return ("made", str(len(calls)))


def test_the_kept_index_holds_what_is_made_of_the_catalogue(folder: Path) -> None:
    aliases, guards, index = match_catalogue._made()
    kept(lambda: (aliases, guards, index))
    found: Any = load(_file(folder).read_bytes())
    assert found[:2] == (aliases, guards)
    assert vars(found[2]) == vars(index)
    assert _file(folder).stat().st_mode & 0o777 == 0o600


def test_the_next_process_takes_it(folder: Path) -> None:
    calls: list[int] = []
    assert kept(lambda: _made(calls)) == kept(lambda: _made(calls)) == ("made", "1")


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_file_is_made_anew(folder: Path, damage: bytes | None) -> None:
    calls: list[int] = []
    kept(lambda: _made(calls))
    path = _file(folder)
    whole = path.read_bytes()
    path.write_bytes(whole[:-3] + b"xyz" if damage is None else damage)
    assert kept(lambda: _made(calls)) == ("made", "2")
    assert kept(lambda: _made(calls)) == ("made", "2")
    assert _file(folder) == path


def test_another_version_makes_its_own_and_takes_the_old_one_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    kept(lambda: _made(calls))
    before = _file(folder)
    monkeypatch.setattr(match_kept, "program", lambda: "f" * 64)
    assert kept(lambda: _made(calls)) == ("made", "2")
    assert _file(folder) != before


def test_a_file_that_names_anything_else_is_refused() -> None:
    body = pickle.dumps(hashlib.sha256)
    with pytest.raises(DamagedError, match="_hashlib"):
        load(hashlib.sha256(body).digest() + body)


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    keep_in(tmp_path / "file")
    calls: list[int] = []
    try:
        assert kept(lambda: _made(calls)) == ("made", "1")
    finally:
        match_kept._folders.clear()
