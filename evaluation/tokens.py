"""The words that span metrics count, the same for every model and corpus."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pipelines.article import Span

__all__ = ["SETTINGS", "forget", "sentences", "token_spans", "tokens_under"]

SETTINGS = "tokens are runs of letters and digits, and single other signs"
_TOKEN = re.compile(r"\w+|[^\w\s]")


@lru_cache(maxsize=512)  # each text is asked for once a metric and model
def token_spans(text: str) -> tuple[Span, ...]:
    """The tokens of the text in order, as spans; white space belongs to none."""
    return tuple(found.span() for found in _TOKEN.finditer(text))


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of the text as spans, by the splitter that the reader uses too."""
    from pipelines.reader.document import split_sentences

    return tuple(split_sentences(text))


def forget() -> None:
    """Drop what was kept of the texts seen so far, so that a model is timed on new ones."""
    token_spans.cache_clear()
    sentences.cache_clear()


def tokens_under(text: str, spans: Iterable[Span]) -> list[int]:
    """The indices of the tokens that share a character with any of ``spans``, in order."""
    wanted = list(spans)
    return [
        i
        for i, (start, end) in enumerate(token_spans(text))
        if any(start < other_end and other < end for other, other_end in wanted)
    ]
