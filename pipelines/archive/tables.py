"""The three tables of a result: ``articles``, ``claims`` and ``speakers``.

Each claim and speaker has the ``article_id`` of its article. A span is a ``start`` and an
``end`` in Unicode code points of the article's ``text``, end exclusive.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from pipelines.archive.commits import write_table, write_whole
from pipelines.article import Analysis, Span

__all__ = ["SCHEMAS", "analysis_rows", "write_rows"]

_SPANS = pa.list_(pa.struct([("start", pa.int64()), ("end", pa.int64())]))
_NAMES = pa.list_(pa.string())

#: What each column of each table holds; the README documents them.
SCHEMAS: dict[str, pa.Schema] = {
    "articles": pa.schema(
        [
            ("id", pa.string()),
            ("source", pa.string()),
            ("position", pa.int64()),
            ("title", pa.string()),
            ("date", pa.string()),
            ("language", pa.string()),
            ("text", pa.string()),
            ("text_sha256", pa.string()),
            ("status", pa.string()),
            ("error_stage", pa.string()),
            ("error_code", pa.string()),
            ("error_message", pa.string()),
            ("duplicate", pa.string()),
            ("duplicate_of", pa.string()),
            ("summary", pa.string()),
            (
                "summary_sentences",
                pa.list_(
                    pa.struct(
                        [
                            ("text", pa.string()),
                            ("start", pa.int64()),
                            ("end", pa.int64()),
                            ("score", pa.float64()),
                        ]
                    )
                ),
            ),
            ("coverage", pa.float64()),
            ("claims", pa.int64()),
            ("speakers", pa.int64()),
            ("warnings", _NAMES),
        ]
    ),
    "claims": pa.schema(
        [
            ("article_id", pa.string()),
            ("claim", pa.int64()),
            ("text", pa.string()),
            ("content", _SPANS),
            ("cue", _SPANS),
            ("speaker_mention", _SPANS),
            ("speakers", _NAMES),
            ("stance", pa.string()),
            ("also", _NAMES),
            ("scores", pa.list_(pa.struct([("stance", pa.string()), ("score", pa.float64())]))),
            ("confidence", pa.float64()),
            ("polarity", pa.string()),
            ("targets", _NAMES),
            ("threat_from", pa.string()),
        ]
    ),
    "speakers": pa.schema(
        [
            ("article_id", pa.string()),
            ("name", pa.string()),
            ("role", pa.string()),
            ("mentions", _SPANS),
        ]
    ),
}


def _spans(spans: Sequence[Span]) -> list[dict[str, int]]:
    return [{"start": start, "end": end} for start, end in spans]


def analysis_rows(
    article_id: str, analysis: Analysis
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """What an analysis adds to its article's row, and its rows of claims and speakers."""
    summary = analysis.summary
    article = {
        "text_sha256": analysis.text_sha256,
        "summary": summary.text,
        "summary_sentences": [
            # A sentence that a model wrote stands nowhere in the text.
            {"text": one.text, "start": start, "end": end, "score": one.score}
            for one in summary.sentences
            for start, end in (one.span or (None, None),)
        ],
        "coverage": summary.coverage,
        "claims": len(analysis.claims),
        "speakers": len(analysis.speakers),
    }
    claims = [
        {
            "article_id": article_id,
            "claim": number,
            "text": claim.text,
            "content": _spans(claim.content),
            "cue": _spans(claim.cue),
            "speaker_mention": _spans(claim.speaker.mention),
            "speakers": list(claim.speaker.names),
            "stance": claim.stance,
            "also": list(claim.also),
            "scores": [{"stance": s, "score": p} for s, p in claim.scores.items()],
            "confidence": claim.confidence,
            "polarity": claim.polarity,
            "targets": list(claim.targets),
            "threat_from": claim.threat_from,
        }
        for number, claim in enumerate(analysis.claims)
    ]
    speakers = [
        {
            "article_id": article_id,
            "name": speaker.name,
            "role": speaker.role,
            "mentions": _spans(speaker.mentions),
        }
        for speaker in analysis.speakers
    ]
    return article, claims, speakers


def write_rows(
    out: Path,
    table: str,
    name: str,
    rows: Sequence[dict[str, Any]],
    form: Literal["parquet", "jsonl"],
) -> tuple[str, dict[str, Any]]:
    """Write one chunk of a table; its path under ``out``, and its bytes and SHA-256."""
    relative = f"{table}/{name}.{form}"
    schema = SCHEMAS[table]
    if form == "parquet":
        return relative, write_table(out / relative, pa.Table.from_pylist(rows, schema=schema))

    def write(file: Any) -> None:
        for row in rows:
            whole = {column: row.get(column) for column in schema.names}
            file.write(json.dumps(whole, ensure_ascii=False).encode() + b"\n")

    return relative, write_whole(out / relative, write)
