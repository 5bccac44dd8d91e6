"""The project's own labels keep to its own guide."""

from __future__ import annotations

from pathlib import Path

from evaluation.labels import check_paths

SEEDS = Path(__file__).parents[1] / "seeds"


def test_no_label_breaks_the_guide() -> None:
    folders = [SEEDS / name for name in ("articles", "practice", "newswire", "stances")]

    assert [str(p) for p in check_paths(folders) if p.severity == "error"] == []
