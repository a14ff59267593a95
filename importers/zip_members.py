"""A zip package's directory held against the parts themselves: the two must say the same of each part."""

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

from importers import codes
from mopsaudit.problems import ProblemCode, RefusedError

_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_ENCRYPTED = 0x1
_SIZES_FOLLOW = 0x8


def check_members(path: Path, infos: Sequence[zipfile.ZipInfo]) -> None:
    """Compare every directory entry with the header before its part.

    Raises:
        RefusedError: when bytes stand before the package, or a part and the directory disagree on its name, its
            packing, its encryption or its size: readers would see different files in one.
    """
    if infos and min(info.header_offset for info in infos) != 0:
        raise _refuse(
            codes.UNSAFE, "Something else stands before the workbook in this file. Save it again in Excel."
        )
    with path.open("rb") as stream:
        for info in infos:
            stream.seek(info.header_offset)
            data = stream.read(_LOCAL.size)
            if len(data) < _LOCAL.size:
                raise _disagree()
            mark, _, flags, method, _, _, crc, packed, size, name_length, _ = _LOCAL.unpack(data)
            if flags & _ENCRYPTED:
                raise _refuse(
                    codes.ENCRYPTED,
                    "This file is protected by a password. Remove it in Excel and save again.",
                )
            if mark != b"PK\x03\x04" or method != info.compress_type:
                raise _disagree()
            name = stream.read(name_length)
            if info.orig_filename not in (name.decode("utf-8", "replace"), name.decode("cp437")):
                raise _disagree()
            said = (crc, packed, size)
            told = flags & _SIZES_FOLLOW or 0xFFFFFFFF in said
            if not told and said != (info.CRC, info.compress_size, info.file_size):
                raise _disagree()


def _refuse(code: ProblemCode, sentence: str) -> RefusedError:
    return RefusedError(sentence, code=code.code)


def _disagree() -> RefusedError:
    return _refuse(
        codes.UNSAFE,
        "The parts of this file and its own list of them disagree. Open it in Excel and save it again.",
    )
