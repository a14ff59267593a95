"""Writes the one initial migration anew from the models: `python -m tests.store.renew_migration`.

Only while no version is released; afterwards a change of the models gets a migration of its own.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from sqlalchemy import create_engine

from mopsaudit.store.migrations import FOLDER, renew
from mopsaudit.store.session import prepare_engine

NAME = "0001_initial.py"
ROLES = """
    op.bulk_insert(
        sa.table("role", sa.column("name", sa.String)),
        [{"name": name} for name in ("admin", "ops", "finance", "procurement", "approver", "viewer")],
    )
"""
GUARDS = """
    remove_guards(op.get_bind())
"""


def main() -> None:
    """Replaces the file; formatted, with the rows and triggers that belong to the tables."""
    target = FOLDER / "versions" / NAME
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/empty.sqlite3")
        prepare_engine(engine)
        made = renew(engine, "The initial schema", "0001")
        engine.dispose()
    written = made.read_text(encoding="utf-8")
    made.unlink()
    written = re.sub(r"\s*# ### (commands auto|end Alembic).*", "", written)
    up, down = written.split("def downgrade() -> None:\n")
    up = up.replace(
        "from alembic import op\n",
        "from alembic import op\n\nfrom mopsaudit.store.guards import ensure_guards, remove_guards\n",
    )
    up = up.rstrip() + ROLES + "    ensure_guards(op.get_bind())\n\n\n"
    target.write_text(f"{up}def downgrade() -> None:{GUARDS}{down}", encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([ruff, "check", "--fix", "--quiet", "--select", "I,F401,W", target], check=True)
    subprocess.run([ruff, "format", "--quiet", target], check=True)


if __name__ == "__main__":
    main()
