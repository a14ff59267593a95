"""The main flows once more on PostgreSQL: the same tests, collected here under its marker."""

import pytest

pytestmark = pytest.mark.postgres

__all__ = [name for name in dir() if name.startswith("test_")]
