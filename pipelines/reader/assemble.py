"""From a reading to the Analysis that every door shows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from pipelines.reader.reading import FoundClaim, Reading
from pipelines.reader.summary import summarise
from pipelines.speakers.names import Entity
from pipelines.speakers.resolve import SpeakerContext, resolve
from pipelines.speakers.roles import assign_roles
from pipelines.speakers.states import state_of

__all__ = ["Thresholds", "assemble"]

_PAIRS = {"“": "”", '"': '"', "‘": "’", "'": "'", "«": "»", "„": "“"}
_EDGE = " \t\r\n\u00a0,;:"
_ALSO = 0.3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Decisions fitted on the development set; see the model card."""

    speaker: float = 0.5
    target: float = 0.5
    target_fallback: float = 0.3
    slope: float = 1.0
    intercept: float = 0.0

    @classmethod
    def from_settings(cls, settings: Mapping[str, float]) -> Thresholds:
        return cls(**settings)


def _trim(text: str, spans: Sequence[Span]) -> list[Span]:
    """Content without the marks around the whole of it and the closing full stop."""
    out = []
    for start, end in spans:
        before = None
        while before != (start, end):
            before = (start, end)
            while start < end and text[start] in _EDGE:
                start += 1
            while start < end and text[end - 1] in _EDGE:
                end -= 1
            opening = text[start : start + 1]
            if end - start > 1 and text[end - 1] == _PAIRS.get(opening):
                inner = text[start + 1 : end - 1]
                if opening not in inner and text[end - 1] not in inner.replace(
                    "’", "", inner.count("’") if text[end - 1] != "’" else 0
                ):
                    start, end = start + 1, end - 1
            if text[start:end].endswith(".") and not text[start:end].endswith(("..", ".S.", ".N.")):
                last = text[start:end].rsplit(maxsplit=1)[-1]
                if len(last) > 3 and last.count(".") == 1:
                    end -= 1
        if start < end:
            out.append((start, end))
    return out


def _names_within(
    source: tuple[int, int], reading: Reading, owner: Mapping[int, int]
) -> list[tuple[int, bool]]:
    inside = []
    for m, mention in enumerate(reading.mentions):
        if mention.start >= source[0] and mention.end <= source[1]:
            inside.append((owner[m], (mention.start, mention.end) == source))
    return inside


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
    if not chosen and stance != "statement" and ranked:
        best = ranked[0]
        chosen = [best] if claim.targets[best] > thresholds.target_fallback else []
    return tuple(dict.fromkeys(_called(entities[j]) for j in sorted(chosen)))


def _called(entity: Entity) -> str:
    """A people stands for its state: what is aimed at "the Georgian side" is aimed at Georgia."""
    return (state_of(entity.name) or entity.name) if entity.kind == "people" else entity.name


def _confidence(probability: float, thresholds: Thresholds) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    logit = math.log(bounded / (1 - bounded))
    return 1 / (1 + math.exp(-(thresholds.slope * logit + thresholds.intercept)))


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
) -> Analysis:
    """The contract's Analysis of one article."""
    text = article.text
    owner = {m: j for j, entity in enumerate(reading.entities) for m in entity.mentions}
    places = [document.characters((m.start, m.end)) for m in reading.mentions]
    roles = assign_roles(text, document.sentences, reading.mentions, places, reading.entities)
    claims: list[Claim] = []
    spoken: dict[str, list[Span]] = {}
    for found in reading.claims:
        content = _trim(text, [document.characters(span) for span in found.content])
        if not content or not any(c.isalnum() for start, end in content for c in text[start:end]):
            continue
        mention = [document.characters(span) for span in found.source]
        said = text[mention[0][0] : mention[0][1]] if mention else ""
        who = resolve(
            said,
            SpeakerContext(
                entities=reading.entities,
                roles=roles,
                inside=_names_within(found.source[0], reading, owner) if found.source else [],
                probabilities=found.speakers,
                threshold=thresholds.speaker,
            ),
        )
        ranked = sorted(found.stances, key=lambda name: -found.stances[name])
        stance = ranked[0]
        also = tuple(name for name in ranked[1:2] if found.stances[name] >= _ALSO)
        claims.append(
            Claim(
                text=join_pieces(text, content),
                content=tuple(content),
                cue=tuple(document.characters(span) for span in found.cue),
                speaker=Source(mention=tuple(mention), names=who.names),
                stance=stance,
                also=also,
                scores={name: round(value, 4) for name, value in found.stances.items()},
                confidence=round(
                    _confidence(
                        found.probability * who.probability * found.stances[stance], thresholds
                    ),
                    4,
                ),
                polarity=found.polarity,
                targets=_targets(found, stance, who.entities, reading.entities, thresholds),
                threat_from=found.origin if stance == "threat" else None,
            )
        )
        for name in who.names:
            spoken.setdefault(name, []).extend(mention if len(who.names) == 1 else [])
    claims.sort(key=lambda claim: claim.content)
    summary = summarise(
        text,
        document.sentences,
        reading.salience,
        max_words=article.max_words or max_words,
        max_sentences=article.max_sentences or max_sentences,
    )
    return Analysis(
        id=article.id,
        title=article.title,
        text_sha256=text_sha256(text),
        summary=summary,
        claims=tuple(claims),
        speakers=_speakers(spoken, reading, places, roles),
        model=identity,
        warnings=tuple(warnings),
    )


def _speakers(
    spoken: Mapping[str, Sequence[Span]],
    reading: Reading,
    places: Sequence[Span],
    roles: Mapping[int, str],
) -> tuple[Speaker, ...]:
    """Everybody who speaks, in order of first mention, with all that was resolved to them."""
    known = {entity.name: j for j, entity in enumerate(reading.entities)}
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
