"""Which references are scored, and what is said of those that cannot be."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from evaluation import BenchmarkError, Lead, Settings, benchmark, run_benchmark
from pipelines.article import text_sha256
from pipelines.errors import ModelError
from pipelines.references import LabelError
from tests.evaluation.builders import HARBOUR, row, write


def test_standoff_references_are_joined_with_their_texts(tmp_path: Path) -> None:
    standoff = row("a0") | {"text": None, "text_sha256": text_sha256(HARBOUR)}
    labels = write(tmp_path / "labels.jsonl", [standoff])
    texts = write(tmp_path / "texts.jsonl", [{"id": "a0", "text": HARBOUR}])
    (report,) = run_benchmark([labels], ["oracle"], settings=Settings(texts=texts)).reports
    assert report.figure("chain").value == 1.0
    with pytest.raises(BenchmarkError, match=r"a0: text: is not there.*--texts"):
        run_benchmark([labels], ["oracle"])
    bad = write(tmp_path / "bad.jsonl", [{"id": "a0"}])
    with pytest.raises(LabelError, match="text: want a string"):
        run_benchmark([labels], ["oracle"], settings=Settings(texts=bad))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"bad\.jsonl:2: not JSON"),
        (json.dumps({"id": "x", "text": "a", "claims": [{"stance": "x"}]}), r"claims\.0\.content"),
        (json.dumps({"text": "a"}), r"bad\.jsonl:2: id is missing; add it"),
        ('"text"', r"bad\.jsonl:2: want an object, not str"),
    ],
)
def test_a_malformed_reference_costs_its_line_and_is_named(
    tmp_path: Path, line: str, message: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(f"{json.dumps(row('good'))}\n{line}\n", encoding="utf-8")
    run = run_benchmark([path], ["oracle"])
    assert run.reports[0].articles == 1
    (problem,) = run.failed
    assert re.search(message, problem)
    with pytest.raises(LabelError, match=message):
        run_benchmark([path], ["oracle"], settings=Settings(strict=True))


def test_data_that_cannot_be_used_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="no such file or folder"):
        run_benchmark([tmp_path / "absent"], ["oracle"])
    with pytest.raises(BenchmarkError, match=r"no \*\.jsonl in it"):
        run_benchmark([tmp_path], ["oracle"])
    bare = write(tmp_path / "texts.jsonl", [{"id": "a", "text": "Nothing is labelled here."}])
    with pytest.raises(BenchmarkError, match="neither claims nor summaries"):
        run_benchmark([bare], ["oracle"])
    absent = Settings(texts=tmp_path / "absent.jsonl")
    with pytest.raises(BenchmarkError, match="cannot be read"):
        run_benchmark([bare], ["oracle"], settings=absent)
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "caf\xe9"}\n')
    with pytest.raises(BenchmarkError, match="not UTF-8"):
        run_benchmark([tmp_path / "latin.jsonl"], ["oracle"])
    with pytest.raises(ModelError, match="no model"):
        run_benchmark([write(tmp_path / "good.jsonl", [row()])], ["oracle", "absent-model"])
    with pytest.raises(ModelError, match="'lexrank-3' is nearest"):
        run_benchmark([tmp_path / "good.jsonl"], ["lexrank"])
    with pytest.raises(BenchmarkError, match="no references"):
        benchmark(Lead(), [])


def test_an_article_labelled_twice_is_one_article_with_two_labels(tmp_path: Path) -> None:
    other = row() | {"claims": row()["claims"][:2]}
    path = write(tmp_path / "twice.jsonl", [row(), other, row("b", text=f"{HARBOUR} Again.")])
    run = run_benchmark([path], ["oracle"])
    references = run.results[0].corpus.references
    assert [r.id for r in references] == ["harbour", "harbour#2", "b"]
    assert run.reports[0].figure("found").value == 1.0
    assert run.reports[0].claims == 10


def test_a_choice_of_articles(tmp_path: Path) -> None:
    rows = [row(f"a{i}", text=f"{HARBOUR} Edition {i}.") for i in range(8)]
    path = write(tmp_path / "many.jsonl", rows)

    def ids(**fields: Any) -> list[str]:
        run = run_benchmark([path], ["oracle"], settings=Settings(**fields))
        return [reference.id for reference in run.results[0].corpus.references]

    assert ids(limit=2) == ["a0", "a1"]
    assert ids(sample=3, seed=1) == ids(sample=3, seed=1)
    assert len(ids(sample=3, seed=1)) == 3
    assert ids(sample=3, seed=1) != ids(sample=3, seed=2)
    assert ids(sample=99) == [f"a{i}" for i in range(8)]
    assert len(ids(sample=5, limit=2)) == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [({"limit": 0}, "limit: 0"), ({"iou": 0.0}, "iou: 0"), ({"resamples": -1}, "resamples")],
)
def test_settings_out_of_range_are_named(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(BenchmarkError, match=message):
        Settings(**fields)


def test_seeds_are_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "evaluation" / "data.py"
    monkeypatch.setattr("evaluation.data.__file__", str(package))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BenchmarkError, match="--data"):
        run_benchmark([], ["oracle"])
    folder = tmp_path / "seeds" / "articles"
    folder.mkdir(parents=True)
    write(folder / "test.jsonl", [row()])
    run = run_benchmark([], ["oracle"])
    assert run.reports[0].articles == 1
    assert run.results[0].corpus.name == "seeds"
