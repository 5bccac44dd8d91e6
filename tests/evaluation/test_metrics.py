"""Each metric against a case worked out by hand.

The article has four claims. The prediction finds three of them (one with one word too
few, one with the wrong speaker, one by a stance in `also`), misses the last, and invents one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from evaluation.matching import Scored
from evaluation.metrics import Figure, Metric, all_metrics
from evaluation.metrics.calibration import CALIBRATION
from evaluation.metrics.figure import Counts
from evaluation.metrics.stance import MacroF1, confusion
from evaluation.names import name_key, name_set
from tests.evaluation.builders import HARBOUR, claim, reference, scored, span

REFERENCE = reference()
FIRST, SECOND, THIRD, _ = REFERENCE.claims

PREDICTED = (
    claim(
        FIRST,
        HARBOUR,
        content=[span(HARBOUR, "harbour would open to all ships")],
        speaker={"mention": FIRST.speaker.mention, "names": ["INGRID  dahl"]},
        targets=["Norway", "Sweden"],
        confidence=0.95,
    ),
    claim(SECOND, HARBOUR, stance="statement", targets=["the finland"], confidence=0.85),
    claim(
        THIRD,
        HARBOUR,
        speaker={"mention": [span(HARBOUR, "Finland")], "names": ["Ingrid Dahl", "Finland"]},
        stance="cooperation",
        polarity="neutral",
        confidence=0.35,
    ),
    claim(
        THIRD,
        HARBOUR,
        content=[span(HARBOUR, "Oslo, 3 May")],
        cue=[],
        speaker={"names": ["Oslo"]},
        confidence=0.15,
    ),
)
CASE = scored(REFERENCE, PREDICTED)


def figure(name: str, articles: Sequence[Scored] = (CASE,)) -> Figure:
    (metric,) = (metric for metric in all_metrics(articles) if metric.name == name)
    return metric.figure(sums(metric, articles))


def sums(metric: Metric, articles: Sequence[Scored]) -> Counts:
    totals: Counts = np.array([metric.count(article) for article in articles]).sum(axis=0)
    return totals


@pytest.mark.parametrize(
    ("name", "precision", "recall", "f1"),
    [
        ("found", 3 / 4, 3 / 4, 3 / 4),
        ("content-exact", 2 / 4, 2 / 4, 2 / 4),
        ("source-exact", 3 / 3, 3 / 4, 6 / 7),
        ("cue-exact", 3 / 3, 3 / 4, 6 / 7),
        # "Norway" for "ships" and one too many; Finland and Norway right.
        ("targets", 2 / 4, 2 / 3, 4 / 7),
        # The first two are right all through; the third has a speaker too many.
        ("chain", 2 / 4, 2 / 4, 2 / 4),
    ],
)
def test_f1_figures(name: str, precision: float, recall: float, f1: float) -> None:
    found = figure(name)
    assert (found.precision, found.recall) == pytest.approx((precision, recall))
    assert found.value == pytest.approx(f1)
    assert found.settings


@pytest.mark.parametrize(
    ("name", "value"), [("speaker", 2 / 3), ("stance", 2 / 3), ("polarity", 2 / 3)]
)
def test_shares_of_found_claims(name: str, value: float) -> None:
    found = figure(name)
    assert found.value == pytest.approx(value)
    assert found.cases == 3


def test_macro_f1_and_its_labels() -> None:
    # Found references: cooperation (right), support (right, by `also`), support (taken for
    # cooperation). cooperation: 1 of 2 and 1 of 1; support: 1 of 1 and 1 of 2.
    assert figure("stance-macro-f1").value == pytest.approx((2 / 3 + 2 / 3) / 2)
    metric = MacroF1.of([CASE])
    scores = {score.label: score for score in metric.scores(sums(metric, [CASE]))}
    assert scores["support"].precision == 1.0
    assert scores["support"].recall == 0.5
    assert scores["cooperation"].precision == 0.5
    # The claim of concern was not found: it does not enter.
    assert scores["concern"].cases == 0
    assert scores["concern"].f1 is None


def test_confusion_keeps_what_was_said() -> None:
    table = confusion([CASE], ["cooperation", "support", "statement"])
    assert table.counts == ((1, 0, 0), (1, 0, 1), (0, 0, 0))


def test_calibration_error_by_hand() -> None:
    # .95 right, .85 right, .35 wrong, .15 wrong, each alone in its bin of ten.
    assert figure("calibration-error").value == pytest.approx((0.05 + 0.15 + 0.35 + 0.15) / 4)
    bins = CALIBRATION.reliability(sums(CALIBRATION, [CASE]))
    assert [b.cases for b in bins] == [0, 1, 0, 1, 0, 0, 0, 0, 1, 1]
    assert bins[9].right == 1.0
    assert bins[0].confidence is None


def test_a_failed_article_is_missed_wholly() -> None:
    articles = [CASE, Scored(REFERENCE, None)]
    assert figure("found", articles).recall == pytest.approx(3 / 8)
    assert figure("found", articles).precision == pytest.approx(3 / 4)
    assert figure("speaker", articles).cases == 3
    lone = figure("rouge1", [CASE]).value
    assert lone is not None
    assert figure("rouge1", articles).value == pytest.approx(lone / 2)


def test_no_case_is_no_figure() -> None:
    empty = reference(claims=(), summary=())
    nothing = [scored(empty, ())]
    for metric in all_metrics(nothing):
        if metric.labels == {"text"}:  # judged on the article alone
            continue
        found = metric.figure(sums(metric, nothing))
        assert found.value is None, metric.name
        assert found.cases == 0


def test_claims_where_there_are_none_cost_precision() -> None:
    empty = reference(claims=())
    found = figure("found", [scored(empty, [PREDICTED[0]])])
    assert (found.value, found.precision, found.recall) == (0.0, 0.0, None)


def test_names_agree_strictly() -> None:
    assert name_key(" The  United Nations") == name_key("united nations")
    assert name_key("the") == "the"
    assert name_key("Theodora") == "theodora"
    assert name_set(["Hasan Aliyev"]) != name_set(["Aliyev"])
    assert name_set(["B", "a", "A"]) == name_set(["A", "b"])
