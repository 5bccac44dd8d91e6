"""The registry, and the corpora that are one file of sentences each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.corpora import Corpus, read_corpora
from evaluation.corpora.base import merge_spans
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings
from pipelines.references import LabelError

HEAD = ("", "sentence_id", "sentence", "marked_sentence", "source", "target", "gold_root")
FLEET = "Norland has condemned the fleet of Sudmark."


def read(words: str | Path, **fields: Any) -> Corpus:
    (corpus,) = read_corpora([words], Settings(**fields))
    return corpus


def plover(path: Path, *rows: tuple[str, ...]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(cells) for cells in (HEAD, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


CONDEMNED = (
    "",
    "4",
    FLEET,
    "<s>Norland</s> has condemned <t>the fleet of Sudmark</t>.",
    "Norland",
    "the fleet of Sudmark",
    "ACCUSE",
)


def test_plover_is_read_from_its_repository(tmp_path: Path) -> None:
    yielded = ("", "4", "Sudmark gave way to Norland.", "", "Sudmark", "Norland", "YIELD")
    backed = ("", "11", "Norland backed Sudmark.", "", "Norland", "Sudmark", "SUPPORT")
    plover(tmp_path / "datasets" / "PLV_train.tsv", CONDEMNED, yielded, backed)
    corpus = read(f"plover:{tmp_path}")
    first, second, third = corpus.references
    assert (first.id, second.id) == ("PLV_train:4", "PLV_train:4#2")  # one sentence, two events
    (claim,) = first.claims
    assert claim.stance == "accusation"
    assert claim.content == ((0, len(FLEET)),)
    assert claim.speaker.mention == ((0, 7),)
    assert claim.targets == ("the fleet of Sudmark",)
    assert second.claims[0].stance == "concession"
    assert (third.claims[0].stance, third.claims[0].also) == ("support", ("recognition",))
    assert corpus.labelled == {"event"}
    assert read(f"plover:{tmp_path}", split="train").sha256 == corpus.sha256


def test_plover_names_its_bad_lines(tmp_path: Path) -> None:
    wrong = (*CONDEMNED[:-1], "SHOUT")
    path = plover(tmp_path / "PLV_dev.tsv", CONDEMNED, wrong, ("", "5", "", "", "", "", "ACCUSE"))
    corpus = read(f"plover:{path}")
    assert len(corpus.references) == 1
    assert corpus.problems[0].startswith(f"{path}:3: gold_root: 'SHOUT' is no PLOVER root code")
    assert corpus.problems[1].startswith(f"{path}:4: sentence: is empty")
    with pytest.raises(LabelError, match="SHOUT"):
        read(f"plover:{path}", strict=True)
    path.write_text("sentence\tsource\n", encoding="utf-8")
    with pytest.raises(BenchmarkError, match="no column sentence_id"):
        read(f"plover:{path}")
    with pytest.raises(BenchmarkError, match=r"has no datasets/PLV_test\.tsv"):
        read(f"plover:{tmp_path}", split="test")


MAYOR = "Mayor Lind praised Aud Moe, but not Per Dahl."


def marked(words: str, polarity: float) -> dict[str, Any]:
    start = MAYOR.index(words)
    return {"from": start, "to": start + len(words), "mention": words, "polarity": polarity}


def test_newsmtsc_in_both_its_forms(tmp_path: Path) -> None:
    rows = {
        "primary_gid": "m1",
        "sentence_normalized": MAYOR,
        "targets": [marked("Aud Moe", 6.0), marked("Per Dahl", 2.0)],
    }
    (tmp_path / "devtest_rw.jsonl").write_text(json.dumps(rows) + "\n\n", encoding="utf-8")
    corpus = read(f"newsmtsc:{tmp_path}", split="rw")
    (reference,) = corpus.references
    assert [(c.targets, c.polarity) for c in reference.claims] == [
        (("Aud Moe",), "positive"),
        (("Per Dahl",), "negative"),
    ]
    assert corpus.labelled == {"target-polarity"}

    hub = {"id": "h1", "sentence": MAYOR, **marked("Aud Moe", 0)}
    path = tmp_path / "hub.jsonl"
    path.write_text(json.dumps(hub), encoding="utf-8")
    assert read(f"newsmtsc:{path}").references[0].claims[0].polarity == "neutral"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("[", "not JSON"),
        ("[]", "want an object a line"),
        ({"sentence_normalized": ""}, "sentence_normalized: is missing or empty"),
        ({"sentence_normalized": MAYOR}, "targets: want a list of at least one"),
        ({"sentence_normalized": MAYOR, "targets": [{"from": 0}]}, "targets: 'to' is missing"),
        (
            {"sentence_normalized": MAYOR, "targets": [marked("Aud Moe", 3.0)]},
            "targets: 3.0 is missing or no polarity",
        ),
        (
            {"sentence_normalized": MAYOR, "targets": [marked("Aud Moe", 6.0) | {"to": "x"}]},
            "from, to and polarity are numbers",
        ),
        (
            {"sentence_normalized": MAYOR, "targets": [marked("Aud Moe", 6.0) | {"from": 1}]},
            "“Aud Moe” does not stand at 1–26",
        ),
    ],
)
def test_newsmtsc_names_its_bad_lines(tmp_path: Path, row: Any, message: str) -> None:
    good = {"sentence_normalized": MAYOR, "targets": [marked("Aud Moe", 6.0)]}
    path = tmp_path / "train.jsonl"
    line = row if isinstance(row, str) else json.dumps(row)
    path.write_text(f"{json.dumps(good)}\n{line}\n", encoding="utf-8")
    corpus = read(f"newsmtsc:{path}")
    assert len(corpus.references) == 1
    (problem,) = corpus.problems
    assert problem.startswith(f"{path}:2: ")
    assert message in problem


def test_a_name_that_is_near_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="did you mean 'polnear'"):
        read(f"polnaer:{tmp_path}")
    with pytest.raises(BenchmarkError, match="did you mean 'newsmtsc'"):
        read("newsmtcs")
    with pytest.raises(BenchmarkError, match="say where it lies, as --data gum:PATH"):
        read("gum")
    with pytest.raises(BenchmarkError, match="no such file or folder"):
        read(f"gum:{tmp_path / 'absent'}")
    with pytest.raises(BenchmarkError, match="has none of"):
        read(f"newsmtsc:{tmp_path}")


def test_several_corpora_are_kept_apart(tmp_path: Path) -> None:
    path = plover(tmp_path / "PLV_train.tsv", CONDEMNED)
    row = {"sentence_normalized": MAYOR, "targets": [marked("Aud Moe", 6.0)]}
    (tmp_path / "train.jsonl").write_text(json.dumps(row), encoding="utf-8")
    found = read_corpora([f"plover:{path}", f"newsmtsc:{tmp_path}"], Settings())
    assert [corpus.name for corpus in found] == ["plover PLV_train", "newsmtsc train"]
    assert found[0].sha256 != found[1].sha256


def test_nothing_usable_says_why(tmp_path: Path) -> None:
    path = plover(tmp_path / "PLV_x.tsv", (*CONDEMNED[:-1], "SHOUT"))
    with pytest.raises(BenchmarkError, match=r"no references that can be used .*SHOUT"):
        read(f"plover:{path}")


def test_spans_that_overlap_are_made_one() -> None:
    assert merge_spans([(5, 9), (0, 3), (8, 12), (3, 3)]) == ((0, 3), (5, 12))
