"""Articles from brat's folders, those that this project wrote and those of others."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from evaluation.labels.convert.article import Drawn, Reading, place_marks
from evaluation.labels.convert.brat import BRAT_FIELDS, broken_at_lines, whole_again
from evaluation.labels.convert.brat_lines import AnnFile, Attribute, read_ann
from evaluation.labels.convert.brat_notes import read_note
from evaluation.labels.convert.marks import FIELDS, Mark, Role, meaning
from evaluation.labels.problem import Finding, error, warning
from pipelines.article import Span

__all__ = ["read_brat"]

_Values = defaultdict[str, defaultdict[str, list[str]]]


class _Document:
    """One ``.ann`` file on its way to marks and links."""

    def __init__(self, file: AnnFile, text: str) -> None:
        self.file = file
        self.text = text
        self.findings: list[tuple[Finding, int]] = []
        self.roles: dict[str, Role] = {}
        self.links: list[tuple[str, str]] = []
        self.values: _Values = defaultdict(lambda: defaultdict(list))
        self.spans: dict[str, list[str]] = {}
        self._read_types()
        self._read_links()
        for attribute in file.attributes:
            self._read_attribute(attribute)
        for target, name in file.names:
            self.values[self._owner(target)]["names"].append(name)
        for line, target, note in file.notes:
            self._read_note(line, self._owner(target), note)

    def _say(self, finding: Finding, line: int) -> None:
        self.findings.append((finding, line))

    def _read_types(self) -> None:
        for line in self.file.bad:
            self._say(error("form", "is no line of brat’s standoff form; mend it"), line)
        for line in self.file.equivalences:
            self._say(warning("field", "equivalences are left out; write names instead"), line)
        triggers = {trigger for trigger, arguments in self.file.events.values() if arguments}
        for key, bound in self.file.bounds.items():
            role, stance, hint = meaning(bound.type)
            if role is None and key in triggers:
                role = "cue"  # an event's own type names the event, not the words
            if role is None:
                message = f"{key}: “{bound.type}” is none of ours; {hint}"
                self._say(warning("label", message), bound.line)
                continue
            self.roles[key] = role
            if stance is not None:
                self.values[key]["stance"].append(stance)

    def _members(self, key: str, seen: frozenset[str] = frozenset()) -> list[str]:
        """The text-bound annotations under an id, an event's being its trigger's and all."""
        if key not in self.file.events or key in seen:
            return [key] if key in self.roles else []
        trigger, arguments = self.file.events[key]
        return [m for part in (trigger, *arguments) for m in self._members(part, seen | {key})]

    def _owner(self, key: str) -> str:
        """The mark that an attribute or a note of this id is for: an event's content."""
        members = self._members(key)
        contents = [member for member in members if self.roles[member] == "content"]
        return (contents or members or [key])[0]

    def _read_links(self) -> None:
        for one, other in self.file.relations:
            ends = self._owner(one), self._owner(other)
            if all(end in self.roles for end in ends):
                self.links.append(ends)
        for event in self.file.events:
            members = self._members(event)
            contents = [member for member in members if self.roles[member] == "content"]
            self.links.extend((contents[0], member) for member in members if contents)

    def _read_attribute(self, attribute: Attribute) -> None:
        owner = self._owner(attribute.target)
        name = re.sub(r"\d+$", "", attribute.type).casefold().replace("-", "_")
        role, stance, _ = meaning(attribute.type)
        if name in FIELDS and attribute.value is not None:
            self.values[owner][name].append(attribute.value)
        elif role == "content" and stance is not None:
            self.values[owner]["stance"].append(stance)
        else:
            message = f"attribute {attribute.type}: is no field of ours; use {', '.join(FIELDS)}"
            self._say(warning("field", message), attribute.line)

    def _read_note(self, line: int, owner: str, note: str) -> None:
        fields = read_note(note)
        known = {name for name in fields or {} if name in (*FIELDS, "spans")}
        if fields is None or not known:
            message = f"note “{note.strip()}” is left out; write names: A; B or targets: A; B"
            self._say(warning("note", message), line)
            return
        for name in known:
            if name == "spans":
                self.spans[owner] = fields[name]
            else:
                self.values[owner][name].extend(fields[name])

    def _whole(self, key: str, pieces: tuple[Span, ...]) -> tuple[Span, ...]:
        """What the note says of the spans holds while the pieces are still those it meant."""
        try:
            noted = tuple((int(a), int(b)) for a, b in map(str.split, self.spans.get(key, ())))
        except ValueError:
            noted = ()
        if noted and broken_at_lines(self.text, noted) == pieces:
            return noted
        return whole_again(self.text, pieces)

    def marks(self) -> list[Mark]:
        """The marks where their words stand, whole again where a line break split them."""
        bounds = {key: self.file.bounds[key] for key in self.roles}

        def report(key: str | None, finding: Finding) -> None:
            self._say(finding, bounds[key].line if key is not None else 1)

        drawn = [
            Mark(key, role, bounds[key].spans, {n: tuple(v) for n, v in self.values[key].items()})
            for key, role in self.roles.items()
        ]
        words = {key: bound.words for key, bound in bounds.items() if bound.words is not None}
        placed = place_marks(self.text, drawn, words, report)
        return [replace(mark, spans=self._whole(mark.key, mark.spans)) for mark in placed]


def _kept(folder: Path, reading: Reading) -> dict[str, Mapping[str, Any]]:
    """What this project wrote beside the pairs, by document; others have none."""
    path = folder / BRAT_FIELDS
    if not path.is_file():
        return {}
    content = _decoded(path)
    if content is None:
        reading.say(error("form", "is not UTF-8; titles and summaries are lost"), path)
        return {}
    kept: dict[str, Mapping[str, Any]] = {}
    for number, line in enumerate(content.split("\n"), 1):
        try:
            row = json.loads(line) if line.strip() else None
            if row is not None:
                kept[str(row["document"])] = dict(row["fields"])
        except (ValueError, KeyError, TypeError):
            message = "is no document with fields; its title and summary are lost"
            reading.say(error("form", message), path, line=number)
    return kept


def _decoded(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def _read_pair(ann: Path, fields: Mapping[str, Any] | None, reading: Reading) -> None:
    article = str((fields or {}).get("id", ann.stem))
    text_path = ann.with_suffix(".txt")
    text = _decoded(text_path) if text_path.is_file() else reading.texts.get(article)
    if text is None:
        message = (
            "is not UTF-8; save it as UTF-8"
            if text_path.is_file()
            else (f"there is no {text_path.name} beside it; add it or give its text with --texts")
        )
        reading.say(error("no-text", message), ann, article=article)
        return
    content = _decoded(ann)
    if content is None:
        reading.say(error("form", "is not UTF-8; save it as UTF-8"), ann, article=article)
        return
    document = _Document(read_ann(content), text)
    marks = document.marks()
    for finding, line in document.findings:
        reading.say(finding, ann, line=line, article=article)
    reading.add(Drawn(article, text, marks, document.links, {}, fields), ann)


def read_brat(path: Path, reading: Reading) -> None:
    """The pairs of a folder and those below it, or the one pair that is named."""
    files = sorted(path.rglob("*.ann")) if path.is_dir() else [path.with_suffix(".ann")]
    kept = {folder: _kept(folder, reading) for folder in dict.fromkeys(f.parent for f in files)}

    def place(ann: Path) -> tuple[Path, int, Path]:
        known = list(kept[ann.parent])
        return ann.parent, known.index(ann.stem) if ann.stem in known else len(known), ann

    for ann in sorted(files, key=place):
        if ann.is_file():
            _read_pair(ann, kept[ann.parent].get(ann.stem), reading)
        else:
            reading.say(error("form", "there is no such file beside the text; add it"), ann)
    for text in sorted(path.rglob("*.txt")) if path.is_dir() else ():
        if not text.with_suffix(".ann").is_file():
            message = f"has no {text.stem}.ann; make an empty one if it has no claims"
            reading.say(warning("unlabelled", message), text)
