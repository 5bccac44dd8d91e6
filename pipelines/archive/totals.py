"""What came of a run, counted from its commits and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.markup import escape

__all__ = ["Totals"]


@dataclass(slots=True)
class Totals:
    """Sums over commit records. ``given_up`` names chunks that could not be finished."""

    articles: int = 0
    claims: int = 0
    speakers: int = 0
    chunks: int = 0
    chunks_left: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    duplicates: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    given_up: dict[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        return self.errors.total()

    @property
    def well(self) -> bool:
        return not self.failed and not self.given_up

    @classmethod
    def of(cls, records: Iterable[Mapping[str, Any]]) -> Totals:
        totals = cls()
        for record in records:
            totals.chunks += 1
            totals.articles += record["rows"]
            totals.claims += record["claims"]
            totals.speakers += record["speakers"]
            for name in ("errors", "duplicates", "warnings", "languages"):
                getattr(totals, name).update(record[name])
        return totals

    def show(self, console: Console, *, out: str, rerun: str | None = None) -> None:
        """A person's view of the end of a run."""
        say = console.print
        say(
            f"{self.articles:,} articles in {escape(out)}: {self.articles - self.failed:,} ok, "
            f"{self.failed:,} errors; {self.claims:,} claims, {self.speakers:,} speakers"
        )
        for name in ("errors", "duplicates", "warnings", "languages", "skipped"):
            counter: Counter[str] = getattr(self, name)
            if counter:
                told = ", ".join(f"{key} {count:,}" for key, count in counter.most_common(12))
                say(escape(f"  {name}: {told}"))
        for chunk, why in self.given_up.items():
            say(escape(f"  chunk {chunk} is not done: {why}; the same command tries it again"))
        if self.chunks_left:
            say(f"  {self.chunks_left:,} chunks are not analysed yet")
        if rerun is not None and self.failed:
            say(escape(f"  the failed ones again: {rerun}"), soft_wrap=True)
