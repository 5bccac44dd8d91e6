"""Whether the files of a checkpoint may be loaded: safetensors, whole, and no code in them."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import ModelError

__all__ = ["CONFIG", "INDEX", "WEIGHTS", "Checkpoint", "check_folder", "refuse_code"]

CONFIG, WEIGHTS, INDEX = "config.json", "model.safetensors", "model.safetensors.index.json"
_PICKLED = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".h5", ".msgpack", ".joblib")
_LICENCE = re.compile(r"^license:\s*[\"']?([\w.+-]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint whose files were found sound. ``size`` counts bytes of weights."""

    name: str
    revision: str
    folder: Path
    config: dict[str, Any]
    size: int
    licence: str | None = None

    @property
    def shown(self) -> str:
        """The name for an analysis, which shows no folders of this machine."""
        return Path(self.name).name if Path(self.name).is_dir() else self.name

    @property
    def architecture(self) -> str:
        named = self.config.get("architectures") or [self.config.get("model_type", "unknown")]
        return str(named[0])


def _read_json(path: Path, name: str) -> dict[str, Any]:
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{name}: {path.name} cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise ModelError(f"{name}: {path.name} is not JSON in UTF-8 ({error})") from None
    if not isinstance(body, dict):
        raise ModelError(f"{name}: {path.name} is not a JSON object")
    return body


def refuse_code(body: dict[str, Any], name: str, file: str) -> None:
    """Raise :class:`ModelError` when a configuration asks for code of the repository."""
    if body.get("auto_map") or body.get("custom_pipelines"):
        raise ModelError(
            f"{name}: {file} asks for code from the repository, which is never run here; "
            "take a checkpoint of an architecture that transformers itself has"
        )


def _weights(folder: Path, name: str) -> list[Path]:
    """The weight files; an index must name safetensors beside it and nothing else."""
    if (folder / INDEX).is_file():
        shards = _read_json(folder / INDEX, name).get("weight_map")
        if not isinstance(shards, dict) or not shards:
            raise ModelError(f"{name}: {INDEX} has no weight_map")
        files = sorted({str(file) for file in shards.values()})
        for file in files:
            if not file.endswith(".safetensors"):
                raise ModelError(
                    f"{name}: {INDEX} leads to {file}, which may hold pickled code; only "
                    "safetensors are loaded: convert the checkpoint or take another revision"
                )
            if Path(file).name != file:
                raise ModelError(f"{name}: {INDEX} leads to {file}, outside its folder")
            if not (folder / file).is_file():
                raise ModelError(f"{name}: {file} is missing, {INDEX} names it; fetch it again")
        return [folder / file for file in files]
    if (folder / WEIGHTS).is_file():
        return [folder / WEIGHTS]
    pickled = sorted(p.name for p in folder.iterdir() if p.suffix in _PICKLED)
    if pickled:
        raise ModelError(
            f"{name}: has {pickled[0]} and no safetensors; pickled weights can run code and are "
            "not loaded: convert the checkpoint with safetensors or take another revision"
        )
    raise ModelError(f"{name}: {WEIGHTS} is missing; a checkpoint has {CONFIG} and {WEIGHTS}")


def _check_header(path: Path, name: str) -> None:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            file.keys()
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"{name}: {path.name} is not a whole safetensors file ({error}); fetch it again"
        ) from None


def _fingerprint(folder: Path, files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in (folder / CONFIG, *files):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]


def check_folder(folder: Path, name: str, *, revision: str | None = None) -> Checkpoint:
    """The checkpoint in ``folder``, looked at before anything of it is loaded.

    Without a ``revision``, twelve hexadecimal digits of what its files hold are made one.
    Raises :class:`~pipelines.errors.ModelError` when a file is missing or broken, weights
    are pickled, also behind a shard index, or code of the repository would be run.
    """
    if not (folder / CONFIG).is_file():
        raise ModelError(f"{name}: {CONFIG} is missing; a checkpoint has {CONFIG} and {WEIGHTS}")
    config = _read_json(folder / CONFIG, name)
    for file in (CONFIG, "tokenizer_config.json"):
        if (folder / file).is_file():
            refuse_code(_read_json(folder / file, name), name, file)
    weights = _weights(folder, name)
    for path in weights:
        _check_header(path, name)
    card = folder / "README.md"
    licence = _LICENCE.search(card.read_text("utf-8", "replace")[:5000]) if card.is_file() else None
    return Checkpoint(
        name=name,
        revision=revision or _fingerprint(folder, weights),
        folder=folder,
        config=config,
        size=sum(path.stat().st_size for path in weights),
        licence=licence[1] if licence else None,
    )
