"""Stance of events and polarity toward marked persons, by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from evaluation.matching import Scored
from evaluation.metrics import all_metrics
from evaluation.metrics.figure import Figure
from pipelines.article import Attribution, Claim
from pipelines.references import Reference
from tests.evaluation.builders import analysis

TEXT = "Mayor Lind praised Aud Moe, but not Per Dahl."


def target(name: str, polarity: str) -> Attribution:
    fields = {"content": [(0, len(TEXT))], "stance": "statement"}
    return Attribution.model_validate(fields | {"targets": [name], "polarity": polarity})


def said(name: str, polarity: str, confidence: float, stance: str = "support") -> Claim:
    fields = {"content": [(11, 26)], "text": TEXT[11:26], "stance": stance}
    return Claim.model_validate(
        fields | {"targets": [name], "polarity": polarity, "confidence": confidence}
    )


REFERENCE = Reference(
    id="m",
    text=TEXT,
    claims=(
        target("Aud Moe", "positive"),
        target("Per Dahl", "negative"),
        target("Mayor Lind", "neutral"),
    ),
)


def figure(name: str, articles: Sequence[Scored]) -> Figure:
    (metric,) = (metric for metric in all_metrics(articles) if metric.name == name)
    return metric.figure(np.array([metric.count(a) for a in articles]).sum(axis=0))


def test_polarity_toward_marked_persons() -> None:
    claims = [said("Moe", "negative", 0.4), said("Aud Moe", "positive", 0.9)]
    case = Scored(REFERENCE, analysis(REFERENCE, claims))
    # Moe by the surer claim; no claim is aimed at Dahl or Lind, so they are neutral.
    assert figure("target-polarity", [case]).value == pytest.approx(2 / 3)
    # positive 1, neutral 2/3 (1 of 2, 1 of 1), negative 0.
    assert figure("target-polarity-macro-f1", [case]).value == pytest.approx((1 + 2 / 3) / 3)


def test_a_failed_article_is_wrong_even_where_neutral_is_right() -> None:
    failed = Scored(REFERENCE, None)
    assert figure("target-polarity", [failed]).value == 0.0
    assert figure("target-polarity-macro-f1", [failed]).value == 0.0


def test_the_stance_of_events_counts_what_was_missed() -> None:
    event = Attribution(content=((0, len(TEXT)),), stance="support", also=("recognition",))
    reference = Reference(id="e", text=TEXT, claims=(event,))
    near = said("Moe", "positive", 0.5, stance="recognition")
    hit = Scored(reference, analysis(reference, [near]), threshold=1e-9)
    miss = Scored(reference, analysis(reference), threshold=1e-9)
    assert figure("stance-of-all", [hit]).value == 1.0
    assert figure("stance-of-all", [hit, miss, Scored(reference, None)]).value == pytest.approx(
        1 / 3
    )
    # Two of three missed: precision 1, recall 1/3.
    macro = figure("stance-of-all-macro-f1", [hit, miss, Scored(reference, None)])
    assert macro.value == pytest.approx(1 / 2)
    assert figure("stance-macro-f1", [hit, miss]).value == 1.0
    # By the usual threshold fifteen of the sentence's characters are too few.
    assert figure("stance-of-all", [Scored(reference, hit.analysis)]).value == 0.0
