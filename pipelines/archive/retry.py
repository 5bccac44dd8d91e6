"""The inputs of an earlier run that failed, and only they, read again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.archive.commits import commits, write_table
from pipelines.archive.settings import BatchError
from pipelines.archive.units import Unit

__all__ = ["Wanted", "failed_units"]

_COLUMNS = ["source", "position", "status"]
_SCHEMA = pa.schema(
    [("unit", pa.int64()), ("source", pa.string()), ("position", pa.int64()), ("rest", pa.bool_())]
)


def failed_units(results: Path, units: Sequence[Unit], only: Path) -> Iterator[Unit]:
    """The units that hold a failed input; which inputs these are is written to ``only``.

    Raises :class:`BatchError` when nothing failed, or when it cannot be read again.
    """
    numbers: set[int] = set()
    failed: list[dict[str, Any]] = []
    last: dict[str, int] = {}
    for name, record in commits(results / "commits", results).items():
        for row in _articles(results, record):
            last[row["source"]] = max(last.get(row["source"], 0), row["position"])
            if row["status"] == "error":
                number = int(name.split("-")[0])
                numbers.add(number)
                failed.append({"unit": number, **{k: row[k] for k in ("source", "position")}})
    if not failed:
        raise BatchError(f"{results}: no input failed there, so there is none to read again")
    if any(unit.form == "object" for unit in units if unit.number in numbers):
        raise BatchError(f"{results}: was made from an object of a program; give it that again")
    sources = {row["source"] for row in failed}
    for row in failed:
        # Where a file broke off, all that should have followed is wanted too.
        row["rest"] = row["position"] == last[row["source"]]
    write_table(only, pa.Table.from_pylist(failed, schema=_SCHEMA))
    for unit in units:
        if unit.number in numbers:
            bundle = unit.form == "documents"
            files = [f for f in unit.files if not bundle or f.address in sources]
            yield Unit(unit.number, unit.form, tuple(files))


def _articles(results: Path, record: dict[str, Any]) -> list[dict[str, Any]]:
    (name,) = (name for name in record["files"] if name.startswith("articles/"))
    path = results / name
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = pq.read_table(path, columns=_COLUMNS).to_pylist()
        return rows
    return [json.loads(line) for line in path.read_bytes().splitlines()]


class Wanted:
    """The inputs of one unit that are wanted; all of them where no earlier run is retried."""

    def __init__(self, only: Path, unit: int) -> None:
        self.rows: set[tuple[str, int]] | None = None
        self.rests: dict[str, int] = {}
        if only.exists():
            rows = pq.read_table(only, filters=[("unit", "==", unit)]).to_pylist()
            self.rows = {(row["source"], row["position"]) for row in rows}
            self.rests = {row["source"]: row["position"] for row in rows if row["rest"]}

    def __call__(self, source: str, position: int) -> bool:
        if self.rows is None or (source, position) in self.rows:
            return True
        return source in self.rests and position >= self.rests[source]
