import os
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from mopsaudit.intake.receive import original, uploads
from mopsaudit.intake.spool import SPOOL
from mopsaudit.intake.tidy import tidy
from tests.intake.files import NOW, Line, enter, spend_read


def test_what_a_killed_process_left_goes_and_originals_stay(session: Session, data: Path) -> None:
    record = enter(session, spend_read([Line(amount="1")]), data)
    (data / SPOOL).mkdir(exist_ok=True)
    orphan, fresh = uploads(data) / "orphan", uploads(data) / "fresh"
    partial, kept = data / SPOOL / "x.rows.partial", data / SPOOL / "y.rows"
    for path in (orphan, fresh, partial, kept):
        path.write_bytes(b"x")
    reader = data / SPOOL / "reading-abc"
    reader.mkdir()
    (reader / "rows").write_bytes(b"x")
    old = (NOW - timedelta(days=2)).timestamp()
    os.utime(reader, (old, old))
    for path in (orphan, partial, kept, original(data, session, record)):
        os.utime(path, (old, old))
    os.utime(fresh, (NOW.timestamp(), NOW.timestamp()))
    assert tidy(session, data, now=NOW) == 3
    assert not reader.exists()
    assert original(data, session, record).exists()
    assert (orphan.exists(), partial.exists(), fresh.exists(), kept.exists()) == (False, False, True, True)
    assert tidy(session, data, now=NOW + timedelta(days=20)) == 2
    assert original(data, session, record).exists()
