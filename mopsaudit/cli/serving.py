"""``serve`` and ``worker``: the web server with its background worker beside it, one ending with the other.

``serve`` starts two processes of itself: the web server (gunicorn) and the worker. It passes on the signals it gets,
starts the worker anew when it dies, and ends when the web server ends. Both end when it is killed.
"""

import contextlib
import ctypes
import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType
from typing import Any, Final

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from gunicorn.app.base import BaseApplication

from mopsaudit import jobs
from mopsaudit.cli import warming
from mopsaudit.cli.running import bare, make_ready
from mopsaudit.figures import draw as drawing
from mopsaudit.intake.match_catalogue import catalogue_index
from mopsaudit.organisation import accounts_exist, create_setup_token
from mopsaudit.reporting import Report
from mopsaudit.store.session import SYSTEM, reading, unit_of_work

_log = logging.getLogger(__name__)
_PARENT: Final = "MOPSAUDIT_PARENT"
_PR_SET_PDEATHSIG: Final = 1
#: Addresses that mean all of this machine's; other names people reach it by stand in ``MOPSAUDIT_HOSTS``.
#: New values after which the collector looks at the young ones.
COLLECT_AFTER: Final = 50_000
_ANY: Final = ("0.0.0.0", "::", "")  # noqa: S104  # compared with, not bound to
#: Seconds before a worker that died is started again; a worker that lives this long counts as healthy.
RESTART: Final = 1.0
#: Seconds the processes get to end in order before they are killed.
GRACE: Final = 30.0


@click.command("serve")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; other names it is reached by go into MOPSAUDIT_HOSTS.",
)
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@bare
@with_appcontext
def serve_command(*, host: str, port: int, workers: int) -> None:
    """Serve the application, with a background worker."""
    make_ready(upgrade_old=True)
    raise SystemExit(_Supervisor(host=host, port=port, workers=workers).run())


@click.command("worker")
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1, 16), help="Jobs at once.")
@with_appcontext
def worker_command(*, threads: int) -> None:
    """Work off the queue of background jobs until stopped."""
    _end_with_parent()
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _number, _frame: stop.set())
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # the proxy's documented way out
    _keep_warm(app, stop, works=True)
    jobs.run(app, jobs.handlers, stop, threads=threads)


@click.command("web", hidden=True)
@click.option("--host", required=True)
@click.option("--port", required=True, type=int)
@click.option("--workers", required=True, type=int)
@with_appcontext
def web_command(*, host: str, port: int, workers: int) -> None:
    """The web server alone, as `serve` starts it."""
    _end_with_parent()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # the proxy's documented way out
    make: Callable[[], Flask] = app.extensions["mopsaudit.make"]

    def announce(_server: Any) -> None:
        with app.app_context():
            line = first_run_line(host, port, now=datetime.now(UTC))
        if line is not None:
            click.echo(line)
            sys.stdout.flush()

    os.environ["MOPSAUDIT_HOSTS"] = answered_hosts(host, os.environ.get("MOPSAUDIT_HOSTS", ""))
    _Server(make, host=host, port=port, workers=workers, when_ready=announce).run()


def answered_hosts(host: str, more: str) -> str:
    """The names this server answers to: this machine's own, the one it listens on, and ``MOPSAUDIT_HOSTS``."""
    names = ["127.0.0.1", "localhost", "[::1]", *more.replace(",", " ").split()]
    if host not in _ANY:
        names.append(f"[{host}]" if ":" in host else host)
    return " ".join(dict.fromkeys(names))


def first_run_line(host: str, port: int, *, now: datetime) -> str | None:
    """``First run: URL`` with a new one-time token while nobody can sign in; else None."""
    with reading() as session:
        if accounts_exist(session):
            return None
    with unit_of_work(SYSTEM, now=now) as session:
        token = create_setup_token(session, now=now)
    shown = "127.0.0.1" if host in _ANY else host
    if ":" in shown:
        shown = f"[{shown}]"
    return f"First run: http://{shown}:{port}/first-run?token={token}"


def _settle(worker: Any) -> None:
    """Load what every page needs, look after memory, and keep answers at hand."""
    drawing.prepare()
    _settle_memory()
    app: Flask = worker.wsgi
    _keep_warm(app, threading.Event(), works=False)


def _keep_warm(app: Flask, stop: threading.Event, *, works: bool) -> None:
    """A thread that has answers ready before anybody asks; a web process only takes what the worker made."""

    def pictures(report: Report) -> None:
        for number, plot in enumerate(report.plots):
            if drawing.drawn_here(plot):
                for width in ("wide", "phone"):
                    drawing.draw(plot, width=width, key=f"chart-{number}-{width}")

    warm = warming.Warming(
        app,
        works=works,
        clock=lambda: datetime.now(UTC),
        environ=os.environ,
        seen=None if works else pictures,
    )

    def run() -> None:
        if not works:
            for name in app.jinja_env.list_templates(extensions=["html"]):
                app.jinja_env.get_template(name)
            catalogue_index()  # a second's work that the first page of a supplier would else wait for
        warm.run(stop)

    threading.Thread(target=run, name="warming", daemon=True).start()


def _settle_memory() -> None:
    """What was loaded at start lives as long as the process: the collector need not look at it again and again.

    A report makes some hundred thousand values that refer to each other in no circle; looking for circles among them
    after every few hundred costs a third of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)


class _Server(BaseApplication):
    """Gunicorn with our settings and no configuration file; each process makes its own application."""

    def __init__(
        self,
        make: Callable[[], Flask],
        *,
        host: str,
        port: int,
        workers: int,
        when_ready: Callable[[Any], None],
    ) -> None:
        self._make = make
        address = f"[{host}]" if ":" in host else host
        self._settings = {
            "bind": f"{address}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": 4,
            "timeout": 120,
            "graceful_timeout": 20,
            "keepalive": 5,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": when_ready,
            "post_worker_init": _settle,
        }
        super().__init__()

    def load_config(self) -> None:
        """Our settings; neither a file nor the environment adds any."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """An application of this process's own."""
        return self._make()


class _Supervisor:
    """The parent of web server and worker."""

    def __init__(self, *, host: str, port: int, workers: int) -> None:
        options = ["--host", host, "--port", str(port), "--workers", str(workers)]
        self._web_arguments = ["web", *options]
        self._stopping = threading.Event()

    def run(self) -> int:
        """Until the web server ends or a signal asks for it; the web server's exit status."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._on_signal)
        web = _start(self._web_arguments)
        worker = _start(["worker"])
        started = time.monotonic()
        while web.poll() is None and not self._stopping.is_set():
            if worker.poll() is not None and time.monotonic() - started >= RESTART:
                _log.warning("the background worker ended with %s; starting it again", worker.returncode)
                worker = _start(["worker"])
                started = time.monotonic()
            self._stopping.wait(0.2)
        _end(web, worker)
        return 0 if self._stopping.is_set() else web.returncode or 0

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()


def _start(arguments: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", "from wsgi import main; main()", *arguments],
        env={**os.environ, _PARENT: str(os.getpid())},
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends the others in order
    )


def _end(*processes: "subprocess.Popen[bytes]") -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_with_parent() -> None:
    """End this process when the supervisor that started it is gone, even killed."""
    parent = os.environ.pop(_PARENT, None)
    if parent is None:
        return
    with contextlib.suppress(OSError, AttributeError):  # Linux only; elsewhere the watch below does it alone
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    def watch() -> None:
        while os.getppid() == int(parent):
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


COMMANDS: tuple[click.Command, ...] = (serve_command, worker_command, web_command)
