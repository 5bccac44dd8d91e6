"""From a chat model's answer to claims whose every span stands in the text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.article import Claim, Span, Speaker
from pipelines.article import Source as ClaimSource
from pipelines.hub.quotes import find_quote
from pipelines.hub.stages import Found
from pipelines.stances import StanceSet

__all__ = ["Answer", "AnswerError", "Saying", "check_claims", "read_answer"]

Words = Annotated[str, Field(max_length=10_000)]


class AnswerError(ValueError):
    """An answer that is not what was asked for."""


class Saying(BaseModel):
    """A claim as the model tells it, nothing of it believed yet."""

    model_config = ConfigDict(extra="ignore")

    content: Words
    cue: Words = ""
    source: Words = ""
    speaker: Words = ""
    stance: str
    polarity: Literal["positive", "neutral", "negative"] = "neutral"
    targets: tuple[Words, ...] = ()
    confidence: float = 0.5


class Answer(BaseModel):
    """The whole answer."""

    model_config = ConfigDict(extra="ignore")

    summary: tuple[Words, ...] = ()
    claims: tuple[Saying, ...] = ()


def read_answer(text: str) -> Answer:
    """The answer in ``text``: a JSON object, maybe in a fence or after a model's thoughts.

    Raises :class:`AnswerError` when there is none, or it has another form.
    """
    body = text.rpartition("</think>")[2]
    start, end = body.find("{"), body.rfind("}")
    if start < 0 or end < start:
        raise AnswerError("the answer holds no JSON object")
    try:
        return Answer.model_validate(json.loads(body[start : end + 1]))
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise AnswerError(f"the answer's {where or 'form'} is not as asked") from None
    except (ValueError, RecursionError):
        raise AnswerError("the answer is not JSON") from None


def check_claims(text: str, sayings: Sequence[Saying], stances: StanceSet) -> Found:
    """The claims whose content stands in ``text``; each other one is dropped with a warning.

    A cue or source that is not in the text is left out of its claim, and so is a name.
    """
    claims: dict[tuple[Span, ...], Claim] = {}
    dropped: Counter[str] = Counter()
    for saying in sayings:
        content = find_quote(text, saying.content)
        if content is None:
            dropped["what they quote is not in the text"] += 1
        elif saying.stance not in stances.names:
            dropped["their stance is none of the set"] += 1
        elif any(span[0] < content[1] and content[0] < span[1] for (span,) in claims):
            dropped["they repeat another"] += 1
        else:
            claims[(content,)] = _claim(text, saying, content)
    ordered = tuple(sorted(claims.values(), key=lambda claim: claim.content))
    return Found(
        claims=ordered,
        speakers=_speakers(text, ordered),
        warnings=tuple(
            f"claims: {count} of {len(sayings)} dropped, because {why}"
            for why, count in dropped.items()
        ),
    )


def _claim(text: str, saying: Saying, content: Span) -> Claim:
    cue = _beside(text, saying.cue, content)
    mention = _beside(text, saying.source, content)
    if mention is not None and cue is not None and _overlap(mention, cue):
        cue = None
    names = [name for name in (_name(text, saying.speaker),) if name]
    if not names and mention is not None:
        names = [" ".join(text[mention[0] : mention[1]].split())]
    targets = [name for target in saying.targets if (name := _name(text, target))]
    return Claim(
        text=text[content[0] : content[1]],
        content=(content,),
        cue=(cue,) if cue else (),
        speaker=ClaimSource(mention=(mention,) if mention else (), names=tuple(names)),
        stance=saying.stance,
        polarity=saying.polarity,
        targets=tuple(dict.fromkeys(name for name in targets if name not in names)),
        confidence=round(min(1.0, max(0.0, saying.confidence)), 4),
    )


def _beside(text: str, words: str, content: Span) -> Span | None:
    """Where the words stand outside the content, as near to it as they do."""
    found = find_quote(text, words, near=content[0]) if words.strip() else None
    return None if found is None or _overlap(found, content) else found


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _name(text: str, name: str) -> str | None:
    """The name as the text has it; None when it has not, as names are not to be made up."""
    found = find_quote(text, name) if name.strip() else None
    return " ".join(text[found[0] : found[1]].split()) if found else None


def _speakers(text: str, claims: Sequence[Claim]) -> tuple[Speaker, ...]:
    """Everybody who speaks, with the places where the text has their names or they speak."""
    spoken: dict[str, set[Span]] = {}
    for claim in claims:
        for name in claim.speaker.names:
            spoken.setdefault(name, set()).update(claim.speaker.mention)
    out = []
    for name, said in spoken.items():
        start = text.find(name)
        while start >= 0:
            said.add((start, start + len(name)))
            start = text.find(name, start + len(name))
        mentions: list[Span] = []
        for span in sorted(said, key=lambda s: (s[0], -s[1])):
            if not mentions or span[0] >= mentions[-1][1]:
                mentions.append(span)
        out.append(Speaker(name=name, mentions=tuple(mentions)))
    return tuple(sorted(out, key=lambda speaker: speaker.mentions[:1]))
