"""All rules over label files: what a labeller mends before a model learns from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evaluation.data import label_files, load_texts
from evaluation.labels.problem import Problem, error, warning
from evaluation.labels.rows import Row, read_label_file
from evaluation.labels.spans import check_overlaps, check_spans
from evaluation.labels.speakers import check_speaker
from evaluation.labels.splits import check_foreign, check_near_duplicates, check_splits
from evaluation.labels.stances import check_stance
from pipelines.stances import StanceSet, default_stances

__all__ = ["check_paths", "read_rows"]

_SUMMARY_WORDS = 80


def _check_row(row: Row, stances: StanceSet) -> Iterator[Problem]:
    for number, claim in row.claims:
        for finding in check_stance(claim, stances):
            yield row.problem(finding, number)
        if row.text is not None:
            for finding in (*check_spans(claim, row.text), *check_speaker(claim, row.text)):
                yield row.problem(finding, number)
    for number, finding in check_overlaps(row.claims):
        yield row.problem(finding, number)
    words = sum(len(sentence.split()) for sentence in row.summary)
    if words > _SUMMARY_WORDS:
        yield row.problem(
            warning("summary", f"summary has {words} words; cut it to {_SUMMARY_WORDS}")
        )
    if "trap" in row.fields:
        if not isinstance(row.fields["trap"], bool):
            yield row.problem(error("form", "trap: want true or false"))
        if len(row.claims) != 1:
            yield row.problem(error("form", f"claims: want one, not {len(row.claims)}"))


def read_rows(
    paths: Sequence[Path], *, texts: Path | Mapping[str, str] | None = None
) -> tuple[list[Row], list[Problem]]:
    """The rows of all files under ``paths`` and what is wrong with their form.

    Raises :class:`~evaluation.data.BenchmarkError` for a path that is not there.
    """
    known = load_texts(texts) if isinstance(texts, Path) else texts
    files = [read_label_file(path, known or {}) for path in label_files(paths)]
    rows = [row for file in files for row in file.rows]
    return rows, [problem for file in files for problem in file.problems]


def check_paths(
    paths: Sequence[Path],
    *,
    texts: Path | Mapping[str, str] | None = None,
    shared: Path | None = None,
    stances: StanceSet | None = None,
) -> list[Problem]:
    """Everything that is wrong with the label files under ``paths``, in their order.

    Each file is a split. ``texts`` (a JSON Lines file with id and text, or a mapping) has
    the texts of standoff rows; ``shared`` is a folder of other people's texts (.jsonl,
    .txt) of which our own may repeat no eight words in a row. Files of single claims,
    whose rows have ``trap``, are checked the same way. Raises
    :class:`~evaluation.data.BenchmarkError` for a path that is not there.
    """
    rows, problems = read_rows(paths, texts=texts)
    for row in rows:
        problems.extend(_check_row(row, stances or default_stances()))
    problems.extend(check_splits(rows))
    problems.extend(check_near_duplicates(rows))
    if shared is not None:
        problems.extend(check_foreign(rows, shared))
    order = {path: i for i, path in enumerate(dict.fromkeys(p.path for p in problems))}
    return sorted(problems, key=lambda p: (order[p.path], p.line or 0, p.claim or 0))
