"""Overlap and CofeNet's protocol against cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.matching import Scored
from evaluation.metrics import Figure, all_metrics
from evaluation.settings import Settings
from evaluation.tokens import token_spans, tokens_under
from pipelines.article import Claim, join_pieces
from tests.evaluation.builders import analysis, claim, reference, scored, span

#: Two sentences; the content runs over both, with its cue between.
TEXT = "The port opens, Moe said. Ships may come at dawn. Dahl agreed."
REFERENCE = reference(
    text=TEXT,
    claims=[
        {
            "content": ["The port opens", "Ships may come at dawn"],
            "cue": "said",
            "mention": "Moe",
            "names": ["Moe"],
            "stance": "statement",
        }
    ],
    summary=[],
)


def predicted(*content: str, cue: str = "said", mention: str = "Moe") -> Claim:
    spans = [span(TEXT, words) for words in content]
    return Claim.model_validate(
        {
            "content": spans,
            "cue": [span(TEXT, cue)],
            "speaker": {"mention": [span(TEXT, mention)], "names": ["Moe"]},
            "stance": "statement",
            "text": join_pieces(TEXT, spans),
            "confidence": 1.0,
        }
    )


def figure(name: str, case: Scored, settings: Settings | None = None) -> Figure:
    (metric,) = (m for m in all_metrics([case], settings) if m.name == name)
    return metric.figure(np.array(metric.count(case), dtype=np.float64))


@pytest.mark.parametrize(
    ("name", "hits", "said", "true"),
    [
        # "port opens" and "Ships may come" of "The port opens" and "Ships may come at dawn".
        ("content-character-f1", 10 + 14, 10 + 14, 14 + 22),
        ("content-token-f1", 2 + 3, 2 + 3, 3 + 5),
        ("cue-token-f1", 1, 1, 1),
        ("source-token-f1", 0, 1, 1),
        # Cut at the end of the sentence: two content items on each side, neither exact.
        ("content-cofenet", 0, 2, 2),
        ("cue-cofenet", 1, 1, 1),
        ("source-cofenet", 0, 1, 1),
    ],
)
def test_by_hand(name: str, hits: int, said: int, true: int) -> None:
    case = scored(REFERENCE, [predicted("port opens", "Ships may come", mention="Dahl")])
    found = figure(name, case)
    assert found.precision == pytest.approx(hits / said)
    assert found.recall == pytest.approx(hits / true)
    assert found.value == pytest.approx(2 * hits / (said + true))


def test_cofenet_cuts_at_the_end_of_a_sentence() -> None:
    # One span over both sentences is two items, of which the second is the reference's.
    whole = f"opens, Moe said. {TEXT[26:48]}"
    found = figure("content-cofenet", scored(REFERENCE, [predicted(whole)]))
    assert (found.precision, found.recall) == (0.5, 0.5)
    # The same words in two claims are one item: there a token has one tag.
    twice = scored(REFERENCE, [predicted("The port opens"), predicted("The port opens")])
    assert figure("content-cofenet", twice).precision == 1.0


def test_cofenet_does_not_ask_which_source_goes_with_which_content() -> None:
    swapped = predicted("The port opens", "Ships may come at dawn", cue="agreed")
    found = figure("source-cofenet", scored(REFERENCE, [swapped]))
    assert found.value == 1.0


def test_the_threshold_is_a_setting() -> None:
    case = scored(REFERENCE, [predicted("Ships may come at dawn")])
    assert figure("found", case).value == 1.0  # 22 of 36 characters
    strict = Scored(REFERENCE, case.analysis, threshold=0.7)
    assert figure("found", strict, Settings(iou=0.7)).value == 0.0
    assert ">= 0.7" in figure("found", strict, Settings(iou=0.7)).settings


def test_what_nobody_labelled_counts_for_nothing() -> None:
    extra = predicted("Dahl agreed")
    right = claim(REFERENCE.claims[0], TEXT)
    case = Scored(REFERENCE, analysis(REFERENCE, [right, extra]))
    assert figure("found", case).precision == 0.5
    masked = Scored(REFERENCE, case.analysis, masked=(span(TEXT, "Dahl"),))
    assert figure("found", masked).precision == 1.0


def test_tokens_are_words_and_single_signs() -> None:
    text = "Moe's “ferry”…"
    assert [text[a:b] for a, b in token_spans(text)] == ["Moe", "'", "s", "“", "ferry", "”", "…"]
    assert tokens_under(text, [(2, 4)]) == [0, 1]
    assert tokens_under(text, [(5, 6)]) == []
