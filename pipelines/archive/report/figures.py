"""The figures of a report: each is an SQL query over the tables of a run."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.archive.settings import BatchError
from pipelines.archive.tables import SCHEMAS

__all__ = ["Figure", "ask", "views"]


@dataclass(frozen=True, slots=True)
class Figure:
    """``sql`` runs as it is in DuckDB once :func:`views` has been run."""

    name: str
    says: str
    sql: str
    rows: tuple[dict[str, Any], ...]


def views(results: Path) -> str:
    """SQL that makes the three tables of a run known by their names."""
    return "\n".join(
        f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{_quoted(results / name)}/*.parquet');"  # noqa: S608 - quoted, and the caller's own folder
        for name in SCHEMAS
    )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def ask(results: Path) -> dict[str, Figure]:
    """The figures of the run in ``results``, by name.

    Raises :class:`BatchError` when there are no Parquet tables, or no DuckDB.
    """
    if importlib.util.find_spec("duckdb") is None:
        raise BatchError("a report needs DuckDB: install the extra, pip install 'attache[report]'")
    import duckdb

    if not any((results / "articles").glob("*.parquet")):
        raise BatchError(
            f"{results}: holds no tables of attache batch in Parquet; give the folder of its --out"
        )
    source = Path(__file__).with_name("figures.sql").read_text(encoding="utf-8")
    figures: dict[str, Figure] = {}
    with duckdb.connect() as connection:
        connection.execute(views(results))
        for block in re.split(r"^-- figure: ", source, flags=re.MULTILINE)[1:]:
            name, says, sql = block.split("\n", 2)
            answer = connection.execute(sql)
            columns = [column[0] for column in answer.description or ()]
            rows = tuple(dict(zip(columns, row, strict=True)) for row in answer.fetchall())
            figures[name] = Figure(name, says.removeprefix("-- "), sql.strip(), rows)
    return figures
