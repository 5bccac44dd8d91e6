"""``attache models``: what can be loaded by name."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from pipelines.model import DEFAULT_WEIGHTS
from pipelines.reader.checkpoint import revision

__all__ = ["list_models"]


def list_models() -> None:
    table = Table()
    for column in ("Name", "Revision", "Size", "What it does"):
        table.add_column(column)
    size = (DEFAULT_WEIGHTS / "model.safetensors").stat().st_size
    table.add_row(
        "default",
        revision(DEFAULT_WEIGHTS),
        f"{size / 1e6:.0f} MB",
        "summary, claims, speakers, stances; embedded, English, no network",
    )
    Console().print(table)
