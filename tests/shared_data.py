"""Where the published sample data lives, for tests that try the product on real files.

The data stands beside the checkout and is no part of it; tests that need it skip, saying so, where it is
absent.
"""

from pathlib import Path

import pytest

SHARED: Path = Path(__file__).resolve().parents[1].parent / "shared" / "data"
"""The folder with `spend`, `messy`, `robust`, `matching`, `usage` and `catalogue`; it may not exist."""

requires_shared = pytest.mark.skipif(
    not SHARED.is_dir(),
    reason="the published sample data (../shared/data) is not beside this checkout",
)
"""Marks a test that reads files under `SHARED`."""
