"""spaCy's documents, made by spaCy where they are binary, by hand where they are JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.labels.convert.spacy_docs import words_of
from tests.evaluation.converting import (
    CLAIM,
    HARD,
    TEXT,
    back,
    converted,
    need_spacy_here,
    said,
    there_and_back,
)

ROW: dict[str, Any] = {
    "id": "bridge",
    "text": TEXT,
    "claims": [CLAIM, CLAIM | {"content": [[15, 18], [28, 35]], "stance": "denial", "cue": []}],
}


def span(words: str, label: str, key: str = "") -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "label": label, "kb_id": key}


def document(**fields: Any) -> dict[str, Any]:
    tokens = [{"id": i, "start": s, "end": e} for i, (s, e, _) in enumerate(words_of(TEXT))]
    return {"text": TEXT, "tokens": tokens} | fields


def write(folder: Path, value: Any, name: str = "docs.json") -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


GROUP = [
    span("the 🌉 bridge is safe", "support", "1"),
    span("It holds", "CONTENT", "2"),
    span("said", "CUE", "1"),
    span("Ona Varga", "SPEAKER", "1"),
    span("she", "PERSON"),
]


@pytest.mark.parametrize("shape", ["list", "one", "lines", "prodigy"])
def test_spans_of_others_by_their_labels(tmp_path: Path, shape: str) -> None:
    doc = document(spans=GROUP if shape == "prodigy" else {"sc": GROUP})
    value: Any = {"list": [doc], "one": doc}.get(shape, json.dumps(doc) + "\n" + json.dumps(doc))
    rows, done = back(write(tmp_path, value), source_form="spacy-json")

    assert [row["id"] for row in rows] == ["docs-1", "docs-2"][: len(rows)]
    first, second = rows[0]["claims"]
    assert (first["stance"], first["content"], first["cue"]) == ("support", [[15, 35]], [[10, 14]])
    assert first["speaker"] == {"mention": [[0, 9]], "names": []}
    assert (second["stance"], second["content"]) == ("statement", [[38, 46]])
    assert (
        "article docs-1: warning: “PERSON” is none of ours; use content, cue"
        in said(done, "label")[0]
    )
    assert "claim 2: error: stance: none is chosen" in said(done, "stance")[0]


def test_groups_by_their_names_and_a_label_set_of_their_own(tmp_path: Path) -> None:
    groups = {
        "quotes": [span("she", "X")],
        "content": [span("It holds", "praise", "1")],
        "cue": [span("told", "X", "1"), span("said", "", "9")],
    }
    rows, done = back(write(tmp_path, [document(spans=groups)]))

    (claim,) = rows[0]["claims"]
    assert (claim["stance"], claim["cue"]) == ("praise", [[53, 57]])
    lines = "\n".join(map(str, done.problems))
    assert "stance: “praise” is none that we know; use cooperation" in lines
    assert "cue: “said” (cue[2]) is linked to no content; link it" in lines


def test_entities_serve_where_there_are_no_groups(tmp_path: Path) -> None:
    ents = [
        {"start": 38, "end": 46, "label": "content"},
        {"start": 0, "end": 9, "label": "speaker"},
    ]
    rows, done = back(write(tmp_path, [document(ents=ents)]))

    assert rows[0]["claims"][0]["content"] == [[38, 46]]
    assert "speaker: “Ona Varga” (ents[2]) is linked to no content" in said(done, "link")[0]


def test_documents_that_hold_nothing_of_ours(tmp_path: Path) -> None:
    other = document(ents=[{"start": 0, "end": 9, "label": "PERSON"}])
    broken = document(
        spans={"content": [{"start": "x"}, span("said", "content"), {"start": 1, "end": 999}]}
    )
    rows, done = back(write(tmp_path, [other, {"text": 1}, broken]), source_form="spacy-json")

    assert [claim["content"] for claim in rows[0]["claims"]] == [[[10, 14]]]
    lines = "\n".join(map(str, done.problems))
    assert "article docs-1: error: has no span of ours; name its groups" in lines
    assert "article docs-2: error: is no document with text and spans" in lines
    assert "content content[1]: [0, 0] is empty or reversed; mark it again" in lines
    assert "content content[3]: [1, 999] is outside the text (61 characters)" in lines
    (tmp_path / "docs.json.back.jsonl").unlink()
    rows, done = back(write(tmp_path, "{"), source_form="spacy-json")
    assert "not JSON in UTF-8" in said(done, "form")[0]


def test_a_record_that_somebody_spoilt_costs_only_itself(tmp_path: Path) -> None:
    path = converted(tmp_path, "spacy-json", ROW)
    (doc,) = json.loads(path.read_text(encoding="utf-8"))
    doc["attache"]["claims"] = {"claim-1": ["x"], "claim-2": {"targets": [1, "Oslo"]}}
    del doc["attache"]["fields"]["id"]
    rows, _ = back(write(tmp_path, [doc]))

    assert rows[0]["id"] == "docs-1"
    assert [claim["targets"] for claim in rows[0]["claims"]] == [[], ["Oslo"]]


@pytest.mark.parametrize(
    ("text", "spans", "words"),
    [
        ("a b", [], [(0, 1, True), (2, 3, False)]),
        ("a  b", [], [(0, 1, True), (2, 3, False), (3, 4, False)]),
        ("a b", [(1, 3)], [(0, 1, False), (1, 2, False), (2, 3, False)]),
        ("a b", [(0, 2)], [(0, 1, False), (1, 2, False), (2, 3, False)]),
        ("abc.", [(1, 2)], [(0, 1, False), (1, 2, False), (2, 3, False), (3, 4, False)]),
        (" a\n", [], [(0, 1, False), (1, 2, False), (2, 3, False)]),
        ("", [], []),
    ],
)
def test_words_give_back_the_text(
    text: str, spans: list[tuple[int, int]], words: list[tuple[int, int, bool]]
) -> None:
    assert words_of(text, spans) == words
    assert "".join(text[s:e] + " " * blank for s, e, blank in words) == text


def test_the_stances_are_the_labels_of_the_contents(tmp_path: Path) -> None:
    (doc,) = json.loads(converted(tmp_path, "spacy-json", ROW).read_text(encoding="utf-8"))

    assert [s["label"] for s in doc["spans"]["content"]] == ["statement", "denial", "denial"]
    assert [s["kb_id"] for s in doc["spans"]["content"]] == ["claim-1", "claim-2", "claim-2"]


def test_spacy_takes_our_json_and_gives_it_back(tmp_path: Path) -> None:
    need_spacy_here()
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    (value,) = json.loads(converted(tmp_path, "spacy-json", ROW).read_text(encoding="utf-8"))
    doc = Doc(Vocab()).from_json(value, validate=True)
    assert doc.text == TEXT
    assert [s.text for s in doc.spans["content"]] == ["the 🌉 bridge is safe", "the", "is safe"]
    # Alone, spaCy keeps spans, stances and what belongs together; the record it passes over.
    (row,), _ = back(write(tmp_path, doc.to_json(), "theirs.json"))
    for claim, whole in zip(row["claims"], ROW["claims"], strict=True):
        for name in ("content", "cue", "stance"):
            assert claim[name] == whole[name]
        assert claim["speaker"]["mention"] == whole["speaker"]["mention"]
    for place in ({"attache": value["attache"]}, {"_": {"attache": value["attache"]}}):
        path = write(tmp_path, doc.to_json() | place, f"{next(iter(place))}.json")
        assert back(path)[0] == [ROW]


def test_spacy_reads_our_binary_without_any_extension(tmp_path: Path) -> None:
    need_spacy_here()
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    path = converted(tmp_path, "spacy", HARD)
    (doc,) = DocBin().from_disk(path).get_docs(Vocab())
    assert doc.text == HARD["text"]
    contents = [s for claim in HARD["claims"] for s in claim["content"]]
    assert [[s.start_char, s.end_char] for s in doc.spans["content"]] == contents
    assert doc.spans["content"][0].label_ == "threat"
    told = json.loads(doc.user_data["attache"])
    assert told["claims"]["claim-1"]["targets"] == HARD["claims"][0]["targets"]
    assert told["fields"]["date"] == "2024-06-18"


@pytest.mark.parametrize("store", [True, False])
def test_a_binary_of_their_own(tmp_path: Path, store: bool) -> None:
    need_spacy_here()
    from spacy.tokens import Doc, DocBin
    from spacy.vocab import Vocab

    vocab = Vocab()
    words = words_of(TEXT)
    docs: list[Any] = [
        Doc(vocab, words=[TEXT[s:e] for s, e, _ in words], spaces=[blank for *_, blank in words])
        for _ in range(3)
    ]
    docs[0].spans["sc"] = [
        docs[0].char_span(s["start"], s["end"], label=s["label"], kb_id=s["kb_id"]) for s in GROUP
    ]
    docs[1].set_ents([docs[1].char_span(38, 46, label="Claim")])
    record = {"fields": {"id": "mine", "text": True}, "claims": {"1": {"targets": ("Oslo",)}}}
    docs[2].user_data[("._.", "attache", None, None)] = record
    docs[2].spans["content"] = [docs[2].char_span(38, 46, label="denial", kb_id="1")]
    path = tmp_path / "docs.spacy"
    DocBin(docs=docs, store_user_data=store).to_disk(path)
    rows, _ = back(path)

    assert [len(row["claims"]) for row in rows] == [2, 1, 1]
    assert rows[0]["claims"][0]["stance"] == "support"
    assert rows[1]["claims"][0]["content"] == [[38, 46]]
    assert (rows[2]["id"], rows[2]["claims"][0]["targets"]) == (
        ("mine", ["Oslo"]) if store else ("docs-3", [])
    )


def test_bytes_that_are_no_docbin(tmp_path: Path) -> None:
    need_spacy_here()
    path = tmp_path / "docs.spacy"
    path.write_bytes(b"nonsense")
    rows, done = back(path)

    assert rows == []
    assert "docs.spacy: error: is no DocBin that spaCy reads (ValueError)" in said(done, "form")[0]


def test_the_binary_form_round_trip_in_other_bins(tmp_path: Path) -> None:
    need_spacy_here()
    there_and_back(tmp_path, "spacy", *[ROW | {"id": str(n)} for n in range(5)], HARD)
