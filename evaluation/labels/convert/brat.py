"""brat's standoff files: a folder of ``.txt`` and ``.ann`` pairs with ``annotation.conf``.

Its server checks that the words in a line are those at the offsets, in code points of the
text, with a blank between pieces. A line holds no line break, so a span over one is written
as the pieces around it and joined again on the way back. What brat has no place for (title,
summary …) stands in ``attache.jsonl`` beside the pairs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from evaluation.labels.convert.article import KEPT, Labelled, kept_fields
from evaluation.labels.convert.brat_notes import write_note
from evaluation.labels.convert.marks import ROLES, Mark
from pipelines.article import Polarity, Span, ThreatFrom
from pipelines.stances import default_stances

__all__ = ["BRAT_FIELDS", "broken_at_lines", "whole_again", "write_brat"]

BRAT_FIELDS = f"{KEPT}.jsonl"
_RELATIONS = {"cue": "Cued_by", "speaker": "Said_by"}
_VALUE = re.compile(r"[A-Za-z0-9_-]+")
#: White space with a line break in it, of any that some reader of text files ends a line at.
_BREAK = re.compile(r"\s*[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]\s*")


def broken_at_lines(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans without the line breaks in them; one that is nothing else stays."""
    pieces: list[Span] = []
    for start, end in spans:
        found = []
        place = start
        for gap in _BREAK.finditer(text, start, end):
            if gap.start() > place:
                found.append((place, gap.start()))
            place = gap.end()
        if place < end:
            found.append((place, end))
        pieces.extend(found or [(start, end)])
    return tuple(pieces)


def whole_again(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans with those joined that only a line break keeps apart."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and _BREAK.fullmatch(text, joined[-1][1], start):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return tuple(joined)


def _attributes(mark: Mark, noted: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What brat offers in lists: the second ``also`` is ``Also2``, since each has one value."""
    for name, values in mark.values.items():
        for number, value in enumerate(values if name not in noted else (), 1):
            yield name.capitalize() + (str(number) if number > 1 else ""), value


def _noted(mark: Mark, text: str, pieces: Sequence[Span]) -> dict[str, Sequence[str]]:
    """What stands in a note: lists of names, and whatever brat's own fields cannot hold."""
    fields: dict[str, Sequence[str]] = {
        name: values
        for name, values in mark.values.items()
        if name in ("targets", "names") or not all(map(_VALUE.fullmatch, values))
    }
    if whole_again(text, pieces) != mark.spans:
        fields["spans"] = [f"{start} {end}" for start, end in mark.spans]
    return fields


def _ann(article: Labelled) -> str:
    sheet = article.sheet
    ids = {mark.key: f"T{number}" for number, mark in enumerate(sheet.marks, 1)}
    lines: list[str] = []
    attributes: list[str] = []
    notes: list[str] = []
    for mark in sheet.marks:
        key, pieces = ids[mark.key], broken_at_lines(article.text, mark.spans)
        offsets = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(_BREAK.sub(" ", article.text[start:end]) for start, end in pieces)
        lines.append(f"{key}\t{mark.role.capitalize()} {offsets}\t{words}")
        noted = _noted(mark, article.text, pieces)
        for name, value in _attributes(mark, noted):
            attributes.append(f"A{len(attributes) + 1}\t{name} {key} {value}")
        if noted:
            notes.append(f"#{len(notes) + 1}\tAnnotatorNotes {key}\t{write_note(noted)}")
    roles = {mark.key: mark.role for mark in sheet.marks}
    for number, (one, other) in enumerate(sheet.links, 1):
        lines.append(f"R{number}\t{_RELATIONS[roles[other]]} Arg1:{ids[one]} Arg2:{ids[other]}")
    return "".join(f"{line}\n" for line in (*lines, *attributes, *notes))


def _conf(claims: Sequence[Mapping[str, Any]]) -> str:
    used = [stance for claim in claims for stance in (claim["stance"], *claim["also"])]
    offered = [*default_stances().names, *filter(_VALUE.fullmatch, used)]
    stances = "|".join(dict.fromkeys(offered))
    most = max((len(claim["also"]) for claim in claims), default=0)
    also = ["Also", *(f"Also{number}" for number in range(2, max(most, 2) + 1))]
    values = [(name, stances) for name in ("Stance", *also)]
    values += [("Polarity", "|".join(get_args(Polarity)))]
    values += [("Threat_from", "|".join(get_args(ThreatFrom)))]
    return "\n".join(
        [
            "[entities]",
            *(role.capitalize() for role in ROLES),
            "[relations]",
            "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>",
            *(
                f"{name}\tArg1:Content, Arg2:{role.capitalize()}"
                for role, name in _RELATIONS.items()
            ),
            "[events]",
            "[attributes]",
            *(f"{name}\tArg:Content, Value:{value}" for name, value in values),
            "",
        ]
    )


def _stems(articles: Sequence[Labelled]) -> list[str]:
    """A file name for each article, of its id; apart also where case does not count."""
    taken: set[str] = set()
    stems = []
    for article in articles:
        plain = re.sub(r"[^A-Za-z0-9_-]+", "_", article.id)[:100] or "article"
        stem, number = plain, 1
        while stem.casefold() in taken:
            number += 1
            stem = f"{plain}-{number}"
        taken.add(stem.casefold())
        stems.append(stem)
    return stems


def write_brat(articles: Sequence[Labelled], out: Path) -> None:
    """The pairs and what brat needs to open the folder, which is made."""
    out.mkdir(parents=True, exist_ok=True)
    kept = []
    for stem, article in zip(_stems(articles), articles, strict=True):
        (out / f"{stem}.txt").write_bytes(article.text.encode("utf-8"))
        (out / f"{stem}.ann").write_bytes(_ann(article).encode("utf-8"))
        row = {"document": stem, "fields": kept_fields(article.row)}
        kept.append(json.dumps(row, ensure_ascii=False) + "\n")
    (out / BRAT_FIELDS).write_bytes("".join(kept).encode("utf-8"))
    claims = [claim for article in articles for claim in article.row["claims"]]
    (out / "annotation.conf").write_text(_conf(claims), encoding="utf-8")
