"""What one pass of the network says of one article, in words and probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from pipelines.reader.claims import claim_vectors, name_mentions
from pipelines.reader.document import Document
from pipelines.reader.drafts import draft_claims, span_array
from pipelines.reader.network import ORIGINS, POLARITIES, Network
from pipelines.reader.pairs import PairScorer, nearest
from pipelines.speakers.names import Entity, Mention, group_names

__all__ = ["NAME_CANDIDATES", "FoundClaim", "Reading", "read_words"]

#: Names that a source or a content sees.
NAME_CANDIDATES = 40

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
    where = span_array([(mention.start, mention.end) for mention in mentions])
    near = nearest(span_array(at), where, document.word_sentence, NAME_CANDIDATES)
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
    drafts = draft_claims(network, words, document, mentions)
    if not drafts:
        return Reading(mentions, entities, [], salience)
    head = network.claim
    joined = claim_vectors(network, words, [(d.content, d.cue, d.source) for d in drafts])
    stances = torch.softmax(head.stance(joined).float(), dim=1).cpu().tolist()
    polarity = head.polarity(joined).argmax(1).cpu().tolist()
    origin = head.origin(joined).argmax(1).cpu().tolist()
    keys = network.spans(words, span_array([(m.start, m.end) for m in mentions]))
    spoken = [i for i, draft in enumerate(drafts) if draft.source]
    at = [drafts[i].source[0] for i in spoken]
    speakers = dict(
        zip(
            spoken,
            _entity_probabilities(
                network.antecedent,
                document,
                network.spans(words, span_array(at)),
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
