"""From bytes to text: the encoding found out, what was guessed and what looks garbled said."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from pipelines.archive.records import Trouble

__all__ = ["decode", "guess", "looks_garbled"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: As much of a text as tells its encoding, or whether it is garbled.
_SAMPLE = 1 << 16


def guess(data: bytes) -> str | None:
    """The most likely encoding of bytes that are not UTF-8, or None where none fits."""
    best = from_bytes(data[:_SAMPLE]).best()
    return best.encoding if best is not None else None


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of these bytes, and what has to be said of its encoding.

    Raises :class:`~pipelines.archive.records.Trouble` where no encoding fits.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    try:
        return data.decode(marked or "utf-8"), ()
    except UnicodeDecodeError as error:
        place = error.start
    encoding = None if marked or b"\0" in data else guess(data)
    if encoding is None:
        raise Trouble(
            "invalid_encoding",
            f"the text is not {marked or 'UTF-8'} (byte {place}) and no other encoding fits; "
            "save it as UTF-8",
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Trouble(
            "invalid_encoding",
            f"the text begins like {encoding} but is not (byte {error.start}); save it as UTF-8",
        ) from None
    return text, (f"encoding: not UTF-8 (byte {place}), read as {encoding}",)


def looks_garbled(text: str) -> bool:
    """Whether the text was once decoded with the wrong encoding ("Ã©" for "é")."""
    from ftfy.badness import is_bad  # reads tables on import

    return not text.isascii() and bool(is_bad(text[:_SAMPLE]))
