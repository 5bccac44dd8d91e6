"""One worked example, shown wherever the service explains itself."""

from __future__ import annotations

from typing import Any

from pipelines.article import Analysis, Span, text_sha256

__all__ = ["ARTICLE", "ERROR", "READING", "SHORT_TEXT", "TEXT"]

TEXT = (
    "Foreign Minister Elsa Varga met her Norwegian counterpart Nils Brekke in Tallinn on "
    "2 May. Varga thanked Norway for its help after the floods. Brekke warned that the "
    "militia camps on the border are a danger to the whole region."
)

ARTICLE: dict[str, Any] = {
    "id": "tallinn-1",
    "title": "Ministers meet in Tallinn",
    "date": "2025-05-02",
    "text": TEXT,
}

#: Short enough for a command line.
SHORT_TEXT = "Foreign Minister Elsa Varga thanked Norway for its help after the floods."


def _span(words: str, *, after: str = "") -> Span:
    start = TEXT.index(words, TEXT.index(after))
    return (start, start + len(words))


def _claim(content: str, cue: str, mention: str, **said: Any) -> dict[str, Any]:
    return {
        "text": content,
        "content": [_span(content)],
        "cue": [_span(cue)],
        "speaker": {"mention": [_span(mention, after=". ")], "names": said.pop("names")},
        **said,
    }


_FIRST_SENTENCE = TEXT[: TEXT.index(" Varga thanked")]

#: What a reading of :data:`ARTICLE` looks like.
READING = Analysis.model_validate(
    {
        "id": ARTICLE["id"],
        "title": ARTICLE["title"],
        "text_sha256": text_sha256(TEXT),
        "summary": {
            "text": _FIRST_SENTENCE,
            "sentences": [
                {"text": _FIRST_SENTENCE, "span": [0, len(_FIRST_SENTENCE)], "score": 0.91}
            ],
            "coverage": 1.0,
        },
        "claims": [
            _claim(
                "Norway for its help after the floods",
                "thanked",
                "Varga",
                names=["Elsa Varga"],
                stance="support",
                scores={"support": 0.9, "cooperation": 0.1},
                confidence=0.84,
                polarity="positive",
                targets=["Norway"],
            ),
            _claim(
                "the militia camps on the border are a danger to the whole region",
                "warned",
                "Brekke",
                names=["Nils Brekke"],
                stance="threat",
                scores={"threat": 0.8, "concern": 0.2},
                confidence=0.77,
                polarity="negative",
                targets=["the militia camps"],
                threat_from="other",
            ),
        ],
        "speakers": [
            {
                "name": "Elsa Varga",
                "role": "Foreign Minister",
                "mentions": [_span("Elsa Varga"), _span("Varga", after=". ")],
            },
            {
                "name": "Nils Brekke",
                "role": "Norwegian Foreign Minister",
                "mentions": [_span("Nils Brekke"), _span("Brekke", after=". ")],
            },
        ],
        "model": {"name": "default", "revision": "1"},
    }
)

#: An error, and what stands in the place of a bad article.
ERROR: dict[str, Any] = {
    "error": {
        "code": "missing_field",
        "message": "text is missing; add it",
        "field": "text",
        "request_id": "0d3f5a0c6f6f4b0b8f3f0b1e2a9c7d55",
    }
}
