"""Whether the names of speakers are the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile
from typing import Final

from evaluation.labels.problem import Finding, error, warning
from evaluation.names import name_key
from pipelines.article import Attribution
from pipelines.speakers.states import state_of

__all__ = ["PRONOUNS", "check_speaker"]

PRONOUNS: Final = frozenset(
    "i me my we us our you your he him his she her hers it its they them their theirs who "
    "himself herself itself themselves one both".split()
)
_STANDINGS: Final = frozenset(["sides", "both sides", "two sides", "both ministers", "parties"])
_NOT_NAMES: Final = frozenset(["unknown", "none", "n/a", "unnamed", "anonymous"])
_SMALL: Final = frozenset("the a an of and or for in on at to from by with s who that".split())
_WORD = re.compile(r"[^\W_]+(?:[.'’&-][^\W_]+)*\.?")
_PART = re.compile(r"[^\W_]+")


@lru_cache(maxsize=4)  # all claims of one article ask about one text
def _vocabulary(text: str) -> tuple[frozenset[str], frozenset[str], str]:
    """The words of a text, the states it names or whose people it names, and itself as one line."""
    words = [word.rstrip(".") if word.count(".") == 1 else word for word in _WORD.findall(text)]
    runs = {" ".join(words[i : i + n]) for n in range(1, 5) for i in range(len(words) - n + 1)}
    states = {state for run in runs if run[:1].isupper() and (state := state_of(run))}
    parts = {part.casefold() for part in _PART.findall(text)}
    return frozenset(parts), frozenset(states), " ".join(text.casefold().split())


def _kin(word: str, other: str) -> bool:
    """Whether two common words differ in their endings only: "ministry" and "ministries"."""
    pairs = zip(word, other, strict=False)
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return common >= 4 and len(word) - common <= 3 and len(other) - common <= 3


def _stands(word: str, words: frozenset[str], states: frozenset[str]) -> bool:
    """Whether a word of a name is one of the text's, or nearly so.

    A proper word may lack or have a plural's "s" only: "Hasanov" is not "Hassanov".
    """
    folded = word.casefold()
    if {folded, f"{folded}s", folded.removesuffix("s")} & words or folded in _SMALL:
        return True
    return state_of(word) in states or (word.islower() and any(_kin(folded, w) for w in words))


def _missing(name: str, text: str) -> list[str]:
    """The words of a name that the text has in no form."""
    words, states, line = _vocabulary(text)
    if name_key(name) in line or state_of(name) in states:
        return []
    return [word for word in _PART.findall(name) if not _stands(word, words, states)]


def _check_name(name: str, text: str) -> Iterator[Finding]:
    key = name_key(name)
    acronym = len(name) > 1 and name.isupper()  # "US" is a state, "us" is not
    nobody = key in _STANDINGS or key in _NOT_NAMES or name == "speaker"  # "the Speaker" presides
    if nobody or (key in PRONOUNS and not acronym):
        yield error(
            "speaker-name",
            f"speaker “{name}” names nobody; write who that is, or leave names empty",
        )
        return
    missing = _missing(name, text)
    if not missing:
        return
    listed = ", ".join(f"“{word}”" for word in missing)
    initials = "".join(word[0] for word in _PART.findall(name) if word not in _SMALL).casefold()
    proper = [word for word in missing if not word.islower()]
    if proper and initials not in _vocabulary(text)[0]:
        yield error(
            "speaker-name",
            f"speaker “{name}”: the text has no {listed}; write the name as the article gives it",
        )
    else:
        yield warning(
            "speaker-description",
            f"speaker “{name}”: the text has no {listed}; keep to the article's own description",
        )


def check_speaker(claim: Attribution, text: str) -> Iterator[Finding]:
    """Findings about the speakers of one claim.

    A name is the article's when it stands in the text, whole or each of its words, letter
    case apart; common words also with another ending ("fighters" for "fighter"), a state
    also by its people ("Thai" for "Thailand"). A word that is missing is an error when it is
    a proper name; a description ("separatist fighter" for "one fighter") and a name whose
    initials the text has ("PLO") are warnings, since a labeller may have reason for them.
    """
    names = claim.speaker.names
    for name in names:
        yield from _check_name(name, text)
    if len({name_key(name) for name in names}) < len(names):
        yield error("speaker-name", "names: one speaker stands there twice; keep one")
    if claim.speaker.mention and not names:
        yield error(
            "speaker-name", "speaker has a mention and no name; name it, or keep its description"
        )
