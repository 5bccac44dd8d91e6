"""CNN/DailyMail, XSum, SummEval and REALSumm, in small and of our own prose."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import datasets
import pytest

from evaluation import Settings, run_benchmark, terminal_table
from evaluation.corpora import Corpus, read_corpora
from evaluation.errors import BenchmarkError

ARTICLE = "The ferry will run all winter. The captain said so on Monday. Nobody was surprised."
ROWS = [
    {"article": f"{ARTICLE} No {i}.", "highlights": "Ferry runs .\nNobody minds .", "id": f"x{i}"}
    for i in range(3)
]


def read(words: str, **fields: Any) -> Corpus:
    (corpus,) = read_corpora([words], Settings(**fields))
    return corpus


def test_cnn_dailymail_as_it_was_saved(tmp_path: Path) -> None:
    rows = datasets.Dataset.from_list([*ROWS, {"article": "", "highlights": "x", "id": "x9"}])
    datasets.DatasetDict({"validation": rows}).save_to_disk(str(tmp_path / "saved"))
    corpus = read(f"cnn_dailymail:{tmp_path / 'saved'}")
    assert [r.id for r in corpus.references] == ["x0", "x1", "x2"]
    assert corpus.references[0].summary == ("Ferry runs .", "Nobody minds .")
    assert corpus.labelled == {"text", "summary"}
    assert "row 3 (x9): article: is empty" in corpus.problems[0]
    assert corpus.files
    with pytest.raises(BenchmarkError, match="no split 'test'; there are validation"):
        read(f"cnn_dailymail:{tmp_path / 'saved'}", split="test")


def test_xsum_as_one_file_or_a_folder(tmp_path: Path) -> None:
    rows = [{"document": ARTICLE, "summary": "A ferry runs.", "id": 7}]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert read(f"xsum:{path}").references[0].id == "7"
    folder = tmp_path / "xsum"
    folder.mkdir()
    datasets.Dataset.from_list(rows).to_parquet(str(folder / "validation-00000.parquet"))
    assert len(read(f"xsum:{folder}").references) == 1
    with pytest.raises(BenchmarkError, match="no column 'article'; there are document"):
        read(f"cnn_dailymail:{path}")
    (tmp_path / "rows.xyz").write_text("", encoding="utf-8")
    with pytest.raises(BenchmarkError, match=r"is none of \.parquet"):
        read(f"xsum:{tmp_path / 'rows.xyz'}")


def test_the_hub_is_asked_by_name_split_and_revision(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []

    def load(*words: Any, **fields: Any) -> datasets.Dataset:
        asked.append((*words, fields))
        return datasets.Dataset.from_list(ROWS)

    monkeypatch.setattr(datasets, "load_dataset", load)
    assert len(read("cnn_dailymail", split="test", limit=2).references) == 2
    read("cnn_dailymail:somebody/news@abc")
    assert asked == [
        ("abisee/cnn_dailymail", "3.0.0", {"split": "test[:2]", "revision": None}),
        ("somebody/news", None, {"split": "validation", "revision": "abc"}),
    ]

    def refuse(*_: Any, **__: Any) -> None:
        raise ConnectionError("no route\nto host")

    monkeypatch.setattr(datasets, "load_dataset", refuse)
    with pytest.raises(BenchmarkError, match=r"cannot be loaded \(no route\); give a local copy"):
        read("xsum")


SYSTEMS = {
    "first": "The ferry will run all winter.",
    "middle": "The ferry was in the news on Monday.",
    "worst": "A dog barked.",
}


def summeval(path: Path, *, text: bool = True) -> Path:
    lines = []
    for number in range(4):
        for place, (system, words) in enumerate(SYSTEMS.items()):
            marks = [{"coherence": 5 - place, "relevance": 4 - place + number % 2 * 0.5}] * 3
            row = {
                "id": f"a{number}",
                "model_id": system,
                "decoded": words,
                "references": ["The ferry will run all winter.", "All winter the ferry runs."],
                "expert_annotations": marks,
            }
            lines.append(json.dumps(row | ({"text": f"{ARTICLE} No {number}."} if text else {})))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_summeval_scores_the_systems_and_the_metrics(tmp_path: Path) -> None:
    path = summeval(tmp_path / "model_annotations.aligned.paired.jsonl")
    run = run_benchmark([f"summeval:{path}"], ["lead-3"])
    names = [report.model.name for report in run.reports]
    assert names == ["lead-3", "first", "middle", "worst"]
    assert run.reports[1].figure("rouge1").value == 1.0
    assert run.reports[3].figure("rouge1").value == 0.0
    (result,) = run.results
    tau = {(c.metric, c.rated, c.level): c for c in result.correlations}
    best = tau["rouge1", "coherence", "summary"]
    assert best.tau == pytest.approx(1.0)
    assert (best.systems, best.articles) == (3, 4)
    assert tau["rouge1", "relevance", "system"].tau == pytest.approx(1.0)
    assert best.interval is not None
    assert terminal_table(run) is not None


def test_summeval_without_its_articles(tmp_path: Path) -> None:
    path = summeval(tmp_path / "model_annotations.aligned.jsonl", text=False)
    run = run_benchmark([f"summeval:{tmp_path}"])
    assert "support" not in {figure.name for figure in run.reports[0].figures}
    with pytest.raises(BenchmarkError, match="has no articles, so no model can read them"):
        run_benchmark([f"summeval:{path}"], ["lead-3"])
    with path.open("a", encoding="utf-8") as lines:
        lines.write('{"id": "a9"}\n[\n')
        lines.write(
            json.dumps(
                {
                    "id": "b",
                    "model_id": "m",
                    "decoded": "",
                    "references": [""],
                    "expert_annotations": [{"coherence": 1}],
                }
            )
        )
    first, second, third = read(f"summeval:{path}").problems
    assert f"{path}:13: want id, model_id, decoded" in first
    assert f"{path}:14: not JSON" in second
    assert f"{path}:15: references: is empty" in third


def realsumm(root: Path) -> Path:
    rows = {
        str(i): {
            "doc_id": i,
            "ref_summ": "<t> The ferry will run . </t> <t> All winter . </t>",
            "system_summaries": {
                system: {
                    "system_summary": f"<t> {words} </t>",
                    "scores": {"litepyramid_recall": 1 - place / 3},
                }
                for place, (system, words) in enumerate(SYSTEMS.items())
            },
        }
        for i in range(3)
    }
    path = root / "scores_dicts" / "abs.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(rows), encoding="utf-8")
    source = root / "selected_docs_for_human_eval" / "abs" / "one" / "src.txt"
    source.parent.mkdir(parents=True)
    source.write_text(f"{ARTICLE}\n" * 3, encoding="utf-8")
    return path


def test_realsumm_from_its_repository(tmp_path: Path) -> None:
    path = realsumm(tmp_path)
    corpus = read(f"realsumm:{tmp_path}")
    assert corpus.references[0].summary == ("The ferry will run .", "All winter .")
    assert corpus.references[0].text == ARTICLE
    assert corpus.systems["worst"]["2"] == "A dog barked."
    assert corpus.human["first"]["0"] == {"litepyramid_recall": 1.0}
    (path.parent.parent / "selected_docs_for_human_eval" / "abs" / "one" / "src.txt").unlink()
    assert "text" not in read(f"realsumm:{tmp_path}").labelled

    rows = json.loads(path.read_text(encoding="utf-8"))
    rows["1"].pop("ref_summ")
    path.write_text(json.dumps(rows), encoding="utf-8")
    (problem,) = read(f"realsumm:{path}").problems
    assert "document 1: want ref_summ" in problem
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(BenchmarkError, match="want an object of documents"):
        read(f"realsumm:{path}")
    path.write_text("{", encoding="utf-8")
    with pytest.raises(BenchmarkError, match="not JSON"):
        read(f"realsumm:{path}")


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "opened",))

    (tmp_path / "abs.pkl").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(BenchmarkError, match="is a pickle, which can run code"):
        read(f"realsumm:{tmp_path}")
    assert not (tmp_path / "opened").exists()
