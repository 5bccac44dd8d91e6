"""The words everybody uses: an article in, an analysis out.

All values are immutable. Their dictionary form (:meth:`Analysis.to_dict`) is the
JSON that every door gives and takes. A span is a pair ``[start, end]`` of offsets
into the article's text, counted in Unicode code points, end exclusive, so that
``text[start:end]`` is exactly what the field shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)

from pipelines.errors import ArticleError

__all__ = [
    "Analysis",
    "Article",
    "Attribution",
    "Claim",
    "GeneratedSentence",
    "ModelIdentity",
    "Polarity",
    "Source",
    "Span",
    "Speaker",
    "Summary",
    "SummarySentence",
    "ThreatFrom",
    "join_pieces",
    "text_sha256",
]

Polarity = Literal["positive", "neutral", "negative"]
ThreatFrom = Literal["speaker", "other"]
Span = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]
Probability = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1)]

#: What stands between the pieces of a claim that its cue interrupts.
ELLIPSIS = " … "


def text_sha256(text: str) -> str:
    """SHA-256 of the text in UTF-8, as lower-case hexadecimal digits.

    Lone surrogates, which JSON can carry and UTF-8 cannot, are hashed as they are.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def join_pieces(text: str, spans: Iterable[Span]) -> str:
    """The stretches of ``text`` under ``spans``, in order, with `` … `` between them."""
    return ELLIPSIS.join(text[start:end] for start, end in spans)


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="after")
    def _spans_in_order(self) -> Self:
        """Spans are not empty, and those of one field are in order and apart."""
        for name in ("content", "cue", "mention", "mentions", "evidence"):
            previous = 0
            for start, end in getattr(self, name, ()):
                if end <= start:
                    raise ValueError(f"{name}: span [{start}, {end}] is empty or reversed")
                if start < previous:
                    raise ValueError(f"{name}: span [{start}, {end}] overlaps the one before it")
                previous = end
        return self


class Article(_Value):
    """One article as given.

    ``max_words`` and ``max_sentences`` bound its summary; without them the model's own
    settings hold. ``date`` is an ISO 8601 date or whatever the source calls it.
    """

    text: str
    id: str | None = Field(default=None, max_length=1000)
    title: str | None = Field(default=None, max_length=2000)
    date: str | None = Field(default=None, max_length=100)
    max_words: int | None = Field(default=None, ge=1, le=10_000)
    max_sentences: int | None = Field(default=None, ge=1, le=1_000)

    @classmethod
    def coerce(cls, value: Article | str | Mapping[str, Any]) -> Article:
        """An article from itself, from bare text or from a mapping with its fields.

        Raises :class:`~pipelines.errors.ArticleError` naming the field that is wrong.
        """
        if isinstance(value, Article):
            return value
        if isinstance(value, str):
            value = {"text": value}
        if not isinstance(value, Mapping):
            raise ArticleError(
                "invalid_article",
                f"an article is text or an object with a text, not {type(value).__name__}",
            )
        try:
            return cls.model_validate(dict(value), strict=True)
        except ValidationError as error:
            raise ArticleError.from_validation(error, article_id=value.get("id")) from None


class Source(_Value):
    """Who speaks: the mention in the text, and the canonical names it stands for."""

    mention: tuple[Span, ...] = ()
    names: tuple[Name, ...] = ()


class Attribution(_Value):
    """A claim as a hand label has it: who says what, toward whom, with what stance."""

    content: tuple[Span, ...] = Field(min_length=1)
    cue: tuple[Span, ...] = ()
    speaker: Source = Source()
    stance: Name
    also: tuple[Name, ...] = ()
    polarity: Polarity = "neutral"
    targets: tuple[Name, ...] = ()
    threat_from: ThreatFrom | None = None

    @model_validator(mode="after")
    def _threat_has_an_origin(self) -> Self:
        if self.threat_from is not None and "threat" not in (self.stance, *self.also):
            raise ValueError("threat_from: only a claim with stance threat has one")
        return self


class Claim(Attribution):
    """A claim as a model finds it.

    ``scores`` are the probabilities of the stances; ``confidence`` is the model's
    probability that claim, speaker and stance are all right.
    """

    text: str
    scores: dict[str, Probability] = Field(default_factory=dict)
    confidence: Probability


class Speaker(_Value):
    """Somebody who makes at least one claim, with every mention that was resolved to them."""

    name: Name
    role: str | None = None
    mentions: tuple[Span, ...] = ()


class SummarySentence(_Value):
    text: str
    span: Span
    score: Probability


class GeneratedSentence(_Value):
    """A sentence that a model wrote, with what in the text bears it out.

    ``evidence`` are the text's own sentences nearest to it; ``support`` says how far they,
    and the names and numbers of the text, bear it out; ``score`` is the salience of the
    evidence. A sentence that is not ``supported`` is not to be trusted unread.
    """

    text: str
    span: None = None
    score: Probability
    evidence: tuple[Span, ...] = ()
    support: Probability
    supported: bool


def _origin(value: Any) -> str:
    """Which of the two kinds of sentence a value is meant to be."""
    generated = isinstance(value, GeneratedSentence) or (
        isinstance(value, Mapping) and "support" in value
    )
    return "generated" if generated else "extracted"


Sentence = Annotated[
    Annotated[SummarySentence, Tag("extracted")] | Annotated[GeneratedSentence, Tag("generated")],
    Discriminator(_origin),
]


class Summary(_Value):
    """``coverage`` is the share of the text's characters that the model read."""

    text: str
    sentences: tuple[Sentence, ...]
    coverage: Probability = 1.0


class ModelIdentity(_Value):
    name: str
    revision: str


class Analysis(_Value):
    """All that one read of an article yields."""

    id: str | None = None
    title: str | None = None
    text_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    summary: Summary
    claims: tuple[Claim, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    model: ModelIdentity
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON as a dictionary of plain values."""
        return self.model_dump(mode="json")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, text: str | None = None) -> Analysis:
        """An analysis from its dictionary form, its spans checked when ``text`` is given.

        Raises :class:`ValueError` that names the field when anything is amiss.
        """
        analysis = cls.model_validate(data)
        if text is not None:
            analysis.verify(text)
        return analysis

    def verify(self, text: str) -> None:
        """Raise :class:`ValueError` unless every span lies in ``text`` and shows its field."""
        if text_sha256(text) != self.text_sha256:
            raise ValueError("text_sha256: the text is not the one that was analysed")
        for path, span in self._spans():
            if span[1] > len(text):
                raise ValueError(f"{path}: span {list(span)} is outside a text of {len(text)}")
        for i, sentence in enumerate(self.summary.sentences):
            if sentence.span is None:
                continue
            start, end = sentence.span
            if text[start:end] != sentence.text:
                raise ValueError(f"summary.sentences[{i}].text: differs from the text at its span")
        for i, claim in enumerate(self.claims):
            if join_pieces(text, claim.content) != claim.text:
                raise ValueError(f"claims[{i}].text: differs from the text at its content")

    def _spans(self) -> Iterator[tuple[str, Span]]:
        for i, sentence in enumerate(self.summary.sentences):
            if isinstance(sentence, SummarySentence):
                yield f"summary.sentences[{i}].span", sentence.span
            else:
                for span in sentence.evidence:
                    yield f"summary.sentences[{i}].evidence", span
        for i, claim in enumerate(self.claims):
            fields = (("content", claim.content), ("cue", claim.cue))
            for name, spans in (*fields, ("speaker.mention", claim.speaker.mention)):
                for span in spans:
                    yield f"claims[{i}].{name}", span
        for i, speaker in enumerate(self.speakers):
            for span in speaker.mentions:
                yield f"speakers[{i}].mentions", span
