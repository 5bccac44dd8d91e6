"""``attache benchmark``: what is written, what is complained of, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.cli import app
from tests.evaluation.builders import HARBOUR, row

runner = CliRunner()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [row(f"a{i}", text=f"{HARBOUR} Edition {i}.") for i in range(3)]
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


def bench(*words: object) -> Result:
    return runner.invoke(app, ["benchmark", *map(str, words)], env={"COLUMNS": "120"})


def test_it_scores_a_file_and_writes_what_it_found(
    tiny_checkpoint: Path, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ["--data", data, "--out", out, "-m", tiny_checkpoint, "-m", "lead-3", "--resamples", 50]
    result = bench(*words, "--baseline", "lead-3")
    assert result.exit_code == 0, result.stderr
    assert "3 articles, 12 claims" in result.stdout
    assert "Less lead-3" in result.stdout
    written = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert [report["model"]["name"] for report in written["reports"]] == ["tiny", "lead-3"]
    assert written["settings"]["resamples"] == 50
    assert "chain" in (out / "results.md").read_text(encoding="utf-8")
    assert "</html>" in (out / "report.html").read_text(encoding="utf-8")
    (kept,) = (out / "predictions").iterdir()
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 3

    again = bench(*words)
    figures = [
        json.loads((out / "results.json").read_text(encoding="utf-8"))["reports"][0]["figures"],
        written["reports"][0]["figures"],
    ]
    assert again.exit_code == 0
    assert figures[0] == figures[1]
    read = json.loads((out / "results.json").read_text(encoding="utf-8"))["reports"][0]
    assert read["cost"] is None  # nothing was read this time
    bench(*words, "--fresh")
    read = json.loads((out / "results.json").read_text(encoding="utf-8"))["reports"][0]
    assert read["cost"]["articles"] == 3


def test_the_gate_is_the_exit_status(data: Path, tmp_path: Path) -> None:
    results = tmp_path / "out" / "results.json"
    assert bench("--data", data, "-m", "oracle", "--out", results.parent).exit_code == 0
    gate = ["--data", data, "-m", "oracle", "--against", results, "--fail-on", "chain:-1.0"]
    held = bench(*gate)
    assert held.exit_code == 0
    assert "held: references: oracle: chain: +0.00" in held.stderr

    earlier = json.loads(results.read_text(encoding="utf-8"))
    for figure in earlier["reports"][0]["figures"]:
        if figure["name"] == "chain":
            figure["value"] = 1.02
    results.write_text(json.dumps(earlier), encoding="utf-8")
    fell = bench(*gate)
    assert fell.exit_code == 1
    assert "attache: fell: references: oracle: chain: -2.00" in fell.stderr

    assert bench(*gate, "--fail-on", "chian:-1").exit_code == 2
    assert bench(*gate[:-2]).exit_code == 2
    assert "--against and --fail-on go together" in bench(*gate[:-2]).stderr
    assert bench(*gate[:-1], "chain:lots").exit_code == 2


def test_a_bad_line_is_named_and_the_rest_is_scored(data: Path) -> None:
    with data.open("a", encoding="utf-8") as lines:
        lines.write('{"id": "x"}\n')
    result = bench("--data", data, "-m", "oracle")
    assert result.exit_code == 1
    assert f"attache: {data}:4: text: give the text" in result.stderr
    assert "3 articles, 12 claims" in result.stdout
    strict = bench("--data", data, "-m", "oracle", "--strict")
    assert strict.exit_code == 2
    assert f"{data}:4:" in strict.stderr
    assert strict.stdout == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--data", "absent.jsonl"], "absent.jsonl: no such file or folder"),
        (["--data", "polnaer:here"], "did you mean 'polnear'?"),
        (["--limit", "0"], "limit: 0 is too few"),
        (["--model", "lead-4"], "'lead-3' is nearest"),
        (["--nli", "/nowhere/absent"], "/nowhere/absent: cannot be loaded"),
    ],
)
def test_a_wrong_call_is_status_two_with_the_way_out(words: list[str], message: str) -> None:
    result = bench(*words)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_help_names_every_corpus_and_baseline() -> None:
    from evaluation import BASELINES, CORPORA

    shown = bench("--help").stdout.replace("│", " ")
    for name in (*CORPORA, *BASELINES):
        assert name in shown, name
