"""Bytes of a file, unpacked as they are read, in documents and lines of bounded length."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import fsspec
import pyarrow as pa

from pipelines.archive.records import Trouble

__all__ = ["bounded_lines", "open_bytes", "read_document", "unpack"]

_SKIP = 1 << 20


@contextmanager
def open_bytes(address: str) -> Iterator[BinaryIO]:
    """The bytes at a path or an address that fsspec knows."""
    if "://" in address:
        with fsspec.open(address, "rb") as stream:
            yield cast("BinaryIO", stream)
    else:  # a name of a file may hold what fsspec takes for a chain or a glob
        with open(address, "rb") as stream:
            yield stream


def unpack(stream: BinaryIO, packing: str | None) -> BinaryIO:
    """The stream, unpacked while it is read; a file that breaks off raises ``OSError``."""
    if packing is None:
        return stream
    return io.BufferedReader(pa.CompressedInputStream(stream, packing), 1 << 16)


def read_document(stream: BinaryIO, limit: int) -> bytes:
    """All of a stream. Raises :class:`Trouble` as soon as it has more than ``limit`` bytes."""
    pieces: list[bytes] = []
    left = limit + 1
    while left > 0 and (piece := stream.read(min(left, _SKIP))):
        pieces.append(piece)
        left -= len(piece)
    if left <= 0:
        raise Trouble(
            "too_large",
            f"has more than {limit:,} bytes when unpacked; split it or raise --max-bytes",
        )
    return b"".join(pieces)


def bounded_lines(stream: BinaryIO, limit: int) -> Iterator[bytes | Trouble]:
    """The lines, and in the place of each that is longer than ``limit`` bytes why it is not."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        size = len(line)
        while not line.endswith(b"\n") and (line := stream.readline(_SKIP)):
            size += len(line)
        yield Trouble(
            "too_large",
            f"the line has {size:,} bytes, more than the limit of {limit:,}; "
            "split it or raise --max-bytes",
        )
