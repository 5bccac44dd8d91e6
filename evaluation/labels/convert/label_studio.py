"""Label Studio's JSON export, and tasks to import there, with relations and per-region fields.

The shape is that of https://labelstud.io/guide/task_format.html: tasks with ``data`` and
``annotations``, each with a ``result`` list of regions (``labels``), what was chosen or
written for a region under the same id (``choices``, ``textarea``), and ``relation`` rows.
Offsets are code points; older versions saved UTF-16 code units (its issues 1008 and 1347).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.labels.convert.article import KEPT, Drawn, Labelled, Reading, kept_fields
from evaluation.labels.convert.label_studio_config import CONTROLS, labelling_config
from evaluation.labels.convert.label_studio_result import Result, read_result
from evaluation.labels.convert.marks import Mark
from evaluation.labels.problem import error, warning

__all__ = ["is_task", "read_label_studio", "write_label_studio"]

_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://|/data/)\S+", re.IGNORECASE)


def is_task(value: Any) -> bool:
    """Whether a JSON value is a task of Label Studio's."""
    return isinstance(value, dict) and isinstance(value.get("data"), dict)


def _who(annotation: Mapping[str, Any]) -> list[str]:
    """The names that whoever completed an annotation goes by."""
    who = annotation.get("completed_by")
    if isinstance(who, Mapping):
        return [str(who[key]) for key in ("id", "email", "username") if who.get(key) is not None]
    return [] if who is None else [str(who)]


def _one_annotation(
    task: Mapping[str, Any], annotator: str | None
) -> tuple[Mapping[str, Any] | None, list[Any]]:
    """The annotation to take, and what is to be said about the others."""
    given = task.get("annotations") or task.get("completions") or []
    annotations = [item for item in given if isinstance(item, Mapping)]
    live = [item for item in annotations if not item.get("was_cancelled")]
    said = []
    if len(live) < len(annotations):
        ids = ", ".join(str(a.get("id")) for a in annotations if a.get("was_cancelled"))
        said.append(warning("cancelled", f"annotations: {ids} was cancelled and is left out"))
    if annotator is not None:
        mine = [item for item in live if annotator in _who(item)]
        if live and not mine:
            known = ", ".join(dict.fromkeys(who for item in live for who in _who(item)[:1]))
            message = f"annotations: none is by {annotator}; its annotators are {known}"
            return None, [*said, error("annotator", message)]
        live = mine
    if not live:
        if task.get("predictions"):
            message = "annotations: has only predictions; submit them in Label Studio first"
        else:
            message = "annotations: nobody has labelled it; submit it, or leave it out"
        return None, [*said, error("unlabelled", message)]
    truth = [item for item in live if item.get("ground_truth")]
    taken = (truth or live)[0]
    if len(live) > 1:
        by = ", ".join((_who(item) or ["?"])[0] for item in live)
        took = (_who(taken) or ["?"])[0]
        message = f"annotations: has {len(live)}, by {by}; took {took}’s, choose with --annotator"
        said.append(warning("annotator", message))
    return taken, said


def _text(data: Mapping[str, Any], result: Result) -> str | None:
    """The text that was labelled: the field is named in the project, not in its export."""
    for name in ("text", result.to_name):
        if isinstance(data.get(name), str):
            return str(data[name])
    others = [v for k, v in data.items() if isinstance(v, str) and k not in ("id", "title", "date")]
    return others[0] if len(others) == 1 else None


def _foreign_fields(article: str, data: Mapping[str, Any], text: str) -> dict[str, Any]:
    """A row from the task's own data; what is no text goes along as it is."""
    rest = {
        k: v for k, v in data.items() if v != text and k not in ("id", "text", "claims", "summary")
    }
    summary = data.get("summary")
    row = {"id": article, **rest, "text": True}
    if summary:
        row["summary"] = [summary] if isinstance(summary, str) else summary
    return row


def _read_task(task: Any, place: str, path: Path, reading: Reading) -> None:
    if not is_task(task):
        if isinstance(task, dict) and "annotation_id" in task:
            message = "is the JSON-MIN export, which has no relations; export as JSON"
        else:
            message = "is no task with data and annotations; export as JSON"
        reading.say(error("form", f"{place} {message}"), path)
        return
    data = task["data"]
    kept = data.get(KEPT) if isinstance(data.get(KEPT), dict) else None
    known = [kept.get("id") if kept else None, data.get("id"), task.get("id"), place]
    article = next(str(v) for v in known if isinstance(v, str | int) and not isinstance(v, bool))
    annotation, said = _one_annotation(task, reading.annotator)
    for finding in said:
        reading.say(finding, path, article=article)
    if annotation is None:
        return
    result = read_result(annotation.get("result"))
    text = _text(data, result)
    if text is None or _LINK.fullmatch(text):
        where = f"data.text: is a link ({text})" if text else "data.text: there is none"
        text = reading.texts.get(article)
        if text is None:
            message = f"{where}; give the text of {article} with --texts"
            reading.say(error("no-text", message), path, article=article)
            return
    for finding in result.findings:
        reading.say(finding, path, article=article)
    fields = kept if kept is not None else _foreign_fields(article, data, text)
    reading.add(Drawn(article, text, result.marks, result.links, result.words, fields), path)


def read_label_studio(path: Path, reading: Reading) -> None:
    """The annotated tasks of a JSON export, one annotation each."""
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as failure:
        reading.say(error("form", f"not JSON in UTF-8 ({failure}); export as JSON"), path)
        return
    tasks = tasks if isinstance(tasks, list) else [tasks]
    for number, task in enumerate(tasks, 1):
        _read_task(task, f"task {number}", path, reading)


def _regions(mark: Mark, text: str) -> Iterator[dict[str, Any]]:
    """A region for each span, since Label Studio has no broken ones; values on the first."""
    for number, (start, end) in enumerate(mark.spans):
        key = mark.key if number == 0 else f"{mark.key}-{number + 1}"
        place = {"start": start, "end": end}
        common = {"id": key, "to_name": "text", "origin": "manual"}
        words = {"text": text[start:end], "labels": [mark.role.capitalize()]}
        yield common | {"from_name": "label", "type": "labels", "value": place | words}
        for name, values in mark.values.items() if number == 0 else ():
            kind = CONTROLS[name]
            value = {"choices" if kind == "choices" else "text": list(values)}
            yield common | {"from_name": name, "type": kind, "value": place | value}


def _keys(mark: Mark) -> list[str]:
    return [mark.key, *(f"{mark.key}-{n}" for n in range(2, len(mark.spans) + 1))]


def _task(article: Labelled) -> dict[str, Any]:
    sheet = article.sheet
    marks = {mark.key: mark for mark in sheet.marks}
    links = [
        (mark.key, k) for mark in sheet.marks if mark.role == "content" for k in _keys(mark)[1:]
    ]
    links += [(one, key) for one, other in sheet.links for key in _keys(marks[other])]
    result = [region for mark in sheet.marks for region in _regions(mark, article.text)]
    for one, other in links:
        role = marks[other].role if other in marks else other.split("-")[0]
        label = "continues" if role == "content" else role
        ends = {"from_id": one, "to_id": other, "type": "relation", "direction": "right"}
        result.append(ends | {"labels": [label]})
    shown = {k: article.row[k] for k in ("id", "title", "date") if article.row.get(k) is not None}
    return {
        "data": shown | {"text": article.text, KEPT: kept_fields(article.row)},
        "annotations": [{"result": result, "was_cancelled": False, "ground_truth": False}],
        "predictions": [],
    }


def write_label_studio(articles: Sequence[Labelled], out: Path) -> None:
    """Tasks to import, and beside them the project's labelling interface (``.xml``)."""
    tasks = json.dumps([_task(article) for article in articles], ensure_ascii=False, indent=1)
    out.write_bytes(tasks.encode("utf-8") + b"\n")
    stances = [
        stance
        for article in articles
        for c in article.row["claims"]
        for stance in (c["stance"], *c["also"])
    ]
    out.with_suffix(".xml").write_text(labelling_config(stances), encoding="utf-8")
