"""Labelled articles: texts joined by id, and errors that name file, line and field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.article import text_sha256
from pipelines.references import LabelError, read_references, read_texts

TEXT = "Ona Varga said the bridge is safe."
CLAIM = {
    "content": [[15, 33]],
    "cue": [[10, 14]],
    "speaker": {"mention": [[0, 9]], "names": ["Ona Varga"]},
    "stance": "statement",
    "polarity": "neutral",
}
GOOD = {"id": "bridge", "title": "Bridge", "text": TEXT, "summary": ["Safe."], "claims": [CLAIM]}


def write(folder: Path, *rows: Any) -> Path:
    path = folder / "labels.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_reads_what_the_guide_writes(tmp_path: Path) -> None:
    first, second = read_references(write(tmp_path, GOOD, "", {**GOOD, "id": "b", "claims": []}))

    assert (first.id, second.id) == ("bridge", "b")
    assert first.claims[0].speaker.names == ("Ona Varga",)
    assert first.claims[0].content == ((15, 33),)
    assert first.article.text == TEXT
    assert first.article.id == "bridge"
    assert first.article.title == "Bridge"


def test_fields_of_others_are_passed_over(tmp_path: Path) -> None:
    reference = read_references(write(tmp_path, {**GOOD, "annotator": "me"}))[0]

    assert not hasattr(reference, "annotator")


def test_a_text_that_may_not_travel_is_joined(tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_text(json.dumps({"id": "bridge", "text": TEXT, "more": 1}), encoding="utf-8")
    bare = {key: value for key, value in GOOD.items() if key != "text"}
    labels = write(tmp_path, {**bare, "text_sha256": text_sha256(TEXT)})

    joined = read_references(labels, texts=read_texts(articles))[0]
    alone = read_references(labels)[0]

    assert joined.article.text == TEXT
    with pytest.raises(LabelError, match="bridge: its text was not found"):
        _ = alone.article


def test_a_joined_text_has_to_be_the_one_labelled(tmp_path: Path) -> None:
    bare = {key: value for key, value in GOOD.items() if key != "text"}
    labels = write(tmp_path, {**bare, "text_sha256": text_sha256(TEXT)})

    with pytest.raises(LabelError, match=r"labels\.jsonl:1: .*text_sha256: is not that"):
        read_references(labels, texts={"bridge": TEXT.upper()})


def test_a_text_in_the_row_is_not_replaced(tmp_path: Path) -> None:
    reference = read_references(write(tmp_path, GOOD), texts={"bridge": "Another text."})[0]

    assert reference.text == TEXT


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({**GOOD, "text": None}, "text: give the text, or text_sha256"),
        ({**GOOD, "id": 7}, "id: "),
        ({"text": TEXT}, "id is missing"),
        ({**GOOD, "summary": "one"}, "summary: "),
        ({**GOOD, "text_sha256": "f" * 64}, "text_sha256: is not that of the text"),
        ({**GOOD, "claims": [{**CLAIM, "stance": None}]}, "claims.0.stance: "),
        ({**GOOD, "claims": [CLAIM, {"stance": "denial"}]}, "claims.1.content is missing"),
        ({**GOOD, "claims": [{**CLAIM, "content": [[5, 5]]}]}, "content: span [5, 5] is empty"),
        ({**GOOD, "claims": [{**CLAIM, "colour": "red"}]}, "claims.0.colour is not a field"),
        ({**GOOD, "claims": [CLAIM, {**CLAIM, "cue": [[30, 99]]}]}, "claims.1: span [30, 99]"),
        (
            {**GOOD, "claims": [{**CLAIM, "speaker": {"mention": [[0, 77]]}}]},
            "claims.0: span [0, 77] is outside the text (34 characters)",
        ),
        ("{not json", "not JSON"),
        ("[1, 2]", "want an object, not list"),
    ],
)
def test_a_bad_line_is_named_with_file_line_and_field(
    tmp_path: Path, row: dict[str, Any] | str, field: str
) -> None:
    path = write(tmp_path, GOOD, row)

    with pytest.raises(LabelError) as caught:
        read_references(path)

    assert str(caught.value).startswith(f"{path}:2: ")
    assert field in str(caught.value)


def test_a_complaint_about_no_one_field_does_not_say_none(tmp_path: Path) -> None:
    with pytest.raises(LabelError) as caught:
        read_references(write(tmp_path, {**GOOD, "text": None}))

    assert "None" not in str(caught.value)
    assert "value error" not in str(caught.value).lower()


def test_an_id_that_is_no_text_is_named_also_when_texts_are_joined(tmp_path: Path) -> None:
    path = write(tmp_path, {"id": ["a"]})

    with pytest.raises(LabelError, match=r"labels\.jsonl:1: id: "):
        read_references(path, texts={"a": TEXT})


@pytest.mark.parametrize("row", [{"id": "a"}, {"text": "x"}, {"id": [], "text": "x"}, "nonsense"])
def test_texts_that_lack_a_field_are_named(tmp_path: Path, row: Any) -> None:
    path = write(tmp_path, {"id": "a", "text": "x"}, row)

    with pytest.raises(LabelError) as caught:
        read_texts(path)

    assert str(caught.value).startswith(f"{path}:2: ")


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b'{"id": "caf\xe9", "text": "x"}\n')

    with pytest.raises(LabelError, match=r"latin\.jsonl.*UTF-8"):
        read_references(path)
