"""PolNeAR, as its repository has it (Newell, Margolin and Ruths, LREC 2018).

``data/<split>/text/<article>.txt`` beside ``data/<split>/attributions/<article>_<annotator>.ann``
in brat's standoff form: text bounds (``T``) of source, cue and content, which an event
(``E``) ties to one attribution. Titles and dates come from ``data/metadata.tsv``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evaluation.corpora.base import Corpus, Located, Problems, Reader, merge_spans
from evaluation.data import DataFile, data_file
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings
from pipelines.article import Attribution, Source, Span
from pipelines.references import Reference

__all__ = ["POLNEAR"]

_LABELLED = frozenset({"text", "content", "cue", "source"})
_PARTS = ("Content", "Cue", "Source")
_TEXT_BOUND = re.compile(r"(T\S+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)")


@dataclass(slots=True)
class _Standoff:
    claims: list[Attribution] = field(default_factory=list)
    discarded: list[Span] = field(default_factory=list)


def _folder(place: Path, split: str) -> Path:
    """The compartment of ``split`` under the repository, its ``data`` or the compartment."""
    for folder in (place / "data" / split, place / split, place):
        if (folder / "attributions").is_dir() and (folder / "text").is_dir():
            return folder
    here = sorted(p.parent.name for p in (*place.glob("*/text"), *place.glob("data/*/text")))
    raise BenchmarkError(
        f"{place}: has no {split} with text/ and attributions/; "
        + (f"there are {', '.join(here)}" if here else "give the folder of PolNeAR's repository")
    )


def _metadata(folder: Path) -> dict[str, dict[str, str]]:
    path = folder.parent / "metadata.tsv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["filename"]: row for row in csv.DictReader(lines, delimiter="\t")}


def _spans(words: str) -> tuple[Span, ...]:
    pairs = (piece.split() for piece in words.split(";"))
    return tuple((int(start), int(end)) for start, end in pairs)


def _parse(path: Path, text: str, problems: Problems) -> _Standoff:
    """The attributions of one file; an attribution without content is none."""
    bounds: dict[str, tuple[Span, ...]] = {}
    read = _Standoff()
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if not line.startswith("T"):
            continue
        found = _TEXT_BOUND.fullmatch(line)
        if found is None:
            problems(f"{path}:{number}: want “T1<tab>Type start end<tab>words”; mend the line")
            continue
        key, kind, spans, words = found.groups()
        pieces = _spans(spans)
        there = " ".join(text[start:end] for start, end in pieces)
        if there.split() != words.split():
            problems(
                f"{path}:{number}: {key}: the text has “{there[:40]}” at {spans}, not "
                f"“{words[:40]}”; take the text and the labels from one release"
            )
        elif kind == "Discard":
            read.discarded.extend(pieces)
        else:
            bounds[key] = pieces
    for number, line in enumerate(lines, 1):
        if line.startswith("E"):
            read.claims.extend(_event(path, number, line, bounds, problems))
    return read


def _event(
    path: Path, number: int, line: str, bounds: Mapping[str, tuple[Span, ...]], problems: Problems
) -> Iterator[Attribution]:
    roles: dict[str, list[Span]] = {part: [] for part in _PARTS}
    for role in line.partition("\t")[2].split():
        name, _, key = role.partition(":")
        part = name.rstrip("0123456789")
        if part in roles:
            if key not in bounds:
                problems(f"{path}:{number}: {name}: no text bound {key}; mend or drop the event")
                return
            roles[part].extend(bounds[key])
    content = merge_spans(roles["Content"])
    if content:
        yield Attribution(
            content=content,
            cue=merge_spans(roles["Cue"]),
            speaker=Source(mention=merge_spans(roles["Source"])),
            stance="statement",
        )


def _read(located: Located, settings: Settings, problems: Problems) -> Corpus:
    split = settings.split or "dev"
    folder = _folder(located.path, split)
    metadata = _metadata(folder)
    by_article: dict[str, dict[str, Path]] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        article, _, annotator = path.stem.rpartition("_")
        by_article.setdefault(article, {})[annotator] = path
    references: list[Reference] = []
    masked: dict[str, tuple[Span, ...]] = {}
    files: list[DataFile] = []
    seen = {annotator for paths in by_article.values() for annotator in paths}
    wanted = settings.annotator
    if wanted not in (None, "all", *seen):
        raise BenchmarkError(
            f"annotator: no {wanted!r} in {folder}; there are {', '.join(sorted(seen))}, or all"
        )
    for article, paths in by_article.items():
        source = folder / "text" / f"{article}.txt"
        if not source.is_file():
            problems(f"{source}: no such file, but {article} has labels; fetch the texts")
            continue
        chosen = list(paths) if wanted == "all" else [wanted or min(paths)]
        # brat counts every character of the file, so no line ending may be changed.
        text = source.read_bytes().decode("utf-8")
        for annotator in chosen:
            if annotator not in paths:
                continue
            name = f"{article}#{annotator}" if wanted == "all" else article
            read = _parse(paths[annotator], text, problems)
            about = metadata.get(article, {})
            references.append(
                Reference(
                    id=name,
                    title=about.get("title") or None,
                    date=about.get("publication_date") or None,
                    text=text,
                    claims=tuple(read.claims),
                )
            )
            masked[name] = merge_spans(read.discarded)
            files.append(data_file(paths[annotator]))
    return Corpus(
        name=f"polnear {split}",
        references=tuple(references),
        labelled=_LABELLED,
        files=tuple(files),
        masked=masked,
    )


POLNEAR = Reader(
    "polnear",
    "PolNeAR's repository; splits train, dev (default), test; --annotator one of them or all",
    _read,
)
