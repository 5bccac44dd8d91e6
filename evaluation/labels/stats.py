"""What label files hold: how many of what, and how hard its speakers are to find."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.labels.check import read_rows
from evaluation.labels.rows import Row
from evaluation.labels.speakers import PRONOUNS
from evaluation.names import name_key
from pipelines.article import Attribution, join_pieces
from pipelines.speakers.states import state_of

__all__ = ["Stats", "label_stats", "speaker_kinds"]

#: Nouns that head the name of a body rather than a person.
_BODIES = frozenset(
    "administration agency alliance army assembly association authority authorities bank board "
    "bureau cabinet center centre chamber club coalition command commission committee company "
    "confederation congress corporation corps council court delegation department directorate "
    "embassy executive federation force forces foundation front fund government group house "
    "institute kremlin league media military ministry mission movement nations navy network "
    "newspaper office organisation organization palace parliament party police secretariat "
    "senate service society state states times tribunal union university".split()
)
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts over label files.

    ``speakers`` counts claims whose speaker is of a kind, of :func:`speaker_kinds`; a
    claim may be of several kinds. ``words`` are runs without white space, of the articles
    whose text is at hand.
    """

    articles: int
    words: int
    claims: int
    stances: Mapping[str, int]
    polarities: Mapping[str, int]
    threats: Mapping[str, int]
    speakers: Mapping[str, int]
    genres: Mapping[str, int]
    regions: Mapping[str, int]
    traps: int

    def share(self, kind: str) -> float:
        """Share of the claims whose speaker is of that kind, 0 to 1."""
        return self.speakers.get(kind, 0) / self.claims if self.claims else 0.0


def _is_unnamed(name: str) -> bool:
    """Whether a name is a description: its first or last word is no proper name."""
    words = _WORD.findall(re.sub(r"^(?:an?|the)\s", "", name, flags=re.IGNORECASE))
    return bool(words) and (words[0].islower() or words[-1].islower())


def _is_body(name: str) -> bool:
    """Whether a name is an organisation's or a state's, by its form: an estimate.

    So is a name with a noun for a body in it (in a description the last word: "Thai
    police", not "police sources"), a state's, an acronym, and a single capitalised word
    ("Hamas"; few persons go by one name in the news).
    """
    words = _WORD.findall(name)
    if state_of(name) is not None:
        return True
    if _is_unnamed(name):
        return words[-1].casefold() in _BODIES
    named = any(word.casefold() in _BODIES for word in words)
    return named or (len(words) == 1 and words[0][:1].isupper())


def speaker_kinds(claim: Attribution, text: str | None) -> set[str]:
    """The kinds of a claim's speaker.

    ``"nobody"``: no name at all. ``"joint"``: several names. ``"body"``: an organisation
    or a state. ``"unnamed"``: known by a description only. Where the text is at hand,
    ``"pronoun"``: the mention is one; ``"role"``: the mention has no word of the names
    ("the Georgian minister" for a person), so that the text must tell who that is.
    """
    names = claim.speaker.names
    if not names:
        return {"nobody"}
    kinds = {"joint"} if len(names) > 1 else set()
    if any(map(_is_body, names)):
        kinds.add("body")
    elif any(map(_is_unnamed, names)):
        kinds.add("unnamed")
    if text is not None and claim.speaker.mention:
        mention = name_key(join_pieces(text, claim.speaker.mention))
        said = {word.casefold() for word in _WORD.findall(mention)}
        named = {word.casefold() for name in names for word in _WORD.findall(name_key(name))}
        if mention in PRONOUNS:
            kinds.add("pronoun")
        elif not said & named:
            kinds.add("role")
    return kinds


def _field(rows: Iterable[Row], name: str) -> Counter[str]:
    return Counter(str(value) for row in rows if (value := row.fields.get(name)))


def label_stats(paths: Sequence[Path], *, texts: Path | Mapping[str, str] | None = None) -> Stats:
    """The counts of all files under ``paths``; what is not in the guide's form is left out.

    Rows may have ``genre``, ``region`` and ``trap`` beside the guide's fields. Raises
    :class:`~evaluation.data.BenchmarkError` for a path that is not there.
    """
    rows, _ = read_rows(paths, texts=texts)
    claims = [(claim, row.text) for row in rows for _, claim in row.claims]
    kinds = [speaker_kinds(claim, text) for claim, text in claims]
    resolved = Counter("pronoun or role" for found in kinds if found & {"pronoun", "role"})
    many = Counter("joint or body" for found in kinds if found & {"joint", "body"})
    return Stats(
        articles=len(rows),
        words=sum(len(row.text.split()) for row in rows if row.text is not None),
        claims=len(claims),
        stances=Counter(claim.stance for claim, _ in claims),
        polarities=Counter(claim.polarity for claim, _ in claims),
        threats=Counter(
            f"threat_from {claim.threat_from}" for claim, _ in claims if claim.threat_from
        ),
        speakers=Counter(kind for found in kinds for kind in found) + resolved + many,
        genres=_field(rows, "genre"),
        regions=_field(rows, "region"),
        traps=sum(row.fields.get("trap") is True for row in rows),
    )
