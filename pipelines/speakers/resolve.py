"""From the mention that speaks to the names of those who speak."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.speakers.names import Entity, normalise
from pipelines.speakers.roles import holders_of

__all__ = ["Resolved", "SpeakerContext", "resolve"]

_JOINT = re.compile(
    r"^(?:the\s+)?(?:(?:two|both)\s+(?:\w+\s+){0,2}\w+s|both|sides|parties|pair|duo)$",
    re.IGNORECASE,
)
_BELONGING = frozenset(["for", "of", "to", "from", "with", "in", "at", "under", "behind"])
_PLURAL = re.compile(r"\band\b|\b(?:they|we|both|them|all)\b|[^s\W]s$", re.IGNORECASE)
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
    roles: Mapping[int, str]
    #: Entities whose name is the mention, or lies in it, as ``(entity, whole mention?)``.
    inside: Sequence[tuple[int, bool]]
    #: The network's probability for each entity near the mention.
    probabilities: dict[int, float]
    threshold: float = 0.5
    #: Whether the mention ends with the last name in it.
    ends_with_name: bool = False

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
    known = _known(mention, context)
    if known is not None:
        return known
    entities, scores = context.entities, context.probabilities
    ranked = sorted(scores, key=lambda j: -scores[j])
    sure = [j for j in ranked if scores[j] > context.threshold]
    if not sure and mention.strip().casefold() in _PRONOUNS:
        sure = ranked[:1]
    if sure:
        chosen = [j for j in sure if entities[j].kind == "person"] or sure
        if not _PLURAL.search(mention.strip()):
            chosen = chosen[:1]
        return _named(entities, sorted(chosen), min(scores[j] for j in chosen))
    best = scores[ranked[0]] if ranked else 0.0
    return Resolved((normalise(mention),), (-1,), 1.0 - best)


def _known(mention: str, context: SpeakerContext) -> Resolved | None:
    """Whom the words alone give away: a name, an office, both parties."""
    entities, scores = context.entities, context.probabilities
    whole = [j for j, all_of_it in context.inside if all_of_it]
    persons = context.inside_persons()
    if whole:
        return _named(entities, whole[:1], 0.99)
    if len(persons) == 1 and context.ends_with_name and not _is_somebody_s(mention):
        return _named(entities, persons, 0.97)  # a title and the name it belongs to
    holders = [] if persons else holders_of(mention, context.roles)
    if holders:
        best = max(holders, key=lambda j: scores.get(j, 0.0))
        sure = 0.9 if len(holders) == 1 else 0.6
        return _named(entities, [best], max(sure, scores.get(best, 0.0)))
    if _JOINT.match(mention.strip()):
        pair = _joint(entities, context.roles, sorted(scores, key=lambda j: -scores[j]))
        if len(pair) == 2:
            return _named(entities, pair, min(0.8, max(scores[j] for j in pair)))
    return None


def _is_somebody_s(mention: str) -> bool:
    """Whether the name that ends ``mention`` is another's: "a spokesman for Ana Reis"."""
    words = mention.split()
    at = len(words) - 1
    while at > 0 and words[at][0].isupper():
        at -= 1
    return at > 0 and words[at] in _BELONGING and words[at - 1][0].islower()


def _joint(
    entities: Sequence[Entity], roles: Mapping[int, str], ranked: Sequence[int]
) -> list[int]:
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
