"""Losses of a batch of texts, head by head: means over its words, claims or sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from pipelines.reader.claims import claim_vectors, read_names
from pipelines.reader.network import ORIGINS, POLARITIES, Network
from pipelines.reader.pairs import PairScorer
from pipelines.training.examples import IGNORED, ClaimExample, Example, Words
from pipelines.training.plans import Plan, join_plans, link_plan, name_plans

__all__ = ["batch_losses"]

#: Share of the stance itself and of those in ``also``.
_ALSO = {1: (1.0,), 2: (0.7, 0.3), 3: (0.7, 0.3, 0.0)}
#: Windows on an accelerator are packed into batches of this many pieces.
_BUDGET = 65_536


class _Batch:
    """Texts behind one another: where each begins, and the states of all their words."""

    def __init__(self, network: Network, examples: Sequence[Example]) -> None:
        self.network, self.examples = network, examples
        documents = [example.document for example in examples]
        self.shifts: list[int] = np.cumsum([0, *(len(d.words) for d in documents)]).tolist()
        budget = 8192 if network.tagger.weight.device.type == "cpu" else _BUDGET
        self.words = network.word_states(documents, budget=budget)

    def to_device(self, array: NDArray[Any]) -> Tensor:
        return torch.from_numpy(array).to(self.words.device)

    def those(self, wanted: Callable[[Example], bool]) -> list[tuple[int, Example]]:
        return [
            (at, example)
            for at, example in zip(self.shifts, self.examples, strict=False)
            if wanted(example)
        ]

    def states(self, chosen: Iterable[tuple[int, Example]]) -> Tensor:
        """The states of the words of some of the texts."""
        where = [np.arange(at, at + len(example.document.words)) for at, example in chosen]
        return self.words[self.to_device(np.concatenate(where))]

    def spans(self, spans: NDArray[np.int64]) -> Tensor:
        return self.network.spans(self.words, spans)


def _tag_losses(batch: _Batch) -> dict[str, Tensor]:
    network, losses = batch.network, {}
    chosen = batch.those(lambda example: example.tags is not None)
    gold = [example.tags for _, example in chosen if example.tags is not None]
    if gold and any((tags != IGNORED).any() for tags in gold):
        guide = [np.full(len(e.document.words), e.guide, dtype=np.float32) for _, e in chosen]
        logits = network.tags(batch.states(chosen), guide=batch.to_device(np.concatenate(guide)))
        losses["tags"] = functional.cross_entropy(
            logits.transpose(1, 2),
            batch.to_device(np.concatenate(gold)),
            ignore_index=IGNORED,
        )
    chosen = batch.those(lambda example: example.names is not None)
    gold = [example.names for _, example in chosen if example.names is not None]
    if gold and any((tags != IGNORED).any() for tags in gold):
        losses["names"] = functional.cross_entropy(
            network.name_tags(batch.states(chosen)),
            batch.to_device(np.concatenate(gold)),
            ignore_index=IGNORED,
        )
    return losses


def _link_losses(batch: _Batch) -> dict[str, Tensor]:
    """Cross-entropy of each content piece's own cue (or source) among those nearby."""
    losses: dict[str, Tensor] = {}
    chosen = batch.those(lambda example: example.linked and bool(example.claims))
    if not chosen:
        return losses
    network = batch.network
    for part, scorer in (("cue", network.cue_link), ("source", network.source_link)):
        plans = []
        for _, example in chosen:
            if part not in example.plans:
                example.plans[part] = link_plan(example, part)
            plans.append(example.plans[part])
        plan = join_plans(plans, [at for at, _ in chosen])
        if (plan.right == IGNORED).all():
            continue
        logits = scorer.with_none(batch.spans(plan.queries), batch.spans(plan.keys), plan.near)
        losses[f"{part}_link"] = functional.cross_entropy(
            logits, batch.to_device(plan.right), ignore_index=IGNORED
        )
    return losses


def _entity_loss(batch: _Batch, scorer: PairScorer, queries: Tensor, plan: Plan) -> Tensor | None:
    """Whether each entity near a query is one of the wanted names: binary cross-entropy.

    The logit of an entity is the log of the summed exponentials of its mentions' logits.
    """
    if not len(plan.right):
        return None
    logits = scorer(queries, batch.spans(plan.keys), plan.near)
    row, column, group = batch.to_device(plan.cells).unbind(1)
    cells = logits[row, column]
    count = len(plan.right)
    greatest = cells.new_full((count,), -torch.inf).scatter_reduce(0, group, cells, "amax").detach()
    sums = cells.new_zeros(count).index_add(0, group, torch.exp(cells - greatest[group]))
    return functional.binary_cross_entropy_with_logits(
        greatest + torch.log(sums), batch.to_device(plan.right.astype(np.float32))
    )


def _shifted(spans: Sequence[Words], by: int) -> list[Words]:
    return [(start + by, end + by) for start, end in spans]


def _stance_targets(claims: Sequence[ClaimExample], stances: Sequence[str]) -> NDArray[np.float32]:
    target = np.zeros((len(claims), len(stances)), dtype=np.float32)
    for i, claim in enumerate(claims):
        names = (claim.stances or ())[:3]
        for name, share in zip(names, _ALSO[len(names)], strict=True):
            target[i, stances.index(name)] = share
    return target


_Labelled = tuple[int, Example, ClaimExample]


def _labelled(batch: _Batch) -> list[_Labelled]:
    return [
        (at, example, claim)
        for at, example in batch.those(lambda example: bool(example.claims))
        for claim in example.claims
        if claim.stances
    ]


def _joined(batch: _Batch, labelled: Sequence[_Labelled]) -> Tensor:
    parts = [
        (_shifted(claim.content, at), _shifted(claim.cue, at), _shifted(claim.source, at))
        for at, _, claim in labelled
    ]
    return claim_vectors(batch.network, batch.words, parts)


def _claim_losses(
    batch: _Batch, joined: Tensor, labelled: Sequence[_Labelled], stance_weights: Tensor
) -> dict[str, Tensor]:
    head, config = batch.network.claim, batch.network.config
    claims = [claim for _, _, claim in labelled]
    target = batch.to_device(_stance_targets(claims, config.stances))
    shares = batch.to_device(np.array([e.weight for _, e, _ in labelled], dtype=np.float32))
    log = torch.log_softmax(head.stance(joined).float(), dim=1)
    weight = (target * stance_weights.to(target.device)).sum(1) * shares
    losses = {"stance": -((target * log).sum(1) * weight).sum() / weight.sum()}
    for part, choices, layer in (
        ("polarity", POLARITIES, head.polarity),
        ("origin", ORIGINS, head.origin),
    ):
        values = [getattr(claim, part) for claim in claims]
        gold = np.array([IGNORED if v is None else choices.index(v) for v in values])
        if (gold != IGNORED).any():
            losses[part] = functional.cross_entropy(
                layer(joined).float(), batch.to_device(gold), ignore_index=IGNORED
            )
    return losses


def _name_losses(
    batch: _Batch, joined: Tensor | None, labelled: Sequence[_Labelled]
) -> dict[str, Tensor]:
    """Whom a source (or another mention) names, and at whom a claim is aimed."""
    rows: dict[int, list[int]] = {}
    for row, (at, _, claim) in enumerate(labelled):
        if claim.names is not None:
            rows.setdefault(at, []).append(row)
    chosen = batch.those(lambda example: bool(example.pointers))
    chosen += [(at, labelled[own[0]][1]) for at, own in rows.items()]
    if not chosen:
        return {}
    network = batch.network
    with torch.no_grad():
        log = torch.log_softmax(network.names(batch.words).float(), dim=1).cpu().numpy()
    speakers: list[Plan] = []
    targets: list[Plan] = []
    order: list[int] = []
    for at, example in chosen:
        mentions = read_names(log[at : at + len(example.document.words)], example.document)
        own = rows.get(at, [])
        plans = name_plans(example, [labelled[row][2] for row in own], mentions)
        speakers.append(plans[0])
        targets.append(plans[1])
        order += own
    shifts = [at for at, _ in chosen]
    plan = join_plans(speakers, shifts)
    losses = {
        "antecedent": _entity_loss(batch, network.antecedent, batch.spans(plan.queries), plan)
    }
    if joined is not None:
        plan = join_plans(targets, shifts)
        aimed = network.claim.vector(joined[batch.to_device(np.array(order, dtype=np.int64))])
        losses["target"] = _entity_loss(batch, network.target, aimed, plan)
    return {name: loss for name, loss in losses.items() if loss is not None}


def _salience_loss(batch: _Batch) -> dict[str, Tensor]:
    """Binary cross-entropy of each sentence, and of the whole list (softmax) a little."""
    chosen = batch.those(lambda example: example.salience is not None)
    gains = [example.salience for _, example in chosen if example.salience is not None]
    if not gains:
        return {}
    logits = batch.network.sentence_logits(batch.states(chosen), [e.document for _, e in chosen])
    gold = batch.to_device(np.concatenate(gains))
    sizes = [len(one) for one in gains]
    pointwise = functional.binary_cross_entropy_with_logits(logits, gold)
    listwise = logits.new_zeros(())
    for scores, wanted in zip(torch.split(logits, sizes), torch.split(gold, sizes), strict=True):
        share = torch.softmax(wanted * 6, dim=0)
        listwise = listwise - (share * torch.log_softmax(scores, dim=0)).sum()
    return {"salience": pointwise + 0.2 * listwise / len(sizes)}


def batch_losses(
    network: Network, examples: Sequence[Example], stance_weights: Tensor
) -> dict[str, Tensor]:
    """Losses of every head that the texts teach, by name; one pass of the encoder."""
    batch = _Batch(network, examples)
    if not len(batch.words):
        return {}
    losses = _tag_losses(batch) | _link_losses(batch)
    labelled = _labelled(batch)
    joined = _joined(batch, labelled) if labelled else None
    if joined is not None:
        losses |= _claim_losses(batch, joined, labelled, stance_weights)
    return losses | _name_losses(batch, joined, labelled) | _salience_loss(batch)
