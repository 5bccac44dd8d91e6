"""Offsets as other tools count them, brought to code points of the text.

A reference counts Unicode code points. Browsers count UTF-16 code units, so an emoji is
two to them; Python files opened as text show ``\\r\\n`` as one character. Which of these
a file counts by is told by the words that it repeats beside its offsets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.article import Span

__all__ = ["Shown", "choose_scale", "fit", "same_words"]


@dataclass(frozen=True, slots=True)
class Shown:
    """Spans as a file gives them, with the words that it says stand there, if it does."""

    key: str
    spans: tuple[Span, ...]
    words: str | None


def same_words(one: str, other: str) -> bool:
    """Whether two stretches are the same but for white space.

    Tools put blanks, or the two characters ``\\n``, where the text has line breaks.
    """
    return "".join(one.replace("\\n", " ").split()) == "".join(other.replace("\\n", " ").split())


def _scale(text: str, *, utf16: bool, one_newline: bool) -> dict[int, int]:
    """Code point offsets by the offset of another way to count."""
    scale = {}
    there = 0
    for here, character in enumerate(text):
        scale[there] = here
        if one_newline and character == "\r" and text[here + 1 : here + 2] == "\n":
            continue
        there += 2 if utf16 and ord(character) > 0xFFFF else 1
    scale[there] = len(text)
    return scale


def _moved(spans: Sequence[Span], scale: dict[int, int]) -> tuple[Span, ...] | None:
    if any(start not in scale or end not in scale for start, end in spans):
        return None
    return tuple((scale[start], scale[end]) for start, end in spans)


def _agrees(text: str, spans: Sequence[Span] | None, words: str) -> bool:
    return spans is not None and same_words(" ".join(text[s:e] for s, e in spans), words)


def choose_scale(text: str, shown: Sequence[Shown]) -> tuple[str | None, list[Shown]]:
    """The spans in code points, and how the file counted where it did otherwise.

    The way under which most of the words agree is the file's; code points when equal.
    """
    ways: list[tuple[str | None, dict[int, int]]] = [(None, {i: i for i in range(len(text) + 1)})]
    astral, crlf = any(ord(character) > 0xFFFF for character in text), "\r\n" in text
    if astral:
        ways.append(("UTF-16 code units", _scale(text, utf16=True, one_newline=False)))
    if crlf:
        ways.append(("\\r\\n as one", _scale(text, utf16=False, one_newline=True)))
    if astral and crlf:
        both = "UTF-16 code units and \\r\\n as one"
        ways.append((both, _scale(text, utf16=True, one_newline=True)))
    told = [item for item in shown if item.words]
    hits = [
        sum(_agrees(text, _moved(item.spans, scale), item.words or "") for item in told)
        for _, scale in ways
    ]
    name, scale = ways[hits.index(max(hits))]
    if name is None:
        return None, list(shown)
    return name, [Shown(s.key, _moved(s.spans, scale) or s.spans, s.words) for s in shown]


def fit(text: str, shown: Shown) -> tuple[tuple[Span, ...] | None, str]:
    """The spans where the words stand, and a remark when that is not where the file says.

    Words are looked for a few characters around and, if they are nowhere there, where they
    stand once in the whole text. None: they stand nowhere, or in several places.
    """
    for start, end in shown.spans:
        if not 0 <= start < end:
            return None, f"[{start}, {end}] is empty or reversed; mark it again"
    inside = all(end <= len(text) for _, end in shown.spans)
    if not shown.words:
        beyond = f"{_list(shown.spans)} is outside the text ({len(text)} characters)"
        return (shown.spans, "") if inside else (None, beyond)
    agrees = inside and _agrees(text, shown.spans, shown.words)
    (start, end), words = shown.spans[0], shown.words.strip()
    if agrees and (len(shown.spans) > 1 or _same_edges(text[start:end], shown.words)):
        return shown.spans, ""
    near = max(0, start - 3)
    for place, before in ((text[near : end + 3], near), (text, 0)):
        if words and len(shown.spans) == 1 and place.count(words) == 1:
            start = before + place.index(words)
            return ((start, start + len(words)),), f"is at {[start, start + len(words)]}"
    if agrees:
        return shown.spans, ""
    there = " ".join(text[s:e] for s, e in shown.spans)[:40]
    return None, (
        f"{_list(shown.spans)} is “{words[:40]}” in the labels and “{there}” in the text; "
        "label this text or give the one that was labelled"
    )


def _same_edges(one: str, other: str) -> bool:
    """Whether both begin and end with white space, or neither does."""
    edges = ((one[:1], other[:1]), (one[-1:], other[-1:]))
    return all(a.isspace() == b.isspace() for a, b in edges)


def _list(spans: Sequence[Span]) -> str:
    return ", ".join(str(list(span)) for span in spans)
