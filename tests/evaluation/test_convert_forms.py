"""Which form is read and written, and what is refused before anything is read."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evaluation.errors import BenchmarkError
from evaluation.labels import convert_labels
from evaluation.labels.convert.forms import FORMS, form_named, form_of
from pipelines.cli import app
from tests.evaluation.converting import CLAIM, OUT, TEXT, converted, need_spacy_here, write_rows

ROW = {"id": "bridge", "text": TEXT, "claims": [CLAIM]}
runner = CliRunner()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("labelstudio", "did you mean label-studio?"),
        ("Label Studio", "did you mean label-studio?"),
        ("spacey", "did you mean spacy?"),
        ("bratt", "did you mean brat?"),
        ("conll", "use attache, brat, label-studio, spacy, spacy-json"),
    ],
)
def test_a_name_that_is_none(name: str, hint: str) -> None:
    with pytest.raises(BenchmarkError) as caught:
        form_named(name)
    assert str(caught.value) == f"no form {name!r} of labels; {hint}"


@pytest.mark.parametrize("form", OUT)
def test_what_we_write_is_told_apart(form: str, tmp_path: Path) -> None:
    if form == "spacy":
        need_spacy_here()
    assert form_of(converted(tmp_path, form, ROW)).name == form


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.jsonl", ROW, "attache"),
        ("a.json", ROW, "attache"),
        ("a.jsonl", "", "attache"),
        ("a.jsonl", "not json", "attache"),
        ("a.jsonl", {"text": TEXT, "spans": []}, "spacy-json"),
        ("a.json", [{"text": TEXT, "ents": [], "tokens": []}], "spacy-json"),
        ("a.json", [{"id": 1, "data": {"text": TEXT}, "annotations": []}], "label-studio"),
        ("a.json", {"data": {"text": TEXT}}, "label-studio"),
        ("a.ann", "", "brat"),
        ("a.SPACY", "", "spacy"),
        ("a.json", [1, 2], None),
        ("a.txt", "plain text", None),
    ],
)
def test_the_form_of_a_file(tmp_path: Path, name: str, content: Any, form: str | None) -> None:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    if form is not None:
        assert form_of(path).name == form
        return
    with pytest.raises(BenchmarkError, match="its form is not plain; say --from attache, brat"):
        form_of(path)


def test_the_form_of_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match=r"has no \.ann and no \.jsonl in it"):
        form_of(tmp_path)
    write_rows(tmp_path / "a.jsonl", ROW)
    assert form_of(tmp_path).name == "attache"
    (tmp_path / "a.ann").write_text("", encoding="utf-8")
    assert form_of(tmp_path).name == "brat"


def test_several_sources_of_several_forms_are_one(tmp_path: Path) -> None:
    tasks = converted(tmp_path, "label-studio", ROW)
    (tmp_path / "more").mkdir()
    pairs = converted(tmp_path / "more", "brat", ROW | {"id": "b"})
    done = convert_labels([tasks, pairs], to="attache", out=tmp_path / "new" / "all.jsonl")

    assert (done.articles, done.claims, list(done.problems)) == (2, 2, [])
    lines = (tmp_path / "new" / "all.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["bridge", "b"]


def test_nothing_is_written_over_or_made_of_nothing(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "ours.jsonl", ROW)
    for to, out in (("attache", source), ("brat", source), ("label-studio", tmp_path)):
        with pytest.raises(BenchmarkError, match="is there already; choose another --out"):
            convert_labels([source], to=to, out=out)
    empty = write_rows(tmp_path / "empty.jsonl")
    done = convert_labels([empty], to="label-studio", out=tmp_path / "tasks.json")
    assert [str(p) for p in done.problems] == [
        f"{empty}: error: has no article in it; check the path and --from [form]"
    ]
    assert not (tmp_path / "tasks.json").exists()


def test_without_spacy_the_extra_is_named_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *a: None if name == "spacy" else find(name, *a)
    )
    source = tmp_path / "ours.jsonl"
    source.write_text("not even read\n", encoding="utf-8")
    binary = tmp_path / "docs.spacy"
    binary.write_bytes(b"")
    for arguments in (
        [str(source), "--to", "spacy", "--out", str(tmp_path / "x.spacy")],
        [str(source), str(binary), "--to", "attache", "--out", str(tmp_path / "x.jsonl")],
    ):
        result = runner.invoke(app, ["labels", "convert", *arguments])
        assert result.exit_code == 2
        assert "pip install 'attache[spacy]', or use the form spacy-json" in result.stderr
        assert "not JSON" not in result.stderr
    assert sorted(FORMS) == ["attache", "brat", "label-studio", "spacy", "spacy-json"]


def test_the_command_writes_and_counts(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "ours.jsonl", ROW, {"id": 7})
    out = tmp_path / "tasks.json"
    result = runner.invoke(
        app, ["labels", "convert", str(source), "--to", "label-studio", "--out", str(out)]
    )
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "ours.jsonl:2: error: " in result.stderr
    assert "1 articles, 1 claims; 1 errors, 0 warnings" in result.stderr
    assert (tmp_path / "tasks.xml").exists()
    again = [
        "labels",
        "convert",
        str(out),
        "--to",
        "attache",
        "--out",
        str(tmp_path / "again.jsonl"),
    ]
    result = runner.invoke(app, again)
    assert result.exit_code == 0
    assert json.loads((tmp_path / "again.jsonl").read_text(encoding="utf-8")) == ROW


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "brta"], "did you mean brat?"),
        (["--to", "brat", "--from", "jsonl"], "no form 'jsonl' of labels"),
        (["--to", "brat", "--annotator", "1"], "--annotator chooses among those of label-studio"),
        (["--to", "brat", "--texts", "absent.jsonl"], "absent.jsonl"),
        (["--to", "brat", "absent"], "absent: no such file or folder; check the path"),
    ],
)
def test_a_wrong_call_is_status_two(tmp_path: Path, arguments: list[str], message: str) -> None:
    source = write_rows(tmp_path / "ours.jsonl", ROW)
    words = ["labels", "convert", str(source), *arguments, "--out", str(tmp_path / "out")]
    result = runner.invoke(app, words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (tmp_path / "out").exists()
