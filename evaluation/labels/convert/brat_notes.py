"""Lists of names in brat's one-line notes: ``names: Ada Berg; "A; B" | targets: Oslo``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

__all__ = ["read_note", "write_note"]

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_FIELD = re.compile(rf"\s*([A-Za-z_]+)\s*:((?:{_QUOTED}|[^|])*)(?:\||$)")
_ITEM = re.compile(rf"\s*({_QUOTED}\s*|[^;]*)(?:;|$)")
#: Beside the separators: what ends a line for some reader of ``.ann`` files.
_PLAIN = re.compile(r'[^;|"\\\x00-\x1f\x7f-\x9f\u2028\u2029]+')


def _write_item(item: str) -> str:
    if item == item.strip() and _PLAIN.fullmatch(item):
        return item
    # Escaped, every line break is plain ASCII, so that the note stays on its line.
    return json.dumps(item)


def write_note(fields: Mapping[str, Sequence[str]]) -> str:
    """The fields on one line; an item with a separator in it stands in quotation marks."""
    return " | ".join(
        f"{name}: {'; '.join(map(_write_item, items))}" for name, items in fields.items()
    )


def _read_item(item: str) -> str:
    if item.startswith('"'):
        try:
            return str(json.loads(item))
        except ValueError:
            return item
    return item.strip()


def read_note(note: str) -> dict[str, list[str]] | None:
    """The fields of a note, or None for one that is free text."""
    fields: dict[str, list[str]] = {}
    place = 0
    note = note.strip()
    while place < len(note):
        found = _FIELD.match(note, place)
        if found is None:
            return None
        place = found.end()
        items = [_read_item(item.strip()) for item in _ITEM.findall(found[2].strip())]
        fields.setdefault(found[1].casefold(), []).extend(item for item in items if item)
    return fields or None
