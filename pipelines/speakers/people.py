"""What is known when a speaker is resolved, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.speakers.names import Entity

__all__ = ["Resolved", "SpeakerContext"]


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
    #: Whether the mention opens with the first name in it.
    opens_with_name: bool = False
    #: Whether the mention ends with the last name in it.
    ends_with_name: bool = False
    #: Names of bodies that the article used before, the latest last.
    earlier: Sequence[str] = ()
    #: Who made the claim before this one, where the same sentence or the last has it.
    previous: Resolved | None = None

    def inside_persons(self) -> list[int]:
        """Persons named within the mention, in order."""
        return list(dict.fromkeys(j for j, _ in self.inside if self.entities[j].kind == "person"))
