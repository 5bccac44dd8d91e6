"""Counts of label files, drawn for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.bar import Bar
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evaluation.labels.stats import Stats
from pipelines.stances import default_stances

__all__ = ["draw_stats"]

_BAR = 40


def _distribution(title: str, counts: Mapping[str, int], whole: int) -> Table:
    """Bars as long as their share of the longest; shares are of ``whole``."""
    table = Table(title=title, title_justify="left", show_header=False, box=None)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right")
    table.add_column(width=_BAR)
    longest = max(counts.values(), default=0) or 1
    for name, count in counts.items():
        share = f"{100 * count / whole:.1f} %" if whole else ""
        table.add_row(Text(name), str(count), share, Bar(longest, 0, count, width=_BAR))
    return table


def _largest_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def draw_stats(stats: Stats) -> RenderableType:
    """The counts with a bar for each stance, kind of speaker, genre and region.

    Every stance of the guide has its row, so that one that is missing shows.
    """
    known = {name: stats.stances.get(name, 0) for name in default_stances().names}
    head = f"{stats.articles} articles, {stats.words} words, {stats.claims} claims"
    parts: list[RenderableType] = [Text(f"{head}, {stats.traps} traps" if stats.traps else head)]
    sections: Sequence[tuple[str, Mapping[str, int], int]] = (
        ("stances", _largest_first({**known, **stats.stances}), stats.claims),
        ("polarity", _largest_first(stats.polarities), stats.claims),
        ("threats", _largest_first(stats.threats), sum(stats.threats.values())),
        ("speakers (by form of the name)", _largest_first(stats.speakers), stats.claims),
        ("genres", _largest_first(stats.genres), stats.articles),
        ("regions", _largest_first(stats.regions), stats.articles),
    )
    for title, counts, whole in sections:
        if counts:
            parts.extend((Text(), _distribution(title, counts, whole)))
    return Group(*parts)
