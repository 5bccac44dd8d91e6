"""The guarded process: HTML in, main text out, one document after another.

Messages both ways are a length of eight bytes, big end first, and that many bytes. The
process bounds its own memory; its time is kept by :mod:`pipelines.archive.extract`.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import IO, Any

__all__ = ["MEMORY", "extract", "receive", "send", "serve"]

#: Bytes of address space that the extractor may take.
MEMORY = 2 << 30


def send(stream: IO[bytes], body: bytes) -> None:
    stream.write(len(body).to_bytes(8, "big") + body)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message, or None when the other side has gone."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    size = int.from_bytes(head, "big")
    body = stream.read(size)
    return body if len(body) == size else None


def extract(html: bytes) -> dict[str, Any]:
    """``text``, ``title`` and ``date`` of a page, or ``error`` and why there is none."""
    import trafilatura

    try:
        page = trafilatura.bare_extraction(html, include_comments=False, with_metadata=True)
    except MemoryError:
        return {"error": "out_of_memory"}
    except Exception as error:  # a parser may raise anything on a broken page
        return {"error": "extraction_failed", "detail": type(error).__name__}
    if page is None or isinstance(page, dict) or not (page.text or "").strip():
        return {"error": "no_main_text"}
    return {"text": page.text, "title": page.title or None, "date": page.date or None}


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    while (html := receive(requests)) is not None:
        send(replies, json.dumps(extract(html)).encode())


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(sys.stdin.buffer, sys.stdout.buffer)
