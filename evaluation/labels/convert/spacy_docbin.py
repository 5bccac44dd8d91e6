"""spaCy's binary form of documents (``DocBin``, ``.spacy``), made and read by spaCy itself.

spaCy is an optional extra. Its JSON form needs none, see ``spacy_json.py``.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.errors import BenchmarkError
from evaluation.labels.convert.article import KEPT, Labelled, Reading
from evaluation.labels.convert.spacy_docs import Doc, DocSpan, doc_of, read_doc, words_of
from evaluation.labels.problem import error

__all__ = ["need_spacy", "read_docbin", "write_docbin"]


def need_spacy() -> None:
    """Raise :class:`~evaluation.errors.BenchmarkError` that names the extra, without spaCy."""
    if importlib.util.find_spec("spacy") is None:
        raise BenchmarkError(
            ".spacy files need spaCy: pip install 'attache[spacy]', or use the form spacy-json"
        )


def _plain(value: Any) -> Any:
    """Lists where msgpack made tuples."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _record(user_data: Mapping[Any, Any]) -> Mapping[str, Any] | None:
    """Ours, from where we put it or where ``Doc.from_json`` does: in an extension's place."""
    record = user_data.get(KEPT, user_data.get(("._.", KEPT, None, None)))
    record = json.loads(record) if isinstance(record, str) else _plain(record)
    return record if isinstance(record, Mapping) else None


def _doc(doc: Any) -> Doc:
    groups = {
        str(name): tuple(
            DocSpan(span.start_char, span.end_char, span.label_, span.kb_id_) for span in spans
        )
        for name, spans in doc.spans.items()
    }
    record = _record(doc.user_data)
    if not any(groups.values()) and record is None:
        ents = tuple(DocSpan(e.start_char, e.end_char, e.label_, e.kb_id_) for e in doc.ents)
        groups = {"ents": ents}
    return Doc(doc.text, groups, record)


def read_docbin(path: Path, reading: Reading) -> None:
    """The documents of a ``.spacy`` file; each is named by its place where it is not ours."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    content = path.read_bytes()
    try:
        docs = list(DocBin().from_bytes(content).get_docs(Vocab()))
    except Exception as failure:
        # Bytes that are no DocBin fail anywhere in zlib, msgpack, numpy or spaCy.
        message = f"is no DocBin that spaCy reads ({type(failure).__name__}); write it again"
        reading.say(error("form", message), path)
        return
    for number, doc in enumerate(docs, 1):
        read_doc(_doc(doc), f"{path.stem}-{number}", path, reading)


def write_docbin(articles: Sequence[Labelled], out: Path) -> None:
    """One ``DocBin`` with span groups and, as JSON under ``attache``, the rest in user data."""
    from spacy.tokens import Doc as SpacyDoc
    from spacy.tokens import DocBin, SpanGroup
    from spacy.vocab import Vocab

    vocab = Vocab()
    bin_ = DocBin(store_user_data=True)
    for article in articles:
        ours = doc_of(article)
        every = [(span.start, span.end) for spans in ours.groups.values() for span in spans]
        pieces = words_of(ours.text, every)
        doc = SpacyDoc(
            vocab,
            words=[ours.text[start:end] for start, end, _ in pieces],
            spaces=[blank for _, _, blank in pieces],
        )
        for name, spans in ours.groups.items():
            found: list[Any] = [
                doc.char_span(s.start, s.end, label=s.label, kb_id=s.key) for s in spans
            ]
            doc.spans[name] = SpanGroup(doc, name=name, spans=found)
        doc.user_data[KEPT] = json.dumps(ours.record, ensure_ascii=False)
        bin_.add(doc)
    bin_.to_disk(out)
