"""What the papers say of the project is what the project is."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.model import DEFAULT_WEIGHTS
from pipelines.references import read_references
from pipelines.stances import default_stances
from service.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SEEDS = (ROOT / "seeds" / "README.md").read_text(encoding="utf-8")
CARD = (DEFAULT_WEIGHTS / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("pipelines/*/*.md"))
    if path.relative_to(ROOT).parts[0] not in (".venv", "runs")
)


def test_the_table_of_settings_is_the_settings() -> None:
    rows = re.findall(r"^\| (`ATTACHE_[^|]+) \| ([^|]+) \|", README, re.MULTILINE)
    told: dict[str, str] = {}
    for names, values in rows:
        told |= dict(
            zip(
                re.findall(r"`(\w+)`", names),
                [word.replace("unset", "") for word in re.findall(r"unset|(?<=`)[^`, ]+", values)],
                strict=True,
            )
        )
    real = {
        f"ATTACHE_{name.upper()}": str(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert told == {name: value.removesuffix(".0") for name, value in real.items()}


def test_every_route_of_the_readme_is_served() -> None:
    from service import create_app

    client = TestClient(create_app(Settings()))
    told = set(re.findall(r"(?<=[`, ])(/[a-z0-9/.]*)(?=`)", README.split("| route |")[1]))
    assert len(told) > 8
    for path in told:
        assert client.get(path).status_code != 404, path


def test_every_command_of_the_readme_exists() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr]
    commands |= {group.name for group in app.registered_groups if group.name}
    told = set(re.findall(r"(?:\.venv/bin/|`)attache ([a-z]+)", README + SEEDS + CARD))
    assert told
    assert told <= commands


def test_the_tables_of_a_batch_are_those_of_the_readme() -> None:
    from pipelines.archive.tables import SCHEMAS

    for name, schema in SCHEMAS.items():
        (cell,) = re.findall(rf"^\| `{name}` \| (.+) \|$", README, re.MULTILINE)
        told = re.findall(r"`(\w+)`", re.sub(r" \([^)]*\)", "", cell))
        assert told == schema.names


def test_every_option_of_the_readme_for_batch_exists() -> None:
    section = README.split("## Archives")[1].split("## ")[0]
    help_text = CliRunner().invoke(app, ["batch", "--help"], env={"COLUMNS": "300"}).stdout
    told = set(re.findall(r"(?<=[ `])--[a-z][a-z-]+", section)) - {"--constraint", "--editable"}
    assert len(told) > 10
    assert all(option in help_text for option in told)


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", README, re.MULTILINE))
    assert {"run", "test", "setup"} <= told <= targets


def test_every_room_of_the_readme_exists() -> None:
    rooms = README.split("## The house")[1]
    for name in re.findall(r"`([a-z_/.]+\.(?:py|toml)|[a-z_/]+/)`", rooms):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere_and_nothing_is_left_to_fill_in(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "@@" not in text
    assert "TODO" not in text
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        if not link.startswith("http"):
            assert (path.parent / link).exists(), link


def test_the_readme_example_has_every_key_of_an_analysis() -> None:
    from tests.fixtures.prose import TALKS

    example = json.loads(README.split("```json")[1].split("```")[0])
    import pipelines

    (analysis,) = pipelines.load().analyse([TALKS])
    real = analysis.to_dict()
    assert example.keys() == real.keys()
    assert example["claims"][0].keys() == real["claims"][0].keys()
    assert example["speakers"][0].keys() == real["speakers"][0].keys()
    assert example["summary"].keys() == real["summary"].keys()


def test_the_seeds_hold_what_their_readme_counts() -> None:
    for name, articles, claims in re.findall(
        r"^\| `([\w/]+\.jsonl)` \| [^|]+ \| ([\d,]+) \| ([\d,]+) \|", SEEDS, re.MULTILINE
    ):
        rows = read_references(ROOT / "seeds" / name)
        assert len(rows) == int(articles.replace(",", "")), name
        assert sum(len(row.claims) for row in rows) == int(claims.replace(",", "")), name


def test_the_recipe_is_the_one_the_checkpoint_was_trained_by() -> None:
    config = json.loads((DEFAULT_WEIGHTS / "config.json").read_text(encoding="utf-8"))
    recipe = tomllib.loads((DEFAULT_WEIGHTS / "recipe.toml").read_text(encoding="utf-8"))
    assert [stage["name"] for stage in config["recipe"]["stages"]] == [
        stage["name"] for stage in recipe["stages"]
    ]
    assert tuple(config["network"]["stances"]) == default_stances().names


def test_each_stance_is_in_the_guide() -> None:
    guide = (ROOT / "seeds" / "GUIDE.md").read_text(encoding="utf-8")
    for name in default_stances().names:
        assert f"`{name}`" in guide
