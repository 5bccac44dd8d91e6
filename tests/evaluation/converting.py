"""Label files sent through other tools' forms, and articles that are hard on them."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evaluation.labels import Converted, convert_labels
from pipelines.article import text_sha256

__all__ = [
    "CLAIM",
    "FORMS",
    "HARD",
    "OUT",
    "TEXT",
    "back",
    "converted",
    "need_spacy_here",
    "said",
    "there_and_back",
    "write_rows",
]

#: The forms of other tools, and a name for what is written in each.
OUT = {
    "label-studio": "tasks.json",
    "brat": "brat",
    "spacy": "docs.spacy",
    "spacy-json": "docs.json",
}
FORMS = tuple(OUT)

TEXT = "Ona Varga said the 🌉 bridge is safe. “It holds,” she told us."
CLAIM: dict[str, Any] = {
    "content": [[15, 35]],
    "cue": [[10, 14]],
    "speaker": {"mention": [[0, 9]], "names": ["Ona Varga"]},
    "stance": "statement",
    "also": [],
    "polarity": "neutral",
    "targets": [],
    "threat_from": None,
}

_HARD_TEXT = (
    "𝔸da 🛰️ said:\r\n\r\n“We warn\r\nyou\u2028all,\tand\x85more” — and  went.\n\n"
    "Both sides — Berg, and the others — agreed to go on; to stop.\r"
)


def _at(words: str) -> list[int]:
    start = _HARD_TEXT.index(words)
    return [start, start + len(words)]


#: Everything that a reference can hold, over a text with everything that breaks offsets.
HARD: dict[str, Any] = {
    "id": "wire/2024 № 1…",
    "title": 'Two | pieces; "quoted"',
    "date": "2024-06-18",
    "genre": "wire",
    "notes": {"nested": [1, 2.5, None, True, {"a": "b"}], "big": 10**30},
    "text": _HARD_TEXT,
    "summary": ["One: 🛰️.", "Two."],
    "claims": [
        CLAIM
        | {
            "content": [_at("We warn\r\nyou\u2028all,\tand\x85more"), _at("went")],
            "cue": [_at("said"), _at("—")],
            "speaker": {
                "mention": [_at("𝔸da"), _at("🛰️")],
                "names": ["Ada; “B” | C", "b: c", 'D "E"'],
            },
            "stance": "threat",
            "also": ["accusation", "demand", "concern"],
            "polarity": "negative",
            "targets": ["Oslo", "São \\ Tomé", " spaced ", "line\nbreak\u2028too", "Oslo; Bergen"],
            "threat_from": "speaker",
        },
        # Apart only by the line break, which is not the same as one span over it.
        CLAIM | {"content": [_at("We warn"), _at("you")], "cue": [], "stance": "statement"},
        CLAIM | {"content": [_at("\r\n\r\n“We")], "speaker": {"mention": [], "names": []}},
        CLAIM | {"content": [_at("agreed")], "speaker": {"mention": [], "names": ["both sides"]}},
        # The same stretches again, the same mention for somebody else.
        CLAIM
        | {
            "content": [_at("agreed")],
            "cue": [_at("said"), _at("—")],
            "speaker": {"mention": [_at("𝔸da"), _at("🛰️")], "names": ["Berg"]},
            "also": ["threat"],
            "threat_from": "other",
        },
        CLAIM | {"content": [_at("to go on;"), _at(" to stop.\r")], "cue": [], "stance": "our own"},
        CLAIM | {"content": [[0, len(_HARD_TEXT)]], "cue": [_at("  ")], "stance": "own"},
    ],
    "trap": False,
}


def need_spacy_here() -> None:
    """Skip where spaCy is not installed; in CI it has to be."""
    if importlib.util.find_spec("spacy") is None and not os.environ.get("CI"):
        pytest.skip("spaCy is not installed: pip install 'attache[spacy]'")


def write_rows(path: Path, *rows: Mapping[str, Any]) -> Path:
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_bytes("".join(lines).encode("utf-8"))
    return path


def back(source: Path, **options: Any) -> tuple[list[dict[str, Any]], Converted]:
    """The rows that a file of another tool gives."""
    out = source.parent / f"{source.name}.back.jsonl"
    done = convert_labels([source], to="attache", out=out, **options)
    lines = out.read_bytes().decode("utf-8").split("\n") if out.exists() else []
    return [json.loads(line) for line in lines if line], done


def converted(folder: Path, form: str, *rows: Mapping[str, Any], **options: Any) -> Path:
    """The file or folder of ``form`` that the rows give, without any complaint."""
    source = write_rows(folder / "ours.jsonl", *rows)
    out = folder / OUT[form]
    done = convert_labels([source], to=form, out=out, **options)
    assert not done.problems
    assert done.articles == len(rows)
    return out


def there_and_back(folder: Path, form: str, *rows: Mapping[str, Any], **options: Any) -> None:
    out = converted(folder, form, *rows, **options)
    again = folder / "again.jsonl"
    done = convert_labels([out], to="attache", out=again)
    assert [p for p in done.problems if p.kind not in ("stance", "names")] == []
    assert again.read_bytes() == (folder / "ours.jsonl").read_bytes()


def said(done: Converted, kind: str) -> list[str]:
    return [str(problem) for problem in done.problems if problem.kind == kind]


def standoff(row: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in row.items() if name != "text"}
    return {"source": "somewhere", **rest, "text_sha256": text_sha256(row["text"])}
