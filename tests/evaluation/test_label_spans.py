"""Where spans may begin and end."""

from __future__ import annotations

from typing import Any

import pytest

from evaluation.labels.quotes import enclosed, half_enclosed
from evaluation.labels.spans import check_overlaps, check_spans
from pipelines.article import Attribution
from tests.evaluation.builders import HARBOUR, HARBOUR_CLAIMS, attribution


def kinds(text: str, **fields: Any) -> list[str]:
    claim = Attribution.model_validate(attribution(text, **fields))
    return [finding.kind for finding in check_spans(claim, text)]


def at(content: list[tuple[int, int]]) -> Attribution:
    return Attribution.model_validate({"content": content, "stance": "statement"})


@pytest.mark.parametrize("fields", HARBOUR_CLAIMS)
def test_good_claims_pass(fields: dict[str, Any]) -> None:
    assert kinds(HARBOUR, **fields) == []


@pytest.mark.parametrize(
    ("text", "content", "expected"),
    [
        ("Moe said it was late.", "it was lat", ["inside-word"]),
        ("Moe said it was late.", "t was late", ["inside-word"]),
        ("Moe said it was late.", " it was late", ["space"]),
        ("Moe said it was late.", "it was late.", ["full-stop"]),
        ("Moe thanked the U.S. on Monday.", "the U.S.", []),
        ("Moe will come at 5 p.m. or later.", "come at 5 p.m.", []),
        ("Moe praised Acme Ltd. on Monday.", "Acme Ltd.", []),
        ("Moe said it was late...", "it was late...", []),
        ("Moe called it “a day of joy.” Then he left.", "it “a day of joy.”", []),
        ("“It was late,” said Moe.", "“It was late,”", ["quotation-marks"]),
        ("“It was late,” said Moe.", "It was late,", ["comma"]),
        ("“It was late,” said Moe.", "“It was late", ["quotation-marks"]),
        ("“It was late”, said Moe.", "It was late”", ["quotation-marks"]),
        ("Moe said “yes” and “no” to it.", "“yes” and “no” to it", []),
        ("Moe said “yes” and “no” at once.", "“yes” and “no”", []),
        ("Moe's café said naïve.", "naïv", ["inside-word"]),
        ("Iran's port closed, Moe said.", "Iran's port closed", []),
    ],
)
def test_edges_of_content(text: str, content: str, expected: list[str]) -> None:
    assert kinds(text, content=content) == expected


def test_edges_of_cue_and_mention() -> None:
    text = "Moe said that it was late."
    assert kinds(text, content="it was late", cue="said that") == ["that"]
    assert kinds(text, content="that it was late", cue="said") == ["that"]
    assert kinds(text, content="it was late", mention="Mo") == ["inside-word"]
    assert kinds(text, content="it was late", cue="was") == ["cue-in-content"]


def test_a_pair_over_several_pieces() -> None:
    text = "“We waited”, Moe said, “too long”."
    assert kinds(text, content=["“We waited”", "“too long”"]) == ["quotation-marks"]
    assert kinds(text, content=["We waited", "too long"]) == []
    text = "A “big plan”, Moe said, would work."
    assert kinds(text, content=["A “big plan”", "would work"]) == []
    text = "“We waited, Moe said, too long.”"
    assert kinds(text, content=["“We waited", "too long.”"]) == ["quotation-marks"]


def test_offsets_beyond_the_text() -> None:
    (finding,) = check_spans(at([(0, 3), (5, 99)]), "Only this.")
    assert finding.kind == "offsets"
    assert "[5, 99] is outside the text of 10 characters" in finding.message


def test_offsets_count_code_points() -> None:
    assert list(check_spans(at([(2, 5)]), "😀 yes!")) == []


def test_overlaps_are_named_once() -> None:
    claims = [(1, at([(0, 20)])), (2, at([(5, 9), (12, 15)])), (3, at([(20, 30)]))]
    ((number, finding),) = check_overlaps(claims)
    assert number == 2
    assert "overlaps that of claim 1" in finding.message
    assert list(check_overlaps([(1, at([(0, 4), (10, 14)])), (2, at([(5, 9)]))])) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("“all of it”", True),
        ('"all of it"', True),
        ("‘all of it’", True),
        ("«all of it»", True),
        ("“one” and “two”", False),
        ('"one" and "two"', False),
        ("“one “two” three”", True),
        ("“First.\n\n“Second.”", True),
        ('"First.\n\n"Second."', True),
        ("‘don’t go’", True),
        ("“open", False),
        ("bare", False),
        ("“", False),
        ("", False),
    ],
)
def test_enclosed(content: str, expected: bool) -> None:
    assert enclosed(content) is expected


def test_half_enclosed() -> None:
    text = '"It is late," he said.'
    assert half_enclosed(text, 0, 11)  # the mark that closes follows the comma
    assert half_enclosed("“It is late”", 1, 12)
    assert not half_enclosed(text, 1, 11)
    assert not half_enclosed("“yes” and no", 0, 12)
