"""What a spaCy ``Doc`` holds of an article: span groups, entities and one record of ours.

The groups are ``content``, ``cue`` and ``speaker``. A content is labelled with its stance,
so that a span categoriser learns from the group as it is; the spans of one claim share a
``kb_id``, the one field of a span that both ``DocBin`` and ``Doc.to_json`` keep. The rest
is plain data under ``attache``: no extension attribute has to be registered to read it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.labels.convert.article import Drawn, Labelled, Reading, kept_fields
from evaluation.labels.convert.marks import ROLES, Mark, Role, meaning
from evaluation.labels.problem import error, warning
from pipelines.article import Attribution, Span

__all__ = ["Doc", "DocSpan", "doc_of", "read_doc", "words_of"]

_WORD = re.compile(r"\w+|[^\w\s]|\s+")
_SET_ASIDE = ("also", "polarity", "targets", "threat_from")


@dataclass(frozen=True, slots=True)
class DocSpan:
    """A span of a group; ``key`` is its ``kb_id``."""

    start: int
    end: int
    label: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Doc:
    """A spaCy document apart from its tokens, in code points of its text."""

    text: str
    groups: Mapping[str, Sequence[DocSpan]]
    record: Mapping[str, Any] | None = None


def doc_of(article: Labelled) -> Doc:
    """The document of an article; the record has each claim's fields under its key."""
    groups: dict[str, list[DocSpan]] = {role: [] for role in ROLES}
    claims = {}
    for number, claim in enumerate(map(Attribution.model_validate, article.row["claims"]), 1):
        key = f"claim-{number}"
        parts: Sequence[tuple[Role, Sequence[Span], str]] = (
            ("content", claim.content, claim.stance),
            ("cue", claim.cue, "cue"),
            ("speaker", claim.speaker.mention, "speaker"),
        )
        for role, spans, label in parts:
            groups[role].extend(DocSpan(start, end, label, key) for start, end in spans)
        fields = {name: article.row["claims"][number - 1][name] for name in _SET_ASIDE}
        claims[key] = {"names": list(claim.speaker.names), **fields}
    return Doc(article.text, groups, {"fields": kept_fields(article.row), "claims": claims})


def words_of(text: str, spans: Sequence[Span] = ()) -> list[tuple[int, int, bool]]:
    """Tokens as ``(start, end, followed by a blank)``, cut wherever a span begins or ends.

    Every character is in a token or is the one blank after it, as spaCy has it, so that
    the words give back the text.
    """
    starts, ends = {start for start, _ in spans}, {end for _, end in spans}
    cuts = sorted(starts | ends)
    pieces: list[tuple[int, int, bool]] = []
    for found in _WORD.finditer(text):
        start = found.start()
        if found[0][0] == " " and pieces and start not in starts and start + 1 not in ends:
            pieces[-1] = (*pieces[-1][:2], True)
            start += 1
        inside = cuts[bisect_right(cuts, start) : bisect_left(cuts, found.end())]
        for cut in (*inside, found.end()):
            if start < cut:
                pieces.append((start, cut, False))
            start = cut
    return pieces


def _values(claim: Any) -> dict[str, tuple[str, ...]]:
    """The values of a claim of our record, whatever somebody made of it."""
    values = {}
    for name in (*_SET_ASIDE, "names"):
        value = claim.get(name) if isinstance(claim, Mapping) else None
        given = [value] if isinstance(value, str) else value or []
        values[name] = tuple(item for item in given if isinstance(item, str) and item)
    return values


def _role(group: str, span: DocSpan) -> tuple[Role | None, str | None, str]:
    """What a span is, by its group's name or else by its label, and its stance."""
    role, _, _ = meaning(group)
    if role is None:
        return meaning(span.label)
    said, stance, _ = meaning(span.label)
    if role == "content" and stance is None and said is None and span.label:
        return role, span.label, ""  # a label set of their own
    return role, stance if role == "content" else None, ""


def read_doc(doc: Doc, place: str, path: Path, reading: Reading) -> None:
    """One document's claims; without a record of ours, from groups and labels alone."""
    record = doc.record or {}
    fields = record.get("fields")
    fields = fields if isinstance(fields, Mapping) and isinstance(fields.get("id"), str) else None
    article = fields["id"] if fields else place
    told = record.get("claims")
    told = told if isinstance(told, Mapping) else {}
    marks: dict[str, Mark] = {}
    owners: dict[str, str] = {}
    parts: defaultdict[str, list[str]] = defaultdict(list)
    unknown: dict[str, str] = {}
    for group, spans in doc.groups.items():
        for number, span in enumerate(spans, 1):
            role, stance, hint = _role(group, span)
            if role is None:
                unknown[span.label] = hint
                continue
            key = f"{group}[{number}]"
            values: dict[str, tuple[str, ...]] = {}
            if role == "content":
                first = span.key not in owners if span.key else True
                values = _values(told.get(span.key)) if first else {}
                values["stance"] = (stance,) if stance else ()
                if span.key:
                    owners.setdefault(span.key, key)
            parts[span.key].append(key)
            marks[key] = Mark(key, role, ((span.start, span.end),), values)
    for label, hint in unknown.items():
        finding = warning("label", f"“{label}” is none of ours; {hint}")
        reading.say(finding, path, article=article)
    links = [(owner, other) for key, owner in owners.items() for other in parts[key]]
    if not marks and not fields:
        message = f"has no span of ours; name its groups, or their labels, {', '.join(ROLES)}"
        reading.say(error("unlabelled", message), path, article=article)
        return
    reading.add(Drawn(article, doc.text, list(marks.values()), links, {}, fields), path)
