"""From a reading to the Analysis that every door shows."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from pipelines.article import (
    Analysis,
    Article,
    Claim,
    ModelIdentity,
    Source,
    Span,
    Speaker,
    join_pieces,
    text_sha256,
)
from pipelines.reader.document import Document
from pipelines.reader.page import with_page_speaker
from pipelines.reader.reading import FoundClaim, Reading
from pipelines.reader.speaking import who_speaks
from pipelines.reader.summary import summarise
from pipelines.speakers.names import Entity
from pipelines.speakers.people import Resolved
from pipelines.speakers.roles import assign_roles
from pipelines.speakers.states import state_of

__all__ = ["Thresholds", "assemble"]

_PAIRS = {"“": "”", '"': '"', "‘": "’", "'": "'", "«": "»", "„": "“"}
_EDGE = " \t\r\n\u00a0,;:"
_ABBREVIATED = frozenset("gen col lt sen rep gov inc ltd corp etc dept jan feb aug sept".split())
#: What joins a claim to the next belongs to neither.
_JOINER = re.compile(r"\s(?:and|but|while)$")
_ALSO = 0.3
#: The stance toward nobody.
PLAIN = "statement"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Decisions fitted on the development set; see the model card."""

    speaker: float = 0.5
    target: float = 0.5
    target_fallback: float = 0.3
    #: Added to the log odds of a plain statement: training weighs rare stances up, and most of
    #: what is said in the news is none of them.
    statement: float = 0.0
    slope: float = 1.0
    intercept: float = 0.0

    @classmethod
    def from_settings(cls, settings: Mapping[str, float]) -> Thresholds:
        """Raises :class:`ValueError` naming what is no threshold."""
        unknown = sorted(settings.keys() - {field.name for field in fields(cls)})
        if unknown:
            raise ValueError(f"thresholds: {', '.join(unknown)} is none of them")
        return cls(**settings)


def _trim(text: str, span: Span) -> Span | None:
    """A piece of content without the marks around the whole of it and the closing full stop."""
    start, end = span
    before = None
    while before != (start, end):
        before = (start, end)
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip(_EDGE))
        end -= len(piece) - len(piece.rstrip(_EDGE))
        end -= len(text[start:end]) - len(_JOINER.sub("", text[start:end]))
        piece = text[start:end]
        paired = len(piece) > 1 and piece[-1] == _PAIRS.get(piece[0])
        if paired and not set(piece[1:-1]) & {piece[0], '"', "“"}:
            start, end = start + 1, end - 1
        elif _closes(piece):
            end -= 1
    return (start, end) if start < end else None


def _closes(piece: str) -> bool:
    """Whether the full stop that ends ``piece`` ends a sentence, not an abbreviation."""
    if not piece.endswith(".") or piece.endswith(".."):
        return False
    last = piece.rsplit(maxsplit=1)[-1][:-1].lstrip("(“\"'‘")
    # "Gen.", "Mr." and "U.S." keep theirs; "go." and "15." end a sentence.
    short = len(last) < 3 and last[:1].isupper()
    return "." not in last and not short and last.casefold() not in _ABBREVIATED


def _targets(
    claim: FoundClaim,
    stance: str,
    speakers: Sequence[int],
    entities: Sequence[Entity],
    thresholds: Thresholds,
) -> tuple[str, ...]:
    ranked = sorted(claim.targets, key=lambda j: -claim.targets[j])
    ranked = [j for j in ranked if j not in speakers]
    chosen = [j for j in ranked if claim.targets[j] > thresholds.target]
    if not chosen and stance != PLAIN and ranked:
        best = ranked[0]
        chosen = [best] if claim.targets[best] > thresholds.target_fallback else []
    return tuple(dict.fromkeys(_called(entities[j]) for j in sorted(chosen)))


def _called(entity: Entity) -> str:
    """A people stands for its state: what is aimed at "the Georgian side" is aimed at Georgia."""
    return (state_of(entity.name) or entity.name) if entity.kind == "people" else entity.name


def _stances(found: FoundClaim, bias: float) -> dict[str, float]:
    """Probabilities of the stances with that of a plain statement raised by ``bias``."""
    weights = {
        name: value * math.exp(bias if name == PLAIN else 0.0)
        for name, value in found.stances.items()
    }
    scale = sum(found.stances.values()) / sum(weights.values())
    return {name: weight * scale for name, weight in weights.items()}


def _confidence(probability: float, thresholds: Thresholds) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    logit = math.log(bounded / (1 - bounded))
    return 0.5 + 0.5 * math.tanh((thresholds.slope * logit + thresholds.intercept) / 2)


def _claim(
    text: str,
    document: Document,
    found: FoundClaim,
    who: Resolved,
    reading: Reading,
    thresholds: Thresholds,
) -> Claim | None:
    """The claim as the contract has it; None when its content holds no word."""
    trimmed = (_trim(text, document.characters(span)) for span in found.content)
    content = [
        span
        for span in trimmed
        if span is not None and any(char.isalnum() for char in text[span[0] : span[1]])
    ]
    if not content:
        return None
    mention = [document.characters(span) for span in found.source]
    stances = _stances(found, thresholds.statement)
    ranked = sorted(stances, key=lambda name: -stances[name])
    stance = ranked[0]
    certain = found.probability * who.probability * stances[stance]
    return Claim(
        text=join_pieces(text, content),
        content=tuple(content),
        cue=tuple(document.characters(span) for span in found.cue),
        speaker=Source(mention=tuple(mention), names=who.names),
        stance=stance,
        also=tuple(name for name in ranked[1:2] if stances[name] >= _ALSO),
        scores={name: round(value, 4) for name, value in stances.items()},
        confidence=round(_confidence(certain, thresholds), 4),
        polarity=found.polarity,
        targets=_targets(found, stance, who.entities, reading.entities, thresholds),
        threat_from=found.origin if stance == "threat" else None,
    )


def assemble(
    article: Article,
    document: Document,
    reading: Reading,
    *,
    identity: ModelIdentity,
    thresholds: Thresholds,
    max_words: int,
    max_sentences: int,
    warnings: Sequence[str] = (),
    stances: Sequence[Mapping[str, float]] | None = None,
) -> Analysis:
    """The contract's Analysis of one article.

    ``stances`` are probabilities that stand in for the reading's, one for each claim of
    the analysis, in order.
    """
    text = article.text
    places = [document.characters((m.start, m.end)) for m in reading.mentions]
    roles = assign_roles(text, document.sentences, reading.mentions, places, reading.entities)
    speakers = who_speaks(document, reading, roles, thresholds.speaker)
    drafts = [
        (claim, one, who)
        for one, who in zip(
            reading.claims, with_page_speaker(document, reading, speakers), strict=True
        )
        if who is not None
        and (claim := _claim(text, document, one, who, reading, thresholds)) is not None
    ]
    drafts.sort(key=lambda draft: draft[0].content)
    claims = [claim for claim, _, _ in drafts]
    if stances is not None:
        unbiased = replace(thresholds, statement=0.0)  # fitted to this reader's stances alone
        anew = (
            _claim(text, document, replace(one, stances=dict(own)), who, reading, unbiased)
            for (_, one, who), own in zip(drafts, stances, strict=True)
        )
        claims = [claim for claim in anew if claim is not None]
    return Analysis(
        id=article.id,
        title=article.title,
        text_sha256=text_sha256(text),
        summary=summarise(
            text,
            document.sentences,
            reading.salience,
            max_words=article.max_words or max_words,
            max_sentences=article.max_sentences or max_sentences,
        ),
        claims=tuple(claims),
        speakers=_speakers(claims, reading, places, roles),
        model=identity,
        warnings=tuple(warnings),
    )


def _speakers(
    claims: Sequence[Claim],
    reading: Reading,
    places: Sequence[Span],
    roles: Mapping[int, str],
) -> tuple[Speaker, ...]:
    """Everybody who speaks, in order of first mention, with all that was resolved to them."""
    known = {entity.name: j for j, entity in enumerate(reading.entities)}
    spoken: dict[str, list[Span]] = {}
    for claim in claims:
        alone = len(claim.speaker.names) == 1
        for name in claim.speaker.names:
            spoken.setdefault(name, []).extend(claim.speaker.mention if alone else ())
    speakers = []
    for name, said in spoken.items():
        j = known.get(name)
        own = [places[m] for m in reading.entities[j].mentions] if j is not None else []
        mentions: list[Span] = []
        for span in sorted({*own, *said}, key=lambda s: (s[0], -s[1])):
            if not mentions or span[0] >= mentions[-1][1]:
                mentions.append(span)
        role = roles.get(j) if j is not None else None
        speakers.append(Speaker(name=name, role=role, mentions=tuple(mentions)))
    speakers.sort(key=lambda speaker: speaker.mentions[:1] or ((1 << 60, 1 << 60),))
    return tuple(speakers)
