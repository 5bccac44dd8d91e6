"""Who holds which office, read off the text beside a name.

"Azerbaijani Defence Minister Zakir Hasanov" gives Hasanov that role; "his Georgian
counterpart Irakli Garibashvili" gives Garibashvili the same with the other country;
"Ana Reis, the mayor of Porto, …" gives Reis hers. A later "the Georgian Defence
Minister" is then matched with the roles known so far.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from pipelines.speakers.names import COURTESIES, Entity, Mention, normalise
from pipelines.speakers.states import state_of

__all__ = ["assign_roles", "holders_of", "is_office"]

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*\.?|[^\w\s]")
_JOINING = frozenset(
    """
    of for and the
    """.split()
)
_SPELLING = {"defense": "defence", "labor": "labour", "center": "centre"}
_OFFICES = frozenset(
    """
    counterpart spokesman spokeswoman spokesperson minister president premier chancellor
    ambassador envoy leader secretary chief director governor mayor senator lawmaker
    commander chairman chairwoman chair commissioner negotiator activist
    head deputy speaker official officer aide adviser advisor analyst expert economist editor
    lawyer attorney prosecutor judge justice congressman congresswoman representative
    councillor delegate member mp king queen prince princess emir sultan sheikh pope cardinal
    archbishop bishop patriarch ayatollah rabbi undersecretary
    """.split()
)
_BOUNDARY = frozenset(
    """
    the a an his her its their by with from to that said and
    """.split()
)
_SHORT = re.compile(r"[A-Z]{2,4}")
#: The longest role is a dozen words; what is longer is a clause.
_LONGEST = 12
#: And no longer than this in characters: a "sentence" can be a whole text without a full stop.
_REACH = 300


def _clean(word: str) -> str:
    folded = word.casefold().strip(".’'")
    folded = folded.removesuffix("'s").removesuffix("’s")
    return _SPELLING.get(folded, folded)


def _key(role: str) -> set[str]:
    """The words that tell a role apart, states in place of what their people are called."""
    words = [word for word in _TOKEN.findall(role) if word[0].isalnum()]
    keys, skip = set(), False
    for i, word in enumerate(words):
        if skip:
            skip = False
            continue
        pair = f"{word} {words[i + 1]}" if i + 1 < len(words) else ""
        state = state_of(_clean(pair)) if pair else None
        skip = state is not None
        clean = _clean(word)
        state = state or (state_of(clean) if word[0].isupper() else None)
        if state is not None:
            keys.add(state)
        elif clean not in _JOINING and clean not in COURTESIES:
            keys.add(clean)
    return keys


def _states(keys: set[str]) -> set[str]:
    return {key for key in keys if key[:1].isupper()}


def _before(text: str, start: int, sentence: int) -> str:
    """The title that runs up to a name: "Azerbaijani Defence Minister", "foreign minister".

    Capitalised words and the small words between them; of lower-case words only an
    office, and those between it and the state it belongs to.
    """
    taken: list[re.Match[str]] = []
    edge = start
    for match in reversed(list(_TOKEN.finditer(text, max(sentence, start - _REACH), start))):
        word = match.group()
        if text[match.end() : edge].strip() or not word[0].isalpha() or len(taken) == _LONGEST:
            break
        lower = word[0].islower()
        if lower and not taken and word not in _OFFICES:
            break
        if lower and taken and taken[0].group()[0].isupper() and word not in _JOINING:
            break
        if lower and word in _BOUNDARY:
            break
        taken.append(match)
        edge = match.start()
    while taken and not (taken[-1].group()[0].isupper() or len(taken) == 1):
        taken.pop()  # what led to no capital letter is the sentence, not the title
    while taken and taken[-1].group().casefold() in _BOUNDARY:
        taken.pop()  # "The" that opens a sentence
    while taken and _clean(taken[0].group()) in _JOINING:
        taken.pop(0)
    return text[taken[-1].start() : taken[0].end()] if taken else ""


def is_office(title: str) -> bool:
    """Not "Tuesday", "Yesterday" or "In Riga", which may come before a name as well."""
    return any(_clean(part) in _OFFICES for part in re.split(r"[\s-]+", title))


_OPENING = frozenset(
    """
    the a an its his her
    """.split()
)
_APPOSITION = re.compile(
    r"\s*,\s+(?P<role>(?:the|an?|who is|its|his|her)?\s*[^,.;:()“”\"\n]{3,90}?)\s*(?=[,.;:\n]|$)"
)


def _behind(text: str, end: int) -> str:
    """The apposition that follows a name: ", the mayor of Porto,"."""
    match = _APPOSITION.match(text, end)
    if match is None:
        return ""
    role = re.sub(r"^(?:the|an?|who is|its|his|her)\s+", "", match["role"].strip())
    words = role.split()
    # A title opens with its head noun; a clause opens with a verb or a connective.
    told = match["role"].split()[:1]
    if not told or told[0] not in _OPENING or not 1 <= len(words) <= _LONGEST:
        return ""
    return role


def assign_roles(
    text: str,
    sentences: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
    places: Sequence[tuple[int, int]],
    entities: Sequence[Entity],
) -> dict[int, str]:
    """The role of each person, by index of its entity; ``places`` are spans of mentions."""
    roles: dict[int, str] = {}
    starts = [start for start, _ in sentences]
    owners = {m: j for j, entity in enumerate(entities) for m in entity.mentions}
    for m, (start, end) in enumerate(places):
        j = owners[m]
        if entities[j].kind != "person":
            continue
        before = bisect_right(starts, start)
        sentence = starts[before - 1] if before else 0
        title = _before(text, start, sentence)
        if re.search(r"\bcounterpart$", title):
            title = _counterpart(title, roles, j)
        role = title if is_office(title) else _behind(text, end)
        words = [word for word in _TOKEN.findall(role) if _clean(word) not in COURTESIES]
        fuller = j not in roles or (bool(title) and len(_key(role)) > len(_key(roles[j])))
        if role and words and fuller:
            roles[j] = " ".join(role.split())
    return roles


def _counterpart(title: str, roles: dict[int, str], own: int) -> str:
    """ "Georgian counterpart" after "Azerbaijani Defence Minister": "Georgian Defence Minister"."""
    country = title.removesuffix("counterpart").strip()
    for j, role in reversed(list(roles.items())):
        if j == own:
            continue
        office = _without_state(role.split())
        if len(office) >= 2 and office != role.split():
            return f"{country} {' '.join(office)}"
    return ""


def _without_state(words: list[str]) -> list[str]:
    """A role's words behind the states it opens with: "South Korean Defence Minister"."""
    for size in (2, 1):
        if len(words) >= size and state_of(_clean(" ".join(words[:size]))) is not None:
            return _without_state(words[size:])
    return words


def _initials(role: str) -> set[str]:
    """What an office may be called in short: "pm" for each run of two words or more."""
    words = [word[0].casefold() for word in role.split() if word[0].isupper()]
    ends = range(2, len(words) + 1)
    return {"".join(words[start:end]) for end in ends for start in range(end - 1)}


def holders_of(description: str, roles: Mapping[int, str]) -> list[int]:
    """The entities whose role ``description`` names, in words or by its initials ("the PM").

    Every word of the description has to be in the role, and where the description names
    a state the role has to name the same.
    """
    said = normalise(description)
    if _SHORT.fullmatch(said):
        return [j for j, role in roles.items() if said.casefold() in _initials(role)]
    wanted = _key(said)
    if not wanted:
        return []
    fitting = []
    for j, role in roles.items():
        keys = _key(role)
        office, own = wanted - _states(wanted), keys - _states(keys)
        if office and office <= own and _states(wanted) <= _states(keys):
            fitting.append(j)
    return fitting
