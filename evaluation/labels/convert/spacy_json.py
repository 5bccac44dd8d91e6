"""spaCy's JSON form of documents (``Doc.to_json``), read and written without spaCy.

A file has a list of documents, one, or one a line, as annotation tools for spaCy write them.
Our record stands beside spaCy's own keys: what is under ``_`` needs a registered extension.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.labels.convert.article import KEPT, Labelled, Reading
from evaluation.labels.convert.spacy_docs import Doc, DocSpan, doc_of, read_doc, words_of
from evaluation.labels.problem import error

__all__ = ["is_doc", "read_spacy_json", "write_spacy_json"]


def is_doc(value: Any) -> bool:
    """Whether a JSON value is a document of spaCy's, and not a line of a label file."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("text"), str)
        and "claims" not in value
        and not value.keys().isdisjoint({"tokens", "spans", "ents"})
    )


def _spans(given: Any) -> Iterator[DocSpan]:
    for span in given if isinstance(given, list) else []:
        try:
            key = str(span.get("kb_id") or "")
            yield DocSpan(int(span["start"]), int(span["end"]), str(span.get("label", "")), key)
        except (AttributeError, KeyError, TypeError, ValueError):
            yield DocSpan(0, 0, "")


def _doc(value: Mapping[str, Any]) -> Doc:
    spans = value.get("spans") or {}
    groups = spans if isinstance(spans, Mapping) else {"spans": spans}
    groups = {name: tuple(_spans(given)) for name, given in groups.items()}
    record = value.get(KEPT, (value.get("_") or {}).get(KEPT))
    if not any(groups.values()) and record is None:
        groups = {"ents": tuple(_spans(value.get("ents")))}
    return Doc(value["text"], groups, record if isinstance(record, Mapping) else None)


def _values(content: str) -> list[Any]:
    try:
        values = json.loads(content)
    except ValueError:
        return [json.loads(line) for line in content.split("\n") if line.strip()]
    return values if isinstance(values, list) else [values]


def read_spacy_json(path: Path, reading: Reading) -> None:
    """The documents of a file; each is named by its place where it is not one of ours."""
    try:
        values = _values(path.read_text(encoding="utf-8-sig"))
    except ValueError as failure:
        reading.say(error("form", f"not JSON in UTF-8 ({failure}); write Doc.to_json()"), path)
        return
    for number, value in enumerate(values, 1):
        place = f"{path.stem}-{number}"
        if is_doc(value):
            read_doc(_doc(value), place, path, reading)
        else:
            message = "is no document with text and spans; write Doc.to_json()"
            reading.say(error("form", message), path, article=place)


def write_spacy_json(articles: Sequence[Labelled], out: Path) -> None:
    """A list of documents that ``Doc.from_json`` takes."""
    documents = []
    for article in articles:
        doc = doc_of(article)
        every = [(span.start, span.end) for spans in doc.groups.values() for span in spans]
        words = words_of(doc.text, every)
        tokens = [{"id": i, "start": s, "end": e} for i, (s, e, _) in enumerate(words)]
        spans = {
            name: [
                {"start": s.start, "end": s.end, "label": s.label, "kb_id": s.key} for s in group
            ]
            for name, group in doc.groups.items()
        }
        documents.append({"text": doc.text, "tokens": tokens, "spans": spans, KEPT: doc.record})
    out.write_bytes(json.dumps(documents, ensure_ascii=False).encode("utf-8") + b"\n")
