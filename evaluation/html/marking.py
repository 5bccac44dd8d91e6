"""A text cut where labels begin and end, and each claim beside what a model made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evaluation.matching import Pair, Scored
from evaluation.metrics.speakers import speaker_right
from evaluation.metrics.stance import stance_right
from pipelines.article import Attribution, join_pieces

__all__ = ["Row", "Segment", "mark", "rows"]


@dataclass(frozen=True, slots=True)
class Segment:
    """``kind`` is plain, right (in both), missed (in the reference only) or invented."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """A claim; ``reference`` or ``predicted`` is None where one side has it alone.

    Each side is content, speakers, stance and targets as shown; ``wrong`` names the parts
    on which a found claim errs.
    """

    kind: str
    reference: tuple[str, str, str, str] | None
    predicted: tuple[str, str, str, str] | None
    wrong: tuple[str, ...] = ()


def _characters(claims: Iterable[Attribution]) -> set[int]:
    return {i for claim in claims for start, end in claim.content for i in range(start, end)}


_KINDS = {
    (False, False): "plain",
    (True, True): "right",
    (True, False): "missed",
    (False, True): "invented",
}


def mark(scored: Scored) -> list[Segment]:
    """The text in segments, by whose content each character is."""
    text = scored.reference.text or ""
    reference, predicted = _characters(scored.reference.claims), _characters(scored.predicted)
    segments: list[Segment] = []
    start = 0
    for i in range(1, len(text) + 1):
        here = _KINDS[i - 1 in reference, i - 1 in predicted]
        if i == len(text) or _KINDS[i in reference, i in predicted] != here:
            segments.append(Segment(text[start:i], here))
            start = i
    return segments


def _shown(text: str, claim: Attribution, labelled: frozenset[str]) -> tuple[str, str, str, str]:
    """What there is to compare; a field that the corpus does not label is left empty."""
    speakers = ", ".join(claim.speaker.names) or "nobody named"
    stance = " / ".join((claim.stance, *claim.also))
    return (
        join_pieces(text, claim.content),
        speakers if "speaker" in labelled else "",
        stance if labelled & {"stance", "event"} else "",
        ", ".join(claim.targets) if labelled & {"targets", "target-polarity"} else "",
    )


def _wrong(pair: Pair, labelled: frozenset[str]) -> tuple[str, ...]:
    judged = (
        ("speaker", "speaker" in labelled, speaker_right),
        ("stance", bool(labelled & {"stance", "event"}), stance_right),
    )
    return tuple(name for name, labels, right in judged if labels and not right(pair))


def rows(scored: Scored, labelled: frozenset[str]) -> list[Row]:
    """Every claim of either side, in order of the text, judged on what is ``labelled``."""
    text = scored.reference.text or ""
    found: list[tuple[int, Row]] = []
    by_reference = {j: i for i, j in scored.matched}
    for j, label in enumerate(scored.reference.claims):
        start = label.content[0][0]
        shown = _shown(text, label, labelled)
        if j not in by_reference:
            found.append((start, Row("missed", shown, None)))
            continue
        claim = scored.predicted[by_reference[j]]
        wrong = _wrong(Pair(claim, label), labelled)
        kind = "found" if wrong else "right"
        found.append((start, Row(kind, shown, _shown(text, claim, labelled), wrong)))
    taken = {i for i, _ in scored.matched}
    for i, claim in enumerate(scored.predicted):
        if i not in taken:
            row = Row("invented", None, _shown(text, claim, labelled))
            found.append((claim.content[0][0], row))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]
