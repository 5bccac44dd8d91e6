"""States by name, other name and people."""

from __future__ import annotations

import pytest

from pipelines.speakers.states import known_aliases, state_of


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("Norway", "Norway"),
        ("Norwegian", "Norway"),
        ("Norwegians", "Norway"),
        ("american", "United States"),
        ("U.S.", "United States"),
        ("u.s", "United States"),
        ("USA", "United States"),
        ("Britain", "United Kingdom"),
        ("South Korean", "South Korea"),
        ("côte d'ivoire", "Ivory Coast"),
        ("EU", "European Union"),
        ("Atlantis", None),
        ("", None),
        (".", None),
    ],
)
def test_state_of(name: str, state: str | None) -> None:
    assert state_of(name) == state


def test_every_other_name_leads_to_a_state_that_knows_itself() -> None:
    aliases = known_aliases()

    assert len(set(aliases.values())) > 190
    assert {aliases[state.casefold()] for state in aliases.values()} == set(aliases.values())
