"""Losses of one example, head by head. Each is a mean, so that long texts weigh no more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from pipelines.reader.claims import claim_vectors, name_mentions
from pipelines.reader.network import ORIGINS, POLARITIES, Network
from pipelines.reader.pairs import Candidates, PairScorer, nearest
from pipelines.reader.reading import LINK_CANDIDATES, NAME_CANDIDATES
from pipelines.speakers.names import Entity, Mention, group_names, names_agree
from pipelines.training.examples import IGNORED, ClaimExample, Example, Words

__all__ = ["example_losses"]


def _spans(items: Sequence[Words]) -> np.ndarray:
    return np.array(items, dtype=np.int64).reshape(-1, 2)


def _link_loss(
    network: Network, scorer: PairScorer, words: Tensor, example: Example, part: str
) -> Tensor | None:
    """Cross-entropy of each content piece's own cue (or source) among those nearby."""
    queries: list[Words] = []
    keys: list[Words] = []
    gold: list[int] = []
    for claim in example.claims:
        own: list[Words] = getattr(claim, part)
        for piece in claim.content:
            queries.append(piece)
            gold.append(len(keys) if own else -1)
        keys.extend(own[:1])
    if not queries:
        return None
    query_spans, key_spans = _spans(queries), _spans(keys)
    near = nearest(query_spans, key_spans, example.document.word_sentence, LINK_CANDIDATES)
    logits = scorer.with_none(
        network.spans(words, query_spans), network.spans(words, key_spans), near
    )
    target = np.zeros(len(queries), dtype=np.int64)
    for i, own_key in enumerate(gold):
        if own_key >= 0:
            at = np.flatnonzero(near.index[i] == own_key)
            target[i] = at[0] + 1 if len(at) else IGNORED
    if (target == IGNORED).all():
        return None
    return functional.cross_entropy(logits, torch.from_numpy(target), ignore_index=IGNORED)


def _entity_loss(
    scorer: PairScorer,
    queries: Tensor,
    keys: Tensor,
    near: Candidates,
    entities: Sequence[Entity],
    wanted: Sequence[tuple[str, ...]],
) -> Tensor | None:
    """Whether each entity near the query is one of the wanted names: binary cross-entropy."""
    owner = {m: j for j, entity in enumerate(entities) for m in entity.mentions}
    logits = scorer(queries, keys, near)
    rows, labels = [], []
    for i, names in enumerate(wanted):
        columns: dict[int, list[int]] = {}
        for column, mention in enumerate(near.index[i].tolist()):
            if mention >= 0 and mention in owner:
                columns.setdefault(owner[mention], []).append(column)
        for j, where in columns.items():
            rows.append(torch.logsumexp(logits[i, where], dim=0))
            labels.append(float(names_agree(entities[j].name, names)))
    if not rows:
        return None
    return functional.binary_cross_entropy_with_logits(torch.stack(rows), torch.tensor(labels))


def _claim_losses(
    network: Network, words: Tensor, example: Example, stance_weights: Tensor
) -> dict[str, Tensor]:
    labelled = [claim for claim in example.claims if claim.stances]
    if not labelled:
        return {}
    head, config = network.claim, network.config
    joined = claim_vectors(network, words, [(c.content, c.cue, c.source) for c in labelled])
    losses: dict[str, Tensor] = {}
    target = torch.zeros(len(labelled), len(config.stances))
    for i, claim in enumerate(labelled):
        names = claim.stances or ()
        for k, name in enumerate(names):
            target[i, config.stances.index(name)] = 1.0 if len(names) == 1 else (0.7, 0.3, 0.0)[k]
    target = target / target.sum(1, keepdim=True)
    log = torch.log_softmax(head.stance(joined).float(), dim=1)
    weight = (target * stance_weights).sum(1)
    losses["stance"] = -((target * log).sum(1) * weight).sum() / weight.sum()
    for part, choices, layer in (
        ("polarity", POLARITIES, head.polarity),
        ("origin", ORIGINS, head.origin),
    ):
        values = [getattr(claim, part) for claim in labelled]
        gold = torch.tensor([IGNORED if v is None else choices.index(v) for v in values])
        if (gold != IGNORED).any():
            losses[part] = functional.cross_entropy(
                layer(joined).float(), gold, ignore_index=IGNORED
            )
    losses |= _name_losses(network, words, example, labelled, joined)
    return losses


def _name_losses(
    network: Network,
    words: Tensor,
    example: Example,
    labelled: Sequence[ClaimExample],
    joined: Tensor,
) -> dict[str, Tensor]:
    if all(claim.names is None for claim in labelled):
        return {}
    with torch.no_grad():
        mentions: list[Mention] = name_mentions(network, words, example.document)
    if not mentions:
        return {}
    entities = group_names(mentions)
    document = example.document
    where = _spans([(m.start, m.end) for m in mentions])
    keys = network.spans(words, where)
    losses: dict[str, Tensor | None] = {}
    spoken = [claim for claim in labelled if claim.source and claim.names]
    if spoken:
        at = _spans([claim.source[0] for claim in spoken])
        near = nearest(at, where, document.word_sentence, NAME_CANDIDATES)
        losses["antecedent"] = _entity_loss(
            network.antecedent,
            network.spans(words, at),
            keys,
            near,
            entities,
            [claim.names or () for claim in spoken],
        )
    at = _spans([claim.content[0] for claim in labelled])
    near = nearest(at, where, document.word_sentence, NAME_CANDIDATES)
    losses["target"] = _entity_loss(
        network.target,
        network.claim.vector(joined),
        keys,
        near,
        entities,
        [claim.targets or () for claim in labelled],
    )
    return {name: loss for name, loss in losses.items() if loss is not None}


def example_losses(
    network: Network, words: Tensor, example: Example, stance_weights: Tensor
) -> dict[str, Tensor]:
    """Losses of every head that the example teaches, from its word states."""
    losses: dict[str, Tensor] = {}
    if example.tags is not None and len(words):
        logits = network.tags(words, guide=example.guide)
        losses["tags"] = functional.cross_entropy(
            logits.transpose(1, 2), torch.from_numpy(example.tags), ignore_index=IGNORED
        )
    if example.names is not None and (example.names != IGNORED).any():
        losses["names"] = functional.cross_entropy(
            network.name_tags(words), torch.from_numpy(example.names), ignore_index=IGNORED
        )
    if example.linked:
        for part, scorer in (("cue", network.cue_link), ("source", network.source_link)):
            loss = _link_loss(network, scorer, words, example, part)
            if loss is not None:
                losses[f"{part}_link"] = loss
    losses |= _claim_losses(network, words, example, stance_weights)
    if example.salience is not None and len(example.salience) > 1:
        logits = network.sentence_logits(words, example.document)
        gold = torch.from_numpy(example.salience)
        pointwise = functional.binary_cross_entropy_with_logits(logits, gold)
        wanted = torch.softmax(gold * 6, dim=0)
        listwise = -(wanted * torch.log_softmax(logits, dim=0)).sum()
        losses["salience"] = pointwise + 0.2 * listwise
    return losses
