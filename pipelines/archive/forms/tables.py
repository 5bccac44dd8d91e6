"""Parquet and Arrow files, and data sets of the `datasets` library, streamed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.archive.columns import Columns
from pipelines.archive.forms.reading import Reading
from pipelines.archive.records import Found, Trouble
from pipelines.archive.settings import BatchError

__all__ = ["read_arrow", "read_dataset", "read_hub", "read_parquet"]

_ROWS = 256


def read_parquet(stream: BinaryIO, source: str, reading: Reading) -> Iterator[Found]:
    with pq.ParquetFile(stream) as table:
        columns = Columns(table.schema_arrow.names, reading.settings)
        wanted = list(dict.fromkeys(columns.found.values()))
        batches = table.iter_batches(batch_size=_ROWS, columns=wanted)
        yield from _articles(batches, columns, source)


def read_arrow(stream: BinaryIO, source: str, reading: Reading) -> Iterator[Found]:
    try:
        reader = pa.ipc.open_file(stream)
        batches = (reader.get_batch(i) for i in range(reader.num_record_batches))
        schema = reader.schema
    except pa.ArrowInvalid:
        stream.seek(0)
        follows = pa.ipc.open_stream(stream)
        batches, schema = (batch for batch in follows), follows.schema
    yield from _articles(batches, Columns(schema.names, reading.settings), source)


def _articles(batches: Iterable[pa.RecordBatch], columns: Columns, source: str) -> Iterator[Found]:
    position = 0
    wanted = list(dict.fromkeys(columns.found.values()))
    for batch in batches:
        for row in batch.select(wanted).to_pylist():
            yield columns.article(row, source, position)
            position += 1


def read_hub(name: str, reading: Reading) -> Iterator[Found]:
    """A data set of the Hugging Face hub, streamed."""
    import datasets

    settings = reading.settings
    try:
        rows = datasets.load_dataset(
            name,
            settings.subset,
            split=settings.split,
            revision=settings.revision,
            streaming=True,
        )
    except Exception as error:  # the hub's client raises errors of many libraries
        said = " ".join(str(error).split())[:300]
        raise BatchError(
            f"{name}: is no file or folder here, and no data set that could be opened: {said}"
        ) from None
    read = 0
    try:
        for found in read_dataset(rows, name, reading):
            yield found
            read += 1
    except Trouble:
        raise
    except Exception as error:  # a network that fails is no fault of the data
        said = " ".join(str(error).split())[:300]
        raise BatchError(
            f"{name}: breaks off after {read:,} rows ({said}); run the same command again"
        ) from None


def read_dataset(rows: Iterable[Any], source: str, reading: Reading) -> Iterator[Found]:
    """A ``datasets.Dataset`` or ``IterableDataset``, or any iterable of mappings."""
    columns: Columns | None = None
    for position, row in enumerate(rows):
        if columns is None:
            columns = Columns(row, reading.settings)
        yield columns.article(row, source, position)
