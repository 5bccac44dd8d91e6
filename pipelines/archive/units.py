"""From what the caller names to units of work: whole files, or bundles of small ones."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec

from pipelines.archive.settings import BatchError

__all__ = ["File", "Unit", "form_of", "list_files", "make_units"]

#: What a file holds, by the end of its name.
FORMS = {
    **dict.fromkeys((".txt", ".text", ".md", ".markdown"), "text"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    ".parquet": "parquet",
    **dict.fromkeys((".arrow", ".feather"), "arrow"),
    ".warc": "warc",
    ".wet": "warc",
    ".zip": "zip",
}
PACKINGS = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}
#: Forms of one document a file, which are bundled into units.
SINGLE = ("text", "html")
#: Forms that cannot be read from a packed stream, for they are read from their end.
_SEEKING = ("parquet", "arrow", "zip")
_BUNDLE_BYTES = 64 << 20
_HUB = re.compile(r"[\w.-]+(/[\w.-]+)?")


@dataclass(frozen=True, slots=True)
class File:
    address: str
    size: int


@dataclass(frozen=True, slots=True)
class Unit:
    """What is read in one go: ``form`` is a form of file, ``hub`` or ``object``."""

    number: int
    form: str
    files: tuple[File, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Unit:
        files = tuple(File(**file) for file in data["files"])
        return cls(data["number"], data["form"], files)


def form_of(name: str) -> tuple[str, str | None] | None:
    """``(form, packing)`` by the name's endings, or None for a file that is not read."""
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes]
    packing = PACKINGS.get(suffixes[-1]) if suffixes else None
    if packing is not None:
        suffixes.pop()
    form = FORMS.get(suffixes[-1]) if suffixes else None
    if form is None or (packing is not None and form in _SEEKING):
        return None
    return form, packing


def list_files(sources: Sequence[str]) -> tuple[list[File], list[str], list[str]]:
    """The files under the sources, the names of hub data sets, and what is passed over.

    Raises :class:`BatchError` for a source that is not there or that cannot be read.
    """
    files: dict[str, File] = {}
    hub: list[str] = []
    skipped: list[str] = []
    for source in sources:
        found = _remote(source) if "://" in source else _local(source)
        if found is None:
            hub.append(source)
            continue
        exact = len(found) == 1 and found[0].address == source
        known = [file for file in found if form_of(file.address) is not None]
        if exact and not known:
            kinds = " ".join((*FORMS, *PACKINGS))
            raise BatchError(f"{source}: not a kind of file that is read ({kinds})")
        if not known:
            raise BatchError(f"{source}: holds no file of a kind that is read")
        skipped += [file.address for file in found if form_of(file.address) is None]
        files |= {file.address: file for file in known}
    return list(files.values()), hub, skipped


def _local(source: str) -> list[File] | None:
    path = Path(source)
    if path.is_dir():
        inside = sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p, path))
        return [File(str(p), p.stat().st_size) for p in inside]
    if path.is_file():
        return [File(source, path.stat().st_size)]
    matches = sorted(glob.glob(source, recursive=True)) if glob.has_magic(source) else []
    if matches:
        return [file for match in matches for file in _local(match) or ()]
    if _HUB.fullmatch(source) and form_of(source) is None and not glob.has_magic(source):
        return None
    raise BatchError(f"{source}: no such file or folder; check the path")


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _remote(source: str) -> list[File]:
    try:
        fs, path = fsspec.core.url_to_fs(source)
        if glob.has_magic(path):
            found = sorted(fs.glob(path))
        else:
            found = sorted(fs.find(path)) if fs.isdir(path) else [path]
        files = [File(fs.unstrip_protocol(p), int(fs.info(p)["size"] or 0)) for p in found]
    except ImportError as error:
        raise BatchError(
            f"{source}: {error}; for s3:// install the extra attache[s3], "
            "for others the package that fsspec names"
        ) from None
    except (OSError, ValueError) as error:
        raise BatchError(f"{source}: cannot be listed ({error or 'not found'})") from None
    if not files:
        raise BatchError(f"{source}: nothing is there; check the address")
    if len(files) == 1 and not glob.has_magic(path) and not fs.isdir(path):
        return [File(source, files[0].size)]
    return files


def make_units(
    files: Iterable[File], hub: Iterable[str], objects: int, *, bundle: int
) -> Iterator[Unit]:
    """Units in the order of their sources; ``bundle`` single documents make one."""
    number = 0
    bundled: list[File] = []

    def flush() -> Iterator[Unit]:
        nonlocal number
        if bundled:
            yield Unit(number, "documents", tuple(bundled))
            number += 1
            bundled.clear()

    for file in files:
        form, _ = form_of(file.address) or ("", None)
        if form in SINGLE:
            bundled.append(file)
            full = sum(one.size for one in bundled) >= _BUNDLE_BYTES
            if full or len(bundled) >= bundle:
                yield from flush()
            continue
        yield from flush()
        yield Unit(number, form, (file,))
        number += 1
    yield from flush()
    for form, names in (("hub", hub), ("object", map(str, range(objects)))):
        for name in names:
            yield Unit(number, form, (File(name, 0),))
            number += 1
