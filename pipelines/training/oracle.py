"""Which sentences a summary was made of: greedy choice by ROUGE gain.

After Nallapati et al. 2017 (SummaRuNNer), with unigram and bigram recall and precision
on lower-cased words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipelines.reader.document import Document

__all__ = ["sentence_gains"]

_WORD = re.compile(r"[a-z0-9]+")


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return Counter([(word,) for word in words] + list(pairwise(words)))


def _f1(chosen: Counter[tuple[str, ...]], wanted: Counter[tuple[str, ...]]) -> float:
    total = sum(chosen.values()) + sum(wanted.values())
    return 2 * sum((chosen & wanted).values()) / total if total else 0.0


def sentence_gains(
    document: Document, summary: Sequence[str], *, most: int = 3
) -> NDArray[np.float32]:
    """``[sentences]``: 1 for each sentence that greedy choice takes, up to ``most`` of them,
    and for the others their own overlap with the summary over the best sentence's, halved."""
    wanted = _grams(" ".join(summary))
    sentences = [_grams(document.text[start:end]) for start, end in document.sentences]
    if not sentences:
        return np.zeros(0, dtype=np.float32)
    alone = np.array([_f1(grams, wanted) for grams in sentences], dtype=np.float32)
    gains = alone / max(float(alone.max()), 1e-6) * 0.5
    chosen: Counter[tuple[str, ...]] = Counter()
    best = 0.0
    for _ in range(most):
        scores = [_f1(chosen + grams, wanted) for grams in sentences]
        pick = int(np.argmax(scores))
        if scores[pick] <= best:
            break
        best = scores[pick]
        chosen = chosen + sentences[pick]
        gains[pick] = 1.0
    return gains
