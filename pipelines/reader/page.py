"""A page that is itself somebody's statement: whose it is, and what on it is whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipelines.reader.document import Document
from pipelines.reader.reading import FoundClaim, Reading
from pipelines.speakers.people import Resolved

__all__ = ["page_speaker", "with_page_speaker"]

_FIRST_PERSON = frozenset(["we", "our", "ours", "us", "i", "my", "mine"])
#: A report has the first person in its quotations; a statement has it outside them too.
_LEAST = 3


def _unquoted(document: Document, found: FoundClaim) -> bool:
    return not document.quoted(found.content[0][0])


def _of_the_page(document: Document, found: FoundClaim) -> bool:
    """Whether a claim stands without a source of its own, as on a statement's page."""
    if not _unquoted(document, found):
        return False
    if not found.source:
        return True
    sentence = document.word_sentence
    return not found.cue and sentence[found.source[0][0]] != sentence[found.content[0][0]]


def _is_statement(document: Document) -> bool:
    spoken = (
        document.word(i).casefold() in _FIRST_PERSON and not document.quoted(i)
        for i in range(len(document.words))
    )
    return sum(spoken) >= _LEAST


def page_speaker(
    document: Document, reading: Reading, speakers: Sequence[Resolved]
) -> Resolved | None:
    """Whose statement the page is; None where it is a report of what several said.

    It is whom most of its claims without a source beside them were linked to, or else the
    first person or organisation that it names, as a letterhead does.
    """
    if not _is_statement(document):
        return None
    named = Counter(
        who.names
        for found, who in zip(reading.claims, speakers, strict=True)
        if found.source and who.names and _of_the_page(document, found)
    )
    if named:
        names = named.most_common(1)[0][0]
        return next(who for who in speakers if who.names == names)
    heads = [entity for entity in reading.entities if entity.kind in ("person", "organisation")]
    if not heads:
        return None
    return Resolved((heads[0].name,), (reading.entities.index(heads[0]),), 0.5)


def with_page_speaker(
    document: Document, reading: Reading, speakers: Sequence[Resolved]
) -> list[Resolved | None]:
    """The speakers, with the page's own where a claim has none beside it.

    None stands for a claim that is nobody's: in a report, what has neither cue nor source
    nor quotation marks is the reporter's own.
    """
    page = page_speaker(document, reading, speakers)
    out: list[Resolved | None] = []
    for found, who in zip(reading.claims, speakers, strict=True):
        own = found.cue or found.source or not _unquoted(document, found)
        if page is not None and _of_the_page(document, found):
            out.append(replace(page, probability=min(page.probability, 0.7)))
        else:
            out.append(who if own else None)
    return out
