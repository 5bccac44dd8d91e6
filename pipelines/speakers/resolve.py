"""From the mention that speaks to the names of those who speak.

What the words give away is read off them, in the order of certainty in which the sieves of
Lee et al. 2013 (CoNLL's best coreference resolver without learning) are laid: a name, an
office, both parties, a government, an institution, the end of an institution's name used
before. Pronouns and the rest are the network's to resolve.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.speakers.descriptions import (
    JOINT,
    described,
    earlier_institution,
    governments,
    institution,
    listed_bodies,
    somebody_s,
)
from pipelines.speakers.names import Entity
from pipelines.speakers.people import Resolved, SpeakerContext
from pipelines.speakers.roles import holders_of

__all__ = ["Resolved", "SpeakerContext", "resolve"]

_PLURAL = re.compile(r"\band\b|\b(?:they|we|both|them|all)\b|[^s\W]s$", re.IGNORECASE)
_PERSONAL = frozenset(["he", "she", "him", "her", "his", "hers", "i", "who"])
_IMPERSONAL = frozenset(["it", "which", "its"])
_COLLECTIVE = frozenset(["they", "we", "them", "us"])
#: Of the likeliest one's probability: what it takes to stay with the speaker before.
_GOES_ON = 0.5
_STATES = re.compile(
    r"\b(?:countries|states|nations|capitals|governments|neighbours)$", re.IGNORECASE
)
_BODIES = frozenset(["organisation", "place", "other"])


def resolve(mention: str, context: SpeakerContext) -> Resolved:
    """Who ``mention`` is.

    A mention that is a name is whom the name belongs to, a role is its holder. Else the
    network's choice among the names nearby stands where it is sure enough, and where it
    is not, the description does.
    """
    if not mention.strip():
        return Resolved((), (), 1.0)
    return _known(mention, context) or _likeliest(mention, context)


def _likeliest(mention: str, context: SpeakerContext) -> Resolved:
    """Whom the network takes it for, among those that its number and kind allow."""
    entities = context.entities
    folded = mention.strip().casefold()
    # What is named within a description is not the one described ("Spanish officials"),
    # unless a name opens it ("Ana Reis, who chairs the talks").
    opens = context.inside_persons()[:1] if context.opens_with_name else []
    within = {j for j, _ in context.inside} - set(opens)
    scores = {
        j: score
        for j, score in context.probabilities.items()
        if j not in within and _may_be(folded, entities[j])
    }
    persons = [j for j in scores if entities[j].kind == "person"]
    if folded in _COLLECTIVE and sum(scores[j] > context.threshold for j in persons) < 2:
        scores = {j: score for j, score in scores.items() if j not in persons}
    ranked = sorted(scores, key=lambda j: -scores[j])
    going_on = _same_speaker(folded, context)
    if going_on in scores and scores[going_on] > _GOES_ON * scores[ranked[0]]:
        return _named(entities, [going_on], max(scores[going_on], 0.5))
    sure = [j for j in ranked if scores[j] > context.threshold]
    if not sure and context.previous is not None and _goes_on(folded, context):
        return replace(context.previous, probability=0.5)
    if not sure and folded in _PERSONAL | _IMPERSONAL | _COLLECTIVE:
        sure = ranked[:1]
    if sure:
        chosen = [j for j in sure if entities[j].kind == "person"] or sure
        if not _PLURAL.search(mention.strip()):
            chosen = chosen[:1]
        return _named(entities, sorted(chosen), min(scores[j] for j in chosen))
    best = scores[ranked[0]] if ranked else 0.0
    return Resolved((described(mention),), (-1,), 1.0 - best)


def _same_speaker(folded: str, context: SpeakerContext) -> int | None:
    """Who spoke before a "he" or an "it", by entity: most often it is the same."""
    if context.previous is None or len(context.previous.entities) != 1:
        return None
    (j,) = context.previous.entities
    if j < 0 or folded not in _PERSONAL | _IMPERSONAL:
        return None
    return j if _may_be(folded, context.entities[j]) else None


def _goes_on(folded: str, context: SpeakerContext) -> bool:
    """Whether a pronoun can stand for the speaker before, whom no name in the text names."""
    if context.previous is None or not context.previous.names:
        return False
    plural = len(context.previous.names) > 1 or context.previous.names[0].endswith("s")
    described = context.previous.entities == (-1,)
    if folded in _COLLECTIVE:
        return plural
    return described and not plural and folded in _PERSONAL | _IMPERSONAL


def _may_be(folded: str, entity: Entity) -> bool:
    if entity.kind == "people" and not entity.name.endswith("s"):
        return False  # "Thai" says whose, not who
    if folded in _PERSONAL:
        return entity.kind == "person"
    return folded not in _IMPERSONAL or entity.kind in _BODIES


def _known(mention: str, context: SpeakerContext) -> Resolved | None:
    """Whom the words alone give away: a name, an office, both parties."""
    entities, scores = context.entities, context.probabilities
    whole = [j for j, all_of_it in context.inside if all_of_it]
    persons = context.inside_persons()
    if whole:
        looks = mention[:4].casefold() == "the " and entities[whole[0]].name.isupper()
        short = holders_of(mention, context.roles) if looks else []  # "the PM" is no body
        return _named(entities, short[-1:] or whole[:1], 0.9 if short else 0.99)
    if persons and context.ends_with_name and not somebody_s(mention):
        several = len(persons) > 1 and re.search(r"\band\b", mention) is not None
        chosen = persons if several else persons[-1:]  # a title and the name it belongs to
        return _named(entities, chosen, 0.97)
    listed = [] if persons else listed_bodies(mention, [entities[j] for j, _ in context.inside])
    if len(listed) > 1:
        return _named(entities, list(dict.fromkeys(j for j, _ in context.inside)), 0.95)
    holders = [] if persons else holders_of(mention, context.roles)
    if holders:
        best = max(holders, key=lambda j: scores.get(j, 0.0))
        sure = 0.9 if len(holders) == 1 else 0.6
        return _named(entities, [best], max(sure, scores.get(best, 0.0)))
    if JOINT.match(mention.strip()):
        ranked = sorted(scores, key=lambda j: -scores[j])
        if _STATES.search(mention):
            ranked = [j for j in ranked if entities[j].kind == "place"]
        pair = _joint(entities, context.roles, ranked)
        if len(pair) == 2:
            return _named(entities, pair, min(0.8, max(scores[j] for j in pair)))
    return None if persons else _body(mention, context)


def _body(mention: str, context: SpeakerContext) -> Resolved | None:
    """The government or institution that ``mention`` names in full or in part."""
    states = governments(mention)
    if states:
        index = {entity.name: j for j, entity in enumerate(context.entities)}
        return Resolved(states, tuple(index.get(state, -1) for state in states), 0.8)
    name = institution(mention)
    certain = 0.9
    if name is None:
        name = earlier_institution(mention, context.earlier)
        certain = 0.7
    if name is None:
        return None
    known = [j for j, entity in enumerate(context.entities) if entity.name == name]
    return Resolved((name,), (known[0] if known else -1,), certain)


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
