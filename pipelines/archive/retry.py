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

__all__ = ["failed_units", "wanted_of"]

_COLUMNS = ["source", "position", "status"]
_SCHEMA = pa.schema([("unit", pa.int64()), ("source", pa.string()), ("position", pa.int64())])


def failed_units(results: Path, units: Sequence[Unit], only: Path) -> Iterator[Unit]:
    """The units that hold a failed input; which inputs these are is written to ``only``.

    Raises :class:`BatchError` when nothing failed, or when it cannot be read again.
    """
    failed = [
        {"unit": int(name.split("-")[0]), "source": row["source"], "position": row["position"]}
        for name, record in commits(results / "commits", results).items()
        if record["errors"]
        for row in _articles(results, record)
        if row["status"] == "error"
    ]
    if not failed:
        raise BatchError(f"{results}: no input failed there, so there is none to read again")
    numbers = {row["unit"] for row in failed}
    if any(unit.form == "object" for unit in units if unit.number in numbers):
        raise BatchError(f"{results}: was made from an object of a program; give it that again")
    sources = {row["source"] for row in failed}
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


def wanted_of(only: Path, unit: int) -> set[tuple[str, int]] | None:
    """The places of a unit that are wanted, or None where all are."""
    if not only.exists():
        return None
    table = pq.read_table(only, filters=[("unit", "==", unit)])
    return {(row["source"], row["position"]) for row in table.to_pylist()}
