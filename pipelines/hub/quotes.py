"""A quotation found in its source: as it stands, then but for marks and spaces, then nearly."""

from __future__ import annotations

import re

from pipelines.article import Span

__all__ = ["find_quote", "normalise"]

#: A quotation this short is found as it stands or not at all.
_SHORTEST = 20
#: Least likeness of a quotation to its place, in percent of rapidfuzz's ratio.
_LIKENESS = 90.0
_SAME = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"}
)
_EDGE = " \t\n\r\"'“”‘’«»„.,;:…"
_SPACES = re.compile(r"\s+")
_INVISIBLE = "\u2060"


def normalise(text: str) -> tuple[str, list[int]]:
    """``text`` with plain marks, single spaces and small letters, and where each came from.

    The second value has, for each character of the first, its offset in ``text``.
    """
    out: list[str] = []
    places: list[int] = []
    for i, char in enumerate(text):
        if char == _INVISIBLE:
            continue
        plain = " " if char.isspace() else char.translate(_SAME)
        if plain == " " and out and out[-1] == " ":
            continue
        # Some letters have two in lower case; each stands where the one stood.
        for one in plain.lower():
            out.append(one)
            places.append(i)
    return "".join(out), places


def find_quote(text: str, quote: str, *, near: int = 0) -> Span | None:
    """The span of ``text`` that ``quote`` repeats, the nearest to ``near``; None without one.

    What is found is as the text has it. A fuzzy match is bounded: at least 90 % alike,
    not more than a tenth longer or shorter, and never for a short quotation.
    """
    quote = quote.replace(_INVISIBLE, "").strip(_EDGE)
    if not any(char.isalnum() for char in quote):
        return None
    starts = [m.start() for m in re.finditer(re.escape(quote), text)]
    starts = [start for start in starts if _whole_words(text, start, start + len(quote))]
    if starts:
        start = min(starts, key=lambda place: abs(place - near))
        return start, start + len(quote)
    plain, places = normalise(text)
    wanted = _SPACES.sub(" ", normalise(quote)[0]).strip()
    found = [m.start() for m in re.finditer(re.escape(wanted), plain)]
    spans = [(places[at], places[at + len(wanted) - 1] + 1) for at in found]
    spans = [span for span in spans if _whole_words(text, *span)]
    if spans:
        return min(spans, key=lambda span: abs(span[0] - near))
    return _fuzzy(text, plain, places, wanted)


def _whole_words(text: str, start: int, end: int) -> bool:
    """Whether the span cuts through no word."""
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return not before and not after


def _fuzzy(text: str, plain: str, places: list[int], wanted: str) -> Span | None:
    from rapidfuzz.fuzz import partial_ratio_alignment, ratio

    if len(wanted) < _SHORTEST or len(wanted) > len(plain):
        return None
    found = partial_ratio_alignment(wanted, plain, score_cutoff=_LIKENESS)
    if found is None:
        return None
    start, end = found.dest_start, found.dest_end
    while start > 0 and plain[start - 1].isalnum() and plain[start].isalnum():
        start -= 1
    while end < len(plain) and plain[end - 1].isalnum() and plain[end].isalnum():
        end += 1
    piece = plain[start:end].strip(_EDGE)
    start = plain.index(piece, start)
    end = start + len(piece)
    if abs(len(piece) - len(wanted)) > len(wanted) / 10 or ratio(wanted, piece) < _LIKENESS:
        return None
    # A number or a "not" that differs is another statement, however alike the letters are.
    if _telling(wanted) != _telling(piece):
        return None
    return places[start], places[end - 1] + 1


def _telling(words: str) -> list[str]:
    return re.findall(r"\d+|\b(?:not|no|never|nor|neither|without)\b|n't\b", words)
