"""``attache models``: what can be loaded by name, and what is here already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.errors import ModelError
from pipelines.hub.cache import cached
from pipelines.hub.files import Checkpoint, check_folder
from pipelines.hub.registry import Kind, catalogue, kinds
from pipelines.model import DEFAULT, DEFAULT_WEIGHTS
from pipelines.reader.checkpoint import revision

__all__ = ["list_models"]


def list_models() -> None:
    known = kinds()
    console = Console()
    console.print(_models(known))
    console.print("A stage takes another model by --summary, --claims or --stance:")
    for kind in known.values():
        form = f"{kind.name}:NAME" if kind.load_named else "NAME[@REVISION] or a folder"
        console.print(f"  {kind.name}: {escape(form)}, for {_slots(kind)}", highlight=False)


def _slots(kind: Kind) -> str:
    return " and ".join(f"--{slot}" for slot in sorted(kind.slots, reverse=True))


def _models(known: dict[str, Kind]) -> Table:
    table = Table()
    for column in ("Name", "For", "Revision", "Size", "Licence", "Here"):
        table.add_column(column, overflow="fold")
    size = (DEFAULT_WEIGHTS / "model.safetensors").stat().st_size
    table.add_row(
        DEFAULT, "everything", revision(DEFAULT_WEIGHTS), _size(size), "apache-2.0", "embedded"
    )
    here = cached()
    for name, folder in here.items():
        table.add_row(escape(name), *_cached(name, folder, known))
    for name, about in catalogue().items():
        if name not in here:
            table.add_row(name, *_known(about, known))
    return table


def _cached(name: str, folder: Path, known: dict[str, Kind]) -> tuple[str, ...]:
    try:
        checkpoint: Checkpoint = check_folder(folder, name, revision=folder.name)
    except ModelError as error:
        return ("–", folder.name[:12], "–", "–", f"unfit: {escape(str(error))}")
    kind = next((one for one in known.values() if one.fits(checkpoint.config)), None)
    licence = checkpoint.licence or "not said"
    use = _slots(kind) if kind else "no stage"
    return (use, folder.name[:12], _size(checkpoint.size), escape(licence), "cached")


def _known(about: dict[str, Any], known: dict[str, Kind]) -> tuple[str, ...]:
    use = _slots(known[about["kind"]])
    size = f"{about['parameters'] / 1e6:.0f} M parameters"
    return (use, "–", size, about.get("licence", "see its card"), "no")


def _size(count: int) -> str:
    return f"{count / 1e6:.0f} MB"
