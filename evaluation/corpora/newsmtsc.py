"""NewsMTSC: polarity toward persons marked in sentences of news (Hamborg and Donnay 2021).

JSON Lines with ``primary_gid``, ``sentence_normalized`` and ``targets`` (``from``, ``to``,
``mention``, ``polarity`` 2, 4 or 6), or the hub's rows with one target each (``sentence``,
``from``, ``to``, ``mention``, ``polarity`` -1, 0 or 1).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluation.corpora.base import Corpus, Located, Problems, Reader
from evaluation.data import data_file
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings
from pipelines.article import Attribution, Polarity
from pipelines.references import Reference

__all__ = ["NEWSMTSC"]

_POLARITIES: dict[float, Polarity] = {2.0: "negative", 4.0: "neutral", 6.0: "positive"}
_HUB: dict[float, Polarity] = {-1.0: "negative", 0.0: "neutral", 1.0: "positive"}


def _file(place: Path, split: str) -> Path:
    if place.is_file():
        return place
    names = (f"{split}.jsonl", f"devtest_{split}.jsonl", f"newsmtsc-{split}.jsonl")
    for name in names:
        found = sorted(place.rglob(name))
        if found:
            return found[0]
    raise BenchmarkError(f"{place}: has none of {', '.join(names)}; give a file, or --split rw")


def _label(
    target: Mapping[str, Any], sentence: str, scale: Mapping[float, Polarity]
) -> Attribution | str:
    """The labelled target, or what is wrong with it."""
    try:
        start, end, mention = int(target["from"]), int(target["to"]), str(target["mention"])
        polarity = scale[float(target["polarity"])]
    except KeyError as error:
        allowed = ", ".join(f"{value:g}" for value in scale)
        return f"targets: {error} is missing or no polarity; from, to, mention and {allowed}"
    except (TypeError, ValueError):
        return "targets: from, to and polarity are numbers; mend them"
    if not mention or sentence[start:end] != mention:
        return f"targets: “{mention}” does not stand at {start}–{end}; mend from and to"
    return Attribution(
        content=((0, len(sentence)),),
        stance="statement",
        polarity=polarity,
        targets=(mention,),
    )


def _row(row: Any, default: str) -> Reference | str:
    """A sentence with its targets, or what is wrong with it."""
    if not isinstance(row, dict):
        return "want an object a line"
    hub = "sentence" in row
    sentence = row.get("sentence" if hub else "sentence_normalized")
    if not isinstance(sentence, str) or not sentence.strip():
        return "sentence_normalized: is missing or empty; fill it or drop the line"
    targets = [row] if hub else row.get("targets")
    if not isinstance(targets, list) or not targets:
        return "targets: want a list of at least one; mend it or drop the line"
    labels = []
    for target in targets:
        label = _label(target, sentence, _HUB if hub else _POLARITIES)
        if isinstance(label, str):
            return label
        labels.append(label)
    name = str(row.get("id" if hub else "primary_gid") or default)
    return Reference(id=name, text=sentence, claims=tuple(labels))


def _read(located: Located, settings: Settings, problems: Problems) -> Corpus:
    path = _file(located.path, settings.split or "train")
    references = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                found = _row(json.loads(line), f"{path.stem}:{number}")
            except ValueError as error:
                found = f"not JSON ({error}); one object a line"
            if isinstance(found, str):
                problems(f"{path}:{number}: {found}")
            else:
                references.append(found)
    return Corpus(
        name=f"newsmtsc {path.stem}",
        references=tuple(references),
        labelled=frozenset({"target-polarity"}),
        files=(data_file(path),),
    )


NEWSMTSC = Reader(
    "newsmtsc", "NewsMTSC's JSON Lines, or their folder; splits train (default), rw, mt, dev", _read
)
