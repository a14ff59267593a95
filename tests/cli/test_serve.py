"""`mopsaudit serve` as a process: one line, ready with its worker, restarted worker, ended together."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest

COMMAND = [sys.executable, "-c", "from wsgi import main; main()"]
PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> dict[str, int]:
    """The kind (web, worker) → process id of a supervisor's children."""
    found = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(each.read_text().rpartition(")")[2].split()[1])
            words = (each.parent / "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            found.update(
                {name: int(each.parent.name) for name in ("web", "worker") if name.encode() in words}
            )
    return found


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def until(what: str, check: object) -> None:
    deadline = time.monotonic() + PATIENCE
    assert callable(check)
    while not check():
        assert time.monotonic() < deadline, f"waited too long until {what}"
        time.sleep(0.2)


@contextmanager
def served(
    data: Path, *, workers: int = 1, log: TextIO | None = None
) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The server and its address; what it logs goes to ``log``, where it writes more than a pipe holds."""
    port = free_port()
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), "--workers", str(workers)],
        env={**os.environ, "MOPSAUDIT_DATA": str(data)},
        stdout=subprocess.PIPE,
        stderr=log or subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(PATIENCE)
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to look at processes")
def test_serve_from_first_start_to_end(tmp_path: Path) -> None:
    with served(tmp_path) as (process, address):
        assert process.stdout is not None
        line = process.stdout.readline()
        assert re.fullmatch(rf"First run: {address}/first-run\?token=[\w-]{{40,}}\n", line)
        until("it is ready", lambda: get(f"{address}/readyz")[0] == 200)
        assert get(line.removeprefix("First run: ").strip())[0] == 200
        assert get(f"{address}/first-run?token=guess")[0] == 403
        before = children(process.pid)
        os.kill(before["worker"], signal.SIGKILL)
        until(
            "the worker is back",
            lambda: children(process.pid).get("worker", before["worker"]) != before["worker"],
        )
        added = subprocess.run(
            [*COMMAND, "user", "add", "ada@example.com", "--role", "admin"],
            env={**os.environ, "MOPSAUDIT_DATA": str(tmp_path)},
            input="four unrelated words 7\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert (added.returncode, added.stderr) == (0, "")
        assert get(line.removeprefix("First run: ").strip())[0] in {403, 404}
        last = children(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert not any(alive(pid) for pid in last.values())
        assert process.stdout.read() == ""
    with served(tmp_path) as (process, address):
        until("it is ready", lambda: get(f"{address}/readyz")[0] == 200)
        last = children(process.pid)
        process.kill()
        until("both have ended with it", lambda: not any(alive(pid) for pid in last.values()))
        assert process.stdout is not None
        assert process.stdout.read() == "", "somebody can sign in, so there is no first-run line"
