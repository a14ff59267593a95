"""pandas.read_excel + to_sql into SQLite: the usual short way. Validates, matches and keeps the origin of nothing."""

import sys
from pathlib import Path

import pandas as pd
from sqlalchemy import create_engine


def main(path: str, database: str, engine: str, header_row: str) -> None:
    """Reads the first sheet with `engine` from the 1-based `header_row` on and writes it to one table."""
    frame = pd.read_excel(path, engine=engine, header=int(header_row) - 1)
    Path(database).unlink(missing_ok=True)
    target = create_engine(f"sqlite:///{database}")
    with target.begin() as connection:
        frame.to_sql("spend", connection, index=False)
    target.dispose()
    print(len(frame))


if __name__ == "__main__":
    main(*sys.argv[1:])
