"""Whether articles stand in one split only, and are nobody else's."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from evaluation.labels.problem import Problem, error
from evaluation.labels.rows import Row

__all__ = ["check_foreign", "check_near_duplicates", "check_splits"]

#: Word runs compared between splits, and the share of common ones that is too much.
_SHINGLE, _JACCARD = 5, 0.3
#: The shortest run of words that our own text may not share with others'.
_RUN = 8

_WORD = re.compile(r"\w+")


def _runs(text: str, length: int) -> Iterator[str]:
    words = _WORD.findall(text.casefold())
    for i in range(max(1, len(words) - length + 1)):
        yield " ".join(words[i : i + length])


def check_splits(rows: Sequence[Row]) -> Iterator[Problem]:
    """Articles that stand in more than one place."""
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(row.id, row)
        if other is not row:
            yield row.problem(
                error("split", f"stands at {other.path}:{other.line} already; keep one of them")
            )


def check_near_duplicates(rows: Sequence[Row]) -> Iterator[Problem]:
    """Texts of different files that are nearly the same: Jaccard of 5-word runs >= .3.

    (Broder 1997, with all runs instead of a sketch of them: the corpora are small.)
    """
    where: defaultdict[str, list[int]] = defaultdict(list)
    sizes = []
    common: Counter[tuple[int, int]] = Counter()
    for i, row in enumerate(rows):
        shingles = set(_runs(row.text, _SHINGLE)) if row.text is not None else set()
        sizes.append(len(shingles))
        for shingle in shingles:
            common.update((j, i) for j in where[shingle] if rows[j].path != row.path)
            where[shingle].append(i)
    for (j, i), shared in sorted(common.items()):
        jaccard = shared / (sizes[i] + sizes[j] - shared)
        if jaccard >= _JACCARD and rows[i].id != rows[j].id:
            yield rows[i].problem(
                error(
                    "near-duplicate",
                    f"is nearly {rows[j].id} of {rows[j].path} (Jaccard {jaccard:.2f}); "
                    "keep both in one split, or drop one",
                )
            )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _foreign_texts(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".txt":
            yield path, path.read_text(encoding="utf-8", errors="replace")
        elif path.suffix == ".jsonl":
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    for text in _strings(json.loads(line)):
                        yield path, text


def check_foreign(rows: Sequence[Row], folder: Path) -> Iterator[Problem]:
    """Runs of eight words that our own texts share with the texts in ``folder``.

    Only rows that carry their text are asked: a standoff row's text is somebody else's.
    One problem for each row and foreign file, with the first run they share.
    """
    ours: defaultdict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        if not row.standoff and row.text is not None:
            for run in set(_runs(row.text, _RUN)):
                if run.count(" ") == _RUN - 1:
                    ours[run].append(i)
    if not ours:
        return
    seen = set()
    for path, text in _foreign_texts(folder):
        for run in _runs(text, _RUN):
            for i in ours.get(run, ()):
                if (i, path) not in seen:
                    seen.add((i, path))
                    yield rows[i].problem(
                        error(
                            "foreign-run",
                            f"“{run}” stands in {path.relative_to(folder)} too; write it anew",
                        )
                    )
