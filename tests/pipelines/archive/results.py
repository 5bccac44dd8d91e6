"""What a run left behind, for tests to look at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipelines.archive import BatchSettings, Totals, run_batch

__all__ = ["FAKE", "articles", "batch", "by_id", "jsonl", "rows", "story", "tables_of"]

FAKE = BatchSettings(model="fake", chunk_articles=5)


def story(number: int) -> str:
    """A short article unlike all others."""
    words = " ".join(f"w{number * 31 + i}" for i in range(40))
    return f"Item {number} of the news. Ministers{number} said that talks {words} go on."


def jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def batch(sources: Any, out: Path, *, settings: BatchSettings = FAKE, **more: Any) -> Totals:
    given = [sources] if isinstance(sources, (str, Path)) else sources
    return run_batch([str(s) if isinstance(s, Path) else s for s in given], out, settings, **more)


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted((out / table).glob("*.parquet")):
        found += pq.read_table(path).to_pylist()
    return found


def articles(out: Path) -> list[dict[str, Any]]:
    return rows(out, "articles")


def by_id(out: Path) -> dict[str, dict[str, Any]]:
    found = articles(out)
    assert len({row["id"] for row in found}) == len(found)
    return {row["id"]: row for row in found}


def tables_of(out: Path) -> dict[str, bytes]:
    """Every byte of the three tables, and nothing half written beside them."""
    files = {
        str(path.relative_to(out)): path.read_bytes()
        for table in ("articles", "claims", "speakers")
        for path in sorted((out / table).iterdir())
    }
    assert all(not Path(name).name.startswith(".") for name in files)
    return files
