"""What a network learns from one text: tags, names, claims, salient sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipelines.article import Attribution, Span
from pipelines.reader.document import Document
from pipelines.reader.network import LAYERS

if TYPE_CHECKING:
    from pipelines.speakers.names import Mention
    from pipelines.training.plans import Plan

__all__ = ["ClaimExample", "Example", "claim_example", "tag_words"]

#: Tag value of words that no loss is computed on.
IGNORED = -100

Words = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ClaimExample:
    """A claim in words of its document. Fields that the corpus does not label are None."""

    content: list[Words]
    cue: list[Words]
    source: list[Words]
    stances: tuple[str, ...] | None = None
    polarity: str | None = None
    origin: str | None = None
    names: tuple[str, ...] | None = None
    targets: tuple[str, ...] | None = None


@dataclass(slots=True)
class Example:
    corpus: str
    document: Document
    guide: bool = True
    tags: NDArray[np.int64] | None = None  # [words, layers]: O, B, I
    names: NDArray[np.int64] | None = None  # [words]: O, then B and I of each kind
    claims: list[ClaimExample] = field(default_factory=list)
    #: Mentions without a name, each with the names of whom it means.
    pointers: list[tuple[Words, tuple[str, ...]]] = field(default_factory=list)
    linked: bool = False  # whether claims hold every link of the text
    salience: NDArray[np.float32] | None = None  # [sentences]
    weight: float = 1.0
    #: Link plans by part, kept once made.
    plans: dict[str, Plan] = field(default_factory=dict, repr=False, compare=False)
    #: Names last found in the text, with the plans of speakers and targets made of them.
    named: tuple[tuple[Mention, ...], Plan, Plan] | None = field(
        default=None, repr=False, compare=False
    )


def word_ranges(document: Document, spans: Iterable[Span]) -> list[Words]:
    found = (document.word_range(span) for span in spans)
    return [words for words in found if words is not None]


def claim_example(document: Document, label: Attribution) -> ClaimExample | None:
    """The hand label in words; None when its content has none (a lone dash, say)."""
    content = word_ranges(document, label.content)
    if not content:
        return None
    return ClaimExample(
        content=content,
        cue=word_ranges(document, label.cue),
        source=word_ranges(document, label.speaker.mention),
        stances=(label.stance, *label.also),
        polarity=label.polarity,
        origin=label.threat_from,
        names=label.speaker.names,
        targets=label.targets,
    )


def tag_words(
    document: Document, claims: Sequence[ClaimExample], ignored: Iterable[Span] = ()
) -> NDArray[np.int64]:
    """Tags ``[words, layers]`` of all claims; words under ``ignored`` teach nothing."""
    tags = np.zeros((len(document.words), len(LAYERS)), dtype=np.int64)
    for claim in claims:
        for layer, spans in enumerate((claim.source, claim.cue, claim.content)):
            for start, end in spans:
                tags[start:end, layer] = 2
                tags[start, layer] = 1
    for start, end in word_ranges(document, ignored):
        tags[start:end] = IGNORED
    return tags
