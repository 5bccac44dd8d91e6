"""Mending where a source begins and ends, by the names and words it cuts."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.reader.document import Document
from pipelines.speakers.names import COURTESIES, Mention
from pipelines.speakers.roles import is_office
from pipelines.speakers.states import state_of

__all__ = ["refine_source", "whole_names"]

Words = tuple[int, int]
_DETERMINERS = frozenset(["the", "a", "an", "his", "her", "its", "their", "both", "these"])
#: The longest description that a lone "the" is taken to open.
_REACH = 6


_LONGEST_NAME = 4


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
        first, last = document.characters((start, mention.end))
        out.append(Mention(start, mention.end, document.text[first:last], mention.kind))
    return out


def refine_source(
    document: Document, source: Words, cue: Words | None, mentions: Sequence[Mention]
) -> Words:
    """``source`` with whole names, and with the noun that its article belongs to.

    A name that the source cuts is taken in whole, and so is a name that follows a title
    at once ("Army chief" before "Said Chengriha"). A lone "the" goes on up to the noun
    before the cue. All in words of the document, ``[first, last + 1)``.
    """
    start, end = source
    sentence = document.word_sentence

    def word(i: int) -> str:
        first, last = document.words[i]
        return document.text[first:last]

    if end - start == 1 and word(start).casefold() in _DETERMINERS and cue and cue[0] >= end:
        last = min(cue[0], end + _REACH)
        taken = end
        while taken < last and sentence[taken] == sentence[start] and word(taken)[0].isupper():
            taken += 1
        nothing = taken == end or not is_office(word(taken - 1))
        if nothing and taken < last and sentence[taken] == sentence[start]:
            taken += word(taken)[0].isalpha()
        end = taken
    for mention in mentions:
        cut = mention.start < end < mention.end or mention.start < start < mention.end
        titled = mention.start == end and mention.kind == "person" and is_office(word(end - 1))
        if (cut or titled) and sentence[mention.start] == sentence[mention.end - 1]:
            start, end = min(start, mention.start), max(end, mention.end)
    return start, end
