"""Rules of speakers and stances, claim by claim."""

from __future__ import annotations

from typing import Any

import pytest

from evaluation.labels.speakers import check_speaker
from evaluation.labels.stances import check_stance
from pipelines.article import Attribution
from pipelines.stances import Stance, StanceSet, default_stances

TEXT = (
    "Two fighters spoke. The Thai minister, Somsak Charoen, met a PLO envoy in the United "
    "States, and the U.N. sent Anna de Vries. Ministries in France stayed silent."
)


def speaker(*names: str, mention: bool = True) -> list[tuple[str, str]]:
    claim = Attribution.model_validate(
        {
            "content": [[0, 3]],
            "speaker": {"names": names, "mention": [[4, 12]] if mention else []},
            "stance": "statement",
        }
    )
    return [(finding.severity, finding.kind) for finding in check_speaker(claim, TEXT)]


@pytest.mark.parametrize(
    "name",
    [
        "Somsak Charoen",
        "somsak CHAROEN",
        "the Thai minister",
        "minister of Thailand",
        "Thailand",
        "fighter",
        "ministry",
        "US",
        "French ministries",
        "Anna de Vries",
    ],
)
def test_names_that_the_text_has(name: str) -> None:
    assert speaker(name) == []


@pytest.mark.parametrize(
    ("name", "severity", "kind"),
    [
        ("Somsak Chareon", "error", "speaker-name"),
        ("Bob Stone", "error", "speaker-name"),
        ("Germany", "error", "speaker-name"),
        ("she", "error", "speaker-name"),
        ("The sides", "error", "speaker-name"),
        ("Unknown", "error", "speaker-name"),
        ("separatist fighter", "warning", "speaker-description"),
        ("bystanders", "warning", "speaker-description"),
        ("Palestine Liberation Organization", "warning", "speaker-description"),
    ],
)
def test_names_that_it_has_not(name: str, severity: str, kind: str) -> None:
    assert speaker(name) == [(severity, kind)]


def test_the_message_says_which_word_and_what_to_do() -> None:
    claim = Attribution.model_validate(
        {"content": [[0, 3]], "speaker": {"names": ["Somsak Chareon"]}, "stance": "statement"}
    )
    (finding,) = check_speaker(claim, TEXT)
    assert finding.message == (
        "speaker “Somsak Chareon”: the text has no “Chareon”; "
        "write the name as the article gives it"
    )


def test_mention_and_names_go_together() -> None:
    assert speaker() == [("error", "speaker-name")]
    assert speaker(mention=False) == []
    assert speaker("Thailand", mention=False) == []
    assert speaker("Somsak Charoen", "somsak charoen") == [("error", "speaker-name")]


def stance(stances: StanceSet | None = None, **fields: Any) -> list[tuple[str, str]]:
    claim = Attribution.model_validate({"content": [[0, 3]], "targets": ["Oslo"], **fields})
    found = check_stance(claim, stances or default_stances())
    return [(finding.kind, finding.message) for finding in found]


@pytest.mark.parametrize("name", [s for s in default_stances().names if s != "threat"])
def test_known_stances_pass(name: str) -> None:
    assert stance(stance=name) == []


def test_unknown_stances_are_named_with_a_near_one() -> None:
    ((kind, message),) = stance(stance="acusation")
    assert kind == "stance"
    assert message == "stance: no stance “acusation”; did you mean “accusation”?"
    ((_, message),) = stance(stance="denial", also=["zzz"])
    assert message.startswith("also: no stance “zzz”; use ")
    assert stance(StanceSet((Stance("approve", "likes"),)), stance="approve") == []


def test_threats_have_an_origin_and_nothing_else_has() -> None:
    assert [kind for kind, _ in stance(stance="threat")] == ["threat-from"]
    assert stance(stance="threat", threat_from="other") == []
    found = stance(stance="accusation", also=["threat"], threat_from="other")
    assert [kind for kind, _ in found] == ["threat-from"]
    assert stance(stance="accusation", also=["threat"]) == []


def test_repeated_labels_and_targets() -> None:
    assert [kind for kind, _ in stance(stance="denial", also=["denial"])] == ["stance"]
    assert [kind for kind, _ in stance(stance="denial", also=["demand", "demand"])] == ["stance"]
    assert [k for k, _ in stance(stance="denial", targets=["Oslo", "oslo"])] == ["target"]
    assert [k for k, _ in stance(stance="denial", targets=["them"])] == ["target"]


def test_only_a_statement_may_be_aimed_at_nobody() -> None:
    assert stance(stance="statement", targets=[]) == []
    ((kind, message),) = stance(stance="denial", targets=[])
    assert kind == "target"
    assert "denial is toward somebody" in message
