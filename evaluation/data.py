"""Where references are found: files, folders, or the project's own seeds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import AttacheError
from pipelines.references import LabelError, Reference, read_references, read_texts

__all__ = ["BenchmarkError", "DataFile", "label_files", "load_references", "load_texts", "seeds"]


class BenchmarkError(AttacheError):
    """A benchmark that cannot start: the message says what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of references that was scored against, so that a run can be repeated."""

    path: str
    sha256: str
    articles: int
    claims: int


def seeds() -> Path:
    """The project's own references for judging: its seed articles that tune nothing.

    They are no part of the installed package: they are looked for beside the package and
    in the working folder. Raises :class:`BenchmarkError` where neither has them.
    """
    places = [
        root / "seeds" / "articles" / "test.jsonl"
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


def load_references(
    paths: Sequence[Path], *, texts: Mapping[str, str] | None = None
) -> tuple[list[Reference], tuple[DataFile, ...]]:
    """All references under ``paths``, in order, and the files they came from.

    Raises :class:`~pipelines.references.LabelError` naming file, line and field of
    the first line that cannot be used, and :class:`BenchmarkError` for a file that holds
    no label at all, which would otherwise score every model as wrong.
    """
    references: list[Reference] = []
    files = []
    for path in label_files(paths):
        found = read_references(path, texts=texts)
        if not any(reference.claims or reference.summary for reference in found):
            raise BenchmarkError(
                f"{path}: has neither claims nor summaries; is it a file of texts?"
            )
        for reference in found:
            if reference.text is None:
                raise LabelError(
                    f"{path}: {reference.id}: carries no text; give the file that has it as texts"
                )
        references.extend(found)
        files.append(
            DataFile(
                path=str(path),
                sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                articles=len(found),
                claims=sum(len(reference.claims) for reference in found),
            )
        )
    return references, tuple(files)
