"""Stance alone, of claims that are given: the commonest label, and TF-IDF."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from evaluation.baselines.given import GivenReferences
from evaluation.data import seed_file
from evaluation.extras import need
from pipelines.article import Analysis, Article, Attribution, join_pieces
from pipelines.references import Reference, read_references

__all__ = ["Majority", "TfIdf"]

_ANSWERS = frozenset({"stance"})


def _training() -> tuple[Path, list[tuple[str, str]]]:
    """The seeds' single claims: cue and content as words, and their stance."""
    path = seed_file("stances/train.jsonl")
    rows = read_references(path)
    pairs = [
        (_words(row.article.text, claim), claim.stance) for row in rows for claim in row.claims
    ]
    return path, pairs


def _words(text: str, claim: Attribution) -> str:
    return f"{join_pieces(text, claim.cue)} {join_pieces(text, claim.content)}"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


class Majority(GivenReferences):
    """The commonest stance of the seeds' single claims, for every reference claim."""

    def __init__(self, references: Iterable[Reference]) -> None:
        path, pairs = _training()
        ((self._stance, _),) = Counter(stance for _, stance in pairs).most_common(1)
        super().__init__(
            "majority",
            references,
            answers=_ANSWERS,
            note=f"given the reference claims, always “{self._stance}”",
            revision=_digest(path),
        )

    def _read(self, article: Article) -> Analysis:
        claims = [
            self._claim(article.text, label, stance=self._stance)
            for label in self._reference(article).claims
        ]
        return self._analysis(article, claims=claims)


class TfIdf(GivenReferences):
    """TF-IDF of word 1- and 2-grams of cue and content, and logistic regression.

    Trained on the seeds' single claims by scikit-learn. Raises
    :class:`~evaluation.errors.BenchmarkError` when that is not installed.
    """

    def __init__(self, references: Iterable[Reference]) -> None:
        texts: Any = need("sklearn.feature_extraction.text", what="tfidf", extra="benchmark")
        linear: Any = need("sklearn.linear_model", what="tfidf", extra="benchmark")
        pipeline: Any = need("sklearn.pipeline", what="tfidf", extra="benchmark")
        path, pairs = _training()
        self._model = pipeline.make_pipeline(
            texts.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            linear.LogisticRegression(C=10.0, class_weight="balanced", solver="newton-cg"),
        ).fit([words for words, _ in pairs], [stance for _, stance in pairs])
        super().__init__(
            "tfidf",
            references,
            answers=_ANSWERS,
            note="given the reference claims, TF-IDF and logistic regression trained on "
            f"seeds/stances (scikit-learn {version('scikit-learn')})",
            revision=_digest(path),
        )

    def _read(self, article: Article) -> Analysis:
        labels = self._reference(article).claims
        if not labels:
            return self._analysis(article)
        stances = self._model.predict([_words(article.text, label) for label in labels])
        return self._analysis(
            article,
            claims=[
                self._claim(article.text, label, stance=str(stance))
                for label, stance in zip(labels, stances, strict=True)
            ],
        )
