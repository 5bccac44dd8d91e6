"""Libraries that only some benchmarks need: asked for by name, before anything is read."""

from __future__ import annotations

import importlib
from typing import Any

from evaluation.errors import BenchmarkError

__all__ = ["need"]


def need(module: str, *, what: str, extra: str) -> Any:
    """The module, imported; raises :class:`BenchmarkError` naming the extra that has it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise BenchmarkError(
            f"{what} needs a library that is not installed ({error}); "
            f"install it with: pip install 'attache[{extra}]'"
        ) from None
