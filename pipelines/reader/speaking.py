"""Who makes each claim of a reading, one after the other as the text goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines.reader.document import Document
from pipelines.reader.reading import FoundClaim, Reading
from pipelines.speakers.descriptions import AFTERTHOUGHT, institution
from pipelines.speakers.names import Mention
from pipelines.speakers.people import Resolved, SpeakerContext
from pipelines.speakers.resolve import resolve

__all__ = ["who_speaks"]

Words = tuple[int, int]
#: Lines of a letterhead, and words of the longest institution in it.
_HEAD, _LONGEST = 3, 12
NOBODY = Resolved((), (), 1.0)


def who_speaks(
    document: Document, reading: Reading, roles: Mapping[int, str], threshold: float
) -> list[Resolved]:
    """The speakers of ``reading.claims``, in their order.

    A quotation without a source is the speaker's before it.
    """
    owner = {m: j for j, entity in enumerate(reading.entities) for m in entity.mentions}
    bodies = [
        (mention.start, reading.entities[owner[m]].name)
        for m, mention in enumerate(reading.mentions)
        if reading.entities[owner[m]].kind in ("organisation", "other")
    ]
    persons = [
        mention
        for m, mention in enumerate(reading.mentions)
        if reading.entities[owner[m]].kind == "person"
    ]
    bodies += _letterhead(document)
    out = [NOBODY] * len(reading.claims)
    last, at = NOBODY, 0
    for i in sorted(range(len(out)), key=lambda i: _place(reading.claims[i])):
        found = reading.claims[i]
        place = _place(found)
        apart = document.word_sentence[place] - document.word_sentence[at]
        if not found.source:
            quoted = document.quoted(found.content[0][0])
            out[i] = replace(last, probability=0.6) if quoted and last.names else NOBODY
            continue
        start, end = found.source[0]
        end = _without_afterthought(document, (start, end), persons)
        first, final = document.characters((start, end))
        said = document.text[first:final].rstrip(" ,;:–-")
        bare = start + (said[:4].casefold() == "the ")  # "the IDSC" is all of "IDSC"
        within = [
            (owner[m], mention)
            for m, mention in enumerate(reading.mentions)
            if mention.start >= start and mention.end <= end
        ]
        context = SpeakerContext(
            entities=reading.entities,
            roles=dict(roles),
            inside=[(j, mention.start <= bare and mention.end == end) for j, mention in within],
            opens_with_name=any(mention.start <= bare for _, mention in within),
            ends_with_name=any(mention.end == end for _, mention in within),
            probabilities=found.speakers,
            threshold=threshold,
            earlier=[name for where, name in sorted(bodies) if where < start],
            previous=last if apart <= 2 else None,
        )
        last, at = resolve(said, context), place
        if last.entities == (-1,):
            bodies.append((start, last.names[0]))
        out[i] = last
    return out


def _letterhead(document: Document) -> Iterator[tuple[int, str]]:
    """Institutions that a line at the head of the page names whole, and where they stand."""
    for start, end in document.sentences[:_HEAD]:
        words = document.word_range((start, end))
        name = institution(document.text[start:end])
        if words is not None and name is not None and len(name.split()) <= _LONGEST:
            yield words[0], name


def _without_afterthought(document: Document, source: Words, persons: Sequence[Mention]) -> int:
    """Where the mention ends whose person is named before a comma: "Reis, who chairs the talks"."""
    start, end = source
    first, last = document.characters(source)
    cut = AFTERTHOUGHT.search(document.text, first, last)
    if cut is None:
        return end
    words = document.word_range((first, cut.start()))
    if words is None or not any(start <= m.start and m.end <= words[1] for m in persons):
        return end
    return words[1]


def _place(found: FoundClaim) -> int:
    """The word at which a claim is made: of its source, else of its content."""
    return (found.source or found.content)[0][0]
