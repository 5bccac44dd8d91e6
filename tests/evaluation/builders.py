"""References and predictions made from a text and the words of their spans."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, overload

from evaluation.matching import Scored
from pipelines.article import (
    Analysis,
    Article,
    Attribution,
    Claim,
    ModelIdentity,
    Span,
    Summary,
    join_pieces,
    text_sha256,
)
from pipelines.errors import ArticleError
from pipelines.model import ArticleLike
from pipelines.references import Reference

HARBOUR = (
    "Oslo, 3 May. Foreign Minister Ingrid Dahl said that the harbour would open to all ships. "
    "“We owe it to our neighbours,” she told reporters. "
    "Finland thanked Norway for the step. "
    "A senior official warned that smugglers could gain from it."
)
#: The words of each claim's fields, in the order of the text.
HARBOUR_CLAIMS: tuple[dict[str, Any], ...] = (
    {
        "content": "the harbour would open to all ships",
        "cue": "said",
        "mention": "Ingrid Dahl",
        "names": ["Ingrid Dahl"],
        "stance": "cooperation",
        "polarity": "positive",
        "targets": ["ships"],
    },
    {
        "content": "We owe it to our neighbours",
        "cue": "told",
        "mention": "she",
        "names": ["Ingrid Dahl"],
        "stance": "support",
        "also": ["statement"],
        "polarity": "positive",
        "targets": ["Finland"],
    },
    {
        "content": "Norway for the step",
        "cue": "thanked",
        "mention": "Finland",
        "names": ["Finland"],
        "stance": "support",
        "polarity": "positive",
        "targets": ["Norway"],
    },
    {
        "content": "smugglers could gain from it",
        "cue": "warned",
        "mention": "A senior official",
        "names": ["a senior official"],
        "stance": "concern",
        "polarity": "negative",
        "targets": ["smugglers"],
    },
)


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return start, start + len(words)


def attribution(text: str, **fields: Any) -> dict[str, Any]:
    """A claim in the guide's form from the words of its spans (a list where it has several)."""

    def spans(words: str | list[str]) -> list[Span]:
        pieces = [words] if isinstance(words, str) else words
        return [span(text, piece) for piece in pieces if piece]

    return {
        "content": spans(fields["content"]),
        "cue": spans(fields.get("cue", "")),
        "speaker": {
            "mention": spans(fields.get("mention", "")),
            "names": fields.get("names", []),
        },
        "stance": fields.get("stance", "statement"),
        "also": fields.get("also", []),
        "polarity": fields.get("polarity", "neutral"),
        "targets": fields.get("targets", []),
        "threat_from": fields.get("threat_from"),
    }


def row(
    article: str = "harbour",
    text: str = HARBOUR,
    claims: Iterable[dict[str, Any]] = HARBOUR_CLAIMS,
    summary: Iterable[str] = ("Norway opens its harbour to all ships.", "Finland thanked it."),
    more_summaries: Iterable[Iterable[str]] = (),
) -> dict[str, Any]:
    """One line of a label file."""
    return {
        "id": article,
        "title": "Harbour to open",
        "text": text,
        "summary": list(summary),
        "more_summaries": [list(lines) for lines in more_summaries],
        "claims": [attribution(text, **claim) for claim in claims],
    }


def reference(article: str = "harbour", **fields: Any) -> Reference:
    return Reference.model_validate(row(article, **fields))


def claim(true: Attribution, text: str, **changes: Any) -> Claim:
    """A prediction that says what ``true`` says but for ``changes``."""
    content = changes.get("content", true.content)
    fields = {**dict(true), "text": join_pieces(text, content), "confidence": 1.0, **changes}
    return Claim.model_validate(fields)


def analysis(
    of: Reference, claims: Iterable[Claim] = (), summary: str = "Norway opens a port."
) -> Analysis:
    return Analysis(
        id=of.id,
        text_sha256=text_sha256(of.article.text),
        summary=Summary(text=summary, sentences=()),
        claims=tuple(claims),
        model=ModelIdentity(name="fixed", revision="1"),
    )


def scored(of: Reference, claims: Iterable[Claim], **fields: Any) -> Scored:
    return Scored(of, analysis(of, claims, **fields))


def write(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """The path of a label file with these lines."""
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


class FixedModel:
    """Answers each article by id from a table; an exception there is raised midway."""

    def __init__(self, answers: dict[str, Analysis | Exception]) -> None:
        self.identity = ModelIdentity(name="fixed", revision="1")
        self._answers = answers

    @overload
    def analyse(
        self, articles: Iterable[ArticleLike], *, errors: Literal["raise"] = "raise"
    ) -> Iterator[Analysis]: ...

    @overload
    def analyse(
        self, articles: Iterable[ArticleLike], *, errors: Literal["yield"]
    ) -> Iterator[Analysis | ArticleError]: ...

    def analyse(
        self, articles: Iterable[ArticleLike], *, errors: Literal["raise", "yield"] = "raise"
    ) -> Iterator[Analysis | ArticleError]:
        for article in map(Article.coerce, articles):
            answer = self._answers[article.id or ""]
            if isinstance(answer, ArticleError) and errors == "yield":
                yield answer
            elif isinstance(answer, Exception):
                raise answer
            else:
                yield answer
