"""One article a line: JSON Lines, and tables with commas or tabs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from pipelines.archive.columns import Columns
from pipelines.archive.encodings import guess
from pipelines.archive.forms.reading import Reading
from pipelines.archive.records import Found, Trouble
from pipelines.archive.streams import bounded_lines

__all__ = ["read_csv", "read_jsonl"]

_HEAD = 1 << 16


def read_jsonl(stream: BinaryIO, source: str, reading: Reading) -> Iterator[Found]:
    known: dict[tuple[str, ...], Columns] = {}
    position = 0
    for number, line in enumerate(bounded_lines(stream, reading.settings.max_bytes), start=1):
        if isinstance(line, bytes) and not line.strip():
            continue
        try:
            if isinstance(line, Trouble):
                raise line
            row = _object(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
            names = tuple(row)
            if names not in known:
                if len(known) > 100:  # rows of ever new keys must not fill the memory
                    known.clear()
                known[names] = Columns(names, reading.settings)
            found = known[names].article(row, source, position)
        except Trouble as trouble:
            problem = trouble.problem
            said = Trouble(problem.code, f"line {number:,}: {problem.message}")
            found = Found.failed(source, position, said)
        yield found
        position += 1


def _object(line: bytes) -> dict[str, object]:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Trouble("invalid_encoding", f"is not UTF-8 (byte {error.start})") from None
    except RecursionError:
        raise Trouble("invalid_json", "is nested too deep") from None
    except ValueError as error:
        raise Trouble("invalid_json", f"is not JSON ({error})") from None
    if not isinstance(row, dict):
        raise Trouble("invalid_json", f"has to be an object, not {type(row).__name__}")
    return row


class _Lines:
    """The lines of a CSV file as text; those that are too long are set aside."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self.head = stream.read(_HEAD)
        self.encoding, self.warnings = _encoding(self.head)
        self.troubles: list[Trouble] = []
        self.number = 0
        joined = io.BufferedReader(_Joined(self.head, stream))
        self._lines = bounded_lines(joined, limit)

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.number += 1
            if isinstance(line, Trouble):
                said = f"line {self.number:,}: {line.problem.message}"
                self.troubles.append(Trouble(line.problem.code, said))
            else:
                yield line.decode(self.encoding, "surrogateescape")


class _Joined(io.RawIOBase):
    """The head that was looked at, then the rest of the stream."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._parts = [io.BytesIO(head), rest]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while self._parts:
            data = self._parts[0].read(len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)
            self._parts.pop(0)
        return 0


def _encoding(head: bytes) -> tuple[str, tuple[str, ...]]:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Trouble("invalid_encoding", "is UTF-16; save the table as UTF-8")
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The head may end within a character; a stray byte may stand anywhere else.
        if error.start >= len(head) - 4:
            return "utf-8-sig", ()
        encoding = guess(head)
        if encoding is None or encoding == "utf_8":
            return "utf-8-sig", ()
        return encoding, (f"encoding: the table is not UTF-8, read as {encoding}",)
    return "utf-8-sig", ()


def read_csv(stream: BinaryIO, source: str, reading: Reading) -> Iterator[Found]:
    limit = reading.settings.max_bytes
    lines = _Lines(stream, limit)
    # The module's own limit is for the whole process, and a longer line never gets to it.
    csv.field_size_limit(max(csv.field_size_limit(), limit))
    first = next(iter(lines), "").lstrip("\ufeff")
    delimiter = max("\t,;|", key=first.count)
    rows = csv.reader(chain([first], lines), delimiter=delimiter)
    header = next(rows, [])
    columns = Columns(header, reading.settings)
    position = 0
    while True:
        try:
            row = next(rows)
            found = _row(row, header, columns, source, position, lines)
        except StopIteration:
            found = None
        except csv.Error as error:
            said = f"line {lines.number:,}: {error}"
            found = Found.failed(source, position, Trouble("invalid_csv", said))
        except Trouble as trouble:
            found = Found.failed(source, position, trouble)
        ended = found is None and not lines.troubles
        if found is not None and row:
            yield found
            position += 1
        while lines.troubles:
            yield Found.failed(source, position, lines.troubles.pop(0))
            position += 1
        if found is None or ended:
            return


def _row(
    row: list[str], header: list[str], columns: Columns, source: str, position: int, lines: _Lines
) -> Found:
    if row and len(row) != len(header):
        raise Trouble(
            "invalid_csv",
            f"line {lines.number:,}: has {len(row)} fields where the header has {len(header)}",
        )
    if any("\udc80" <= char <= "\udcff" for value in row for char in value if not char.isascii()):
        raise Trouble("invalid_encoding", f"line {lines.number:,}: is not {lines.encoding}")
    values = dict(zip(header, row, strict=False))
    return columns.article(values, source, position).warned(*lines.warnings)
