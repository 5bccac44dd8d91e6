"""States and unions of states: what their people are called, and what else they are called."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

__all__ = ["known_aliases", "state_of"]


@cache
def known_aliases() -> dict[str, str]:
    """The usual name for every other name, case-folded: ``"u.s."`` gives ``"United States"``."""
    table = json.loads(Path(__file__).with_name("states.json").read_text(encoding="utf-8"))
    aliases = {}
    for state, entry in table.items():
        for name in (state, *entry["aliases"]):
            aliases[name.casefold()] = state
    return aliases


@cache
def _demonyms() -> dict[str, str]:
    table = json.loads(Path(__file__).with_name("states.json").read_text(encoding="utf-8"))
    demonyms = {}
    for state, entry in table.items():
        for demonym in entry["demonyms"]:
            demonyms[demonym.casefold()] = state
            demonyms[f"{demonym}s".casefold()] = state
    return demonyms


def state_of(name: str) -> str | None:
    """The state that ``name`` names, or whose people it names; None where it is neither."""
    for folded in (name.casefold(), name.casefold().replace(".", "")):
        state = known_aliases().get(folded) or _demonyms().get(folded)
        if state is not None:
            return state
    return None
