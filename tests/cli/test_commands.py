"""The other commands, at their doors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.version import __version__
from service.settings import Settings
from tests.fixtures.prose import CANAL

SEEDS = Path(__file__).parents[2] / "seeds"
runner = CliRunner()


def test_help_names_every_command() -> None:
    result = runner.invoke(app, ["--help"])
    assert result.exit_code == 0
    for command in ("read", "serve", "benchmark", "models", "train", "labels", "batch", "report"):
        assert command in result.stdout


def test_version() -> None:
    assert runner.invoke(app, ["--version"]).stdout == f"attache {__version__}\n"


def test_an_unknown_option_is_status_two() -> None:
    assert runner.invoke(app, ["read", "--loudly", "x.txt"]).exit_code == 2


def test_models_lists_the_default_with_its_revision() -> None:
    result = runner.invoke(app, ["models"], env={"COLUMNS": "120"})
    assert result.exit_code == 0
    assert "default" in result.stdout
    assert "MB" in result.stdout


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"attache {__version__}\n"


def test_importing_the_library_loads_neither_torch_nor_transformers() -> None:
    code = (
        "import sys, pipelines, pipelines.cli; "
        "print(sorted({'torch', 'transformers', 'numpy', 'fastapi'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_label_check_names_the_error_and_fails(tmp_path: Path) -> None:
    row = {
        "id": "1",
        "text": CANAL,
        "summary": [],
        "claims": [
            {
                "content": [[0, 10]],
                "cue": [],
                "speaker": {"mention": [], "names": ["she"]},
                "stance": "statement",
                "also": [],
                "polarity": "neutral",
                "targets": [],
                "threat_from": None,
            }
        ],
    }
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    result = runner.invoke(app, ["labels", "check", str(path)])
    assert result.exit_code == 1
    assert "speaker “she” names nobody" in result.stdout


def test_label_stats_counts_the_seeds() -> None:
    result = runner.invoke(app, ["labels", "stats", str(SEEDS / "articles" / "dev.jsonl")])
    assert result.exit_code == 0
    assert "recognition" in result.stdout


def test_labels_that_are_not_there(tmp_path: Path) -> None:
    for command in ("check", "stats"):
        result = runner.invoke(app, ["labels", command, str(tmp_path / "absent")])
        assert result.exit_code == 2
        assert "absent" in result.stderr


def test_train_names_the_base_that_is_missing(tmp_path: Path) -> None:
    words = ["train", "--data", str(tmp_path), "--base", str(tmp_path), "--out", str(tmp_path)]
    result = runner.invoke(app, words)
    assert result.exit_code == 2
    assert "model.safetensors is missing; give the folder of a BERT" in result.stderr


def test_serve_hands_its_options_to_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Settings] = []

    def serve(settings: Settings) -> int:
        seen.append(settings)
        return 3

    monkeypatch.setattr("service.serve", serve)
    result = runner.invoke(app, ["serve", "--port", "8123", "--host", "0.0.0.0"])  # noqa: S104
    assert result.exit_code == 3
    assert (seen[0].port, seen[0].host, seen[0].model) == (8123, "0.0.0.0", "default")  # noqa: S104


def test_serve_refuses_a_bad_setting_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHE_MAX_ARTICLES", "many")
    result = runner.invoke(app, ["serve"])
    assert result.exit_code == 2
    assert "ATTACHE_MAX_ARTICLES" in result.stderr
