"""What a description gives away of whom it describes, by its words alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import filterfalse, takewhile

from pipelines.speakers.names import Entity, normalise
from pipelines.speakers.states import state_of

__all__ = [
    "AFTERTHOUGHT",
    "JOINT",
    "described",
    "earlier_institution",
    "governments",
    "institution",
    "listed_bodies",
    "somebody_s",
]

#: "Two diplomats" without an article are new to the text, "the two" and "both" are not.
JOINT = re.compile(
    r"^(?:(?:the\s+two|both)\s+(?:[\w-]+\s+){0,2}[\w-]+s|(?:the\s+)?(?:both|two|sides|parties|pair|duo))$",
    re.IGNORECASE,
)
#: Where a description goes over into what else is told of the one described.
AFTERTHOUGHT = re.compile(r",|\s+[-–—]\s|\s+(?:who|whom|which|that)\b")
_GOVERNMENT = re.compile(
    r"^(?:both\s+)?(?:the\s+)?(?P<whose>.+?)(?:['’]s)?\s+(?:government|side|delegation)s?$",
    re.IGNORECASE,
)
_BELONGING = frozenset(["for", "of", "to", "from", "with", "in", "at", "under", "behind"])
_SOMEBODY_S = re.compile(
    r"^an?\s.*\b(?:spokes(?:m[ae]n|wom[ae]n|person|people)|aide|advis[eo]r|lawyer|attorney|ally|allies|source"
    r"|relative|son|daughter|wife|husband|widow|brother|sister|mother|father|friend)s?"
    r"\s+(?:for|of|to|close to)\s",
    re.IGNORECASE,
)
_LEADING_ON = _BELONGING | frozenset(["on", "by", "close", "familiar", "briefed", "near"])
_SMALL = frozenset("of for and the in on to de la del des du da dos el al y e &".split())
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]?\s*$")
_WORD = re.compile(r"[^\W_]+(?:[-'’.&][^\W_]+)*")


def described(mention: str) -> str:
    """How one without a name is called: "a diplomat, who was in the room" is "a diplomat"."""
    return normalise(AFTERTHOUGHT.split(mention, maxsplit=1)[0]) or normalise(mention)


def somebody_s(mention: str) -> bool:
    """Whether the name that ends ``mention`` is another's: "a spokesman for Ana Reis"."""
    belonging = _SOMEBODY_S.search(mention)
    if belonging is not None and "," not in mention[belonging.end() :]:
        return True
    words = mention.split()
    at = len(words) - 1
    while at > 0 and words[at][0].isupper():
        at -= 1
    return at > 0 and words[at] in _BELONGING and words[at - 1][0].islower()


def listed_bodies(mention: str, inside: Sequence[Entity]) -> list[str]:
    """The bodies that ``mention`` lists and nothing else: "Japan and New Zealand"."""
    rest = normalise(mention)
    found = []
    for entity in inside:
        if entity.kind not in ("organisation", "place") or entity.name not in rest:
            return []
        rest = rest.replace(entity.name, " ", 1)
        found.append(entity.name)
    left = set(_WORD.findall(rest.casefold()))
    # Without a joint it is one name: "Constitutional Court of the | Slovak Republic".
    joined = "and" in left or re.search(r"[,&–]", rest) is not None
    return found if joined and left <= {"and", "the", "both"} else []


def governments(mention: str) -> tuple[str, ...]:
    """The states whose governments or delegations speak: "the Algerian side" is Algeria.

    Empty where it speaks of none, or of one that is no state's.
    """
    match = _GOVERNMENT.match(mention.strip())
    if match is None:
        return ()
    states = [state_of(whose) for whose in re.split(r"\s+and\s+(?:the\s+)?", match["whose"])]
    return tuple(state for state in states if state is not None) if all(states) else ()


def institution(mention: str) -> str | None:
    """The name that ``mention`` is in its own words: "the Algerian Foreign Ministry (MAE)".

    Every word but the small ones has a capital letter, and there are at least two.
    """
    name = _BRACKETS.sub("", normalise(mention))
    words = _WORD.findall(name)
    large = [word for word in words if word not in _SMALL]
    capital = all(word[0].isupper() or word[0].isdigit() for word in large)
    return name if len(large) > 1 and capital and name[:1].isupper() else None


def _is_proper(name: str) -> bool:
    """Whether it is a name, not a description that may open a sentence ("A trade union")."""
    return name[:1].isupper() and not name.startswith(("A ", "An "))


def earlier_institution(mention: str, earlier: Sequence[str]) -> str | None:
    """The one named or described before that "the ministry" or "the officer" is short for.

    The words have to end the earlier name's head, which a preposition ends ("Tufts
    University", "University | of Nairobi", "a customs officer | in Tbilisi"), or to be its
    initials ("the THA"); the latest such name is meant.
    """
    said = mention.strip()
    words = [word.casefold() for word in _WORD.findall(normalise(said))]
    definite = said[:4].casefold() == "the " or said[:1].isupper()
    if not words or len(words) > 3 or not definite:
        return None
    latest = earlier[::-1]
    # A body's own name before what it was called in passing ("a trade union").
    for name in [*filter(_is_proper, latest), *filterfalse(_is_proper, latest)]:
        other = [word.casefold() for word in _WORD.findall(name)]
        head = list(takewhile(lambda word: word not in _LEADING_ON, other))
        if len(other) > len(words) and head[-len(words) :] == words:
            return name
        short = len(words) == 1 and normalise(said).isupper()
        if short and words[0] == "".join(word[0] for word in other if word not in _SMALL):
            return name
    return None
