"""First pass: every source read once, into chunks of articles that are cheap to take up.

What follows never touches the sources again: an interrupted run need not unpack a crawl
anew, and a file that changes meanwhile changes nothing.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.archive.commits import commit, write_table
from pipelines.archive.encodings import looks_garbled
from pipelines.archive.extract import Extractor
from pipelines.archive.forms import read_unit
from pipelines.archive.forms.reading import Reading
from pipelines.archive.languages import language_of
from pipelines.archive.records import Found, Problem
from pipelines.archive.retry import Wanted
from pipelines.archive.settings import BatchSettings
from pipelines.archive.similar import digest_of, signature
from pipelines.archive.units import Unit

__all__ = ["INPUT", "StageTask", "found_in"]

#: Articles as they were read, before anything is said of them.
INPUT = pa.schema(
    [
        ("source", pa.string()),
        ("position", pa.int64()),
        ("id", pa.string()),
        ("title", pa.string()),
        ("date", pa.string()),
        ("text", pa.string()),
        ("language", pa.string()),
        ("warnings", pa.list_(pa.string())),
        ("error_stage", pa.string()),
        ("error_code", pa.string()),
        ("error_message", pa.string()),
        ("id_sha256", pa.binary(32)),
        ("text_sha256", pa.binary(32)),
        ("signature", pa.binary()),
    ]
)

#: A chunk ends early when its texts have this many characters.
_CHUNK_CHARACTERS = 64 << 20


@dataclass(frozen=True, slots=True)
class StageTask:
    """Read one unit into ``out/input``; the record of what came of it."""

    out: Path
    settings: BatchSettings
    objects: tuple[Any, ...] = ()

    def __call__(self, unit: Unit) -> dict[str, Any]:
        started = time.monotonic()
        chunks: list[dict[str, Any]] = []
        files: dict[str, Any] = {}
        errors: Counter[str] = Counter()
        with Extractor() as extractor:
            reading = Reading(self.settings, extractor, self.objects)
            for rows in _chunked(self._rows(unit, reading), self.settings.chunk_articles):
                name = f"{unit.number:06d}-{len(chunks):06d}"
                table = pa.Table.from_pylist(rows, schema=INPUT)
                files[f"input/{name}.parquet"] = write_table(
                    self.out / "input" / f"{name}.parquet", table
                )
                chunks.append({"name": name, "rows": len(rows)})
                errors.update(row["error_code"] for row in rows if "error_code" in row)
        record = {
            "rows": sum(chunk["rows"] for chunk in chunks),
            "errors": dict(sorted(errors.items())),
            "skipped": dict(sorted(reading.skipped.items())),
            "chunks": chunks,
            "files": files,
            "seconds": round(time.monotonic() - started, 3),
        }
        return commit(self.out / "input" / "commits", f"{unit.number:06d}", record)

    def _rows(self, unit: Unit, reading: Reading) -> Iterator[dict[str, Any]]:
        wanted = Wanted(self.out / "manifest" / "only.parquet", unit.number)
        for found in read_unit(unit, reading):
            if wanted(found.source, found.position):
                yield _row(found, near=self.settings.duplicates != "off")


def found_in(unit: Unit, settings: BatchSettings, objects: tuple[Any, ...] = ()) -> Iterator[Found]:
    """The articles of a unit as they are read, for a look before a run."""
    with Extractor() as extractor:
        yield from read_unit(unit, Reading(settings, extractor, objects))


def _row(found: Found, *, near: bool) -> dict[str, Any]:
    made = f"{found.source}#{found.position}"
    identity = found.id or made
    row: dict[str, Any] = {
        "source": _valid(found.source),
        "position": found.position,
        "id": _valid(identity),
        "title": found.title,
        "date": found.date,
        "warnings": list(found.warnings),
        "id_sha256": digest_of(_valid(identity)),
    }
    if found.problem is None and any("\ud800" <= char <= "\udfff" for char in found.text):
        problem = Problem("read", "invalid_unicode", "text: holds half of a surrogate pair")
        found = replace(found, problem=problem)
    if found.problem is not None:
        return row | {
            "error_stage": found.problem.stage,
            "error_code": found.problem.code,
            "error_message": _valid(found.problem.message),
        }
    if looks_garbled(found.text):
        row["warnings"].append("mojibake: the text looks decoded with the wrong encoding")
    return row | {
        "text": found.text,
        "language": language_of(found.text),
        # Blank texts are errors of their own, not copies of one another.
        "text_sha256": digest_of(found.text) if found.text.strip() else None,
        "signature": signature(found.text) if near else None,
    }


def _valid(value: str) -> str:
    """A name of a file may hold bytes that are no text."""
    return value.encode("utf-8", "replace").decode("utf-8")


def _chunked(rows: Iterable[dict[str, Any]], most: int) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    characters = 0
    for row in rows:
        chunk.append(row)
        characters += len(row.get("text") or "")
        if len(chunk) >= most or characters >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk
