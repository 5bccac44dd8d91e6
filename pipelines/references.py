"""Hand-labelled articles in the labelling guide's form, read from JSON Lines.

A reference whose text may not travel leaves it out and gives ``text_sha256``; its
text then comes from a file of articles, joined by id and checked by that hash.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import ConfigDict, Field, ValidationError, model_validator

from pipelines.article import Article, Attribution, Span, _Value, text_sha256
from pipelines.errors import AttacheError, describe_validation

__all__ = ["LabelError", "Reference", "read_references", "read_texts"]


class LabelError(AttacheError):
    """A reference that cannot be used: the message has file, line, field and the mend."""


class Reference(_Value):
    """One labelled article. Fields that this project does not know are kept out of it.

    ``more_summaries`` are other people's reference summaries, beside ``summary``.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    title: str | None = None
    date: str | None = None
    text: str | None = None
    text_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    summary: tuple[str, ...] = ()
    more_summaries: tuple[tuple[str, ...], ...] = ()
    claims: tuple[Attribution, ...] = ()

    @model_validator(mode="after")
    def _labels_fit_the_text(self) -> Self:
        if self.text is None:
            if self.text_sha256 is None:
                raise ValueError("text: give the text, or text_sha256 and the text elsewhere")
            return self
        if self.text_sha256 not in (None, text_sha256(self.text)):
            raise ValueError("text_sha256: is not that of the text")
        for i, claim in enumerate(self.claims):
            for start, end in self._claim_spans(claim):
                if end > len(self.text):
                    raise ValueError(
                        f"claims.{i}: span [{start}, {end}] is outside the text "
                        f"({len(self.text)} characters)"
                    )
        return self

    @staticmethod
    def _claim_spans(claim: Attribution) -> Iterable[Span]:
        return (*claim.content, *claim.cue, *claim.speaker.mention)

    @property
    def article(self) -> Article:
        if self.text is None:
            raise LabelError(f"{self.id}: its text was not found; give the file that has it")
        return Article(text=self.text, id=self.id, title=self.title, date=self.date)


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | LabelError]]:
    """Number and object of each line that is not blank; an error in the place of a bad one."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            except UnicodeDecodeError:
                yield number, LabelError(f"{path}:{number}: not UTF-8; convert it first")
            except ValueError as error:
                yield (
                    number,
                    LabelError(f"{path}:{number}: not JSON ({error}); one object a line"),
                )
            else:
                if isinstance(row, dict):
                    yield number, row
                else:
                    kind = type(row).__name__
                    yield number, LabelError(f"{path}:{number}: want an object, not {kind}")


def read_texts(path: Path) -> dict[str, str]:
    """Texts by article id, from JSON Lines with ``id`` and ``text``.

    Raises :class:`LabelError` on the first line that lacks one of them.
    """
    texts = {}
    for number, row in _json_lines(path):
        if isinstance(row, LabelError):
            raise row
        for field in ("id", "text"):
            if not isinstance(row.get(field), str):
                raise LabelError(f"{path}:{number}: {field}: want a string")
        texts[row["id"]] = row["text"]
    return texts


def read_references(
    path: Path,
    *,
    texts: Mapping[str, str] | None = None,
    complain: Callable[[LabelError], None] | None = None,
) -> list[Reference]:
    """The references of one file, in order, joined with ``texts`` where they carry none.

    Raises :class:`LabelError` on the first line that cannot be used; with ``complain`` that
    gets the error instead, and the other lines are read.
    """
    references = []
    for number, row in _json_lines(path):
        try:
            references.append(_reference(path, number, row, texts))
        except LabelError as error:
            if complain is None:
                raise
            complain(error)
    return references


def _reference(
    path: Path, number: int, row: dict[str, Any] | LabelError, texts: Mapping[str, str] | None
) -> Reference:
    if isinstance(row, LabelError):
        raise row
    article = row.get("id")
    if row.get("text") is None and texts is not None and isinstance(article, str):
        row["text"] = texts.get(article)
    try:
        return Reference.model_validate(row)
    except ValidationError as error:
        _, message, _ = describe_validation(error.errors(include_url=False)[0])
        raise LabelError(f"{path}:{number}: {message}") from None
