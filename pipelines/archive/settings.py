"""What a run is told, and the fingerprint that keeps two different runs apart."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipelines.errors import AttacheError
from pipelines.model import DEFAULT_WEIGHTS, Model, load
from pipelines.version import __version__

__all__ = ["BatchError", "BatchSettings", "code_version", "load_model", "model_identity"]


class BatchError(AttacheError):
    """A run that cannot start or go on: the message says why and what to do."""


class BatchSettings(BaseModel):
    """Everything that bears on the results of a run; all of it is in its fingerprint.

    ``text``, ``id``, ``title`` and ``date`` name columns, guessed where they are None.
    ``max_bytes`` bounds one document or one line, unpacked. ``duplicates``: ``skip``
    reads only the first of several, ``mark`` reads them all, ``off`` looks for none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = "default"
    device: str = "cpu"
    max_words: int = Field(default=80, ge=1)
    max_sentences: int = Field(default=3, ge=1)
    max_characters: int = Field(default=200_000, ge=1)
    max_bytes: int = Field(default=16 << 20, ge=1)
    text: str | None = None
    id: str | None = None
    title: str | None = None
    date: str | None = None
    subset: str | None = None
    split: str = "train"
    revision: str | None = None
    duplicates: Literal["skip", "mark", "off"] = "skip"
    format: Literal["parquet", "jsonl"] = "parquet"
    chunk_articles: int = Field(default=1000, ge=1)


@cache
def code_version() -> str:
    """The version, and eight digits that change whenever the code that reads does."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root)
        # Commands, training and the report have no part in what a run writes.
        if relative.parts[0] not in ("cli", "training") and "report" not in relative.parts:
            digest.update(f"{relative}\0".encode() + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:8]}"


def model_identity(settings: BatchSettings) -> dict[str, str]:
    """Name and revision of the model; of one in a folder without loading it.

    The revision of a folder is a digest of its weights and settings, so that a run that
    is finished can be told to be the same in a moment.
    """
    folder = DEFAULT_WEIGHTS if settings.model == "default" else Path(settings.model)
    if not folder.is_dir():
        identity = load_model(settings).identity
        return {"name": identity.name, "revision": identity.revision}
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.safetensors"), *folder.glob("*.json")]):
        digest.update(f"{path.name}\0".encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return {"name": settings.model, "revision": digest.hexdigest()[:12]}


_loaded: dict[str, Model] = {}


def load_model(settings: BatchSettings) -> Model:
    """The model of these settings, loaded once a process."""
    wanted: dict[str, Any] = settings.model_dump(
        include={"device", "max_words", "max_sentences", "max_characters"}
    )
    key = f"{settings.model} {wanted}"
    if key not in _loaded:
        _loaded.clear()  # one model at a time is all that a run needs
        _loaded[key] = load(settings.model, **wanted)
    return _loaded[key]
