"""From the mention that speaks to the names of those who speak."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.speakers.names import Entity, normalise
from pipelines.speakers.roles import holder_of

__all__ = ["Resolved", "SpeakerContext", "resolve"]

_JOINT = re.compile(
    r"^(?:the\s+)?(?:(?:two|both)\s+(?:\w+\s+){0,2}\w+s|both|sides|parties|pair|duo)$",
    re.IGNORECASE,
)
_PRONOUNS = frozenset(["he", "she", "him", "her", "it", "they", "we", "i", "who", "his", "hers"])


@dataclass(frozen=True, slots=True)
class Resolved:
    """Canonical names, their entities' indices (-1 for a description), and a probability."""

    names: tuple[str, ...]
    entities: tuple[int, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class SpeakerContext:
    """All that is known of an article's people when a speaker is resolved."""

    entities: Sequence[Entity]
    roles: dict[int, str]
    #: Entities whose name is the mention, or lies in it, as ``(entity, whole mention?)``.
    inside: Sequence[tuple[int, bool]]
    #: The network's probability for each entity near the mention.
    probabilities: dict[int, float]
    threshold: float = 0.5

    def inside_persons(self) -> list[int]:
        """Persons named within the mention."""
        return [j for j, _ in self.inside if self.entities[j].kind == "person"]


def resolve(mention: str, context: SpeakerContext) -> Resolved:
    """Who ``mention`` is.

    A mention that is a name is whom the name belongs to, a role is its holder. Else the
    network's choice among the names nearby stands where it is sure enough, and where it
    is not, the description does.
    """
    if not mention.strip():
        return Resolved((), (), 1.0)
    entities, scores = context.entities, context.probabilities
    whole = [j for j, all_of_it in context.inside if all_of_it]
    if whole:
        return _named(entities, whole[:1], 0.99)
    holder = holder_of(mention, context.roles) if not context.inside_persons() else None
    if holder is not None:
        return _named(entities, [holder], max(0.9, scores.get(holder, 0.0)))
    ranked = sorted(scores, key=lambda j: -scores[j])
    if _JOINT.match(mention.strip()):
        pair = _joint(entities, context.roles, ranked)
        if len(pair) == 2:
            return _named(entities, pair, min(0.8, max(scores[j] for j in pair)))
    sure = [j for j in ranked if scores[j] > context.threshold]
    persons = [j for j in sure if entities[j].kind == "person"]
    if sure:
        chosen = persons or sure
        probability = 1.0
        for j in chosen:
            probability = min(probability, scores[j])
        return _named(entities, sorted(chosen), probability)
    if mention.strip().casefold() in _PRONOUNS and ranked:
        return _named(entities, ranked[:1], scores[ranked[0]])
    best = scores[ranked[0]] if ranked else 0.0
    return Resolved((normalise(mention),), (-1,), 1.0 - best)


def _joint(entities: Sequence[Entity], roles: dict[int, str], ranked: Sequence[int]) -> list[int]:
    """Both parties: the two likeliest persons, office-holders first, else states or groups."""
    persons = [j for j in ranked if entities[j].kind == "person"]
    holders = [j for j in persons if j in roles]
    pool = holders if len(holders) > 1 else persons
    if len(pool) < 2:
        pool = [j for j in ranked if entities[j].kind in ("organisation", "place")]
    return sorted(pool[:2])


def _named(entities: Sequence[Entity], chosen: Sequence[int], probability: float) -> Resolved:
    names = tuple(dict.fromkeys(entities[j].name for j in chosen))
    return Resolved(names, tuple(chosen), probability)
