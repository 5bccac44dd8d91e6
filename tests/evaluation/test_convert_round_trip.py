"""Ours, theirs and ours again: the same bytes, whatever a reference holds."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.labels import convert_labels
from pipelines.stances import default_stances
from tests.evaluation.converting import (
    CLAIM,
    FORMS,
    HARD,
    OUT,
    TEXT,
    back,
    converted,
    need_spacy_here,
    said,
    standoff,
    there_and_back,
    write_rows,
)

SEEDS = Path(__file__).parents[2] / "seeds"
PLAIN = {
    "id": "bridge",
    "title": None,
    "date": None,
    "text": TEXT,
    "summary": [],
    "claims": [CLAIM],
}


@pytest.fixture(scope="module", params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    if request.param == "spacy":
        need_spacy_here()
    return str(request.param)


def test_the_hardest_reference_comes_back_byte_for_byte(form: str, tmp_path: Path) -> None:
    there_and_back(tmp_path, form, HARD, PLAIN)


def test_the_seeds_come_back_byte_for_byte(form: str, tmp_path: Path) -> None:
    source = SEEDS / "articles" / "dev.jsonl"
    out, again = tmp_path / OUT[form], tmp_path / "again.jsonl"
    assert convert_labels([source], to=form, out=out).problems == []
    assert convert_labels([out], to="attache", out=again).problems == []
    assert again.read_bytes() == source.read_bytes()


def test_rows_without_claims_text_or_fields_come_back(form: str, tmp_path: Path) -> None:
    empty = {"id": "", "text": "", "claims": []}
    late = {"claims": [CLAIM], "text": TEXT, "id": "late", "attache": {"id": "mine"}, "0": 1}
    there_and_back(tmp_path, form, empty, late, PLAIN | {"claims": []}, PLAIN)


def test_a_text_that_may_not_travel_does_not_come_back(form: str, tmp_path: Path) -> None:
    texts = write_rows(tmp_path / "texts.jsonl", {"id": "bridge", "text": TEXT}, HARD)
    there_and_back(
        tmp_path,
        form,
        standoff(PLAIN),
        standoff(HARD),
        standoff(PLAIN) | {"text": None},
        texts=texts,
    )


def test_from_one_tool_to_another(form: str, tmp_path: Path) -> None:
    source = converted(tmp_path, "label-studio", HARD, PLAIN)
    (tmp_path / "next").mkdir()
    out = tmp_path / "next" / OUT[form]
    convert_labels([source], to=form, out=out)
    rows, _ = back(out)
    assert rows == [HARD, PLAIN]


_TEXTS = st.text(
    st.one_of(
        st.sampled_from(list(" \n\r\t“”.;|:\"'\\🛰é𝔸\u2028\x85\ufeff")),
        st.characters(codec="utf-8", max_codepoint=0x2FFFF),
    ),
    min_size=1,
    max_size=40,
)
_NAMES = st.lists(_TEXTS, max_size=3)


@st.composite
def _rows(draw: st.DrawFn) -> dict[str, Any]:
    text = draw(_TEXTS)

    def spans(least: int) -> list[list[int]]:
        ends = st.lists(st.integers(0, len(text)), max_size=6, unique=True)
        cuts = sorted(draw(ends))
        found = [[a, b] for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
        return found if len(found) >= least else [[0, len(text)]]

    labels = [*default_stances().names, "our own", "x;y"]
    claims = []
    for _ in range(draw(st.integers(0, 3))):
        stance, also = (
            draw(st.sampled_from(labels)),
            draw(st.lists(st.sampled_from(labels), max_size=3)),
        )
        threat = "threat" in (stance, *also)
        mention = spans(0) if draw(st.booleans()) else []
        claims.append(
            {
                "content": spans(1),
                "cue": spans(0) if draw(st.booleans()) else [],
                "speaker": {"mention": mention, "names": draw(_NAMES)},
                "stance": stance,
                "also": also,
                "polarity": draw(st.sampled_from(["positive", "neutral", "negative"])),
                "targets": draw(_NAMES),
                "threat_from": draw(st.sampled_from([None, "speaker", "other"]))
                if threat
                else None,
            }
        )
    return {
        "id": draw(_TEXTS),
        "title": draw(_TEXTS),
        "text": text,
        "summary": [],
        "claims": claims,
    }


@settings(max_examples=60)
@given(rows=st.lists(_rows(), min_size=1, max_size=2))
def test_any_reference_comes_back(form: str, rows: list[dict[str, Any]]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        source = write_rows(folder / "ours.jsonl", *rows)
        convert_labels([source], to=form, out=folder / OUT[form])
        convert_labels([folder / OUT[form]], to="attache", out=folder / "again.jsonl")
        assert (folder / "again.jsonl").read_bytes() == source.read_bytes()
    finally:
        shutil.rmtree(folder)


def test_what_cannot_be_read_costs_only_itself(form: str, tmp_path: Path) -> None:
    rows = [
        PLAIN | {"id": "half", "title": "\ud83d"},
        standoff(PLAIN) | {"id": "gone"},
        PLAIN | {"id": "outside", "claims": [CLAIM | {"cue": [[90, 99]]}, CLAIM, {"stance": "x"}]},
        PLAIN | {"text_sha256": "f" * 64, "id": "other"},
    ]
    source = tmp_path / "ours.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{\n", encoding="utf-8")
    done = convert_labels([source], to=form, out=tmp_path / OUT[form])

    assert (done.articles, done.claims) == (1, 1)
    assert "article half: error: has half a surrogate pair" in said(done, "form")[-1]
    assert (
        "ours.jsonl:2: article gone: error: its text was not found; give it with --texts"
        in (said(done, "no-text")[0])
    )
    assert (
        "ours.jsonl:3: article outside, claim 1: error: a span is outside" in said(done, "span")[0]
    )
    assert "article other: error: text_sha256 is not that" in said(done, "sha256")[0]
    assert any("outside, claim 3" in line for line in said(done, "form"))
    assert any("ours.jsonl:5: error: not JSON" in line for line in said(done, "form"))
    assert back(tmp_path / OUT[form])[0] == [PLAIN | {"id": "outside"}]
