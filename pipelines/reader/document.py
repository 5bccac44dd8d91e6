"""Text made ready for the encoder: sentences, words, word pieces, windows.

A word here is what BERT's pre-tokeniser calls one: a run of letters and digits, or one
punctuation mark. Heads work on words; the encoder works on their pieces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sentencex import get_sentence_boundaries
from tokenizers import Tokenizer

from pipelines.article import Span

__all__ = ["MARKS", "Document", "Window", "make_document", "split_sentences"]

#: Values of each mark: casing, line break before, inside quotation marks.
MARKS = (5, 3, 2)
BREAK, QUOTED = 1, 2

_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")
_OPENING, _CLOSING = "“«„", "”»"


def split_sentences(text: str) -> list[Span]:
    """Spans of the sentences of ``text``, without surrounding space; a line break ends one."""
    spans: list[Span] = []
    for paragraph in _PARAGRAPH.finditer(text):
        body = paragraph.group()
        if not body.strip():
            continue
        # The library counts bytes in some releases; its sentences, in order, are certain.
        cursor = 0
        for boundary in get_sentence_boundaries("en", body):
            sentence = boundary["text"].strip()
            start = body.find(sentence, cursor)
            if not sentence or start < 0:
                continue
            cursor = start + len(sentence)
            spans.append((paragraph.start() + start, paragraph.start() + cursor))
    return spans


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces ``[start, end)`` that are read together; states of ``[keep, stop)`` are kept."""

    start: int
    end: int
    keep: int
    stop: int


@dataclass(frozen=True)
class Document:
    text: str
    sentences: list[Span]
    pieces: NDArray[np.int64]  # [pieces]
    marks: NDArray[np.int64]  # [pieces, kinds]
    first_piece: NDArray[np.int64]  # [words]
    words: NDArray[np.int64]  # [words, 2], offsets into the text

    @cached_property
    def word_sentence(self) -> NDArray[np.int64]:
        """Index of the sentence that each word lies in, ``[words]``."""
        starts = np.array([start for start, _ in self.sentences] or [0])
        return np.maximum(np.searchsorted(starts, self.words[:, 0], side="right") - 1, 0)

    @cached_property
    def after_break(self) -> NDArray[np.bool_]:
        """Whether a line break stands before each word, ``[words]``; true of the first."""
        broken: NDArray[np.bool_] = self.marks[self.first_piece, BREAK] > 0
        return broken

    def word_range(self, span: Span) -> tuple[int, int] | None:
        """The words ``[first, last + 1)`` under a span of the text; None when there are none."""
        first = int(np.searchsorted(self.words[:, 1], span[0], side="right"))
        last = int(np.searchsorted(self.words[:, 0], span[1], side="left"))
        return (first, last) if first < last else None

    def word(self, index: int) -> str:
        """What a word says."""
        start, end = self.words[index]
        return self.text[start:end]

    def quoted(self, word: int) -> bool:
        """Whether a word stands in quotation marks."""
        return bool(self.marks[self.first_piece[word], QUOTED])

    def characters(self, words: tuple[int, int]) -> Span:
        """The span of the text under words ``[first, last + 1)``."""
        return int(self.words[words[0], 0]), int(self.words[words[1] - 1, 1])

    def windows(self, size: int, overlap: int) -> list[Window]:
        """Windows of at most ``size`` pieces; each piece is kept where its context is widest."""
        total = len(self.pieces)
        if total <= size:
            return [Window(0, total, 0, total)] if total else []
        starts = [*range(0, total - size, size - overlap), total - size]
        out = []
        for i, start in enumerate(starts):
            keep = 0 if i == 0 else (starts[i - 1] + size + start) // 2
            last = i + 1 == len(starts)
            stop = total if last else (start + size + starts[i + 1]) // 2
            out.append(Window(start, start + size, keep, stop))
        return out


def _casing(word: str) -> int:
    if not word[0].isalpha():
        return 4 if word[0].isdigit() else 0
    if word.islower():
        return 0
    if word.isupper():
        return 2 if len(word) > 1 else 1
    return 1 if word[0].isupper() and word[1:].islower() else 3


def _quotation(text: str) -> NDArray[np.bool_]:
    """True for characters in quotation marks. A paragraph begins outside, save that curly
    marks left open go on into a paragraph that itself opens with a mark."""
    inside = np.zeros(len(text) + 1, dtype=bool)
    straight = curly = False
    for i, char in enumerate(text):
        if char == "\n":
            straight = curly = False
        elif char == '"':
            straight = not straight
        elif char in _OPENING:
            curly = True
        elif char in _CLOSING:
            curly = False
        inside[i] = straight or curly
    return inside


def make_document(text: str, tokenizer: Tokenizer) -> Document:
    """Tokenise ``text`` whole; nothing is cut, whatever its length."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    word_ids = np.array([-1 if w is None else w for w in encoding.word_ids], dtype=np.int64)
    if len(word_ids):
        first = np.flatnonzero(np.r_[True, word_ids[1:] != word_ids[:-1]])
        last = np.r_[first[1:], len(word_ids)] - 1
    else:
        first = last = np.zeros(0, dtype=np.int64)
    words = np.stack([offsets[first, 0], offsets[last, 1]], axis=1).reshape(-1, 2)
    marks = np.zeros((len(word_ids), len(MARKS)), dtype=np.int64)
    inside = _quotation(text)
    previous = 0
    for i, (start, end) in enumerate(words.tolist()):
        pieces = slice(int(first[i]), int(last[i]) + 1)
        marks[pieces, 0] = _casing(text[start:end])
        breaks = text.count("\n", previous, start)
        marks[pieces, 1] = min(breaks, 2) if i else 2
        marks[pieces, 2] = inside[start]
        previous = end
    return Document(
        text=text,
        sentences=split_sentences(text),
        pieces=np.array(encoding.ids, dtype=np.int64),
        marks=marks,
        first_piece=first,
        words=words,
    )
