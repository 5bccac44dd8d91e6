"""Every kind of source: what is found in it, and how a wrong one is told."""

from __future__ import annotations

import datetime
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import datasets
import fsspec
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

from pipelines.archive import BatchError
from pipelines.archive.columns import Columns
from pipelines.archive.encodings import looks_garbled
from pipelines.archive.extract import Extractor
from pipelines.archive.records import Trouble
from tests.pipelines.archive.results import FAKE, articles, batch, by_id, jsonl, story


def text_of(out: Path) -> list[str]:
    return [row["text"] for row in articles(out)]


def test_text_and_markdown_in_a_folder_with_other_things(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    (folder / "deep").mkdir(parents=True)
    (folder / "a::b [1].txt").write_text(story(1))
    (folder / "deep" / "b.md").write_text(f"# Head\n\n{story(2)}")
    (folder / "deep" / "c.txt.gz").write_bytes(gzip.compress(story(3).encode()))
    (folder / "deep" / "d.txt.zst").write_bytes(
        pa.compress(story(4).encode(), "zstd", asbytes=True)
    )
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.txt").write_text("never")
    totals = batch(folder, tmp_path / "out")
    assert text_of(tmp_path / "out") == [story(1), f"# Head\n\n{story(2)}", story(3), story(4)]
    assert totals.skipped == {"files of other kinds": 1}
    assert str(folder / "a::b [1].txt") in by_id(tmp_path / "out")


def test_a_glob_takes_what_it_matches_in_order(tmp_path: Path) -> None:
    for i in range(3):
        jsonl(tmp_path / f"part-{i}.jsonl", [{"text": story(i)}])
    jsonl(tmp_path / "other.jsonl", [{"text": story(9)}])
    batch(str(tmp_path / "part-*.jsonl"), tmp_path / "out")
    assert text_of(tmp_path / "out") == [story(i) for i in range(3)]


@pytest.mark.parametrize("form", ["parquet", "arrow", "stream", "csv", "tsv", "jsonl.zst"])
def test_each_form_of_table_gives_the_same_articles(tmp_path: Path, form: str) -> None:
    made = [
        {"URL": f"u{i}", "Headline": f"T{i}", "Body": story(i), "published": "2021-05-06"}
        for i in range(3)
    ]
    table = pa.Table.from_pylist(made)
    path = tmp_path / f"a.{'arrow' if form == 'stream' else form}"
    if form == "parquet":
        pq.write_table(table, path)
    elif form == "arrow":
        pyarrow.feather.write_feather(table, path)
    elif form == "stream":
        with pa.ipc.new_stream(path, table.schema) as writer:
            writer.write_table(table)
    elif form == "jsonl.zst":
        raw = jsonl(tmp_path / "raw" / "a.jsonl", made).read_bytes()
        path.write_bytes(pa.compress(raw, "zstd", asbytes=True))
    else:
        comma = "\t" if form == "tsv" else ";"
        lines = [list(made[0]), *(list(row.values()) for row in made)]
        path.write_text("\n".join(comma.join(line) for line in lines))
    batch(path, tmp_path / "out")
    assert [
        {"URL": r["id"], "Headline": r["title"], "Body": r["text"], "published": r["date"]}
        for r in articles(tmp_path / "out")
    ] == made


def test_columns_by_name(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"text": "no", "lead": story(1), "key": 7, "day": 2021}])
    told = FAKE.model_copy(update={"text": "lead", "id": "key", "date": "day"})
    batch(path, tmp_path / "out", settings=told)
    (row,) = articles(tmp_path / "out")
    assert (row["text"], row["id"], row["date"]) == (story(1), "7", "2021")
    with pytest.raises(Trouble, match="no column 'words' for text: the columns are a, b"):
        Columns(["a", "b"], FAKE.model_copy(update={"text": "words"}))


def test_dates_are_written_as_iso_8601() -> None:
    columns = Columns(["text", "date"], FAKE)
    for value, told in (
        (datetime.date(2021, 3, 4), "2021-03-04"),
        (datetime.datetime(2021, 3, 4, 5, tzinfo=datetime.UTC), "2021-03-04T05:00:00+00:00"),
        (float("nan"), None),
        ("", None),
    ):
        assert columns.article({"text": "x", "date": value}, "s", 0).date == told


def test_datasets_objects_and_plain_rows(tmp_path: Path) -> None:
    made = [{"article": story(i), "id": i} for i in range(7)]
    whole = datasets.Dataset.from_list(made)
    streamed = whole.to_iterable_dataset()
    batch([whole], tmp_path / "a")
    batch([streamed], tmp_path / "b")
    batch([iter(made)], tmp_path / "c")
    for name in "abc":
        assert text_of(tmp_path / name) == [row["article"] for row in made]


def test_a_hub_data_set_is_streamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def load_dataset(*names: Any, **options: Any) -> Any:
        asked.append((names, options))
        return datasets.Dataset.from_list([{"text": story(1)}]).to_iterable_dataset()

    monkeypatch.setattr("datasets.load_dataset", load_dataset)
    monkeypatch.chdir(tmp_path)
    settings = FAKE.model_copy(update={"subset": "3.0.0", "split": "test", "revision": "abc"})
    batch(["somebody/news"], tmp_path / "out", settings=settings)
    assert text_of(tmp_path / "out") == [story(1)]
    options = {"split": "test", "revision": "abc", "streaming": True}
    assert asked == [(("somebody/news", "3.0.0"), options)]


def test_a_data_set_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load_dataset(*_: Any, **__: Any) -> Any:
        raise ConnectionError("no network")

    monkeypatch.setattr("datasets.load_dataset", load_dataset)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BatchError, match=r"is no file or folder here.*no network"):
        batch(["somebody/news"], tmp_path / "out")
    # Nothing was read, so the folder may be used for the name that was meant.
    batch(jsonl(tmp_path / "a.jsonl", [{"text": story(1)}]), tmp_path / "out")
    assert text_of(tmp_path / "out") == [story(1)]


def test_a_stream_that_breaks_off_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows() -> Iterator[dict[str, str]]:
        yield {"text": story(1)}
        if broken:
            raise ConnectionError("gone")
        yield {"text": story(2)}

    broken = True
    monkeypatch.setattr("datasets.load_dataset", lambda *_, **__: rows())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BatchError, match=r"somebody/news: breaks off after 1 rows.*gone"):
        batch(["somebody/news"], tmp_path / "out")
    broken = False
    batch(["somebody/news"], tmp_path / "out")
    assert text_of(tmp_path / "out") == [story(1), story(2)]


def test_addresses_through_fsspec(tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    raw = jsonl(tmp_path / "a.jsonl", [{"text": story(1)}]).read_bytes()
    store.pipe({"/news/one.jsonl": raw, "/news/two.txt": story(2).encode()})
    batch("memory://news", tmp_path / "a")
    batch("memory://news/*.txt", tmp_path / "b")
    batch("memory://news/one.jsonl", tmp_path / "c")
    assert text_of(tmp_path / "a") == [story(1), story(2)]
    assert text_of(tmp_path / "b") == [story(2)]
    assert text_of(tmp_path / "c") == [story(1)]
    with pytest.raises(BatchError, match=r"cannot be listed|nothing is there"):
        batch("memory://nowhere/a.txt", tmp_path / "d")
    with pytest.raises(BatchError, match=r"nothing is there"):
        batch("memory://news/*.csv", tmp_path / "d")


@pytest.mark.skipif("s3fs" in sys.modules, reason="s3fs is there")
def test_an_address_whose_package_is_missing_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(BatchError, match=r"attache\[s3\]"):
        batch("s3://bucket/a.jsonl", tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("absent.txt", "no such file or folder"),
        ("none/*.txt", "no such file or folder"),
        ("picture.png", "not a kind of file that is read"),
        ("empty", "holds no file of a kind that is read"),
    ],
)
def test_a_source_that_cannot_be_read(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BatchError, match=why):
        batch(tmp_path / name, tmp_path / "out")


def test_encodings_are_found_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    german = (
        "Die Außenministerin erklärte, dass die Gespräche über Zölle für Öl fortgesetzt würden. "
    )
    (folder / "latin.txt").write_bytes((german * 4).encode("cp1252"))
    (folder / "marked.txt").write_bytes(story(1).encode("utf-8-sig"))
    (folder / "wide.txt").write_bytes(story(2).encode("utf-16"))
    (folder / "garbled.txt").write_text(german.encode().decode("cp1252", "replace") * 3)
    table = "id,text\n" + "".join(f'{i},"{german} {i}"\n' for i in range(3))
    (folder / "latin.csv").write_bytes(table.encode("cp1252"))
    batch(folder, tmp_path / "out")
    found = {Path(row["source"]).name: row for row in articles(tmp_path / "out")}
    assert found["latin.txt"]["text"] == german * 4
    assert "not UTF-8" in found["latin.txt"]["warnings"][0]
    assert found["latin.txt"]["language"] == "de"
    assert found["marked.txt"]["text"] == story(1)
    assert found["wide.txt"]["text"] == story(2)
    assert found["garbled.txt"]["warnings"][0].startswith("mojibake")
    assert found["latin.csv"]["text"].startswith(german)
    assert "table is not UTF-8" in found["latin.csv"]["warnings"][0]
    assert not looks_garbled(german)


def test_a_page_that_takes_too_long_costs_only_itself() -> None:
    body = b"<html><body><article>" + b"<p>The minister said that talks go on.</p>" * 9
    with Extractor(seconds=0) as extractor:
        with pytest.raises(Trouble, match="more than 0 s"):
            extractor.page(body)
        extractor.seconds = 60
        assert "talks go on" in extractor.page(body).text
        process = extractor._process
        assert process is not None
        process.kill()
        process.wait()
        assert "talks go on" in extractor.page(body).text
        with pytest.raises(Trouble, match="no main text"):
            extractor.page(b"<html></html>")
        with pytest.raises(Trouble, match="is empty"):
            extractor.page(b" ")


@pytest.mark.parametrize(("module", "name"), [("trafilatura", "a.html"), ("warcio", "a.warc")])
def test_a_missing_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda asked, *_: None if asked == module else object()
    )
    (tmp_path / name).write_bytes(b"<html>x</html>")
    with pytest.raises(BatchError, match=rf"{module}: install the extra.*attache\[archive\]"):
        batch(tmp_path / name, tmp_path / "out")
