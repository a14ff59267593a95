"""Several threads that write first at once share one writing engine: with two a unit of work would wait for itself."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine

from mopsaudit.store.session import _twin

THREADS = 8


@pytest.fixture
def often_switched() -> Iterator[None]:
    """Threads take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("often_switched")
def test_all_threads_get_the_same_twin() -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(200):
            engine = create_engine("sqlite://")
            start = Barrier(THREADS)

            def first(engine: Engine = engine, start: Barrier = start) -> Engine:
                start.wait()
                return _twin(engine)

            asked = [pool.submit(first) for _ in range(THREADS)]
            assert len({id(each.result()) for each in asked}) == 1
            engine.dispose()
