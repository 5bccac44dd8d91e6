"""Which spans of a text are scored against which: computed once a text, joined by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipelines.reader.drafts import LINK_CANDIDATES
from pipelines.reader.pairs import Candidates, nearest
from pipelines.reader.reading import NAME_CANDIDATES
from pipelines.speakers.names import Entity, Mention, group_names, names_agree
from pipelines.training.examples import IGNORED, ClaimExample, Example, Words

__all__ = ["Plan", "join_plans", "link_plan", "name_plans"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Queries, their candidates and what is right; spans are words ``[n, 2]``.

    A link has the column of the right candidate plus one for each query in ``right`` (0:
    none, IGNORED: out of reach). Names have one row for each query and entity near it:
    ``cells`` ``[n, 3]`` are row of the query, column of a mention and number of the row,
    and ``right`` ``[rows]`` says whether that entity is meant.
    """

    queries: NDArray[np.int64]
    keys: NDArray[np.int64]
    near: Candidates
    right: NDArray[np.int64]
    cells: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 3), dtype=np.int64))


def _spans(items: Sequence[Words]) -> NDArray[np.int64]:
    return np.array(items, dtype=np.int64).reshape(-1, 2)


def link_plan(example: Example, part: str) -> Plan:
    """Each content piece against the cues (or sources) of all claims of the text."""
    queries: list[Words] = []
    keys: list[Words] = []  # each once: claims that share a source share its key
    gold: list[int] = []
    for claim in example.claims:
        own: list[Words] = getattr(claim, part)[:1]
        keys += [key for key in own if key not in keys]
        for piece in claim.content:
            queries.append(piece)
            gold.append(keys.index(own[0]) if own else -1)
    near = nearest(_spans(queries), _spans(keys), example.document.word_sentence, LINK_CANDIDATES)
    right = np.zeros(len(queries), dtype=np.int64)
    for i, own_key in enumerate(gold):
        if own_key >= 0:
            at = np.flatnonzero(near.index[i] == own_key)
            right[i] = at[0] + 1 if len(at) else IGNORED
    return Plan(_spans(queries), _spans(keys), near, right)


def name_plans(
    example: Example, claims: Sequence[ClaimExample], mentions: Sequence[Mention]
) -> tuple[Plan, Plan]:
    """Sources against the names near them, and contents likewise: speakers and targets.

    ``mentions`` are those that the network finds now. They seldom change from one step to
    the next, and as long as they do not the plans are the ones made before.
    """
    found = tuple(mentions)
    if example.named is None or example.named[0] != found:
        entities = group_names(mentions)
        spoken = [(c.source[0], c.names) for c in claims if c.source and c.names]
        aims = [(claim.content[0], claim.targets or ()) for claim in claims]
        speakers = _entity_plan(example, [*spoken, *example.pointers], mentions, entities)
        targets = _entity_plan(example, aims, mentions, entities)
        example.named = (found, speakers, targets)
    return example.named[1], example.named[2]


def _entity_plan(
    example: Example,
    wanted: Sequence[tuple[Words, tuple[str, ...]]],
    mentions: Sequence[Mention],
    entities: Sequence[Entity],
) -> Plan:
    """Each query against every name near it: whether it is one of those that it should be."""
    queries = [query for query, _ in wanted]
    owner = {m: j for j, entity in enumerate(entities) for m in entity.mentions}
    keys = _spans([(m.start, m.end) for m in mentions])
    near = nearest(_spans(queries), keys, example.document.word_sentence, NAME_CANDIDATES)
    cells: list[tuple[int, int, int]] = []
    right: list[int] = []
    for i, (_, names) in enumerate(wanted):
        rows: dict[int, int] = {}
        for column, mention in enumerate(near.index[i].tolist()):
            if mention < 0 or mention not in owner:
                continue
            j = owner[mention]
            if j not in rows:
                rows[j] = len(right)
                right.append(int(names_agree(entities[j].name, names)))
            cells.append((i, column, rows[j]))
    return Plan(
        _spans(queries),
        keys,
        near,
        np.array(right, dtype=np.int64),
        np.array(cells, dtype=np.int64).reshape(-1, 3),
    )


def join_plans(plans: Sequence[Plan], shifts: Sequence[int]) -> Plan:
    """One plan of all; ``shifts`` says where the words of each text begin."""
    width = max((plan.near.index.shape[1] for plan in plans), default=0)
    rows = sum(len(plan.queries) for plan in plans)
    index = np.full((rows, width), -1, dtype=np.int64)
    distance, sentence = np.zeros_like(index), np.zeros_like(index)
    cells = []
    row = key = right = 0
    for plan in plans:
        count, own = plan.near.index.shape
        part = (slice(row, row + count), slice(0, own))
        index[part] = np.where(plan.near.index >= 0, plan.near.index + key, -1)
        distance[part], sentence[part] = plan.near.distance, plan.near.sentence
        cells.append(plan.cells + np.array([row, 0, right]))
        row, key, right = row + count, key + len(plan.keys), right + len(plan.right)
    moved = list(zip(plans, shifts, strict=True))
    return Plan(
        np.concatenate([plan.queries + shift for plan, shift in moved]),
        np.concatenate([plan.keys + shift for plan, shift in moved]),
        Candidates(index, distance, sentence),
        np.concatenate([plan.right for plan in plans]),
        np.concatenate(cells),
    )
