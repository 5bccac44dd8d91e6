"""Several processes of this machine, each with its own share of the processor's threads."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from pipelines.archive.executors.here import Done, Task

__all__ = ["Processes"]

T = TypeVar("T")

#: A chunk whose worker dies this often is given up, so that one article cannot stop a run.
_TRIES = 3


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    item: Any = None


class Processes:
    """``workers`` processes; ``threads`` each, by default an equal share of the cores."""

    def __init__(self, workers: int, *, threads: int | None = None) -> None:
        self.workers = workers
        cores = len(os.sched_getaffinity(0))
        self.threads = threads or max(1, cores // workers)

    def run(self, task: Task[T], items: Sequence[T]) -> Iterator[Done[T]]:
        waiting = deque(range(len(items)))
        tries = [0] * len(items)
        workers: list[_Worker] = []
        try:
            while waiting or workers:
                while waiting and len(workers) < min(self.workers, len(waiting) + len(workers)):
                    workers.append(self._start(task, items, waiting.popleft()))
                ready = wait([one.pipe for one in workers])
                for worker in [one for one in workers if one.pipe in ready]:
                    number = worker.item
                    try:
                        record, error = worker.pipe.recv()
                    except (EOFError, OSError):
                        # Killed, by the system for its memory or by somebody: try again.
                        _stop(worker)
                        workers.remove(worker)
                        tries[number] += 1
                        if tries[number] < _TRIES:
                            waiting.appendleft(number)
                        else:
                            said = f"its worker died {_TRIES} times (out of memory?)"
                            yield Done(items[number], None, said)
                        continue
                    if error is not None:
                        raise error
                    if waiting:
                        worker.item = waiting.popleft()
                        worker.pipe.send(items[worker.item])
                    else:
                        workers.remove(worker)
                        _stop(worker)
                    yield Done(items[number], record)
        finally:
            for worker in workers:
                _stop(worker)

    def _start(self, task: Task[T], items: Sequence[T], number: int) -> _Worker:
        context = get_context("spawn")  # forking a process that runs threads is unsafe
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, task, self.threads), daemon=False)
        process.start()
        theirs.close()
        ours.send(items[number])
        return _Worker(process, ours, number)


def _stop(worker: _Worker) -> None:
    worker.pipe.close()
    worker.process.kill()  # what it has not committed is done again: nothing is lost
    worker.process.join()


def _work(pipe: Connection, task: Task[Any], threads: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what becomes of us
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ[name] = str(threads)  # before torch is loaded, which reads them once
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            item = pipe.recv()
        except (EOFError, OSError):
            return  # the parent is gone
        try:
            answer: tuple[Any, Exception | None] = (task(item), None)
        except Exception as error:
            answer = (None, error)
        pipe.send(answer)


def _end_with_parent() -> None:
    """A worker whose parent was killed must not write beside the run that goes on."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
