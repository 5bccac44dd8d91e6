"""Whatever stands in quotation marks is a claim: the oldest way to find who said what."""

from __future__ import annotations

import re

from evaluation.baselines.base import Baseline
from pipelines.article import Analysis, Article, Claim

__all__ = ["QuotationMarks"]

#: Fewer words in quotation marks are a term or a title more often than a claim.
_LEAST_WORDS = 3
_QUOTED = re.compile(r"[“„]([^“”„\n]+)”|«([^«»\n]+)»|\"([^\"\n]+)\"")


class QuotationMarks(Baseline):
    """Each quotation of three words or more is one claim, without the marks and a full stop."""

    def __init__(self) -> None:
        super().__init__(
            "quotation-marks",
            answers=frozenset({"content"}),
            note="every quotation of three words or more is a claim",
        )

    def _read(self, article: Article) -> Analysis:
        claims = []
        for found in _QUOTED.finditer(article.text):
            start, end = found.span(found.lastindex or 0)
            text = article.text[start:end]
            start += len(text) - len(text.lstrip())
            end = start + len(text.strip().rstrip(".,"))
            words = article.text[start:end]
            if len(words.split()) >= _LEAST_WORDS:
                claims.append(
                    Claim(content=((start, end),), text=words, stance="statement", confidence=1.0)
                )
        return self._analysis(article, claims=claims)
