"""SummEval: sixteen systems' summaries and experts' ratings (Fabbri et al. 2021).

``model_annotations.aligned.jsonl``, paired with its articles (``text``) or not, one line for
each article and system.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from statistics import fmean
from typing import Any

from evaluation.corpora.base import Corpus, Located, Problems, Reader
from evaluation.corpora.pairs import Pairs, find_files, lines_of
from evaluation.settings import Settings
from pipelines.references import Reference

__all__ = ["SUMMEVAL"]


def _ratings(row: Mapping[str, Any]) -> dict[str, float]:
    """The experts' mean of each dimension. Raises :class:`TypeError` or :class:`KeyError`."""
    experts = row["expert_annotations"]
    return {name: fmean(float(expert[name]) for expert in experts) for name in sorted(experts[0])}


def _row(row: Any, pairs: Pairs) -> str | None:
    """Take the row into ``pairs``, or say what is wrong with it."""
    try:
        article, system, summary = str(row["id"]), str(row["model_id"]), str(row["decoded"])
        references = [lines_of(str(text)) for text in row["references"]]
        ratings = _ratings(row)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        wanted = "id, model_id, decoded, references and expert_annotations"
        return f"want {wanted} ({type(error).__name__}: {error}); mend or drop the line"
    if not references or not references[0]:
        return "references: is empty; fill it or drop the line"
    pairs.add(article, system, summary, ratings)
    if article not in pairs.references:
        pairs.references[article] = Reference(
            id=article,
            text=str(row.get("text") or ""),
            summary=references[0],
            more_summaries=tuple(references[1:]),
        )
    return None


def _read(located: Located, _: Settings, problems: Problems) -> Corpus:
    pairs = Pairs()
    paired = find_files(located, "*.paired.jsonl", "*.aligned*.jsonl")[:1]
    for path in paired:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    wrong = _row(json.loads(line), pairs)
                except ValueError as error:
                    wrong = f"not JSON ({error}); one object a line"
                if wrong:
                    problems(f"{path}:{number}: {wrong}")
    return pairs.corpus("summeval", tuple(paired))


SUMMEVAL = Reader(
    "summeval",
    "SummEval's model_annotations.aligned[.paired].jsonl, or its folder",
    _read,
)
