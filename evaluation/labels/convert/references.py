"""The project's own label files, as one form among the others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from evaluation.labels.check import read_rows
from evaluation.labels.convert.article import Labelled, Reading
from evaluation.labels.convert.marks import claim_fields
from evaluation.labels.problem import error
from pipelines.article import Attribution

__all__ = ["read_references", "write_references"]


def _fits(claim: Attribution, text: str) -> bool:
    spans = (*claim.content, *claim.cue, *claim.speaker.mention)
    return all(end <= len(text) for _, end in spans)


def read_references(path: Path, reading: Reading) -> None:
    """The articles of a JSON Lines file, or of all of them in a folder."""
    rows, problems = read_rows([path], texts=reading.texts)
    reading.problems.extend(problem for problem in problems if problem.kind != "no-text")
    for row in rows:
        if row.text is None:
            if all(problem.line != row.line or problem.kind != "sha256" for problem in problems):
                finding = error("no-text", "its text was not found; give it with --texts")
                reading.problems.append(row.problem(finding))
            continue
        claims = []
        for number, claim in row.claims:
            if _fits(claim, row.text):
                claims.append(claim_fields(claim))
            else:
                message = f"a span is outside the text ({len(row.text)} characters); mark it again"
                reading.problems.append(row.problem(error("span", message), number))
        fields = {**row.fields, "claims": claims}
        reading.articles.append(Labelled(fields, row.text, row.path, row.line))


def write_references(articles: Sequence[Labelled], out: Path) -> None:
    """One article a line, as the guide has it."""
    lines = [json.dumps(dict(article.row), ensure_ascii=False) + "\n" for article in articles]
    out.write_bytes("".join(lines).encode("utf-8"))
