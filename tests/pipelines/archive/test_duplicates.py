"""Equal and nearly equal articles, and ids that were given before."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.archive.similar import signature
from tests.pipelines.archive.results import FAKE, batch, by_id, jsonl, story
from tests.service.fakes import FakeModel

LONG = " ".join(story(i) for i in range(4))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    texts = {
        "first": LONG,
        "other": story(90),
        "same": LONG,
        "nearly": LONG.replace("Item 2", "Piece 2"),
        "nearly-too": LONG + " More on this later.",
        "copy-of-nearly": LONG.replace("Item 2", "Piece 2"),
        "half": LONG[: len(LONG) // 2],
        "short": "It rained.",
        "short-too": "It rained!",
    }
    return jsonl(tmp_path / "a.jsonl", ({"id": k, "text": v} for k, v in texts.items()))


def test_the_first_of_several_is_analysed_alone(source: Path, tmp_path: Path) -> None:
    totals = batch(source, tmp_path / "out")
    found = by_id(tmp_path / "out")
    assert {k: (row["duplicate"], row["duplicate_of"]) for k, row in found.items()} == {
        "first": (None, None),
        "other": (None, None),
        "same": ("exact", "first"),
        "nearly": ("near", "first"),
        "nearly-too": ("near", "first"),
        "copy-of-nearly": ("near", "first"),
        "half": (None, None),
        "short": (None, None),
        "short-too": (None, None),
    }
    assert found["same"]["summary"] is None
    assert found["same"]["status"] == "ok"
    assert totals.duplicates == {"near": 3, "exact": 1}


@pytest.mark.parametrize(("mode", "marked"), [("mark", 4), ("off", 0)])
def test_all_are_analysed_on_request(
    source: Path, tmp_path: Path, mode: str, marked: int, fake: FakeModel
) -> None:
    totals = batch(source, tmp_path / "out", settings=FAKE.model_copy(update={"duplicates": mode}))
    assert totals.duplicates.total() == marked
    assert all(row["summary"] for row in by_id(tmp_path / "out").values())


def test_a_repeated_id_is_made_one_of_its_own_that_duplicates_point_to(tmp_path: Path) -> None:
    made = [{"id": "a", "text": story(1)}, {"id": "a", "text": LONG}, {"id": "b", "text": LONG}]
    path = jsonl(tmp_path / "a.jsonl", made)
    batch(path, tmp_path / "out")
    found = by_id(tmp_path / "out")
    assert set(found) == {"a", f"a ({path}#1)", "b"}
    assert found["b"]["duplicate_of"] == f"a ({path}#1)"


def test_likeness_is_not_passed_along_a_chain(tmp_path: Path) -> None:
    """Each is like the one before it; the last is not like the first."""
    words = [f"v{i}" for i in range(300)]
    texts = []
    for step in range(12):
        words[step * 25 : step * 25 + 25] = [f"s{step}w{i}" for i in range(25)]
        texts.append(" ".join(words))
    batch(
        jsonl(tmp_path / "a.jsonl", ({"id": str(i), "text": t} for i, t in enumerate(texts))),
        tmp_path / "out",
    )
    found = by_id(tmp_path / "out")
    originals = [name for name, row in found.items() if row["duplicate"] is None]
    assert len(originals) > 2
    assert all(row["duplicate_of"] in (None, *originals) for row in found.values())


def test_signatures_need_enough_words_and_are_always_the_same() -> None:
    assert signature("Too short to say.") is None
    sketch = signature(LONG)
    assert sketch == signature(LONG.upper())
    assert sketch is not None
    assert len(sketch) == 256


def test_nothing_at_all(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    totals = batch(tmp_path / "empty.jsonl", tmp_path / "out")
    assert (totals.articles, totals.well) == (0, True)
