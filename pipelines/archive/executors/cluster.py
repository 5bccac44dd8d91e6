"""A Ray cluster: chunks as tasks, done again elsewhere when a node is lost."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pipelines.archive.executors.here import Done, Task
from pipelines.archive.settings import BatchError

__all__ = ["RayCluster"]

T = TypeVar("T")

_TRIES = 3


class RayCluster:
    """The cluster at ``address`` (``auto``, ``local`` or ``host:port``).

    ``--out`` has to lie on a file system that all nodes share. With ``gpus``, each task
    takes a GPU.
    """

    def __init__(self, address: str, *, gpus: bool = False) -> None:
        if importlib.util.find_spec("ray") is None:
            raise BatchError("--ray needs Ray: install the extra, pip install 'attache[ray]'")
        self.address = address
        self.gpus = gpus

    def run(self, task: Task[T], items: Sequence[T]) -> Iterator[Done[T]]:
        ray: Any = importlib.import_module("ray")  # its types are as yet in parts
        if not ray.is_initialized():
            try:
                ray.init(address=self.address, log_to_driver=False)
            except Exception as error:  # Ray has errors of its own for each way to fail
                raise BatchError(f"--ray {self.address}: no cluster answers ({error})") from None
        remote = ray.remote(_call).options(
            max_retries=_TRIES, num_cpus=1, num_gpus=1 if self.gpus else 0
        )
        # Only as many as the cluster can do soon are handed over: an archive has millions.
        most = 4 * max(1, int(ray.cluster_resources().get("CPU", 1)))
        shared = ray.put(task)
        pending: dict[Any, T] = {}
        left = iter(items)
        while True:
            while len(pending) < most and (item := next(left, None)) is not None:
                pending[remote.remote(shared, item)] = item
            if not pending:
                return
            (ready,), _ = ray.wait(list(pending), num_returns=1)
            item = pending.pop(ready)
            try:
                yield Done(item, ray.get(ready))
            except ray.exceptions.RayTaskError as error:
                raise error.as_instanceof_cause() from None
            except ray.exceptions.RayError as error:
                said = f"its worker was lost {_TRIES + 1} times ({type(error).__name__})"
                yield Done(item, None, said)


def _call(task: Task[Any], item: Any) -> dict[str, Any]:
    return task(item)
