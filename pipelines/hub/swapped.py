"""The embedded reader with other models in the places of its stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.article import Analysis, Claim, ModelIdentity
from pipelines.errors import ArticleError, ModelError
from pipelines.hub.proof import Prover
from pipelines.hub.stages import (
    SLOTS,
    ClaimFinder,
    Found,
    FullReader,
    Slot,
    Source,
    Stage,
    StanceLabeller,
    Summariser,
    Told,
    Written,
)
from pipelines.reader.reader import ReadArticle, Reader

__all__ = ["ALSO", "SwappedStages", "swap"]

#: A second stance is named from this probability on, as the embedded reader does.
ALSO = 0.3


@dataclass(slots=True)
class _Parts:
    """What the stages gave for one article."""

    written: Written | None = None
    found: Found | None = None
    warnings: list[str] = field(default_factory=list)


def swap(
    reader: Reader, stages: Mapping[Slot, Stage], names: Mapping[Slot, str], *, strict: bool = False
) -> Reader:
    """The reader, with ``stages`` in place of its own and an identity that says so."""
    if not stages:
        return reader
    own = reader.identity
    used = [slot for slot in SLOTS if slot in stages]
    shown = {slot: stages[slot].identity.name for slot in used}
    # A kind that has to be written stays in the name, so that the name can be loaded again.
    for slot in used:
        kind, colon, _ = names[slot].partition(":")
        if colon and "/" not in kind and not shown[slot].startswith(f"{kind}:"):
            shown[slot] = f"{kind}:{shown[slot]}"
    reader.identify(
        ModelIdentity(
            name="+".join([own.name, *(f"{slot}={shown[slot]}" for slot in used)]),
            revision="+".join([own.revision, *(stages[s].identity.revision for s in used)]),
        )
    )
    reader.stages = SwappedStages(reader, stages, strict=strict)
    return reader


class SwappedStages:
    """Turns what the embedded reader read into analyses, by way of the swapped stages."""

    def __init__(
        self, reader: Reader, stages: Mapping[Slot, Stage], *, strict: bool = False
    ) -> None:
        self.reader = reader
        self.strict = strict
        self.prover = Prover(reader)
        summary, claims, stance = (stages.get(slot) for slot in SLOTS)
        if not isinstance(summary, Summariser | None):
            raise ModelError("summary: this stage cannot summarise")
        if not isinstance(claims, ClaimFinder | None):
            raise ModelError("claims: this stage cannot find claims")
        if not isinstance(stance, StanceLabeller | None):
            raise ModelError("stance: this stage cannot label stances")
        self.summary, self.claims, self.stance = summary, claims, stance

    def __call__(self, articles: Sequence[ReadArticle]) -> list[Analysis | ArticleError]:
        """One analysis or error an article, in order."""
        if not articles:
            return []
        drafts = list(self.reader.assemble(articles))
        sources = [self._source(article) for article in articles]
        parts = self._parts(sources)
        out: list[Analysis | ArticleError] = []
        for article, draft, part in zip(articles, drafts, parts, strict=True):
            if isinstance(part, ArticleError):
                out.append(_of(part, draft.id))
            else:
                out.append(self._put_together(article, draft, part))
        if self.stance is not None:
            out = self._restance(self.stance, articles, out)
        return out

    def usage(self) -> list[str]:
        """What each stage has used, of those that count."""
        stages = {id(one): one for one in (self.summary, self.claims, self.stance)}
        return [
            f"{one.identity.name}: {used}"
            for one in stages.values()
            if one is not None and (used := getattr(one, "usage", None)) is not None
        ]

    def _source(self, article: ReadArticle) -> Source:
        given = article.ready.article
        return Source(
            text=given.text,
            sentences=article.ready.document.sentences,
            max_words=given.max_words or self.reader.max_words,
            max_sentences=given.max_sentences or self.reader.max_sentences,
        )

    def _parts(self, sources: Sequence[Source]) -> list[_Parts | ArticleError]:
        if isinstance(self.summary, FullReader) and self.summary is self.claims:
            return [
                both if isinstance(both, ArticleError) else _Parts(*both)
                for both in self.summary.read(sources)
            ]
        parts: list[_Parts | ArticleError] = [_Parts() for _ in sources]
        if self.summary is not None:
            for i, written in enumerate(self.summary.summarise(sources)):
                part = parts[i]
                if isinstance(written, ArticleError):
                    parts[i] = written
                elif isinstance(part, _Parts):
                    part.written = written
        if self.claims is not None:
            good = [i for i, part in enumerate(parts) if isinstance(part, _Parts)]
            found_of = self.claims.find([sources[i] for i in good])
            for i, found in zip(good, found_of, strict=True):
                part = parts[i]
                if isinstance(found, ArticleError):
                    parts[i] = found
                elif isinstance(part, _Parts):
                    part.found = found
        return parts

    def _put_together(self, article: ReadArticle, draft: Analysis, part: _Parts) -> Analysis:
        warnings = [*draft.warnings]
        changed: dict[str, object] = {}
        if part.found is not None:
            changed |= {"claims": part.found.claims, "speakers": part.found.speakers}
            warnings += part.found.warnings
        if part.written is not None:
            warnings += part.written.warnings
            summary = self.prover.prove(
                article, part.written.sentences, coverage=part.written.coverage
            )
            doubtful = [s for s in summary.sentences if s.span is None and not s.supported]
            if doubtful:
                what = "dropped" if self.strict else "flagged"
                warnings.append(
                    f"summary: {len(doubtful)} of {len(summary.sentences)} sentences written "
                    f"have no sufficient support in the text and were {what}"
                )
            if self.strict and doubtful:
                kept = tuple(s for s in summary.sentences if s not in doubtful)
                summary = summary.model_copy(
                    update={"text": " ".join(s.text for s in kept), "sentences": kept}
                )
            if summary.sentences:
                changed["summary"] = summary
            else:
                # No summary is ever blank: the embedded reader's is always there.
                warnings.append(
                    "summary: the model wrote no sentence that could stand; "
                    "sentences of the article stand in its place"
                )
        return draft.model_copy(update={**changed, "warnings": tuple(dict.fromkeys(warnings))})

    def _restance(
        self,
        stage: StanceLabeller,
        articles: Sequence[ReadArticle],
        analyses: Sequence[Analysis | ArticleError],
    ) -> list[Analysis | ArticleError]:
        told = [
            _told(articles[i], claim)
            for i, analysis in enumerate(analyses)
            if isinstance(analysis, Analysis)
            for claim in analysis.claims
        ]
        scores = iter(stage.label(told) if told else [])
        out: list[Analysis | ArticleError] = []
        for article, analysis in zip(articles, analyses, strict=True):
            if isinstance(analysis, ArticleError):
                out.append(analysis)
                continue
            own = [next(scores) for _ in analysis.claims]
            if self.claims is None:
                # The reading's claims are put together anew: targets and confidence of a
                # claim hang on its stance.
                (anew,) = self.reader.assemble([article], stances=[own])
                claims = anew.claims
            else:
                claims = tuple(_with(c, s) for c, s in zip(analysis.claims, own, strict=True))
            out.append(analysis.model_copy(update={"claims": claims}))
        return out


def _of(error: ArticleError, article_id: str | None) -> ArticleError:
    return ArticleError(error.code, error.message, field=error.field, article_id=article_id)


def _told(article: ReadArticle, claim: Claim) -> Told:
    """The claim with the sentences that it and its cue stand in."""
    text = article.ready.article.text
    spans = [*claim.content, *claim.cue]
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    around = [s for s in article.ready.document.sentences if s[1] > first and s[0] < last]
    first = min([first, *(start for start, _ in around)])
    last = max([last, *(end for _, end in around)])
    return Told(
        text=claim.text,
        context=" ".join(text[first:last].split()),
        speaker=" and ".join(claim.speaker.names),
        targets=claim.targets,
    )


def _with(claim: Claim, scores: Mapping[str, float]) -> Claim:
    """A claim of another finder under new stances; its confidence has no part to renew."""
    ranked = sorted(scores, key=lambda name: -scores[name])
    stance = ranked[0]
    return claim.model_copy(
        update={
            "stance": stance,
            "also": tuple(name for name in ranked[1:2] if scores[name] >= ALSO),
            "scores": {name: round(value, 4) for name, value in scores.items()},
            "threat_from": claim.threat_from if stance == "threat" else None,
        }
    )
