"""Which predicted claim is which reference claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.matching import iou, match
from pipelines.article import Attribution, Span


def at(*content: Span, cue: tuple[Span, ...] = ()) -> Attribution:
    return Attribution(content=content, cue=cue, stance="statement")


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([(0, 10)], [(0, 10)], 1.0),
        ([(0, 10)], [(10, 20)], 0.0),
        ([(0, 10)], [(5, 15)], 5 / 15),
        ([(0, 10)], [(0, 5)], 0.5),
        ([(0, 5), (10, 15)], [(0, 15)], 10 / 15),
        ([(0, 5), (10, 15)], [(3, 12)], 4 / 15),
    ],
)
def test_iou_by_hand(left: list[Span], right: list[Span], expected: float) -> None:
    assert iou(left, right) == pytest.approx(expected)
    assert iou(right, left) == pytest.approx(expected)


def test_half_the_characters_are_enough_and_less_is_not() -> None:
    assert match([at((0, 5))], [at((0, 10))]) == ((0, 0),)
    assert match([at((0, 4))], [at((0, 10))]) == ()


def test_no_claim_is_matched_twice() -> None:
    # Both halves of a split claim reach .5 of it; one only may count.
    assert len(match([at((0, 5)), at((5, 10))], [at((0, 10))])) == 1


def test_the_assignment_is_the_best_as_a_whole() -> None:
    # Taken greedily, the first prediction would take the first reference (.83, .8).
    predicted = [at((0, 10)), at((0, 12))]
    reference = [at((0, 12)), at((0, 8))]
    assert match(predicted, reference) == ((0, 1), (1, 0))


def test_cues_decide_between_equal_contents() -> None:
    asked, refused = at((10, 40), cue=((0, 5),)), at((10, 40), cue=((41, 48),))
    assert match([refused, asked], [asked, refused]) == ((0, 1), (1, 0))


def test_nothing_matches_nothing() -> None:
    assert match([], [at((0, 1))]) == match([at((0, 1))], []) == match([], []) == ()


spans = st.lists(st.integers(0, 60), min_size=2, max_size=8, unique=True).map(
    lambda cuts: [(a, b) for a, b in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)]
)


@given(spans, spans)
def test_iou_is_that_of_sets_of_characters(left: list[Span], right: list[Span]) -> None:
    one = {i for start, end in left for i in range(start, end)}
    two = {i for start, end in right for i in range(start, end)}
    assert iou(left, right) == pytest.approx(len(one & two) / len(one | two))


@given(st.lists(spans, max_size=5), st.lists(spans, max_size=5))
def test_matching_is_one_to_one_and_over_the_threshold(
    left: list[list[Span]], right: list[list[Span]]
) -> None:
    predicted, reference = [at(*s) for s in left], [at(*s) for s in right]
    pairs = match(predicted, reference)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(iou(left[i], right[j]) >= 0.5 for i, j in pairs)
