"""What in an article bears out a sentence that a model wrote of it.

Each word of the sentence is held against each word of the article by the embedded encoder's
states, after the greedy matching of BERTScore (Zhang et al. 2020), with recall turned about:
the question is whether every word written has its match in the source. Names and numbers
must stand in the article as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from pipelines.article import GeneratedSentence, Span, Summary
from pipelines.reader.claims import name_mentions
from pipelines.reader.document import Document, make_document
from pipelines.reader.reader import ReadArticle, Reader

__all__ = ["SUPPORTED", "Prover"]

#: From here on a sentence counts as supported. Of 64 sentences of hand-written summaries the
#: median is .76 with the article they are of, and none is above .56 with another, before names
#: are looked at.
SUPPORTED = 0.5
#: A second and third sentence are evidence when they raise the support by this much.
_RAISES = 0.04
_EVIDENCE = 3
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"\w+")
#: Words of a name that may be left out or added without making it another.
_SMALL = frozenset(
    "the a an of and for in on at to de la le al el von van der mr mrs ms dr".split()
)


@dataclass(frozen=True, slots=True)
class _Source:
    states: Tensor  # [words, hidden], of length 1
    sentence: Tensor  # [words], the sentence of each word
    vocabulary: frozenset[str]
    numbers: frozenset[str]


def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))


def _numbers(text: str) -> frozenset[str]:
    """Numbers as bare digits: "1,500" and "1500" are one."""
    return frozenset(number.replace(",", "") for number in _NUMBER.findall(text))


class Prover:
    """Finds evidence with the encoder of the embedded reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def prove(self, article: ReadArticle, sentences: Sequence[str], *, coverage: float) -> Summary:
        """The summary that ``sentences`` make, each with its evidence and support."""
        document = article.ready.document
        source = self._source(document)
        proved = [
            self._sentence(sentence, document, source, article.reading.salience)
            for sentence in sentences
        ]
        return Summary(
            text=" ".join(sentences), sentences=tuple(proved), coverage=round(coverage, 4)
        )

    @torch.inference_mode()
    def _states(self, document: Document) -> Tensor:
        (states,) = self.reader.network.encode([document])
        return states

    def _source(self, document: Document) -> _Source:
        return _Source(
            states=functional.normalize(self._states(document).float(), dim=1),
            sentence=torch.as_tensor(document.word_sentence),
            vocabulary=_vocabulary(document.text),
            numbers=_numbers(document.text),
        )

    def _sentence(
        self, text: str, document: Document, source: _Source, salience: Sequence[float]
    ) -> GeneratedSentence:
        written = make_document(text, self.reader.tokenizer)
        states = self._states(written)
        found, similarity = _evidence(written, states, document, source)
        true = self._names_and_numbers(written, states, source)
        support = max(0.0, min(1.0, similarity * true))
        return GeneratedSentence(
            text=text,
            score=round(max((salience[i] for i in found), default=0.0), 4),
            evidence=tuple(document.sentences[i] for i in sorted(found)),
            support=round(support, 4),
            supported=true == 1.0 and support >= SUPPORTED,
        )

    def _names_and_numbers(self, written: Document, states: Tensor, source: _Source) -> float:
        """The share of the names and numbers written that stand in the article."""
        numbers = _numbers(written.text)
        good = [number in source.numbers for number in numbers]
        names: list[Span] = []
        if len(written.words):
            with torch.inference_mode():
                mentions = name_mentions(self.reader.network, states, written)
            names = [written.characters((one.start, one.end)) for one in mentions]
        for start, end in names:
            own = _vocabulary(written.text[start:end]) - _SMALL
            good.append(own <= source.vocabulary)
        return sum(good) / len(good) if good else 1.0


def _content(document: Document) -> list[int]:
    """Words that say something: no marks, and no short words unless there are no others."""
    words = [document.word(i) for i in range(len(document.words))]
    said = [i for i, word in enumerate(words) if any(char.isalnum() for char in word)]
    return [i for i in said if len(words[i]) > 3 or not words[i].islower()] or said


def _evidence(
    written: Document, states: Tensor, document: Document, source: _Source
) -> tuple[list[int], float]:
    """Sentences of the article that bear the words out, and how well they do, in 0…1."""
    content = _content(written)
    if not content or not len(source.states):
        return [], 0.0
    rows = functional.normalize(states[content].float(), dim=1)
    matches = rows @ source.states.T  # [content, words of the article]
    where = {word.casefold() for word in (written.word(i) for i in content)}
    folded = [document.word(i).casefold() for i in range(len(document.words))]
    places: dict[str, list[int]] = {}
    for i, word in enumerate(folded):
        if word in where:
            places.setdefault(word, []).append(i)
    for row, i in enumerate(content):
        at = places.get(written.word(i).casefold())
        if at:
            matches[row, at] = 1.0
    best = torch.zeros(len(content), len(document.sentences))
    best.scatter_reduce_(
        1,
        source.sentence.expand(len(content), -1),
        matches.clamp(min=0).cpu(),
        "amax",
    )
    covered = torch.zeros(len(content))
    found: list[int] = []
    while len(found) < _EVIDENCE:
        gains = torch.maximum(best, covered[:, None]).mean(0)
        i = int(gains.argmax())
        if found and float(gains[i] - covered.mean()) < _RAISES:
            break
        found.append(i)
        covered = torch.maximum(covered, best[:, i])
    return found, float(covered.mean())
