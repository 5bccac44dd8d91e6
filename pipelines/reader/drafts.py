"""Which content, cue and source belong together: drafts of the claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pipelines.reader.decode import BEGIN, INSIDE, Tagged, decode_bio
from pipelines.reader.document import Document
from pipelines.reader.network import LAYERS, Network
from pipelines.reader.pairs import PairScorer, nearest
from pipelines.reader.refine import refine_source
from pipelines.speakers.names import Mention

__all__ = ["LINK_CANDIDATES", "Draft", "draft_claims", "likely_source", "span_array"]

#: Candidates that a content piece sees for its cue and source.
LINK_CANDIDATES = 12
#: The tagger drops out of a long content for this many words at most.
_BRIDGED = 4
#: What a source needs that the best tags have not, but that stands beside a cue without one.
_LIKELY = 0.2
_CONJUNCTIONS = frozenset(["and", "but"])

Words = tuple[int, int]


@dataclass(slots=True)
class Draft:
    content: list[Words]
    cue: list[Words]
    source: list[Words]
    probability: float


def span_array(spans: Sequence[Words]) -> np.ndarray:
    return np.array(spans, dtype=np.int64).reshape(-1, 2)


def _link(
    network: Network,
    scorer: PairScorer,
    words: Tensor,
    document: Document,
    queries: Sequence[Words],
    keys: Sequence[Words],
) -> list[tuple[int, float]]:
    """For each query the index of its key, or -1, and the probability of that choice."""
    query_spans, key_spans = span_array(queries), span_array(keys)
    near = nearest(query_spans, key_spans, document.word_sentence, LINK_CANDIDATES)
    logits = scorer.with_none(
        network.spans(words, query_spans), network.spans(words, key_spans), near
    )
    probability = torch.softmax(logits, dim=1).cpu().numpy()
    best = probability.argmax(axis=1)
    return [
        (int(near.index[i, choice - 1]) if choice else -1, float(probability[i, choice]))
        for i, choice in enumerate(best.tolist())
    ]


def _bridge(pieces: Sequence[Words], others: Sequence[Words]) -> list[Words]:
    """Pieces of one claim, those a few words apart joined where no cue or source is between."""
    joined = [pieces[0]]
    for start, end in pieces[1:]:
        last_start, last_end = joined[-1]
        between = any(a < start and b > last_end for a, b in others)
        if start - last_end <= _BRIDGED and not between:
            joined[-1] = (last_start, end)
        else:
            joined.append((start, end))
    return joined


def _under(document: Document, piece: Words, cue: Words) -> bool:
    """Whether a cue can govern the piece.

    In another sentence it governs only quotations, and "and stressed" only what follows.
    """
    sentence = document.word_sentence
    if piece[1] <= cue[0] and document.word(cue[0] - 1).casefold() in _CONJUNCTIONS:
        return False
    apart = sentence[piece[0]] > sentence[cue[1] - 1] or sentence[piece[1] - 1] < sentence[cue[0]]
    return not apart or document.quoted(piece[0])


def _adopt_orphans(
    document: Document,
    pieces: Sequence[Words],
    cues: Sequence[Words],
    linked: Sequence[tuple[int, float]],
) -> list[tuple[int, float]]:
    """The links, with each cue that no piece has given to the piece that follows it at once.

    In "thanked A for its help and stressed that B …" both contents may link to the second cue.
    """
    orphans = set(range(len(cues))) - {cue for cue, _ in linked}
    sentence = document.word_sentence
    out = list(linked)
    for i, (start, _) in enumerate(pieces):
        for j in orphans:
            end = cues[j][1]
            if 0 <= start - end <= 1 and sentence[start] == sentence[end - 1]:
                out[i] = (j, linked[i][1])
    return out


def draft_claims(
    network: Network, words: Tensor, document: Document, mentions: Sequence[Mention]
) -> list[Draft]:
    """Claims: content pieces under one cue belong together, each with its likeliest source."""
    log = torch.log_softmax(network.tags(words), dim=2).cpu().numpy()
    # Nobody's name and no cue goes on over a line break.
    log[document.after_break, : LAYERS.index("content"), INSIDE] = -np.inf
    sources, cues, contents = (decode_bio(log[:, layer]) for layer in range(len(LAYERS)))
    if not contents:
        return []

    def spans(found: Sequence[Tagged]) -> list[Words]:
        return [(start, end) for start, end, _, _ in found]

    pieces, cue_spans, source_spans = spans(contents), spans(cues), spans(sources)
    cue_of = _link(network, network.cue_link, words, document, pieces, cue_spans)
    cue_of = _adopt_orphans(document, pieces, cue_spans, cue_of)
    source_of = _link(network, network.source_link, words, document, pieces, source_spans)
    groups: dict[tuple[str, int], list[int]] = {}
    for i, (cue, _) in enumerate(cue_of):
        joins = cue >= 0 and _under(document, pieces[i], cue_spans[cue])
        groups.setdefault(("cue", cue) if joins else ("piece", i), []).append(i)
    source_tags = np.exp(log[:, LAYERS.index("source")])
    drafts = []
    for key, members in groups.items():
        first = min(members, key=lambda i: -source_of[i][1])
        cue, cue_probability = cue_of[members[0]]
        cue = cue if key[0] == "cue" else -1
        source, source_probability = source_of[first]
        certain = min(contents[i][3] for i in members)
        cue_words = cue_spans[cue] if cue >= 0 else None
        spoken = source_spans[source] if source >= 0 else None
        if cue_words is not None and not _in_sentence_of(document, spoken, cue_words):
            # Somebody who speaks stands beside the cue, or else elsewhere.
            spoken = likely_source(source_tags, document, cue_words) or spoken
        drafts.append(
            Draft(
                content=_bridge([pieces[i] for i in members], [*cue_spans, *source_spans]),
                cue=[cue_words] if cue_words is not None else [],
                source=[refine_source(document, spoken, cue_words, mentions)] if spoken else [],
                probability=certain * cue_probability * source_probability,
            )
        )
    return drafts


def _in_sentence_of(document: Document, source: Words | None, cue: Words) -> bool:
    sentence = document.word_sentence
    return source is not None and sentence[source[0]] == sentence[cue[0]]


def likely_source(tags: NDArray[np.float32], document: Document, cue: Words) -> Words | None:
    """The likeliest source in the sentence of a cue that was linked to none there.

    ``tags`` are the source probabilities ``[words, (O, B, I)]``. Most cues have a source in
    their sentence, which the tagger, who does not know of the cue, may just miss; None where
    nothing is likely.
    """
    words = np.flatnonzero(document.word_sentence == document.word_sentence[cue[0]])
    begin = np.where((words >= cue[0]) & (words < cue[1]), 0.0, tags[words, BEGIN])
    start = int(words[begin.argmax()])
    if begin.max() < _LIKELY:
        return None
    end = start + 1
    while end <= words[-1] and end != cue[0] and tags[end, INSIDE] > _LIKELY / 2:
        end += 1
    return start, end
