"""Summaries by the ``datasets`` library: a hub name, or a copy on disk.

A copy is a folder written by ``save_to_disk``, a folder of a data set's files, or one
Parquet, Arrow, CSV or JSON Lines file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.corpora.base import Corpus, Located, Problems, Reader
from evaluation.data import DataFile, data_file
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings
from pipelines.references import Reference

__all__ = ["Form", "hub_reader"]

_LABELLED = frozenset({"text", "summary"})
_BUILDERS = {
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".csv": "csv",
    ".jsonl": "json",
    ".json": "json",
}


@dataclass(frozen=True, slots=True)
class Form:
    """Hub name and configuration of a data set, and the columns of its article and summary."""

    name: str
    hub: str
    config: str | None
    text: str
    summary: str


def _of_split(loaded: Any, split: str, place: str) -> Any:
    if not hasattr(loaded, "keys"):
        return loaded
    if split not in loaded:
        raise BenchmarkError(f"{place}: no split {split!r}; there are {', '.join(loaded)}")
    return loaded[split]


def _on_disk(path: Path, split: str) -> Any:
    import datasets

    if path.is_file():
        builder = _BUILDERS.get(path.suffix)
        if builder is None:
            raise BenchmarkError(f"{path}: is none of {', '.join(_BUILDERS)}; convert it to one")
        return datasets.load_dataset(builder, data_files=str(path), split="train")
    if (path / "state.json").is_file() or (path / "dataset_dict.json").is_file():
        return _of_split(datasets.load_from_disk(str(path)), split, str(path))
    return _of_split(datasets.load_dataset(str(path)), split, str(path))


def _load(form: Form, place: str | None, split: str, limit: int | None) -> Any:
    """The rows of the split. Raises :class:`BenchmarkError` when they cannot be had."""
    import datasets

    name = place or form.hub
    path = Path(name).expanduser()
    datasets.disable_progress_bars()
    try:
        if path.exists():
            return _on_disk(path, split)
        hub, _, revision = name.partition("@")
        config = form.config if hub == form.hub else None
        wanted = f"{split}[:{limit}]" if limit else split
        return datasets.load_dataset(hub, config, split=wanted, revision=revision or None)
    except BenchmarkError:
        raise
    except Exception as error:  # the library raises its own, the hub's and the system's errors
        said = str(error).strip().splitlines()
        raise BenchmarkError(
            f"{name}: cannot be loaded ({said[0] if said else type(error).__name__}); give a "
            f"local copy as --data {form.name}:PATH, or check the hub name, split and network"
        ) from None


def _files(place: str | None) -> tuple[DataFile, ...]:
    path = Path(place).expanduser() if place else None
    if path is None or not path.exists():
        return ()
    inside = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return tuple(map(data_file, inside))


def hub_reader(form: Form, title: str) -> Reader:
    """The reader of a data set, in each of the ways it may lie about."""

    def read(located: Located, settings: Settings, problems: Problems) -> Corpus:
        split = settings.split or "validation"
        limit = None if settings.sample else settings.limit
        rows = _load(form, located.place, split, limit)
        for column in (form.text, form.summary):
            if column not in rows.column_names:
                raise BenchmarkError(
                    f"{located.place or form.hub}: no column {column!r}; "
                    f"there are {', '.join(rows.column_names)}"
                )
        references = []
        for number, row in enumerate(rows):
            text, summary = row[form.text], row[form.summary]
            name = str(row.get("id") or number)
            lines = tuple(line.strip() for line in str(summary or "").splitlines() if line.strip())
            if not isinstance(text, str) or not text.strip() or not lines:
                column = form.summary if isinstance(text, str) and text.strip() else form.text
                problems(
                    f"{located.place or form.hub}: row {number} ({name}): {column}: is empty; "
                    "drop the row"
                )
                continue
            references.append(Reference(id=name, text=text, summary=lines))
        return Corpus(
            name=f"{form.name} {split}",
            references=tuple(references),
            labelled=_LABELLED,
            files=_files(located.place),
        )

    about = (
        f"{title}: {form.hub} from the hub, another hub name[@revision], or a copy on disk; "
        "splits train, validation (default), test"
    )
    return Reader(form.name, about, read)
