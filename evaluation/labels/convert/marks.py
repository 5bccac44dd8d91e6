"""Claims as other tools draw them: marked stretches, values on them, lines between them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pipelines.article import Attribution, Span
from pipelines.stances import default_stances

__all__ = ["FIELDS", "ROLES", "Mark", "Role", "Sheet", "claim_fields", "draw_claims", "meaning"]

Role = Literal["content", "cue", "speaker"]
ROLES: tuple[Role, ...] = ("content", "cue", "speaker")

#: Values that a mark may have; names belong to the speaker, or to a content that has none.
FIELDS = ("stance", "also", "polarity", "threat_from", "targets", "names")

#: What other people call the three, beside the guide's own words.
_ROLE_WORDS: Mapping[str, Role] = {
    "content": "content",
    "claim": "content",
    "quote": "content",
    "quotation": "content",
    "cue": "cue",
    "speaker": "speaker",
    "source": "speaker",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked stretch, of one or more spans, as a person sees it in a tool.

    ``key`` is its id in the file, by which links and messages name it; ``values`` are
    lists by a name of :data:`FIELDS`.
    """

    key: str
    role: Role
    spans: tuple[Span, ...]
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The marks of one article in their order, and pairs of keys that belong together."""

    marks: Sequence[Mark]
    links: Sequence[tuple[str, str]]


def claim_fields(claim: Attribution) -> dict[str, Any]:
    """The claim as a line of a label file has it, every field in the guide's order."""
    spans = {"content": claim.content, "cue": claim.cue, "mention": claim.speaker.mention}
    lists = {name: [list(span) for span in value] for name, value in spans.items()}
    return {
        "content": lists["content"],
        "cue": lists["cue"],
        "speaker": {"mention": lists["mention"], "names": list(claim.speaker.names)},
        "stance": claim.stance,
        "also": list(claim.also),
        "polarity": claim.polarity,
        "targets": list(claim.targets),
        "threat_from": claim.threat_from,
    }


def _values(claim: Attribution) -> dict[str, tuple[str, ...]]:
    values = {
        "stance": (claim.stance,),
        "also": claim.also,
        "polarity": (claim.polarity,),
        "threat_from": () if claim.threat_from is None else (claim.threat_from,),
        "targets": claim.targets,
        "names": () if claim.speaker.mention else claim.speaker.names,
    }
    return {name: value for name, value in values.items() if value}


def draw_claims(claims: Iterable[Attribution]) -> Sheet:
    """The marks and links of claims; claims that share a cue or a speaker share its mark."""
    marks: dict[object, Mark] = {}
    links = []
    for number, claim in enumerate(claims, 1):
        content = Mark(f"content-{number}", "content", claim.content, _values(claim))
        marks[content.key] = content
        names = {"names": claim.speaker.names} if claim.speaker.names else {}
        parts: tuple[tuple[Role, tuple[Span, ...], Mapping[str, tuple[str, ...]]], ...] = (
            ("cue", claim.cue, {}),
            ("speaker", claim.speaker.mention, names),
        )
        for role, spans, values in parts:
            if spans:
                same = (role, spans, claim.speaker.names if values else ())
                mark = marks.setdefault(same, Mark(f"{role}-{number}", role, spans, values))
                links.append((content.key, mark.key))
    return Sheet(tuple(marks.values()), tuple(links))


def _word(label: str) -> str:
    return "_".join(label.casefold().replace("-", " ").replace("_", " ").split())


def meaning(label: str) -> tuple[Role | None, str | None, str]:
    """What a tool's label says: ``(role, stance, hint)``.

    A label that is a stance marks a content of that stance. For one that says neither,
    the role is None and the hint tells what to write instead.
    """
    word = _word(label)
    if word in _ROLE_WORDS:
        return _ROLE_WORDS[word], None, ""
    stances = default_stances().names
    if word in stances:
        return "content", word, ""
    near = difflib.get_close_matches(word, [*_ROLE_WORDS, *stances], n=1)
    hint = f"did you mean “{near[0]}”?" if near else f"use {', '.join(ROLES)}"
    return None, None, hint
