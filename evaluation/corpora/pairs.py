"""Summaries of other systems with what people gave them: SummEval and REALSumm.

SummEval (Fabbri et al. 2021): ``model_annotations.aligned.jsonl``, paired with its articles
(``text``) or not, one line for each article and system. REALSumm (Bhandari et al. 2020):
``scores_dicts/*.json`` of its repository, and the articles beside it in
``selected_docs_for_human_eval/*/*/src.txt`` where they are there. REALSumm publishes its
scores as pickles, which can run code when they are opened: they are refused, with the
line that turns one that you trust into JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from evaluation.corpora.base import Corpus, Located, Problems, Reader
from evaluation.data import data_file
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings
from pipelines.references import Reference

__all__ = ["REALSUMM", "SUMMEVAL"]

_TAGS = re.compile(r"\s*</?t>\s*")
#: What REALSumm's annotators counted: the share of the reference's content units found.
_HUMAN = "litepyramid_recall"


@dataclass(slots=True)
class _Pairs:
    """Articles, and for each system its summaries and ratings, while a file is read."""

    references: dict[str, Reference] = field(default_factory=dict)
    systems: dict[str, dict[str, str]] = field(default_factory=dict)
    human: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)

    def add(self, article: str, system: str, summary: str, ratings: Mapping[str, float]) -> None:
        self.systems.setdefault(system, {})[article] = summary
        self.human.setdefault(system, {})[article] = dict(ratings)

    def corpus(self, name: str, files: tuple[Path, ...]) -> Corpus:
        rows = tuple(self.references.values())
        texts = all(reference.text for reference in rows)
        return Corpus(
            name=name,
            references=rows,
            labelled=frozenset({"summary", "text"} if texts else {"summary"}),
            files=tuple(map(data_file, files)),
            systems=self.systems,
            human=self.human,
        )


def _lines(text: str) -> tuple[str, ...]:
    """The sentences of a summary, which REALSumm sets in ``<t>`` tags."""
    pieces = _TAGS.split(text) if "<t>" in text else text.splitlines()
    return tuple(piece.strip() for piece in pieces if piece.strip())


def _files(located: Located, *patterns: str) -> list[Path]:
    path = located.path
    files = [path] if path.is_file() else [p for q in patterns for p in sorted(path.rglob(q))]
    if not files:
        raise BenchmarkError(f"{path}: has none of {', '.join(patterns)}; give the file")
    return files


def _ratings(row: Mapping[str, Any]) -> dict[str, float]:
    """The experts' mean of each dimension. Raises :class:`TypeError` or :class:`KeyError`."""
    experts = row["expert_annotations"]
    return {name: fmean(float(expert[name]) for expert in experts) for name in sorted(experts[0])}


def _summeval_row(row: Any, pairs: _Pairs) -> str | None:
    """Take the row into ``pairs``, or say what is wrong with it."""
    try:
        article, system, summary = str(row["id"]), str(row["model_id"]), str(row["decoded"])
        references = [_lines(str(text)) for text in row["references"]]
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


def _read_summeval(located: Located, _: Settings, problems: Problems) -> Corpus:
    pairs = _Pairs()
    paired = _files(located, "*.paired.jsonl", "*.aligned*.jsonl")[:1]
    for path in paired:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    wrong = _summeval_row(json.loads(line), pairs)
                except ValueError as error:
                    wrong = f"not JSON ({error}); one object a line"
                if wrong:
                    problems(f"{path}:{number}: {wrong}")
    return pairs.corpus("summeval", tuple(paired))


def _read_realsumm(located: Located, _: Settings, problems: Problems) -> Corpus:
    files = _files(located, "scores_dicts/*.json", "scores_dicts/*.pkl", "*.json", "*.pkl")
    for path in files:
        if path.suffix == ".pkl" and path.with_suffix(".json") not in files:
            raise BenchmarkError(
                f"{path}: is a pickle, which can run code; if you trust it, turn it into JSON: "
                "python -c 'import json, pickle, sys; json.dump(pickle.load("
                'open(sys.argv[1], "rb")), open(sys.argv[2], "w"), default=float)\' '
                f"{path} {path.with_suffix('.json')}"
            )
    files = [path for path in files if path.suffix == ".json"]
    pairs = _Pairs()
    for path in files:
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise BenchmarkError(f"{path}: not JSON ({error})") from None
        if not isinstance(rows, dict):
            raise BenchmarkError(f"{path}: want an object of documents by id")
        sources = _sources(path, len(rows))
        for (key, row), text in zip(rows.items(), sources, strict=True):
            wrong = _realsumm_row(str(key), row, text, pairs)
            if wrong:
                problems(f"{path}: document {key}: {wrong}")
    return pairs.corpus("realsumm", tuple(files))


def _realsumm_row(key: str, row: Any, text: str, pairs: _Pairs) -> str | None:
    try:
        summary = _lines(str(row["ref_summ"]))
        found = {
            str(system): (
                "\n".join(_lines(str(of["system_summary"]))),
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
            return ["\n".join(_lines(line)) for line in lines]
    return [""] * count


SUMMEVAL = Reader(
    "summeval",
    "SummEval's model_annotations.aligned[.paired].jsonl, or its folder",
    _read_summeval,
)
REALSUMM = Reader(
    "realsumm", "REALSumm's repository, its scores_dicts turned into JSON", _read_realsumm
)
