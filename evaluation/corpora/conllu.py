"""CoNLL-U as GUM writes it: tokens, entities and discourse units, tied to a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipelines.article import Span

__all__ = ["Document", "Mention", "Relation", "Token", "read_documents"]

_ENTITY = re.compile(r"\((?P<whole>[^()]+)\)|\((?P<open>[^()]+)|(?P<close>[^()]+)\)")
_RELATION = re.compile(r"(?P<name>[\w-]+):(?P<unit>\d+)(?:->(?P<head>\d+)(?::(?P<depth>\d+))?)?")
#: Where a file does not say how its entities are written, they are in GUM's oldest way.
_OLDEST = ("etype", "GRP", "identity")


@dataclass(frozen=True, slots=True)
class Token:
    """``head`` is the index of the token it depends on, None for the root."""

    span: Span
    upos: str
    deprel: str
    head: int | None
    unit: int


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens ``[start, end)`` that stand for the entity ``group``."""

    group: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Relation:
    """The unit depends on ``head``; units of a lower ``depth`` hang there further inside."""

    name: str
    unit: int
    head: int
    depth: int | None


@dataclass(slots=True)
class Document:
    id: str
    text: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)

    def units(self, wanted: Iterable[int]) -> tuple[Span, ...]:
        """The stretches of text of the units, one for each run of tokens."""
        numbers = set(wanted)
        spans: list[Span] = []
        inside = False
        for token in self.tokens:
            if token.unit in numbers and inside:
                spans[-1] = (spans[-1][0], token.span[1])
            elif token.unit in numbers:
                spans.append(token.span)
            inside = token.unit in numbers
        return tuple(spans)


class _Builder:
    """One document while its lines are read."""

    def __init__(self, name: str) -> None:
        self.document = Document(name)
        self.fields: tuple[str, ...] = _OLDEST
        self.open: list[tuple[str, str, int]] = []
        self.unit = 0
        self.sentence = 0
        self.gap = ""
        self.surface: tuple[int, int, str, str] | None = None  # first, last, form, gap after

    def comment(self, line: str) -> None:
        name, _, value = line[1:].partition("=")
        name, value = name.strip(), value.strip()
        if name == "global.Entity":
            self.fields = tuple(value.split("-"))
        elif name.startswith("meta::"):
            self.document.meta[name[6:]] = value
        elif name == "sent_id":
            self.sentence = len(self.document.tokens)
            self.gap = self.gap or ("\n" if self.document.text else "")
        elif name.startswith("newpar") and self.document.text:
            self.gap = "\n\n"

    def row(self, cells: list[str]) -> None:
        """A line of ten cells; raises :class:`ValueError` saying what is wrong with it."""
        if len(cells) != 10:
            raise ValueError(f"has {len(cells)} cells, not 10")
        number, form, misc = cells[0], cells[1], cells[9]
        if "." in number:  # an empty node of the enhanced graph has no text
            return
        after = "" if "SpaceAfter=No" in misc.split("|") else " "
        if "-" in number:
            first, last = number.split("-")
            self.surface = (int(first), int(last), form, after)
            return
        self._token(int(number), form, after, cells)
        self._entities(misc)

    def _token(self, number: int, form: str, after: str, cells: list[str]) -> None:
        document = self.document
        if self.surface is not None and not self.surface[0] <= number <= self.surface[1]:
            self.surface = None
        if self.surface is None:
            document.text += self.gap + form
            span = (len(document.text) - len(form), len(document.text))
            self.gap = after
        else:  # the parts of a contraction lie in the word as it was written
            first, last, whole, gap = self.surface
            if number == first:
                document.text += self.gap + whole
            start = len(document.text) - len(whole)
            at = document.text.find(form, start if number == first else document.tokens[-1].span[1])
            span = (at, at + len(form)) if at >= 0 else (start, len(document.text))
            self.gap = gap if number == last else ""
        unit = next(
            (
                item[len("Discourse=") :]
                for item in cells[9].split("|")
                if item.startswith("Discourse=")
            ),
            None,
        )
        if unit is not None:
            self._relation(unit)
        head = int(cells[6]) if cells[6].isdigit() else 0
        document.tokens.append(
            Token(
                span=span,
                upos=cells[3],
                deprel=cells[7],
                head=self.sentence + head - 1 if head else None,
                unit=self.unit,
            )
        )

    def _relation(self, value: str) -> None:
        found = _RELATION.match(value.split(";", maxsplit=1)[0])
        if found is None:
            raise ValueError(f"Discourse={value[:30]} is no relation")
        self.unit = int(found["unit"])
        if found["head"]:
            depth = int(found["depth"]) if found["depth"] else None
            self.document.relations.append(
                Relation(found["name"], self.unit, int(found["head"]), depth)
            )

    def _entities(self, misc: str) -> None:
        value = next((item[7:] for item in misc.split("|") if item.startswith("Entity=")), "")
        index = len(self.document.tokens) - 1
        for found in _ENTITY.finditer(value):
            named = found["whole"] or found["open"]
            if named:
                parts = dict(zip(self.fields, named.split("-"), strict=False))
                group, kind = str(parts.get("GRP", named)), str(parts.get("etype", ""))
                if found["whole"]:
                    self.document.mentions.append(Mention(group, kind, index, index + 1))
                else:
                    self.open.append((group, kind, index))
            else:
                self._close(found["close"], index + 1)

    def _close(self, name: str, end: int) -> None:
        parts = dict(zip(self.fields, name.split("-"), strict=False))
        groups = {name, parts.get("GRP", name)}
        for i in range(len(self.open) - 1, -1, -1):
            group, kind, start = self.open[i]
            if group in groups:
                del self.open[i]
                self.document.mentions.append(Mention(group, kind, start, end))
                return


def read_documents(lines: Iterable[str]) -> Iterator[Document | tuple[int, str, str]]:
    """Each document of a file; ``(line number, document, error)`` for one that is malformed.

    The text is the tokens with their spaces, a line for each sentence, and an empty line
    between paragraphs.
    """
    builder: _Builder | None = None
    error: tuple[int, str, str] | None = None
    for number, line in enumerate(lines, 1):
        if line.startswith("# newdoc"):
            if builder is not None:
                yield error or builder.document
            builder, error = _Builder(line.partition("=")[2].strip()), None
        elif builder is None or error is not None:
            continue
        elif line.startswith("#"):
            builder.comment(line)
        elif line.strip():
            try:
                builder.row(line.rstrip("\r\n").split("\t"))
            except ValueError as wrong:
                error = (number, builder.document.id, str(wrong))
    if builder is not None:
        yield error or builder.document
