"""GUM's news: attributions of its discourse trees, with whom the source stands for.

CoNLL-U as in ``dep/GUM_news_*.conllu`` of GUM's repository (Zeldes 2017) or the splits
``en_gum-ud-<split>.conllu`` of Universal Dependencies. An attribution relation ties the
unit that attributes to the units of what is said; the source is the mention that is the
subject there, and its name the fullest proper name among all mentions of the entity.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evaluation.corpora.base import Corpus, Located, Problems, Reader
from evaluation.corpora.conllu import Document, Mention, read_documents
from evaluation.data import data_file
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings
from pipelines.article import Attribution, Source
from pipelines.references import Reference

__all__ = ["GUM"]

_LABELLED = frozenset({"text", "content", "source", "speaker", "summary"})
_GENRE = "_news_"
_JOINING = {"of", "for", "the", "and", "de", "von"}


def _files(place: Path, split: str | None) -> list[Path]:
    if place.is_file():
        return [place]
    pattern = f"en_gum-ud-{split}.conllu" if split else f"GUM{_GENRE}*.conllu"
    found = sorted(place.rglob(pattern)) or ([] if split else sorted(place.rglob("*.conllu")))
    if not found:
        raise BenchmarkError(f"{place}: has no {pattern}; give GUM's folder dep or one file")
    return found


def _content(document: Document, unit: int, depth: int | None) -> set[int]:
    """The units of what is said: the head of it, and all that hangs there further inside."""
    units = {unit}
    for relation in document.relations:
        if relation.head == unit and (
            relation.name.startswith("same-unit")
            or (depth is not None and relation.depth is not None and relation.depth < depth)
        ):
            units |= _subtree(document, relation.unit)
    return units


def _subtree(document: Document, top: int) -> set[int]:
    units = {top}
    waiting = [top]
    while waiting:
        head = waiting.pop()
        below = {r.unit for r in document.relations if r.head == head} - units
        units |= below
        waiting.extend(below)
    return units


def _source(document: Document, unit: int) -> Mention | None:
    """The longest mention headed by a subject in the unit, else the first person or body."""
    inside = [
        m
        for m in document.mentions
        if all(t.unit == unit for t in document.tokens[m.start : m.end])
    ]
    subjects = [
        m
        for m in inside
        if any(
            token.deprel.startswith("nsubj")
            and (token.head is None or not m.start <= token.head < m.end)
            for token in document.tokens[m.start : m.end]
        )
    ]
    named = [m for m in inside if m.kind in ("person", "organization", "place")]
    if subjects:
        return max(subjects, key=lambda m: (m.end - m.start, -m.start))
    return min(named, key=lambda m: (m.start, m.start - m.end)) if named else None


def _proper_name(document: Document, mention: Mention) -> tuple[int, str]:
    """The most proper nouns in a row within the mention, and the text they cover."""
    best = (0, "")
    start = nouns = 0
    for i in range(mention.start, mention.end):
        token = document.tokens[i]
        words = document.text[slice(*token.span)]
        if token.upos == "PROPN":
            start = i if not nouns else start
            nouns += 1
            first, last = document.tokens[start].span[0], token.span[1]
            best = max(best, (nouns, document.text[first:last]), key=lambda pair: pair[0])
        elif not (nouns and words.lower() in _JOINING):
            nouns = 0
    return best


def _name(document: Document, group: str) -> str | None:
    """The fullest proper name of the entity, else its first description, None for pronouns."""
    mentions = [m for m in document.mentions if m.group == group]
    count, name = max((_proper_name(document, m) for m in mentions), key=lambda pair: pair[0])
    if count:
        return name
    for mention in sorted(mentions, key=lambda m: m.start):
        tokens = document.tokens[mention.start : mention.end]
        if any(token.upos not in ("PRON", "DET") for token in tokens):
            return document.text[tokens[0].span[0] : tokens[-1].span[1]]
    return None


def _claims(document: Document) -> Iterator[Attribution]:
    for relation in document.relations:
        if not relation.name.startswith("attribution"):
            continue
        units = _content(document, relation.head, relation.depth) - {relation.unit}
        content = document.units(units)
        if not content:
            continue
        mention = _source(document, relation.unit)
        source = Source()
        if mention is not None:
            tokens = document.tokens[mention.start : mention.end]
            name = _name(document, mention.group)
            source = Source(
                mention=((tokens[0].span[0], tokens[-1].span[1]),), names=(name,) if name else ()
            )
        yield Attribution(content=content, speaker=source, stance="statement")


def _summaries(document: Document) -> list[tuple[str, ...]]:
    keys = sorted(key for key in document.meta if key.startswith("summary"))
    # The newer releases begin each summary with who wrote it, in parentheses.
    texts = [document.meta[key].partition(") ") for key in keys]
    return [
        (after if before.startswith("(") and after else before + mark + after,)
        for before, mark, after in texts
    ]


def _read(located: Located, settings: Settings, problems: Problems) -> Corpus:
    files = _files(located.path, settings.split)
    references = []
    for path in files:
        with path.open(encoding="utf-8") as lines:
            for found in read_documents(lines):
                if isinstance(found, tuple):
                    number, name, wrong = found
                    if _GENRE in name:
                        problems(f"{path}:{number}: {name}: {wrong}; mend the line")
                elif _GENRE in found.id:
                    first, *others = _summaries(found) or [()]
                    references.append(
                        Reference(
                            id=found.id,
                            title=found.meta.get("title"),
                            date=found.meta.get("dateCreated"),
                            text=found.text,
                            summary=first,
                            more_summaries=tuple(others),
                            claims=tuple(_claims(found)),
                        )
                    )
    return Corpus(
        name="gum news",
        references=tuple(references),
        labelled=_LABELLED,
        files=tuple(map(data_file, files)),
    )


GUM = Reader(
    "gum", "GUM's news in CoNLL-U: its folder, one file, or a UD split with --split", _read
)
