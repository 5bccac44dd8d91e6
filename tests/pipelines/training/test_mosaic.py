"""Single claims laid together keep their words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipelines.article import Span
from pipelines.references import Reference, read_references
from pipelines.training.mosaic import mosaics

SEEDS = Path(__file__).parents[3] / "seeds" / "stances" / "train.jsonl"


@pytest.fixture(scope="module")
def singles() -> list[Reference]:
    return read_references(SEEDS)[:300]


def said(reference: Reference, spans: tuple[Span, ...]) -> tuple[str, ...]:
    text = reference.text or ""
    return tuple(text[start:end] for start, end in spans)


def words(reference: Reference) -> list[tuple[object, ...]]:
    """Each claim's words, in lower case: the first letter of a text may have become small."""
    return [
        (
            claim.stance,
            *(piece.lower() for piece in said(reference, claim.content)),
            *(piece.lower() for piece in said(reference, claim.cue)),
        )
        for claim in reference.claims
    ]


def test_every_claim_is_there_as_often_as_asked_with_its_own_words(
    singles: list[Reference],
) -> None:
    laid = mosaics(singles, times=2, seed=1)

    wanted = Counter(key for single in singles for key in words(single))
    found = Counter(key for one in laid for key in words(one))
    assert found == Counter({key: 2 * count for key, count in wanted.items()})
    assert all(1 <= len(one.claims) <= 7 for one in laid)
    assert sum(len(one.claims) > 1 for one in laid) > len(laid) * 0.9


def test_some_claims_go_on_under_the_speaker_before(singles: list[Reference]) -> None:
    shared = [
        (one, first, second)
        for one in mosaics(singles, times=1, seed=1)
        for first, second in zip(one.claims, one.claims[1:], strict=False)
        if first.speaker.mention and first.speaker.mention == second.speaker.mention
    ]

    assert len(shared) > 5
    for one, first, second in shared:
        assert first.speaker.names == second.speaker.names
        between = (one.text or "")[max(end for _, end in first.content) : second.cue[0][0]]
        assert between.strip(" ,") in {"and", "but", "and also"}


def test_the_same_seed_lays_the_same_texts(singles: list[Reference]) -> None:
    assert mosaics(singles, times=1, seed=5) == mosaics(singles, times=1, seed=5)
    assert mosaics(singles, times=1, seed=5) != mosaics(singles, times=1, seed=6)


def test_what_is_no_single_claim_is_left_out(singles: list[Reference]) -> None:
    bare = Reference.model_validate({"id": "b", "text": "No claim here."})
    assert mosaics([bare], times=3, seed=1) == []
