"""The label set as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.stances import Stance, StanceSet, default_stances

GUIDE = (
    "cooperation support recognition concession demand concern accusation rejection denial "
    "threat coercion statement"
)


def test_the_default_is_the_guide_s() -> None:
    stances = default_stances()

    assert stances.names == tuple(GUIDE.split())
    assert all(len(stance.definition) > 20 for stance in stances.stances)
    assert dict(zip(stances.names, stances.stances, strict=True))["coercion"].plover == (
        "SANCTION",
        "PROTEST",
        "MOBILIZE",
        "COERCE",
        "ASSAULT",
    )


def test_users_may_bring_their_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[warm]\ndefinition = "likes it"\nplover = ["SUPPORT"]\n[cold]\ndefinition = "does not"\n',
        encoding="utf-8",
    )

    mine = StanceSet.read(path)

    assert mine.names == ("warm", "cold")
    assert mine.stances[0] == Stance("warm", "likes it", ("SUPPORT",))
    assert mine.stances[1].plover == ()


@pytest.mark.parametrize(
    "body", ["[warm]\nplover = []\n", 'warm = "likes it"\n', "[warm]\ndefinition = 5\n"]
)
def test_a_stance_without_definition_is_named(tmp_path: Path, body: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(body, encoding="utf-8")

    with pytest.raises(ValueError, match=r"bad\.toml: \[warm\] needs a definition"):
        StanceSet.read(path)


@pytest.mark.parametrize("body", ["[warm\n", '[warm]\ndefinition = "x"\nplover = "SUPPORT"\n'])
def test_a_file_that_is_no_label_set_is_named(tmp_path: Path, body: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(body, encoding="utf-8")

    with pytest.raises(ValueError, match=r"bad\.toml"):
        StanceSet.read(path)
