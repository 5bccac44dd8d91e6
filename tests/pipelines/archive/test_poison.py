"""Broken and hostile inputs: each costs only itself, and a row says why."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.pipelines.archive.results import FAKE, articles, batch, by_id, jsonl, story

LIMIT = 1_200_000
SMALL = FAKE.model_copy(update={"max_bytes": LIMIT})


def page(text: str) -> bytes:
    body = "".join(f"<p>{text} It was said again in paragraph {i}.</p>" for i in range(6))
    head = "<html><head><title>A title</title></head>"
    return f"{head}<body><article>{body}</article></body></html>".encode()


def warc(path: Path, pages: dict[str, bytes]) -> Path:
    """A crawl as the WARC 1.0 format has it, record by record in gzip where so named."""
    with path.open("wb") as file:
        for address, body in pages.items():
            http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\n"
                "WARC-Date: 2021-02-03T04:05:06Z\r\n"
                "WARC-Record-ID: <urn:uuid:0d0ff0a4-0000-4000-8000-000000000000>\r\n"
                "Content-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(http)}\r\n\r\n"
            )
            record = head.encode() + http + b"\r\n\r\n"
            file.write(gzip.compress(record, mtime=0) if path.suffix == ".gz" else record)
    return path


def codes(out: Path) -> dict[str, str | None]:
    """The code of each source's last row: None where all is well."""
    return {Path(row["source"]).name: row["error_code"] for row in articles(out)}


def test_each_poisoned_input_costs_only_itself(tmp_path: Path) -> None:
    source = tmp_path / "archive"
    good = {"id": "good", "text": story(1)}
    jsonl(source / "a.jsonl", [good])
    with (source / "line.jsonl").open("w") as file:
        file.write(json.dumps({"id": "before", "text": story(2)}) + "\n")
        file.write(json.dumps({"id": "long", "text": "x" * (3 * LIMIT)}) + "\n")
        file.write("{broken\n[1]\n" + '{"id": "no text"}\n' + '{"id": 5, "text": 7}\n')
        file.write(json.dumps({"id": "after", "text": story(3)}) + "\n")
    (source / "bytes.txt").write_bytes(b"\x00\xff\xfe\x80 not text \x81\x00")
    with zipfile.ZipFile(source / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"0" * (5 * LIMIT))
        archive.writestr("fine.txt", story(4))
    (source / "deep.html").write_bytes(b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000)
    (source / "good.html").write_bytes(page(story(5)))
    rows = b"".join(
        json.dumps({"id": f"z{i}", "text": story(100 + i)}).encode() + b"\n" for i in range(400)
    )
    packed = gzip.compress(rows, mtime=0)
    (source / "cut.jsonl.gz").write_bytes(packed[: len(packed) * 2 // 3])
    pq.write_table(pa.table({"a": [1], "b": ["x"]}), source / "columns.parquet")
    (source / "no.parquet").write_bytes(b"PAR1 this is none")
    frame = pa.table({"id": [1.0, float("nan"), 1.0], "text": [story(6), story(7), story(8)]})
    pq.write_table(frame, source / "ids.parquet")

    totals = batch(source, tmp_path / "out", settings=SMALL)

    said = codes(tmp_path / "out")
    assert said["bytes.txt"] == "invalid_encoding"
    assert said["deep.html"] in {"no_main_text", "extractor_died", "extraction_failed"}
    assert said["columns.parquet"] == "wrong_columns"
    assert said["no.parquet"] == "broken_file"
    assert said["cut.jsonl.gz"] == "broken_file"
    assert said["bomb.zip!bomb.txt"] == "too_large"
    assert said["bomb.zip!fine.txt"] is None
    found = by_id(tmp_path / "out")
    for name in ("good", "before", "after", "z0"):
        assert found[name]["status"] == "ok", name
        assert found[name]["claims"] == 1
    lines = [row for row in articles(tmp_path / "out") if row["source"].endswith("line.jsonl")]
    assert [row["error_code"] for row in lines] == [
        None, "too_large", "invalid_json", "invalid_json", "wrong_columns", "wrong_type", None,
    ]  # fmt: skip
    assert "line 2: the line has" in lines[1]["error_message"]
    assert "columns are id" in lines[4]["error_message"]
    cut = [row for row in articles(tmp_path / "out") if "cut" in row["source"]]
    assert len(cut) > 100  # what came before the cut is kept
    assert "after" in cut[-1]["error_message"]
    ids = [row for row in articles(tmp_path / "out") if row["source"].endswith("ids.parquet")]
    place = ids[0]["source"]
    assert [row["id"] for row in ids] == ["1", f"{place}#1", f"1 ({place}#2)"]
    assert [row["status"] for row in ids] == ["ok"] * 3
    assert "'id' is empty" in ids[1]["warnings"][0]
    assert "given before" in ids[2]["warnings"][0]
    assert totals.failed == sum(row["status"] == "error" for row in articles(tmp_path / "out"))
    assert not totals.well


@pytest.mark.parametrize("ending", [".warc", ".warc.gz"])
def test_a_crawl_that_breaks_off_keeps_its_pages(tmp_path: Path, ending: str) -> None:
    pages = {f"https://example.org/{i}": page(story(i)) for i in range(4)}
    path = warc(tmp_path / f"crawl{ending}", pages)
    whole = batch(path, tmp_path / "whole")
    assert (whole.articles, whole.failed) == (4, 0)
    row = by_id(tmp_path / "whole")["https://example.org/2"]
    assert "Ministers2 said that talks" in row["text"]
    assert row["title"] == "A title"
    assert row["date"] == "2021-02-03"

    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 5 // 8])
    batch(path, tmp_path / "cut")
    cut = articles(tmp_path / "cut")
    assert [row["error_code"] for row in cut[:2]] == [None, None]
    assert cut[-1]["status"] == "error"
    assert len(cut) <= 4


def test_a_crawl_with_lying_lengths(tmp_path: Path) -> None:
    pages = {f"https://example.org/{i}": page(story(i)) for i in range(3)}
    path = warc(tmp_path / "crawl.warc", pages)
    head, _, rest = path.read_bytes().rpartition(b"Content-Length: ")
    length, _, body = rest.partition(b"\r\n")
    path.write_bytes(head + b"Content-Length: " + str(int(length) * 50).encode() + b"\r\n" + body)
    jsonl(tmp_path / "good.jsonl", [{"text": story(9)}])

    totals = batch([path, tmp_path / "good.jsonl"], tmp_path / "out")

    assert [row["error_code"] for row in articles(tmp_path / "out")] == [
        None, None, "wrong_length", None,
    ]  # fmt: skip
    assert totals.failed == 1


def test_an_article_that_breaks_the_model_is_lost_alone(tmp_path: Path) -> None:
    texts = [story(0), "POISON said that it kills.", story(2), "SWALLOW said that it hides."]
    rows = [{"id": str(i), "text": text} for i, text in enumerate(texts)]
    rows.append({"id": "blank", "text": "  "})
    batch(jsonl(tmp_path / "a.jsonl", rows), tmp_path / "out")

    found = by_id(tmp_path / "out")
    assert {name: row["error_code"] for name, row in found.items()} == {
        "0": None, "1": "internal_error", "2": None, "3": "internal_error", "blank": "empty_text",
    }  # fmt: skip
    assert found["blank"]["error_stage"] == "analyse"


def test_a_csv_with_bad_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [
        "url,headline,body,published",
        f'u1,"One, two","{story(1)}",2021-01-02',
        "u2,too,few",
        f'u3,long,"{"y" * (2 * LIMIT)}",2021',
        f'u4,Lines,"{story(4)}\nand ""more""",2021-01-05',
    ]
    path.write_bytes("\n".join(lines).encode() + b"\nu5,Bytes,\xff\xfe said,2021\n")
    batch(path, tmp_path / "out", settings=SMALL)

    found = articles(tmp_path / "out")
    assert [row["error_code"] for row in found].count(None) == 2
    first, last = (row for row in found if row["status"] == "ok")
    assert (first["id"], first["title"], first["date"]) == ("u1", "One, two", "2021-01-02")
    assert last["text"].endswith('and "more"')
    assert {row["error_code"] for row in found} >= {"invalid_csv", "too_large", "invalid_encoding"}


@pytest.mark.slow
def test_a_line_of_200_megabytes_in_little_memory(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "')
        for _ in range(200):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n' + json.dumps({"id": "after", "text": story(1)}).encode() + b"\n")
    tracemalloc.start()
    batch(path, tmp_path / "out")
    assert tracemalloc.get_traced_memory()[1] < 64 << 20
    tracemalloc.stop()
    assert [row["error_code"] for row in articles(tmp_path / "out")] == ["too_large", None]
