"""Where spans may begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evaluation.labels.problem import Finding, error, warning
from evaluation.labels.quotes import enclosed, half_enclosed
from pipelines.article import Attribution, Span

__all__ = ["check_overlaps", "check_spans"]

_WORD = re.compile(r"\w")
#: What ends in a full stop of its own: initials ("U.S.", "J.") and the usual short forms.
_ABBREVIATION = re.compile(
    r"(?:\b(?:\w\.)+|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Capt|Sgt|Sen|Rep|Gov|Rev|Hon|St|Jr|Sr"
    r"|Inc|Ltd|Co|Corp|Bros|No|vs|etc|al|approx|dept|est|govt|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?"
    r"|Oct|Nov|Dec|p\.m|a\.m|ph\.d|e\.g|i\.e|Pty|Bhd|Sdn)\.)$",
    re.IGNORECASE,
)


def _shown(text: str, span: Span) -> str:
    start, end = span
    said = " ".join(text[start:end].split())
    return f"[{start}, {end}] “{said if len(said) <= 48 else f'{said[:22]} … {said[-22:]}'}”"


def _inside_word(text: str, at: int) -> bool:
    around = text[at - 1 : at + 1] if at > 0 else ""
    return len(around) == 2 and all(_WORD.match(character) for character in around)


def _check_edges(name: str, text: str, span: Span) -> Iterator[Finding]:
    start, end = span
    said, shown = text[start:end], _shown(text, span)
    for edge, at in (("starts", start), ("ends", end)):
        if _inside_word(text, at):
            yield error(
                "inside-word", f"{name} {shown} {edge} inside a word; move it to the word's edge"
            )
    if said != said.strip():
        yield error("space", f"{name} {shown} has space at its edge; leave it outside")


def _check_content(claim: Attribution, text: str) -> Iterator[Finding]:
    pieces = [text[start:end] for start, end in claim.content]
    shown = _shown(text, (claim.content[0][0], claim.content[-1][1]))
    # A pair around one piece of several is around a part, and belongs inside.
    if all(map(enclosed, pieces)) or enclosed("".join(pieces)):
        yield error(
            "quotation-marks", f"content {shown} has a pair around the whole; leave it outside"
        )
    elif len(pieces) == 1 and half_enclosed(text, *claim.content[0]):
        yield error(
            "quotation-marks", f"content {shown} has one mark of a pair; leave both outside"
        )
    last = pieces[-1]  # the full stop of a quoted part stays within its marks: “… of war.”
    if last.endswith(".") and not last.endswith("..") and not _ABBREVIATION.search(last):
        yield error("full-stop", f"content {shown} ends with its full stop; leave it outside")
    elif last.endswith((",", ";", ":")):
        yield warning("comma", f"content {shown} ends with a comma or colon; leave it outside")
    before = {text[end:start].strip() for _, end in claim.cue for start, _ in claim.content}
    if pieces[0].startswith("that ") and "" in before:
        yield warning("that", f"content {shown} starts with the linking “that”; leave it outside")


def _check_cue(claim: Attribution, text: str) -> Iterator[Finding]:
    for span in claim.cue:
        shown = _shown(text, span)
        if text[slice(*span)].casefold().endswith(" that"):
            yield error("that", f"cue {shown} ends with the linking “that”; leave it outside")
        if any(start < span[1] and span[0] < end for start, end in claim.content):
            yield error("cue-in-content", f"cue {shown} lies in the content; take it out of one")


def check_spans(claim: Attribution, text: str) -> Iterator[Finding]:
    """Findings about the spans of one claim, all offsets in code points of ``text``."""
    fields = (("content", claim.content), ("cue", claim.cue), ("mention", claim.speaker.mention))
    outside = [(name, span) for name, spans in fields for span in spans if span[1] > len(text)]
    for name, span in outside:
        yield error(
            "offsets",
            f"{name} {list(span)} is outside the text of {len(text)} characters; "
            "count code points of this very text",
        )
    if outside:
        return
    for name, spans in fields:
        for span in spans:
            yield from _check_edges(name, text, span)
    yield from _check_content(claim, text)
    yield from _check_cue(claim, text)


def check_overlaps(claims: Sequence[tuple[int, Attribution]]) -> Iterator[tuple[int, Finding]]:
    """Contents of different claims that overlap, with the number of the later claim."""
    spans = sorted((span, number) for number, claim in claims for span in claim.content)
    reported = set()
    furthest, owner = 0, 0
    for (start, end), number in spans:
        pair = (min(owner, number), max(owner, number))
        if start < furthest and owner != number and pair not in reported:
            reported.add(pair)
            yield (
                pair[1],
                error(
                    "overlap",
                    f"content [{start}, {end}] overlaps that of claim {pair[0]}; "
                    "give each stretch to one claim",
                ),
            )
        if end > furthest:
            furthest, owner = end, number
