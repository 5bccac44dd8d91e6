"""An article with its labels on the way from one form to another."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evaluation.labels.convert.claims import gather_claims
from evaluation.labels.convert.marks import Mark, Sheet, draw_claims
from evaluation.labels.convert.offsets import Shown, choose_scale, fit
from evaluation.labels.problem import Finding, Problem, error, warning
from pipelines.article import Attribution, text_sha256
from pipelines.errors import describe_validation
from pipelines.references import Reference

__all__ = ["KEPT", "Drawn", "Labelled", "Reading", "encodes", "kept_fields", "place_marks"]

#: Under this name other tools carry the fields of a reference that they do not know.
KEPT = "attache"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One article: ``row`` is its line of a label file, ``text`` its text wherever it was.

    ``row`` has its claims in the guide's form, and a text only where the text may travel.
    """

    row: Mapping[str, Any]
    text: str
    path: Path
    line: int | None = None

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def sheet(self) -> Sheet:
        return draw_claims(map(Attribution.model_validate, self.row["claims"]))

    def problem(self, finding: Finding, claim: int | None = None) -> Problem:
        return Problem(finding, self.path, self.line, self.id, claim)


def kept_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without text and claims, which other forms hold in their own way.

    Both keep their place, so that the row comes back with its fields in their order; in
    the place of a text stands whether the row carries it.
    """
    instead = {"text": row.get("text") is not None, "claims": None}
    return {name: instead.get(name, value) for name, value in row.items()}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What another tool's file says of one article, not yet held against the text.

    ``fields`` are those that :func:`kept_fields` sent along, or what the file itself
    knows of the article. ``words`` are what it says stands at a mark, by the mark's key.
    """

    id: str
    text: str
    marks: Sequence[Mark]
    links: Sequence[tuple[str, str]]
    words: Mapping[str, str]
    fields: Mapping[str, Any] | None = None


def place_marks(
    text: str,
    marks: Sequence[Mark],
    words: Mapping[str, str],
    report: Callable[[str | None, Finding], None],
) -> list[Mark]:
    """The marks in code points where their words stand; those that stand nowhere are left out.

    ``report`` takes the key of the mark that a finding is about, or None for the article.
    """
    way, shown = choose_scale(text, [Shown(m.key, m.spans, words.get(m.key)) for m in marks])
    if way is not None:
        report(None, warning("offsets", f"offsets count {way}; turned into code points"))
    placed = []
    for mark, item in zip(marks, shown, strict=True):
        spans, remark = fit(text, item)
        if spans is None:
            report(mark.key, error("span", f"{mark.role} {mark.key}: {remark}"))
            continue
        if remark:
            found = warning("span", f"{mark.role} {mark.key}: “{item.words}” {remark}")
            report(mark.key, found)
        placed.append(replace(mark, spans=spans))
    return placed


@dataclass(slots=True)
class Reading:
    """What was read from other tools' files so far, and what was wrong with it."""

    texts: Mapping[str, str]
    annotator: str | None = None
    articles: list[Labelled] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def say(
        self, finding: Finding, path: Path, *, line: int | None = None, article: str | None = None
    ) -> None:
        self.problems.append(Problem(finding, path, line, article))

    def add(self, drawn: Drawn, path: Path, line: int | None = None) -> None:
        """Take one article: its marks to where their words stand, its claims from them."""

        def report(finding: Finding, claim: int | None = None) -> None:
            self.problems.append(Problem(finding, path, line, drawn.id, claim))

        row = dict(drawn.fields) if drawn.fields is not None else {"id": drawn.id, "text": True}
        if row.get("text_sha256") not in (None, text_sha256(drawn.text)):
            report(error("sha256", "text_sha256: is not that of the text; give the one labelled"))
            return
        marks = place_marks(drawn.text, drawn.marks, drawn.words, lambda _, found: report(found))
        claims = gather_claims(Sheet(marks, drawn.links), drawn.text, report)
        row["claims"] = claims
        if "text" in row:
            row["text"] = drawn.text if row["text"] else None
        try:
            Reference.model_validate(row)
        except ValidationError as failure:
            for detail in failure.errors(include_url=False):
                report(error("form", f"{describe_validation(detail)[1]}; mend this field"))
            return
        self.articles.append(Labelled(row, drawn.text, path, line))


def encodes(row: Mapping[str, Any]) -> bool:
    """Whether UTF-8 can hold the row: JSON can carry half a surrogate pair, UTF-8 cannot."""
    try:
        json.dumps(row, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
