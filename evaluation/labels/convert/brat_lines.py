"""The lines of a brat ``.ann`` file, by the grammar of https://brat.nlplab.org/standoff.html.

``T`` text-bound, of several spans where it is broken; ``R`` relation; ``E`` event; ``A``
and ``M`` attribute; ``N`` normalisation; ``#`` note; ``*`` equivalence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.article import Span

__all__ = ["AnnFile", "Attribute", "Bound", "read_ann"]

_BOUND = re.compile(r"(T\S+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t(.*))?")
_RELATION = re.compile(r"(R\S+)\t(\S+) \S+?:(\S+) \S+?:(\S+)\s*")
_EVENT = re.compile(r"(E\S+)\t(\S+?):(\S+)((?: +\S+?:\S+)*)\s*")
_ATTRIBUTE = re.compile(r"([AM]\S+)\t(\S+) (\S+)(?: ([^\t]+?))?\s*")
_NORMALISATION = re.compile(r"(N\S+)\t\S+ (\S+) (\S+)(?:\t(.*))?")
_NOTE = re.compile(r"(#\S*)\t(\S+) (\S+)\t?(.*)")


@dataclass(frozen=True, slots=True)
class Bound:
    line: int
    type: str
    spans: tuple[Span, ...]
    words: str | None


@dataclass(frozen=True, slots=True)
class Attribute:
    """``value`` is None for a binary one, which is there or not."""

    line: int
    type: str
    target: str
    value: str | None


@dataclass(slots=True)
class AnnFile:
    """What one file holds, by its ids; ``bad`` are the numbers of lines that cannot be read."""

    bounds: dict[str, Bound] = field(default_factory=dict)
    relations: list[tuple[str, str]] = field(default_factory=list)
    events: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    attributes: list[Attribute] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[int, str, str]] = field(default_factory=list)
    equivalences: list[int] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)


def _spans(offsets: str) -> Iterator[Span]:
    for pair in offsets.split(";"):
        start, end = pair.split(" ")
        yield int(start), int(end)


def _read_line(file: AnnFile, number: int, line: str) -> bool:
    kind = line[:1]
    if kind == "T" and (found := _BOUND.fullmatch(line)):
        if found[1] in file.bounds:
            return False
        file.bounds[found[1]] = Bound(number, found[2], tuple(_spans(found[3])), found[4])
    elif kind == "R" and (found := _RELATION.fullmatch(line)):
        file.relations.append((found[3], found[4]))
    elif kind == "E" and (found := _EVENT.fullmatch(line)):
        arguments = [word.split(":", 1)[1] for word in found[4].split()]
        file.events[found[1]] = found[3], arguments
    elif kind in "AM" and (found := _ATTRIBUTE.fullmatch(line)):
        file.attributes.append(Attribute(number, found[2], found[3], found[4]))
    elif kind == "N" and (found := _NORMALISATION.fullmatch(line)):
        if found[4]:
            file.names.append((found[2], found[4]))
    elif kind == "#" and (found := _NOTE.fullmatch(line)):
        file.notes.append((number, found[3], found[4]))
    elif kind == "*":
        file.equivalences.append(number)
    else:
        return False
    return True


def read_ann(content: str) -> AnnFile:
    """The annotations of a file; a line that cannot be read costs only itself."""
    file = AnnFile()
    # Not splitlines: the words of a span may have characters that it takes for line ends.
    for number, ended in enumerate(content.split("\n"), 1):
        line = ended.rstrip("\r")
        if line.strip() and not _read_line(file, number, line):
            file.bad.append(number)
    return file
