"""For the person waiting: a bar on a terminal, now and then a plain line elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

__all__ = ["Ticker", "duration"]

#: Seconds between plain lines.
_EVERY = 15.0


class Ticker:
    """Counts what is done of ``total`` (None where it is not known)."""

    def __init__(self, what: str, total: int | None, console: Console, *, done: int = 0) -> None:
        self.what, self.total, self.console = what, total, console
        self.done = self.before = done
        self.errors = 0
        self._started = self._said = time.monotonic()
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[told]}"),
                TimeRemainingColumn(),
                console=self.console,
            )
            self._bar.add_task(self.what, total=self.total, completed=self.done, told="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        elif kind is None and self.done > self.before:
            self.console.print(self._line())

    def add(self, articles: int, errors: int) -> None:
        self.done += articles
        self.errors += errors
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self.done, told=self._told())
        elif time.monotonic() - self._said >= _EVERY:
            self._said = time.monotonic()
            self.console.print(self._line())

    @property
    def rate(self) -> float:
        return (self.done - self.before) / max(time.monotonic() - self._started, 1e-6)

    def _told(self) -> str:
        of = f"/{self.total:,}" if self.total is not None else ""
        errors = f", {self.errors:,} errors" if self.errors else ""
        return f"{self.done:,}{of} articles, {self.rate:,.1f}/s{errors}"

    def _line(self) -> str:
        left = ""
        if self.total is not None and self.done < self.total and self.rate:
            left = f", {duration((self.total - self.done) / self.rate)} left"
        return f"{self.what}: {self._told()}{left}"


def duration(seconds: float) -> str:
    """``90 s``, ``12 min`` or ``3.5 h``."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
