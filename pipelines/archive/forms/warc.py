"""Crawls: WARC files of web pages, and WET files of their text."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import Any, BinaryIO

from pipelines.archive.encodings import decode
from pipelines.archive.forms.reading import Reading
from pipelines.archive.records import Found, Trouble
from pipelines.archive.settings import BatchError
from pipelines.archive.streams import read_document

__all__ = ["read_warc"]

_HTML = ("text/html", "application/xhtml+xml")


def read_warc(stream: BinaryIO, source: str, reading: Reading) -> Iterator[Found]:
    """One article a page; redirects, pictures and the like are counted as skipped."""
    if importlib.util.find_spec("warcio") is None:
        raise BatchError("WARC needs warcio: install the extra, pip install 'attache[archive]'")
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    position = 0
    try:
        for record in ArchiveIterator(stream):
            kind = _kind(record)
            if kind not in (*_HTML, "text/plain"):
                reading.skipped[kind] += 1
                continue
            yield _page(record, kind, source, position, reading)
            position += 1
    except ArchiveLoadFailed as error:
        said = " ".join(str(error).split())[:200]
        raise Trouble("broken_file", f"the archive breaks off: {said}") from None


def _kind(record: Any) -> str:
    """The media type of what may be an article, else a word for what it is."""
    if record.rec_type not in ("response", "resource", "conversion"):
        return f"{record.rec_type} record"
    headers = record.http_headers or record.rec_headers
    if record.http_headers is not None and record.http_headers.get_statuscode() != "200":
        return f"HTTP status {record.http_headers.get_statuscode()}"
    return (headers.get_header("Content-Type") or "unknown type").split(";")[0].strip().lower()


def _page(record: Any, kind: str, source: str, position: int, reading: Reading) -> Found:
    address = record.rec_headers.get_header("WARC-Target-URI")
    day = (record.rec_headers.get_header("WARC-Date") or "")[:10] or None
    title: str | None = None
    warnings: tuple[str, ...] = ()
    try:
        body = read_document(record.content_stream(), reading.settings.max_bytes)
        _whole(record)
        if kind in _HTML:
            page = reading.extractor.page(body)
            text, title = page.text, page.title
            day = page.date or day
        else:
            text, warnings = decode(body)
    except Trouble as trouble:
        return Found.failed(source, position, trouble, id=address)
    except (OSError, ValueError) as error:
        said = Trouble("broken_record", f"the record cannot be unpacked ({error})")
        return Found.failed(source, position, said, id=address)
    return Found(source, position, text=text, id=address, title=title, date=day, warnings=warnings)


def _whole(record: Any) -> None:
    """Raise :class:`Trouble` when the record ends before the length that it gives."""
    left = getattr(record.raw_stream, "limit", 0)
    if left > 0:
        raise Trouble(
            "wrong_length",
            f"the record gives a length of {record.length:,} bytes, "
            f"and the archive ends {left:,} bytes before it",
        )
