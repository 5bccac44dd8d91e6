"""A run from its sources to its tables, taken up wherever an earlier one stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from pipelines.archive.analysing import AnalyseTask
from pipelines.archive.commits import commits
from pipelines.archive.duplicates import find_marks
from pipelines.archive.executors import Executor, InProcess
from pipelines.archive.plan import Plan, locked
from pipelines.archive.progress import Ticker
from pipelines.archive.settings import BatchError, BatchSettings
from pipelines.archive.staging import StageTask
from pipelines.archive.totals import Totals
from pipelines.archive.units import Unit

__all__ = ["Share", "run_batch"]


@dataclass(frozen=True, slots=True)
class Share:
    """A job array's part: of ``world`` runs this is number ``rank``, from 0."""

    rank: int
    world: int

    def __post_init__(self) -> None:
        if not 0 <= self.rank < self.world:
            raise BatchError(f"--rank {self.rank}: has to be from 0 to {self.world - 1}")


def run_batch(
    sources: Sequence[Any],
    out: Path,
    settings: BatchSettings | None = None,
    *,
    executor: Executor | None = None,
    share: Share | None = None,
    plan_only: bool = False,
    retry: Path | None = None,
    console: Console | None = None,
) -> Totals:
    """Analyse all articles of ``sources`` into the folder ``out``; the totals.

    A source is a file, a folder, a glob, an address, the name of a hub data set, or a
    ``datasets`` object. A run that was interrupted goes on where it stopped, and its
    results are byte for byte those of one that was not. ``plan_only`` reads the sources
    and stops; a ``share`` needs that done. With ``retry``, the folder of another run, its
    failed inputs are read again and ``sources`` is empty. Raises
    :class:`~pipelines.archive.settings.BatchError` when the run cannot start.
    """
    settings = settings or BatchSettings()
    executor = executor or InProcess()
    console = console or Console(stderr=True, quiet=True)
    with locked(out, shared=share is not None):
        plan = Plan(out)
        if share is not None and not plan.staged:
            raise BatchError(f"{out}: no finished plan for a job array; run with --plan first")
        plan.begin(sources, settings, retry=retry)
        if not plan.staged:
            objects = tuple(s for s in sources if not isinstance(s, (str, Path)))
            _stage(plan, settings, objects, executor, console)
        given_up = {} if plan_only else _analyse(plan, settings, executor, share, console)
        totals = _totals(plan)
    return replace(totals, given_up=given_up)


def _stage(
    plan: Plan,
    settings: BatchSettings,
    objects: tuple[Any, ...],
    executor: Executor,
    console: Console,
) -> None:
    folder = plan.out / "input" / "commits"
    units = plan.units()
    done = commits(folder, plan.out)
    task = StageTask(plan.out, settings)
    todo = [unit for unit in units if f"{unit.number:06d}" not in done]
    read = sum(record["rows"] for record in done.values())
    with Ticker("reading", None, console, done=read) as ticker:
        shared = [unit for unit in todo if unit.form != "object"]
        for finished in executor.run(task, shared):
            if finished.record is None:
                raise BatchError(_unit_failed(finished.item, finished.failure))
            ticker.add(finished.record["rows"], sum(finished.record["errors"].values()))
        # An object of this process cannot be read in another.
        for one in InProcess().run(
            StageTask(plan.out, settings, objects), [u for u in todo if u.form == "object"]
        ):
            ticker.add(*_rows(one.record or {}))
    _close(plan, settings, commits(folder, plan.out), console)


def _rows(record: Mapping[str, Any]) -> tuple[int, int]:
    return record["rows"], sum(record["errors"].values())


def _unit_failed(unit: Unit, why: str | None) -> str:
    return f"{unit.files[0].address}: cannot be read: {why}; leave it out, or give more memory"


def _close(
    plan: Plan, settings: BatchSettings, done: Mapping[str, Mapping[str, Any]], console: Console
) -> None:
    chunks = [chunk for name in sorted(done) for chunk in done[name]["chunks"]]
    if len(done) != len(plan.units()):
        raise BatchError(f"{plan.out}: not all sources are read; run the same command again")
    sizes = [(chunk["name"], chunk["rows"]) for chunk in chunks]
    marks = find_marks(
        plan.out / "input",
        sizes,
        plan.marks,
        texts=settings.duplicates != "off",
        near=settings.duplicates != "off",
    )
    skipped: Counter[str] = Counter()
    for record in done.values():
        skipped.update(record["skipped"])
    passed = len(plan.run()["passed_over"])
    if passed:
        skipped["files of other kinds"] += passed
    plan.close(chunks, {"skipped": dict(sorted(skipped.items())), "marks": marks})
    console.print(
        f"{sum(rows for _, rows in sizes):,} articles read; {marks['exact']:,} exact and "
        f"{marks['near']:,} near duplicates, {marks['repeated_ids']:,} repeated ids"
    )


def _analyse(
    plan: Plan,
    settings: BatchSettings,
    executor: Executor,
    share: Share | None,
    console: Console,
) -> dict[str, str]:
    """Do what is not committed; the chunks that had to be given up, and why."""
    done = commits(plan.out / "commits", plan.out)
    chunks = plan.chunks()
    if share is not None:
        chunks = chunks[share.rank :: share.world]
    todo = [chunk["name"] for chunk in chunks if chunk["name"] not in done]
    given_up: dict[str, str] = {}
    before = sum(chunk["rows"] for chunk in chunks if chunk["name"] in done)
    total = sum(chunk["rows"] for chunk in chunks)
    with Ticker("analysing", total, console, done=before) as ticker:
        for one in executor.run(AnalyseTask(plan.out, settings), todo):
            if one.record is None:
                given_up[one.item] = one.failure or ""
            else:
                ticker.add(*_rows(one.record))
    return given_up


def _totals(plan: Plan) -> Totals:
    done = commits(plan.out / "commits", plan.out)
    names = {chunk["name"] for chunk in plan.chunks()}
    records: Iterable[Mapping[str, Any]] = (done[name] for name in sorted(names & done.keys()))
    totals = Totals.of(records)
    totals.chunks_left = len(names) - totals.chunks
    totals.skipped = Counter(plan.input_totals()["skipped"])
    return totals
