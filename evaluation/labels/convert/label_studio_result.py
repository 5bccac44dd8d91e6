"""The rows of one annotation's ``result`` in Label Studio, read row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from evaluation.labels.convert.marks import FIELDS, Mark, Role, meaning
from evaluation.labels.problem import Finding, error, warning
from pipelines.article import Polarity, Span, ThreatFrom
from pipelines.stances import default_stances

__all__ = ["Result", "read_result"]

_WORDS = {"speaker": "names", "name": "names", "target": "targets"}


@dataclass(slots=True)
class Result:
    """Marks and links, the words that the file has for each mark, and what was wrong."""

    marks: list[Mark] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    to_name: str = ""


@dataclass(slots=True)
class _Rows:
    """What the rows of a region say, gathered under the region's id."""

    spans: dict[str, tuple[Role, Span]] = field(default_factory=dict)
    values: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    ignored: set[str] = field(default_factory=set)

    def give(self, key: str, name: str, said: list[str]) -> None:
        if said:
            self.values.setdefault(key, {}).setdefault(name, []).extend(said)


def _span(value: Mapping[str, Any]) -> Span | None:
    """Start and end; in hypertext these are paths, and the offsets stand beside them."""
    place = value.get("globalOffsets") or value
    try:
        return int(place["start"]), int(place["end"])
    except (KeyError, TypeError, ValueError):
        return None


def _field(name: str, values: list[str]) -> str | None:
    """The field that a control fills: by its name or, failing that, by what it offers."""
    word = name.casefold().replace("-", "_")
    word = _WORDS.get(word, word)
    if word in FIELDS:
        return word
    said = {value.casefold() for value in values}
    kinds = {
        "stance": default_stances().names,
        "polarity": get_args(Polarity),
        "threat_from": get_args(ThreatFrom),
    }
    return next((field for field, kind in kinds.items() if said and said <= set(kind)), None)


def _roles(labels: Any, result: Result, key: str) -> tuple[Role | None, list[str]]:
    role: Role | None = None
    stances: list[str] = []
    for label in labels if isinstance(labels, list) else []:
        said, stance, hint = meaning(str(label))
        if said is None:
            message = f"labels: “{label}” of region {key} is none of ours; {hint}"
            result.findings.append(warning("label", message))
        elif stance is not None:
            stances.append(stance)
        elif role in (None, said):
            role = said
        else:
            message = f"labels: region {key} is both {role} and {said}; took {role}, keep one"
            result.findings.append(warning("label", message))
    return role or ("content" if stances else None), stances


def _lists(value: Mapping[str, Any], kind: str) -> list[str]:
    given = value.get("choices" if kind == "choices" else "text", [])
    given = [given] if isinstance(given, str) else given
    return (
        [item for item in given if isinstance(item, str) and item]
        if isinstance(given, list)
        else []
    )


def _read_region(row: Mapping[str, Any], rows: _Rows, result: Result) -> None:
    key, value = row["id"], row["value"]
    result.to_name = str(row.get("to_name", ""))
    role, stances = _roles(value.get(row["type"]), result, key)
    span = _span(value)
    if role is None or span is None:
        rows.ignored.add(key)
        if role is not None:
            message = f"value: region {key} has no start and end in the text; mark it again"
            result.findings.append(error("span", message))
        return
    rows.spans[key] = role, span
    rows.give(key, "stance", stances)
    if isinstance(value.get("text"), str):
        result.words[key] = value["text"]


def _read_value(row: Mapping[str, Any], rows: _Rows, result: Result) -> None:
    said = _lists(row["value"], row["type"])
    name = _field(str(row.get("from_name", "")), said)
    if name is None:
        message = f"{row.get('from_name')}: is no field of ours; use {', '.join(FIELDS)}"
        result.findings.append(warning("field", message))
    else:
        rows.give(row["id"], name, said)


def read_result(given: Any) -> Result:
    """The marks of a ``result``, with what was chosen and written for each region."""
    result, rows = Result(), _Rows()
    for number, row in enumerate(given if isinstance(given, list) else [], 1):
        kind = row.get("type") if isinstance(row, dict) else None
        if kind == "relation":
            result.links.append((str(row.get("from_id")), str(row.get("to_id"))))
        elif kind not in ("labels", "hypertextlabels", "choices", "textarea"):
            message = f"result: row {number} is of type {kind} and is left out; we have none"
            result.findings.append(warning("field", message))
        elif not isinstance(row.get("value"), dict) or not isinstance(row.get("id"), str):
            message = f"result: row {number} has no id and value; export as JSON again"
            result.findings.append(error("form", message))
        elif kind in ("labels", "hypertextlabels"):
            _read_region(row, rows, result)
        else:
            _read_value(row, rows, result)
    for key, (role, span) in rows.spans.items():
        told = {name: tuple(said) for name, said in rows.values.get(key, {}).items()}
        result.marks.append(Mark(key, role, (span,), told))
    for key in rows.values.keys() - rows.spans.keys() - rows.ignored:
        message = f"{', '.join(rows.values[key])}: belongs to no region; choose it per region"
        result.findings.append(error("field", message))
    result.links = [link for link in result.links if not rows.ignored & set(link)]
    return result
