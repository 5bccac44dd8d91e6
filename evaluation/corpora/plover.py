"""Zero-Shot-PLOVER: sentences with the event between two marked actors (Hu et al. 2024).

``datasets/PLV_<split>.tsv`` of its repository, columns ``sentence_id``, ``sentence``,
``marked_sentence``, ``source``, ``target``, ``gold_root``. A root code becomes the stance
that has it; where several stances share a code, each is right. The corpus marks no
content, so the claim that shares most with the sentence answers for it.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from evaluation.corpora.base import ANY_OVERLAP, Corpus, Located, Problems, Reader
from evaluation.data import data_file
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings
from pipelines.article import Attribution, Source
from pipelines.references import Reference
from pipelines.stances import default_stances

__all__ = ["PLOVER"]

_COLUMNS = ("sentence_id", "sentence", "source", "target", "gold_root")
#: The corpus folds PLOVER's CONCEDE and RETREAT into CAMEO's older YIELD.
_OLDER = {"YIELD": "CONCEDE"}
_TAGS = re.compile(r"</?[st]>")


def _file(place: Path, split: str) -> Path:
    if place.is_file():
        return place
    for path in (place / "datasets" / f"PLV_{split}.tsv", place / f"PLV_{split}.tsv"):
        if path.is_file():
            return path
    raise BenchmarkError(f"{place}: has no datasets/PLV_{split}.tsv; give that file")


def _stances(root: str) -> tuple[str, ...]:
    code = _OLDER.get(root, root)
    return tuple(stance.name for stance in default_stances().stances if code in stance.plover)


def _mention(row: dict[str, str], sentence: str) -> Source:
    """Where the marked source actor stands; nowhere when the marks do not fit."""
    marked = row.get("marked_sentence") or ""
    start = marked.find("<s>")
    before = _TAGS.sub("", marked[: max(start, 0)])
    inside = _TAGS.sub("", marked[start + 3 : marked.find("</s>")]).rstrip()
    at = len(before)
    if start < 0 or not inside or sentence[at : at + len(inside)] != inside:
        return Source()
    return Source(mention=((at, at + len(inside)),))


def _read(located: Located, settings: Settings, problems: Problems) -> Corpus:
    path = _file(located.path, settings.split or "train")
    references = []
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise BenchmarkError(
                f"{path}:1: no column {missing[0]}; the first line must name the columns"
            )
        for row in rows:
            where = f"{path}:{rows.line_num}"
            sentence = (row["sentence"] or "").strip()
            stances = _stances((row["gold_root"] or "").strip())
            if not sentence:
                problems(f"{where}: sentence: is empty; fill it or drop the line")
            elif not stances:
                problems(
                    f"{where}: gold_root: {row['gold_root']!r} is no PLOVER root code; mend it"
                )
            else:
                claim = Attribution(
                    content=((0, len(sentence)),),
                    speaker=_mention(row, sentence),
                    stance=stances[0],
                    also=stances[1:],
                    targets=(row["target"],) if row["target"] else (),
                )
                name = f"{path.stem}:{row['sentence_id']}"
                references.append(Reference(id=name, text=sentence, claims=(claim,)))
    return Corpus(
        name=f"plover {path.stem}",
        references=tuple(references),
        labelled=frozenset({"event"}),
        files=(data_file(path),),
        threshold=ANY_OVERLAP,
    )


PLOVER = Reader(
    "plover", "Zero-Shot-PLOVER's TSV, or its repository; splits train (default), test", _read
)
