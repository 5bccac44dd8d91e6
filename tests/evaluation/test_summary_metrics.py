"""Metrics of summaries against cases worked out by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from rouge_score.rouge_scorer import RougeScorer

from evaluation.errors import BenchmarkError
from evaluation.matching import Scored
from evaluation.metrics import Figure, all_metrics, judges
from evaluation.metrics.extraction import fragments
from evaluation.metrics.support import names_and_numbers
from evaluation.settings import Settings
from tests.evaluation.builders import HARBOUR, reference, scored
from tests.fixtures.judges import write_classifier, write_encoder

SOURCE = "a ferry ran in the snow and a ferry sank"
CASE = scored(reference(text=SOURCE, claims=(), summary=["x"]), (), summary="the ferry ran in May")


def figure(name: str, case: Scored, settings: Settings | None = None) -> Figure:
    settings = settings or Settings()
    found = all_metrics([case], settings, judging=judges(settings))
    (metric,) = (metric for metric in found if metric.name == name)
    return metric.figure(np.array(metric.count(case), dtype=np.float64))


def test_fragments_are_the_longest_from_the_left() -> None:
    source = tuple("a b c d a b x".split())
    assert fragments(source, tuple("b c z a b x a b c d".split())) == (2, 3, 4)
    assert fragments(source, ()) == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # "the" | "ferry ran in" of five words; nine words over five.
        ("coverage", 4 / 5),
        ("density", (1 + 9) / 5),
        ("compression", 10 / 5),
        # "ferry ran" and "ran in" of four pairs are the article's.
        ("novel-bigrams", 2 / 4),
        # "May" is no word of the article.
        ("support", 0.0),
        ("within-budget", 1.0),
    ],
)
def test_by_hand(name: str, value: float) -> None:
    assert figure(name, CASE).value == pytest.approx(value)


def test_names_and_numbers_are_looked_up_in_any_case() -> None:
    assert names_and_numbers("Talks with Aud Moe's 1,200 men cost 3.5 million") == [
        "aud",
        "moe",
        "1200",
        "3.5",
    ]
    known = scored(reference(), (), summary="It was Ingrid DAHL on 3 May.\nFinland and Dahl agree.")
    assert figure("support", known).value == 1.0
    wrong = scored(reference(), (), summary="Dahl spoke on 4 May.\nNobody minds Finland.")
    assert figure("support", wrong).value == 0.5


@pytest.mark.parametrize(
    ("summary", "kept"),
    [("One two three. Four.", 1.0), ("One two three four five six.", 0.0), (" ", 0.0)],
)
def test_the_budget(summary: str, kept: float) -> None:
    settings = Settings(max_words=5, max_sentences=2)
    assert figure("within-budget", scored(reference(), (), summary=summary), settings).value == kept
    three = scored(reference(), (), summary="One. Two. Three.")
    assert figure("within-budget", three, settings).value == 0.0


def test_a_failed_article_keeps_no_budget_and_supports_nothing() -> None:
    failed = Scored(reference(), None)
    assert figure("within-budget", failed).value == 0.0
    assert figure("support", failed).value == 0.0


def test_rouge_without_stems_and_with_several_references() -> None:
    case = scored(
        reference(summary=["The ports opened."], more_summaries=[["A harbour opens."]]),
        (),
        summary="The harbour opens.",
    )
    for stemmer in (True, False):
        library = RougeScorer(["rouge1"], use_stemmer=stemmer).score_multi(
            ["The ports opened.", "A harbour opens."], "The harbour opens."
        )
        found = figure("rouge1", case, Settings(stemmer=stemmer))
        assert found.value == library["rouge1"].fmeasure
        assert f"stemmer {'on' if stemmer else 'off'}" in found.settings


def test_bertscore_of_the_same_words_is_one(tmp_path: Path) -> None:
    settings = Settings(bertscore=str(write_encoder(tmp_path / "encoder")))
    same = scored(reference(), (), summary="\n".join(reference().summary))
    assert figure("bertscore", same, settings).value == pytest.approx(1.0, abs=1e-5)
    other = figure("bertscore", scored(reference(), (), summary="He left."), settings)
    assert other.value is not None
    assert other.value < 0.999
    assert "torchmetrics" in other.settings
    assert figure("bertscore", Scored(reference(), None), settings).value == 0.0
    bare = scored(reference(summary=()), ())
    assert figure("bertscore", bare, settings).value is None


def test_entailment_takes_the_surest_sentence(tmp_path: Path) -> None:
    folder = write_classifier(tmp_path / "nli", ["entailment", "neutral", "contradiction"])
    settings = Settings(nli=str(folder))
    from evaluation.checkpoints import load_nli

    judge = load_nli(str(folder))
    case = scored(reference(), (), summary="Norway opens a port.")
    from evaluation.summaries import summary_sentences

    by_hand = max(judge(summary_sentences(HARBOUR), "Norway opens a port."))
    assert figure("entailment", case, settings).value == pytest.approx(by_hand)
    assert figure("entailment", Scored(reference(), None), settings).value == 0.0


def test_a_judge_that_is_missing_or_no_judge_is_named(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="absent: cannot be loaded as AutoModel"):
        judges(Settings(bertscore=str(tmp_path / "absent")))
    folder = write_classifier(tmp_path / "other", ["good", "bad"])
    with pytest.raises(BenchmarkError, match="has no label of entailment, only bad, good"):
        judges(Settings(nli=str(folder)))


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchmetrics.functional.text.bert", None)
    with pytest.raises(BenchmarkError, match=r"BERTScore .*pip install 'attache\[bertscore\]'"):
        judges(Settings(bertscore="any"))
