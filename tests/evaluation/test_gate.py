"""The gate lets through what held and stops what fell, and compares like with like only."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evaluation import (
    BenchmarkError,
    Earlier,
    Rule,
    Run,
    Settings,
    run_benchmark,
    write_results,
)
from evaluation import check as check_earlier
from tests.evaluation.builders import HARBOUR, row


@pytest.fixture
def run(tmp_path: Path) -> Run:
    rows = [row(f"a{i}", text=f"{HARBOUR} Edition {i}.") for i in range(3)]
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return run_benchmark([path], ["oracle", "lead-3"], settings=Settings(resamples=50))


@pytest.fixture
def results(run: Run, tmp_path: Path) -> Path:
    write_results(run, tmp_path / "results.json")
    return tmp_path / "results.json"


def check(run: Run, path: Path, rules: list[Rule]) -> tuple[list[str], list[str]]:
    return check_earlier(run, Earlier.read(path), rules)


def edit(path: Path, figure: str, **changes: Any) -> None:
    found = json.loads(path.read_text(encoding="utf-8"))
    for entry in found["reports"][0]["figures"]:
        if entry["name"] == figure:
            entry.update(changes)
    path.write_text(json.dumps(found), encoding="utf-8")


def worse(run: Run, figure: str, value: float | None) -> Run:
    (result,) = run.results
    first, *others = result.reports
    figures = tuple(replace(f, value=value) if f.name == figure else f for f in first.figures)
    return replace(
        run, results=(replace(result, reports=(replace(first, figures=figures), *others)),)
    )


def test_the_same_run_holds(run: Run, results: Path) -> None:
    held, fell = check(run, results, [Rule.parse("chain:-1.0"), Rule.parse("rouge1:0")])
    assert fell == []
    # lead-3 has no chain in either run, so there is nothing to hold.
    assert len(held) == 3
    assert held[0].startswith("references: oracle: chain: +0.00 (1 → 1), allowed -1.00")


@pytest.mark.parametrize(
    ("value", "falls"), [(0.9899, True), (0.99, False), (1.0, False), (None, True)]
)
def test_a_point_is_a_point(run: Run, results: Path, value: float | None, falls: bool) -> None:
    _, fell = check(worse(run, "chain", value), results, [Rule.parse("chain:-1.0")])
    assert bool(fell) == falls
    if falls:
        assert "oracle: chain: -" in fell[0]


def test_where_less_is_better_more_is_a_fall(run: Run, results: Path) -> None:
    rule = [Rule.parse("calibration-error:-2")]
    assert check(worse(run, "calibration-error", 0.03), results, rule)[1]
    assert not check(worse(run, "calibration-error", 0.01), results, rule)[1]
    edit(results, "calibration-error", value=0.5)
    assert not check(run, results, rule)[1]


def test_other_ways_of_counting_are_not_compared(run: Run, results: Path) -> None:
    edit(results, "chain", settings="otherwise")
    with pytest.raises(BenchmarkError, match="computed in another way than then"):
        check(run, results, [Rule.parse("chain:-1")])
    edit(results, "found", version=0)
    with pytest.raises(BenchmarkError, match="computed in another way"):
        check(run, results, [Rule.parse("found:-1")])
    with pytest.raises(BenchmarkError, match=r"no figure 'chian' in both runs; there are .*chain"):
        check(run, results, [Rule.parse("chian:-1")])


def test_other_references_are_not_compared(run: Run, results: Path, tmp_path: Path) -> None:
    settings = Settings(limit=2, resamples=0)
    fewer = run_benchmark([tmp_path / "labels.jsonl"], ["oracle"], settings=settings)
    with pytest.raises(BenchmarkError, match="was made on other references"):
        check(fewer, results, [Rule.parse("chain:-1")])


def test_a_model_in_common_is_needed(run: Run, results: Path) -> None:
    found = json.loads(results.read_text(encoding="utf-8"))
    found["reports"] = []
    results.write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(BenchmarkError, match="has no model of this run"):
        check(run, results, [Rule.parse("chain:-1")])


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "cannot be read"), ("{", "not JSON"), ('{"format": "x"}', "is no results.json")],
)
def test_results_that_are_none(run: Run, tmp_path: Path, text: str | None, message: str) -> None:
    path = tmp_path / "other.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(BenchmarkError, match=message):
        check(run, path, [Rule.parse("chain:-1")])


@pytest.mark.parametrize("words", ["chain", "chain:", "chain:x", ":-1", "chain:1.5", "chain:nan"])
def test_a_rule_is_a_figure_and_a_number(words: str) -> None:
    with pytest.raises(BenchmarkError, match=r"for example, chain:-1\.0"):
        Rule.parse(words)
