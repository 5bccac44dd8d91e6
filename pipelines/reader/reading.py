"""What one pass of the network says of one article, in words and probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pipelines.reader.claims import claim_vectors, name_mentions
from pipelines.reader.decode import BEGIN, INSIDE, Tagged, decode_bio
from pipelines.reader.document import Document
from pipelines.reader.network import LAYERS, ORIGINS, POLARITIES, Network
from pipelines.reader.pairs import PairScorer, nearest
from pipelines.reader.refine import refine_source
from pipelines.speakers.names import Entity, Mention, group_names

__all__ = ["LINK_CANDIDATES", "NAME_CANDIDATES", "FoundClaim", "Reading", "read_words"]

#: Candidates that a content piece sees for its cue and source, and a mention for its name.
LINK_CANDIDATES = 12
NAME_CANDIDATES = 40
#: The tagger drops out of a long content for this many words at most.
_BRIDGED = 4

#: What a source needs that the best tags have not, but that stands beside a cue without one.
_LIKELY = 0.2

_CONJUNCTIONS = frozenset(["and", "but"])

Words = tuple[int, int]


@dataclass(slots=True)
class FoundClaim:
    """A claim in words of the document, with what the heads say of it."""

    content: list[Words]
    cue: list[Words]
    source: list[Words]
    probability: float  # of content, cue and source together
    stances: dict[str, float]
    polarity: str
    origin: str
    speakers: dict[int, float]  # probability of each entity near the source
    targets: dict[int, float]  # and of each near the content


@dataclass(slots=True)
class Reading:
    mentions: list[Mention]
    entities: list[Entity]
    claims: list[FoundClaim]
    salience: list[float]


@dataclass(slots=True)
class _Draft:
    content: list[Words]
    cue: list[Words]
    source: list[Words]
    probability: float


def _array(spans: Sequence[Words]) -> np.ndarray:
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
    query_spans, key_spans = _array(queries), _array(keys)
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


def _drafts(
    network: Network, words: Tensor, document: Document, mentions: Sequence[Mention]
) -> list[_Draft]:
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
        if _is_the_reporter_s(document, pieces[members[0]], cue_words, spoken):
            continue
        drafts.append(
            _Draft(
                content=_bridge([pieces[i] for i in members], [*cue_spans, *source_spans]),
                cue=[cue_words] if cue_words is not None else [],
                source=[refine_source(document, spoken, cue_words, mentions)] if spoken else [],
                probability=certain * cue_probability * source_probability,
            )
        )
    return drafts


def _is_the_reporter_s(
    document: Document, piece: Words, cue: Words | None, source: Words | None
) -> bool:
    """Whether a content without cue and source stands in no quotation marks either."""
    return cue is None and source is None and not document.quoted(piece[0])


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


def _entity_probabilities(
    scorer: PairScorer,
    document: Document,
    queries: Tensor,
    at: Sequence[Words],
    keys: Tensor,
    mentions: Sequence[Mention],
    entities: Sequence[Entity],
) -> list[dict[int, float]]:
    """For each query the probability of each entity that has a mention nearby."""
    if not len(at) or not mentions:
        return [{} for _ in at]
    owner = {m: j for j, entity in enumerate(entities) for m in entity.mentions}
    where = _array([(mention.start, mention.end) for mention in mentions])
    near = nearest(_array(at), where, document.word_sentence, NAME_CANDIDATES)
    logits = scorer(queries, keys, near).cpu().numpy()
    out = []
    for i in range(len(at)):
        sums: dict[int, float] = {}
        for column, mention in enumerate(near.index[i].tolist()):
            if mention >= 0:
                j = owner[mention]
                sums[j] = float(np.logaddexp(sums.get(j, -np.inf), logits[i, column]))
        out.append({j: float(1 / (1 + np.exp(-value))) for j, value in sums.items()})
    return out


def read_words(network: Network, words: Tensor, document: Document) -> Reading:
    """Everything the heads say of a document whose word states are ``[words, hidden]``."""
    salience = (
        []
        if not document.sentences
        else (torch.sigmoid(network.sentence_logits(words, [document])).cpu().tolist())
    )
    if not len(words):
        return Reading([], [], [], salience)
    mentions = name_mentions(network, words, document)
    entities = group_names(mentions)
    drafts = _drafts(network, words, document, mentions)
    if not drafts:
        return Reading(mentions, entities, [], salience)
    head = network.claim
    joined = claim_vectors(network, words, [(d.content, d.cue, d.source) for d in drafts])
    stances = torch.softmax(head.stance(joined).float(), dim=1).cpu().tolist()
    polarity = head.polarity(joined).argmax(1).cpu().tolist()
    origin = head.origin(joined).argmax(1).cpu().tolist()
    keys = network.spans(words, _array([(m.start, m.end) for m in mentions]))
    spoken = [i for i, draft in enumerate(drafts) if draft.source]
    at = [drafts[i].source[0] for i in spoken]
    speakers = dict(
        zip(
            spoken,
            _entity_probabilities(
                network.antecedent,
                document,
                network.spans(words, _array(at)),
                at,
                keys,
                mentions,
                entities,
            ),
            strict=True,
        )
    )
    targets = _entity_probabilities(
        network.target,
        document,
        head.vector(joined),
        [d.content[0] for d in drafts],
        keys,
        mentions,
        entities,
    )
    claims = [
        FoundClaim(
            content=draft.content,
            cue=draft.cue,
            source=draft.source,
            probability=draft.probability,
            stances=dict(zip(network.config.stances, stances[i], strict=True)),
            polarity=POLARITIES[polarity[i]],
            origin=ORIGINS[origin[i]],
            speakers=speakers.get(i, {}),
            targets=targets[i],
        )
        for i, draft in enumerate(drafts)
    ]
    return Reading(mentions, entities, claims, salience)
