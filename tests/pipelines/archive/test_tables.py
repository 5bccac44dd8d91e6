"""The tables: their schema, how they join, and what else reads them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.archive import BatchError, Share
from pipelines.archive.tables import SCHEMAS
from pipelines.article import text_sha256
from tests.pipelines.archive.results import FAKE, articles, batch, by_id, jsonl, rows, story


@pytest.fixture
def source(tmp_path: Path) -> Path:
    made = [{"id": f"n{i}", "text": story(i), "title": f"T{i}"} for i in range(12)]
    return jsonl(tmp_path / "a.jsonl", made)


def test_the_tables_join_and_every_span_shows_its_field(source: Path, tmp_path: Path) -> None:
    batch(source, tmp_path / "out")
    found = by_id(tmp_path / "out")
    for name, schema in SCHEMAS.items():
        for path in (tmp_path / "out" / name).iterdir():
            assert pq.read_schema(path).remove_metadata() == schema
    claims, speakers = rows(tmp_path / "out", "claims"), rows(tmp_path / "out", "speakers")
    assert len(claims) == len(speakers) == 12
    for claim in claims:
        text = found[claim["article_id"]]["text"]
        (span,) = claim["content"]
        assert text[span["start"] : span["end"]] == claim["text"]
    for speaker in speakers:
        text = found[speaker["article_id"]]["text"]
        (span,) = speaker["mentions"]
        assert text[span["start"] : span["end"]] == speaker["name"]
    for row in found.values():
        assert row["text_sha256"] == text_sha256(row["text"])
        (sentence,) = row["summary_sentences"]
        assert row["text"][sentence["start"] : sentence["end"]] == row["summary"]


def test_the_datasets_library_and_pandas_read_them(source: Path, tmp_path: Path) -> None:
    import datasets
    import pandas as pd

    batch(source, tmp_path / "out")
    frame = pd.read_parquet(tmp_path / "out" / "articles")
    assert list(frame["id"]) == [f"n{i}" for i in range(12)]
    loaded = datasets.load_dataset(
        "parquet",
        data_files=str(tmp_path / "out" / "claims" / "*.parquet"),
        cache_dir=str(tmp_path / "cache"),
        split="train",
    )
    assert loaded[3]["article_id"] == "n3"


def test_json_lines_hold_the_same(source: Path, tmp_path: Path) -> None:
    batch(source, tmp_path / "parquet")
    batch(source, tmp_path / "jsonl", settings=FAKE.model_copy(update={"format": "jsonl"}))
    for table in SCHEMAS:
        told = [
            json.loads(line)
            for path in sorted((tmp_path / "jsonl" / table).iterdir())
            for line in path.read_text().splitlines()
        ]
        assert told == rows(tmp_path / "parquet", table)


def test_a_job_array_does_each_chunk_once(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(BatchError, match="--plan first"):
        batch(source, out, share=Share(0, 2))
    assert batch(source, out, plan_only=True).chunks_left == 3
    assert batch(source, out, share=Share(1, 2)).chunks_left == 2
    assert batch(source, out, share=Share(0, 2)).chunks_left == 0
    batch(source, tmp_path / "whole")
    assert articles(out) == articles(tmp_path / "whole")
    with pytest.raises(BatchError, match="from 0 to 1"):
        Share(2, 2)


def test_only_the_failed_are_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    jsonl(folder / "a.jsonl", [{"id": "a", "text": story(1)}, {"id": "b"}, {"id": "c", "text": ""}])
    (folder / "good.txt").write_text(story(2))
    (folder / "bad.txt").write_bytes(b"\x00\xff\xfe\x80 \x81\x00")
    lines = "".join(json.dumps({"id": f"z{i}", "text": story(50 + i)}) + "\n" for i in range(300))
    packed = gzip.compress(lines.encode(), mtime=0)
    (folder / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    batch(folder, tmp_path / "out")
    jsonl(folder / "a.jsonl", [{"id": "a", "text": story(1)}, {"id": "b", "text": story(3)}, {}])
    (folder / "bad.txt").write_text(story(4))
    (folder / "cut.jsonl.gz").write_bytes(packed)
    whole = {row["id"] for row in articles(tmp_path / "out")}

    totals = batch([], tmp_path / "again", retry=tmp_path / "out")

    again = {row["id"]: row["error_code"] for row in articles(tmp_path / "again")}
    rest = {f"z{i}" for i in range(300)} - whole
    assert len(rest) > 50  # a file that broke off is taken up where it did
    assert {name: again.pop(name) for name in rest} == dict.fromkeys(rest)
    assert again == {
        "b": None,
        str(folder / "bad.txt"): None,
        f"{folder / 'a.jsonl'}#2": "wrong_columns",
    }
    assert totals.articles == 3 + len(rest)
    batch(folder / "good.txt", tmp_path / "fine")
    with pytest.raises(BatchError, match="no input failed there"):
        batch([], tmp_path / "none", retry=tmp_path / "fine")
