"""What stops a benchmark before it starts."""

from __future__ import annotations

from pipelines.errors import AttacheError

__all__ = ["BenchmarkError"]


class BenchmarkError(AttacheError):
    """A benchmark that cannot start: the message says what is missing and what to do."""
