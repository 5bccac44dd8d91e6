"""The embedded default: one encoder pass, everything read off it."""

from pipelines.reader.reader import Reader

__all__ = ["Reader"]
