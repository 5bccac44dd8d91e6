"""Whether a pair of quotation marks stands around the whole of a stretch of text."""

from __future__ import annotations

import re

__all__ = ["CLOSING", "OPENING", "enclosed", "half_enclosed"]

#: Each opening mark with the one that closes it; a straight mark does both.
_PAIRS = {"“": "”", "‘": "’", "«": "»", "„": "“", '"': '"', "'": "'"}
OPENING = frozenset(_PAIRS)
CLOSING = frozenset(_PAIRS.values())

_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
#: A quotation over paragraphs opens each of them and closes the last only.
_REOPENED = re.compile(r"(\n\s*)[“‘«„\"']")


def enclosed(content: str) -> bool:
    """Whether the first and the last character are a pair with the whole between them.

    "“Yes” and “no”" is not enclosed: its first mark is closed before the end. A quotation
    over paragraphs, which opens again in each, is.
    """
    if len(content) < 2 or _PAIRS.get(content[0]) != content[-1]:
        return False
    opening, closing = content[0], content[-1]
    inside = _APOSTROPHE.sub("", _REOPENED.sub(r"\1", content[1:-1]))
    if opening == closing:
        return opening not in inside
    depth = 1
    for character in inside:
        depth += (character == opening) - (character == closing)
        if depth == 0:
            return False
    return True


def half_enclosed(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` holds one mark of a pair and the other is just outside."""
    inside = _APOSTROPHE.sub("", text[start:end])
    after = text[end : end + 2].lstrip(".,!?")[:1]
    before = text[max(0, start - 1) : start]
    first, last = inside[:1], inside[-1:]
    opens = first in OPENING and _PAIRS[first] not in inside[1:] and after == _PAIRS[first]
    closes = before in OPENING and last == _PAIRS[before] and before not in inside[:-1]
    return opens or closes
