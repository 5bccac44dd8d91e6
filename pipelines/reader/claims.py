"""What the heads say of claims: their vectors, and the names in the text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pipelines.reader.decode import decode_bio
from pipelines.reader.document import Document
from pipelines.reader.network import NAME_KINDS, Network
from pipelines.reader.refine import whole_names
from pipelines.speakers.names import Mention

__all__ = ["Parts", "claim_vectors", "name_mentions", "read_names"]

Words = tuple[int, int]
#: Content, cue and source of a claim, each a list of spans of words.
Parts = tuple[Sequence[Words], Sequence[Words], Sequence[Words]]


def claim_vectors(network: Network, words: Tensor, claims: Sequence[Parts]) -> Tensor:
    """Vectors ``[claims, hidden]`` that stance, polarity and targets are read off."""
    head = network.claim
    spans = [(i, span) for i, (content, _, _) in enumerate(claims) for span in content]
    inside = np.concatenate([np.arange(*span) for _, span in spans])
    owner = np.concatenate([np.full(end - start, i) for i, (start, end) in spans])
    where = torch.from_numpy(inside).to(words.device)
    contents = head.pool(words[where], torch.from_numpy(owner).to(words.device), len(claims))
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
    rows = np.full(len(groups), len(spans))
    rows[[i for i, group in enumerate(groups) if group]] = np.arange(len(spans))
    choice = torch.from_numpy(rows).to(words.device)
    return torch.cat([vectors, nothing[None].to(vectors.dtype)])[choice]


def name_mentions(network: Network, words: Tensor, document: Document) -> list[Mention]:
    """Names in the text, in order."""
    log = torch.log_softmax(network.names(words).float(), dim=1).cpu().numpy()
    return read_names(log, document)


def read_names(log: NDArray[np.float32], document: Document) -> list[Mention]:
    """Names in a text whose words have the log probabilities ``[words, 1 + 2 * kinds]``."""
    mentions = []
    for first, last, kind, _ in decode_bio(log):
        start, end = document.characters((first, last))
        mentions.append(Mention(first, last, document.text[start:end], NAME_KINDS[kind]))
    return whole_names(document, mentions)
