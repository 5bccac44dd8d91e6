"""The checker over files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from evaluation import BenchmarkError
from evaluation.labels import check_paths
from pipelines.article import text_sha256
from tests.evaluation.builders import HARBOUR, HARBOUR_CLAIMS, row

ROAD = (
    "Minister Jonas Berg said that the mountain road would stay shut until the snow melts. "
    "Drivers from the valley had asked for a convoy twice a day, with ploughs in front."
)
ROAD_CLAIMS = (
    {
        "content": "the mountain road would stay shut until the snow melts",
        "cue": "said",
        "mention": "Minister Jonas Berg",
        "names": ["Jonas Berg"],
    },
)


def road(article: str = "road", text: str = ROAD) -> dict[str, Any]:
    return row(article, text, ROAD_CLAIMS)


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(name: str, rows: Sequence[dict[str, Any] | str]) -> Path:
        lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows]
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def test_good_files_have_no_problem(write: Any, tmp_path: Path) -> None:
    write("dev.jsonl", [row()])
    write("test.jsonl", [road()])
    assert check_paths([tmp_path]) == []


def test_a_message_has_file_line_article_claim_and_mend(write: Any) -> None:
    bad = {**HARBOUR_CLAIMS[2], "stance": "suport"}
    path = write("dev.jsonl", [road(), "", row(claims=[*HARBOUR_CLAIMS[:2], bad])])
    (problem,) = check_paths([path])
    assert (problem.line, problem.article, problem.claim) == (3, "harbour", 3)
    assert str(problem) == (
        f"{path}:3: article harbour, claim 3: error: "
        "stance: no stance “suport”; did you mean “support”? [stance]"
    )


def test_bad_lines_and_claims_hide_no_others(write: Any) -> None:
    broken = row()
    broken["claims"][0] = {"content": [[9, 4]], "stance": "denial"}
    broken["claims"][1]["speaker"]["nmaes"] = []
    broken["claims"][3]["targets"] = ["it"]
    path = write("dev.jsonl", ["{", "[]", {"id": 7, "text": "x"}, broken, road()])
    problems = check_paths([path])
    assert [(p.line, p.claim, p.kind) for p in problems] == [
        (1, None, "form"),
        (2, None, "form"),
        (3, None, "form"),
        (4, 1, "form"),
        (4, 2, "form"),
        (4, 4, "target"),
    ]
    assert "content: span [9, 4] is empty or reversed" in str(problems[3])
    assert "speaker.nmaes is not a field" in str(problems[4])


def test_files_that_are_no_text_and_claims_that_are_no_list(write: Any, tmp_path: Path) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b'{"id": "caf\xe9"}\n')
    (problem,) = check_paths([path])
    assert str(problem).endswith("is not UTF-8; save it as UTF-8 [form]")
    (problem,) = check_paths([write("dev.jsonl", [row() | {"claims": "none"}])])
    assert "want a list of claims" in str(problem)


def test_hashes_are_compared_and_stop_the_offsets(write: Any) -> None:
    wrong = row() | {"text_sha256": text_sha256("another")}
    (problem,) = check_paths([write("dev.jsonl", [wrong])])
    assert problem.kind == "sha256"
    right = row() | {"text_sha256": text_sha256(HARBOUR)}
    assert check_paths([write("dev.jsonl", [right])]) == []


def test_standoff_labels_are_checked_in_their_texts(write: Any) -> None:
    standoff = json.loads(json.dumps(row() | {"text_sha256": text_sha256(HARBOUR)}))
    del standoff["text"]
    standoff["claims"][0]["content"][0][1] -= 2
    path = write("train.jsonl", [standoff])
    (problem,) = check_paths([path])
    assert (problem.kind, problem.severity) == ("no-text", "warning")
    texts = write("elsewhere/texts.jsonl", [{"id": "harbour", "text": HARBOUR}])
    assert [p.kind for p in check_paths([path], texts=texts)] == ["inside-word"]
    assert [p.kind for p in check_paths([path], texts={"harbour": HARBOUR})] == ["inside-word"]
    assert [p.kind for p in check_paths([path], texts={"harbour": ROAD})] == ["sha256"]
    unknown = {key: value for key, value in standoff.items() if key != "text_sha256"}
    (problem,) = check_paths([write("train.jsonl", [unknown])])
    assert "give the text, or text_sha256" in str(problem)


def test_an_article_stands_in_one_split(write: Any, tmp_path: Path) -> None:
    dev = write("dev.jsonl", [row(), row("other", text=ROAD, claims=ROAD_CLAIMS)])
    write("test.jsonl", [row()])
    (problem,) = check_paths([tmp_path])
    assert problem.kind == "split"
    assert f"stands at {dev}:1 already" in str(problem)


def test_near_duplicates_between_splits_only(write: Any, tmp_path: Path) -> None:
    near = road("again", ROAD.replace("twice a day", "three times a day"))
    write("dev.jsonl", [road(), near])
    assert check_paths([tmp_path]) == []
    write("dev.jsonl", [road()])
    write("test.jsonl", [near, row()])
    (problem,) = check_paths([tmp_path])
    assert (problem.kind, problem.article) == ("near-duplicate", "again")
    assert "is nearly road of" in str(problem)


def test_runs_of_eight_words_of_others(write: Any, tmp_path: Path) -> None:
    labels = write("labels/dev.jsonl", [road(), row()])
    shared = tmp_path / "shared"
    eight = "“Would stay shut until the snow melts”; drivers were told."
    seven = "The mountain road would stay shut until spring."
    write("shared/a.jsonl", [{"id": 1, "body": {"lines": [seven]}}])
    (shared / "b.txt").write_text("Nothing of ours stands here.", encoding="utf-8")
    assert check_paths([labels], shared=shared) == []
    write("shared/a.jsonl", [{"id": 1, "body": {"lines": [seven, eight]}}])
    (problem,) = check_paths([labels], shared=shared)
    assert (problem.kind, problem.article) == ("foreign-run", "road")
    assert "“would stay shut until the snow melts drivers” stands in a.jsonl" in str(problem)


def test_standoff_texts_are_others_by_right(write: Any, tmp_path: Path) -> None:
    standoff = road() | {"text": None, "text_sha256": text_sha256(ROAD)}
    path = write("labels/train.jsonl", [standoff])
    write("shared/a.jsonl", [{"id": "road", "text": ROAD}])
    assert check_paths([path], texts={"road": ROAD}, shared=tmp_path / "shared") == []


def test_long_summaries_are_pointed_out(write: Any) -> None:
    (problem,) = check_paths([write("dev.jsonl", [row(summary=["word " * 81])])])
    assert (problem.kind, problem.severity) == ("summary", "warning")


def test_single_claims_have_one_claim_and_a_trap(write: Any) -> None:
    single = {"id": "s1", "text": ROAD, "claims": road()["claims"], "trap": True}
    assert check_paths([write("train.jsonl", [single])]) == []
    bad = single | {"trap": "yes", "claims": []}
    assert [p.kind for p in check_paths([write("train.jsonl", [bad])])] == ["form", "form"]


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="no such file"):
        check_paths([tmp_path / "absent.jsonl"])
