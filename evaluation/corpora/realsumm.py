"""REALSumm: 25 systems' summaries and how much of the reference each has (Bhandari et al. 2020).

``scores_dicts/*.json`` of its repository, and the articles beside it in
``selected_docs_for_human_eval/*/*/src.txt`` where they are there. The repository has its
scores as pickles, which can run code when they are opened: they are refused, with the
line that turns one that you trust into JSON.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evaluation.corpora.base import Corpus, Located, Problems, Reader
from evaluation.corpora.pairs import Pairs, find_files, lines_of
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings
from pipelines.references import Reference

__all__ = ["REALSUMM"]

#: What the annotators counted: the share of the reference's content units found.
_HUMAN = "litepyramid_recall"


def _read(located: Located, _: Settings, problems: Problems) -> Corpus:
    files = find_files(located, "scores_dicts/*.json", "scores_dicts/*.pkl", "*.json", "*.pkl")
    for path in files:
        if path.suffix == ".pkl" and path.with_suffix(".json") not in files:
            raise BenchmarkError(
                f"{path}: is a pickle, which can run code; if you trust it, turn it into JSON: "
                "python -c 'import json, pickle, sys; json.dump(pickle.load("
                'open(sys.argv[1], "rb")), open(sys.argv[2], "w"), default=float)\' '
                f"{path} {path.with_suffix('.json')}"
            )
    files = [path for path in files if path.suffix == ".json"]
    pairs = Pairs()
    for path in files:
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise BenchmarkError(f"{path}: not JSON ({error})") from None
        if not isinstance(rows, dict):
            raise BenchmarkError(f"{path}: want an object of documents by id")
        sources = _sources(path, len(rows))
        for (key, row), text in zip(rows.items(), sources, strict=True):
            wrong = _row(str(key), row, text, pairs)
            if wrong:
                problems(f"{path}: document {key}: {wrong}")
    return pairs.corpus("realsumm", tuple(files))


def _row(key: str, row: Any, text: str, pairs: Pairs) -> str | None:
    try:
        summary = lines_of(str(row["ref_summ"]))
        found = {
            str(system): (
                "\n".join(lines_of(str(of["system_summary"]))),
                float(of["scores"][_HUMAN]),
            )
            for system, of in row["system_summaries"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return (
            f"want ref_summ, and system_summaries with system_summary and scores.{_HUMAN} "
            f"({type(error).__name__}: {error}); mend or drop it"
        )
    pairs.references.setdefault(key, Reference(id=key, text=text, summary=summary))
    for system, (words, rating) in found.items():
        pairs.add(key, system, words, {_HUMAN: rating})
    return None


def _sources(path: Path, count: int) -> list[str]:
    """The articles in the order of the documents; empty ones where none are at hand."""
    root = path.parent.parent
    for file in sorted(root.glob("selected_docs_for_human_eval/*/*/src.txt")):
        lines = file.read_text(encoding="utf-8").splitlines()
        if len(lines) == count:
            return ["\n".join(lines_of(line)) for line in lines]
    return [""] * count


REALSUMM = Reader("realsumm", "REALSumm's repository, its scores_dicts turned into JSON", _read)
