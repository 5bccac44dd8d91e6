"""The benchmark as a whole: what must be right, what must fall, what must not stop it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import evaluation
from evaluation import BenchmarkError, Lead, Report, benchmark, oracle, run_benchmark
from pipelines.article import Analysis, text_sha256
from pipelines.errors import ArticleError, ModelError
from pipelines.model import Model
from pipelines.references import LabelError, Reference
from tests.evaluation.builders import HARBOUR, FixedModel, analysis, reference, row

SPANS = ("found", "content-exact", "source-exact", "cue-exact", "stance", "polarity", "targets")


def references(count: int = 4) -> list[Reference]:
    return [reference(f"a{i}") for i in range(count)]


def write(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


def answers(of: Sequence[Reference]) -> dict[str, Analysis | Exception]:
    found = oracle(of).analyse(r.article for r in of)
    return {r.id: a for r, a in zip(of, found, strict=True)}


def test_references_as_predictions_are_right_everywhere() -> None:
    report = benchmark(oracle(references()), references())
    for figure in report.figures:
        assert figure.value == (0.0 if figure.better == "lower" else 1.0), figure.name
        assert figure.interval is not None
        assert figure.interval.low == figure.interval.high == figure.value
    assert report.failures == ()
    assert report.claims == 16


def test_shuffled_speakers_fall_and_spans_stay() -> None:
    of = references()
    shuffled: dict[str, Analysis | Exception] = {}
    for r, a in zip(of, oracle(of).analyse(r.article for r in of), strict=True):
        names = [c.speaker.names for c in a.claims]
        moved = [
            c.model_copy(update={"speaker": c.speaker.model_copy(update={"names": n})})
            for c, n in zip(a.claims, [*names[1:], names[0]], strict=True)
        ]
        shuffled[r.id] = a.model_copy(update={"claims": tuple(moved)})
    report = benchmark(FixedModel(shuffled), of)
    # Dahl speaks twice running, so one of four names stays right when they move up.
    assert report.figure("speaker").value == 0.25
    assert report.figure("chain").value == 0.25
    assert [report.figure(name).value for name in SPANS] == [1.0] * len(SPANS)


def test_one_article_that_fails_costs_that_article() -> None:
    of = references()
    table = answers(of)
    table["a1"] = RuntimeError("out of paper")
    table["a3"] = ArticleError("too_long", "text: too long")
    report = benchmark(FixedModel(table), of)
    assert [(f.id, f.code) for f in report.failures] == [("a1", "model_failed"), ("a3", "too_long")]
    assert "out of paper" in report.failures[0].message
    assert report.figure("found").recall == 0.5
    assert report.figure("found").precision == 1.0
    assert report.cost.timed_articles == 2


def test_a_model_that_stops_early_or_answers_for_another_text_is_named() -> None:
    of = references(2)

    class Short(FixedModel):
        def analyse(self, articles: Any, *, errors: Any = "raise") -> Any:
            return iter(())

    report = benchmark(Short({}), of)
    assert [f.code for f in report.failures] == ["no_result", "no_result"]
    assert report.cost.median_latency is None

    wrong = analysis(of[0]).model_copy(update={"text_sha256": text_sha256("another")})
    table = answers(of) | {"a0": wrong}
    assert [f.code for f in benchmark(FixedModel(table), of).failures] == ["wrong_output"]


def test_an_unusable_model_stops_the_run() -> None:
    broken = FixedModel({"a0": ModelError("weights are damaged")})
    with pytest.raises(ModelError, match="damaged"):
        benchmark(broken, references(1))


def test_the_same_run_gives_the_same_figures() -> None:
    of = references()
    table = answers(of) | {"a2": analysis(of[2])}
    first, second = (benchmark(FixedModel(table), of, seed=5) for _ in range(2))
    assert first.figures == second.figures
    interval = first.figure("found").interval
    assert interval is not None
    assert interval.low < 6 / 7 < interval.high


def test_lead_takes_the_first_sentences() -> None:
    model: Model = Lead()
    (found,) = model.analyse([HARBOUR])
    found.verify(HARBOUR)
    assert found.summary.text.startswith("Oslo, 3 May.")
    assert len(found.summary.sentences) == 3
    assert found.claims == ()
    (one,) = model.analyse([{"text": HARBOUR, "max_sentences": 1}])
    assert len(one.summary.sentences) == 1
    (refused,) = model.analyse(["  "], errors="yield")
    assert isinstance(refused, ArticleError)
    with pytest.raises(ArticleError):
        list(model.analyse([" "]))


def test_the_oracle_knows_its_references_only() -> None:
    (refused,) = oracle(references(1)).analyse(["Another text."], errors="yield")
    assert isinstance(refused, ArticleError)
    assert refused.code == "no_reference"


def test_run_shows_and_writes(tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    write(folder / "one.jsonl", [row("a0"), row("a1")])
    write(folder / "two.jsonl", [row("a2")])
    screen = io.StringIO()
    reports = run_benchmark(
        [folder],
        ["oracle", "lead-3"],
        out=tmp_path / "out",
        console=Console(file=screen, width=100),
    )
    assert [r.model.name for r in reports] == ["oracle", "lead-3"]
    assert [file.articles for file in reports[0].data] == [2, 1]
    shown = screen.getvalue()
    assert "3 articles, 12 claims" in shown
    assert "100.0 (100.0–100.0)" in shown
    written = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert written["reports"][0] == json.loads(json.dumps(reports[0].to_dict()))
    assert written["versions"]["rouge-score"]
    assert len(written["reports"][0]["data"][0]["sha256"]) == 64
    table = (tmp_path / "out" / "results.md").read_text(encoding="utf-8")
    assert "|  | oracle (1) | lead-3 (1) |" in table
    assert "- chain: found, speaker and stance all right" in table


def test_failures_are_named_below_the_table() -> None:
    of = references(2)
    table = answers(of) | {"a1": ArticleError("too_long", "text: [too] long")}
    screen = io.StringIO()
    report = benchmark(FixedModel(table), of)
    Console(file=screen, width=100).print(evaluation.terminal_table([report]))
    assert "fixed: a1: text: [too] long" in screen.getvalue()


def test_standoff_references_are_joined_with_their_texts(tmp_path: Path) -> None:
    standoff = row("a0") | {"text": None, "text_sha256": text_sha256(HARBOUR)}
    labels = write(tmp_path / "labels.jsonl", [standoff])
    texts = write(tmp_path / "texts.jsonl", [{"id": "a0", "text": HARBOUR}])
    (report,) = run_benchmark([labels], ["oracle"], texts=texts)
    assert report.figure("chain").value == 1.0
    with pytest.raises(LabelError, match="a0: carries no text"):
        run_benchmark([labels], ["oracle"])
    with pytest.raises(LabelError, match="text: want a string"):
        run_benchmark([labels], ["oracle"], texts=write(tmp_path / "bad.jsonl", [{"id": "a0"}]))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"bad\.jsonl:2: not JSON"),
        (json.dumps({"id": "x", "text": "a", "claims": [{"stance": "x"}]}), r"claims\.0\.content"),
        (json.dumps({"text": "a"}), r"bad\.jsonl:2: id is missing; add it"),
    ],
)
def test_malformed_references_are_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(row("good")) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(LabelError, match=message):
        run_benchmark([path], ["oracle"])


def test_data_that_cannot_be_used_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="no such file or folder"):
        run_benchmark([tmp_path / "absent"], ["oracle"])
    with pytest.raises(BenchmarkError, match=r"no \*\.jsonl in it"):
        run_benchmark([tmp_path], ["oracle"])
    bare = write(tmp_path / "texts.jsonl", [{"id": "a", "text": "Nothing is labelled here."}])
    with pytest.raises(BenchmarkError, match="neither claims nor summaries"):
        run_benchmark([bare], ["oracle"])
    with pytest.raises(BenchmarkError, match="cannot be read"):
        run_benchmark([bare], ["oracle"], texts=tmp_path / "absent.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "caf\xe9"}\n')
    with pytest.raises(LabelError, match="not UTF-8"):
        run_benchmark([tmp_path / "latin.jsonl"], ["oracle"])
    with pytest.raises(ModelError, match="no model"):
        run_benchmark([write(tmp_path / "good.jsonl", [row()])], ["oracle", "absent-model"])
    with pytest.raises(BenchmarkError, match="no references"):
        benchmark(Lead(), [])


def test_seeds_are_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "evaluation" / "data.py"
    monkeypatch.setattr("evaluation.data.__file__", str(package))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BenchmarkError, match="--data"):
        run_benchmark([], ["oracle"])
    folder = tmp_path / "seeds" / "articles"
    folder.mkdir(parents=True)
    write(folder / "test.jsonl", [row()])
    (report,) = run_benchmark([], ["oracle"])
    assert report.articles == 1


def test_a_figure_that_is_not_there_names_those_that_are() -> None:
    report: Report = benchmark(Lead(), references(1))
    assert report.figure("found").value == 0.0
    assert report.figure("speaker").value is None
    with pytest.raises(KeyError, match="rougeLsum"):
        report.figure("bleu")


def test_the_tiny_reader_is_scored(tiny_reader: Model) -> None:
    report = benchmark(tiny_reader, references(2))
    assert report.failures == ()
    assert report.cost.articles_per_second > 0
