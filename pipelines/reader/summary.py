"""A summary made of the article's own sentences, within a budget."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.article import Span, Summary, SummarySentence

__all__ = ["choose_sentences", "summarise"]

_WORD = re.compile(r"\w+")
#: Share of a sentence's words that another may hold before the two say the same.
_REDUNDANT = 0.6
#: Fewer words than this make a headline, a byline or a fragment.
_FRAGMENT = 5


def _vocabulary(sentence: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(sentence)}


def choose_sentences(
    sentences: Sequence[str], scores: Sequence[float], *, max_words: int, max_sentences: int
) -> list[int]:
    """Indices of the chosen sentences, in reading order; never none where there are any.

    Sentences are taken by score as long as they fit; one that repeats a chosen one is
    passed over, a fragment is taken only where nothing else fits, and where no sentence
    fits the budget the best one stands alone.
    """
    if not sentences:
        return []
    order = sorted(range(len(sentences)), key=lambda i: (-scores[i], i))
    # A row of stars has no word: it stands only where nothing else does.
    order = [i for i in order if _WORD.search(sentences[i])] or order
    whole = [i for i in order if len(_WORD.findall(sentences[i])) >= _FRAGMENT]
    whole = [i for i in whole if len(sentences[i].split()) >= _FRAGMENT]
    chosen: list[int] = []
    vocabularies: list[set[str]] = []
    left = max_words
    for i in whole:
        words = len(sentences[i].split())
        if words > left:
            continue
        own = _vocabulary(sentences[i])
        if any(len(own & other) > _REDUNDANT * min(len(own), len(other)) for other in vocabularies):
            continue
        chosen.append(i)
        vocabularies.append(own)
        left -= words
        if len(chosen) == max_sentences:
            break
    if not chosen:
        fitting = [i for i in order if len(sentences[i].split()) <= max_words]
        chosen = (fitting or order)[:1]
    return sorted(chosen)


def summarise(
    text: str,
    spans: Sequence[Span],
    scores: Sequence[float],
    *,
    max_words: int,
    max_sentences: int,
) -> Summary:
    """The summary of ``text``, whose sentences are ``spans`` with a salience in 0…1 each."""
    sentences = [text[start:end] for start, end in spans]
    chosen = choose_sentences(sentences, scores, max_words=max_words, max_sentences=max_sentences)
    parts = tuple(
        SummarySentence(text=sentences[i], span=spans[i], score=round(scores[i], 4)) for i in chosen
    )
    return Summary(text=" ".join(part.text for part in parts), sentences=parts)
