"""What a person sees while a run goes on."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from pipelines.archive.progress import Ticker, duration


def test_a_terminal_has_a_bar_with_rate_and_errors() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=120, color_system=None)
    with Ticker("analysing", 10, console, done=4) as ticker:
        ticker.add(6, 2)
        assert ticker.rate > 0
    assert "10/10 articles" in out.getvalue()
    assert "2 errors" in out.getvalue()


def test_elsewhere_there_are_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.archive.progress._EVERY", 0.0)
    out = io.StringIO()
    with Ticker("analysing", 10, Console(file=out, width=120)) as ticker:
        ticker.add(5, 0)
        ticker.add(5, 1)
    first, second, last = out.getvalue().splitlines()
    assert first.startswith("analysing: 5/10 articles")
    assert first.endswith("left")
    assert "1 errors" in second
    assert second.split(",")[0] == last.split(",")[0]


@pytest.mark.parametrize(("seconds", "told"), [(90, "90 s"), (720, "12 min"), (12_600, "3.5 h")])
def test_durations(seconds: float, told: str) -> None:
    assert duration(seconds) == told
