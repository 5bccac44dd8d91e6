"""The benchmark as a whole: what must be right, what must fall, what must not stop it."""

from __future__ import annotations

import io
import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from evaluation import (
    Lead,
    Report,
    Run,
    Settings,
    benchmark,
    markdown_table,
    oracle,
    run_benchmark,
    terminal_table,
    write_results,
)
from evaluation.corpora import Corpus
from evaluation.names import name_key
from evaluation.report import CorpusResult
from pipelines.article import Analysis, text_sha256
from pipelines.errors import ArticleError, ModelError
from pipelines.model import Model
from pipelines.references import Reference, read_references
from tests.evaluation.builders import HARBOUR, FixedModel, analysis, reference, row, write

SPANS = ("found", "content-exact", "source-exact", "cue-exact", "stance", "polarity", "targets")


def references(count: int = 4) -> list[Reference]:
    """References of different texts, since labels of one text are one article."""
    return [reference(f"a{i}", text=f"{HARBOUR} Edition {i}.") for i in range(count)]


def answers(of: Sequence[Reference]) -> dict[str, Analysis | Exception]:
    found = oracle(of).analyse(r.article for r in of)
    return {r.id: a for r, a in zip(of, found, strict=True)}


def test_references_as_predictions_are_right_everywhere() -> None:
    report = benchmark(oracle(references()), references())
    judged = [figure for figure in report.figures if figure.better != "neither"]
    assert len(judged) > 20
    for figure in judged:
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


def test_speakers_shuffled_over_the_seeds_fall_to_chance() -> None:
    of = read_references(Path(__file__).parents[2] / "seeds" / "articles" / "dev.jsonl")
    found = list(oracle(of).analyse(r.article for r in of))
    speakers = [c.speaker.names for a in found for c in a.claims]
    order = random.Random(0).sample(speakers, len(speakers))  # noqa: S311
    table: dict[str, Analysis | Exception] = {}
    for r, a in zip(of, found, strict=True):
        claims = [
            c.model_copy(update={"speaker": c.speaker.model_copy(update={"names": order.pop()})})
            for c in a.claims
        ]
        table[r.id] = a.model_copy(update={"claims": tuple(claims)})
    counts = Counter(tuple(sorted(map(name_key, names))) for names in speakers)
    chance = sum(n * n for n in counts.values()) / len(speakers) ** 2
    report = benchmark(FixedModel(table), of)
    speaker = report.figure("speaker")
    assert speaker.interval is not None
    assert speaker.value is not None
    assert speaker.value < 0.05
    assert speaker.interval.low <= chance <= speaker.interval.high + 0.01
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
    assert report.cost is not None
    assert report.cost.timed_articles == 2


def test_a_model_that_stops_early_or_answers_for_another_text_is_named() -> None:
    of = references(2)

    class Short(FixedModel):
        def analyse(self, articles: Any, *, errors: Any = "raise") -> Any:
            return iter(())

    report = benchmark(Short({}), of)
    assert [f.code for f in report.failures] == ["no_result", "no_result"]
    assert report.cost is not None
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
    first, second = (benchmark(FixedModel(table), of, settings=Settings(seed=5)) for _ in range(2))
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


def shown(run: Run, width: int = 140) -> str:
    screen = io.StringIO()
    Console(file=screen, width=width).print(terminal_table(run, width=width))
    return screen.getvalue()


def test_run_shows_and_writes(tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    write(folder / "one.jsonl", [row("a0"), row("a1", text=f"{HARBOUR} Again.")])
    write(folder / "two.jsonl", [row("a2", text=f"{HARBOUR} And again.")])
    run = run_benchmark([folder], ["oracle", "lead-3"], baseline="lead-3")
    assert [r.model.name for r in run.reports] == ["oracle", "lead-3"]
    assert [Path(f.path).name for f in run.results[0].corpus.files] == ["one.jsonl", "two.jsonl"]
    table = shown(run)
    assert "3 articles, 12 claims" in table
    assert "100.0 (100.0–100.0)" in table
    assert "lead-3: the first 3 sentences" in table
    assert "Less lead-3" in table
    write_results(run, tmp_path / "out" / "results.json")
    written = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert written["reports"][0] == json.loads(json.dumps(run.reports[0].to_dict()))
    assert written["versions"]["rouge-score"]
    assert written["settings"]["seed"] == 0
    assert written["asked"]["models"] == ["oracle", "lead-3"]
    (corpus,) = written["corpora"]
    assert len(corpus["references_sha256"]) == 64
    assert [len(file["sha256"]) for file in corpus["files"]] == [64, 64]
    markdown = markdown_table(run)
    assert "|  | oracle (1) | lead-3 (1) |" in markdown
    assert "- chain v1: found, speaker and stance all right" in markdown


def test_a_narrow_terminal_gets_several_tables(tmp_path: Path) -> None:
    path = write(tmp_path / "one.jsonl", [row()])
    run = run_benchmark([path], ["oracle", "lead-3", "quotation-marks"])
    narrow = shown(run, width=70)
    assert narrow.count("1 articles, 4 claims") == 3
    assert max(map(len, narrow.splitlines())) <= 70
    assert shown(run, width=140).count("1 articles, 4 claims") == 1


def test_failures_are_named_below_the_table() -> None:
    of = references(2)
    table = answers(of) | {"a1": ArticleError("too_long", "text: [too] long")}
    report = benchmark(FixedModel(table), of)
    corpus = Corpus("references", tuple(of), frozenset())
    run = Run(Settings(), (CorpusResult(corpus, (report,), ()),))
    assert "fixed: a1: text: [too] long" in shown(run)
    assert run.failed == ["fixed: a1: text: [too] long"]


def test_two_checkpoints_of_one_name_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = references(2)
    good, bad = answers(of), {r.id: analysis(r) for r in of}
    path = tmp_path / "two.jsonl"
    path.write_text("".join(r.model_dump_json() + "\n" for r in of), encoding="utf-8")
    made = {"x/model": FixedModel(good), "y/model": FixedModel(dict(bad))}
    monkeypatch.setattr("evaluation.benchmarking.load_model", lambda name, *_: made[name])
    settings = Settings(resamples=20)
    run = run_benchmark([path], list(made), baseline="y/model", settings=settings)
    assert [report.model.name for report in run.reports] == ["x/model", "y/model"]
    assert {c.baseline for c in run.reports[0].comparisons} == {"y/model"}
    assert run.reports[1].comparisons == ()
    # Alone, it goes by its own name.
    (alone,) = run_benchmark([path], ["x/model"], settings=settings).reports
    assert alone.model.name == "fixed"


def test_a_figure_that_is_not_there_names_those_that_are() -> None:
    report: Report = benchmark(Lead(), references(1))
    assert report.figure("rouge1").value is not None
    assert report.figure("found").value is None  # a summariser is not judged on claims
    with pytest.raises(KeyError, match="rougeLsum"):
        report.figure("bleu")


def test_the_tiny_reader_is_scored(tiny_reader: Model) -> None:
    report = benchmark(tiny_reader, references(2))
    assert report.failures == ()
    assert report.cost is not None
    assert report.cost.articles_per_second > 0
