"""What the heads say of claims: their vectors, and the names in the text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from pipelines.reader.decode import decode_bio
from pipelines.reader.document import Document
from pipelines.reader.network import NAME_KINDS, Network
from pipelines.reader.refine import whole_names
from pipelines.speakers.names import Mention

__all__ = ["Parts", "claim_vectors", "name_mentions"]

Words = tuple[int, int]
#: Content, cue and source of a claim, each a list of spans of words.
Parts = tuple[Sequence[Words], Sequence[Words], Sequence[Words]]


def claim_vectors(network: Network, words: Tensor, claims: Sequence[Parts]) -> Tensor:
    """Vectors ``[claims, hidden]`` that stance, polarity and targets are read off."""
    head = network.claim
    contents = torch.stack(
        [
            head.pool(torch.cat([words[start:end] for start, end in content]))
            for content, _, _ in claims
        ]
    )
    cues = _first(network, words, [cue for _, cue, _ in claims], head.no_cue)
    sources = _first(network, words, [source for _, _, source in claims], head.no_source)
    joined: Tensor = head(contents, cues, sources, network.dropout)
    return joined


def _first(
    network: Network, words: Tensor, groups: Sequence[Sequence[Words]], nothing: Tensor
) -> Tensor:
    """The vector of the first span of each group, or ``nothing`` where there is none."""
    spans = np.array([group[0] for group in groups if group], dtype=np.int64).reshape(-1, 2)
    vectors = network.spans(words, spans)
    rows = torch.full((len(groups),), len(spans), device=words.device)
    rows[[i for i, group in enumerate(groups) if group]] = torch.arange(
        len(spans), device=words.device
    )
    return torch.cat([vectors, nothing[None].to(vectors.dtype)])[rows]


def name_mentions(network: Network, words: Tensor, document: Document) -> list[Mention]:
    """Names in the text, in order."""
    log = torch.log_softmax(network.names(words).float(), dim=1).cpu().numpy()
    mentions = []
    for first, last, kind, _ in decode_bio(log):
        start, end = document.characters((first, last))
        mentions.append(Mention(first, last, document.text[start:end], NAME_KINDS[kind]))
    return whole_names(document, mentions)
