"""Models that are handed the references: the ceiling, and answers to one question alone."""

from __future__ import annotations

from collections.abc import Iterable

from evaluation.baselines.base import EVERYTHING, Baseline, extract
from evaluation.metrics.rouge import rouge
from evaluation.summaries import sentence_lines
from evaluation.tokens import sentences
from pipelines.article import (
    Analysis,
    Article,
    Attribution,
    Claim,
    Span,
    Summary,
    join_pieces,
    text_sha256,
)
from pipelines.errors import ArticleError
from pipelines.references import Reference

__all__ = ["GivenReferences", "Oracle", "OracleSentences", "oracle"]


class GivenReferences(Baseline):
    """A baseline that looks up the reference of the article it reads."""

    def __init__(
        self,
        name: str,
        references: Iterable[Reference],
        *,
        answers: frozenset[str],
        note: str,
        revision: str = "1",
    ) -> None:
        super().__init__(name, answers=answers, note=note, revision=revision)
        self._references = {
            (reference.id, text_sha256(reference.article.text)): reference
            for reference in references
        }

    def _reference(self, article: Article) -> Reference:
        found = self._references.get((article.id or "", text_sha256(article.text)))
        if found is None:
            raise ArticleError("no_reference", f"no reference labels article {article.id!r}")
        return found

    @staticmethod
    def _claim(text: str, label: Attribution, *, stance: str | None = None) -> Claim:
        fields = dict(label)
        if stance is not None:
            fields |= {"stance": stance, "also": (), "threat_from": None}
        return Claim(
            **fields,
            text=join_pieces(text, label.content),
            scores={stance or label.stance: 1.0},
            confidence=1.0,
        )


class Oracle(GivenReferences):
    def __init__(self, references: Iterable[Reference]) -> None:
        super().__init__(
            "oracle", references, answers=EVERYTHING, note="answers with the references"
        )

    def _read(self, article: Article) -> Analysis:
        reference = self._reference(article)
        return self._analysis(
            article,
            summary=Summary(text="\n".join(reference.summary), sentences=()),
            claims=[self._claim(article.text, label) for label in reference.claims],
        )


def oracle(references: Iterable[Reference]) -> Oracle:
    """A model that answers with the references: every metric must find it right.

    Raises :class:`~pipelines.references.LabelError` for a reference without a text.
    """
    return Oracle(references)


class OracleSentences(GivenReferences):
    """The sentences that together come nearest to the reference summary.

    Greedy: one sentence after another, each the one that raises the sum of ROUGE-1 and
    ROUGE-2 most, until none does or there are enough (Nallapati et al. 2017).
    """

    def __init__(self, references: Iterable[Reference], count: int = 3) -> None:
        super().__init__(
            f"oracle-{count}",
            references,
            answers=frozenset({"summary"}),
            note=f"given the reference summary, the {count} sentences nearest to it: a ceiling",
        )
        self._count = count

    def _read(self, article: Article) -> Analysis:
        reference = self._reference(article)
        target = sentence_lines("\n".join(reference.summary))
        left = list(sentences(article.text))
        if not left:
            raise ArticleError("empty_text", "text: has no sentence", field="text")
        taken: list[Span] = []
        best = 0.0
        while left and len(taken) < (article.max_sentences or self._count):
            scores = [self._gain(article.text, [*taken, span], target) for span in left]
            place = max(range(len(left)), key=scores.__getitem__)
            if taken and scores[place] <= best:
                break
            best = scores[place]
            taken.append(left.pop(place))
        return self._analysis(article, summary=extract(article.text, taken))

    @staticmethod
    def _gain(text: str, spans: list[Span], target: str) -> float:
        lines = "\n".join(text[start:end] for start, end in sorted(spans))
        scores = rouge((target,), lines)
        return scores["rouge1"] + scores["rouge2"]
