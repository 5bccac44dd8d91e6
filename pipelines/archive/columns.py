"""Which column is which, and from one row of a table to an article."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pipelines.archive.records import Found, Trouble
from pipelines.archive.settings import BatchSettings

__all__ = ["GUESSES", "Columns"]

#: Names that each field goes by in data sets of news, most telling first.
GUESSES: dict[str, tuple[str, ...]] = {
    "text": tuple(
        "text body content article maintext main_text full_text fulltext article_text "
        "article_body articlebody story document raw_content plain_text".split()
    ),
    "id": tuple("id _id uid uuid guid doc_id article_id url uri link".split()),
    "title": tuple("title headline head heading".split()),
    "date": tuple(
        "date published date_published published_at publish_date publication_date pubdate "
        "datetime timestamp created_at created time".split()
    ),
}


class Columns:
    """The columns of one table, by the settings or by a guess."""

    def __init__(self, names: Iterable[str], settings: BatchSettings) -> None:
        """Raises :class:`Trouble` when a column that is needed is not there."""
        self.names = list(names)
        by_lower = {name.lower().replace("-", "_"): name for name in reversed(self.names)}
        self.found: dict[str, str] = {}
        for field, guesses in GUESSES.items():
            told = getattr(settings, field)
            if told is not None and told in self.names:
                self.found[field] = told
            elif told is None:
                known = next((by_lower[g] for g in guesses if g in by_lower), None)
                if known is not None:
                    self.found[field] = known
            elif field == "text":
                raise Trouble("wrong_columns", f"there is no column {told!r} for text: {self}")
        if "text" not in self.found:
            raise Trouble(
                "wrong_columns", f"no column looks like the text: {self}; name it with --text"
            )

    def __str__(self) -> str:
        shown = ", ".join(name[:40] for name in self.names[:20]) or "none"
        return f"the columns are {shown}" + (" …" if len(self.names) > 20 else "")

    def article(self, row: Mapping[str, Any], source: str, position: int) -> Found:
        """The article of this row; a wrong value costs the row, never its neighbours."""
        values = {field: row.get(name) for field, name in self.found.items()}
        warnings: list[str] = []
        identity = _identity(values.get("id"))
        if identity is None and "id" in self.found:
            warnings.append(f"id: the column {self.found['id']!r} is empty here")
        text = values["text"]
        if not isinstance(text, str):
            name, kind = self.found["text"], _kind(text)
            trouble = Trouble("wrong_type", f"{name}: has to be text, not {kind}")
            return Found.failed(source, position, trouble, id=identity)
        return Found(
            source,
            position,
            text=text,
            id=identity,
            title=_words(values.get("title")),
            date=_date(values.get("date")),
            warnings=tuple(warnings),
        )


def _kind(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "missing"
    return type(value).__name__


def _identity(value: Any) -> str | None:
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        # pandas turns a column of integers with holes into floats.
        value = int(value) if value.is_integer() else value
    if value is None or isinstance(value, (dict, list, bytes)):
        return None
    return _clean(str(value)) or None


def _words(value: Any) -> str | None:
    return (_clean(value) or None) if isinstance(value, str) else None


def _date(value: Any) -> str | None:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return (_clean(str(value)) or None) if isinstance(value, (str, int, float)) else None


def _clean(value: str) -> str:
    """Without half surrogate pairs, which JSON can carry and no file can."""
    return value.encode("utf-8", "replace").decode("utf-8").strip()
