"""``--dry-run``: what a run would read, and how long it would take."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any

from rich.console import Console
from rich.markup import escape

from pipelines.archive.analysing import analyse_safely
from pipelines.archive.progress import duration
from pipelines.archive.settings import BatchSettings, load_model
from pipelines.archive.staging import found_in
from pipelines.archive.units import list_files, make_units
from pipelines.errors import ArticleError

__all__ = ["preview"]

#: Articles that are read, and those that are analysed, to go by.
_LOOK, _TRY = 200, 32


def preview(sources: Sequence[str], settings: BatchSettings, *, workers: int, out: Console) -> None:
    """Print sources, a first look at their articles and the time that all would take.

    The estimate supposes that the rest is like the beginning of each kind of source.
    """
    files, hub, passed = list_files(sources)
    units = list(make_units(files, hub, 0, bundle=settings.chunk_articles))
    sizes: Counter[str] = Counter()
    for unit in units:
        sizes[unit.form] += sum(file.size for file in unit.files)
    for form, size in sizes.items():
        count = sum(len(unit.files) for unit in units if unit.form == form)
        out.print(f"{form}: {count:,} files, {size / 1e6:,.1f} MB")
    if passed:
        out.print(escape(f"passed over: {len(passed):,} files of other kinds, like {passed[0]}"))
    articles, sample = 0.0, []
    for form in sizes:
        first = next(unit for unit in units if unit.form == form)
        seen = list(islice(found_in(first, settings), _LOOK))
        good = [found for found in seen if found.problem is None]
        for found in [f for f in seen if f.problem is not None][:3]:
            message = found.problem.message if found.problem is not None else ""
            out.print(escape(f"{found.source}, record {found.position}: {message}"))
        sample += [found.text for found in good[:_TRY]]
        articles += _expected(len(seen), seen, sizes[form], form, units)
    model = load_model(settings)
    given: list[dict[str, Any]] = [{"text": text} for text in sample[:_TRY]]
    started = time.monotonic()
    outcomes = list(analyse_safely(model, given))
    seconds = time.monotonic() - started
    refused = sum(isinstance(outcome, ArticleError) for outcome in outcomes)
    out.print(f"sample: {len(outcomes):,} articles analysed, {refused:,} refused")
    if outcomes and articles:
        rate = len(outcomes) / seconds
        out.print(
            f"about {articles:,.0f} articles at {rate:,.1f}/s in one process: "
            f"{duration(articles / rate / workers)} with {workers} at work"
        )


def _expected(
    looked: int, seen: Sequence[Any], size: int, form: str, units: Sequence[Any]
) -> float:
    """How many articles the sources of this form have, by the look at the first."""
    of_form = [unit for unit in units if unit.form == form]
    if form == "documents":
        return float(sum(len(unit.files) for unit in of_form))
    if looked < _LOOK:
        return float(looked * len(of_form))
    characters = sum(len(found.text) for found in seen) or 1
    return max(float(looked), size / characters * looked)
