"""Mending where a source begins and ends, by the names and words it cuts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.reader.document import Document
from pipelines.speakers.names import COURTESIES, Mention
from pipelines.speakers.roles import is_office
from pipelines.speakers.states import state_of

__all__ = ["refine_source", "whole_names"]

Words = tuple[int, int]
_DETERMINERS = frozenset(["the", "a", "an", "his", "her", "its", "their", "both", "these"])
_HYPHENS = frozenset("-‑–")
#: The longest description that a lone "the" is taken to open.
_REACH = 6


_LONGEST_NAME = 4
#: The most words of a title and name behind "and".
_JOINED = 12


def whole_names(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """``mentions`` with persons' names that start too late drawn out to their first word.

    A capitalised word before a name is part of it unless it opens the sentence, is a
    title, an acronym, a state or its people, or belongs to another name.
    """
    taken = {i for mention in mentions for i in range(mention.start, mention.end)}
    sentence = document.word_sentence
    out = []
    for mention in mentions:
        start = mention.start
        while mention.kind == "person" and start > 0 and mention.end - start < _LONGEST_NAME:
            first, last = document.words[start - 1]
            word = document.text[first:last]
            gap = document.text[last : document.words[start][0]]
            opens = start < 2 or sentence[start - 2] != sentence[start - 1]
            title = is_office(word) or word.casefold() in COURTESIES or state_of(word) is not None
            if gap != " " or opens or title or start - 1 in taken or not word.istitle():
                break
            start -= 1
        while start > 1 and mention.kind == "person" and _initialled(document, start):
            start -= 2  # "Amarsaikhan" begins with "S."
        end = mention.end
        if document.word(end - 1) in _HYPHENS and end - start > 1:
            end += 1 if end < len(document.words) and _hyphened(document, end - 1) else -1
        while end + 1 < len(document.words) and _hyphened(document, end):
            end += 2  # "Ko Sang" goes on with "-uk"
        first, last = document.characters((start, end))
        bracketed = document.text[max(0, first - 1) : first] == "("
        out.append(Mention(start, end, document.text[first:last], mention.kind, bracketed))
    return _merged(document, out)


def _merged(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """Persons whose first name and surname were taken for two, made one."""
    out: list[Mention] = []
    for mention in mentions:
        last = out[-1] if out else None
        if last is not None and last.kind == mention.kind == "person" and last.end == mention.start:
            first, end = document.characters((last.start, mention.end))
            text = document.text[first:end]
            if " " in text and "\n" not in text:
                out[-1] = replace(last, end=mention.end, text=text)
                continue
        out.append(mention)
    return out


def _initialled(document: Document, start: int) -> bool:
    """Whether an initial and its full stop are joined to the name that starts at ``start``."""
    (first, last), (stop, behind) = document.words[start - 2], document.words[start - 1]
    letter = document.text[first:last]
    joined = last == stop and behind == document.words[start][0]
    return joined and document.text[stop:behind] == "." and len(letter) == 1 and letter.isupper()


def _hyphened(document: Document, word: int) -> bool:
    """Whether a word is a hyphen that joins those beside it into one."""
    first, last = document.words[word]
    before, behind = document.words[word - 1][1], document.words[word + 1][0]
    return document.word(word) in _HYPHENS and before == first and last == behind


def refine_source(
    document: Document, source: Words, cue: Words | None, mentions: Sequence[Mention]
) -> Words:
    """``source`` with whole names, and with the noun that its article belongs to.

    A name that the source cuts is taken in whole, and so is a name that follows a title
    at once or behind a comma ("Navy chief" before "Arvid Lund"). A lone "the" goes on up to
    the noun before the cue, and one that goes on with "and" and a second person up to the
    cue is both. All in words of the document, ``[first, last + 1)``.
    """
    start, end = source
    sentence, word = document.word_sentence, document.word
    if end - start == 1 and word(start).casefold() in _DETERMINERS and cue and cue[0] >= end:
        last = min(cue[0], end + _REACH)
        taken = end
        while taken < last and sentence[taken] == sentence[start] and word(taken)[0].isupper():
            taken += 1
        nothing = taken == end or not is_office(word(taken - 1))
        if nothing and taken < last and sentence[taken] == sentence[start]:
            taken += word(taken)[0].isalpha()
        end = taken
    end = _title(document, end, mentions)
    for mention in mentions:
        cut = mention.start < end < mention.end or mention.start < start < mention.end
        follows = mention.start == end or (mention.start == end + 1 and word(end) == ",")
        titled = follows and mention.kind == "person" and is_office(word(end - 1))
        if (cut or titled) and sentence[mention.start] == sentence[mention.end - 1]:
            start, end = min(start, mention.start), max(end, mention.end)
    return start, _joined(document, end, cue, mentions)


def _title(document: Document, end: int, mentions: Sequence[Mention]) -> int:
    """The end of the title that goes on behind ``end`` up to a name.

    "Latvian" has "Defence Minister" before "Ona Varga" to it.
    """
    persons = {mention.start for mention in mentions if mention.kind == "person"}
    sentence = document.word_sentence
    for at in range(end, min(end + _REACH, len(document.words))):
        if sentence[at] != sentence[end - 1] or not document.word(at)[0].isupper():
            break
        if at in persons:
            return at
    return end


def _joined(document: Document, end: int, cue: Words | None, mentions: Sequence[Mention]) -> int:
    """The end of a source whose "and …" with a second name runs up to the cue."""
    if cue is None or not 1 < cue[0] - end <= _JOINED:
        return end
    second = any(m.kind == "person" and m.start > end and m.end == cue[0] for m in mentions)
    same = document.word_sentence[end] == document.word_sentence[cue[0]]
    return cue[0] if document.word(end) == "and" and second and same else end
