"""Where the project's own references lie, and what a file of references is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.errors import BenchmarkError
from pipelines.references import read_texts

__all__ = ["DataFile", "data_file", "label_files", "load_texts", "seed_file"]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that was scored against, so that a run can be repeated."""

    path: str
    sha256: str


def data_file(path: Path) -> DataFile:
    return DataFile(str(path), hashlib.sha256(path.read_bytes()).hexdigest())


def seed_file(name: str) -> Path:
    """A file of the project's own labels, for example ``articles/test.jsonl``.

    They are no part of the installed package: they are looked for beside the package and
    in the working folder. Raises :class:`BenchmarkError` where neither has it.
    """
    places = [
        root / "seeds" / name
        for root in dict.fromkeys((Path(__file__).resolve().parent.parent, Path.cwd()))
    ]
    for path in places:
        if path.is_file():
            return path
    looked = " and ".join(map(str, places))
    raise BenchmarkError(
        f"no references: there is no {looked}; run inside the project's checkout "
        "or name a file or folder with --data"
    )


def label_files(paths: Sequence[Path]) -> list[Path]:
    """The JSON Lines files under ``paths``, a folder standing for all of its own.

    Raises :class:`BenchmarkError` for a path that is not there and a folder without any.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*.jsonl"))
            if not inside:
                raise BenchmarkError(f"{path}: has no *.jsonl in it; name a file of references")
            files.extend(inside)
        elif path.is_file():
            files.append(path)
        else:
            raise BenchmarkError(f"{path}: no such file or folder; check the path")
    return list(dict.fromkeys(files))


def load_texts(path: Path | None) -> Mapping[str, str] | None:
    """Texts by article id for references that carry none."""
    if path is None:
        return None
    try:
        return read_texts(path)
    except OSError as error:
        raise BenchmarkError(f"{path}: cannot be read ({error})") from None
