"""The corpora the reader learns from, each turned into examples.

Each function takes files in the forms that their publishers' users have them in and a
function that makes a :class:`Document` of a text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.article import Span
from pipelines.reader.document import Document
from pipelines.reader.network import NAME_KINDS
from pipelines.references import Reference
from pipelines.training.examples import (
    IGNORED,
    ClaimExample,
    Example,
    claim_example,
    tag_words,
    word_ranges,
)
from pipelines.training.oracle import sentence_gains

__all__ = ["claims", "coreference", "events", "names", "polnear", "summaries"]

MakeDocument = Callable[[str], Document]

_KINDS = {
    "Person": "person",
    "Organization": "organisation",
    "Location": "place",
    "Facility": "place",
    "NORP": "people",
    "Misc": "other",
    "Product": "other",
}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _unique(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows whose first 300 characters were not seen yet: wires run a story many times."""
    seen: set[str] = set()
    for row in rows:
        key = " ".join(row["text"].split())[:300]
        if key not in seen:
            seen.add(key)
            yield row


def polnear(path: Path, make: MakeDocument) -> Iterator[Example]:
    """PolNeAR: attribution spans and their links; ``discard`` spans teach nothing."""
    for row in _unique(_rows(path)):
        document = make(row["text"])
        found = []
        for label in row["attributions"]:
            content = word_ranges(document, label["content"])
            if content:
                cue, source = (word_ranges(document, label[part]) for part in ("cue", "source"))
                found.append(ClaimExample(content, cue, source))
        ignored = [span for spans in row["discard"] for span in _as_spans(spans)]
        tags = tag_words(document, found, ignored)
        yield Example("polnear", document, guide=False, tags=tags, claims=found, linked=True)


def _as_spans(value: Any) -> list[Span]:
    spans = [value] if value and isinstance(value[0], int) else value
    return [(int(start), int(end)) for start, end in spans]


def _align_names(document: Document, sentences: list[dict[str, Any]]) -> NDArray[np.int64]:
    """Name tags ``[words]``; words that no token of the corpus covers are ignored."""
    tags = np.full(len(document.words), IGNORED, dtype=np.int64)
    cursor = 0
    for sentence in sentences:
        for token, tag in zip(sentence["tokens"], sentence["tags"], strict=True):
            start = document.text.find(token, cursor, cursor + 400 + len(token))
            if start < 0:
                continue
            cursor = start + len(token)
            words = document.word_range((start, cursor))
            if words is None:
                continue
            kind = _KINDS.get(tag[2:])
            if kind is None:
                tags[words[0] : words[1]] = 0
                continue
            begin = 1 + 2 * NAME_KINDS.index(kind)
            tags[words[0] : words[1]] = begin + 1
            if tag[0] == "B":
                tags[words[0]] = begin
    return tags


def names(articles: Path, entities: Path, make: MakeDocument) -> dict[str, Example]:
    """Names in newswire, by article id."""
    texts = {row["id"]: row["text"] for row in _rows(articles)}
    out = {}
    for row in _rows(entities):
        if row["id"] in texts:
            document = make(texts[row["id"]])
            tags = _align_names(document, row["sentences"])
            out[row["id"]] = Example("names", document, names=tags)
    return out


def claims(
    references: Iterable[Reference],
    make: MakeDocument,
    *,
    corpus: str = "claims",
    known: dict[str, Example] | None = None,
) -> Iterator[Example]:
    """Articles labelled by the guide; ``known`` gives documents whose names are labelled."""
    for reference in references:
        text = reference.article.text
        example = (known or {}).get(reference.id)
        document = example.document if example is not None else make(text)
        found = [claim_example(document, label) for label in reference.claims]
        good = [claim for claim in found if claim is not None]
        gains = sentence_gains(document, reference.summary) if reference.summary else None
        yield Example(
            corpus,
            document,
            tags=tag_words(document, good),
            names=example.names if example is not None else None,
            claims=good,
            linked=True,
            salience=gains,
        )


_KNOWN = frozenset(["person", "organization", "place"])
_PERSONAL = frozenset("he she his her him hers they their them it its himself herself".split())
_PRONOUNS = _PERSONAL | frozenset("i we you my our your me us this that who".split())


def coreference(path: Path, make: MakeDocument) -> Iterator[Example]:
    """GUM: who "he" and "the minister" are, of every entity that the text calls by a name."""
    for row in _rows(path):
        document = make(row["text"])
        pointers = []
        for entity in row["entities"]:
            said = {row["text"][start:end]: (start, end) for start, end in entity["mentions"]}
            names = tuple(one for one in said if _is_name(one))
            if entity["etype"] not in _KNOWN or not names:
                continue
            for start, end in entity["mentions"]:
                text = row["text"][start:end]
                words = document.word_range((start, end))
                described = text.casefold() in _PERSONAL or text.startswith(("the ", "The "))
                if words is not None and described and text not in names:
                    pointers.append((words, names))
        yield Example("coreference", document, pointers=pointers)


def _is_name(text: str) -> bool:
    """Whether a mention is a name: up to four words, each capitalised, and no pronoun."""
    words = text.split()
    capitalised = all(word[0].isupper() for word in words)
    return capitalised and len(words) <= 4 and text.casefold() not in _PRONOUNS


def events(path: Path, make: MakeDocument) -> Iterator[Example]:
    """Sentences coded with PLOVER between two actors: they teach stance alone.

    The corpus marks no content, so the words beside the source actor stand for it.
    """
    for row in _rows(path):
        document = make(row["text"])
        whole = (0, len(document.words))
        at = row["text"].find(row["source"]) if row["source"] else -1
        source = word_ranges(document, [(at, at + len(row["source"]))]) if at >= 0 else []
        content = [whole]
        if source and source[0][1] < whole[1]:
            content = [(source[0][1], whole[1])]
        if not whole[1]:
            continue
        claim = ClaimExample(content, [], source, stances=(row["stance"],))
        yield Example("events", document, claims=[claim], weight=0.5)


def summaries(path: Path, make: MakeDocument, *, characters: int = 4000) -> Iterator[Example]:
    """Articles with a summary; what lies beyond ``characters`` is left out for speed."""
    for row in _unique(_rows(path)):
        text = row["text"][:characters]
        document = make(text)
        if len(document.sentences) >= 4:
            gains = sentence_gains(document, [row["summary"]])
            yield Example("summaries", document, salience=gains)
