"""``attache read``: what is printed, what is complained of, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.article import Analysis
from pipelines.cli import app
from tests.fixtures.prose import CANAL, GERMAN, TALKS

runner = CliRunner()


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    (tmp_path / "talks.txt").write_text(TALKS, encoding="utf-8")
    (tmp_path / "canal.txt").write_text(CANAL, encoding="utf-8")
    (tmp_path / "blank.txt").write_text(" \n", encoding="utf-8")
    (tmp_path / "latin.txt").write_bytes("caf\xe9".encode("latin-1"))
    (tmp_path / "marked.txt").write_text(CANAL, encoding="utf-8-sig")
    return tmp_path


def read(checkpoint: Path, *arguments: str | Path, text: str | bytes | None = None) -> Result:
    words = ["read", "--model", str(checkpoint), *map(str, arguments)]
    return runner.invoke(app, words, input=text)


def lines(result: Result) -> list[Analysis]:
    return [Analysis.from_dict(json.loads(line)) for line in result.stdout.splitlines()]


def test_a_missing_file_is_named_and_the_good_one_is_read(
    tiny_checkpoint: Path, articles: Path
) -> None:
    missing = articles / "missing.txt"
    result = read(tiny_checkpoint, "--json", missing, articles / "talks.txt")

    assert result.exit_code == 1
    assert result.stderr == f"attache: {missing}: No such file or directory\n"
    (analysis,) = lines(result)
    analysis.verify(TALKS)
    assert analysis.id == str(articles / "talks.txt")


def test_all_good_is_status_zero_and_order_is_kept(tiny_checkpoint: Path, articles: Path) -> None:
    result = read(tiny_checkpoint, "--json", articles / "talks.txt", articles / "canal.txt")

    assert result.exit_code == 0
    assert result.stderr == ""
    first, second = lines(result)
    first.verify(TALKS)
    second.verify(CANAL)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("blank.txt", "text is empty"),
        ("latin.txt", "is not UTF-8 (byte 3)"),
        (".", "Is a directory"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(
    tiny_checkpoint: Path, articles: Path, name: str, why: str
) -> None:
    result = read(tiny_checkpoint, "--json", articles / name, articles / "canal.txt")

    assert result.exit_code == 1
    assert result.stderr.startswith(f"attache: {articles / name}: {why}")
    assert len(result.stderr.splitlines()) == 1
    assert len(lines(result)) == 1


def test_a_byte_order_mark_is_no_part_of_the_text(tiny_checkpoint: Path, articles: Path) -> None:
    (analysis,) = lines(read(tiny_checkpoint, "--json", articles / "marked.txt"))
    analysis.verify(CANAL)


def test_standard_input(tiny_checkpoint: Path) -> None:
    (analysis,) = lines(read(tiny_checkpoint, "--json", "-", text=CANAL))
    analysis.verify(CANAL)
    assert analysis.id == "-"


def test_a_text_over_the_limit_names_the_limit(tiny_checkpoint: Path) -> None:
    result = read(tiny_checkpoint, "--max-characters", "20", "-", text=CANAL)
    assert result.exit_code == 1
    assert "more than the limit of 20" in result.stderr


def test_the_budget_of_the_summary(tiny_checkpoint: Path) -> None:
    result = read(tiny_checkpoint, "--json", "--max-sentences", "1", "-", text=CANAL)
    (analysis,) = lines(result)
    assert len(analysis.summary.sentences) == 1
    assert read(tiny_checkpoint, "--max-words", "0", "-", text=CANAL).exit_code == 2


def test_a_person_sees_summary_claims_and_speakers(tiny_checkpoint: Path, articles: Path) -> None:
    result = read(tiny_checkpoint, articles / "talks.txt", articles / "canal.txt")
    json_result = read(tiny_checkpoint, "--json", articles / "talks.txt")
    (analysis,) = lines(json_result)

    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert "Summary" in shown
    assert analysis.summary.sentences[0].text[:30] in shown
    assert str(articles / "canal.txt")[:30] in result.stdout  # files are told apart
    assert ("Claims" in result.stdout) == bool(analysis.claims)
    for speaker in analysis.speakers:
        assert speaker.name.split()[0] in shown


def test_another_language_is_warned_of(tiny_checkpoint: Path) -> None:
    result = read(tiny_checkpoint, "-", text=GERMAN * 3)
    assert result.exit_code == 0
    assert "! language: the text looks like 'de'" in result.stdout


def test_an_article_cannot_steer_the_terminal(tiny_checkpoint: Path) -> None:
    result = read(tiny_checkpoint, "-", text=f"\x1b[2J\x1b]0;gone\x07{CANAL}")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "\x07" not in result.stdout


def test_no_such_model_is_status_two_with_a_way_out(articles: Path) -> None:
    result = runner.invoke(app, ["read", "--model", "defalt", str(articles / "talks.txt")])
    assert result.exit_code == 2
    assert "did you mean 'default'" in result.stderr
