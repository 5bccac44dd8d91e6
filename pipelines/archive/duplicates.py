"""Second pass: which articles came before, word for word or nearly so, and which ids did.

Runs over hashes alone, sorted with numpy, so that the memory taken grows by some forty
bytes an article; the texts stay on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.archive.commits import write_table
from pipelines.archive.similar import BANDS, PERMUTATIONS, THRESHOLD, bands, similarity

__all__ = ["Mark", "find_marks", "read_marks"]

Indices = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

_SCHEMA = pa.schema(
    [
        ("chunk", pa.string()),
        ("row", pa.int64()),
        ("id", pa.string()),
        ("duplicate_of", pa.string()),
        ("duplicate", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Mark:
    """``id`` replaces one that was given before; ``duplicate`` is ``exact`` or ``near``."""

    id: str | None = None
    duplicate_of: str | None = None
    duplicate: str | None = None


class _Chunks:
    """The staged chunks as one long table, of which single rows can be taken."""

    def __init__(self, folder: Path, chunks: Sequence[tuple[str, int]]) -> None:
        self.folder = folder
        self.names = [name for name, _ in chunks]
        self.starts = np.concatenate([[0], np.cumsum([rows for _, rows in chunks])]).astype(int)
        self.rows = int(self.starts[-1])

    def columns(self, *columns: str) -> Iterator[pa.Table]:
        for name in self.names:
            yield self._read(name, columns)

    def _read(self, name: str, columns: Sequence[str]) -> pa.Table:
        return pq.read_table(self.folder / f"{name}.parquet", columns=list(columns))

    def take(self, rows: Indices, column: str) -> list[Any]:
        """The column's values at ``rows``, which are in order."""
        values: list[Any] = []
        chunks = np.searchsorted(self.starts, rows, side="right") - 1
        for chunk in np.unique(chunks):
            inside = rows[chunks == chunk] - self.starts[chunk]
            table = self._read(self.names[chunk], [column])
            values += table.column(column).take(pa.array(inside)).to_pylist()
        return values

    def place(self, row: int) -> tuple[str, int]:
        chunk = int(np.searchsorted(self.starts, row, side="right")) - 1
        return self.names[chunk], row - int(self.starts[chunk])


def find_marks(
    folder: Path, chunks: Sequence[tuple[str, int]], out: Path, *, near: bool, texts: bool
) -> dict[str, int]:
    """Write the marks of all chunks to ``out``; how many there are of each kind.

    ``texts`` looks for equal texts, ``near`` for nearly equal ones too; equal ids are
    always looked for, for the tables of a result join on them.
    """
    staged = _Chunks(folder, chunks)
    repeated = _equal(staged, "id_sha256")
    renamed = _made_ids(staged, repeated)
    originals: dict[int, tuple[int, str]] = {}
    if texts:
        originals = {row: (first, "exact") for row, first in _equal(staged, "text_sha256").items()}
    if near:
        _add_near(staged, originals, out.with_name(".bands.tmp"))
    roots = np.array(sorted({first for first, _ in originals.values()}), dtype=np.int64)
    names = dict(zip(roots.tolist(), staged.take(roots, "id"), strict=True)) | renamed
    rows = []
    for row in sorted({*renamed, *originals}):
        chunk, inside = staged.place(row)
        first, kind = originals.get(row, (None, None))
        rows.append(
            {
                "chunk": chunk,
                "row": inside,
                "id": renamed.get(row),
                "duplicate_of": names[first] if first is not None else None,
                "duplicate": kind,
            }
        )
    write_table(out, pa.Table.from_pylist(rows, schema=_SCHEMA))
    kinds = [kind for _, kind in originals.values()]
    return {
        "exact": kinds.count("exact"),
        "near": kinds.count("near"),
        "repeated_ids": len(renamed),
    }


def read_marks(path: Path, chunk: str) -> dict[int, Mark]:
    """The marks of one chunk, by row."""
    table = pq.read_table(path, filters=[("chunk", "==", chunk)])
    return {
        row["row"]: Mark(row["id"], row["duplicate_of"], row["duplicate"])
        for row in table.to_pylist()
    }


def _firsts(keys: Keys, rows: Indices) -> tuple[Indices, Indices]:
    """``(later, first)`` for each row whose key an earlier row has."""
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]
    new = np.ones(len(keys), dtype=bool)
    new[1:] = sorted_keys[1:] != sorted_keys[:-1]
    heads = order[np.maximum.accumulate(np.where(new, np.arange(len(keys)), 0))]
    return rows[order[~new]], rows[heads[~new]]


def _equal(staged: _Chunks, column: str) -> dict[int, int]:
    """Each row whose SHA-256 an earlier row has, with the first of these."""
    keys, rows, start = [np.empty(0, np.uint64)], [np.empty(0, np.int64)], 0
    for table in staged.columns(column):
        values = table.column(column).to_pylist()
        known = [i for i, value in enumerate(values) if value is not None]
        joined = b"".join(values[i][:8] for i in known)
        keys.append(np.frombuffer(joined, dtype="<u8").astype(np.uint64))
        rows.append(np.array(known, dtype=np.int64) + start)
        start += len(values)
    later, first = _firsts(np.concatenate(keys), np.concatenate(rows))
    touched = np.unique(np.concatenate([later, first]))
    whole = dict(zip(touched.tolist(), staged.take(touched, column), strict=True))
    pairs = zip(later.tolist(), first.tolist(), strict=True)
    return {row: one for row, one in pairs if whole[row] == whole[one]}


def _made_ids(staged: _Chunks, repeated: dict[int, int]) -> dict[int, str]:
    """Ids for rows whose own was given before: it, and the place that the row is from."""
    rows = np.array(sorted(repeated), dtype=np.int64)
    columns = [staged.take(rows, name) for name in ("id", "source", "position")]
    return {
        int(row): f"{identity} ({source}#{position})"
        for row, identity, source, position in zip(rows, *columns, strict=True)
    }


def _add_near(staged: _Chunks, originals: dict[int, tuple[int, str]], spool: Path) -> None:
    """Add the near duplicates of articles that are none themselves."""
    later, first = _near_candidates(staged, spool)
    touched = np.unique(np.concatenate([later, first]))
    if not len(touched):
        return
    sketches = np.frombuffer(b"".join(staged.take(touched, "signature")), dtype="<u4")
    sketches = sketches.reshape(-1, PERMUTATIONS)
    place = {row: i for i, row in enumerate(touched.tolist())}
    alike = similarity(
        sketches[np.searchsorted(touched, later)], sketches[np.searchsorted(touched, first)]
    )
    for row, one in zip(
        later[alike >= THRESHOLD].tolist(), first[alike >= THRESHOLD].tolist(), strict=True
    ):
        if row in originals:
            continue
        root = originals.get(one, (one, ""))[0]
        # Likeness is not passed on: what resembles a duplicate has to resemble its original.
        if root != one and root in place:
            pair = sketches[[place[row]]], sketches[[place[root]]]
            if similarity(*pair)[0] < THRESHOLD:
                continue
        originals[row] = (root, "near")
    # An exact copy of a near duplicate was told to come from it; it comes from its original.
    for row, (one, kind) in originals.items():
        if kind == "exact" and one in originals:
            originals[row] = (originals[one][0], "near")


def _near_candidates(staged: _Chunks, spool: Path) -> tuple[Indices, Indices]:
    """Pairs of rows that meet in a band, in order; each row with the first of its bucket."""
    counts = []
    rows, start = [np.empty(0, np.int64)], 0
    with spool.open("wb") as file:
        for table in staged.columns("signature"):
            values = table.column("signature").to_pylist()
            known = [i for i, value in enumerate(values) if value is not None]
            joined = b"".join(values[i] for i in known)
            file.write(bands(np.frombuffer(joined, dtype="<u4")).tobytes())
            rows.append(np.array(known, dtype=np.int64) + start)
            counts.append(len(known))
            start += len(values)
    members = np.concatenate(rows)
    pairs = [np.empty((0, 2), np.int64)]
    with spool.open("rb") as file:
        for band in range(BANDS):
            keys, offset = [np.empty(0, np.uint64)], 0
            for count in counts:
                file.seek((offset * BANDS + band * count) * 8)
                keys.append(np.frombuffer(file.read(count * 8), dtype=np.uint64))
                offset += count
            pairs.append(np.stack(_firsts(np.concatenate(keys), members), axis=1))
    spool.unlink()
    found = np.unique(np.concatenate(pairs), axis=0)
    return found[:, 0], found[:, 1]
