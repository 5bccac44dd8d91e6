"""Main text of HTML, found by trafilatura in a process of its own.

A page that hangs, grows or crashes the parser costs that process and itself; the next
page gets a new one.
"""

from __future__ import annotations

import importlib.util
import json
import os
import select
import subprocess
import sys
import time
from typing import IO, Any, Self

from pipelines.archive.extractor import send
from pipelines.archive.records import Trouble
from pipelines.archive.settings import BatchError

__all__ = ["Extractor", "Page"]

#: Seconds that one page may take.
SECONDS = 30.0

_MESSAGES = {
    "no_main_text": "the page has no main text that could be found",
    "out_of_memory": "finding the page's main text takes too much memory",
    "extraction_failed": "the page cannot be parsed",
}


class Page:
    """Main text, title and date of an HTML page."""

    def __init__(self, text: str, title: str | None, date: str | None) -> None:
        self.text, self.title, self.date = text, title, date


class Extractor:
    """A handle on the guarded process, started with the first page."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def page(self, html: bytes) -> Page:
        """The main text of a page; raises :class:`Trouble` when there is none."""
        if not html.strip():
            raise Trouble("no_main_text", "the page is empty", stage="extract")
        process = self._started()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
        try:
            send(process.stdin, html)
            reply = self._reply(process.stdout)
        except BrokenPipeError:
            reply = None
        if reply is None:
            self.close()
            raise Trouble("extractor_died", "the page makes the HTML parser crash", stage="extract")
        said: dict[str, Any] = json.loads(reply)
        if "error" in said:
            detail = f" ({said['detail']})" if "detail" in said else ""
            message = _MESSAGES[said["error"]] + detail
            raise Trouble(said["error"], message, stage="extract")
        return Page(said["text"], said["title"], said["date"])

    def _reply(self, stream: IO[bytes]) -> bytes | None:
        """The process's answer, None when it has gone; raises :class:`Trouble` when late."""
        deadline = time.monotonic() + self.seconds
        buffer = b""
        while len(buffer) < 8 or len(buffer) < 8 + int.from_bytes(buffer[:8], "big"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([stream], [], [], left)[0]:
                self.close()
                raise Trouble(
                    "extraction_timeout",
                    f"finding the page's main text takes more than {self.seconds:g} s",
                    stage="extract",
                )
            piece = os.read(stream.fileno(), 1 << 16)  # beside the buffer: only what is there
            if not piece:
                return None
            buffer += piece
        return buffer[8:]

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            if importlib.util.find_spec("trafilatura") is None:
                raise BatchError(
                    "HTML needs trafilatura: install the extra, pip install 'attache[archive]'"
                )
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pipelines.archive.extractor"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process
