"""Counts of label files."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from evaluation.labels import draw_stats, label_stats
from evaluation.labels.stats import speaker_kinds
from pipelines.article import Attribution
from tests.evaluation.builders import HARBOUR, row

TEXT = "He spoke. The minister left. Berg stayed. Both sides waited."


def kinds(mention: str, *names: str, text: str | None = TEXT) -> set[str]:
    start = TEXT.index(mention)
    spans = [[start, start + len(mention)]] if mention else []
    claim = Attribution.model_validate(
        {"content": [[0, 2]], "speaker": {"mention": spans, "names": names}, "stance": "denial"}
    )
    return speaker_kinds(claim, text)


@pytest.mark.parametrize(
    ("mention", "names", "expected"),
    [
        ("He", ["Jonas Berg"], {"pronoun"}),
        ("The minister", ["Jonas Berg"], {"role"}),
        ("Berg", ["Jonas Berg"], set()),
        ("Both sides", ["Jonas Berg", "Norway"], {"joint", "body", "role"}),
        ("The minister", ["the minister"], {"unnamed"}),
        ("", ["Norwegian drivers"], {"unnamed"}),
        ("", ["civil society activists"], {"unnamed"}),
        ("", ["Ministry of Foreign Affairs"], {"body"}),
        ("", ["Norwegian police"], {"body"}),
        ("", ["Hamas"], {"body"}),
        ("", ["United States"], {"body"}),
        ("", [], {"nobody"}),
    ],
)
def test_kinds_of_speakers(mention: str, names: list[str], expected: set[str]) -> None:
    assert kinds(mention, *names) == expected


def test_without_the_text_mentions_tell_nothing() -> None:
    assert kinds("He", "Jonas Berg", text=None) == set()


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "dev.jsonl"
    first = row("a") | {"genre": "wire", "region": "Europe"}
    second = row("b") | {"genre": "wire", "region": "Asia", "trap": True}
    second["claims"] = [
        second["claims"][3] | {"stance": "threat", "threat_from": "other", "also": ["concern"]}
    ]
    path.write_text(json.dumps(first) + "\n" + json.dumps(second) + "\n", encoding="utf-8")
    return path


def test_counts_by_hand(labels: Path) -> None:
    stats = label_stats([labels])
    assert (stats.articles, stats.claims, stats.traps) == (2, 5, 1)
    assert stats.words == 2 * len(HARBOUR.split())
    assert stats.stances == {"cooperation": 1, "support": 2, "concern": 1, "threat": 1}
    assert stats.polarities == {"positive": 3, "negative": 2}
    assert stats.threats == {"threat_from other": 1}
    assert stats.genres == {"wire": 2}
    assert stats.regions == {"Europe": 1, "Asia": 1}
    # "she" for Dahl; Finland; the official twice.
    assert stats.speakers == {
        "pronoun": 1,
        "pronoun or role": 1,
        "body": 1,
        "joint or body": 1,
        "unnamed": 2,
    }
    assert stats.share("unnamed") == 2 / 5


def test_the_drawing_shows_every_stance(labels: Path) -> None:
    screen = io.StringIO()
    Console(file=screen, width=100).print(draw_stats(label_stats([labels])))
    shown = screen.getvalue()
    assert "2 articles" in shown
    assert "1 traps" in shown
    lines = {line.split()[0]: line for line in shown.splitlines() if line.strip()}
    assert "█" * 40 in lines["support"]
    assert "█" * 20 in lines["cooperation"]
    assert "█" * 21 not in lines["cooperation"]
    assert "0.0 %" in lines["recognition"]
    assert "Asia" in lines


def test_nothing_has_no_share(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text("", encoding="utf-8")
    stats = label_stats([path])
    assert stats.share("joint") == 0.0
    Console(file=io.StringIO()).print(draw_stats(stats))
