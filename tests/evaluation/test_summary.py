"""ROUGE is the library's."""

from __future__ import annotations

import pytest
from rouge_score.rouge_scorer import RougeScorer

from evaluation.metrics.rouge import rouge_metrics
from evaluation.summaries import sentence_lines
from pipelines.article import Summary, SummarySentence
from tests.evaluation.builders import HARBOUR, analysis, reference, scored, span

ROUGE = rouge_metrics(stemmer=True)
REFERENCE = ("The harbour opens in May.", "Finland thanked Norway for opening harbours.")
PREDICTION = "Finland has thanked Norway. The harbour was opened to ships."


def test_equals_the_library_to_the_last_digit() -> None:
    library = RougeScorer(["rouge1", "rouge2", "rougeLsum"], use_stemmer=True).score(
        target="The harbour opens in May.\nFinland thanked Norway for opening harbours.",
        prediction="Finland has thanked Norway.\nThe harbour was opened to ships.",
    )
    case = scored(reference(summary=REFERENCE), (), summary=PREDICTION)
    for metric in ROUGE:
        assert list(metric.count(case)) == [library[metric.name].fmeasure, 1.0]
    assert 0 < library["rougeLsum"].fmeasure < 1


def test_by_hand() -> None:
    case = scored(reference(summary=["the old port opened"]), (), summary="the new port opens")
    # Three of four stems on each side; no pair of words in common but none of two.
    assert [metric.count(case)[0] for metric in ROUGE] == pytest.approx([3 / 4, 1 / 3, 3 / 4])


def test_one_paragraph_or_a_list_of_sentences_is_the_same() -> None:
    listed = scored(reference(summary=REFERENCE), (), summary="\n".join(PREDICTION.split(". ")))
    whole = scored(reference(summary=[" ".join(REFERENCE)]), (), summary=PREDICTION)
    for metric in ROUGE:
        assert metric.count(listed) == metric.count(whole)


def test_the_sentences_of_the_summary_are_scored() -> None:
    words = "Finland thanked Norway for the step."
    sentence = SummarySentence(text=words, span=span(HARBOUR, words), score=1.0)
    summary = Summary(text=words, sentences=(sentence,))
    of = reference(summary=[words])
    case = scored(of, ())
    assert case.analysis is not None
    exact = type(case)(of, analysis(of).model_copy(update={"summary": summary}))
    assert [metric.count(exact)[0] for metric in ROUGE] == [1.0, 1.0, 1.0]


def test_abbreviations_end_no_sentence() -> None:
    assert sentence_lines("Gen. Moe left. He flew.") == "Gen. Moe left.\nHe flew."


def test_the_settings_say_how() -> None:
    assert "stemmer on" in ROUGE[0].settings
    assert "rouge-score 0." in ROUGE[0].settings
