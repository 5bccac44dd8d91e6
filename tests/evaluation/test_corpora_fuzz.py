"""Whatever happened to a corpus's file, what comes of it is a corpus or a plain sentence."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.corpora import read_corpora
from evaluation.settings import Settings
from pipelines.errors import AttacheError
from tests.evaluation import test_corpora, test_gum, test_polnear
from tests.evaluation.builders import row

TARGET = {"sentence_normalized": test_corpora.MAYOR, "primary_gid": "m"}
LABELS = "\n".join([*test_polnear.MOE, *test_polnear.DAHL])
SUMMEVAL = {
    "id": "a",
    "model_id": "m",
    "decoded": "A ferry runs.",
    "references": ["The ferry runs."],
    "expert_annotations": [{"coherence": 3}],
    "text": "The ferry runs all winter.",
}
REALSUMM = {
    "1": {
        "ref_summ": "<t> It runs </t>",
        "system_summaries": {
            "m": {"system_summary": "It ran", "scores": {"litepyramid_recall": 0.5}}
        },
    }
}
#: The file that is damaged, and its whole content.
FILES: dict[str, tuple[str, str]] = {
    "": ("rows.jsonl", json.dumps(row())),
    "plover": (
        "PLV_train.tsv",
        "\n".join("\t".join(cells) for cells in (test_corpora.HEAD, test_corpora.CONDEMNED)),
    ),
    "newsmtsc": (
        "train.jsonl",
        json.dumps(TARGET | {"targets": [test_corpora.marked("Aud Moe", 6.0)]}),
    ),
    "gum": ("GUM_news_x.conllu", test_gum.NEW),
    "polnear": ("data/dev/attributions/paper_ab12.ann", LABELS),
    "summeval": ("model_annotations.aligned.paired.jsonl", json.dumps(SUMMEVAL)),
    "realsumm": ("scores_dicts/abs.json", json.dumps(REALSUMM)),
}

edits = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 12),
        st.one_of(
            st.binary(max_size=4),
            st.sampled_from([b"\t", b"\n", b"null", b"-1", b"9999", b'"', b"{}", b"[]", b";", b""]),
        ),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("name", FILES)
@given(edits=edits)
@settings(max_examples=60)
def test_damage_is_named_and_never_a_crash(
    name: str, edits: list[tuple[float, int, bytes]]
) -> None:
    where, text = FILES[name]
    data = text.encode()
    for place, length, new in edits:
        start = int(place * len(data))
        data = data[:start] + new + data[start + length :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if name == "polnear":
            article = Path(folder) / "data" / "dev" / "text" / "paper.txt"
            article.parent.mkdir()
            article.write_bytes(test_polnear.TEXT.encode())
        asked = f"{name}:{folder}" if name else str(path)
        try:
            (corpus,) = read_corpora([asked], Settings())
        except AttacheError as error:
            assert str(error)  # noqa: PT017 - either a corpus or this
            return
        for reference in corpus.references:
            assert reference.article.id == reference.id
            for claim in reference.claims:
                for start, end in (*claim.content, *claim.cue, *claim.speaker.mention):
                    assert 0 <= start < end <= len(reference.text or "")
