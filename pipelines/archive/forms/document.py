"""One document a file: text and Markdown as they are, HTML through the extractor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipelines.archive.encodings import decode
from pipelines.archive.forms.reading import Reading
from pipelines.archive.records import Found
from pipelines.archive.streams import read_document

__all__ = ["read_html", "read_text"]


def read_text(stream: BinaryIO, source: str, reading: Reading) -> Iterator[Found]:
    text, warnings = decode(read_document(stream, reading.settings.max_bytes))
    yield Found(source, 0, text=text, id=source, warnings=warnings)


def read_html(stream: BinaryIO, source: str, reading: Reading) -> Iterator[Found]:
    page = reading.extractor.page(read_document(stream, reading.settings.max_bytes))
    yield Found(source, 0, text=page.text, id=source, title=page.title, date=page.date)
