"""Label files read line by line, so that one bad line or claim hides no other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evaluation.labels.problem import Finding, Problem, error, warning
from pipelines.article import Attribution, text_sha256
from pipelines.errors import describe_validation
from pipelines.references import Reference

__all__ = ["LabelFile", "Row", "read_label_file"]


@dataclass(frozen=True, slots=True)
class Row:
    """One article of a label file.

    ``claims`` are those that are in the guide's form, with their numbers, counted from 1.
    ``text`` is None where it travels elsewhere and was not found; ``standoff`` says that
    the row itself carries none. ``fields`` is the row as it stands.
    """

    path: Path
    line: int
    id: str
    text: str | None
    standoff: bool
    summary: tuple[str, ...]
    claims: tuple[tuple[int, Attribution], ...]
    fields: Mapping[str, Any]

    def problem(self, finding: Finding, claim: int | None = None) -> Problem:
        return Problem(finding, self.path, self.line, self.id, claim)


@dataclass(frozen=True, slots=True)
class LabelFile:
    """The rows that can be read and what is wrong with the form of the others."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def _findings(failure: ValidationError) -> Iterator[Finding]:
    for detail in failure.errors(include_url=False):
        _, message, _ = describe_validation(detail)
        yield error("form", f"{message.replace('None: value error, ', '')}; mend this field")


def _read_claims(row: Row, claims: Any) -> tuple[list[tuple[int, Attribution]], list[Problem]]:
    if not isinstance(claims, Sequence) or isinstance(claims, str):
        return [], [row.problem(error("form", "claims: want a list of claims"))]
    good: list[tuple[int, Attribution]] = []
    problems: list[Problem] = []
    for number, claim in enumerate(claims, 1):
        try:
            good.append((number, Attribution.model_validate(claim)))
        except ValidationError as failure:
            problems.extend(row.problem(finding, number) for finding in _findings(failure))
    return good, problems


def _text_problem(row: Row) -> Finding | None:
    given = row.fields.get("text_sha256")
    if row.text is None:
        return warning("no-text", "its text was not found, so no span was checked; give the texts")
    if given is not None and given != text_sha256(row.text):
        return error("sha256", "text_sha256 is not that of the text; label this text or mend it")
    return None


def _read_row(
    path: Path, line: int, fields: dict[str, Any], texts: Mapping[str, str]
) -> tuple[Row | None, list[Problem]]:
    article = fields.get("id")
    text = fields.get("text")
    standoff = text is None
    if standoff and isinstance(article, str):
        text = texts.get(article)
    try:  # claims are read apart, and the text's hash is checked apart
        whole = Reference.model_validate(
            {k: v for k, v in fields.items() if k not in ("claims", "text_sha256")}
            | ({"text_sha256": fields.get("text_sha256")} if standoff else {})
        )
    except ValidationError as failure:
        known = article if isinstance(article, str) else None
        return None, [Problem(finding, path, line, known) for finding in _findings(failure)]
    bare = Row(path, line, whole.id, text, standoff, whole.summary, (), fields)
    claims, problems = _read_claims(bare, fields.get("claims", []))
    finding = _text_problem(bare)
    if finding is not None:
        problems.append(bare.problem(finding))
    if finding is not None and finding.kind == "sha256":
        text = None  # offsets into another text mean nothing
    row = Row(path, line, whole.id, text, standoff, whole.summary, tuple(claims), fields)
    return row, problems


def read_label_file(path: Path, texts: Mapping[str, str]) -> LabelFile:
    """The rows of a JSON Lines file, joined by id with ``texts`` where they carry none."""
    rows: list[Row] = []
    problems: list[Problem] = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError:
        return LabelFile((), (Problem(error("form", "is not UTF-8; save it as UTF-8"), path),))
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except ValueError as failure:
            message = f"not JSON ({failure}); write one object a line"
            problems.append(Problem(error("form", message), path, number))
            continue
        if not isinstance(fields, dict):
            message = f"want an object, not {type(fields).__name__}; write one object a line"
            problems.append(Problem(error("form", message), path, number))
            continue
        row, found = _read_row(path, number, fields, texts)
        problems.extend(found)
        if row is not None:
            rows.append(row)
    return LabelFile(tuple(rows), tuple(problems))
