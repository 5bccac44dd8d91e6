"""The sentences and words of a summary, as every metric of summaries sees them."""

from __future__ import annotations

import re
from functools import lru_cache

from evaluation.matching import Scored
from evaluation.tokens import sentences
from pipelines.article import Summary

__all__ = ["SUMMARY", "TEXT", "predicted_summary", "sentence_lines", "summary_sentences", "words"]

SUMMARY = frozenset({"summary"})
TEXT = frozenset({"text"})
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def _text(summary: Summary) -> str:
    return "\n".join(sentence.text for sentence in summary.sentences) or summary.text


def predicted_summary(scored: Scored) -> str | None:
    """What the model summed up, its sentences on lines of their own; None where it failed."""
    return None if scored.analysis is None else _text(scored.analysis.summary)


def summary_sentences(text: str) -> list[str]:
    """The sentences of a summary, whoever wrote it.

    Prediction and reference are split by the same hand, since one writer's list of
    sentences is another's paragraph.
    """
    return [text[start:end] for start, end in sentences(text)]


def sentence_lines(text: str) -> str:
    """The text with each of its sentences on a line, as ROUGE-Lsum wants it."""
    return "\n".join(summary_sentences(text))


@lru_cache(maxsize=512)
def words(text: str) -> tuple[str, ...]:
    """The words of the text in lower case, without punctuation."""
    return tuple(found.group().lower() for found in _WORD.finditer(text))
