"""When two names are the same name, for scoring."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["SETTINGS", "name_key", "name_set"]

SETTINGS = "names equal after case folding, single spaces, ' for ’, no leading 'the'"


def name_key(name: str) -> str:
    """What two spellings of one name have in common.

    Strict on purpose: "Hasanov" is not "Zakir Hasanov", since finding the full name is
    part of what is judged.
    """
    folded = " ".join(name.casefold().replace("’", "'").split())
    return folded.removeprefix("the ") or folded


def name_set(names: Iterable[str]) -> frozenset[str]:
    """The names as a set of keys: neither order nor repetition counts."""
    return frozenset(name_key(name) for name in names)
