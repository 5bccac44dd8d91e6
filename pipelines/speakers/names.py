"""From mentions of names to whom they name: one entity for "Zakir Hasanov" and "Hasanov"."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from pipelines.speakers.states import known_aliases, state_of

__all__ = ["COURTESIES", "Entity", "Mention", "group_names", "names_agree", "normalise"]

_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
#: An acronym, or the name in another script, that is given behind a name in brackets.
_ACRONYM = re.compile(r"(?<=\w)\s*\([^)\n]{1,30}\)?$")
#: The Arabic article before a name, which many texts drop: "Sisi" is "El-Sisi".
_ARTICLE = re.compile(r"^(?:al|el)-(?=\w)")
_SMALL = frozenset(
    """
    of the and for in on a an de la du des al el y e
    """.split()
)

#: Names whose parts are remembered: every article asks for its own many times over.
_KEPT = 16_384

#: Ranks and courtesies say nothing of the office.
COURTESIES = frozenset(
    """
    mr mrs ms miss dr sir dame lord lady his her its their the a an gen lt col maj capt sgt
    general colonel lieutenant major captain excellency honourable hon prof professor
    brigadier commodore admiral marshal sergeant corporal inspector tan sri datuk dato tun
    father sister mullah mufti pastor reverend rev engineer engr alhaji hajj hajji shri smt
    dean pol cap
    """.split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text: its words ``[start, end)``, what it says and its kind.

    ``bracketed`` is true of one that stands in brackets of its own.
    """

    start: int
    end: int
    text: str
    kind: str
    bracketed: bool = False


@dataclass(slots=True)
class Entity:
    """Whom one or more mentions name; ``name`` is the fullest form the article gives."""

    name: str
    kind: str
    mentions: list[int] = field(default_factory=list)


@lru_cache(maxsize=_KEPT)
def normalise(name: str) -> str:
    """``name`` without the article, possessive ending and doubled space.

    What would leave nothing ("'s") stays as it is: a name is never empty.
    """
    bare = " ".join(_POSSESSIVE.sub("", _ACRONYM.sub("", name.strip())).split())
    bare = bare[4:] if bare[:4].casefold() == "the " else bare
    return bare or " ".join(name.split())


def _bare(mention: Mention) -> str:
    """The name of a mention, a person's without rank and courtesy."""
    name = normalise(mention.text)
    if mention.kind == "person":
        words = name.split()
        while len(words) > 1 and words[0].casefold().rstrip(".") in COURTESIES:
            words = words[1:]
        name = " ".join(words)
    return name


@lru_cache(maxsize=_KEPT)
def _words(name: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(normalise(name)))


def _initials(name: str) -> set[str]:
    words = _words(name)
    long = "".join(word[0] for word in words)
    short = "".join(word[0] for word in words if word not in _SMALL)
    return {long, short} if len(words) > 1 else set()


def _person_fits(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether a shorter form names the person of the fuller: its words, in order."""
    short, full = ([_ARTICLE.sub("", word) for word in words] for words in (short, full))
    if not short or len(short) >= len(full):
        return short == full and bool(short)
    if len(short) == 1:
        return short[0] in (full[-1], full[0]) or short[0] in full[1:]
    rest = iter(full)
    return all(word in rest for word in short)


def _organisation_fits(short: str, full: str) -> bool:
    words, fuller = _words(short), _words(full)
    if len(words) == 1 and short.replace(".", "").isupper():
        return short.replace(".", "").casefold() in _initials(full)
    small = {word for word in words if word not in _SMALL}
    return len(small) > 1 and small == {word for word in fuller if word not in _SMALL}


def _same(mention: Mention, entity: Entity) -> bool:
    said, name = _bare(mention), normalise(entity.name)
    if said.casefold() == name.casefold():
        return True
    aliases = known_aliases()
    left, right = aliases.get(said.casefold()), aliases.get(name.casefold())
    if left is not None and left == right:
        return True
    kinds = {mention.kind, entity.kind}
    if kinds == {"person"}:
        short, full = sorted((_words(said), _words(name)), key=len)
        return _person_fits(short, full)
    if "person" in kinds and len(short := _words(said)) == 1:
        return short[0] == _words(name)[-1]  # its kind was mistaken once
    if kinds <= {"organisation", "other"} or kinds == {"organisation", "person"}:
        short_name, full_name = sorted((said, name), key=len)
        return _organisation_fits(short_name, full_name)
    return False


def _keys(name: str) -> set[str]:
    """What a name shares with an entity's :func:`_keys` or initials where it may name it."""
    said = normalise(name).casefold()
    words = {_ARTICLE.sub("", word) for word in _words(name)}
    return {said, said.replace(".", ""), known_aliases().get(said, said), *_words(name), *words}


def _bracketed(mentions: Sequence[Mention]) -> dict[str, str]:
    """Acronyms that follow a name in brackets, by the words they are: "Blue League (BL)"."""
    short = {}
    for name, acronym in pairwise(mentions):
        said = acronym.text.replace(".", "")
        follows = acronym.bracketed and acronym.start == name.end + 1
        if follows and said.isupper() and len(_words(name.text)) > 1:
            short[acronym.text.casefold()] = _bare(name)
    return short


def group_names(mentions: Sequence[Mention]) -> list[Entity]:
    """Entities of the mentions, in order of first mention.

    Fuller names are read first, so that a surname finds its owner also when the full
    name comes later. Where two persons share a surname, the one named last before wins.
    """
    entities: list[Entity] = []
    latest: list[list[int]] = []  # where the mentions of each entity start, in order
    index: dict[str, set[int]] = {}  # entities by what may name them
    acronyms = _bracketed(mentions)
    order = sorted(range(len(mentions)), key=lambda i: (-len(_words(_bare(mentions[i]))), i))
    for i in order:
        mention = mentions[i]
        meant = acronyms.get(mention.text.casefold())
        near = {j for key in _keys(meant or mention.text) for j in index.get(key, ())}
        fitting = [
            j for j in sorted(near) if entities[j].name == meant or _same(mention, entities[j])
        ]
        if not fitting:
            entities.append(Entity(_bare(mention), mention.kind, [i]))
            latest.append([mention.start])
            for key in _keys(mention.text) | _initials(mention.text):
                index.setdefault(key, set()).add(len(entities) - 1)
            continue

        def gap(j: int, at: int = mention.start) -> tuple[bool, int]:
            before = bisect_right(latest[j], at)
            return (not before, at - latest[j][before - 1] if before else latest[j][0] - at)

        owner = min(fitting, key=gap)
        entities[owner].mentions.append(i)
        insort(latest[owner], mention.start)
    for entity in entities:
        entity.mentions.sort()
    entities.sort(key=lambda entity: entity.mentions[0])
    return entities


def names_agree(name: str, others: Iterable[str]) -> bool:
    """Whether ``name`` is, in another form, one of ``others``: for matching hand labels."""
    for other in others:
        left, right = normalise(name), normalise(other)
        if left.casefold() == right.casefold():
            return True
        state = state_of(left)
        if state is not None and state == state_of(right):
            return True
        left, right = sorted((left, right), key=lambda said: len(_words(said)))
        if _person_fits(_words(left), _words(right)) or _organisation_fits(left, right):
            return True
    return False
