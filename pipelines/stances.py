"""The label set as data: each stance with its definition and PLOVER codes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Stance", "StanceSet", "default_stances"]


@dataclass(frozen=True, slots=True)
class Stance:
    name: str
    definition: str
    plover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StanceSet:
    stances: tuple[Stance, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(stance.name for stance in self.stances)

    @classmethod
    def read(cls, path: Path) -> StanceSet:
        """The set in a TOML file: a table a stance, with ``definition`` and ``plover``.

        Raises :class:`ValueError` naming the file and the stance that lacks a definition.
        """
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{path}: not TOML in UTF-8 ({error})") from None
        stances = []
        for name, table in tables.items():
            if not isinstance(table, dict) or not isinstance(table.get("definition"), str):
                raise ValueError(f'{path}: [{name}] needs a definition = "…"')
            if not isinstance(table.get("plover", []), list):
                raise ValueError(f'{path}: [{name}] wants plover = ["…"], a list')
            stances.append(Stance(name, table["definition"], tuple(table.get("plover", ()))))
        return cls(tuple(stances))


@cache
def default_stances() -> StanceSet:
    """The twelve stances of the labelling guide."""
    return StanceSet.read(Path(__file__).with_name("stances.toml"))
