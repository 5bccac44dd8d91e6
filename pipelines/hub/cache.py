"""What lies in the hub's cache on this machine, looked at without any network."""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["cached", "cached_names"]

_PREFIX = "models--"


def _root() -> Path:
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def _folders() -> list[Path]:
    root = _root()
    return sorted(root.glob(f"{_PREFIX}*")) if root.is_dir() else []


def _name(folder: Path) -> str:
    return folder.name.removeprefix(_PREFIX).replace("--", "/")


def cached_names() -> list[str]:
    """Repositories in the cache that hold a checkpoint's configuration."""
    return [_name(folder) for folder in _folders() if _newest(folder) is not None]


def cached() -> dict[str, Path]:
    """The newest snapshot of each cached repository, by its name."""
    found = {_name(folder): _newest(folder) for folder in _folders()}
    return {name: path for name, path in found.items() if path is not None}


def _newest(folder: Path) -> Path | None:
    snapshots = [path for path in folder.glob("snapshots/*") if _is_checkpoint(path)]
    return max(snapshots, key=lambda path: path.stat().st_mtime, default=None)


def _is_checkpoint(folder: Path) -> bool:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(config, dict) and "architectures" in config
