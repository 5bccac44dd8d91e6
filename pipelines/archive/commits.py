"""Files that are there whole or not at all, and the records that say which are done."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = [
    "commit",
    "commits",
    "read_lines",
    "write_json",
    "write_lines",
    "write_table",
    "write_whole",
]

Written = dict[str, Any]


class _Hashing:
    """A file that hashes what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: Any) -> int:
        view = memoryview(data)
        self.digest.update(view)
        self.size += view.nbytes
        self.file.write(view)
        return view.nbytes

    # What pyarrow asks of a file.
    closed = False

    def flush(self) -> None:
        self.file.flush()

    def close(self) -> None:
        pass

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self.size


def write_whole(path: Path, write: Callable[[Any], None]) -> Written:
    """Write to a temporary name, fsync, rename; ``bytes`` and ``sha256`` of what was written.

    Left-overs of an earlier attempt at the same file are removed first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob(f".{path.name}.*.tmp"):
        old.unlink(missing_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            hashing = _Hashing(file)
            write(hashing)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return {"bytes": hashing.size, "sha256": hashing.digest.hexdigest()}


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, value: Any) -> None:
    body = json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    write_whole(path, lambda file: file.write(body))


def write_lines(path: Path, rows: Iterable[Any]) -> None:
    """JSON Lines, written row by row."""

    def write(file: Any) -> None:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    write_whole(path, write)


def read_lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def commit(folder: Path, name: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """Say that ``name`` is done: the last thing that is written of it."""
    written = {"name": name, **record}
    write_json(folder / f"{name}.json", written)
    return written


def commits(folder: Path, root: Path) -> dict[str, dict[str, Any]]:
    """The records of what is done, by name.

    A record whose files (under ``root``) are gone or have another size counts for
    nothing, so that what a power cut or a hand truncated is made again.
    """
    done: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            record = json.loads(path.read_bytes())
            whole = all(
                (root / name).stat().st_size == file["bytes"]
                for name, file in record["files"].items()
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if whole:
            done[path.stem] = record
    return done


def write_table(path: Path, table: pa.Table) -> dict[str, Any]:
    """A Parquet file whose bytes depend on the table alone."""

    def write(file: Any) -> None:
        pq.write_table(table, file, compression="zstd", compression_level=3, version="2.6")

    return write_whole(path, write)
