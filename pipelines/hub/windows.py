"""A text of any length cut into windows on its sentence borders, and batches by tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipelines.article import Span

__all__ = ["batches", "pack", "within"]


def pack(
    text: str, sentences: Sequence[Span], count: Callable[[Sequence[str]], list[int]], limit: int
) -> list[Span]:
    """Spans of ``text`` of at most ``limit`` tokens each, made of whole sentences in order.

    ``count`` gives the tokens of each string. A sentence that alone is longer is cut at
    the space nearest to its middle, as often as it takes; nothing is left out.
    """
    spans = list(sentences)
    sizes = count([text[start:end] for start, end in spans])
    windows: list[list[Span]] = []
    used = 0
    queue = list(zip(spans, sizes, strict=True))[::-1]
    while queue:
        (start, end), size = queue.pop()
        if size > limit and end - start > 1:
            middle = _middle(text, start, end)
            halves = [(start, middle), (middle, end)]
            lengths = count([text[a:b] for a, b in halves])
            queue += list(zip(halves, lengths, strict=True))[::-1]
            continue
        if windows and used + size <= limit:
            windows[-1].append((start, end))
            used += size
        else:
            windows.append([(start, end)])
            used = size
    return _fitted(text, windows, count, limit)


def _fitted(
    text: str,
    windows: Sequence[list[Span]],
    count: Callable[[Sequence[str]], list[int]],
    limit: int,
) -> list[Span]:
    """The windows as spans, one halved that is over the limit with the spaces in it."""
    spans = [(window[0][0], window[-1][1]) for window in windows]
    sizes = count([text[start:end] for start, end in spans])
    out: list[Span] = []
    for window, span, size in zip(windows, spans, sizes, strict=True):
        if size > limit and len(window) > 1:
            middle = len(window) // 2
            out += _fitted(text, [window[:middle], window[middle:]], count, limit)
        else:
            out.append(span)
    return out


def _middle(text: str, start: int, end: int) -> int:
    """The space nearest to the middle of a span, else the middle; never an end of it."""
    middle = (start + end) // 2
    before, after = text.rfind(" ", start + 1, middle), text.find(" ", middle, end - 1)
    found = [place for place in (before, after) if place > start]
    return min(found, key=lambda place: abs(place - middle), default=middle)


def batches(lengths: Sequence[int], budget: int, *, copies: int = 1) -> Iterator[list[int]]:
    """Indices in batches, longest first, of at most ``budget`` tokens with the padding.

    Each item counts ``copies`` times, once a beam. One that alone is over the budget
    makes a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    batch: list[int] = []
    for i in order:
        longest = lengths[batch[0]] if batch else lengths[i]
        if batch and (len(batch) + 1) * longest * copies > budget:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def within(sentences: Sequence[str], *, max_words: int, max_sentences: int) -> tuple[str, ...]:
    """The sentences, in order, that fit the budget together; one that does not is passed over."""
    chosen: list[str] = []
    left = max_words
    for sentence in sentences:
        words = len(sentence.split())
        if len(chosen) < max_sentences and 0 < words <= left and sentence not in chosen:
            chosen.append(sentence)
            left -= words
    return tuple(chosen)
